"""Python and the database fold names alike, and the database may index what it folds."""

import csv
import json
from pathlib import Path

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from members.folding import CAPITALS, LIGATURES, STROKED, Fold, fold

DATA = Path("members/data")


def folded_in_sql(texts):
    """What the database makes of `texts`, in their order, by one query of Fold's own template."""
    folding = Fold.template % {"expressions": "typed"}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {folding} FROM unnest(%s::text[]) WITH ORDINALITY AS texts (typed, position) ORDER BY position",  # noqa: S608
            [list(texts)],
        )
        return [row[0] for row in cursor.fetchall()]


def names_of_our_data():
    with (DATA / "charter_holders.csv").open(encoding="utf-8", newline="") as register:
        for holder in csv.DictReader(register):
            yield from (holder["name"], holder["other_name"], holder["city"])
    for university in json.loads((DATA / "universities.json").read_text(encoding="utf-8"))["items"]:
        yield from (university["name"], university["city"], *(name["name"] for name in university["names"]))
    for field in json.loads((DATA / "isced_f.json").read_text(encoding="utf-8"))["items"]:
        yield from field["labels"].values()


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("  Kungliga\t Tekniska  HÖGSKOLAN ", "kungliga tekniska hogskolan"),
        ("Łódź", "lodz"),
        ("Ærø Þórr", "aero thorr"),
        ("Straße STRASSE STRAẞE", "strasse strasse strasse"),
        ("Œuvre Đà Nẵng Ísafjörður", "oeuvre da nang isafjordur"),
        ("İSTANBUL \u0131s\u0131", "istanbul isi"),
        ("L\u2019Aquila \u2013 Ca\u2019 Foscari", "l'aquila - ca' foscari"),
        ("Томский ПОЛИТЕХНИЧЕСКИЙ", "томскии политехническии"),
        ("ΑΘΉΝΑ", "αθηνα"),
        ("中国石油大学\uff08华东\uff09", "中国石油大学(华东)"),
        ("", ""),
    ],
)
def test_fold(typed, folded):
    assert fold(typed) == folded


@given(st.text())
def test_folding_twice_changes_nothing_more(text):
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize("letter", CAPITALS + STROKED + LIGATURES)
def test_no_capital_and_no_stroke_is_left(letter):
    assert fold(letter).islower()
    assert fold(letter) not in STROKED + LIGATURES


@pytest.mark.django_db
def test_the_database_folds_every_name_of_our_data_as_python_does():
    names = sorted(set(names_of_our_data()))

    assert folded_in_sql(names) == [fold(name) for name in names]


@pytest.mark.django_db
def test_the_database_folds_every_letter_of_europe_as_python_does():
    letters = [f"a{chr(code)} b" for code in (*range(1, 0x590), *range(0x1E00, 0x2100), 0x3000, 0xFB01)]

    assert folded_in_sql(letters) == [fold(letter) for letter in letters]


@pytest.mark.django_db
def test_folded_names_can_be_found_through_the_orm(django_assert_num_queries):
    ContentType.objects.create(app_label="Högskolan", model="ÅÄÖ")

    with django_assert_num_queries(1):
        found = ContentType.objects.annotate(plain=Fold("app_label")).get(plain__startswith=fold("HOGSK"))

    assert found.model == "ÅÄÖ"


@pytest.mark.django_db
def test_folding_may_stand_in_an_index_and_in_a_generated_column():
    folding = Fold.template % {"expressions": "name"}

    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE folded (name text, plain text GENERATED ALWAYS AS ({folding}) STORED)")
        cursor.execute(f"CREATE INDEX folded_name ON folded (({folding}))")
        cursor.execute("INSERT INTO folded (name) VALUES ('Łódź')")
        cursor.execute("SELECT plain FROM folded")

        assert cursor.fetchall() == [("lodz",)]
