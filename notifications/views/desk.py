"""Pages of the secretariat: the clock's jobs, and in the demo the mail that was caught."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from members.lists import show_list
from notifications.filters import MailCatalogue
from notifications.models import CaughtMail, Delivery, JobRun


@require_safe
@permission_required("members.see_jobs", raise_exception=True)
def job_list(request: HttpRequest) -> HttpResponse:
    """When each job of the clock last ran and how it went, and what stands in the outbox."""
    runs = {run.name: run for run in JobRun.objects.all()}
    jobs = [
        {"title": title, "run": runs.get(entry["task"]), "rhythm": _in_words(entry["schedule"])}
        for title, entry in settings.CELERY_BEAT_SCHEDULE.items()
    ]
    outbox = Delivery.objects.counted(timezone.now())
    context = {"jobs": jobs, "outbox": outbox, "figures": _figures(outbox)}
    return render(request, "notifications/job_list.html", context)


def _figures(outbox: dict[str, int]) -> list[dict[str, Any]]:
    """The outbox in numbers, as components/figures.html reads them."""
    return [
        {"value": outbox["waiting"], "label": _("waiting to be sent")},
        {"value": outbox["late"], "label": _("late by ten minutes or more")},
        {"value": outbox["held"], "label": _("held for digests")},
        {"value": outbox["given_up"], "label": _("given up")},
    ]


def _in_words(schedule: Any) -> str:
    """How often a job runs: a number of seconds, or the minutes of each hour."""
    if isinstance(schedule, int | float):
        return _("%(n)d seconds") % {"n": schedule} if schedule < 60 else _minutes(schedule / 60)
    minute = str(schedule._orig_minute)
    if minute.startswith("*/"):
        return _minutes(int(minute.removeprefix("*/")))
    return _("hour, at minute %(minute)s") % {"minute": minute}


def _minutes(number: float) -> str:
    return ngettext("%(n)d minute", "%(n)d minutes", int(number)) % {"n": number}


@require_safe
@permission_required("members.see_mail", raise_exception=True)
def mail_list(request: HttpRequest) -> HttpResponse:
    _only_in_demo()
    catalogue = MailCatalogue(request.GET, queryset=CaughtMail.objects.all(), request=request)
    return show_list(request, catalogue, "notifications/mail_list.html", filename="mail")


@require_safe
@permission_required("members.see_mail", raise_exception=True)
def mail_detail(request: HttpRequest, reference: str) -> HttpResponse:
    _only_in_demo()
    mail = get_object_or_404(CaughtMail, reference=reference)
    return render(request, "notifications/mail_detail.html", {"mail": mail})


def _only_in_demo() -> None:
    if not settings.DEMO:
        raise Http404
