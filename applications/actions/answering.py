"""The answer to an offer: accept, decline, or let it expire. A place that comes free is offered to the next at once."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from applications.actions import telling, waiting
from applications.actions.guards import hold, hold_options, log, may_or_refuse, step
from applications.models import Application, Choice
from members.acts import Refused
from members.models import User


@transaction.atomic
def accept_offer(*, application: Application, by: User, now: datetime) -> Application:
    """Take the offered place; raises Refused after `answer_by` or when it was answered meanwhile."""
    choice = _hold_offer(application, by)
    if now > application.answer_by:  # the job that lets offers expire may come later than the last moment
        raise Refused(
            _("The offer was open until %(moment)s; the place goes to the next student.")
            % {"moment": telling.moment(application.answer_by, application.round)}
        )
    step(application, "accept", now=now)
    Choice.objects.filter(pk=choice.pk).update(state=Choice.State.ACCEPTED)
    log("application.accepted", application, by=by, before="offered", after=application.state,
        details={"place": choice.option.place})  # fmt: skip
    telling.accepted(application, choice)
    return application


@transaction.atomic
def decline_offer(*, application: Application, reason: str, by: User, now: datetime) -> Application:
    """Give the offered place up; it is offered to the next in line in the same transaction."""
    choice = _hold_offer(
        application, by, gives_back=True
    )  # a late no is taken: it only does at once what the clock would do
    step(application, "decline", now=now)
    Choice.objects.filter(pk=choice.pk).update(state=Choice.State.DECLINED)
    log("application.declined", application, by=by, before="offered", after=application.state, reason=reason,
        details={"place": choice.option.place})  # fmt: skip
    waiting.move_up_waiting(option=choice.option, now=now)
    return application


@transaction.atomic
def expire_offer(*, application: Application, now: datetime) -> Application:
    """End an offer whose last moment has passed, by the clock; the place goes to the next in line.

    Raises Refused when it was answered meanwhile or is still open; so a job may run twice, late, or be killed.
    """
    choice = _hold_offer(application, None, gives_back=True)
    # The last moment itself is the student's: accepting is refused only after it, so nothing expires before.
    if now <= application.answer_by:
        raise Refused(_("This offer can still be answered."))
    step(application, "expire", now=now)
    Choice.objects.filter(pk=choice.pk).update(state=Choice.State.EXPIRED, why=_("You did not answer in time."))
    log("application.expired", application, by=None, before="offered", after=application.state,
        details={"place": choice.option.place})  # fmt: skip
    telling.expired(application, choice)
    waiting.move_up_waiting(option=choice.option, now=now)
    return application


def _hold_offer(application: Application, by: User | None, *, gives_back: bool = False) -> Choice:
    """Lock the offered option, then the application, and return the offered choice as it stands now.

    Where the act gives the place back, who waits for it is locked in the same go: afterwards would be out of order.
    """
    # The option before the application, as in every act: a place that is given up is given on under the same lock.
    offered = application.choices.filter(state=Choice.State.OFFERED)
    options = hold_options(offered.values_list("option", flat=True))
    if gives_back:
        waiting.hold_lines(options, joined_by=application)
    hold(application)
    may_or_refuse(by, "applications.answer_offer", application)
    # Looked up anew under the locks: the offer that the page showed may have been answered or have expired since.
    choice = application.choices.filter(state=Choice.State.OFFERED).select_related("option__host").first()
    if choice is None:
        raise Refused(_("There is no open offer; it was answered or has expired."))
    return choice
