"""The pages of those who write, judge, adopt and ask; files, and who may read them; bad input."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from notifications.models import Notice
from practices.models import Adoption, Practice, PracticeVersion, Question
from tests.applications.files import pdf
from tests.factories.members import MandateFactory, UserFactory, person_as, student_of
from tests.factories.practices import (
    EvidenceFileFactory,
    EvidenceLinkFactory,
    TopicFactory,
    add_version,
    practice_of,
)

pytestmark = pytest.mark.django_db
TEXTS = ("title", "summary", "problem", "context", "done", "resources", "result", "evidence", "conditions")


def form_of(version, **changes):
    """What the browser sends of the form of a version."""
    data = {name: getattr(version, name) for name in (*TEXTS, "maturity", "licence", "version")}
    data |= {"cost_eur": version.cost_eur, "person_months": "", "contact": version.contact_id}
    data |= {"topics": [topic.pk for topic in version.topics.all()]}
    data |= {"links-TOTAL_FORMS": 1, "links-INITIAL_FORMS": 0, "links-0-label": "", "links-0-url": ""}
    return data | changes


def edit(practice):
    return f"/practices/{practice.reference}/edit/"


def page(practice, part):
    return f"/practices/{practice.reference}/{part}/"


# writing


def test_beginning_saving_and_submitting(client) -> None:
    writer, topic = person_as("coordinator"), TopicFactory()
    university = writer.mandates.get().university
    client.force_login(writer)

    begun = client.post("/practices/new/", {"title": "Heat from the lake", "university": university.pk})
    practice = Practice.objects.get()
    assert begun["Location"] == edit(practice)

    words = dict.fromkeys(
        ("summary", "problem", "done", "result", "evidence", "conditions"), "Enough words to be read."
    )
    answer = client.post(edit(practice), form_of(practice.latest, **words, topics=[topic.pk], cost_eur=5, submit="1"))

    assert answer["Location"] == practice.get_absolute_url()
    assert PracticeVersion.objects.get().state == "submitted"


def test_submitting_too_early_keeps_what_was_typed_and_says_what_is_missing(client) -> None:
    practice = practice_of(state="draft", result="")
    client.force_login(practice.owner)

    answer = client.post(
        edit(practice), form_of(practice.latest, problem="Typed just now, and kept.", submit="1"), follow=True
    )

    assert "Not complete yet: Fill in “Result”." in answer.content.decode()
    assert PracticeVersion.objects.get().problem == "Typed just now, and kept."


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"title": ""}, "This field is required."),
        ({"title": "x" * 141}, "at most 140 characters"),
        ({"cost_eur": "-5"}, "greater than or equal to 0"),
        ({"cost_eur": "many"}, "Enter a whole number."),
        ({"person_months": "1,000,000"}, "Enter a number."),
        ({"maturity": "old"}, "not one of the available choices"),
        ({"topics": ["nowhere.01"]}, "not one of the available choices"),
        ({"contact": "999999"}, "not one of the available choices"),
        ({"links-0-label": "Survey", "links-0-url": "javascript:alert(1)"}, "Enter a valid URL."),
        ({"links-0-url": "https://survey.example"}, "This field is required."),
        ({"problem": "a\x00b"}, "Null characters are not allowed."),
        (
            {"links-TOTAL_FORMS": 2}
            | {
                f"links-{n}-{name}": value
                for n in (0, 1)
                for name, value in (("label", "S"), ("url", "https://s.example"))
            },
            "“https://s.example” stands in the list twice.",
        ),
    ],
)
def test_bad_input_is_told_at_the_field_and_nothing_is_lost(client, changes, sentence) -> None:
    practice = practice_of(state="draft")
    client.force_login(practice.owner)

    answer = client.post(edit(practice), form_of(practice.latest, done="Typed by hand just now.", **changes))

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert "Typed by hand just now." in answer.content.decode()


def test_more_topics_than_five_are_refused_with_their_number(client) -> None:
    practice = practice_of(state="draft")
    topics = [TopicFactory(code=f"campus.0{number}").pk for number in range(1, 7)]
    client.force_login(practice.owner)

    answer = client.post(edit(practice), form_of(practice.latest, topics=topics))

    assert "6 topics are chosen; choose the 5 that fit best." in answer.content.decode()


def test_two_who_edit_see_both_versions(client) -> None:
    practice = practice_of(state="draft", title="Heat")
    data = form_of(practice.latest)
    client.force_login(practice.owner)
    client.post(edit(practice), data | {"title": "Theirs"})

    answer = client.post(edit(practice), data | {"title": "Mine"})

    content = answer.content.decode()
    assert answer.status_code == 409
    assert "Theirs" in content
    assert 'value="Mine"' in content
    assert PracticeVersion.objects.get().title == "Theirs"


@pytest.mark.parametrize("rows", [1, 3])
def test_edit_page_query_count(client, django_assert_num_queries, rows) -> None:
    practice = practice_of(state="draft")
    EvidenceLinkFactory.create_batch(rows, version=practice.latest)
    EvidenceFileFactory.create_batch(rows, version=practice.latest)
    client.force_login(practice.owner)
    client.get(edit(practice))

    with django_assert_num_queries(EDIT_QUERIES):
        client.get(edit(practice))


EDIT_QUERIES = 17


@pytest.mark.parametrize("address", ["/practices/own/", "/practices/new/"])
def test_who_acts_for_no_university_has_no_desk(client, address) -> None:
    for person in (student_of(), person_as("auditor"), UserFactory()):
        client.force_login(person)
        assert client.get(address).status_code == 403


@pytest.mark.parametrize("practices", [1, 3])
def test_own_practices_query_count(client, django_assert_num_queries, practices) -> None:
    owner = person_as("director")
    for _number in range(practices):
        practice_of(owner.mandates.get().university, owner=owner)
    client.force_login(owner)

    with django_assert_num_queries(10):
        client.get("/practices/own/")


def test_own_practices_are_ones_own(client) -> None:
    practice = practice_of(state="draft", title="Mine")
    practice_of(practice.university, "draft", title="A colleague's")
    client.force_login(practice.owner)

    found = client.get("/practices/own/").context["page_obj"]

    assert [row.title for row in found] == ["Mine"]


def test_new_version_taken_back_and_dropped(client) -> None:
    practice = practice_of(title="Heat")
    client.force_login(practice.owner)

    client.post(page(practice, "new-version"))
    client.post(page(practice, "submit"))
    client.post(page(practice, "take-back"))
    assert client.get(page(practice, "drop")).status_code == 200
    client.post(page(practice, "drop"))

    assert list(practice.versions.values_list("state", flat=True)) == ["dropped", "published"]


# judging


def test_the_queue_holds_what_waits_and_offers_the_rest_to_the_secretariat(client) -> None:
    practice_of(state="submitted", title="Waits")
    practice_of(title="Published")
    client.force_login(person_as("secretariat"))

    waiting, everything = client.get("/practices/queue/"), client.get("/practices/queue/", {"all": "1"})

    assert [row.latest.title for row in waiting.context["page_obj"]] == ["Waits"]
    assert everything.context["total"] == 2


def test_the_queue_offers_nobody_to_judge_what_they_submitted(client) -> None:
    practice = practice_of(state="submitted")
    MandateFactory(person=practice.owner, secretariat=True)

    offered = []
    for person in (person_as("secretariat"), practice.owner):
        client.force_login(person)
        offered.append(page(practice, "curate") in client.get("/practices/queue/").content.decode())

    assert offered == [True, False]


def test_the_queue_of_a_reviewer_leaves_the_own_university_out(client) -> None:
    reviewer = person_as("reviewer")
    practice_of(reviewer.mandates.get().university, "submitted")
    practice_of(state="submitted", title="Elsewhere")
    practice_of(state="draft")
    client.force_login(reviewer)

    assert [row.latest.title for row in client.get("/practices/queue/").context["page_obj"]] == ["Elsewhere"]


def test_publishing_from_the_page(client) -> None:
    practice = practice_of(state="submitted")
    client.force_login(person_as("reviewer"))
    seen = client.get(page(practice, "curate")).context["version"].sha256

    client.post(page(practice, "publish"), {"seen": seen, "comment": "Well measured."})

    assert "Well measured." in client.get(practice.get_absolute_url()).content.decode()


@pytest.mark.parametrize(("act", "state"), [("ask-changes", "changes_asked"), ("refuse", "refused")])
def test_giving_back_needs_words(client, act, state) -> None:
    practice = practice_of(state="submitted")
    client.force_login(person_as("secretariat"))

    assert client.post(page(practice, act), {"seen": practice.latest.sha256, "comment": " "}).status_code == 422
    client.post(page(practice, act), {"seen": practice.latest.sha256, "comment": "What did it cost?"})

    assert PracticeVersion.objects.get().state == state


def test_a_new_version_is_judged_beside_the_published_one(client) -> None:
    practice = practice_of(title="Heat", result="The bill fell by ten percent in the first year.")
    add_version(practice, "submitted", title="Heat", result="The bill fell by thirty percent in the first year.")
    client.force_login(person_as("secretariat"))

    found = client.get(page(practice, "curate")).context["differences"]

    assert [difference.label for difference in found] == ["Result"]


def test_archiving_and_restoring_from_the_page(client) -> None:
    practice = practice_of()
    client.force_login(person_as("secretariat"))

    assert client.post(page(practice, "archive"), {"reason": ""}).status_code == 422
    client.post(page(practice, "archive"), {"reason": "It ended."})
    assert Practice.objects.get().state == "archived"
    client.post(page(practice, "restore"))

    assert Practice.objects.get().state == "published"


# adopting and asking


def test_adopting_adding_to_it_and_taking_it_back(client) -> None:
    practice, person = practice_of(), person_as("grants")
    university = person.mandates.get().university
    client.force_login(person)
    today = timezone.localdate().isoformat()

    client.post(page(practice, "adopt"), {"university": university.pk, "since": today, "changed": "Half the size."})
    adoption = Adoption.objects.get()
    at = page(practice, f"adoptions/{university.slug}")
    client.post(f"{at}edit/", {"since": today, "changed": "Half the size.", "result": "Works.", "version": 1})
    conflict = client.post(f"{at}edit/", {"since": today, "changed": "", "result": "Mine.", "version": 1})
    adoption.refresh_from_db()
    assert (adoption.result, conflict.status_code) == ("Works.", 409)
    client.post(f"{at}withdraw/")

    assert Adoption.objects.in_force().count() == 0


@pytest.mark.parametrize(
    ("since", "sentence"),
    [
        ((timezone.localdate() + timedelta(days=3)).isoformat(), "still to come"),
        ("1890-01-01", "too long ago"),
        ("soon", "Enter a valid date."),
        ("", "This field is required."),
    ],
)
def test_an_adoption_with_a_wrong_day_is_told_so(client, since, sentence) -> None:
    practice, person = practice_of(), person_as("grants")
    client.force_login(person)

    data = {"university": person.mandates.get().university_id, "since": since, "changed": "Half the size."}
    answer = client.post(page(practice, "adopt"), data)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert "Half the size." in answer.content.decode()


def test_a_question_goes_to_the_contact_and_the_page_never_shows_the_address(client) -> None:
    practice = practice_of()
    client.force_login(UserFactory())

    assert practice.owner.email not in client.get(page(practice, "question")).content.decode()
    assert client.post(page(practice, "question"), {"text": " "}).status_code == 422
    client.post(page(practice, "question"), {"text": "How loud is it?"})

    assert Question.objects.get().text == "How loud is it?"
    assert Notice.objects.get().recipient == practice.owner


# files


def test_a_file_is_added_named_and_taken_away(client) -> None:
    practice = practice_of(state="draft")
    client.force_login(practice.owner)
    data = {"label": "Survey", "audience": "members", "file": SimpleUploadedFile("s.pdf", pdf(), "application/pdf")}

    client.post(page(practice, "files/add"), data)
    file = practice.latest.files.get()
    client.post(page(practice, f"files/{file.code}/remove"))

    assert (file.label, file.audience, practice.latest.files.count()) == ("Survey", "members", 0)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [("x.html", b"<html><script>1</script></html>", "is not a PDF"), ("empty.pdf", b"", "empty")],
)
def test_a_wrong_file_is_told_so(client, name, content, sentence) -> None:
    practice = practice_of(state="draft")
    client.force_login(practice.owner)
    data = {"label": "", "audience": "public", "file": SimpleUploadedFile(name, content)}

    assert sentence in client.post(page(practice, "files/add"), data, follow=True).content.decode()


def readers_of(practice):
    return {
        "visitor": None,
        "newcomer": UserFactory(),
        "member": person_as("grants"),
        "reviewer": person_as("reviewer"),
        "own reviewer": person_as("reviewer", practice.university),
        "keeper": practice.owner,
        "secretariat": person_as("secretariat"),
    }


def answers(client, practice, file):
    found = {}
    for name, person in readers_of(practice).items():
        client.logout()
        if person:
            client.force_login(person)
        answer = client.get(page(practice, f"files/{file.code}"))
        found[name] = answer.status_code
        if answer.streaming:
            b"".join(answer.streaming_content)
    return found


def test_files_of_a_draft_are_read_by_its_keepers_and_the_secretariat(client) -> None:
    practice = practice_of(state="draft")
    file = EvidenceFileFactory(version=practice.latest)

    assert answers(client, practice, file) == {
        "visitor": 404, "newcomer": 404, "member": 404, "reviewer": 404, "own reviewer": 404, "keeper": 200,
        "secretariat": 200,
    }  # fmt: skip


def test_files_of_what_is_submitted_are_read_by_curators_too(client) -> None:
    practice = practice_of(state="submitted")
    file = EvidenceFileFactory(version=practice.latest)

    assert answers(client, practice, file) == {
        "visitor": 404, "newcomer": 404, "member": 404, "reviewer": 200, "own reviewer": 404, "keeper": 200,
        "secretariat": 200,
    }  # fmt: skip


@pytest.mark.parametrize(("audience", "others"), [("public", 200), ("members", 403)])
def test_files_of_a_published_version_are_read_by_their_audience(client, audience, others) -> None:
    practice = practice_of()
    file = EvidenceFileFactory(version=practice.live, audience=audience)

    assert answers(client, practice, file) == {
        "visitor": others, "newcomer": others, "member": 200, "reviewer": 200, "own reviewer": 200, "keeper": 200,
        "secretariat": 200,
    }  # fmt: skip


def test_a_file_of_a_version_being_written_is_not_read_through_the_published_practice(client) -> None:
    practice = practice_of()
    file = EvidenceFileFactory(version=add_version(practice))

    found = answers(client, practice, file)

    assert {name for name, status in found.items() if status == 200} == {"keeper", "secretariat"}


def test_a_file_comes_as_a_download_that_nothing_runs_in(client) -> None:
    practice = practice_of()
    file = EvidenceFileFactory(version=practice.live)

    answer = client.get(page(practice, f"files/{file.code}"))

    assert b"".join(answer.streaming_content) == b"%PDF-1.4 report"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"


@pytest.mark.parametrize("code", ["0", "zz%00", "0123456789abcdef", "x" * 64])
def test_a_code_that_names_no_file_is_not_found(client, code) -> None:
    practice = practice_of()
    EvidenceFileFactory(version=practice.live)

    assert client.get(page(practice, f"files/{code}")).status_code == 404
