"""What this room holds of a person: the wish list, the drafts they wrote, the spreadsheets they brought in."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from members.personal_data import Holding, register_personal_data, told
from programmes.models import CourseImport, Revision, WishListItem


def wish_rows(user: Any) -> list[dict[str, Any]]:
    return told(WishListItem.objects.filter(user=user), programme="programme__title", added_at="added_at")


def draft_rows(user: Any) -> list[dict[str, Any]]:
    mine = Revision.objects.filter(begun_by=user)
    return told(mine, programme="programme__title", state="state")


def sheet_rows(user: Any) -> list[dict[str, Any]]:
    return told(
        CourseImport.objects.filter(uploaded_by=user), university="university__name", file="file_name",
        read_at="read_at", applied_at="applied_at", created="created", changed="changed", skipped="skipped",
    )  # fmt: skip


def register() -> None:
    register_personal_data(
        Holding(
            key="wish-list", title=_("Your wish list"), rows=wish_rows, afterwards=_("Deleted."),
            purpose=_("Programmes you want to come back to; only you see it."),
            count=lambda user: WishListItem.objects.filter(user=user).count(),
            erase=lambda user, now: WishListItem.objects.filter(user=user).delete()[0],
        ),
        Holding(
            key="programme-drafts", title=_("Drafts of programmes you began"), rows=draft_rows,
            purpose=_("Say who brought a change of a programme in."),
            afterwards=_("They belong to the programme and stay without your name."),
            count=lambda user: Revision.objects.filter(begun_by=user).count(),
        ),
        Holding(
            key="course-spreadsheets", title=_("Spreadsheets of courses you brought in"), rows=sheet_rows,
            purpose=_("Say where a university's courses came from."),
            afterwards=_("They belong to the university and stay without your name."),
            count=lambda user: CourseImport.objects.filter(uploaded_by=user).count(),
        ),
    )  # fmt: skip
