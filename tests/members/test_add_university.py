"""Adding an organisation: look-alikes are shown while typing and on sending, and the register fills the form in."""

import pytest
from django.urls import reverse

from members.models import Act, University
from members.organisations import near_organisations
from tests.factories.members import (
    CharterHolderFactory,
    CountryFactory,
    IdentifierFactory,
    UniversityFactory,
    UniversityNameFactory,
    person_as,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def register():
    CharterHolderFactory(
        erasmus_code="I  TORINO02", name="POLITECNICO DI TORINO", city="Torino", country=CountryFactory(code="IT"),
        pic="999977754", domain="polito.it", latitude="45.06", longitude="7.66",
    )  # fmt: skip
    CharterHolderFactory(name="UNIVERSITAET WIEN", city="Wien", country=CountryFactory(code="AT"))


@pytest.fixture
def secretariat(client):
    person = person_as("secretariat")
    client.force_login(person)
    return person


def typed(**changes):
    return {
        "name": "Politecnico Torino", "short_name": "PoliTO", "city": "Torino", "country": "IT", "kind": "", **changes,
    }  # fmt: skip


URL = "/universities/add/"


@pytest.mark.usefixtures("register")
def test_the_register_and_the_directory_are_searched():
    ours = UniversityFactory(name="Kungliga Tekniska högskolan")
    UniversityNameFactory(university=ours, name="Teknologiska institutet")

    assert [one.erasmus_code for one in near_organisations("Politecnico Torino")] == ["I  TORINO02"]
    assert [one.university for one in near_organisations("teknologiska institutet")] == [ours]
    assert near_organisations("ab") == []


@pytest.mark.usefixtures("register")
def test_one_that_is_in_both_is_shown_once_as_ours():
    ours = UniversityFactory(name="Politecnico di Torino", country=CountryFactory(code="IT"))
    IdentifierFactory(university=ours, scheme="erasmus", value="I  TORINO02")

    assert [one.university for one in near_organisations("Politecnico di Torino")] == [ours]


def test_a_renamed_university_is_found_by_its_new_name():
    ours = UniversityFactory(name="Alpha Institute")
    assert near_organisations("Omega Conservatory") == []

    University.objects.filter(pk=ours.pk).update(name="Omega Conservatory")

    assert [one.university for one in near_organisations("Omega Conservatory")] == [ours]


@pytest.mark.usefixtures("register", "secretariat")
def test_htmx_asks_while_the_name_is_typed(client):
    response = client.get(reverse("members:university_lookalikes"), {"name": "politecnico torino"})

    html = response.content.decode()
    assert "POLITECNICO DI TORINO" in html
    assert "?holder=I%20%20TORINO02" in html
    assert "<html" not in html


@pytest.mark.usefixtures("register", "secretariat")
def test_on_sending_look_alikes_are_asked_about_without_losing_what_was_typed(client):
    asked = client.post(URL, typed())

    html = asked.content.decode()
    assert asked.status_code == 422
    assert "None of these: add it" in html
    assert 'value="Politecnico Torino"' in html
    assert not University.objects.exists()


@pytest.mark.usefixtures("register")
def test_none_of_these_adds_it_with_its_membership_and_the_log(client, secretariat):
    response = client.post(
        URL, typed(none_of_these="yes", kind="associate", starts_on="2027-01-01", name="Politecnico Torino Due")
    )

    university = University.objects.get()
    assert response.url == reverse("members:university_edit", args=["polito"])
    assert university.memberships.get().kind == "associate"
    assert [(act.kind, act.actor) for act in Act.objects.about(university)] == [("university.added", secretariat)]


@pytest.mark.usefixtures("register", "secretariat")
def test_from_the_register_the_codes_and_the_place_come_along(client):
    page = client.get(URL, {"holder": "I  TORINO02"})
    assert page.context["form"]["name"].value() == "Politecnico Di Torino"

    client.post(f"{URL}?holder=I%20%20TORINO02", typed())

    university = University.objects.get()
    codes = {code.scheme: code.value for code in university.identifiers.all()}
    assert codes == {"erasmus": "I  TORINO02", "pic": "999977754", "schac": "polito.it"}
    assert str(university.latitude) == "45.06000"


@pytest.mark.usefixtures("register", "secretariat")
def test_a_code_that_another_university_has_is_refused_as_a_whole(client):
    IdentifierFactory(scheme="erasmus", value="I  TORINO02")

    response = client.post(f"{URL}?holder=I%20%20TORINO02", typed())

    assert "Another university has this code" in response.content.decode()
    assert not University.objects.filter(slug="polito").exists()


@pytest.mark.usefixtures("secretariat")
@pytest.mark.parametrize(
    ("short_name", "slug"), [("TU/e", "tue"), ("Técnico", "tecnico"), ("UPC", "upc-torino"), ("Add", "add-torino")]
)
def test_the_address_is_made_of_the_short_name(client, short_name, slug):
    UniversityFactory(slug="upc", name="Something else")
    CountryFactory(code="IT")

    client.post(URL, typed(short_name=short_name, none_of_these="yes"))

    assert University.objects.filter(slug=slug).exists()


@pytest.mark.usefixtures("secretariat")
@pytest.mark.parametrize(
    ("short_name", "sentence"), [("清华", "Latin letters"), ("", "This field is required"), ("x" * 41, "at most 40")]
)
def test_a_short_name_that_makes_no_address_is_refused(client, short_name, sentence):
    CountryFactory(code="IT")

    response = client.post(URL, typed(short_name=short_name, none_of_these="yes"))

    assert sentence in response.content.decode()


@pytest.mark.usefixtures("secretariat")
def test_one_in_the_archive_is_found_too_so_that_it_is_brought_back_and_not_added_again(client):
    archived = UniversityFactory(name="Politecnico di Torino", city="Torino", archived=True)
    CountryFactory(code="IT")

    page = client.post(URL, typed(name="Politecnico di Torino"))

    assert [one.university for one in page.context["near"]] == [archived]
    assert "It stands in the archive: to its page" in page.content.decode()


@pytest.mark.usefixtures("secretariat")
def test_a_short_name_taken_also_with_its_city_is_refused(client):
    UniversityFactory(slug="upc", name="Something else")
    UniversityFactory(slug="upc-torino", name="Something else again")
    CountryFactory(code="IT")

    response = client.post(URL, typed(short_name="UPC", none_of_these="yes"))

    assert response.context["form"].errors["short_name"] == ["A university with this short name is there already."]


@pytest.mark.parametrize("url", [URL, "/universities/lookalikes/"])
def test_only_the_secretariat_adds(client, url):
    client.force_login(person_as("official"))

    assert client.get(url).status_code == 403
