"""Who is told what after each act, in which words, where it leads; and that nobody is told the same twice."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.db import IntegrityError
from django.utils import timezone

from applications.actions import guards, telling
from members.acts import Refused
from members.models import Act
from notifications.models import Notice, Topic
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
)
from tests.factories.members import MandateFactory, UserFactory, person_as

pytestmark = pytest.mark.django_db

NOON = datetime(2027, 5, 6, 10, 0, tzinfo=UTC)  # in Stockholm
ROUND = {"title": "Autumn abroad", "time_zone": "Europe/Stockholm", "slug": "kth-autumn"}
WHEN = "6 May 2027, 12:00 (Stockholm)"


@pytest.fixture
def round():
    return RoundFactory(open=True, **ROUND)


@pytest.fixture
def application(round):
    return ApplicationFactory(round=round, submitted=True, reference="EX-7K3M-92", submitted_at=NOON, answer_by=NOON)


@pytest.fixture
def desk(round):
    return person_as("exchange", round.university)


def line(application):
    return guards.log("application.tested", application, by=None)


def told(person):
    """Subject, body, address and topic of the one notice to `person`."""
    notice = Notice.objects.get(recipient=person)
    return notice.subject, notice.body, notice.url, notice.topic


MINE, DESK = "/applications/EX-7K3M-92/", "/applications/EX-7K3M-92/desk/"


# the applicant


def test_a_submission_is_receipted(application):
    telling.submitted(application)

    assert told(application.applicant) == (
        "We have your application EX-7K3M-92",
        f"Your application for “Autumn abroad” reached us on {WHEN}. The office checks it next; you need to do nothing "
        "now. Keep the reference EX-7K3M-92 for questions.",
        MINE, Topic.APPLICATIONS,
    )  # fmt: skip


def test_a_question_of_the_office(application):
    telling.asked(application, "Your transcript, please.", line(application))

    assert told(application.applicant) == (
        "EX-7K3M-92: the office asks you for something",
        "Your transcript, please.\n\nAnswer on the page of your application.", MINE, Topic.APPLICATIONS,
    )  # fmt: skip


def test_what_is_asked_again_is_told_again(application):
    for _time in range(2):
        telling.asked(application, "Your transcript, please.", line(application))

    assert Notice.objects.count() == 2


def test_a_shared_file_names_the_reader_and_until_when(application):
    telling.shared(DossierLinkFactory(application=application, expires_at=NOON, made_at=NOON - timedelta(days=2)))

    assert told(application.applicant)[:2] == (
        "EX-7K3M-92: the office shares your file",
        f"Prof. Ada Lind can read your data, choices, motivation and documents until {WHEN}.",
    )


def test_a_refused_document_says_why(application):
    slot = DocumentSlotFactory(application=application, name="Passport", state="refused", reason="It is blurred.")

    telling.document_refused(slot, line(application))

    assert told(application.applicant)[:2] == (
        "Send “Passport” again",
        "The office could not accept it: It is blurred.",
    )


@pytest.mark.parametrize(
    ("help", "body"), [("In colour.", "In colour."), ("", "Add it on the page of your application.")]
)
def test_a_document_that_is_asked_for_says_what_it_must_show(application, help, body):
    slot = DocumentSlotFactory(application=application, name="Passport", help=help)

    telling.document_asked(slot, line(application))

    assert told(application.applicant)[:2] == ("The office asks for “Passport”", body)


def test_a_place_that_was_accepted_and_an_offer_that_expired(application):
    choice = ChoiceFactory(application=application, option=OptionFactory(title="Robotics", host__short_name="KIT"))
    other = ApplicationFactory(round=application.round, submitted=True, answer_by=NOON)

    telling.accepted(application, choice)
    telling.expired(other, choice)

    assert told(application.applicant)[:2] == (
        "Your place is yours: KIT, Robotics",
        "You have accepted. Your exchange office takes the next step and writes to you.",
    )
    assert told(other.applicant)[:2] == (
        "The offer has expired: KIT, Robotics",
        f"You had not answered by {WHEN}, so the place goes to the next student.",
    )


def test_the_end_of_a_waiting_list(application):
    telling.rejected_at_the_end(application)

    assert told(application.applicant)[:2] == (
        "The waiting list of Autumn abroad is closed", "No place came free for you before the round ended.",
    )  # fmt: skip


def test_a_draft_that_lapsed_and_lives_again(application):
    application.round.closes_at = NOON
    for tell, closing in ((telling.lapsed, "1"), (telling.revived, "1"), (telling.lapsed, "2"), (telling.lapsed, "2")):
        tell(application, closing)

    subjects = ["Autumn abroad has closed without your application", "Autumn abroad is open again"]
    notices = Notice.objects.filter(recipient=application.applicant).order_by("pk")
    assert [notice.subject for notice in notices] == [*subjects, subjects[0]]  # once for each closing
    assert notices[0].body == (
        f"It closed on {WHEN} and your draft EX-7K3M-92 was not submitted. You can still read it."
    )
    assert notices[1].body == f"You can finish and submit your draft EX-7K3M-92 until {WHEN}."


def test_everybody_gets_the_letter_of_their_own_decision(round):
    decisions = [
        DecisionFactory(application=ApplicationFactory(round=round, eligible=True), letter=f"Dear number {number}")
        for number in range(3)
    ]

    telling.decided(decisions)
    telling.decided(decisions[:1])

    letters = {decision.application.applicant: decision.letter for decision in decisions}
    assert {notice.recipient: notice.body for notice in Notice.objects.all()} == letters
    assert Notice.objects.count() == 3


# the desk


def test_an_answer_reaches_the_desk(application, desk):
    telling.answered(application, line(application), timezone.now())

    assert told(desk) == (
        "EX-7K3M-92: what you asked for is there", f"{application.applicant} has answered. Check the application.",
        DESK, Topic.DESK,
    )  # fmt: skip


@pytest.mark.parametrize(("reason", "told_as"), [("Another plan.", "Another plan."), ("", "none given")])
def test_a_withdrawal_reaches_the_desk_with_its_reason(application, desk, reason, told_as):
    telling.withdrawn(application, reason, "eligible", timezone.now())

    assert told(desk)[:2] == (
        "EX-7K3M-92 was withdrawn", f"{application.applicant} has withdrawn. Reason: {told_as}",
    )  # fmt: skip


def test_who_competes_in_the_round_is_told_of_no_rival(application, desk, round):
    rival = ApplicationFactory(round=round, submitted=True).applicant
    MandateFactory(person=rival, university=round.university)

    telling.withdrawn(application, "Another plan.", "eligible", timezone.now())

    assert {*Notice.objects.values_list("recipient", flat=True)} == {desk.pk}


def test_a_draft_that_is_taken_back_is_nobodys_business(application, desk):
    telling.withdrawn(application, "Another plan.", "draft", timezone.now())

    assert not Notice.objects.exists()


@pytest.mark.parametrize(
    ("count", "body"),
    [
        (0, "0 applications wait to be checked."),
        (1, "1 application waits to be checked."),
        (12, "12 applications wait to be checked."),
    ],
)
def test_a_closed_round_says_how_much_is_to_be_checked(round, desk, count, body):
    telling.round_closed(round, count, timezone.now())

    assert told(desk)[:3] == ("Autumn abroad has closed", body, "/applications/rounds/kth-autumn/desk/")


@pytest.mark.parametrize(("count", "body"), [(1, "1 letter has left."), (12, "12 letters have left.")])
def test_a_release_says_how_many_letters_have_left(round, desk, count, body):
    telling.round_released(round, count, timezone.now())

    assert told(desk)[:2] == ("The decisions of Autumn abroad are out", body)


def test_a_round_that_closes_again_tells_its_desk_again(round, desk):
    telling.round_closed(round, 1, timezone.now())
    telling.round_closed(round, 1, timezone.now())
    round.closes_at += timedelta(days=3)
    telling.round_closed(round, 2, timezone.now())

    assert Notice.objects.filter(recipient=desk).count() == 2


def test_a_reviewer_is_asked(application):
    review = ReviewFactory(application=application)

    telling.review_assigned(review, timezone.now())

    assert told(review.reviewer) == (
        "Please review EX-7K3M-92", "An application in “Autumn abroad” waits for your points.",
        "/applications/reviews/", Topic.DESK,
    )  # fmt: skip


# appeals


@pytest.fixture
def appeal(application, desk):
    fields = {"outcome": "reject", "released_by": desk, "prepared_by": desk, "released_at": NOON}
    DecisionFactory(application=application, appeal_by=NOON, **fields)
    return AppealFactory(application=application, filed_at=NOON - timedelta(days=9), answer_by=NOON)


def test_who_made_the_decision_hears_of_an_appeal_only_where_nobody_else_is_left(appeal, desk):
    telling.appeal_filed(appeal, timezone.now())

    assert told(desk)[:3] == (
        "EX-7K3M-92: an appeal was filed",
        f"{appeal.application.applicant} appeals against the decision. Answer with reasons by {WHEN}.",
        DESK,  # to find somebody; the page of the answer would be closed to them
    )


def test_who_may_answer_is_led_to_the_answer(appeal, desk, round):
    judge = person_as("exchange", round.university)

    telling.appeal_filed(appeal, timezone.now())

    assert told(judge)[2] == "/applications/EX-7K3M-92/appeal/answer/"
    assert not Notice.objects.filter(recipient=desk).exists()


def test_the_applicant_gets_a_receipt_of_the_appeal(appeal):
    telling.appeal_filed(appeal, timezone.now())

    assert told(appeal.application.applicant)[:2] == (
        "We have your appeal: EX-7K3M-92",
        f"Somebody who had no part in the decision looks at it and answers with reasons by {WHEN}. "
        "You need to do nothing meanwhile.",
    )


@pytest.mark.parametrize(
    ("distance", "subject", "body"),
    [
        (-1, "Answer the appeal EX-7K3M-92", f"The applicant was promised an answer by {WHEN}."),
        (0, "Answer the appeal EX-7K3M-92", f"The applicant was promised an answer by {WHEN}."),
        (1, "Late: answer the appeal EX-7K3M-92", f"The applicant was promised an answer by {WHEN} and still waits."),
    ],
)
def test_a_reminder_of_an_appeal_says_whether_it_is_late(appeal, desk, distance, subject, body):
    now = NOON + timedelta(seconds=distance)

    numbers = [telling.appeal_is_due(appeal, now, mark="1d") for _time in range(2)]

    assert (numbers, told(desk)[:2], told(desk)[3]) == ([1, 0], (subject, body), Topic.DEADLINES)


def test_an_appeal_that_was_taken_back_leaves_nothing_to_answer(appeal, desk):
    telling.appeal_withdrawn(appeal, timezone.now())

    assert told(desk)[:2] == (
        "EX-7K3M-92: the appeal was taken back",
        f"{appeal.application.applicant} has taken the appeal back. There is nothing to answer.",
    )


def test_a_dismissal_is_told_with_its_reasons(appeal):
    appeal.reasons = "26 it is."

    telling.appeal_dismissed(appeal)

    assert told(appeal.application.applicant)[:2] == (
        "Your appeal was dismissed: EX-7K3M-92", "The decision stands.\n\n26 it is.",
    )  # fmt: skip


def test_an_upheld_appeal_is_told_with_the_offer_or_the_line(appeal):
    choice = ChoiceFactory(application=appeal.application, option__title="Robotics")
    appeal.reasons = "62 it is."

    telling.appeal_upheld(appeal, choice)
    offer = told(appeal.application.applicant)
    Notice.objects.all().delete()
    telling.appeal_upheld(appeal, None)
    waits = told(appeal.application.applicant)

    assert offer[0] == waits[0] == "Your appeal was upheld: EX-7K3M-92"
    assert offer[1].startswith("62 it is.\n\nDear ")
    assert "Please accept or decline by 6 May 2027, 12:00 (Europe/Stockholm)." in offer[1]
    assert waits[1] == (
        "62 it is.\n\nYou are on the waiting list now. When a place comes free for you, we write at once."
    )


# who sits at a desk


def test_the_desk_are_holders_and_deputies_of_today(round, desk):
    university, deputy = round.university, UserFactory()
    desk.mandates.update(deputy=deputy)
    MandateFactory(university=university, ended=True)
    person_as("director", university)
    person_as("exchange")

    assert guards.desk_people(round, timezone.now()) == sorted([desk, deputy], key=lambda person: person.pk)


def test_of_a_dual_degree_the_directors_sit_there_too():
    round = RoundFactory(open=True, dual_degree=True)
    people = [person_as(role, round.university) for role in ("director", "exchange")]

    assert guards.desk_people(round, timezone.now()) == people


def test_a_mandate_that_begins_tomorrow_is_told_nothing_today(round):
    today = timezone.now().replace(hour=10)  # the same day in every zone in which a university stands
    tomorrow = today + timedelta(days=1)
    new = MandateFactory(university=round.university, starts_on=tomorrow.date()).person

    assert guards.desk_people(round, today) == []
    assert guards.desk_people(round, tomorrow) == [new]


@pytest.mark.parametrize(
    ("days", "hears"),
    [
        ({"deputy_from": -1}, True),
        ({"deputy_from": 0, "deputy_until": 0}, True),
        ({"deputy_from": 1}, False),
        ({"deputy_until": -1}, False),
    ],
)
def test_a_deputy_is_told_on_the_deputys_own_days(round, desk, days, hears):
    today, deputy = timezone.now().replace(hour=10), UserFactory()
    bounds = {name: today.date() + timedelta(days=number) for name, number in days.items()}
    desk.mandates.update(deputy=deputy, **bounds)

    assert (deputy in guards.desk_people(round, today)) is hears


def test_an_account_that_is_closed_is_written_to_no_more(application, desk):
    type(desk).objects.filter(pk=desk.pk).update(is_active=False)

    telling.answered(application, line(application), timezone.now())

    assert not Notice.objects.exists()


def test_whom_somebody_acts_for(round, desk):
    deputy = UserFactory()
    desk.mandates.update(deputy=deputy)

    assert guards.acts_for(deputy, round) == desk
    assert [guards.acts_for(person, round) for person in (desk, None, UserFactory())] == [None, None, None]


# locks and the last word of the database


def test_options_are_held_once_each_and_in_the_order_of_their_keys():
    first, second = OptionFactory(), OptionFactory()

    held = guards.hold_options([second.pk, first.pk, second.pk, 0])

    assert list(held) == [first.pk, second.pk]
    assert held[second.pk] == second


def test_the_clock_may_do_everything(application):
    guards.may_or_refuse(None, "applications.answer_offer", application)

    with pytest.raises(Refused, match="This is not yours to do"):
        guards.may_or_refuse(UserFactory(), "applications.answer_offer", application)


def test_a_step_that_somebody_was_faster_with_is_refused(application):
    stale = type(application).objects.get(pk=application.pk)
    guards.step(application, "find_eligible", now=NOON)

    with pytest.raises(Refused, match="has moved on meanwhile"):
        guards.step(stale, "answer", now=NOON)

    assert (application.state, application.state_since) == ("eligible", NOON)


class Clash(Exception):
    def __init__(self, name):
        super().__init__(name)
        self.diag = SimpleNamespace(constraint_name=name)


def test_a_place_given_twice_is_a_sentence_and_any_other_clash_an_error():
    def clash(cause):
        with guards.no_place_is_given_twice():
            raise IntegrityError("refused") from cause

    with pytest.raises(Refused, match="No place is left there"):
        clash(Clash("a_place_is_never_given_twice"))
    for other in (Clash("one_place_per_application"), None, ValueError("no diagnosis")):
        with pytest.raises(IntegrityError):
            clash(other)


def test_a_line_of_the_log_names_the_holder_a_deputy_acts_for(application, desk):
    deputy = UserFactory()
    desk.mandates.update(deputy=deputy)

    guards.log("application.tested", application, by=deputy, reason="Because.")

    act = Act.objects.about(application).get()
    assert (act.actor, act.on_behalf_of, act.reason) == (deputy, desk, "Because.")
