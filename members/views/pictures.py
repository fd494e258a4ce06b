"""Logo and pictures: the list with its words and order, and one upload at a time."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from members.actions import pictures as actions
from members.actions import universities
from members.acts import Conflict, Refused
from members.files import refuse_large
from members.forms.conflicts import rows_still_typed, versions_of_rows
from members.forms.pictures import LogoForm, PictureUploadForm
from members.forms.rows import PICTURES
from members.images import too_large
from members.limits import limited
from members.models import University
from members.views.edit import edit_context, last_editor, university_to_edit

TEMPLATE = "members/university_pictures.html"
UPLOADS = "60/h"


def _context(request: HttpRequest, university: University, **forms: Any) -> dict[str, Any]:
    rows = PICTURES.rows(university)
    return {
        **edit_context(university, request.user, "pictures"),
        "formset": PICTURES.formset(university),
        "seen": universities.fingerprint(rows),
        "upload_form": PictureUploadForm(),
        "logo_form": LogoForm(),
        **forms,
    }


def university_pictures(request: HttpRequest, slug: str) -> HttpResponse:
    """Words, order and removal of the pictures that are there."""
    university = university_to_edit(request, slug)
    if request.method != "POST":
        return render(request, TEMPLATE, _context(request, university))
    formset = PICTURES.formset(university, request.POST)
    seen = request.POST.get("seen", "")
    if not formset.is_valid():
        return render(request, TEMPLATE, _context(request, university, formset=formset, seen=seen), status=422)
    saved = formset.save(commit=False)
    try:
        universities.save_rows(
            university=university,
            part=str(PICTURES.label),
            rows=PICTURES.rows(university),
            seen=seen,
            saved=saved,
            removed=formset.deleted_objects,
            by=request.user,
        )
    except Conflict as conflict:
        return _both_versions(request, university, formset, conflict)
    actions.forget_files(formset.deleted_objects)
    messages.success(request, _("The pictures are saved."))
    return redirect("members:university_pictures", university.slug)


def _both_versions(request: HttpRequest, university: University, formset: Any, conflict: Conflict) -> HttpResponse:
    fresh = PICTURES.formset(university)
    context = _context(
        request,
        university,
        formset=PICTURES.formset(university, rows_still_typed(formset, fresh)),
        conflict=str(conflict),
        versions=versions_of_rows(formset, fresh),
        other=last_editor(university),
    )
    return render(request, TEMPLATE, context, status=409)


@refuse_large("members:university_pictures", says=too_large)
@require_POST
@limited("uploads", UPLOADS)
def university_picture_add(request: HttpRequest, slug: str) -> HttpResponse:
    university = university_to_edit(request, slug)
    form = PictureUploadForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            actions.add_picture(university=university, **form.cleaned_data, by=request.user)
        except Refused as refused:
            form.add_error("image", str(refused))
        else:
            messages.success(request, _("The picture stands on the page."))
            return redirect("members:university_pictures", university.slug)
    return render(request, TEMPLATE, _context(request, university, upload_form=form), status=422)


@refuse_large("members:university_pictures", says=too_large)
@require_POST
@limited("uploads", UPLOADS)
def university_logo_change(request: HttpRequest, slug: str) -> HttpResponse:
    """A new logo, or none where the button says so."""
    university = university_to_edit(request, slug)
    if "remove" in request.POST:
        actions.change_logo(university=university, logo=None, by=request.user)
        messages.success(request, _("The logo is removed."))
        return redirect("members:university_pictures", university.slug)
    form = LogoForm(request.POST, request.FILES)
    if not form.is_valid():
        return render(request, TEMPLATE, _context(request, university, logo_form=form), status=422)
    actions.change_logo(university=university, **form.cleaned_data, by=request.user)
    messages.success(request, _("The logo is changed."))
    return redirect("members:university_pictures", university.slug)
