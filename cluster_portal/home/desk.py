"""What the dashboard of one person is made of: tasks, deadlines, what changed, the desks one sits at."""

from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cluster_portal.home.desks import desks_of
from members.models import Role, StudentProfile, User
from notifications.registries import deadlines_for, tasks_for

TASKS_SHOWN = 25
DEADLINES_SHOWN = 8
NOTICES_SHOWN = 6


def page(user: User, now: datetime, number: str | None = None) -> dict[str, Any]:
    """The context of the dashboard at `now` (aware), with page `number` of what waits."""
    tasks = tasks_for(user, now)
    return {
        "now": now,
        "hats": _hats(user, now),
        "tasks": tasks,
        "page_obj": Paginator(tasks, TASKS_SHOWN).get_page(number),
        "next_steps": _first_steps(user, now),
        "empty": _empty(user, now),
        "deadlines": deadlines_for(user, now)[:DEADLINES_SHOWN],
        "deadlines_heading": _("Next deadlines"),
        "deadlines_empty": _("No deadline is near. Those of open rounds and of your offers stand here."),
        "desks": desks_of(user, now),
        "notices": user.notices.all()[:NOTICES_SHOWN],
    }


def _hats(user: User, now: datetime) -> str:
    """In whose name the person is here: “Exchange coordinator, KTH · Reviewer, KTH”."""
    held = [
        f"{mandate.get_role_display()}, {mandate.university or _('CLUSTER')}"
        for mandate in user.mandates_on(timezone.localdate(now))
    ]
    profile = user.student_profile_or_none
    if profile:
        held.append(_("Student, %(university)s") % {"university": profile.university})
    if not held and user.is_superuser:
        held.append(_("Administrator"))
    return " · ".join(held) or user.get_full_name()


def _first_steps(user: User, now: datetime) -> list[dict[str, str]]:
    """What somebody new does first; empty once they have a mandate or a confirmed university."""
    profile = user.student_profile_or_none
    works_here = user.is_superuser or user.mandates_on(timezone.localdate(now))
    if works_here or (profile and profile.is_confirmed):
        return []
    if profile and profile.state == StudentProfile.State.WAITING:
        return [
            {
                "url": reverse("people:profile"),
                "label": _("Fill in your student data"),
                "detail": _("%(university)s is checking that you study there. You can prepare everything meanwhile.")
                % {"university": profile.university},
            }
        ]
    return [
        {
            "url": reverse("people:profile"),
            "label": _("Say where you study"),
            "detail": _("Then you see what you are eligible for, and you can apply."),
        }
    ]


def _empty(user: User, now: datetime) -> dict[str, str]:
    if user.student_profile_or_none:
        return {
            "title": _("Nothing waits for you"),
            "text": _("Find a place abroad or a dual degree; you see at once whether you are eligible."),
            "url": reverse("exchange:placement_list"),
            "label": _("Browse places"),
        }
    url, label = _while_nothing_waits(user, now)
    return {
        "title": _("Your desk is clear"),
        "text": _("New files, answers and deadlines appear here by themselves."),
        "url": url,
        "label": label,
    }


def _while_nothing_waits(user: User, now: datetime) -> tuple[str, str]:
    """Where somebody of this role looks around; the first of their roles decides."""
    places = {
        Role.GRANTS: (reverse("funding:call_list"), _("Browse open calls")),
        Role.HEAD: (reverse("policy:event_list"), _("See the coming events")),
        Role.DIRECTOR: (reverse("programmes:programme_list"), _("Browse dual degrees")),
        Role.COORDINATOR: (reverse("courses:course_list"), _("Browse courses")),
    }
    held = [mandate.role for mandate in user.mandates_on(timezone.localdate(now)) if mandate.role in places]
    return places[held[0]] if held else (reverse("members:university_list"), _("Browse universities"))
