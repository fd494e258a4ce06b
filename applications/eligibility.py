"""Eligibility: whether a student meets what is asked, said in a sentence with both numbers.

`check` judges rows of `Requirement` for one student; `unmet` is the same rule as a filter, so that lists can be
narrowed to "I meet the requirements" without judging row by row. `tests/applications/test_eligibility.py` holds the
two together.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.models import Option, OptionRequirement, Requirement, Round
from applications.registries import requirements_from_rooms
from applications.standing import Standing
from members.models import GradeScale, StudentProfile, StudyLevel, University

Asks = Requirement.Asks


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """`met` is None where a fact is missing or a person has to look; `sentence` names what is asked and is there."""

    met: bool | None
    sentence: str
    requirement: Requirement
    on: date
    fact: str = ""

    @property
    def blocks(self) -> bool:
        """It is certain that this is not met, and without it nobody can apply."""
        return self.met is False and self.requirement.is_blocking

    @property
    def lacks_data(self) -> bool:
        """The student's profile does not say; without it nobody can apply."""
        return self.met is None and self.requirement.is_blocking and bool(self.fact)


def check(requirements: Iterable[Requirement], profile: StudentProfile | Standing | None, day: date) -> list[Verdict]:
    """Judge each of `requirements` for a student on `day`, in order; without a profile only say what is asked."""
    standing = Standing.of(profile) if isinstance(profile, StudentProfile) else profile
    return [_judge(requirement, standing, day) for requirement in requirements]


def _judge(requirement: Requirement, standing: Standing | None, day: date) -> Verdict:
    asked = describe(requirement, standing.scale if standing else None)
    if standing is None or requirement.asks == Asks.TEXT:
        return Verdict(met=None, sentence=f"{asked}.", requirement=requirement, on=day)
    has, met = JUDGES[requirement.asks](requirement, standing)
    if met is None:
        sentence = _("%(asked)s; your profile does not say.") % {"asked": asked}
        return Verdict(met=None, sentence=sentence, requirement=requirement, on=day, fact=FACTS[requirement.asks])
    sentence = _("%(asked)s; yours is %(has)s.") % {"asked": asked, "has": has}
    if requirement.asks == Asks.LANGUAGE and not has:
        sentence = _("%(asked)s; it is not among your languages.") % {"asked": asked}
    return Verdict(met=met, sentence=sentence, requirement=requirement, on=day)


def as_row(verdict: Verdict, *, judged: bool) -> dict[str, Any]:
    """A verdict for `applications/_requirements.html`: the sentence, and for a student whether it is met."""
    words = {True: _("met"), False: _("not met"), None: _("looked at by the office")}
    tones = {True: "ok", False: "due", None: "quiet"}
    if verdict.lacks_data:
        words[None] = _("fill in your data")
    return {
        "sentence": verdict.sentence,
        "asked_by": None,
        "label": words[verdict.met] if judged else "",
        "tone": tones[verdict.met],
        "is_blocking": verdict.requirement.is_blocking,
        "lacks_data": judged and verdict.lacks_data,
    }


def describe(requirement: Requirement, scale: GradeScale | None) -> str:
    """What is asked, without a full stop; a grade is written in `scale` where one is known."""
    if requirement.asks == Asks.GRADE:
        return _describe_grade(requirement.number, scale)
    if requirement.asks == Asks.TEXT:
        return requirement.text.rstrip(".")
    return ASKED[requirement.asks] % _words(requirement)


def _words(requirement: Requirement) -> dict[str, object]:
    return {
        "n": plain(requirement.number) if requirement.number is not None else "",
        "level": requirement.get_level_display(),
        "language": requirement.get_language_display(),
        "cefr": requirement.cefr,
        "field": requirement.field,
        "home": _one_of(requirement.homes),
    }


def _one_of(homes: list[University]) -> str:
    """ "KTH", "KIT or KTH", "Aalto, KIT or KTH"."""
    *others, last = [str(home) for home in homes] or [""]
    return _("%(others)s or %(last)s") % {"others": ", ".join(others), "last": last} if others else last


def _describe_grade(position: Decimal, scale: GradeScale | None) -> str:
    if scale is None:
        return _("An average grade of at least %(n)s on a scale from 0 (pass) to 100 (best)") % {"n": plain(position)}
    words = {"grade": scale.write(scale.grade_at(position)), "best": scale.write(scale.best)}
    # Where 1 is the best grade, as in Germany, “at least 2.5” would be read the wrong way round.
    if scale.best < scale.pass_mark:
        return _("An average of %(grade)s or better (best %(best)s)") % words
    return _("An average of at least %(grade)s of %(best)s") % words


def plain(number: Decimal) -> str:
    """A number without idle zeros: 120, 26.1."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _level(requirement: Requirement, standing: Standing) -> tuple[str, bool | None]:
    known = dict(StudyLevel.choices).get(standing.level, "")
    return str(known), standing.level == requirement.level if standing.level else None


def _semester(requirement: Requirement, standing: Standing) -> tuple[str, bool | None]:
    return _at_least(requirement, None if standing.semester is None else Decimal(standing.semester))


def _ects(requirement: Requirement, standing: Standing) -> tuple[str, bool | None]:
    return _at_least(requirement, standing.ects)


def _at_least(requirement: Requirement, has: Decimal | None) -> tuple[str, bool | None]:
    return ("", None) if has is None else (plain(has), has >= requirement.number)


def _grade(requirement: Requirement, standing: Standing) -> tuple[str, bool | None]:
    if standing.position is None:
        return "", None
    return standing.scale.write(standing.grade), standing.position >= requirement.number


def _language(requirement: Requirement, standing: Standing) -> tuple[str, bool | None]:
    if not standing.languages:
        return "", None
    has = standing.languages.get(requirement.language, "")
    # The levels of the CEFR, A1 to C2, sort as letters in the order in which they rank; "" is below all of them.
    return has, has >= requirement.cefr


def _field(requirement: Requirement, standing: Standing) -> tuple[str, bool | None]:
    return standing.field_name, standing.field.startswith(requirement.field_id) if standing.field else None


def _home(requirement: Requirement, standing: Standing) -> tuple[str, bool | None]:
    return standing.home, standing.home_id in {home.pk for home in requirement.homes}


# Without TEXT: what is asked in words only a person can look at.
JUDGES: dict[str, Callable[[Requirement, Standing], tuple[str, bool | None]]] = {
    Asks.LEVEL: _level,
    Asks.SEMESTER: _semester,
    Asks.ECTS: _ects,
    Asks.GRADE: _grade,
    Asks.LANGUAGE: _language,
    Asks.FIELD: _field,
    Asks.HOME: _home,
}

ASKED: dict[str, Any] = {
    Asks.LEVEL: gettext_lazy("Level: %(level)s"),
    Asks.SEMESTER: gettext_lazy("Semester %(n)s or later"),
    Asks.ECTS: gettext_lazy("At least %(n)s ECTS"),
    Asks.LANGUAGE: gettext_lazy("%(language)s %(cefr)s or better"),
    Asks.FIELD: gettext_lazy("Field: %(field)s"),
    Asks.HOME: gettext_lazy("For students of %(home)s"),
}

# The field of the student's profile where a missing fact is filled in.
FACTS: dict[str, str] = {
    Asks.LEVEL: "level",
    Asks.SEMESTER: "semester",
    Asks.ECTS: "ects_earned",
    Asks.GRADE: "grade_average",
    Asks.LANGUAGE: "languages",
    Asks.FIELD: "field",
    Asks.HOME: "university",
}


def unmet(profile: StudentProfile | Standing) -> Q:
    """A condition on rows of any kind of `Requirement`: blocking, and not certainly met by this student."""
    standing = Standing.of(profile) if isinstance(profile, StudentProfile) else profile
    # ISCED-F 2013: a detailed field (0714) begins with the digits of its narrow (071) and broad (07) one.
    covered = [standing.field[:digits] for digits in (2, 3, 4)] if standing.field else []
    known = Q(pk__in=[])
    for language, level in standing.languages.items():
        known |= Q(language=language, cefr__lte=level)
    return Q(is_blocking=True) & (
        Q(asks=Asks.LEVEL) & ~Q(level=standing.level)
        | _more_than(Asks.SEMESTER, standing.semester)
        | _more_than(Asks.ECTS, standing.ects)
        | _more_than(Asks.GRADE, standing.position)
        | Q(asks=Asks.LANGUAGE) & ~known
        | Q(asks=Asks.FIELD) & ~Q(field__in=covered)
        | Q(asks=Asks.HOME) & ~Q(home=standing.home_id)
    )


def _more_than(asks: str, has: Decimal | int | None) -> Q:
    return Q(asks=asks) if has is None else Q(asks=asks, number__gt=has)


def met_by(rows: QuerySet, profile: StudentProfile | Standing, relation: str = "requirements") -> QuerySet:
    """Narrow `rows` to those none of whose blocking requirements speaks against this student.

    `rows` is any set whose model has requirement rows under `relation`: placements, seats, programmes, rounds.
    """
    # From the model: each keeps its requirements behind a key of another name (option, round, programme).
    link = rows.model._meta.get_field(relation)
    against = link.related_model._default_manager.filter(**{link.field.name: OuterRef("pk")}).filter(unmet(profile))
    return rows.filter(~Exists(against))


@dataclass(frozen=True, kw_only=True)
class RoundVerdicts:
    """What a round asks of everybody, and what each of its options asks beyond that (by the option's pk)."""

    of_round: list[Verdict]
    of_options: dict[int, list[Verdict]]

    def blocking(self, option: int) -> list[Verdict]:
        """What keeps the student from applying for this option."""
        return [verdict for verdict in self.of_round + self.of_options[option] if verdict.blocks]


def of_round(
    round: Round, options: Iterable[Option], profile: StudentProfile | Standing | None, day: date
) -> RoundVerdicts:
    """Judge a student for a round and for some of its options; four queries, however many options."""
    standing = Standing.of(profile) if isinstance(profile, StudentProfile) else profile
    asked: dict[int, list[Requirement]] = {option.pk: [] for option in options}
    own = OptionRequirement.objects.filter(option__in=asked).select_related("field", "home").order_by("pk")
    for requirement in own:
        asked[requirement.option_id].append(requirement)
    for pk, rows in requirements_from_rooms(round.kind, asked).items():
        asked[pk] += rows
    of_all = round.requirements.select_related("field", "home").order_by("pk")
    return RoundVerdicts(
        of_round=check(of_all, standing, day),
        of_options={pk: check(rows, standing, day) for pk, rows in asked.items()},
    )
