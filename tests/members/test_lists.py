"""Lists made from one FilterSet: facets, chips, sort, export, and addresses that no link of ours would hold."""

import csv
import io
from decimal import Decimal

import pytest
from django.test import RequestFactory
from openpyxl import load_workbook

from members.exporting import export_csv, export_xlsx
from members.lists import Catalogue, Facet, Flag, list_context
from members.models import Country, Language, University
from tests.factories.members import CountryFactory, UniversityFactory

pytestmark = pytest.mark.django_db


def country_names(codes):
    return dict(Country.objects.filter(pk__in=codes).values_list("pk", "name"))


class UniversityCatalogue(Catalogue):
    country = Facet(label="Country", path="country_id", labels=country_names)
    language = Facet(label="Taught in", path="teaching_languages", labels=Language, array=True)
    member = Facet(label="Kind", path="memberships__kind", many=True)
    founded = Facet(label="Founded", path="founded", coerce=int)
    has_site = Flag(label="For me", words="Has a website", keep=lambda rows, request: rows.exclude(website=""))

    sorts = {"name": ("Name", ("short_name", "pk")), "city": ("City", ("city", "pk"))}
    columns = {"Name": "short_name", "Country": "country.name", "Taught in": lambda row: len(row.teaching_languages)}

    def search(self, queryset, name, value):
        return queryset.filter(short_name__icontains=value)


@pytest.fixture
def three():
    sweden, spain = CountryFactory(code="SE", name="Sweden"), CountryFactory(code="ES", name="Spain")
    return [
        UniversityFactory(
            short_name="KTH", city="Stockholm", country=sweden, teaching_languages=["sv", "en"], founded=1827
        ),
        UniversityFactory(short_name="Lund", city="Lund", country=sweden, teaching_languages=["sv"], website=""),
        UniversityFactory(
            short_name="UPC", city="Barcelona", country=spain, teaching_languages=["en"], website="https://a.example"
        ),
    ]


def listed(address):
    request = RequestFactory().get(address)
    filterset = UniversityCatalogue(request.GET, queryset=University.objects.select_related("country"), request=request)
    return filterset, list_context(request, filterset)


def names(context):
    return [university.short_name for university in context["page_obj"]]


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("/", ["KTH", "Lund", "UPC"]),
        ("/?country=SE", ["KTH", "Lund"]),
        ("/?country=SE&country=ES", ["KTH", "Lund", "UPC"]),
        ("/?country=SE&language=en", ["KTH"]),
        ("/?language=en", ["KTH", "UPC"]),
        ("/?q=u", ["Lund", "UPC"]),
        ("/?founded=1827", ["KTH"]),
        ("/?sort=city", ["UPC", "Lund", "KTH"]),
        ("/?sort=nothing", ["KTH", "Lund", "UPC"]),
        ("/?country=XX", []),
        ("/?founded=old", []),
        ("/?country=%00", ["KTH", "Lund", "UPC"]),
        ("/?q=%00", ["KTH", "Lund", "UPC"]),
        ("/?page=99", ["KTH", "Lund", "UPC"]),
        ("/?page=first", ["KTH", "Lund", "UPC"]),
    ],
)
def test_address_finds(three, address, found):
    assert names(listed(address)[1]) == found


def test_facet_counts_under_the_other_filters_not_its_own(three):
    _, context = listed("/?country=SE&language=en")

    counts = {facet["name"]: {o["value"]: o["count"] for o in facet["options"]} for facet in context["facets"]}
    assert counts["country"] == {"SE": 1, "ES": 1}
    assert counts["language"] == {"en": 1, "sv": 2}


def test_facet_that_holds_nothing_is_not_shown(three):
    _, context = listed("/")

    assert [facet["name"] for facet in context["facets"]] == ["country", "language", "founded", "has_site"]


def test_chip_removes_one_value_and_keeps_the_rest(three):
    _, context = listed("/?q=k&country=SE&country=ES&page=2")

    assert [(str(chip["label"]), str(chip["value"]), chip["remove_url"]) for chip in context["chips"]] == [
        ("Search", "k", "?country=SE&country=ES"),
        ("Country", "Sweden", "?q=k&country=ES"),
        ("Country", "Spain", "?q=k&country=SE"),
    ]


def test_csv_holds_the_filtered_rows_and_says_its_encoding(three):
    filterset, _ = listed("/?country=SE")

    content = b"".join(export_csv(filterset, "universities")).decode()
    assert content == "\ufeffName,Country,Taught in\r\nKTH,Sweden,2\r\nLund,Sweden,1\r\n"


def test_export_never_holds_a_formula(three):
    University.objects.filter(short_name="Lund").update(short_name='=HYPERLINK("http://bad.example")')
    filterset, _ = listed("/?country=SE")

    sheet = load_workbook(io.BytesIO(export_xlsx(filterset, "universities").content)).active
    assert [row[0].value for row in sheet.iter_rows()] == ["Name", '\'=HYPERLINK("http://bad.example")', "KTH"]


def test_a_number_below_zero_is_a_number_and_no_formula(client, three):
    """Dublin lies west of Greenwich; with a quote before it nobody's map takes the number."""
    University.objects.filter(short_name="Lund").update(latitude=Decimal("53.34"), longitude=Decimal("-6.26"))
    address = "/universities/?q=lund&column=longitude&export="

    book = load_workbook(io.BytesIO(client.get(f"{address}xlsx").content)).active
    text = b"".join(client.get(f"{address}csv").streaming_content).decode()

    assert (book["A2"].value, text.splitlines()[1]) == (-6.26, "-6.26000")


def test_what_a_workbook_cannot_hold_is_left_out_of_it(three):
    """A line break out of slides is a vertical tab (U+000B), which XML forbids."""
    University.objects.filter(short_name="Lund").update(short_name="Lund\x0bUniversity")
    filterset, _ = listed("/?q=lund")

    sheet = load_workbook(io.BytesIO(export_xlsx(filterset, "universities").content)).active
    assert sheet["A2"].value == "Lund University"


@pytest.mark.parametrize("more", [0, 20])
def test_list_asks_the_same_number_of_questions_whatever_its_length(three, more, django_assert_num_queries):
    UniversityFactory.create_batch(more, country=three[0].country)

    with django_assert_num_queries(9):  # count, all, page, five facets and flag, names of countries
        names(listed("/?country=SE")[1])


@pytest.mark.parametrize(
    ("asked", "headings"),
    [
        ("", ["Name", "Country", "Taught in"]),
        ("column=taught-in&column=name", ["Name", "Taught in"]),
        ("column=country&column=country", ["Country"]),
        ("column=password", ["Name", "Country", "Taught in"]),
        ("column=name&column=%00", ["Name"]),
    ],
    ids=["none", "two, in the list's order", "one twice", "unknown", "one known"],
)
def test_file_holds_the_columns_that_were_chosen(three, asked, headings):
    filterset, _context = listed(f"/?q=kth&{asked}")

    [heading, row] = csv.reader(io.StringIO(b"".join(export_csv(filterset, "x")).decode("utf-8-sig")))

    values = {"Name": "KTH", "Country": "Sweden", "Taught in": "2"}
    assert (heading, row) == (headings, [values[each] for each in headings])


def test_choice_carries_the_filters_and_not_the_page(three):
    _filterset, context = listed("/?q=k&country=SE&country=ES&page=2&export=csv&column=name")

    choice = context["export_choice"]

    assert choice["carried"] == [("q", "k"), ("country", "SE"), ("country", "ES")]
    assert choice["columns"] == [
        {"name": "name", "label": "Name"}, {"name": "country", "label": "Country"},
        {"name": "taught-in", "label": "Taught in"},
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("query", "shown"),
    [("country=SE", ["KTH", "Lund"]), ("q=zzz", []), ("country=SE&column=short-name", ["KTH", "Lund"])],
)
def test_table_shows_the_rows_of_the_list(client, three, query, shown):
    page = client.get(f"/universities/?{query}&export=table")

    assert sorted(row[0][1] for row in page.context["rows"]) == shown
    assert page.context["back"] == f"?{query.partition('&')[0]}"
    assert ("Nothing fits" in page.content.decode()) == (not shown)


def test_table_is_cut_where_a_browser_would_choke(client, three, monkeypatch):
    monkeypatch.setattr("members.exporting.TABLE_ROWS", 2)

    page = client.get("/universities/?export=table")

    assert (len(page.context["rows"]), page.context["cut"]) == (2, True)
    assert "The first 2 rows." in page.content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_table_query_count(client, django_assert_num_queries, rows):
    UniversityFactory.create_batch(rows)

    with django_assert_num_queries(3):  # the rows with their countries, their codes, their tags
        client.get("/universities/?export=table")
