"""The office's and the reviewers' pages: who gets in, what they do, what they never show."""

import csv
import io

import pytest
from django.urls import reverse
from django.utils import timezone

from applications import actions
from applications.models import Application, Decision, DocumentSlot, FileAccess, Review, Round
from applications.models.rounds import REASON_LENGTH
from members.acts import Refused, record
from members.models import User
from notifications.models import Notice
from tests.factories.applications import (
    ApplicationFactory,
    ChoiceFactory,
    CriterionFactory,
    DecisionFactory,
    DocumentFileFactory,
    DocumentSlotFactory,
    OptionFactory,
    ReviewFactory,
    RoundFactory,
    ScoreFactory,
)
from tests.factories.members import UserFactory, person_as, student_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def round():
    return RoundFactory(closed=True)


@pytest.fixture
def coordinator(round):
    return person_as("exchange", round.university)


@pytest.fixture
def desk(client, coordinator):
    client.force_login(coordinator)
    return client


def submitted_in(round, **fields):
    application = ApplicationFactory(round=round, **({"submitted": True} | fields))
    ChoiceFactory(application=application)
    return application


def post(client, page, *at, **data):
    return client.post(reverse(f"applications:{page}", args=at), data, follow=True)


def said(response):
    return [str(message) for message in response.context["messages"]]


def test_round_desk_lists_what_was_submitted_only(desk, round):
    submitted_in(round)
    ApplicationFactory(round=round)

    response = desk.get(reverse("applications:round_desk", args=[round.slug]))

    assert [row.state for row in response.context["page_obj"]] == ["submitted"]
    assert response.context["board"]["stages"][0]["count"] == 1


@pytest.mark.parametrize("count", [1, 3])
def test_round_desk_query_count(desk, round, count, django_assert_num_queries):
    for _ in range(count):
        DocumentFileFactory(slot__application=submitted_in(round))

    with django_assert_num_queries(20):
        desk.get(reverse("applications:round_desk", args=[round.slug]))


@pytest.mark.parametrize(
    ("query", "found"),
    [("?state=eligible", 1), ("?state=submitted", 1), ("?q=Nobody", 0), ("?unreviewed=yes", 2), ("?to_check=yes", 1)],
)
def test_round_desk_filters(desk, round, query, found):
    DocumentFileFactory(slot__application=submitted_in(round))
    submitted_in(round, submitted=False, eligible=True)

    response = desk.get(reverse("applications:round_desk", args=[round.slug]) + query)

    assert response.context["total"] == found


def test_round_desk_sorted_by_score_begins_with_the_best_and_ends_with_those_without(desk, round):
    without, good, best = (submitted_in(round, submitted=False, eligible=True) for _ in range(3))
    for application, points in ((good, 40), (best, 45)):
        ScoreFactory(review=ReviewFactory(application=application, finished=True), points=points)

    response = desk.get(reverse("applications:round_desk", args=[round.slug]) + "?sort=score")

    assert list(response.context["page_obj"]) == [best, good, without]


def exported(response):
    return list(csv.DictReader(io.StringIO(b"".join(response).decode("utf-8-sig"))))


def test_round_desk_is_exported_with_score_and_choices(desk, round):
    application = submitted_in(round, submitted=False, eligible=True)
    ScoreFactory(review=ReviewFactory(application=application, finished=True), points=40)

    [row] = exported(desk.get(reverse("applications:round_desk", args=[round.slug]), {"export": "csv"}))

    option = application.choices.get().option
    assert (row["Reference"], row["E-mail"], row["State"], row["Score"], row["Appeal"], row["Choices"]) == (
        application.reference, application.applicant.email, "Eligible", "40.00", "",
        f"{option.host.short_name}: {option.title}",
    )  # fmt: skip


def test_reviews_are_exported_with_the_own_points(client, round):
    score = ScoreFactory(review__application=submitted_in(round), points=12)
    client.force_login(score.review.reviewer)

    [row] = exported(client.get(reverse("applications:review_list"), {"export": "csv"}))

    application = score.review.application
    assert row == {
        "Reference": application.reference, "Student": application.applicant.get_full_name(), "Round": round.title,
        "State": "Finished", "Points": "12.0",
    }  # fmt: skip


def test_what_the_clock_did_is_told_as_such(desk, round):
    application = submitted_in(round, submitted=False, expired=True)
    record("application.expired", application, by=None)

    page = desk.get(reverse("applications:application_desk", args=[application.reference]))

    assert [(str(step["label"]), step["by"]) for step in page.context["timeline"]] == [
        ("Offer expired", "by the clock")
    ]


def test_people_are_found_without_their_accents(client, round):
    zoe = student_of(round.university)
    User.objects.filter(pk=zoe.pk).update(given_name="Zoë", family_name="Łukasz")
    application = submitted_in(round, applicant=zoe)
    review = ReviewFactory(application=application, reviewer=person_as("reviewer", round.university))
    pages = []
    for person, page in (
        (person_as("exchange", round.university), reverse("applications:round_desk", args=[round.slug])),
        (review.reviewer, reverse("applications:review_list")),
    ):
        client.force_login(person)
        pages.append(client.get(page, {"q": "zoe lukasz"}).context["total"])

    assert pages == [1, 1]


@pytest.mark.parametrize(("state", "to_check"), [("submitted", 1), ("withdrawn", 0)])
def test_round_desk_asks_for_nothing_in_an_application_that_has_ended(desk, round, state, to_check):
    application = ApplicationFactory(round=round, state=state, submitted_at=timezone.now())
    DocumentSlotFactory(application=application, state="received")

    rows = desk.get(reverse("applications:round_desk", args=[round.slug])).context["page_obj"].object_list

    assert [row.documents_to_check for row in rows] == [to_check]


def test_round_desk_folds_away_the_places_nobody_has_chosen(desk, round):
    wanted, unwanted = OptionFactory.create_batch(2, places=2)
    round.options.add(wanted, unwanted)
    ChoiceFactory(application=ApplicationFactory(round=round, submitted=True), option=wanted)

    board = desk.get(reverse("applications:round_desk", args=[round.slug])).context["board"]

    assert wanted in board["wanted"]
    assert unwanted in board["unwanted"]
    assert not {*board["wanted"]} & {*board["unwanted"]}


def test_round_desk_of_another_university_is_closed(client, round):
    client.force_login(person_as("exchange"))

    assert client.get(reverse("applications:round_desk", args=[round.slug])).status_code == 403


def test_file_of_another_university_does_not_exist(client, round):
    application = submitted_in(round)
    client.force_login(person_as("exchange"))

    assert client.get(reverse("applications:application_desk", args=[application.reference])).status_code == 404


def test_secretariat_is_asked_for_a_reason_before_a_file(client, round):
    application = ApplicationFactory(round=round, submitted=True)
    client.force_login(person_as("secretariat"))

    response = client.get(reverse("applications:application_desk", args=[application.reference]))

    assert response.status_code == 302
    assert response.url == reverse("applications:application_open", args=[application.reference])


def test_secretariat_learns_nothing_of_a_draft(client, round):
    application = ApplicationFactory(round=round)
    client.force_login(person_as("secretariat"))

    response = client.get(reverse("applications:application_desk", args=[application.reference]), follow=True)

    assert response.status_code == 404


def test_student_is_not_shown_the_desk_of_the_own_file(client, round):
    application = submitted_in(round)
    client.force_login(application.applicant)

    assert client.get(reverse("applications:application_desk", args=[application.reference])).status_code == 403


def test_file_page_query_count(desk, round, django_assert_num_queries):
    application = submitted_in(round)
    for _ in range(3):
        ChoiceFactory(application=application, rank=application.choices.count() + 1)
        DocumentFileFactory(slot__application=application)
        ScoreFactory(review__application=application)

    with django_assert_num_queries(18):
        desk.get(reverse("applications:application_desk", args=[application.reference]))


def test_office_finds_an_application_eligible(desk, round):
    application = submitted_in(round)

    post(desk, "application_find_eligible", application.reference, reason="")

    application.refresh_from_db()
    assert application.state == Application.State.ELIGIBLE


def test_office_must_say_why_somebody_is_not_eligible(desk, round):
    application = submitted_in(round)

    response = post(desk, "application_find_ineligible", application.reference, reason=" ")

    application.refresh_from_db()
    assert application.state == Application.State.SUBMITTED
    assert response.context["form"].errors["reason"] == ["This field is required."]


def test_student_is_told_at_once_what_the_office_asks(desk, round):
    application = submitted_in(round)

    post(desk, "application_ask_more", application.reference, reason="Your transcript of the last year")

    assert Notice.objects.get(recipient=application.applicant).body.count("Your transcript of the last year") == 1


def test_office_reads_as_missing_what_somebody_waits_for(desk, round):
    application = submitted_in(round)
    for needed in ("to_apply", "later", "optional"):
        DocumentSlotFactory(application=application, needed=needed)

    page = desk.get(reverse("applications:application_desk", args=[application.reference]))

    told = [(entry["slot"].needed, entry["label"], entry["tone"]) for entry in page.context["slots"]]
    assert told == [
        ("to_apply", "Missing", "wait"), ("later", "Needed later", "quiet"), ("optional", "Not sent", "quiet"),
    ]  # fmt: skip


def test_office_checks_and_refuses_documents(desk, round):
    application = submitted_in(round)
    first = DocumentFileFactory(slot__application=application).slot
    second = DocumentFileFactory(slot__application=application).slot

    post(desk, "document_validate", application.reference, first.pk, file=first.files.get().code)
    post(desk, "document_refuse", application.reference, second.pk, reason="Unreadable")

    states = dict(DocumentSlot.objects.values_list("pk", "state"))
    assert states == {first.pk: "validated", second.pk: "refused"}


def test_longest_reason_reaches_the_student_whole_and_a_longer_one_comes_back(desk, round):
    application = submitted_in(round)
    slot = DocumentFileFactory(slot__application=application).slot
    page = reverse("applications:document_refuse", args=[application.reference, slot.pk])

    too_long = desk.post(page, {"reason": "x" * (REASON_LENGTH + 1)})
    desk.post(page, {"reason": "x" * REASON_LENGTH})

    assert (too_long.status_code, too_long.context["form"]["reason"].value()) == (422, "x" * (REASON_LENGTH + 1))
    assert "maxlength" not in str(too_long.context["form"]["reason"])  # a browser would cut what is pasted
    assert DocumentSlot.objects.get().reason == "x" * REASON_LENGTH


def test_reason_that_would_not_fit_is_refused_whoever_sends_it(coordinator, round):
    slot = DocumentFileFactory(slot__application=submitted_in(round)).slot

    with pytest.raises(Refused, match="That has 401 letters; 400 are allowed"):
        actions.refuse_document(slot=slot, reason="x" * 401, by=coordinator)


@pytest.mark.parametrize(
    ("page", "typed"),
    [
        ("application_find_ineligible", {"reason": ""}),
        ("application_ask_more", {"reason": " "}),
        ("application_share", {"whom": "", "days": "0"}),
        ("decision_edit", {"outcome": "offer", "reason": "Best of all"}),
        ("letter_edit", {"subject": "", "letter": "Dear you"}),
    ],
)
def test_what_cannot_be_taken_is_answered_as_such(desk, round, page, typed):
    application = submitted_in(round, submitted=False, eligible=True)
    DecisionFactory(application=application)

    response = desk.post(reverse(f"applications:{page}", args=[application.reference]), typed)

    assert response.status_code == 422
    assert response.context["form"].errors


def test_document_that_was_replaced_while_the_page_stood_open_is_looked_at_first(desk, round):
    application = submitted_in(round)
    looked_at = DocumentFileFactory(slot__application=application, sha256="a" * 64)
    DocumentFileFactory(slot=looked_at.slot, sha256="b" * 64)

    response = post(desk, "document_validate", application.reference, looked_at.slot.pk, file=looked_at.code)
    address = reverse("applications:document_refuse", args=[application.reference, looked_at.slot.pk])
    refused = desk.post(f"{address}?file={looked_at.code}", {"reason": "Unreadable"})

    assert said(response) == said(refused) == ["A newer file was sent meanwhile. Look at it first."]
    assert refused.context["form"]["reason"].value() == "Unreadable"
    assert DocumentSlot.objects.get().state == "received"


@pytest.mark.parametrize("act", ["document_validate", "document_refuse"])
def test_document_of_an_application_that_has_ended_is_left_alone(desk, round, act):
    application = submitted_in(round, submitted=False, rejected=True)
    file = DocumentFileFactory(slot__application=application)

    page = desk.get(reverse("applications:application_desk", args=[application.reference]))
    response = post(desk, act, application.reference, file.slot.pk, reason="Unreadable", file=file.code)

    [entry] = page.context["slots"]
    assert (entry["can_validate"], entry["can_refuse"]) == (False, False)
    assert said(response) == ["This application has ended."]
    assert not Notice.objects.filter(recipient=application.applicant).exists()


def test_document_of_another_file_cannot_be_checked_through_mine(desk, round):
    application, other = submitted_in(round), DocumentFileFactory()

    response = post(desk, "document_validate", application.reference, other.slot.pk)

    assert response.status_code == 404


def test_document_asked_for_twice_keeps_what_was_typed(desk, round):
    application = submitted_in(round)
    DocumentSlotFactory(application=application, name="Passport")

    response = post(desk, "document_ask", application.reference, name="Passport", help="All pages", needed="later")

    assert response.status_code == 422
    assert '<details class="section" open>' in response.content.decode()
    assert response.context["document_form"]["help"].value() == "All pages"
    assert said(response) == ["Give the document a name that is not in the list yet."]


def test_reviewer_gives_points_and_sees_no_others_before(client, round):
    application = submitted_in(round, submitted=False, eligible=True)
    criterion = CriterionFactory(round=round, max_points=50)
    other = ScoreFactory(review__application=application, criterion=criterion, review__comment="Weak, I fear")
    reviewer = person_as("reviewer", round.university)
    ReviewFactory(application=application, reviewer=reviewer)
    client.force_login(reviewer)
    address = reverse("applications:review_edit", args=[application.reference])

    before = client.get(address)
    client.post(address, {f"points_{criterion.pk}": "41.5", "comment": "", "feedback": "Well argued"})
    after = client.get(address)

    assert (b"Weak, I fear" in before.content, b"Weak, I fear" in after.content) == (False, True)
    mine = Review.objects.get(reviewer=reviewer)
    assert (mine.state, mine.feedback, mine.scores.get().points) == ("finished", "Well argued", 41.5)
    assert other.review.scores.get().points == 40


@pytest.mark.parametrize("points", ["50.1", "-1", "many", ""])
def test_points_outside_the_criterion_are_refused_at_the_field(client, round, points):
    application = submitted_in(round, submitted=False, eligible=True)
    criterion = CriterionFactory(round=round, max_points=50)
    reviewer = person_as("reviewer", round.university)
    ReviewFactory(application=application, reviewer=reviewer)
    client.force_login(reviewer)

    response = post(
        client, "review_edit", application.reference, **{f"points_{criterion.pk}": points, "comment": "Kept"}
    )

    assert (response.status_code, list(response.context["form"].errors)) == (422, [f"points_{criterion.pk}"])
    assert response.context["form"]["comment"].value() == "Kept"


def test_reviewer_who_steps_back_loses_sight_of_the_file(client, round):
    application = submitted_in(round, submitted=False, eligible=True)
    reviewer = person_as("reviewer", round.university)
    ReviewFactory(application=application, reviewer=reviewer)
    client.force_login(reviewer)

    post(client, "review_recuse", application.reference, reason="I supervise this student")

    assert client.get(reverse("applications:review_edit", args=[application.reference])).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_review_list_query_count(client, round, count, django_assert_num_queries):
    reviewer = person_as("reviewer", round.university)
    for _ in range(count):
        ReviewFactory(application=submitted_in(round, submitted=False, eligible=True), reviewer=reviewer)
    client.force_login(reviewer)

    with django_assert_num_queries(8):
        client.get(reverse("applications:review_list"))


def test_asking_nobody_for_a_review_is_told(desk, round):
    response = post(desk, "review_assign", submitted_in(round).reference, reviewer="")

    assert said(response) == ["Choose a person to ask."]
    assert not Review.objects.exists()


def test_office_shares_a_round_among_its_reviewers(desk, round):
    for _ in range(3):
        submitted_in(round, submitted=False, eligible=True)
    people = [person_as("reviewer", round.university) for _ in range(3)]

    post(desk, "round_assign", round.slug, reviewers=[person.pk for person in people], per_application=2)

    assert sorted(Review.objects.filter(reviewer=person).count() for person in people) == [2, 2, 2]


def scored(round, option, points):
    application = ApplicationFactory(round=round, eligible=True)
    ChoiceFactory(application=application, option=option)
    ScoreFactory(review__application=application, criterion=round.criteria.get(), points=points)
    return application


def test_decisions_are_proposed_read_and_released(desk, round):
    CriterionFactory(round=round, max_points=100)
    option = OptionFactory(round=round, places=1)
    best, second = scored(round, option, 90), scored(round, option, 80)

    post(desk, "round_propose", round.slug)
    post(desk, "letter_edit", best.reference, subject="Good news", letter="Dear you, a place. {answer_by}")
    hidden = Notice.objects.count()
    post(desk, "round_release", round.slug)

    assert hidden == 0
    assert dict(Application.objects.values_list("pk", "state")) == {best.pk: "offered", second.pk: "waitlisted"}
    assert Notice.objects.get(recipient=best.applicant).subject == "Good news"


def test_release_is_refused_while_one_is_undecided(desk, round):
    submitted_in(round, submitted=False, eligible=True)

    post(desk, "round_release", round.slug)

    round.refresh_from_db()
    assert round.state == Round.State.CLOSED


def test_decision_by_hand_needs_a_place_to_offer(desk, round):
    application = submitted_in(round, submitted=False, eligible=True)

    response = post(desk, "decision_edit", application.reference, outcome="offer", choice="", reason="Best of all")

    assert response.context["form"].errors == {"choice": ["Choose the place that is offered."]}
    assert not Decision.objects.exists()


def test_released_letter_can_be_read_only(desk, round):
    CriterionFactory(round=round, max_points=100)
    best = scored(round, OptionFactory(round=round, places=1), 90)
    post(desk, "round_propose", round.slug)
    post(desk, "round_release", round.slug)

    response = post(desk, "letter_edit", best.reference, subject="Other", letter="words")

    assert said(response) == ["This letter has left already."]
    assert Decision.objects.get().subject != "Other"


@pytest.mark.parametrize("count", [1, 3])
def test_decision_board_query_count(desk, round, count, django_assert_num_queries):
    for _ in range(count):
        submitted_in(round, submitted=False, eligible=True)

    with django_assert_num_queries(13):
        desk.get(reverse("applications:round_decisions", args=[round.slug]))


def test_secretariat_opens_a_file_with_a_logged_reason_only(client, round):
    application = submitted_in(round)
    secretary = person_as("secretariat")
    client.force_login(secretary)
    address = reverse("applications:application_desk", args=[application.reference])

    before = client.get(address).status_code
    post(client, "application_open", application.reference, reason="The student asked us to mediate")
    after = client.get(address)

    assert (before, after.status_code) == (302, 200)
    assert FileAccess.objects.get().reason == "The student asked us to mediate"
    assert not after.context["can_decide"]


@pytest.mark.parametrize("person", [UserFactory, student_of])
def test_nobody_else_opens_a_file_with_a_reason(client, round, person):
    application = submitted_in(round)
    client.force_login(person())

    assert post(client, "application_open", application.reference, reason="Just curious, sorry").status_code == 403
