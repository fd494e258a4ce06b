"""The pages of exchange places: who sees what, what they say, how many queries they take."""

import csv
import io
import json
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from applications.models import OptionRequirement
from exchange.models import Placement
from members.academic_years import running_on
from tests.factories.applications import OptionRequirementFactory, RoundFactory
from tests.factories.exchange import PlacementFactory, chosen
from tests.factories.members import (
    ContactFactory,
    CountryFactory,
    FactsheetTermFactory,
    FieldFactory,
    LanguageSkillFactory,
    UnitFactory,
    UniversityFactory,
    UserFactory,
    person_as,
    student_of,
)

pytestmark = pytest.mark.django_db

LIST = "/exchange/placements/"
OWN = "/exchange/placements/own/"


def titles(response):
    return [placement.title for placement in response.context["page_obj"]]


def facet(response, name):
    found = next(facet for facet in response.context["facets"] if facet["name"] == name)
    return {option["value"]: option["count"] for option in [*found["options"], *found["more"]]}


def rows_of_form(prefix="requirements", rows=()):
    data = {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": 0}
    return data | {f"{prefix}-{number}-{name}": value for number, row in enumerate(rows) for name, value in row.items()}


def form_of(placement, **changes):
    """What the browser sends of the form of a placement."""
    names = ["title", "description", "term", "level", "months", "places", "academic_year"]
    data = {name: getattr(placement, name) for name in names}
    data |= {"field": placement.field_id, "languages": placement.languages, "version": placement.version}
    data |= {"contact_name": placement.contact_name, "contact_email": placement.contact_email}
    return data | {"contact_audience": "members"} | rows_of_form() | changes


# the catalogue


def test_places_open_to_my_university(client) -> None:
    own, other = UniversityFactory(), UniversityFactory()
    PlacementFactory(published=True, title="For all")
    PlacementFactory(published=True, title="For mine and another", partners=[own, other])
    PlacementFactory(published=True, title="For another", partners=[other])
    PlacementFactory(published=True, title="At home", host=own)

    for person in (student_of(own), person_as("exchange", own)):
        client.force_login(person)
        assert titles(client.get(LIST, {"mine": "yes", "sort": "title"})) == ["For all", "For mine and another"]
    client.logout()
    assert len(titles(client.get(LIST, {"mine": "yes"}))) == 4


def test_for_whom_a_place_is_stands_in_the_catalogue_and_its_export(client) -> None:
    PlacementFactory(
        published=True, partners=[UniversityFactory(short_name="KTH"), UniversityFactory(short_name="KIT")]
    )

    assert "only for students of KIT, KTH" in client.get(LIST).content.decode()
    assert "KIT, KTH" in b"".join(client.get(LIST, {"export": "csv"}).streaming_content).decode()


def test_a_place_for_others_does_not_suit_me(client) -> None:
    student = student_of()
    PlacementFactory(published=True, title="For mine", partners=[student.student_profile.university])
    PlacementFactory(published=True, title="For another", partners=[UniversityFactory()])
    client.force_login(student)

    assert titles(client.get(LIST, {"suits": "yes"})) == ["For mine"]


def test_everybody_finds_published_places_of_this_year_and_later(client) -> None:
    PlacementFactory(published=True, title="Robotics")
    PlacementFactory(title="A draft")
    PlacementFactory(withdrawn=True, title="Taken back")
    PlacementFactory(published=True, title="Long ago", academic_year=2019)

    assert titles(client.get(LIST)) == ["Robotics"]


@pytest.mark.parametrize("placements", [1, 3])
def test_placement_list_query_count(client, django_assert_num_queries, placements) -> None:
    PlacementFactory.create_batch(placements, published=True, round=RoundFactory(open=True))

    with django_assert_num_queries(17):  # rows, partners, two counts, ten facets and boxes, the words of three
        client.get(LIST)


@pytest.mark.parametrize("placements", [1, 3])
def test_placement_list_query_count_for_a_student(client, django_assert_num_queries, placements) -> None:
    PlacementFactory.create_batch(placements, published=True, round=RoundFactory(open=True))
    client.force_login(student_of())

    with django_assert_num_queries(26):
        client.get(LIST)


def test_facets_count_and_narrow(client) -> None:
    sweden = UniversityFactory(country=CountryFactory(code="SE"), short_name="KTH", slug="kth")
    PlacementFactory(published=True, host=sweden, field=FieldFactory(code="0714"), languages=["en", "sv"])
    PlacementFactory(published=True, title="Law", field=FieldFactory(code="0421"), term="spring", languages=["fr"])

    everything, narrowed = client.get(LIST), client.get(LIST, {"country": "SE"})

    assert facet(everything, "country") == {"SE": 1, "BE": 1}
    assert facet(everything, "field") == {"07": 1, "04": 1}
    assert facet(everything, "language") == {"en": 1, "sv": 1, "fr": 1}
    assert facet(everything, "term") == {"autumn": 1, "spring": 1}
    assert titles(client.get(LIST, {"language": "fr"})) == ["Law"]
    assert titles(client.get(LIST, {"field": "04"})) == ["Law"]
    assert narrowed.context["total"] == 1
    assert [chip["value"] for chip in narrowed.context["chips"]] == ["Country SE"]


@pytest.mark.parametrize(
    "typed", ["mecatronica", "MECATRÓNICA", "kungliga", "stockholm", "field 0714", "0714", "mecatronica kungliga"]
)
def test_search_finds_title_host_city_and_field_without_accents(client, typed) -> None:
    host = UniversityFactory(name="Kungliga Tekniska högskolan", city="Stockholm")
    PlacementFactory(published=True, title="Mecatrónica", host=host)
    PlacementFactory(published=True, title="Law", field=FieldFactory(code="0421"))

    assert titles(client.get(LIST, {"q": typed})) == ["Mecatrónica"]


@pytest.mark.parametrize("typed", ["ecole doctorale", "optics"])
def test_search_finds_the_department_as_chosen_and_as_typed(client, typed) -> None:
    found = PlacementFactory(published=True, title="Light", unit_name="Optics")
    if typed != "optics":
        found.unit, found.unit_name = UnitFactory(university=found.host, name="École doctorale"), ""
        found.save()
    PlacementFactory(published=True, title="Law")

    assert titles(client.get(LIST, {"q": typed})) == ["Light"]


def test_places_left_narrows_to_those_with_a_place(client) -> None:
    full = PlacementFactory(published=True, places=1, title="Full")
    chosen(full, "accepted")
    PlacementFactory(published=True, title="Free")

    response = client.get(LIST, {"left": "yes"})

    assert titles(response) == ["Free"]
    assert {row.title: row.places_left for row in client.get(LIST).context["page_obj"]} == {"Full": 0, "Free": 2}


def test_open_for_me_is_an_open_round_of_my_university(client) -> None:
    student = student_of()
    mine = RoundFactory(open=True, university=student.student_profile.university)
    PlacementFactory(published=True, title="Mine", round=mine)
    PlacementFactory(published=True, title="Somebody else's", round=RoundFactory(open=True))
    PlacementFactory(published=True, title="For all", round=RoundFactory(open=True, for_own_students=False))
    PlacementFactory(published=True, title="Not for my university", round=mine, partners=[UniversityFactory()])
    PlacementFactory(published=True, title="At home", round=mine, host=mine.university)
    PlacementFactory(
        published=True, title="Closed", round=RoundFactory(closed=True, university=student.student_profile.university)
    )
    client.force_login(student)

    assert sorted(titles(client.get(LIST, {"me": "yes"}))) == ["For all", "Mine"]


def test_i_meet_the_requirements(client) -> None:
    student = student_of()
    LanguageSkillFactory(profile=student.student_profile, language="en", level="C1")
    for title, cefr in [("Within reach", "B2"), ("Too hard", "C2")]:
        placement = PlacementFactory(published=True, title=title)
        OptionRequirement.objects.create(option=placement, asks="language", language="en", cefr=cefr)
    client.force_login(student)

    assert titles(client.get(LIST, {"suits": "yes"})) == ["Within reach"]


def test_boxes_for_students_are_not_shown_to_others(client) -> None:
    PlacementFactory(published=True)

    names = [facet["name"] for facet in client.get(LIST).context["facets"]]

    assert "me" not in names
    assert titles(client.get(LIST, {"me": "yes", "suits": "yes"})) != []


def test_sort_by_closing_puts_places_without_a_round_last(client) -> None:
    soon = RoundFactory(open=True, closes_at=timezone.now() + timedelta(days=2))
    PlacementFactory(published=True, title="A, none")
    PlacementFactory(published=True, title="B, later", round=RoundFactory(open=True))
    PlacementFactory(published=True, title="C, soon", round=soon)

    assert titles(client.get(LIST)) == ["C, soon", "B, later", "A, none"]


@pytest.mark.parametrize("query", ["?year=abc", "?year=99999999999999", "?sort=nothing", "?page=x", "?q=%00", "?host="])
def test_a_strange_address_is_answered(client, query) -> None:
    PlacementFactory(published=True)

    assert client.get(LIST + query).status_code == 200


def test_empty_list_says_what_to_do(client) -> None:
    assert "No place is published yet" in client.get(LIST).content.decode()
    PlacementFactory(published=True)
    assert "No place fits all of this" in client.get(LIST, {"term": "spring"}).content.decode()


def test_export_honours_the_filters(client) -> None:
    PlacementFactory(published=True, title="Robotics")
    PlacementFactory(published=True, title="Law", term="spring")

    exported = b"".join(client.get(LIST, {"term": "spring", "export": "csv"})).decode("utf-8-sig")

    rows = list(csv.DictReader(io.StringIO(exported)))
    assert [(row["Title"], row["Places left"]) for row in rows] == [("Law", "2")]


def test_htmx_gets_the_results_alone(client) -> None:
    PlacementFactory(published=True)

    content = client.get(LIST, headers={"HX-Request": "true"}).content.decode()

    assert "<html" not in content
    assert "Robotics" in content


# one place


@pytest.mark.parametrize("rounds", [1, 3])
def test_placement_detail_query_count(client, django_assert_num_queries, rounds) -> None:
    placement = PlacementFactory(published=True)
    for _number in range(rounds):
        RoundFactory(open=True).round_options.create(option=placement)
        OptionRequirementFactory(option=placement)

    with django_assert_num_queries(6):  # placement, requirements, partners, rounds, places, deadlines
        client.get(placement.get_absolute_url())


def test_detail_explains_the_places_left(client) -> None:
    placement = PlacementFactory(published=True, places=4)
    chosen(placement, "accepted")
    chosen(placement, "offered")
    chosen(placement, "waiting")

    content = client.get(placement.get_absolute_url()).content.decode()

    assert "4 places: 1 accepted, 1 offered and not answered yet, 1 on the waiting list; 2 left." in content


def test_detail_judges_requirements_for_a_student_with_the_numbers(client) -> None:
    placement = PlacementFactory(published=True)
    OptionRequirementFactory(option=placement, asks="ects", number=150)
    OptionRequirementFactory(option=placement, asks="semester", number=3)
    client.force_login(student_of())

    content = client.get(placement.get_absolute_url()).content.decode()

    assert "At least 150 ECTS; yours is 120." in content
    assert "not met" in content
    assert "Semester 3 or later; yours is 5." in content


def test_detail_gives_the_hosts_deadlines_in_the_hosts_zone(client) -> None:
    placement = PlacementFactory(published=True, host=UniversityFactory(time_zone="Europe/Helsinki"))
    FactsheetTermFactory(factsheet__university=placement.host, academic_year=placement.academic_year, term="autumn")

    assert "Helsinki" in client.get(placement.get_absolute_url()).content.decode()


def test_a_full_year_goes_by_the_autumn_where_it_has_no_deadlines_of_its_own() -> None:
    placement = PlacementFactory(term="year")
    term = FactsheetTermFactory(
        factsheet__university=placement.host, academic_year=placement.academic_year, term="autumn"
    )

    assert placement.host_term() == term
    assert PlacementFactory(host=placement.host, term="spring").host_term() is None


@pytest.mark.parametrize(
    ("audience", "outsider", "colleague"), [("public", True, True), ("members", False, True), ("own", False, False)]
)
def test_the_person_to_ask_is_shown_to_whom_the_audience_says(client, audience, outsider, colleague) -> None:
    placement = PlacementFactory(published=True, contact_audience=audience)
    url, email = placement.get_absolute_url(), placement.contact_email

    assert (email in client.get(url).content.decode()) is outsider
    client.force_login(UserFactory())
    assert (email in client.get(url).content.decode()) is colleague
    client.force_login(person_as("director", placement.host))
    assert email in client.get(url).content.decode()


def test_without_a_person_of_its_own_the_offices_contact_stands_there(client) -> None:
    placement = PlacementFactory(published=True, contact_name="", contact_email="")
    placement.contact = ContactFactory(university=placement.host, name="Incoming desk")
    placement.save()

    assert "Incoming desk" in client.get(placement.get_absolute_url()).content.decode()


@pytest.mark.parametrize(("days", "shown"), [(-1, False), (0, True)])
def test_a_contact_whose_time_is_over_is_nobody_to_ask(client, days, shown) -> None:
    placement = PlacementFactory(published=True, contact_name="", contact_email="")
    until = timezone.localdate() + timedelta(days=days)
    placement.contact = ContactFactory(university=placement.host, name="Ada Lind", ends_on=until)
    placement.save()

    assert ("Ada Lind" in client.get(placement.get_absolute_url()).content.decode()) is shown


def test_without_anybody_to_ask_the_page_does_not_ask_to_sign_in(client) -> None:
    placement = PlacementFactory(published=True, contact_name="", contact_email="")
    asked = "Shown to people who are signed in."

    before = client.get(placement.get_absolute_url()).content.decode()
    client.force_login(UserFactory())
    after = client.get(placement.get_absolute_url()).content.decode()

    assert (asked in before, asked in after) == (True, False)


def test_turn_leads_a_student_to_the_open_round(client) -> None:
    student = student_of()
    round = RoundFactory(open=True, university=student.student_profile.university)
    placement = PlacementFactory(published=True, round=round)
    client.force_login(student)

    turn = client.get(placement.get_absolute_url()).context["turn"]

    assert turn["actions"][0]["url"] == f"/applications/start/{round.slug}/?option={placement.slug}"


@pytest.mark.parametrize(
    ("situation", "title"),
    [
        ({"round": "coming"}, "It can be chosen in “Autumn exchange”."),
        ({}, "No round in which you could choose it is open or announced."),
        ({"partners": "others"}, "Offered to students of KIT only."),
        ({"host": "home"}, "You study at Aalto already."),
        ({"round": "others"}, "No round in which you could choose it is open or announced."),
    ],
)
def test_turn_says_why_a_student_cannot_choose_it(client, situation, title) -> None:
    home = UniversityFactory(short_name="Aalto")
    rounds = {
        "coming": {"coming": True, "university": home, "title": "Autumn exchange"},
        "others": {"open": True},
    }
    fields = {"host": home} if situation.get("host") else {}
    placement = PlacementFactory(published=True, **fields)
    if "round" in situation:
        RoundFactory(**rounds[situation["round"]]).round_options.create(option=placement)
    if "partners" in situation:
        placement.only_partners.add(UniversityFactory(short_name="KIT"))
    client.force_login(student_of(home))

    assert client.get(placement.get_absolute_url()).context["turn"]["title"] == title


# who may


OFFICE_PAGES = ["edit", "publish", "withdraw", "archive", "restore", "copy"]


@pytest.mark.parametrize("page", OFFICE_PAGES)
def test_office_pages_ask_for_the_hosts_mandate(client, page) -> None:
    placement = PlacementFactory(published=True)
    url = reverse(f"exchange:placement_{page}", args=[placement.slug])
    statuses = {"visitor": client.get(url).status_code}
    people = {
        "student": student_of(),
        "another office": person_as("exchange"),
        "director of the host": person_as("director", placement.host),
        "office": person_as("exchange", placement.host),
        "official": person_as("official", placement.host),
        "secretariat": person_as("secretariat"),
    }
    for name, person in people.items():
        client.force_login(person)
        statuses[name] = client.get(url).status_code

    assert statuses == {
        "visitor": 302,
        "student": 403,
        "another office": 403,
        "director of the host": 403,
        "office": 200,
        "official": 200,
        "secretariat": 200,
    }


@pytest.mark.parametrize("state", ["draft", "withdrawn", "archived"])
def test_what_is_not_published_is_absent_for_others(client, state) -> None:
    placement = PlacementFactory(state=state)

    assert client.get(placement.get_absolute_url()).status_code == 404
    client.force_login(person_as("exchange"))
    assert client.get(placement.get_absolute_url()).status_code == 404
    client.force_login(person_as("exchange", placement.host))
    assert client.get(placement.get_absolute_url()).status_code == 200


@pytest.mark.parametrize(
    "url", [OWN, "/exchange/placements/new/", "/exchange/placements/import/", "/exchange/placements/copy-year/"]
)
def test_the_board_is_for_offices(client, url) -> None:
    client.force_login(student_of())
    assert client.get(url).status_code == 403
    client.force_login(person_as("exchange"))
    assert client.get(url).status_code == 200


# the board


@pytest.mark.parametrize("placements", [1, 3])
def test_own_placements_query_count(client, django_assert_num_queries, placements) -> None:
    office = person_as("exchange")
    PlacementFactory.create_batch(placements, host=office.mandates.get().university)
    client.force_login(office)

    with django_assert_num_queries(15):
        client.get(OWN)


def test_board_counts_taken_and_applied(client) -> None:
    placement = PlacementFactory(published=True, places=3)
    chosen(placement, "accepted")
    chosen(placement)
    chosen(placement, withdrawn=True)
    PlacementFactory(title="Somebody else's")
    client.force_login(person_as("exchange", placement.host))

    rows = client.get(OWN).context["page_obj"].object_list

    assert [(row.title, row.taken, row.applicants) for row in rows] == [(placement.title, 1, 2)]


def test_a_new_place_is_kept_as_a_draft_with_its_requirements(client) -> None:
    office = person_as("exchange")
    host = office.mandates.get().university
    client.force_login(office)
    asked = rows_of_form(rows=[{"asks": "language", "language": "en", "cefr": "B2", "is_blocking": "on"}])
    data = form_of(PlacementFactory.build(host=host, field=FieldFactory()), version="") | asked

    response = client.post("/exchange/placements/new/", data)

    placement = Placement.objects.get()
    assert response.status_code == 302
    assert (placement.host, placement.state) == (host, "draft")
    assert list(placement.requirements.values_list("asks", "language", "cefr")) == [("language", "en", "B2")]


def test_a_partner_who_has_left_stays_until_somebody_takes_it_out(client) -> None:
    """Else the place for one partner would be one for everybody, the next time its text is edited."""
    former = UniversityFactory()
    placement = PlacementFactory(partners=[former])
    placement.contact = ContactFactory(university=placement.host, ends_on=timezone.localdate() - timedelta(days=1))
    placement.save()
    client.force_login(person_as("exchange", placement.host))

    stands = {"only_partners": [former.pk], "contact": placement.contact_id}

    client.post(f"/exchange/placements/{placement.slug}/edit/", form_of(placement, title="New title", **stands))

    stored = Placement.objects.get()
    assert (stored.title, list(stored.only_partners.all()), stored.contact) == (
        "New title", [former], placement.contact,
    )  # fmt: skip


def test_a_new_place_is_offered_for_the_year_to_come(client) -> None:
    client.force_login(person_as("exchange"))

    form = client.get("/exchange/placements/new/").context["form"]

    assert form["academic_year"].value() == running_on(timezone.localdate()) + 1


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"places": "0"}, "places", "Offer at least one place."),
        ({"places": "many"}, "places", "Enter a whole number."),
        ({"title": ""}, "title", "This field is required."),
        ({"starts_on": "2027-13-40"}, "starts_on", "Enter a valid date."),
        ({"courses_url": "not a link"}, "courses_url", "Enter a valid URL."),
        ({"contact_email": "nobody"}, "contact_email", "Enter a valid email address."),
        ({"field": "9999"}, "field", "Select a valid choice. That choice is not one of the available choices."),
        ({"languages": ["xx"]}, "languages", "Select a valid choice. xx is not one of the available choices."),
    ],
)
def test_a_wrong_value_is_told_at_its_field_and_nothing_typed_is_lost(client, changes, field, sentence) -> None:
    placement = PlacementFactory()
    client.force_login(person_as("exchange", placement.host))

    response = client.post(f"{placement.get_absolute_url()}edit/", form_of(placement, description="Typed.", **changes))

    assert response.status_code == 422
    assert response.context["form"].errors[field] == [sentence]
    assert "Typed." in response.content.decode()
    assert Placement.objects.get().description == placement.description


@pytest.mark.parametrize(
    ("row", "field", "sentence"),
    [
        ({"asks": "ects"}, "number", "Fill this in: the requirement is made of it."),
        ({"asks": "language", "language": "en"}, "cefr", "Fill this in: the requirement is made of it."),
        ({"asks": "grade", "number": "140"}, "number", "140 is above 100, the best grade."),
        ({"asks": "magic"}, "asks", "Select a valid choice. magic is not one of the available choices."),
    ],
)
def test_a_wrong_requirement_is_told_at_its_field(client, row, field, sentence) -> None:
    placement = PlacementFactory()
    client.force_login(person_as("exchange", placement.host))

    response = client.post(f"{placement.get_absolute_url()}edit/", form_of(placement) | rows_of_form(rows=[row]))

    assert response.status_code == 422
    assert response.context["asked"].errors[0][field] == [sentence]


def test_the_second_of_two_editors_sees_both_versions(client) -> None:
    placement = PlacementFactory(description="At first.")
    mine = form_of(placement, description="Mine.")
    client.force_login(person_as("exchange", placement.host))
    client.post(f"{placement.get_absolute_url()}edit/", form_of(placement, description="Theirs."))

    response = client.post(f"{placement.get_absolute_url()}edit/", mine)

    content = response.content.decode()
    assert response.status_code == 409
    assert "Theirs." in content
    assert "Mine." in content
    assert Placement.objects.get().description == "Theirs."

    again = client.post(f"{placement.get_absolute_url()}edit/", mine | {"version": 2})
    assert again.status_code == 302
    assert Placement.objects.get().description == "Mine."


def test_fewer_places_than_taken_is_told_on_the_form(client) -> None:
    placement = PlacementFactory(published=True, places=2)
    chosen(placement, "accepted")
    chosen(placement, "offered")
    client.force_login(person_as("exchange", placement.host))

    response = client.post(f"{placement.get_absolute_url()}edit/", form_of(placement, places=1))

    assert response.status_code == 422
    assert response.context["form"].non_field_errors() == ["2 places are taken; offer at least those."]


@pytest.mark.parametrize(("act", "state"), [("publish", "published"), ("archive", "archived")])
def test_a_confirmed_act_is_done(client, act, state) -> None:
    placement = PlacementFactory()
    client.force_login(person_as("exchange", placement.host))

    client.post(f"{placement.get_absolute_url()}{act}/")

    assert Placement.objects.get().state == state


def test_publishing_an_incomplete_place_leads_to_what_is_missing(client) -> None:
    placement = PlacementFactory(bare=True)
    client.force_login(person_as("exchange", placement.host))

    content = client.get(f"{placement.get_absolute_url()}publish/").content.decode()

    assert "Not complete yet" in content
    assert "the language it is taught in" in content


def test_withdrawing_asks_for_the_reason_and_names_who_is_told(client) -> None:
    round = RoundFactory(open=True, title="Autumn exchange")
    placement = PlacementFactory(published=True, round=round)
    chosen(placement, round=round, submitted=True)
    client.force_login(person_as("exchange", placement.host))
    url = f"{placement.get_absolute_url()}withdraw/"

    page, empty = client.get(url).content.decode(), client.post(url, {"reason": ""})
    client.post(url, {"reason": "The lab is rebuilt."})

    assert "Autumn exchange" in page
    assert "1 student who chose it is told." in page
    assert empty.status_code == 422
    assert Placement.objects.get().state == "withdrawn"


def test_copies_one_place_and_a_whole_year(client) -> None:
    placement = PlacementFactory(academic_year=2026, title="Robotics")
    PlacementFactory(academic_year=2026, title="Energy", host=placement.host)
    client.force_login(person_as("exchange", placement.host))

    client.post(f"{placement.get_absolute_url()}copy/", {"academic_year": 2027})
    client.post("/exchange/placements/copy-year/", {"host": placement.host.pk, "from_year": 2026, "to_year": 2027})
    same = client.post(
        "/exchange/placements/copy-year/", {"host": placement.host.pk, "from_year": 2026, "to_year": 2026}
    )

    copies = Placement.objects.filter(academic_year=2027).values_list("title", "state")
    assert sorted(copies) == [("Energy", "draft"), ("Robotics", "draft")]
    assert same.context["form"].errors == {"to_year": ["Choose another year than the one you copy from."]}


def test_many_are_published_after_a_preview_of_each(client) -> None:
    good = PlacementFactory(title="Good")
    bare = PlacementFactory(title="Bare", bare=True, host=good.host)
    foreign = PlacementFactory(title="Foreign")
    client.force_login(person_as("exchange", good.host))
    asked = {"act": "publish", "placement": [good.slug, bare.slug, foreign.slug]}

    preview = client.get("/exchange/placements/many/", asked)
    client.post("/exchange/placements/many/", asked)

    assert {row["placement"].title: row["goes"] for row in preview.context["rows"]} == {"Good": True, "Bare": False}
    states = dict(Placement.objects.values_list("title", "state"))
    assert states == {"Good": "published", "Bare": "draft", "Foreign": "draft"}


def test_many_are_archived_and_each_refusal_is_told(client) -> None:
    free = PlacementFactory(title="Free", published=True)
    PlacementFactory(title="Taken", published=True, host=free.host, round=RoundFactory(open=True, title="Autumn"))
    gone = PlacementFactory(title="Gone", archived=True, host=free.host)
    client.force_login(person_as("exchange", free.host))
    asked = {"act": "archive", "placement": [row.slug for row in Placement.objects.all()]}

    preview = client.get("/exchange/placements/many/", asked)
    done = client.post("/exchange/placements/many/", asked, follow=True)

    words = {row["placement"].title: row["words"] for row in preview.context["rows"]}
    assert words == {
        "Free": "will be archived", "Taken": "will be archived", gone.title: "stays as it is: archived",
    }  # fmt: skip
    assert [str(message) for message in done.context["messages"]] == [
        "1 place done.", "Taken: It stands in the round “Autumn”. Withdraw it first.",
    ]  # fmt: skip


def test_many_of_an_act_that_is_none_leads_back(client) -> None:
    client.force_login(person_as("exchange"))

    assert client.get("/exchange/placements/many/", {"act": "delete"}).url == OWN


@pytest.mark.parametrize(
    ("situation", "title", "labels"),
    [
        ({"bare": True}, "Complete it, then publish it.", ["Edit"]),
        ({}, "Publish it, so that rounds can take it up.", ["Publish", "Edit"]),
        ({"published": True}, "Students can find it; home universities can take it into their rounds.", ["Edit"]),
        ({"withdrawn": True}, "Nobody can choose it now: publish it again, or archive it.", ["Publish", "Edit"]),
        ({"archived": True}, "It is put away; take it out to offer it again.", ["Take it out", "Edit"]),
    ],
)
def test_the_office_reads_its_next_step(client, situation, title, labels) -> None:
    placement = PlacementFactory(**situation)
    client.force_login(person_as("exchange", placement.host))

    turn = client.get(placement.get_absolute_url()).context["turn"]

    assert (turn["title"], [action["label"] for action in turn["actions"]]) == (title, labels)


def test_machines_read_published_places_only(client) -> None:
    last = datetime(timezone.now().year + 1, 3, 15, 23, 59, tzinfo=ZoneInfo("America/Sao_Paulo"))
    round = RoundFactory(open=True, closes_at=last, time_zone="America/Sao_Paulo")
    placement = PlacementFactory(published=True, places=3, ects_max=30, round=round)
    draft = PlacementFactory(host=placement.host)
    client.force_login(person_as("exchange", placement.host))

    public, kept = (client.get(row.get_absolute_url()).context["structured_data"] for row in (placement, draft))

    told = json.loads(public)
    assert (told["@type"], told["maximumEnrollment"], told["numberOfCredits"]) == (
        "EducationalOccupationalProgram", 3, 30,
    )  # fmt: skip
    assert told["applicationDeadline"] == f"{last.year}-03-15"
    assert not kept


def test_own_export_can_be_read_in_again(client) -> None:
    placement = PlacementFactory(unit_name="School of Robots")
    client.force_login(person_as("exchange", placement.host))

    exported = b"".join(client.get(OWN, {"export": "csv"})).decode("utf-8-sig")

    row = next(csv.DictReader(io.StringIO(exported)))
    assert (row["key"], row["term"], row["unit"]) == (placement.slug, "Autumn", "School of Robots")


def test_rounds_of_exchange_are_the_rounds_with_exchange_ticked(client) -> None:
    RoundFactory(open=True, title="Exchange round")
    RoundFactory(open=True, dual_degree=True, title="Dual degree round")

    assert titles(client.get("/exchange/rounds/")) == ["Exchange round"]


def test_ticks_with_a_letter_that_no_database_has_are_none(client) -> None:
    client.force_login(person_as("exchange"))

    response = client.get("/exchange/placements/many/?act=publish&placement=a%00b")

    assert (response.status_code, response.context["rows"]) == (200, [])


def test_a_last_day_is_shown_without_a_first_one(client) -> None:
    placement = PlacementFactory(published=True, ends_on=datetime(2028, 1, 17, tzinfo=ZoneInfo("UTC")).date())

    assert "until 17 January 2028" in client.get(placement.get_absolute_url()).content.decode()
