"""Courses in the administration: every university's, with spreadsheets and an act that asks first."""

import pytest
from django.urls import reverse
from django.utils import timezone
from tablib import Dataset

from members.academic_years import running_on
from programmes.admin.courses import CourseResource
from programmes.models import Course
from tests.factories.members import FieldFactory, UniversityFactory, UserFactory, person_as
from tests.factories.programmes import CourseFactory, CourseImportFactory, ProgrammeCourseFactory

pytestmark = pytest.mark.django_db
COLUMNS = ["university", "code", "title", "level", "ects", "terms", "languages", "field", "open_to_exchange"]
ROW = {
    "university": "kth", "code": "EL1", "title": "Control", "level": "master", "ects": "7.5", "terms": "autumn,spring",
    "languages": "en", "field": "0714", "open_to_exchange": "1",
}  # fmt: skip


@pytest.fixture
def secretariat(client):
    person = person_as("secretariat", person=UserFactory(is_staff=True))
    client.force_login(person)
    return person


def load(**changes):
    UniversityFactory(slug="kth")
    FieldFactory(code="0714")
    values = ROW | changes
    return CourseResource().import_data(Dataset(tuple(values[column] for column in COLUMNS), headers=COLUMNS))


def test_import_adds_a_course_with_its_address():
    load()

    course = Course.objects.get()
    assert (course.slug, course.terms, course.languages) == ("kth-el1", ["autumn", "spring"], ["en"])
    assert (course.field_id, course.open_to_exchange) == ("0714", True)


def test_import_knows_a_course_by_university_and_code():
    load()

    CourseResource().import_data(Dataset(("kth", "EL1", "Control theory"), headers=["university", "code", "title"]))

    course = Course.objects.get()
    assert (course.slug, course.title, course.version) == ("kth-el1", "Control theory", 2)


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"ects": "7.3"}, "ects"),
        ({"terms": "summer"}, "terms"),
        ({"terms": "year,autumn"}, "terms"),
        ({"languages": ""}, "languages"),
        ({"level": "diploma"}, "level"),
    ],
)
def test_wrong_cell_is_named_and_nothing_is_imported(changes, column):
    result = load(**changes)

    assert [list(wrong.error.message_dict) for wrong in result.invalid_rows] == [[column]]
    assert not Course.objects.exists()


@pytest.mark.ignore_template_errors
@pytest.mark.parametrize("model", ["course", "programmecourse", "courseimport"])
def test_lists_and_records_open(client, secretariat, model):
    made = {"course": CourseFactory, "programmecourse": ProgrammeCourseFactory, "courseimport": CourseImportFactory}
    row = made[model]()

    lists = client.get(reverse(f"admin:programmes_{model}_changelist"), {"q": "x"})
    record = client.get(reverse(f"admin:programmes_{model}_change", args=[row.pk]))

    assert (lists.status_code, record.status_code) == (200, 200)


@pytest.mark.ignore_template_errors
def test_a_course_that_has_ended_is_not_brought_back_by_noting_its_end(client, secretariat):
    course = CourseFactory(ended=True)
    data = {"action": "close_chosen", "_selected_action": [course.pk], "confirmed": "yes"}

    client.post(reverse("admin:programmes_course_changelist"), data)

    assert Course.objects.get().last_year == 2020


@pytest.mark.ignore_template_errors
def test_the_last_year_is_noted_after_a_question(client, secretariat):
    course = CourseFactory()
    data = {"action": "close_chosen", "_selected_action": [course.pk]}
    address = reverse("admin:programmes_course_changelist")

    asked = client.post(address, data).content.decode()
    before = Course.objects.get().last_year
    client.post(address, data | {"confirmed": "yes"})

    assert "programmes that name them show it" in asked
    assert (before, Course.objects.get().last_year) == (None, running_on(timezone.localdate()))


def test_a_course_that_a_programme_names_is_not_deleted(client, secretariat):
    named, free = ProgrammeCourseFactory().course, CourseFactory()

    addresses = [reverse("admin:programmes_course_delete", args=[course.pk]) for course in (named, free)]

    assert [client.post(address, {"post": "yes"}).status_code for address in addresses] == [403, 302]
    assert list(Course.objects.all()) == [named]


def test_saving_a_record_counts_its_version_up(client, secretariat):
    course = CourseFactory()
    fields = {
        "university": course.university_id, "code": "EL9", "title": "Other", "level": "master", "ects": "6.0",
        "terms": "autumn", "languages": "en", "exchange_note": "", "prerequisites": "", "url": "",
    }  # fmt: skip

    response = client.post(reverse("admin:programmes_course_change", args=[course.pk]), fields)

    course.refresh_from_db()
    assert response.status_code == 302
    assert (course.code, course.version) == ("EL9", 2)
