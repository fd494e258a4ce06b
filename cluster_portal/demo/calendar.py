"""When things are in the demo: everything is counted from the day it is loaded."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from members.models import Term

FIRST_MONTH_OF_A_YEAR = 8
NOTICE = timedelta(days=45)  # a term for which one still applies begins so much later at least
BEGINS = {Term.AUTUMN: (9, 1), Term.SPRING: (2, 1), Term.YEAR: (9, 1)}
ENDS = {Term.AUTUMN: (1, 31), Term.SPRING: (6, 30), Term.YEAR: (6, 30)}


@dataclass(frozen=True, order=True)
class StudyTerm:
    """A term of an academic year; `year` is the one the academic year begins in."""

    year: int
    term: str

    @property
    def first_day(self) -> date:
        month, day = BEGINS[self.term]
        return date(self.year if month >= FIRST_MONTH_OF_A_YEAR else self.year + 1, month, day)

    @property
    def last_day(self) -> date:
        month, day = ENDS[self.term]
        return date(self.year + 1, month, day)

    @property
    def words(self) -> str:
        return f"{Term(self.term).label.lower()} {self.year}/{(self.year + 1) % 100:02d}"

    def later(self, terms: int) -> "StudyTerm":
        """The autumn or spring term so many terms later."""
        halves = self.year * 2 + (self.term == Term.SPRING) + terms
        return StudyTerm(halves // 2, Term.SPRING if halves % 2 else Term.AUTUMN)

    @property
    def whole_year(self) -> "StudyTerm":
        return StudyTerm(self.year, Term.YEAR)


@dataclass(frozen=True)
class Calendar:
    """Moments around `now` (aware)."""

    now: datetime

    @property
    def today(self) -> date:
        return self.now.date()

    @cached_property
    def next_term(self) -> StudyTerm:
        """The first term for which it is not too late to apply."""
        term = StudyTerm(self.today.year - 2, Term.AUTUMN)
        while term.first_day < self.today + NOTICE:
            term = term.later(1)
        return term

    @cached_property
    def next_autumn(self) -> StudyTerm:
        """The autumn in which those begin who apply now for a whole year or a degree."""
        return self.next_term if self.next_term.term == Term.AUTUMN else self.next_term.later(1)

    def day(self, days: float) -> date:
        """So many days from today; negative ones are past."""
        return self.today + timedelta(days=days)

    def at(self, days: int, hour: int = 9, minute: int = 0, *, zone: str = "UTC", second: int = 0) -> datetime:
        """An hour on the clock of `zone`, so many days from today."""
        return datetime.combine(self.day(days), time(hour, minute, second), tzinfo=ZoneInfo(zone))

    def end_of(self, days: int, zone: str) -> datetime:
        """The last minute of a day in `zone`."""
        return self.at(days, 23, 59, zone=zone)
