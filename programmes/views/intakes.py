"""The intakes of a programme, their seats, and the application round of each."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from members.acts import Conflict, Refused
from members.forms.conflicts import versions_of_form
from programmes import actions, showing
from programmes.actions.editing import working_copy
from programmes.forms import IntakeForm
from programmes.forms.intakes import usual_window
from programmes.models import Intake, Programme
from programmes.views.editing import INTAKES, frame, programme_to


def intake_list(request: HttpRequest, slug: str) -> HttpResponse:
    programme = programme_to("edit_intakes", request, slug)
    context = frame(programme, working_copy(programme, request.user), INTAKES, request.user) | {
        "intakes": showing.intakes_of(programme, timezone.now())[::-1],
        "opens_rounds": request.user.has_perm("programmes.open_round", programme),
        "has_pathways": programme.pathways.exists(),
    }
    return render(request, "programmes/intake_list.html", context)


def _form(request: HttpRequest, programme: Programme, intake: Intake, **more: Any) -> IntakeForm:
    data = request.POST if request.method == "POST" else None
    pathways = list(programme.pathways.select_related("home", "host"))
    partners = [side.university for side in programme.sides if side.awards]
    return IntakeForm(data, instance=intake, pathways=pathways, partners=partners, **more)


def intake_add(request: HttpRequest, slug: str) -> HttpResponse:
    programme = programme_to("edit_intakes", request, slug)
    coordinator = programme.coordinator
    intake = Intake(programme=programme, time_zone=coordinator.time_zone if coordinator else "Europe/Brussels")
    form = _form(request, programme, intake, initial=usual_window(timezone.now()) | {"time_zone": intake.time_zone})
    return _answer(request, programme, form)


def intake_edit(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    programme = programme_to("edit_intakes", request, slug)
    intake = get_object_or_404(programme.intakes.select_related("round", "home"), key=key)
    intake.programme = programme
    return _answer(request, programme, _form(request, programme, intake))


def _answer(request: HttpRequest, programme: Programme, form: IntakeForm) -> HttpResponse:
    trouble: dict[str, Any] = {"conflict": "", "versions": [], "other": None, "refused": ""}
    if request.method == "POST" and form.is_valid():
        try:
            intake = actions.save_intake(
                intake=form.instance, version=form.cleaned_data["version"] or 0, places=form.places(), by=request.user
            )
        except Conflict as conflict:
            trouble |= _both_versions(form) | {"conflict": str(conflict)}
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("%(intake)s is saved.") % {"intake": intake})
            return redirect("programmes:intake_list", programme.slug)
    context = {"programme": programme, "form": form, "intake": form.instance, **trouble}
    status = 409 if trouble["conflict"] else 422 if form.errors else 200
    return render(request, "programmes/intake_edit.html", context, status=status)


def _both_versions(form: IntakeForm) -> dict[str, Any]:
    """What is stored now beside what this person typed; the form then stands on top of the stored version."""
    stored = Intake.objects.get(pk=form.instance.pk)
    seats = dict(stored.seats.values_list("pathway__key", "places"))
    places = {f"places_{pathway.key}": seats.get(pathway.key) for pathway in form.pathways}
    versions = versions_of_form(form, stored, **places)
    data = form.data.copy()
    data["version"] = str(stored.version)
    form.data = data
    return {"versions": versions}


@require_POST
def intake_copy(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    programme = programme_to("edit_intakes", request, slug)
    intake = get_object_or_404(programme.intakes, key=key)
    try:
        copy = actions.copy_intake(intake=intake, by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("programmes:intake_list", slug)
    messages.success(request, _("Copied to %(intake)s. Check its dates.") % {"intake": copy})
    return redirect("programmes:intake_edit", slug, copy.key)


@require_POST
def intake_remove(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    programme = programme_to("edit_intakes", request, slug)
    intake = get_object_or_404(programme.intakes.select_related("home"), key=key)
    named = str(intake)
    try:
        actions.remove_intake(intake=intake, by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("%(intake)s is removed.") % {"intake": named})
    return redirect("programmes:intake_list", slug)


@require_POST
def intake_round(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Make the application round; it is then edited and published in the rounds' own pages."""
    programme = programme_to("open_round", request, slug)
    intake = get_object_or_404(programme.intakes, key=key)
    try:
        made = actions.open_round(intake=intake, by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("programmes:intake_list", slug)
    messages.success(request, _("The round is made, as a draft. Add documents and criteria, then publish it."))
    return redirect("applications:round_edit", made.slug)
