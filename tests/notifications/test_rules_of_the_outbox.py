"""When digests leave, what a mail carries, what comes first on a desk, how often a job runs; without a database."""

from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from celery.schedules import crontab
from django.core import signing
from icalendar import Calendar

from members.models import Mandate, University, User
from notifications import actions, calendar_feeds, catching, jobs, mails, people_tasks, registries, searches
from notifications.catalogues import WatchedList, watched_list, watched_lists
from notifications.digests import last_morning
from notifications.forms import PreferencesForm
from notifications.models import (
    CalendarAddress,
    CaughtMail,
    Delivery,
    JobRun,
    Letter,
    Notice,
    Preference,
    SavedSearch,
    Topic,
)
from notifications.views.calendar import _absolute, _webcal
from notifications.views.desk import _figures, _in_words

NOW = datetime(2027, 4, 27, 18, 0, tzinfo=UTC)  # a Tuesday
SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)


# digests


def morning(now, zone="Europe/Stockholm", *, weekly=False):
    return last_morning(User(time_zone=zone), now, weekly)


@pytest.mark.parametrize(
    ("now", "left"),
    [
        (datetime(2027, 4, 27, 4, 59, 59, tzinfo=UTC), datetime(2027, 4, 26, 5, 0, tzinfo=UTC)),
        (datetime(2027, 4, 27, 5, 0, tzinfo=UTC), datetime(2027, 4, 27, 5, 0, tzinfo=UTC)),
        (datetime(2027, 4, 27, 23, 0, tzinfo=UTC), datetime(2027, 4, 27, 5, 0, tzinfo=UTC)),
    ],
    ids=["a second before seven", "at seven", "at night"],
)
def test_daily_digest_is_of_the_last_seven_o_clock_of_the_readers_morning(now, left):
    assert morning(now) == left


@pytest.mark.parametrize(
    ("now", "left"),
    [
        (datetime(2027, 4, 26, 4, 59, tzinfo=UTC), datetime(2027, 4, 19, 5, 0, tzinfo=UTC)),
        (datetime(2027, 4, 26, 5, 0, tzinfo=UTC), datetime(2027, 4, 26, 5, 0, tzinfo=UTC)),
        (datetime(2027, 5, 2, 22, 0, tzinfo=UTC), datetime(2027, 4, 26, 5, 0, tzinfo=UTC)),
    ],
    ids=["Monday before seven", "Monday at seven", "Sunday at midnight"],
)
def test_weekly_digest_is_of_the_last_monday(now, left):
    assert morning(now, weekly=True) == left


@pytest.mark.parametrize(
    ("zone", "hour"), [("Asia/Tokyo", 22), ("America/New_York", 11), ("UTC", 7), ("", 5), ("Mars/Olympus", 5)]
)
def test_digest_leaves_in_the_readers_own_morning_else_in_that_of_brussels(zone, hour):
    assert morning(NOW, zone).astimezone(UTC).hour == hour


@pytest.mark.parametrize(
    ("day", "utc"), [(datetime(2027, 3, 28, 12, tzinfo=UTC), 5), (datetime(2027, 3, 27, 12, tzinfo=UTC), 6)]
)
def test_digest_leaves_at_seven_also_when_the_clocks_have_changed(day, utc):
    assert morning(day).astimezone(UTC).hour == utc


@pytest.mark.parametrize(
    ("rhythm", "state"),
    [(None, "waiting"), ("at_once", "waiting"), ("daily", "digest"), ("weekly", "digest"), ("never", "cancelled")],
)
def test_a_mail_waits_is_held_or_is_not_wanted_by_the_persons_rhythm(rhythm, state):
    assert actions._first_state(rhythm) == state


def test_every_rhythm_that_can_be_chosen_has_a_first_state():
    assert {actions._first_state(rhythm) for rhythm in Preference.Rhythm} == {"waiting", "digest", "cancelled"}


def test_message_is_known_by_person_and_event():
    one = actions.Message(recipient=User(pk=5), subject="a", body="b", key="offer:1")

    assert one.name == (5, "offer:1")


# the outbox as a machine


@pytest.mark.parametrize("name", Delivery.TRANSITIONS)
def test_delivery_moves_from_the_states_of_its_table(name):
    sources, _target = Delivery.TRANSITIONS[name]

    assert {state for state in Delivery.State if Delivery(state=state).can(name)} == sources


def test_delivery_that_left_or_is_unwanted_moves_no_more():
    for state in ("sent", "cancelled"):
        assert not any(Delivery(state=state).can(name) for name in Delivery.TRANSITIONS)


def test_delivery_is_over_or_not_over_and_every_state_is_one_of_both():
    over = {Delivery.State.SENT, Delivery.State.CANCELLED}

    assert {*Delivery.State.not_over} == {*Delivery.State} - over


ANNA = User(pk=5, email="anna@kth.example")


def of_notice(topic):
    return Delivery(notice=Notice(recipient=ANNA, topic=topic, subject="Told"))


@pytest.mark.parametrize("topic", Topic)
def test_office_reads_no_words_about_anybodys_file(topic):
    assert of_notice(topic).is_open_to_the_office == (topic not in {"applications", "desk"})


@pytest.mark.parametrize(
    ("letter", "is_open"),
    [
        (Letter(address="new@kth.example"), True),
        (Letter(address="new@kth.example", is_secret=True), False),
        (Letter(address="anna@kth.example", recipient=ANNA), False),
    ],
    ids=["an invitation", "a link that opens an account", "a digest"],
)
def test_office_reads_no_secret_and_no_digest(letter, is_open):
    assert Delivery(letter=letter).is_open_to_the_office == is_open


def test_delivery_says_what_it_carries_and_to_whom():
    notice, letter = (
        of_notice("people"),
        Delivery(letter=Letter(address="new@kth.example", subject="Come"), state="sent"),
    )

    assert (notice.address, str(notice)) == ("anna@kth.example", "Waiting: Told")
    assert (letter.address, str(letter)) == ("new@kth.example", "Sent: Come")


# what leaves


@pytest.mark.parametrize(
    ("path", "link"),
    [("/people/", "https://portal.example/people/"), ("https://eu.example/call", "https://eu.example/call")],
)
def test_link_works_from_outside(settings, path, link):
    settings.PUBLIC_URL = "https://portal.example"

    assert mails.absolute(path) == link


@pytest.mark.parametrize(
    ("sender", "host"),
    [
        ("CLUSTER portal <portal@cluster.example>", "cluster.example"),
        ("portal@cluster.example", "cluster.example"),
        ("", "portal.example"),
    ],
)
def test_message_id_is_the_same_for_every_attempt_and_names_our_host(settings, sender, host):
    settings.DEFAULT_FROM_EMAIL, settings.PUBLIC_URL = sender, "https://portal.example"
    notice = Notice()

    assert mails.message_id(notice) == mails.message_id(notice) == f"<notice.{notice.reference}@{host}>"
    assert mails.message_id(Letter()).startswith("<letter.")


def test_link_that_stops_mails_is_read_back_without_topics_that_are_gone():
    token = mails.unsubscribe_url(5, ["people", "vanished"]).rstrip("/").rpartition("/")[2]

    assert mails.read_unsubscribe(token) == (5, ["people"])


@pytest.mark.parametrize("token", ["", "x", "abc:def:ghi", signing.dumps([5, ["people"]], salt="another")])
def test_link_that_stops_mails_cannot_be_made_elsewhere(token):
    with pytest.raises(signing.BadSignature):
        mails.read_unsubscribe(token)


def test_notices_are_grouped_in_the_order_of_their_first():
    notices = [Notice(topic="b", key=1), Notice(topic="a", key=2), Notice(topic="b", key=3)]

    grouped = mails._grouped(notices, by=lambda notice: notice.topic)

    assert {topic: [notice.key for notice in found] for topic, found in grouped.items()} == {"b": [1, 3], "a": [2]}
    assert [*grouped] == ["b", "a"]


# what was caught


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"Subject: a\n\nplain words", "plain words"),
        (b"Content-Type: text/html\n\n<p>Hello <b>you</b></p>", "Hello you"),
        (b"Content-Type: application/pdf\nContent-Transfer-Encoding: base64\n\nJVBERg==", ""),
    ],
)
def test_caught_mail_is_read_as_text_and_never_as_html(raw, text):
    mail = message_from_bytes(raw, policy=policy.default)

    assert catching.text_of(mail).strip() == text


def test_caught_mail_keeps_no_letter_that_the_database_cannot():
    assert catching._storable("a\x00b") == "ab"
    assert CaughtMail(recipients=["a@x.example", "b@x.example"]).to == "a@x.example, b@x.example"


# desks and calendars


def task(since, title="x"):
    return registries.Task(since=since, title=title, detail="", url="/", room="r", state="s")


def deadline(key, at):
    return registries.Deadline(
        key=key, at=at, time_zone="Europe/Stockholm", title=f"Deadline {key}", where="KTH", url="/rounds/", room="r",
        kind="round",
    )  # fmt: skip


def test_the_longest_waiting_task_stands_first(monkeypatch):
    monkeypatch.setattr(registries, "_task_providers", {})
    registries.register_tasks("one", lambda user, now: [task(NOW, "new"), task(NOW - DAY, "old")])
    registries.register_tasks("two", lambda user, now: [task(NOW - 9 * DAY, "oldest")])

    assert [found.title for found in registries.tasks_for(None, NOW)] == ["oldest", "old", "new"]


@pytest.mark.parametrize(("ahead", "is_told"), [(-SECOND, False), (0 * SECOND, True), (SECOND, True)])
def test_a_deadline_is_told_to_its_own_second(monkeypatch, ahead, is_told):
    monkeypatch.setattr(registries, "_deadline_providers", {"one": lambda user, now: [deadline("a", NOW + ahead)]})

    assert bool(registries.deadlines_for(None, NOW)) == is_told


def test_a_deadline_that_two_rooms_tell_is_told_once_and_the_nearest_first(monkeypatch):
    rooms = {
        "one": lambda user, now: [deadline("b", NOW + DAY), deadline("a", NOW + HOUR)],
        "two": lambda user, now: [deadline("b", NOW + DAY)],
    }
    monkeypatch.setattr(registries, "_deadline_providers", rooms)

    assert [found.key for found in registries.deadlines_for(None, NOW)] == ["a", "b"]


def occasion(uid, starts_at, **fields):
    return registries.Occasion(
        uid=uid, starts_at=starts_at, ends_at=starts_at + 2 * HOUR, time_zone="Europe/Stockholm", title="Assembly",
        where="KTH", url="https://kth.example/assembly", room="policy", when="", **fields,
    )  # fmt: skip


def test_occasions_at_one_moment_keep_an_order(monkeypatch):
    found = [occasion("b", NOW), occasion("a", NOW), occasion("c", NOW - DAY)]
    monkeypatch.setattr(registries, "_occasion_providers", {"one": lambda user, now: found})

    assert [each.uid for each in registries.occasions_for(None, NOW)] == ["c", "a", "b"]


def events(**dates):
    content = calendar_feeds.feed(
        name="CLUSTER", base="https://portal.example", now=NOW, **{"deadlines": [], "occasions": [], **dates}
    )
    return Calendar.from_ical(content).walk("VEVENT"), content


def test_a_deadline_in_a_calendar_is_a_moment_that_blocks_no_time():
    [event], _ = events(deadlines=[deadline("round:1", NOW)])

    assert event.decoded("dtstart") == NOW
    assert "dtend" not in event
    assert (event["transp"], str(event["url"])) == ("TRANSPARENT", "https://portal.example/rounds/")
    assert event["uid"] == calendar_feeds.uid_of(deadline("round:1", NOW + DAY).key), "moved, it is the same one"
    assert "round" not in event["uid"]


@pytest.mark.parametrize(
    ("fields", "starts", "ends", "status"),
    [
        ({}, NOW, NOW + 2 * HOUR, "CONFIRMED"),
        ({"is_exact": False}, NOW.date(), NOW.date() + DAY, "CONFIRMED"),
        ({"is_cancelled": True}, NOW, NOW + 2 * HOUR, "CANCELLED"),
    ],
    ids=["hours", "whole days", "cancelled"],
)
def test_an_occasion_in_a_calendar(fields, starts, ends, status):
    [event], _ = events(occasions=[occasion("assembly@kth", NOW, **fields)])

    assert (event.decoded("dtstart"), event.decoded("dtend"), event["status"]) == (starts, ends, status)
    assert (event["uid"], str(event["url"])) == ("assembly@kth", "https://kth.example/assembly")


def test_the_same_dates_are_the_same_bytes_all_day_long():
    dates = {"deadlines": [deadline("a", NOW + DAY)], "occasions": [occasion("b", NOW + DAY)]}
    morning_, evening = NOW.replace(hour=1), NOW.replace(hour=23)

    read = [
        calendar_feeds.feed(name="C", base="https://p.example", now=moment, **dates) for moment in (morning_, evening)
    ]

    assert read[0] == read[1]


def test_what_was_changed_says_when():
    changed = occasion("a", NOW, changed_at=NOW - DAY)

    [event], _ = events(occasions=[changed])

    assert (event.decoded("dtstamp"), event.decoded("last-modified")) == (NOW - DAY, NOW - DAY)


@pytest.mark.parametrize(("url", "webcal"), [("https://p.example/c.ics", "webcal://p.example/c.ics"), ("", "")])
def test_address_that_opens_a_calendar_program(url, webcal):
    assert _webcal(url) == webcal


def test_address_of_a_calendar_is_signed_and_names_our_host(settings):
    settings.PUBLIC_URL = "https://portal.example"
    one, other = CalendarAddress(user=ANNA), CalendarAddress(user=ANNA)

    assert one.token != other.token
    assert one.key.hex in one.token, "what is signed is the key: it is the signature that opens"
    assert _absolute(one.get_absolute_url()).startswith("https://portal.example/calendar/mine/")
    assert str(one) == "anna@kth.example"


# the clock


@pytest.mark.parametrize(
    ("schedule", "words"),
    [
        (30.0, "30 seconds"),
        (60.0, "1 minute"),
        (300.0, "5 minutes"),
        (crontab(minute="*/15"), "15 minutes"),
        (crontab(minute=5), "hour, at minute 5"),
    ],
)
def test_how_often_a_job_runs(schedule, words):
    assert _in_words(schedule) == words


def test_figures_of_the_outbox_are_numbers_with_words():
    found = _figures({"waiting": 1, "late": 2, "held": 3, "given_up": 4})

    assert [figure["value"] for figure in found] == [1, 2, 3, 4]


@pytest.mark.parametrize(("returned", "words"), [(None, ""), ("sent 3", "sent 3"), (0, "0"), (7, "7")])
def test_what_a_job_returned_in_words(returned, words):
    assert jobs._in_words(returned) == words


def test_every_job_of_the_clock_is_known_by_its_task():
    assert {"notifications.deliver_due", "members.purge"} <= jobs._jobs_of_the_clock()
    assert str(JobRun(name="members.purge")) == "members.purge"


# what waits for people


def test_an_office_is_passed_on_by_the_end_of_its_last_day_on_the_universitys_clock():
    university = University(pk=1, short_name="KTH", time_zone="Europe/Stockholm")
    ending = Mandate(person=ANNA, role="official", university=university, ends_on=NOW.date())

    found = people_tasks._pass_on(ending)

    assert found.due_at == datetime(2027, 4, 27, 23, 59, tzinfo=ZoneInfo("Europe/Stockholm"))
    assert found.since == found.due_at - people_tasks.SUCCESSOR_SOUGHT
    assert found.with_whom == "KTH"


# lists that are watched


def test_list_that_no_room_announces_is_none_and_its_searches_lead_nowhere():
    gone = SavedSearch(catalogue="vanished", query="q=a", name="My search")

    assert (watched_list("vanished"), gone.watched, gone.address, str(gone)) == (None, None, "", "My search")


@pytest.mark.parametrize(("query", "address"), [("", "/universities/"), ("q=kth", "/universities/?q=kth")])
def test_search_leads_to_its_list_as_it_was_narrowed(query, address):
    assert SavedSearch(catalogue="universities", query=query).address == address


def test_lists_come_by_their_keys():
    keys = [watched.key for watched in watched_lists()]

    assert keys == sorted(keys)
    assert all(isinstance(watched, WatchedList) and watched.url.startswith("/") for watched in watched_lists())


@pytest.mark.parametrize(
    ("length", "leads_to"),
    [(300 - len("/universities/?"), "/universities/?"), (301 - len("/universities/?"), "/notif")],
)
def test_way_back_fits_into_a_notice(length, leads_to):
    way = searches._way_back(SavedSearch(catalogue="universities", query="q" * length))

    assert way.startswith(leads_to)
    assert len(way) <= 300


@pytest.mark.parametrize("rhythm", ["daily", "weekly", "at_once"])
def test_every_rhythm_of_a_search_that_tells_has_its_pause(rhythm):
    pause = SavedSearch.Rhythm.pause[rhythm]

    assert pause == {"at_once": timedelta(0), "daily": DAY, "weekly": 7 * DAY}[rhythm]


# how people want to hear


def test_preferences_offer_every_topic_and_begin_with_at_once():
    form = PreferencesForm(chosen={"people": "weekly"})

    assert [*form.fields] == [*Topic.values]
    assert (form.fields["people"].initial, form.fields["desk"].initial) == ("weekly", "at_once")


@pytest.mark.parametrize(("rhythm", "is_taken"), [("weekly", True), ("hourly", False), ("", False)])
def test_preferences_take_the_rhythms_that_there_are(rhythm, is_taken):
    form = PreferencesForm(dict.fromkeys(Topic.values, "daily") | {"people": rhythm}, chosen={})

    assert form.is_valid() == is_taken
    assert [*form.errors] == ([] if is_taken else ["people"])


def test_preference_says_topic_and_rhythm():
    assert str(Preference(topic="people", rhythm="daily")) == "people: daily"
    assert SimpleNamespace(**Preference(topic="people").__dict__).rhythm == "at_once"
