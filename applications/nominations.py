"""Until when a host wants to be told whom it gets: the last moment for documents that are needed before that."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, OuterRef, QuerySet, Subquery, When
from django.db.models.functions import Coalesce

from applications.models import Application, Choice, DocumentSlot, Kind
from members.models import FactsheetTerm, Term

MISSING = (DocumentSlot.State.ASKED, DocumentSlot.State.REFUSED)


@dataclass(frozen=True)
class Nomination:
    """The host's last moment for nominations, by its factsheet, in the host's own zone."""

    at: datetime
    time_zone: str
    host: str


def held_places() -> QuerySet[Choice]:
    """Exchange places that were offered or accepted, with `nominate_by` where the host's factsheet says it.

    The factsheet's line of the place's year and term counts; a full year goes by the autumn where it has none of its
    own, as on the page of the place.
    """
    lines = FactsheetTerm.objects.filter(
        factsheet__university=OuterRef("option__host"), academic_year=OuterRef("option__academic_year")
    ).values("nominations_close_at")
    own, autumn = lines.filter(term=OuterRef("option__term")), lines.filter(term=Term.AUTUMN)
    # A subquery and no join: a host with two lines for the year would give one place twice.
    moment = Coalesce(Subquery(own), Case(When(option__term=Term.YEAR, then=Subquery(autumn))))
    held = Choice.objects.holding_a_place().filter(option__kind=Kind.EXCHANGE)
    return held.annotate(nominate_by=moment).select_related("option__host")


def of_applications(applications: Collection[int]) -> dict[int, Nomination]:
    """The host's deadline by the application's pk, for those with a place whose host names one; one query."""
    known = held_places().filter(application__in=applications, nominate_by__isnull=False)
    return {choice.application_id: of_place(choice) for choice in known}


def of_application(application: Application) -> Nomination | None:
    """One query, for an application that has a place; none for all others."""
    holds = application.state in (Application.State.OFFERED, Application.State.ACCEPTED)
    return of_applications([application.pk]).get(application.pk) if holds else None


def of_place(choice: Choice) -> Nomination:
    """The deadline of one of `held_places` whose host names one."""
    host = choice.option.host
    return Nomination(choice.nominate_by, host.time_zone, host.short_name)


def with_documents_missing() -> QuerySet[Choice]:
    """Accepted places of `held_places` for whose nomination a document is still missing."""
    missing = DocumentSlot.objects.filter(needed=DocumentSlot.Needed.LATER, state__in=MISSING).values("application")
    return held_places().filter(state=Choice.State.ACCEPTED, application__in=missing)
