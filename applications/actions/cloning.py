"""Next year's round from last year's: everything moved by whole years on the clock of its zone."""

import re
from datetime import datetime

from django.db import models, transaction
from django.utils.translation import gettext as _

from applications.actions.guards import acts_for, may_or_refuse
from applications.actions.preparing import free_slug
from applications.models import Round, RoundOption
from applications.registries import choosable_in
from members.acts import Refused, clean_or_refuse, record
from members.models import User

PARTS = ("requirements", "document_requirements", "criteria", "letters")
COPIED = (
    "kind", "university", "introduction", "term", "time_zone", "max_choices", "answer_days", "appeal_days",
    "appeal_answer_days", "motivation_words", "for_own_students", "is_sample",
)  # fmt: skip


@transaction.atomic
def clone_round(*, round: Round, academic_year: int, by: User) -> Round:
    """A draft for another year with texts, rules, documents, rubric and letters; days keep their hour on the clock.

    Of the places those are taken over that the same host offers again under the same name, term and level. Raises
    Refused for a round whose options the desk does not choose, and for the same year.
    """
    may_or_refuse(by, "applications.run_round", round)
    if academic_year == round.academic_year:
        raise Refused(_("This round is for that year already."))
    if choosable_in(round) is None:
        raise Refused(_("The round of a programme comes from its intake; copy the intake."))
    years = academic_year - round.academic_year
    copy = Round(
        **{name: getattr(round, name) for name in COPIED},
        title=_title_of(round, academic_year),
        academic_year=academic_year,
        opens_at=moved(round.opens_at, round, years),
        closes_at=moved(round.closes_at, round, years),
    )
    copy.slug = free_slug(copy)
    clean_or_refuse(copy)
    copy.save()
    for part in PARTS:
        _copy_rows(getattr(round, part).all(), copy)
    taken_over = _take_over_options(round, copy)
    details = {"from": round.slug, "options": taken_over}
    record("round.cloned", copy, by=by, on_behalf_of=acts_for(by, copy), after=copy.state, details=details)
    return copy


def moved(at: datetime, round: Round, years: int) -> datetime:
    """The same day and hour of another year on the clock of the round's zone; 29 February becomes the 28th."""
    there = at.astimezone(round.zone)
    day = 28 if (there.month, there.day) == (2, 29) else there.day
    return there.replace(year=there.year + years, day=day)


def _title_of(round: Round, academic_year: int) -> str:
    """The title with each of the two calendar years of its academic year moved along, however they are written."""
    old, years = round.academic_year, academic_year - round.academic_year

    def instead(named: re.Match[str]) -> str:
        year, between, short = named.groups()
        return f"{int(year) + years}" + (f"{between}{(int(short) + years) % 100:02d}" if short else "")

    # The later year stands alone too: a round for the spring of 2027/28 is called "Spring 2028".
    either = rf"(?<!\d)({old}|{old + 1})(?:([/–-])({(old + 1) % 100:02d}))?(?!\d)"
    return re.sub(either, instead, round.title)


def _copy_rows(rows: models.QuerySet, copy: Round) -> None:
    new = list(rows)
    for row in new:
        row.pk, row.round = None, copy
        row._state.adding = True
    rows.model.objects.bulk_create(new)


def _take_over_options(round: Round, copy: Round) -> int:
    """Choose the same places as far as they are offered again."""
    # By name and not by key: next year's place is another row, copied by its host from this year's.
    before = set(round.options.values_list("host", "term", "level", "title"))
    offered = choosable_in(copy).values_list("pk", "host", "term", "level", "title")
    again = [pk for pk, *what in offered if tuple(what) in before]
    RoundOption.objects.bulk_create([RoundOption(round=copy, option_id=pk) for pk in again])
    return len(again)
