"""The database is the last guard: every constraint and trigger is broken once, past the actions."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from applications.models import Application, Choice, Option
from tests.factories.applications import (
    AppealFactory,
    AppealFileFactory,
    ApplicationFactory,
    ChoiceFactory,
    CriterionFactory,
    DecisionFactory,
    DocumentFileFactory,
    DocumentRequirementFactory,
    DocumentSlotFactory,
    DossierLinkFactory,
    LetterTemplateFactory,
    OptionFactory,
    OptionRequirementFactory,
    ReviewFactory,
    RoundFactory,
    RoundRequirementFactory,
    ScoreFactory,
)

pytestmark = pytest.mark.django_db


def twice(factory, *names, **fields):
    def break_it():
        first = factory(**fields)
        factory(**fields | {name: getattr(first, name) for name in names})

    return break_it


def update(factory, model_fields=None, **wrong):
    def break_it():
        row = factory(**(model_fields or {}))
        type(row).objects.filter(pk=row.pk).update(**wrong)

    return break_it


def one_rank_twice():
    first = ChoiceFactory()
    ChoiceFactory(application=first.application, rank=1)
    connection.check_constraints()


def two_places_for_one():
    first = ChoiceFactory(state="offered")
    ChoiceFactory(application=first.application, rank=2, state="accepted")


def one_place_twice():
    option = OptionFactory(places=1)
    ChoiceFactory(option=option, state="accepted")
    waiting = ChoiceFactory(option=option)
    Choice.objects.filter(pk=waiting.pk).update(state="offered")


def fewer_places_than_taken():
    option = OptionFactory(places=2)
    ChoiceFactory(option=option, state="accepted")
    ChoiceFactory(option=option, state="offered")
    Option.objects.filter(pk=option.pk).update(places=1)


def an_option_twice_in_a_round():
    round = RoundFactory()
    OptionFactory(round=round).round_options.create(round=round)


def one_paper_twice():
    first = AppealFileFactory()
    AppealFileFactory(appeal=first.appeal, sha256=first.sha256, position=2)


BREAKS = {
    "one_application_per_round": twice(ApplicationFactory, "round", "applicant"),
    "a_submitted_application_says_when": update(ApplicationFactory, state="submitted"),
    "an_offer_has_a_last_day": update(ApplicationFactory, state="offered", submitted_at=timezone.now()),
    "applications_application_state_known": update(ApplicationFactory, state="lost", submitted_at=timezone.now()),
    "an_option_once_per_application": twice(ChoiceFactory, "application", "option"),
    "a_rank_once_per_application": one_rank_twice,
    "one_place_per_application": two_places_for_one,
    "ranks_begin_at_one": update(ChoiceFactory, rank=0),
    "applications_choice_state_known": update(ChoiceFactory, state="lost"),
    "a_place_is_never_given_twice": one_place_twice,
    "places_cover_what_is_taken": fewer_places_than_taken,
    "a_round_opens_before_it_closes": update(RoundFactory, closes_at=timezone.now().replace(year=2020)),
    "a_round_allows_a_choice_and_an_answer": update(RoundFactory, answer_days=0),
    "applications_round_state_known": update(RoundFactory, state="lost"),
    "applications_round_kind_known": update(RoundFactory, kind="lost"),
    "applications_round_term_known": update(RoundFactory, term="lost"),
    "applications_option_kind_known": update(OptionFactory, kind="lost"),
    "applications_option_term_known": update(OptionFactory, term="lost"),
    "applications_option_level_known": update(OptionFactory, level="lost"),
    "a_placement_has_its_own_address": twice(OptionFactory, "slug", places=1),
    "a_placement_once_a_term": twice(OptionFactory, "host", "title"),
    "an_option_has_a_place": update(OptionFactory, places=0),
    "an_option_once_per_round": an_option_twice_in_a_round,
    "applications_optionrequirement_says_how_much": update(OptionRequirementFactory, number=None),
    "applications_optionrequirement_asks_known": update(OptionRequirementFactory, asks="lost"),
    "applications_roundrequirement_says_how_much": update(RoundRequirementFactory, asks="language"),
    "applications_roundrequirement_asks_known": update(RoundRequirementFactory, asks="lost"),
    "a_document_once_per_round": twice(DocumentRequirementFactory, "round", "name"),
    "applications_documentrequirement_needed_known": update(DocumentRequirementFactory, needed="lost"),
    "a_slot_once_per_application": twice(DocumentSlotFactory, "application", "name"),
    "a_slot_has_a_position_of_its_own": twice(DocumentSlotFactory, "application", "position"),
    "a_refused_document_has_a_reason": update(DocumentSlotFactory, state="refused"),
    "applications_documentslot_state_known": update(DocumentSlotFactory, state="lost"),
    "the_same_file_once_per_slot": twice(DocumentFileFactory, "slot", "sha256"),
    "a_file_is_not_empty": update(DocumentFileFactory, size=0),
    "a_criterion_once_per_round": twice(CriterionFactory, "round", "name"),
    "a_criterion_gives_points": update(CriterionFactory, max_points=0),
    "one_review_per_reviewer": twice(ReviewFactory, "application", "reviewer"),
    "a_finished_review_says_when": update(ReviewFactory, state="finished"),
    "applications_review_state_known": update(ReviewFactory, state="lost"),
    "one_score_per_criterion": twice(ScoreFactory, "review", "criterion"),
    "points_are_not_negative": update(ScoreFactory, points=-1),
    "an_offer_names_a_place": update(DecisionFactory, outcome="offer"),
    "a_decision_has_a_reason": update(DecisionFactory, reason=""),
    "applications_decision_outcome_known": update(DecisionFactory, outcome="lost"),
    "one_letter_per_outcome": twice(LetterTemplateFactory, "round", "outcome"),
    "applications_lettertemplate_outcome_known": update(LetterTemplateFactory, outcome="lost"),
    "a_link_says_for_whom": update(DossierLinkFactory, whom=""),
    "a_link_works_for_thirty_days_at_most": update(DossierLinkFactory, expires_at=timezone.now().replace(year=2090)),
    "applications_dossierlink_revoked_at_with_revoked_by": update(DossierLinkFactory, revoked_at=timezone.now()),
    "only_a_released_refusal_can_be_appealed": update(DecisionFactory, appeal_by=timezone.now()),
    "an_appeal_has_a_clock": update(RoundFactory, appeal_answer_days=0),
    "applications_appeal_state_known": update(AppealFactory, state="lost"),
    "applications_appeal_decided_at_with_decided_by": update(AppealFactory, {"dismissed": True}, decided_by=None),
    "one_appeal_per_decision": twice(AppealFactory, "application"),
    "an_appeal_says_why": update(AppealFactory, grounds="Because it is wrong"),
    "an_appeal_is_answered_after_it_was_filed": update(AppealFactory, answer_by=timezone.now().replace(year=2020)),
    "an_answered_appeal_says_when_and_why": update(AppealFactory, {"dismissed": True}, reasons=""),
    "an_upheld_appeal_names_its_remedy": update(AppealFactory, {"dismissed": True}, state="upheld"),
    "the_same_file_once_per_appeal": one_paper_twice,
    "a_file_of_an_appeal_has_its_own_position": twice(AppealFileFactory, "appeal"),
    "an_appeal_has_three_files_at_most": update(AppealFileFactory, position=4),
    "a_file_of_an_appeal_is_a_pdf": update(AppealFileFactory, content_type="image/png"),
    "an_access_has_a_reason": lambda: ApplicationFactory().accesses.create(person=ApplicationFactory().applicant),
}


@pytest.mark.parametrize("name", BREAKS)
def test_the_database_refuses(name):
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        BREAKS[name]()

    assert refused.value.__cause__.diag.constraint_name == name


def test_every_constraint_of_the_room_is_broken_above():
    models = Application._meta.apps.get_app_config("applications").get_models()
    names = {c.name for model in models if not model.__name__.endswith("Event") for c in model._meta.constraints}
    triggers = {"a_place_is_never_given_twice", "places_cover_what_is_taken"}

    assert names | triggers == set(BREAKS)
