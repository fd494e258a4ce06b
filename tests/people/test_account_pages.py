"""One's own account: addresses, password, second factor, each in our words and safe from slips."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

from members.models import StudentProfile
from tests.factories.members import (
    DEMO_PASSWORD,
    EmailAddressFactory,
    EmailDomainFactory,
    UniversityFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
EMAIL, PASSWORD, FACTOR = (
    "/accounts/email/", "/accounts/password/change/", "/accounts/2fa/",
)  # fmt: skip


@pytest.fixture
def person(sign_in):
    user = UserFactory(verified=True)
    EmailAddress.objects.update(primary=True)
    sign_in(user)
    return user


def text_of(client, address):
    return client.get(address).content.decode()


def test_addresses_say_how_they_stand(client, person):
    EmailAddressFactory(user=person, email="second@elsewhere.example", primary=False)

    page = text_of(client, EMAIL)

    pills = re.findall(r'class="pill[^>]*>(.*?)</span>', page, re.DOTALL)
    words = [" ".join(re.sub(r"<[^>]*>", " ", pill).split()) for pill in pills]
    assert words == ["verified", "main", "not verified"]


def test_a_new_address_is_not_used_before_it_is_verified(client, person):
    client.post(EMAIL, {"action_add": "", "email": "New@Elsewhere.example"})

    added = EmailAddress.objects.get(user=person, email="new@elsewhere.example")
    person.refresh_from_db()
    assert (added.verified, added.primary, person.email == added.email) == (False, False, False)


@pytest.mark.parametrize(
    ("typed", "message"),
    [("", "This field is required."), ("no address", "Enter a valid email address.")],
)
def test_a_wrong_address_is_told_at_the_field(client, person, typed, message):
    response = client.post(EMAIL, {"action_add": "", "email": typed})

    assert response.context["form"].errors == {"email": [message]}


def test_the_only_address_cannot_be_removed(client, person):
    client.post(EMAIL, {"action_remove": "", "email": person.email})

    assert EmailAddress.objects.filter(user=person, email=person.email).exists()


def test_an_unverified_address_does_not_become_the_main_one(client, person):
    EmailAddressFactory(user=person, email="second@elsewhere.example", primary=False)

    client.post(EMAIL, {"action_primary": "", "email": "second@elsewhere.example"})

    assert EmailAddress.objects.get(primary=True).email == person.email


def test_an_address_of_somebody_else_cannot_be_touched(client, person):
    other = EmailAddressFactory(email="other@elsewhere.example", verified=True)

    client.post(EMAIL, {"action_remove": "", "email": other.email})

    assert EmailAddress.objects.filter(pk=other.pk).exists()


def test_a_verified_address_of_the_university_ties_the_student_later(client):
    university = UniversityFactory(member=True)
    EmailDomainFactory(university=university, domain="uni.example")
    student = UserFactory(joined_as="student", verified=True)
    late = EmailAddressFactory(user=student, email="ida@uni.example", primary=False)
    email_confirmed.send(EmailAddress, request=None, email_address=late)

    assert StudentProfile.objects.get(user=student).is_confirmed is True


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"oldpassword": "wrong"}, "oldpassword"),
        ({"password1": "short", "password2": "short"}, "password1"),
        ({"password2": "another-sentence-1"}, "password2"),
        ({"password1": "password1234", "password2": "password1234"}, "password1"),
    ],
    ids=["wrong old one", "too short", "differ", "common"],
)
def test_a_password_that_will_not_do_is_told_at_its_field(client, person, changes, field):
    typed = {"oldpassword": DEMO_PASSWORD, "password1": "a-long-sentence-9", "password2": "a-long-sentence-9"}

    response = client.post(PASSWORD, typed | changes)

    person.refresh_from_db()
    assert list(response.context["form"].errors) == [field]
    assert person.check_password(DEMO_PASSWORD) is True


def test_a_changed_password_keeps_this_session(client, person):
    typed = {"oldpassword": DEMO_PASSWORD, "password1": "a-long-sentence-9", "password2": "a-long-sentence-9"}

    client.post(PASSWORD, typed)

    person.refresh_from_db()
    assert person.check_password("a-long-sentence-9") is True
    assert client.get(FACTOR).status_code == 200


def test_without_a_factor_both_ways_are_offered(client, person):
    page = text_of(client, FACTOR)

    assert ("Switch it on" in page, "Add a key" in page, "Make new ones" in page) == (True, True, False)


def test_with_an_app_it_can_be_switched_off_and_codes_are_counted(client, person):
    TOTP.activate(person, generate_totp_secret())
    RecoveryCodes.activate(person)

    page = text_of(client, FACTOR)

    assert ("Switch it off" in page, "10 of 10 are left." in page, "Make new ones" in page) == (True, True, True)


def test_a_key_is_counted(client, person):
    Authenticator.objects.create(user=person, type="webauthn", data={"name": "Blue", "credential": {}})

    assert "You have 1 key." in text_of(client, FACTOR)


# Words: allauth's pages are drawn in ours


def test_a_link_that_was_used_says_what_to_do(client):
    response = client.get("/accounts/confirm-email/used-or-invented/")

    page = response.content.decode()
    assert "This link does not work any more" in page
    assert "we send you a new link" in page


def test_a_link_for_a_new_password_that_was_used_leads_to_another(client):
    page = text_of(client, "/accounts/password/reset/key/1-used/")

    assert "This link does not work any more" in page
    assert 'href="/accounts/password/reset/"' in page


def test_who_signs_in_to_a_closed_account_is_told(client):
    user = UserFactory(verified=True, is_active=False)

    response = client.post("/accounts/login/", {"login": user.email, "password": DEMO_PASSWORD}, follow=True)

    assert "This account is closed" in response.content.decode()


def test_a_wrong_password_is_told_in_our_words(client):
    user = UserFactory(verified=True)

    response = client.post("/accounts/login/", {"login": user.email, "password": "wrong"})

    assert "This address and this password do not belong together." in response.content.decode()


@pytest.mark.parametrize(
    ("address", "labels"),
    [
        ("/accounts/login/", ["E-mail address", "Password", "Stay signed in on this device"]),
        ("/accounts/password/reset/", ["E-mail address"]),
    ],
)
def test_labels_are_ours_and_no_field_repeats_them(client, address, labels):
    page = text_of(client, address)

    form = page[page.index('<form class="form"') :]
    assert [" ".join(label.split()) for label in re.findall(r"<label[^>]*>([^<]*\w[^<]*)", form)] == labels
    assert "placeholder" not in form.partition("</form>")[0]


@pytest.mark.parametrize(
    ("address", "heading"),
    [
        ("/accounts/2fa/totp/activate/", "Switch on the authenticator app"),
        ("/accounts/2fa/webauthn/add/", "Add a key"),
        ("/accounts/2fa/webauthn/", "Passkeys and security keys"),
    ],
)
def test_pages_of_the_second_factor_are_in_our_words(client, person, address, heading):
    assert f"<h1>{heading}</h1>" in text_of(client, address)


def test_with_an_app_the_other_pages_of_the_second_factor_open(client, person):
    TOTP.activate(person, generate_totp_secret())
    RecoveryCodes.activate(person)

    pages = [
        text_of(client, f"/accounts/2fa/{page}/")
        for page in ("totp/deactivate", "recovery-codes", "recovery-codes/generate")
    ]

    asked = ["Switch off the authenticator app?", "10 of 10 are left", "Make new recovery codes?"]
    assert [question in page for question, page in zip(asked, pages, strict=True)] == [True] * 3


def test_the_second_factor_is_asked_for_in_our_words(client):
    user = UserFactory(verified=True)
    TOTP.activate(user, generate_totp_secret())

    page = client.post("/accounts/login/", {"login": user.email, "password": DEMO_PASSWORD}, follow=True)

    assert "Now the second factor" in page.content.decode()


def test_a_wrong_code_is_told_in_our_words(client, person):
    client.get("/accounts/2fa/totp/activate/")

    page = client.post("/accounts/2fa/totp/activate/", {"code": "000000"}).content.decode()

    assert "This code is not right, or its half minute is over." in page
