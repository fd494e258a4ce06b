"""Keys to the API, on the page of the person whose they are."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from members.actions import tokens
from members.acts import Refused
from members.forms.tokens import TokenForm
from members.models import ApiToken
from members.rest.registry import scopes

PAST_SHOWN = 10


@require_safe
def token_list(request: HttpRequest) -> HttpResponse:
    """The live ones, and the last that ended."""
    now, words = timezone.now(), dict(scopes())
    live, past = [], []
    for token in ApiToken.objects.visible_to(request.user):
        row = {"token": token, "scopes": [words.get(scope, scope) for scope in token.scopes]}
        (live if token.is_live(now) else past).append(row)
    return render(request, "people/token_list.html", {"live": live, "past": past[:PAST_SHOWN]})


# The secret is in this answer and nowhere else, so nothing may keep the page.
@never_cache
@reauthentication_required
@require_http_methods(["GET", "HEAD", "POST"])
def token_add(request: HttpRequest) -> HttpResponse:
    form = TokenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            token, secret = tokens.make_token(user=request.user, now=timezone.now(), **form.wanted())
        except Refused as refused:
            form.add_error("name", str(refused))
        else:
            example = request.build_absolute_uri(reverse(f"api:{token.scopes[0].partition(':')[0]}-list"))
            return render(request, "people/token_made.html", {"token": token, "secret": secret, "example": example})
    return render(request, "people/token_add.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def token_revoke(request: HttpRequest, reference: str) -> HttpResponse:
    token = get_object_or_404(ApiToken.objects.visible_to(request.user), reference=reference)
    if request.method == "POST":
        try:
            tokens.revoke_token(token=token, by=request.user, now=timezone.now())
            messages.success(
                request, _("“%(name)s” is revoked. Programs that use it are refused.") % {"name": token.name}
            )
        except Refused as refused:
            messages.error(request, str(refused))
        return redirect("people:token_list")
    context = {"token": token, "confirm_label": _("Revoke it"), "cancel_url": reverse("people:token_list")}
    return render(request, "people/token_revoke.html", context | {"is_final": True})
