"""The sets of places people ask for, what the API and the office's pages answer to a refusal, who is told of an end."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils import timezone

from applications.models import Choice
from exchange import actions, announcing, editing
from exchange.actions import telling
from exchange.admin import PlacementResource
from exchange.columns import SHEET
from exchange.filters import matching, placements_for
from exchange.forms import CopyYearForm, ImportForm, PlacementForm, fields_by_broad
from exchange.held_of_people import import_rows
from exchange.models import Placement, PlacementImport
from exchange.places import count_places
from exchange.showing import rounds_of
from members.academic_years import running_on
from members.acts import Refused
from members.models import Act
from notifications.models import Notice
from tests.factories.applications import ApplicationFactory, ChoiceFactory, OptionRequirementFactory, RoundFactory
from tests.factories.exchange import PlacementFactory, PlacementImportFactory, chosen
from tests.factories.members import (
    FactsheetTermFactory,
    FieldFactory,
    MandateFactory,
    UnitFactory,
    UniversityFactory,
    UserFactory,
    person_as,
    student_of,
)

pytestmark = pytest.mark.django_db

NOW = timezone.now()
TICK = timedelta(microseconds=1)
YEAR = running_on(NOW.date())


# who sees and who may take a place


@pytest.mark.parametrize("state", Placement.State)
def test_who_sees_a_place(state):
    place = PlacementFactory(state=state)
    people = {
        "visitor": AnonymousUser(),
        "student": student_of(place.host),
        "office": person_as("exchange", place.host),
        "official": person_as("official", place.host),
        "head": person_as("head", place.host),
        "other office": person_as("exchange"),
        "former office": MandateFactory(university=place.host, ended=True).person,
        "secretariat": person_as("secretariat"),
    }

    seen = {name for name, person in people.items() if Placement.objects.visible_to(person).exists()}

    assert seen == ({*people} if state == "published" else {"office", "official", "secretariat"})


def test_for_whom_a_place_is_open():
    home, other = UniversityFactory(), UniversityFactory()
    for_all = PlacementFactory(title="For all")
    for_us = PlacementFactory(title="For us", partners=[home, other, UniversityFactory()])
    PlacementFactory(title="For others", partners=[other])
    PlacementFactory(title="Our own", host=home)

    assert [*Placement.objects.open_to(home).order_by("title")] == [for_all, for_us]  # once each, however many partners


@pytest.mark.parametrize(
    ("round", "is_open"),
    [
        ({"open": True}, True),
        ({"open": True, "closes_at": NOW + TICK}, True),
        ({"open": True, "closes_at": NOW}, False),
        ({"open": True, "opens_at": NOW + TICK}, False),
        ({"closed": True}, False),
        ({"state": "draft"}, False),
    ],
)
def test_a_place_can_be_chosen_while_a_round_of_mine_is_open(round, is_open):
    round = RoundFactory(**round)
    place = PlacementFactory(published=True, round=round)
    PlacementFactory(published=True, round=RoundFactory(open=True))  # of another university

    assert [*Placement.objects.open_for(round.university, NOW)] == ([place] if is_open else [])


def test_a_place_that_was_taken_back_cannot_be_chosen_though_a_round_has_it():
    round = RoundFactory(open=True)
    PlacementFactory(withdrawn=True, round=round)

    assert not Placement.objects.open_for(round.university, NOW).exists()


def test_the_next_closing_is_that_of_the_first_round_that_takes_me():
    mine, soon = RoundFactory(open=True, closes_at=NOW + timedelta(days=9)), RoundFactory(open=True)
    type(soon).objects.filter(pk=soon.pk).update(closes_at=NOW + timedelta(days=2), time_zone="Asia/Shanghai")
    place = PlacementFactory(published=True, round=mine)
    soon.options.add(place)

    every = Placement.objects.with_closing(NOW).get()
    own = Placement.objects.with_closing(NOW, mine.university).get()

    assert (every.closes_at, every.closing_zone) == (NOW + timedelta(days=2), "Asia/Shanghai")
    assert (own.closes_at, own.closing_zone) == (mine.closes_at, "Europe/Brussels")


def test_without_an_open_round_there_is_no_closing():
    PlacementFactory(published=True, round=RoundFactory(coming=True))

    row = Placement.objects.with_closing(NOW).get()
    assert (row.closes_at, row.closing_zone) == (None, None)


@pytest.mark.parametrize(
    ("state", "counts"),
    [("draft", 0), ("submitted", 1), ("rejected", 1), ("accepted", 1), ("withdrawn", 0), ("lapsed", 0)],
)
def test_what_counts_as_an_application_for_a_place(state, counts):
    place = PlacementFactory(published=True)
    application = ApplicationFactory(state=state, submitted_at=NOW, answer_by=NOW)
    ChoiceFactory(application=application, option=place)

    assert Placement.objects.with_demand().get().applicants == counts
    assert count_places(place).applicants == counts


def test_places_are_counted_by_what_became_of_the_choices():
    place = PlacementFactory(published=True, places=5)
    for state in ("accepted", "offered", "offered", "waiting", "not_offered"):
        chosen(place, state)

    counted = count_places(place)
    assert (counted.accepted, counted.offered, counted.waiting, counted.applicants, counted.left) == (1, 2, 1, 5, 2)


@pytest.mark.parametrize(
    ("day", "years"),
    [(date(2027, 7, 31), {2026, 2027, 2028}), (date(2027, 8, 1), {2027, 2028}), (date(2028, 12, 31), {2028})],
)
def test_places_of_the_year_that_runs_and_later_ones(day, years):
    for year in (2025, 2026, 2027, 2028):
        PlacementFactory(academic_year=year)

    found = Placement.objects.of_coming_terms(day).values_list("academic_year", flat=True)
    assert {*found} == years


def test_every_word_has_to_be_found_somewhere():
    host = UniversityFactory(short_name="ÉPFL", city="Lausanne")
    place = PlacementFactory(title="Robotique", host=host, unit_name="Génie mécanique", field=FieldFactory(code="0714"))
    PlacementFactory(title="Law")

    def found(typed):
        return [*matching(Placement.objects.all(), typed)]

    for typed in ("robotique", "ROBOT epfl", "genie mecanique", "0714 robotique", "lausanne"):
        assert place in found(typed)
    assert found("robotique nothing") == []
    assert len(found("")) == 2


def test_the_catalogue_is_published_and_of_this_year_and_later():
    shown = PlacementFactory(published=True, academic_year=YEAR)
    PlacementFactory(published=True, academic_year=YEAR - 1)
    PlacementFactory(academic_year=YEAR)

    assert [*placements_for(AnonymousUser(), NOW)] == [shown]


def test_rounds_of_a_place_are_those_that_still_take_it():
    place = PlacementFactory(published=True)
    for fields in ({"open": True}, {"coming": True}, {"closed": True}, {"released": True}, {"state": "archived"}):
        RoundFactory(**fields).options.add(place)
    draft = RoundFactory()
    draft.options.add(place)

    seen = [round.state for round in rounds_of(place, AnonymousUser(), NOW)]
    of_desk = [round.state for round in rounds_of(place, person_as("exchange", draft.university), NOW)]
    assert (seen, sorted(of_desk)) == (["published", "published"], ["draft", "published", "published"])


# deadlines of the host


@pytest.mark.parametrize(
    ("term", "lines", "found"),
    [
        ("autumn", ["autumn", "spring"], "autumn"),
        ("spring", ["autumn"], None),
        ("year", ["autumn"], "autumn"),
        ("year", ["autumn", "year"], "year"),
        ("year", ["spring"], None),
        ("year", [], None),
    ],
)
def test_the_hosts_line_for_the_term_of_a_place(term, lines, found):
    place = PlacementFactory(term=term, academic_year=2027)
    made = {}
    for line in lines:
        sheet = {"factsheet": made["any"].factsheet} if made else {"factsheet__university": place.host}
        made[line] = made["any"] = FactsheetTermFactory(term=line, academic_year=2027, **sheet)

    line = place.host_term()
    assert (line.term if line else None) == found


# who is told that a place is withdrawn


def test_of_a_withdrawn_place_those_hear_who_can_do_something():
    round = RoundFactory(open=True)
    place = PlacementFactory(published=True, round=round)
    desk = person_as("exchange", round.university)
    draft, sent = (chosen(place, round=round, **state) for state in ({}, {"submitted": True}))
    gone = chosen(place, round=round, withdrawn=True)
    elsewhere = chosen(place, submitted=True)

    actions.withdraw_placement(
        placement=place, reason=" The laboratory moves. ", by=person_as("exchange", place.host), now=NOW
    )

    bodies = {notice.recipient: notice.body for notice in Notice.objects.all()}
    assert {*bodies} == {draft.applicant, sent.applicant, desk}
    assert all("is no longer offered.\n\nThe laboratory moves." in body for body in bodies.values())
    assert bodies[draft.applicant].endswith("Choose another place while the round is open.")
    assert bodies[sent.applicant].endswith("begin a new one while the round is open.")
    assert bodies[desk].endswith(f"It has left your round “{round.title}”.")
    assert gone.applicant not in bodies
    assert elsewhere.applicant not in bodies


def test_nobody_is_told_the_same_withdrawal_twice():
    round = RoundFactory(open=True)
    place = PlacementFactory(published=True, round=round)
    chosen(place, round=round, submitted=True)
    person_as("exchange", round.university)
    act = Act.objects.create(kind="placement.withdraw", target=place, reason="It moves.")

    for _time in range(2):
        telling.withdrawn(place, [round], act, NOW)

    assert Notice.objects.count() == 2


def test_the_page_that_asks_names_whom_it_would_reach():
    round = RoundFactory(open=True)
    place = PlacementFactory(published=True, round=round)
    chosen(place, round=round, submitted=True)
    chosen(place, round=round, withdrawn=True)
    RoundFactory(closed=True).options.add(place)

    told = editing.who_is_told(place)
    assert (told["rounds"], told["students"]) == ([round], 1)


# acts, once more and by halves


@pytest.mark.parametrize(
    ("act", "state", "words"),
    [
        ("publish_placement", "draft", {}),
        ("withdraw_placement", "published", {"reason": "It moves."}),
        ("archive_placement", "draft", {}),
        ("restore_placement", "archived", {}),
    ],
)
def test_a_second_press_of_an_act_is_refused(act, state, words):
    place = PlacementFactory(state=state)
    office = person_as("exchange", place.host)
    stale = Placement.objects.get(pk=place.pk)
    getattr(actions, act)(placement=place, by=office, now=NOW, **words)

    with pytest.raises(Refused, match="has changed meanwhile"):
        getattr(actions, act)(placement=stale, by=office, now=NOW, **words)
    assert Act.objects.about(place).count() == 1


def test_a_change_of_nothing_is_kept_and_names_no_column():
    place = PlacementFactory()

    actions.change_placement(placement=place, version=1, by=person_as("exchange", place.host))

    assert (place.version, Act.objects.about(place).get().details) == (2, {"fields": []})


def test_places_may_change_while_somebody_has_chosen_it_but_not_what_was_chosen():
    place = PlacementFactory(published=True, places=3)
    chosen(place, submitted=True)
    office = person_as("exchange", place.host)

    place.places, place.title = 1, "Robotics and control"
    actions.change_placement(placement=place, version=1, by=office)
    place.term = "spring"
    with pytest.raises(Refused, match="1 student has chosen it for Autumn"):
        actions.change_placement(placement=place, version=2, by=office)


def test_what_only_a_withdrawn_application_names_can_become_another_place():
    place = PlacementFactory(published=True)
    chosen(place, withdrawn=True)

    place.term = "spring"
    actions.change_placement(placement=place, version=1, by=person_as("exchange", place.host))

    assert Placement.objects.get().term == "spring"


def test_many_are_done_each_by_itself():
    host = UniversityFactory()
    good, bare, done = (PlacementFactory(host=host, **fields) for fields in ({}, {"bare": True}, {"published": True}))
    foreign = PlacementFactory()

    office = person_as("exchange", host)
    count, refusals = editing.do_to_many("publish", [good, bare, done, foreign], by=office, now=NOW)

    assert (count, len(refusals)) == (1, 1)
    assert refusals[0].startswith(f"{bare.title}: Still missing: a description")
    states = dict(Placement.objects.values_list("pk", "state"))
    assert [states[place.pk] for place in (good, bare, done, foreign)] == ["published", "draft", "published", "draft"]


# pages of the office


@pytest.fixture
def office(client):
    person = person_as("exchange")
    client.force_login(person)
    return person


def at(name, *args):
    return reverse(f"exchange:{name}", args=args)


def test_a_year_without_places_is_told_at_the_year(client, office):
    host = office.universities_as("exchange")[0]

    response = client.post(at("copy_year"), {"host": host.pk, "from_year": YEAR, "to_year": YEAR + 1})

    assert response.status_code == 422
    assert "There is no place of" in response.context["form"].errors["from_year"][0]


def test_a_copy_that_stands_already_is_told_at_the_year(client, office):
    host = office.universities_as("exchange")[0]
    place = PlacementFactory(host=host, academic_year=YEAR)
    PlacementFactory(host=host, academic_year=YEAR + 1, title=place.title)

    response = client.post(at("placement_copy", place.slug), {"academic_year": YEAR + 1})

    assert response.status_code == 422
    assert response.context["form"].errors["academic_year"] == [
        "You already offer a place of this name for that year, term and level.",
    ]  # fmt: skip


def test_nothing_is_done_to_ticks_of_another_host(client, office):
    foreign = PlacementFactory()

    shown = client.get(at("many_placements"), {"act": "publish", "placement": foreign.slug})
    client.post(at("many_placements"), {"act": "publish", "placement": foreign.slug})

    assert shown.context["rows"] == []
    assert Placement.objects.get().state == "draft"


def test_the_secretariat_keeps_every_board_and_opens_none(client):
    PlacementFactory()
    client.force_login(person_as("secretariat"))

    assert len(client.get(at("own_placements")).context["page_obj"]) == 1
    assert client.get(at("placement_add")).status_code == 403
    assert client.get(at("copy_year")).status_code == 403


def test_an_act_that_came_too_late_is_told_on_the_page_of_the_place(client, office):
    place = PlacementFactory(host=office.universities_as("exchange")[0], archived=True)

    response = client.post(at("placement_publish", place.slug), follow=True)

    assert [str(message) for message in response.context["messages"]] == [
        "This place has changed meanwhile. Look at it again before you go on.",
    ]  # fmt: skip


def test_the_board_is_searched_as_the_catalogue_is(client, office):
    host = office.universities_as("exchange")[0]
    PlacementFactory(host=host, title="Robótica")
    PlacementFactory(host=host, title="Law")

    found = client.get(at("own_placements"), {"q": "robotica"}).context["page_obj"]
    assert [place.title for place in found] == ["Robótica"]


# forms


def test_a_form_offers_what_stands_and_what_may_be_chosen():
    host, former = UniversityFactory(member=True), UniversityFactory(former=True)
    member = UniversityFactory(member=True)
    unit = UnitFactory(university=host)
    UnitFactory()
    place = PlacementFactory(host=host, partners=[former])

    form = PlacementForm(instance=place, day=date(2027, 5, 6))

    assert {*form.fields["only_partners"].queryset} == {former, member}  # the host itself is no partner of its own
    assert [*form.fields["unit"].queryset] == [unit]
    assert form["version"].value() == 1


def test_a_new_place_is_for_the_year_to_come():
    form = PlacementForm(instance=Placement(host=UniversityFactory()), day=date(2027, 7, 31))

    assert form["academic_year"].value() == 2027  # in July 2027 the year 2026/27 still runs


def test_detailed_fields_stand_under_their_broad_one():
    for code, name in (("07", "Engineering"), ("0714", "Electronics"), ("071", "Narrow"), ("0915", "Therapy")):
        FieldFactory(code=code, name=name)

    _blank, *groups = fields_by_broad()
    assert {name: [code for code, _words in rows] for name, rows in groups} == {
        "Engineering": ["0714"], "09": ["0915"],
    }  # fmt: skip


@pytest.mark.parametrize("count", [1, 2])
def test_with_one_office_its_host_is_chosen_already(count):
    hosts = [UniversityFactory() for _number in range(count)]

    copy, sheet = CopyYearForm(day=date(2027, 5, 6), hosts=hosts), ImportForm(hosts=hosts)

    assert (copy["host"].value(), sheet["host"].value()) == (
        (hosts[0].pk, hosts[0].slug) if count == 1 else (None, None)
    )
    assert (copy["from_year"].value(), copy["to_year"].value()) == (2026, 2027)


@pytest.mark.parametrize(
    ("to_year", "error"), [(2027, []), (2026, ["Choose another year than the one you copy from."])]
)
def test_a_year_is_copied_to_another_one(to_year, error):
    host = UniversityFactory()
    form = CopyYearForm({"host": host.pk, "from_year": 2026, "to_year": to_year}, day=date(2027, 5, 6), hosts=[host])

    assert form.errors.get("to_year", []) == error


def test_another_hosts_year_is_not_copied():
    form = CopyYearForm(
        {"host": UniversityFactory().pk, "from_year": 2026, "to_year": 2027},
        day=date(2027, 5, 6),
        hosts=[UniversityFactory()],
    )

    assert "host" in form.errors


# what is announced


def test_a_plain_option_without_an_address_has_no_page():
    assert announcing.address(PlacementFactory.build(host=UniversityFactory.build(), field=None, slug="")) == ""


def test_a_desk_takes_up_published_places_of_its_year_that_take_its_students():
    round = RoundFactory(academic_year=2027)
    good = PlacementFactory(published=True, academic_year=2027)
    PlacementFactory(published=True, academic_year=2028)
    PlacementFactory(academic_year=2027)
    PlacementFactory(published=True, academic_year=2027, host=round.university)
    PlacementFactory(published=True, academic_year=2027, partners=[UniversityFactory()])

    assert [option.pk for option in announcing.choosable(round)] == [good.pk]


def test_the_section_of_a_university_shows_the_first_and_counts_all():
    host = UniversityFactory()
    for _number in range(announcing.SECTION_SHOWS + 2):
        PlacementFactory(published=True, host=host)

    section = announcing.section(host, AnonymousUser(), NOW)
    assert (len(section.rows), section.total) == (announcing.SECTION_SHOWS, announcing.SECTION_SHOWS + 2)
    assert section.more_url == f"/exchange/placements/?host={host.slug}"


@pytest.mark.parametrize(("taken", "left"), [(0, "2 places left"), (1, "1 place left"), (2, "0 places left")])
def test_a_row_of_the_section_says_how_many_are_left(taken, left):
    place = PlacementFactory(published=True, academic_year=2027)
    for _number in range(taken):
        chosen(place, "accepted")

    row = Placement.objects.with_places_left().get()
    assert announcing._detail(row) == f"Autumn 2027/28 · Master · {left}"


# what is held, and read in


def test_a_person_reads_which_sheets_they_brought_in():
    read = PlacementImportFactory(file_name="autumn.csv")

    [row] = import_rows(read.uploaded_by)
    assert (row["file"], row["university"], row["applied_at"]) == ("autumn.csv", read.university.name, None)
    assert import_rows(UserFactory()) == []


def test_an_import_is_seen_by_who_read_it_in_as_long_as_they_sit_there():
    read = PlacementImportFactory()
    MandateFactory(person=read.uploaded_by, university=read.university)
    colleague = person_as("exchange", read.university)

    assert PlacementImport.objects.visible_to(read.uploaded_by).get() == read
    assert not PlacementImport.objects.visible_to(colleague).exists()
    read.uploaded_by.mandates.update(ends_on=date(2020, 1, 1))
    again = type(read.uploaded_by).objects.get(pk=read.uploaded_by_id)
    assert not PlacementImport.objects.visible_to(again).exists()


def test_the_sheet_of_a_place_says_what_the_page_says():
    place = PlacementFactory(
        title="Robotics", academic_year=2027, languages=["en", "sv"], ects_min=24, starts_on=date(2027, 8, 30),
        partners=[UniversityFactory(slug="kth")],
    )  # fmt: skip

    written = {column.name: column.write(place) for column in SHEET.columns}

    assert (written["title"], written["academic_year"], written["term"]) == ("Robotics", "2027/28", "Autumn")
    assert (written["languages"], written["only_partners"], written["ects_min"]) == ("en; sv", "kth", 24)
    assert written["starts_on"] == date(2027, 8, 30)


def test_a_row_of_the_administrations_sheet_without_an_address_gets_one():
    resource = PlacementResource()
    place = Placement(title="Robotics", host=UniversityFactory(slug="kit"), academic_year=2027, term="autumn")

    resource.before_save_instance(place, {})

    assert place.state_since
    assert place.free_slug() == "kit-robotics-2027-autumn"


def test_requirements_of_a_copy_are_rows_of_their_own():
    place = PlacementFactory(academic_year=2027)
    asked = OptionRequirementFactory(option=place, number=60)

    copy = actions.copy_placement(placement=place, academic_year=2028, by=person_as("exchange", place.host), now=NOW)

    [row] = copy.requirements.all()
    assert (row.number, place.requirements.get().pk) == (60, asked.pk)
    assert row.pk != asked.pk
    assert Choice.objects.count() == 0
