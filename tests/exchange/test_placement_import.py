"""Places from a spreadsheet: what is read, what is wrong by row and column, what is changed and when."""

import csv
import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from exchange import actions
from exchange.actions.importing import look_through, read_file
from exchange.columns import SHEET
from exchange.models import Placement, PlacementImport
from members.acts import Refused
from tests.factories.exchange import PlacementFactory, PlacementImportFactory, chosen, row_of_a_sheet
from tests.factories.members import FieldFactory, UnitFactory, UniversityFactory, person_as

pytestmark = pytest.mark.django_db
NOW = timezone.now()
YEAR = str(NOW.year + 1)
NEW = "/exchange/placements/import/"


@pytest.fixture(autouse=True)
def field():
    return FieldFactory(code="0714")


@pytest.fixture
def office():
    return person_as("exchange")


@pytest.fixture
def host(office):
    return office.mandates.get().university


def sheet(*rows, name="places.csv", delimiter=","):
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return SimpleUploadedFile(name, text.getvalue().encode())


def read(office, host, *rows):
    return read_file(university=host, file=sheet(*rows), by=office)


def look(office, host, **cells):
    """What the one row of a sheet would do."""
    return look_through(read(office, host, row_of_a_sheet(**cells)))[0]


# reading the file


@pytest.mark.parametrize(
    ("heading", "sentence"),
    [
        ("title,year,term,level,field,places,colour", "Columns not known: colour"),
        ("title,year,term,level,field", "Columns missing: places"),
        ("title,name,year,term,level,field,places", "Columns that stand twice: title"),
    ],
)
def test_a_heading_that_cannot_be_used_is_refused(office, host, heading, sentence) -> None:
    with pytest.raises(Refused, match=sentence):
        read_file(university=host, file=SimpleUploadedFile("x.csv", f"{heading}\nx\n".encode()), by=office)


def test_a_heading_without_rows_is_refused(office, host) -> None:
    with pytest.raises(Refused, match="no row below"):
        read_file(university=host, file=SimpleUploadedFile("x.csv", b"key,title\n"), by=office)


def test_other_names_and_capitals_in_the_heading_are_understood(office, host) -> None:
    content = f"Name,Academic Year,SEMESTER,Level,ISCED,Number of places\nRobotics,{YEAR},autumn,master,714,4\n"

    row = look_through(read_file(university=host, file=SimpleUploadedFile("x.csv", content.encode()), by=office))[0]

    assert (row.outcome, row.thing.field_id, row.thing.places) == ("new", "0714", 4)


# reading the cells


@pytest.mark.parametrize(
    ("column", "text", "words"),
    [
        ("title", "", "must not be empty"),
        ("academic_year", "27", "write the academic year as 2027/28 or 2027"),
        ("academic_year", "2027/30", "an academic year ends in the year after it begins, as 2027/28 does"),
        ("term", "summer", "write one of: Autumn, Spring, Full year"),
        ("level", "PhD", "write one of: Bachelor, Master, Doctorate"),
        ("field", "07", "write a detailed field of ISCED-F by its four digits, such as 0714"),
        ("field", "Sorcery", "write a detailed field of ISCED-F by its four digits, such as 0714"),
        ("places", "some", "write a whole number, such as 4"),
        ("places", "0", "Ensure this value is greater than or equal to 1."),
        ("places", "-3", "write a whole number, such as 4"),
        ("months", "99", "Ensure this value is less than or equal to 24."),
        ("starts_on", "tomorrow", "write the day as 2027-08-30"),
        ("starts_on", "2027-02-30", "write the day as 2027-08-30"),
        ("courses_url", "www", "Enter a valid URL."),
        ("contact_email", "ada", "Enter a valid email address."),
        ("only_partners", "atlantis; utopia", "no university here is called atlantis, utopia"),
        ("key", "nothing-like-it", "no place of"),
    ],
)
def test_a_wrong_cell_is_told_by_row_and_column(office, host, column, text, words) -> None:
    row = look(office, host, **{column: text})

    assert (row.number, row.outcome) == (2, "wrong")
    assert [(error[0], error[1]) for error in row.errors] == [(column, text)]
    assert words in row.errors[0][2]


def test_everything_wrong_in_a_row_is_told_at_once(office, host) -> None:
    row = look(office, host, term="summer", places="x", languages="Klingon")

    assert [column for column, _text, _words in row.errors] == ["term", "places", "languages"]


def test_days_that_do_not_fit_each_other_are_told(office, host) -> None:
    row = look(office, host, starts_on="2027-09-01", ends_on="2027-08-01")

    assert [words for _column, _text, words in row.errors] == ["The first day must not be after the last day."]


@pytest.mark.parametrize(
    ("cells", "column", "sentence"),
    [
        (
            {"ects_min": "30", "ects_max": "20"},
            "ects_max",
            "The least number of credits must not be above the largest.",
        ),
        ({"contact_name": "Ada"}, "contact_email", "Give the person's name and e-mail address together, or neither."),
    ],
)
def test_columns_that_do_not_fit_each_other_are_told(office, host, cells, column, sentence) -> None:
    row = look(office, host, **cells)

    assert [(error[0], error[2]) for error in row.errors] == [(column, sentence)]


def test_a_title_that_another_place_has_is_told(office, host) -> None:
    first = PlacementFactory(host=host, title="Energy")
    PlacementFactory(host=host, title="Robotics")

    row = look(office, host, key=first.slug, title="Robotics")

    assert row.errors == [
        ("title", "Robotics", "You already offer a place of this name for that year, term and level.")
    ]


def test_a_published_place_keeps_a_language(office, host) -> None:
    PlacementFactory(host=host, title="Robotics", published=True)

    assert [error[0] for error in look(office, host, languages="").errors] == ["languages"]


def test_the_same_place_twice_in_a_file_is_told_at_the_second(office, host) -> None:
    rows = look_through(read(office, host, row_of_a_sheet(), row_of_a_sheet()))

    assert [row.outcome for row in rows] == ["new", "wrong"]
    assert "stand in row 2 already" in rows[1].errors[0][2]


def test_cells_are_read_as_people_write_them(office, host) -> None:
    UnitFactory(university=host, name="School of Engineering")
    partner = UniversityFactory(short_name="KIT", slug="kit")
    row = look(
        office, host, academic_year="2027-2028", term="FULL YEAR", languages="English, sv", starts_on="30.8.2027",
        unit="school of engineering", only_partners="kit",
    )  # fmt: skip

    placement = row.thing
    assert (placement.academic_year, placement.term, placement.languages) == (2027, "year", ["en", "sv"])
    assert (placement.starts_on, placement.where) == (date(2027, 8, 30), "School of Engineering")
    assert row.partners == [partner]


# what a row would do


def test_a_row_of_a_known_place_names_what_changes(office, host) -> None:
    placement = PlacementFactory(host=host, title="Robotics", places=2)

    row = look(office, host)

    assert row.outcome == "changed"
    assert row.changes == [("places", "2", "4")]
    assert row.thing == placement


def test_a_key_finds_the_place_though_its_title_changes(office, host) -> None:
    placement = PlacementFactory(host=host, title="Robotics", places=4)

    row = look(office, host, key=placement.slug, title="Robotics and control")

    assert row.changes == [("title", "Robotics", "Robotics and control")]


def test_the_own_export_changes_nothing_when_read_in_again(client, office, host) -> None:
    PlacementFactory(host=host, unit_name="School", partners=[UniversityFactory()], ects_min=20)
    client.force_login(office)
    exported = b"".join(client.get("/exchange/placements/own/", {"export": "csv"}))

    rows = look_through(read_file(university=host, file=SimpleUploadedFile("x.csv", exported), by=office))

    assert [(row.outcome, row.changes, row.errors) for row in rows] == [("same", [], [])]


def test_taken_places_bound_a_row_too(office, host) -> None:
    placement = PlacementFactory(host=host, title="Robotics", places=4, published=True)
    for _number in range(2):
        chosen(placement, "accepted")

    row = look(office, host, places="1")

    assert row.errors == [("places", "1", "2 places are taken; offer at least those.")]


def test_the_dry_run_changes_nothing(office, host) -> None:
    PlacementFactory(host=host, title="Robotics", places=2)

    look_through(read(office, host, row_of_a_sheet(), row_of_a_sheet(title="Energy")))

    assert list(Placement.objects.values_list("title", "places")) == [("Robotics", 2)]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_dry_run_asks_once_for_vocabularies(office, host, django_assert_num_queries, rows) -> None:
    stored = read(office, host, *(row_of_a_sheet(title=f"Place {number}") for number in range(rows)))

    with django_assert_num_queries(2):  # fields and places, once
        look_through(stored)


# doing it


def test_import_makes_drafts_and_changes_known_places(office, host) -> None:
    PlacementFactory(host=host, title="Robotics", places=2, published=True)
    stored = read(office, host, row_of_a_sheet(), row_of_a_sheet(title="Energy"))

    actions.apply_import(read=stored, only_good=False, by=office, now=NOW)

    states = list(Placement.objects.order_by("title").values_list("title", "places", "state"))
    assert states == [("Energy", 4, "draft"), ("Robotics", 4, "published")]
    assert (stored.created, stored.changed, stored.skipped, stored.state) == (1, 1, 0, "applied")


def test_the_places_of_the_host_are_held_before_they_are_looked_through(office, host) -> None:
    """Else one could be given away, or a second file change it, between the look and the writing."""
    PlacementFactory(host=host, title="Robotics", places=2)
    stored = read(office, host, row_of_a_sheet())

    with CaptureQueriesContext(connection) as asked:
        actions.apply_import(read=stored, only_good=False, by=office, now=NOW)

    queries = [query["sql"] for query in asked]
    held = next(at for at, sql in enumerate(queries) if "FOR NO KEY UPDATE" in sql)
    looked = next(at for at, sql in enumerate(queries) if '"description"' in sql)
    assert held < looked


def test_one_wrong_row_stops_all_unless_the_good_ones_are_chosen(office, host) -> None:
    stored = read(office, host, row_of_a_sheet(), row_of_a_sheet(title="Energy", places="x"))

    with pytest.raises(Refused, match="Some rows are wrong; nothing was changed"):
        actions.apply_import(read=stored, only_good=False, by=office, now=NOW)
    assert Placement.objects.count() == 0

    actions.apply_import(read=stored, only_good=True, by=office, now=NOW)
    assert [row.title for row in Placement.objects.all()] == ["Robotics"]
    assert (stored.created, stored.skipped) == (1, 1)


def test_a_file_is_imported_once(office, host) -> None:
    stored = read(office, host, row_of_a_sheet())
    again = PlacementImport.objects.get(pk=stored.pk)
    actions.apply_import(read=stored, only_good=False, by=office, now=NOW)

    with pytest.raises(Refused, match="imported already"):
        actions.apply_import(read=again, only_good=False, by=office, now=NOW)

    assert Placement.objects.count() == 1


# the pages


def test_the_pages_lead_from_file_to_preview_to_board(client, office, host) -> None:
    client.force_login(office)
    file = sheet(row_of_a_sheet(), row_of_a_sheet(title="Energy", places="x"))

    preview = client.post(NEW, {"host": host.slug, "file": file}, follow=True)
    url = preview.redirect_chain[0][0]
    text = preview.content.decode()
    done = client.post(f"{url}apply/", {"rows": "good"}, follow=True)

    assert "1 new, 0 changed, 0 the same" in text
    assert "1 wrong" in text
    assert "write a whole number, such as 4" in text
    assert [str(message) for message in done.context["messages"]] == ["1 draft made, 0 changed, 1 wrong row left out."]
    assert client.get(url).status_code == 200


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (
            SimpleUploadedFile("x.csv", b"MZ\x00\x00"),
            "This is neither a CSV nor an XLSX file. Save the sheet as one of them.",
        ),
        (SimpleUploadedFile("x.csv", b""), "The submitted file is empty."),
    ],
)
def test_a_bad_file_is_told_at_its_field(client, office, host, file, sentence) -> None:
    client.force_login(office)

    response = client.post(NEW, {"host": host.slug, "file": file})

    assert response.status_code == 422
    assert response.context["form"].errors == {"file": [sentence]}


def test_an_import_is_seen_by_who_read_it_in(client, office, host) -> None:
    stored = PlacementImportFactory(university=host, uploaded_by=office)
    client.force_login(person_as("exchange", host))

    assert client.get(f"{NEW}{stored.pk}/").status_code == 404
    assert client.post(f"{NEW}{stored.pk}/apply/").status_code == 404


def test_nobody_imports_for_another_university(client, office) -> None:
    client.force_login(office)

    response = client.post(NEW, {"host": UniversityFactory().slug, "file": sheet(row_of_a_sheet())})

    assert response.status_code == 422
    assert PlacementImport.objects.count() == 0


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_template_is_a_sheet_that_can_be_read_in(client, office, host, ending) -> None:
    client.force_login(office)
    content = client.get(f"{NEW}template.{ending}").content

    heading = (
        [cell.value for cell in load_workbook(io.BytesIO(content)).active[1]]
        if ending == "xlsx"
        else next(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    )
    rows = look_through(read_file(university=host, file=SimpleUploadedFile(f"x.{ending}", content), by=office))

    assert heading == [column.name for column in SHEET.columns]
    assert [(row.outcome, row.errors) for row in rows] == [("new", [])]
