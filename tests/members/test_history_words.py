"""How what the triggers wrote down is told: fields, values, titles, who did it; events made by hand, no database."""

from datetime import UTC, datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from members import comparing, history, people_timeline, structured_data, university_page
from members.comparing import NOT_KNOWN, Cell, Row
from members.models import (
    Act,
    Contact,
    Fact,
    Factsheet,
    FactsheetTerm,
    Identifier,
    Membership,
    Picture,
    Unit,
    University,
    UniversityDocument,
    User,
)

NOW = datetime(2027, 4, 27, 18, 0, tzinfo=UTC)
THINGS = {"unit_id": {7: "Library"}, "parent_id": {7: "Library"}, "tag_id": {3: "Robotics"}}


@pytest.mark.parametrize(
    ("model", "column", "value", "text"),
    [
        (University, "name", "KTH", "KTH"),
        (University, "name", "", ""),
        (University, "founded", None, ""),
        (University, "founded", 1827, "1827"),
        (University, "dual_doctorate_signatory", True, "yes"),
        (University, "dual_doctorate_signatory", False, "no"),
        (University, "teaching_languages", ["en", "sv"], "English, Swedish"),
        (University, "teaching_languages", [], ""),
        (University, "teaching_languages", ["xx"], "xx"),
        (University, "logo", "universities/logos/x.webp", "a file"),
        (Membership, "kind", "member", "Member"),
        (Membership, "kind", "vanished", "vanished"),
        (Membership, "starts_on", "2027-05-03", "3 May 2027"),
        (Contact, "unit_id", 7, "Library"),
        (Contact, "unit_id", 99, "99"),
        (Fact, "value", 12000, "12000"),
        (FactsheetTerm, "academic_year", 2027, "2027/28"),
        (University, "column_of_an_older_version", "as it was", "as it was"),
        (University, "description", "x" * 160, "x" * 160),
        (University, "description", "x" * 161, "x" * 160 + "…"),
    ],
)
def test_a_stored_value_in_words(model, column, value, text):
    assert history._text(model, column, value, THINGS) == text


def test_a_moment_is_told_on_the_clock_in_force():
    with timezone.override(ZoneInfo("Europe/Madrid")):
        told = history._text(FactsheetTerm, "nominations_close_at", "2027-04-15T21:59:00+00:00", {})

    assert told == "15 Apr 2027, 23:59 (Madrid)"


@pytest.mark.parametrize(
    ("model", "column", "label"),
    [
        (University, "short_name", "Short name"),
        (University, "country_id", "Country"),
        (University, "column_of_an_older_version", "column_of_an_older_version"),
    ],
)
def test_a_field_is_called_as_on_its_form(model, column, label):
    assert history._label(model, column) == label


@pytest.mark.parametrize(
    ("model", "data", "title"),
    [
        (University, {"name": "KTH"}, "Profile"),
        (Contact, {"name": "Exchange office", "purpose": "incoming"}, "Contact “Exchange office”"),
        (Identifier, {"value": "999990946", "scheme": "pic"}, "Identifier “999990946”"),
        (Unit, {"name": "Library", "code": "LIB"}, "Unit “Library”"),
        (Picture, {"alt": "The campus"}, "Picture “The campus”"),
        (Membership, {"kind": "associate"}, "Membership “Associate”"),
        (UniversityDocument, {"title": "Guide", "name": "guide.pdf"}, "Document “Guide”"),
        (FactsheetTerm, {"academic_year": 2027, "term": "autumn"}, "Factsheet term “Autumn 2027/28”"),
        (Factsheet, {"housing": "Ask us."}, "Factsheet"),
    ],
)
def test_a_row_is_named_by_what_tells_it_from_others(model, data, title):
    assert history._title(model, data) == title


def event(label, data=None, diff=None, user=None, model="members.Contact"):
    return SimpleNamespace(
        pgh_label=label, pgh_data={"name": "Office", **(data or {})}, pgh_diff=diff, pgh_obj_model=model,
        pgh_context={"user": user} if user else None, pgh_created_at=NOW,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("told", "changes"),
    [
        (event("insert", {"phone": "+46 8", "link": ""}), [("Name", "", "Office"), ("Telephone", "", "+46 8")]),
        (event("delete", {"phone": "+46 8"}), [("Name", "Office", ""), ("Telephone", "+46 8", "")]),
        (event("update", diff={"phone": ["+46 8", ""]}), [("Telephone", "+46 8", "")]),
        (event("update", diff={"version": [1, 2], "is_sample": [True, False]}), []),
        (event("update", diff=None), []),
        (event("update", diff={"phone": ["", None]}), []),
    ],
    ids=["came", "went", "changed", "only what the portal reads", "nothing", "nothing to nothing"],
)
def test_what_changed_field_by_field(told, changes):
    found = history._changes(Contact, told, THINGS)

    assert [(change.field, change.before, change.after) for change in found] == changes


@pytest.mark.parametrize(
    ("told", "who", "verb"),
    [
        (event("insert", user=5), "Anna Ek", "added"),
        (event("delete", user=5), "Anna Ek", "removed"),
        (event("update", diff={}, user=99), "the portal", "changed"),
        (event("update", diff={}), "the portal", "changed"),
    ],
)
def test_an_entry_says_who_did_what(told, who, verb):
    entry = history._entry(told, {5: "Anna Ek"}, THINGS)

    assert (entry.who, entry.verb, entry.what, entry.at) == (who, verb, "Contact “Office”", NOW)


def test_things_are_asked_for_once_each():
    events = [event("insert", {"unit_id": 7, "parent_id": None}), event("update", {"unit_id": 7, "parent_id": 8})]

    assert history._keys(events, "unit_id", "parent_id") == {7, 8}
    assert history._keys(events, "tag_id") == set()


# timelines


ANNA, BO = User(given_name="Anna", family_name="Ek"), User(given_name="Bo", family_name="Al")


@pytest.mark.parametrize(
    ("act", "label", "state"),
    [
        (Act(kind="mandate.given"), "Mandate given", "done"),
        (Act(kind="mandate.ended", after="2027-05-03"), "Last day set to 3 May 2027", "done"),
        (
            Act(kind="mandate.handed_over", after="2027-05-03", details={"to": "Bo Al"}),
            "Passed on to Bo Al after 3 May 2027",
            "done",
        ),
        (Act(kind="mandate.deputy_named", details={"deputy": "Bo Al"}), "Bo Al named as deputy", "done"),
        (Act(kind="student.asked", details={"at": "KTH"}), "Named KTH as home university", "done"),
        (Act(kind="student.refused"), "Not confirmed", "stopped"),
        (Act(kind="invitation.withdrawn"), "Invitation taken back", "stopped"),
        (Act(kind="something.new"), "something.new", "done"),
    ],
)
def test_a_step_of_a_timeline_in_words(act, label, state):
    step = people_timeline._step(act)

    assert (str(step["label"]), step["state"]) == (label, state)


def test_every_kind_that_stops_something_has_words():
    assert {*people_timeline.LABELS} >= people_timeline.STOPPING


@pytest.mark.parametrize(
    ("act", "who"),
    [(Act(), "the portal"), (Act(actor=ANNA), "Anna Ek"), (Act(actor=ANNA, on_behalf_of=BO), "Anna Ek for Bo Al")],
)
def test_who_took_a_step(act, who):
    assert people_timeline._who(act) == who


@pytest.mark.parametrize(
    ("act", "who"), [(Act(), ""), (Act(actor=ANNA), "Anna Ek"), (Act(actor=ANNA, on_behalf_of=BO), "Anna Ek for Bo Al")]
)
def test_who_edited_a_page(act, who):
    assert university_page.who(act) == who


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (Act(kind="university.edited", details={"part": "Contacts"}), "Edited: Contacts"),
        (Act(kind="university.edited"), "Edited: "),
        (Act(kind="factsheet.confirmed"), "Factsheet confirmed"),
        (Act(kind="picture.removed"), "Picture removed"),
        (Act(kind="from.another.room"), "from.another.room"),
    ],
)
def test_an_act_on_a_page_in_the_past_tense(act, words):
    assert university_page.words_of(act) == words


# parts of a page


def contact(name, purpose="incoming", unit_id=None):
    return Contact(name=name, purpose=purpose, unit_id=unit_id)


def test_contacts_of_units_stand_with_their_units_and_the_others_by_purpose():
    central = [contact("Grants", "grants"), contact("Office"), contact("Second office"), contact("Lab", unit_id=4)]

    groups = university_page.contact_groups(central)

    assert [(group.purpose, [each.name for each in group.contacts]) for group in groups] == [
        ("incoming", ["Office", "Second office"]), ("grants", ["Grants"]),
    ]  # fmt: skip


def test_units_whose_parent_is_missing_stand_at_the_top():
    units = [Unit(pk=1, name="School"), Unit(pk=2, name="Lab", parent_id=1), Unit(pk=3, name="Orphan", parent_id=99)]

    roots = university_page.unit_tree(units, [contact("Lab office", unit_id=2)])

    assert [node.unit.name for node in roots] == ["School", "Orphan"]
    [lab] = roots[0].children
    assert (lab.unit.name, [each.name for each in lab.contacts], lab.children) == ("Lab", ["Lab office"], [])


def test_factsheet_shows_what_it_says_in_the_order_of_a_stay():
    sheet = Factsheet(transcripts="In July.", arrival="In August.", visa="")

    assert [str(each["label"]) for each in university_page.factsheet_texts(sheet)] == [
        "arrival", "transcripts and grades",
    ]  # fmt: skip
    assert university_page.factsheet_texts(None) == []
    assert university_page.terms_of(None, NOW) == {"terms": [], "past_terms": []}


# side by side


@pytest.mark.parametrize(
    ("texts", "differs"),
    [
        (["1900", "1900"], False),
        (["1900", "1901"], True),
        (["1900", NOT_KNOWN], False),
        ([NOT_KNOWN, NOT_KNOWN], False),
        (["1900", NOT_KNOWN, "1901"], True),
    ],
)
def test_a_row_differs_where_two_say_different_things(texts, differs):
    assert Row("Founded", [Cell("KTH", text) for text in texts]).differs == differs


def test_nothing_is_compared_with_nothing():
    assert comparing.comparison([], NOW.date()) == []


# for machines


def test_data_block_cannot_end_the_element_it_stands_in():
    block = structured_data.data_block({"name": "</script><script>alert(1)</script> & \u2028\u2029"})

    assert not set("<>&\u2028\u2029") & set(block)
    assert "\\u003C/script\\u003E" in block


@pytest.mark.parametrize("told", [{}, None])
def test_data_block_of_nothing_is_empty(told):
    assert structured_data.data_block(told) == ""


def test_what_is_not_known_is_left_out_and_nought_is_known():
    assert structured_data.known({"a": None, "b": "", "c": [], "d": {}, "e": 0, "f": False, "g": "x"}) == {
        "e": 0, "f": False, "g": "x",
    }  # fmt: skip


@pytest.mark.parametrize(("moment", "day"), [(None, ""), (NOW, "2027-04-27"), (NOW.date(), "2027-04-27")])
def test_day_of_a_date_or_a_moment(moment, day):
    assert structured_data.day(moment) == day


@pytest.mark.parametrize(("is_sample", "note"), [(True, "A sample, invented for this demonstration."), (False, "")])
def test_machines_read_that_a_thing_is_a_sample(is_sample, note):
    assert structured_data.sample_note(SimpleNamespace(is_sample=is_sample)) == note


KTH = University(
    slug="kth", short_name="KTH", name="KTH Royal Institute of Technology", city="Stockholm", country_id="SE"
)


def test_a_university_is_described_by_its_own_codes():
    codes = [
        Identifier(scheme="ror", value="026vcq606"),
        Identifier(scheme="isni", value="0000 0001 2158 1746"),
        Identifier(scheme="wikidata", value="https://www.wikidata.org/wiki/Q854280"),
        Identifier(scheme="pic", value="999990946"),
        Identifier(scheme="ror", value="00000aa00", of_parent=True),
    ]

    told = structured_data.described(KTH, codes, "https://portal.example/universities/kth/")

    assert told["sameAs"] == [
        "https://ror.org/026vcq606", "https://isni.org/isni/0000000121581746",
        "https://www.wikidata.org/wiki/Q854280",
    ]  # fmt: skip
    assert (told["url"], told["alternateName"]) == ("https://portal.example/universities/kth/", ["KTH"])
    assert not {"geo", "foundingDate", "description"} & told.keys()


def test_a_university_with_its_own_site_place_and_year_tells_them():
    told = structured_data.described(
        University(website="https://kth.se", latitude="59.34980", longitude="18.07070", founded=1827), [], "here"
    )

    assert (told["url"], told["mainEntityOfPage"], told["foundingDate"]) == ("https://kth.se", "here", "1827")
    assert told["geo"] == {"@type": "GeoCoordinates", "latitude": 59.3498, "longitude": 18.0707}
