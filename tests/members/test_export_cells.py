"""What stands in the cells of a file, and which columns it has; without rows of a database."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from members import exporting


class Person:
    def __init__(self, name, boss=None):
        self.name, self.boss = name, boss

    def shout(self):
        return self.name.upper()


ANNA = Person("Anna", Person("Bo"))


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("name", "Anna"),
        ("shout", "ANNA"),
        ("boss.name", "Bo"),
        ("boss.shout", "BO"),
        ("boss.boss", None),
        ("boss.boss.name", None),
        ("nothing.of.the.kind", None),
        (lambda row: row.name[::-1], "annA"),
    ],
)
def test_a_column_is_a_path_whose_end_may_be_a_method_or_a_callable(source, value):
    assert exporting._value(ANNA, source) == value


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, ""),
        ("", ""),
        (0, 0),
        (-6.26, -6.26),
        (Decimal("-6.26"), Decimal("-6.26")),
        (True, True),
        (date(2027, 5, 3), "2027-05-03"),
        (datetime(2027, 5, 3, 9, 7, 59, tzinfo=UTC), "2027-05-03T09:07+00:00"),
        (datetime(2027, 5, 3, 9, 7, tzinfo=timezone(timedelta(hours=2))), "2027-05-03T09:07+02:00"),
        (_("Name"), "Name"),
        (["a", "b"], "['a', 'b']"),
    ],
    ids=repr,
)
def test_a_value_of_a_file(value, cell):
    assert exporting._cell(value) == cell


@pytest.mark.parametrize("start", exporting.FORMULA_STARTS)
def test_a_text_that_a_spreadsheet_would_run_gets_a_quote(start):
    assert exporting._cell(f"{start}cmd|' /C calc'!A0") == f"'{start}cmd|' /C calc'!A0"


@pytest.mark.parametrize("text", ["a=b", "1+1", "e-mail", "anna@kth.se", " =1", "'=1"])
def test_a_text_that_only_holds_such_a_sign_stays_as_it_is(text):
    assert exporting._cell(text) == text


@pytest.mark.parametrize(
    ("text", "kept"), [("a\x0bb", "a b"), ("a\x00b", "a b"), ("a\nb\tc", "a\nb\tc"), (7, 7), ("ok", "ok")]
)
def test_what_markup_cannot_hold_is_a_blank(text, kept):
    assert exporting._printable(text) == kept


def listing(query="", columns=None):
    columns = columns or {_("Short name"): "name", "Größe (m²)": "size", "E-mail": "mail"}
    return SimpleNamespace(columns=columns, data=QueryDict(query))


def test_columns_have_a_name_for_addresses_made_of_their_heading():
    assert [*exporting.columns_of(listing())] == ["short-name", "groe-m2", "e-mail"]


@pytest.mark.parametrize(
    ("query", "sources"),
    [
        ("", ["name", "size", "mail"]),
        ("column=e-mail", ["mail"]),
        ("column=e-mail&column=short-name", ["name", "mail"]),
        ("column=mail", ["name", "size", "mail"]),
        ("column=", ["name", "size", "mail"]),
        ("column=e-mail&column=secret", ["mail"]),
    ],
)
def test_chosen_columns_stand_in_their_own_order_and_none_known_means_all(query, sources):
    assert [source for _heading, source in exporting.chosen_columns(listing(query))] == sources


def test_the_menu_carries_every_filter_as_often_as_it_stands():
    choice = exporting.column_choice(listing(), QueryDict("q=a&kind=member&kind=former"))

    assert choice["carried"] == [("q", "a"), ("kind", "member"), ("kind", "former")]
    assert [(each["name"], str(each["label"])) for each in choice["columns"]] == [
        ("short-name", "Short name"), ("groe-m2", "Größe (m²)"), ("e-mail", "E-mail"),
    ]  # fmt: skip
