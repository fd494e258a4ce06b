"""What the dashboard of one person is made of: tasks, deadlines, what changed, the desks one sits at."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from members.models import Role, StudentProfile, University, User
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
        "empty": _empty(user),
        "deadlines": deadlines_for(user, now)[:DEADLINES_SHOWN],
        "deadlines_heading": _("Next deadlines"),
        "deadlines_empty": _("No deadline is near. Those of open rounds and of your offers stand here."),
        "desks": _desks(user, now),
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
    return " · ".join(held) or user.email


def _first_steps(user: User, now: datetime) -> list[dict[str, str]]:
    """What somebody new does first; empty once they have a mandate or a confirmed university."""
    profile = user.student_profile_or_none
    if user.mandates_on(timezone.localdate(now)) or (profile and profile.is_confirmed):
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


def _empty(user: User) -> dict[str, str]:
    if user.student_profile_or_none:
        return {
            "title": _("Nothing waits for you"),
            "text": _("Find a place abroad or a dual degree; you see at once whether you are eligible."),
            "url": reverse("exchange:placement_list"),
            "label": _("Browse places"),
        }
    return {
        "title": _("Your desk is clear"),
        "text": _("New files, answers and deadlines appear here by themselves."),
        "url": reverse("members:university_list"),
        "label": _("Browse universities"),
    }


def _desks(user: User, now: datetime) -> list[dict[str, str]]:
    """Links to what a person keeps, one per university and kind of work."""
    day = timezone.localdate(now)
    desks = [
        desk
        for university in user.universities_as(Role.EXCHANGE, Role.OFFICIAL, day=day)
        for desk in _office(university)
    ]
    for university in user.universities_as(Role.EXCHANGE, Role.DIRECTOR, day=day):
        rounds = f"{reverse('applications:round_list')}?university={university.slug}"
        desks.append(_desk(rounds, _("Rounds of %s") % university, _("applications, review, decisions")))
    for university in user.universities_as(Role.COORDINATOR, Role.OFFICIAL, day=day):
        files = f"{reverse('programmes:cotutelle_list')}?university={university.slug}"
        desks.append(_desk(files, _("Cotutelles of %s") % university, _("doctorates supervised with a partner")))
    if user.student_profile_or_none:
        desks.append(_desk(reverse("people:profile"), _("My student profile"), _("studies, grades, languages")))
        desks.append(_desk(reverse("programmes:cotutelle_list"), _("Cotutelles"), _("a doctorate with a partner")))
    if user.holds(Role.REVIEWER, day=day):
        desks.append(_desk(reverse("applications:review_list"), _("My reviews"), _("to score and done")))
    return desks + (_secretariat() if user.has_perm("members.curate") else [])


def _secretariat() -> list[dict[str, str]]:
    desks = [
        _desk(reverse("admin:index"), _("Administration"), _("every record of the portal")),
        _desk(reverse("people:mandate_list"), _("Who acts for whom"), _("mandates of all universities")),
        _desk(reverse("people:support"), _("See the portal as somebody else"), _("to help who is stuck, on record")),
        _desk(reverse("people:erasure_list"), _("Requests to be erased"), _("answer within a month")),
        _desk(reverse("people:retention_list"), _("What is over its time"), _("periods, dry run, what went")),
        _desk(reverse("notifications:job_list"), _("The portal's clock"), _("jobs, outbox, what was given up")),
    ]
    if settings.DEMO:
        desks.append(_desk(reverse("notifications:mail_list"), _("Caught mail"), _("e-mails of the demo")))
    return desks


def _office(university: University) -> list[dict[str, str]]:
    return [
        _desk(university.get_absolute_url(), _("Page of %s") % university, _("facts, factsheet, contacts")),
        _desk(reverse("exchange:own_placements"), _("Places at %s") % university, _("offer, edit, import")),
        _desk(
            f"{reverse('people:student_list')}?university={university.slug}",
            _("Students of %s") % university,
            _("confirm who studies here"),
        ),
        _desk(
            reverse("people:university_people", args=[university.slug]),
            _("People of %s") % university,
            _("mandates, deputies, invitations"),
        ),
    ]


def _desk(url: str, label: str, detail: str) -> dict[str, str]:
    return {"url": url, "label": label, "detail": detail}
