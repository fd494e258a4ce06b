"""What of cotutelles has an end: drafts left alone, papers and words of what came to nothing. Signed ones are kept."""

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.retention import Kept, register_retention
from programmes.actions.cotutelle_endings import withdraw_left_alone
from programmes.cotutelles.held_of_people import forget_files, forget_words
from programmes.models import Cotutelle, CotutelleFile, CotutelleSupervisor

NOTHING_CAME = (Cotutelle.State.REFUSED, Cotutelle.State.WITHDRAWN)


def left_alone(before: datetime) -> QuerySet:
    """What a candidate has in hands, and neither wrote nor put a paper in since `before`."""
    # The history and not the row says when: a save keeps the state, and `state_since` with it.
    written = Cotutelle.pgh_event_model.objects.filter(pgh_obj_id=OuterRef("pk"), pgh_created_at__gte=before)
    sent = CotutelleFile.objects.filter(cotutelle=OuterRef("pk"), uploaded_at__gte=before)
    in_hands = Cotutelle.objects.filter(state__in=Cotutelle.State.in_hands, state_since__lt=before)
    return in_hands.exclude(Exists(written)).exclude(Exists(sent))


def end_left_alone(keys: list[Any], rows: QuerySet) -> None:
    """They count as withdrawn. What no university has read is forgotten at once, the rest after the time of what came
    to nothing.
    """
    never_sent = list(Cotutelle.objects.filter(pk__in=keys, requested_at=None).values_list("pk", flat=True))
    withdraw_left_alone(cotutelles=keys, now=timezone.now())
    forget_words(never_sent)
    forget_files(CotutelleFile.objects.filter(cotutelle__in=never_sent))


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
            key="programmes.cotutelle_drafts", title=_("Cotutelles their candidates have left alone"), days=365,
            at_least=180, why=_("A plan rests for a term or two; after a year nobody goes on with it."),
            over=left_alone, purge=end_left_alone,
        ),
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
