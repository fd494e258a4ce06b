"""What the page of one body says: who sits in it on a day, who sat before, what it meets for."""

from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from members.acts import Conflict
from members.forms.conflicts import rows_still_typed, versions_of_rows
from members.models import Act, University
from policy.models import Body, BodyMembership, Event

EVENTS_SHOWN = 8


def page(body: Body, user: Any, day: date, now: datetime) -> dict[str, Any]:
    """The context of the page of `body` as `user` sees it, with its seats on `day`; a constant number of queries.

    Visitors see universities and how many people sit; names of people are for those who are signed in.
    """
    seats = list(body.memberships.select_related("person", "university").in_rank())
    held = Event.objects.visible_to(user).shown().filter(body=body).select_related("host", "series")
    return {
        "body": body,
        "day": day,
        "is_today": day == timezone.localdate(now),
        "seats_caption": _("On %(day)s") % {"day": date_format(day, "j F Y")},
        "seats": [seat for seat in seats if seat.is_in_force(day)],
        "others": _elsewhere(seats, day),
        "chairs": _chairs(seats, day),
        "coming": list(held.upcoming(now).order_by("starts_at", "pk")[:EVENTS_SHOWN]),
        "past": list(held.filter(ends_at__lt=now).order_by("-starts_at", "pk")[:EVENTS_SHOWN]),
        "series": list(body.series.all()),
        "edits": user.has_perm("policy.edit_body_members", body),
        "adds": user.has_perm("policy.edit_event", body),
        "names_people": user.is_authenticated,
        "now": now,
    }


def after_conflict(body: Body, rows: Any, conflict: Conflict) -> dict[str, Any]:
    """What the page of seats shows after a conflict: both versions, and what was typed over the newer one."""
    stored = Body.objects.get(pk=body.pk)
    seats = stored.memberships.select_related("person", "university").in_rank()
    fresh = type(rows)(instance=stored, queryset=seats, prefix=rows.prefix)
    again = type(rows)(rows_still_typed(rows, fresh), instance=stored, queryset=seats, prefix=rows.prefix)
    return {
        "rows": again,
        "version": stored.version,
        "conflict": str(conflict),
        "versions": versions_of_rows(rows, fresh),
        "other": Act.objects.about(stored).last(),
    }


def _elsewhere(seats: list[BodyMembership], day: date) -> list[BodyMembership]:
    """Seats that are not filled on `day`: ended or coming, the latest first."""
    others = [seat for seat in seats if not seat.is_in_force(day)]
    return sorted(others, key=lambda seat: seat.starts_on or date.min, reverse=True)


def _chairs(seats: list[BodyMembership], day: date) -> list[University]:
    """The universities whose people, or whose own seat, chair it on `day`; a fact, so samples are left out."""
    chairing = [seat for seat in seats if seat.role == BodyMembership.Role.CHAIR and seat.is_in_force(day)]
    return [seat.university for seat in chairing if seat.university_id and not seat.is_sample]
