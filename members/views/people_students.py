"""The office's page of its students: confirm, or refuse with a reason."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from members.actions import students
from members.acts import Refused
from members.forms.people import RefusalForm
from members.lists import show_list
from members.models import StudentProfile, User
from members.people_filters import StudentCatalogue
from members.people_timeline import timeline_of


@require_safe
@permission_required("members.confirm_student", raise_exception=True)
def student_list(request: HttpRequest) -> HttpResponse:
    profiles = _of_my_office(request.user).select_related("user", "university")
    catalogue = StudentCatalogue(request.GET, queryset=profiles, request=request)
    waiting = _of_my_office(request.user).filter(state=StudentProfile.State.WAITING).count()
    return show_list(request, catalogue, "people/student_list.html", extra={"waiting": waiting}, filename="students")


@require_safe
def student_detail(request: HttpRequest, reference: str) -> HttpResponse:
    profile = _find(request.user, reference)
    context = {
        "profile": profile,
        "steps": timeline_of(profile),
        "may_confirm": request.user.has_perm("members.confirm_student", profile),
    }
    return render(request, "people/student_detail.html", context)


@require_POST
def student_confirm(request: HttpRequest, reference: str) -> HttpResponse:
    profile = _find_to_confirm(request.user, reference)
    try:
        students.confirm(profile=profile, by=request.user, now=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("%(student)s is confirmed and was told.") % {"student": profile.user})
    return redirect(profile)


@require_http_methods(["GET", "HEAD", "POST"])
def student_refuse(request: HttpRequest, reference: str) -> HttpResponse:
    profile = _find_to_confirm(request.user, reference)
    form = RefusalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            students.refuse(profile=profile, by=request.user, now=timezone.now(), **form.cleaned_data)
        except Refused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("%(student)s was told, with your reason.") % {"student": profile.user})
        return redirect(profile)
    context = {"profile": profile, "form": form, "cancel_url": profile.get_absolute_url(), "is_final": True}
    return render(request, "people/student_refuse.html", context | {"confirm_label": _("Refuse")})


@require_POST
@permission_required("members.confirm_student", raise_exception=True)
def student_confirm_many(request: HttpRequest) -> HttpResponse:
    """The ticked ones; what is not of this office, or not an address at all, is not there."""
    waiting = _of_my_office(request.user).filter(state=StudentProfile.State.WAITING)
    chosen = set(request.POST.getlist("student"))
    profiles = [profile for profile in waiting.select_related("user", "university") if str(profile.reference) in chosen]
    done, left = students.confirm_many(profiles=profiles, by=request.user, now=timezone.now())
    if done:
        said = ngettext("%(n)d student is confirmed.", "%(n)d students are confirmed.", done)
        messages.success(request, said % {"n": done})
    if left:
        said = ngettext("%(n)d student no longer waits.", "%(n)d students no longer wait.", left)
        messages.warning(request, said % {"n": left})
    if not done and not left:
        messages.error(request, _("Nobody was confirmed: tick the students first."))
    return redirect("people:student_list")


def _of_my_office(user: User):
    """Students whose office the person is; one's own profile is not among them."""
    return StudentProfile.objects.visible_to(user).exclude(user=user)


def _find(user: User, reference: str) -> StudentProfile:
    profiles = StudentProfile.objects.visible_to(user).select_related("user", "university", "field", "confirmed_by")
    return get_object_or_404(profiles.select_related("grade_scale").prefetch_related("languages"), reference=reference)


def _find_to_confirm(user: User, reference: str) -> StudentProfile:
    profile = _find(user, reference)
    if not user.has_perm("members.confirm_student", profile):
        raise PermissionDenied
    return profile
