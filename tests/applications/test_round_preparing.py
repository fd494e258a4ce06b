"""A desk prepares its round: what it may change until when, what next year takes over, when the clock is clear."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from applications import readiness
from applications.actions import preparing, publish_round
from applications.actions.cloning import clone_round
from applications.forms.moments import LocalMomentField, at_zone
from applications.letters import house_letter
from applications.models import Criterion, DocumentRequirement, LetterTemplate, Round, RoundRequirement
from members.acts import Conflict, Refused
from members.models import Act
from tests.factories.applications import (
    ApplicationFactory,
    ChoiceFactory,
    CriterionFactory,
    DocumentRequirementFactory,
    LetterTemplateFactory,
    RoundFactory,
    RoundRequirementFactory,
    ScoreFactory,
)
from tests.factories.exchange import PlacementFactory
from tests.factories.members import UniversityFactory, person_as

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def desk_of(round):
    return person_as("exchange", round.university)


def offered(round, *, taken_up=False, **fields):
    """A published place of the round's year, taken up in it or not."""
    return PlacementFactory(
        published=True, academic_year=round.academic_year, round=round if taken_up else None, **fields
    )


def acts_of(round):
    return [act.kind for act in Act.objects.about(round)]


# by the clock


@pytest.mark.parametrize(
    ("local", "zone", "moment"),
    [
        ("2027-05-06T12:00", "Europe/Stockholm", datetime(2027, 5, 6, 10, tzinfo=UTC)),
        ("2027-01-06T12:00", "Europe/Stockholm", datetime(2027, 1, 6, 11, tzinfo=UTC)),
        ("2027-05-06T23:59", "Asia/Shanghai", datetime(2027, 5, 6, 15, 59, tzinfo=UTC)),
        ("2027-03-28T01:59", "Europe/Stockholm", datetime(2027, 3, 28, 0, 59, tzinfo=UTC)),
        ("2027-03-28T03:00", "Europe/Stockholm", datetime(2027, 3, 28, 1, 0, tzinfo=UTC)),
    ],
)
def test_an_hour_is_read_on_the_clock_of_its_zone(local, zone, moment) -> None:
    assert at_zone(LocalMomentField().clean(local), zone) == moment


@pytest.mark.parametrize(
    ("local", "sentence"),
    [
        ("2027-03-28T02:30", "In Stockholm the clocks go forward that night and there is no 28.03.2027, 02:30."),
        ("2027-10-31T02:30", "In Stockholm the clocks go back that night and 31.10.2027, 02:30 comes twice."),
    ],
)
def test_an_hour_that_is_not_clear_is_refused(local, sentence) -> None:
    with pytest.raises(ValidationError) as wrong:
        at_zone(LocalMomentField().clean(local), "Europe/Stockholm")

    assert wrong.value.messages == [f"{sentence} Choose another hour."]


@pytest.mark.parametrize(
    "typed", ["tomorrow", "2027-02-30T10:00", "2027-05-06T12:00+02:00", "27-5-6", "0207-05-06T12:00"]
)
def test_what_is_no_day_and_hour_is_refused(typed) -> None:
    with pytest.raises(ValidationError):
        LocalMomentField().clean(typed)


# adding and changing


def test_a_new_round_is_a_draft_with_an_address_of_its_own() -> None:
    university = UniversityFactory(slug="aalto", time_zone="Europe/Helsinki")
    fields = {"university": university, "title": "Exchange autumn", "slug": "", "time_zone": "Europe/Helsinki"}
    made = [
        preparing.add_round(round=RoundFactory.build(**fields), by=person_as("exchange", university)) for _again in "12"
    ]

    assert [(round.slug, round.state) for round in made] == [
        ("aalto-exchange-autumn", "draft"),
        ("aalto-exchange-autumn-2", "draft"),
    ]
    assert acts_of(made[0]) == ["round.added"]


def test_another_desk_prepares_nothing() -> None:
    round = RoundFactory()

    with pytest.raises(Refused):
        preparing.change_round(round=round, version=1, by=person_as("exchange"))
    with pytest.raises(Refused):
        preparing.offer_options(round=round, options=[], by=person_as("director", round.university))


def test_change_logs_the_columns_and_counts_the_version_up() -> None:
    round = RoundFactory(answer_days=7)
    round.answer_days = 10

    preparing.change_round(round=round, version=1, by=desk_of(round))

    assert (Round.objects.get().answer_days, round.version) == (10, 2)
    assert Act.objects.about(round).get().details == {"fields": ["answer_days"]}


def test_change_after_somebody_else_is_a_conflict() -> None:
    round = RoundFactory()
    preparing.change_round(round=round, version=1, by=desk_of(round))

    with pytest.raises(Conflict):
        preparing.change_round(round=round, version=1, by=desk_of(round))


def test_a_change_does_not_take_back_what_was_published_meanwhile() -> None:
    round = RoundFactory()
    round.options.add(PlacementFactory())
    mine = Round.objects.get(pk=round.pk)
    publish_round(round=round, by=desk_of(round))

    with pytest.raises(Refused, match="moved on meanwhile"):
        preparing.change_round(round=mine, version=1, by=desk_of(round))

    assert Round.objects.get().state == "published"


def test_an_archived_round_is_not_changed() -> None:
    round = RoundFactory(state=Round.State.ARCHIVED)

    with pytest.raises(Refused, match="archived"):
        preparing.change_round(round=round, version=1, by=desk_of(round))


# later


def test_a_published_round_closes_later_with_a_reason_on_its_page() -> None:
    round = RoundFactory(open=True)
    later = round.closes_at + timedelta(days=3)

    preparing.extend_round(round=round, closes_at=later, reason="The server was down.", by=desk_of(round), now=NOW)

    act = Act.objects.about(round).get()
    assert Round.objects.get().closes_at == later
    assert (act.kind, act.reason, act.details["to"]) == ("round.extended", "The server was down.", later.isoformat())


@pytest.mark.parametrize(
    ("situation", "days", "reason", "sentence"),
    [
        ({"open": True}, -1, "Why", "must lie after the announced one"),
        ({"open": True}, 0, "Why", "must lie after the announced one"),
        ({"open": True}, 3, " ", "Say why"),
        ({"closed": True}, 30, "Why", "open it again instead"),
        ({}, 3, "Why", "open it again instead"),
    ],
)
def test_an_extension_that_is_none_is_refused(situation, days, reason, sentence) -> None:
    round = RoundFactory(**situation)
    later = round.closes_at + timedelta(days=days)

    with pytest.raises(Refused, match=sentence):
        preparing.extend_round(round=round, closes_at=later, reason=reason, by=desk_of(round), now=NOW)


# options


def test_only_published_places_of_the_year_open_to_its_students_are_taken_up() -> None:
    round = RoundFactory(academic_year=2027)
    good = offered(round)
    theirs = offered(round, partners=[round.university])
    wrong = [
        PlacementFactory(academic_year=2027),
        PlacementFactory(published=True, academic_year=2028),
        offered(round, host=round.university),
        offered(round, partners=[UniversityFactory()]),
    ]

    n = preparing.offer_options(round=round, options=[place.pk for place in [good, theirs, *wrong]], by=desk_of(round))

    assert n == 2
    assert set(round.options.values_list("pk", flat=True)) == {good.pk, theirs.pk}


def test_taking_up_again_adds_nothing() -> None:
    round = RoundFactory()
    place = offered(round, taken_up=True)

    assert preparing.offer_options(round=round, options=[place.pk], by=desk_of(round)) == 0
    assert acts_of(round) == []


def test_a_chosen_place_stays_in_the_round() -> None:
    round = RoundFactory(open=True)
    place = offered(round, taken_up=True, title="Robotics")
    ChoiceFactory(application=ApplicationFactory(round=round), option=place.option_ptr)

    with pytest.raises(Refused, match="“Robotics” has been chosen"):
        preparing.drop_options(round=round, options=[place.pk], by=desk_of(round))


def test_a_place_nobody_chose_is_taken_out() -> None:
    round = RoundFactory(open=True)
    place = offered(round, taken_up=True)

    assert preparing.drop_options(round=round, options=[place.pk], by=desk_of(round)) == 1
    assert round.options.count() == 0


def test_the_seats_of_a_dual_degree_come_from_its_intake() -> None:
    round = RoundFactory(dual_degree=True)

    with pytest.raises(Refused, match="comes from the programme's intake"):
        preparing.offer_options(round=round, options=[], by=desk_of(round))
    with pytest.raises(Refused, match="comes from the programme's intake"):
        preparing.drop_options(round=round, options=[], by=desk_of(round))


# rows


def test_requirements_documents_and_rubric_are_replaced_and_rows_that_stay_keep_their_keys() -> None:
    round = RoundFactory()
    kept, _gone = RoundRequirementFactory(round=round, number=60), RoundRequirementFactory(round=round, number=90)
    new = RoundRequirement(asks="semester", number=3)
    documents = [DocumentRequirement(name="Transcript", position=1), DocumentRequirement(name="CV", position=2)]
    criteria = [Criterion(name="Motivation", max_points=40, position=1)]

    preparing.ask_requirements(round=round, rows=[kept, new], by=desk_of(round))
    preparing.ask_documents(round=round, rows=documents, by=desk_of(round))
    preparing.set_criteria(round=round, rows=criteria, by=desk_of(round))

    assert sorted(round.requirements.values_list("asks", "number")) == [("ects", 60), ("semester", 3)]
    assert round.requirements.filter(pk=kept.pk).exists()
    assert [document.name for document in round.document_requirements.all()] == ["Transcript", "CV"]
    assert [criterion.max_points for criterion in round.criteria.all()] == [40]


def test_requirements_stay_once_somebody_applied_under_them() -> None:
    round = RoundFactory(open=True)
    preparing.ask_requirements(round=round, rows=[RoundRequirement(asks="ects", number=60)], by=desk_of(round))
    ApplicationFactory(round=round)
    preparing.ask_requirements(round=round, rows=[], by=desk_of(round))
    ApplicationFactory(round=round, submitted=True)

    with pytest.raises(Refused, match="1 application was submitted under these requirements"):
        preparing.ask_requirements(round=round, rows=[], by=desk_of(round))


def test_documents_stay_once_a_draft_was_made_from_them() -> None:
    round = RoundFactory(open=True)
    ApplicationFactory(round=round)

    with pytest.raises(Refused, match="1 application has begun with these documents"):
        preparing.ask_documents(round=round, rows=[], by=desk_of(round))


def test_the_rubric_stays_once_points_were_given() -> None:
    score = ScoreFactory()
    round = score.criterion.round

    with pytest.raises(Refused, match="Reviewers have given points"):
        preparing.set_criteria(round=round, rows=[], by=desk_of(round))


@pytest.mark.parametrize("situation", ["closed", "released"])
def test_what_a_closed_round_asked_and_offered_stays(situation) -> None:
    round = RoundFactory(**{situation: True})
    desk = desk_of(round)

    for act in (
        lambda: preparing.offer_options(round=round, options=[], by=desk),
        lambda: preparing.drop_options(round=round, options=[], by=desk),
        lambda: preparing.ask_requirements(round=round, rows=[], by=desk),
        lambda: preparing.ask_documents(round=round, rows=[], by=desk),
    ):
        with pytest.raises(Refused, match="has closed"):
            act()


@pytest.mark.parametrize("lines", ["\n", "\r\n"])
def test_a_letter_saved_as_the_house_writes_it_stays_the_houses(lines) -> None:
    round = RoundFactory()
    LetterTemplateFactory(round=round, outcome="wait")
    shown = {outcome: house_letter(outcome) for outcome in ("offer", "wait", "reject")}
    typed = {outcome: (subject, body.replace("\n", lines)) for outcome, (subject, body) in shown.items()}

    preparing.write_letters(round=round, letters=typed, by=desk_of(round))

    assert not round.letters.exists()


def test_letters_are_kept_by_outcome_and_empty_ones_fall_back() -> None:
    round = RoundFactory()
    LetterTemplateFactory(round=round, outcome="reject")
    letters = {"offer": ("A place", "Dear {name}"), "wait": ("", ""), "reject": ("", "")}

    preparing.write_letters(round=round, letters=letters, by=desk_of(round))

    assert list(round.letters.values_list("outcome", "subject", "body")) == [("offer", "A place", "Dear {name}")]


# next year


def test_clone_moves_everything_by_a_year_on_the_clock_of_the_zone() -> None:
    stockholm = ZoneInfo("Europe/Stockholm")
    round = RoundFactory(
        released=True, title="Exchange 2027/28", academic_year=2027, time_zone="Europe/Stockholm",
        opens_at=datetime(2026, 3, 1, 9, tzinfo=stockholm), closes_at=datetime(2026, 3, 29, 12, tzinfo=stockholm),
        released_at=datetime(2026, 4, 20, tzinfo=UTC),
    )  # fmt: skip
    RoundRequirementFactory(round=round, number=60)
    DocumentRequirementFactory(round=round, name="Transcript")
    CriterionFactory(round=round, name="Motivation")
    LetterTemplateFactory(round=round)
    again = PlacementFactory(published=True, academic_year=2027, title="Robotics", round=round)
    PlacementFactory(published=True, academic_year=2027, title="Not again", round=round)
    next_year = PlacementFactory(published=True, academic_year=2028, title="Robotics", host=again.host)

    copy = clone_round(round=round, academic_year=2028, by=desk_of(round))

    assert (copy.title, copy.state, copy.version, copy.released_at) == ("Exchange 2028/29", "draft", 1, None)
    assert copy.opens_at == datetime(2027, 3, 1, 9, tzinfo=stockholm)
    assert copy.closes_at == datetime(2027, 3, 29, 12, tzinfo=stockholm)
    assert list(copy.options.values_list("pk", flat=True)) == [next_year.pk]
    parts = [copy.requirements, copy.document_requirements, copy.criteria, copy.letters]
    assert [part.count() for part in parts] == [1, 1, 1, 1]
    assert [part.count() for part in (round.requirements, round.criteria, round.options)] == [1, 1, 2]


def test_clone_of_a_leap_day_falls_on_the_28th() -> None:
    round = RoundFactory(
        academic_year=2028, time_zone="UTC",
        opens_at=datetime(2028, 2, 29, 9, tzinfo=UTC), closes_at=datetime(2028, 3, 29, tzinfo=UTC),
    )  # fmt: skip

    assert clone_round(round=round, academic_year=2029, by=desk_of(round)).opens_at == datetime(
        2029, 2, 28, 9, tzinfo=UTC
    )


def test_clone_for_the_same_year_and_of_a_dual_degree_is_refused() -> None:
    round, dual = RoundFactory(academic_year=2027), RoundFactory(dual_degree=True, academic_year=2027)

    with pytest.raises(Refused, match="for that year already"):
        clone_round(round=round, academic_year=2027, by=desk_of(round))
    with pytest.raises(Refused, match="comes from its intake"):
        clone_round(round=dual, academic_year=2028, by=desk_of(dual))


# the check list


def missing_of(round):
    return [point.step for point in readiness.points(round, NOW) if point.stands_in_the_way]


def test_the_check_list_names_what_stands_in_the_way() -> None:
    round = RoundFactory(opens_at=NOW - timedelta(days=9), closes_at=NOW - timedelta(days=1))
    assert missing_of(round) == ["edit", "choices"]

    offered(round, taken_up=True)
    round.closes_at = NOW + timedelta(days=9)
    assert missing_of(round) == []


def test_the_check_list_advises_the_rest() -> None:
    round = RoundFactory(introduction="Who may apply.")
    bare = {point.step: point.done for point in readiness.points(round, NOW)}
    RoundRequirementFactory(round=round)
    DocumentRequirementFactory(round=round)
    CriterionFactory(round=round)
    LetterTemplateFactory(round=round)
    full = {point.step: point.done for point in readiness.points(round, NOW)}

    assert bare == {
        "edit": True, "choices": False, "requirements": False, "documents": False, "rubric": False, "letters": False,
    }  # fmt: skip
    assert full == {**dict.fromkeys(bare, True), "choices": False}
    assert LetterTemplate.objects.count() == 1
