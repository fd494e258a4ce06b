"""Documents: sent into a slot, and handed out through a question of who may."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST

from applications import actions, apply_flow, uploads
from applications.apply_flow import Step
from applications.forms.applicant import DocumentForm
from applications.models import Application, DocumentFile, DocumentSlot
from members.acts import Refused
from members.limits import limited

DRAINED = 64 * 1024 * 1024


def refuse_large(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Turn away a body that is too large by its announced length, before it is read into files.

    The check of the CSRF token would read the body, so it comes after: this decorator stands outside of it. What is
    already on its way is read and dropped up to a limit, so that the browser hears the answer instead of a broken
    line.
    """
    protected = csrf_protect(view)

    @csrf_exempt
    def wrapped(request: HttpRequest, reference: str, position: int) -> HttpResponse:
        announced = int(request.headers.get("Content-Length") or 0)
        if announced <= uploads.most_bytes_of_a_form():
            return protected(request, reference, position)
        read = 0
        while read < DRAINED and (chunk := request.read(1024 * 1024)):
            read += len(chunk)
        messages.error(request, uploads.too_large())
        return redirect("applications:application_documents", reference)

    return wrapped


@refuse_large
@require_POST
@limited("uploads", "60/h")
def document_put(request: HttpRequest, reference: str, position: int) -> HttpResponse:
    """Put a file into a slot of my application; every refusal says what is wrong with the file."""
    own = Application.objects.filter(applicant=request.user).select_related("round__university", "applicant")
    application = get_object_or_404(own, reference=reference)
    slot = get_object_or_404(DocumentSlot, application=application, position=position)
    slot.application = application
    if not request.user.has_perm("applications.put_document", slot):
        raise PermissionDenied
    form = DocumentForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, _("Choose a file for “%(name)s” first.") % {"name": slot.name})
    else:
        _put(request, slot, form)
    return redirect(_page_of(application) + f"#document-{position}")


def _put(request: HttpRequest, slot: DocumentSlot, form: DocumentForm) -> None:
    try:
        document = actions.put_document(slot=slot, upload=form.cleaned_data["file"], by=request.user)
    except Refused as refused:
        messages.error(request, f"{slot.name}: {refused}")
    else:
        messages.success(request, _("“%(file)s” is kept as %(name)s.") % {"file": document.name, "name": slot.name})


def _page_of(application: Application) -> str:
    """Where the person came from: the step of the apply flow, or the page of the application."""
    in_hand = (Application.State.DRAFT, Application.State.MORE_INFO)
    return (
        apply_flow.address(application, Step.DOCUMENTS)
        if application.state in in_hand
        else application.get_absolute_url()
    )


@never_cache
def document_download(request: HttpRequest, reference: str, code: str) -> FileResponse:
    """Hand out one version of a document to whoever may read it: always as a download, never shown in the page."""
    seen = Application.objects.visible_to(request.user).select_related("round__university")
    application = get_object_or_404(seen, reference=reference)
    if not request.user.has_perm("applications.download_document", application):
        raise PermissionDenied
    files = DocumentFile.objects.filter(slot__application=application, sha256__startswith=code)
    document = files.first() if len(code) == DocumentFile.CODE_LENGTH else None
    if document is None:
        raise Http404
    response = FileResponse(
        document.file.open("rb"), as_attachment=True, filename=document.name, content_type=document.content_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
