"""Invitations: the link, what it makes, and everything that can have happened meanwhile."""

import threading
from contextlib import nullcontext
from datetime import date, timedelta

import pytest
from django.core import signing
from django.db import connection
from django.utils import timezone

from members.actions import invitations
from members.acts import Refused
from members.models import Act, Invitation, Mandate, Role
from members.permissions import roles_to_give
from notifications.models import Letter, Notice
from tests.factories.members import EmailAddressFactory, MandateFactory, UniversityFactory, UserFactory, person_as
from tests.factories.people import InvitationFactory

pytestmark = pytest.mark.django_db
START = date(2027, 1, 1)
PASSWORD = "a long enough phrase"


def offer(university, by, **changes):
    given = {"email": "new@kth.example", "role": Role.EXCHANGE, "starts_on": START, "ends_on": None, **changes}
    return invitations.give_or_invite(university=university, by=by, now=timezone.now(), **given)


def test_give_or_invite_unknown_address_gets_a_letter_with_the_link():
    university = UniversityFactory(short_name="KTH")
    official = person_as("official", university)

    invitation = offer(university, official, email=" New@KTH.example ")

    letter = Letter.objects.get()
    assert (letter.address, letter.url) == ("new@kth.example", invitation.get_absolute_url())
    assert letter.subject == "You are invited as Exchange coordinator, KTH"
    assert Act.objects.about(invitation).get().kind == "invitation.sent"


def test_give_or_invite_known_address_holds_the_mandate_at_once():
    university, person = UniversityFactory(), UserFactory(email="new@kth.example")

    mandate = offer(university, person_as("official", university))

    assert (mandate.person, Letter.objects.count()) == (person, 0)


def test_give_or_invite_second_verified_address_of_an_account_counts():
    university, address = UniversityFactory(), EmailAddressFactory(email="new@kth.example", verified=True)

    assert offer(university, person_as("official", university)).person == address.user


def test_invite_twice_is_refused_with_a_hint():
    university = UniversityFactory()
    official = person_as("official", university)
    offer(university, official)

    with pytest.raises(Refused, match="send that invitation again"):
        offer(university, official, email="NEW@kth.example")


@pytest.mark.django_db(transaction=True)
def test_invite_twice_at_once_writes_one_letter():
    university = UniversityFactory()
    official, start, results = person_as("official", university), threading.Barrier(2), []

    def ask():
        start.wait()
        try:
            offer(university, official)
            results.append("invited")
        except Refused as refused:
            results.append(str(refused))
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(2)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]

    refusal = "This person is invited to this role already; send that invitation again."
    assert sorted(results) == [refusal, "invited"]
    assert Letter.objects.count() == 1


def test_invite_as_official_by_the_official_is_refused():
    university = UniversityFactory()

    with pytest.raises(Refused, match="cannot give this role"):
        offer(university, person_as("official", university), role=Role.OFFICIAL)


def test_hand_over_to_an_unknown_address_invites_from_the_day_after():
    mandate = MandateFactory(official=True)
    today = timezone.localdate()

    invitation = invitations.hand_over(
        mandate=mandate, email="new@kth.example", last_day=today, by=mandate.person, today=today, now=timezone.now()
    )

    mandate.refresh_from_db()
    assert (invitation.role, invitation.starts_on) == (Role.OFFICIAL, today + timedelta(days=1))
    assert mandate.ends_on == today


def test_accept_as_new_person_makes_account_and_mandate():
    invitation = InvitationFactory(email="new@kth.example")

    person = invitations.accept_as_new_person(
        invitation=invitation, given_name="Ada", family_name="Berg", password=PASSWORD, now=timezone.now()
    )

    mandate = Mandate.objects.get(person=person)
    assert (mandate.university, mandate.role, mandate.given_by) == (
        invitation.university,
        invitation.role,
        invitation.invited_by,
    )
    assert person.emailaddress_set.get().verified
    assert person.check_password(PASSWORD)
    assert Notice.objects.get(recipient=invitation.invited_by).subject == "Ada Berg accepted the invitation"


def test_accept_as_new_person_where_the_address_belongs_to_a_closed_account_is_refused():
    closed = UserFactory(is_active=False)
    EmailAddressFactory(user=closed, email="new@kth.example", verified=True)

    with pytest.raises(Refused, match="account with this address already"):
        invitations.accept_as_new_person(
            invitation=InvitationFactory(email="new@kth.example"), given_name="Ada", family_name="Berg",
            password=PASSWORD, now=timezone.now(),
        )  # fmt: skip


def test_accept_twice_makes_one_mandate():
    invitation, person = InvitationFactory(email="new@kth.example"), UserFactory(email="new@kth.example", verified=True)
    invitations.accept_invitation(invitation=invitation, person=person, now=timezone.now())

    with pytest.raises(Refused):
        invitations.accept_invitation(invitation=invitation, person=person, now=timezone.now())

    assert Mandate.objects.count() == 1


@pytest.mark.parametrize("situation", [{"expired": True}, {"state": "withdrawn"}])
def test_accept_too_late_makes_nothing(situation):
    invitation = InvitationFactory(**situation)

    with pytest.raises(Refused, match="no longer open"):
        invitations.accept_as_new_person(
            invitation=invitation, given_name="Ada", family_name="Berg", password=PASSWORD, now=timezone.now()
        )

    assert not Mandate.objects.exists()


def test_accept_with_another_address_is_refused():
    with pytest.raises(Refused, match="another address"):
        invitations.accept_invitation(
            invitation=InvitationFactory(), person=UserFactory(verified=True), now=timezone.now()
        )


def test_accept_where_an_official_came_meanwhile_leaves_the_invitation_open():
    invitation = InvitationFactory(role=Role.OFFICIAL, email="new@kth.example")
    person_as("official", invitation.university)

    with pytest.raises(Refused, match="has an official"):
        invitations.accept_as_new_person(
            invitation=invitation, given_name="Ada", family_name="Berg", password=PASSWORD, now=timezone.now()
        )

    invitation.refresh_from_db()
    assert invitation.state == Invitation.State.WAITING


def test_invite_again_prolongs_and_writes_a_new_letter():
    invitation, now = InvitationFactory(expired=True), timezone.now()

    invitations.invite_again(invitation=invitation, by=invitation.invited_by, now=now)

    assert invitation.is_open(now + timedelta(days=13))
    assert Letter.objects.count() == 1


@pytest.mark.parametrize("act", [invitations.invite_again, invitations.withdraw_invitation])
def test_answered_invitation_cannot_be_changed(act):
    invitation = InvitationFactory(state="withdrawn")
    extra = {"now": timezone.now()} if act is invitations.invite_again else {}

    with pytest.raises(Refused, match="meanwhile"):
        act(invitation=invitation, by=invitation.invited_by, **extra)


def test_by_token_only_our_own_tokens():
    invitation = InvitationFactory()

    assert Invitation.objects.by_token(invitation.token).get() == invitation
    assert not Invitation.objects.by_token(f"{invitation.token}x").exists()
    assert not Invitation.objects.by_token(signing.dumps(str(invitation.reference), salt="other")).exists()


def test_invitation_every_state_is_reachable():
    reached = {target for _sources, target in Invitation.TRANSITIONS.values()}

    assert reached | {Invitation.State.WAITING} == set(Invitation.State)


@pytest.mark.parametrize(("days", "is_taken"), [(0, True), (1, False)])
def test_accept_a_mandate_that_is_over_by_now_is_refused_to_its_last_day(days, is_taken):
    now = timezone.now()
    invitation = InvitationFactory(ends_on=timezone.localdate(now))
    person = UserFactory(email=invitation.email, verified=True)

    with nullcontext() if is_taken else pytest.raises(Refused, match="would have ended on"):
        invitations.accept_invitation(invitation=invitation, person=person, now=now + timedelta(days=days))

    invitation.refresh_from_db()
    assert (invitation.state == "accepted", Mandate.objects.filter(person=person).exists()) == (is_taken, is_taken)


# Who sent it has left the office


def accept(invitation):
    person = UserFactory(email=invitation.email, verified=True)
    return invitations.accept_invitation(invitation=invitation, person=person, now=timezone.now())


def sent_by(kind):
    """An invitation as exchange coordinator, and its sender, who is (or was) of that `kind`."""
    university = UniversityFactory(short_name="KTH")
    today = timezone.localdate()
    over = {"ends_on": today - timedelta(days=1)}
    senders = {
        "official": lambda: person_as("official", university),
        "official of another university": lambda: person_as("official"),
        "former official": lambda: person_as("official", university, **over),
        "secretariat": lambda: person_as("secretariat"),
        "former secretariat": lambda: person_as("secretariat", **over),
        "administrator": lambda: UserFactory(administrator=True),
        "closed account": lambda: person_as("official", university, person__is_active=False),
        "nobody": UserFactory,
    }
    sender = senders[kind]()
    return InvitationFactory(university=university, invited_by=sender, role=Role.EXCHANGE), sender


@pytest.mark.parametrize(
    ("kind", "is_backed"),
    [
        ("official", True), ("official of another university", False), ("former official", False),
        ("secretariat", True), ("former secretariat", False), ("administrator", True), ("closed account", False),
        ("nobody", False),
    ],
)  # fmt: skip
def test_an_invitation_holds_while_its_sender_may_give_the_role(kind, is_backed):
    invitation, sender = sent_by(kind)

    may_give = sender.is_active and invitation.role in roles_to_give(sender, invitation.university)

    assert invitation.is_backed_on(timezone.localdate()) == may_give == is_backed


def test_accept_what_nobody_stands_behind_is_refused_and_says_whom_to_ask():
    invitation, former = sent_by("former official")
    official = person_as("official", invitation.university, starts_on=timezone.localdate())

    with pytest.raises(Refused, match="no longer gives this role at KTH") as refused:
        accept(invitation)

    assert former.get_full_name() in str(refused.value)
    assert f"Ask {official.get_full_name()} to confirm it" in str(refused.value)
    assert not Mandate.objects.filter(role=Role.EXCHANGE).exists()


def test_accept_after_those_in_office_sent_it_again():
    invitation, _former = sent_by("former official")
    official = person_as("official", invitation.university, starts_on=timezone.localdate())

    invitations.invite_again(invitation=invitation, by=official, now=timezone.now())

    assert accept(invitation).given_by == official


def test_what_the_officials_deputy_sent_holds_while_the_official_is_in_office():
    deputy, university = UserFactory(), UniversityFactory()
    today = timezone.localdate()
    mandate = MandateFactory(official=True, university=university, deputy=deputy)
    invitation = offer(university, deputy)

    mandate.deputy_until = today - timedelta(days=1)
    mandate.save()
    held = invitation.is_backed_on(today)
    mandate.ends_on = today - timedelta(days=1)
    mandate.save()

    assert (held, invitation.is_backed_on(today)) == (True, False)


@pytest.mark.parametrize("role", [Role.OFFICIAL, Role.SECRETARIAT])
def test_an_office_that_is_passed_on_holds_unless_it_was_ended_earlier(role):
    mandate, today = MandateFactory(role=role, **({"university": None} if role == Role.SECRETARIAT else {})), START
    last_day = today + timedelta(days=20)
    invitation = invitations.hand_over(
        mandate=mandate, email="new@kth.example", last_day=last_day, by=mandate.person, today=today,
        now=timezone.now(),
    )  # fmt: skip

    after = last_day + timedelta(days=5)
    held = invitation.is_backed_on(after)
    mandate.refresh_from_db()
    mandate.ends_on = today
    mandate.save()

    assert (held, invitation.is_backed_on(after)) == (True, False)
