"""Signing up, signing in, and what allauth guards: by its real pages and real e-mails."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.usersessions.models import UserSession
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from members.models import StudentProfile, User
from notifications.delivering import deliver_batch
from notifications.models import Letter
from tests.factories.members import DEMO_PASSWORD, EmailDomainFactory, MandateFactory, UniversityFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]  # allauth's own templates
PASSWORD = "a long enough phrase"


def sign_up(client, email="anna@student.kth.se", **changes):
    given = {
        "joined_as": "student", "given_name": "Anna", "family_name": "Berg", "email": email, "password1": PASSWORD,
        "password2": PASSWORD, **changes,
    }  # fmt: skip
    return client.post(reverse("account_signup"), given)


def verify(client):
    """Follow the link in the last e-mail and press the button."""
    deliver_batch(timezone.now())
    path = re.search(r"https?://[^/]+(/accounts/confirm-email/\S+)", mail.outbox[-1].body)[1]
    return client.post(path, follow=True)


def kth():
    return EmailDomainFactory(domain="kth.se", university=UniversityFactory(member=True, short_name="KTH")).university


def test_sign_up_student_is_tied_by_the_domain_once_verified(client):
    university = kth()
    client.cookies["tz"] = "Europe/Stockholm"
    sign_up(client)
    assert not StudentProfile.objects.exists()

    verify(client)

    profile = StudentProfile.objects.get()
    assert (profile.university, profile.is_confirmed) == (university, True)
    assert (profile.user.get_full_name(), profile.user.time_zone) == ("Anna Berg", "Europe/Stockholm")


def test_sign_up_with_another_address_student_chooses_later(client):
    kth()
    sign_up(client, email="anna@gmail.example")
    verify(client)

    page = client.get(reverse("people:profile"), follow=True)

    assert "Where do you study?" in page.content.decode()


def test_sign_up_while_the_mail_server_is_away_loses_nothing(client, settings):
    settings.EMAIL_BACKEND, settings.EMAIL_PORT = "django.core.mail.backends.smtp.EmailBackend", 1
    kth()

    answer = sign_up(client)
    with pytest.raises(OSError, match="refused"):
        deliver_batch(timezone.now())
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    verify(client)

    assert answer.url == reverse("account_email_verification_sent")
    assert StudentProfile.objects.get().is_confirmed


def test_letters_with_links_are_forgotten_once_sent(client):
    sign_up(client)
    assert "confirm-email" in Letter.objects.get().body

    deliver_batch(timezone.now())

    assert (Letter.objects.get().body, "confirm-email" in mail.outbox[0].body) == ("", True)


def test_password_reset_comes_by_mail_and_works(client):
    UserFactory(email="anna@kth.se", verified=True)
    client.post(reverse("account_reset_password"), {"email": "anna@kth.se"})
    deliver_batch(timezone.now())
    path = re.search(r"https?://[^/]+(/accounts/password/reset/key/\S+)", mail.outbox[0].body)[1]
    form = client.get(path, follow=True)

    client.post(form.redirect_chain[-1][0], {"password1": PASSWORD, "password2": PASSWORD})
    client.post(reverse("account_login"), {"login": "anna@kth.se", "password": PASSWORD})

    assert client.get(reverse("people:my_mandates")).status_code == 200


def test_second_factor_activated_is_told(sign_in, django_capture_on_commit_callbacks):
    client = sign_in(UserFactory(email="anna@kth.se", verified=True))
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret

    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})

    assert "Something changed in the security of your account:" in mail.outbox[0].body


def test_sign_up_staff_get_no_student_profile(client):
    kth()
    sign_up(client, email="anna@kth.se", joined_as="staff")

    verify(client)

    assert (User.objects.get().joined_as, StudentProfile.objects.exists()) == ("staff", False)


def test_sign_up_without_verification_there_is_no_way_in(client):
    sign_up(client)

    client.post(reverse("account_login"), {"login": "anna@student.kth.se", "password": PASSWORD})

    assert client.get(reverse("people:my_mandates")).status_code == 302


def test_sign_up_with_a_known_address_looks_the_same_to_strangers(client):
    UserFactory(email="anna@student.kth.se", verified=True)

    answer = sign_up(client, email="ANNA@student.kth.se")

    assert answer.url == reverse("account_email_verification_sent")
    assert User.objects.count() == 1
    deliver_batch(timezone.now())
    assert mail.outbox[-1].subject == "[CLUSTER] You have an account already"


def test_sign_up_names_are_asked(client):
    page = sign_up(client, given_name="")

    assert (page.status_code, User.objects.exists()) == (200, False)


def test_second_verified_address_ties_a_student_who_waits(client):
    kth()
    sign_up(client, email="anna@gmail.example")
    verify(client)
    user = User.objects.get()
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    client.post(reverse("account_email"), {"action_add": "", "email": "anna@kth.se"})

    verify(client)

    assert user.student_profile.is_confirmed


def test_sign_in_guessing_is_stopped(client):
    UserFactory(email="anna@kth.se", verified=True)

    answers = [
        client.post(reverse("account_login"), {"login": "anna@kth.se", "password": f"guess {n}"}) for n in range(6)
    ]
    right = client.post(reverse("account_login"), {"login": "anna@kth.se", "password": DEMO_PASSWORD})

    assert "Too many attempts" in answers[-1].content.decode()
    assert "Too many attempts" in right.content.decode()


def test_sign_up_too_often_is_stopped(client):
    answers = [sign_up(client, email=f"anna{n}@kth.se") for n in range(21)]

    assert [answer.status_code for answer in answers] == [302] * 20 + [429]


def test_totp_is_asked_for_after_the_password(sign_in, client):
    user = UserFactory(email="anna@kth.se", verified=True)
    sign_in(user)
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    assert set(Authenticator.objects.values_list("type", flat=True)) == {"totp", "recovery_codes"}
    client.logout()

    answer = client.post(reverse("account_login"), {"login": "anna@kth.se", "password": DEMO_PASSWORD})

    assert answer.url == reverse("mfa_authenticate")
    assert client.get(reverse("people:my_mandates")).status_code == 302


def test_recovery_code_signs_in_once(sign_in, client):
    user = UserFactory(email="anna@kth.se", verified=True)
    sign_in(user)
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    code = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()[0]

    def sign_in_with_code():
        client.logout()
        client.post(reverse("account_login"), {"login": "anna@kth.se", "password": DEMO_PASSWORD})
        client.post(reverse("mfa_authenticate"), {"code": code})
        return client.get(reverse("people:my_mandates")).status_code

    assert (sign_in_with_code(), sign_in_with_code()) == (200, 302)


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


@pytest.mark.parametrize(
    "name", ["mfa_index", "mfa_add_webauthn", "mfa_activate_totp", "usersessions_list", "account_email"]
)
def test_security_pages_open_for_who_signed_in(sign_in, name):
    client = sign_in(UserFactory(email="anna@kth.se", verified=True))

    assert client.get(reverse(name)).status_code == 200


def test_sessions_page_ends_the_other_sessions(client):
    user = UserFactory(email="anna@kth.se", verified=True)
    elsewhere = type(client)()
    for each in (client, elsewhere):
        each.post(reverse("account_login"), {"login": "anna@kth.se", "password": DEMO_PASSWORD})
        each.get(reverse("usersessions_list"))
    assert UserSession.objects.filter(user=user).count() == 2

    client.post(reverse("usersessions_list"))

    statuses = [each.get(reverse("people:my_mandates")).status_code for each in (client, elsewhere)]
    assert statuses == [200, 302]


def test_dangerous_form_survives_being_asked_for_the_password(client):
    mandate = MandateFactory()
    client.force_login(mandate.person)
    url = reverse("people:mandate_end", args=[mandate.reference])
    answer = client.post(url, {"last_day": "2099-01-01", "reason": "Retired"})

    client.post(answer.url, {"password": DEMO_PASSWORD, "next": url})

    mandate.refresh_from_db()
    assert str(mandate.ends_on) == "2099-01-01"
