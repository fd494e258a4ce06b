"""Home and dashboard: what they show to whom, and what they cost whatever the number of rows."""

import pytest
from django.urls import reverse

from tests.factories.applications import ApplicationFactory, OptionFactory, RoundFactory
from tests.factories.members import UniversityFactory, UserFactory, person_as, student_of
from tests.factories.programmes import programme_between

pytestmark = pytest.mark.django_db


def members(count):
    return [UniversityFactory(member=True, placed=True) for _ in range(count)]


def test_home_counts_what_is_there(client):
    one, other = members(2)
    programme_between(one, other)
    OptionFactory(round=RoundFactory(open=True), places=4)
    OptionFactory(round=RoundFactory(closed=True), places=9)

    response = client.get(reverse("home"))

    assert [figure["value"] for figure in response.context["figures"]] == [2, 0, 1, 4, 1]
    assert len(response.context["map"].arcs) == 1


def test_home_without_anything_says_so(client):
    response = client.get(reverse("home"))

    assert "No round is open or coming just now." in response.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_home_query_count(client, count, django_assert_num_queries):
    for university in members(count):
        OptionFactory(round=RoundFactory(open=True, university=university))
        programme_between(university, UniversityFactory(member=True, placed=True))

    with django_assert_num_queries(9):
        client.get(reverse("home"))


def test_newcomer_is_told_where_to_begin(client):
    client.force_login(UserFactory())

    response = client.get(reverse("dashboard"))

    assert [step["url"] for step in response.context["next_steps"]] == [reverse("people:profile")]


def test_office_sees_what_waits_the_longest_first(client):
    university = UniversityFactory(member=True)
    round = RoundFactory(open=True, university=university)
    ApplicationFactory(round=round, submitted=True)
    client.force_login(person_as("exchange", university))

    tasks = client.get(reverse("dashboard")).context["tasks"]

    assert [task.since for task in tasks] == sorted(task.since for task in tasks)
    assert round.title in [task.detail for task in tasks]


def test_student_sees_the_own_draft_and_nobody_elses(client):
    university = UniversityFactory(member=True)
    round = RoundFactory(open=True, university=university)
    student = student_of(university)
    mine = ApplicationFactory(round=round, applicant=student)
    other = ApplicationFactory(round=round)
    client.force_login(student)

    urls = " ".join(task.url for task in client.get(reverse("dashboard")).context["tasks"])

    assert (mine.reference in urls, other.reference in urls) == (True, False)


@pytest.mark.parametrize("address", ["/practices/%00/", "/applications/EX-%00/", "/funding/interests/%00/edit/"])
@pytest.mark.parametrize("who", ["visitor", "secretariat"])
def test_address_with_a_nul_is_not_there(client, address, who):
    if who == "secretariat":
        client.force_login(person_as(who))

    assert client.get(address).status_code == 404


def test_home_leaves_out_what_was_archived(client):
    """Its membership runs on, so that it can be brought back; the map would lead visitors nowhere."""
    UniversityFactory(member=True, placed=True)
    gone = UniversityFactory(member=True, placed=True, archived=True, city="Atlantis")

    page = client.get(reverse("home"))

    assert page.context["member_count"] == 1
    assert gone.get_absolute_url() not in page.content.decode()
