"""What the room announces: tasks, deadlines, requirements, what a desk can take up, a part of a university's page."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from applications.eligibility import of_round
from applications.models import Option
from applications.registries import address_of, choosable_in, not_barred_by_rooms, requirements_from_rooms
from exchange import announcing
from tests.factories.applications import OptionFactory, RoundFactory
from tests.factories.exchange import PlacementFactory, chosen
from tests.factories.members import FactsheetFactory, FactsheetTermFactory, UniversityFactory, person_as, student_of

pytestmark = pytest.mark.django_db
NOW = timezone.now()
YEAR = NOW.year + 1


def tasks(person):
    return [(task.title, task.url) for task in announcing.tasks(person, NOW)]


def test_drafts_wait_to_be_published() -> None:
    office = person_as("exchange")
    host = office.mandates.get().university
    PlacementFactory.create_batch(2, host=host)
    PlacementFactory(host=host, academic_year=2015)
    PlacementFactory()

    [task] = announcing.tasks(office, NOW)

    assert (task.title, task.detail, task.with_whom) == (
        "Publish 2 drafted places",
        "4 seats that nobody can see yet",
        host.short_name,
    )
    assert task.url == f"/exchange/placements/own/?state=draft&host={host.slug}"


def test_one_seat_is_one_seat() -> None:
    office = person_as("exchange")
    PlacementFactory(host=office.mandates.get().university, places=1)

    assert [task.detail for task in announcing.tasks(office, NOW)] == ["1 seat that nobody can see yet"]


def test_an_offered_term_without_deadlines_waits_for_them() -> None:
    office = person_as("official")
    host = office.mandates.get().university
    PlacementFactory(host=host, published=True, term="spring", academic_year=2027)
    PlacementFactory(host=host, published=True, term="autumn", academic_year=2027)
    PlacementFactory(host=host, published=True, term="year", academic_year=2027)
    FactsheetTermFactory(factsheet__university=host, academic_year=2027, term="autumn")

    assert tasks(office) == [("Give your deadlines for Spring 2027/28", host.get_absolute_url())]


def test_nothing_waits_for_others() -> None:
    placement = PlacementFactory()

    for person in (student_of(), person_as("exchange"), person_as("director", placement.host), AnonymousUser()):
        assert tasks(person) == []


@pytest.mark.parametrize("n", [1, 3])
def test_tasks_take_a_constant_number_of_queries(django_assert_num_queries, n) -> None:
    office = person_as("exchange")
    host = office.mandates.get().university
    for number in range(n):
        PlacementFactory(host=host)
        PlacementFactory(host=host, published=True, academic_year=YEAR + number)

    with django_assert_num_queries(3):  # mandates, drafts, terms
        tasks(office)


def titles(person):
    return [deadline.title for deadline in announcing.deadlines(person, NOW)]


def test_a_desk_hears_until_when_hosts_take_nominations() -> None:
    round = RoundFactory(open=True)
    placement = PlacementFactory(published=True, round=round)
    term = FactsheetTermFactory(factsheet__university=placement.host, academic_year=placement.academic_year)
    PlacementFactory(published=True, round=RoundFactory(open=True))
    FactsheetTermFactory(academic_year=placement.academic_year)

    [deadline] = announcing.deadlines(person_as("exchange", round.university), NOW)

    assert deadline.title == f"Nominations for {term} close"
    assert (deadline.at, deadline.time_zone) == (term.nominations_close_at, placement.host.time_zone)


def test_a_student_with_a_place_hears_until_when_to_apply_at_the_host() -> None:
    placement = PlacementFactory(published=True)
    term = FactsheetTermFactory(factsheet__university=placement.host, academic_year=placement.academic_year)
    happy, hopeful = chosen(placement, "accepted").applicant, chosen(placement).applicant

    assert titles(happy) == [f"Apply at your host for {term}"]
    assert titles(hopeful) == []
    assert titles(AnonymousUser()) == []


@pytest.mark.parametrize(
    ("lines", "counts"), [(["autumn"], "autumn"), (["autumn", "year"], "year"), (["spring"], None)]
)
def test_a_place_for_a_year_goes_by_the_autumn_where_it_has_no_line_of_its_own(lines, counts) -> None:
    placement = PlacementFactory(published=True, term="year", round=RoundFactory(open=True))
    sheet = FactsheetFactory(university=placement.host)
    year = placement.academic_year
    terms = {line: FactsheetTermFactory(factsheet=sheet, academic_year=year, term=line) for line in lines}
    student = chosen(placement, "accepted").applicant
    desk = person_as("exchange", placement.rounds.get().university)

    told = [*titles(student), *titles(desk)]

    term = terms.get(counts)
    assert told == ([f"Apply at your host for {term}", f"Nominations for {term} close"] if term else [])


def test_past_deadlines_are_not_announced() -> None:
    placement = PlacementFactory(published=True)
    past = {"nominations_close_at": NOW - timedelta(days=2), "applications_close_at": NOW - timedelta(days=1)}
    FactsheetTermFactory(factsheet__university=placement.host, academic_year=placement.academic_year, **past)

    assert titles(chosen(placement, "accepted").applicant) == []


def test_a_place_knows_its_address_as_a_plain_option_too(django_assert_num_queries) -> None:
    placement = PlacementFactory()
    option = Option.objects.get(pk=placement.pk)

    with django_assert_num_queries(0):
        assert address_of(option) == placement.get_absolute_url()
    assert address_of(OptionFactory.build(slug="")) == ""


def test_for_whom_a_place_is_stands_among_its_requirements(django_assert_num_queries) -> None:
    kth, kit = UniversityFactory(short_name="KTH"), UniversityFactory(short_name="KIT")
    one, two, none = PlacementFactory(partners=[kth]), PlacementFactory(partners=[kth, kit]), PlacementFactory()

    with django_assert_num_queries(1):
        asked = requirements_from_rooms("exchange", [one.pk, two.pk, none.pk])

    assert asked[one.pk][0].homes == [kth]
    assert asked[two.pk][0].homes == [kit, kth]
    assert none.pk not in asked


@pytest.mark.parametrize("home", ["KTH", "UPC"])
def test_places_for_partners_only_suit_their_students(home) -> None:
    homes = {name: UniversityFactory(short_name=name) for name in ("KTH", "KIT", "UPC")}
    theirs, everybodys = PlacementFactory(partners=[homes["KTH"], homes["KIT"]]), PlacementFactory()

    found = not_barred_by_rooms("exchange", Option.objects.all(), student_of(homes[home]).student_profile)

    assert set(found) == {everybodys.option_ptr} | ({theirs.option_ptr} if home == "KTH" else set())


@pytest.mark.parametrize(
    ("home", "met", "sentence"),
    [
        ("KIT", True, "For students of Aalto, KIT or KTH; yours is KIT."),
        ("UPC", False, "For students of Aalto, KIT or KTH; yours is UPC."),
    ],
)
def test_a_place_for_several_partners_is_judged(home, met, sentence) -> None:
    homes = {name: UniversityFactory(short_name=name) for name in ("KTH", "KIT", "Aalto", "UPC")}
    placement = PlacementFactory(partners=[homes["KTH"], homes["KIT"], homes["Aalto"]])
    profile = student_of(homes[home]).student_profile

    verdicts = of_round(RoundFactory(), [placement.option_ptr], profile, NOW.date()).of_options[placement.pk]

    assert [(verdict.met, verdict.blocks, verdict.sentence) for verdict in verdicts] == [(met, not met, sentence)]


def test_a_student_of_elsewhere_does_not_meet_a_place_for_one_partner() -> None:
    round = RoundFactory(open=True, for_own_students=False)
    placement = PlacementFactory(partners=[UniversityFactory()], round=round)

    verdicts = of_round(round, [placement.option_ptr], student_of().student_profile, NOW.date())

    assert [verdict.blocks for verdict in verdicts.of_options[placement.pk]] == [True]


def test_a_round_for_everybody_may_take_up_places_of_its_own_university() -> None:
    round = RoundFactory(for_own_students=False, academic_year=YEAR)
    own = PlacementFactory(published=True, host=round.university, academic_year=YEAR)
    theirs = PlacementFactory(published=True, partners=[UniversityFactory()], academic_year=YEAR)

    assert set(choosable_in(round).values_list("pk", flat=True)) == {own.pk, theirs.pk}


@pytest.mark.parametrize("n", [1, 3])
def test_section_of_a_university_lists_what_it_offers(django_assert_num_queries, n) -> None:
    host = UniversityFactory(short_name="KTH")
    PlacementFactory.create_batch(n, host=host, published=True)
    PlacementFactory(host=host)

    with django_assert_num_queries(2):  # rows, count
        section = announcing.section(host, AnonymousUser(), NOW)

    assert (len(section.rows), section.total, section.more_label) == (n, n, "All places at KTH")
    assert section.rows[0].detail.endswith("2 places left")
