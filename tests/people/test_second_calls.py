"""What a page answers when the act is no longer possible: pressed twice, decided meanwhile, asked of the wrong one.

Nothing changes, and the sentence of the refusal stands on the page that the person sees next.
"""

from contextlib import nullcontext
from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone

from members.actions import mandates, students
from members.actions.mandates import days_in_words, where_tasks_go
from members.acts import Refused
from members.models import Act, Enquiry, Invitation, Mandate, StudentProfile, SupportVisit, User
from notifications.models import Letter, Notice
from tests.factories.members import (
    EmailAddressFactory,
    MandateFactory,
    StudentProfileFactory,
    UniversityFactory,
    UserFactory,
    person_as,
)
from tests.factories.people import ErasureFactory, ExpertFactory, InvitationFactory

pytestmark = pytest.mark.django_db
NOW = timezone.now()
TODAY, DAY = timezone.localdate(NOW), timedelta(days=1)


def at(name, *args):
    return reverse(f"people:{name}", args=args)


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def text_of(response):
    return response.content.decode()


# mandates


def test_give_the_same_role_twice_says_so_in_the_form(sign_in):
    mandate = MandateFactory(person__email="ada@kth.example")
    client = sign_in(person_as("official", mandate.university))
    typed = {"email": "ada@kth.example", "role": "exchange", "starts_on": str(TODAY)}

    page = client.post(at("mandate_give", mandate.university.slug), typed)

    assert "This person already holds this role here in that time." in text_of(page)
    assert 'value="ada@kth.example"' in text_of(page), "what was typed is still there"
    assert Mandate.objects.filter(role="exchange").count() == 1


@pytest.mark.parametrize(("starts", "words"), [(0, "is now Grant officer and was told."), (1, "is Grant officer from")])
def test_give_says_from_when_it_holds(sign_in, starts, words):
    university, ada = UniversityFactory(), UserFactory(email="ada@kth.example")
    client = sign_in(person_as("official", university))

    page = client.post(
        at("mandate_give", university.slug),
        {"email": ada.email, "role": "grants", "starts_on": str(TODAY + starts * DAY)},
    )

    assert [words in sentence for sentence in said(page)] == [True]


def test_give_a_role_of_the_consortium_leads_back_to_its_people(sign_in):
    client = sign_in(person_as("secretariat"))

    page = client.post(
        at("consortium_give"), {"email": "new@kth.example", "role": "president", "starts_on": str(TODAY)}
    )

    assert page["Location"] == at("consortium_people")
    assert Invitation.objects.get().role == "president"


def test_hand_over_to_somebody_without_an_account_says_that_nobody_follows_yet(sign_in):
    mandate = MandateFactory(official=True)

    page = sign_in(mandate.person).post(
        at("mandate_hand_over", mandate.reference), {"email": "next@kth.example", "last_day": str(TODAY)}
    )

    assert said(page) == ["next@kth.example is invited to follow. Until they accept nobody does."]
    assert Invitation.objects.get().starts_on == TODAY + DAY


def test_end_a_mandate_twice_on_another_day_is_refused_and_keeps_the_first(sign_in):
    mandate = MandateFactory()
    client = sign_in(person_as("official", mandate.university))

    client.post(at("mandate_end", mandate.reference), {"last_day": str(TODAY)})
    page = client.post(at("mandate_end", mandate.reference), {"last_day": str(TODAY + DAY)})

    mandate.refresh_from_db()
    assert mandate.ends_on == TODAY
    assert "ends on" in text_of(page)
    assert "already" in text_of(page)


def test_end_a_mandate_on_the_same_day_twice_tells_once():
    mandate = MandateFactory()
    official = person_as("official", mandate.university)

    for _ in range(2):
        mandates.end(mandate=mandate, last_day=TODAY, reason="", by=official, today=TODAY)

    assert Notice.objects.filter(recipient=mandate.person).count() == 1


@pytest.mark.parametrize(
    ("last_day", "is_taken"),
    [(-2, False), (-1, True), (0, True), (30, True)],
    ids=["before", "yesterday", "today", "later"],
)
def test_end_a_mandate_at_the_earliest_yesterday(last_day, is_taken):
    mandate, last = MandateFactory(), TODAY + last_day * DAY

    with nullcontext() if is_taken else pytest.raises(Refused, match="yesterday at the earliest"):
        mandates.end(mandate=mandate, last_day=last, reason="", by=mandate.person, today=TODAY)

    mandate.refresh_from_db()
    assert mandate.ends_on == (last if is_taken else None)


def test_dismiss_twice_says_that_nobody_stands_in(sign_in):
    mandate = MandateFactory(with_deputy=True)
    client = sign_in(mandate.person)
    address = at("mandate_dismiss_deputy", mandate.reference)

    client.post(address)
    page = client.post(address)

    assert "Nobody stands in for this mandate." in text_of(page)
    assert "None can no longer act" not in text_of(page)
    assert [act.kind for act in Act.objects.about(mandate)] == ["mandate.deputy_dismissed"]


def test_a_deputy_without_an_account_is_named_in_words(sign_in):
    mandate = MandateFactory()

    page = sign_in(mandate.person).post(at("mandate_deputy", mandate.reference), {"deputy": "nobody@kth.example"})

    assert "Nobody with the address “nobody@kth.example” has an account." in text_of(page)


@pytest.mark.parametrize("kind", ["closed", "unverified second address"])
def test_an_account_that_nobody_answers_for_is_no_deputy(kind):
    if kind == "closed":
        UserFactory(email="ada@kth.example", is_active=False)
    else:
        EmailAddressFactory(email="ada@kth.example", verified=False, primary=False)

    assert mandates.person_with("ada@kth.example") is None


@pytest.mark.parametrize("typed", ["ada@kth.example", "ADA@KTH.example", " ada@kth.example "])
def test_an_account_is_found_by_its_address_however_it_is_typed(typed):
    person = UserFactory(email="ada@kth.example")

    assert mandates.person_with(typed) == person


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (TODAY, TODAY + DAY, "from "),
        (TODAY, None, "on"),
        (None, TODAY, "until "),
        (None, None, "until further notice"),
    ],
)
def test_days_in_words(first, last, words):
    told = days_in_words(first, last)

    assert told.startswith(words) or told.endswith(words)


def test_where_tasks_go_names_everybody_at_the_desk_on_that_day():
    mandate = MandateFactory()
    MandateFactory(university=mandate.university, person__given_name="Ada", person__family_name="Ek")
    MandateFactory(university=mandate.university, starts_on=TODAY + 2 * DAY)
    MandateFactory(university=mandate.university, role="grants")

    assert "with Ada Ek from" in where_tasks_go(mandate, TODAY)


# invitations


@pytest.mark.parametrize("act", ["invitation_again", "invitation_withdraw"])
def test_invitation_that_was_answered_meanwhile_is_left_as_it_is(client, act):
    invitation = InvitationFactory()
    client.force_login(person_as("official", invitation.university))
    invitation.move("withdraw")

    page = client.post(at(act, invitation.reference))

    assert said(page) == ["This invitation was answered or taken back meanwhile."]
    assert not Letter.objects.exists()


@pytest.mark.parametrize("act", ["invitation_again", "invitation_withdraw"])
def test_invitation_of_another_university_is_not_there(client, act):
    client.force_login(person_as("official"))

    assert client.post(at(act, InvitationFactory().reference)).status_code == 404


def test_invitation_of_the_consortium_leads_back_to_its_people(client):
    invitation = InvitationFactory(role="president", university=None)
    client.force_login(person_as("secretariat"))

    assert client.post(at("invitation_withdraw", invitation.reference))["Location"] == at("consortium_people")


def test_invitation_accepted_too_late_says_whom_to_ask(client):
    invitation = InvitationFactory(expired=True)
    client.force_login(UserFactory(email=invitation.email, verified=True))

    page = client.post(invitation.get_absolute_url())

    assert f"Ask {invitation.invited_by} to send it again." in text_of(page)
    assert not Mandate.objects.exists()


def test_invitation_whose_address_a_closed_account_holds_makes_no_second_one(client):
    invitation = InvitationFactory()
    UserFactory(email=invitation.email, is_active=False)
    given = {
        "given_name": "Ada",
        "family_name": "Ek",
        "password1": "a good long phrase",
        "password2": "a good long phrase",
    }

    page = client.post(invitation.get_absolute_url(), given)

    assert "There is an account with this address already." in text_of(page)
    assert User.objects.filter(email=invitation.email).count() == 1
    invitation.refresh_from_db()
    assert invitation.state == "waiting"


def test_invitation_of_somebody_else_is_shown_and_not_accepted(client):
    invitation = InvitationFactory()
    client.force_login(UserFactory(verified=True))

    page = client.post(invitation.get_absolute_url())

    assert (page.status_code, page.context["is_mine"]) == (200, False)
    invitation.refresh_from_db()
    assert invitation.state == "waiting"


@pytest.mark.parametrize("token", ["nothing", "a:b:c"])
def test_invitation_that_was_not_made_here_is_not_there(client, token):
    assert client.get(at("invitation", token)).status_code == 404


# students


@pytest.mark.parametrize(
    ("address", "given", "sentence"),
    [
        ("student_confirm", {}, "was confirmed meanwhile."),
        ("student_refuse", {"reason": "No such number."}, "was refused meanwhile."),
    ],
)
def test_student_decided_on_twice_says_so(client, address, given, sentence):
    profile = StudentProfileFactory()
    client.force_login(person_as("exchange", profile.university))

    client.post(at(address, profile.reference), given)
    before = Notice.objects.filter(recipient=profile.user).count()
    page = client.post(at(address, profile.reference), given)

    assert [sentence in each for each in said(page)][-1:] == [True]
    assert Notice.objects.filter(recipient=profile.user).count() == before == 1


def test_student_of_whom_an_office_changed_its_mind_is_told_both_times():
    profile = StudentProfileFactory()
    desk = person_as("exchange", profile.university)

    students.refuse(profile=profile, reason="No such number.", by=desk, now=NOW)
    students.confirm(profile=profile, by=desk, now=NOW + DAY)

    profile.refresh_from_db()
    assert (profile.state, profile.confirmed_by) == ("confirmed", desk)
    assert Notice.objects.filter(recipient=profile.user).count() == 2


def test_students_ticked_that_are_not_of_this_office_are_left_alone(client):
    own, other = StudentProfileFactory(), StudentProfileFactory()
    client.force_login(person_as("exchange", own.university))
    ticked = [str(own.reference), str(other.reference), "no reference at all", "\x00"]

    page = client.post(at("student_confirm_many"), {"student": ticked})

    assert said(page) == ["1 student is confirmed."]
    assert [*StudentProfile.objects.filter(state="confirmed")] == [own]


@pytest.mark.parametrize("ticked", [[], ["nobody"]])
def test_students_none_of_whom_was_ticked_says_what_to_do(client, ticked):
    client.force_login(person_as("exchange", StudentProfileFactory().university))

    page = client.post(at("student_confirm_many"), {"student": ticked})

    assert said(page) == ["Nobody was confirmed: tick the students first."]


def test_student_reads_whose_turn_it_is_in_each_state(client):
    profile = StudentProfileFactory(university__short_name="KTH")
    client.force_login(profile.user)
    turns = {}
    for state in ("waiting", "refused", "confirmed"):
        StudentProfile.objects.update(state=state, confirmed_by_domain="kth.se")
        turns[state] = client.get(at("profile")).context["turn"]

    assert {state: turn["caps"] for state, turn in turns.items()} == {
        "waiting": "The office's turn", "refused": "Your turn", "confirmed": "Confirmed",
    }  # fmt: skip
    assert turns["refused"]["actions"][0]["url"] == at("profile_home")


def test_student_who_names_the_confirmed_home_again_stays_confirmed(client):
    profile = StudentProfileFactory(confirmed=True, university=UniversityFactory(member=True, short_name="KTH"))
    client.force_login(profile.user)

    page = client.post(at("profile_home"), {"university": profile.university_id})

    assert said(page) == ["You are a student of KTH."]
    assert not Act.objects.about(profile).exists()


@pytest.mark.parametrize("situation", ["archived", "former", "unknown"])
def test_student_names_a_university_that_is_there(client, situation):
    person = UserFactory()
    client.force_login(person)
    keys = {
        "archived": lambda: UniversityFactory(member=True, archived=True).pk,
        "former": lambda: UniversityFactory().pk,
        "unknown": lambda: 999_999,
    }

    page = client.post(at("profile_home"), {"university": keys[situation]()})

    assert page.context["form"].errors["university"]
    assert not StudentProfile.objects.exists()


# support


def test_support_of_somebody_with_rights_says_why_not(sign_in):
    other = person_as("secretariat")

    page = sign_in(person_as("secretariat")).post(
        at("support"), {"email": other.email, "reason": "She cannot find her draft."}
    )

    assert "You cannot see the portal as this person" in text_of(page)
    assert not SupportVisit.objects.exists()


def test_support_outside_of_a_visit_has_nothing_to_stop(client):
    client.force_login(person_as("secretariat"))

    assert client.post(at("support_stop")).status_code == 403


# one's own data


def test_erasure_that_would_harm_says_what_is_in_the_way(sign_in):
    erasure = ErasureFactory(user=MandateFactory().person)

    page = sign_in(person_as("secretariat")).post(at("erasure_carry_out", erasure.reference))

    assert "Pass it on or end it first." in text_of(page)
    erasure.refresh_from_db()
    assert erasure.state == "asked"


def test_erasure_refused_twice_keeps_the_first_answer(sign_in):
    erasure = ErasureFactory()
    client = sign_in(person_as("secretariat"))

    client.post(at("erasure_refuse", erasure.reference), {"answer": "An appeal runs."})
    page = client.post(at("erasure_refuse", erasure.reference), {"answer": "Another answer."})

    erasure.refresh_from_db()
    assert erasure.answer == "An appeal runs."
    assert "decided meanwhile" in text_of(page)


def test_erasure_taken_back_twice_is_not_there_the_second_time(client):
    erasure = ErasureFactory()
    client.force_login(erasure.user)

    assert [client.post(at("my_data_keep")).status_code for _ in range(2)] == [302, 404]


# published profiles


def test_profile_taken_back_twice_says_so(client):
    expert = ExpertFactory(public=True)
    client.force_login(expert.user)

    client.post(at("expert_unpublish_mine"))
    page = client.post(at("expert_unpublish_mine"))

    assert said(page)[-1] == "This profile is not published."
    assert [act.kind for act in Act.objects.about(expert)] == ["expert.unpublished"]


@pytest.mark.parametrize(
    ("audience", "words"),
    [("public", "Published: everybody can find you now."), ("members", "people of the consortium's universities")],
)
def test_profile_published_says_who_finds_it(client, audience, words):
    mandate = MandateFactory()
    client.force_login(mandate.person)
    typed = {
        "university": mandate.university_id,
        "headline": "Photonics",
        "keywords": "photonics",
        "audience": audience,
    }

    page = client.post(at("expert_edit"), typed | {"publish": "yes"})

    assert [words in sentence for sentence in said(page)] == [True]


@pytest.mark.parametrize(
    ("keywords", "sentence"),
    [
        ("", "This field is required."),
        (" , ; ", "Name at least one field."),
        (", ".join(f"field {n}" for n in range(13)), "These are 13. Keep the 12 that matter most."),
        ("x" * 61, "is longer than 60 letters"),
    ],
)
def test_profile_with_expertise_that_cannot_be_says_why(client, keywords, sentence):
    mandate = MandateFactory()
    client.force_login(mandate.person)

    page = client.post(at("expert_edit"), {"university": mandate.university_id, "headline": "x", "keywords": keywords})

    assert page.status_code == 422
    assert any(sentence in error for error in page.context["form"].errors["keywords"])


def test_letter_to_a_profile_that_takes_none_is_not_there(client):
    expert = ExpertFactory(public=True, takes_letters=False)

    assert client.get(at("expert_write", expert.reference)).status_code == 404
    assert not Enquiry.objects.exists()
