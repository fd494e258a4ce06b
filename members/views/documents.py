"""Documents of a university: kept by its own staff, handed out to the audience of each."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from members.actions import documents as actions
from members.actions import universities
from members.acts import Conflict, Refused
from members.files import as_download, refuse_large
from members.forms.conflicts import rows_still_typed, versions_of_rows
from members.forms.documents import NewDocumentForm
from members.forms.rows import DOCUMENTS
from members.limits import limited
from members.models import University, UniversityDocument
from members.views.edit import edit_context, last_editor, university_to_edit

TEMPLATE = "members/university_documents.html"


def _context(request: HttpRequest, university: University, **forms: Any) -> dict[str, Any]:
    return {
        **edit_context(university, request.user, "documents"),
        "formset": DOCUMENTS.formset(university),
        "seen": universities.fingerprint(DOCUMENTS.rows(university)),
        "upload_form": NewDocumentForm(),
        **forms,
    }


def university_documents(request: HttpRequest, slug: str) -> HttpResponse:
    """Words, audience, order and removal of the documents that are there."""
    university = university_to_edit(request, slug)
    if request.method != "POST":
        return render(request, TEMPLATE, _context(request, university))
    formset, seen = DOCUMENTS.formset(university, request.POST), request.POST.get("seen", "")
    if not formset.is_valid():
        return render(request, TEMPLATE, _context(request, university, formset=formset, seen=seen), status=422)
    saved = formset.save(commit=False)
    try:
        universities.save_rows(
            university=university, part=str(DOCUMENTS.label), rows=DOCUMENTS.rows(university), seen=seen,
            saved=saved, removed=formset.deleted_objects, by=request.user,
        )  # fmt: skip
    except Conflict as conflict:
        return _both_versions(request, university, formset, conflict)
    actions.forget_files(formset.deleted_objects)
    messages.success(request, _("The documents are saved."))
    return redirect("members:university_documents", university.slug)


def _both_versions(request: HttpRequest, university: University, formset: Any, conflict: Conflict) -> HttpResponse:
    fresh = DOCUMENTS.formset(university)
    context = _context(
        request,
        university,
        formset=DOCUMENTS.formset(university, rows_still_typed(formset, fresh)),
        conflict=str(conflict),
        versions=versions_of_rows(formset, fresh),
        other=last_editor(university),
    )
    return render(request, TEMPLATE, context, status=409)


@refuse_large("members:university_documents")
@require_POST
@limited("uploads", "60/h")
def university_document_add(request: HttpRequest, slug: str) -> HttpResponse:
    university = university_to_edit(request, slug)
    form = NewDocumentForm(request.POST, request.FILES)
    if form.is_valid():
        words = dict(form.cleaned_data)
        try:
            document = actions.add_document(university=university, upload=words.pop("file"), by=request.user, **words)
        except Refused as refused:
            form.add_error("file", str(refused))
        else:
            messages.success(request, _("“%(title)s” stands on the page.") % {"title": document.title})
            return redirect("members:university_documents", university.slug)
    return render(request, TEMPLATE, _context(request, university, upload_form=form), status=422)


# Never kept: whoever is told today that they may read it may be told otherwise tomorrow, at the same address.
@login_not_required
@never_cache
def university_document(request: HttpRequest, slug: str, code: str) -> FileResponse:
    """Hand a document out to its audience; who may not read it hears that there is none."""
    # The beginning of a digest is looked for: a shorter one would fit several, and an empty one all of them.
    if len(code) != UniversityDocument.CODE_LENGTH or not code.isalnum():
        raise Http404
    seen = UniversityDocument.objects.visible_to(request.user)
    return as_download(get_object_or_404(seen, university__slug=slug, sha256__startswith=code))
