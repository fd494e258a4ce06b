"""Appeals: filed and taken back by the applicant, answered by somebody who had no part in the decision."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from applications import actions, appeal_page
from applications.forms.applicant import AppealForm
from applications.forms.desk import AppealAnswerForm
from applications.models import Appeal, AppealFile, Application
from applications.views.acting import attempt, find
from applications.views.applicant import my_application
from applications.views.desk import desk_of
from members.acts import Refused
from members.files import as_download, refuse_large
from members.limits import limited


@refuse_large("applications:appeal_new", files=AppealFile.MOST)
@limited("uploads", "60/h")
def appeal_new(request: HttpRequest, reference: str) -> HttpResponse:
    """The form, while there is time; afterwards the page of the application says that it is over."""
    application = my_application(request, reference)
    part = appeal_page.of_applicant(application, timezone.now())
    # A form sent too late goes on to the act: its sentence stands above what was written, which is not lost.
    if request.method == "GET" and not (part and part["may_file"]):
        messages.info(request, _("This decision cannot be appealed, or not any more. See below."))
        return redirect(application)
    form = AppealForm(request.POST if request.method == "POST" else None, request.FILES or None)
    if form.is_valid():
        try:
            actions.file_appeal(application=application, by=request.user, now=timezone.now(), **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Your appeal is filed. You get a receipt by e-mail."))
            return redirect(application)
    context = {"application": application, "round": application.round, "form": form, "part": part}
    context["lost_files"] = bool(request.FILES)  # no browser fills the control again: the page asks for them once more
    return render(request, "applications/appeal_new.html", context, status=422 if form.errors else 200)


def appeal_withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    """Take it back, after a last question."""
    application = my_application(request, reference)
    appeal = application.appeals.filed().first()
    if appeal is None:
        messages.info(request, _("There is no open appeal: it was answered, or taken back."))
        return redirect(application)
    appeal.application = application
    if request.method == "POST":
        said = _("You have taken your appeal back.")
        attempt(request, lambda: actions.withdraw_appeal(appeal=appeal, by=request.user, now=timezone.now()), said)
        return redirect(application)
    again = application.decision.may_be_appealed_at(timezone.now())
    context = {"application": application, "again": again, "confirm_label": _("Take it back")}
    return render(
        request, "applications/appeal_withdraw.html", context | {"cancel_url": application.get_absolute_url()}
    )


def appeal_answer(request: HttpRequest, reference: str) -> HttpResponse:
    """The appeal beside the decision it is about, the places that are left, and the answer."""
    application = find(request, reference, "applications.read_appeal")
    appeal = Appeal.objects.filed().filter(application=application).prefetch_related("files").first()
    if appeal is None:
        messages.info(request, _("No appeal waits for an answer here."))
        return redirect(application)
    if not request.user.has_perm("applications.answer_appeal", appeal):
        raise PermissionDenied
    appeal.application = application
    places = appeal_page.places_of(application)
    left = {row["choice"].option_id: row["left"] for row in places}
    form = AppealAnswerForm(request.POST or None, application=application, left=left)
    if request.method == "POST" and form.is_valid() and _answer(request, appeal, form):
        reads = request.user.has_perm("applications.read_on_the_desk", application)
        return redirect(desk_of(application) if reads else "dashboard")
    context = {"application": application, "round": application.round, "appeal": appeal, "form": form}
    context |= {"places": places, "files": appeal.files.all(), "cancel_url": desk_of(application)}
    context["is_late"] = timezone.now() > appeal.answer_by
    return render(request, "applications/appeal_answer.html", context, status=422 if form.errors else 200)


def _answer(request: HttpRequest, appeal: Appeal, form: AppealAnswerForm) -> bool:
    given = form.cleaned_data
    words = {"appeal": appeal, "reasons": given["reasons"], "by": request.user, "now": timezone.now()}
    if given["outcome"] == form.DISMISS:
        return attempt(
            request, lambda: actions.dismiss_appeal(**words), _("Dismissed. The student reads your reasons.")
        )
    words |= {"remedy": given["outcome"], "choice": given.get("choice")}
    return attempt(request, lambda: actions.uphold_appeal(**words), _("Upheld. The student was told."))


@never_cache
def appeal_download(request: HttpRequest, reference: str, code: str) -> FileResponse:
    """A paper of an appeal, for whoever may read the appeal; always as a download."""
    seen = Application.objects.visible_to(request.user).select_related("round__university")
    application = get_object_or_404(seen, reference=reference)
    if not request.user.has_perm("applications.read_appeal", application):
        raise PermissionDenied
    files = AppealFile.objects.filter(appeal__application=application, sha256__startswith=code).order_by("-appeal")
    # The whole code only: by its beginnings one could ask through what is there.
    file = files.first() if len(code) == AppealFile.CODE_LENGTH else None
    if file is None:
        raise Http404
    return as_download(file)
