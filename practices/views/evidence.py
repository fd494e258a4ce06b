"""Evidence: files beside the version being written, handed out through a question of who may."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from members.files import as_download, refuse_large
from members.limits import limited
from practices import actions
from practices.forms.small import FileForm
from practices.models import EvidenceFile
from practices.views.finding import practice_to, practices_seen_by, try_to


@refuse_large("practices:practice_edit")
@require_POST
@limited("uploads", "60/h")
def evidence_add(request: HttpRequest, reference: str) -> HttpResponse:
    practice = practice_to("edit_practice", request, reference)
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        for error in (error for errors in form.errors.values() for error in errors):
            messages.error(request, _("File: %(error)s") % {"error": error})
    else:
        words = {"label": form.cleaned_data["label"], "audience": form.cleaned_data["audience"]}
        try_to(
            request, actions.add_file, _("The file is kept."), practice=practice, upload=form.cleaned_data["file"],
            **words,
        )  # fmt: skip
    return redirect(_files_of(reference))


@require_POST
def evidence_remove(request: HttpRequest, reference: str, code: str) -> HttpResponse:
    practice = practice_to("edit_practice", request, reference)
    try_to(request, actions.remove_file, _("The file is taken away."), practice=practice, code=code)
    return redirect(_files_of(reference))


def _files_of(reference: str) -> str:
    return reverse("practices:practice_edit", args=[reference]) + "#files"


@login_not_required
@never_cache
def evidence_download(request: HttpRequest, reference: str, code: str) -> FileResponse:
    """Hand a file out to whoever may read it: always as a download, never shown in the page."""
    practice = get_object_or_404(practices_seen_by(request), reference=reference)
    rows = EvidenceFile.objects.filter(version__practice=practice, sha256__startswith=code)
    files = list(rows.select_related("version").order_by("-version__number")) if _is_code(code) else []
    for file in files:
        file.version.practice = practice
    readable = [file for file in files if request.user.has_perm("practices.read_evidence", file)]
    # 403 only where the page names the file: of a draft's files nobody learns that they are there.
    if not readable:
        if any(file.version.state == file.version.State.PUBLISHED for file in files):
            raise PermissionDenied
        raise Http404
    return as_download(readable[0])


def _is_code(code: str) -> bool:
    return len(code) == EvidenceFile.CODE_LENGTH and code.isalnum()
