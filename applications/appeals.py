"""The clock of an appeal: until when it may be filed and by when it is answered, in working days of the round's zone.

A working day is Monday to Friday. Public holidays count too: they differ from place to place, and both sides must be
able to count to the same last moment.
"""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from applications.models import Round

SATURDAY = 5
# Where the clocks go back at midnight this second comes twice; the last of the two ends the day.
LAST_SECOND = time(23, 59, 59, fold=1)


def end_of_working_day(after: datetime, days: int, zone: ZoneInfo) -> datetime:
    """The last second of the `days`-th working day after the day of `after` (aware), by the clock of `zone`."""
    day, left = after.astimezone(zone).date(), days
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < SATURDAY
    return datetime.combine(day, LAST_SECOND, tzinfo=zone)


def appeal_by(round: Round, released_at: datetime) -> datetime | None:
    """The last moment to appeal a decision released at `released_at`; None where the round knows no appeals."""
    if not round.appeal_days:
        return None
    return end_of_working_day(released_at, round.appeal_days, round.zone)


def answer_by(round: Round, filed_at: datetime) -> datetime:
    """The last moment at which the office answers an appeal filed at `filed_at`."""
    return end_of_working_day(filed_at, round.appeal_answer_days, round.zone)
