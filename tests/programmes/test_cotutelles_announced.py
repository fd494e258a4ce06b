"""What cotutelles tell the rest of the portal: tasks, deadlines, reminders; what the administration sees of them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils import timezone

from notifications.models import Notice
from notifications.registries import deadlines_for, tasks_for
from programmes.actions import cotutelles as actions
from programmes.cotutelles import announcing, reminders
from programmes.models import Cotutelle
from programmes.tasks import remind
from tests.factories.members import UniversityFactory, UserFactory, person_as
from tests.factories.programmes import CotutelleSupervisorFactory, cotutelle_in

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def kth():
    return UniversityFactory(slug="kth", short_name="KTH", member=True)


@pytest.fixture
def polito():
    return UniversityFactory(slug="polito", short_name="PoliTO", member=True)


def waiting(cotutelle, days):
    Cotutelle.objects.filter(pk=cotutelle.pk).update(state_since=NOW - timedelta(days=days))
    return cotutelle


# Tasks and deadlines


@pytest.mark.parametrize(
    ("state", "who"),
    [
        ("draft", {"candidate"}), ("sent_back", {"candidate"}), ("requested", {"home", "partner"}),
        ("home_agreed", {"partner"}), ("partner_agreed", {"home"}), ("convention", {"home", "partner"}),
        ("signed", {"home", "partner"}), ("running", set()), ("defended", set()), ("refused", set()),
    ],
)  # fmt: skip
def test_the_task_is_with_whoever_has_to_act(kth, polito, state, who):
    cotutelle = cotutelle_in(state, home=kth, partner=polito)
    people = {
        "candidate": cotutelle.candidate,
        "home": person_as("coordinator", kth),
        "partner": person_as("official", polito),
        "supervisor": UserFactory(),
        "elsewhere": person_as("coordinator"),
        "secretariat": person_as("secretariat"),
    }
    CotutelleSupervisorFactory(cotutelle=cotutelle, user=people["supervisor"])

    found = {name for name, person in people.items() if [*announcing.tasks(person, NOW)]}

    assert found == who
    assert not [*announcing.tasks(AnonymousUser(), NOW)]


def test_a_task_says_what_and_with_whom(kth, polito):
    cotutelle = cotutelle_in("requested", home=kth, partner=polito)
    desk = person_as("coordinator", kth)

    [task] = [task for task in tasks_for(desk, NOW) if task.url == cotutelle.get_absolute_url()]

    assert (task.title, task.with_whom, task.state) == ("Decide about a cotutelle", "KTH – PoliTO", "Opening requested")
    assert task.detail == f"{cotutelle.candidate}: {cotutelle.title}"


@pytest.mark.parametrize("files", [1, 3])
def test_tasks_take_one_query(kth, django_assert_num_queries, files):
    for _ in range(files):
        cotutelle_in("requested", home=kth)
    desk = person_as("coordinator", kth)
    assert desk.every_mandate

    with django_assert_num_queries(1):
        assert len([*announcing.tasks(desk, NOW)]) == files


def test_the_planned_end_is_a_deadline_of_the_candidate_alone(kth):
    cotutelle = cotutelle_in("running", home=kth)
    desk = person_as("coordinator", kth)

    own = [d for d in deadlines_for(cotutelle.candidate, NOW) if d.kind == "cotutelle"]

    assert [(d.title, d.url) for d in own] == [("Planned end of your doctorate", cotutelle.get_absolute_url())]
    for other in (desk, None, AnonymousUser()):
        assert not [d for d in deadlines_for(other, NOW) if d.kind == "cotutelle"]


@pytest.mark.parametrize(
    ("zone", "hours", "is_ahead"),
    [("America/Los_Angeles", 5, True), ("America/Los_Angeles", 9, False), ("Asia/Shanghai", -1, False)],
)
def test_the_planned_end_lasts_as_long_as_its_day_at_home(zone, hours, is_ahead):
    cotutelle = cotutelle_in("running", home__time_zone=zone, ends_on=date(2030, 1, 31))
    midnight = datetime(2030, 2, 1, tzinfo=UTC)

    found = list(announcing.deadlines(cotutelle.candidate, midnight + timedelta(hours=hours)))

    assert bool(found) == is_ahead


# Reminders


@pytest.mark.parametrize(("days", "is_told"), [(20, False), (21, True)])
def test_a_file_that_waits_three_weeks_is_told_to_the_side_it_waits_for(kth, polito, days, is_told):
    waiting(cotutelle_in("home_agreed", home=kth, partner=polito), days)
    home, partner = person_as("coordinator", kth), person_as("coordinator", polito)

    reminders.send_due(NOW)

    assert (home.notices.exists(), partner.notices.exists()) == (False, is_told)


def test_a_request_that_waits_is_told_to_both_sides_and_to_nobody_else(kth, polito):
    cotutelle = waiting(cotutelle_in("requested", home=kth, partner=polito), 21)
    told = [person_as("coordinator", kth), person_as("official", polito)]
    others = [cotutelle.candidate, person_as("director", kth), person_as("coordinator")]

    reminders.send_due(NOW)

    assert [person.notices.count() for person in told + others] == [1, 1, 0, 0, 0]


def test_it_is_told_once_and_again_after_three_more_weeks(kth):
    cotutelle = waiting(cotutelle_in("sent_back", home=kth), 22)

    first, again = reminders.send_due(NOW), reminders.send_due(NOW)
    later = reminders.send_due(NOW + timedelta(days=21))

    assert (first, again, later) == (1, 0, 1)
    assert [notice.subject.partition(" ")[2] for notice in cotutelle.candidate.notices.order_by("pk")] == [
        "has waited for you for 22 days", "has waited for you for 43 days",
    ]  # fmt: skip


def test_a_draft_that_is_left_alone_is_left_alone(kth):
    cotutelle = waiting(cotutelle_in("draft", home=kth), 70)

    assert [reminders.send_due(NOW + timedelta(days=days)) for days in (0, 21, 42)] == [1, 0, 0]
    assert cotutelle.candidate.notices.get().topic == "applications"


@pytest.mark.parametrize("state", ["running", "refused", "defended"])
def test_what_waits_for_nobody_is_not_told(kth, state):
    waiting(cotutelle_in(state, home=kth), 100)
    person_as("coordinator", kth)

    assert remind() == 0


@pytest.mark.parametrize(("days", "told"), [(-1, 0), (20, 3), (100, 3), (181, 0)])
def test_a_planned_end_is_told_to_everybody_in_the_file_once(kth, days, told):
    cotutelle = cotutelle_in("running", home=kth, ends_on=timezone.localdate() + timedelta(days=days))
    CotutelleSupervisorFactory(cotutelle=cotutelle, user=UserFactory())
    person_as("coordinator", kth)

    assert (reminders.send_due(NOW), reminders.send_due(NOW)) == (told, 0)


# The administration


@pytest.mark.ignore_template_errors
def test_the_administration_lists_files_and_opens_none(client):
    cotutelle = cotutelle_in("requested", title="Turbulence of bees", candidate=UserFactory(family_name="Honeycomb"))
    client.force_login(UserFactory(administrator=True))
    listed = client.get(reverse("admin:programmes_cotutelle_changelist"), {"q": cotutelle.reference})
    papers = client.get(reverse("admin:programmes_cotutellefile_changelist"))
    opened = client.get(reverse("admin:programmes_cotutelle_change", args=[cotutelle.pk]))
    actions.withdraw(cotutelle=cotutelle, reason="No more bees.", by=cotutelle.candidate, now=NOW)
    log = client.get(reverse("admin:members_act_changelist"))

    page = listed.content.decode() + papers.content.decode() + log.content.decode()
    assert (listed.status_code, papers.status_code, opened.status_code) == (200, 200, 302)
    assert (cotutelle.reference in page, "bees" in page, "Honeycomb" in page) == (True, False, False)


def test_notices_about_files_are_closed_to_the_office(kth):
    cotutelle = cotutelle_in("draft", home=kth)
    person_as("coordinator", kth)

    actions.request_opening(cotutelle=cotutelle, by=cotutelle.candidate, now=NOW)
    reminders.send_due(NOW + timedelta(days=22))

    assert {notice.topic for notice in Notice.objects.all()} == {"applications", "desk"}
