"""The people directory: profiles that their people publish, a letter to one of them, and one's own profile."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from members.actions import experts
from members.actions.enquiries import write_enquiry
from members.acts import Refused
from members.expert_filters import ExpertCatalogue, directory_for
from members.forms.enquiry import LetterForm
from members.forms.experts import ExpertForm
from members.forms.reasons import ReasonForm
from members.limits import limited
from members.lists import show_list
from members.models import Enquiry, Expert, Role


@login_not_required
@require_safe
def expert_list(request: HttpRequest) -> HttpResponse:
    catalogue = ExpertCatalogue(request.GET, queryset=directory_for(request.user), request=request)
    may_publish = request.user.has_perm("members.publish_profile")
    extra = {"may_publish": may_publish}
    return show_list(request, catalogue, "people/expert_list.html", extra=extra, filename="people")


@login_not_required
@require_safe
def expert_detail(request: HttpRequest, reference: str) -> HttpResponse:
    expert = get_object_or_404(directory_for(request.user), reference=reference)
    context = {
        "expert": expert,
        "keywords": keyword_links(expert),
        "roles": [Role(role).label for role in expert.roles],
        "is_mine": expert.user_id == request.user.pk,
        "may_unpublish": request.user.has_perm("members.unpublish_profile", expert),
    }
    return render(request, "people/expert_detail.html", context)


def keyword_links(expert: Expert) -> list[dict[str, str]]:
    """Each field with the list of those who share it, as components/tags.html reads them."""
    found = reverse("people:expert_list")
    return [{"label": word, "url": f"{found}?{urlencode({'expertise': word})}"} for word in expert.keywords]


@login_not_required
@limited("enquiries", "10/h")
@require_http_methods(["GET", "HEAD", "POST"])
def expert_write(request: HttpRequest, reference: str) -> HttpResponse:
    """The address is nowhere on the page: the portal sends the letter, the answer goes to the writer."""
    expert = get_object_or_404(directory_for(request.user).filter(takes_letters=True), reference=reference)
    form = LetterForm(request.POST or None, instance=Enquiry(expert=expert), user=request.user)
    if request.method != "POST" or not form.is_valid():
        context = {"expert": expert, "form": form}
        return render(request, "people/expert_write.html", context, status=422 if form.is_bound else 200)
    if not form.is_from_a_machine:
        write_enquiry(enquiry=form.instance, by=request.user if request.user.is_authenticated else None)
    messages.success(request, _("Your message is on its way. The answer comes by e-mail."))
    return redirect(expert)


@require_http_methods(["GET", "HEAD", "POST"])
def expert_edit(request: HttpRequest) -> HttpResponse:
    """One's own profile: saved for oneself, or published."""
    mine = Expert.objects.filter(user=request.user).select_related("university").first()
    if mine is None and not request.user.has_perm("members.publish_profile"):
        raise PermissionDenied
    places = request.user.universities_as(*Role.values)
    # A bound form writes into its instance, so the page keeps another one to speak of what is stored.
    form = ExpertForm(request.POST or None, instance=_copy(mine, request.user), universities=places)
    if request.method == "POST" and form.is_valid():
        publish = "publish" in request.POST
        try:
            stored = experts.keep_profile(expert=form.instance, publish=publish, by=request.user, now=timezone.now())
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _said(stored))
            return redirect(stored if publish else "people:expert_edit")
    acts_there = mine is not None and mine.university in places
    context = {"form": form, "expert": mine, "acts_there": acts_there, "places": places}
    context["turn"] = _turn(mine) if acts_there and mine.is_published else None
    return render(request, "people/expert_edit.html", context, status=422 if form.errors else 200)


def _turn(expert: Expert) -> dict[str, Any]:
    """What is published, and the way back, as components/turn.html reads it."""
    day = date_format(timezone.localtime(expert.published_at), "j F Y")
    back = reverse("people:expert_unpublish_mine")
    return {
        "caps": _("Published on %(day)s") % {"day": day},
        "title": expert.get_audience_display(),
        "why": _("What you save here is seen at once. Taking it back works at once too, and keeps what you wrote."),
        "actions": [
            {"label": _("See it"), "url": expert.get_absolute_url()},
            {"label": _("Take it back"), "url": back, "post": True, "quiet": True},
        ],
    }


def _copy(mine: Expert | None, user: Any) -> Expert:
    return Expert.objects.get(pk=mine.pk) if mine else Expert(user=user)


def _said(expert: Expert) -> str:
    if not expert.is_published:
        return _("Saved. Only you see it until you publish it.")
    if expert.audience == Expert.Audience.PUBLIC:
        return _("Published: everybody can find you now.")
    return _("Published: people of the consortium's universities can find you now.")


@require_POST
def expert_unpublish_mine(request: HttpRequest) -> HttpResponse:
    """At once and without a question: taking back must be easier than giving."""
    mine = get_object_or_404(Expert, user=request.user)
    try:
        experts.unpublish(expert=mine, by=request.user, now=timezone.now())
        messages.success(request, _("Taken back. Nobody else sees your profile any more."))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("people:expert_edit")


@require_http_methods(["GET", "HEAD", "POST"])
def expert_unpublish(request: HttpRequest, reference: str) -> HttpResponse:
    """The secretariat takes down what does not belong there, and says why."""
    expert = get_object_or_404(directory_for(request.user), reference=reference)
    if not request.user.has_perm("members.unpublish_profile", expert):
        raise PermissionDenied
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            experts.unpublish(expert=expert, by=request.user, now=timezone.now(), reason=reason)
            messages.success(request, _("Taken down; %(person)s was told why.") % {"person": expert.user})
        except Refused as refused:
            messages.error(request, str(refused))
        return redirect("people:expert_list")
    context = {"expert": expert, "form": form, "confirm_label": _("Take it down"), "is_final": True}
    return render(request, "people/expert_unpublish.html", context | {"cancel_url": expert.get_absolute_url()})
