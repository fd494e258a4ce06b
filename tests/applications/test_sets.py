"""The sets people ask for, at their boundaries; and that a set and the row by itself say the same."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from applications import deliberation, nominations, registries, reminders
from applications.actions.waiting import waiting_line
from applications.models import Appeal, Application, Choice, DossierLink, Option, Review, Round
from applications.models.decisions import ACCESS_LASTS, FileAccess
from applications.round_board import occupancy
from applications.tasks import places_that_stand_free
from tests.factories.applications import (
    AppealFactory,
    ApplicationFactory,
    ChoiceFactory,
    DecisionFactory,
    DocumentSlotFactory,
    DossierLinkFactory,
    OptionFactory,
    ReviewFactory,
    RoundFactory,
    ScoreFactory,
)
from tests.factories.members import UniversityFactory, UserFactory, person_as, student_of

pytestmark = pytest.mark.django_db

NOW = timezone.now()
TICK = timedelta(microseconds=1)
AROUND = (-TICK, timedelta(0), TICK)


# rounds


@pytest.mark.parametrize("state", Round.State)
@pytest.mark.parametrize("edge", ["opens_at", "closes_at"])
def test_the_set_of_open_rounds_and_the_round_itself_agree_to_the_microsecond(state, edge):
    window = {"opens_at": NOW - timedelta(days=2), "closes_at": NOW + timedelta(days=2)} | {edge: NOW}
    round = RoundFactory(state=state, **window)

    for distance in AROUND:
        moment = NOW + distance
        assert Round.objects.open_at(moment).exists() is round.is_open_at(moment)


@pytest.mark.parametrize(
    ("fields", "standing"),
    [
        ({"state": "draft"}, "draft"),
        ({"open": True}, "open"),
        ({"open": True, "opens_at": NOW}, "open"),
        ({"open": True, "opens_at": NOW + TICK}, "coming"),
        ({"open": True, "closes_at": NOW + TICK}, "open"),
        ({"open": True, "closes_at": NOW}, "deciding"),  # the job that closes it comes within minutes
        ({"closed": True}, "deciding"),
        ({"released": True}, "past"),
        ({"state": "archived"}, "past"),
    ],
)
def test_where_a_round_stands(fields, standing):
    RoundFactory(**fields)

    found = Round.objects.with_standing(NOW).get()
    assert found.standing == standing
    assert found.standing_rank == ["open", "coming", "draft", "deciding", "past"].index(standing)


def test_a_round_is_due_to_close_from_its_closing_on():
    RoundFactory(open=True, closes_at=NOW)

    assert [Round.objects.due_to_close(NOW + distance).count() for distance in AROUND] == [0, 1, 1]


def test_a_coming_round_comes_until_it_opens():
    RoundFactory(open=True, opens_at=NOW)

    assert [Round.objects.coming_at(NOW + distance).count() for distance in AROUND] == [1, 0, 0]


def test_whose_students_may_apply():
    own, other = UniversityFactory(), UniversityFactory()
    mine = RoundFactory(open=True, university=own)
    every = RoundFactory(open=True, university=other, for_own_students=False)
    RoundFactory(open=True, university=other)

    assert {*Round.objects.for_students_of(own)} == {mine, every}


def test_a_round_that_offers_a_place_here_concerns_the_staff_here_once():
    host, round = UniversityFactory(), RoundFactory(open=True)
    for _number in range(2):
        OptionFactory(host=host, round=round)

    assert [*Round.objects.concerning([], [host])] == [round]
    assert [*Round.objects.concerning([round.university], [])] == [round]
    assert [*Round.objects.concerning([host], [])] == []


def test_what_a_round_offers_is_counted_with_and_without_options():
    round, empty = RoundFactory(open=True), RoundFactory(open=True)
    for places in (2, 5):
        OptionFactory(round=round, places=places)

    found = Round.objects.with_offer().in_bulk()
    assert (found[round.pk].options_offered, found[round.pk].places_offered) == (2, 7)
    assert (found[empty.pk].options_offered, found[empty.pk].places_offered) == (0, 0)


@pytest.mark.parametrize("state", Round.State)
def test_who_sees_a_round(state):
    round = RoundFactory(state=state)
    people = {
        "visitor": AnonymousUser(),
        "student": student_of(round.university),
        "desk": person_as("exchange", round.university),
        "director": person_as("director", round.university),
        "other desk": person_as("exchange"),
        "secretariat": person_as("secretariat"),
    }

    seen = {name for name, person in people.items() if Round.objects.visible_to(person).exists()}

    public = state in ("published", "closed", "released")
    assert seen == ({*people} if public else {"desk", "secretariat"})


def test_directors_run_rounds_of_dual_degrees_and_no_others():
    dual = RoundFactory(dual_degree=True)
    RoundFactory(university=dual.university)

    assert [*Round.objects.run_by(person_as("director", dual.university))] == [dual]
    assert Round.objects.run_by(person_as("exchange", dual.university)).count() == 2
    assert not Round.objects.run_by(person_as("secretariat")).exists()


# applications as their students see them


@pytest.mark.parametrize(
    ("state", "shown", "rank"),
    [
        ("draft", "draft", 0),
        ("submitted", "submitted", 1),
        ("more_info", "more_info", 0),
        ("eligible", "submitted", 1),
        ("ineligible", "submitted", 1),
        ("offered", "offered", 0),
        ("waitlisted", "waitlisted", 1),
        ("accepted", "accepted", 1),
        ("rejected", "rejected", 2),
        ("declined", "declined", 2),
        ("expired", "expired", 2),
        ("withdrawn", "withdrawn", 2),
        ("lapsed", "lapsed", 2),
    ],
)
def test_a_row_of_my_applications(state, shown, rank):
    ApplicationFactory(state=state, submitted_at=NOW, answer_by=NOW + timedelta(days=3))

    row = Application.objects.as_shown_at(NOW).get()

    due = {"draft": row.round.closes_at, "offered": row.answer_by}.get(state)
    assert (row.shown_as, row.turn_rank, row.due_at) == (shown, rank, due)


@pytest.mark.parametrize(("distance", "shown"), [(-TICK, "draft"), (timedelta(0), "lapsed"), (TICK, "lapsed")])
def test_a_draft_is_lost_from_the_closing_second_on_though_the_job_comes_later(distance, shown):
    ApplicationFactory(round=RoundFactory(open=True, closes_at=NOW))

    row = Application.objects.as_shown_at(NOW + distance).get()
    assert (row.shown_as, row.turn_rank) == (shown, 0 if shown == "draft" else 2)


def test_a_refused_application_is_not_over_while_its_appeal_waits():
    appeal = AppealFactory()

    row = Application.objects.as_shown_at(NOW).get()
    assert (row.turn_rank, row.appeal_state, row.appeal_due) == (1, "filed", appeal.answer_by)

    Appeal.objects.update(state="withdrawn")
    row = Application.objects.as_shown_at(NOW).get()
    assert (row.turn_rank, row.appeal_state, row.appeal_due) == (2, None, None)


# what the office and the reviewers have to do


def test_documents_and_reviews_are_counted_each_by_itself():
    application = ApplicationFactory(eligible=True)
    for state in ("received", "received", "asked"):
        DocumentSlotFactory(application=application, state=state)
    for state in ("assigned", "assigned", "assigned", "recused"):
        ReviewFactory(application=application, state=state)

    row = Application.objects.with_documents_to_check().get()
    assert (row.documents_to_check, row.reviews_open) == (2, 3)  # joined, they would be six each


def test_the_score_is_a_mean_of_sums_and_choices_do_not_multiply_it():
    application = ApplicationFactory(eligible=True)
    for points in ((40, 30), (50, 40)):
        review = ReviewFactory(application=application, finished=True)
        for number in points:
            ScoreFactory(review=review, points=number)
    ScoreFactory(review=ReviewFactory(application=application), points=1)  # not finished, not counted
    for rank in (1, 2):
        ChoiceFactory(application=application, rank=rank)

    assert Application.objects.with_score().get().score == 80


def test_without_a_finished_review_there_is_no_score_and_not_none_points():
    ReviewFactory()

    assert Application.objects.with_score().get().score is None


def test_a_review_waits_from_the_moment_it_was_asked_for():
    review = ReviewFactory()
    ReviewFactory(finished=True)

    at = review.assigned_at
    assert [Review.objects.waiting_since(at + distance).count() for distance in AROUND] == [0, 1, 1]


def test_who_stepped_back_has_no_review_open():
    review = ReviewFactory()
    recused = ReviewFactory(reviewer=review.reviewer, state="recused")

    assert [*Review.objects.open_to(review.reviewer)] == [review]
    assert not Application.objects.visible_to(recused.reviewer).filter(pk=recused.application_id).exists()


# links, accesses, appeals


@pytest.mark.parametrize("revoked", [False, True])
def test_the_set_of_links_in_force_and_the_link_itself_agree(revoked):
    ended = {"revoked_at": NOW, "revoked_by": UserFactory()} if revoked else {}
    link = DossierLinkFactory(expires_at=NOW, made_at=NOW - timedelta(days=3), **ended)

    for distance in AROUND:
        moment = NOW + distance
        assert DossierLink.objects.in_force(moment).exists() is link.works_at(moment)


def test_a_link_is_found_by_its_token_and_by_nothing_else():
    link = DossierLinkFactory(token="mine")
    DossierLinkFactory(token="theirs")

    assert DossierLink.objects.with_token("mine").get() == link
    assert not DossierLink.objects.with_token(link.token_hash).exists()
    assert len(link.code) == 12


def test_a_file_is_open_for_an_hour_to_who_gave_the_reason():
    access = FileAccess.objects.create(
        person=UserFactory(), application=ApplicationFactory(submitted=True), reason="Asked by the student."
    )
    assert FileAccess.objects.in_force_for(access.person).exists()
    assert not FileAccess.objects.in_force_for(UserFactory()).exists()

    FileAccess.objects.update(at=timezone.now() - ACCESS_LASTS)
    assert not FileAccess.objects.in_force_for(access.person).exists()


def test_an_appeal_is_late_after_its_moment_and_not_in_it():
    AppealFactory(answer_by=NOW, filed_at=NOW - timedelta(days=9))
    AppealFactory(answer_by=NOW, filed_at=NOW - timedelta(days=9), withdrawn=True)

    assert [Appeal.objects.late_at(NOW + distance).count() for distance in AROUND] == [0, 0, 1]


@pytest.mark.parametrize(
    ("due", "moment"),
    [
        (reminders.offers_due, lambda at: ApplicationFactory(offered=True, answer_by=at)),
        (reminders.drafts_due, lambda at: ApplicationFactory(round=RoundFactory(open=True, closes_at=at))),
        (reminders.appeals_due, lambda at: AppealFactory(answer_by=at, filed_at=at - timedelta(days=9))),
    ],
)
def test_what_is_due_lies_after_the_start_and_until_the_end_of_a_window(due, moment):
    moment(NOW)

    assert [due(NOW + distance, NOW + timedelta(days=1)).count() for distance in AROUND] == [1, 0, 0]
    assert [due(NOW - timedelta(days=1), NOW + distance).count() for distance in AROUND] == [0, 1, 1]


@pytest.mark.parametrize("state", ["submitted", "more_info", "lapsed"])
def test_only_a_draft_is_reminded_of_the_closing(state):
    ApplicationFactory(round=RoundFactory(open=True, closes_at=NOW), state=state, submitted_at=NOW)

    assert not reminders.drafts_due(NOW - timedelta(days=1), NOW).exists()


def test_only_what_was_published_closes():
    ApplicationFactory(round=RoundFactory(closed=True, closes_at=NOW))

    assert not reminders.drafts_due(NOW - timedelta(days=1), NOW).exists()


# places and lines


@pytest.mark.parametrize("state", Choice.State)
def test_what_holds_a_place(state):
    option = OptionFactory(places=2)
    ChoiceFactory(option=option, state=state)

    taken = int(state in ("offered", "accepted"))
    found = Option.objects.with_places_left().get(pk=option.pk)
    assert (found.taken, found.places_left) == (taken, 2 - taken)
    assert deliberation.places_left([option.pk]) == {option.pk: 2 - taken}


def waiting(option, *, score=None, hours=0, **fields):
    application = ApplicationFactory(
        waitlisted=True, round=fields.pop("round"), submitted_at=NOW + timedelta(hours=hours), **fields
    )
    if score is not None:
        ScoreFactory(review=ReviewFactory(application=application, finished=True), points=score)
    return ChoiceFactory(application=application, option=option, state="waiting")


def test_the_line_goes_by_score_then_by_submission_then_by_reference():
    round = RoundFactory(released=True)
    option = OptionFactory(round=round)
    last = waiting(option, round=round)  # without points, however early
    early_b = waiting(option, round=round, score=40, hours=1, reference="EX-B")
    early_a = waiting(option, round=round, score=40, hours=1, reference="EX-A")
    late = waiting(option, round=round, score=40, hours=2)
    best = waiting(option, round=round, score=45, hours=9)

    assert [*waiting_line(option)] == [best, early_a, early_b, late, last]


def test_who_left_the_list_or_whose_place_left_the_round_is_not_in_line():
    round = RoundFactory(released=True)
    option, gone = OptionFactory(round=round), OptionFactory()
    stays = waiting(option, round=round)
    left = waiting(option, round=round)
    Application.objects.filter(pk=left.application_id).update(state="accepted")
    waiting(gone, round=round)

    assert [*waiting_line(option, gone)] == [stays]
    assert [*places_that_stand_free()] == [option]


def test_a_place_that_is_taken_stands_free_for_nobody():
    round = RoundFactory(released=True)
    option = OptionFactory(round=round, places=1)
    ChoiceFactory(option=option, state="offered")
    waiting(option, round=round)

    assert not places_that_stand_free().exists()


def test_places_left_of_an_application_are_none_where_the_host_took_one_back():
    application = ApplicationFactory(eligible=True)
    stands, gone = OptionFactory(round=application.round, places=3), OptionFactory(places=3)
    for rank, option in enumerate((stands, gone), start=1):
        ChoiceFactory(application=application, option=option, rank=rank)

    assert deliberation.places_left_of(application) == {stands.pk: 3, gone.pk: 0}


def test_candidates_are_the_eligible_with_their_choices_in_order():
    round = RoundFactory(closed=True)
    application = ApplicationFactory(round=round, eligible=True)
    first, second = OptionFactory(round=round), OptionFactory(round=round)
    ChoiceFactory(application=application, option=second, rank=2)
    ChoiceFactory(application=application, option=first, rank=1)
    ApplicationFactory(round=round, ineligible=True)

    [candidate] = deliberation.candidates(round)

    assert (candidate.pk, candidate.score, candidate.ranked) == (application.pk, None, (first.pk, second.pk))


def test_only_what_is_prepared_and_not_released_is_offered():
    choice = ChoiceFactory(application=ApplicationFactory(eligible=True))
    round = choice.application.round
    DecisionFactory(application=choice.application, outcome="offer", choice=choice)
    DecisionFactory(application=ApplicationFactory(round=round, eligible=True))

    offers = deliberation.offered(deliberation.prepared(round))
    assert offers == {choice.application_id: choice.option_id}
    assert deliberation.reasons_as_prepared(round).given == offers


def test_how_wanted_a_place_is_by_what_was_handed_in():
    round = RoundFactory(open=True)
    option = OptionFactory(round=round, title="Robotics")
    ChoiceFactory(application=ApplicationFactory(round=round, submitted=True), option=option, rank=1)
    ChoiceFactory(application=ApplicationFactory(round=round, submitted=True), option=option, rank=2)
    ChoiceFactory(application=ApplicationFactory(round=round), option=option, rank=1)  # a draft is no wish yet
    ChoiceFactory(application=ApplicationFactory(submitted=True), option=option, rank=1, state="accepted")

    [row] = occupancy(round)
    assert (row.wishes, row.first_wishes, row.taken, row.places_left) == (2, 1, 1, 1)


# what the rooms announce


def test_a_nomination_waits_for_who_holds_a_place_only():
    for state in ("submitted", "waitlisted", "rejected"):
        application = ApplicationFactory(state=state, submitted_at=NOW)
        assert nominations.of_application(application) is None


def test_what_can_be_chosen_is_asked_of_the_room_of_the_kind():
    assert registries.choosable_in(RoundFactory(dual_degree=True)) is None
    assert not registries.choosable_in(RoundFactory()).exists()
