"""The board of those who write calls: add, edit, propose; for the secretariat publish, send back, put away."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from funding import actions, editing
from funding.filters import OwnCallFilter
from funding.forms import SendBackForm
from funding.models import Call
from members.acts import Conflict, Refused
from members.lists import show_list
from members.models import University


@require_safe
def own_calls(request: HttpRequest) -> HttpResponse:
    """The secretariat keeps all calls, a grant office those it wrote."""
    _refuse_unless_writing(request)
    rows = Call.objects.all() if request.user.has_perm("funding.publish_call") else Call.objects.kept_by(request.user)
    rows = rows.with_status(timezone.now()).select_related("programme", "office").prefetch_related("fields")
    found = OwnCallFilter(request.GET, queryset=rows, request=request)
    return show_list(request, found, "funding/own_calls.html", filename="own-calls")


@require_http_methods(["GET", "POST"])
def call_add(request: HttpRequest) -> HttpResponse:
    _refuse_unless_writing(request)
    office = _office(request)
    form, stages = editing.forms_for(Call(), request.POST or None)
    if request.method == "POST" and editing.are_valid(form, stages):
        try:
            call = actions.add_call(
                call=form.instance,
                stages=stages.wanted(),
                fields=form.cleaned_data["fields"],
                office=office,
                by=request.user,
                now=timezone.now(),
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Kept as a draft."))
            return redirect(call)
    return _form_page(request, form, stages, {"office": office, "offices": request.user.universities_as(*Call.DESK)})


@require_http_methods(["GET", "POST"])
def call_edit(request: HttpRequest, slug: str) -> HttpResponse:
    call = _found(request, slug, "funding.edit_call")
    form, stages = editing.forms_for(call, request.POST or None)
    context: dict[str, Any] = {"call": call, "office": call.office}
    if request.method == "POST" and editing.are_valid(form, stages):
        try:
            _save(request, form, stages)
            messages.success(request, _("Saved."))
            return redirect(form.instance)
        except Conflict as conflict:
            context |= editing.after_conflict(form, stages, conflict)
        except Refused as refused:
            form.add_error(None, str(refused))
    return _form_page(request, form, stages, context)


@require_http_methods(["GET", "POST"])
def call_propose(request: HttpRequest, slug: str) -> HttpResponse:
    call = _found(request, slug, "funding.edit_call")
    if request.method == "POST":
        return _act(request, call, actions.propose_call, _("Proposed. The secretariat looks through it."))
    return _ask(request, call, "propose", _("Propose"), missing=call.missing_to_publish(list(call.stages.all())))


@require_http_methods(["GET", "POST"])
def call_publish(request: HttpRequest, slug: str) -> HttpResponse:
    call = _found(request, slug, "funding.publish_call")
    if request.method == "POST":
        return _act(request, call, actions.publish_call, _("Published. It stands in the catalogue."))
    return _ask(request, call, "publish", _("Publish"), missing=call.missing_to_publish(list(call.stages.all())))


@require_http_methods(["GET", "POST"])
def call_send_back(request: HttpRequest, slug: str) -> HttpResponse:
    call = _found(request, slug, "funding.publish_call")
    form = SendBackForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        return _act(request, call, actions.send_back_call, _("Sent back; the office is told."), reason=reason)
    return _ask(request, call, "send_back", _("Send back"), form=form)


@require_http_methods(["GET", "POST"])
def call_archive(request: HttpRequest, slug: str) -> HttpResponse:
    call = _found(request, slug, "funding.publish_call")
    if request.method == "POST":
        return _act(request, call, actions.archive_call, _("Archived."))
    return _ask(request, call, "archive", _("Archive"), followers=call.follows.count())


@require_http_methods(["GET", "POST"])
def call_restore(request: HttpRequest, slug: str) -> HttpResponse:
    call = _found(request, slug, "funding.publish_call")
    if request.method == "POST":
        return _act(request, call, actions.restore_call, _("It is a draft again."))
    return _ask(request, call, "restore", _("Take it out"))


def _refuse_unless_writing(request: HttpRequest) -> None:
    if not request.user.has_perm("funding.add_call"):
        raise PermissionDenied


def _office(request: HttpRequest) -> University | None:
    """Whose office writes the new call: the one asked for, else the person's first; the secretariat's has none."""
    offices = request.user.universities_as(*Call.DESK)
    # Among the person's own: the address is no permission to write in somebody else's name.
    asked = next((office for office in offices if office.slug == request.GET.get("office")), None)
    return asked or next(iter(offices), None)


def _save(request: HttpRequest, form: Any, stages: Any) -> None:
    actions.change_call(
        call=form.instance,
        version=form.cleaned_data["version"],
        stages=stages.wanted(),
        fields=form.cleaned_data["fields"],
        by=request.user,
        now=timezone.now(),
    )


def _form_page(request: HttpRequest, form: Any, stages: Any, context: dict[str, Any]) -> HttpResponse:
    wrong = form.errors or stages.total_error_count()
    status = 409 if "conflict" in context else 422 if wrong else 200
    return render(request, "funding/call_form.html", {"form": form, "stages": stages} | context, status=status)


def _found(request: HttpRequest, slug: str, permission: str) -> Call:
    call = get_object_or_404(Call.objects.visible_to(request.user).select_related("programme", "office"), slug=slug)
    if not request.user.has_perm(permission, call):
        raise PermissionDenied
    return call


def _ask(request: HttpRequest, call: Call, act: str, label: str, **more: Any) -> HttpResponse:
    """The page that asks whether one is sure."""
    context = {"call": call, "confirm_label": label, "cancel_url": call.get_absolute_url(), **more}
    wrong = "form" in more and more["form"].errors
    return render(request, f"funding/call_{act}.html", context, status=422 if wrong else 200)


def _act(request: HttpRequest, call: Call, act: Any, done: str, **words: Any) -> HttpResponse:
    try:
        act(call=call, by=request.user, now=timezone.now(), **words)
        messages.success(request, done)
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect(call)
