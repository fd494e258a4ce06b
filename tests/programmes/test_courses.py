"""Courses of universities: what the rows refuse, what they say, who keeps them, what happens when they do."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from members.academic_years import running_on, words
from members.acts import Conflict, Refused
from members.models import Act, Field
from programmes import actions
from programmes.models import Course, CourseImport, ProgrammeCourse
from tests.factories.members import FieldFactory, UnitFactory, UniversityFactory, UserFactory, person_as, student_of
from tests.factories.programmes import (
    CourseFactory,
    CourseImportFactory,
    PathwayFactory,
    ProgrammeCourseFactory,
    programme_between,
)

pytestmark = pytest.mark.django_db
KEEPERS = ["coordinator", "exchange", "official"]
RUNNING = running_on(timezone.localdate())


def refuses(constraint):
    return pytest.raises(IntegrityError, match=constraint)


# constraints: each is broken once, past the forms


@pytest.mark.parametrize(
    ("constraint", "columns"),
    [
        ("programmes_course_level_known", {"level": "diploma"}),
        ("a_course_has_half_credits_up_to_60", {"ects": 0}),
        ("a_course_has_half_credits_up_to_60", {"ects": Decimal("60.5")}),
        ("a_course_has_half_credits_up_to_60", {"ects": Decimal("7.4")}),
        ("a_course_is_taught_in_a_term", {"terms": []}),
        ("a_course_is_taught_in_a_term", {"terms": ["winter"]}),
        ("a_full_year_course_names_no_other_term", {"terms": ["year", "autumn"]}),
        ("a_course_is_taught_in_a_language", {"languages": []}),
        ("a_course_is_taught_in_a_language", {"languages": ["xx"]}),
        ("a_course_has_code_and_title", {"code": ""}),
        ("a_course_has_code_and_title", {"title": ""}),
        ("programmes_course_first_year_before_last_year", {"first_year": 2027, "last_year": 2026}),
    ],
    ids=str,
)
def test_course_refuses(constraint, columns):
    course = CourseFactory()

    with refuses(constraint), transaction.atomic():
        Course.objects.filter(pk=course.pk).update(**columns)


def test_code_stands_once_at_a_university_whatever_its_capitals():
    course = CourseFactory(code="EL2520")

    with refuses("a_course_code_once_per_university"), transaction.atomic():
        CourseFactory(university=course.university, code="el2520")

    assert CourseFactory(code="EL2520").university != course.university


def test_unit_is_one_of_the_university():
    course, elsewhere = CourseFactory(), UnitFactory()

    with refuses("The unit belongs to another university than the course"), transaction.atomic():
        Course.objects.filter(pk=course.pk).update(unit=elsewhere)
    course.unit = elsewhere
    with pytest.raises(ValidationError, match="This unit belongs to another university"):
        course.full_clean()


def test_unit_that_goes_leaves_the_course():
    unit = UnitFactory()
    course = CourseFactory(university=unit.university, unit=unit)

    unit.delete()

    course.refresh_from_db()
    assert course.unit is None


@pytest.mark.parametrize(
    ("constraint", "columns"),
    [
        ("programmes_programmecourse_part_known", {"part": "optional"}),
        ("a_listed_course_has_a_semester_of_twelve", {"semester": 13}),
        ("a_listed_course_has_a_semester_of_twelve", {"semester": 0}),
        ("only_electives_stand_in_a_group", {"part": "compulsory", "group": "Choose two"}),
    ],
    ids=str,
)
def test_list_refuses(constraint, columns):
    row = ProgrammeCourseFactory()

    with refuses(constraint), transaction.atomic():
        ProgrammeCourse.objects.filter(pk=row.pk).update(**columns)


def test_course_stands_once_in_a_list_for_the_same_pathway():
    row = ProgrammeCourseFactory()
    ProgrammeCourseFactory(programme=row.programme, course=row.course, pathway=PathwayFactory(programme=row.programme))

    with refuses("a_course_once_per_programme_and_pathway"), transaction.atomic():
        ProgrammeCourseFactory(programme=row.programme, course=row.course)


def test_pathway_in_a_list_is_one_of_the_programme():
    row = ProgrammeCourseFactory()
    row.pathway = PathwayFactory()

    with pytest.raises(ValidationError, match="This pathway belongs to another programme"):
        row.full_clean()


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("programmes_courseimport_state_known", {"state": "lost"}),
        ("an_applied_course_import_says_when", {"state": CourseImport.State.APPLIED}),
    ],
)
def test_import_refuses(constraint, fields):
    with refuses(constraint), transaction.atomic():
        CourseImportFactory(**fields)


# what a course says


def test_address_is_made_of_university_and_code_and_stays():
    kth = UniversityFactory(slug="kth")
    first, second = CourseFactory(university=kth, code="A/1"), CourseFactory(university=kth, code="A.1")

    first.code = "B 2"
    first.save()

    assert [first.slug, second.slug] == ["kth-a1", "kth-a1-2"]
    assert first.get_absolute_url() == "/courses/kth-a1/"


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (None, None, ""),
        (2026, None, "from 2026/27"),
        (None, 2027, "until 2027/28"),
        (2026, 2027, "2026/27 – 2027/28"),
    ],
)
def test_years_in_words(first, last, words):
    assert CourseFactory.build(first_year=first, last_year=last).years == words


def test_credits_and_terms_in_words():
    course = CourseFactory.build(ects=Decimal("30.0"), terms=["spring", "autumn"], languages=["sv", "en"])

    assert (course.credits, course.term_names, course.language_names) == (
        "30 ECTS",
        "Autumn, Spring",
        "English, Swedish",
    )


@pytest.mark.parametrize(("day", "year"), [(date(2027, 7, 31), 2026), (date(2027, 8, 1), 2027)])
def test_academic_year_begins_in_august(day, year):
    assert running_on(day) == year
    assert words(year) == f"{year}/{year - 1999:02d}"


def test_course_ends_with_its_last_year():
    course = CourseFactory(last_year=2026)

    assert list(Course.objects.taught_on(date(2027, 7, 31))) == [course]
    assert list(Course.objects.taught_on(date(2027, 8, 1))) == []
    assert [course.has_ended_on(day) for day in (date(2027, 7, 31), date(2027, 8, 1))] == [False, True]


def test_search_finds_by_code_title_unit_field_and_university():
    Field.objects.all().delete()
    unit = UnitFactory(name="School of Architecture", university__name="Högskolan", university__city="Malmö")
    field = FieldFactory(code="0714", name="Electronics and automation")
    course = CourseFactory(
        university=unit.university, unit=unit, field=field, code="ÅE-12", title="Théorie du contrôle"
    )
    CourseFactory()

    found = {word: list(Course.objects.matching(word)) for word in ("ae-12", "theorie", "architecture", "0714 malmo")}

    assert found == {word: [course] for word in found}
    assert list(Course.objects.matching("controle nothing")) == []


def test_courses_of_an_archived_university_are_seen_by_the_secretariat_alone():
    course = CourseFactory(university__archived_at=timezone.now())
    readers = [AnonymousUser(), student_of(), person_as("exchange", course.university), person_as("secretariat")]

    assert [list(Course.objects.visible_to(reader)) for reader in readers] == [[], [], [], [course]]


# who keeps them


@pytest.mark.parametrize(
    "role", ["official", "exchange", "director", "coordinator", "grants", "head", "reviewer", "auditor"]
)
def test_courses_are_kept_by_coordinators_the_exchange_office_and_the_official(role):
    course = CourseFactory()

    asked = [person_as(role, course.university), person_as(role)]

    assert [person.has_perm("programmes.keep_courses", course) for person in asked] == [role in KEEPERS, False]
    assert asked[0].has_perm("programmes.keep_courses", course.university) is (role in KEEPERS)


def test_secretariat_keeps_all_courses_students_and_newcomers_none():
    course = CourseFactory()

    asked = [person_as("secretariat"), student_of(course.university), UserFactory(), AnonymousUser()]

    assert [person.has_perm("programmes.keep_courses", course) for person in asked] == [True, False, False, False]


# the acts


@pytest.fixture
def keeper():
    return person_as("coordinator")


@pytest.fixture
def place(keeper):
    return keeper.mandates.get().university


def kinds(course):
    return list(Act.objects.about(course).values_list("kind", flat=True))


def test_add_change_close_and_reopen_are_written_down(keeper, place):
    course = actions.add_course(course=CourseFactory.build(university=place), by=keeper)
    course.ects = Decimal(9)
    actions.change_course(course=course, version=1, by=keeper)
    actions.close_course(course=course, last_year=RUNNING, by=keeper)
    closed = course.last_year
    actions.reopen_course(course=course, by=keeper)

    assert kinds(course) == ["course.added", "course.changed", "course.closed", "course.reopened"]
    assert Act.objects.about(course)[1].details == {"fields": ["ects"]}
    assert (closed, course.last_year, course.version) == (RUNNING, None, 4)


def test_every_version_is_kept(keeper, place):
    course = actions.add_course(course=CourseFactory.build(university=place), by=keeper)
    course.title = "Another title"
    actions.change_course(course=course, version=1, by=keeper)

    assert [event.title for event in course.events.order_by("pgh_id")][-1] == "Another title"


def test_strangers_are_refused(place):
    stranger, course = person_as("coordinator"), CourseFactory(university=place)

    for act in (
        lambda: actions.add_course(course=CourseFactory.build(university=place), by=stranger),
        lambda: actions.change_course(course=course, version=1, by=stranger),
        lambda: actions.close_course(course=course, last_year=RUNNING, by=stranger),
        lambda: actions.reopen_course(course=course, by=stranger),
    ):
        with pytest.raises(Refused, match="the courses of your own university only"):
            act()


def test_second_of_two_editors_is_told(keeper, place):
    course = CourseFactory(university=place)
    mine, theirs = Course.objects.get(pk=course.pk), Course.objects.get(pk=course.pk)
    actions.change_course(course=theirs, version=1, by=keeper)

    with pytest.raises(Conflict):
        actions.change_course(course=mine, version=1, by=keeper)


def test_an_end_said_over_a_version_that_moved_on_is_refused(keeper, place):
    course = CourseFactory(university=place)
    Course.objects.filter(pk=course.pk).update(title="Theirs", version=2)

    with pytest.raises(Refused, match="Look at it again before you go on"):
        actions.close_course(course=course, last_year=RUNNING, by=keeper)

    assert Course.objects.get().last_year is None


def test_a_taken_code_is_refused_in_a_sentence(keeper, place):
    CourseFactory(university=place, code="EL1")

    with pytest.raises(Refused, match="Your university has a course with this code already"):
        actions.add_course(course=CourseFactory.build(university=place, code="el1"), by=keeper)


@pytest.mark.django_db(transaction=True)
def test_two_who_add_the_same_code_at_once_get_one_course():
    keeper = person_as("coordinator")
    place = keeper.mandates.get().university
    meet = threading.Barrier(2)

    def add(number):
        course = CourseFactory.build(university=place, code="EL1", slug=f"kth-el1-{number}")
        try:
            meet.wait()
            actions.add_course(course=course, by=keeper)
        except Refused as refused:
            return str(refused)
        finally:
            connection.close()
        return "added"

    with ThreadPoolExecutor(2) as pool:
        told = sorted(pool.map(add, range(2)))

    assert told == ["Your university has a course with this code already.", "added"]


def test_close_before_the_first_year_and_reopen_without_an_end_are_refused(keeper, place):
    course = CourseFactory(university=place, first_year=2027)

    with pytest.raises(Refused, match="It is taught from 2027/28; choose that year or a later one"):
        actions.close_course(course=course, last_year=2026, by=keeper)
    with pytest.raises(Refused, match="This course has no last year"):
        actions.reopen_course(course=course, by=keeper)


# the list of a programme


@pytest.fixture
def director():
    return person_as("director")


@pytest.fixture
def programme(director):
    return programme_between(director.mandates.get().university, UniversityFactory())


def at(programme, number=0):
    return [side.university for side in programme.sides][number]


def add(programme, by, *courses, pathway=None, semester=1, part="compulsory", group=""):
    return actions.add_to_course_list(
        programme=programme, courses=courses, pathway=pathway, semester=semester, part=part, group=group, by=by
    )


def test_director_of_any_partner_adds_courses_of_all_partners(programme, director):
    other = person_as("director", at(programme, 1))
    courses = CourseFactory(university=at(programme)), CourseFactory(university=at(programme, 1))

    add(programme, director, courses[0])
    add(programme, other, courses[1], part="elective", group="Choose one")

    assert [row.course for row in programme.course_list.order_by("pk")] == list(courses)
    assert Act.objects.about(programme).last().kind == "programme.courses_edited"


@pytest.mark.parametrize("role", ["coordinator", "exchange", "official"])
def test_others_of_a_partner_do_not_edit_the_list(programme, role):
    person = person_as(role, at(programme))

    with pytest.raises(Refused, match="This is not yours to do"):
        add(programme, person, CourseFactory(university=at(programme)))


def test_course_of_a_university_that_is_no_partner_is_refused(programme, director):
    with pytest.raises(Refused, match="is taught at a university that is no partner"):
        add(programme, director, CourseFactory())


@pytest.mark.parametrize(("before", "after"), [(None, None), (None, "one"), ("one", None), ("one", "one")])
def test_course_stands_there_for_all_pathways_or_for_single_ones(programme, director, before, after):
    course = CourseFactory(university=at(programme), code="EL1")
    pathway = programme.pathways.first()
    add(programme, director, course, pathway=pathway if before else None)

    with pytest.raises(Refused, match="EL1 stands in the list already"):
        add(programme, director, course, pathway=pathway if after else None)


def test_course_may_stand_in_another_semester_of_another_pathway(programme, director):
    course = CourseFactory(university=at(programme))
    first, second = programme.pathways.all()

    add(programme, director, course, pathway=first, semester=1)
    add(programme, director, course, pathway=second, semester=3)

    assert sorted(programme.course_list.values_list("semester", flat=True)) == [1, 3]


def test_list_has_an_end(programme, director, monkeypatch):
    monkeypatch.setattr("programmes.actions.course_lists.MOST_COURSES", 1)

    with pytest.raises(Refused, match="A list holds 1 courses"):
        add(programme, director, *CourseFactory.create_batch(2, university=at(programme)))


def test_pathway_with_courses_is_not_taken_out_silently(programme, director):
    add(programme, director, CourseFactory(university=at(programme)), pathway=programme.pathways.first())
    content = actions.editing.working_copy(programme, director).content
    parts = {"pathways": content["pathways"][1:]}
    seen = actions.editing.fingerprint({"pathways": content["pathways"]})
    actions.save_parts(programme=programme, parts=parts, seen=seen, by=director)
    revision = programme.revisions.being_written().get()

    with pytest.raises(Refused, match="has courses in the course list; take them out there first"):
        actions.publish(
            programme=programme, seen=(revision.version, programme.version), by=person_as("secretariat"),
            now=timezone.now(),
        )  # fmt: skip
