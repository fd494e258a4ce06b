"""Each predicate of the permissions by itself: the thing it is asked of, nobody signed in, no thing at all."""

from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser

from applications import permissions
from applications.models import Appeal, Application, Decision, DocumentSlot, Kind, Review
from members.models import User
from tests.applications.unsaved import NOW, a_round, a_slot, an_application

State = Application.State
Slot = DocumentSlot.State
NOBODY = AnonymousUser()
STUDENT, OTHER = User(pk=7), User(pk=8)


def holding(*roles, university=None):
    """Somebody who holds `roles` at `university` (None: anywhere)."""

    def holds(*asked, university=None):
        return bool({*asked} & {*roles}) and university in (None, at)

    at = university
    return SimpleNamespace(is_authenticated=True, pk=9, holds=holds)


# whose it is


@pytest.mark.parametrize(
    ("user", "thing", "is_theirs"),
    [
        (STUDENT, an_application(), True),
        (OTHER, an_application(), False),
        (NOBODY, an_application(), False),
        (STUDENT, a_slot(), True),
        (OTHER, a_slot(), False),
        (STUDENT, Appeal(application=an_application()), True),
        (STUDENT, a_round(), False),
        (STUDENT, None, False),
    ],
)
def test_the_applicant_is_known_by_the_application_and_by_what_belongs_to_it(user, thing, is_theirs):
    assert permissions.is_applicant(user, thing) is is_theirs


def test_nobody_signed_in_is_not_the_applicant_of_an_application_without_one():
    assert not permissions.is_applicant(NOBODY, Application(applicant=None))


# the desk


@pytest.mark.parametrize(
    ("kind", "role", "sits"),
    [
        ("exchange", "exchange", True),
        ("exchange", "director", False),
        ("exchange", "official", False),
        ("dual_degree", "exchange", True),
        ("dual_degree", "director", True),
        ("dual_degree", "reviewer", False),
    ],
)
def test_who_sits_at_the_desk_depends_on_what_is_applied_for(kind, role, sits):
    round = a_round(kind=kind)
    person = holding(role, university=round.university)

    assert permissions.sits_at_the_desk(person, round) is sits
    assert permissions.sits_at_the_desk(person, an_application(round=round)) is sits


def test_a_desk_of_elsewhere_is_none_here_but_somewhere():
    person = holding("exchange", university="another")

    assert not permissions.sits_at_the_desk(person, a_round())
    assert permissions.sits_at_the_desk(person)


def test_a_visitor_sits_at_no_desk_and_opens_no_round():
    assert not permissions.sits_at_the_desk(NOBODY, a_round())
    assert not permissions.sits_at_the_desk(NOBODY)
    assert not permissions.opens_rounds(NOBODY)


@pytest.mark.parametrize(("role", "opens"), [("exchange", True), ("director", False), ("secretariat", False)])
def test_rounds_are_opened_by_exchange_offices(role, opens):
    assert permissions.opens_rounds(holding(role)) is opens


def test_every_kind_has_a_desk_and_every_desk_may_judge():
    assert {*Kind.desks} == {*Kind.prefixes} == {*Kind.rooms} == {*Kind}
    assert {role for roles in Kind.desks.values() for role in roles} == {*permissions.DESKS}
    assert {*permissions.JUDGES} == {*permissions.DESKS, "head", "official"}
    assert not {*permissions.DESKS} & {*permissions.OVERSEERS}  # an overseer is asked only where no desk is left


@pytest.mark.parametrize(
    ("thing", "submitted"),
    [
        (an_application(), False),
        (an_application(State.SUBMITTED, submitted_at=NOW), True),
        (an_application(State.WITHDRAWN), False),
        (an_application(State.WITHDRAWN, submitted_at=NOW), True),
        (a_slot(application=an_application()), False),
        (a_round(), True),  # of a round itself there is nothing to hide
        (None, True),
    ],
)
def test_a_draft_is_nobodys_but_the_students(thing, submitted):
    assert permissions.was_submitted(OTHER, thing) is submitted


# what can be done in which state


@pytest.mark.parametrize(
    ("predicate", "states"),
    [
        (permissions.is_in_the_applicants_hands, {State.DRAFT, State.MORE_INFO}),
        (permissions.is_a_draft, {State.DRAFT}),
        (permissions.is_offered, {State.OFFERED}),
        (permissions.is_live, {*State.live}),
    ],
)
def test_a_predicate_of_states_knows_exactly_its_own(predicate, states):
    assert {state for state in State if predicate(STUDENT, an_application(state))} == states
    assert not predicate(STUDENT, None)
    assert not predicate(STUDENT, a_round())


HANDS, LATER, ENDED = State.DRAFT, State.ELIGIBLE, State.REJECTED


@pytest.mark.parametrize(
    ("state", "slot", "needed", "wanted"),
    [
        (HANDS, Slot.ASKED, "to_apply", True),
        (HANDS, Slot.RECEIVED, "to_apply", True),
        (HANDS, Slot.REFUSED, "to_apply", True),
        (HANDS, Slot.VALIDATED, "to_apply", False),
        (State.MORE_INFO, Slot.RECEIVED, "to_apply", True),
        (LATER, Slot.ASKED, "to_apply", True),
        (LATER, Slot.RECEIVED, "to_apply", False),  # what was handed in stays as it was handed in
        (LATER, Slot.RECEIVED, "later", True),
        (LATER, Slot.RECEIVED, "optional", True),
        (LATER, Slot.REFUSED, "to_apply", True),
        (LATER, Slot.VALIDATED, "later", False),
        (State.ACCEPTED, Slot.ASKED, "later", True),
        (ENDED, Slot.ASKED, "later", False),
        (ENDED, Slot.REFUSED, "to_apply", False),
    ],
)
def test_when_a_file_may_be_sent(state, slot, needed, wanted):
    thing = a_slot(slot, needed, an_application(state))

    assert permissions.wants_a_file(STUDENT, thing) is wanted


def test_without_a_slot_there_is_nothing_to_send():
    assert not permissions.wants_a_file(STUDENT, None)


# reviews


@pytest.mark.parametrize(
    ("user", "state", "reviews"),
    [
        (STUDENT, "assigned", True),
        (STUDENT, "finished", True),
        (STUDENT, "recused", False),
        (OTHER, "assigned", False),
        (NOBODY, "assigned", False),
    ],
)
def test_a_review_is_one_persons_until_it_steps_back(user, state, reviews):
    assert permissions.is_the_reviewer(user, Review(reviewer_id=7, state=state)) is reviews


@pytest.mark.parametrize(
    "predicate",
    [
        permissions.was_asked_to_review,
        permissions.has_finished_a_review,
        permissions.opened_it_with_a_reason,
        permissions.answers_the_appeal,
    ],
)
def test_nobody_signed_in_and_no_application_ask_the_database_nothing(predicate):
    assert not predicate(NOBODY, an_application())
    assert not predicate(STUDENT, None)
    assert not predicate(STUDENT, a_round())


def test_a_round_without_a_student_competes_with_nobody():
    assert not permissions.applied_in_the_round(NOBODY, a_round())
    assert not permissions.applied_in_the_round(SimpleNamespace(is_authenticated=True, student_profile_or_none=None),
                                                a_round())  # fmt: skip
    assert not permissions.applied_in_the_round(STUDENT, None)


# appeals


@pytest.mark.parametrize("state", State)
def test_a_refusal_whose_letter_named_an_appeal_can_be_appealed(state):
    told, untold = an_application(state), an_application(state)
    Decision(application=told, appeal_by=NOW)
    Decision(application=untold, appeal_by=None)

    assert permissions.was_told_no_place(STUDENT, told) is (state in ("rejected", "waitlisted"))
    assert not permissions.was_told_no_place(STUDENT, untold)


def test_without_a_decision_nothing_can_be_appealed():
    assert not permissions.was_told_no_place(STUDENT, an_application(State.REJECTED))
    assert not permissions.was_told_no_place(STUDENT, None)


@pytest.mark.parametrize("state", Appeal.State)
def test_only_an_open_appeal_is_taken_back(state):
    assert permissions.is_an_open_appeal(STUDENT, Appeal(state=state)) is (state == "filed")


def test_what_is_no_appeal_is_no_open_one():
    assert not permissions.is_an_open_appeal(STUDENT, an_application())
    assert not permissions.is_an_open_appeal(STUDENT)


def test_a_recommendation_is_known_by_its_address_whatever_its_case():
    appeal = Appeal(application=an_application(referee="Ada.Lind@kth.example"))

    assert permissions._recommends(User(email="ada.lind@KTH.example"), appeal)
    assert not permissions._recommends(User(email="bo@kth.example"), appeal)
