"""One click says that a page is right: who may, for which version, and what it does to staleness."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from members.actions import universities as actions
from members.acts import Conflict, Refused
from members.models import Act, University
from members.university_page import page_of
from tests.factories.members import FactsheetFactory, MandateFactory, UniversityFactory, UserFactory, person_as

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("age", "stale"), [(None, True), (timedelta(days=366), True), (timedelta(days=365), False), (timedelta(0), False)]
)
def test_a_page_is_stale_after_a_year(age, stale):
    university = UniversityFactory(confirmed_at=None if age is None else NOW - age)

    assert university.is_stale(NOW) is stale
    assert University.objects.stale(NOW).exists() is stale


def test_confirming_names_who_and_when_and_is_logged():
    university = UniversityFactory()
    keeper = person_as("exchange", university)

    actions.confirm(page=university, version=1, by=keeper, now=NOW)

    university.refresh_from_db()
    assert (university.confirmed_by, university.confirmed_at) == (keeper, NOW)
    assert [(act.kind, act.actor) for act in Act.objects.about(university)] == [("university.confirmed", keeper)]


def test_a_deputy_confirms_on_behalf_of_the_holder():
    mandate = MandateFactory(official=True, with_deputy=True)

    actions.confirm(page=mandate.university, version=1, by=mandate.deputy, now=NOW)

    assert Act.objects.about(mandate.university).get().on_behalf_of == mandate.person


def test_a_page_that_changed_meanwhile_is_not_confirmed():
    university = UniversityFactory()
    university.save_over(1)

    with pytest.raises(Conflict, match="changed since you opened it"):
        actions.confirm(page=university, version=1, by=person_as("exchange", university), now=NOW)


@pytest.mark.parametrize("thing", ["page", "factsheet"])
def test_the_click_confirms_and_the_public_page_says_so(client, thing):
    university = UniversityFactory()
    FactsheetFactory(university=university)
    client.force_login(person_as("official", university))
    name = {"page": "university_confirm", "factsheet": "university_factsheet_confirm"}[thing]

    client.post(reverse(f"members:{name}", args=[university.slug]), {"version": 1})

    client.logout()
    assert "onfirmed by" in client.get(university.get_absolute_url()).content.decode()


@pytest.mark.parametrize("role", ["secretariat", "director", "grants"])
def test_only_the_keepers_themselves_confirm(client, role):
    university = UniversityFactory()
    client.force_login(person_as(role, university))

    response = client.post(reverse("members:university_confirm", args=[university.slug]), {"version": 1})

    assert response.status_code == 403
    university.refresh_from_db()
    assert university.confirmed_at is None


@pytest.mark.parametrize("version", ["", "x", "7"])
def test_a_click_without_the_right_version_changes_nothing(client, version):
    university = UniversityFactory()
    client.force_login(person_as("official", university))

    response = client.post(
        reverse("members:university_confirm", args=[university.slug]), {"version": version}, follow=True
    )

    assert "changed since you opened it" in response.content.decode()


def test_whose_turn_it_is_on_the_page():
    university = UniversityFactory()
    sheet = FactsheetFactory(university=university)
    keeper = person_as("official", university)

    def turn(user):
        found = page_of(university, user, NOW)["turn"]
        return found and found["title"]

    assert turn(UserFactory()) is None
    assert turn(keeper) == "Is this page still right?"
    actions.confirm(page=university, version=1, by=keeper, now=NOW)
    university.refresh_from_db()
    assert turn(keeper) == "Is the factsheet still right?"
    actions.confirm(page=sheet, version=1, by=keeper, now=NOW)
    assert turn(keeper) is None


def test_archiving_takes_out_of_the_lists_and_restoring_brings_back(client):
    university = UniversityFactory()
    client.force_login(person_as("secretariat"))

    client.post(reverse("members:university_archive", args=[university.slug]), {"reason": "Merged"})
    university.refresh_from_db()
    assert university.archived_at is not None
    assert Act.objects.about(university).get().reason == "Merged"
    client.post(reverse("members:university_restore", args=[university.slug]))

    university.refresh_from_db()
    assert university.archived_at is None


def test_archiving_needs_a_reason_and_the_secretariat(client):
    university = UniversityFactory()
    url = reverse("members:university_archive", args=[university.slug])
    client.force_login(person_as("official", university))
    assert client.post(url, {"reason": "x"}).status_code == 403

    client.force_login(person_as("secretariat"))
    assert client.post(url, {"reason": ""}).status_code == 422
    assert client.get(url).status_code == 200


def test_archiving_twice_is_refused():
    university, by = UniversityFactory(archived=True), person_as("secretariat")

    with pytest.raises(Refused, match="archived already"):
        actions.archive(university=university, reason="x", by=by, now=timezone.now())
    actions.restore(university=university, by=by)
    with pytest.raises(Refused, match="not archived"):
        actions.restore(university=university, by=by)
