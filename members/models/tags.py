"""The words by which partners and partnerships are told apart: a vocabulary that the secretariat keeps, and its uses.

Partners are universities. Of what universities have together, dual-degree programmes carry tags and exchange placements
do not: a programme is the partnership itself and lives for years, a placement is an offer of one host for one term,
copied and changed every year, which one finds by field, host and language; tags on it would be lost with each copy.
"""

from collections.abc import Callable, Iterable
from typing import Any

import pgtrigger
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from members import tagging
from members.constraints import only_choices
from members.folding import Fold, fold
from members.models.universities import University, tracked

LONGEST_LABEL = 40

# A tag never changes its scope (below), so a row that fits when it is written fits for good.
FITS_THE_SCOPE = """
    PERFORM 1 FROM members_tag WHERE id = NEW.tag_id AND scope = '{scope}';
    IF NOT FOUND THEN
        RAISE EXCEPTION 'tag % is not one for {scope}', NEW.tag_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'a_tag_fits_its_scope';
    END IF;
    RETURN NEW;
"""
KEEPS_ITS_SCOPE = """
    RAISE EXCEPTION 'tag % keeps its scope: retire it and make another one', OLD.id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'a_tag_keeps_its_scope';
"""


class TagScope(models.TextChoices):
    PARTNERS = "partners", _("Partners")
    PARTNERSHIPS = "partnerships", _("Partnerships")


def of_scope_only(scope: TagScope) -> pgtrigger.Trigger:
    """The database's last word on a table with `tag_id`: it takes tags of `scope` only."""
    return pgtrigger.Trigger(
        name="a_tag_fits_its_scope",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func=FITS_THE_SCOPE.format(scope=scope.value),
    )


class TagQuerySet(models.QuerySet):
    def of(self, scope: str) -> "TagQuerySet":
        return self.filter(scope=scope)

    def to_choose(self, scope: str, held: Iterable[str] = ()) -> "TagQuerySet":
        """What may be ticked: the tags in use, and those retired ones that the thing has already (`held`, by slug)."""
        return self.of(scope).filter(Q(is_retired=False) | Q(slug__in=held))

    def with_uses(self) -> "TagQuerySet":
        """Annotate `uses`: how many universities or programmes carry the tag."""
        counts = [Coalesce(Subquery(_count(uses)), 0) for uses in tagging.registered()]
        total = sum(counts[1:], counts[0]) if counts else models.Value(0)
        return self.annotate(uses=total)


def _count(uses: tagging.TagUses) -> models.QuerySet:
    held = uses.model._base_manager.filter(tag=OuterRef("pk")).order_by().values("tag")
    return held.values(n=models.Count("pk"))


@tracked()
class Tag(models.Model):
    """One word of the vocabulary; a retired one stays where it is and is offered no more."""

    Scope = TagScope

    scope = models.CharField(
        _("for"), max_length=12, choices=TagScope, help_text=_("Universities, or programmes. It cannot be changed.")
    )
    slug = models.SlugField(
        _("address"), max_length=60, help_text=_("Stands in links and spreadsheets. It cannot be changed.")
    )
    label = models.CharField(_("label"), max_length=LONGEST_LABEL)
    description = models.CharField(
        _("what it means"), max_length=160, blank=True, help_text=_("In one sentence, for those who choose.")
    )
    is_retired = models.BooleanField(
        _("retired"), default=False, help_text=_("Stays where it is; nobody chooses it any more.")
    )
    is_sample = models.BooleanField(_("is a sample"), default=False)

    objects = TagQuerySet.as_manager()

    class Meta:
        ordering = ["label", "pk"]
        constraints = [
            only_choices("scope", TagScope),
            models.UniqueConstraint(
                fields=["scope", "slug"],
                name="a_tag_address_once_per_scope",
                violation_error_message=_("There is a tag with this address already."),
            ),
            models.UniqueConstraint(
                "scope",
                Fold("label"),
                name="a_tag_label_once_per_scope",
                violation_error_message=_(
                    "There is a tag with this label already, perhaps in capitals or with accents."
                ),
            ),
            models.CheckConstraint(
                condition=Q(label__regex=r"^\S(.*\S)?$"),
                name="a_tag_says_something",
                violation_error_message=_("Give it a label."),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="a_tag_keeps_its_scope",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("NEW.scope IS DISTINCT FROM OLD.scope"),
                func=KEEPS_ITS_SCOPE,
            )
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def says(self) -> str:
        """What stands beside it where it is chosen: what it means, or that it is retired."""
        return str(_("Retired: once taken away it cannot be chosen again.")) if self.is_retired else self.description


@tracked()
class UniversityTag(models.Model):
    """A university carries a tag for partners."""

    university = models.ForeignKey(University, on_delete=models.CASCADE, related_name="taggings")
    tag = models.ForeignKey(
        Tag, on_delete=models.PROTECT, related_name="on_universities", verbose_name=_("tag"),
        limit_choices_to={"scope": TagScope.PARTNERS},
    )  # fmt: skip

    class Meta:
        ordering = ["university", "tag"]
        constraints = [
            models.UniqueConstraint(
                fields=["university", "tag"],
                name="a_tag_once_per_university",
                violation_error_message=_("The university has this tag already."),
            )
        ]
        triggers = [of_scope_only(TagScope.PARTNERS)]

    def __str__(self) -> str:
        return f"{self.university}: {self.tag}"


def labels_of(scope: str) -> Callable[[list[Any]], dict[str, str]]:
    """For a facet: the labels of the tags of `scope` with these slugs; one query."""
    return lambda slugs: dict(Tag.objects.of(scope).filter(slug__in=slugs).values_list("slug", "label"))


def tagged_with(model: type[models.Model], owner: str, word: str) -> Exists:
    """Whether the outer row carries a tag whose label holds `word`, folded; `model` ties tags to `owner`."""
    held = model._base_manager.annotate(plain=Fold(F("tag__label"))).filter(**{owner: OuterRef("pk")})
    return Exists(held.filter(plain__contains=fold(word)))
