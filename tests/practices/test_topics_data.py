"""The file of pillars and topics, and what loading it does."""

import pghistory
import pytest

from members.loading import Load
from members.reference_data import read
from practices.models import Topic
from practices.reference import FILE, load

pytestmark = pytest.mark.django_db


def by_a_person():
    """What is written inside is a person's; outside, within the one transaction of a test, it would be the load's."""
    return pghistory.context(user=7)


def run():
    once = Load()
    once.run([load])
    return once


def test_five_pillars_of_ten_topics_each() -> None:
    run()

    assert Topic.objects.pillars().count() == 5
    assert {pillar.topics.count() for pillar in Topic.objects.pillars()} == {10}
    assert set(Topic.objects.pillars().values_list("is_sample", flat=True)) == {False}


def test_loading_again_changes_nothing() -> None:
    run()

    assert [str(change) for change in run().changes] == []


def test_a_name_that_a_person_wrote_stays() -> None:
    run()
    with by_a_person():
        Topic.objects.filter(pk="education.01").update(name="Learning by projects")

    [kept] = run().changes

    assert kept.kind == "kept"
    assert Topic.objects.get(pk="education.01").name == "Learning by projects"


def test_a_topic_that_people_added_stays() -> None:
    run()
    with by_a_person():
        mine = Topic.objects.create(code="education.11", slug="studios", name="Studios", pillar_id="education")

    run()

    assert Topic.objects.filter(pk=mine.pk).exists()


def test_every_address_is_one_of_a_kind() -> None:
    slugs = [item["slug"] for item in read(FILE)["items"]]

    assert len(slugs) == len(set(slugs))
