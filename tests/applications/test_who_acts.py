"""Every act of the room, tried by everybody who may not, then by who may, then once more: one table of acts."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from applications import actions
from applications.actions import preparing
from applications.actions.cloning import clone_round
from applications.models import Choice, DocumentSlot, RoundRequirement
from members.models import Act
from notifications.models import Notice
from tests.applications.files import pdf, upload
from tests.factories.applications import (
    AppealFactory,
    ApplicationFactory,
    ChoiceFactory,
    CriterionFactory,
    DecisionFactory,
    DocumentFileFactory,
    DocumentSlotFactory,
    DossierLinkFactory,
    OptionFactory,
    ReviewFactory,
    RoundFactory,
)
from tests.factories.exchange import PlacementFactory
from tests.factories.members import MandateFactory, UserFactory, person_as, student_of

pytestmark = pytest.mark.django_db

NOT_YOURS = "This is not yours to do, or the moment for it has passed."
ACTS = {}


def act(name, **round):
    """Register how an act is tried in a round of its own: the function gives the act by somebody, and who may."""

    def register(prepare):
        ACTS[name] = (prepare, round or {"open": True})
        return prepare

    return register


def tried(name):
    prepare, round = ACTS[name]
    round = RoundFactory(**round)
    return round, *prepare(round)


def desk_of(round):
    return person_as("exchange", round.university)


# the applicant's


@act("submit")
def _(round):
    application = ApplicationFactory(round=round, motivation="I want to learn.")
    ChoiceFactory(application=application)
    return lambda by: actions.submit(application=application, by=by, now=timezone.now()), application.applicant


@act("save_draft")
def _(round):
    application = ApplicationFactory(round=round)
    words = {"fields": {"notes": "By train."}, "options": None}
    return (
        lambda by: actions.save_draft(application=application, version=1, by=by, now=timezone.now(), **words),
        application.applicant,
    )


@act("put_document")
def _(round):
    slot = DocumentSlotFactory(application=ApplicationFactory(round=round))
    return lambda by: actions.put_document(slot=slot, upload=upload(pdf()), by=by), slot.application.applicant


@act("answer_request")
def _(round):
    application = ApplicationFactory(round=round, more_info=True)
    return lambda by: actions.answer_request(application=application, by=by, now=timezone.now()), application.applicant


@act("withdraw")
def _(round):
    application = ApplicationFactory(round=round, submitted=True)
    return (
        lambda by: actions.withdraw(application=application, reason="", by=by, now=timezone.now()),
        application.applicant,
    )


def an_offer(round):
    return ChoiceFactory(application=ApplicationFactory(round=round, offered=True), state="offered").application


@act("accept_offer", released=True)
def _(round):
    application = an_offer(round)
    return lambda by: actions.accept_offer(application=application, by=by, now=timezone.now()), application.applicant


@act("decline_offer", released=True)
def _(round):
    application = an_offer(round)
    return (
        lambda by: actions.decline_offer(application=application, reason="", by=by, now=timezone.now()),
        application.applicant,
    )


def a_refusal(round):
    application = ApplicationFactory(round=round, rejected=True)
    fields = {"outcome": "reject", "released_by": UserFactory(), "released_at": timezone.now()}
    DecisionFactory(application=application, appeal_by=timezone.now() + timedelta(days=5), **fields)
    return application


@act("file_appeal", released=True)
def _(round):
    application = a_refusal(round)
    words = {"grounds": "My transcript shows 62 credits.", "files": []}
    return (
        lambda by: actions.file_appeal(application=application, by=by, now=timezone.now(), **words),
        application.applicant,
    )


@act("withdraw_appeal", released=True)
def _(round):
    appeal = AppealFactory(application=a_refusal(round))
    return lambda by: actions.withdraw_appeal(appeal=appeal, by=by, now=timezone.now()), appeal.application.applicant


# who had no part in the decision


@act("dismiss_appeal", released=True)
def _(round):
    appeal = AppealFactory(application=a_refusal(round))
    return (
        lambda by: actions.dismiss_appeal(appeal=appeal, reasons="26 it is.", by=by, now=timezone.now()),
        desk_of(round),
    )


@act("uphold_appeal", released=True)
def _(round):
    appeal = AppealFactory(application=a_refusal(round))
    choice = ChoiceFactory(application=appeal.application, state="not_offered")
    words = {"remedy": "place", "choice": choice, "reasons": "62 it is."}
    return lambda by: actions.uphold_appeal(appeal=appeal, by=by, now=timezone.now(), **words), desk_of(round)


# the desk's, with one file


@act("find_eligible")
def _(round):
    application = ApplicationFactory(round=round, submitted=True)
    return (
        lambda by: actions.find_eligible(application=application, note="", by=by, now=timezone.now()),
        desk_of(round),
    )


@act("find_ineligible")
def _(round):
    application = ApplicationFactory(round=round, submitted=True)
    return (
        lambda by: actions.find_ineligible(application=application, reason="Too few.", by=by, now=timezone.now()),
        desk_of(round),
    )


@act("ask_more")
def _(round):
    application = ApplicationFactory(round=round, submitted=True)
    return lambda by: actions.ask_more(application=application, what="Why?", by=by, now=timezone.now()), desk_of(round)


@act("ask_document")
def _(round):
    application = ApplicationFactory(round=round, submitted=True)
    words = {"name": "Passport", "help": "", "needed": "later"}
    return lambda by: actions.ask_document(application=application, by=by, **words), desk_of(round)


def a_received(round):
    slot = DocumentSlotFactory(application=ApplicationFactory(round=round, submitted=True), state="received")
    DocumentFileFactory(slot=slot)
    return slot


@act("validate_document")
def _(round):
    slot = a_received(round)
    return lambda by: actions.validate_document(slot=slot, by=by), desk_of(round)


@act("refuse_document")
def _(round):
    slot = a_received(round)
    return lambda by: actions.refuse_document(slot=slot, reason="It is blurred.", by=by), desk_of(round)


@act("assign_review")
def _(round):
    application = ApplicationFactory(round=round, submitted=True)
    reviewer = person_as("reviewer", round.university)
    return lambda by: actions.assign_review(application=application, reviewer=reviewer, by=by), desk_of(round)


@act("reopen_review")
def _(round):
    review = ReviewFactory(finished=True, application=ApplicationFactory(round=round, eligible=True))
    return lambda by: actions.reopen_review(review=review, by=by), desk_of(round)


@act("prepare_decision", closed=True)
def _(round):
    application = ApplicationFactory(round=round, eligible=True)
    words = {"outcome": "reject", "choice": None, "reason": "Below 87.5."}
    return lambda by: actions.prepare_decision(application=application, by=by, **words), desk_of(round)


@act("edit_letter", closed=True)
def _(round):
    decision = DecisionFactory(application=ApplicationFactory(round=round, eligible=True))
    return lambda by: actions.edit_letter(decision=decision, subject="No", letter="Dear Robin", by=by), desk_of(round)


@act("share_dossier")
def _(round):
    application = ApplicationFactory(round=round, submitted=True)
    words = {"whom": "Prof. Lind", "days": 3}
    return lambda by: actions.share_dossier(application=application, by=by, now=timezone.now(), **words), desk_of(round)


@act("revoke_link")
def _(round):
    link = DossierLinkFactory(application=ApplicationFactory(round=round, submitted=True))
    return lambda by: actions.revoke_link(link=link, by=by, now=timezone.now()), desk_of(round)


# the desk's, with the whole round


@act("publish_round", state="draft")
def _(round):
    OptionFactory(round=round)
    return lambda by: actions.publish_round(round=round, by=by), desk_of(round)


@act("close_round")
def _(round):
    return lambda by: actions.close_round(round=round, by=by, now=timezone.now()), desk_of(round)


@act("reopen_round", closed=True)
def _(round):
    later = timezone.now() + timedelta(days=3)
    return (
        lambda by: actions.reopen_round(
            round=round, closes_at=later, reason="We were offline.", by=by, now=timezone.now()
        ),
        desk_of(round),
    )


@act("archive_round", released=True)
def _(round):
    return lambda by: actions.archive_round(round=round, by=by, now=timezone.now()), desk_of(round)


@act("release_round", closed=True)
def _(round):
    return lambda by: actions.release_round(round=round, by=by, now=timezone.now()), desk_of(round)


@act("propose_decisions", closed=True)
def _(round):
    return lambda by: actions.propose_decisions(round=round, by=by), desk_of(round)


@act("assign_evenly")
def _(round):
    return lambda by: actions.assign_evenly(round=round, reviewers=[], per_application=1, by=by), desk_of(round)


@act("change_round", state="draft")
def _(round):
    round.title = "Another title"
    return lambda by: preparing.change_round(round=round, version=1, by=by), desk_of(round)


@act("extend_round")
def _(round):
    later = round.closes_at + timedelta(days=3)
    return (
        lambda by: preparing.extend_round(
            round=round, closes_at=later, reason="We were offline.", by=by, now=timezone.now()
        ),
        desk_of(round),
    )


@act("offer_options")
def _(round):
    place = PlacementFactory(published=True, academic_year=round.academic_year)
    return lambda by: preparing.offer_options(round=round, options=[place.pk], by=by), desk_of(round)


@act("drop_options")
def _(round):
    option = OptionFactory(round=round)
    return lambda by: preparing.drop_options(round=round, options=[option.pk], by=by), desk_of(round)


@act("ask_requirements", state="draft")
def _(round):
    return (
        lambda by: preparing.ask_requirements(
            round=round, rows=[RoundRequirement(round=round, asks="ects", number=60)], by=by
        ),
        desk_of(round),
    )


@act("ask_documents", state="draft")
def _(round):
    return lambda by: preparing.ask_documents(round=round, rows=[], by=by), desk_of(round)


@act("write_letters")
def _(round):
    return lambda by: preparing.write_letters(round=round, letters={"offer": ("Yes", "Dear {name}")}, by=by), desk_of(
        round
    )


@act("clone_round")
def _(round):
    return lambda by: clone_round(round=round, academic_year=2028, by=by), desk_of(round)


# a reviewer's, and the secretariat's


@act("finish_review")
def _(round):
    criterion = CriterionFactory(round=round)
    review = ReviewFactory(application=ApplicationFactory(round=round, eligible=True))
    words = {"points": {criterion.pk: Decimal(40)}, "comment": "", "feedback": ""}
    return lambda by: actions.finish_review(review=review, by=by, now=timezone.now(), **words), review.reviewer


@act("recuse")
def _(round):
    review = ReviewFactory(application=ApplicationFactory(round=round, eligible=True))
    return lambda by: actions.recuse(review=review, reason="I know her.", by=by), review.reviewer


@act("open_with_reason")
def _(round):
    application = ApplicationFactory(round=round, submitted=True)
    return (
        lambda by: actions.open_with_reason(application=application, reason="Asked by the student.", by=by),
        person_as("secretariat"),
    )


# who may not


def strangers(round, right):
    """People near to the round, each of whom has no part in it."""
    university = round.university
    near = [
        student_of(university),
        person_as("exchange"),
        person_as("reviewer", university),
        person_as("coordinator", university),
        person_as("director", university),
        MandateFactory(university=university, ended=True).person,
    ]
    return near if right.holds("secretariat") else [*near, person_as("secretariat")]


@pytest.mark.parametrize("name", ACTS)
def test_nobody_else_does_it_and_nothing_has_happened(name):
    round, act, right = tried(name)
    before = Act.objects.count(), Notice.objects.count()

    for stranger in strangers(round, right):
        with pytest.raises(actions.Refused, match=NOT_YOURS):
            act(stranger)
    assert (Act.objects.count(), Notice.objects.count()) == before

    act(right)
    assert Act.objects.count() > before[0] or name in ("save_draft", "assign_evenly")


OF_THE_APPLICANT = ("submit", "save_draft", "answer_request", "withdraw", "accept_offer", "decline_offer",
                    "file_appeal", "withdraw_appeal", "put_document")  # fmt: skip


@pytest.mark.parametrize("name", OF_THE_APPLICANT)
def test_the_desk_does_nothing_in_the_applicants_place(name):
    round, act, _right = tried(name)

    with pytest.raises(actions.Refused, match=NOT_YOURS):
        act(desk_of(round))


OF_THE_DESK = ("find_eligible", "find_ineligible", "ask_more", "ask_document", "prepare_decision", "edit_letter",
               "share_dossier", "revoke_link", "assign_review", "validate_document", "refuse_document")  # fmt: skip


@pytest.mark.parametrize("name", OF_THE_DESK)
def test_who_competes_in_the_round_does_nothing_at_its_desk(name):
    round, act, _right = tried(name)
    rival = student_of(round.university)
    MandateFactory(person=rival, university=round.university)
    ApplicationFactory(round=round, applicant=rival, submitted=True)

    with pytest.raises(actions.Refused, match=NOT_YOURS):
        act(rival)


ONCE = (
    "submit", "answer_request", "withdraw", "accept_offer", "decline_offer", "file_appeal", "withdraw_appeal",
    "dismiss_appeal", "uphold_appeal", "find_eligible", "find_ineligible", "ask_more", "ask_document",
    "validate_document", "refuse_document", "assign_review", "reopen_review", "recuse", "revoke_link", "publish_round",
    "close_round", "reopen_round", "archive_round", "release_round", "extend_round", "change_round", "save_draft",
)  # fmt: skip


@pytest.mark.parametrize("name", ONCE)
def test_a_second_press_is_refused_and_tells_nobody_anything_twice(name):
    _round, act, right = tried(name)
    act(right)
    before = Act.objects.count(), Notice.objects.count()

    with pytest.raises(actions.Refused):
        act(right)

    assert (Act.objects.count(), Notice.objects.count()) == before


@pytest.mark.parametrize("name", ["offer_options", "drop_options"])
def test_what_is_done_already_is_passed_over_in_silence(name):
    _round, act, right = tried(name)
    act(right)
    before = Act.objects.count()

    assert (act(right), Act.objects.count()) == (0, before)


@pytest.mark.parametrize("name", [*OF_THE_DESK, "close_round", "extend_round"])
def test_a_deputy_acts_in_the_holders_name(name):
    _round, act, right = tried(name)
    deputy = UserFactory()
    right.mandates.update(deputy=deputy)

    act(deputy)

    line = Act.objects.latest("pk")
    assert (line.actor, line.on_behalf_of) == (deputy, right)


# moments at which it is too early or too late


@pytest.mark.parametrize(
    ("name", "moves"),
    [
        ("find_eligible", "eligible"),
        ("find_ineligible", "ineligible"),
        ("ask_more", "more_info"),
        ("withdraw", "withdrawn"),
        ("accept_offer", "accepted"),
        ("decline_offer", "declined"),
        ("answer_request", "submitted"),
        ("submit", "submitted"),
    ],
)
def test_an_act_says_in_the_log_from_where_to_where(name, moves):
    _round, act, right = tried(name)

    act(right)

    line = Act.objects.filter(kind__startswith="application.").latest("pk")
    assert line.after == moves
    assert line.before not in ("", moves)


def test_a_declined_choice_and_an_accepted_one_say_so():
    for name, state in (("accept_offer", "accepted"), ("decline_offer", "declined")):
        _round, act, right = tried(name)
        act(right)
        assert Choice.objects.get(application__applicant=right).state == state


def test_a_document_asked_for_stands_behind_the_others():
    round = RoundFactory(open=True)
    application = ApplicationFactory(round=round, submitted=True)
    DocumentSlotFactory(application=application, position=4)

    slot = actions.ask_document(application=application, name=" Visa ", help=" In colour. ", needed="later",
                                by=desk_of(round))  # fmt: skip

    assert (slot.name, slot.help, slot.position, slot.state) == ("Visa", "In colour.", 5, DocumentSlot.State.ASKED)


@pytest.mark.parametrize("name", ["", "   ", "Transcript"])
def test_a_document_needs_a_name_of_its_own(name):
    round = RoundFactory(open=True)
    application = ApplicationFactory(round=round, submitted=True)
    DocumentSlotFactory(application=application, name="Transcript")

    with pytest.raises(actions.Refused, match="Give the document a name that is not in the list yet"):
        actions.ask_document(application=application, name=name, help="", needed="later", by=desk_of(round))
