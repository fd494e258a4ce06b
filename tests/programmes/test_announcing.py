"""What the room tells the others: addresses and requirements of seats, tasks, deadlines, a university's section."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils import timezone

from applications.eligibility import of_round
from applications.models import Option, Round, RoundOption
from applications.registries import not_barred_by_rooms, requirements_from_rooms
from members.models import University
from members.registries import sections_of
from notifications.registries import deadlines_for, tasks_for
from programmes import announcing
from programmes.models import Programme
from tests.factories.members import UniversityFactory, person_as, student_of
from tests.factories.programmes import (
    CourseFactory,
    IntakeFactory,
    ProgrammeCourseFactory,
    ProgrammeRequirementFactory,
    RevisionFactory,
    open_intake,
    programme_between,
)
from tests.programmes.test_models import make_round

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def kth():
    return UniversityFactory(slug="kth", short_name="KTH")


@pytest.fixture
def programme(kth):
    return programme_between(kth, UniversityFactory(slug="kit", short_name="KIT"), title="Mechatronics", slug="mecha")


@pytest.fixture
def one_way(programme, kth):
    """A round of the programme that anybody may enter, with seats from KTH to KIT only."""
    programme.pathways.exclude(home=kth).delete()
    intake = open_intake(programme)
    made = make_round(intake, opens_at=NOW - timedelta(days=1), state="published", for_own_students=False)
    RoundOption.objects.create(round=made, option=intake.seats.get().option_ptr)
    return made


@pytest.mark.parametrize(("slug", "takes"), [("kth", True), ("kit", False), ("upc", False)])
def test_round_is_for_students_of_the_homes_of_its_pathways(client, one_way, slug, takes):
    home = University.objects.filter(slug=slug).first() or UniversityFactory(slug=slug, short_name="UPC")
    student = student_of(home)
    client.force_login(student)

    start = client.get(reverse("applications:application_start", args=[one_way.slug]))
    page = client.get(one_way.get_absolute_url())

    sentence = "" if takes else f"Nothing in this round is for students of {home.short_name}."
    assert Round.objects.for_students_of(home).exists() is takes
    assert Round.objects.concerning([home], []).exists() is takes
    assert Round.objects.concerning([home], [one_way.university]).exists()
    assert str(start.context["hindrance"]) == sentence
    assert (page.context["turn"]["title"] == sentence) is not takes


def test_round_of_a_dual_degree_says_for_whom_it_is(client, one_way):
    assert "for students of the partners" in client.get(one_way.get_absolute_url()).content.decode()


def tasks_of(user, now=None):
    return [(task.title, task.detail) for task in tasks_for(user, now or timezone.now()) if task.room == "programmes"]


def test_option_knows_the_page_of_its_programme(programme, django_assert_num_queries):
    option = Option.objects.get(pk=open_intake(programme).seats.first().pk)

    with django_assert_num_queries(0):
        assert option.get_absolute_url() == "/programmes/mecha/"


def test_seats_ask_for_the_home_of_their_pathway_and_what_all_or_the_host_ask(programme, kth):
    ProgrammeRequirementFactory(programme=programme, position=0, number=60)
    ProgrammeRequirementFactory(programme=programme, position=1, number=90, asked_by=kth)
    seats = {str(row.pathway): row.pk for row in open_intake(programme).seats.all()}

    asked = requirements_from_rooms("dual_degree", seats.values())

    def words(pathway):
        return [(row.asks, str(row.home or row.number)) for row in asked[seats[pathway]]]

    assert words("KTH → KIT") == [("home", "KTH"), ("ects", "60.00")]
    assert words("KIT → KTH") == [("home", "KIT"), ("ects", "60.00"), ("ects", "90.00")]


@pytest.mark.parametrize("ects", [None, 60, 90])
@pytest.mark.parametrize("home", ["kth", "kit", "upc"])
def test_seats_that_suit_a_student_are_those_of_which_nothing_that_is_asked_blocks(programme, kth, home, ects):
    ProgrammeRequirementFactory(programme=programme, position=0, number=60)
    ProgrammeRequirementFactory(programme=programme, position=1, number=90, asked_by=kth)
    ProgrammeRequirementFactory(programme=programme, position=2, number=180, is_blocking=False)
    place = University.objects.filter(slug=home).first() or UniversityFactory(slug=home)
    profile = student_of(place, ects_earned=ects).student_profile
    intake = open_intake(programme)
    options = [seats.option_ptr for seats in intake.seats.all()]

    found = set(not_barred_by_rooms("dual_degree", Option.objects.all(), profile))

    judged = of_round(make_round(intake), options, profile, NOW.date()).of_options
    fitting = {o for o in options if not any(v.blocks or v.lacks_data for v in judged[o.pk])}
    assert found == fitting


@pytest.mark.parametrize("intakes", [1, 3])
def test_asking_takes_two_queries(programme, django_assert_num_queries, intakes):
    ProgrammeRequirementFactory(programme=programme)
    pks = [
        seats.pk
        for n in range(intakes)
        for seats in open_intake(programme, academic_year=2027 + n, key=f"{n}").seats.all()
    ]

    with django_assert_num_queries(2):
        requirements_from_rooms("dual_degree", pks)


def test_returned_version_is_a_task_of_the_directors(programme, kth):
    RevisionFactory(programme=programme, returned=True)
    RevisionFactory(programme=programme_between(), returned=True)

    assert tasks_of(person_as("director", kth)) == [("Change what the secretariat asked for", "Mechatronics")]


def test_submitted_version_is_a_task_of_the_secretariat(programme, kth):
    RevisionFactory(programme=programme, submitted=True)

    assert tasks_of(person_as("secretariat")) == [("Publish or return", "Mechatronics")]
    assert tasks_of(person_as("director", kth)) == []


@pytest.mark.parametrize(
    ("opens", "closes", "is_task"), [(59, 90, True), (61, 90, False), (-5, 5, True), (-9, -1, False)]
)
def test_intake_without_round_is_a_task_of_the_coordinating_director(programme, kth, opens, closes, is_task):
    now = timezone.now()
    IntakeFactory(programme=programme, opens_at=now + timedelta(days=opens), closes_at=now + timedelta(days=closes))
    expected = [("Make the application round", "Mechatronics, Autumn 2027/28")] if is_task else []

    assert tasks_of(person_as("director", kth), now) == expected
    assert tasks_of(person_as("director", programme.sides[1].university), now) == []


def test_intake_with_a_round_is_no_task(programme, kth):
    make_round(open_intake(programme))

    assert tasks_of(person_as("director", kth)) == []


def test_list_with_an_ended_course_is_a_task_of_the_directors(programme, kth):
    for last_year in (2020, 2021, 2090, None):
        course = CourseFactory(university=kth, last_year=last_year)
        ProgrammeCourseFactory(programme=programme, course=course)

    [task] = announcing.tasks_for(person_as("director", kth), timezone.now())

    assert (task.title, task.url) == ("Name other courses", f"/programmes/{programme.slug}/courses/")
    assert task.detail == f"{programme.title}: 2 courses of the list are not taught any more"
    assert tasks_of(person_as("director")) == []


def test_list_of_a_draft_is_no_task(programme, kth):
    ProgrammeCourseFactory(programme=programme, course=CourseFactory(university=kth, ended=True))
    Programme.objects.update(state=Programme.State.DRAFT)

    assert tasks_of(person_as("director", kth)) == []


@pytest.mark.parametrize("somebody", [AnonymousUser, student_of])
def test_others_have_no_task_here(programme, somebody):
    RevisionFactory(programme=programme, submitted=True)

    assert announcing.tasks_for(somebody(), timezone.now()) == []


@pytest.mark.parametrize("programmes", [1, 3])
def test_tasks_query_count(kth, django_assert_num_queries, programmes):
    for _ in range(programmes):
        found = programme_between(kth)
        open_intake(found)
        RevisionFactory(programme=found, returned=True)
        ProgrammeCourseFactory(programme=found, course__ended=True)
    director = person_as("director", kth)

    # mandates 1, returned 1, without a round 1, lists with ended courses 1, permissions of the secretariat 2
    with django_assert_num_queries(6):
        assert len(announcing.tasks_for(director, timezone.now())) == 3 * programmes


def test_windows_of_published_programmes_are_public_deadlines(programme):
    intake = open_intake(programme)
    open_intake(programme_between(state="draft"))
    open_intake(programme_between(listing="link_only"))
    IntakeFactory(programme=programme_between(), over=True)

    found = [d for d in deadlines_for(AnonymousUser(), timezone.now()) if d.room == "programmes"]

    assert [(d.key, d.at, d.time_zone, d.title, d.where, d.url) for d in found] == [
        (
            "intake:mecha:2027-autumn",
            intake.closes_at,
            "Europe/Brussels",
            "Mechatronics: applications close",
            "KTH with KIT",
            "/programmes/mecha/#2027-autumn",
        )
    ]


@pytest.mark.parametrize(("state", "is_told"), [("draft", True), ("published", False), ("closed", False)])
def test_public_round_announces_itself(programme, state, is_told):
    make_round(open_intake(programme), state=state)

    found = [d.key for d in deadlines_for(AnonymousUser(), timezone.now()) if d.key.startswith("intake:")]

    assert bool(found) is is_told


@pytest.mark.parametrize("programmes", [1, 3])
def test_deadlines_query_count(django_assert_num_queries, programmes):
    for _ in range(programmes):
        open_intake(programme_between())

    with django_assert_num_queries(3):
        announcing.deadlines_for(AnonymousUser(), timezone.now())


def test_university_page_lists_its_programmes(programme, kth):
    programme_between()
    programme_between(kth, state="draft")

    (section,) = [s for s in sections_of(kth, AnonymousUser(), NOW) if s.room == "programmes"]

    assert [(row.title, row.url, row.detail) for row in section.rows] == [
        ("Mechatronics", "/programmes/mecha/", "Master · KTH with KIT")
    ]
    assert (section.total, section.more_url) == (1, "/programmes/?side=kth")


def test_the_directory_finds_universities_with_dual_degrees_that_are_published(client, programme, kth):
    UniversityFactory(member=True, slug="upc")
    programme_between(UniversityFactory(slug="epfl"), UniversityFactory(slug="tcd"), state="draft")

    page = client.get(reverse("members:university_list"), {"dual": "yes"})

    assert sorted(row.slug for row in page.context["page_obj"]) == ["kit", "kth"]
