"""Every boundary of time in this room: the second before, the moment itself, the second after, in the round's zone."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from icalendar import Calendar

from applications import appeal_page, appeals, letters, reminders, round_calendar, round_page
from applications.actions.cloning import moved
from applications.forms.moments import LocalMomentField, shown_at, zone_choices
from applications.models import Appeal, Application, Decision, DossierLink, Round
from applications.turns import how_long
from exchange.actions.copying import moved as moved_day
from tests.applications.unsaved import NOW, a_round, an_application

TICK = timedelta(microseconds=1)
STOCKHOLM = ZoneInfo("Europe/Stockholm")


def at(text: str, zone: str = "UTC") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


# working days


@pytest.mark.parametrize(
    ("after", "days", "ends"),
    [
        ("2027-05-03T09:00", 1, "2027-05-04"),  # Monday to Tuesday
        ("2027-05-03T09:00", 5, "2027-05-10"),  # a weekend lies between
        ("2027-05-06T09:00", 2, "2027-05-10"),  # Thursday: Friday, Monday
        ("2027-05-07T23:59", 1, "2027-05-10"),  # Friday night
        ("2027-05-08T00:00", 1, "2027-05-10"),  # Saturday begins
        ("2027-05-09T23:59", 1, "2027-05-10"),  # Sunday ends
        ("2027-05-10T00:00", 1, "2027-05-11"),  # Monday begins
        ("2027-12-31T12:00", 1, "2028-01-03"),  # public holidays count like any other day
        ("2027-05-03T09:00", 30, "2027-06-14"),
    ],
)
def test_working_days_leave_out_weekends_only(after, days, ends):
    end = appeals.end_of_working_day(at(after, "Europe/Stockholm"), days, STOCKHOLM)

    assert end == at(f"{ends}T23:59:59", "Europe/Stockholm")


@pytest.mark.parametrize(
    ("zone", "ends"),
    [
        ("Europe/Stockholm", "2027-05-05T21:59:59"),  # it is Tuesday already, so Wednesday ends there
        ("America/Toronto", "2027-05-05T03:59:59"),  # it is Monday still, so Tuesday ends there
        ("Asia/Shanghai", "2027-05-05T15:59:59"),
    ],
)
def test_a_working_day_is_one_of_the_rounds_own_zone(zone, ends):
    monday_night = at("2027-05-03T22:30")

    assert appeals.end_of_working_day(monday_night, 1, ZoneInfo(zone)) == at(ends)


def test_a_promise_runs_from_the_day_it_was_given_and_not_from_its_hour():
    round = a_round(appeal_days=3, appeal_answer_days=2)
    first, last = at("2027-05-03T00:00", "Europe/Stockholm"), at("2027-05-03T23:59:59", "Europe/Stockholm")

    assert appeals.appeal_by(round, first) == appeals.appeal_by(round, last) == at("2027-05-06T21:59:59")
    assert appeals.answer_by(round, first) == appeals.answer_by(round, last) == at("2027-05-05T21:59:59")


# the days to answer an offer


@pytest.mark.parametrize(
    ("released", "days", "ends"),
    [
        ("2027-05-06T10:00", 7, "2027-05-13T21:59:59"),
        ("2027-05-06T21:59", 1, "2027-05-07T21:59:59"),
        ("2027-05-06T22:00", 1, "2027-05-08T21:59:59"),  # in Stockholm the next day has begun
        ("2027-05-07T10:00", 2, "2027-05-09T21:59:59"),  # these are days, not working days: a Sunday
        ("2027-03-25T10:00", 7, "2027-04-01T21:59:59"),  # the clocks went forward meanwhile
        ("2027-10-28T10:00", 7, "2027-11-04T22:59:59"),  # and back
    ],
)
def test_an_offer_lasts_to_the_end_of_the_last_day(released, days, ends):
    assert letters.answer_by(a_round(answer_days=days), at(released)) == at(ends)


# the window of a round


OPENS, CLOSES = at("2027-05-03T08:00"), at("2027-05-10T12:00")


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        (OPENS - TICK, False),
        (OPENS, True),
        (OPENS + TICK, True),
        (CLOSES - TICK, True),
        (CLOSES, False),
        (CLOSES + TICK, False),
    ],
)
def test_a_round_is_open_from_its_opening_until_before_its_closing(moment, is_open):
    assert a_round(opens_at=OPENS, closes_at=CLOSES).is_open_at(moment) is is_open


@pytest.mark.parametrize("state", set(Round.State) - {Round.State.PUBLISHED})
def test_only_a_published_round_is_open(state):
    assert not a_round(state).is_open_at(NOW)


@pytest.mark.parametrize("state", Application.State)
def test_an_application_can_be_changed_while_it_is_in_the_applicants_hands(state):
    application = an_application(state)
    late = application.round.closes_at

    may = {Application.State.DRAFT: (True, False), Application.State.MORE_INFO: (True, True)}
    assert (application.is_editable_at(NOW), application.is_editable_at(late)) == may.get(state, (False, False))


# last moments count


def test_the_last_moment_to_appeal_counts():
    decision = Decision(appeal_by=NOW)

    assert [decision.may_be_appealed_at(moment) for moment in (NOW - TICK, NOW, NOW + TICK)] == [True, True, False]


def test_without_a_last_moment_there_is_no_appeal():
    assert not Decision(appeal_by=None).may_be_appealed_at(NOW)


def test_a_link_ends_with_its_moment():
    link = DossierLink(expires_at=NOW)

    assert [link.works_at(moment) for moment in (NOW - TICK, NOW, NOW + TICK)] == [True, False, False]


def test_a_link_that_was_revoked_works_no_more_however_long_it_would_have():
    assert not DossierLink(expires_at=NOW + timedelta(days=9), revoked_at=NOW).works_at(NOW)


# how long


@pytest.mark.parametrize(
    ("distance", "words"),
    [
        ({}, "since today"),
        ({"hours": 23, "minutes": 59}, "since today"),
        ({"days": 1}, "for 1 day"),
        ({"days": 1, "hours": 23}, "for 1 day"),
        ({"days": 2}, "for 2 days"),
        ({"days": 365}, "for 365 days"),
        ({"hours": -1}, "since today"),  # the clock of another process may go ahead a little
    ],
)
def test_how_long_a_turn_lasts(distance, words):
    assert how_long(NOW - timedelta(**distance), NOW) == words


# reminders


@pytest.mark.parametrize("distances", [reminders.AHEAD, reminders.DOCUMENTS_AHEAD])
def test_windows_of_reminders_touch_and_do_not_overlap(distances):
    windows = list(reminders._windows(NOW, distances))

    assert [mark for mark, _start, _end in windows] == [mark for mark, _distance in distances]
    assert [start for _mark, start, _end in windows] == [NOW, *(end for _mark, _start, end in windows[:-1])]
    assert windows[-1][2] == NOW + distances[-1][1]


def test_the_nearer_reminder_comes_first():
    assert [distance for _mark, distance in reminders.DOCUMENTS_AHEAD] == [
        timedelta(days=1), timedelta(days=3), timedelta(days=14),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("late", "mark"),
    [
        (timedelta(seconds=1), "late0"),
        (timedelta(days=6, hours=23), "late0"),
        (timedelta(days=7), "late1"),
        (timedelta(days=13, hours=23), "late1"),
        (timedelta(days=14), "late2"),
    ],
)
def test_who_is_late_hears_of_it_once_a_week(late, mark):
    assert reminders._lateness(Appeal(answer_by=NOW - late), NOW) == mark


# next year


@pytest.mark.parametrize(
    ("before", "years", "after"),
    [
        ("2027-05-06T12:00", 1, "2028-05-06T12:00"),
        ("2027-05-06T12:00", -1, "2026-05-06T12:00"),
        ("2027-03-27T12:00", 1, "2028-03-27T12:00"),  # in 2028 the clocks have gone forward by then
        ("2028-02-29T23:59", 1, "2029-02-28T23:59"),
        ("2027-02-28T23:59", 1, "2028-02-28T23:59"),
        ("2027-12-31T23:59", 2, "2029-12-31T23:59"),
    ],
)
def test_a_moment_moves_by_whole_years_on_the_clock_of_the_zone(before, years, after):
    there = moved(at(before, "Europe/Stockholm").astimezone(UTC), a_round(), years)

    assert there == at(after, "Europe/Stockholm")


def test_the_day_that_moves_is_the_day_in_the_zone():
    new_year_in_stockholm = at("2027-12-31T23:30")

    assert moved(new_year_in_stockholm, a_round(), 1) == at("2028-12-31T23:30")


@pytest.mark.parametrize(
    ("before", "years", "after"),
    [
        (None, 1, None),
        ("2027-08-30", 1, "2028-08-30"),
        ("2028-02-29", 1, "2029-02-28"),
        ("2028-02-29", 4, "2032-02-29"),
        ("2028-02-29", -1, "2027-02-28"),
    ],
)
def test_a_day_of_a_place_moves_by_whole_years(before, years, after):
    def day(text):
        return datetime.fromisoformat(text).date() if text else None

    assert moved_day(day(before), years) == day(after)


# moments that are typed


@pytest.mark.parametrize("typed", ["2000-01-01T00:00", "2100-12-31T23:59", " 2027-05-06T12:00 ", "2027-05-06 12:00:30"])
def test_a_moment_is_read_as_people_write_it(typed):
    read = LocalMomentField().clean(typed)

    assert (read.tzinfo, read) == (None, datetime.fromisoformat(typed.strip()))


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("tomorrow", "“tomorrow” is not a day and an hour; write it as 2027-05-06 12:00."),
        ("2027-05-06", "“2027-05-06” is not a day and an hour; write it as 2027-05-06 12:00."),
        ("2027-13-06T12:00", "“2027-13-06T12:00” is not a day and an hour; write it as 2027-05-06 12:00."),
        ("2027-05-06T12:00+02:00", "“2027-05-06T12:00+02:00” is not a day and an hour; write it as 2027-05-06 12:00."),
        ("1999-12-31T23:59", "The year 1999 is not plausible."),
        ("2101-01-01T00:00", "The year 2101 is not plausible."),
        ("", "This field is required."),
    ],
)
def test_a_moment_that_is_none_is_told_with_what_would_be_right(typed, sentence):
    field = LocalMomentField()

    with pytest.raises(ValidationError) as wrong:
        field.clean(typed)
    assert wrong.value.messages == [sentence]


def test_a_moment_is_shown_on_the_clock_of_its_zone():
    assert shown_at(NOW, "Europe/Stockholm") == "2027-05-06T12:00"
    assert shown_at(NOW, "Asia/Kolkata") == "2027-05-06T15:30"
    assert shown_at(None, "Europe/Stockholm") == ""


def test_zones_are_chosen_by_continent():
    groups = dict(zone_choices())

    assert ("Europe/Stockholm", "Stockholm") in groups["Europe"]
    assert ("America/Argentina/Buenos_Aires", "Argentina/Buenos Aires") in groups["America"]
    assert groups["UTC"] == [("UTC", "UTC")]


# what comes, on the pages


@pytest.mark.parametrize(
    ("state", "labels"),
    [
        ("draft", ["Opens", "Closes", "Decisions released", "Offers answered within 7 days"]),
        ("published", ["Opens", "Closes", "Decisions released", "Offers answered within 7 days"]),
        ("released", ["Opens", "Closes"]),
    ],
)
def test_what_comes_in_a_round_before_its_opening(state, labels):
    round = a_round(state, opens_at=NOW + timedelta(days=1))

    assert [step["label"] for step in round_page._to_come(round, NOW)] == labels


def test_a_moment_that_is_now_does_not_come_any_more():
    round = a_round("closed", opens_at=NOW - timedelta(days=9), closes_at=NOW, answer_days=1)

    assert [(step["label"], step.get("at")) for step in round_page._to_come(round, NOW)] == [
        ("Decisions released", None), ("Offers answered within 1 day", None),
    ]  # fmt: skip


def test_the_answer_to_an_appeal_stands_before_everything_else_that_comes():
    steps = [{"label": "Submitted", "state": "done"}, {"label": "No place", "state": "stopped"}, {"label": "Arrival",
             "state": "next"}]  # fmt: skip
    appeal = SimpleNamespace(is_filed=True, answer_by=NOW)

    shown = appeal_page.with_answer_to_come(steps, {"appeal": appeal})

    assert [step["label"] for step in shown] == [
        "Submitted", "No place", "The office answers your appeal at the latest", "Arrival",
    ]  # fmt: skip
    assert shown[2] == {"label": shown[2]["label"], "state": "next", "at": NOW}


@pytest.mark.parametrize("part", [None, {"appeal": None}, {"appeal": SimpleNamespace(is_filed=False)}])
def test_without_an_appeal_that_waits_nothing_is_added(part):
    steps = [{"label": "No place", "state": "stopped"}]

    assert appeal_page.with_answer_to_come(steps, part) is steps


# the closing in a calendar


def closing(**fields):
    content = round_calendar.closing(a_round(**fields), "https://portal.example/rounds/kth-autumn/", NOW)
    [event] = Calendar.from_ical(content).walk("VEVENT")
    return event


def test_the_entry_stands_at_the_closing_and_warns_three_days_before():
    event = closing(closes_at=CLOSES)

    [alarm] = event.walk("VALARM")
    assert (event.decoded("dtstart"), event.decoded("dtstamp")) == (CLOSES, NOW)
    assert (alarm["action"], alarm["trigger"].to_ical()) == ("DISPLAY", b"-P3D")


def test_a_moved_closing_moves_the_entry_and_adds_none():
    assert closing(closes_at=CLOSES)["uid"] == closing(closes_at=CLOSES + timedelta(days=3))["uid"]


def test_the_entry_says_the_hour_in_the_rounds_own_zone():
    event = closing(closes_at=CLOSES, title="Autumn, abroad; again")

    assert str(event["summary"]) == "Autumn, abroad; again closes"
    assert str(event["description"]) == "Closes on 10 May 2027, 14:00 (Stockholm). The server decides."
    assert str(event["url"]) == "https://portal.example/rounds/kth-autumn/"
