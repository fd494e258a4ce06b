"""The pages about people: who sees which, what a form says, how many questions they ask the database."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from members.forms.people import ProfileForm
from members.models import Invitation, Mandate, Role, StudentProfile
from tests.factories.members import (
    GradeScaleFactory,
    MandateFactory,
    StudentProfileFactory,
    UniversityFactory,
    UserFactory,
    person_as,
    student_of,
)
from tests.factories.people import InvitationFactory

pytestmark = pytest.mark.django_db


def at(name, *args):
    return reverse(f"people:{name}", args=args)


def text_of(response):
    return response.content.decode()


# my mandates


def test_my_mandates_each_in_its_place(client):
    me, tomorrow = UserFactory(), timezone.localdate() + timedelta(days=1)
    MandateFactory(person=me, university__name="University in force")
    MandateFactory(person=me, university__name="University to come", starts_on=tomorrow)
    MandateFactory(person=me, university__name="University of old", ended=True)
    MandateFactory(deputy=me, person__given_name="Absent", person__family_name="Colleague")
    client.force_login(me)

    page = client.get(at("my_mandates"))

    standing = {
        name: [row["mandate"].university.name for row in page.context[name]] for name in ("mine", "coming", "ended")
    }
    assert standing == {
        "mine": ["University in force"],
        "coming": ["University to come"],
        "ended": ["University of old"],
    }
    assert "Absent Colleague" in text_of(page)


def test_my_mandates_one_stands_in_only_while_it_is_not_over(client):
    me, today = UserFactory(), timezone.localdate()
    past, ahead = today - timedelta(days=1), today + timedelta(days=1)
    MandateFactory(deputy=me, deputy_until=today, person__family_name="Today")
    MandateFactory(deputy=me, deputy_from=ahead, person__family_name="Soon")
    MandateFactory(deputy=me, deputy_until=past, person__family_name="Before")
    MandateFactory(deputy=me, ended=True, person__family_name="Gone")
    client.force_login(me)

    rows = client.get(at("my_mandates")).context["stood_in"]

    assert {row["mandate"].person.family_name for row in rows} == {"Today", "Soon"}


def test_my_mandates_none_says_what_to_do(client):
    client.force_login(UserFactory())

    assert "You hold no mandate" in text_of(client.get(at("my_mandates")))


@pytest.mark.parametrize("mandates", [1, 3])
def test_my_mandates_query_count(client, django_assert_num_queries, mandates):
    me = UserFactory()
    MandateFactory.create_batch(mandates, person=me)
    client.force_login(me)

    with django_assert_num_queries(4):  # user, mandates, student profile, unread notices
        client.get(at("my_mandates"))


# one mandate


def test_mandate_detail_strangers_do_not_see_it(client):
    mandate = MandateFactory()
    client.force_login(UserFactory())

    assert client.get(mandate.get_absolute_url()).status_code == 404


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("holder", {"end", "deputy"}),
        ("official", {"end", "deputy", "hand-over"}),
        ("exchange", set()),
        ("deputy", set()),
    ],
)
def test_mandate_detail_offers_what_one_may_do(client, role, expected):
    mandate = MandateFactory(role=Role.DIRECTOR)
    deputy = UserFactory()
    MandateFactory(person=mandate.person, university=mandate.university, role=Role.REVIEWER, deputy=deputy)
    people = {"holder": mandate.person, "deputy": deputy}
    client.force_login(people.get(role) or person_as(role, mandate.university))

    page = text_of(client.get(mandate.get_absolute_url()))

    assert {act for act in ("end", "deputy", "hand-over") if f"{mandate.reference}/{act}/" in page} == expected


def test_mandate_end_asks_for_the_password_first(client):
    mandate = MandateFactory()
    client.force_login(mandate.person)

    answer = client.get(at("mandate_end", mandate.reference))

    assert answer.url == f"{reverse('account_reauthenticate')}?next=" + at("mandate_end", mandate.reference).replace(
        "/", "%2F"
    )


def test_mandate_end_from_the_form(sign_in):
    mandate = MandateFactory()
    today = timezone.localdate()

    sign_in(mandate.person).post(at("mandate_end", mandate.reference), {"last_day": today, "reason": "Leave"})

    mandate.refresh_from_db()
    assert mandate.ends_on == today


def test_mandate_end_refusal_stands_in_the_form(sign_in):
    mandate = MandateFactory()

    page = sign_in(mandate.person).post(
        at("mandate_end", mandate.reference), {"last_day": "2019-01-01", "reason": "Old"}
    )

    assert "yesterday at the earliest" in text_of(page)
    assert 'value="Old"' in text_of(page)


def test_mandate_end_of_a_colleague_is_forbidden(sign_in):
    mandate = MandateFactory()

    answer = sign_in(person_as("reviewer", mandate.university)).get(at("mandate_end", mandate.reference))

    assert answer.status_code == 403


def test_mandate_that_has_not_begun_is_taken_back_from_its_page(sign_in):
    mandate = MandateFactory(starts_on=timezone.localdate() + timedelta(days=9))
    client = sign_in(person_as("official", mandate.university))
    page = client.get(mandate.get_absolute_url())
    assert at("mandate_take_back", mandate.reference) in page.content.decode()

    answer = client.post(at("mandate_take_back", mandate.reference), {"reason": "Stays abroad"}, follow=True)

    assert "Taken back" in text_of(answer)
    assert "Stays abroad" in text_of(answer)
    assert at("mandate_take_back", mandate.reference) not in answer.content.decode()
    assert "taken back" in text_of(client.get(at("university_people", mandate.university.slug)))


def test_mandate_that_runs_offers_no_taking_back(sign_in):
    mandate = MandateFactory()

    client = sign_in(mandate.person)
    answer = client.post(at("mandate_take_back", mandate.reference), {"reason": ""})

    assert at("mandate_take_back", mandate.reference) not in client.get(mandate.get_absolute_url()).content.decode()
    assert "what was done stands" in text_of(answer)


def test_mandate_hand_over_only_the_official_passes_on(sign_in):
    mandate = MandateFactory(role=Role.GRANTS)

    assert sign_in(mandate.person).get(at("mandate_hand_over", mandate.reference)).status_code == 403


def test_mandate_hand_over_from_the_form(sign_in):
    mandate, successor = MandateFactory(official=True), UserFactory()
    today = timezone.localdate()

    page = sign_in(mandate.person).post(
        at("mandate_hand_over", mandate.reference), {"email": successor.email, "last_day": today}, follow=True
    )

    assert Mandate.objects.get(person=successor).starts_on == today + timedelta(days=1)
    assert f"{successor} follows." in text_of(page)


def test_mandate_deputy_named_and_dismissed(sign_in):
    mandate, deputy = MandateFactory(), UserFactory()
    client = sign_in(mandate.person)

    client.post(at("mandate_deputy", mandate.reference), {"deputy": deputy.email})
    assert deputy.holds(Role.EXCHANGE, university=mandate.university)
    client.post(at("mandate_dismiss_deputy", mandate.reference))

    mandate.refresh_from_db()
    assert mandate.deputy is None


def test_mandate_deputy_unknown_address_is_named(sign_in):
    mandate = MandateFactory()

    page = sign_in(mandate.person).post(at("mandate_deputy", mandate.reference), {"deputy": "nobody@kth.se"})

    assert "Nobody with the address “nobody@kth.se” has an account." in text_of(page)


# the people of a university


@pytest.mark.parametrize(
    ("role", "status"),
    [("official", 200), ("exchange", 200), ("secretariat", 200), ("stranger", 403), ("student", 200)],
)
def test_university_people_who_sees_it(client, role, status):
    university = UniversityFactory()
    people = {"stranger": lambda: person_as("official"), "student": lambda: student_of(university)}
    client.force_login(people.get(role, lambda: person_as(role, university))())

    assert client.get(at("university_people", university.slug)).status_code == status


def test_university_people_official_sees_invitations_and_acts(client):
    university = UniversityFactory()
    InvitationFactory(university=university, email="open@kth.se")
    InvitationFactory(university=university, email="late@kth.se", expired=True)
    InvitationFactory(email="elsewhere@kth.se")
    client.force_login(person_as("official", university))

    page = text_of(client.get(at("university_people", university.slug)))

    shown = [email for email in ("open@kth.se", "late@kth.se", "elsewhere@kth.se") if email in page]
    assert shown == ["open@kth.se", "late@kth.se"]
    assert "the link has expired" in page


def test_university_people_says_which_invitations_nobody_stands_behind(client):
    university = UniversityFactory()
    left = InvitationFactory(university=university, invited_by=UserFactory(given_name="Ada", family_name="Berg"))
    client.force_login(person_as("official", university))

    before = text_of(client.get(at("university_people", university.slug)))
    after = text_of(client.post(at("invitation_again", left.reference), follow=True))

    assert "Ada Berg no longer gives this role here" in before
    assert ("Confirm and send again" in before, "Confirm and send again" in after) == (True, False)


def test_university_people_without_an_official_says_so(client):
    mandate = MandateFactory()
    client.force_login(mandate.person)

    page = text_of(client.get(at("university_people", mandate.university.slug)))

    assert "Nobody is the official of this university today." in page


@pytest.mark.parametrize("people", [1, 3])
def test_university_people_query_count(client, django_assert_num_queries, people):
    official = person_as("official")
    university = official.universities_as("official")[0]
    MandateFactory.create_batch(people, university=university, with_deputy=True)
    InvitationFactory.create_batch(people, university=university)
    client.force_login(official)

    with django_assert_num_queries(9):  # user, mine, groups twice, university, profile, mandates, invitations, unread
        client.get(at("university_people", university.slug))


@pytest.mark.parametrize(("role", "status"), [("official", 403), ("secretariat", 200), ("president", 403)])
def test_consortium_people_are_the_secretariats(client, role, status):
    client.force_login(person_as(role))

    assert client.get(at("consortium_people")).status_code == status


@pytest.mark.parametrize("role", ["exchange", "head"])
def test_mandate_give_is_forbidden_to_other_roles(sign_in, role):
    university = UniversityFactory()

    assert sign_in(person_as(role, university)).get(at("mandate_give", university.slug)).status_code == 403


def test_mandate_give_at_another_university_is_forbidden(sign_in):
    assert sign_in(person_as("official")).get(at("mandate_give", UniversityFactory().slug)).status_code == 403


def test_mandate_give_new_address_is_invited(sign_in):
    official = person_as("official")
    university = official.universities_as("official")[0]
    given = {"email": "new@kth.se", "role": "director", "starts_on": "2027-01-01", "ends_on": ""}

    page = sign_in(official).post(at("mandate_give", university.slug), given, follow=True)

    assert Invitation.objects.get().role == Role.DIRECTOR
    assert "new@kth.se has no account yet and was invited by e-mail." in text_of(page)


def test_mandate_give_says_from_when_where_the_day_lies_ahead(sign_in):
    official, person = person_as("official"), UserFactory(given_name="Ada", family_name="Berg", verified=True)
    university = official.universities_as("official")[0]
    given = {"email": person.email, "role": "director", "starts_on": "2127-01-01", "ends_on": ""}

    page = sign_in(official).post(at("mandate_give", university.slug), given, follow=True)

    assert "Ada Berg is Programme director from 1 January 2127 and was told." in text_of(page)


def test_mandate_give_crafted_role_is_no_choice(sign_in):
    official = person_as("official")
    university = official.universities_as("official")[0]
    given = {"email": "new@kth.se", "role": "secretariat", "starts_on": "2027-01-01"}

    page = sign_in(official).post(at("mandate_give", university.slug), given)

    assert "not one of the available choices" in text_of(page)
    assert not Invitation.objects.exists()


def test_mandate_give_secretariat_appoints_a_president(sign_in):
    person = UserFactory()
    given = {"email": person.email, "role": "president", "starts_on": "2027-01-01", "ends_on": "2028-12-31"}

    sign_in(person_as("secretariat")).post(at("consortium_give"), given)

    assert Mandate.objects.get(person=person).role == Role.PRESIDENT


@pytest.mark.parametrize("mandates", [1, 3])
def test_mandate_list_query_count(client, django_assert_num_queries, mandates):
    MandateFactory.create_batch(mandates, with_deputy=True)
    client.force_login(person_as("secretariat"))

    with django_assert_num_queries(10):  # user, mandates; count, all, 3 facets and names, page; unread
        client.get(at("mandate_list"))


def test_mandate_list_finds_names_without_accents(client):
    MandateFactory(person__given_name="Søren", person__family_name="Ångström")
    MandateFactory(person__given_name="Robin", person__family_name="Other")
    client.force_login(person_as("secretariat"))

    page = client.get(at("mandate_list"), {"q": "angstrom soren", "when": "now"})

    assert [str(mandate.person) for mandate in page.context["page_obj"]] == ["Søren Ångström"]


def test_mandate_list_others_see_their_own_university(client):
    MandateFactory()
    mine = MandateFactory()
    client.force_login(mine.person)

    assert list(client.get(at("mandate_list")).context["page_obj"]) == [mine]


# invitations


def test_invitation_new_person_makes_an_account_and_is_signed_in(client):
    invitation = InvitationFactory(email="new@kth.se")
    given = {
        "given_name": "Ada",
        "family_name": "Berg",
        "password1": "a long enough phrase",
        "password2": "a long enough phrase",
    }

    page = client.post(invitation.get_absolute_url(), given, follow=True)

    assert page.redirect_chain[-1][0] == at("my_mandates")
    assert page.context["user"].email == "new@kth.se"


def test_invitation_weak_password_keeps_what_was_typed(client):
    invitation = InvitationFactory()
    given = {"given_name": "Ada", "family_name": "Berg", "password1": "password", "password2": "password"}

    page = client.post(invitation.get_absolute_url(), given)

    assert "This password is too" in text_of(page)
    assert 'value="Berg"' in text_of(page)


def test_invitation_account_exists_asks_to_sign_in(client):
    invitation = InvitationFactory(email=UserFactory(email="ada@kth.se").email)

    page = text_of(client.get(invitation.get_absolute_url()))

    assert "Sign in with it to accept." in page
    assert f"{reverse('account_login')}?next=" in page


def test_invitation_signed_in_with_the_address_accepts(client):
    invitation = InvitationFactory(email="ada@kth.se")
    person = UserFactory(email="ada@kth.se", verified=True)
    client.force_login(person)

    client.post(invitation.get_absolute_url())

    assert person.holds(Role.EXCHANGE, university=invitation.university)


def test_invitation_signed_in_as_somebody_else_cannot_accept(client):
    invitation = InvitationFactory()
    client.force_login(UserFactory(verified=True))

    page = client.post(invitation.get_absolute_url())

    assert "the invitation went to" in text_of(page)
    assert not Mandate.objects.exists()


@pytest.mark.parametrize(
    ("situation", "sentence"),
    [
        ({"expired": True}, "This link has expired."),
        ({"state": "withdrawn"}, "This invitation was taken back."),
    ],
)
def test_invitation_too_late_says_what_to_do(client, situation, sentence):
    assert sentence in text_of(client.get(InvitationFactory(**situation).get_absolute_url()))


def test_invitation_nobody_stands_behind_names_whom_to_ask(client):
    invitation = InvitationFactory(invited_by=UserFactory())

    page = text_of(client.get(invitation.get_absolute_url()))

    assert "Ask the secretariat to confirm it" in page
    assert "Make my account" not in page


def test_invitation_forged_link_is_not_there(client):
    assert client.get(at("invitation", "eyJmb3JnZWQi")).status_code == 404


@pytest.mark.parametrize("name", ["invitation_again", "invitation_withdraw"])
def test_invitation_acts_are_the_officials(client, name):
    invitation = InvitationFactory()
    client.force_login(person_as("exchange", invitation.university))
    assert client.post(at(name, invitation.reference)).status_code == 404

    client.force_login(person_as("official", invitation.university))
    assert client.post(at(name, invitation.reference)).status_code == 302


# students


@pytest.mark.parametrize(
    ("role", "status"), [("exchange", 200), ("official", 200), ("director", 403), ("secretariat", 403)]
)
def test_student_list_is_the_offices(client, role, status):
    client.force_login(person_as(role))

    assert client.get(at("student_list")).status_code == status


def test_student_list_only_own_students_waiting_first(client):
    coordinator = person_as("exchange")
    university = coordinator.universities_as("exchange")[0]
    confirmed = StudentProfileFactory(university=university, confirmed=True)
    waiting = StudentProfileFactory(university=university)
    StudentProfileFactory()
    client.force_login(coordinator)

    page = client.get(at("student_list"))

    assert list(page.context["page_obj"]) == [waiting, confirmed]
    assert "One student waits for you." in text_of(page)


@pytest.mark.parametrize("students", [1, 3])
def test_student_list_query_count(client, django_assert_num_queries, students):
    coordinator = person_as("exchange")
    StudentProfileFactory.create_batch(students, university=coordinator.universities_as("exchange")[0])
    client.force_login(coordinator)

    with django_assert_num_queries(11):  # user, mandates, waiting; count, all, 3 facets and names, page; unread
        client.get(at("student_list"))


def test_student_confirm_many_only_ticked_ones_of_this_office(client):
    coordinator = person_as("exchange")
    university = coordinator.universities_as("exchange")[0]
    ticked, left = StudentProfileFactory.create_batch(2, university=university)
    elsewhere = StudentProfileFactory()
    client.force_login(coordinator)

    client.post(at("student_confirm_many"), {"student": [ticked.reference, elsewhere.reference, "nonsense"]})

    confirmed = StudentProfile.objects.filter(state="confirmed")
    assert list(confirmed) == [ticked]
    assert left not in confirmed


def test_student_confirm_many_without_a_tick_says_so(client):
    client.force_login(person_as("exchange"))

    page = client.post(at("student_confirm_many"), follow=True)

    assert "Nobody was confirmed: tick the students first." in text_of(page)


def test_student_confirm_and_refuse_from_the_page(client):
    profile = StudentProfileFactory()
    client.force_login(person_as("exchange", profile.university))

    client.post(at("student_confirm", profile.reference))
    profile.refresh_from_db()
    assert profile.state == "confirmed"
    client.post(at("student_refuse", profile.reference), {"reason": "Left in June."})

    profile.refresh_from_db()
    assert profile.state == "refused"
    assert "Left in June." in text_of(client.get(profile.get_absolute_url()))


def test_student_refuse_without_reason_says_so(client):
    profile = StudentProfileFactory()
    client.force_login(person_as("exchange", profile.university))

    page = client.post(at("student_refuse", profile.reference), {"reason": ""})

    assert "One thing to put right" in text_of(page)


def test_student_does_not_confirm_oneself(client):
    profile = StudentProfileFactory()
    client.force_login(profile.user)

    assert client.get(profile.get_absolute_url()).status_code == 200
    assert client.post(at("student_confirm", profile.reference)).status_code == 403


@pytest.mark.parametrize("role", ["exchange", "secretariat", "official"])
def test_student_detail_other_offices_and_secretariat_do_not_see(client, role):
    client.force_login(person_as(role))

    assert client.get(StudentProfileFactory().get_absolute_url()).status_code == 404


# the student's own profile


def test_profile_without_home_asks_for_it(client):
    university = UniversityFactory(member=True)
    client.force_login(UserFactory())

    page = client.get(at("profile"), follow=True)
    assert "Where do you study?" in text_of(page)
    client.post(at("profile_home"), {"university": university.pk})

    assert StudentProfile.objects.get().university == university


def test_profile_home_outside_the_consortium_is_no_choice(client):
    client.force_login(UserFactory())

    page = client.post(at("profile_home"), {"university": UniversityFactory().pk})

    assert "not one of the available choices" in text_of(page)


def fill_in(client, **changes):
    given = {
        "degree_programme": "Electrical engineering", "level": "bachelor", "semester": "5", "ects_earned": "120",
        "time_zone": "Europe/Stockholm", "languages-TOTAL_FORMS": "1", "languages-INITIAL_FORMS": "0",
        "languages-0-language": "en", "languages-0-level": "C1", **changes,
    }  # fmt: skip
    return client.post(at("profile"), given)


def test_profile_is_saved_with_language_and_zone(client):
    profile = StudentProfileFactory(confirmed=True, university__grade_scale=GradeScaleFactory())
    client.force_login(profile.user)

    fill_in(client, grade_scale="IT-30", grade_average="27,5")

    profile.refresh_from_db()
    profile.user.refresh_from_db()
    assert (profile.degree_programme, str(profile.grade_average)) == ("Electrical engineering", "27.50")
    assert profile.user.time_zone == "Europe/Stockholm"
    assert [str(skill) for skill in profile.languages.all()] == ["English C1"]
    assert profile.state == "confirmed"


def test_profile_half_filled_can_be_saved_and_says_what_is_missing(client):
    profile = StudentProfileFactory()
    client.force_login(profile.user)

    fill_in(client, level="", semester="")

    assert "Not said yet: level, field of study, current semester, average grade." in text_of(client.get(at("profile")))


@pytest.mark.parametrize("grade", ["31", "-1", "A", "NaN", "1e9", "twenty"])
def test_profile_grade_outside_the_scale_names_the_range(client, grade):
    scale = GradeScaleFactory(name="Italian grades")
    profile = StudentProfileFactory(university__grade_scale=scale)
    client.force_login(profile.user)

    page = text_of(fill_in(client, grade_scale=scale.pk, grade_average=grade))

    assert f"“{grade}” does not fit. Italian grades: a number from 0 to 30, the best is 30." in page
    assert f'value="{grade}"' in page


def test_profile_letters_are_read_by_the_scale(client):
    scale = GradeScaleFactory(code="SE-AF", best=5, worst=0, pass_mark=1, letters=["A", "B", "C", "D", "E"])
    profile = StudentProfileFactory(university__grade_scale=scale)
    client.force_login(profile.user)

    fill_in(client, grade_scale="SE-AF", grade_average="b")

    profile.refresh_from_db()
    assert profile.grade_average == 4
    assert 'value="B"' in text_of(client.get(at("profile")))


def test_profile_grade_without_a_scale_asks_for_it(client):
    profile = StudentProfileFactory()
    client.force_login(profile.user)

    assert "Choose the scale of your average grade." in text_of(fill_in(client, grade_average="27"))


@pytest.mark.parametrize(("field", "value"), [("ects_earned", "601"), ("ects_earned", "-1"), ("semester", "21")])
def test_profile_wrong_numbers_stand_in_the_summary(client, field, value):
    profile = StudentProfileFactory()
    client.force_login(profile.user)

    assert "One thing to put right" in text_of(fill_in(client, **{field: value}))


def test_profile_same_language_twice_is_refused(client):
    profile = StudentProfileFactory()
    client.force_login(profile.user)
    twice = {"languages-TOTAL_FORMS": "2", "languages-1-language": "en", "languages-1-level": "B2"}

    page = fill_in(client, **twice)

    assert page.status_code == 200
    assert not profile.languages.exists()


def test_profile_saving_does_not_undo_a_confirmation_made_meanwhile(client):
    profile = StudentProfileFactory()
    form = ProfileForm({"time_zone": "", "degree_programme": "Physics"}, instance=profile)
    assert form.is_valid()
    StudentProfile.objects.update(state="confirmed", confirmed_by_domain="kth.se")

    form.save()

    profile.refresh_from_db()
    assert (profile.state, profile.degree_programme) == ("confirmed", "Physics")


@pytest.mark.parametrize("languages", [1, 3])
def test_profile_query_count(client, django_assert_num_queries, languages):
    profile = StudentProfileFactory(complete=True)
    for code in ["en", "fr", "de"][:languages]:
        profile.languages.create(language=code, level="B2")
    client.force_login(profile.user)

    with django_assert_num_queries(10):  # user, profile, languages; fields, scales; timeline, unread, mandates
        client.get(at("profile"))
