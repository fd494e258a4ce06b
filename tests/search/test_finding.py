"""What is found by what was typed, and in which order."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from members.searching.finding import Search
from members.searching.marking import marked
from members.searching.typed import LONGEST, MOST_WORDS, Typed, plain
from tests.factories.exchange import PlacementFactory
from tests.factories.members import IdentifierFactory, UniversityFactory, UniversityNameFactory
from tests.factories.programmes import ProgrammeFactory

pytestmark = pytest.mark.django_db


def search(text, kinds=None):
    return Search(Typed.read(text), AnonymousUser(), kinds)


def titles(text, kinds=None):
    return [entry.title for entry in search(text, kinds).rows()]


@pytest.fixture
def kth():
    kth = UniversityFactory(
        slug="kth",
        short_name="KTH",
        name="Royal Institute of Technology",
        official_name="Kungliga Tekniska högskolan",
        city="Stockholm",
        summary="Sweden's largest technical university.",
    )
    UniversityNameFactory(university=kth, name="Teknologiska institutet")
    IdentifierFactory(university=kth, scheme="erasmus", value="S  STOCKHO04")
    IdentifierFactory(university=kth, scheme="pic", value="999990946")
    UniversityFactory(name="Elsewhere", city="Turin")
    return kth


@pytest.mark.parametrize(
    "typed",
    [
        "hogskolan", "HÖGSKOLAN", "högsko", "kungliga stockholm", "stockholm royal", "KTH", "kth", "teknologiska",
        "S STOCKHO04", "s-stockho04", "sstockho04", "stockho04", "999990946", "PIC 999990946", '"royal institute"',
        "“tekniska högskolan”", '"institute royal"', "universities technical", "Stokholm", "Royl Institute",
        "hogskollan", "kungliga elephant",
    ],
)  # fmt: skip
def test_university_is_found_however_it_is_asked_for(kth, typed):
    assert titles(typed) == [kth.name]


@pytest.mark.parametrize("typed", ["", "   ", "?!…", "…–—", '""', "\x00", "zzzz", "holm", '"nstitute"', "' OR 1=1 --"])
def test_nothing_is_found_for_what_stands_nowhere(kth, typed):
    assert titles(typed) == []


def test_exact_codes_and_titles_come_first():
    UniversityFactory(name="Institute for the study of KTH", short_name="X")
    ProgrammeFactory(published=True, title="KTH")
    kth = UniversityFactory(name="Royal Institute", short_name="KTH")

    assert titles("kth") == [kth.name, "KTH", "Institute for the study of KTH"]


def test_words_of_the_title_weigh_more_than_words_of_the_text():
    host = UniversityFactory(name="Elsewhere", short_name="E", city="Turin")
    PlacementFactory(published=True, title="Wind turbines", description="Also robots.", host=host)
    PlacementFactory(published=True, title="Robots", description="Also wind turbines.", host=host)

    assert titles("robots") == ["Robots", "Wind turbines"]
    assert titles("wind turbines") == ["Wind turbines", "Robots"]


def test_endings_of_english_words_do_not_matter_and_names_stay_whole():
    PlacementFactory(published=True, title="Robotics", description="")
    UniversityFactory(name="Universitas Robotica", short_name="UR", city="Roma")

    assert titles("robotic") == ["Robotics", "Universitas Robotica"]
    assert titles("robotics") == ["Robotics"]


def test_all_words_are_asked_for_before_some_of_them():
    first = UniversityFactory(name="Marine biology", city="Bergen")
    UniversityFactory(name="Marine law", city="Oslo")

    assert titles("marine bergen") == [first.name]
    found = search("marine quantum")
    assert (found.found.any_word, sorted(entry.title for entry in found.rows())) == (
        True,
        ["Marine biology", "Marine law"],
    )


def test_what_was_probably_meant_is_looked_for_and_said(kth):
    found = search("Stokholm").found

    assert (found.was_corrected, found.used.text, found.any_word) == (True, "stockholm", False)


def test_slips_are_mended_in_each_word_and_the_rest_is_shown(kth):
    UniversityFactory(name="Robotics centre", city="Turin")

    found = search("stokholm robotcs").found

    assert (found.used.text, found.any_word, found.total) == ("stockholm robotics", True, 2)


def test_kinds_narrow_the_results_and_not_the_counts(kth):
    PlacementFactory(published=True, host=kth, title="Robots")

    looking = search("kth", ["placement", "nonsense"])

    assert [entry.title for entry in looking.rows()] == ["Robots"]
    assert looking.found.counts == {"placement": 1, "university": 1}
    assert looking.total == 1


def test_what_may_be_seen_is_asked_only_of_kinds_that_have_the_words(kth, django_assert_num_queries):
    with django_assert_num_queries(3) as asked:
        assert titles("stockholm") == [kth.name]

    tables = " ".join(query["sql"] for query in asked.captured_queries)
    assert ("members_university" in tables, "programmes_programme" in tables) == (True, False)


@pytest.mark.parametrize(
    ("raw", "words", "was_cut"),
    [
        ("x" * 10_000, ("x" * LONGEST,), True),
        ("a b " * 5_000, ("a", "b"), True),
        (" ".join(f"w{n}" for n in range(30)), tuple(f"w{n}" for n in range(MOST_WORDS)), True),
        ("two words", ("two", "words"), False),
        ("nul\x00byte", ("nul", "byte"), False),
    ],
)
def test_long_and_odd_input_is_cut(raw, words, was_cut):
    typed = Typed.read(raw)

    assert (typed.words, typed.was_cut) == (words, was_cut)
    assert Search(typed, AnonymousUser()).found.total == 0


@given(st.text(max_size=80))
def test_words_are_the_same_in_python_and_in_the_database(text):
    text = text.replace("\x00", "")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT search_plain(%s), tsvector_to_array(to_tsvector('simple', search_plain(%s)))", [text, text]
        )
        in_database, lexemes = cursor.fetchone()

    assert in_database == plain(text)
    assert {word for word in plain(text).split() if word.isascii() and word.isalpha()} <= set(lexemes)


@given(st.text(max_size=300))
def test_whatever_is_typed_is_answered(text):
    assert search(text).found.total == 0


@pytest.mark.parametrize(
    ("text", "terms", "html"),
    [
        ("Kungliga Tekniska högskolan", ("hogsko",), "Kungliga Tekniska <mark>högskolan</mark>"),
        ("Robotics & <b>", ("robots", "control"), "<mark>Robotics</mark> &amp; &lt;b&gt;"),
        ("<script>", ("script",), "&lt;<mark>script</mark>&gt;"),
        ("Nothing", ("zzz",), "Nothing"),
        ("", ("a",), ""),
    ],
)  # fmt: skip
def test_found_words_are_marked_and_everything_is_escaped(text, terms, html):
    assert marked(text, terms) == html


def test_very_many_results_still_begin_with_the_title_that_was_typed(monkeypatch):
    monkeypatch.setattr("members.searching.finding.RANKED", 1)
    PlacementFactory(published=True, title="Laboratory of robots")
    PlacementFactory(published=True, title="A laboratory")
    PlacementFactory(published=True, title="Laboratory")

    assert titles("laboratory")[:2] == ["Laboratory", "Laboratory of robots"]
