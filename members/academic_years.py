"""Academic years: named by the calendar year they begin in, 2027 for 2027/28."""

from datetime import date


def running_on(day: date) -> int:
    """The academic year that runs on `day`; it begins in August."""
    return day.year if day.month >= 8 else day.year - 1


def words(year: int) -> str:
    """As people write it: 2027/28."""
    return f"{year}/{(year + 1) % 100:02d}"
