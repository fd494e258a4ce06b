"""What a place says of itself, its office and its reader, in words; none of it asks the database."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser

from applications.models import OptionRequirement
from exchange import editing, showing
from exchange.columns import COLUMNS, SHEET, unit
from exchange.filters import OwnPlacementFilter, year_names
from exchange.forms import CopyForm, WithdrawForm, years_around
from exchange.models import Placement
from exchange.permissions import sits_in_the_hosts_office
from exchange.places import Places
from exchange.structured_data import described
from members.models import Contact, Unit
from tests.applications.unsaved import KIT, KTH, NOW, a_round

DAY = date(2027, 5, 6)


def a_place(state=Placement.State.DRAFT, **fields) -> Placement:
    """A complete draft of KIT for autumn 2027."""
    known = {
        "slug": "kit-robotics-2027-autumn", "title": "Robotics", "host": KIT, "academic_year": 2027, "term": "autumn",
        "level": "master", "places": 2, "description": "Courses in control.", "languages": ["en"],
        "contact_email": "ada@kit.example", "contact_name": "Ada Lind", "state_since": NOW - timedelta(days=3),
        "months": 5, "kind": "exchange",
    }  # fmt: skip
    return Placement(state=state, **(known | fields))


# the place


@pytest.mark.parametrize(
    ("term", "there", "when"),
    [
        ("autumn", [True, False], "Autumn 2027/28"),
        ("spring", [False, True], "Spring 2027/28"),
        ("year", [True, True], "Full year 2027/28"),
    ],
)
def test_the_strip_shows_which_semesters_one_spends_there(term, there, when):
    place = a_place(term=term)

    assert [semester["there"] for semester in place.strip] == there
    assert place.when == when


@pytest.mark.parametrize(("months", "words"), [(1, "2027/28, 1 month"), (10, "2027/28, 10 months")])
def test_how_long_one_stays(months, words):
    assert a_place(months=months).duration == words


@pytest.mark.parametrize(
    ("least", "most", "words"),
    [
        (None, None, ""),
        (24, None, "from 24 ECTS"),
        (None, 30, "30 ECTS"),
        (24, 30, "24 to 30 ECTS"),
        (30, 30, "30 ECTS"),
        (0, 30, "30 ECTS"),  # at least nothing says nothing
        (0, None, ""),
    ],
)
def test_credits_in_words(least, most, words):
    assert a_place(ects_min=least, ects_max=most).credits == words


@pytest.mark.parametrize(
    ("state", "tone", "may"),
    [
        ("draft", "wait", {"publish", "archive"}),
        ("published", "ok", {"withdraw", "archive"}),
        ("withdrawn", "due", {"publish", "archive"}),
        ("archived", "quiet", {"restore"}),
    ],
)
def test_what_can_be_done_with_a_place_in_each_state(state, tone, may):
    place = a_place(state)

    possible = {act for act in Placement.TRANSITIONS if getattr(place, f"can_{act}")}
    assert (place.tone, possible) == (tone, may)


def test_the_department_as_chosen_stands_before_the_one_as_typed():
    assert a_place(unit=Unit(pk=1, name="School of EECS"), unit_name="Electrics").where == "School of EECS"
    assert a_place(unit_name="Electrics").where == "Electrics"
    assert a_place().where == ""


def test_languages_are_named():
    assert a_place(languages=["en", "de"]).language_names == "English, German"
    assert a_place(languages=[]).language_names == ""


@pytest.mark.parametrize(
    ("fields", "missing"),
    [
        ({}, []),
        ({"description": " \n "}, ["a description of what students find"]),
        ({"languages": []}, ["the language it is taught in"]),
        ({"contact_email": ""}, ["somebody to ask"]),
        ({"contact_email": "", "contact_id": 5}, []),
        ({"description": "", "languages": [], "contact_email": ""},
         ["a description of what students find", "the language it is taught in", "somebody to ask"]),
    ],
)  # fmt: skip
def test_what_a_reader_would_look_for_in_vain(fields, missing):
    assert a_place(**fields).missing_to_publish() == missing


# places left


@pytest.mark.parametrize(
    ("numbers", "sentence"),
    [
        ((1, 0, 0, 0), "1 place, none given yet."),
        ((4, 0, 0, 9), "4 places, none given yet."),
        ((4, 1, 0, 0), "4 places: 1 accepted; 3 left."),
        ((4, 0, 2, 0), "4 places: 2 offered and not answered yet; 2 left."),
        ((4, 1, 2, 5), "4 places: 1 accepted, 2 offered and not answered yet, 5 on the waiting list; 1 left."),
        ((2, 2, 0, 3), "2 places: 2 accepted, 3 on the waiting list; 0 left."),
    ],
)
def test_why_so_many_places_are_left(numbers, sentence):
    places, accepted, offered, waiting = numbers
    counted = Places(places=places, accepted=accepted, offered=offered, waiting=waiting, applicants=0)

    assert counted.sentence == sentence
    assert (counted.taken, counted.left) == (accepted + offered, places - accepted - offered)


# the page, for the host's office


def office(place):
    turn = showing._office_turn(place, NOW)
    return turn["caps"], turn["title"], [str(action["label"]) for action in turn["actions"]]


@pytest.mark.parametrize(
    ("place", "caps", "title", "acts"),
    [
        (a_place(), "Your turn for 3 days", "Publish it, so that rounds can take it up.", ["Publish", "Edit"]),
        (a_place(languages=[]), "Your turn for 3 days", "Complete it, then publish it.", ["Edit"]),
        (a_place("withdrawn"), "Your turn for 3 days",
         "Nobody can choose it now: publish it again, or archive it.", ["Publish", "Edit"]),
        (a_place("withdrawn", description=""), "Your turn for 3 days", "Complete it, then publish it.", ["Edit"]),
        (a_place("archived"), "Your turn for 3 days", "It is put away; take it out to offer it again.",
         ["Take it out", "Edit"]),
        (a_place("archived", languages=[]), "Your turn for 3 days",
         "It is put away; take it out to offer it again.", ["Take it out", "Edit"]),
        (a_place("published"), "Published 3\xa0days ago",
         "Students can find it; home universities can take it into their rounds.", ["Edit"]),
    ],
)  # fmt: skip
def test_what_the_office_does_next(place, caps, title, acts):
    assert office(place) == (caps, title, acts)


def test_what_is_missing_is_named_where_it_is_filled_in():
    turn = showing._office_turn(a_place(languages=[]), NOW)

    assert turn["why"] == "Still missing: the language it is taught in."
    assert turn["actions"][0]["url"] == "/exchange/placements/kit-robotics-2027-autumn/edit/"


# the page, for who wants the place


def reader(rounds=(), home=None, partners=()):
    return showing._reader_turn(a_place("published"), list(rounds), home, list(partners), NOW)


COMING = a_round(opens_at=NOW + timedelta(days=2), closes_at=NOW + timedelta(days=9), title="Spring abroad")


@pytest.mark.parametrize(
    ("home", "partners", "caps", "title"),
    [
        (KIT, [], "For others", "You study at KIT already."),
        (KIT, [KIT], "For others", "You study at KIT already."),
        (KTH, [KIT], "Not for you", "Offered to students of KIT only."),
    ],
)
def test_who_cannot_have_it_at_all_is_told_before_anything_else(home, partners, caps, title):
    turn = reader([a_round()], home, partners)

    assert (turn["caps"], turn["title"]) == (caps, title)


def test_an_open_round_comes_before_one_that_comes():
    turn = reader([COMING, a_round()], KTH, [KTH])

    assert (turn["caps"], turn["title"], turn["mine"]) == ("Open now", "Choose it in “Autumn abroad”.", True)
    assert turn["actions"][0]["url"] == "/applications/start/kth-autumn/?option=kit-robotics-2027-autumn"


def test_a_visitor_is_not_told_that_it_is_their_turn():
    turn = reader([a_round()])

    assert (turn["caps"], turn["mine"]) == ("Open now", False)
    assert turn["why"] == "Each university runs its own round; sign in to see yours."


def test_a_round_that_comes_is_announced():
    turn = reader([COMING], KTH)

    assert (turn["caps"], turn["title"]) == ("Opens in 2\xa0days", "It can be chosen in “Spring abroad”.")


@pytest.mark.parametrize(
    ("rounds", "home"),
    [([], KTH), ([], None), ([a_round(university=KIT)], KTH), ([a_round("closed")], KTH), ([a_round("draft")], KTH)],
)
def test_without_a_round_that_takes_me_it_says_whom_to_ask(rounds, home):
    turn = reader(rounds, home)

    assert turn["title"] == "No round in which you could choose it is open or announced."


@pytest.mark.parametrize(
    ("round", "home", "taken"),
    [
        (a_round(for_own_students=True), None, True),
        (a_round(for_own_students=True), KTH, True),
        (a_round(for_own_students=True), KIT, False),
        (a_round(for_own_students=False), KIT, True),
    ],
)
def test_which_round_takes_students_of_a_home(round, home, taken):
    assert showing.takes(round, home) is taken


# whom to ask


def somebody(*, curates=False, of=()):
    return SimpleNamespace(is_authenticated=True, has_perm=lambda name: curates, own_universities=lambda: list(of))


VISITOR = SimpleNamespace(is_authenticated=False, has_perm=lambda name: False)


@pytest.mark.parametrize(
    ("audience", "user", "sees"),
    [
        ("public", VISITOR, True),
        ("members", VISITOR, False),
        ("members", somebody(), True),
        ("own", VISITOR, False),
        ("own", somebody(of=[KTH]), False),
        ("own", somebody(of=[KTH, KIT]), True),
        ("own", somebody(curates=True), True),
    ],
)
def test_a_person_is_shown_to_whom_the_audience_says(audience, user, sees):
    assert showing._may_see(audience, KIT, user) is sees


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "in_office"),
    [
        (None, None, True),
        (DAY, DAY, True),
        (DAY + timedelta(days=1), None, False),
        (None, DAY - timedelta(days=1), False),
        (DAY - timedelta(days=9), DAY + timedelta(days=9), True),
    ],
)
def test_a_contact_is_in_office_from_its_first_to_its_last_day(starts_on, ends_on, in_office):
    assert showing._is_in_office(Contact(starts_on=starts_on, ends_on=ends_on), DAY) is in_office


def test_the_person_of_the_place_stands_before_the_offices_contact():
    contact = Contact(name="Office", email="office@kit.example", audience="public", purpose="incoming")

    own = a_place(contact=contact, contact_audience="public")
    hidden = a_place(contact=contact, contact_audience="members")
    over = a_place(contact=Contact(ends_on=DAY - timedelta(days=1), audience="public"), contact_email="")

    assert showing.whom_to_ask(own, VISITOR, DAY) == {"name": "Ada Lind", "role": "", "email": "ada@kit.example"}
    assert showing.whom_to_ask(hidden, VISITOR, DAY)["email"] == "office@kit.example"
    assert showing.whom_to_ask(over, VISITOR, DAY) is None
    assert showing.whom_to_ask(a_place(contact_email=""), somebody(curates=True), DAY) is None


# what happened


def test_changed_columns_are_named_as_the_form_names_them():
    assert showing._names(["places", "ects_min", "field"]) == "places, ECTS credits, at least, field"
    assert showing._names([]) == ""


# acts on many


@pytest.mark.parametrize(
    ("act", "place", "goes", "words"),
    [
        ("publish", a_place(), True, "will be published"),
        ("publish", a_place("withdrawn"), True, "will be published"),
        ("publish", a_place(languages=[]), False, "not yet; missing: the language it is taught in"),
        ("publish", a_place("published"), False, "stays as it is: published"),
        ("archive", a_place("published"), True, "will be archived"),
        ("archive", a_place(languages=[]), True, "will be archived"),  # nobody has to complete what is put away
        ("archive", a_place("archived"), False, "stays as it is: archived"),
    ],
)
def test_what_an_act_would_do_to_each_place(act, place, goes, words):
    would = editing.would(act, place)

    assert (would["goes"], would["words"]) == (goes, words)


@pytest.mark.parametrize(
    ("day", "years"),
    [
        (date(2027, 7, 31), {"from_year": 2026, "to_year": 2027}),
        (date(2027, 8, 1), {"from_year": 2027, "to_year": 2028}),
        (date(2028, 1, 1), {"from_year": 2027, "to_year": 2028}),
    ],
)
def test_the_year_that_runs_is_copied_to_the_next(day, years):
    assert editing.years_to_copy(day) == years


# forms


def test_years_one_may_offer_places_for():
    assert years_around(DAY) == [
        (2026, "2026/27"), (2027, "2027/28"), (2028, "2028/29"), (2029, "2029/30"), (2030, "2030/31"),
    ]  # fmt: skip


def test_the_year_that_stands_stays_choosable_long_after():
    assert years_around(DAY, 2019, None)[0] == (2019, "2019/20")
    assert len(years_around(DAY, 2027)) == 5


@pytest.mark.parametrize(("year", "valid"), [("2028", True), ("2026", True), ("2031", False), ("soon", False)])
def test_a_place_is_copied_to_a_year_one_may_offer_places_for(year, valid):
    form = CopyForm({"academic_year": year}, day=DAY)

    assert form.is_valid() is valid
    assert not valid or form.cleaned_data["academic_year"] == int(year)


@pytest.mark.parametrize(
    ("reason", "error"),
    [
        ("The laboratory moves.", None),
        ("   ", "This field is required."),
        ("x" * 301, "Ensure this value has at most 300 characters (it has 301)."),
    ],
)
def test_a_place_is_withdrawn_with_a_reason_of_a_length_people_read(reason, error):
    assert WithdrawForm({"reason": reason}).errors.get("reason", [None])[0] == error


# the sheet


def test_the_columns_of_a_sheet_are_each_known_by_one_name():
    names = [name for column in COLUMNS for name in (column.name, *column.other)]

    assert len(names) == len({*names})


def test_what_is_written_out_besides_is_never_read_in():
    assert {*OwnPlacementFilter.columns} - {column.name for column in COLUMNS} == SHEET.only_written


@pytest.mark.parametrize(
    ("typed", "found"), [("school of eecs", "the unit"), ("SCHOOL OF EECS", "the unit"), ("Another one", "Another one")]
)
def test_a_department_is_found_by_its_name_or_kept_in_words(typed, found):
    known = SimpleNamespace(units={"school of eecs": "the unit"})

    assert unit(typed, known) == found


@pytest.mark.parametrize(
    ("years", "names"), [([2027, "2028"], {2027: "2027/28", "2028": "2028/29"}), (["", None, "soon"], {})]
)
def test_years_in_a_facet(years, names):
    assert year_names(years) == names


# who may


def test_a_visitor_sits_in_no_office():
    assert not sits_in_the_hosts_office(AnonymousUser(), a_place())
    assert not sits_in_the_hosts_office(AnonymousUser(), KIT)
    assert not sits_in_the_hosts_office(AnonymousUser())


@pytest.mark.parametrize(("thing", "asked"), [(a_place(), KIT), (KTH, KTH), (None, None)])
def test_the_office_is_asked_for_at_the_host(thing, asked):
    def holds(*roles, university):
        return (roles, university) == (("exchange", "official"), asked)

    assert sits_in_the_hosts_office(SimpleNamespace(is_authenticated=True, holds=holds), thing)


# for machines


def test_only_a_published_place_is_told_to_machines():
    for state in ("draft", "withdrawn", "archived"):
        assert described(a_place(state), [], [], "https://portal.example/") == {}


def test_what_machines_read_of_a_place():
    closes = datetime(2027, 5, 10, 22, 30, tzinfo=UTC)  # in Stockholm the 11th has begun
    asked = [OptionRequirement(asks="ects", number=60)]
    place = a_place("published", ects_min=24, ects_max=30, starts_on=date(2027, 8, 30), is_sample=True)

    told = described(place, asked, [a_round(closes_at=closes)], "https://portal.example/place/")

    assert (told["name"], told["url"], told["timeToComplete"]) == ("Robotics", "https://portal.example/place/", "P5M")
    assert (told["applicationStartDate"], told["applicationDeadline"]) == ("2027-05-03", "2027-05-11")
    assert (told["startDate"], told["numberOfCredits"], told["maximumEnrollment"]) == ("2027-08-30", 30, 2)
    assert told["programPrerequisites"] == ["At least 60 ECTS"]
    assert told["disambiguatingDescription"] == "A sample, invented for this demonstration."
    assert told["provider"]["address"]["addressLocality"] == "Karlsruhe"


def test_what_is_not_known_is_left_out():
    told = described(a_place("published", description=""), [], [], "https://portal.example/place/")

    absent = {"description", "startDate", "endDate", "numberOfCredits", "applicationDeadline", "programPrerequisites"}
    assert not absent & {*told}
    assert "department" not in told["provider"]
