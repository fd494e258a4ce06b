"""From the first draft to the submission, and taking it back."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError

from applications import actions
from applications.models import Application, DocumentSlot, Round
from applications.references import ALPHABET, with_new_reference
from applications.standing import Standing
from members.models import Act, StudentProfile
from notifications.models import Notice
from tests.applications.stories import Story, results, states
from tests.factories.applications import (
    ApplicationFactory,
    DocumentRequirementFactory,
    DocumentSlotFactory,
    OptionFactory,
    OptionRequirementFactory,
    RoundFactory,
    RoundRequirementFactory,
)
from tests.factories.members import StudentProfileFactory, UniversityFactory, UserFactory, student_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def story():
    return Story()


def start(story, by):
    return actions.start(round=story.round, by=by, now=story.now)


def save(application, *, version=None, fields=None, options=None, by=None, now=None):
    return actions.save_draft(
        application=application, version=version or application.version, fields=fields or {}, options=options,
        by=by or application.applicant, now=now or application.round.opens_at,
    )  # fmt: skip


def test_start_makes_a_draft_with_a_slot_for_each_document(story):
    DocumentRequirementFactory(round=story.round, name="Transcript", needed="to_apply", position=1)
    DocumentRequirementFactory(round=story.round, name="Passport", needed="later", position=2)

    application = start(story, student_of(story.round.university))

    assert application.state == Application.State.DRAFT
    slots = application.document_slots.values_list("position", "name", "needed", "state")
    assert list(slots) == [(1, "Transcript", "to_apply", "asked"), (2, "Passport", "later", "asked")]
    assert list(Act.objects.about(application).values_list("kind", flat=True)) == ["application.started"]


@pytest.mark.parametrize(
    ("person", "sentence"),
    [
        (lambda story: UserFactory(), "Only students apply."),
        (
            lambda story: StudentProfileFactory(university=story.round.university).user,
            "Your home university has not confirmed that you study there.",
        ),
        (lambda story: student_of(UniversityFactory()), "This round is for students of {university}."),
    ],
    ids=["visitor", "unconfirmed", "of another university"],
)
def test_start_is_refused_to(story, person, sentence):
    with pytest.raises(actions.Refused, match=sentence.format(university=story.round.university.short_name)):
        start(story, person(story))


def test_start_in_a_round_for_all_takes_students_of_other_universities():
    story = Story(for_own_students=False)

    assert start(story, student_of(UniversityFactory())).state == Application.State.DRAFT


def test_start_twice_is_refused_but_not_after_a_withdrawal(story):
    student = student_of(story.round.university)
    first = start(story, student)
    with pytest.raises(actions.Refused, match="You already have an application in this round"):
        start(story, student)

    actions.withdraw(application=first, reason="", by=student, now=story.now)

    assert start(story, student).reference != first.reference


@pytest.mark.parametrize("field", ["closes_at", "opens_at"])
def test_start_outside_the_window_is_too_late(story, field):
    now = story.round.closes_at if field == "closes_at" else story.round.opens_at - timedelta(seconds=1)

    with pytest.raises(actions.TooLate):
        actions.start(round=story.round, by=student_of(story.round.university), now=now)


def test_a_draft_is_kept_in_parts_and_in_the_order_of_the_choices(story):
    first, second = story.options
    application = start(story, student_of(story.round.university))

    save(application, fields={"phone": "+358 1"})
    save(application, options=[first.pk, second.pk])
    save(application, options=[second.pk, first.pk], fields={"motivation": "Because."})

    stored = Application.objects.get(pk=application.pk)
    assert (stored.phone, stored.motivation, stored.version) == ("+358 1", "Because.", 4)
    assert list(stored.choices.values_list("option", "rank")) == [(second.pk, 1), (first.pk, 2)]


def test_a_choice_can_be_taken_out_of_the_middle():
    story = Story(places=(1, 1, 1))
    application = story.draft(0, 1, 2)

    save(application, options=[story.options[0].pk, story.options[2].pk])

    assert list(application.choices.values_list("option", "rank")) == [
        (story.options[0].pk, 1), (story.options[2].pk, 2),
    ]  # fmt: skip


def test_wrong_choices_are_refused():
    story = Story(places=(1, 1, 1), max_choices=2)
    application = story.draft(0)
    one, two, three = (option.pk for option in story.options)

    for options, sentence in [
        ([one, one], "Each place can be chosen once only"),
        ([one, two, three], "You can choose 2 places at most"),
        ([OptionFactory().pk], "not offered in this round"),
    ]:
        with pytest.raises(actions.Refused, match=sentence):
            save(application, options=options)
    assert list(application.choices.values_list("option", flat=True)) == [one]


def test_the_second_of_two_tabs_is_told_and_overwrites_nothing(story):
    application = story.draft(0)
    version = application.version
    save(application, fields={"motivation": "From the first tab."}, version=version)

    with pytest.raises(actions.Conflict):
        save(application, fields={"motivation": "From the second tab."}, version=version)

    assert Application.objects.get(pk=application.pk).motivation == "From the first tab."


def test_nobody_else_saves_my_draft(story):
    with pytest.raises(actions.Refused):
        save(story.draft(0), by=student_of(story.round.university))


def test_after_a_request_the_words_can_be_changed_but_not_the_choices(story):
    application = story.submitted(0)
    actions.ask_more(application=application, what="Your plan?", by=story.desk, now=story.now)

    save(application, fields={"notes": "My plan."})

    with pytest.raises(actions.Refused, match="Choices cannot be changed"):
        save(application, options=[story.options[1].pk])


def test_submit_freezes_the_profile_and_gives_a_receipt(story):
    application = story.submitted(0, 1)

    profile = application.applicant.student_profile
    profile.ects_earned = 300
    profile.save()

    stored = Application.objects.get(pk=application.pk)
    assert stored.submitted_at == story.now
    assert Standing.from_snapshot(stored.profile).ects == 120
    notice = Notice.objects.get(recipient=application.applicant)
    assert notice.subject == f"We have your application {application.reference}"


def test_submit_names_everything_that_is_missing(story):
    DocumentRequirementFactory(round=story.round, name="Transcript")
    RoundRequirementFactory(round=story.round, asks="ects", number=180)
    student = student_of(story.round.university, grade_average=None)
    OptionRequirementFactory(option=story.options[0], asks="grade", number=50)
    application = start(story, student)
    save(application, options=[story.options[0].pk])

    with pytest.raises(actions.Incomplete) as refused:
        actions.submit(application=application, by=student, now=story.now)

    place = story.options[0].place
    assert [(entry.step, entry.text) for entry in refused.value.missing] == [
        ("profile", "At least 180 ECTS; yours is 120."),
        ("profile", f"{place}: An average of at least 24 of 30; your profile does not say."),
        ("motivation", "Write your motivation."),
        ("documents", "Add the document “Transcript”."),
    ]
    assert states(application) == ["draft"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"state": "waiting"}, "Your home university has not confirmed that you study there."),
        ({"state": "refused"}, "{home} says that you do not study there. Ask its exchange office."),
        ({"university": UniversityFactory}, "This round is for students of {home}."),
    ],
    ids=["asked again", "refused", "moved"],
)
def test_submit_needs_the_tie_to_the_home_university_as_it_is_now(story, changes, sentence):
    application, home = story.draft(0), story.round.university.short_name
    values = {name: value() if callable(value) else value for name, value in changes.items()}
    StudentProfile.objects.filter(user=application.applicant).update(**values)

    with pytest.raises(actions.Incomplete) as refused:
        actions.submit(application=application, by=application.applicant, now=story.now)

    assert [(entry.step, entry.anchor, entry.text) for entry in refused.value.missing] == [
        ("profile", "university", sentence.format(home=home))
    ]
    assert states(application) == ["draft"]


def test_submit_says_at_the_choice_that_it_has_left_the_round(story):
    application = story.draft(0, 1)
    story.round.options.remove(story.options[1])

    with pytest.raises(actions.Incomplete) as refused:
        actions.submit(application=application, by=application.applicant, now=story.now)

    place = story.options[1].place
    assert [(entry.step, entry.anchor, entry.text) for entry in refused.value.missing] == [
        (
            "choices",
            "id_choice_2",
            f"{place}: It is not offered in this round any more. Remove it, or choose another place.",
        )
    ]
    assert application.choices.count() == 2


def test_a_choice_that_has_left_the_round_stays_until_it_is_removed(story):
    application = story.draft(0, 1)
    story.round.options.remove(story.options[0])
    first, second = (option.pk for option in story.options)

    for order in ([second, first], [second]):
        application = actions.save_draft(
            application=application, version=application.version, fields={}, options=order,
            by=application.applicant, now=story.now,
        )  # fmt: skip
    with pytest.raises(actions.Refused, match="not offered in this round"):
        actions.save_draft(
            application=application, version=application.version, fields={}, options=[second, first],
            by=application.applicant, now=story.now,
        )  # fmt: skip

    assert list(application.choices.values_list("option", flat=True)) == [second]


def test_submit_with_more_choices_than_the_round_allows_by_now():
    story = Story(places=(1, 1, 1))
    application = story.draft(0, 1, 2)
    Round.objects.filter(pk=story.round.pk).update(max_choices=1)

    with pytest.raises(actions.Incomplete) as incomplete:
        actions.submit(application=application, by=application.applicant, now=story.now)

    [missing] = incomplete.value.missing
    assert (missing.step, missing.anchor) == ("choices", "id_choice_2")
    assert missing.text == "You can choose 1 place at most; remove 2 of yours."


def test_submit_without_a_choice_and_with_too_many_words():
    story = Story(motivation_words=3)
    application = start(story, student_of(story.round.university))
    save(application, fields={"motivation": "one two three four"})

    with pytest.raises(actions.Incomplete) as refused:
        actions.submit(application=application, by=application.applicant, now=story.now)

    assert [entry.text for entry in refused.value.missing] == [
        "Choose at least one place.", "Your motivation has 4 words; 3 are allowed.",
    ]  # fmt: skip


@pytest.mark.parametrize("asked", [{"is_blocking": False}, {"asks": "text", "number": None, "text": "A portfolio"}])
def test_what_does_not_block_lets_the_application_through(story, asked):
    RoundRequirementFactory(round=story.round, **({"asks": "ects", "number": 180} | asked))

    assert story.submitted(0).state == Application.State.SUBMITTED


def test_the_closing_second_is_the_servers_and_the_draft_stays():
    closes_at = datetime(2027, 5, 4, 10, tzinfo=UTC)
    story = Story(opens_at=closes_at - timedelta(days=30), closes_at=closes_at, time_zone="Europe/Stockholm")
    story.now = closes_at - timedelta(days=1)
    application = story.draft(0)

    with pytest.raises(actions.TooLate) as late:
        actions.submit(application=application, by=application.applicant, now=closes_at)

    assert str(late.value) == (
        "This round closed on 4 May 2027, 12:00:00 (Stockholm); what you sent reached us on "
        "4 May 2027, 12:00:00 (Stockholm). What was saved before is kept."
    )
    assert states(application) == ["draft"]
    last_second = closes_at - timedelta(microseconds=1)
    assert actions.submit(application=application, by=application.applicant, now=last_second).state == "submitted"


def test_saving_after_the_clock_has_closed_the_round_says_that_it_is_too_late(story):
    application = story.draft(0)
    story.close()

    with pytest.raises(actions.TooLate):
        save(application, fields={"motivation": "Late."}, now=story.now)
    with pytest.raises(actions.TooLate):
        actions.submit(application=application, by=application.applicant, now=story.now)


def test_submit_twice_counts_once(story):
    application = story.submitted(0)
    at = application.submitted_at

    with pytest.raises(actions.Refused):
        actions.submit(application=application, by=application.applicant, now=story.now + timedelta(hours=1))

    assert Application.objects.get(pk=application.pk).submitted_at == at


def test_answering_needs_the_refused_document_anew(story):
    application = story.submitted(0)
    slot = DocumentSlotFactory(application=application, state="refused", reason="The last page is missing.")
    actions.ask_more(application=application, what="The last page.", by=story.desk, now=story.now)

    with pytest.raises(actions.Incomplete):
        actions.answer_request(application=application, by=application.applicant, now=story.now)
    DocumentSlot.objects.filter(pk=slot.pk).update(state="received", reason="")
    actions.answer_request(application=application, by=application.applicant, now=story.now)

    assert states(application) == ["submitted"]
    assert Notice.objects.filter(recipient=story.desk, subject__contains="what you asked for is there").count() == 1


@pytest.mark.parametrize("state", Application.State.live)
def test_withdraw_from_every_live_state(state):
    application = ApplicationFactory(**({} if state == "draft" else {state.value: True}))

    actions.withdraw(
        application=application, reason="I stay at home.", by=application.applicant, now=application.state_since
    )

    assert states(application) == ["withdrawn"]
    assert Act.objects.about(application).last().reason == "I stay at home."


def test_withdrawing_an_accepted_place_moves_the_next_up():
    story = Story(places=(1,))
    first, second = story.scored("90"), story.scored("80")
    story.release()
    actions.accept_offer(application=first, by=first.applicant, now=story.now)

    actions.withdraw(application=first, reason="", by=first.applicant, now=story.now)

    assert states(first, second) == ["withdrawn", "offered"]
    assert results(first)[0][0] == "withdrawn"


def test_a_reference_is_tried_again_when_it_is_taken():
    ApplicationFactory(reference="EX-7K3M-92")
    drawn = []

    def make(reference):
        drawn.append(reference)
        return ApplicationFactory(reference="EX-7K3M-92" if len(drawn) == 1 else reference)

    assert with_new_reference("exchange", make).reference == drawn[1]


def test_another_clash_than_that_of_the_reference_is_no_reason_to_try_again(story):
    known = story.draft(0)
    drawn = []

    def make(reference):
        drawn.append(reference)
        return ApplicationFactory(reference=reference, round=known.round, applicant=known.applicant)

    with pytest.raises(IntegrityError, match="one_application_per_round"):
        with_new_reference("exchange", make)
    assert len(drawn) == 1


def test_a_round_for_dual_degrees_has_references_of_its_own():
    story = Story(kind="dual_degree")

    assert start(story, student_of(story.round.university)).reference.startswith("DD-")


def test_only_letters_that_cannot_be_mistaken():
    for lookalikes in ("0O", "1IL", "2Z", "5S", "8B", "UV"):
        assert len(set(lookalikes) & set(ALPHABET)) <= 1
    assert not set("AEIOU") & set(ALPHABET)


def test_round_factory_traits_are_valid():
    for trait in ("open", "coming", "overdue", "closed", "released", "dual_degree"):
        RoundFactory(**{trait: True}).full_clean()
