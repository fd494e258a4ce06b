"""Writing a practice, and the desk of those who do."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from members.acts import Conflict, Refused
from members.lists import show_list
from practices import actions, editing
from practices.filters import DeskFilter
from practices.forms.small import BeginForm, FileForm
from practices.models import SHARING, Practice
from practices.views.finding import practice_to, try_to


def own_practices(request: HttpRequest) -> HttpResponse:
    """What one keeps: the own practices, an official those of the university."""
    if not request.user.has_perm("practices.add_practice"):
        raise PermissionDenied
    rows = Practice.objects.written_by(request.user).with_adopters().select_related("university", "live", "latest")
    found = DeskFilter(request.GET, queryset=rows, request=request)
    return show_list(request, found, "practices/own_practices.html", filename="own-practices")


@require_http_methods(["GET", "POST"])
def practice_add(request: HttpRequest) -> HttpResponse:
    if not request.user.has_perm("practices.add_practice"):
        raise PermissionDenied
    form = BeginForm(request.POST or None, places=request.user.universities_as(*SHARING))
    if request.method == "POST" and form.is_valid():
        try:
            practice = actions.begin_practice(**form.cleaned_data, by=request.user, now=timezone.now())
            return redirect("practices:practice_edit", practice.reference)
        except Refused as refused:
            form.add_error(None, str(refused))
    return render(request, "practices/practice_add.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def practice_edit(request: HttpRequest, reference: str) -> HttpResponse:
    practice = practice_to("edit_practice", request, reference)
    version = practice.being_written
    if version is None or not version.is_with_writers:
        return redirect(practice)
    # Not `POST or None`: a form that was sent empty is bound all the same, and says what it lacks.
    form, links = editing.forms_for(practice, request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {}
    if request.method == "POST" and editing.are_valid(form, links):
        try:
            editing.save(form, links, by=request.user)
            messages.success(request, _("Saved."))
            return _after_saving(request, practice)
        except Conflict as conflict:
            context = editing.after_conflict(form, links, conflict)
        except Refused as refused:
            form.add_error(None, str(refused))
    status = 409 if context else 422 if form.errors or links.total_error_count() else 200
    context = editing.frame(practice) | {"form": form, "links": links, "file_form": FileForm()} | context
    return render(request, "practices/practice_edit.html", context, status=status)


def _after_saving(request: HttpRequest, practice: Practice) -> HttpResponse:
    """The second button hands it in at once; what is missing is said, and what was typed is kept."""
    # After it was saved: what was typed is kept, also when something is missing for submitting it.
    if "submit" in request.POST and _submitted(request, practice):
        return redirect(practice)
    return redirect("practices:practice_edit", practice.reference)


def _submitted(request: HttpRequest, practice: Practice) -> bool:
    done = _("Submitted. The curators read it next; you are told what they decide.")
    return try_to(request, actions.submit, done, practice=practice, now=timezone.now())


@require_POST
def practice_submit(request: HttpRequest, reference: str) -> HttpResponse:
    practice = practice_to("edit_practice", request, reference)
    if _submitted(request, practice):
        return redirect(practice)
    return redirect("practices:practice_edit", reference)


@require_POST
def practice_revise(request: HttpRequest, reference: str) -> HttpResponse:
    """Begin the next version, or go to the one that is being written."""
    practice = practice_to("edit_practice", request, reference)
    try:
        actions.begin_version(practice=practice, by=request.user, now=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect(practice)
    return redirect("practices:practice_edit", reference)


@require_POST
def practice_take_back(request: HttpRequest, reference: str) -> HttpResponse:
    practice = practice_to("edit_practice", request, reference)
    done = _("Taken back. Go on writing.")
    if try_to(request, actions.take_back, done, practice=practice, now=timezone.now()):
        return redirect("practices:practice_edit", reference)
    return redirect(practice)


@require_http_methods(["GET", "POST"])
def practice_drop(request: HttpRequest, reference: str) -> HttpResponse:
    """Throw the version being written away, after a question."""
    practice = practice_to("edit_practice", request, reference)
    if request.method == "POST":
        done = _("The version is dropped; everybody goes on reading the published one.")
        try_to(request, actions.drop, done, practice=practice, now=timezone.now())
        return redirect(practice)
    context = {
        "practice": practice, "confirm_label": _("Drop this version"), "cancel_url": practice.get_absolute_url(),
        "is_final": True,
    }  # fmt: skip
    return render(request, "practices/practice_drop.html", context)
