"""The desk of directors and the secretariat, and what becomes of a version: one POST, one view."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from members.acts import Refused
from members.lists import show_list
from programmes import actions, showing
from programmes.content import completed, content_of, differences, empty_content, gaps
from programmes.filters import DeskFilter, in_files
from programmes.forms import ArchiveForm, ReturnForm
from programmes.models import Programme, Revision
from programmes.turns import version_turn
from programmes.views.editing import programme_to

Act = Callable[..., Any]


def programme_desk(request: HttpRequest) -> HttpResponse:
    """A director sees the programmes of the own universities, the secretariat all of them."""
    if not request.user.has_perm("programmes.add_programme"):
        raise PermissionDenied
    curates = request.user.has_perm("programmes.curate_programme")
    own = Programme.objects.all() if curates else Programme.objects.run_by(request.user)
    version = Revision.objects.being_written().filter(programme=OuterRef("pk"))
    now = timezone.now()
    rows = own.with_closing(now).annotate(
        version_state=Subquery(version.values("state")[:1]), waiting_since=Subquery(version.values("state_since")[:1])
    )
    rows = rows.with_parts().prefetch_related(showing.next_intakes(now), *in_files(request))
    found = DeskFilter(request.GET, queryset=rows, request=request)
    extra = {"curates": curates, "now": now}
    return show_list(request, found, "programmes/programme_desk.html", extra=extra, filename="programmes")


def programme_curate(request: HttpRequest, slug: str) -> HttpResponse:
    """The version being written beside the public page; directors read, the secretariat decides."""
    programme = programme_to("edit_programme", request, slug)
    return _curation_page(request, programme, ReturnForm())


def _curation_page(request: HttpRequest, programme: Programme, form: ReturnForm) -> HttpResponse:
    revision = programme.revisions.being_written().select_related("begun_by").first()
    if revision is None:
        messages.info(request, _("Nothing is being written; this is the public page."))
        return redirect(programme)
    before = content_of(programme) if programme.is_public else empty_content()
    revision.content = completed(revision.content, programme)
    context = {
        "programme": programme,
        "revision": revision,
        "differences": differences(before, revision.content),
        "gaps": gaps(revision.content),
        "curates": request.user.has_perm("programmes.curate_programme"),
        "turn": version_turn(programme, revision, request.user, timezone.now()),
        "steps": showing.timeline_of(programme),
        "moved_on": programme.is_public and revision.based_on != programme.version,
        "form": form,
    }
    return render(request, "programmes/programme_curate.html", context, status=422 if form.errors else 200)


def _act(request: HttpRequest, act: Act, done: str, **words: Any) -> bool:
    """Do it and say so, or say why not; returns whether it was done."""
    try:
        act(by=request.user, **words)
    except Refused as refused:
        messages.error(request, str(refused))
        return False
    messages.success(request, done)
    return True


@require_POST
def programme_submit(request: HttpRequest, slug: str) -> HttpResponse:
    programme = programme_to("submit_programme", request, slug)
    done = _("Submitted. The secretariat looks at it next; you are told what it decides.")
    if _act(request, actions.submit, done, programme=programme, now=timezone.now()):
        return redirect(programme)
    return redirect("programmes:programme_edit", slug, "basics")


@require_POST
def programme_take_back(request: HttpRequest, slug: str) -> HttpResponse:
    programme = programme_to("submit_programme", request, slug)
    _act(request, actions.take_back, _("Taken back. Go on writing."), programme=programme, now=timezone.now())
    return redirect("programmes:programme_edit", slug, "basics")


@require_POST
def programme_publish(request: HttpRequest, slug: str) -> HttpResponse:
    programme = programme_to("curate_programme", request, slug)
    seen = _numbers(request.POST.get("version"), request.POST.get("live"))
    done = _("Published. Everybody sees this version now.")
    if _act(request, actions.publish, done, programme=programme, seen=seen, now=timezone.now()):
        return redirect(programme)
    return redirect("programmes:programme_curate", slug)


def _numbers(*typed: str | None) -> tuple[int, ...]:
    return tuple(int(text) if text and text.isdecimal() and len(text) < 10 else 0 for text in typed)


@require_POST
def programme_return(request: HttpRequest, slug: str) -> HttpResponse:
    programme = programme_to("curate_programme", request, slug)
    form = ReturnForm(request.POST)
    if not form.is_valid():
        return _curation_page(request, programme, form)
    words = {"programme": programme, "comment": form.cleaned_data["comment"], "now": timezone.now()}
    _act(request, actions.give_back, _("Returned. The directors read your comment."), **words)
    return redirect("programmes:programme_desk")


def programme_drop(request: HttpRequest, slug: str) -> HttpResponse:
    """Throw the version being written away, after a question."""
    programme = programme_to("edit_programme", request, slug)
    if request.method != "POST":
        return render(request, "programmes/programme_drop.html", _question(programme, None, _("Drop this version")))
    _act(request, actions.drop, _("The version is dropped; the public page stays."), programme=programme, now=_now())
    return redirect(programme)


def programme_archive(request: HttpRequest, slug: str) -> HttpResponse:
    programme = programme_to("archive_programme", request, slug)
    form = ArchiveForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        words = {"programme": programme, "reason": form.cleaned_data["reason"], "now": _now()}
        _act(request, actions.archive, _("Archived. Its page stays, outside the catalogue."), **words)
        return redirect(programme)
    context = _question(programme, form, _("Archive"))
    return render(request, "programmes/programme_archive.html", context, status=422 if form.errors else 200)


def _question(programme: Programme, form: Any, label: str) -> dict[str, Any]:
    back = programme.get_absolute_url()
    return {"programme": programme, "form": form, "confirm_label": label, "cancel_url": back, "is_final": False}


def _now() -> datetime:
    return timezone.now()


@require_POST
def programme_restore(request: HttpRequest, slug: str) -> HttpResponse:
    programme = programme_to("curate_programme", request, slug)
    if _act(request, actions.restore, _("Restored as a draft."), programme=programme):
        return redirect("programmes:programme_edit", slug, "basics")
    return redirect(programme)
