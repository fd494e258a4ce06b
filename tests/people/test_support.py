"""Support sees the portal as somebody else: for a reason, half an hour, on record, and without anybody's rights."""

from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from applications import visits
from applications.models import Application, FileAccess
from applications.urls import urlpatterns
from members.actions import support
from members.acts import Refused
from members.models import Act, StudentProfile, SupportVisit
from members.support import is_allowed
from tests.factories.applications import ApplicationFactory, ChoiceFactory, OptionFactory, RoundFactory
from tests.factories.members import MandateFactory, UniversityFactory, UserFactory, person_as, student_of

pytestmark = pytest.mark.django_db
REASON = "She cannot find her draft."


def secretary():
    return MandateFactory(secretariat=True, role="secretariat").person


@pytest.fixture
def university():
    return UniversityFactory(member=True)


@pytest.fixture
def visit_to(sign_in):
    """The client of a secretary who sees the portal as `person`."""

    def begin(person):
        client = sign_in(secretary())
        client.post(reverse("people:support"), {"email": person.email, "reason": REASON})
        return client

    return begin


def test_a_visit_shows_what_the_person_sees_and_says_so(visit_to):
    person = UserFactory(given_name="Ida", family_name="Ek")

    page = visit_to(person).get(reverse("dashboard")).content.decode()

    assert "You see the portal as <b>Ida Ek</b>" in page


def test_stopping_gives_oneself_back(visit_to):
    person = UserFactory(family_name="Ek")
    client = visit_to(person)

    client.post(reverse("people:support_stop"))
    page = client.get(reverse("people:support"))

    assert (page.status_code, page.wsgi_request.user == person) == (200, False)
    assert SupportVisit.objects.get().ended_at is not None
    assert [act.kind for act in Act.objects.about(person)] == ["support.began", "support.ended"]


def test_after_half_an_hour_it_is_over(visit_to):
    client = visit_to(UserFactory())
    long_ago = timezone.now() - timedelta(minutes=31)
    SupportVisit.objects.update(began_at=long_ago, ends_at=long_ago + timedelta(minutes=30))

    response = client.get(reverse("dashboard"))

    assert response["Location"] == reverse("people:support")
    assert [str(said) for said in get_messages(response.wsgi_request)][-1].startswith("The visit is over")
    assert client.get(reverse("dashboard")).status_code == 200


def test_the_person_is_told_who_and_why(visit_to):
    person = UserFactory()
    visit_to(person)

    [notice] = person.notices.all()
    assert REASON in notice.body


@pytest.mark.parametrize(
    "rights", [{"is_superuser": True}, {"is_staff": True}, {"is_active": False}], ids=["admin", "staff", "closed"]
)
def test_never_as_somebody_with_rights_of_the_house(rights):
    with pytest.raises(Refused, match="rights of its own"):
        support.begin(person=UserFactory(**rights), reason=REASON, by=secretary(), now=timezone.now())


def test_never_as_another_secretary_nor_as_oneself():
    desk = secretary()

    for person in (desk, secretary()):
        with pytest.raises(Refused, match="rights of its own"):
            support.begin(person=person, reason=REASON, by=desk, now=timezone.now())


def test_only_the_secretariat_begins(client, university):
    client.force_login(person_as("official", university))

    assert client.get(reverse("people:support")).status_code == 403
    with pytest.raises(Refused):
        support.begin(person=UserFactory(), reason=REASON, by=person_as("exchange", university), now=timezone.now())


def test_without_a_reason_or_an_account_nothing_begins(sign_in):
    client = sign_in(secretary())

    short = client.post(reverse("people:support"), {"email": UserFactory().email, "reason": "help"})
    nobody = client.post(reverse("people:support"), {"email": "nobody@example.org", "reason": REASON})

    assert "reason" in short.context["form"].errors
    assert nobody.context["form"].errors["email"] == ["There is no account with this address."]
    assert SupportVisit.objects.count() == 0


def test_a_new_visit_ends_the_one_before():
    desk, now = secretary(), timezone.now()
    first = support.begin(person=UserFactory(), reason=REASON, by=desk, now=now)
    support.begin(person=UserFactory(), reason=REASON, by=desk, now=now)

    first.refresh_from_db()
    assert first.ended_at == now


def test_a_visit_that_ran_out_ended_when_its_time_was_over():
    """A browser that was closed says nothing; the log must not claim that somebody looked for a week."""
    desk, now = secretary(), timezone.now()
    first = support.begin(person=UserFactory(), reason=REASON, by=desk, now=now - timedelta(days=7))

    support.begin(person=UserFactory(), reason=REASON, by=desk, now=now)

    first.refresh_from_db()
    assert first.ended_at == first.ends_at
    assert [act.kind for act in Act.objects.about(first.person)] == ["support.began", "support.ended"]


def test_a_supporter_who_lost_the_mandate_is_thrown_out(visit_to):
    client = visit_to(UserFactory())
    visit = SupportVisit.objects.get()
    visit.supporter.mandates.update(ends_on=timezone.localdate() - timedelta(days=1))

    assert client.get(reverse("dashboard"))["Location"] == reverse("people:support")


def test_a_students_files_are_opened_with_the_reason_that_the_student_sees(visit_to, university):
    student = student_of(university)
    application = ApplicationFactory(round=RoundFactory(open=True, university=university), applicant=student)

    page = visit_to(student).get(application.get_absolute_url(), follow=True)

    [access] = FileAccess.objects.filter(application=application)
    assert (page.status_code, access.reason) == (200, REASON)


def test_as_an_office_other_peoples_files_stay_closed(visit_to, university):
    application = ApplicationFactory(
        round=RoundFactory(closed=True, university=university), applicant=student_of(university), submitted=True
    )
    officer = person_as("exchange", university)
    at = [application.reference]

    client = visit_to(officer)
    statuses = {
        name: client.get(reverse(f"applications:{name}", args=args)).status_code
        for name, args in (
            ("application_desk", at), ("application_detail", at), ("round_desk", [application.round.slug]),
            ("round_decisions", [application.round.slug]),
        )
    }  # fmt: skip

    assert statuses == {
        "application_desk": 403, "application_detail": 404, "round_desk": 403, "round_decisions": 403,
    }  # fmt: skip
    assert client.get(reverse("people:student_list")).status_code == 403
    officer.supporter = SupportVisit.objects.get().supporter
    assert (Application.objects.visible_to(officer).count(), StudentProfile.objects.visible_to(officer).count()) == (
        0,
        0,
    )


def test_helping_with_a_draft_is_logged_on_the_persons_behalf(visit_to, university):
    student = student_of(university)
    round = RoundFactory(open=True, university=university)
    application = ApplicationFactory(round=round, applicant=student)
    ChoiceFactory(application=application, option=OptionFactory(round=round))
    client = visit_to(student)
    before = Act.objects.count()

    answer = client.post(
        reverse("applications:application_motivation", args=[application.reference]),
        {"motivation": "Bridges", "version": application.version},
    )

    application.refresh_from_db()
    changed = Application.pgh_event_model.objects.filter(pgh_obj_id=application.pk).latest("pgh_id")
    supporter = SupportVisit.objects.get().supporter
    assert (answer.status_code, application.motivation) == (302, "Bridges")
    assert changed.pgh_context.metadata["user"] == supporter.pk
    assert changed.pgh_context.metadata["on_behalf_of"] == student.pk
    assert {act.actor_id for act in Act.objects.all()[: Act.objects.count() - before]} <= {supporter.pk}


DANGEROUS = (
    "account_change_password", "account_email", "account_reauthenticate", "mfa_index", "mfa_activate_totp",
    "usersessions_list", "admin:index", "people:my_data", "people:my_data_download", "people:my_data_erasure",
    "people:close_account", "people:mandate_end", "people:mandate_give", "people:mandate_deputy", "people:support",
    "people:token_add", "applications:application_accept", "applications:application_decline",
    "applications:application_submit", "applications:application_withdraw", "applications:review_edit",
    "applications:application_dossier", "search",
)  # fmt: skip


@pytest.mark.parametrize("name", DANGEROUS)
def test_dangerous_acts_are_closed(name):
    assert (is_allowed(name, "GET"), is_allowed(name, "POST")) == (False, False)


@pytest.mark.parametrize("name", [*visits.READABLE, *visits.DOABLE])
def test_what_is_open_in_a_visit_is_an_address(name):
    assert name in {pattern.name for pattern in urlpatterns}


@pytest.mark.parametrize("name", ["exchange:placement_publish", "funding:proposal_sign", "unknown:anything", ""])
def test_a_room_that_says_nothing_is_read_only(name):
    assert is_allowed(name, "POST") is False


def test_closed_pages_say_so(visit_to):
    client = visit_to(UserFactory(given_name="Ida", family_name="Ek"))

    page = client.get(reverse("account_change_password"))

    assert page.status_code == 403
    assert "Only Ida Ek can do this" in page.content.decode()


def test_an_act_of_the_person_names_the_supporter():
    from members.acts import record
    from members.support import visiting

    person, other = UserFactory(), UserFactory()
    visit = support.begin(person=person, reason=REASON, by=secretary(), now=timezone.now())

    with visiting(visit):
        mine, others = record("a.thing", person, by=person), record("a.thing", person, by=other)
    after = record("a.thing", person, by=person)

    assert [(act.actor, act.on_behalf_of) for act in (mine, others, after)] == [
        (visit.supporter, person), (other, None), (person, None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"reason": ""}, "a_visit_has_a_reason"),
        ({"ends_at": timezone.now() + timedelta(hours=2)}, "a_visit_lasts_half_an_hour_at_most"),
    ],
)
def test_constraints_of_a_visit(change, name):
    now = timezone.now()
    values = {"supporter": UserFactory(), "person": UserFactory(), "reason": REASON, "began_at": now, "ends_at": now}

    with pytest.raises(IntegrityError, match=name):
        SupportVisit.objects.create(**values | change)


def test_constraints_between_supporter_and_person():
    now, one = timezone.now(), UserFactory()
    values = {"supporter": one, "reason": REASON, "began_at": now, "ends_at": now}
    SupportVisit.objects.create(person=UserFactory(), **values)

    with pytest.raises(IntegrityError, match="one_open_visit_per_supporter"):
        SupportVisit.objects.create(person=UserFactory(), **values)


def test_nobody_visits_themselves():
    now, one = timezone.now(), UserFactory()

    with pytest.raises(IntegrityError, match="nobody_visits_themselves"):
        SupportVisit.objects.create(supporter=one, person=one, reason=REASON, began_at=now, ends_at=now)
