"""What this room holds of a person: the interests they expressed, and the calls they follow."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from funding.models import CallFollow, Interest
from members.personal_data import Holding, register_personal_data, told


def interest_rows(user: Any) -> list[dict[str, Any]]:
    return told(
        Interest.objects.filter(person=user), call="call__title", university="university__name", as_what="part",
        brings="expertise", person_months="person_months", message="message", state="state", since="state_since",
    )  # fmt: skip


def erase_interests(user: Any, now: datetime) -> int:
    """An interest binds nobody and is of no use without its person."""
    return Interest.objects.filter(person=user).delete()[0]


def register() -> None:
    register_personal_data(
        Holding(
            key="interests", title=_("Your interests in funding calls"), rows=interest_rows, afterwards=_("Deleted."),
            purpose=_("Told the others who are interested in the same call what you would bring."),
            count=lambda user: Interest.objects.filter(person=user).count(), erase=erase_interests,
        ),
        Holding(
            key="followed-calls", title=_("Funding calls you follow"), afterwards=_("Deleted."),
            rows=lambda user: told(CallFollow.objects.filter(user=user), call="call__title", since="since"),
            purpose=_("Decides of which changes and deadlines you hear."),
            count=lambda user: CallFollow.objects.filter(user=user).count(),
            erase=lambda user, now: CallFollow.objects.filter(user=user).delete()[0],
        ),
    )  # fmt: skip
