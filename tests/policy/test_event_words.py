"""What events, bodies and registrations say of themselves, and the rules of one row; without a database."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from icalendar import Calendar

from policy import calendars, deciding, sitting, turns
from policy.filters import when_names
from policy.forms.events import as_text, zone_of
from policy.forms.registering import RegisterForm
from policy.models import Event, EventInvitation, EventQuestion, Material, Registration
from policy.structured_data import described
from policy.templatetags.policy import answer_to
from tests.factories.members import UniversityFactory, UserFactory
from tests.factories.policy import BodyFactory, EventFactory, RegistrationFactory, SeatFactory

NOW = datetime(2027, 5, 4, 12, tzinfo=UTC)
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)
TODAY = date(2027, 5, 4)


def event_of(**values):
    """A published event of two hours that begins an hour from now, not stored."""
    times = {"starts_at": NOW + HOUR, "ends_at": NOW + 3 * HOUR}
    return EventFactory.build(**({"published": True, "slug": "workshop", "state_since": NOW} | times | values))


# When


@pytest.mark.parametrize(
    ("starts", "ends", "words"),
    [
        ("2027-05-04T22:30", "2027-05-04T23:30", "5 May 2027"),
        ("2027-05-04T21:30", "2027-05-04T22:30", "4–5 May 2027"),
        ("2027-05-30T10:00", "2027-06-02T10:00", "30 May – 2 June 2027"),
        ("2027-12-30T10:00", "2028-01-02T10:00", "30 December 2027 – 2 January 2028"),
    ],
    ids=["the next day in Brussels", "over midnight in Brussels", "two months", "two years"],
)
def test_days_are_those_of_the_events_own_clock(starts, ends, words) -> None:
    moments = {name: datetime.fromisoformat(f"{at}+00:00") for name, at in (("starts_at", starts), ("ends_at", ends))}

    assert event_of(**moments).when == words


@pytest.mark.parametrize(("precision", "words"), [("month", "May 2027"), ("year", "2027")])
def test_a_day_that_is_not_known_is_not_made_up(precision, words) -> None:
    event = event_of(precision=precision)

    assert (event.when, event.hours, event.is_exact) == (words, "", False)


def test_hours_of_several_days_tell_the_first_alone() -> None:
    assert event_of(ends_at=NOW + timedelta(days=2)).hours == "15:00 Brussels"
    assert event_of().hours == "15:00–17:00 Brussels"


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"place": "Leuven"}, "Leuven"),
        ({"place": "", "is_online": True}, "online"),
        ({"place": "Leuven", "is_online": True}, "Leuven, online"),
        ({"place": ""}, ""),
    ],
    ids=str,
)
def test_where_it_is(values, words) -> None:
    assert event_of(**values).where == words


@pytest.mark.parametrize(
    ("seconds", "is_over"), [(-1, False), (0, False), (1, True)], ids=["before", "the last moment", "after"]
)
def test_an_event_lasts_through_its_last_moment(seconds, is_over) -> None:
    event = event_of()

    assert event.is_over(event.ends_at + timedelta(seconds=seconds)) is is_over


OPEN_AT = {
    "as soon as it is published": ({}, True),
    "until it begins": ({"starts_at": NOW}, True),
    "not once it has begun": ({"starts_at": NOW - SECOND}, False),
    "from the moment it opens": ({"registration_opens_at": NOW}, True),
    "not a second earlier": ({"registration_opens_at": NOW + SECOND}, False),
    "through the moment it closes": ({"registration_closes_at": NOW}, True),
    "not a second later": ({"registration_closes_at": NOW - SECOND}, False),
    "also while it runs": ({"starts_at": NOW - HOUR, "registration_closes_at": NOW + HOUR}, True),
    "not when it is over": (
        {"starts_at": NOW - HOUR, "ends_at": NOW - SECOND, "registration_closes_at": NOW - SECOND},
        False,
    ),
    "not where nobody registers": ({"takes_registrations": False}, False),
    "not for a draft": ({"state": "draft"}, False),
    "not once it is cancelled": ({"state": "cancelled"}, False),
    "not once it is archived": ({"state": "archived"}, False),
}


@pytest.mark.parametrize(("values", "is_open"), OPEN_AT.values(), ids=OPEN_AT)
def test_registration_is_open(values, is_open) -> None:
    assert event_of(**values).is_registration_open(NOW) is is_open


@pytest.mark.django_db
@pytest.mark.parametrize(("values", "is_open"), OPEN_AT.values(), ids=OPEN_AT)
def test_registration_is_open_for_a_row_as_for_a_list_of_rows(values, is_open) -> None:
    """The rule stands twice, in Python for a page and in SQL for lists: they must not part."""
    reason = {"cancelled_because": "The host cannot receive us."} if values.get("state") == "cancelled" else {}
    event = event_of(**values, **reason)
    event.save()

    assert Event.objects.open_for_registration(NOW).exists() is is_open


@pytest.mark.parametrize(
    ("values", "missing"),
    [
        ({}, []),
        ({"summary": " ", "description": "A week."}, []),
        ({"summary": " ", "description": "\n"}, ["what it is about"]),
        ({"place": ""}, ["a city, or that it is online"]),
        ({"place": "", "is_online": True}, []),
        ({"contact_name": "", "contact_email": ""}, ["somebody to ask"]),
        ({"contact_name": "", "contact_email": "", "takes_registrations": False}, []),
    ],
    ids=str,
)
def test_what_a_reader_would_look_for_in_vain(values, missing) -> None:
    assert event_of(**values).missing_to_publish() == missing


@pytest.mark.parametrize(
    ("state", "may"),
    [
        ("draft", ["publish", "archive"]),
        ("published", ["archive"]),
        ("cancelled", ["archive"]),
        ("archived", ["restore"]),
    ],
)
def test_each_state_offers_its_own_steps(state, may) -> None:
    """Cancelling is asked of the clock as well; it is offered in the test below."""
    event = event_of(state=state)
    offers = {"publish": event.can_publish, "archive": event.can_archive, "restore": event.can_restore}

    assert [step for step, offered in offers.items() if offered] == may


def test_only_what_is_still_to_come_is_cancelled() -> None:
    coming, past = EventFactory.build(published=True), EventFactory.build(past=True)

    assert (coming.can_cancel, past.can_cancel, EventFactory.build().can_cancel) == (True, False, False)


@pytest.mark.parametrize(
    ("state", "tone"), [("draft", "wait"), ("published", "ok"), ("cancelled", "due"), ("archived", "quiet")]
)
def test_each_state_of_an_event_has_its_tone(state, tone) -> None:
    assert event_of(state=state).tone == tone


@pytest.mark.parametrize(
    ("state", "tone", "is_live"),
    [("asked", "wait", True), ("approved", "ok", True), ("waiting", "wait", True), ("refused", "quiet", False),
     ("cancelled", "quiet", False), ("attended", "ok", True)],
)  # fmt: skip
def test_each_state_of_a_registration_has_its_tone(state, tone, is_live) -> None:
    registration = Registration(state=state)

    assert (registration.tone, registration.is_live) == (tone, is_live)


@pytest.mark.parametrize(("mine", "words"), [("", ""), (None, ""), ("waiting", "On the waiting list")])
def test_a_row_says_how_ones_own_registration_stands(mine, words) -> None:
    event = event_of()
    event.mine = mine

    assert event.mine_words == words


# Bodies and seats


@pytest.mark.parametrize(
    ("first", "last", "sits"),
    [
        (None, None, True),
        (TODAY, None, True),
        (TODAY + timedelta(days=1), None, False),
        (None, TODAY, True),
        (None, TODAY - timedelta(days=1), False),
        (TODAY, TODAY, True),
    ],
    ids=["always", "from today", "from tomorrow", "until today", "until yesterday", "today alone"],
)
def test_a_seat_is_filled_from_its_first_day_through_its_last(first, last, sits) -> None:
    seat = SeatFactory.build(starts_on=first, ends_on=last, body=None)

    assert seat.is_in_force(TODAY) is sits


def test_nobody_fills_a_seat_that_is_not_in_force() -> None:
    assert SeatFactory.build(body=None, ends_on=TODAY - timedelta(days=1)).people(TODAY) == []


def test_a_body_is_named_with_what_tells_it_from_others() -> None:
    names = [BodyFactory.build(name="Mobility", short_name=short).named for short in ("WG-MOB", "")]

    assert names == ["Mobility (WG-MOB)", "Mobility"]


def test_seats_elsewhere_in_time_stand_latest_first_and_those_without_a_day_last() -> None:
    days = (None, date(2020, 1, 1), date(2028, 1, 1), TODAY)
    seats = [SeatFactory.build(body=None, starts_on=day, ends_on=None if day else date(2019, 1, 1)) for day in days]

    found = sitting._elsewhere(seats, TODAY)

    assert [seat.starts_on for seat in found] == [date(2028, 1, 1), None]


# A page for machines and a file for calendars


def test_machines_are_told_of_public_events_alone() -> None:
    told = [
        bool(described(event_of(**values), "https://portal.example/e/"))
        for values in ({}, {"cancelled": True}, {"members": True}, {"invited": True}, {"state": "draft"},
                       {"state": "archived"})
    ]  # fmt: skip

    assert told == [True, True, False, False, False, False]


@pytest.mark.parametrize(
    ("place", "is_online", "mode", "kind"),
    [
        ("Leuven", False, "OfflineEventAttendanceMode", "Place"),
        ("Leuven", True, "MixedEventAttendanceMode", "Place"),
        ("", True, "OnlineEventAttendanceMode", "VirtualLocation"),
    ],
)
def test_machines_are_told_how_one_takes_part_and_never_the_link(place, is_online, mode, kind) -> None:
    event = event_of(place=place, is_online=is_online, online_url="https://meet.example/secret")

    found = described(event, "https://portal.example/e/")

    assert found["eventAttendanceMode"] == f"https://schema.org/{mode}"
    assert found["location"]["@type"] == kind
    assert "secret" not in str(found)


def test_machines_are_told_days_where_hours_are_not_known() -> None:
    exact, vague = described(event_of(), "a"), described(event_of(precision="day"), "a")

    assert (exact["startDate"], vague["startDate"]) == ("2027-05-04T15:00+02:00", "2027-05-04")
    assert described(event_of(cancelled=True), "a")["eventStatus"].endswith("EventCancelled")
    assert (exact["organizer"]["name"], exact["eventStatus"]) == ("CLUSTER", "https://schema.org/EventScheduled")


def entry_of(event, **more):
    file = Calendar.from_ical(calendars.file_of(event, "https://portal.example/e/", NOW, **more))
    return next(iter(file.walk("VEVENT")))


@pytest.mark.parametrize(
    ("values", "location"),
    [
        ({"venue": "Room 1", "place": "Leuven"}, "Room 1, Leuven"),
        ({"place": "Leuven", "is_online": True}, "Leuven"),
        ({"place": "", "is_online": True}, "online"),
        ({"place": ""}, ""),
    ],
    ids=str,
)
def test_a_calendar_says_where(values, location) -> None:
    assert entry_of(event_of(**values))["location"] == location


def test_a_calendar_has_the_link_only_where_it_is_given_and_rings_a_day_before() -> None:
    event = event_of(online_url="https://meet.example/secret", version=4)

    without, with_link = entry_of(event), entry_of(event, online_url=event.online_url)

    assert ("secret" in str(without["description"]), "secret" in str(with_link["description"])) == (False, True)
    assert (without["sequence"], without["status"]) == (4, "CONFIRMED")
    assert [alarm.decoded("trigger") for alarm in without.walk("VALARM")] == [timedelta(days=-1)]


# Many at once


def rows_of(*states):
    return [RegistrationFactory.build(event=None, state=state, person=None) for state in states]


@pytest.mark.parametrize("act", deciding.ACTS)
def test_a_preview_says_of_each_whether_it_goes(act) -> None:
    rows = rows_of(*Registration.State.values)

    shown = deciding.preview(act, rows, event_of(), None)

    assert [row["registration"].state for row in shown if row["goes"]] == [
        state for state in Registration.State.values if state in deciding.ACTS[act][0]
    ]
    stays = next(row for row in shown if row["registration"].state == "cancelled")
    assert (stays["goes"], stays["words"]) == (False, "stays as it is: cancelled")


@pytest.mark.parametrize(
    ("left", "places"), [(None, 3), (5, 3), (2, 2), (0, 0), (-1, 0)], ids=["no limit", "many", "two", "none", "too few"]
)
def test_a_preview_of_approvals_counts_places_in_the_order_of_the_rows(left, places) -> None:
    shown = deciding.preview("approve", rows_of("asked", "asked", "approved", "asked"), event_of(), left)

    going = [row["words"] == "gets a place" for row in shown if row["goes"]]
    assert going == [True] * places + [False] * (3 - places)


def test_doing_to_many_leaves_alone_what_it_does_not_fit() -> None:
    assert deciding.do_to_many("attend", rows_of("asked", "cancelled"), by=None, now=NOW) == (0, [])


# Small things of forms


@pytest.mark.parametrize(
    ("data", "zone"),
    [
        (None, "Europe/Brussels"),
        ({}, "Europe/Brussels"),
        ({"time_zone": "Mars/Olympus"}, "Europe/Brussels"),
        ({"time_zone": "Asia/Tokyo"}, "Asia/Tokyo"),
    ],
    ids=str,
)
def test_hours_are_read_on_the_clock_that_was_typed_where_it_is_one(data, zone) -> None:
    assert zone_of(data, event_of()) == zone
    assert zone_of(None, Event()) == "Europe/Brussels"


def test_a_conflict_shows_hours_as_people_write_them() -> None:
    assert (as_text(NOW, "Europe/Brussels"), as_text(None, "Europe/Brussels")) == ("2027-05-04 14:00", "–")


def test_labels_of_a_facet_know_only_its_two_values() -> None:
    found = when_names([0, "1", 2, "x", None])

    assert {value: str(words) for value, words in found.items()} == {0: "Coming", "1": "Past"}


def question(pk, kind="text", **more):
    return EventQuestion(pk=pk, kind=kind, **({"text": f"Question {pk}"} | more))


QUESTIONS = [
    question(1, is_required=True),
    question(2, "yes_no"),
    question(3, "choice", choices=["meat", "vegan"], is_required=True),
]


def registering(**answers):
    typed = {f"question-{key.removeprefix('q')}": value for key, value in answers.items()}
    return RegisterForm(typed or None, questions=QUESTIONS, homes=[])


def test_answers_are_kept_by_question_and_what_is_left_empty_is_left_out() -> None:
    form = registering(q1="  By train. ", q3="vegan")

    assert form.is_valid(), form.errors
    assert form.answers() == {"1": "By train.", "3": "vegan"}
    assert form.university() is None


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"q3": "meat"}, "question-1"),
        ({"q1": "x" * 301, "q3": "meat"}, "question-1"),
        ({"q1": "Train.", "q3": "fish"}, "question-3"),
        ({"q1": "Train."}, "question-3"),
        ({"q1": "Train.", "q3": "meat", "q2": "maybe"}, "question-2"),
    ],
    ids=["not answered", "too long", "none of these", "not chosen", "neither yes nor no"],
)
def test_an_answer_that_does_not_fit_is_told_at_its_question(typed, wrong) -> None:
    assert list(registering(**typed).errors) == [wrong]


def test_only_what_need_not_be_answered_offers_no_answer() -> None:
    form = registering()

    assert [value for value, _label in form.fields["question-2"].choices] == ["", "yes", "no"]
    assert [value for value, _label in form.fields["question-3"].choices] == ["meat", "vegan"]


def test_answers_given_before_stand_in_the_form_also_where_a_question_is_new() -> None:
    known = Registration(answers={"1": "By train."})

    form = RegisterForm(questions=QUESTIONS, homes=[UniversityFactory.build(pk=7)], known=known)

    assert [form[f"question-{key}"].value() for key in (1, 2, 3)] == ["By train.", "", ""]
    assert form.university().pk == 7


def test_a_page_reads_answers_by_question() -> None:
    assert [answer_to({"1": "vegan"}, question(key)) for key in (1, 2)] == ["vegan", ""]


# Turns and names


def test_an_open_invitation_goes_before_ones_own_registration() -> None:
    invitation = EventInvitation(
        state="open",
        invited_at=NOW - timedelta(days=2),
        role="head",
        university=UniversityFactory.build(short_name="KTH"),
    )
    registration = Registration(state="approved", state_since=NOW)

    found = turns.of(event_of(), UserFactory.build(), NOW, registration=registration, invitation=invitation, runs=False)

    assert (found["caps"], found["mine"]) == ("Your turn since 2\xa0days", True)
    assert found["title"].endswith("KTH.")


def test_an_answered_invitation_gives_way_to_the_registration() -> None:
    invitation = EventInvitation(state="accepted")
    registration = Registration(state="refused", state_since=NOW, reason="For heads of office only.")

    found = turns.of(event_of(), AnonymousUser(), NOW, registration=registration, invitation=invitation, runs=False)

    assert (found["caps"], found["why"]) == ("Not accepted", "For heads of office only.")


@pytest.mark.parametrize(
    ("state", "tone", "is_open"),
    [("open", "wait", True), ("accepted", "ok", False), ("delegated", "ok", False), ("declined", "quiet", False),
     ("withdrawn", "quiet", False)],
)  # fmt: skip
def test_each_answer_to_an_invitation_has_its_tone(state, tone, is_open) -> None:
    invitation = EventInvitation(state=state)

    assert (invitation.tone, invitation.is_open) == (tone, is_open)


def test_a_material_is_named_by_the_beginning_of_its_digest() -> None:
    assert Material(sha256="0123456789abcdef" * 4).code == "0123456789abcdef"
