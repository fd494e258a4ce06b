"""Following a topic or a practice, and writing to the contact of one."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from members.acts import Refused
from members.limits import limited
from practices import actions
from practices.forms.small import QuestionForm
from practices.models import Topic
from practices.views.finding import practice_to


@require_POST
def topic_follow(request: HttpRequest, slug: str) -> HttpResponse:
    topic = get_object_or_404(Topic, slug=slug)
    if not request.user.has_perm("practices.follow"):
        raise PermissionDenied
    if request.POST.get("follow") == "remove":
        actions.unfollow_topic(topic=topic, by=request.user)
        messages.success(request, _("You follow “%(topic)s” no more.") % {"topic": topic})
    else:
        actions.follow_topic(topic=topic, by=request.user)
        messages.success(request, _("You are told when a practice on “%(topic)s” is published.") % {"topic": topic})
    return redirect(topic)


@require_POST
def practice_follow(request: HttpRequest, reference: str) -> HttpResponse:
    practice = practice_to("follow", request, reference)
    if request.POST.get("follow") == "remove":
        actions.unfollow_practice(practice=practice, by=request.user)
        messages.success(request, _("You follow this practice no more."))
    else:
        actions.follow_practice(practice=practice, by=request.user)
        messages.success(request, _("You are told when this practice gets a new version."))
    return redirect(practice)


@require_http_methods(["GET", "POST"])
@limited("practice-questions", "20/h")
def practice_question(request: HttpRequest, reference: str) -> HttpResponse:
    """A letter to the contact; the address stays hidden, the answer comes by e-mail."""
    practice = practice_to("ask_contact", request, reference)
    form = QuestionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.ask_contact(practice=practice, text=form.cleaned_data["text"], by=request.user)
            messages.success(request, _("Your question is on its way. The answer comes by e-mail."))
            return redirect(practice)
        except Refused as refused:
            form.add_error(None, str(refused))
    context = {"practice": practice, "form": form}
    return render(request, "practices/practice_question.html", context, status=422 if form.errors else 200)
