"""What waits for people on the ground floor, which cannot announce it upwards by itself; and in the outbox."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, Min, OuterRef, Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from members.models import Erasure, Invitation, Mandate, Role, StudentProfile, User
from members.models.erasures import ANSWER_WITHIN
from notifications.models import Delivery
from notifications.registries import Task

SUCCESSOR_SOUGHT = timedelta(days=45)


def tasks(user: User, now: datetime) -> Iterator[Task]:
    """Students to confirm, one's own profile, an office to pass on, invitations to confirm, e-mails given up, people
    who ask to be erased.

    Seven queries at most.
    """
    if not user.is_authenticated:
        return
    yield from _students_to_confirm(user, now)
    yield from _own_profile(user)
    yield from _office_to_pass_on(user, now)
    yield from _invitations_to_confirm(user, now)
    if user.has_perm("members.see_jobs"):
        yield from _given_up(now)
    if user.has_perm("members.curate"):
        yield from _erasures()


def _students_to_confirm(user: User, now: datetime) -> Iterator[Task]:
    offices = {each.pk: each for each in user.universities_as(Role.EXCHANGE, Role.OFFICIAL, day=localdate(now))}
    if not offices:
        return
    waiting = StudentProfile.objects.filter(university__in=offices, state=StudentProfile.State.WAITING)
    for row in waiting.order_by().values("university").annotate(n=Count("pk"), since=Min("asked_at")):
        university = offices[row["university"]]
        yield Task(
            since=row["since"],
            title=ngettext("Confirm a student", "Confirm %(n)d students", row["n"]) % {"n": row["n"]},
            detail=_("They name %(university)s as their home university.") % {"university": university},
            url=f"{reverse('people:student_list')}?state=waiting&university={university.slug}",
            room="universities",
            state=_("to confirm"),
        )


def _own_profile(user: User) -> Iterator[Task]:
    profile = user.student_profile_or_none
    if profile is None:
        return
    common: dict[str, Any] = {
        "url": reverse("people:profile"),
        "room": "universities",
        "with_whom": str(profile.university),
    }
    if profile.state == StudentProfile.State.REFUSED:
        title = _("Put your student data right")
        detail = _("%(university)s could not confirm that you study there.") % {"university": profile.university}
        yield Task(since=profile.asked_at, title=title, detail=detail, state=_("not confirmed"), **common)
    elif profile.missing():
        detail = _("Not said yet: %(names)s.") % {"names": ", ".join(profile.missing())}
        title = _("Complete your student profile")
        yield Task(since=profile.asked_at, title=title, detail=detail, state=_("incomplete"), **common)


def _office_to_pass_on(user: User, now: datetime) -> Iterator[Task]:
    """An official whose mandate ends soon, unless a successor is there."""
    ending = [
        mandate
        for mandate in user.mandates_on(localdate(now))
        if mandate.role == Role.OFFICIAL and mandate.ends_on and mandate.ends_on <= localdate(now) + SUCCESSOR_SOUGHT
    ]
    if not ending:
        return
    followed = Mandate.objects.standing().filter(
        university__in=[each.university_id for each in ending], role=Role.OFFICIAL
    )
    # Only who begins the day after follows: anybody later leaves the university without an official.
    starts = set(followed.values_list("university_id", "starts_on"))
    for mandate in ending:
        if (mandate.university_id, mandate.ends_on + timedelta(days=1)) not in starts:
            yield _pass_on(mandate)


def _pass_on(mandate: Mandate) -> Task:
    zone = mandate.university.time_zone
    ends_at = datetime.combine(mandate.ends_on, time(23, 59), tzinfo=ZoneInfo(zone))
    return Task(
        since=ends_at - SUCCESSOR_SOUGHT,
        title=_("Name your successor as official"),
        detail=_("The mandate ends on %(day)s, and nobody follows yet.") % {"day": date_format(mandate.ends_on)},
        url=mandate.get_absolute_url(),
        room="universities",
        state=_("to pass on"),
        with_whom=str(mandate.university),
        due_at=ends_at,
        time_zone=zone,
    )


def _invitations_to_confirm(user: User, now: datetime) -> Iterator[Task]:
    """What somebody sent who has left the office since: the official's to decide, the secretariat's where there is none
    or the role is not the official's to give.
    """
    day = localdate(now)
    mine = Q(university__in=user.universities_as(Role.OFFICIAL, day=day), role__in=Role.given_by_the_official)
    if user.has_perm("members.curate"):
        officials = Mandate.objects.held_at(OuterRef("university"), Role.OFFICIAL).in_force(day)
        mine |= ~Q(role__in=Role.given_by_the_official) | ~Exists(officials)
    elif not user.universities_as(Role.OFFICIAL, day=day):
        return
    left = Invitation.objects.answerable(now).filter(mine).with_backing(day).filter(is_backed=False).order_by()
    at = left.values("university__slug", "university__short_name").annotate(n=Count("pk"), since=Min("created_at"))
    for row in at.order_by("university__short_name"):
        slug = row["university__slug"]
        title = ngettext(
            "Confirm an invitation or take it back", "Confirm %(n)d invitations or take them back", row["n"]
        )
        yield Task(
            since=row["since"],
            title=title % {"n": row["n"]},
            detail=_("Who sent it no longer gives roles here. Until somebody confirms it nobody can accept."),
            url=reverse("people:university_people", args=[slug]) if slug else reverse("people:consortium_people"),
            room="universities",
            state=_("to confirm"),
            with_whom=row["university__short_name"] or "CLUSTER",
        )


def _given_up(now: datetime) -> Iterator[Task]:
    failed = Delivery.objects.filter(state=Delivery.State.FAILED).aggregate(n=Count("pk"), since=Min("due_at"))
    if failed["n"]:
        yield Task(
            since=min(failed["since"], now),
            title=ngettext("An e-mail was given up", "%(n)d e-mails were given up", failed["n"]) % {"n": failed["n"]},
            detail=_("The outbox says why; try them again once that is mended."),
            url=reverse("notifications:job_list"),
            room="universities",
            state=_("given up"),
        )


def _erasures() -> Iterator[Task]:
    waiting = Erasure.objects.waiting().aggregate(n=Count("pk"), since=Min("asked_at"))
    if waiting["n"]:
        yield Task(
            since=waiting["since"],
            title=ngettext("Answer a request to be erased", "Answer %(n)d requests to be erased", waiting["n"])
            % {"n": waiting["n"]},
            detail=_("Each must have an answer within a month."),
            url=f"{reverse('people:erasure_list')}?state=asked",
            room="universities",
            state=_("to answer"),
            due_at=waiting["since"] + ANSWER_WITHIN,
        )
