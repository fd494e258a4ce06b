"""The list of one's own applications. Every word in it is the applicant's: internal states do not show, nor count."""

from datetime import datetime
from typing import Any

from django.db.models import F, Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from applications import applicant_view
from applications.filters.rounds import year_names
from applications.models import Application, Choice, Kind
from members.folding import Fold, fold
from members.lists import Catalogue, Facet, Flag
from members.models import University, User


def shown_names(states: list[str]) -> dict[str, Any]:
    return {state: applicant_view.SHOWN[state].label for state in states if state in applicant_view.SHOWN}


def my_applications(user: User, now: datetime) -> QuerySet[Application]:
    """Every application of `user` as an applicant sees it at `now`; two queries when read."""
    choices = Choice.objects.select_related("option__host").order_by("rank")
    own = Application.objects.filter(applicant=user).as_shown_at(now)
    return own.select_related("round__university").prefetch_related(Prefetch("choices", choices))


class MyApplications(Catalogue):
    """The rows carry `shown_as`, `turn_rank` and `due_at` (ApplicationQuerySet.as_shown_at)."""

    mine = Flag(label=_("Turn"), words=_("My turn"), keep=lambda rows, request: rows.filter(turn_rank=0))
    # Not by the column: the facet's counts would tell how many the office has found eligible already.
    state = Facet(label=_("State"), path="shown_as", labels=shown_names)
    kind = Facet(label=_("Kind"), path="round__kind", labels=Kind)
    year = Facet(label=_("Academic year"), path="round__academic_year", labels=year_names, coerce=int)

    sorts = {
        "turn": (_("my turn first"), ("turn_rank", F("due_at").asc(nulls_last=True), "-created_at", "pk")),
        "new": (_("newest"), ("-created_at", "pk")),
        "round": (_("round"), ("round__title", "pk")),
    }
    columns: dict[Any, Any] = {
        _("Reference"): "reference",
        _("Round"): "round.title",
        _("Kind"): "round.get_kind_display",
        _("Run by"): "round.university.name",
        _("Academic year"): "round.year",
        _("Term"): "round.get_term_display",
        _("Choices"): lambda row: "; ".join(choice.option.place for choice in row.choices.all()),
        _("State"): lambda row: row.shown.label,
        _("Submitted"): "submitted_at",
        _("To do until"): "due_at",
    }

    class Meta:
        model = Application
        fields: list[str] = []

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """Reference, round, who runs it, or a host that was chosen; accents do not count."""
        found = queryset.annotate(plain_title=Fold("round__title"))
        for word in fold(value).split():
            places = University.objects.matching(word).values("pk")
            chosen = Choice.objects.filter(option__host__in=places).values("application")
            found = found.filter(
                Q(reference__icontains=word)
                | Q(plain_title__contains=word)
                | Q(round__university__in=places)
                | Q(pk__in=chosen)
            )
        return found
