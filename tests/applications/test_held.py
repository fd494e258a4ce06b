"""What this room holds of a person: what the download tells, what stands in the way of an erasure, what it leaves."""

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from applications import held_of_people
from applications.models import Application, Choice, Decision, DocumentFile, DocumentSlot, Review
from members.models import Act
from tests.factories.applications import (
    AppealFactory,
    ApplicationFactory,
    ChoiceFactory,
    DecisionFactory,
    DocumentFileFactory,
    DocumentSlotFactory,
    ReviewFactory,
)
from tests.factories.members import UserFactory

pytestmark = pytest.mark.django_db
ERASED = "Erased at the person's request."


def decided(*, released):
    application = ApplicationFactory(rejected=True) if released else ApplicationFactory(eligible=True)
    ChoiceFactory(application=application, state="not_offered", why="The place went to a score of 87.5; yours is 84.0.")
    fields = {"released_by": UserFactory(), "released_at": timezone.now()} if released else {}
    DecisionFactory(application=application, outcome="reject", letter="Dear Ida Ek, no.", **fields)
    return application


# the download


def test_after_the_release_the_download_has_letter_result_and_reason():
    application = decided(released=True)

    [row] = held_of_people.application_rows(application.applicant)

    assert row["letter"] == {"subject": "Waiting list", "text": "Dear Ida Ek, no."}
    assert [(choice["answer"], choice["reason"]) for choice in row["choices"]] == [
        ("Not offered", "The place went to a score of 87.5; yours is 84.0."),
    ]  # fmt: skip
    assert row["state"] == "No place"


def test_before_the_release_it_has_none_of_them():
    application = decided(released=False)

    [row] = held_of_people.application_rows(application.applicant)

    assert (row["letter"], row["state"]) == (None, "Being considered")
    assert [(choice["answer"], choice["reason"]) for choice in row["choices"]] == [("", "")]


def test_a_draft_is_in_the_download_too():
    application = ApplicationFactory(motivation="I want to learn.", phone="+46 8", notes="By train.")

    [row] = held_of_people.application_rows(application.applicant)

    assert (row["motivation"], row["phone"], row["notes"], row["submitted_at"]) == (
        "I want to learn.", "+46 8", "By train.", None,
    )  # fmt: skip
    assert (row["documents"], row["choices"], row["appeals"]) == ([], [], [])


def test_every_version_of_a_document_is_in_the_download():
    slot = DocumentSlotFactory(state="received", name="Passport")
    files = [DocumentFileFactory(slot=slot, name=f"{number}.pdf") for number in range(2)]
    student = slot.application.applicant

    [row] = held_of_people.application_rows(student)

    assert {entry["file"] for entry in row["documents"]} == {"0.pdf", "1.pdf"}
    reference = slot.application.reference
    assert {held.name for held in held_of_people.application_files(student)} == {
        f"{reference}/{file.code[:6]}-{file.name}" for file in files
    }


def test_nothing_of_anybody_else_is_in_it():
    decided(released=True)
    other = UserFactory()

    assert held_of_people.application_rows(other) == []
    assert list(held_of_people.application_files(other)) == []
    assert held_of_people.access_rows(other) == held_of_people.review_rows(other) == []
    assert held_of_people.answer_rows(other) == []


def test_the_student_reads_who_opened_the_file_and_the_reviewer_what_they_were_asked():
    application = ApplicationFactory(submitted=True)
    secretary = UserFactory()
    application.accesses.create(person=secretary, reason="Asked by the student.")
    review = ReviewFactory(application=application)
    appeal = AppealFactory(dismissed=True)

    [access] = held_of_people.access_rows(application.applicant)
    [asked] = held_of_people.review_rows(review.reviewer)
    [answered] = held_of_people.answer_rows(appeal.decided_by)

    assert (access["by"], access["reason"]) == (secretary.email, "Asked by the student.")
    assert asked == {"round": application.round.title, "state": "assigned"}
    assert (answered["round"], answered["state"]) == (appeal.application.round.title, "dismissed")


# in the way


@pytest.mark.parametrize("state", Application.State)
def test_what_is_still_open_stands_in_the_way(state):
    application = ApplicationFactory(submitted_at=timezone.now(), answer_by=timezone.now(), state=state)

    hindrance = str(held_of_people.open_application(application.applicant, timezone.now()))

    still_open = {"draft", "submitted", "more_info", "eligible", "ineligible", "offered", "waitlisted"}
    assert bool(hindrance) is (state in still_open)
    assert not hindrance or hindrance.startswith("An application of yours is still open.")


def test_an_open_appeal_is_named_before_the_application():
    appeal = AppealFactory()

    assert str(held_of_people.open_application(appeal.application.applicant, timezone.now())).startswith("An appeal of")
    assert held_of_people.open_application(UserFactory(), timezone.now()) == ""


# the erasure


def erase(person):
    return held_of_people.erase_applications(person, timezone.now())


def history(model, thing, column):
    return {*model.pgh_event_model.objects.filter(pgh_obj_id=thing.pk).values_list(column, flat=True)}


def test_every_word_goes_from_the_row_and_from_its_history():
    application = ApplicationFactory(
        rejected=True, motivation="I, Ida Ek", phone="+46 8", referee="ada@kth.example", notes="By train.",
        asked_for="Your passport, Ida.", profile={"name": "Ida Ek"},
    )  # fmt: skip
    application.save()  # the triggers write down what stood there

    assert erase(application.applicant) == 1

    application.refresh_from_db()
    words = ("motivation", "phone", "referee", "notes", "asked_for")
    assert [getattr(application, name) for name in words] == [""] * 5
    assert (application.profile, application.state) == ({}, "rejected")
    assert [history(Application, application, name) for name in words] == [{""}] * 5


def test_letter_and_reason_of_a_decision_go():
    decision = Decision.objects.get(application=decided(released=True))
    decision.save()

    erase(decision.application.applicant)

    decision.refresh_from_db()
    assert (decision.subject, decision.letter, decision.reason, decision.outcome) == ("", "", ERASED, "reject")
    assert history(Decision, decision, "letter") == {""}


def test_the_reason_goes_that_stands_at_each_choice():
    application = decided(released=True)
    choice = application.choices.get()
    choice.save()

    erase(application.applicant)

    choice.refresh_from_db()
    assert (choice.state, choice.why) == ("not_offered", "")  # the count of places needs the state
    assert history(Choice, choice, "why") == {""}


def test_what_reviewers_wrote_goes_and_their_points_stay():
    review = ReviewFactory(finished=True, comment="Ida is strong.", feedback="Well done, Ida.")
    recused = ReviewFactory(application=review.application, state="recused", reason="I know Ida.")

    erase(review.application.applicant)

    for each in (review, recused):
        each.refresh_from_db()
        assert (each.comment, each.feedback, each.reason) == ("", "", "")
    assert [review.state, recused.state] == ["finished", "recused"]
    assert history(Review, review, "comment") == {""}


def test_why_a_document_was_refused_goes_though_the_database_wants_a_reason():
    refused = DocumentSlotFactory(state="refused", reason="Ida, it is blurred.")
    asked = DocumentSlotFactory(application=refused.application)

    erase(refused.application.applicant)

    assert {*DocumentSlot.objects.values_list("pk", "state", "reason")} == {
        (refused.pk, "refused", ERASED), (asked.pk, "asked", ""),
    }  # fmt: skip


def test_lines_of_the_log_keep_that_something_happened_and_when():
    application = ApplicationFactory(rejected=True)
    line = Act.objects.create(
        kind="application.rejected", target=application, reason="Ida has 26 credits.", details={"whom": "Prof. Lind"}
    )

    erase(application.applicant)

    line.refresh_from_db()
    assert (line.kind, line.reason, line.details) == ("application.rejected", "", {})


def test_files_go_once_the_erasure_is_certain(django_capture_on_commit_callbacks):
    document = DocumentFileFactory()
    student, stored = document.slot.application.applicant, document.file.name

    with django_capture_on_commit_callbacks() as callbacks:
        erase(student)
    assert not DocumentFile.objects.exists()
    assert default_storage.exists(stored)  # rolled back, the row would come back, and so must the file

    for callback in callbacks:
        callback()
    assert not default_storage.exists(stored)


def test_the_applications_of_others_stay_as_they_are():
    mine, other = decided(released=True), decided(released=True)
    Application.objects.filter(pk=other.pk).update(motivation="I, Bo.")

    erase(mine.applicant)

    other.refresh_from_db()
    assert (other.motivation, other.decision.letter) == ("I, Bo.", "Dear Ida Ek, no.")
    assert other.choices.get().why.startswith("The place went")


def test_to_erase_nothing_and_to_erase_twice_is_no_error():
    application = decided(released=True)

    assert [erase(application.applicant), erase(application.applicant), erase(UserFactory())] == [1, 1, 0]
