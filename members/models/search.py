"""What the one search box looks through: one row per thing that can be found, and the words to correct typing with.

Rows are written by triggers only (see `members.searching.installing`); nothing in Python writes them.
"""

from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from members.searching.kinds import Kind


class SearchEntry(models.Model):
    """How one university, programme, application … is found. Who may see it is asked of the thing itself, each time."""

    kind = models.CharField(_("kind"), max_length=24)
    object_id = models.BigIntegerField(_("key of the row"))
    key = models.CharField(_("what its address is made of"), max_length=200)
    title = models.TextField(_("title"))
    subtitle = models.TextField(_("second line"), blank=True)
    summary = models.TextField(_("in a sentence"), blank=True)
    plain_title = models.TextField(_("title as it is compared"))
    codes = ArrayField(models.TextField(), default=list, verbose_name=_("codes it is found by at once"))
    weight = models.FloatField(_("weight"), default=0)
    vector = SearchVectorField()
    updated_at = models.DateTimeField(_("changed"))

    class Meta:
        ordering = ["kind", "title", "pk"]
        verbose_name_plural = "search entries"
        indexes = [GinIndex(fields=["vector"], name="search_by_words")]
        constraints = [models.UniqueConstraint(fields=["kind", "object_id"], name="one_search_entry_per_thing")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return self.of_kind.address(self.key)

    @property
    def of_kind(self) -> "Kind":
        from members.searching import kinds

        return kinds.by_key(self.kind)


class SearchWord(models.Model):
    """A word of the entries, folded; `entries` says in how many it stood when they were last counted."""

    word = models.TextField(_("word"), primary_key=True)
    entries = models.PositiveIntegerField(_("entries"), default=1)

    class Meta:
        ordering = ["word"]

    def __str__(self) -> str:
        return self.word
