"""Writing a programme, step by step."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from members.acts import Conflict, Refused
from members.forms.conflicts import Versions
from members.models import Role, University, User
from programmes import actions, showing
from programmes.actions.editing import working_copy
from programmes.content import differences, gaps
from programmes.forms import STEPS, NewProgrammeForm, Step
from programmes.models import Programme, Revision

INTAKES, COURSES = "intakes", "courses"


def programme_to(permission: str, request: HttpRequest, slug: str) -> Programme:
    """The programme, if this person may see it (else 404) and has `permission` on it (else 403)."""
    rows = Programme.objects.visible_to(request.user).prefetch_related("partners__university")
    programme = get_object_or_404(rows, slug=slug)
    if not request.user.has_perm(f"programmes.{permission}", programme):
        raise PermissionDenied
    return programme


def programme_add(request: HttpRequest) -> HttpResponse:
    if not request.user.has_perm("programmes.add_programme"):
        raise PermissionDenied
    form = NewProgrammeForm(request.POST or None, places=_own_places(request.user))
    if request.method == "POST" and form.is_valid():
        try:
            programme = actions.create_programme(**form.cleaned_data, by=request.user)
            return redirect("programmes:programme_edit", programme.slug, "basics")
        except Refused as refused:
            form.add_error(None, str(refused))
    return render(request, "programmes/programme_add.html", {"form": form}, status=422 if form.errors else 200)


def _own_places(user: User) -> list[University]:
    """Where this person may begin a programme; the secretariat for any member of the consortium."""
    if user.has_perm("members.curate"):
        return list(University.objects.in_consortium(timezone.localdate()))
    return user.universities_as(Role.DIRECTOR)


def programme_edit(request: HttpRequest, slug: str, step: str) -> HttpResponse:
    programme = programme_to("edit_programme", request, slug)
    if step not in STEPS:
        raise Http404
    revision = working_copy(programme, request.user)
    shown = STEPS[step](revision.content, request.POST if request.method == "POST" else None)
    if is_locked(revision, request.user):
        shown.lock()
    trouble: dict[str, Any] = {}
    if request.method == "POST" and shown.is_valid():
        try:
            return _save(request, programme, shown)
        except Conflict as conflict:
            trouble = _both_versions(programme, shown, request.user) | {"conflict": str(conflict)}
        except Refused as refused:
            trouble = {"refused": str(refused)}
    context = _edit_context(programme, revision, shown, request.user) | trouble
    status = 409 if "conflict" in trouble else 422 if request.method == "POST" else 200
    return render(request, "programmes/programme_edit.html", context, status=status)


def _save(request: HttpRequest, programme: Programme, step: Step) -> HttpResponse:
    """Save the step, then go where the button says: on to the next one, or stay."""
    actions.save_parts(
        programme=programme, parts=step.content(), seen=request.POST.get("seen", ""), by=request.user
    )  # fmt: skip
    messages.success(request, _("Saved."))
    order = [*STEPS, INTAKES]
    after = order[order.index(step.key) + 1] if "next" in request.POST else step.key
    if after == INTAKES:
        return redirect("programmes:intake_list", programme.slug)
    return redirect("programmes:programme_edit", programme.slug, after)


def _both_versions(programme: Programme, step: Step, user: User) -> dict[str, Any]:
    """What is stored now beside what this person typed; saving again counts for the form."""
    stored = working_copy(programme, user).content
    mine = {**stored, **step.content()}
    rows = [Versions(row.label, row.before or "–", row.after or "–") for row in differences(stored, mine)]
    step.stored = stored
    return {"versions": rows, "seen": step.seen}


def _edit_context(programme: Programme, revision: Revision, step: Step, user: User) -> dict[str, Any]:
    return {
        **frame(programme, revision, step.key, user),
        "step": step,
        "forms": step.forms,
        "seen": step.seen,
        "is_last": step.key == list(STEPS)[-1],
        "conflict": "",
        "refused": "",
        "versions": [],
        "other": None,
    }


def frame(programme: Programme, revision: Revision, current: str, user: User) -> dict[str, Any]:
    """What every page on which a programme is written shows around its form."""
    missing = gaps(revision.content)
    is_version = revision.pk is not None
    submits = user.has_perm("programmes.submit_programme", programme)
    curates = user.has_perm("programmes.curate_programme")
    return {
        "programme": programme,
        "revision": revision if is_version else None,
        "locked": is_locked(revision, user),
        "steps": _steps(programme, {gap.step for gap in missing}, current),
        "gaps": missing,
        "may_submit": submits and is_version and revision.is_with_directors and not missing,
        "may_take_back": submits and is_version and not revision.is_with_directors,
        "may_publish": curates and is_version and not missing,
        "may_drop": is_version and programme.is_public,
        "timeline": showing.timeline_of(programme, last=8),
    }


def is_locked(revision: Revision, user: User) -> bool:
    """Whether the version waits for the secretariat, and this person is not of it."""
    return not (revision.is_with_directors or user.has_perm("programmes.curate_programme"))


def _steps(programme: Programme, lacking: set[str], current: str) -> list[dict[str, str]]:
    def state(key: str) -> str:
        return "now" if key == current else "todo" if key in lacking else "done"

    written = [
        {
            "label": step.label,
            "url": reverse("programmes:programme_edit", args=[programme.slug, key]),
            "state": state(key),
        }
        for key, step in STEPS.items()
    ]
    return [*written, *(_beside(programme, key, current) for key in (INTAKES, COURSES))]


def _beside(programme: Programme, key: str, current: str) -> dict[str, str]:
    """What directors keep without the secretariat, beside the version that is being written."""
    label, address = {
        COURSES: (_("Courses"), "programmes:programme_courses"),
        INTAKES: (_("Intakes and seats"), "programmes:intake_list"),
    }[key]
    state = "now" if key == current else "todo"
    return {"label": label, "url": reverse(address, args=[programme.slug]), "state": state}
