"""The student's own page: the home university, and what an office compares."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from members.actions import students
from members.forms.people import HomeForm, LanguageFormSet, ProfileForm
from members.models import StudentProfile, University
from members.people_timeline import timeline_of


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Without a home university yet, the page asks for that first."""
    mine = request.user.student_profile_or_none
    if mine is None:
        return redirect("people:profile_home")
    missing = mine.missing()
    form = ProfileForm(request.POST or None, instance=mine)
    languages = LanguageFormSet(request.POST or None, instance=mine, prefix="languages")
    if request.method == "POST" and form.is_valid() and languages.is_valid():
        with transaction.atomic():
            form.save()
            languages.save()
        messages.success(request, _("Your profile is saved."))
        return redirect("people:profile")
    context = {
        "profile": mine,
        "form": form,
        "languages": languages,
        "turn": _turn(mine),
        "missing": missing,
        "steps": timeline_of(mine),
    }
    return render(request, "people/profile.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def profile_home(request: HttpRequest) -> HttpResponse:
    """Name the home university; another one than before has to be confirmed anew."""
    mine = request.user.student_profile_or_none
    universities = University.objects.in_consortium(timezone.localdate()).filter(archived_at=None)
    initial = {"university": mine.university_id} if mine else None
    form = HomeForm(request.POST or None, universities=universities, initial=initial)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["university"]
        found = students.choose_home(user=request.user, university=chosen, now=timezone.now())
        messages.success(request, _said(found))
        return redirect("people:profile")
    return render(request, "people/profile_home.html", {"form": form, "profile": mine})


def _said(profile: StudentProfile) -> str:
    words = {"university": profile.university}
    if profile.is_confirmed:
        return _("You are a student of %(university)s.") % words
    return _("The office of %(university)s is asked to confirm.") % words


def _turn(profile: StudentProfile) -> dict[str, Any]:
    """Whose turn it is, as components/turn.html reads it."""
    words = {"university": profile.university}
    state = StudentProfile.State
    if profile.state == state.WAITING:
        return {
            "caps": _("The office's turn"),
            "title": _("%(university)s confirms that you study there.") % words,
            "why": _(
                "You can fill in your profile and prepare applications meanwhile. You hear from us when it is done."
            ),
        }
    if profile.state == state.REFUSED:
        return {
            "caps": _("Your turn"),
            "mine": True,
            "title": _("%(university)s could not confirm that you study there.") % words,
            "why": _("The reason stands at the side. Put your student number right, then ask again."),
            "actions": [{"label": _("Ask again"), "url": reverse("people:profile_home")}],
        }
    return {
        "caps": _("Confirmed"),
        "title": _("You are a student of %(university)s.") % words,
        "why": _("The profile tells you before and while applying whether you are eligible."),
    }
