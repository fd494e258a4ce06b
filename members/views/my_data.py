"""One's own data: what is held and why, all of it as one download, asking to be erased, closing the account."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth import logout
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from members.actions import privacy
from members.acts import Refused
from members.data_parcel import parcel_of
from members.forms.privacy import AskErasureForm, CloseAccountForm
from members.limits import limited
from members.models import Act, Erasure
from members.personal_data import all_holdings, hindrances

FORM_METHODS = ["GET", "HEAD", "POST"]


@require_safe
def my_data(request: HttpRequest) -> HttpResponse:
    """Every kind of thing, how many, what for, and what an erasure would leave; one query for each kind."""
    held = [{"holding": holding, "n": holding.count(request.user)} for holding in all_holdings()]
    context = {
        "held": [row for row in held if row["n"]],
        "none": [row["holding"].title for row in held if not row["n"]],
        "erasures": list(request.user.erasures.all()),
        "taken": Act.objects.about(request.user).filter(kind="account.data_downloaded").last(),
    }
    return render(request, "people/my_data.html", context)


@require_http_methods(FORM_METHODS)
# Each reads every table of the portal and packs every file of the person.
@limited("my-data", "5/h")
@reauthentication_required
def my_data_download(request: HttpRequest) -> HttpResponse:
    """A page that asks first, so that giving the password leads back to something; the parcel itself on POST."""
    if request.method != "POST":
        context = {"confirm_label": _("Download now"), "cancel_url": reverse("people:my_data")}
        return render(request, "people/my_data_download.html", context)
    now = timezone.now()
    # Before the parcel is packed: it holds the log too, and this line belongs in it.
    privacy.note_download(user=request.user, by=request.user)
    name = f"cluster-my-data-{now:%Y-%m-%d}.zip"
    return FileResponse(
        parcel_of(request.user, now), as_attachment=True, filename=name, headers={"Cache-Control": "no-store"}
    )


@require_http_methods(FORM_METHODS)
@reauthentication_required
def my_data_erasure(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    form = AskErasureForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            privacy.ask_for_erasure(by=request.user, words=form.cleaned_data["words"], now=now)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The secretariat is asked. You hear from it within a month."))
            return redirect("people:my_data")
    context = {
        "form": form,
        "in_the_way": hindrances(request.user, now),
        "held": [holding for holding in all_holdings() if holding.count(request.user)],
        "confirm_label": _("Ask to be erased"),
        "cancel_url": reverse("people:my_data"),
        "is_final": True,
    }
    return render(request, "people/my_data_erasure.html", context)


@require_POST
def my_data_keep(request: HttpRequest) -> HttpResponse:
    """Take the request back."""
    erasure = get_object_or_404(Erasure.objects.waiting(), user=request.user)
    try:
        privacy.take_back(erasure=erasure, by=request.user, now=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("You took your request back. Everything stays as it is."))
    return redirect("people:my_data")


@require_http_methods(FORM_METHODS)
@reauthentication_required
def account_close(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    form = CloseAccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            privacy.close_own_account(by=request.user, now=now)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            logout(request)
            messages.success(request, _("Your account is closed and you are signed out."))
            return redirect("home")
    context: dict[str, Any] = {
        "form": form,
        "in_the_way": hindrances(request.user, now),
        "confirm_label": _("Close my account"),
        "cancel_url": reverse("people:my_data"),
        "is_final": True,
    }
    return render(request, "people/account_close.html", context)
