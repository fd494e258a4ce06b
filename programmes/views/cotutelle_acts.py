"""What is decided about a cotutelle: one act, one view. Each asks first on a page of its own, and says what follows."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from members.acts import Refused
from members.files import refuse_large
from members.limits import limited
from programmes.actions import cotutelles as actions
from programmes.forms.cotutelles import DefenceForm, SignedForm, WhyForm, WhyNotForm
from programmes.models import Cotutelle
from programmes.views.cotutelles import cotutelle_seen


@dataclass(frozen=True, kw_only=True)
class Question:
    """What a person is asked before an act: the heading, what follows, the button, and what to type."""

    heading: Any
    label: Any
    follows: tuple[Any, ...]
    done: Any
    transitions: tuple[str, ...]
    form: Any = None
    permission: str = "decide_cotutelle"
    is_final: bool = False

    def fits(self, cotutelle: Cotutelle) -> bool:
        """Whether the file stands where one may be asked this."""
        return any(cotutelle.can(transition) for transition in self.transitions)


QUESTIONS = {
    "agree": Question(
        heading=gettext_lazy("Agree to this cotutelle?"), label=gettext_lazy("Agree"),
        follows=(
            gettext_lazy("You agree for your university. The other one decides on its own."),
            gettext_lazy("Once both have agreed, the convention is drawn up; what you can do then stands on the page."),
        ),
        done=gettext_lazy("Your university has agreed."),
        transitions=("agree_home", "agree_partner", "complete_home", "complete_partner"),
    ),
    "send_back": Question(
        heading=gettext_lazy("Send this file back?"), label=gettext_lazy("Send it back"), form=WhyForm,
        follows=(
            gettext_lazy("The candidate reads your reason, mends the file and requests the opening again."),
            gettext_lazy("Both universities then look at it anew, also the one that has agreed."),
        ),
        done=gettext_lazy("It is with the candidate again."), transitions=("send_back",),
    ),
    "refuse": Question(
        heading=gettext_lazy("Refuse this cotutelle?"), label=gettext_lazy("Refuse"), form=WhyForm, is_final=True,
        follows=(gettext_lazy("The file is closed for both universities. The candidate can begin a new one."),),
        done=gettext_lazy("It is refused; the candidate reads why."), transitions=("refuse",),
    ),
    "start": Question(
        heading=gettext_lazy("Has the doctorate begun?"), label=gettext_lazy("It has begun"),
        follows=(gettext_lazy("The candidate is enrolled at both universities and works on the thesis."),),
        done=gettext_lazy("The doctorate runs."), transitions=("start",),
    ),
    "defend": Question(
        heading=gettext_lazy("Record the defence?"), label=gettext_lazy("Record the defence"), form=DefenceForm,
        is_final=True, follows=(gettext_lazy("The file is closed; everybody in it is told."),),
        done=gettext_lazy("The defence is recorded."), transitions=("defend",),
    ),
    "end": Question(
        heading=gettext_lazy("End it without a defence?"), label=gettext_lazy("End it"), form=WhyForm, is_final=True,
        follows=(gettext_lazy("The file is closed; everybody in it is told, and reads your reason."),),
        done=gettext_lazy("It has ended."), transitions=("end",),
    ),
    "withdraw": Question(
        heading=gettext_lazy("Withdraw this cotutelle?"), label=gettext_lazy("Withdraw"), form=WhyNotForm,
        is_final=True, permission="withdraw_cotutelle",
        follows=(
            gettext_lazy("The file is closed. Universities that have it already are told."),
            gettext_lazy("You can begin a new one with the same partner."),
        ),
        done=gettext_lazy("You have withdrawn this cotutelle."), transitions=("withdraw",),
    ),
}  # fmt: skip


def _ask(request: HttpRequest, reference: str, act: str, do: Callable[..., Any]) -> HttpResponse:
    """Ask on a page of its own, then act; what has moved on meanwhile is told on the file's page."""
    question = QUESTIONS[act]
    cotutelle = cotutelle_seen(request, reference, question.permission)
    form = question.form(request.POST if request.method == "POST" else None) if question.form else None
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            do(cotutelle=cotutelle, by=request.user, now=timezone.now(), **(form.cleaned_data if form else {}))
            messages.success(request, question.done)
            return redirect(cotutelle)
        except Refused as refused:
            cotutelle.refresh_from_db(fields=["state"])
            if form is None or not question.fits(cotutelle):
                messages.error(request, str(refused))
                return redirect(cotutelle)
            form.add_error(None, str(refused))  # it can still be done: what was typed stays, to be put right
    if not question.fits(cotutelle):
        messages.info(request, _("This is not possible any more: the file has moved on."))
        return redirect(cotutelle)
    context = {"cotutelle": cotutelle, "question": question, "form": form, "confirm_label": question.label}
    context |= {"cancel_url": cotutelle.get_absolute_url(), "is_final": question.is_final}
    status = 422 if form and form.errors else 200
    return render(request, "programmes/cotutelle_act.html", context, status=status)


@require_POST
def cotutelle_request(request: HttpRequest, reference: str) -> HttpResponse:
    cotutelle = cotutelle_seen(request, reference, "edit_cotutelle")
    try:
        actions.request_opening(cotutelle=cotutelle, by=request.user, now=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Requested. Both universities look at it next; you are told what they decide."))
    return redirect(cotutelle)


def cotutelle_agree(request: HttpRequest, reference: str) -> HttpResponse:
    return _ask(request, reference, "agree", actions.agree)


def cotutelle_send_back(request: HttpRequest, reference: str) -> HttpResponse:
    return _ask(request, reference, "send_back", actions.send_back)


def cotutelle_refuse(request: HttpRequest, reference: str) -> HttpResponse:
    return _ask(request, reference, "refuse", actions.refuse)


def cotutelle_start(request: HttpRequest, reference: str) -> HttpResponse:
    return _ask(request, reference, "start", actions.start)


def cotutelle_defend(request: HttpRequest, reference: str) -> HttpResponse:
    return _ask(request, reference, "defend", actions.defend)


def cotutelle_end(request: HttpRequest, reference: str) -> HttpResponse:
    return _ask(request, reference, "end", actions.end)


def cotutelle_withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    return _ask(request, reference, "withdraw", actions.withdraw)


@refuse_large("programmes:cotutelle_detail")
@limited("uploads", "60/h")
def cotutelle_sign(request: HttpRequest, reference: str) -> HttpResponse:
    """Keep the signed convention with the day of each signature."""
    cotutelle = cotutelle_seen(request, reference, "decide_cotutelle")
    if not cotutelle.can("sign"):
        messages.info(request, _("This is not possible any more: the file has moved on."))
        return redirect(cotutelle)
    data = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = SignedForm(*data, cotutelle=cotutelle)
    if form.is_valid() and _signed(request, cotutelle, form):
        return redirect(cotutelle)
    context = {"cotutelle": cotutelle, "form": form}
    status = 422 if form.errors else 200
    return render(request, "programmes/cotutelle_sign.html", context, status=status)


def _signed(request: HttpRequest, cotutelle: Cotutelle, form: SignedForm) -> bool:
    sent = dict(form.cleaned_data)
    try:
        actions.sign(cotutelle=cotutelle, upload=sent.pop("file"), by=request.user, now=timezone.now(), **sent)
    except Refused as refused:
        form.add_error(None, str(refused))
        return False
    messages.success(request, _("The signed convention is kept. Record next that the doctorate has begun."))
    return True
