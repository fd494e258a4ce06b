"""What this room holds of a person: notices, letters, how they want to hear, saved searches."""

from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from members.personal_data import Holding, register_personal_data, told
from notifications.models import CalendarAddress, Letter, Notice, Preference, SavedSearch


def _letters(user: Any) -> Any:
    # By the addresses too: invitations came before the account did, and a second address gets the link that proves it.
    second = EmailAddress.objects.filter(user=user).values("email")
    return Letter.objects.filter(Q(recipient=user) | Q(address__iexact=user.email) | Q(address__in=second))


def _addresses(user: Any) -> Any:
    return CalendarAddress.objects.filter(user=user)


def notice_rows(user: Any) -> list[dict[str, Any]]:
    return told(
        Notice.objects.filter(recipient=user), at="created_at", subject="subject", text="body", read_at="read_at",
        e_mail="delivery__state", e_mail_sent_at="delivery__sent_at",
    )  # fmt: skip


def letter_rows(user: Any) -> list[dict[str, Any]]:
    columns = {"at": "created_at", "subject": "subject", "text": "body", "sent_at": "delivery__sent_at"}
    return told(_letters(user).filter(is_secret=False), to="address", **columns)


def preference_rows(user: Any) -> list[dict[str, Any]]:
    return told(Preference.objects.filter(user=user), topic="topic", rhythm="rhythm")


def search_rows(user: Any) -> list[dict[str, Any]]:
    return told(
        SavedSearch.objects.filter(user=user), name="name", list="catalogue", query="query", rhythm="rhythm",
        shared_at="university__name", saved_at="created_at",
    )  # fmt: skip


def register() -> None:
    register_personal_data(
        Holding(
            key="notices", title=_("Notices to you"), rows=notice_rows, afterwards=_("Deleted."),
            purpose=_("Told you what happened and what is due."),
            count=lambda user: Notice.objects.filter(recipient=user).count(),
            erase=lambda user, now: Notice.objects.filter(recipient=user).delete()[0],
        ),
        Holding(
            key="letters", title=_("Letters to your address"), rows=letter_rows, afterwards=_("Deleted."),
            purpose=_("Digests, invitations, and e-mails about your account."),
            count=lambda user: _letters(user).count(), erase=erase_letters,
        ),
        Holding(
            key="preferences", title=_("How you want to hear from us"), rows=preference_rows,
            purpose=_("Decides what is mailed to you."), afterwards=_("Deleted."),
            count=lambda user: Preference.objects.filter(user=user).count(),
            erase=lambda user, now: Preference.objects.filter(user=user).delete()[0],
        ),
        Holding(
            key="searches", title=_("Your saved searches"), rows=search_rows, afterwards=_("Deleted."),
            purpose=_("Lead you back to a list as you narrowed it, and tell you of what is new in it."),
            count=lambda user: SavedSearch.objects.filter(user=user).count(),
            erase=lambda user, now: SavedSearch.objects.filter(user=user).delete()[0],
        ),
        Holding(
            key="calendar", title=_("The address of your calendar"), afterwards=_("Deleted; it opens nothing."),
            purpose=_("Lets your calendar program read your dates."),
            rows=lambda user: told(_addresses(user), made_at="made_at", last_read_at="last_read_at"),
            count=lambda user: _addresses(user).count(), erase=lambda user, now: _addresses(user).delete()[0],
        ),
    )  # fmt: skip


def erase_letters(user: Any, now: datetime) -> int:
    return _letters(user).delete()[0]
