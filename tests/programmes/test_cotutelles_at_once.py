"""Both universities at the same moment, each on a connection of its own."""

import threading

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from cluster_portal.demo.papers import paper
from members.acts import Refused
from members.models import Act
from notifications.models import Notice
from programmes.actions import cotutelle_files
from programmes.actions import cotutelles as actions
from programmes.models import Cotutelle
from tests.factories.members import UniversityFactory, person_as, student_of
from tests.factories.programmes import CotutelleFactory, cotutelle_in

pytestmark = pytest.mark.django_db(transaction=True)
NOW = timezone.now()


def at_once(*acts):
    """Run every act in a thread of its own, all let go together; "done" or the sentence of the refusal, sorted."""
    gate, outcomes = threading.Barrier(len(acts)), []

    def run(act):
        try:
            gate.wait(20)
            act()
            outcomes.append("done")
        except Refused as refused:
            outcomes.append(str(refused))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return sorted(outcomes)


def fresh(cotutelle):
    return Cotutelle.objects.get(pk=cotutelle.pk)


@pytest.fixture
def requested():
    return cotutelle_in("requested")


@pytest.fixture
def desks(requested):
    return [person_as("coordinator", requested.home), person_as("official", requested.partner)]


def test_both_sides_agree_at_once_and_the_convention_begins(requested, desks):
    outcomes = at_once(
        *[lambda desk=desk: actions.agree(cotutelle=fresh(requested), by=desk, now=NOW) for desk in desks]
    )

    after = fresh(requested)
    assert outcomes == ["done", "done"]
    assert (after.state, after.home_agreed_by, after.partner_agreed_by) == (Cotutelle.State.CONVENTION, *desks)
    assert Act.objects.about(requested).filter(kind="cotutelle.agreed").count() == 2
    assert Notice.objects.filter(recipient=requested.candidate, subject__contains="both universities").count() == 1


def test_two_of_one_side_agree_at_once_and_count_once(requested, desks):
    same_side = [desks[0], person_as("official", requested.home)]

    outcomes = at_once(
        *[lambda desk=desk: actions.agree(cotutelle=fresh(requested), by=desk, now=NOW) for desk in same_side]
    )

    assert outcomes == ["Your university has agreed already.", "done"]
    assert fresh(requested).state == Cotutelle.State.HOME_AGREED


def test_one_refuses_while_the_candidate_withdraws(requested, desks):
    outcomes = at_once(
        lambda: actions.refuse(cotutelle=fresh(requested), reason="No.", by=desks[0], now=NOW),
        lambda: actions.withdraw(cotutelle=fresh(requested), reason="", by=requested.candidate, now=NOW),
    )

    assert outcomes == ["This file has moved on meanwhile. Look at it again before you go on.", "done"]
    assert fresh(requested).is_over


def test_begun_twice_at_once_there_is_one_file():
    kth, polito = UniversityFactory(member=True), UniversityFactory(member=True)
    student = student_of(kth)
    words = {"title": "On turbulence", "partner": polito}

    outcomes = at_once(
        *[lambda: actions.begin(home=kth, words=words, supervisors=[], by=student, now=NOW) for _ in range(2)]
    )

    assert outcomes == ["You have a file with this partner already.", "done"]
    assert Cotutelle.objects.count() == 1


def test_a_draft_turned_to_a_partner_while_another_is_begun_with_it():
    kth, polito = UniversityFactory(member=True), UniversityFactory(member=True)
    student = student_of(kth)
    draft = CotutelleFactory(candidate=student, home=kth)
    words = {"title": "On turbulence", "partner": polito}

    outcomes = at_once(
        lambda: actions.begin(home=kth, words=words, supervisors=[], by=student, now=NOW),
        lambda: actions.save(cotutelle=draft, version=1, words=words, supervisors=[], by=student),
    )

    assert outcomes == ["You have a file with this partner already.", "done"]
    assert Cotutelle.objects.filter(partner=polito).count() == 1


def test_two_drafts_at_once_get_two_numbers(requested, desks):
    for desk in desks:
        actions.agree(cotutelle=requested, by=desk, now=NOW)

    def put(desk):
        upload = SimpleUploadedFile("draft.pdf", paper([str(desk.pk)]))
        cotutelle_files.put_file(cotutelle=fresh(requested), kind="draft", upload=upload, by=desk)

    outcomes = at_once(*[lambda desk=desk: put(desk) for desk in desks])

    assert outcomes == ["done", "done"]
    assert sorted(requested.files.filter(kind="draft").values_list("number", flat=True)) == [1, 2]
