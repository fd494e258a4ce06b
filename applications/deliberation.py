"""A round on the eve of its decisions: who is eligible with which score, where places are left, and why."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Exists, OuterRef, QuerySet

from applications.allocation import Candidate, Reasons
from applications.models import Application, Choice, Decision, LetterTemplate, Option, Round

Outcome = LetterTemplate.Outcome


def candidates(round: Round) -> list[Candidate]:
    """The eligible applicants of a round with score and choices; two queries, and no rows kept."""
    eligible = round.applications.filter(state=Application.State.ELIGIBLE)
    ranked = ranking(eligible)
    # Plain values: a round may have twenty thousand applications, and their texts would fill the memory.
    rows = eligible.with_score().values_list("pk", "reference", "score", "submitted_at")
    return [
        Candidate(pk=pk, reference=reference, score=score, submitted_at=at, ranked=tuple(ranked.get(pk, ())))
        for pk, reference, score, at in rows
    ]


def ranking(applications: QuerySet[Application]) -> dict[int, list[int]]:
    """The options that each of `applications` chose, in the order of preference, by the application's pk.

    Without those that have left the round: nobody is offered, or waits for, a place that the host has withdrawn.
    """
    found: dict[int, list[int]] = defaultdict(list)
    chosen = Choice.objects.filter(application__in=applications.order_by()).still_offered()
    rows = chosen.order_by("application", "rank")
    for application, option in rows.values_list("application", "option"):
        found[application].append(option)
    return found


def places_left(options: Iterable[int]) -> dict[int, int]:
    """Free places by the option's pk: offers that wait for an answer count as taken, in whatever round."""
    rows = Option.objects.filter(pk__in=list(options)).with_places_left()
    return {option.pk: option.places_left for option in rows}


def places_left_of(application: Application) -> dict[int, int]:
    """Free places by the pk of each option that was chosen; none is free in one that has left the round."""
    # In the round of this application: the same place may have stayed in the round of another university.
    stands = Exists(application.choices.still_offered().filter(option=OuterRef("pk")))
    rows = Option.objects.filter(choices__application=application).with_places_left().annotate(stands=stands)
    return {option.pk: option.places_left if option.stands else 0 for option in rows}


def prepared(round: Round) -> QuerySet[Decision]:
    """What is prepared and not yet released."""
    return Decision.objects.filter(application__round=round, released_at=None)


def offered(decisions: QuerySet[Decision]) -> dict[int, int]:
    """The option that each application is to be offered, by the application's pk."""
    offers = decisions.filter(outcome=Outcome.OFFER)
    return dict(offers.values_list("application", "choice__option"))


def reasons_as_prepared(round: Round) -> Reasons:
    """Says why for every choice, by what is prepared now."""
    return Reasons(tuple(candidates(round)), offered(prepared(round)))
