"""The dossier of an application as PDF, and the links by which somebody outside reads it for some days."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from applications import actions, dossiers
from applications.forms.desk import ShareForm
from applications.models import Application, Choice, DossierLink
from applications.views.acting import attempt, find
from members.acts import Refused
from members.limits import limited

SHARE = "applications.share_dossier"


def as_pdf(application: Application, content: bytes) -> HttpResponse:
    headers = {
        "Content-Disposition": f'attachment; filename="{application.reference}.pdf"',
        "X-Robots-Tag": "noindex",  # wherever a link is left lying, no search engine keeps what it opens
    }
    return HttpResponse(content, content_type="application/pdf", headers=headers)


@never_cache
@limited("dossiers", "120/h", methods=("GET",))
def application_dossier(request: HttpRequest, reference: str) -> HttpResponse:
    """The whole application as one PDF, with as much as this reader may see; a draft has none."""
    choices = Prefetch("choices", Choice.objects.select_related("option__host", "option__field"))
    visible = Application.objects.visible_to(request.user).select_related("round__university", "applicant", "decision")
    application = get_object_or_404(visible.prefetch_related(choices), reference=reference)
    if application.submitted_at is None:
        raise Http404
    if not request.user.has_perm("applications.read_dossier", application):
        raise PermissionDenied
    actions.note_opening(application=application, by=request.user)
    now = timezone.now()
    if application.applicant_id == request.user.pk:
        return as_pdf(application, dossiers.bind(application, dossiers.for_applicant(application, now)))
    return as_pdf(application, dossiers.bind(application, dossiers.for_staff(application, request.user, now)))


@never_cache
@limited("dossier-links", "30/h")
def application_share(request: HttpRequest, reference: str) -> HttpResponse:
    """The links to a file, and a form for another; the address of a new one is shown this once."""
    application = find(request, reference, SHARE)
    form, address, now = ShareForm(request.POST or None), "", timezone.now()
    if request.method == "POST" and form.is_valid():
        try:
            _link, token = actions.share_dossier(application=application, by=request.user, now=now, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            address = settings.PUBLIC_URL + reverse("applications:shared_file", args=[token])
            form = ShareForm()
    links = application.dossier_links.select_related("made_by", "revoked_by")
    rows = [{"link": link, "works": link.works_at(now)} for link in links]
    context = {"application": application, "form": form, "rows": rows, "address": address}
    return render(request, "applications/application_share.html", context, status=422 if form.errors else 200)


@require_POST
def share_revoke(request: HttpRequest, reference: str, code: str) -> HttpResponse:
    """End one link at once."""
    application = find(request, reference, SHARE)
    links = application.dossier_links.filter(token_hash__startswith=code)
    link = get_object_or_404(links) if len(code) == DossierLink.CODE_LENGTH else None
    if link is None:
        raise Http404
    link.application = application
    said = _("The link for %(whom)s does not work any more.") % {"whom": link.whom}
    attempt(request, lambda: actions.revoke_link(link=link, by=request.user, now=timezone.now()), said)
    return redirect("applications:application_share", reference)


@never_cache
@login_not_required
@limited("shared-files", "30/h")
def shared_file(request: HttpRequest, token: str) -> HttpResponse:
    """What the holder of a link sees: whose file it is and until when; each opening (POST) is written down."""
    joined = DossierLink.objects.select_related("application__round__university", "application__applicant")
    link = get_object_or_404(joined.with_token(token))
    now = timezone.now()
    # GET is safe (RFC 9110, 9.2.1): mail programs that look a link up before its reader does open nothing.
    if request.method == "POST" and link.works_at(now):
        return _open(link)
    status = 200 if link.works_at(now) else 410  # gone (RFC 9110, 15.5.11): that it did work is no secret to its holder
    context = {"link": link, "application": link.application, "works": link.works_at(now)}
    return render(request, "applications/shared_file.html", context, status=status)


def _open(link: DossierLink) -> HttpResponse:
    now = timezone.now()
    try:
        actions.open_by_link(link=link, now=now)
    except Refused as refused:
        raise Http404 from refused
    choices = Prefetch("choices", Choice.objects.select_related("option__host", "option__field"))
    joined = Application.objects.select_related("round__university", "applicant", "decision").prefetch_related(choices)
    application = joined.get(pk=link.application_id)
    return as_pdf(application, dossiers.bind(application, dossiers.for_link(application, link.whom, now)))
