"""A university's page: what it tells to whom, what other rooms put on it, and how many queries that takes."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils import timezone

from members import registries
from members.comparing import comparison
from members.models import Contact, University
from members.registries import SectionRow, UniversitySection
from members.university_page import contact_groups, newest_facts, page_of, unit_tree
from tests.factories.members import (
    ContactFactory,
    FactFactory,
    FactsheetFactory,
    FactsheetTermFactory,
    IdentifierFactory,
    MembershipFactory,
    UnitFactory,
    UniversityFactory,
    UniversityNameFactory,
    UserFactory,
    person_as,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)


def page(client, university):
    return client.get(university.get_absolute_url()).content.decode()


def test_page_is_public_and_carries_a_very_long_name(client):
    university = UniversityFactory(name="Wissenschaftliche " * 11, member=True)

    response = client.get(university.get_absolute_url())

    assert response.status_code == 200
    assert university.name.strip() in response.content.decode()


def test_archived_page_is_absent_but_for_the_secretariat(client):
    university = UniversityFactory(archived=True)

    assert client.get(university.get_absolute_url()).status_code == 404
    client.force_login(person_as("secretariat"))
    assert client.get(university.get_absolute_url()).status_code == 200


def test_codes_keep_their_blanks_and_say_whose_they_are(client):
    university = UniversityFactory()
    IdentifierFactory(university=university, scheme="erasmus", value="P  LISBOA109", of_parent=True)

    html = page(client, university)

    assert '<code class="code">P  LISBOA109</code>' in html
    assert "of its parent institution" in html


def test_an_old_number_says_so_and_only_the_newest_of_a_kind_is_shown(client):
    university = UniversityFactory()
    FactFactory(university=university, year="2019", value=11111)
    FactFactory(university=university, year="2020", value=22222, is_stale=True, source="own report")

    html = page(client, university)

    assert "22,222" in html
    assert "11,111" not in html
    assert "<strong>old</strong>" in html
    assert "after own report" in html


@pytest.mark.parametrize(("year", "marked"), [("2022/23", True), ("2023", False), ("", False)])
def test_a_number_grows_old_although_nobody_writes_it_again(year, marked):
    university = UniversityFactory()
    FactFactory(university=university, year=year, is_stale=False)

    (fact,) = newest_facts(university, date(2026, 11, 28))
    universities = list(University.objects.with_kind(date(2026, 11, 28)))
    (row,) = [row for row in comparison(universities, date(2026, 11, 28)) if row.numbers]

    assert (fact.is_old, row.cells[0].is_old) == (marked, marked)


def test_addresses_of_contacts_are_hidden_from_visitors(client):
    contact = ContactFactory(email="secret@university.example")

    assert "secret@university.example" not in page(client, contact.university)
    client.force_login(UserFactory())
    assert "secret@university.example" in page(client, contact.university)


@pytest.mark.parametrize(
    ("audience", "seen_by"),
    [("public", ["visitor", "member", "own"]), ("members", ["member", "own"]), ("own", ["own"])],
)
def test_contacts_by_audience(audience, seen_by):
    contact = ContactFactory(audience=audience)
    readers = {
        "visitor": AnonymousUser(),
        "member": UserFactory(),
        "own": person_as("grants", contact.university),
    }

    assert [name for name, user in readers.items() if Contact.objects.visible_to(user).exists()] == seen_by


def test_contacts_that_ended_are_gone(client):
    contact = ContactFactory(name="Old office", ends_on=date(2020, 1, 1))

    assert "Old office" not in page(client, contact.university)


def test_contacts_are_grouped_by_purpose_in_their_order():
    university = UniversityFactory()
    outgoing = ContactFactory(university=university, purpose="outgoing")
    general = ContactFactory(university=university, purpose="general")
    in_a_unit = ContactFactory(university=university, unit=UnitFactory(university=university))

    groups = contact_groups([outgoing, general, in_a_unit])

    assert [(group.purpose, group.contacts) for group in groups] == [("general", [general]), ("outgoing", [outgoing])]


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2031, 9, 1), date(2032, 1, 31), "teaching 1 Sep 2031 to 31 Jan 2032"),
        (date(2031, 9, 1), None, "teaching from 1 Sep 2031"),
        (None, date(2032, 1, 31), "teaching until 31 Jan 2032"),
    ],
)
def test_teaching_is_told_as_far_as_it_is_known(client, first, last, words):
    term = FactsheetTermFactory(teaching_from=first, teaching_until=last)

    assert f">{words}<" in page(client, term.factsheet.university)


def test_units_form_a_tree_with_their_contacts():
    faculty = UnitFactory()
    department = UnitFactory(university=faculty.university, parent=faculty)
    contact = ContactFactory(university=faculty.university, unit=department)

    [root] = unit_tree([department, faculty], [contact])

    assert root.unit == faculty
    assert [(node.unit, node.contacts) for node in root.children] == [(department, [contact])]


def test_deadlines_stand_in_the_zone_of_the_host_and_of_the_reader(client):
    university = UniversityFactory(time_zone="Europe/Helsinki")
    closes = timezone.now().replace(hour=10, minute=0, second=0, microsecond=0) + timedelta(days=40)
    FactsheetTermFactory(factsheet__university=university, nominations_close_at=closes, applications_close_at=closes)
    client.cookies["tz"] = "Europe/Lisbon"

    html = page(client, university)

    assert "Helsinki" in html
    assert "for you" in html


def test_terms_that_are_over_are_folded_away():
    sheet = FactsheetFactory()
    past = FactsheetTermFactory(
        factsheet=sheet, academic_year=2025, nominations_close_at=NOW - timedelta(9), applications_close_at=NOW
    )
    past.applications_close_at = NOW - timedelta(1)
    past.save()
    coming = FactsheetTermFactory(
        factsheet=sheet, nominations_close_at=NOW - timedelta(1), applications_close_at=NOW + timedelta(9)
    )

    context = page_of(sheet.university, AnonymousUser(), NOW)

    assert (context["terms"], context["past_terms"]) == ([coming], [past])


@pytest.fixture
def alone():
    """No other room announces anything; put back after the test."""
    before = dict(registries._section_providers)
    registries._section_providers.clear()
    yield
    registries._section_providers.update(before)


@pytest.fixture
def announced(alone):
    """One room above announces one section."""
    registries.register_university_section(
        "test",
        lambda university, user, now: UniversitySection(
            title="Dual degrees here",
            room="programmes",
            rows=[SectionRow(title=f"Robotics at {university.short_name}", url="/robotics/", is_sample=True)],
            total=9,
            more_url="/programmes/",
        ),
    )
    yield
    registries._section_providers.clear()


@pytest.mark.usefixtures("announced")
def test_other_rooms_announce_what_can_be_done_here(client):
    html = page(client, UniversityFactory(short_name="KTH"))

    assert "Dual degrees here" in html
    assert 'href="/robotics/">Robotics at KTH</a>' in html
    assert "See all 9" in html


def test_only_keepers_see_what_happened_and_the_edit_button(client):
    university = UniversityFactory()
    edit = reverse("members:university_edit", args=[university.slug])

    client.force_login(person_as("exchange", UniversityFactory()))
    assert edit not in page(client, university)
    client.force_login(person_as("exchange", university))
    assert edit in page(client, university)
    assert "What happened" in page(client, university)


def fill(university, rows):
    for n in range(rows):
        ContactFactory(university=university, unit=UnitFactory(university=university))
        FactFactory(university=university, year=f"{2020 + n}")
        UniversityNameFactory(university=university)
        MembershipFactory(university=university, starts_on=date(1990 + n, 1, 1), ends_on=date(1990 + n, 12, 31))
    FactsheetTermFactory(factsheet__university=university)
    for scheme in ["wikidata", "ror", "pic"][:rows]:
        IdentifierFactory(university=university, scheme=scheme)


@pytest.mark.usefixtures("alone")
@pytest.mark.parametrize("rows", [1, 3])
def test_page_query_count_for_a_visitor(client, django_assert_num_queries, rows):
    university = UniversityFactory()
    fill(university, rows)

    with django_assert_num_queries(12):
        client.get(university.get_absolute_url())
