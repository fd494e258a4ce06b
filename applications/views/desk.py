"""The office's pages: the board of a round, one file, its checks and documents."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from applications import actions, file_page
from applications.filters.desk import ApplicationCatalogue
from applications.forms.desk import AssignForm, DocumentAskForm, ReviewerForm
from applications.models import Application, DocumentSlot, Round
from applications.round_board import board
from applications.views.acting import act_with_reason, attempt, find, not_taken
from members.lists import show_list

CHECK = "applications.check_application"


def decidable_round(request: HttpRequest, slug: str) -> Round:
    """The round, if the person sees it (else 404), sits at its desk and did not apply in it (else 403)."""
    visible = Round.objects.visible_to(request.user).select_related("university")
    round = get_object_or_404(visible, slug=slug)
    if not request.user.has_perm("applications.decide_application", round):
        raise PermissionDenied
    return round


def desk_of(application: Application) -> str:
    return reverse("applications:application_desk", args=[application.reference])


def round_desk(request: HttpRequest, slug: str) -> HttpResponse:
    """All applications of one round, with what each waits for."""
    round = decidable_round(request, slug)
    rows = Application.objects.on_the_desk_of(round)
    filterset = ApplicationCatalogue(request.GET, queryset=rows, request=request)
    extra = {"round": round, "board": board(round, timezone.now())}
    return show_list(
        request, filterset, "applications/round_desk.html", per_page=50, extra=extra, filename=f"applications-{slug}"
    )


def round_assign(request: HttpRequest, slug: str) -> HttpResponse:
    """Share the applications of a round among its reviewers."""
    round = decidable_round(request, slug)
    form = AssignForm(request.POST or None, round=round)
    back = reverse("applications:round_desk", args=[slug])
    if request.method == "POST" and form.is_valid():
        said = _("The reviewers were asked.")
        if attempt(request, lambda: actions.assign_evenly(round=round, by=request.user, **form.cleaned_data), said):
            return redirect(back)
    context = {"round": round, "form": form, "cancel_url": back}
    return render(request, "applications/round_assign.html", context, status=not_taken(request))


def application_desk(request: HttpRequest, reference: str) -> HttpResponse:
    """One file as the office reads it: the student, the choices, documents, reviews, decision, what happened.

    Who needs a reason is asked for it, also when the hour of an earlier one has passed while the page stood open.
    """
    try:
        application = find(request, reference, "applications.read_on_the_desk")
    except Http404:
        if request.user.has_perm("applications.open_with_reason"):
            return redirect("applications:application_open", reference)
        raise
    page = file_page.read(application, request.user, timezone.now())
    forms = {"reviewer_form": ReviewerForm(application=application), "document_form": DocumentAskForm()}
    return render(request, "applications/application_desk.html", page | forms)


def application_find_eligible(request: HttpRequest, reference: str) -> HttpResponse:
    application = find(request, reference, CHECK)
    words = {
        "heading": _("Find %s eligible") % application.reference,
        "consequence": _("The application goes on to the reviewers and to the decision. The student is not told yet."),
        "label": _("Note for the office"),
        "confirm": _("It is eligible"),
        "said": _("Found eligible."),
    }
    return act_with_reason(
        request,
        lambda note: actions.find_eligible(application=application, note=note, by=request.user, now=timezone.now()),
        back=desk_of(application), words=words, required=False,
    )  # fmt: skip


def application_find_ineligible(request: HttpRequest, reference: str) -> HttpResponse:
    application = find(request, reference, CHECK)
    words = {
        "heading": _("Find %s not eligible") % application.reference,
        "consequence": _("The application will end without a place. The student reads your reason with the decisions."),
        "label": _("Reason"),
        "help": _("Name the requirement and both numbers."),
        "confirm": _("It is not eligible"),
        "said": _("Found not eligible; the reason goes out with the decisions."),
    }
    return act_with_reason(
        request,
        lambda reason: actions.find_ineligible(
            application=application, reason=reason, by=request.user, now=timezone.now()
        ),
        back=desk_of(application), words=words,
    )  # fmt: skip


def application_ask_more(request: HttpRequest, reference: str) -> HttpResponse:
    application = find(request, reference, CHECK)
    words = {
        "heading": _("Ask the student for something"),
        "consequence": _(
            "The application goes back to the student, who gets your words at once and answers in the portal."
        ),
        "label": _("What do you need?"),
        "confirm": _("Send the question"),
        "said": _("The student was asked."),
    }
    return act_with_reason(
        request,
        lambda what: actions.ask_more(application=application, what=what, by=request.user, now=timezone.now()),
        back=desk_of(application), words=words,
    )  # fmt: skip


def application_open(request: HttpRequest, reference: str) -> HttpResponse:
    """The secretariat opens a student's file: with a reason, for an hour, on the record."""
    if not request.user.has_perm("applications.open_with_reason"):
        raise PermissionDenied
    # Not `visible_to`: the secretariat sees no file before its reason is written down; of a draft it learns nothing.
    application = get_object_or_404(Application.objects.exclude(submitted_at=None), reference=reference)
    words = {
        "heading": _("Open the file %s") % application.reference,
        "consequence": _(
            "You can read it for one hour. Your name and your reason stand in the student's timeline for good."
        ),
        "label": _("Why do you need to read it?"),
        "confirm": _("Open the file"),
        "said": _("The file is open to you for one hour."),
    }
    return act_with_reason(
        request,
        lambda reason: actions.open_with_reason(application=application, reason=reason, by=request.user),
        back=desk_of(application) if request.method == "POST" else reverse("dashboard"), words=words,
    )  # fmt: skip


def _slot(application: Application, slot: int) -> DocumentSlot:
    found = get_object_or_404(application.document_slots, pk=slot)
    found.application = application
    return found


@require_POST
def document_validate(request: HttpRequest, reference: str, slot: int) -> HttpResponse:
    application = find(request, reference, CHECK)
    found = _slot(application, slot)
    # The file that the page showed: one that came since was looked at by nobody, and the act says so.
    seen, said = request.POST.get("file", ""), _("%s: checked.") % found.name
    attempt(request, lambda: actions.validate_document(slot=found, by=request.user, seen=seen), said)
    return redirect(desk_of(application))


def document_refuse(request: HttpRequest, reference: str, slot: int) -> HttpResponse:
    application = find(request, reference, CHECK)
    found = _slot(application, slot)
    words = {
        "heading": _("Refuse “%s”") % found.name,
        "consequence": _("The student is told at once and can send another file. This one stays in the file."),
        "label": _("What is wrong with it?"),
        "confirm": _("Refuse the document"),
        "said": _("Refused; the student was told."),
    }
    return act_with_reason(
        request,
        lambda reason: actions.refuse_document(
            slot=found, reason=reason, by=request.user, seen=request.GET.get("file")
        ),
        back=desk_of(application), words=words,
    )  # fmt: skip


@require_POST
def document_ask(request: HttpRequest, reference: str) -> HttpResponse:
    application = find(request, reference, CHECK)
    form = DocumentAskForm(request.POST)
    if form.is_valid():
        said = _("The student was asked for it.")
        if attempt(
            request, lambda: actions.ask_document(application=application, by=request.user, **form.cleaned_data), said
        ):
            return redirect(desk_of(application))
    page = file_page.read(application, request.user, timezone.now())
    forms = {"reviewer_form": ReviewerForm(application=application), "document_form": form}
    return render(request, "applications/application_desk.html", page | forms, status=422)
