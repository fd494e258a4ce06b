"""What the ground floor holds of a person, as `members/personal_data.py` asks for it."""

from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.db.models import Q
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from members.models import (
    Act,
    ApiToken,
    Enquiry,
    Expert,
    Invitation,
    LanguageSkill,
    Mandate,
    StudentProfile,
    SupportVisit,
    UniversityDocument,
    User,
)
from members.personal_data import Holding, blank_history, register_personal_data, told

ERASED = "erased"


def document_rows(user: User) -> list[dict[str, Any]]:
    return told(
        UniversityDocument.objects.filter(uploaded_by=user),
        university="university__name", title="title", uploaded_at="uploaded_at",
    )  # fmt: skip


def address_of(user: User) -> str:
    """What stands in place of the e-mail address of somebody who was erased; nobody can write to it."""
    # RFC 2606 keeps `.invalid` out of the world's names: no mail server will ever be found for it.
    return f"{ERASED}-{user.pk}@erased.invalid"


def account_rows(user: User) -> list[dict[str, Any]]:
    found = told(
        User.objects.filter(pk=user.pk), email="email", given_name="given_name", family_name="family_name",
        time_zone="time_zone", joined_as="joined_as", joined_at="date_joined", last_sign_in="last_login",
    )  # fmt: skip
    addresses = told(_addresses(user).order_by("email"), email="email", verified="verified")
    ties = told(
        SocialAccount.objects.filter(user=user), at="provider", known_there_as="uid", what_it_told="extra_data",
        since="date_joined", last_sign_in="last_login",
    )  # fmt: skip
    return [{**row, "addresses": addresses, "university_sign_ins": ties} for row in found]


def _addresses(user: User) -> Any:
    return EmailAddress.objects.filter(user=user)


def erase_account(user: User, now: datetime) -> int:
    """Names and address go; the row stays, because what was done is tied to it. It can never be opened again."""
    user.set_unusable_password()
    User.objects.filter(pk=user.pk).update(
        email=address_of(user), given_name="", family_name=gettext("Erased person"), time_zone="", joined_as="",
        is_active=False, is_staff=False, is_superuser=False, password=user.password, last_login=None,
    )  # fmt: skip
    _addresses(user).delete()
    SocialAccount.objects.filter(user=user).delete()
    return 1


def count_sign_ins(user: User) -> int:
    """Of both tables in one query, as every holding is counted."""
    sessions, factors = UserSession.objects.filter(user=user), Authenticator.objects.filter(user=user)
    return sessions.values("pk").union(factors.values("pk"), all=True).count()


def sign_in_rows(user: User) -> list[dict[str, Any]]:
    sessions = told(
        UserSession.objects.filter(user=user), begun="created_at", seen="last_seen_at", ip="ip", browser="user_agent"
    )
    factors = told(Authenticator.objects.filter(user=user), kind="type", added="created_at", used="last_used_at")
    return [*sessions, *factors]


def erase_sign_ins(user: User, now: datetime) -> int:
    sessions = list(UserSession.objects.filter(user=user))
    # `end` and no bulk delete: the session behind each row has to go as well, or its browser stays signed in.
    for session in sessions:
        session.end()
    return len(sessions) + Authenticator.objects.filter(user=user).delete()[0]


def profile_rows(user: User) -> list[dict[str, Any]]:
    found = told(
        StudentProfile.objects.filter(user=user), university="university__name", state="state",
        student_number="student_number", degree_programme="degree_programme", level="level", field="field__name",
        semester="semester", ects="ects_earned", grade_average="grade_average", grade_scale="grade_scale__name",
        asked_at="asked_at", confirmed_at="confirmed_at",
    )  # fmt: skip
    spoken = told(LanguageSkill.objects.filter(profile__user=user), language="language", level="level", proof="proof")
    return [{**row, "languages": spoken} for row in found]


def erase_profile(user: User, now: datetime) -> int:
    """The row and everything the triggers wrote down of it."""
    keys = list(StudentProfile.objects.filter(user=user).values_list("pk", flat=True))
    gone = StudentProfile.objects.filter(pk__in=keys).delete()[0]
    StudentProfile.pgh_event_model.objects.filter(pgh_obj_id__in=keys).delete()
    return gone


def _mandates(user: User) -> Any:
    return Mandate.objects.filter(Q(person=user) | Q(deputy=user))


def mandate_rows(user: User) -> list[dict[str, Any]]:
    return told(
        _mandates(user), role="role", university="university__name", starts_on="starts_on", ends_on="ends_on",
        taken_back_at="taken_back_at", holder="person__email", deputy="deputy__email", deputy_from="deputy_from",
        deputy_until="deputy_until",
    )  # fmt: skip


def mandate_in_the_way(user: User, now: datetime) -> Any:
    day = localdate(now)
    # A deputy whose days are over has nothing to pass on, and could not: only the holder's desk names the next one.
    stands_in = Q(deputy=user) & (Q(deputy_until=None) | Q(deputy_until__gte=day))
    going_on = Mandate.objects.standing().filter(Q(ends_on=None) | Q(ends_on__gte=day))
    if going_on.filter(Q(person=user) | stands_in).exists():
        return _("You hold a mandate or stand in for somebody. Pass it on or end it first.")
    return ""


def erase_mandates(user: User, now: datetime) -> int:
    """The rows stay; the log of the desks where the person ever sat names them no more, as who followed or stood in.

    Only of these desks: elsewhere the same name is a namesake's.
    """
    # A deputy who was dismissed stands in no row any more, only in what the triggers wrote down.
    sat = Mandate.pgh_event_model.objects.filter(Q(person=user) | Q(deputy=user)).values_list("university", "role")
    desks = [Q(university=university, role=role) for university, role in sat.distinct()]
    there = Mandate.objects.filter(reduce(or_, desks)) if desks else Mandate.objects.none()
    names = {user.get_full_name().lower(), user.email.lower(), *(each.email.lower() for each in _addresses(user))}
    blank, touched = gettext("Erased person"), 0
    for act in Act.objects.about_all(there).exclude(details={}):
        told_now = {key: blank if str(value).lower() in names else value for key, value in act.details.items()}
        if told_now != act.details:
            touched += Act.objects.filter(pk=act.pk).update(details=told_now)
    return touched


def _invitations(user: User) -> Any:
    own = Q(email__iexact=user.email) | Q(email__in=_addresses(user).values("email"))
    return Invitation.objects.filter(Q(accepted_by=user) | own)


def invitation_rows(user: User) -> list[dict[str, Any]]:
    return told(
        _invitations(user), email="email", role="role", university="university__name", state="state",
        invited_at="created_at", accepted_at="accepted_at",
    )  # fmt: skip


def erase_invitations(user: User, now: datetime) -> int:
    keys = list(_invitations(user).values_list("pk", flat=True))
    # Taken back first: its link would still make an account, with the address that stands there afterwards.
    Invitation.objects.filter(pk__in=keys, state=Invitation.State.WAITING).update(state=Invitation.State.WITHDRAWN)
    Invitation.objects.filter(pk__in=keys).update(email=address_of(user))
    blank_history(Invitation, keys, email=address_of(user))
    return len(keys)


def enquiry_rows(user: User) -> list[dict[str, Any]]:
    return told(
        Enquiry.objects.filter(sender=user), to="contact__university__name", to_person="expert__user__family_name",
        name="sender_name", email="sender_email", subject="subject", text="text", written_at="written_at",
    )  # fmt: skip


def erase_enquiries(user: User, now: datetime) -> int:
    return Enquiry.objects.filter(sender=user).delete()[0]


def letter_rows(user: User) -> list[dict[str, Any]]:
    """That somebody wrote, and when; the words are the writer's, and reached the person by e-mail."""
    return told(Enquiry.objects.filter(expert__user=user), subject="subject", written_at="written_at")


def expert_rows(user: User) -> list[dict[str, Any]]:
    found = told(
        Expert.objects.filter(user=user), university="university__name", unit="unit__name", what_you_do="headline",
        expertise="keywords", about="text", audience="audience", takes_letters="takes_letters",
        published_at="published_at", changed_at="changed_at",
    )  # fmt: skip
    return [{**row, "letters": letter_rows(user)} for row in found]


def erase_expert(user: User, now: datetime) -> int:
    """With the letters that came by it: they hang on the row."""
    return Expert.objects.filter(user=user).delete()[0]


def token_rows(user: User) -> list[dict[str, Any]]:
    return told(
        ApiToken.objects.filter(user=user), name="name", begins_with="hint", may="scopes", made_at="created_at",
        expires_at="expires_at", last_used_at="last_used_at", revoked_at="revoked_at",
    )  # fmt: skip


def erase_tokens(user: User, now: datetime) -> int:
    return ApiToken.objects.filter(user=user).delete()[0]


def act_rows(user: User) -> list[dict[str, Any]]:
    mine = Act.objects.filter(actor=user).order_by("at", "pk")
    return told(mine, what="kind", at="at", before="before", after="after", reason="reason")


def visit_rows(user: User) -> list[dict[str, Any]]:
    visits = SupportVisit.objects.filter(person=user)
    return told(visits, by="supporter__email", reason="reason", began_at="began_at", ended_at="ended_at")


def register() -> None:
    _register_what_one_did()
    _register_how_one_gets_in()


def _register_what_one_did() -> None:
    register_personal_data(
        Holding(
            key="profile", title=_("Your student profile"), rows=profile_rows, erase=erase_profile,
            purpose=_("Tells your office and you whether you are eligible."),
            afterwards=_("Deleted, with its history."),
            count=lambda user: StudentProfile.objects.filter(user=user).count(),
        ),
        Holding(
            key="mandates", title=_("Your mandates"), rows=mandate_rows, erase=erase_mandates,
            hindrance=mandate_in_the_way,
            purpose=_("Say for whom you may act, and since when."),
            afterwards=_("They stay without your name: who decided for a university must be known later."),
            count=lambda user: _mandates(user).count(),
        ),
        Holding(
            key="invitations", title=_("Invitations to you"), rows=invitation_rows, erase=erase_invitations,
            purpose=_("Offered you a mandate."), afterwards=_("They stay without your address."),
            count=lambda user: _invitations(user).count(),
        ),
        Holding(
            key="expert", title=_("Your published profile"), rows=expert_rows, erase=erase_expert,
            purpose=_("Lets people find you by what you know, while it is published."),
            afterwards=_("Deleted, with the letters that came by it."),
            count=lambda user: Expert.objects.filter(user=user).count(),
        ),
        Holding(
            key="enquiries", title=_("Letters you wrote to universities and people"), rows=enquiry_rows,
            erase=erase_enquiries, purpose=_("Were passed on to whom you wrote."),
            afterwards=_("Deleted here; whom you wrote to has the e-mail."),
            count=lambda user: Enquiry.objects.filter(sender=user).count(),
        ),
        Holding(
            key="documents", title=_("Documents you put on a university's page"), rows=document_rows,
            purpose=_("Partners and students read them."),
            afterwards=_("They belong to the university and stay without your name."),
            count=lambda user: UniversityDocument.objects.filter(uploaded_by=user).count(),
        ),
        Holding(
            key="log", title=_("What you did in the portal"), rows=act_rows,
            purpose=_("Shows who did what to an application, a mandate or a page."),
            afterwards=_("It stays without your name: decisions about others rest on it."),
            count=lambda user: Act.objects.filter(actor=user).count(),
        ),
    )  # fmt: skip


def _register_how_one_gets_in() -> None:
    """The account comes last: the other holdings find their rows by its address."""
    register_personal_data(
        Holding(
            key="sign-in", title=_("Sessions and second factors"), rows=sign_in_rows, erase=erase_sign_ins,
            purpose=_("Keep your account safe; you see your sessions under Sign-in and security."),
            afterwards=_("Deleted."), count=count_sign_ins,
        ),
        Holding(
            key="api-tokens", title=_("API tokens"), rows=token_rows, erase=erase_tokens,
            purpose=_("Let programs read in your name."), afterwards=_("Deleted; the programs are refused."),
            count=lambda user: ApiToken.objects.filter(user=user).count(),
        ),
        Holding(
            key="support", title=_("Visits of support to you"), rows=visit_rows,
            purpose=_("Show you who saw the portal as you do, when and why."),
            afterwards=_("They stay without your name, as proof that somebody looked."),
            count=lambda user: SupportVisit.objects.filter(person=user).count(),
        ),
        Holding(
            key="account", title=_("Your account"), rows=account_rows, erase=erase_account,
            purpose=_("You sign in with it."), count=lambda user: 1,
            afterwards=_("Name, address and password are deleted; an empty account stays, which nobody can open."),
        ),
    )  # fmt: skip
