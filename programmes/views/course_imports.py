"""Courses from a spreadsheet: hand it in, look through what each row would do, import."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from members.acts import Refused
from members.forms.sheets import SheetForm
from members.limits import limited
from members.sheets import counted
from programmes import actions
from programmes.actions.importing import look_through, read_course_file
from programmes.columns import SHEET
from programmes.models import CourseImport
from programmes.views.courses import university_to_keep


@require_http_methods(["GET", "POST"])
@limited("import", "60/h")
def import_new(request: HttpRequest, university: str) -> HttpResponse:
    place = university_to_keep(request, university)
    form = SheetForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            read = read_course_file(university=place, file=form.cleaned_data["file"], by=request.user)
            return redirect("courses:import_detail", place.slug, read.pk)
        except Refused as refused:
            form.add_error("file", str(refused))
    context = {"form": form, "university": place, "columns": SHEET.columns}
    return render(request, "programmes/course_import_new.html", context, status=422 if form.errors else 200)


def import_detail(request: HttpRequest, university: str, pk: UUID) -> HttpResponse:
    read = _read(request, university, pk)
    rows = look_through(read) if read.state == CourseImport.State.READ else []
    context = {"read": read, "university": read.university, "rows": rows, "counts": counted(rows)}
    return render(request, "programmes/course_import.html", context)


@require_POST
def import_apply(request: HttpRequest, university: str, pk: UUID) -> HttpResponse:
    read = _read(request, university, pk)
    only_good = request.POST.get("rows") == "good"
    try:
        actions.apply_course_import(read=read, only_good=only_good, by=request.user, now=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("courses:import_detail", university, pk)
    made = ngettext("%(n)d course added", "%(n)d courses added", read.created) % {"n": read.created}
    left = ngettext("%(n)d wrong row left out", "%(n)d wrong rows left out", read.skipped) % {"n": read.skipped}
    words = {"made": made, "changed": read.changed, "left": left}
    messages.success(request, _("%(made)s, %(changed)d changed, %(left)s.") % words)
    return redirect("courses:university_courses", university)


def import_template(request: HttpRequest, ending: str) -> HttpResponse:
    """An empty sheet with the heading and one example."""
    return SHEET.empty(name="courses", ending=ending)


def _read(request: HttpRequest, university: str, pk: UUID) -> CourseImport:
    rows = CourseImport.objects.visible_to(request.user).select_related("university")
    return get_object_or_404(rows, pk=pk, university__slug=university)
