"""The administration of practices: lists cost the same for one row and three, topics come and go as spreadsheets."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from practices.models import Adoption, CurationNote, Practice, Topic
from tests.factories.members import UserFactory, person_as
from tests.factories.practices import (
    AdoptionFactory,
    EvidenceFileFactory,
    EvidenceLinkFactory,
    PracticeFollowFactory,
    TopicFactory,
    TopicFollowFactory,
    practice_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

LISTS = (
    "topic", "practice", "practiceversion", "curationnote", "adoption", "evidencefile", "evidencelink", "question",
    "topicfollow", "practicefollow",
)  # fmt: skip


@pytest.fixture
def secretary(client):
    person = person_as("secretariat")
    person.is_staff = True
    person.save()
    client.force_login(person)
    return person


def one_of_each():
    adoption = AdoptionFactory()
    EvidenceFileFactory(version=adoption.practice.live)
    EvidenceLinkFactory(version=adoption.practice.live)
    PracticeFollowFactory(practice=adoption.practice)
    TopicFollowFactory()
    CurationNote.objects.create(version=adoption.practice.live, text="Well measured.", by=adoption.told_by)
    adoption.practice.questions.create(asked_by=adoption.told_by, sent_to=adoption.practice.owner, text="How loud?")
    return adoption


@pytest.mark.parametrize("name", LISTS)
def test_list_costs_the_same_for_one_row_and_three(client, secretary, name, django_assert_max_num_queries) -> None:
    one_of_each()
    address = f"/admin/practices/{name}/"
    client.get(address)
    with CaptureQueriesContext(connection) as first:
        assert client.get(address).status_code == 200
    one_of_each()
    one_of_each()

    with django_assert_max_num_queries(len(first)):
        client.get(address)


@pytest.mark.parametrize("name", ["practice", "adoption", "practiceversion"])
def test_a_record_opens_with_its_history(client, secretary, name) -> None:
    adoption = one_of_each()
    row = {"practice": adoption.practice, "adoption": adoption, "practiceversion": adoption.practice.live}[name]

    assert client.get(f"/admin/practices/{name}/{row.pk}/change/").status_code == 200
    assert client.get(f"/admin/practices/{name}/{row.pk}/history/").status_code == 200


def test_nobody_else_enters(client) -> None:
    client.force_login(UserFactory(is_staff=True))

    assert client.get("/admin/practices/practice/").status_code == 403


def test_a_topic_with_practices_is_not_deleted(client, secretary) -> None:
    practice_of()
    free = TopicFactory(code="campus.09")

    assert client.get("/admin/practices/topic/campus.03/delete/").status_code == 403
    assert client.get(f"/admin/practices/topic/{free.pk}/delete/").status_code == 200


def test_archiving_is_previewed_and_done(client, secretary) -> None:
    practice = practice_of()
    data = {"action": "archive_chosen", "_selected_action": [practice.pk]}

    asked = client.post("/admin/practices/practice/", data)
    practice.refresh_from_db()
    assert (asked.status_code, practice.state) == (200, "published")

    client.post("/admin/practices/practice/", data | {"confirmed": "yes"})
    practice.refresh_from_db()
    assert practice.state == "archived"


def test_taking_an_adoption_back_is_done_by_the_portals_own_act(client, secretary) -> None:
    adoption = AdoptionFactory()
    data = {"action": "withdraw_chosen", "_selected_action": [adoption.pk], "confirmed": "yes"}

    client.post("/admin/practices/adoption/", data)

    assert Adoption.objects.get(pk=adoption.pk).withdrawn_by == secretary
    assert Practice.objects.with_adopters().get().adopters == 0


def test_a_sheet_of_topics_is_looked_through_first(client, secretary) -> None:
    TopicFactory(code="campus")
    rows = "code,slug,name,pillar,position,is_sample\ncampus.04,space,Space,campus,4,0\ncampus.05,x,Bad,nowhere,5,0\n"
    sheet = SimpleUploadedFile("topics.csv", rows.encode(), "text/csv")

    answer = client.post("/admin/practices/topic/import/", {"import_file": sheet, "format": "0"})

    assert "There is no topic “nowhere”." in answer.content.decode()
    assert not Topic.objects.filter(pk="campus.04").exists()
