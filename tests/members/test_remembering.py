"""What was counted is not counted again until somebody writes, and never told to those who may not see it."""

import pytest
from django.core.cache import caches
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from members.models import University
from members.remembering import Memory
from tests.factories.members import CountryFactory, UniversityFactory, person_as
from tests.quiet import queries_of, while_nobody_writes

pytestmark = pytest.mark.django_db(transaction=True)  # inside one that has written nothing is kept
URL = reverse("members:university_list")


@pytest.fixture(autouse=True)
def remembering(settings):
    settings.REMEMBER_LISTS = True


def test_the_same_question_is_asked_once():
    UniversityFactory()

    def twice():
        first = Memory().number_of(University.objects.all())
        return first, queries_of(lambda: Memory().number_of(University.objects.all()))

    assert while_nobody_writes(twice) == (1, 1)  # the snapshot


def test_another_question_is_another_answer():
    UniversityFactory(city="Lund")
    UniversityFactory(city="Ghent")

    assert Memory().number_of(University.objects.filter(city="Lund")) == 1
    assert Memory().number_of(University.objects.all()) == 2
    assert Memory().answer(University.objects.all(), lambda rows: "other", about="something else") == "other"


def test_any_write_makes_it_ask_again():
    UniversityFactory(city="Lund")
    found = University.objects.filter(city="Lund")
    assert Memory().number_of(found) == 1

    with connection.cursor() as cursor:
        cursor.execute("UPDATE members_university SET city = 'Ghent'")

    assert Memory().number_of(found) == 0


def test_inside_a_transaction_that_has_written_nothing_is_kept():
    UniversityFactory(city="Lund")
    with transaction.atomic():
        University.objects.update(city="Ghent")
        assert Memory().number_of(University.objects.filter(city="Lund")) == 0
        transaction.set_rollback(True)

    assert Memory().number_of(University.objects.filter(city="Lund")) == 1


def test_a_question_that_finds_nothing_by_itself_is_not_kept(django_assert_num_queries):
    with django_assert_num_queries(1):
        assert Memory().number_of(University.objects.none()) == 0


def test_moments_in_a_question_count_by_the_minute():
    now = timezone.now().replace(second=5)

    def asked_at(second):
        return lambda: Memory().number_of(University.objects.filter(confirmed_at__lt=now.replace(second=second)))

    assert while_nobody_writes(lambda: (asked_at(5)(), queries_of(asked_at(40)))) == (0, 1)


def test_directory_counts_its_facets_once(client):
    UniversityFactory(country=CountryFactory(code="SE"))
    client.force_login(person_as("coordinator"))
    client.get(URL)  # gives the secret of its forms, so that each attempt below is asked alike

    def twice():
        caches["pages"].clear()
        # the second look has another address: what is kept of it is its counts, not the page as it was drawn
        return queries_of(lambda: client.get(URL)), queries_of(lambda: client.get(URL, {"page": "1"}))

    # session, user, two snapshots; box, mandates, page, map, names of two facets; at first two lengths, seven facets
    assert while_nobody_writes(twice) == (19, 10)


def test_archived_universities_are_counted_for_the_secretariat_only(client):
    UniversityFactory(archived_at=timezone.now())
    client.force_login(person_as("secretariat"))
    assert client.get(URL).context["total"] >= 1
    client.logout()

    assert client.get(URL).context["total"] == University.objects.filter(archived_at=None).count()
