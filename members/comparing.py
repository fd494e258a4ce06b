"""Universities side by side: which rows the comparison has, and where they differ."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members.models import Fact, Language, Membership, University
from members.tagging import in_words

MOST = 4
NOT_KNOWN = "–"


@dataclass(frozen=True)
class Cell:
    """What one university (`of`) has in a row, with a word beside it (the year)."""

    of: str
    text: str
    note: str = ""
    is_old: bool = False


@dataclass(frozen=True)
class Row:
    label: Any
    cells: list[Cell]
    numbers: bool = False

    @property
    def differs(self) -> bool:
        """Whether two universities say different things; what is not known differs from nothing."""
        return len({cell.text for cell in self.cells} - {NOT_KNOWN}) > 1


def comparison(universities: list[University], day: date) -> list[Row]:
    """The rows that at least one of `universities` fills on `day`; four queries, whatever their number."""
    if not universities:
        return []
    prefetch_related_objects(universities, "country", "facts", "grade_scale", "tags")
    rows = [
        Row(label, [Cell(university.short_name, text(university)) for university in universities])
        for label, text in PLAIN_ROWS
    ]
    rows += [_row_of_facts(kind, universities, day) for kind in Fact.Kind]
    return [row for row in rows if any(cell.text != NOT_KNOWN for cell in row.cells)]


def _row_of_facts(kind: Fact.Kind, universities: list[University], day: date) -> Row:
    return Row(kind.label, [_newest(university, kind, day) for university in universities], numbers=True)


def _newest(university: University, kind: str, day: date) -> Cell:
    facts = [fact for fact in university.facts.all() if fact.kind == kind]
    if not facts:
        return Cell(university.short_name, NOT_KNOWN)
    # As texts: “2024/25” is later than “2024”, and both are years.
    fact = max(facts, key=lambda fact: fact.year)
    return Cell(university.short_name, fact.value_text, fact.year or _("year not known"), fact.is_old_on(day))


def _languages(codes: list[str]) -> str:
    return ", ".join(str(Language(code).label) for code in codes) or NOT_KNOWN


PLAIN_ROWS: list[tuple[Any, Callable[[University], str]]] = [
    (gettext_lazy("In the consortium"), lambda u: str(Membership.Kind(u.kind_now).label) if u.kind_now else NOT_KNOWN),
    (gettext_lazy("City"), lambda u: u.city),
    (gettext_lazy("Country"), lambda u: u.country.name),
    (gettext_lazy("Founded"), lambda u: str(u.founded or NOT_KNOWN)),
    (gettext_lazy("European University alliance"), lambda u: u.alliance or NOT_KNOWN),
    (gettext_lazy("Taught in"), lambda u: _languages(u.teaching_languages)),
    (gettext_lazy("Grades"), lambda u: u.grade_scale.name if u.grade_scale else NOT_KNOWN),
    (gettext_lazy("Dual doctorate framework"), lambda u: _("signed") if u.dual_doctorate_signatory else NOT_KNOWN),
    (gettext_lazy("Tags"), lambda u: ", ".join(in_words(u.tags.all())) or NOT_KNOWN),
]
