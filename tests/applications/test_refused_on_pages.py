"""What a page says when its act is refused or somebody was faster; nothing that was typed is lost."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from applications import actions, tasks, visits
from applications.models import Application, Decision, DossierLink, Review
from applications.views import dossiers as dossier_views
from members.models import StudentProfile
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
from tests.factories.members import FieldFactory, MandateFactory, UserFactory, person_as, student_of

pytestmark = pytest.mark.django_db


def at(name, *args):
    return reverse(f"applications:{name}", args=args)


def said(response):
    return [str(message) for message in response.context["messages"]]


@pytest.fixture
def desk_of(client):
    """The client signed in as somebody of the desk of a round."""

    def signed_in(round):
        person = person_as("exchange", round.university)
        client.force_login(person)
        return person

    return signed_in


# rounds


def test_a_round_is_opened_by_an_office_only(client):
    client.force_login(student_of())

    assert client.get(at("round_add")).status_code == 403


def editor(client, round, step, data, **how):
    return client.post(at(f"round_{step}", round.slug), data, **how)


def test_a_clone_for_a_year_that_stands_already_keeps_what_was_chosen(client, desk_of):
    round = RoundFactory(open=True, academic_year=timezone.now().year)
    desk_of(round)

    response = editor(client, round, "clone", {"academic_year": round.academic_year})

    assert response.status_code == 422
    assert response.context["form"].errors == {"academic_year": ["This round is for that year already."]}


def test_what_comes_with_an_intake_is_not_taken_up_by_hand(client):
    round = RoundFactory(dual_degree=True)
    client.force_login(person_as("director", round.university))

    option = OptionFactory(round=round, kind="dual_degree")

    for act in ("take_up", "take_out", "all"):
        response = editor(client, round, "choose", {"act": act, "option": option.slug}, follow=True)
        assert said(response) == ["What can be chosen in this round comes from the programme's intake."]


def test_places_are_found_by_title_host_and_field_without_accents(client, desk_of):
    round = RoundFactory(academic_year=2027)
    desk_of(round)
    field = FieldFactory(code="0715", name="Mécanique")
    for title in ("Robótica", "Law"):
        PlacementFactory(
            published=True, academic_year=2027, title=title, field=field if title == "Law" else FieldFactory()
        )

    found = {
        q: [
            option.title
            for option in client.get(at("round_choices", round.slug), {"tab": "more", "q": q}).context["page_obj"]
        ]
        for q in ("robotica", "mecanique", "nothing")
    }

    assert found == {"robotica": ["Robótica"], "mecanique": ["Law"], "nothing": []}


def form_of(round, **changes):
    names = ["title", "introduction", "academic_year", "term", "time_zone", "max_choices", "answer_days", "version"]
    names += ["appeal_days", "appeal_answer_days", "motivation_words"]
    data = {name: getattr(round, name) for name in names} | {"for_own_students": "on"}
    for name in ("opens", "closes"):
        data[f"{name}_local"] = getattr(round, f"{name}_at").astimezone(round.zone).strftime("%Y-%m-%dT%H:%M")
    return data | changes


def test_an_archived_round_says_so_and_keeps_what_was_typed(client, desk_of):
    round = RoundFactory(state="archived")
    desk_of(round)

    response = editor(client, round, "edit", form_of(round, title="Another title"))

    assert response.status_code == 422
    assert response.context["form"].non_field_errors() == ["An archived round is not changed any more."]
    assert response.context["form"]["title"].value() == "Another title"


# the desk


def test_a_round_is_shared_out_among_too_few(client, desk_of):
    round = RoundFactory(open=True)
    desk_of(round)
    application = ApplicationFactory(round=round, submitted=True)
    reviewer = person_as("reviewer", round.university)
    words = {"reviewers": [reviewer.pk], "per_application": 2}

    response = client.post(at("round_assign", round.slug), words)

    assert response.status_code == 422
    assert said(response) == [f"Too few reviewers without a conflict for {application.reference}."]
    assert response.context["form"].data["per_application"] == "2"
    assert not Review.objects.exists()


def test_a_reviewer_who_recommends_is_refused_on_the_page_of_the_file(client, desk_of):
    round = RoundFactory(open=True)
    desk_of(round)
    reviewer = person_as("reviewer", round.university)
    application = ApplicationFactory(round=round, submitted=True, referee=reviewer.email)

    response = client.post(at("review_assign", application.reference), {"reviewer": reviewer.pk}, follow=True)

    assert said(response) == [f"{reviewer} recommends this applicant and cannot review."]


def test_a_review_is_opened_again_once(client, desk_of):
    review = ReviewFactory(finished=True)
    desk_of(review.application.round)
    page = at("review_reopen", review.application.reference, review.pk)

    answers = [said(client.post(page, follow=True)) for _press in range(2)]

    assert answers == [["The review is open again."], ["Only a finished review can be reopened."]]


def test_a_review_of_another_file_is_not_reopened_through_mine(client, desk_of):
    mine, other = ReviewFactory(finished=True), ReviewFactory(finished=True)
    desk_of(mine.application.round)

    assert client.post(at("review_reopen", mine.application.reference, other.pk)).status_code == 404


def test_points_that_come_too_late_are_told_and_stay_in_the_form(client):
    review = ReviewFactory(application=ApplicationFactory(withdrawn=True, submitted_at=timezone.now()))
    criterion = CriterionFactory(round=review.application.round)
    client.force_login(review.reviewer)

    response = client.post(at("review_edit", review.application.reference), {f"points_{criterion.pk}": "40"})

    assert said(response) == ["This application is not being reviewed any more."]
    assert response.context["form"].data[f"points_{criterion.pk}"] == "40"


def test_who_reviews_and_applies_in_one_person_gives_no_points(client):
    student = student_of()
    application = ApplicationFactory(
        round__university=student.student_profile.university, applicant=student, eligible=True
    )
    ReviewFactory(application=application, reviewer=student)
    client.force_login(student)

    assert client.get(at("review_edit", application.reference)).status_code == 403


def test_a_decision_of_an_open_round_is_told_and_what_was_typed_stays(client, desk_of):
    application = ApplicationFactory(eligible=True)
    desk_of(application.round)
    words = {"outcome": "wait", "choice": "", "reason": "Below 87.5."}

    response = client.post(at("decision_edit", application.reference), words)

    assert (response.status_code, response.context["form"].data["reason"]) == (422, "Below 87.5.")
    assert said(response) == ["Decisions are prepared after the round has closed and before it is released."]


def test_a_decision_by_hand_leads_to_its_letter(client, desk_of):
    application = ApplicationFactory(eligible=True, round=RoundFactory(closed=True))
    desk_of(application.round)
    words = {"outcome": "wait", "choice": "", "reason": "Below 87.5."}

    response = client.post(at("decision_edit", application.reference), words)

    assert response.url == at("letter_edit", application.reference)
    again = client.get(at("decision_edit", application.reference)).context["form"]
    assert (again["outcome"].value(), again["reason"].value()) == ("wait", "Below 87.5.")


def test_the_release_is_looked_at_once_more_before_it_leaves(client, desk_of):
    application = ApplicationFactory(eligible=True, round=RoundFactory(closed=True))
    DecisionFactory(application=application)
    desk_of(application.round)

    response = client.get(at("round_release", application.round.slug))

    figures = {str(figure["label"]): figure["value"] for figure in response.context["figures"]}
    assert figures == {
        "applications": 1, "offers": 0, "on the waiting list": 1, "without a place": 0, "not decided yet": 0,
    }  # fmt: skip
    assert Decision.objects.get().released_at is None


def test_who_competes_is_shown_no_board_of_the_round(client):
    rival = student_of()
    MandateFactory(person=rival, university=rival.student_profile.university)
    own = ApplicationFactory(round__university=rival.student_profile.university, applicant=rival, submitted=True)
    client.force_login(rival)

    for page in ("round_desk", "round_decisions", "round_release", "round_assign"):
        assert client.get(at(page, own.round.slug)).status_code == 403


# the act itself, where no page asks first


@pytest.mark.parametrize(
    ("act", "words", "sentence"),
    [
        ("prepare_decision", {"outcome": "wait", "choice": None, "reason": " "}, "Give the reason"),
        ("share_dossier", {"whom": " ", "days": 3, "now": timezone.now()}, "Say for whom the link is"),
    ],
)
def test_an_act_on_a_file_needs_its_words(act, words, sentence):
    application = ApplicationFactory(eligible=True, round=RoundFactory(closed=True))
    desk = person_as("exchange", application.round.university)

    with pytest.raises(actions.Refused, match=sentence):
        getattr(actions, act)(application=application, by=desk, **words)


@pytest.mark.parametrize(("subject", "letter"), [(" ", "Dear Robin"), ("No place", " \n")])
def test_a_letter_is_not_emptied(subject, letter):
    decision = DecisionFactory(application=ApplicationFactory(eligible=True, round=RoundFactory(closed=True)))
    desk = person_as("exchange", decision.application.round.university)

    with pytest.raises(actions.Refused, match="A letter needs a subject and a text"):
        actions.edit_letter(decision=decision, subject=subject, letter=letter, by=desk)


def test_a_document_is_refused_with_a_reason():
    slot = DocumentSlotFactory(application=ApplicationFactory(submitted=True), state="received")
    desk = person_as("exchange", slot.application.round.university)

    with pytest.raises(actions.Refused, match="Say why the document is refused"):
        actions.refuse_document(slot=slot, reason="  ", by=desk)


def test_an_application_without_its_offered_choice_has_nothing_to_answer():
    application = ApplicationFactory(offered=True)
    ChoiceFactory(application=application, state="not_needed")

    with pytest.raises(actions.Refused, match="There is no open offer"):
        actions.accept_offer(application=application, by=application.applicant, now=timezone.now())


def test_a_release_with_a_decision_that_fits_no_more_names_it():
    application = ApplicationFactory(ineligible=True, round=RoundFactory(closed=True))
    DecisionFactory(application=application, outcome="wait")
    desk = person_as("exchange", application.round.university)

    with pytest.raises(actions.Refused, match=f"does not fit any more: {application.reference}"):
        actions.release_round(round=application.round, by=desk, now=timezone.now())
    assert Decision.objects.get().released_at is None


# jobs


def test_a_job_leaves_alone_what_somebody_was_faster_with():
    application = ApplicationFactory(offered=True, answer_by=timezone.now() - timedelta(minutes=1))

    assert tasks.expire_due_offers() == 0  # its choice was settled meanwhile, so there is no offer to end
    application.refresh_from_db()
    assert application.state == "offered"


def test_the_job_of_reminders_tells_how_many_were_told():
    ApplicationFactory(round=RoundFactory(open=True, closes_at=timezone.now() + timedelta(hours=5)))

    assert [tasks.remind(), tasks.remind()] == [1, 0]


# files and links


def test_a_file_is_handed_out_to_nobody_whose_sight_of_it_has_ended(client):
    document = DocumentFileFactory(slot__application__submitted=True)
    page = at("document_download", document.slot.application.reference, document.code)
    client.force_login(UserFactory())

    assert client.get(page).status_code == 404
    client.force_login(person_as("exchange", document.slot.application.round.university))
    response = client.get(page)
    response.close()
    assert response.status_code == 200


def test_a_link_for_nobody_is_told_by_the_act_too(client, desk_of):
    application = ApplicationFactory(submitted=True)
    desk_of(application.round)
    for _link in range(10):
        DossierLinkFactory(application=application)

    response = client.post(at("application_share", application.reference), {"whom": "Prof. Lind", "days": 3})

    assert response.context["form"].non_field_errors() == ["10 links to this file work already. Revoke one first."]
    assert response.context["form"]["whom"].value() == "Prof. Lind"
    assert not response.context["address"]


@pytest.mark.parametrize("code", ["0", "0123456789ab", "0123456789abcdef"])
def test_a_link_is_revoked_by_its_whole_code_only(client, desk_of, code):
    link = DossierLinkFactory()
    desk_of(link.application.round)

    assert client.post(at("share_revoke", link.application.reference, code)).status_code == 404
    assert client.post(at("share_revoke", link.application.reference, link.code[:-1])).status_code == 404
    assert DossierLink.objects.get().revoked_at is None


def test_a_link_that_is_revoked_while_it_is_opened_opens_nothing():
    link = DossierLinkFactory()
    DossierLink.objects.update(revoked_at=timezone.now(), revoked_by=UserFactory())

    with pytest.raises(Http404):
        dossier_views._open(link)
    assert DossierLink.objects.get().openings == 0


def test_the_dossier_of_a_file_one_only_reviews_is_no_rivals(client):
    review = ReviewFactory()
    client.force_login(review.reviewer)

    assert client.get(at("application_dossier", review.application.reference)).status_code == 200


# the applicant


def test_without_a_profile_the_first_step_leads_to_it(client):
    application = ApplicationFactory()
    StudentProfile.objects.filter(user=application.applicant).delete()
    client.force_login(application.applicant)

    assert client.get(at("application_profile", application.reference)).url == reverse("people:profile")


def test_a_choice_pressed_after_the_closing_leads_back_to_the_draft(client):
    application = ApplicationFactory(round=RoundFactory(closed=True))
    option = OptionFactory(round=application.round)
    client.force_login(application.applicant)

    response = client.post(at("application_choose", application.reference), {"version": 1, "do": f"add:{option.pk}"})

    assert response.url == application.get_absolute_url()
    assert not application.choices.exists()


def test_applying_without_a_wish_begins_an_empty_draft(client):
    round = RoundFactory(open=True)
    client.force_login(student_of(round.university))

    response = client.post(at("application_start", round.slug))

    application = Application.objects.get()
    assert response.url == at("application_edit", application.reference)
    assert (application.version, application.choices.count()) == (1, 0)


# sights


def test_a_visitor_sees_no_application_at_all():
    ApplicationFactory(submitted=True)

    assert not Application.objects.visible_to(AnonymousUser()).exists()


def test_support_sees_only_what_it_has_opened_with_a_reason():
    student, supporter = student_of(), person_as("secretariat")
    opened, closed = (ApplicationFactory(applicant=student, round=RoundFactory(open=True)) for _number in range(2))
    opened.accesses.create(person=supporter, reason="Asked by the student.")
    student.supporter = supporter

    assert {*Application.objects.visible_to(student)} == {opened}
    assert closed not in Application.objects.visible_to(student)


def test_a_visit_opens_every_file_of_the_student_with_its_reason():
    application = ApplicationFactory(submitted=True)
    visit = SimpleNamespace(
        person=application.applicant, supporter=person_as("secretariat"), reason="The upload does not work."
    )

    visits.open_files(visit)

    assert [(access.person, access.reason) for access in application.accesses.all()] == [
        (visit.supporter, "The upload does not work."),
    ]  # fmt: skip


def test_rows_name_themselves():
    appeal, review = AppealFactory(), ReviewFactory()

    assert str(appeal) == f"{appeal.application_id}: filed"
    assert str(review) == f"{review.reviewer} on {review.application_id}"
    assert str(DossierLinkFactory(whom="Prof. Lind")).startswith("Prof. Lind 20")
