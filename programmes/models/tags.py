"""Tags of programmes; why programmes carry the tags for partnerships stands in members/models/tags.py."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from members.models import Tag
from members.models.tags import of_scope_only
from members.models.universities import tracked
from programmes.models.programmes import Programme


@tracked()
class ProgrammeTag(models.Model):
    """A programme carries a tag for partnerships."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="taggings")
    tag = models.ForeignKey(
        Tag, on_delete=models.PROTECT, related_name="on_programmes", verbose_name=_("tag"),
        limit_choices_to={"scope": Tag.Scope.PARTNERSHIPS},
    )  # fmt: skip

    class Meta:
        ordering = ["programme", "tag"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "tag"],
                name="a_tag_once_per_programme",
                violation_error_message=_("The programme has this tag already."),
            )
        ]
        triggers = [of_scope_only(Tag.Scope.PARTNERSHIPS)]

    def __str__(self) -> str:
        return f"{self.programme}: {self.tag}"
