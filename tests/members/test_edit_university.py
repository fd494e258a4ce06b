"""Editing a page: who may, what is refused with which words, and that nothing typed or saved is lost."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from members.actions import universities as actions
from members.actions.universities import fingerprint
from members.acts import Conflict
from members.forms.rows import PARTS
from members.models import Act, Contact, Factsheet, Identifier, Unit, University
from tests.factories.members import (
    ContactFactory,
    FactsheetFactory,
    FactsheetTermFactory,
    IdentifierFactory,
    MembershipFactory,
    UnitFactory,
    UniversityFactory,
    UniversityNameFactory,
    UserFactory,
    person_as,
    student_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def university():
    return UniversityFactory(short_name="KTH", name="Royal Institute")


@pytest.fixture
def keeper(university, client):
    """The exchange coordinator of the university, signed in."""
    person = person_as("exchange", university)
    client.force_login(person)
    return person


def profile_of(university, **changes):
    """What the browser sends of the profile form."""
    return {
        "version": university.version,
        "name": university.name,
        "short_name": university.short_name,
        "city": university.city,
        "country": university.country_id,
        "time_zone": university.time_zone,
        **changes,
    }


def rows_of(part, university, *blocks):
    """What the browser sends of a list of rows; a block with an id is a row that was there."""
    stored = [block for block in blocks if block.get("id")]
    data = {
        f"{part}-TOTAL_FORMS": len(blocks),
        f"{part}-INITIAL_FORMS": len(stored),
        "seen": fingerprint(PARTS[part].rows(university)),
    }
    for number, block in enumerate(blocks):
        data |= {f"{part}-{number}-{name}": value for name, value in block.items()}
    return data


def address(name, university, *args):
    return reverse(f"members:university_{name}", args=[university.slug, *args])


EDIT_PAGES = ["edit", "factsheet", "pictures", "history"]


@pytest.mark.parametrize("name", EDIT_PAGES)
@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("official", 200), ("exchange", 200), ("secretariat", 200), ("elsewhere", 403), ("director", 403),
        ("student", 403), ("nobody", 302),
    ],
)  # fmt: skip
def test_who_may_edit(client, university, name, who, status):
    people = {
        "official": lambda: person_as("official", university),
        "exchange": lambda: person_as("exchange", university),
        "secretariat": lambda: person_as("secretariat"),
        "elsewhere": lambda: person_as("official", UniversityFactory()),
        "director": lambda: person_as("director", university),
        "student": lambda: student_of(university),
    }
    if who in people:
        client.force_login(people[who]())

    assert client.get(address(name, university)).status_code == status


@pytest.mark.parametrize("part", PARTS)
def test_every_part_has_its_page_for_the_secretariat(client, university, part):
    client.force_login(person_as("secretariat"))

    assert client.get(address("rows", university, part)).status_code == 200


@pytest.mark.usefixtures("keeper")
def test_languages_stay_in_the_order_of_the_university(client, university):
    University.objects.update(teaching_languages=["sv", "en"])

    client.post(address("edit", university), profile_of(university, teaching_languages=["de", "en", "sv"]))

    university.refresh_from_db()
    assert university.teaching_languages == ["sv", "en", "de"]


@pytest.mark.parametrize("part", ["memberships", "domains"])
@pytest.mark.usefixtures("keeper")
def test_own_staff_may_not_edit_what_is_the_secretariats(client, university, part):
    assert client.get(address("rows", university, part)).status_code == 403


@pytest.mark.usefixtures("keeper")
def test_unknown_part_is_absent(client, university):
    assert client.get(address("rows", university, "nothing")).status_code == 404


def test_saving_the_profile_is_public_logged_and_in_the_history(client, university, keeper):
    response = client.post(address("edit", university), profile_of(university, summary="Since 1827", founded=1827))

    assert response.status_code == 302
    client.logout()
    assert "Since 1827" in client.get(university.get_absolute_url()).content.decode()
    act = Act.objects.about(university).get()
    assert (act.kind, act.actor, act.details["fields"]) == ("university.edited", keeper, ["summary", "founded"])
    client.force_login(keeper)
    history = client.get(address("history", university)).content.decode()
    assert "<ins>Since 1827</ins>" in history
    assert str(keeper) in history


@pytest.mark.usefixtures("keeper")
@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("founded", 2999, "2999 is not a year in which a university was founded"),
        ("latitude", 91, "less than or equal to 90"),
        ("latitude", 59.5, "Give latitude and longitude together"),
        ("time_zone", "Europe/Nowhere", "Europe/Nowhere is not one of the available choices"),
        ("website", "not a page", "Enter a valid URL"),
        ("name", "", "This field is required"),
        ("name", "x" * 201, "at most 200 characters"),
    ],
)
def test_a_wrong_value_is_named_and_what_was_typed_stays(client, university, field, value, sentence):
    typed = profile_of(university, description="My words", **{field: value})

    response = client.post(address("edit", university), typed)

    html = response.content.decode()
    assert response.status_code == 422
    assert sentence in html
    assert "My words" in html
    assert 'id="form-errors"' in html
    university.refresh_from_db()
    assert university.description == ""


def test_two_people_at_the_profile_get_both_versions(client, university, keeper):
    mine = profile_of(university, summary="Mine")
    University.objects.get(pk=university.pk).save_over(university.version)
    University.objects.filter(pk=university.pk).update(summary="Theirs")

    response = client.post(address("edit", university), mine)

    assert response.status_code == 409
    [versions] = response.context["versions"]
    assert (versions.label, versions.theirs, versions.mine) == ("In one sentence", "Theirs", "Mine")
    assert response.context["form"]["summary"].value() == "Mine"
    university.refresh_from_db()
    assert university.summary == "Theirs"

    again = mine | {"version": response.context["form"]["version"].value()}
    assert client.post(address("edit", university), again).status_code == 302
    university.refresh_from_db()
    assert university.summary == "Mine"


def test_a_confirmation_meanwhile_is_no_conflict_and_is_kept(client, university, keeper):
    mine = profile_of(university, summary="Mine")
    now = datetime(2027, 3, 1, tzinfo=UTC)
    University.objects.filter(pk=university.pk).update(confirmed_at=now, confirmed_by=keeper)

    assert client.post(address("edit", university), mine).status_code == 302
    university.refresh_from_db()
    assert (university.summary, university.confirmed_at) == ("Mine", now)


@pytest.mark.usefixtures("keeper")
def test_codes_are_brought_into_form_and_checked(client, university):
    block = {"scheme": "erasmus", "value": " s stockho04 "}

    client.post(address("rows", university, "identifiers"), rows_of("identifiers", university, block))

    assert [code.value for code in university.identifiers.all()] == ["S  STOCKHO04"]


@pytest.mark.usefixtures("keeper")
@pytest.mark.parametrize(
    ("scheme", "value", "sentence"),
    [
        ("erasmus", "STOCKHOLM", "“STOCKHOLM” is not an Erasmus code"),
        ("pic", "123", "“123” is not a PIC"),
        ("ror", "026vcq607", "check digits of the ROR ID 026vcq607 do not fit"),
    ],
)
def test_a_wrong_code_is_named_at_its_row(client, university, scheme, value, sentence):
    data = rows_of("identifiers", university, {"scheme": scheme, "value": value})

    response = client.post(address("rows", university, "identifiers"), data)

    html = response.content.decode()
    assert response.status_code == 422
    assert sentence in html
    assert "Row 1, Code" in html
    assert not university.identifiers.exists()


@pytest.mark.usefixtures("keeper")
def test_a_code_of_somebody_else_is_refused_unless_it_is_the_parents(client, university):
    IdentifierFactory(scheme="wikidata", value="Q42")
    url, block = address("rows", university, "identifiers"), {"scheme": "wikidata", "value": "Q42"}

    refused = client.post(url, rows_of("identifiers", university, block))
    client.post(url, rows_of("identifiers", university, block | {"of_parent": "on"}))

    assert "Another university has this code" in refused.content.decode()
    assert Identifier.objects.get(university=university).of_parent


@pytest.mark.usefixtures("keeper")
def test_contacts_are_added_changed_and_removed_in_one_go(client, university):
    stays = ContactFactory(university=university, name="Old name")
    goes = ContactFactory(university=university)
    blocks = [
        {"id": stays.pk, "purpose": "incoming", "name": "New name", "email": "a@b.example", "audience": "public"},
        {"id": goes.pk, "purpose": "incoming", "name": goes.name, "email": goes.email, "audience": "public",
         "DELETE": "on"},
        {"purpose": "grants", "name": "Grants office", "phone": "1", "audience": "members"},
    ]  # fmt: skip

    response = client.post(address("rows", university, "contacts"), rows_of("contacts", university, *blocks))

    assert response.status_code == 302
    assert sorted(Contact.objects.values_list("name", flat=True)) == ["Grants office", "New name"]
    labels = list(Contact.pgh_event_model.objects.filter(pgh_obj_id=goes.pk).values_list("pgh_label", flat=True))
    assert labels == ["insert", "delete"]


@pytest.mark.usefixtures("keeper")
def test_a_contact_without_any_way_to_reach_it_is_refused(client, university):
    data = rows_of("contacts", university, {"purpose": "grants", "name": "Office", "audience": "public"})

    response = client.post(address("rows", university, "contacts"), data)

    assert "Give an e-mail address, a telephone number or a page." in response.content.decode()


@pytest.mark.usefixtures("keeper")
def test_a_unit_of_another_university_cannot_be_chosen(client, university):
    foreign = UnitFactory()
    data = rows_of("units", university, {"name": "Lab", "parent": foreign.pk})

    assert client.post(address("rows", university, "units"), data).status_code == 422
    assert not Unit.objects.filter(university=university).exists()


@pytest.mark.usefixtures("keeper")
def test_units_cannot_stand_below_each_other_in_a_ring(client, university):
    one, two = UnitFactory(university=university), UnitFactory(university=university)
    blocks = [{"id": one.pk, "name": one.name, "parent": two.pk}, {"id": two.pk, "name": two.name, "parent": one.pk}]

    response = client.post(address("rows", university, "units"), rows_of("units", university, *blocks))

    assert "it stands below it" in response.content.decode()
    assert not Unit.objects.filter(parent__isnull=False).exists()


@pytest.mark.usefixtures("keeper")
def test_a_unit_with_others_below_it_stays(client, university):
    top = UnitFactory(university=university, name="Faculty")
    below = UnitFactory(university=university, parent=top, name="Lab")
    blocks = [
        {"id": top.pk, "name": top.name, "DELETE": "on"},
        {"id": below.pk, "name": below.name, "parent": top.pk},
    ]

    response = client.post(address("rows", university, "units"), rows_of("units", university, *blocks))

    assert "“Faculty” cannot go while “Lab” is part of it." in response.content.decode()
    assert Unit.objects.count() == 2


@pytest.mark.usefixtures("keeper")
def test_a_unit_goes_together_with_those_below_it(client, university):
    top = UnitFactory(university=university, name="Faculty")
    below = UnitFactory(university=university, parent=top, name="Lab")
    deepest = UnitFactory(university=university, parent=below, name="Group")
    blocks = [
        {"id": top.pk, "name": top.name, "DELETE": "on"},
        {"id": below.pk, "name": below.name, "parent": top.pk, "DELETE": "on"},
        {"id": deepest.pk, "name": deepest.name, "parent": below.pk, "DELETE": "on"},
    ]

    response = client.post(address("rows", university, "units"), rows_of("units", university, *blocks))

    assert response.status_code == 302
    assert not Unit.objects.exists()


@pytest.mark.usefixtures("keeper")
def test_a_unit_leaves_what_goes_for_another_place(client, university):
    top, other = UnitFactory.create_batch(2, university=university)
    below = UnitFactory(university=university, parent=top, name="Lab")
    blocks = [
        {"id": top.pk, "name": top.name, "DELETE": "on"},
        {"id": other.pk, "name": other.name},
        {"id": below.pk, "name": below.name, "parent": other.pk},
    ]

    response = client.post(address("rows", university, "units"), rows_of("units", university, *blocks))

    assert response.status_code == 302
    assert set(Unit.objects.values_list("name", "parent__name")) == {(other.name, None), ("Lab", other.name)}


@pytest.mark.usefixtures("keeper")
@pytest.mark.parametrize(("year", "old"), [("2019", True), ("2019/20", True), ("2026", False)])
def test_numbers_know_whether_they_are_old(client, university, year, old):
    data = rows_of("facts", university, {"kind": "students", "value": 100, "year": year})

    client.post(address("rows", university, "facts"), data)

    assert university.facts.get().is_stale is old


@pytest.mark.usefixtures("keeper")
def test_a_year_that_is_none_is_refused(client, university):
    data = rows_of("facts", university, {"kind": "students", "value": 100, "year": "last year"})

    response = client.post(address("rows", university, "facts"), data)

    assert "Write a year like 2027" in response.content.decode()


def test_overlapping_memberships_are_refused_with_the_databases_sentence(client, university):
    client.force_login(person_as("secretariat"))
    MembershipFactory(university=university)
    held = university.memberships.get()
    blocks = [
        {"id": held.pk, "kind": "member", "starts_on": "2015-01-01"},
        {"kind": "member", "starts_on": "2020-01-01"},
    ]

    response = client.post(address("rows", university, "memberships"), rows_of("memberships", university, *blocks))

    assert response.status_code == 422
    assert "already has a membership of this kind in that time" in response.content.decode()


def test_two_people_at_a_list_keep_what_both_did(client, university, keeper):
    shared = ContactFactory(university=university, name="Office", email="office@b.example")
    block = {"id": shared.pk, "purpose": "incoming", "name": "My office", "email": "office@b.example",
             "audience": "public"}  # fmt: skip
    mine = rows_of("contacts", university, block, {"purpose": "grants", "name": "My new one", "phone": "1",
                                                   "audience": "public"})  # fmt: skip
    theirs = ContactFactory(university=university, name="Their new one", purpose="academic")

    conflict = client.post(address("rows", university, "contacts"), mine)

    assert conflict.status_code == 409
    names = [row["name"].value() for row in conflict.context["formset"]]
    assert names == ["My office", "Their new one", "My new one"]
    assert [(v.theirs == "–", v.mine == "–") for v in conflict.context["versions"]] == [
        (False, False), (False, True), (True, False),
    ]  # fmt: skip
    assert not Contact.objects.filter(name="My office").exists()

    again = {"seen": conflict.context["seen"]} | dict(conflict.context["formset"].data)
    assert client.post(address("rows", university, "contacts"), again).status_code == 302
    assert set(Contact.objects.values_list("name", flat=True)) == {"My office", theirs.name, "My new one"}


def factsheet_data(sheet, *terms, **changes):
    data = {"version": sheet.version if sheet else 1, "terms-TOTAL_FORMS": len(terms), "terms-INITIAL_FORMS": 0}
    data["terms-INITIAL_FORMS"] = sum(bool(term.get("id")) for term in terms)
    for number, term in enumerate(terms):
        data |= {f"terms-{number}-{name}": value for name, value in term.items()}
    return data | changes


TERM = {
    "academic_year": 2027,
    "term": "autumn",
    "nominations_close_at": "2027-04-15T12:00",
    "applications_close_at": "2027-05-15T23:59",
}


@pytest.mark.usefixtures("keeper")
def test_deadlines_are_typed_in_the_hosts_zone(client, university):
    University.objects.filter(pk=university.pk).update(time_zone="Europe/Helsinki")
    client.cookies["tz"] = "America/Montreal"

    response = client.post(address("factsheet", university), factsheet_data(None, TERM, housing="Rooms"))

    assert response.status_code == 302
    term = Factsheet.objects.get(university=university).terms.get()
    assert term.nominations_close_at == datetime(2027, 4, 15, 9, tzinfo=UTC)
    assert "2027-04-15T12:00" in client.get(address("factsheet", university)).content.decode()


@pytest.mark.usefixtures("keeper")
@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"nominations_close_at": "0207-04-15T12:00"}, "15.04.207 does not belong to 2027/28"),
        ({"academic_year": 27}, "27 is not an academic year"),
        ({"applications_close_at": "soon"}, "Enter a valid date/time"),
        ({"nominations_close_at": "2027-03-28T02:30"}, "couldn’t be interpreted in time zone Europe/Brussels"),
        ({"teaching_from": "2027-09-01", "teaching_until": "2027-08-01"}, "Teaching must not end before it begins."),
    ],
)
def test_wrong_days_are_named_and_the_texts_stay(client, university, changes, sentence):
    response = client.post(address("factsheet", university), factsheet_data(None, TERM | changes, housing="My rooms"))

    html = response.content.decode()
    assert response.status_code == 422
    assert sentence in html
    assert "My rooms" in html
    assert not Factsheet.objects.filter(university=university, terms__isnull=False).exists()


@pytest.mark.usefixtures("keeper")
def test_a_first_factsheet_that_is_wrong_leaves_nothing_behind(client, university):
    """An empty row would turn "no factsheet" on the secretariat's board into one that only waits to be confirmed."""
    client.post(address("factsheet", university), factsheet_data(None, TERM | {"academic_year": 27}))

    assert not Factsheet.objects.exists()


@pytest.mark.usefixtures("keeper")
def test_two_people_at_the_first_factsheet_get_both_versions(client, university):
    mine = factsheet_data(None, TERM, housing="Mine")
    theirs = FactsheetFactory(university=university, housing="Theirs")
    theirs.save_over(theirs.version)

    response = client.post(address("factsheet", university), mine)

    assert response.status_code == 409
    assert ("Theirs", "Mine") in [(row.theirs, row.mine) for row in response.context["versions"]]
    assert Factsheet.objects.get().housing == "Theirs"


def test_a_first_factsheet_made_by_somebody_else_meanwhile_is_a_conflict(university, keeper):
    FactsheetFactory(university=university, housing="Theirs")
    mine = Factsheet(university=university, housing="Mine")

    with pytest.raises(Conflict):
        actions.save_factsheet(factsheet=mine, version=1, fields=["housing"], saved=[], removed=[], by=keeper)

    assert Factsheet.objects.get().housing == "Theirs"


def test_two_people_at_the_factsheet_get_both_versions(client, university, keeper):
    sheet = FactsheetFactory(university=university, housing="Before")
    term = FactsheetTermFactory(factsheet=sheet)
    mine = factsheet_data(sheet, TERM | {"id": term.pk}, housing="Mine")
    sheet.housing = "Theirs"
    sheet.save_over(sheet.version)

    response = client.post(address("factsheet", university), mine)

    assert response.status_code == 409
    assert ("Theirs", "Mine") in [(row.theirs, row.mine) for row in response.context["versions"]]
    sheet.refresh_from_db()
    assert sheet.housing == "Theirs"


@pytest.mark.parametrize("rows", [1, 3])
def test_rows_page_query_count(client, university, keeper, django_assert_num_queries, rows):
    ContactFactory.create_batch(rows, university=university)

    with django_assert_num_queries(9):
        client.get(address("rows", university, "contacts"))


def test_people_without_a_mandate_never_reach_the_form(client, university):
    client.force_login(UserFactory())

    response = client.post(address("edit", university), profile_of(university, name="Mine now"))

    assert response.status_code == 403
    university.refresh_from_db()
    assert university.name == "Royal Institute"


def test_rows_posted_without_what_was_seen_are_a_conflict_and_write_nothing_over(client, keeper, university):
    stored = UniversityNameFactory(university=university, name="As it stands")
    data = {
        "names-TOTAL_FORMS": 1, "names-INITIAL_FORMS": 1, "names-0-id": stored.pk, "names-0-name": "As it was typed",
    }  # fmt: skip

    page = client.post(reverse("members:university_rows", args=[university.slug, "names"]), data)

    stored.refresh_from_db()
    assert (page.status_code, stored.name) == (409, "As it stands")
    assert "As it was typed" in page.content.decode()
