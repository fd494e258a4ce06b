"""Documents: sent into a slot, and handed out through a question of who may."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from applications import actions, apply_flow
from applications.apply_flow import Step
from applications.forms.applicant import DocumentForm
from applications.models import Application, DocumentFile, DocumentSlot
from members.acts import Refused
from members.files import as_download, refuse_large
from members.limits import limited


@refuse_large("applications:application_documents")
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
        messages.error(request, _why_not(form, slot))
    else:
        _put(request, slot, form)
    return redirect(_page_of(application) + f"#document-{position}")


def _why_not(form: DocumentForm, slot: DocumentSlot) -> str:
    """An empty file is a file that was chosen: somebody's scanner or program failed."""
    if form.has_error("file", "empty"):
        return _("%(name)s: this file is empty. Save it again and send the new file.") % {"name": slot.name}
    return _("Choose a file for “%(name)s” first.") % {"name": slot.name}


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
    return as_download(document)
