"""How people want to hear of each topic, and the link that stops e-mails without signing in."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from members.models import User
from notifications import actions, mails
from notifications.forms import PreferencesForm
from notifications.models import Preference, Topic


@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    chosen = dict(Preference.objects.filter(user=request.user).values_list("topic", "rhythm"))
    form = PreferencesForm(request.POST or None, chosen=chosen)
    if request.method == "POST" and form.is_valid():
        actions.set_rhythms(user=request.user, rhythms=form.cleaned_data, now=timezone.now())
        messages.success(request, _("Saved. What waits follows your new choice."))
        return redirect("notifications:preferences")
    return render(request, "notifications/preferences.html", {"form": form})


# Without the CSRF check: mail programs send the POST of RFC 8058 by themselves; the signed link is the proof.
@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """The page asks once more, since programs that look into mails follow every link."""
    try:
        user_id, topics = mails.read_unsubscribe(token)
    except signing.BadSignature as error:
        raise Http404 from error
    user = get_object_or_404(User, pk=user_id)
    if request.method == "POST":
        never = dict.fromkeys(topics, Preference.Rhythm.NEVER)
        actions.set_rhythms(user=user, rhythms=never, now=timezone.now())
    context = {"topics": [Topic(topic).label for topic in topics], "done": request.method == "POST"}
    return render(request, "notifications/unsubscribe.html", context)
