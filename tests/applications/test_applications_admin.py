"""The administration of this room: rounds are curated; of students' files only that they are there."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from applications.models import Criterion, Round
from tests.factories.applications import (
    AppealFactory,
    AppealFileFactory,
    ApplicationFactory,
    ChoiceFactory,
    CriterionFactory,
    DecisionFactory,
    DocumentFileFactory,
    DocumentRequirementFactory,
    LetterTemplateFactory,
    OptionFactory,
    OptionRequirementFactory,
    ReviewFactory,
    RoundFactory,
    RoundRequirementFactory,
)
from tests.factories.members import UniversityFactory, UserFactory, person_as

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]  # the templates are unfold's

RECORDS = [
    "round", "criterion", "documentrequirement", "roundrequirement", "lettertemplate", "option", "optionrequirement",
    "application", "documentslot", "documentfile", "review", "decision", "appeal", "appealfile", "fileaccess",
]  # fmt: skip
PARTS_OF_FILES = ["application", "documentslot", "documentfile", "review", "decision", "appeal", "appealfile"]


@pytest.fixture
def secretary():
    return person_as("secretariat", person__is_staff=True)


def page_of(model, page="changelist", *args):
    return reverse(f"admin:applications_{model}_{page}", args=args)


@pytest.fixture
def everything():
    """One of each, and a file with telling words in every place a student or a reviewer writes."""
    application = ApplicationFactory(
        submitted=True, motivation="SECRET motivation", notes="SECRET notes", phone="SECRET phone",
        profile={"name": "SECRET name"}, applicant=UserFactory(family_name="SECRET", email="secret@student.example"),
    )  # fmt: skip
    ChoiceFactory(application=application, why="SECRET why")
    DocumentFileFactory(slot__application=application, name="SECRET.pdf")
    ReviewFactory(application=application, comment="SECRET comment", feedback="SECRET feedback")
    DecisionFactory(application=application, reason="SECRET reason", letter="SECRET letter", subject="SECRET subject")
    appeal = AppealFactory(application=application, dismissed=True, grounds="SECRET " * 5, reasons="SECRET reasons")
    AppealFileFactory(appeal=appeal, name="SECRET.pdf")
    RoundRequirementFactory(round=application.round)
    DocumentRequirementFactory(round=application.round)
    CriterionFactory(round=application.round)
    LetterTemplateFactory(round=application.round)
    OptionRequirementFactory()
    application.accesses.create(person=UserFactory(), reason="A complaint")
    return application


@pytest.mark.parametrize("model", RECORDS)
def test_every_list_opens_for_the_secretariat_and_for_nobody_else(client, secretary, everything, model) -> None:
    client.force_login(person_as("exchange", everything.round.university))
    assert client.get(page_of(model)).status_code == 302
    client.force_login(secretary)
    assert client.get(page_of(model)).status_code == 200


@pytest.mark.parametrize("model", [model for model in RECORDS if model != "fileaccess"])
def test_no_list_shows_what_students_and_reviewers_wrote(client, secretary, everything, model) -> None:
    client.force_login(secretary)

    content = client.get(page_of(model)).content.decode()

    assert "SECRET" not in content
    assert "secret@" not in content


@pytest.mark.parametrize("model", PARTS_OF_FILES)
def test_a_part_of_a_file_has_no_page_no_history_and_no_export(client, secretary, everything, model) -> None:
    client.force_login(secretary)
    pk = {
        "application": everything.pk,
        "documentslot": everything.document_slots.get().pk,
        "documentfile": everything.document_slots.get().files.get().pk,
        "review": everything.reviews.get().pk,
        "decision": everything.decision.pk,
        "appeal": everything.appeals.get().pk,
        "appealfile": everything.appeals.get().files.get().pk,
    }[model]

    for page in ("change", "history"):
        assert client.get(page_of(model, page, pk))["Location"] == page_of(model)
    assert client.get(page_of(model, "export")).status_code == 403
    assert client.get(page_of(model, "add")).status_code in (302, 403)
    assert client.post(page_of(model, "delete", pk)).status_code == 403


@pytest.mark.parametrize("words", ["SECRET", "secret@student.example"])
def test_a_student_is_not_found_by_name(client, secretary, everything, words) -> None:
    client.force_login(secretary)

    for model in PARTS_OF_FILES:
        assert client.get(page_of(model), {"q": words}).context["cl"].result_count == 0
        assert client.get(page_of(model), {"q": everything.reference}).context["cl"].result_count == 1


def test_the_way_to_a_file_asks_for_a_reason(client, secretary, everything) -> None:
    client.force_login(secretary)

    content = client.get(page_of("application")).content.decode()

    assert reverse("applications:application_open", args=[everything.reference]) in content


def test_a_draft_has_no_way_in(client, secretary) -> None:
    draft = ApplicationFactory()
    client.force_login(secretary)

    assert reverse("applications:application_open", args=[draft.reference]) not in client.get(
        page_of("application")
    ).content.decode()  # fmt: skip


def test_accesses_are_read_and_never_changed(client, secretary, everything) -> None:
    access = everything.accesses.get()
    client.force_login(secretary)

    content = client.get(page_of("fileaccess")).content.decode()

    assert "A complaint" in content
    assert client.post(page_of("fileaccess", "change", access.pk), {"reason": "Another"}).status_code == 403
    assert client.post(page_of("fileaccess", "delete", access.pk)).status_code == 403


@pytest.mark.parametrize("n", [1, 3])
@pytest.mark.parametrize(("model", "queries"), [("round", 9), ("application", 6), ("option", 7)])
def test_admin_list_query_count(client, django_assert_num_queries, model, queries, n) -> None:
    university = UniversityFactory()
    for _number in range(n):
        round = RoundFactory(open=True, university=university)
        OptionFactory(round=round, host=university)
        ApplicationFactory(round=round, submitted=True)
    client.force_login(person_as("secretariat", person__is_staff=True))

    with django_assert_num_queries(queries):
        client.get(page_of(model))


def test_a_round_is_saved_with_its_rows_and_counts_its_version_up(client, secretary) -> None:
    round = RoundFactory(title="Old")
    client.force_login(secretary)
    page = client.get(page_of("round", "change", round.pk))
    data = dict(page.context["adminform"].form.initial)
    data = {name: value for name, value in data.items() if value is not None} | {"title": "New"}
    data |= {"opens_at_0": "2026-01-01", "opens_at_1": "10:00", "closes_at_0": "2026-02-01", "closes_at_1": "10:00"}
    for inline in page.context["inline_admin_formsets"]:
        prefix = inline.formset.prefix
        data |= {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}

    response = client.post(page_of("round", "change", round.pk), data)

    assert response.status_code == 302
    stored = Round.objects.get()
    assert (stored.title, stored.version, stored.state) == ("New", 2, "draft")


def imported(client, model, text):
    file = SimpleUploadedFile("rows.csv", text.encode(), content_type="text/csv")
    return client.post(page_of(model, "import"), {"format": "0", "import_file": file, "resource": ""})


def test_criteria_come_from_a_sheet_and_wrong_rows_are_named(client, secretary) -> None:
    round = RoundFactory()
    client.force_login(secretary)

    result = imported(
        client, "criterion",
        f"round,name,help,max_points,position\n{round.slug},Grades,,60,1\nnothing,Motivation,,40,2\n{round.slug},X,,0,3\n",
    ).context["result"]  # fmt: skip

    assert result.has_validation_errors()
    assert [row.number for row in result.invalid_rows] == [2, 3]
    assert Criterion.objects.count() == 0


def test_rounds_are_not_deleted(client, secretary) -> None:
    round = RoundFactory()
    client.force_login(secretary)

    assert client.post(page_of("round", "delete", round.pk), {"post": "yes"}).status_code == 403
    assert Round.objects.count() == 1
