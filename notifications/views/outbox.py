"""The outbox as the secretariat sees it: what waits, what left, to whom, and what went wrong."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from members.acts import Refused
from members.forms.reasons import ReasonForm
from members.lists import show_list
from notifications import actions
from notifications.filters import OutboxCatalogue
from notifications.models import Delivery


def _deliveries() -> QuerySet:
    return Delivery.objects.select_related("notice__recipient", "letter")


def _find(reference: str) -> Delivery:
    """By the notice or the letter it carries: a delivery has no name of its own."""
    carries = Q(notice__reference=reference) | Q(letter__reference=reference)
    return get_object_or_404(_deliveries(), carries)


@require_safe
@permission_required("members.see_jobs", raise_exception=True)
def outbox(request: HttpRequest) -> HttpResponse:
    catalogue = OutboxCatalogue(request.GET, queryset=_deliveries(), request=request)
    return show_list(request, catalogue, "notifications/outbox.html", filename="outbox")


@require_safe
@permission_required("members.see_jobs", raise_exception=True)
def outbox_detail(request: HttpRequest, reference: str) -> HttpResponse:
    delivery = _find(reference)
    context = {
        "delivery": delivery,
        # The words alone: the mail itself carries the reader's link to stop e-mails, which works without signing in.
        "text": delivery.content.body if delivery.is_open_to_the_office else "",
        "can_cancel": delivery.can("cancel"),
        "can_retry": delivery.can("retry"),
    }
    return render(request, "notifications/outbox_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("members.see_jobs", raise_exception=True)
def outbox_cancel(request: HttpRequest, reference: str) -> HttpResponse:
    delivery = _find(reference)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        _act(request, actions.cancel, delivery, _("It will not be sent."), reason=form.cleaned_data["reason"])
        return redirect("notifications:outbox_detail", reference)
    cancel_url = reverse("notifications:outbox_detail", args=[reference])
    context = {"delivery": delivery, "form": form, "confirm_label": _("Do not send it"), "cancel_url": cancel_url}
    return render(request, "notifications/outbox_cancel.html", context | {"is_final": True})


@require_POST
@permission_required("members.see_jobs", raise_exception=True)
def outbox_retry(request: HttpRequest, reference: str) -> HttpResponse:
    delivery = _find(reference)
    _act(request, actions.retry, delivery, _("It is tried again."), now=timezone.now())
    return redirect("notifications:outbox_detail", reference)


def _act(request: HttpRequest, act: Any, delivery: Delivery, done: str, **more: Any) -> None:
    try:
        act(delivery=delivery, by=request.user, **more)
        messages.success(request, done)
    except Refused as refused:
        messages.error(request, str(refused))
