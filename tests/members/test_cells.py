"""What a cell of a spreadsheet may say, and the sentence for what cannot be understood; without a database."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models
from openpyxl import load_workbook

from members.acts import Refused
from members.folding import fold
from members.models import Field, Unit, University
from members.sheets import Column, Row, Sheet, WrongCell, cells, counted, read_cells, refuse_second

KTH = University(pk=1, slug="kth", short_name="KTH", name="KTH Royal Institute of Technology")
UPC = University(pk=2, slug="upc", short_name="UPC", name="Universitat Politècnica de Catalunya")
ROBOTICS = Field(code="0714", depth="detailed", name="Electronics and automation")
BROAD = Field(code="07", depth="broad", name="Engineering")
LIBRARY = Unit(pk=5, name="Bibliothèque")


def vocabulary():
    """The words of a sheet of KTH, as they would have been read."""
    known = cells.Vocabulary(KTH)
    known.fields = {fold(row.name): row for row in (ROBOTICS, BROAD)} | {row.code: row for row in (ROBOTICS, BROAD)}
    named = {fold(row.name): row for row in (KTH, UPC)} | {fold(row.short_name): row for row in (KTH, UPC)}
    known.universities = named | {row.slug: row for row in (KTH, UPC)}
    known.units = {fold(LIBRARY.name): LIBRARY}
    return known


KNOWN = vocabulary()


class Level(models.TextChoices):
    BACHELOR = "bachelor", "Bachelor"
    MASTER = "master", "Master’s degree"


@pytest.mark.parametrize(("text", "number"), [("", None), ("0", 0), ("4", 4), ("0042", 42), ("9999", 9999)])
def test_whole_number(text, number):
    assert cells.whole_number(text, KNOWN) == number


@pytest.mark.parametrize("text", ["4.0", "4,5", "-1", "12345", "four", " 4", "4 places", "1e3", "٤٤٤٤٤"])
def test_whole_number_that_is_none(text):
    with pytest.raises(WrongCell, match="write a whole number, such as 4"):
        cells.whole_number(text, KNOWN)


@pytest.mark.parametrize(
    ("text", "number"), [("7", "7"), ("7.5", "7.5"), ("7,5", "7.5"), ("30,125", "30.125"), ("0", "0")]
)
def test_decimal_takes_point_and_comma(text, number):
    assert cells.decimal(text, KNOWN) == Decimal(number)


@pytest.mark.parametrize("text", ["", "7.", ".5", "7.1234", "1.000,5", "-1", "NaN", "12345", "7 ECTS"])
def test_decimal_that_is_none(text):
    with pytest.raises(WrongCell, match=r"write a number, such as 7\.5"):
        cells.decimal(text, KNOWN)


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2027", 2027),
        ("2027/28", 2027),
        ("2027-28", 2027),
        ("2027–28", 2027),
        ("2027/2028", 2027),
        ("2027 / 28", 2027),
        ("2099/00", 2099),
    ],
)
def test_academic_year_is_the_one_it_begins_in(text, year):
    assert cells.academic_year(text, KNOWN) == year


@pytest.mark.parametrize("text", ["2027/29", "2027/27", "2027/2026", "2028-27"])
def test_academic_year_ends_in_the_year_after(text):
    with pytest.raises(WrongCell, match="ends in the year after it begins"):
        cells.academic_year(text, KNOWN)


@pytest.mark.parametrize("text", ["", "27/28", "1999", "1999/00", "2027/8", "autumn 2027", "2027/28 spring"])
def test_academic_year_that_is_none(text):
    with pytest.raises(WrongCell, match="write the academic year as 2027/28 or 2027"):
        cells.academic_year(text, KNOWN)


@pytest.mark.parametrize("text", ["2027-08-30", "30.08.2027", "30/08/2027", "30.8.2027"])
def test_day_as_offices_write_it(text):
    assert cells.day(text, KNOWN) == date(2027, 8, 30)


def test_day_that_is_not_given_is_none():
    assert cells.day("", KNOWN) is None


@pytest.mark.parametrize("text", ["2027-02-30", "08/30/2027", "30 August", "2027-08-30T12:00", "tomorrow"])
def test_day_that_is_none(text):
    with pytest.raises(WrongCell, match="write the day as 2027-08-30"):
        cells.day(text, KNOWN)


@pytest.mark.parametrize("text", ["bachelor", "Bachelor", "BACHELOR", "bsc"])
def test_one_of_takes_value_label_and_what_people_say(text):
    assert cells.one_of(Level, {"bsc": "bachelor"})(text, KNOWN) == "bachelor"


def test_one_of_label_with_an_apostrophe_of_typesetters_is_the_typed_one():
    assert cells.one_of(Level)("master's DEGREE", KNOWN) == "master"


@pytest.mark.parametrize("text", ["", "doctorate", "bach"])
def test_one_of_names_what_is_allowed(text):
    with pytest.raises(WrongCell, match="write one of: Bachelor, Master’s degree"):
        cells.one_of(Level)(text, KNOWN)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("", []),
        ("master", ["master"]),
        ("Master’s degree; bachelor", ["master", "bachelor"]),
        ("bachelor, bachelor | BACHELOR", ["bachelor"]),
        ("bachelor/master", ["bachelor", "master"]),
        ("bachelor\nmaster;", ["bachelor", "master"]),
    ],
)
def test_several_of_keep_their_order_and_count_once(text, values):
    assert cells.several_of(Level)(text, KNOWN) == values


def test_several_of_one_that_is_unknown_makes_the_cell_wrong():
    with pytest.raises(WrongCell, match="write one of"):
        cells.several_of(Level)("bachelor; king", KNOWN)


@pytest.mark.parametrize("text", ["en; sv", "English, Swedish", "ENGLISH/swedish"])
def test_languages_by_code_or_name(text):
    assert cells.languages(text, KNOWN) == ["en", "sv"]


@pytest.mark.parametrize("text", ["0714", "714", "0714 Electronics and automation", "electronics AND automation"])
def test_detailed_field_by_code_with_or_without_the_nought_or_by_name(text):
    assert cells.detailed_field(text, KNOWN) is ROBOTICS


@pytest.mark.parametrize("text", ["", "07", "Engineering", "9999", "Robotics", "7"])
def test_detailed_field_that_is_broad_or_unknown(text):
    with pytest.raises(WrongCell, match="detailed field of ISCED-F by its four digits, such as 0714"):
        cells.detailed_field(text, KNOWN)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("kth", [KTH]),
        ("KTH; UPC", [KTH, UPC]),
        ("universitat politecnica de catalunya", [UPC]),
        ("upc, UPC", [UPC]),
        ("", []),
    ],
)
def test_universities_by_slug_or_any_name_each_once(text, found):
    assert cells.universities(text, KNOWN) == found


def test_universities_unknown_ones_are_all_named():
    with pytest.raises(WrongCell, match=r"no university here is called Hogwarts, Unseen$"):
        cells.universities("KTH; Hogwarts; Unseen", KNOWN)


def test_unit_of_this_university_accents_aside():
    assert cells.unit("bibliotheque", KNOWN) is LIBRARY
    with pytest.raises(WrongCell, match="KTH has no unit of this name"):
        cells.unit("Department of Magic", KNOWN)


@pytest.mark.parametrize(
    ("text", "answer"),
    [("yes", True), ("Y", True), ("TRUE", True), ("1", True), ("x", True),
     ("no", False), ("N", False), ("False", False), ("0", False), ("", False)],
)  # fmt: skip
def test_yes_or_no(text, answer):
    assert cells.yes_or_no(text, KNOWN) is answer


def test_yes_or_no_that_is_neither():
    with pytest.raises(WrongCell, match="write yes or no"):
        cells.yes_or_no("perhaps", KNOWN)


def test_optional_reads_an_empty_cell_as_nothing_and_the_rest_as_ever():
    read = cells.optional(cells.detailed_field, empty="none")

    assert (read("", KNOWN), read("0714", KNOWN)) == ("none", ROBOTICS)
    with pytest.raises(WrongCell):
        read("nonsense", KNOWN)


def test_what_is_listed_is_read_again():
    assert cells.parts_of(cells.listed(["Delft", "Leuven"])) == ["Delft", "Leuven"]
    assert cells.listed([]) == ""
    assert cells.parts_of(" ; ,, ") == []


# columns

SHEET = Sheet(
    columns=[
        Column("reference", cells.words, lambda thing: thing.reference, "EX-1"),
        Column("title", cells.words, lambda thing: thing.title, "Robotics", needed=True, other=("name", "what")),
        Column("places", cells.whole_number, lambda thing: thing.places, "4", needed=True),
    ],
    only_written=frozenset({"places_left"}),
    known_by="reference",
)


def table_of(*lines):
    return SHEET.cells_of(SimpleUploadedFile("places.csv", "\n".join(lines).encode()))


@pytest.mark.parametrize(
    "heading", ["Title,Places", "TITLE , places", "name;Places", "What\tPlaces", "title,places,places left"]
)
def test_heading_is_known_however_it_is_written(heading):
    [row] = table_of(heading, re_separated(heading, ["Robotics", "4", "2"]))

    assert row == {"title": "Robotics", "places": "4"}


def re_separated(heading, values):
    mark = next(mark for mark in "\t;," if mark in heading)
    return mark.join(values[: heading.count(mark) + 1])


@pytest.mark.parametrize(
    ("heading", "sentence"),
    [
        ("title,places,colour,size", "Columns not known: colour, size."),
        ("title,name,places", "Columns that stand twice: title."),
        ("title", "Columns missing: places."),
        ("colour", "Columns not known: colour."),
        ("places_left", "Columns missing: title, places."),
    ],
)
def test_heading_that_cannot_be_used_is_refused_with_the_columns(heading, sentence):
    with pytest.raises(Refused, match=f"^{sentence}$"):
        table_of(heading, "a,b,c,d")


def test_columns_may_be_missing_where_the_rows_name_things_that_are_there():
    assert table_of("reference,places", "EX-7,9") == [{"reference": "EX-7", "places": "9"}]


def test_short_rows_are_filled_up_and_empty_ones_kept_for_their_number():
    assert table_of("title,places", "Robotics", "", "Optics,3") == [
        {"title": "Robotics", "places": ""}, {}, {"title": "Optics", "places": "3"},
    ]  # fmt: skip


def test_a_heading_alone_is_refused():
    with pytest.raises(Refused, match="no row below the heading"):
        table_of("title,places")


def test_what_a_thing_says_is_written_without_what_it_is_known_by():
    thing = SimpleNamespace(reference="EX-7", title=None, places=0)

    assert SHEET.written(thing, ["reference", "title", "places"]) == {"title": "", "places": ""}


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_empty_sheet_is_read_back_by_the_same_columns(ending, tmp_path):
    handed_out = SHEET.empty(name="places", ending=ending)

    assert handed_out["Content-Disposition"] == f'attachment; filename="places.{ending}"'
    assert SHEET.cells_of(SimpleUploadedFile(f"x.{ending}", handed_out.content)) == [
        {"reference": "EX-1", "title": "Robotics", "places": "4"}
    ]
    if ending == "xlsx":
        path = tmp_path / "x.xlsx"
        path.write_bytes(handed_out.content)
        assert [cell.value for cell in load_workbook(path).active[1]] == ["reference", "title", "places"]


# rows


def row(number=2, thing=None, **texts):
    return Row(number=number, cells=texts, thing=thing)


def test_each_cell_is_read_and_what_cannot_be_is_noted_with_what_stands_there():
    read = row(title="", places="four", reference="EX-7")

    values = dict(read_cells(read, SHEET, KNOWN))

    assert values == {"reference": "EX-7"}
    assert read.errors == [
        ("title", "", "must not be empty"), ("places", "four", "write a whole number, such as 4"),
    ]  # fmt: skip


def thing(pk=None, title="Robotics"):
    return SimpleNamespace(pk=pk, title=title)


@pytest.mark.parametrize(
    ("made", "outcome"),
    [
        ({"thing": thing()}, "new"),
        ({"thing": thing(pk=1)}, "same"),
        ({"thing": thing(pk=1), "changes": [("title", "a", "b")]}, "changed"),
        ({"thing": thing(), "errors": [("title", "", "must not be empty")]}, "wrong"),
        ({"thing": None, "errors": [("title", "", "must not be empty")]}, "wrong"),
    ],
)
def test_outcome_of_a_row(made, outcome):
    assert Row(number=2, cells={}, **made).outcome == outcome


def test_rows_are_counted_by_what_they_would_do():
    rows = [row(thing=thing()), row(thing=thing()), row(thing=thing(pk=1))]
    rows[0].wrong("title", "is wrong")

    assert counted(rows) == {"new": 1, "changed": 0, "same": 1, "wrong": 1}


@pytest.mark.parametrize(
    ("texts", "of", "title"),
    [({"title": "Typed"}, thing(title="Stored"), "Typed"), ({}, thing(title="Stored"), "Stored"), ({}, None, "")],
)
def test_title_of_a_row_is_what_was_typed_else_what_stands_there(texts, of, title):
    assert (row(thing=of, **texts).title, row(thing=of, **texts).detail) == (title, "")


def test_only_what_differs_is_a_change():
    compared = row()

    compared.compare({"title": "a", "places": "4", "level": "x"}, {"title": "b", "places": "4"})

    assert compared.changes == [("title", "a", "b")]


def test_the_same_thing_twice_names_the_row_that_was_first():
    rows = [row(2, thing(title="Optics")), row(3, thing()), row(4, thing()), row(5, None), row(6, thing())]
    rows[1].wrong("places", "is wrong")

    refuse_second(rows, lambda each: each.title, "title", "stands in row %(row)d already")

    assert [each.errors for each in rows] == [
        [], [("places", "", "is wrong")], [], [], [("title", "Robotics", "stands in row 4 already")],
    ]  # fmt: skip


def test_the_models_own_checks_are_told_at_the_column_of_their_field():
    checked = row(thing=University(short_name="K" * 41, city=""), short="K" * 41)

    checked.check_fields(exclude={"country", "slug", "name"}, column_of={"short_name": "short"})

    assert [(column, stands) for column, stands, _words in checked.errors] == [("short", "K" * 41), ("city", "")]
