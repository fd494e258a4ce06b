"""Who gets which place, and why, in plain values: no database here, so that every rule can be tried out with numbers.

Serial by score: the best score chooses first; at equal scores the earlier submission, then the reference. Each gets the
highest of their choices that still has a place.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.contrib.humanize.templatetags.humanize import ordinal
from django.utils.translation import gettext as _


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """One eligible applicant; `ranked` are option pks in the order of preference."""

    pk: int
    reference: str
    score: Decimal | None
    submitted_at: datetime
    ranked: tuple[int, ...]

    @property
    def turn(self) -> tuple[bool, Decimal, datetime, str]:
        """Sorts the next to choose first; those without a score come last."""
        return self.score is None, -(self.score or Decimal(0)), self.submitted_at, self.reference


def allocate(candidates: Iterable[Candidate], places_left: Mapping[int, int]) -> dict[int, int | None]:
    """The option that each candidate gets (None: none), by the candidate's pk."""
    left = dict(places_left)
    given: dict[int, int | None] = {}
    for candidate in sorted(candidates, key=lambda c: c.turn):
        given[candidate.pk] = next((option for option in candidate.ranked if left.get(option, 0) > 0), None)
        if given[candidate.pk] is not None:
            left[given[candidate.pk]] -= 1
    return given


@dataclass(frozen=True)
class Reasons:
    """Says why, from the candidates of a round and what each is given."""

    candidates: tuple[Candidate, ...]
    given: Mapping[int, int | None]

    def for_offer(self, candidate: Candidate, option: int) -> str:
        """Where the candidate stands among all who ranked the option: "2nd of 11 by score (84.0)."."""
        rivals = sorted((c for c in self.candidates if option in c.ranked), key=lambda c: c.turn)
        words = {"place": ordinal(rivals.index(candidate) + 1), "count": len(rivals), "score": shown(candidate.score)}
        if candidate.score is None:
            return _("%(place)s of %(count)d by the time of submission.") % words
        return _("%(place)s of %(count)d by score (%(score)s).") % words

    def for_no_offer(self, candidate: Candidate, option: int) -> str:
        """Why the option went to others: "Both places went to scores of 87.5 or more; yours is 84.0."."""
        winners = [c for c in self.candidates if self.given.get(c.pk) == option]
        if not winners:
            return _("No place was left here.")
        if any(c.turn > candidate.turn for c in winners):
            return _("The office gave the places to other applicants.")
        scores = [c.score for c in winners if c.score is not None]
        if not scores or candidate.score is None:
            return _("%(places)s to applications ranked before yours.") % {"places": went(len(winners))}
        words = {"scores": went_to(len(winners), shown(min(scores))), "score": shown(candidate.score)}
        if min(scores) == candidate.score:
            return _("%(scores)s, submitted before yours (%(score)s).") % words
        return _("%(scores)s; yours is %(score)s.") % words


def went(count: int) -> str:
    """ "The place went", "Both places went", "All 5 places went"."""
    if count == 1:
        return _("The place went")
    return _("Both places went") if count == 2 else _("All %(count)d places went") % {"count": count}


def went_to(count: int, lowest: str) -> str:
    """ "The place went to a score of 87.5", "Both places went to scores of 87.5 or more"."""
    words = {"places": went(count), "lowest": lowest}
    return (
        _("%(places)s to a score of %(lowest)s") if count == 1 else _("%(places)s to scores of %(lowest)s or more")
    ) % words


def shown(score: Decimal | None) -> str:
    """A score as people read it, with one decimal."""
    return "" if score is None else f"{score:.1f}"
