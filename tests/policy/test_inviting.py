"""Invitations by mandate and seat: who is reached on the day, the three answers, what they do to places."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from members.acts import Refused
from members.models import Act, Role
from notifications.models import Notice
from policy import actions
from policy.models import EventInvitation, Registration
from tests.factories.members import MandateFactory, UniversityFactory, UserFactory, person_as
from tests.factories.policy import BodyFactory, EventFactory, InvitationFactory, RegistrationFactory, SeatFactory

pytestmark = pytest.mark.django_db
State = EventInvitation.State


def told(user):
    return list(Notice.objects.filter(recipient=user).order_by("pk").values_list("subject", flat=True))


@pytest.fixture
def home():
    return UniversityFactory(member=True)


@pytest.fixture
def head(home):
    return person_as("head", home)


@pytest.fixture
def colleague(home):
    return person_as("grants", home)


# Inviting


def test_invite_role_invites_each_university_once_and_tells_its_heads(home, head):
    event, by = EventFactory(published=True), UserFactory()

    first = actions.invite_role(event=event, role=Role.HEAD, universities=[home], by=by, now=timezone.now())
    again = actions.invite_role(event=event, role=Role.HEAD, universities=[home], by=by, now=timezone.now())

    assert ([one.invited for one in first], again) == ([f"Head of university, {home.short_name}"], [])
    assert told(head) == [f"You are invited: {event.title}"]
    assert [act.kind for act in Act.objects.about(event)] == ["event.invited"]


def test_invite_role_revives_an_invitation_that_was_taken_back(home):
    invitation = InvitationFactory(university=home, state="withdrawn")

    made = actions.invite_role(
        event=invitation.event, role=Role.HEAD, universities=[home], by=UserFactory(), now=timezone.now()
    )

    invitation.refresh_from_db()
    assert (made, invitation.state) == ([invitation], State.OPEN)


def test_invitation_that_is_sent_again_forgets_the_answer_of_before(home, head, colleague):
    invitation, by = InvitationFactory(university=home), UserFactory()
    actions.delegate(invitation=invitation, delegate=colleague, by=head, now=timezone.now(), words="I am ill.")
    actions.withdraw_invitation(invitation=invitation, by=by, now=timezone.now())

    actions.invite_role(event=invitation.event, role=Role.HEAD, universities=[home], by=by, now=timezone.now())

    invitation.refresh_from_db()
    assert (invitation.state, invitation.answered_by, invitation.delegate, invitation.words) == (
        State.OPEN, None, None, "",
    )  # fmt: skip


def test_invite_body_invites_who_sits_in_it_today(home, head):
    event, body = EventFactory(published=True), BodyFactory()
    person = SeatFactory(body=body).person
    SeatFactory(body=body, of_university=True, university=home)
    ended = SeatFactory(body=body, ends_on="2021-01-01").person

    made = actions.invite_body(event=event, body=body, by=UserFactory(), now=timezone.now())

    assert len(made) == 2
    assert [len(told(user)) for user in (person, head, ended)] == [1, 1, 0]


@pytest.mark.parametrize("trait", ["cancelled", "archived", "past"])
def test_nobody_is_invited_to_an_event_that_does_not_take_place(home, trait):
    event = EventFactory(**{trait: True})

    with pytest.raises(Refused, match="once the event is published"):
        actions.invite_role(event=event, role=Role.HEAD, universities=[home], by=UserFactory(), now=timezone.now())


# Whom an invitation reaches


def test_invitation_reaches_the_successor_and_no_longer_who_held_the_mandate(home):
    invitation, today = InvitationFactory(university=home), timezone.localdate()
    former = MandateFactory(role="head", university=home, ends_on=today - timedelta(days=1)).person
    deputy = UserFactory()
    successor = MandateFactory(role="head", university=home, starts_on=today, deputy=deputy).person

    people = invitation.people(today)

    assert {person.pk for person in people} == {successor.pk, deputy.pk}
    reached = [
        EventInvitation.objects.reaching(user, today).exists() for user in (former, successor, deputy, UserFactory())
    ]
    assert reached == [False, True, True, False]


def test_invitation_of_a_seat_reaches_who_fills_it(home, head):
    own = InvitationFactory(role="", university=None, seat=SeatFactory(of_university=True, university=home))
    person = SeatFactory(university=home).person
    seat = InvitationFactory(role="", university=None, seat=person.seats.get())
    ended = InvitationFactory(role="", university=None, seat=SeatFactory(ends_on=date(2021, 1, 1)))
    today = timezone.localdate()

    assert [one.people(today) for one in (own, seat, ended)] == [[head], [person], []]
    assert list(EventInvitation.objects.reaching(head, today)) == [own]


# Answering


def test_accept_registers_at_once_without_approval(head, home):
    invitation = InvitationFactory(university=home, event__needs_approval=True)

    registration = actions.accept(invitation=invitation, by=head, now=timezone.now())

    assert (registration.state, registration.university, registration.invitation) == ("approved", home, invitation)
    assert (invitation.state, invitation.answered_by) == (State.ACCEPTED, head)


def test_accept_goes_before_those_who_wait(head, home):
    event = EventFactory(published=True, quota=1, full=True)
    other = RegistrationFactory(event=event, waiting=True)
    invitation = InvitationFactory(university=home, event=event)

    registration = actions.accept(invitation=invitation, by=head, now=timezone.now())

    assert list(Registration.objects.waiting().filter(event=event)) == [registration, other]


def test_accept_keeps_the_place_of_who_is_registered_already(head, home):
    invitation = InvitationFactory(university=home)
    registration = RegistrationFactory(event=invitation.event, person=head, approved=True)

    kept = actions.accept(invitation=invitation, by=head, now=timezone.now())

    assert (kept.pk, kept.state) == (registration.pk, "approved")


def test_accept_opens_the_door_again_to_who_was_refused(head, home):
    invitation = InvitationFactory(university=home)
    RegistrationFactory(event=invitation.event, person=head, refused=True)

    assert actions.accept(invitation=invitation, by=head, now=timezone.now()).state == "approved"


def test_decline_frees_the_place_and_the_next_moves_up(head, home):
    event = EventFactory(published=True, quota=1)
    invitation = InvitationFactory(university=home, event=event)
    registration = actions.accept(invitation=invitation, by=head, now=timezone.now())
    waiting = RegistrationFactory(event=event, waiting=True)

    actions.decline(invitation=invitation, by=head, now=timezone.now(), words="The senate meets that day.")

    states = {one.pk: one.state for one in Registration.objects.filter(event=event)}
    assert states == {registration.pk: "cancelled", waiting.pk: "approved"}
    assert (invitation.state, invitation.words) == (State.DECLINED, "The senate meets that day.")


def test_delegate_registers_a_colleague_and_tells_both_sides(head, home, colleague):
    body = BodyFactory()
    chair = SeatFactory(body=body, chair=True).person
    invitation = InvitationFactory(university=home, event=EventFactory(published=True, body=body))

    registration = actions.delegate(invitation=invitation, delegate=colleague, by=head, now=timezone.now())

    assert (registration.person, registration.state) == (colleague, "approved")
    assert (invitation.state, invitation.delegate) == (State.DELEGATED, colleague)
    assert f"You go to {invitation.event.title} as a delegate" in told(colleague)
    assert len(told(chair)) == 1


def test_delegate_after_accepting_hands_the_place_over(head, home, colleague):
    event = EventFactory(published=True, quota=1)
    invitation = InvitationFactory(university=home, event=event)
    mine = actions.accept(invitation=invitation, by=head, now=timezone.now())

    theirs = actions.delegate(invitation=invitation, delegate=colleague, by=head, now=timezone.now())

    mine.refresh_from_db()
    assert (mine.state, theirs.state) == ("cancelled", "approved")


def test_delegate_who_loses_the_place_is_told_who_changed_the_answer(head, home, colleague):
    invitation = InvitationFactory(university=home)
    actions.delegate(invitation=invitation, delegate=colleague, by=head, now=timezone.now())

    actions.decline(invitation=invitation, by=head, now=timezone.now())

    notice = Notice.objects.get(recipient=colleague, subject__startswith="Registration cancelled")
    assert notice.body.startswith(f"{head} changed the answer to the invitation.")


def test_who_gives_an_own_place_up_by_the_answer_is_told_nothing_more(head, home):
    invitation = InvitationFactory(university=home)
    actions.accept(invitation=invitation, by=head, now=timezone.now())

    actions.decline(invitation=invitation, by=head, now=timezone.now())

    assert told(head) == [f"You are registered: {invitation.event.title}"]


def test_answer_is_told_to_the_head_who_fills_the_chair_of_a_university(head, home):
    chair = UniversityFactory(member=True)
    seat = SeatFactory(of_university=True, university=chair, chair=True)
    invitation = InvitationFactory(university=home, event=EventFactory(published=True, body=seat.body))
    in_the_chair = person_as("head", chair)

    actions.decline(invitation=invitation, by=head, now=timezone.now())

    assert len(told(in_the_chair)) == 1


@pytest.mark.parametrize("who", ["oneself", "somebody elsewhere", "somebody whose mandate ended"])
def test_delegate_is_refused_for(head, home, who):
    invitation = InvitationFactory(university=home)
    people = {
        "oneself": lambda: head,
        "somebody elsewhere": lambda: person_as("grants"),
        "somebody whose mandate ended": lambda: MandateFactory(university=home, ended=True).person,
    }

    with pytest.raises(Refused):
        actions.delegate(invitation=invitation, delegate=people[who](), by=head, now=timezone.now())
    assert Registration.objects.count() == 0


@pytest.mark.parametrize("act", ["accept", "decline"])
@pytest.mark.parametrize("trait", ["cancelled", "past"])
def test_answer_is_refused_when_nothing_takes_place(head, home, trait, act):
    invitation = InvitationFactory(university=home, event=EventFactory(**{trait: True}))

    with pytest.raises(Refused, match="does not take place any more"):
        getattr(actions, act)(invitation=invitation, by=head, now=timezone.now())
    invitation.refresh_from_db()
    assert invitation.state == State.OPEN


def test_answering_an_invitation_that_was_taken_back_is_refused(head, home):
    invitation = InvitationFactory(university=home, state="withdrawn")

    with pytest.raises(Refused, match="taken back"):
        actions.accept(invitation=invitation, by=head, now=timezone.now())


def test_withdraw_keeps_who_registered_by_it(head, home):
    invitation = InvitationFactory(university=home)
    registration = actions.accept(invitation=invitation, by=head, now=timezone.now())

    actions.withdraw_invitation(invitation=invitation, by=UserFactory(), now=timezone.now())

    registration.refresh_from_db()
    assert (invitation.state, registration.state) == (State.WITHDRAWN, "approved")


def test_invitation_every_state_is_reachable():
    assert {target for _sources, target in EventInvitation.TRANSITIONS.values()} == set(State)


BROKEN = {
    "policy_eventinvitation_state_known": {"state": "lost"},
    "answered_at_with_answered_by": {"answered_at": timezone.now()},
    "an_invitation_goes_to_a_mandate_or_a_seat": {"role": ""},
    "a_delegation_names_somebody": {"state": "delegated"},
}


@pytest.mark.parametrize("name", BROKEN)
def test_database_holds_invitation_constraint(name):
    invitation = InvitationFactory()

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        EventInvitation.objects.filter(pk=invitation.pk).update(**BROKEN[name])


def test_database_invites_a_mandate_and_a_seat_once():
    mandate = InvitationFactory()
    seat = InvitationFactory(role="", university=None, seat=SeatFactory())

    with pytest.raises(IntegrityError, match="a_mandate_is_invited_once"), transaction.atomic():
        InvitationFactory(event=mandate.event, university=mandate.university)
    with pytest.raises(IntegrityError, match="a_seat_is_invited_once"), transaction.atomic():
        InvitationFactory(event=seat.event, role="", university=None, seat=seat.seat)


# The page


def test_invitation_page_is_for_who_is_reached(client, head, home):
    invitation = InvitationFactory(university=home)

    answers = []
    for user in (head, person_as("exchange", home), person_as("head")):
        client.force_login(user)
        answers.append(client.get(invitation.get_absolute_url()).status_code)

    assert answers == [200, 404, 404]


def test_head_accepts_declines_and_names_a_delegate_in_the_browser(client, head, home, colleague):
    invitation = InvitationFactory(university=home)
    client.force_login(head)

    def answer(act, **typed):
        response = client.post(reverse(f"policy:invitation_{act}", args=[invitation.reference]), typed)
        invitation.refresh_from_db()
        return response.status_code, invitation.state

    assert answer("accept") == (302, "accepted")
    assert answer("decline", words="Sorry") == (302, "declined")
    assert answer("decline", words="x" * 301) == (422, "declined")
    assert answer("delegate", delegate="") == (422, "declined")
    assert answer("delegate", delegate=person_as("grants").pk) == (422, "declined")
    assert answer("delegate", delegate=colleague.pk) == (302, "delegated")
    client.force_login(colleague)
    assert client.get(invitation.event.get_absolute_url()).context["turn"]["caps"] == "Registered"


@pytest.mark.parametrize("colleagues", [1, 3])
def test_invitation_page_query_count(client, django_assert_num_queries, head, home, colleagues):
    for _person in range(colleagues):
        person_as("grants", home)
    invitation = InvitationFactory(university=home)
    client.force_login(head)

    with django_assert_num_queries(6):  # session, user, mandates, invitation, whether and who may be named
        client.get(invitation.get_absolute_url())


def test_who_accepts_when_all_places_are_taken_reads_that_they_wait_in_line(client, head, home, colleague):
    event = EventFactory(published=True, quota=1)
    RegistrationFactory(event=event, approved=True)
    invitation = InvitationFactory(event=event, university=home)
    client.force_login(head)

    accepted = client.post(reverse("policy:invitation_accept", args=[invitation.reference]), follow=True)
    named = client.post(
        reverse("policy:invitation_delegate", args=[invitation.reference]), {"delegate": colleague.pk}, follow=True
    )

    said = [str(message) for page in (accepted, named) for message in page.context["messages"]]
    assert said == [
        "Accepted. All places are taken: you wait in line, and are told when one comes free.",
        f"{colleague} is told, and waits in line: all places are taken.",
    ]
