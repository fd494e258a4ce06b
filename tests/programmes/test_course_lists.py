"""The course list of a programme: how it is drawn, how its directors keep it, and that nobody's words are lost."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from programmes.actions.course_lists import MOST_COURSES
from programmes.course_pages import course_list_of
from programmes.models import Course, Programme, ProgrammeCourse
from tests.factories.members import UniversityFactory, person_as
from tests.factories.programmes import CourseFactory, ProgrammeCourseFactory, programme_between

pytestmark = pytest.mark.django_db


@pytest.fixture
def kth():
    return UniversityFactory(slug="kth", short_name="KTH", name="KTH")


@pytest.fixture
def kit():
    return UniversityFactory(slug="kit", short_name="KIT", name="KIT")


@pytest.fixture
def programme(kth, kit):
    return programme_between(kth, kit, slug="mechatronics")


@pytest.fixture
def director(client, kth):
    person = person_as("director", kth)
    client.force_login(person)
    return person


def url(name, slug="mechatronics"):
    return reverse(f"programmes:{name}", args=[slug])


def listed(programme, university, **fields):
    course = {name.removeprefix("course__"): fields.pop(name) for name in list(fields) if name.startswith("course__")}
    return ProgrammeCourseFactory(
        programme=programme, course=CourseFactory(university=university, **course), **fields
    )  # fmt: skip


def drawn(programme):
    """The list as the page draws it: university, heading, sums, codes."""
    found = Programme.objects.with_parts().get(pk=programme.pk)
    return [
        (place.university.slug, part.heading, part.sums, [row.course.code for row in part.rows])
        for place in course_list_of(found, timezone.localdate())
        for part in place.parts
    ]


# how it is drawn


def test_list_goes_by_university_semester_and_pathway_with_sums(programme, kth, kit):
    there = programme.pathways.get(home=kth)
    elective = {"part": "elective", "group": "Choose one"}
    listed(programme, kit, course__code="C", semester=3, pathway=there)
    listed(programme, kth, course__code="B", semester=1, course__ects=6, **elective)
    listed(programme, kth, course__code="A", semester=1)
    listed(programme, kth, course__code="D", semester=1, course__ects="4.5", **elective)
    listed(programme, kth, course__code="E", semester=None)

    assert drawn(programme) == [
        ("kth", "Semester 1", "7.5 ECTS compulsory, 10.5 ECTS to choose from", ["A", "B", "D"]),
        ("kth", "Any semester", "7.5 ECTS compulsory", ["E"]),
        ("kit", "Semester 3 · KTH → KIT", "7.5 ECTS compulsory", ["C"]),
    ]


def test_courses_of_a_former_partner_come_last(programme, kth):
    former = listed(programme, UniversityFactory(slug="aalto"), course__code="X")
    listed(programme, kth, course__code="A")

    assert [place for place, *_rest in drawn(programme)] == ["kth", former.course.university.slug]


def test_page_shows_the_list_to_everybody_and_the_way_to_edit_it_to_directors(client, programme, kth):
    listed(programme, kth, course__title="Control theory", course__ended=True, course__is_sample=True)
    public = client.get(programme.get_absolute_url()).content.decode()
    client.force_login(person_as("director", kth))

    own = client.get(programme.get_absolute_url()).content.decode()

    assert [words in public for words in ("Control theory", "not taught any more", "Edit the list")] == [
        True, True, False,
    ]  # fmt: skip
    assert url("programme_courses") in own


def test_page_without_a_list_says_nothing_of_courses(client, programme):
    assert 'id="courses"' not in client.get(programme.get_absolute_url()).content.decode()


# how it is kept


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.usefixtures("director")
def test_editing_query_count(client, programme, kth, django_assert_num_queries, rows):
    for _ in range(rows):
        listed(programme, kth, pathway=programme.pathways.first())

    # the person, mandates, permissions 4; the programme 3, the version and its content 8; rows 3, pathways 2; acts 1;
    # notices 1
    with django_assert_num_queries(23):
        client.get(url("programme_courses"))


def added(client, codes, **typed):
    data = {"university": "kth", "codes": codes, "semester": "1", "part": "compulsory", "group": "", "pathway": ""}
    return client.post(
        url("programme_courses_add"), {f"new-{name}": value for name, value in (data | typed).items()}, follow=True
    )


def test_courses_are_added_by_their_codes(client, programme, director, kth, kit):
    CourseFactory(university=kth, code="EL1")
    CourseFactory(university=kth, code="EL2")
    CourseFactory(university=kit, code="EL3")
    pathway = programme.pathways.get(home=kth)

    response = added(
        client, "el1,\n EL2\nEL1", part="elective", group="Choose two", pathway=str(pathway.pk), semester="2"
    )

    assert [str(message) for message in response.context["messages"]] == ["2 courses added."]
    rows = ProgrammeCourse.objects.order_by("pk").values_list("course__code", "part", "group", "semester", "pathway")
    assert list(rows) == [(code, "elective", "Choose two", 2, pathway.pk) for code in ("EL1", "EL2")]


@pytest.mark.parametrize(
    ("codes", "fields", "errors"),
    [
        (
            "EL1 NO1, NO2",
            {},
            {"codes": ["KTH has no course with the code EL1 NO1, NO2. It is added on its own list first."]},
        ),
        ("", {}, {"codes": ["This field is required."]}),
        ("\n".join(f"C{n}" for n in range(41)), {}, {"codes": ["Add at most 40 at once."]}),
        ("EL1", {"group": "Two"}, {"group": ["A compulsory course belongs to no group of electives."]}),
        ("EL1", {"university": "aalto"}, {"university": None}),
        ("EL1", {"semester": "13"}, {"semester": None}),
        ("EL1", {"part": "elective"}, {"__all__": ["EL1 stands in the list already."]}),
    ],
    ids=["unknown", "none", "many", "group", "stranger", "semester", "twice"],
)
@pytest.mark.usefixtures("director")
def test_what_cannot_be_added_is_told_at_its_field(client, programme, kth, codes, fields, errors):  # noqa: PLR0917
    UniversityFactory(slug="aalto")
    listed(programme, kth, course__code="EL1")

    response = added(client, codes, **fields)

    found = response.context["add_form"].errors
    assert response.status_code == 422
    assert {name: told and list(found[name]) for name, told in errors.items()} == errors
    assert set(found) == set(errors)
    assert ProgrammeCourse.objects.count() == 1


def rows_of(client, **changes):
    """What the page would send back unchanged, with `changes` to the first row."""
    page = client.get(url("programme_courses"))
    formset = page.context["formset"]
    data = {"seen": page.context["seen"]} | {f"rows-{name}_FORMS": len(formset) for name in ("TOTAL", "INITIAL")}
    for number, form in enumerate(formset):
        row = form.instance
        shown = {"id": row.pk, "semester": row.semester or "", "part": row.part, "group": row.group, "pathway": ""}
        data |= {f"rows-{number}-{name}": value for name, value in shown.items()}
    return data | {f"rows-0-{name}": value for name, value in changes.items()}


def test_rows_are_moved_and_taken_out(client, programme, director, kth):
    first, second = listed(programme, kth, course__code="A"), listed(programme, kth, course__code="B")
    moved = rows_of(client, semester="4", part="elective", group="Choose one")

    client.post(url("programme_courses"), {**moved, "rows-1-DELETE": "on"})

    first.refresh_from_db()
    assert (first.semester, first.part, first.group) == (4, "elective", "Choose one")
    assert list(ProgrammeCourse.objects.all()) == [first]
    assert Course.objects.filter(pk=second.course_id).exists()


def test_course_for_all_pathways_stands_there_for_no_single_one(client, programme, director, kth):
    first = listed(programme, kth, course__code="A", pathway=programme.pathways.first())
    ProgrammeCourseFactory(programme=programme, course=first.course, pathway=programme.pathways.last())

    response = client.post(
        url("programme_courses"), {**rows_of(client), "rows-1-pathway": programme.pathways.last().pk}
    )

    assert response.status_code == 422
    assert "stands there for all pathways and for one" in response.content.decode()
    assert not ProgrammeCourse.objects.filter(pathway=None).exists()


@pytest.fixture
def on_both_pathways(programme, kth):
    """One course in two rows, each for a pathway; the first is there in semester 1, the second in semester 2."""
    first = listed(programme, kth, course__code="A", semester=1, pathway=programme.pathways.get(home__slug="kth"))
    other = programme.pathways.get(home__slug="kit")
    return first, ProgrammeCourseFactory(programme=programme, course=first.course, semester=2, pathway=other)


def test_two_rows_of_a_course_change_pathways_in_one_save(client, programme, director, on_both_pathways):
    first, second = on_both_pathways
    swapped = {"rows-0-pathway": second.pathway_id, "rows-1-pathway": first.pathway_id}

    response = client.post(url("programme_courses"), rows_of(client) | swapped)

    assert response.status_code == 302
    assert dict(ProgrammeCourse.objects.values_list("semester", "pathway")) == {
        1: second.pathway_id, 2: first.pathway_id
    }  # fmt: skip


def test_two_rows_of_a_course_on_one_pathway_are_named(client, programme, director, on_both_pathways):
    first, second = on_both_pathways

    same = {"rows-0-pathway": second.pathway_id, "rows-1-pathway": second.pathway_id}

    response = client.post(url("programme_courses"), rows_of(client) | same)

    assert response.status_code == 422
    assert response.context["formset"].non_form_errors() == [f"{first.course} stands in the list twice."]


def test_second_of_two_editors_sees_both_versions(client, programme, director, kth):
    row = listed(programme, kth, course__code="A")
    data = rows_of(client, semester="4")
    ProgrammeCourse.objects.update(semester=2)

    response = client.post(url("programme_courses"), data)

    row.refresh_from_db()
    assert (response.status_code, row.semester) == (409, 2)
    assert [(one.theirs.splitlines()[0], one.mine.splitlines()[0]) for one in response.context["versions"]] == [
        ("Semester: 2", "Semester: 4")
    ]
    assert response.context["formset"].forms[0]["semester"].value() == "4"


def test_editing_tells_which_courses_have_ended(client, programme, director, kth):
    listed(programme, kth, course__code="OLD", course__title="Steam", course__ended=True)
    listed(programme, kth)

    assert [str(row) for row in client.get(url("programme_courses")).context["ended"]] == ["OLD Steam"]


@pytest.mark.parametrize(("role", "status"), [("director", 200), ("coordinator", 403), ("exchange", 403)])
def test_list_is_edited_by_directors_of_a_partner(client, programme, kit, role, status):
    client.force_login(person_as(role, kit))

    assert client.get(url("programme_courses")).status_code == status


def test_list_of_an_archived_programme_is_history(client, programme, director):
    Programme.objects.update(state=Programme.State.ARCHIVED)

    assert client.get(url("programme_courses")).status_code == 403


def test_second_editor_of_a_row_that_was_taken_out_meanwhile_sees_both_versions(client, programme, director, kth):
    gone, stays = listed(programme, kth, course__code="A"), listed(programme, kth, course__code="B")
    data = rows_of(client, semester="4")
    gone.delete()

    response = client.post(url("programme_courses"), data)
    again = {"seen": response.context["seen"]} | response.context["formset"].data
    client.post(url("programme_courses"), again)

    assert response.status_code == 409
    assert [form.instance for form in response.context["formset"]] == [stays]
    assert list(ProgrammeCourse.objects.all()) == [stays]


def test_a_row_that_stands_in_no_list_is_not_made(client, programme, director, kth):
    row = listed(programme, kth, course__code="A")
    more = {"rows-TOTAL_FORMS": 2, "rows-1-semester": "3", "rows-1-part": "elective", "rows-1-group": "Choose one"}

    response = client.post(url("programme_courses"), rows_of(client) | more)

    assert response.status_code == 302
    assert list(ProgrammeCourse.objects.all()) == [row]


def test_a_full_list_sends_no_more_fields_than_are_read(client, programme, director, kth, settings):
    listed(programme, kth)

    page = client.get(url("programme_courses")).content.decode()

    names = set(re.findall(r'name="(rows-0-\w+)"', page))
    assert len(names) * MOST_COURSES + 10 < settings.DATA_UPLOAD_MAX_NUMBER_FIELDS
