"""The queue of those who judge, one submitted version, and what becomes of it: one POST, one view."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from members.lists import show_list
from practices import actions, showing
from practices.content import content_of, differences
from practices.filters import DeskFilter
from practices.forms.small import ArchiveForm, NoteForm, WhyForm
from practices.models import Practice, PracticeVersion
from practices.views.finding import practice_to, try_to


def curation_queue(request: HttpRequest) -> HttpResponse:
    """What waits for a judgement; the secretariat may look at everything else too."""
    if not request.user.has_perm("practices.curate_practice"):
        raise PermissionDenied
    everything = request.user.has_perm("members.curate")
    rows = Practice.objects.all() if everything else Practice.objects.to_curate_for(request.user)
    rows = rows.filter(latest__isnull=False).select_related("university", "live", "latest__submitted_by")
    asked = request.GET.copy()
    # Opened without a filter it shows what waits; "all" is what the link to everything else sends.
    if everything and not {"version", "state", "q", "university", "all"} & set(asked):
        asked["version"] = PracticeVersion.State.SUBMITTED
    found = DeskFilter(asked, queryset=rows, request=request)
    extra = {"everything": everything}
    return show_list(request, found, "practices/curation_queue.html", extra=extra, filename="practices-to-judge")


def practice_curate(request: HttpRequest, reference: str) -> HttpResponse:
    practice = practice_to("curate_practice", request, reference)
    return _judging_page(request, practice, NoteForm(), WhyForm())


def _judging_page(request: HttpRequest, practice: Practice, note: NoteForm, why: WhyForm) -> HttpResponse:
    """The whole submitted version, and what differs from the published one."""
    version = practice.being_written
    if version is None or version.state != PracticeVersion.State.SUBMITTED:
        return redirect(practice)
    version.practice = practice
    before = practice.live
    context: dict[str, Any] = {
        **showing.reading(version, request.user),
        "practice": practice,
        "before": before,
        # Against what everybody reads, not against the version before: that one may have been refused.
        "differences": differences(content_of(before), content_of(version)) if before else [],
        "note_form": note,
        "why_form": why,
        "steps": showing.timeline(practice),
    }
    return render(request, "practices/practice_curate.html", context, status=422 if why.errors or note.errors else 200)


@require_POST
def practice_publish(request: HttpRequest, reference: str) -> HttpResponse:
    practice = practice_to("curate_practice", request, reference)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _judging_page(request, practice, form, WhyForm())
    done = _("Published. Followers of its topics are told.")
    words = {"comment": form.cleaned_data["comment"], "seen": request.POST.get("seen", "")}
    if try_to(request, actions.publish, done, practice=practice, now=timezone.now(), **words):
        return redirect(practice)
    return redirect("practices:practice_curate", reference)


@require_POST
def practice_ask_changes(request: HttpRequest, reference: str) -> HttpResponse:
    return _give_back(request, reference, actions.ask_for_changes, _("The writers are asked for changes."))


@require_POST
def practice_refuse(request: HttpRequest, reference: str) -> HttpResponse:
    return _give_back(request, reference, actions.refuse, _("Refused. The writers read why."))


def _give_back(request: HttpRequest, reference: str, act: Any, done: str) -> HttpResponse:
    practice = practice_to("curate_practice", request, reference)
    form = WhyForm(request.POST)
    if not form.is_valid():
        return _judging_page(request, practice, NoteForm(), form)
    words = {"comment": form.cleaned_data["comment"], "seen": request.POST.get("seen", "")}
    if try_to(request, act, done, practice=practice, now=timezone.now(), **words):
        return redirect("practices:curation_queue")
    return redirect("practices:practice_curate", reference)


@require_http_methods(["GET", "POST"])
def practice_archive(request: HttpRequest, reference: str) -> HttpResponse:
    practice = practice_to("archive_practice", request, reference)
    form = ArchiveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        words = {"reason": form.cleaned_data["reason"], "now": timezone.now()}
        done = _("Archived. What was published stays readable.")
        try_to(request, actions.archive, done, practice=practice, **words)
        return redirect(practice)
    context = {
        "practice": practice, "form": form, "confirm_label": _("Archive"), "cancel_url": practice.get_absolute_url(),
    }  # fmt: skip
    return render(request, "practices/practice_archive.html", context, status=422 if form.errors else 200)


@require_POST
def practice_restore(request: HttpRequest, reference: str) -> HttpResponse:
    practice = practice_to("restore_practice", request, reference)
    try_to(request, actions.restore, _("It is back."), practice=practice, now=timezone.now())
    return redirect(practice)
