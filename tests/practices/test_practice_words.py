"""What a practice and its versions say, what is missing in a text, how two are compared; without a database."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from practices.content import (
    FEWEST_WORDS,
    NEEDED,
    SHORT,
    TEXTS,
    Piece,
    differences,
    fingerprint,
    gaps,
    label_of,
    marked,
    plain,
)
from practices.filters import COST_BANDS, bands
from practices.forms.small import AdoptionForm, FileForm, NoteForm, WhyForm
from practices.forms.writing import Links
from practices.models import EvidenceFile, Licence, Practice, PracticeVersion, Topic, new_reference
from practices.showing import citation
from practices.structured_data import described
from practices.turns import since_words
from tests.factories.members import UniversityFactory

NOW = datetime(2027, 5, 4, 12, tzinfo=UTC)
WORDS = "Six or more words that say something."


def content(**changes):
    """A complete version as plain data."""
    texts = dict.fromkeys(("summary", *TEXTS), WORDS)
    frame = {"title": "Thesis topics", "maturity": "pilot", "licence": "cc-by-4.0", "contact": None}
    figures = {"cost_eur": 4000, "person_months": "2", "topics": ["campus.03"], "links": [], "files": []}
    return texts | frame | figures | changes


# What is missing


def test_a_complete_text_lacks_nothing() -> None:
    assert gaps(content()) == []


@pytest.mark.parametrize("name", NEEDED)
def test_each_needed_part_is_asked_for_by_its_name(name) -> None:
    assert gaps(content(**{name: " \n "})) == [f"Fill in “{label_of(name)}”."]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (1, ["Say more under “Problem”: it has 1 word."]),
        (FEWEST_WORDS - 1, ["Say more under “Problem”: it has 4 words."]),
        (FEWEST_WORDS, []),
    ],
)
def test_a_part_of_a_few_words_is_asked_for_more(words, sentence) -> None:
    assert gaps(content(problem=" ".join(["word"] * words))) == sentence


@pytest.mark.parametrize("name", [name for name in TEXTS if name not in NEEDED])
def test_the_other_parts_may_stay_empty(name) -> None:
    assert gaps(content(**{name: "", "links": [["Survey", "https://survey.example/"]]})) == []


@pytest.mark.parametrize(
    ("cost", "months", "resources", "is_enough"),
    [
        (None, None, " ", False),
        (0, None, "", True),
        (None, "0", "", True),
        (None, None, "Two people for a year.", True),
    ],
    ids=["nothing said", "nothing bought", "nobody's time", "in words"],
)
def test_what_it_took_is_said_in_figures_or_words(cost, months, resources, is_enough) -> None:
    found = gaps(content(cost_eur=cost, person_months=months, resources=resources))

    assert found == ([] if is_enough else ["Say what it took: euros, person-months, or in words. Nothing at all is 0."])


@pytest.mark.parametrize(
    ("proof", "is_enough"),
    [
        ({"evidence": ""}, False),
        ({"evidence": "", "links": [["Survey", "https://survey.example/"]]}, True),
        ({"evidence": "", "files": [["Report", "public", "ab"]]}, True),
    ],
    ids=["none", "a link", "a file"],
)
def test_proof_is_words_a_link_or_a_file(proof, is_enough) -> None:
    words = ["Say how you know that it works: in words, by a link or a file."]

    assert gaps(content(**proof)) == ([] if is_enough else words)


def test_everything_that_is_missing_is_said_at_once_in_the_order_of_the_page() -> None:
    empty = content(**dict.fromkeys((*NEEDED, *TEXTS), ""), cost_eur=None, person_months=None, topics=[])

    found = gaps(empty)

    assert found[:2] == ["Fill in “In one sentence”.", "Fill in “Problem”."]
    assert len(found) == len(NEEDED) + 3
    assert found[-2] == "Choose at least one topic."


# What the hash pins


def test_the_same_content_has_the_same_hash_in_whatever_order_it_was_put_together() -> None:
    one = content()

    assert fingerprint(dict(reversed(one.items()))) == fingerprint(one)


@pytest.mark.parametrize("name", ["title", "problem", "cost_eur", "licence", "contact", "topics", "links", "files"])
def test_every_part_changes_the_hash(name) -> None:
    assert fingerprint(content(**{name: ["other"]})) != fingerprint(content())


def test_a_hash_tells_an_accent_from_none() -> None:
    assert fingerprint(content(title="Café")) != fingerprint(content(title="Cafe"))


@pytest.mark.parametrize(
    ("typed", "kept"), [("2", "2"), ("2.0", "2"), ("2.5", "2.5"), ("10", "10"), ("100.0", "100"), ("0.0", "0")]
)
def test_months_are_pinned_without_idle_zeros(typed, kept) -> None:
    """What was typed as 2 comes back from the database as 2.0: the hash must not change by that."""
    version = PracticeVersion(person_months=Decimal(typed))

    assert (plain(version, "person_months"), version.months_words) == (kept, kept)


def test_months_that_are_not_known_say_nothing() -> None:
    assert (PracticeVersion().months_words, plain(PracticeVersion(), "person_months")) == ("", None)


# Two versions beside each other


def test_equal_texts_differ_in_nothing() -> None:
    assert marked(WORDS, WORDS) == (Piece("", WORDS),)


@pytest.mark.parametrize(
    ("before", "after", "pieces"),
    [
        ("", "New words.", (Piece("ins", "New words."),)),
        ("Old words.", "", (Piece("del", "Old words."),)),
        ("a b c", "a c", (Piece("", "a "), Piece("del", "b "), Piece("", "c"))),
        ("a c", "a b c", (Piece("", "a "), Piece("ins", "b "), Piece("", "c"))),
        ("one two", "one three", (Piece("", "one "), Piece("del", "two"), Piece("ins", "three"))),
        ("a\n\nb", "a b", (Piece("del", "a\n\n"), Piece("ins", "a "), Piece("", "b"))),
        (" a", "a", (Piece("del", " "), Piece("", "a"))),
    ],
    ids=["all new", "all gone", "out", "in", "changed", "a new line", "a blank in front"],
)
def test_words_that_went_stand_before_those_that_came(before, after, pieces) -> None:
    assert marked(before, after) == pieces


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("length", "is_marked"), [(SHORT, False), (SHORT + 1, True)], ids=["sixty letters", "a letter more"]
)
def test_a_short_text_is_shown_before_and_after_and_a_long_one_marked(length, is_marked) -> None:
    [found] = differences(content(problem="x" * length), content(problem="y"))

    assert (found.label, found.after, bool(found.pieces)) == ("Problem", "y", is_marked)


@pytest.mark.django_db
def test_a_text_that_comes_or_goes_whole_is_not_marked() -> None:
    [found] = differences(content(context=""), content(context="x" * 200))

    assert (found.before, found.after, found.pieces) == ("", "x" * 200, ())


@pytest.mark.django_db
def test_choices_read_as_words_and_figures_as_figures() -> None:
    found = differences(
        content(cost_eur=None), content(maturity="established", licence="cc0-1.0", cost_eur=0, person_months="2.5")
    )

    assert [(row.label, row.before, row.after) for row in found] == [
        ("Maturity", "Pilot", "In use"),
        ("Licence", "CC BY 4.0", "CC0 1.0"),
        ("Cost in euros", "", "0"),
        ("Person-months", "2", "2.5"),
    ]


@pytest.mark.django_db
def test_links_and_files_are_listed_line_by_line_and_never_by_their_digest() -> None:
    before = content(links=[["Survey", "https://survey.example/"]])
    after = content(files=[["Audit", "members", "f" * 64], ["Report", "public", "ab"]])

    links, files = differences(before, after)

    assert (links.before, links.after) == ("Survey · https://survey.example/", "")
    assert files.after == "Audit · members\nReport · public"


@pytest.mark.django_db
def test_a_topic_that_is_gone_keeps_its_code_and_a_person_who_is_gone_says_nothing() -> None:
    found = differences(content(topics=["gone.01"], contact=999_999), content(topics=[]))

    assert {row.label: row.before for row in found} == {"Whom to ask": "", "Topics": "gone.01"}


# One practice, one version


@pytest.mark.parametrize(
    ("state", "tone", "with_writers"),
    [("draft", "quiet", True), ("submitted", "wait", False), ("changes_asked", "due", True), ("published", "ok", False),
     ("refused", "due", False), ("dropped", "quiet", False)],
)  # fmt: skip
def test_each_state_of_a_version_has_its_tone(state, tone, with_writers) -> None:
    version = PracticeVersion(state=state)

    assert (version.tone, version.is_with_writers) == (tone, with_writers)


def practice(state="published", live=None, latest=None):
    """A practice with versions in these states, not stored."""
    made = Practice(reference="BP-7K3M-92", university=UniversityFactory.build(name="KTH"), state=state)
    for pk, (name, stands) in enumerate((("live", live), ("latest", latest)), start=1):
        if stands:
            setattr(made, name, PracticeVersion(pk=pk, number=pk, state=stands, title=f"The {name} one"))
    return made


@pytest.mark.parametrize(
    ("live", "latest", "title"),
    [
        ("published", "draft", "The live one"),
        (None, "draft", "The latest one"),
        (None, None, ""),
    ],
)
def test_a_practice_is_called_as_everybody_reads_it(live, latest, title) -> None:
    assert practice(live=live, latest=latest).title == title


@pytest.mark.parametrize("state", PracticeVersion.State.values)
def test_what_is_not_decided_about_is_being_written(state) -> None:
    found = practice(latest=state)

    assert (found.being_written is not None) is (state in ("draft", "submitted", "changes_asked"))
    assert practice().being_written is None


@pytest.mark.parametrize(
    ("state", "live", "is_public"),
    [
        ("published", "published", True),
        ("archived", "published", True),
        ("archived", None, False),
        ("draft", None, False),
    ],
)
def test_only_what_was_published_is_public(state, live, is_public) -> None:
    assert practice(state, live=live).is_public is is_public


def test_every_licence_has_the_address_of_its_text() -> None:
    assert set(Licence.urls) == set(Licence)
    assert PracticeVersion(licence="cc0-1.0").licence_url == "https://creativecommons.org/publicdomain/zero/1.0/"


def test_only_a_published_version_can_be_cited() -> None:
    one = practice(live="published")
    version = one.live
    version.practice, version.judged_at, version.licence = one, NOW, "cc-by-4.0"

    assert citation(version, "https://portal.example/p/") == (
        "KTH (2027): The live one. CLUSTER practice BP-7K3M-92, version 1. CC BY 4.0. https://portal.example/p/"
    )
    version.state = "refused"
    assert citation(version, "https://portal.example/p/") == ""
    assert described(version, [], "https://portal.example/p/") == {}


def test_a_reference_is_quoted_aloud_and_never_given_twice() -> None:
    found = {new_reference() for _number in range(50)}

    assert len(found) == 50
    assert all(len(one) == 10 and one[:3] == "BP-" and one[7] == "-" for one in found)


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (timedelta(0), "since just now"),
        (timedelta(seconds=59), "since just now"),
        (timedelta(minutes=1), "since 1\xa0minute"),
        (timedelta(days=3, hours=5), "since 3\xa0days"),
    ],
)
def test_how_long_it_waits_begins_with_just_now(ago, words) -> None:
    assert since_words(NOW - ago, NOW) == words


def test_a_pillar_is_a_topic_without_one() -> None:
    assert [Topic(pillar_id=pillar).is_pillar for pillar in (None, "campus")] == [True, False]


def test_a_file_is_named_by_the_beginning_of_its_digest() -> None:
    assert EvidenceFile(sha256="0123456789abcdef" * 4).code == "0123456789abcdef"


def test_bands_of_cost_are_named_where_they_are_known() -> None:
    assert bands(["none", "galactic"]) == {"none": COST_BANDS["none"]}


# Small forms


@pytest.mark.parametrize(
    ("since", "words"),
    [
        (date(2027, 5, 4), []),
        (date(2027, 5, 5), ["This day is still to come; say it once you use the practice."]),
        (date(1950, 1, 1), []),
        (date(1949, 12, 31), ["1949 is too long ago to be right."]),
    ],
    ids=["today", "tomorrow", "the oldest", "a day older"],
)
def test_a_day_of_adoption_lies_between_living_memory_and_today(since, words) -> None:
    form = AdoptionForm({"since": ""}, places=[], day=date(2027, 5, 4))
    form.cleaned_data = {"since": since}

    try:
        found = [] if form.clean_since() == since else ["changed"]
    except ValidationError as wrong:
        found = wrong.messages

    assert found == words


def test_two_forms_of_one_page_have_fields_of_their_own() -> None:
    ids = [form["comment"].auto_id for form in (WhyForm(), NoteForm())]

    assert len(set(ids)) == 2


@pytest.mark.parametrize(("form", "is_taken"), [(WhyForm, False), (NoteForm, True)])
def test_a_reason_is_needed_and_a_comment_is_not(form, is_taken) -> None:
    assert form({"comment": "  "}).is_valid() is is_taken


def test_a_file_needs_no_words_and_its_own_name_serves() -> None:
    assert FileForm().fields["label"].required is False


def links(*rows, initial=0):
    data = {"links-TOTAL_FORMS": len(rows), "links-INITIAL_FORMS": initial}
    for number, (label, url, *delete) in enumerate(rows):
        data |= {f"links-{number}-label": label, f"links-{number}-url": url}
        data |= {f"links-{number}-DELETE": "on"} if delete else {}
    return Links(data, prefix="links")


def test_links_are_kept_in_the_order_of_the_page_without_empty_and_removed_ones() -> None:
    found = links(("B", "https://b.example/"), ("", ""), ("C", "https://c.example/", True), ("A", "https://a.example/"))

    assert found.is_valid(), found.errors
    assert [link.label for link in found.wanted()] == ["B", "A"]


def test_one_address_twice_is_told_and_one_of_them_may_be_removed() -> None:
    twice = links(("A", "https://a.example/"), ("B", "https://a.example/"))
    once = links(("A", "https://a.example/"), ("B", "https://a.example/", True))

    assert twice.non_form_errors() == ["“https://a.example/” stands in the list twice."]
    assert once.is_valid()


@pytest.mark.parametrize(
    ("row", "field"),
    [(("", "https://a.example/"), "label"), (("A", ""), "url"), (("A", "javascript:alert(1)"), "url"),
     (("x" * 121, "https://a.example/"), "label")],
    ids=["no words", "no address", "no web address", "too long"],
)  # fmt: skip
def test_half_a_link_is_told_at_its_field(row, field) -> None:
    assert list(links(row).forms[0].errors) == [field]


def test_more_links_than_a_list_has_are_refused() -> None:
    rows = [(f"L{number}", f"https://l{number}.example/") for number in range(13)]

    assert not links(*rows).is_valid()
    assert links(*rows[:12]).is_valid()
