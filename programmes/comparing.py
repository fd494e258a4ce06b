"""Programmes side by side: which rows the comparison has, and where they differ."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.eligibility import describe
from members.tagging import in_words
from programmes.models import Programme

MOST = 4
NOT_KNOWN = "–"


@dataclass(frozen=True)
class Row:
    label: Any
    cells: list[list[str]]  # one list of lines per programme
    names: list[str]  # of the programmes, for screens on which they do not stand beside each other

    @property
    def named(self) -> list[tuple[str, list[str]]]:
        return list(zip(self.names, self.cells, strict=True))

    @property
    def differs(self) -> bool:
        """Whether two programmes say different things; what is not known differs from nothing."""
        # Else a page that tells little would be marked as different in every row.
        return len({tuple(cell) for cell in self.cells} - {(NOT_KNOWN,)}) > 1


def comparison(programmes: list[Programme]) -> list[Row]:
    """The rows that at least one of `programmes` fills. They carry `ahead`, and their parts are joined: no query."""
    names = names_of(programmes)
    rows = [Row(label, [_lines(say(programme)) for programme in programmes], names) for label, say in ROWS]
    return [row for row in rows if any(cell != [NOT_KNOWN] for cell in row.cells)]


def names_of(programmes: list[Programme]) -> list[str]:
    """What tells them apart in a word or two: the titles, or the partners where two titles are alike."""
    titles = [programme.title for programme in programmes]
    return titles if len(set(titles)) == len(titles) else [programme.partner_line for programme in programmes]


def _lines(told: Any) -> list[str]:
    lines = [str(line) for line in (told if isinstance(told, list) else [told]) if line not in (None, "")]
    return lines or [NOT_KNOWN]


def _partners(programme: Programme) -> list[str]:
    return [f"{side.university.name} ({side.get_role_display()})" for side in programme.sides]


def _closing(programme: Programme) -> list[str]:
    """When the next windows close, each on its own clock."""
    return [f"{intake}: {_moment(intake.closes, intake.zone)}" for intake in programme.ahead[:3]]


def _moment(at: datetime, zone: str) -> str:
    there = at.astimezone(ZoneInfo(zone))
    city = zone.rsplit("/", 1)[-1].replace("_", " ")
    return f"{date_format(there, 'j M Y, H:i')} {city}"


def _requirements(programme: Programme) -> list[str]:
    return [
        f"{describe(row, None)} ({row.asked_by})" if row.asked_by else describe(row, None)
        for row in programme.requirements.all()
    ]


def _thesis(programme: Programme) -> list[str]:
    size = _("%(n)s ECTS") % {"n": programme.thesis_ects} if programme.thesis_ects else ""
    both = _("supervised from both sides") if programme.supervised_by_both else ""
    return [", ".join(filter(None, [size, both])), programme.thesis_rule]


def _seats(programme: Programme) -> str:
    return str(programme.ahead[0].places or "") if programme.ahead else ""


ROWS: list[tuple[Any, Callable[[Programme], Any]]] = [
    (gettext_lazy("Partners"), _partners),
    (gettext_lazy("Level"), lambda p: p.get_level_display()),
    (gettext_lazy("Kind"), lambda p: p.get_kind_display()),
    (gettext_lazy("Field"), lambda p: p.field),
    (gettext_lazy("Taught in"), lambda p: ", ".join(str(row) for row in p.languages.all())),
    (gettext_lazy("ECTS credits"), lambda p: p.ects_total),
    (gettext_lazy("Split"), lambda p: p.split_line),
    (gettext_lazy("Semesters"), lambda p: p.duration_semesters),
    (gettext_lazy("Degrees"), lambda p: [p.award, p.get_diploma_display()]),
    (gettext_lazy("Thesis"), _thesis),
    (gettext_lazy("Tuition"), lambda p: [p.get_tuition_display(), p.tuition_note]),
    (gettext_lazy("Funding"), lambda p: p.funding),
    (gettext_lazy("Asked of applicants"), _requirements),
    (gettext_lazy("Applications close"), _closing),
    (gettext_lazy("Seats in the next intake"), _seats),
    (gettext_lazy("Stands under"), lambda p: p.get_framework_display()),
    (gettext_lazy("Runs since"), lambda p: p.since),
    (gettext_lazy("Tags"), lambda p: in_words(p.tags.all())),
]
