"""What is made of what somebody typed: words, phrases, codes, slips, marks; without a database."""

import pytest

from members.searching import page, spelling, ways
from members.searching.kinds import by_key, entries_of, registered
from members.searching.marking import _is_meant, marked
from members.searching.typed import LONGEST, MOST_WORDS, Typed, plain


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("S STOCKHO04", "s stockho04"),
        ("KTH’s  “Robotics”", "kth s robotics"),
        ("Politècnica—Catalunya", "politecnica catalunya"),
        ("C++ & C#", "c c"),
        ("…!?", ""),
        ("  ", ""),
        ("Straße Øst", "strasse ost"),
        ("同济大学", "同济大学"),
    ],
)
def test_plain_text_is_folded_and_without_punctuation(text, folded):
    assert plain(text) == folded


@pytest.mark.parametrize(
    ("raw", "words", "phrases"),
    [
        ("dual degree", ("dual", "degree"), ()),
        ('"dual degree" kth', ("kth",), ("dual degree",)),
        ("“dual degree” kth", ("kth",), ("dual degree",)),
        ('"dual" "degree"', (), ("dual", "degree")),
        ('""', (), ()),
        ('"..."', (), ()),
        ('"open end', ("open", "end"), ()),
        ("degree degree DEGREE", ("degree",), ()),
        ("a\x00b\tc\nd", ("a", "b", "c", "d"), ()),
    ],
)
def test_typed_is_read_as_words_and_phrases(raw, words, phrases):
    typed = Typed.read(raw)

    assert (typed.words, typed.phrases, typed.was_cut) == (words, phrases, False)
    assert typed.is_empty == (not words and not phrases)


@pytest.mark.parametrize(
    ("raw", "was_cut"),
    [
        ("x" * LONGEST, False),
        ("x" * (LONGEST + 1), True),
        (" ".join(f"w{n}" for n in range(MOST_WORDS)), False),
        (" ".join(f"w{n}" for n in range(MOST_WORDS + 1)), True),
    ],
)
def test_typed_is_cut_where_it_is_too_long_and_says_so(raw, was_cut):
    typed = Typed.read(raw)

    assert typed.was_cut == was_cut
    assert len(typed.text) <= LONGEST
    assert len(typed.words) <= MOST_WORDS


def test_typed_phrases_are_as_few_as_words():
    assert len(Typed.read(" ".join(f'"p{n}"' for n in range(40))).phrases) == MOST_WORDS


@pytest.mark.parametrize(
    ("raw", "code"), [("S STOCKHO 04", "sstockho04"), ("s-stockho04", "sstockho04"), ("999 990.946", "999990946")]
)
def test_typed_code_is_compared_without_its_blanks(raw, code):
    assert Typed.read(raw).code == code


def test_typed_terms_are_the_words_and_those_of_the_phrases():
    assert Typed.read('kth "dual degree"').terms == ("kth", "dual", "degree")


def test_typed_corrected_keeps_what_was_right_and_the_phrases():
    typed = Typed.read('stokholm kth "dual degree"')

    better = typed.corrected({"stokholm": "stockholm", "nothing": "else"})

    assert (better.words, better.phrases) == (("stockholm", "kth"), ("dual degree",))
    assert better.text == 'stockholm kth "dual degree"'
    assert typed.words == ("stokholm", "kth")


@pytest.mark.parametrize(
    ("word", "term", "meant"),
    [
        ("robotics", "robo", True),
        ("robots", "robotics", False),
        ("robotic", "robotics", True),
        ("engineers", "engineer", True),
        ("engineering", "engineers", True),
        ("engineer", "engineering", False),
        ("water", "wate", True),
        ("wales", "water", False),
        ("kth", "kth", True),
        ("kt", "kth", False),
    ],
)
def test_word_is_marked_for_its_beginning_or_another_ending(word, term, meant):
    assert _is_meant(word, term) == meant


@pytest.mark.parametrize(
    ("text", "terms", "html"),
    [
        ("", ("kth",), ""),
        ("KTH Stockholm", (), "KTH Stockholm"),
        ("KTH & <b>KTH</b>", ("kth",), "<mark>KTH</mark> &amp; &lt;b&gt;<mark>KTH</mark>&lt;/b&gt;"),
        ("Politècnica", ("politecnica",), "<mark>Politècnica</mark>"),
        ("under_score", ("score",), "under_<mark>score</mark>"),
    ],
)
def test_what_was_found_is_marked_and_the_rest_escaped(text, terms, html):
    assert marked(text, terms) == html


@pytest.mark.parametrize(
    ("word", "counted", "better"),
    [
        ("stokholm", {"stockholm": 3}, "stockholm"),
        ("stokhlm", {"stockholm": 3}, "stockholm"),
        ("stkhlm", {"stockholm": 3}, ""),
        ("wter", {"water": 3}, "water"),
        ("wtr", {"water": 3}, ""),
        ("wtaer", {"water": 3}, "water"),
        ("robotc", {"robots": 1, "robotic": 9}, "robotic"),
        ("robotc", {"robots": 9, "robotic": 1}, "robots"),
        ("kth", {}, ""),
    ],
    ids=["one slip", "two in a long word", "three", "one in a short word", "two in a short word", "two letters swapped",
         "the commoner", "the commoner again", "nothing known"],
)  # fmt: skip
def test_the_nearest_word_that_is_known(word, counted, better):
    assert spelling._nearest(word, counted) == better


@pytest.mark.parametrize("words", [(), ("a",), ("kth",), ("2027",), ("s04x",), ("ab", "12345")])
def test_short_words_and_numbers_are_never_corrected_and_cost_no_query(words):
    assert spelling.corrections(words) == {}


@pytest.mark.parametrize("kind", registered(), ids=lambda kind: kind.key)
def test_every_kind_has_words_an_order_and_an_address(kind):
    assert by_key(kind.key) is kind
    assert str(kind.label)
    assert str(kind.one)
    assert kind.watches
    key = "00000000-0000-4000-8000-000000000000" if "reference" in str(kind.entries().query) else "some-slug"
    assert kind.address(key).startswith("/")
    assert kind.address(key).endswith(kind.anchor)


def test_names_of_people_correct_nobody():
    assert not {kind.key for kind in registered() if kind.spells} & {"person", "student", "contact", "expert"}


def test_kinds_stand_in_a_fixed_order():
    assert [kind.order for kind in registered()] == sorted(kind.order for kind in registered())


def test_an_entry_is_made_of_all_its_columns_whatever_a_room_leaves_out():
    from members.models import Unit
    from members.searching.kinds import COLUMNS

    rows = entries_of(Unit.objects.all(), key="code", title="name")

    assert len(rows._fields) == len(COLUMNS)
    assert not rows.query.order_by


@pytest.mark.parametrize(
    ("text", "terms", "has"),
    [
        ("My applications", ("app",), True),
        ("My applications", ("plic",), False),
        ("My applications", ("my", "app"), True),
        ("My applications", ("app", "rounds"), False),
        ("Sign-in and security", ("in",), True),
        ("Öffentlich", ("offen",), True),
        ("", ("a",), False),
        ("Anything", (), True),
    ],
)
def test_a_page_is_called_by_the_beginnings_of_its_words(text, terms, has):
    assert ways._has(text, terms) == has


def some_ways(monkeypatch, *found):
    monkeypatch.setattr(ways, "_providers", {"some": lambda user, now: found})


def test_pages_called_so_come_before_those_described_so_and_few_are_shown(monkeypatch):
    described = [ways.Way(title=f"Page {n}", url=f"/{n}/", detail="robots") for n in range(6)]
    some_ways(monkeypatch, *described, ways.Way(title="Robots", url="/robots/"))

    found = ways.ways_to(Typed.read("robot"), None, None)

    assert (found[0].title, len(found)) == ("Robots", ways.AT_MOST)


def test_a_page_announced_twice_is_shown_once(monkeypatch):
    some_ways(monkeypatch, ways.Way(title="Robots", url="/robots/"), ways.Way(title="Robots", url="/robots/"))

    assert len(ways.ways_to(Typed.read("robots"), None, None)) == 1
    assert ways.ways_to(Typed.read("  "), None, None) == []


def test_narrowing_by_kind_keeps_what_was_typed():
    from django.http import QueryDict

    params = QueryDict("q=kth&kind=unit&kind=person&page=4")

    assert page._with(params, page=[], kind=["unit"]).urlencode() == "q=kth&kind=unit"
    facets = [{"options": [{"value": "unit", "label": "Units", "selected": True},
                           {"value": "person", "label": "People", "selected": True},
                           {"value": "call", "label": "Calls", "selected": False}]}]  # fmt: skip
    assert [chip["remove_url"] for chip in page._chips(facets, params)] == [
        "?q=kth&kind=person&page=4", "?q=kth&kind=unit&page=4",
    ]  # fmt: skip
