"""The first step of applying: the student's data, written where they are needed."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from applications import apply_flow
from applications.apply_flow import Step
from applications.models import Application
from applications.views.acting import not_taken
from applications.views.applicant import my_application
from applications.views.applying import draw, editable
from members.forms.people import LanguageFormSet, StudyForm
from members.limits import limited


@editable
def application_profile(request: HttpRequest, application: Application) -> HttpResponse:
    """The studies, grades and languages of the profile, with whether they meet what is asked here."""
    profile, now = application.applicant.student_profile_or_none, timezone.now()
    if profile is None:  # it was erased since; without a home university there is nothing to fill in
        return redirect(apply_flow.profile_address())
    form = StudyForm(request.POST or None, instance=profile)
    languages = LanguageFormSet(request.POST or None, instance=profile, prefix="languages")
    if form.is_valid() and languages.is_valid():
        with transaction.atomic():
            form.save()
            languages.save()
        messages.success(request, _("Saved."))
        return redirect(apply_flow.address(application, apply_flow.after(application, Step.PROFILE)))
    if request.method == "POST":  # the form has put what is wrong into the data of the first one; judge what is kept
        application = my_application(request, application.reference)
    own = {"form": form, "languages": languages, "home": profile.university, "unsaved": {}}
    judged = apply_flow.judged(application, now)
    return draw(request, application, Step.PROFILE, status=not_taken(request), **own, **judged)


@require_POST
@limited("autosave", "900/h")
def application_profile_autosave(request: HttpRequest, reference: str) -> HttpResponse:
    """Keep the fields that are right while one types, and judge them at once; languages wait for the button.

    A row of languages gets its number when it is first saved: saved twice from the same page it would be there twice.
    """
    application, now = my_application(request, reference), timezone.now()
    profile = application.applicant.student_profile_or_none
    if profile is None or not application.is_editable_at(now):
        return HttpResponse(status=409)
    form = StudyForm(request.POST, instance=profile)
    form.full_clean()
    form.save_what_is_right()
    fresh = my_application(request, reference)  # judged by what is saved, not by what stands in the fields
    unsaved = {form[name].label: errors for name, errors in form.errors.items()}
    context = apply_flow.judged(fresh, now) | {"saved_at": now, "unsaved": unsaved}
    return render(request, "applications/application_profile.html#judged", context)
