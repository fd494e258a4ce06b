"""What funding announces elsewhere: tasks, deadlines, reminders, calendar files, feed, searches, personal data."""

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
from django.contrib.auth.models import AnonymousUser
from icalendar import Calendar

from funding import announcing, calendar_file, held_of_people, reminders, tasks
from funding.models import Call, CallFollow, CallStage, Interest
from members.personal_data import all_holdings
from notifications.models import Notice
from tests.factories.funding import CallFactory, FollowFactory, FundingProgrammeFactory, InterestFactory, StageFactory
from tests.factories.members import MandateFactory, UniversityFactory, UserFactory

NOW = datetime(2027, 3, 2, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def published(**stage):
    """A published call with one stage."""
    stage = {"opens_at": None, "deadline": NOW + timedelta(days=30)} | stage
    return StageFactory(call=CallFactory(state="published", title="Engines"), **stage)


def told(person):
    return list(Notice.objects.filter(recipient=person).order_by("pk").values_list("subject", flat=True))


# Tasks


def titles(user, now=NOW):
    return [(task.title, task.with_whom) for task in announcing.tasks(user, now)]


@pytest.mark.django_db
def test_nothing_waits_for_visitors_and_for_people_without_a_desk() -> None:
    CallFactory(proposed=True)
    CallFactory(drafted=True, office=UniversityFactory())

    assert titles(AnonymousUser()) == titles(UserFactory()) == []


@pytest.mark.django_db
def test_a_draft_waits_for_its_own_office_and_a_proposal_no_more() -> None:
    office = UniversityFactory(short_name="KTH")
    officer = MandateFactory(grants=True, university=office).person
    CallFactory(drafted=True, office=office)
    CallFactory(proposed=True, office=office)
    CallFactory(drafted=True, office=UniversityFactory())
    CallFactory(drafted=True)

    assert titles(officer) == [("Finish your call and propose it", "KTH")]


@pytest.mark.django_db
def test_the_secretariat_looks_through_what_waits_longest_first_with_or_without_an_office() -> None:
    secretariat = MandateFactory(secretariat=True).person
    CallFactory(proposed=True, state_since=NOW, office=UniversityFactory(short_name="KTH"))
    CallFactory(proposed=True, state_since=NOW - timedelta(days=1))
    CallFactory(drafted=True)

    assert titles(secretariat) == [("Look through a proposed call", ""), ("Look through a proposed call", "KTH")]


@pytest.mark.django_db
def test_who_sits_at_both_desks_has_both_kinds_of_task() -> None:
    mandate = MandateFactory(grants=True)
    MandateFactory(secretariat=True, person=mandate.person)
    CallFactory(proposed=True)
    CallFactory(drafted=True, office=mandate.university)

    assert len(titles(mandate.person)) == 2


@pytest.mark.django_db
def test_a_desk_is_asked_for_on_the_day() -> None:
    mandate = MandateFactory(grants=True, starts_on=NOW.date())
    CallFactory(drafted=True, office=mandate.university)

    assert (len(titles(mandate.person, NOW)), titles(mandate.person, NOW - timedelta(days=1))) == (1, [])


# Deadlines


def deadlines(user, now=NOW):
    return [(found.key, found.at) for found in announcing.deadlines(user, now)]


@pytest.mark.django_db
@pytest.mark.parametrize("user", [None, AnonymousUser()], ids=["no user", "a visitor"])
def test_everybody_is_told_of_deadlines_of_what_is_open(user) -> None:
    first = published(deadline=NOW + SECOND)
    open_now = published(opens_at=NOW)
    published(opens_at=NOW + SECOND)
    published(deadline=NOW)
    CallFactory(drafted=True)

    assert deadlines(user) == [
        (f"call-stage:{stage.pk}", stage.deadline) for stage in (first, open_now)
    ]  # fmt: skip


@pytest.mark.django_db
def test_who_follows_is_told_of_what_opens_later_too_and_of_nothing_else() -> None:
    later = published(opens_at=NOW + timedelta(days=1))
    published()
    follow = FollowFactory(call=later.call)

    assert deadlines(follow.user) == [(f"call-stage:{later.pk}", later.deadline)]
    assert deadlines(UserFactory()) == []


@pytest.mark.django_db
def test_a_call_that_was_put_away_is_no_deadline_also_for_who_follows_it() -> None:
    follow = FollowFactory(call=published().call)
    Call.objects.update(state="archived")

    assert deadlines(follow.user) == deadlines(None) == []


@pytest.mark.django_db
def test_a_deadline_says_whose_clock_counts_and_where_its_file_is() -> None:
    stage = published(time_zone="America/Toronto")

    [found] = announcing.deadlines(None, NOW)

    assert (found.time_zone, found.title, found.where) == ("America/Toronto", "Engines", "Horizon Europe")
    assert found.calendar_url == f"/funding/calls/{stage.call.slug}/deadlines.ics"


# Reminders


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("ahead", "marks"),
    [
        (timedelta(0), []),
        (SECOND, ["1d"]),
        (timedelta(days=1), ["1d"]),
        (timedelta(days=1) + SECOND, ["7d"]),
        (timedelta(days=7), ["7d"]),
        (timedelta(days=7) + SECOND, []),
    ],
    ids=["closing now", "a second", "a day", "a second more", "a week", "a second more than that"],
)
def test_a_deadline_is_told_at_the_nearer_distance_and_at_one_alone(ahead, marks) -> None:
    follow = FollowFactory(call=published(deadline=NOW + ahead).call)

    reminders.send_due(NOW)

    keys = Notice.objects.filter(recipient=follow.user).values_list("key", flat=True)
    assert [key.rpartition(":")[2] for key in keys] == marks


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("ago", "count"),
    [(-SECOND, 0), (timedelta(0), 1), (timedelta(days=2) - SECOND, 1), (timedelta(days=2), 0)],
    ids=["opens in a second", "opens now", "two days less a second", "two days"],
)
def test_an_opening_is_told_within_two_days(ago, count) -> None:
    FollowFactory(call=published(opens_at=NOW - ago).call)

    assert reminders.send_due(NOW) == count


@pytest.mark.django_db
def test_an_opening_says_until_when_and_on_whose_clock_where_that_is_known() -> None:
    known = FollowFactory(call=published(opens_at=NOW, time_zone="America/Toronto").call).user
    unknown = FollowFactory(call=published(opens_at=NOW, deadline=None).call).user

    reminders.send_due(NOW)

    bodies = [Notice.objects.get(recipient=person).body for person in (known, unknown)]
    assert bodies == [
        "A call you follow has opened: Stage 1. Proposals are taken until 1 April 2027, 08:00 (Toronto).",
        "A call you follow has opened: Stage 1.",
    ]


@pytest.mark.django_db
def test_each_follower_is_reminded_and_a_closed_account_is_not() -> None:
    stage = published(deadline=NOW + timedelta(hours=3))
    FollowFactory.create_batch(2, call=stage.call)
    FollowFactory(call=stage.call, user__is_active=False)

    assert [reminders.send_due(NOW) for _run in range(2)] == [2, 0]


@pytest.mark.django_db
def test_two_stages_of_one_call_are_two_deadlines() -> None:
    stage = published(deadline=NOW + timedelta(hours=3))
    StageFactory(call=stage.call, number=2, name="Full proposal", opens_at=None, deadline=NOW + timedelta(days=3))
    follower = FollowFactory(call=stage.call).user

    reminders.send_due(NOW)

    bodies = sorted(Notice.objects.filter(recipient=follower).values_list("body", flat=True))
    assert [body.partition(" closes on ")[0] for body in bodies] == ["Full proposal", "Stage 1"]


@pytest.mark.django_db
def test_the_job_says_how_many_were_told() -> None:
    FollowFactory(call=CallFactory(open=True))

    assert tasks.remind() == 0
    CallStage.objects.update(deadline=datetime.now(UTC) + timedelta(hours=1))
    assert tasks.remind() == 1


# The calendar file


def file_of(call, *stages):
    return Calendar.from_ical(calendar_file.stages_of(call, stages, "https://portal.example/c/", NOW))


def test_an_entry_says_whose_clock_decides_and_rings_a_week_before() -> None:
    call = CallFactory.build(slug="engines", title="Engines", version=3, programme=FundingProgrammeFactory.build())

    [entry] = file_of(call, CallStage(number=2, deadline=NOW, time_zone="America/Toronto")).walk("VEVENT")

    assert (entry["sequence"], entry["url"]) == (3, "https://portal.example/c/")
    assert entry["summary"] == "Stage 2 closes: Engines"
    assert entry["description"] == "Closes on 2 March 2027, 07:00 (Toronto). The funder's clock decides."
    [alarm] = entry.walk("VALARM")
    assert (alarm["action"], alarm["trigger"].to_ical() if hasattr(alarm["trigger"], "to_ical") else "") == (
        "DISPLAY", b"-P7D",
    )  # fmt: skip


def test_a_call_without_deadlines_is_a_calendar_without_entries() -> None:
    call = CallFactory.build(slug="engines", programme=FundingProgrammeFactory.build())

    assert file_of(call, CallStage(opens_at=NOW)).walk("VEVENT") == []


@pytest.mark.django_db
def test_the_file_of_a_draft_is_not_there_for_others(client) -> None:
    call = CallFactory(drafted=True, office=UniversityFactory())
    address = f"{call.get_absolute_url()}deadlines.ics"

    found = [client.get(address).status_code]
    client.force_login(MandateFactory(grants=True, university=call.office).person)
    found.append(client.get(address).status_code)

    assert found == [404, 200]


# The feed


@pytest.mark.django_db
def test_the_feed_holds_what_is_published_dated_by_its_last_news(client) -> None:
    older = CallFactory(open=True, title="Older", published_at=NOW - timedelta(days=9), news_at=NOW)
    CallFactory(open=True, title="Newer", published_at=NOW - timedelta(days=1))
    CallFactory(proposed=True, title="Proposed")

    feed = ElementTree.fromstring(client.get("/funding/calls/new.atom").content)  # noqa: S314 our own answer

    atom = "{http://www.w3.org/2005/Atom}"
    entries = {
        entry.find(f"{atom}title").text: entry.find(f"{atom}updated").text for entry in feed.iter(f"{atom}entry")
    }
    assert list(entries) == ["Newer", "Older"]
    assert datetime.fromisoformat(entries["Older"]) == older.news_at


# What is held of people


def holding(key):
    return next(found for found in all_holdings() if found.key == key)


@pytest.mark.django_db
def test_a_person_reads_their_own_interests_and_follows_and_nobody_elses() -> None:
    interest = InterestFactory(call__title="Engines", message="We look for partners.", person_months=12)
    FollowFactory(call=interest.call, user=interest.person)
    InterestFactory(call=interest.call)
    FollowFactory(call=interest.call)

    [row] = holding("interests").rows(interest.person)
    [follow] = holding("followed-calls").rows(interest.person)

    assert (row["call"], row["message"], row["person_months"]) == ("Engines", "We look for partners.", 12)
    assert follow["call"] == "Engines"
    assert [holding(key).count(interest.person) for key in ("interests", "followed-calls")] == [1, 1]


@pytest.mark.django_db
def test_erasing_takes_withdrawn_interests_too_and_leaves_those_of_others() -> None:
    interest = InterestFactory(withdrawn=True)
    other = InterestFactory(call=interest.call)
    FollowFactory(call=interest.call, user=interest.person)
    kept = FollowFactory(call=interest.call)

    erased = held_of_people.erase_interests(interest.person, NOW)
    holding("followed-calls").erase(interest.person, NOW)

    assert erased == 1
    assert (list(Interest.objects.all()), list(CallFollow.objects.all())) == ([other], [kept])


# The sets


@pytest.mark.django_db
def test_sets_of_calls_say_what_they_are_called() -> None:
    office = UniversityFactory()
    officer = MandateFactory(grants=True, university=office).person
    ours, open_one = CallFactory(office=office), CallFactory(open=True)
    closed, later = CallFactory(closed=True), CallFactory(forthcoming=True)
    FollowFactory(call=closed, user=officer)
    now = datetime.now(UTC)

    assert set(Call.objects.kept_by(officer)) == {ours}
    assert set(Call.objects.followed_by(officer)) == {closed}
    assert set(Call.objects.published().not_closed(now)) == {open_one, later}
    assert set(Call.objects.visible_to(AnonymousUser())) == {open_one, closed, later}
    assert list(Interest.objects.visible_to(AnonymousUser())) == []
