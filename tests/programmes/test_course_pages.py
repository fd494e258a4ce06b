"""The pages of courses: what they show to whom, what they cost, what staff do on them, what a sheet brings in."""

import csv
import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from members.academic_years import running_on
from members.models import Field
from programmes import actions
from programmes.actions.importing import look_through, read_course_file
from programmes.columns import SHEET
from programmes.models import Course, CourseImport
from tests.factories.members import FieldFactory, MandateFactory, UnitFactory, UniversityFactory, person_as, student_of
from tests.factories.programmes import (
    CourseFactory,
    CourseImportFactory,
    ProgrammeCourseFactory,
    course_row,
    programme_between,
)

pytestmark = pytest.mark.django_db
NOW = timezone.now()
RUNNING = running_on(timezone.localdate())


@pytest.fixture
def kth():
    return UniversityFactory(slug="kth", short_name="KTH", member=True)


@pytest.fixture
def keeper(client, kth):
    person = person_as("coordinator", kth)
    client.force_login(person)
    return person


def url(name, *at):
    return reverse(f"courses:{name}", args=at)


def titles(response):
    return [course.title for course in response.context["page_obj"]]


def said(response):
    return [str(message) for message in response.context["messages"]]


# the lists


@pytest.mark.parametrize("rows", [1, 3])
def test_list_query_count(client, django_assert_num_queries, rows):
    CourseFactory.create_batch(rows, field=FieldFactory(code="0714"))

    # facets 6, names of fields and universities 2, counts 2, rows 1
    with django_assert_num_queries(11):
        client.get(url("course_list"))


@pytest.mark.parametrize("rows", [1, 3])
def test_list_of_a_university_query_count(client, kth, keeper, django_assert_num_queries, rows):
    CourseFactory.create_batch(rows, university=kth, unit=UnitFactory(university=kth), field=FieldFactory(code="0714"))

    # the person, mandates, permissions 4; the university 1; facets 6, names of fields 1, counts 2, rows 1; notices 1
    with django_assert_num_queries(16):
        client.get(url("university_courses", "kth"))


def test_an_empty_list_is_not_blamed_on_filters(client, kth):
    empty = client.get(url("course_list")).content.decode()
    CourseFactory(university=kth)
    narrowed = client.get(url("course_list"), {"q": "zzz"}).content.decode()

    told = ("No course stands here yet", "No course fits all of this")
    assert [[words in page for words in told] for page in (empty, narrowed)] == [[True, False], [False, True]]


def test_facets_narrow_the_list(client, kth):
    Field.objects.all().delete()
    FieldFactory(code="07", depth="broad", name="Engineering")
    CourseFactory(university=kth, title="A", terms=["autumn", "spring"], field=FieldFactory(code="0714"))
    CourseFactory(university=kth, title="Bridges", level="bachelor", languages=["sv"])
    CourseFactory(title="C", open=True, terms=["year"])

    found = {
        query: titles(client.get(f"{url('course_list')}?{query}"))
        for query in (
            "term=spring", "term=autumn", "level=bachelor", "language=sv", "open=yes", "field=07", "university=kth",
            "q=kth bridge", "term=autumn&language=en",
        )
    }  # fmt: skip

    assert found == {
        "term=spring": ["A"], "term=autumn": ["A", "Bridges"], "level=bachelor": ["Bridges"],
        "language=sv": ["Bridges"],
        "open=yes": ["C"], "field=07": ["A"], "university=kth": ["A", "Bridges"], "q=kth bridge": ["Bridges"],
        "term=autumn&language=en": ["A"],
    }  # fmt: skip


def test_sorts_put_the_rows_in_order(client):
    CourseFactory(title="B", code="1", ects=3, university__short_name="Aalto")
    CourseFactory(title="A", code="2", ects=9, university__short_name="KTH")

    found = {sort: titles(client.get(url("course_list"), {"sort": sort})) for sort in ("title", "code", "ects", "new")}

    assert found == {"title": ["A", "B"], "code": ["B", "A"], "ects": ["A", "B"], "new": ["A", "B"]}


def test_ended_courses_are_on_the_list_of_those_who_keep_them_only(client, kth):
    CourseFactory(university=kth, title="Ended", ended=True)
    CourseFactory(university=kth, title="Taught", last_year=RUNNING)
    public = titles(client.get(url("university_courses", "kth")))
    client.force_login(person_as("exchange", kth))

    assert public == ["Taught"]
    assert titles(client.get(url("university_courses", "kth"))) == ["Ended", "Taught"]
    assert titles(client.get(url("course_list"))) == ["Taught"]


def test_a_faculty_has_the_courses_of_its_departments(client, kth):
    faculty = UnitFactory(university=kth, name="School of Engineering")
    department = UnitFactory(university=kth, name="Department of Bridges", parent=faculty)
    laboratory = UnitFactory(university=kth, name="Laboratory of Cables", parent=department)
    CourseFactory(university=kth, unit=faculty, title="Statics")
    CourseFactory(university=kth, unit=department, title="Bridges")
    CourseFactory(university=kth, unit=laboratory, title="Cables")
    CourseFactory(university=kth, title="Elsewhere")

    page = client.get(url("university_courses", "kth"), {"unit": "Department of Bridges"})

    assert [course.title for course in page.context["page_obj"]] == ["Bridges", "Cables"]
    (facet,) = [each for each in page.context["facets"] if each["name"] == "unit"]
    counts = {option["value"]: option["count"] for option in facet["options"]}
    assert counts == {"School of Engineering": 3, "Department of Bridges": 2, "Laboratory of Cables": 1}


def test_list_of_a_university_narrows_by_its_units(client, kth):
    unit = UnitFactory(university=kth, name="School of Engineering")
    CourseFactory(university=kth, unit=unit, title="Bridges")
    CourseFactory(university=kth, title="Poetry")

    shown = client.get(url("university_courses", "kth"), {"unit": "School of Engineering"})

    assert titles(shown) == ["Bridges"]
    assert "university" not in {facet["name"] for facet in shown.context["facets"]}


def test_list_of_a_university_holds_its_own_courses(client, kth):
    CourseFactory(title="Elsewhere")

    response = client.get(url("university_courses", "kth"))

    assert titles(response) == []
    assert "The university has not told its courses here" in response.content.decode()
    assert client.get(url("university_courses", "atlantis")).status_code == 404


def test_empty_list_of_those_who_keep_it_leads_to_the_import(client, kth, keeper):
    assert url("import_new", "kth") in client.get(url("university_courses", "kth")).content.decode()


def test_export_of_all_courses_is_for_reading(client):
    CourseFactory(code="EL1", open=True)

    rows = list(csv.reader(io.StringIO(b"".join(client.get(url("course_list"), {"export": "csv"})).decode())))

    assert rows[1][0] == "EL1"
    assert dict(zip(rows[0], rows[1], strict=True))["Open to exchange students"] == "yes"


def test_university_page_shows_its_courses_those_for_guests_first(client, kth):
    CourseFactory(university=kth, title="Astronomy")
    CourseFactory(university=kth, title="Robotics", open=True, is_sample=True)
    CourseFactory(university=kth, title="Ended", ended=True)

    section = next(
        found for found in client.get(kth.get_absolute_url()).context["sections"] if found.title == "Courses"
    )

    assert [row.title for row in section.rows] == ["Robotics", "Astronomy"]
    assert (section.total, section.more_label) == (2, "All courses, 1 of 2 open to exchange")
    assert [row.is_sample for row in section.rows] == [True, False]


def test_university_page_without_courses_tells_those_who_keep_them(client, kth, keeper):
    own = client.get(kth.get_absolute_url()).content.decode()
    client.force_login(person_as("coordinator"))

    assert "No course stands here yet. Add them by hand" in own
    assert url("university_courses", "kth") in own
    assert url("university_courses", "kth") not in client.get(kth.get_absolute_url()).content.decode()


# one course


def test_page_tells_what_there_is(client, kth):
    course = CourseFactory(university=kth, prerequisites="A first course", exchange_note="Ten places", is_sample=True)

    text = client.get(course.get_absolute_url()).content.decode()

    assert [word in text for word in ("7.5 ECTS", "A first course", "Ten places", "Sample")] == [True] * 4


def test_page_names_the_programmes_that_the_reader_may_see(client, kth):
    course = CourseFactory(university=kth)
    shown = ProgrammeCourseFactory(course=course, semester=3)
    ProgrammeCourseFactory(course=course, programme__published=False, programme__title="A secret draft")

    response = client.get(course.get_absolute_url())

    assert response.context["uses"] == [shown]
    assert "A secret draft" not in response.content.decode()


def test_page_describes_itself_to_machines(client, kth):
    course = CourseFactory(university=kth, code="EL1", prerequisites="</script><b>", is_sample=True)

    text = client.get(course.get_absolute_url()).content.decode()
    block = text.split('<script type="application/ld+json">')[1].split("</script>")[0]
    told = json.loads(block)

    assert (told["@type"], told["courseCode"], told["provider"]["name"]) == ("Course", "EL1", kth.name)
    assert told["coursePrerequisites"] == "</script><b>"
    assert told["disambiguatingDescription"] == "A sample, invented for this demonstration."


@pytest.mark.parametrize("uses", [1, 3])
def test_page_query_count(client, kth, django_assert_num_queries, uses):
    course = CourseFactory(university=kth)
    for _ in range(uses):
        programme = programme_between(kth)
        ProgrammeCourseFactory(course=course, programme=programme, pathway=programme.pathways.first())

    with django_assert_num_queries(2):  # the course, the programmes that name it
        client.get(course.get_absolute_url())


def test_page_of_an_ended_course_says_so_and_stays(client):
    text = client.get(CourseFactory(ended=True).get_absolute_url()).content.decode()

    assert "This course is not taught any more." in text


def test_search_box_finds_a_course_by_its_code(client, kth):
    course = CourseFactory(university=kth, code="EL2520", title="Control theory")

    page = client.get("/search/", {"q": "el2520"})

    assert page.context["found"].total == 1
    assert course.get_absolute_url() in page.content.decode()


def test_sitemap_names_the_courses_that_are_taught(client, kth):
    course, ended = CourseFactory(university=kth), CourseFactory(university=kth, ended=True)

    text = client.get("/sitemap-courses.xml").content.decode()

    assert [row.get_absolute_url() in text for row in (course, ended)] == [True, False]


# what staff do


def typed(**fields):
    return {
        "code": "EL2520", "title": "Control theory", "level": "master", "ects": "7.5", "terms": ["spring"],
        "languages": ["en"], "version": "", "first_year": "", "last_year": "", **fields,
    }  # fmt: skip


def test_added_course_stands_in_the_list_at_once(client, kth, keeper):
    response = client.post(url("course_add", "kth"), typed(open_to_exchange="on"), follow=True)

    assert said(response) == ["EL2520 Control theory stands in the list."]
    assert titles(response) == ["Control theory"]
    assert Course.objects.get().slug == "kth-el2520"


def test_another_one_is_asked_for(client, kth, keeper):
    response = client.post(url("course_add", "kth"), typed(another="yes"))

    assert response.url == url("course_add", "kth")


@pytest.mark.parametrize(
    ("fields", "errors"),
    [
        ({"ects": "7.3"}, {"ects": ["A course has from 0.5 to 60 ECTS credits, in steps of 0.5."]}),
        ({"ects": "0"}, {"ects": ["Ensure this value is greater than or equal to 0.5."]}),
        ({"terms": []}, {"terms": ["This field is required."]}),
        ({"terms": ["year", "spring"]}, {"terms": ["A course of the full year names no other term."]}),
        ({"languages": ["xx"]}, {"languages": ["Select a valid choice. xx is not one of the available choices."]}),
        ({"title": ""}, {"title": ["This field is required."]}),
        ({"code": "el1"}, {"__all__": ["Your university has a course with this code already."]}),
        (
            {"first_year": str(RUNNING), "last_year": str(RUNNING - 1)},
            {"__all__": ["The last year must not be before the first."]},
        ),
    ],
    ids=",".join,
)
def test_what_is_wrong_is_said_at_its_field(client, kth, keeper, fields, errors):
    CourseFactory(university=kth, code="EL1")

    response = client.post(url("course_add", "kth"), typed(**fields))

    assert response.status_code == 422
    assert response.context["form"].errors == errors


def test_units_of_others_are_not_offered(client, kth, keeper):
    own = UnitFactory(university=kth)
    UnitFactory()

    assert list(client.get(url("course_add", "kth")).context["form"].fields["unit"].queryset) == [own]


def test_edit_saves_over_the_version_that_was_read(client, kth, keeper):
    course = CourseFactory(university=kth, title="Control")

    response = client.post(url("course_edit", course.slug), typed(title="Control theory", version="1"))
    again = client.post(url("course_edit", course.slug), typed(title="Regelung", version="1"))

    assert response.url == course.get_absolute_url()
    assert again.status_code == 409
    assert [(row.label, row.theirs, row.mine) for row in again.context["versions"]] == [
        ("Title", "Control theory", "Regelung")
    ]
    assert again.context["form"]["version"].value() == "2"
    assert Course.objects.get().title == "Control theory"


def test_who_keeps_a_course_reads_what_happened_and_for_whom(client, kth):
    mandate = MandateFactory(coordinator=True, university=kth, with_deputy=True)
    course = actions.add_course(course=CourseFactory.build(university=kth), by=mandate.person)
    course.title = "Control theory"
    actions.change_course(course=course, version=1, by=mandate.deputy)
    client.force_login(mandate.person)
    steps = client.get(course.get_absolute_url()).context["steps"]
    client.logout()

    assert [(step["label"], step["by"], step["detail"]) for step in steps] == [
        ("Added", str(mandate.person), ""),
        ("Changed", f"{mandate.deputy} for {mandate.person}", "title"),
    ]
    assert client.get(course.get_absolute_url()).context["steps"] == []


def test_close_names_the_programmes_and_reopen_takes_it_back(client, kth, keeper):
    course = CourseFactory(university=kth)
    ProgrammeCourseFactory(course=course, programme__title="Sustainable energy")

    asked = client.get(url("course_close", course.slug)).content.decode()
    client.post(url("course_close", course.slug), {"last_year": str(RUNNING)})
    closed = Course.objects.get().last_year
    client.post(url("course_reopen", course.slug))

    assert "Sustainable energy" in asked
    assert (closed, Course.objects.get().last_year) == (RUNNING, None)


def test_close_before_the_first_year_is_told(client, kth, keeper):
    course = CourseFactory(university=kth, first_year=RUNNING)

    response = client.post(url("course_close", course.slug), {"last_year": str(RUNNING - 1)})

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["last_year"]


def test_others_may_not(client, kth):
    course = CourseFactory(university=kth)
    client.force_login(person_as("coordinator"))

    asked = [
        client.get(url("course_add", "kth")), client.get(url("course_edit", course.slug)),
        client.post(url("course_close", course.slug)), client.post(url("course_reopen", course.slug)),
        client.get(url("import_new", "kth")),
    ]  # fmt: skip

    assert [response.status_code for response in asked] == [403] * 5


# a sheet of courses


@pytest.fixture
def field():
    return FieldFactory(code="0714")


def sheet(*rows):
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return SimpleUploadedFile("courses.csv", text.getvalue().encode())


def read(by, kth, *rows):
    return read_course_file(university=kth, file=sheet(*rows), by=by)


def look(by, kth, **cells):
    """What the one row of a sheet would do."""
    return look_through(read(by, kth, course_row(**cells)))[0]


@pytest.mark.parametrize(
    ("column", "text", "words"),
    [
        ("code", "", "must not be empty"),
        ("title", "", "must not be empty"),
        ("title", "x" * 201, "Ensure this value has at most 200 characters"),
        ("ects", "many", "write a number, such as 7.5"),
        ("ects", "7.3", "A course has from 0.5 to 60 ECTS credits, in steps of 0.5."),
        ("ects", "61", "Ensure this value is less than or equal to 60."),
        ("terms", "Trimester 2", "write one of: Autumn, Spring, Full year"),
        ("terms", "Full year; Autumn", "A course of the full year names no other term."),
        ("terms", "", "must not be empty"),
        ("languages", "Klingon", "write one of: English"),
        ("level", "PhD", "write one of: Bachelor, Master, Doctorate"),
        ("field", "07", "write a detailed field of ISCED-F by its four digits, such as 0714"),
        ("unit", "Nowhere", "KTH has no unit of this name; add it to its page first"),
        ("open_to_exchange", "perhaps", "write yes or no"),
        ("url", "www", "Enter a valid URL."),
        ("first_year", "27", "write the academic year as 2027/28 or 2027"),
        ("last_year", "1980", "write the academic year as 2027/28 or 2027"),
    ],
)
@pytest.mark.usefixtures("field")
def test_a_wrong_cell_is_told_by_row_and_column(kth, keeper, column, text, words):
    row = look(keeper, kth, **{column: text})

    assert (row.number, row.outcome) == (2, "wrong")
    assert [(error[0], error[1]) for error in row.errors] == [(column, text)]
    assert words in row.errors[0][2]


def test_years_that_do_not_fit_each_other_are_told(kth, keeper):
    row = look(keeper, kth, first_year="2027/28", last_year="2026/27")

    assert row.errors == [("last_year", "2026/27", "The last year must not be before the first.")]


def test_everything_wrong_in_a_row_is_told_at_once(kth, keeper):
    row = look(keeper, kth, ects="x", terms="monsoon", languages="")

    assert [column for column, _text, _words in row.errors] == ["ects", "terms", "languages"]


def test_cells_are_read_as_people_write_them(kth, keeper, field):
    unit = UnitFactory(university=kth, name="School of Engineering")
    cells = {"terms": "spring, AUTUMN", "languages": "English; sv", "ects": "7,5", "open_to_exchange": "Yes"}

    course = look(keeper, kth, **cells, field="714", unit="school of engineering", first_year="2026-2027").thing

    assert (course.terms, course.languages, str(course.ects)) == (["spring", "autumn"], ["en", "sv"], "7.5")
    assert (course.open_to_exchange, course.field_id, course.unit, course.first_year) == (True, "0714", unit, 2026)


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Winter semester", ["autumn"]),
        ("Summer", ["spring"]),
        ("winter/summer", ["autumn", "spring"]),
        ("Annual", ["year"]),
    ],
)
def test_terms_are_read_as_catalogues_call_them(kth, keeper, text, terms):
    assert look(keeper, kth, terms=text).thing.terms == terms


def test_a_known_code_names_what_changes(kth, keeper):
    CourseFactory(university=kth, code="el2520", title="Control", terms=["spring"])

    row = look(keeper, kth)

    assert row.outcome == "changed"
    assert row.changes == [("code", "el2520", "EL2520"), ("title", "Control", "Control theory")]


def test_the_same_code_twice_in_a_file_is_told_at_the_second(kth, keeper):
    rows = look_through(read(keeper, kth, course_row(), course_row(code="el2520")))

    assert [row.outcome for row in rows] == ["new", "wrong"]
    assert rows[1].errors[0][2] == "this code stands in row 2 already"


def test_the_own_export_changes_nothing_when_read_in_again(client, kth, keeper, field):
    unit = UnitFactory(university=kth)
    CourseFactory(university=kth, unit=unit, field=field, terms=["spring", "autumn"], open=True, first_year=2026)
    CourseFactory(university=kth, ended=True, prerequisites="=1+1")
    exported = b"".join(client.get(url("university_courses", "kth"), {"export": "csv"}))

    rows = look_through(
        read_course_file(university=kth, file=SimpleUploadedFile("x.csv", exported), by=keeper)
    )  # fmt: skip

    assert [(row.outcome, row.changes, row.errors) for row in rows] == [("same", [], [])] * 2


@pytest.mark.parametrize("rows", [1, 3])
def test_the_dry_run_asks_once_for_vocabularies(kth, keeper, field, django_assert_num_queries, rows):
    stored = read(keeper, kth, *(course_row(code=f"EL{number}", field="0714") for number in range(rows)))

    with django_assert_num_queries(2):  # courses and fields, once
        look_through(stored)


def test_one_wrong_row_stops_all_unless_the_good_ones_are_chosen(client, kth, keeper):
    CourseFactory(university=kth, code="EL1", title="Old")
    rows = [course_row(code="EL1", title="New"), course_row(), course_row(code="EL3", ects="x")]

    preview = client.post(url("import_new", "kth"), {"file": sheet(*rows)}, follow=True)
    apply = f"{preview.redirect_chain[0][0]}apply/"
    refused = client.post(apply, {"rows": "all"}, follow=True)
    titles_then = set(Course.objects.values_list("title", flat=True))
    done = client.post(apply, {"rows": "good"}, follow=True)
    again = client.post(apply, {"rows": "good"}, follow=True)

    assert "1 new, 1 changed, 0 the same" in preview.content.decode()
    assert said(refused) == ["Some rows are wrong; nothing was changed."]
    assert titles_then == {"Old"}
    assert said(done) == ["1 course added, 1 changed, 1 wrong row left out."]
    assert dict(Course.objects.values_list("code", "title")) == {"EL1": "New", "EL2520": "Control theory"}
    assert said(again) == ["This file has been imported already."]


def test_a_course_that_is_saved_while_the_rows_are_written_stops_the_import(kth, keeper, monkeypatch):
    course = CourseFactory(university=kth, code="EL2520", title="Control")
    stored = read(keeper, kth, course_row(), course_row(code="EL9"))

    def looked_through_before(read):
        rows = look_through(read)
        Course.objects.filter(pk=course.pk).update(version=2)
        return rows

    monkeypatch.setattr("programmes.actions.importing.look_through", looked_through_before)
    with pytest.raises(actions.courses.Refused, match="Somebody changed EL2520 Control meanwhile"):
        actions.apply_course_import(read=stored, only_good=False, by=keeper, now=NOW)

    assert [course.title for course in Course.objects.all()] == ["Control"]
    assert CourseImport.objects.get().state == "read"


def test_a_bad_file_is_told_at_its_field(client, kth, keeper):
    response = client.post(url("import_new", "kth"), {"file": SimpleUploadedFile("x.csv", b"code,colour\nA,b\n")})

    assert response.status_code == 422
    assert response.context["form"].errors == {"file": ["Columns not known: colour."]}


def test_an_import_is_seen_by_who_read_it_in_at_that_university(client, kth, keeper):
    mine, other = CourseImportFactory(university=kth, uploaded_by=keeper), CourseImportFactory(university=kth)
    UniversityFactory(slug="aalto")

    asked = [("kth", mine.pk), ("kth", other.pk), ("aalto", mine.pk)]

    assert [client.get(url("import_detail", *at)).status_code for at in asked] == [200, 404, 404]
    assert client.post(url("import_apply", "kth", other.pk)).status_code == 404


def test_who_lost_the_role_imports_no_more(kth, keeper):
    stored = CourseImportFactory(university=kth, uploaded_by=keeper)

    with pytest.raises(actions.courses.Refused):
        actions.apply_course_import(read=stored, only_good=False, by=student_of(kth), now=NOW)
    assert CourseImport.objects.get().state == "read"


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_template_is_a_sheet_that_can_be_read_in(client, kth, keeper, field, ending):
    content = client.get(url("import_template", ending)).content

    heading = (
        [cell.value for cell in load_workbook(io.BytesIO(content)).active[1]]
        if ending == "xlsx"
        else next(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    )
    file = SimpleUploadedFile(f"x.{ending}", content)
    rows = look_through(read_course_file(university=kth, file=file, by=keeper))

    assert heading == [column.name for column in SHEET.columns]
    assert [(row.outcome, row.errors) for row in rows] == [("new", [])]
