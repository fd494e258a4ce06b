"""Support: begin to see the portal as somebody else, and stop."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from members.actions import support as acts
from members.acts import Refused
from members.forms.privacy import SupportForm
from members.models import SupportVisit
from members.support import SESSION_KEY

VISITS_SHOWN = 20


@require_http_methods(["GET", "HEAD", "POST"])
def support(request: HttpRequest) -> HttpResponse:
    if not request.user.has_perm("members.see_as"):
        raise PermissionDenied
    return _support(request)


@reauthentication_required
def _support(request: HttpRequest) -> HttpResponse:
    """Only for people who gave their password within the last minutes."""
    form = SupportForm(request.POST or None, initial={"email": request.GET.get("email", "")})
    if request.method == "POST" and form.is_valid():
        try:
            visit = acts.begin(**form.cleaned_data, by=request.user, now=timezone.now())
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            request.session[SESSION_KEY] = str(visit.reference)
            return redirect("dashboard")
    visits = SupportVisit.objects.select_related("supporter", "person")[:VISITS_SHOWN]
    return render(request, "people/support.html", {"form": form, "visits": visits})


@require_POST
def support_stop(request: HttpRequest) -> HttpResponse:
    """Be oneself again; outside a visit there is nothing to stop."""
    visit = getattr(request, "visit", None)
    if visit is None:
        raise PermissionDenied
    acts.end(visit=visit, now=timezone.now())
    del request.session[SESSION_KEY]
    messages.success(request, _("You no longer see the portal as %(person)s.") % {"person": visit.person})
    return redirect("people:support")
