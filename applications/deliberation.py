"""A round on the eve of its decisions: who is eligible with which score, where places are left, and why."""

from collections.abc import Iterable

from applications.allocation import Candidate, Reasons
from applications.models import Application, Decision, LetterTemplate, Option, Round

Outcome = LetterTemplate.Outcome


def candidates(round: Round) -> list[Candidate]:
    """The eligible applicants of a round with score and choices; two queries."""
    eligible = round.applications.filter(state=Application.State.ELIGIBLE).with_score().prefetch_related("choices")
    return [
        Candidate(
            pk=application.pk,
            reference=application.reference,
            score=application.score,
            submitted_at=application.submitted_at,
            ranked=tuple(choice.option_id for choice in application.choices.all()),
        )
        for application in eligible
    ]


def places_left(options: Iterable[int]) -> dict[int, int]:
    """Free places by the option's pk: offers that wait for an answer count as taken, in whatever round."""
    rows = Option.objects.filter(pk__in=list(options)).with_places_left()
    return {option.pk: option.places_left for option in rows}


def prepared(round: Round) -> dict[int, Decision]:
    """What is prepared and not yet released, by the application's pk."""
    rows = Decision.objects.filter(application__round=round, released_at=None).select_related("choice__option__host")
    return {decision.application_id: decision for decision in rows}


def offered(decisions: Iterable[Decision]) -> dict[int, int]:
    """The option that each application is to be offered, by the application's pk."""
    return {d.application_id: d.choice.option_id for d in decisions if d.outcome == Outcome.OFFER}


def reasons_as_prepared(round: Round) -> Reasons:
    """Says why for every choice, by what is prepared now."""
    return Reasons(tuple(candidates(round)), offered(prepared(round).values()))
