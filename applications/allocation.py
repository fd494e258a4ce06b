"""Who gets which place, and why, in plain values: no database here, so that every rule can be tried out with numbers.

Serial by score: the best score chooses first; at equal scores the earlier submission, then the reference. Each gets the
highest of their choices that still has a place.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property

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
        # The flag before the number: who was never scored would otherwise stand level with who was given no points.
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
class Winners:
    """Who got the places of one option: how many, whose turn was last, and the lowest of their scores."""

    count: int
    last_turn: tuple[bool, Decimal, datetime, str]
    lowest: Decimal | None


@dataclass(frozen=True)
class Reasons:
    """Says why, from the candidates of a round and what each is given."""

    candidates: tuple[Candidate, ...]
    given: Mapping[int, int | None]

    def for_offer(self, candidate: Candidate, option: int) -> str:
        """Where the candidate stands among all who ranked the option: "2nd of 11 by score (84.0)."."""
        standing = self._standings[option]
        words = {"place": ordinal(standing[candidate.pk]), "count": len(standing), "score": shown(candidate.score)}
        if candidate.score is None:
            return _("%(place)s of %(count)d by the time of submission.") % words
        return _("%(place)s of %(count)d by score (%(score)s).") % words

    def for_no_offer(self, candidate: Candidate, option: int) -> str:
        """Why the option went to others: "Both places went to scores of 87.5 or more; yours is 84.0."."""
        winners = self._winners.get(option)
        if winners is None:
            return _("No place was left here.")
        # Somebody behind this candidate has the place, so a person gave it by hand: numbers would explain nothing.
        if winners.last_turn > candidate.turn:
            return _("The office gave the places to other applicants.")
        if winners.lowest is None or candidate.score is None:
            return _("%(places)s to applications ranked before yours.") % {"places": went(winners.count)}
        words = {"scores": went_to(winners.count, shown(winners.lowest)), "score": shown(candidate.score)}
        if winners.lowest == candidate.score:
            return _("%(scores)s, submitted before yours (%(score)s).") % words
        return _("%(scores)s; yours is %(score)s.") % words

    @cached_property
    def by_pk(self) -> dict[int, Candidate]:
        return {candidate.pk: candidate for candidate in self.candidates}

    @cached_property
    def _standings(self) -> dict[int, dict[int, int]]:
        """By option, the place of everybody who ranked it, from 1; made once, because every letter asks for its own."""
        standings: dict[int, dict[int, int]] = defaultdict(dict)
        for candidate in sorted(self.candidates, key=lambda c: c.turn):
            for option in candidate.ranked:
                standings[option][candidate.pk] = len(standings[option]) + 1
        return standings

    @cached_property
    def _winners(self) -> dict[int, Winners]:
        got: dict[int, list[Candidate]] = defaultdict(list)
        for candidate in self.candidates:
            option = self.given.get(candidate.pk)
            if option is not None:
                got[option].append(candidate)
        return {
            option: Winners(
                count=len(them),
                last_turn=max(c.turn for c in them),
                lowest=min((c.score for c in them if c.score is not None), default=None),
            )
            for option, them in got.items()
        }


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
    """A score as people read it, with one decimal, rounded as the pages round it."""
    # Half up, as the pages round: Python's own way would write 85.2 in the letter and the list shows 85.3.
    return "" if score is None else str(score.quantize(Decimal("0.1"), ROUND_HALF_UP))
