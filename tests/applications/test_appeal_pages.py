"""Appeals on the screen: what the applicant reads and sends, what the office reads and answers, what neither sees."""

import io
import json
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from applications import actions
from applications.models import Appeal, AppealFile, Application, Decision, Option
from members import retention
from members.actions import privacy
from members.acts import Refused
from members.personal_data import all_holdings, hindrances
from members.support import is_allowed
from tests.applications.files import pdf, picture, upload
from tests.applications.stories import Story, refused_in, states
from tests.factories.applications import (
    AppealFactory,
    AppealFileFactory,
    ApplicationFactory,
    DecisionFactory,
    ReviewFactory,
)
from tests.factories.members import UserFactory, person_as, student_of
from tests.factories.people import ErasureFactory

pytestmark = pytest.mark.django_db
GROUNDS = "My transcript shows 62 credits, you counted 26."


@pytest.fixture
def story():
    """One place, which the first has; the second waits, the third was found not eligible."""
    story = Story(places=(1,), time_zone="Asia/Shanghai")
    story.first, story.second = story.scored("90", 0), story.scored("80", 0)
    [story.third] = refused_in(story)
    return story


def at(name, application, *args):
    return reverse(f"applications:{name}", args=[application.reference, *args])


def appeal_of(application, **changes):
    words = {"grounds": GROUNDS, "files": (), "by": application.applicant, "now": timezone.now()} | changes
    return actions.file_appeal(application=application, **words)


def page(client, person, address):
    client.force_login(person)
    return client.get(address, follow=True)


def words_of(response):
    return " ".join(response.content.decode().split())


# the applicant


@pytest.mark.parametrize("who", ["second", "third"])
def test_the_page_names_the_last_moment_in_both_zones_and_leads_to_the_form(client, story, who):
    application = getattr(story, who)
    application.applicant.time_zone = "Europe/Lisbon"
    application.applicant.save()

    response = page(client, application.applicant, application.get_absolute_url())

    assert response.context["turn"]["actions"][0]["url"] == at("appeal_new", application)
    assert "23:59 Shanghai" in words_of(response)
    assert "for you)" in words_of(response)
    assert "A place that was given to somebody else is not taken away" in words_of(response)


def test_filing_with_papers(client, story):
    client.force_login(story.third.applicant)

    response = client.post(
        at("appeal_new", story.third),
        {"grounds": GROUNDS, "files": [upload(pdf(), "credits.pdf"), upload(pdf(2), "more.pdf")]},
        follow=True,
    )

    appeal = Appeal.objects.get(application=story.third)
    assert [file.name for file in appeal.files.all()] == ["credits.pdf", "more.pdf"]
    assert response.redirect_chain[-1][0] == story.third.get_absolute_url()
    assert response.context["turn"]["title"] == "Your appeal is looked at"
    assert GROUNDS in words_of(response)
    assert [step["label"] for step in response.context["steps"]][-2:] == [
        "You appealed", "The office answers your appeal at the latest",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"grounds": "Wrong."}, "at least 20 characters"),
        ({"grounds": "x" * 3001}, "at most 3000 characters"),
        ({"grounds": ""}, "This field is required"),
        ({"files": [upload(picture(), "a.png")]}, "is a picture. Save it as PDF."),
        ({"files": [upload(b"MZ" + b"\0" * 300, "a.pdf")]}, "is not a PDF"),
        ({"files": [upload(pdf(n), f"{n}.pdf") for n in range(1, 5)]}, "Three files at most."),
    ],
    ids=["short", "long", "empty", "picture", "executable", "four"],
)
def test_bad_input_is_told_and_what_was_written_stays(client, story, data, sentence):
    client.force_login(story.third.applicant)

    response = client.post(at("appeal_new", story.third), {"grounds": GROUNDS} | data)

    assert response.status_code == 422
    assert sentence in words_of(response)
    assert ("Choose your papers again" in words_of(response)) == ("files" in data)
    assert response.context["form"]["grounds"].value() == ({"grounds": GROUNDS} | data)["grounds"]
    assert not Appeal.objects.exists()


def test_three_files_of_full_size_come_in_and_a_longer_request_is_turned_away(client, story, settings):
    settings.UPLOAD_MAX_BYTES = 100_000
    client.force_login(story.third.applicant)
    large = [upload(pdf(n) + b"\n" * 90_000, f"{n}.pdf") for n in (1, 2, 3)]

    client.post(at("appeal_new", story.third), {"grounds": GROUNDS, "files": large})
    too_long = client.post(at("appeal_new", story.second), {"grounds": "x" * 400_000}, follow=True)

    assert AppealFile.objects.count() == 3
    assert "This file is larger than" in words_of(too_long)


def test_afterwards_the_form_is_gone_and_the_page_says_so(client, story):
    Decision.objects.filter(application=story.third).update(appeal_by=timezone.now() - timedelta(seconds=1))

    response = page(client, story.third.applicant, at("appeal_new", story.third))
    client.post(at("appeal_new", story.third), {"grounds": GROUNDS})

    assert response.redirect_chain[-1][0] == story.third.get_absolute_url()
    assert "This decision could be appealed until" in words_of(response)
    assert at("appeal_new", story.third) not in words_of(response)
    assert not Appeal.objects.exists()


def test_nobody_else_files_or_takes_back(client, story):
    appeal_of(story.third)

    for person in (story.second.applicant, story.desk, story.judge, person_as("secretariat")):
        client.force_login(person)
        assert client.post(at("appeal_new", story.second if person != story.second.applicant else story.third),
                           {"grounds": GROUNDS}).status_code == 404  # fmt: skip
        assert client.post(at("appeal_withdraw", story.third)).status_code == 404
    assert Appeal.objects.filed().count() == 1


def test_taking_back_asks_first_and_leaves_the_right_to_file_again(client, story):
    appeal_of(story.third)
    asked = page(client, story.third.applicant, at("appeal_withdraw", story.third))

    response = client.post(at("appeal_withdraw", story.third), follow=True)

    assert "You can file another one until" in words_of(asked)
    assert Appeal.objects.get().state == "withdrawn"
    assert at("appeal_new", story.third) in words_of(response)
    assert client.post(at("appeal_withdraw", story.third), follow=True).status_code == 200


def test_before_the_release_an_appeal_page_tells_nothing_of_what_is_prepared(client):
    story = Story(places=(1,))
    application, other = story.scored("90", 0), story.scored("80", 0)
    before = page(client, other.applicant, at("appeal_new", other))
    story.propose()

    after = page(client, other.applicant, at("appeal_new", other))

    chains = {response.redirect_chain[-1][0] for response in (before, after)}
    assert chains == {other.get_absolute_url()}
    assert (before.context["appealing"], after.context["appealing"]) == (None, None)
    with pytest.raises(Refused):
        appeal_of(application)


def test_the_applicant_reads_the_reasons_and_not_who_answered(client, story):
    appeal = appeal_of(story.third)
    actions.dismiss_appeal(appeal=appeal, reasons="26 it is.", by=story.judge, now=timezone.now())

    response = words_of(page(client, story.third.applicant, story.third.get_absolute_url()))

    assert "26 it is." in response
    assert "cannot be appealed in the portal again" in response
    assert str(story.judge) not in response
    assert at("appeal_new", story.third) not in response


def test_the_list_of_ones_applications_says_that_an_appeal_is_looked_at(client, story):
    appeal_of(story.third)

    response = page(client, story.third.applicant, reverse("applications:application_list"))

    assert "Your appeal is looked at." in words_of(response)
    assert response.context["page_obj"][0].turn_rank == 1


@pytest.mark.parametrize("papers", [1, 3])
def test_applicant_page_query_count(client, story, django_assert_num_queries, papers):
    appeal_of(story.third, files=[upload(pdf(n), f"{n}.pdf") for n in range(1, papers + 1)])
    client.force_login(story.third.applicant)

    with django_assert_num_queries(12):
        client.get(story.third.get_absolute_url())


def test_form_query_count(client, story, django_assert_num_queries):
    client.force_login(story.third.applicant)

    with django_assert_num_queries(6):
        client.get(at("appeal_new", story.third))


# papers


def test_papers_are_handed_to_who_reads_the_appeal_and_to_nobody_else(client, story):
    reader, stranger = person_as("secretariat"), person_as("exchange")
    appeal = appeal_of(story.third, files=[upload(pdf(), "credits.pdf")])
    ReviewFactory(application=story.third, reviewer=story.reviewer)
    story.third.accesses.create(person=reader, reason="The student asked us")
    address = appeal.files.get().get_absolute_url()

    people = {
        "applicant": story.third.applicant, "desk": story.desk, "judge": story.judge, "reader": reader,
        "reviewer": story.reviewer, "stranger": stranger, "secretariat": person_as("secretariat"),
        "student": story.second.applicant,
    }  # fmt: skip
    found = {}
    for name, person in people.items():
        client.force_login(person)
        response = client.get(address)
        found[name] = response.status_code
        if response.streaming:
            assert response["Content-Disposition"] == 'attachment; filename="credits.pdf"'
            response.getvalue()

    assert found == {
        "applicant": 200, "desk": 200, "judge": 200, "reader": 200,
        "reviewer": 403, "stranger": 404, "secretariat": 404, "student": 404,
    }  # fmt: skip
    client.force_login(story.desk)
    assert client.get(at("appeal_download", story.third, "0" * 16)).status_code == 404
    assert client.get(at("appeal_download", story.third, "0")).status_code == 404


# the office


def test_the_file_shows_the_appeal_and_who_may_answer(client, story):
    appeal_of(story.third)

    of_desk, of_judge = (
        page(client, person, at("application_desk", story.third)) for person in (story.desk, story.judge)
    )

    assert GROUNDS in words_of(of_desk)
    assert f"These can: {story.judge}." in words_of(of_desk)
    assert at("appeal_answer", story.third) not in words_of(of_desk)
    assert of_judge.context["turn"]["actions"][0]["url"] == at("appeal_answer", story.third)


def test_a_reviewer_does_not_read_the_appeal(client, story):
    ReviewFactory(application=story.third, reviewer=story.reviewer)
    appeal_of(story.third)

    response = page(client, story.reviewer, at("review_edit", story.third))

    assert response.context["appealing"] is None
    assert GROUNDS not in words_of(response)


def test_who_made_the_decision_is_refused_the_answer(client, story):
    appeal_of(story.third)
    client.force_login(story.desk)

    assert client.get(at("appeal_answer", story.third)).status_code == 403
    assert client.post(at("appeal_answer", story.third), {"outcome": "dismiss", "reasons": "No."}).status_code == 403


def outcomes_of(response):
    return [value for value, _label in response.context["form"].fields["outcome"].choices]


def test_only_what_can_be_done_is_offered(client, story):
    for application in (story.second, story.third):
        appeal_of(application)

    taken = [outcomes_of(page(client, story.judge, at("appeal_answer", a))) for a in (story.second, story.third)]
    Option.objects.filter(pk=story.options[0].pk).update(places=2)
    free = [outcomes_of(page(client, story.judge, at("appeal_answer", a))) for a in (story.second, story.third)]

    assert taken == [["dismiss"], ["wait", "dismiss"]]
    assert free == [["place", "dismiss"], ["place", "dismiss"]]


def test_a_late_answer_page_says_so_and_the_highest_free_place_is_proposed(client, story):
    appeal_of(story.third)
    Option.objects.filter(pk=story.options[0].pk).update(places=2)
    in_time = page(client, story.judge, at("appeal_answer", story.third))
    Appeal.objects.update(filed_at=timezone.now() - timedelta(days=30), answer_by=timezone.now() - timedelta(days=1))

    late = page(client, story.judge, at("appeal_answer", story.third))

    assert ["still waits" in words_of(response) for response in (in_time, late)] == [False, True]
    assert late.context["form"]["choice"].initial == story.third.choices.get().pk


def test_dismissing_needs_reasons_and_tells_the_student(client, story):
    appeal_of(story.third)
    client.force_login(story.judge)

    empty = client.post(at("appeal_answer", story.third), {"outcome": "dismiss", "reasons": " "})
    done = client.post(at("appeal_answer", story.third), {"outcome": "dismiss", "reasons": "26 it is."}, follow=True)

    assert empty.status_code == 422
    assert (Appeal.objects.get().state, states(story.third)) == ("dismissed", ["rejected"])
    assert "Dismissed. The student reads your reasons." in words_of(done)
    assert client.get(at("appeal_answer", story.third), follow=True).status_code == 200


def test_upholding_with_a_place(client, story):
    appeal_of(story.third)
    Option.objects.filter(pk=story.options[0].pk).update(places=2)
    client.force_login(story.judge)
    given = {"outcome": "place", "reasons": "62 it is."}

    without = client.post(at("appeal_answer", story.third), given)
    foreign = client.post(at("appeal_answer", story.third), given | {"choice": story.second.choices.get().pk})
    done = client.post(at("appeal_answer", story.third), given | {"choice": story.third.choices.get().pk}, follow=True)

    assert (without.status_code, foreign.status_code) == (422, 422)
    assert without.context["form"].errors["choice"] == ["Choose the place that is offered."]
    assert states(story.third) == ["offered"]
    assert "Upheld. The student was told." in words_of(done)
    offer = page(client, story.third.applicant, story.third.get_absolute_url())
    assert offer.context["turn"]["actions"][0]["url"] == at("application_accept", story.third)
    assert "You were offered" in words_of(offer)


def test_a_place_taken_meanwhile_is_told_and_nothing_is_lost(client, story):
    appeal_of(story.third)
    Option.objects.filter(pk=story.options[0].pk).update(places=2)
    client.force_login(story.judge)
    answer = {"outcome": "place", "reasons": "62 it is.", "choice": story.third.choices.get().pk}
    actions.move_up_waiting(option=story.options[0], now=timezone.now())

    response = client.post(at("appeal_answer", story.third), answer)

    assert response.status_code == 422
    assert response.context["form"]["reasons"].value() == "62 it is."
    assert Appeal.objects.get().state == "filed"


def test_the_head_answers_where_nobody_of_the_desk_is_left(client, story):
    head = person_as("head", story.round.university)
    story.judge.mandates.all().update(ends_on=timezone.localdate() - timedelta(days=1))
    appeal_of(story.third)

    file = page(client, head, at("application_desk", story.third))
    done = client.post(at("appeal_answer", story.third), {"outcome": "dismiss", "reasons": "26 it is."})

    assert (file.status_code, file.context["sees_decision"], file.context["can_decide"]) == (200, True, False)
    assert reverse("applications:round_desk", args=[story.round.slug]) not in words_of(file)
    assert done["Location"] == reverse("dashboard")
    assert client.get(at("application_desk", story.third)).status_code == 404


def test_the_board_counts_them_and_finds_them(client, story):
    appeal_of(story.third)
    client.force_login(story.desk)
    desk = reverse("applications:round_desk", args=[story.round.slug])

    board = client.get(desk)
    found = client.get(f"{desk}?appeal=filed")
    round = client.get(story.round.get_absolute_url())

    assert board.context["board"]["turn"]["title"] == "Answer 1 appeal"
    assert [row.pk for row in found.context["page_obj"]] == [story.third.pk]
    assert "appeal, answer by" in words_of(found)
    assert round.context["turn"]["title"] == "Answer 1 appeal"
    export = client.get(f"{desk}?export=csv").getvalue().decode()
    assert "Waits for its answer" in export


@pytest.mark.parametrize("papers", [1, 3])
def test_answer_page_query_count(client, story, django_assert_num_queries, papers):
    appeal_of(story.third, files=[upload(pdf(n), f"{n}.pdf") for n in range(1, papers + 1)])
    client.force_login(story.judge)

    with django_assert_num_queries(18):
        client.get(at("appeal_answer", story.third))


@pytest.mark.parametrize("papers", [1, 3])
def test_file_page_query_count(client, story, django_assert_num_queries, papers):
    appeal_of(story.third, files=[upload(pdf(n), f"{n}.pdf") for n in range(1, papers + 1)])
    client.force_login(story.judge)

    with django_assert_num_queries(21):
        client.get(at("application_desk", story.third))


def test_letters_are_shown_with_the_right_that_is_added(client, story):
    client.force_login(story.desk)

    letters = client.get(reverse("applications:round_letters", args=[story.round.slug]))
    by_outcome = {row["outcome"]: row["preview"]["body"] for row in letters.context["letters"]}

    assert ["you can appeal until" in body for body in by_outcome.values()] == [False, True, True]
    assert "is added under every letter without a place" in words_of(letters)


def test_the_round_says_before_anybody_applies_how_one_appeals(client, story):
    response = words_of(client.get(story.round.get_absolute_url()))

    assert "the decision can be appealed within 5 working days" in response
    assert "answers within 10 working days" in response


# the dossier


def text_of(response):
    return " ".join(" ".join(p.extract_text() for p in PdfReader(io.BytesIO(response.content)).pages).split())


def test_the_dossier_has_it_for_who_may_read_it(client, story):
    appeal = appeal_of(story.third, files=[upload(pdf(3), "credits.pdf")])
    ReviewFactory(application=story.third, reviewer=story.reviewer)
    actions.dismiss_appeal(appeal=appeal, reasons="26 it is.", by=story.judge, now=timezone.now())

    texts = {}
    for name, person in (("own", story.third.applicant), ("desk", story.desk), ("reviewer", story.reviewer)):
        client.force_login(person)
        response = client.get(at("application_dossier", story.third))
        texts[name] = text_of(response)
        outline = [mark["/Title"] for mark in PdfReader(io.BytesIO(response.content)).outline]
        assert ("Paper of the appeal" in outline) == (name != "reviewer")

    assert [GROUNDS in text and "26 it is." in text for text in texts.values()] == [True, True, False]


# the person's own data


@pytest.fixture
def closed():
    """An appeal that was dismissed, with a paper."""
    appeal = AppealFactory(dismissed=True, grounds="I, Ida Ek, have 62 credits.", reasons="Dear Ida Ek, 26 it is.")
    AppealFileFactory(appeal=appeal, file=ContentFile(b"%PDF of Ida", "ida.pdf"))
    return appeal


def holding():
    return next(each for each in all_holdings() if each.key == "applications")


def test_my_data_holds_the_appeal_with_its_papers(closed):
    student = closed.application.applicant

    [row] = holding().rows(student)
    [file] = [held.name for held in holding().files(student)]

    assert json.loads(json.dumps(row["appeals"], default=str))[0]["grounds"] == "I, Ida Ek, have 62 credits."
    assert row["appeals"][0]["reasons"] == "Dear Ida Ek, 26 it is."
    assert str(closed.decided_by) not in json.dumps(row, default=str)
    assert file.endswith("credits.pdf")


def history_of(appeal, column):
    return {*Appeal.pgh_event_model.objects.filter(pgh_obj_id=appeal.pk).values_list(column, flat=True)}


def test_erased_its_words_and_papers_go_and_that_there_was_one_stays(closed, django_capture_on_commit_callbacks):
    stored, desk = AppealFile.objects.get().file.name, person_as("secretariat")

    with django_capture_on_commit_callbacks(execute=True):
        privacy.carry_out(erasure=ErasureFactory(user=closed.application.applicant), by=desk, now=timezone.now())

    closed.refresh_from_db()
    assert (closed.state, closed.grounds, closed.reasons) == ("dismissed", *["Erased at the person's request."] * 2)
    assert (history_of(closed, "grounds"), history_of(closed, "reasons")) == ({closed.grounds}, {""})
    assert (AppealFile.objects.count(), default_storage.exists(stored)) == (0, False)


def test_an_open_appeal_is_in_the_way_of_an_erasure():
    student = AppealFactory().application.applicant

    assert [sentence for sentence in hindrances(student, timezone.now()) if "appeal" in str(sentence)] == [
        "An appeal of yours waits for its answer. Take it back, or wait for the answer, first."
    ]


def test_papers_go_after_a_year_words_after_three(closed, django_capture_on_commit_callbacks):
    waiting = AppealFileFactory(appeal=AppealFactory(late=True)).appeal
    Application.objects.update(state_since=timezone.now())
    Appeal.objects.update(filed_at=timezone.now() - timedelta(days=420), answer_by=timezone.now() - timedelta(days=400))

    with django_capture_on_commit_callbacks(execute=True):
        after_a_year = retention.purge_due(timezone.now())
    Appeal.objects.update(
        answer_by=timezone.now() - timedelta(days=1100), filed_at=timezone.now() - timedelta(days=1200)
    )
    after_three = retention.purge_due(timezone.now())

    assert (after_a_year, after_three) == ({"applications.appeal_papers": 1}, {"applications.appeals": 1})
    closed.refresh_from_db()
    waiting.refresh_from_db()
    assert (closed.grounds, waiting.grounds) == ("Deleted after its time was over.", GROUNDS)
    assert (history_of(closed, "grounds"), waiting.files.count()) == ({closed.grounds}, 1)
    assert retention.purge_due(timezone.now()) == {}


def test_documents_stay_while_an_appeal_waits():
    from applications.kept import documents_of_ended
    from tests.factories.applications import DocumentFileFactory

    appeal, done = AppealFactory(), DecisionFactory(refused=True).application
    for application in (appeal.application, done):
        DocumentFileFactory(slot__application=application)
        Application.objects.filter(pk=application.pk).update(state_since=timezone.now() - timedelta(days=400))

    kept = documents_of_ended(timezone.now() - timedelta(days=365))

    assert [file.slot.application for file in kept] == [done]


# support, administration


def test_support_reads_an_appeal_and_files_none():
    assert is_allowed("applications:appeal_new", "GET")
    assert is_allowed("applications:appeal_download", "GET")
    assert not is_allowed("applications:appeal_new", "POST")
    assert not is_allowed("applications:appeal_withdraw", "POST")
    assert not is_allowed("applications:appeal_answer", "GET")


def test_the_secretariat_reads_an_appeal_only_with_a_reason(client, story):
    appeal_of(story.third)
    secretary = person_as("secretariat")
    client.force_login(secretary)

    closed = client.get(at("application_desk", story.third)).url
    actions.open_with_reason(application=story.third, reason="The student asked us for help.", by=secretary)
    opened = client.get(at("application_desk", story.third))

    assert (closed, GROUNDS in words_of(opened)) == (at("application_open", story.third), True)
    assert client.get(at("appeal_answer", story.third)).status_code == 403


def test_students_and_visitors_see_nothing_of_it(client, story):
    appeal_of(story.third)
    address = at("appeal_answer", story.third)

    assert client.get(address)["Location"].startswith(reverse("account_login"))
    client.force_login(student_of(story.round.university))
    assert client.get(address).status_code == 404
    client.force_login(UserFactory())
    assert client.get(at("appeal_new", ApplicationFactory(rejected=True))).status_code == 404
