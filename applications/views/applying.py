"""The apply flow: start, profile, choices, motivation, documents, check and submit. None needs a script."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from applications import actions, apply_flow
from applications.apply_flow import Step
from applications.forms.applicant import ChoiceChange, MotivationForm
from applications.models import Application, Option, Round
from applications.views.acting import not_taken
from applications.views.applicant import my_application
from members.acts import Conflict, Refused
from members.limits import limited


def application_start(request: HttpRequest, slug: str) -> HttpResponse:
    """What applying here takes and whether I may; the form begins the draft (`?option=` is its first choice)."""
    round = get_object_or_404(Round.objects.visible_to(request.user).select_related("university"), slug=slug)
    mine = Application.objects.filter(round=round, applicant=request.user).exclude(state=Application.State.WITHDRAWN)
    wish = request.POST.get("option") or request.GET.get("option", "")
    wish = wish.replace("\x00", "")  # PostgreSQL has no such letter and would refuse the query
    option = round.options.filter(slug=wish).select_related("host").first() if wish else None
    if known := mine.first():
        return _back_to(request, known, option)
    if request.method == "POST":
        try:
            return redirect("applications:application_edit", _begin(request, round, option).reference)
        except Refused as refused:
            messages.error(request, str(refused))
    context = apply_flow.before_start(round, option, request.user, timezone.now())
    return render(request, "applications/application_start.html", context, status=not_taken(request))


def _back_to(request: HttpRequest, application: Application, option: Option | None) -> HttpResponse:
    """To the application that there is; whoever came for a place of this round is told what becomes of that wish."""
    if option is None or application.choices.filter(option=option).exists():
        return redirect(application)
    if application.state != Application.State.DRAFT or not application.is_editable_at(timezone.now()):
        if application.submitted_at:
            messages.info(request, _("You have applied in this round already; the choices stand."))
        return redirect(application)
    said = _("You have begun an application in this round. Add %(place)s to it below.")
    messages.info(request, said % {"place": option.place})
    return redirect(f"{apply_flow.address(application, Step.CHOICES)}?{urlencode({'q': option.title})}")


def _begin(request: HttpRequest, round: Round, option: Option | None) -> Application:
    now = timezone.now()
    application = actions.start(round=round, by=request.user, now=now)
    if option:
        actions.save_draft(
            application=application, version=application.version, fields={}, options=[option.pk],
            by=request.user, now=now,
        )  # fmt: skip
    return application


def application_edit(request: HttpRequest, reference: str) -> HttpResponse:
    """Back to the first step where something is missing."""
    application = my_application(request, reference)
    return redirect(apply_flow.address(application, apply_flow.first_open_step(application, timezone.now())))


def editable(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Hand the view my application while I may change it; a page asked for later leads back to the application."""

    def wrapped(request: HttpRequest, reference: str) -> HttpResponse:
        application = my_application(request, reference)
        # What is sent goes on to the act, which says in which second it came; the page keeps what was typed.
        if request.method == "GET" and not application.is_editable_at(timezone.now()):
            messages.info(request, _("This application cannot be changed now. What you handed in stands below."))
            return redirect(application)
        return view(request, application)

    return wrapped


def draw(request: HttpRequest, application: Application, step: Step, part: str = "", **extra: Any) -> HttpResponse:
    """One step's page, or with `part` one named part of it for htmx."""
    status = extra.pop("status", 200)
    context = apply_flow.page(application, step, timezone.now()) | extra
    return render(request, f"applications/application_{step}.html{part}", context, status=status)


@editable
def application_choices(request: HttpRequest, application: Application) -> HttpResponse:
    """The ranked choices, and what else can be chosen in this round, each with whether I am eligible."""
    if Step.CHOICES not in apply_flow.steps_of(application):
        return redirect("applications:application_edit", application.reference)
    part = "#choices" if request.htmx else ""
    return draw(
        request, application, Step.CHOICES, part, **apply_flow.choosing(application, request.GET, timezone.now())
    )


@require_POST
def application_choose(request: HttpRequest, reference: str) -> HttpResponse:
    """One press of a button: add, up, down, remove."""
    application = my_application(request, reference)
    form = ChoiceChange(request.POST)
    if form.is_valid():
        try:
            actions.save_draft(
                application=application, version=form.cleaned_data["version"], fields={},
                options=form.order_after(application), by=request.user, now=timezone.now(),
            )  # fmt: skip
        except Conflict:
            said = _("The choices were changed in another window. They stand below as they are now: press again.")
            messages.error(request, said)
        except Refused as refused:
            messages.error(request, str(refused))
    if not application.is_editable_at(timezone.now()):
        return redirect(application)
    if Step.CHOICES not in apply_flow.steps_of(application):  # the office has asked for more meanwhile
        return redirect("applications:application_edit", reference)
    if not request.htmx:
        return redirect(apply_flow.address(application, Step.CHOICES))
    fresh = my_application(request, reference)
    return draw(request, fresh, Step.CHOICES, "#choices", **apply_flow.choosing(fresh, request.GET, timezone.now()))


@editable
def application_motivation(request: HttpRequest, application: Application) -> HttpResponse:
    """The motivation and what else the office should know; kept as typed, however long."""
    form = MotivationForm(request.POST if request.method == "POST" else None, instance=application)
    status = not_taken(request)
    if form.is_valid():
        hindered = _keep(request, application, form)
        if not hindered:
            messages.success(request, _("Saved."))
            return redirect(apply_flow.address(application, apply_flow.after(application, Step.MOTIVATION)))
        form.add_error(None, hindered)
        status = 409
    stored = Application.objects.get(pk=application.pk) if status == 409 else None
    counted = apply_flow.words(application)
    return draw(request, application, Step.MOTIVATION, form=form, stored=stored, status=status, **counted)


def _keep(request: HttpRequest, application: Application, form: MotivationForm) -> str:
    """Save what was typed; returns what hindered it. What the row holds already, by an autosave, is no conflict."""
    try:
        actions.save_draft(
            application=application, version=form.cleaned_data["version"], fields=form.typed, options=None,
            by=request.user, now=timezone.now(),
        )  # fmt: skip
    except Conflict:
        stored = Application.objects.get(pk=application.pk)
        return "" if form.is_stored_in(stored) else _after_conflict(form, stored)
    except Refused as refused:
        return str(refused)
    return ""


def _after_conflict(form: MotivationForm, stored: Application) -> str:
    """After a conflict the form carries the stored version, so that saving again is a decision, not an accident."""
    form.data = form.data.copy()
    form.data["version"] = str(stored.version)
    return _("This application was saved elsewhere while you were typing. Saving again replaces that version.")


@require_POST
@limited("autosave", "900/h")
def application_autosave(request: HttpRequest, reference: str) -> HttpResponse:
    """Keep what is typed so far and say so: the part of the motivation page that htmx swaps while one types.

    It saves over the version the page was drawn from only; a newer one stays, and the sentence says what to do.
    """
    application, now = my_application(request, reference), timezone.now()
    form, hindered = MotivationForm(request.POST, instance=application), ""
    form.full_clean()
    try:
        version = form.cleaned_data.get("version", 0)
        application = actions.save_draft(
            application=application, version=version, fields=form.typed, options=None, by=request.user, now=now
        )
    except Conflict:
        hindered = _("Not saved: a newer version was saved elsewhere. Press “Save and go on” to see both.")
    except Refused as refused:
        hindered = str(refused)
    application.motivation = request.POST.get("motivation", "")  # to count its words only; nothing saves it
    context = apply_flow.words(application) | {"saved_at": now, "hindered": hindered, "version": application.version}
    return render(request, "applications/application_motivation.html#words", context)


@editable
def application_documents(request: HttpRequest, application: Application) -> HttpResponse:
    """A slot for each document; files are sent one by one and kept at once."""
    return draw(request, application, Step.DOCUMENTS, **apply_flow.documents(application))


@editable
def application_check(request: HttpRequest, application: Application) -> HttpResponse:
    """Everything once more as the office will read it, with what is missing on top."""
    return draw(request, application, Step.CHECK, **apply_flow.summary(application))


def _hand_in(request: HttpRequest, application: Application, now: datetime) -> HttpResponse:
    """Submit, or give back what the office asked for; a second press, or one from a page kept open, does nothing."""
    if application.state == Application.State.MORE_INFO:
        actions.answer_request(application=application, by=request.user, now=now)
        messages.success(request, _("Given back to the office; it goes on from here."))
        return redirect(application)
    if application.submitted_at:
        messages.info(request, _("This was handed in already; nothing was sent twice."))
        return redirect(application)
    actions.submit(application=application, by=request.user, now=now)
    return redirect("applications:application_receipt", application.reference)


@require_POST
def application_submit(request: HttpRequest, reference: str) -> HttpResponse:
    """Hand in, or give back after a request; what is missing leads to the last step, a closed round to its page."""
    application = my_application(request, reference)
    now = timezone.now()
    try:
        return _hand_in(request, application, now)
    except actions.TooLate as late:
        context = {"application": application, "sentence": str(late), "now": now}
        return render(request, "applications/application_late.html", context, status=409)
    except actions.Incomplete:
        messages.error(request, _("Not submitted yet: something is missing."))
        return redirect(apply_flow.address(application, Step.CHECK))
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect(application)
