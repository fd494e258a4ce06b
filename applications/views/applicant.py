"""The applicant's pages: my applications, one application, its receipt, and the answers: accept, decline, withdraw."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications import actions, application_page, receipts
from applications.filters.mine import MyApplications, my_applications
from applications.forms.applicant import WithdrawForm
from applications.models import Application, Choice
from members.acts import Refused
from members.lists import show_list


def my_application(request: HttpRequest, reference: str) -> Application:
    """The person's own application with what its pages read; anybody else's is not there (404)."""
    choices = Prefetch("choices", Choice.objects.select_related("option__host", "option__field"))
    own = Application.objects.filter(applicant=request.user)
    joined = own.select_related("round__university", "applicant", "decision").prefetch_related(choices)
    return get_object_or_404(joined, reference=reference)


def application_list(request: HttpRequest) -> HttpResponse:
    """Every application of mine, those that wait for me first."""
    rows = my_applications(request.user, timezone.now())
    filterset = MyApplications(request.GET, queryset=rows, request=request)
    return show_list(request, filterset, "applications/application_list.html", filename="my-applications")


def application_detail(request: HttpRequest, reference: str) -> HttpResponse:
    """The applicant's page; whoever else may see the file is sent to the office's page of it."""
    seen = get_object_or_404(Application.objects.visible_to(request.user), reference=reference)
    if seen.applicant_id != request.user.pk:
        return redirect("applications:application_desk", reference)
    page = application_page.read(my_application(request, reference), timezone.now())
    return render(request, "applications/application_detail.html", page)


def application_receipt(request: HttpRequest, reference: str) -> HttpResponse:
    """What was submitted and when, to keep; `?as=pdf` gives it as a file."""
    application = my_application(request, reference)
    if application.submitted_at is None:
        raise Http404
    receipt = receipts.read(application)
    if request.GET.get("as") != "pdf":
        return render(request, "applications/application_receipt.html", receipt)
    headers = {"Content-Disposition": f'attachment; filename="{application.reference}.pdf"'}
    return HttpResponse(receipts.as_pdf(receipt), content_type="application/pdf", headers=headers)


def application_accept(request: HttpRequest, reference: str) -> HttpResponse:
    application = my_application(request, reference)
    return _answer(
        request, application, "accept",
        lambda reason: actions.accept_offer(application=application, by=request.user, now=timezone.now()),
        _("The place is yours."),
    )  # fmt: skip


def application_decline(request: HttpRequest, reference: str) -> HttpResponse:
    application = my_application(request, reference)
    return _answer(
        request, application, "decline",
        lambda reason: actions.decline_offer(
            application=application, reason=reason, by=request.user, now=timezone.now()
        ),
        _("You have declined. The place goes to the next student."),
    )  # fmt: skip


def application_withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    application = my_application(request, reference)
    return _answer(
        request, application, "withdraw",
        lambda reason: actions.withdraw(application=application, reason=reason, by=request.user, now=timezone.now()),
        _("You have withdrawn this application."),
    )  # fmt: skip


QUESTIONS = {
    "accept": ("applications.answer_offer", gettext_lazy("Accept the place"), False),
    "decline": ("applications.answer_offer", gettext_lazy("Decline the place"), True),
    "withdraw": ("applications.withdraw_application", gettext_lazy("Withdraw"), True),
}


def _answer(
    request: HttpRequest, application: Application, what: str, act: Callable[[str], Any], said: str
) -> HttpResponse:
    """Ask once more on a page of its own, then act; what has moved on meanwhile is told on the application's page."""
    permission, label, is_final = QUESTIONS[what]
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    # Acted on before anything is asked: a button pressed twice is answered by the act, in the words that fit.
    if form.is_valid():
        try:
            act(form.cleaned_data["reason"])
            messages.success(request, said)
        except Refused as refused:
            messages.error(request, str(refused))
        return redirect(application)
    if not request.user.has_perm(permission, application):
        messages.info(request, _("This is not possible any more: the application has moved on."))
        return redirect(application)
    context = {"application": application, "form": form, "confirm_label": label, "is_final": is_final}
    context |= {"cancel_url": application.get_absolute_url(), "offer": _offer(application)}
    return render(request, f"applications/application_{what}.html", context, status=422 if form.errors else 200)


def _offer(application: Application) -> Choice | None:
    return next((choice for choice in application.choices.all() if choice.state == Choice.State.OFFERED), None)
