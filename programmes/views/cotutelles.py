"""Cotutelles: the list, a file's page, writing one, its papers."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Case, When
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from members.acts import Conflict, Refused
from members.files import as_download, refuse_large
from members.forms.conflicts import NOTHING, Versions, still_typed, versions_of_form
from members.limits import limited
from members.lists import show_list
from members.models import University
from programmes.actions import cotutelle_files
from programmes.actions import cotutelles as actions
from programmes.cotutelles import page
from programmes.cotutelles.filters import CotutelleFilter, counted, seen_by
from programmes.forms.cotutelles import (
    CotutelleForm,
    PaperForm,
    SupervisorFormSet,
    supervisors_in_words,
    supervisors_of,
    typed_supervisors,
)
from programmes.models import Cotutelle, CotutelleFile, Programme
from programmes.permissions import is_a_confirmed_student, kinds_to_send

FORM = "programmes/cotutelle_form.html"


def cotutelle_seen(request: HttpRequest, reference: str, permission: str = "") -> Cotutelle:
    """The file, if the person may see it (404) and has `permission` on it (403)."""
    rows = Cotutelle.objects.visible_to(request.user).with_sides().prefetch_related("supervisors")
    cotutelle = get_object_or_404(rows, reference=reference)
    if permission and not request.user.has_perm(f"programmes.{permission}", cotutelle):
        raise PermissionDenied
    return cotutelle


def cotutelle_list(request: HttpRequest) -> HttpResponse:
    """One's own, those one supervises, those of one's desk; for the secretariat only how many there are."""
    user = request.user
    found = CotutelleFilter(request.GET, queryset=seen_by(user), request=request)
    extra = {
        "decides": user.has_perm("programmes.list_cotutelles"),
        "begins": is_a_confirmed_student(user),
        "figures": _figures() if user.has_perm("programmes.count_cotutelles") else [],
        "now": timezone.now(),
    }
    return show_list(request, found, "programmes/cotutelle_list.html", extra=extra, filename="cotutelles")


def _figures() -> list[dict[str, Any]]:
    numbers = counted()
    return [{"value": numbers[state], "label": state.label} for state in Cotutelle.State if numbers.get(state)]


def cotutelle_detail(request: HttpRequest, reference: str) -> HttpResponse:
    cotutelle = cotutelle_seen(request, reference)
    return _page(request, cotutelle, None)


def _page(request: HttpRequest, cotutelle: Cotutelle, form: PaperForm | None) -> HttpResponse:
    context = page.page(cotutelle, request.user, timezone.now())
    if context["kinds"] and form is None:
        form = PaperForm(kinds=context["kinds"], initial={"kind": context["wanted"]})
    status = 422 if form is not None and form.errors else 200
    return render(request, "programmes/cotutelle_detail.html", context | {"form": form}, status=status)


def cotutelle_begin(request: HttpRequest) -> HttpResponse:
    """A new file; `?programme=` names the dual doctorate it is begun from."""
    profile = request.user.student_profile_or_none
    if profile is None or not request.user.has_perm("programmes.begin_cotutelle"):
        raise PermissionDenied
    home = profile.university
    form = _form(request, Cotutelle(home=home), home, initial=_from_programme(request, home))
    formset = SupervisorFormSet(request.POST if request.method == "POST" else None, prefix="supervisors")
    if request.method == "POST" and form.is_valid() and formset.is_valid():
        try:
            cotutelle = actions.begin(
                home=home, words=form.words, supervisors=typed_supervisors(formset), by=request.user, now=timezone.now()
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Your draft is kept. Add the papers, then request the opening."))
            return redirect(cotutelle)
    return _write(request, None, home, form, formset)


def _from_programme(request: HttpRequest, home: University) -> dict[str, Any]:
    """The dual doctorate that was asked for and its other side, when the home university takes part in it."""
    slug = request.GET.get("programme", "").replace("\x00", "")
    shown = Programme.objects.in_catalogue().with_a_side_at([home]).prefetch_related("partners__university")
    programme = shown.filter(slug=slug, kind=Programme.Kind.COTUTELLE).first()
    if programme is None:
        return {}
    others = [side.university for side in programme.sides if side.university != home]
    return {"programme": programme, "partner": others[0] if len(others) == 1 else None, "field": programme.field}


def _form(request: HttpRequest, cotutelle: Cotutelle, home: University, **more: Any) -> CotutelleForm:
    # Not `POST or None`: a form that was sent empty is bound all the same, and says what it lacks.
    data = request.POST if request.method == "POST" else None
    return CotutelleForm(data, instance=cotutelle, home=home, day=timezone.localdate(), **more)


def _write(
    request: HttpRequest, cotutelle: Cotutelle | None, home: University, form: CotutelleForm, formset: Any, **more: Any
) -> HttpResponse:
    context = {"cotutelle": cotutelle, "home": home, "form": form, "formset": formset, "versions": [], "conflict": ""}
    has_errors = form.is_bound and not (form.is_valid() and formset.is_valid())
    status = 409 if more.get("conflict") else 422 if has_errors else 200
    return render(request, FORM, context | more, status=status)


def cotutelle_edit(request: HttpRequest, reference: str) -> HttpResponse:
    cotutelle = cotutelle_seen(request, reference, "edit_cotutelle")
    form = _form(request, cotutelle, cotutelle.home)
    data = request.POST if request.method == "POST" else None
    formset = SupervisorFormSet(data, initial=supervisors_of(cotutelle), prefix="supervisors")
    if request.method != "POST" or not (form.is_valid() and formset.is_valid()):
        return _write(request, cotutelle, cotutelle.home, form, formset)
    try:
        actions.save(
            cotutelle=cotutelle, version=form.cleaned_data["version"] or 0, words=form.words,
            supervisors=typed_supervisors(formset), by=request.user,
        )  # fmt: skip
    except Conflict as conflict:
        return _both_versions(request, cotutelle, form, formset, conflict)
    except Refused as refused:
        form.add_error(None, str(refused))
        return _write(request, cotutelle, cotutelle.home, form, formset)
    messages.success(request, _("Saved."))
    return redirect(cotutelle)


def _both_versions(
    request: HttpRequest, cotutelle: Cotutelle, form: CotutelleForm, formset: Any, conflict: Conflict
) -> HttpResponse:
    """What is stored now beside what this person typed; the form then stands on top of the stored version."""
    stored = Cotutelle.objects.with_sides().get(pk=cotutelle.pk)
    versions = versions_of_form(form, stored)
    theirs, mine = (supervisors_in_words(rows) for rows in (supervisors_of(stored), typed_supervisors(formset)))
    if theirs != mine:
        versions.append(Versions(_("Supervisors"), theirs or NOTHING, mine or NOTHING))
    form.data = still_typed(form, stored.version)
    trouble = {"conflict": str(conflict), "versions": versions}
    return _write(request, cotutelle, cotutelle.home, form, formset, **trouble)


@refuse_large("programmes:cotutelle_detail")
@require_POST
@limited("uploads", "60/h")
def cotutelle_put(request: HttpRequest, reference: str) -> HttpResponse:
    """Put a PDF into the file; every refusal says what is wrong with it, at the field."""
    cotutelle = cotutelle_seen(request, reference, "put_cotutelle_file")
    form = PaperForm(request.POST, request.FILES, kinds=kinds_to_send(request.user, cotutelle))
    if form.is_valid():
        sent = form.cleaned_data
        try:
            file = cotutelle_files.put_file(
                cotutelle=cotutelle, kind=sent["kind"], upload=sent["file"], by=request.user
            )
        except Refused as refused:
            form.add_error("file", str(refused))
        else:
            messages.success(request, _("“%(file)s” is kept as %(what)s.") % {"file": file.name, "what": file})
            return redirect(f"{cotutelle.get_absolute_url()}#papers")
    return _page(request, cotutelle, form)


@never_cache
def cotutelle_file(request: HttpRequest, reference: str, code: str) -> FileResponse:
    """Hand out one paper to whoever reads the file: always as a download, never shown in the page."""
    cotutelle = cotutelle_seen(request, reference, "view_cotutelle")
    if len(code) != CotutelleFile.CODE_LENGTH:  # one letter would be the beginning of some digest, and find a paper
        raise Http404
    # The signed convention may stand there twice, as a draft too: the same content, under the name it was signed by.
    found = CotutelleFile.objects.filter(cotutelle=cotutelle, sha256__startswith=code)
    paper = found.order_by(Case(When(kind=CotutelleFile.Kind.CONVENTION, then=0), default=1)).first()
    if paper is None:
        raise Http404
    return as_download(paper)
