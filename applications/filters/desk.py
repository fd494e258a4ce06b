"""Filters of the office's board and of a reviewer's list."""

from decimal import ROUND_HALF_UP, Decimal

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from applications.models import Appeal, Application, Review
from members.folding import Fold, fold
from members.lists import Catalogue, Facet, Flag
from members.models import University


def university_names(pks: list[int]) -> dict[int, str]:
    return dict(University.objects.filter(pk__in=pks).values_list("pk", "short_name"))


def rounded_score(application: Application) -> Decimal | None:
    """The mean comes from the database with sixteen decimals."""
    return None if application.score is None else application.score.quantize(Decimal("0.01"), ROUND_HALF_UP)


class ApplicationCatalogue(Catalogue):
    """The applications of one round."""

    state = Facet(label=_("State"), path="state", labels=Application.State)
    first_choice = Facet(label=_("Chose"), path="choices__option__host", labels=university_names, many=True, coerce=int)
    to_check = Flag(
        label=_("Documents"), words=_("To check"), keep=lambda rows, request: rows.filter(documents_to_check__gt=0)
    )
    unreviewed = Flag(
        label=_("Reviews"), words=_("Without a score"), keep=lambda rows, request: rows.filter(score=None)
    )

    appeal = Facet(label=_("Appeal"), path="appeal_state", labels=Appeal.State)

    sorts = {
        "waiting": (_("waiting longest"), ("state_since", "reference")),
        # PostgreSQL puts what is empty first when it sorts downwards: the list began with those who have no score.
        "score": (_("best score"), (F("score").desc(nulls_last=True), "submitted_at", "reference")),
        "name": (_("name"), ("applicant__family_name", "applicant__given_name", "reference")),
        "submitted": (_("submitted first"), ("submitted_at", "reference")),
    }
    columns = {
        _("Reference"): "reference",
        _("Family name"): "applicant.family_name",
        _("Given name"): "applicant.given_name",
        _("E-mail"): "applicant.email",
        _("State"): "get_state_display",
        _("Submitted"): "submitted_at",
        _("Score"): rounded_score,
        _("Appeal"): lambda row: Appeal.State(row.appeal_state).label if row.appeal_state else "",
        _("Choices"): lambda row: "; ".join(f"{c.option.host.short_name}: {c.option.title}" for c in row.ranked),
    }

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """Reference, name or address; each word must be found, and accents do not count."""
        found = queryset.annotate(given=Fold("applicant__given_name"), family=Fold("applicant__family_name"))
        for word in fold(value).split():
            named = Q(given__contains=word) | Q(family__contains=word)
            found = found.filter(named | Q(reference__icontains=word) | Q(applicant__email__icontains=word))
        return found


class ReviewCatalogue(Catalogue):
    """What one reviewer was asked to read."""

    state = Facet(label=_("State"), path="state", labels=Review.State)
    round = Facet(label=_("Round"), path="application__round__title")

    sorts = {
        "open": (_("to do first"), ("state", "assigned_at", "pk")),
        "newest": (_("newest"), ("-assigned_at", "pk")),
    }
    columns = {
        _("Reference"): "application.reference",
        _("Student"): "application.applicant.get_full_name",
        _("Round"): "application.round.title",
        _("State"): "get_state_display",
        _("Points"): "total",
    }

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """Reference or name of the student; accents do not count."""
        student = "application__applicant"
        found = queryset.annotate(given=Fold(f"{student}__given_name"), family=Fold(f"{student}__family_name"))
        for word in fold(value).split():
            named = Q(given__contains=word) | Q(family__contains=word)
            found = found.filter(named | Q(application__reference__icontains=word))
        return found
