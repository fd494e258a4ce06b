"""What of cotutelles has an end: papers and words of those that came to nothing. Signed ones are kept."""

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from members.retention import Kept, register_retention
from programmes.cotutelles.held_of_people import forget_files, forget_words
from programmes.models import Cotutelle, CotutelleFile, CotutelleSupervisor

NOTHING_CAME = (Cotutelle.State.REFUSED, Cotutelle.State.WITHDRAWN)


def papers_of_ended(before: datetime) -> QuerySet:
    """Papers of files that were refused or withdrawn."""
    return CotutelleFile.objects.filter(cotutelle__state__in=NOTHING_CAME, cotutelle__state_since__lt=before)


def ended_with_words(before: datetime) -> QuerySet:
    named = Exists(CotutelleSupervisor.objects.filter(cotutelle=OuterRef("pk")))
    said = ~Q(title="") | ~Q(motivation="") | named  # what was forgotten once is not found and counted by every run
    return Cotutelle.objects.filter(said, state__in=NOTHING_CAME, state_since__lt=before)


def forget_papers(keys: list[Any], rows: QuerySet) -> None:
    forget_files(CotutelleFile.objects.filter(pk__in=keys))


def register() -> None:
    register_retention(
        Kept(
            key="programmes.cotutelle_papers", title=_("Papers of cotutelles that came to nothing"), days=365,
            at_least=90, why=_("Complaints are possible for a year after the decision."), over=papers_of_ended,
            purge=forget_papers,
        ),
        Kept(
            key="programmes.cotutelle_words", title=_("Words of cotutelles that came to nothing"), days=1095,
            at_least=365, why=_("Only that there was a request, and its answer, is needed after that."),
            over=ended_with_words, purge=lambda keys, rows: forget_words(keys),
        ),
    )  # fmt: skip
