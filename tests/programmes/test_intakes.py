"""Intakes, their seats and rounds: what is kept together, what is refused, what is copied."""

import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from applications.models import Application, Choice, Option, Round
from members.acts import Conflict, Refused
from members.models import Act
from programmes import actions
from programmes.models import Intake, Seats
from tests.factories.members import UniversityFactory, UserFactory, person_as
from tests.factories.programmes import IntakeFactory, open_intake, programme_between
from tests.programmes.test_models import make_round

pytestmark = pytest.mark.django_db
BRUSSELS = ZoneInfo("Europe/Brussels")


@pytest.fixture
def kth():
    return UniversityFactory(slug="kth", short_name="KTH")


@pytest.fixture
def kit():
    return UniversityFactory(slug="kit", short_name="KIT")


@pytest.fixture
def director(kth):
    return person_as("director", kth)


@pytest.fixture
def programme(kth, kit):
    return programme_between(kth, kit, title="Mechatronics", slug="mechatronics")


@pytest.fixture
def intake(programme):
    return open_intake(programme, places=3)


def new_intake(programme, **columns):
    return Intake(
        programme=programme,
        **{
            "academic_year": 2028,
            "term": "autumn",
            "opens_at": datetime(2027, 11, 1, 8, tzinfo=BRUSSELS),
            "closes_at": datetime(2028, 1, 15, 12, tzinfo=BRUSSELS),
            "time_zone": "Europe/Brussels",
            **columns,
        },
    )


def places_of(intake):
    return {seats.pathway.key: seats.places for seats in intake.seats.select_related("pathway")}


def choose(seats, state):
    """Somebody chose these seats in a round of their own; `state` is what became of it."""
    round_ = seats.intake.round or make_round(seats.intake, state="published")
    application = Application.objects.create(
        reference=f"DD-{Application.objects.count():04d}",
        round=round_,
        applicant=UserFactory(),
        state="submitted",
        state_since=seats.intake.opens_at,
        submitted_at=seats.intake.opens_at,
    )
    return Choice.objects.create(application=application, option=seats, rank=1, state=state)


# Saving


def test_new_intake_has_seats_for_the_pathways_that_got_places(programme, director):
    first, second = programme.pathways.all()

    intake = actions.save_intake(
        intake=new_intake(programme), version=1, places={first.pk: 4, second.pk: 0}, by=director
    )

    assert (intake.key, places_of(intake)) == ("2028-autumn", {"kth-kit": 4})
    assert Act.objects.about(programme).get().kind == "programme.intake_added"


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        ({"closes_at": datetime(2027, 1, 1, tzinfo=UTC)}, "must open before it closes"),
        ({"time_zone": "Mars/Olympus"}, "is not a time zone"),
        ({"academic_year": 1066}, "1990"),
        ({"term": "winter"}, "not a valid choice"),
    ],
)
def test_wrong_intake_is_refused(programme, director, columns, sentence):
    with pytest.raises(Refused, match=sentence):
        actions.save_intake(intake=new_intake(programme, **columns), version=1, places={}, by=director)


def test_intake_of_the_same_start_is_refused(programme, director, intake):
    again = new_intake(programme, academic_year=intake.academic_year)

    with pytest.raises(Refused, match="already"):
        actions.save_intake(intake=again, version=1, places={}, by=director)


def test_who_saves_over_another_version_is_told(intake, director):
    with pytest.raises(Conflict):
        actions.save_intake(intake=intake, version=7, places={}, by=director)


def test_stranger_cannot_save(programme):
    with pytest.raises(Refused):
        actions.save_intake(intake=new_intake(programme), version=1, places={}, by=person_as("director"))


def test_places_can_grow_and_seats_can_go(programme, intake, director):
    first, second = programme.pathways.all()

    actions.save_intake(intake=intake, version=1, places={first.pk: 9, second.pk: 0}, by=director)

    assert places_of(intake) == {"kth-kit": 9}


def test_no_fewer_places_than_are_given(programme, intake, director):
    seats = intake.seats.first()
    choose(seats, "accepted")
    choose(seats, "offered")

    with pytest.raises(Refused, match="2 places are given; leave at least 2"):
        actions.save_intake(intake=intake, version=intake.version, places={seats.pathway_id: 1}, by=director)

    assert Option.objects.get(pk=seats.pk).places == 3


def test_seats_that_somebody_chose_do_not_go(intake, director):
    seats = intake.seats.first()
    choose(seats, "open")

    with pytest.raises(Refused, match="can choose these seats already"):
        actions.save_intake(intake=intake, version=intake.version, places={seats.pathway_id: 0}, by=director)


def test_pathway_cannot_join_once_applications_have_begun(programme, director):
    intake = IntakeFactory(programme=programme)
    make_round(intake, state="published")
    pathway = programme.pathways.first()

    with pytest.raises(Refused, match="cannot join"):
        actions.save_intake(intake=intake, version=intake.version, places={pathway.pk: 2}, by=director)


def test_seats_need_the_field_of_study(kth, kit, director):
    programme = programme_between(kth, kit, state="draft")
    type(programme).objects.filter(pk=programme.pk).update(field=None)
    pathway = programme.pathways.first()
    programme.refresh_from_db()

    with pytest.raises(Refused, match="Name the field of study first"):
        actions.save_intake(intake=new_intake(programme), version=1, places={pathway.pk: 2}, by=director)


def test_places_of_another_programme_are_ignored(programme, director):
    strange = programme_between().pathways.first()

    intake = actions.save_intake(intake=new_intake(programme), version=1, places={strange.pk: 2}, by=director)

    assert places_of(intake) == {}


# Copying


def test_copy_is_a_year_later_on_its_own_clock(programme, director):
    """The window closes at noon in Brussels in winter and in summer time."""
    original = actions.save_intake(
        intake=new_intake(
            programme, opens_at=datetime(2028, 2, 29, 8, tzinfo=BRUSSELS),
            closes_at=datetime(2028, 3, 27, 12, tzinfo=BRUSSELS),
        ),
        version=1, places={p.pk: 5 for p in programme.pathways.all()}, by=director,
    )  # fmt: skip

    copy = actions.copy_intake(intake=original, by=director)

    assert (copy.opens_at.astimezone(BRUSSELS), copy.closes_at.astimezone(BRUSSELS)) == (
        datetime(2029, 2, 28, 8, tzinfo=BRUSSELS),
        datetime(2029, 3, 27, 12, tzinfo=BRUSSELS),
    )
    assert (copy.key, places_of(copy)) == ("2029-autumn", {"kth-kit": 5, "kit-kth": 5})
    assert set(Seats.objects.filter(intake=copy).values_list("academic_year", flat=True)) == {2029}


def test_intake_is_copied_once(intake, director):
    actions.copy_intake(intake=intake, by=director)

    with pytest.raises(Refused):
        actions.copy_intake(intake=intake, by=director)


# Removing


def test_intake_that_nobody_uses_is_removed(intake, director):
    actions.remove_intake(intake=intake, by=director)

    assert (Intake.objects.count(), Option.objects.count()) == (0, 0)


def test_intake_with_a_round_stays(intake, director):
    make_round(intake)

    with pytest.raises(Refused, match="stays as history"):
        actions.remove_intake(intake=intake, by=director)


# The round


def test_round_of_an_intake_has_its_window_and_all_its_seats(intake, director, kth):
    made = actions.open_round(intake=intake, by=director)

    intake.refresh_from_db()
    assert (made.kind, made.state, made.university, intake.round) == ("dual_degree", "draft", kth, made)
    assert (made.opens_at, made.closes_at, made.time_zone) == (intake.opens_at, intake.closes_at, intake.time_zone)
    assert (made.slug, made.title) == ("mechatronics-2027-autumn", "Mechatronics, Autumn 2027/28")
    assert (made.max_choices, made.for_own_students) == (2, False)
    assert set(made.options.values_list("pk", flat=True)) == set(intake.seats.values_list("pk", flat=True))


def test_round_for_the_students_of_the_coordinating_university_takes_only_them(programme, director, kth):
    intake = open_intake(programme, home=kth, key="2027-autumn-kth")

    assert actions.open_round(intake=intake, by=director).for_own_students is True


def test_partner_that_does_not_coordinate_cannot_make_the_round(intake, kit):
    with pytest.raises(Refused):
        actions.open_round(intake=intake, by=person_as("director", kit))


def test_intake_has_one_round(intake, director):
    actions.open_round(intake=intake, by=director)

    with pytest.raises(Refused, match="already"):
        actions.open_round(intake=intake, by=director)


def test_round_needs_seats(programme, director):
    with pytest.raises(Refused, match="seats first"):
        actions.open_round(intake=IntakeFactory(programme=programme), by=director)


def test_round_needs_a_published_programme(kth, kit, director):
    intake = open_intake(programme_between(kth, kit, state="draft"))

    with pytest.raises(Refused, match="publish this one first"):
        actions.open_round(intake=intake, by=director)


def test_round_in_draft_follows_its_intake(intake, director):
    made = actions.open_round(intake=intake, by=director)
    intake.refresh_from_db()
    intake.closes_at += timedelta(days=3)

    actions.save_intake(intake=intake, version=intake.version, places={}, by=director)

    made.refresh_from_db()
    assert made.closes_at == intake.closes_at


def test_public_round_keeps_its_own_window(intake, director):
    made = actions.open_round(intake=intake, by=director)
    Round.objects.filter(pk=made.pk).update(state="published")
    before = made.closes_at
    intake.refresh_from_db()
    intake.closes_at += timedelta(days=3)

    actions.save_intake(intake=intake, version=intake.version, places={}, by=director)

    made.refresh_from_db()
    assert made.closes_at == before


def test_pathway_added_to_an_intake_joins_its_round_in_draft(programme, director):
    intake = IntakeFactory(programme=programme)
    first, second = programme.pathways.all()
    actions.save_intake(intake=intake, version=1, places={first.pk: 2}, by=director)
    made = actions.open_round(intake=intake, by=director)
    intake.refresh_from_db()

    actions.save_intake(intake=intake, version=intake.version, places={first.pk: 2, second.pk: 1}, by=director)

    assert made.options.count() == 2


def test_machines_read_the_deadline_on_the_day_of_its_own_clock(client, kth, kit):
    last = datetime(timezone.now().year + 1, 3, 15, 23, 59, tzinfo=ZoneInfo("America/Sao_Paulo"))
    programme = programme_between(kth, kit)
    IntakeFactory(programme=programme, closes_at=last, time_zone="America/Sao_Paulo")

    told = json.loads(client.get(programme.get_absolute_url()).context["structured_data"])

    assert told["applicationDeadline"] == f"{last.year}-03-15"
