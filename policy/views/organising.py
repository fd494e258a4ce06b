"""Organisers add an event, edit it, publish, cancel, archive it, and hand out materials."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from members.acts import Conflict, Refused
from policy import actions, editing
from policy.actions.events import who_is_told
from policy.editing import EventPage
from policy.forms.events import CancelForm
from policy.models import Event
from policy.permissions import bodies_kept_by

FORM_PAGE = ["GET", "POST"]


def find(request: HttpRequest, slug: str, permission: str) -> Event:
    """The event, if the person sees it (else 404) and has `permission` on it (else 403)."""
    event = get_object_or_404(
        Event.objects.visible_to(request.user).select_related("host", "body", "series"), slug=slug
    )
    if not request.user.has_perm(permission, event):
        raise PermissionDenied
    return event


@require_http_methods(FORM_PAGE)
def event_add(request: HttpRequest) -> HttpResponse:
    if not request.user.has_perm("policy.add_event"):
        raise PermissionDenied
    # Among those one runs: the address chooses a body, it gives no right to it.
    kept = {body.slug: body for body in bodies_kept_by(request.user)}
    event = Event(body=kept.get(request.GET.get("body", "")), state_since=timezone.now())
    page = EventPage.of(event, request.user, request.POST or None)
    if request.method == "POST" and page.is_valid():
        try:
            added = page.add(by=request.user, now=timezone.now())
            messages.success(request, _("Kept as a draft. Publish it when it is complete."))
            return redirect(added)
        except Refused as refused:
            page.form.add_error(None, str(refused))
    return render(request, "policy/event_form.html", page.context, status=422 if page.is_wrong else 200)


@require_http_methods(FORM_PAGE)
def event_edit(request: HttpRequest, slug: str) -> HttpResponse:
    event = find(request, slug, "policy.edit_practical")
    page = EventPage.of(event, request.user, request.POST or None)
    context: dict[str, Any] = {"event": event, **page.context}
    if request.method == "POST" and page.is_valid():
        try:
            saved = page.save(by=request.user, now=timezone.now())
            messages.success(request, editing.said_after_saving(saved))
            return redirect(saved)
        except Conflict as conflict:
            context |= editing.after_conflict(page, request.user, conflict)
        except Refused as refused:
            page.form.add_error(None, str(refused))
    status = 409 if "conflict" in context else 422 if page.is_wrong else 200
    return render(request, "policy/event_form.html", context, status=status)


@require_http_methods(FORM_PAGE)
def event_publish(request: HttpRequest, slug: str) -> HttpResponse:
    event = find(request, slug, "policy.edit_event")
    if request.method == "POST":
        return _act(request, event, actions.publish_event, _("Published. Invite people, or let them register."))
    return _ask(request, event, "publish", _("Publish"), missing=event.missing_to_publish())


@require_http_methods(FORM_PAGE)
def event_cancel(request: HttpRequest, slug: str) -> HttpResponse:
    event = find(request, slug, "policy.edit_event")
    form = CancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = _("Cancelled; everybody who wanted to come is told.")
        return _act(request, event, actions.cancel_event, said, reason=form.cleaned_data["reason"])
    return _ask(request, event, "cancel", _("Cancel the event"), form=form, told=who_is_told(event), is_final=True)


@require_http_methods(FORM_PAGE)
def event_archive(request: HttpRequest, slug: str) -> HttpResponse:
    event = find(request, slug, "policy.edit_event")
    if request.method == "POST":
        return _act(request, event, actions.archive_event, _("Archived. Tick its state in the list to find it."))
    return _ask(request, event, "archive", _("Archive"))


@require_http_methods(FORM_PAGE)
def event_restore(request: HttpRequest, slug: str) -> HttpResponse:
    event = find(request, slug, "policy.edit_event")
    if request.method == "POST":
        return _act(request, event, actions.restore_event, _("It is a draft again."))
    return _ask(request, event, "restore", _("Take it out"))


def _ask(request: HttpRequest, event: Event, act: str, label: str, **more: Any) -> HttpResponse:
    context = {"event": event, "act": act, "confirm_label": label, "cancel_url": event.get_absolute_url(), **more}
    wrong = more.get("form") is not None and more["form"].errors
    return render(request, f"policy/event_{act}.html", context, status=422 if wrong else 200)


def _act(request: HttpRequest, event: Event, act: Callable[..., Any], said: str, **more: Any) -> HttpResponse:
    try:
        act(event=event, by=request.user, now=timezone.now(), **more)
        messages.success(request, said)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect(event)
    return redirect(event if event.state != Event.State.ARCHIVED else reverse("policy:event_list"))
