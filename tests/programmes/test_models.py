"""Programmes, pathways, intakes and seats: what the rows refuse and what they say."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from applications.models import Round
from programmes.models import Intake, PartnerRole, PathwaySemester, Programme, Seats, WishListItem, YearlyDate
from tests.factories.members import FieldFactory, UniversityFactory, UserFactory
from tests.factories.programmes import (
    IntakeFactory,
    PathwayFactory,
    ProgrammeFactory,
    ProgrammeLanguageFactory,
    ProgrammePartnerFactory,
    ProgrammeRequirementFactory,
    RevisionFactory,
    SeatsFactory,
    WishListItemFactory,
    YearlyDateFactory,
    open_intake,
    programme_between,
)

pytestmark = pytest.mark.django_db


def refuses(constraint):
    return pytest.raises(IntegrityError, match=constraint)


# Constraints: each is broken once, past the forms


@pytest.mark.parametrize(
    ("constraint", "columns"),
    [
        ("programmes_programme_kind_known", {"kind": "triple"}),
        ("programmes_programme_level_known", {"level": "diploma"}),
        ("programmes_programme_state_known", {"state": "lost"}),
        ("programmes_programme_listing_known", {"listing": "hidden"}),
        ("programmes_programme_framework_known", {"framework": "handshake"}),
        ("programmes_programme_diploma_known", {"diploma": "paper"}),
        ("programmes_programme_tuition_known", {"tuition": "much"}),
        ("a_programme_address_is_not_a_page", {"slug": "compare"}),
        ("a_published_programme_has_a_field_and_a_day", {"state": "published"}),
        ("a_thesis_has_no_more_credits_than_the_programme", {"ects_total": 60, "thesis_ects": 61}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_programme_refuses(constraint, columns):
    programme = ProgrammeFactory()

    with refuses(constraint), transaction.atomic():
        Programme.objects.filter(pk=programme.pk).update(**columns)


def test_university_takes_part_once():
    partner = ProgrammePartnerFactory()

    with refuses("a_university_once_per_programme"):
        ProgrammePartnerFactory(programme=partner.programme, university=partner.university)


def test_one_university_coordinates():
    partner = ProgrammePartnerFactory(coordinating=True)

    with refuses("one_coordinating_university_per_programme"):
        ProgrammePartnerFactory(programme=partner.programme, coordinating=True)


def test_language_stands_once():
    row = ProgrammeLanguageFactory()

    with refuses("a_language_once_per_programme"):
        ProgrammeLanguageFactory(programme=row.programme)


def test_requirement_says_how_much():
    with refuses("programmes_programmerequirement_says_how_much"):
        ProgrammeRequirementFactory(number=None)


@pytest.mark.parametrize(
    "wrong",
    [{"month": 13}, {"day": 32}, {"until_month": 0}, {"until_day": 3}],
    ids=["month", "day", "until-month", "until-day-alone"],
)
def test_yearly_date_is_in_the_calendar(wrong):
    with refuses("a_yearly_date_is_in_the_calendar"):
        YearlyDateFactory(**wrong)


@pytest.mark.parametrize(("month", "day"), [(2, 30), (4, 31), (11, 31)])
def test_yearly_date_exists_in_its_month(month, day):
    with pytest.raises(ValidationError, match=f"has no day {day}"):
        YearlyDate(what="annex", month=month, day=day, programme=ProgrammeFactory()).full_clean()


def test_an_end_that_is_no_day_is_told_at_the_end():
    date = YearlyDate(what="annex", month=5, day=31, until_month=6, until_day=31, programme=ProgrammeFactory())

    with pytest.raises(ValidationError) as wrong:
        date.full_clean()

    assert wrong.value.message_dict == {"until_day": ["June has no day 31."]}


def test_pathway_leads_elsewhere():
    place = UniversityFactory()

    with refuses("a_pathway_leads_elsewhere"):
        PathwayFactory(home=place, host=place)


def test_pathway_key_stands_once():
    pathway = PathwayFactory()

    with refuses("a_pathway_key_once_per_programme"):
        PathwayFactory(programme=pathway.programme, key=pathway.key)


@pytest.mark.parametrize("wrong", [{"number": 0}, {"ects": 61}, {"ects": -1}])
def test_semester_refuses(wrong):
    pathway = PathwayFactory()
    columns = {"number": 1, "university": pathway.home, "ects": 30, **wrong}

    with refuses("a_semester_has_a_number_and_at_most_60_credits|number_check"):
        PathwaySemester.objects.create(pathway=pathway, **columns)


def test_semester_number_stands_once():
    pathway = PathwayFactory(semesters=2)

    with refuses("a_semester_once_per_pathway"):
        PathwaySemester.objects.create(pathway=pathway, number=2, university=pathway.home)


def test_intake_opens_before_it_closes():
    now = timezone.now()

    with refuses("an_intake_opens_before_it_closes"):
        IntakeFactory(opens_at=now, closes_at=now)


def test_intake_stands_once_per_start_and_university():
    intake = IntakeFactory()

    with refuses("one_window_per_start_and_university"):
        IntakeFactory(programme=intake.programme, key="another-key")


def test_intake_may_have_a_window_of_its_own_for_one_university():
    intake = IntakeFactory()

    other = IntakeFactory(programme=intake.programme, home=UniversityFactory(slug="kit"), key="2027-autumn-kit")

    assert (intake.own_key(), other.own_key()) == ("2027-autumn", "2027-autumn-kit")


def test_intake_key_stands_once():
    intake = IntakeFactory()

    with refuses("an_intake_key_once_per_programme"):
        IntakeFactory(programme=intake.programme, term="spring", key=intake.key)


def test_pathway_has_its_seats_once_per_intake():
    seats = SeatsFactory()

    with refuses("a_pathway_once_per_intake"):
        SeatsFactory(intake=seats.intake, pathway=seats.pathway)


def test_one_unfinished_revision_per_programme():
    revision = RevisionFactory()

    with refuses("one_unfinished_revision_per_programme"):
        RevisionFactory(programme=revision.programme)


def test_returned_revision_says_why():
    with refuses("a_returned_revision_says_why"):
        RevisionFactory(returned=True, comment="")


def test_judged_revision_names_who_and_when():
    with refuses("programmes_revision_judged_at_with_judged_by"):
        RevisionFactory(judged_at=timezone.now())


def test_programme_stands_once_on_a_wish_list():
    item = WishListItemFactory()

    with refuses("a_programme_once_on_a_wish_list"):
        WishListItem.objects.create(user=item.user, programme=item.programme)


# States


def test_every_programme_state_is_reachable():
    assert {target for _, target in Programme.TRANSITIONS.values()} == set(Programme.State)


def test_history_keeps_who_was_there_before_a_deletion():
    partner = ProgrammePartnerFactory(unit="Phelma")

    partner.delete()

    kept = type(partner).pgh_event_model.objects.filter(programme_id=partner.programme_id)
    assert list(kept.order_by("pgh_id").values_list("pgh_label", "unit")) == [
        ("insert", "Phelma"),
        ("delete", "Phelma"),
    ]


# What they say


def test_partner_line_names_the_coordinating_university_first():
    programme = ProgrammeFactory()
    for position, (name, role) in enumerate(
        [("KTH", PartnerRole.AWARDING), ("HIT", PartnerRole.ASSOCIATED), ("TU/e", PartnerRole.COORDINATING)]
    ):
        ProgrammePartnerFactory(programme=programme, university__short_name=name, role=role, position=position)

    assert programme.partner_line == "TU/e with KTH and HIT"
    assert str(programme.coordinator) == "TU/e"


def test_programme_without_partners_has_no_partner_line():
    assert (ProgrammeFactory().partner_line, ProgrammeFactory().coordinator) == ("", None)


def test_pathway_adds_up_its_semesters():
    programme = programme_between(UniversityFactory(short_name="KTH"), UniversityFactory(short_name="KIT"))

    told = programme.pathways.first().credit_sentence(programme.ects_total)

    assert told == (True, "120 ECTS credits: 60 at KTH, 60 at KIT.")
    assert programme.split_line == "60 + 60"


def test_pathway_that_does_not_add_up_says_the_numbers():
    pathway = PathwayFactory(home__short_name="KTH", host__short_name="KIT", semesters=2)

    assert pathway.credit_sentence(120) == (
        False,
        "The semesters add up to 60, not to 120 ECTS credits: 30 at KTH, 30 at KIT.",
    )


def test_pathway_with_a_return_shows_three_stays():
    pathway = PathwayFactory(semesters=2)
    PathwaySemester.objects.create(pathway=pathway, number=3, university=pathway.home, ects=Decimal("7.5"))

    assert [(place == pathway.home, ects) for place, ects in pathway.shares] == [(True, 30), (False, 30), (True, 7.5)]
    assert [semester["there"] for semester in pathway.strip] == [False, True, False]
    assert pathway.strip[2]["title"] == f"Semester 3 at {pathway.home}, 7.5 ECTS"


@pytest.mark.parametrize(
    ("name", "city", "label"),
    [("KU Leuven", "Leuven", "Leuven"), ("UCLouvain", "Louvain-la-Neuve", "UCLouvain"), ("PoliTO", "Rom", "PoliTO")],
)
def test_strip_names_the_city_where_the_name_is_long(name, city, label):
    pathway = PathwayFactory(home=UniversityFactory(short_name=name, city=city), semesters=2)

    assert pathway.strip[0]["label"] == label


@pytest.mark.parametrize(
    ("date", "words"),
    [
        ({"month": 12, "day": 1}, "1 December"),
        ({"month": 1, "day": None}, "January"),
        ({"month": 5, "day": 2, "until_month": 9, "until_day": 30}, "2 May to 30 September"),
    ],
)
def test_yearly_date_in_words(date, words):
    assert YearlyDateFactory(**date).words == words


# Windows and sets


def make_round(intake, **columns):
    """The intake's application round; its window is a week later than the intake's."""
    intake.round = Round.objects.create(
        slug=f"round-{intake.pk}",
        kind="dual_degree",
        university=UniversityFactory(),
        title="Round",
        academic_year=2027,
        term="autumn",
        **{
            "opens_at": intake.opens_at + timedelta(days=7),
            "closes_at": intake.closes_at + timedelta(days=7),
            "time_zone": "Europe/Lisbon",
            **columns,
        },
    )
    intake.save()
    return intake.round


@pytest.mark.parametrize(
    ("state", "shift", "zone"),
    [("draft", 0, "Europe/Brussels"), ("published", 7, "Europe/Lisbon"), ("closed", 7, "Europe/Lisbon")],
)
def test_public_round_replaces_the_planned_window(state, shift, zone):
    intake = IntakeFactory()
    make_round(intake, state=state)

    shown = Intake.objects.with_window().get(pk=intake.pk)

    assert (shown.closes - intake.closes_at, shown.zone) == (timedelta(days=shift), zone)


@pytest.mark.parametrize(
    ("state", "days", "is_open"),
    [
        (None, -25, False),
        (None, 0, True),
        (None, 10, False),
        ("draft", 9, True),
        ("published", 9, True),
        ("published", 16, True),
        ("closed", 9, False),
        ("archived", 0, False),
    ],
)
def test_intake_is_open(state, days, is_open):
    intake = IntakeFactory()
    now = intake.closes_at - timedelta(days=10, seconds=-1) + timedelta(days=days)
    if state:
        make_round(intake, state=state)

    assert Intake.objects.open_at(now).filter(pk=intake.pk).exists() == is_open


def test_programmes_open_now_leave_out_those_on_standby():
    now = timezone.now()
    taking = programme_between()
    standby = programme_between(listing="standby")
    over = programme_between()
    IntakeFactory(programme=taking)
    IntakeFactory(programme=standby)
    IntakeFactory(programme=over, over=True)

    assert list(Programme.objects.open_at(now)) == [taking]
    assert Programme.objects.with_closing(now).get(pk=over.pk).closes_first is None
    assert Programme.objects.with_closing(now).get(pk=taking.pk).closes_first == taking.intakes.get().closes_at


def test_catalogue_holds_published_programmes_that_are_listed():
    listed = programme_between()
    programme_between(listing="link_only")
    ProgrammeFactory()
    ProgrammeFactory(archived=True)

    assert list(Programme.objects.in_catalogue()) == [listed]


@pytest.mark.parametrize("typed", ["energie", "ÉNERGIE marée", "torino", "Técnico", "tecnico energie", "Lisboa"])
def test_search_folds_accents_and_finds_partners_and_cities(typed):
    polito = UniversityFactory(short_name="PoliTO", name="Politecnico di Torino", city="Torino")
    tecnico = UniversityFactory(short_name="Técnico", name="Instituto Superior Técnico", city="Lisboa")
    found = programme_between(polito, tecnico, title="Énergie des marées")
    programme_between()

    assert list(Programme.objects.matching(typed)) == [found]


def test_search_finds_the_name_of_the_field():
    found = ProgrammeFactory(field=FieldFactory(code="0732", name="Building and civil engineering"))

    assert list(Programme.objects.matching("civil")) == [found]


def test_seats_describe_themselves_from_intake_and_pathway():
    programme = programme_between(
        UniversityFactory(short_name="KTH"), UniversityFactory(short_name="KIT"), title="Mechatronics", slug="mecha"
    )
    intake = open_intake(programme)

    seats = Seats.objects.get(intake=intake, pathway__home__short_name="KTH")

    assert (seats.title, seats.host.short_name, seats.slug) == ("Mechatronics: KTH → KIT", "KIT", "mecha")
    assert (seats.kind, seats.academic_year, seats.term, seats.level) == ("dual_degree", 2027, "autumn", "master")


def test_seats_with_a_long_title_fit_the_column():
    programme = programme_between(
        UniversityFactory(short_name="A" * 40), UniversityFactory(short_name="B" * 40), title="T" * 140
    )

    seats = Seats.of(IntakeFactory(programme=programme), programme.pathways.first(), 2)

    assert len(seats.title) == 160


def test_seats_of_a_sample_are_samples():
    intake = open_intake(programme_between(), is_sample=True)

    assert set(Seats.objects.filter(intake=intake).values_list("is_sample", flat=True)) == {True}


def test_wish_list_is_kept_per_person():
    item = WishListItemFactory()

    WishListItemFactory(user=UserFactory(), programme=item.programme)

    assert item.programme.wishes.count() == 2
