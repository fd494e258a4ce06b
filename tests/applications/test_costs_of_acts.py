"""What an act asks the database does not grow with the people, places and papers around it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from applications import actions
from applications.actions import preparing
from tests.applications.stories import Story
from tests.factories.applications import (
    AppealFactory,
    ApplicationFactory,
    ChoiceFactory,
    CriterionFactory,
    DecisionFactory,
    DocumentFileFactory,
    DocumentSlotFactory,
    OptionFactory,
    ReviewFactory,
)
from tests.factories.exchange import PlacementFactory
from tests.factories.members import person_as

pytestmark = [pytest.mark.django_db, pytest.mark.parametrize("many", [1, 4])]


def of_choices(many: int) -> Story:
    """A round with many places, four at most of which one application may name."""
    return Story(places=(1,) * many, max_choices=4)


def test_beginning_costs_the_same_for_any_number_of_papers_asked(django_assert_num_queries, many):
    story = Story()
    for number in range(many):
        story.round.document_requirements.create(name=f"Paper {number}", position=number + 1)
    student = story.draft(0).applicant
    type(story.round).objects.get(pk=story.round.pk).applications.all().delete()

    with django_assert_num_queries(12):
        actions.start(round=story.round, by=student, now=story.now)


def test_submitting_costs_the_same_for_any_number_of_choices(django_assert_num_queries, many):
    application = of_choices(many).draft(*range(many))

    with django_assert_num_queries(27):
        actions.submit(application=application, by=application.applicant, now=timezone.now())


def test_saving_costs_the_same_for_any_number_of_choices(django_assert_num_queries, many):
    story = of_choices(many)
    application = story.draft()

    with django_assert_num_queries(10):
        actions.save_draft(
            application=application, version=application.version, fields={"motivation": "More."},
            options=[option.pk for option in story.options], by=application.applicant, now=story.now,
        )  # fmt: skip


def test_withdrawing_costs_the_same_however_many_apply(django_assert_num_queries, many):
    story = Story()
    application, *_others = [story.submitted(0) for _one in range(many)]

    with django_assert_num_queries(22):
        actions.withdraw(application=application, reason="I stay.", by=application.applicant, now=story.now)


def test_finding_eligible_costs_the_same_for_any_number_of_choices(django_assert_num_queries, many):
    story = of_choices(many)
    application = story.submitted(*range(many))

    with django_assert_num_queries(9):
        actions.find_eligible(application=application, note="", by=story.desk, now=story.now)


def test_asking_for_more_costs_the_same_for_any_number_of_papers(django_assert_num_queries, many):
    story = Story()
    application = story.submitted(0)
    DocumentSlotFactory.create_batch(many, application=application)

    with django_assert_num_queries(16):
        actions.ask_more(application=application, what="Your transcript.", by=story.desk, now=story.now)


def test_validating_a_paper_costs_the_same_however_many_lie_beside_it(django_assert_num_queries, many):
    story = Story()
    application = story.submitted(0)
    slot, *_others = [DocumentFileFactory(slot__application=application).slot for _one in range(many)]

    with django_assert_num_queries(9):
        actions.validate_document(slot=slot, by=story.desk)


def test_scoring_costs_the_same_for_any_number_of_criteria(django_assert_num_queries, many):
    story = Story()
    CriterionFactory.create_batch(many, round=story.round)
    review = ReviewFactory(application=story.eligible(0), reviewer=story.reviewer)
    points = dict.fromkeys(story.round.criteria.values_list("pk", flat=True), 5)

    with django_assert_num_queries(11):
        actions.finish_review(review=review, points=points, comment="", feedback="", by=story.reviewer, now=story.now)


def test_accepting_costs_the_same_however_many_wait(django_assert_num_queries, many):
    story = Story(places=(1,))
    applications = [story.scored(str(90 - number), 0) for number in range(many + 1)]
    story.release()

    with django_assert_num_queries(18):
        actions.accept_offer(application=applications[0], by=applications[0].applicant, now=story.now)


def test_declining_moves_one_up_at_the_same_cost_however_many_wait(django_assert_num_queries, many):
    story = Story(places=(1,))
    applications = [story.scored(str(90 - number), 0) for number in range(many + 1)]
    story.release()

    with django_assert_num_queries(33):
        actions.decline_offer(
            application=applications[0], reason="I stay.", by=applications[0].applicant, now=story.now
        )


def test_publishing_costs_the_same_for_any_number_of_places(django_assert_num_queries, many):
    story = Story(places=(1,) * many)
    type(story.round).objects.filter(pk=story.round.pk).update(state="draft")
    story.round.refresh_from_db()

    with django_assert_num_queries(8):
        actions.publish_round(round=story.round, by=story.desk)


def test_closing_costs_the_same_however_many_applied(django_assert_num_queries, many):
    story = Story()
    for _one in range(many):
        story.submitted(0)

    with django_assert_num_queries(17):
        actions.close_round(round=story.round, by=story.desk, now=story.now)


def test_offering_places_in_a_round_costs_the_same_for_any_number(django_assert_num_queries, many):
    story = Story()
    places = PlacementFactory.create_batch(many, published=True, academic_year=story.round.academic_year)

    with django_assert_num_queries(9):
        preparing.offer_options(round=story.round, options=[place.pk for place in places], by=story.desk)


def test_asking_papers_of_a_round_costs_the_same_for_any_number(django_assert_num_queries, many):
    story = Story()
    rows = [
        story.round.document_requirements.model(round=story.round, name=f"Paper {number}", position=number + 1)
        for number in range(many)
    ]

    with django_assert_num_queries(8):
        preparing.ask_documents(round=story.round, rows=rows, by=story.desk)


def test_preparing_a_decision_costs_the_same_however_many_are_prepared(django_assert_num_queries, many):
    story = Story()
    applications = [story.eligible(0) for _one in range(many + 1)]
    story.close()
    for application in applications[1:]:
        DecisionFactory(application=application)

    with django_assert_num_queries(12):
        actions.prepare_decision(
            application=applications[0], outcome="reject", choice=None, reason="The score.", by=story.desk
        )


def test_answering_an_appeal_costs_the_same_however_many_wait(django_assert_num_queries, many):
    appeal = AppealFactory()
    judge = person_as("exchange", appeal.application.round.university)
    for _one in range(many):
        ApplicationFactory(round=appeal.application.round, rejected=True)

    with django_assert_num_queries(18):
        actions.dismiss_appeal(appeal=appeal, reasons="Right.", by=judge, now=appeal.filed_at + timedelta(hours=1))


def test_a_link_opened_costs_the_same_for_any_number_of_papers(django_assert_num_queries, many):
    story = Story()
    application = story.submitted(0)
    for _one in range(many):
        DocumentFileFactory(slot__application=application)
        ChoiceFactory(application=application, option=OptionFactory(round=story.round), rank=_one + 2)
    link, _token = actions.share_dossier(
        application=application, whom="Prof. Lind", days=3, by=story.desk, now=story.now
    )

    with django_assert_num_queries(4):
        actions.open_by_link(link=link, now=story.now)
