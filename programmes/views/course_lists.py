"""The course list of a programme, as its directors keep it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from members.actions.universities import fingerprint
from members.acts import Conflict, Refused
from members.forms.conflicts import rows_still_typed, versions_of_rows
from members.models import Act, University
from programmes import actions
from programmes.actions.editing import working_copy
from programmes.forms.course_lists import AddToListForm, list_formset, still_standing
from programmes.models import Pathway, Programme, ProgrammeCourse
from programmes.views.editing import COURSES, frame, programme_to

TEMPLATE = "programmes/course_list_edit.html"


def programme_courses(request: HttpRequest, slug: str) -> HttpResponse:
    """Where each course stands, and taking courses out."""
    programme = programme_to("edit_course_list", request, slug)
    if request.method != "POST":
        return render(request, TEMPLATE, _context(request, programme))
    sent, seen = still_standing(programme, request.POST), request.POST.get("seen", "")
    formset = list_formset(programme, _pathways(programme), sent)
    trouble: dict[str, Any] = {"formset": formset, "seen": seen}
    if not formset.is_valid():
        return render(request, TEMPLATE, _context(request, programme, **trouble), status=422)
    saved = formset.save(commit=False)
    words = {"programme": programme, "seen": seen, "saved": saved, "removed": formset.deleted_objects}
    try:
        actions.save_course_list(**words, by=request.user)
    except Conflict as conflict:
        return _both_versions(request, programme, formset, conflict)
    except Refused as refused:
        return render(request, TEMPLATE, _context(request, programme, **trouble, refused=str(refused)), status=422)
    messages.success(request, _("The course list is saved."))
    return redirect("programmes:programme_courses", programme.slug)


def _both_versions(request: HttpRequest, programme: Programme, formset: Any, conflict: Conflict) -> HttpResponse:
    """What is stored now beside what this person typed, and the form with it."""
    fresh = list_formset(programme, _pathways(programme))
    context = _context(
        request,
        programme,
        formset=list_formset(programme, _pathways(programme), rows_still_typed(formset, fresh)),
        conflict=str(conflict),
        versions=versions_of_rows(formset, fresh),
        other=Act.objects.about(programme).last(),
    )
    return render(request, TEMPLATE, context, status=409)


@require_POST
def programme_courses_add(request: HttpRequest, slug: str) -> HttpResponse:
    programme = programme_to("edit_course_list", request, slug)
    form = _add_form(programme, request.POST)
    if form.is_valid():
        place = {name: form.cleaned_data[name] for name in ("courses", "pathway", "semester", "part", "group")}
        try:
            rows = actions.add_to_course_list(programme=programme, **place, by=request.user)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            done = ngettext("%(n)d course added.", "%(n)d courses added.", len(rows)) % {"n": len(rows)}
            messages.success(request, done)
            return redirect("programmes:programme_courses", programme.slug)
    return render(request, TEMPLATE, _context(request, programme, add_form=form), status=422)


def _context(request: HttpRequest, programme: Programme, **more: Any) -> dict[str, Any]:
    day = timezone.localdate()
    formset = more.pop("formset", None) or list_formset(programme, _pathways(programme))
    return {
        **frame(programme, working_copy(programme, request.user), COURSES, request.user),
        "formset": formset,
        "seen": fingerprint(programme.course_list.all()),
        "add_form": _add_form(programme),
        "places": _places(programme),
        "ended": [row.instance for row in formset if row.instance.course.has_ended_on(day)],
        "conflict": "",
        "versions": [],
        "other": None,
        "refused": "",
        **more,
    }


def _add_form(programme: Programme, data: Any = None) -> AddToListForm:
    row = ProgrammeCourse(programme=programme)
    return AddToListForm(data, instance=row, pathways=_pathways(programme), places=_places(programme))


def _pathways(programme: Programme) -> list[Pathway]:
    return list(programme.pathways.select_related("home", "host"))


def _places(programme: Programme) -> list[University]:
    return [side.university for side in programme.sides]
