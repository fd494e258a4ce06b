"""The desks a person sits at: what they keep, one link per university and kind of work."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from members.models import Role, University, User


def desks_of(user: User, now: datetime) -> list[dict[str, str]]:
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
    if user.holds(Role.DIRECTOR, day=day):
        desks.append(_desk(reverse("programmes:programme_desk"), _("My programmes"), _("write, send in, open intakes")))
    for university in user.universities_as(Role.COORDINATOR, day=day):
        courses = reverse("courses:university_courses", args=[university.slug])
        desks.append(_desk(courses, _("Courses of %s") % university, _("what exchange students may take")))
    for university in user.universities_as(Role.COORDINATOR, Role.OFFICIAL, day=day):
        files = f"{reverse('programmes:cotutelle_list')}?university={university.slug}"
        desks.append(_desk(files, _("Cotutelles of %s") % university, _("doctorates supervised with a partner")))
    if user.holds(Role.GRANTS, day=day):
        desks.append(_desk(reverse("funding:own_calls"), _("My calls"), _("proposed, followed up, published")))
        desks.append(_desk(reverse("funding:interest_list"), _("Interests"), _("offered and sought for open calls")))
    for university in user.universities_as(Role.HEAD, day=day):
        page = university.get_absolute_url()
        desks.append(_desk(page, _("Page of %s") % university, _("what the consortium reads of it")))
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
