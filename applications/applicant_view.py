"""What the applicant sees of an application: a state of its own, and only the events that are theirs to know.

Internal state and shown state are two things, mapped in one table. Nothing of eligibility, scores or decisions shows
before the round is released: the three states between submission and decision look alike, also in their date.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from applications.models import Application, Choice
from members.models import Act

State = Application.State


@dataclass(frozen=True)
class Shown:
    """A state as the applicant reads it; `tone` is the pill's, `meaning` says what happens next."""

    label: Any
    tone: str
    meaning: Any


UNDER_CONSIDERATION = Shown(
    _("Being considered"), "wait", _("The office checks all applications. You hear from it when the round is decided.")
)

SHOWN: dict[str, Shown] = {
    State.DRAFT: Shown(_("Draft"), "due", _("It counts only when you submit it before the round closes.")),
    State.SUBMITTED: UNDER_CONSIDERATION,
    State.ELIGIBLE: UNDER_CONSIDERATION,
    State.INELIGIBLE: UNDER_CONSIDERATION,
    State.MORE_INFO: Shown(_("Your answer is needed"), "due", _("The office has asked you for something.")),
    State.OFFERED: Shown(
        _("Place offered"), "", _("Accept or decline; after the last day it goes to the next student.")
    ),
    State.WAITLISTED: Shown(_("On the waiting list"), "wait", _("When a place comes free for you, we write at once.")),
    State.REJECTED: Shown(_("No place"), "quiet", _("The reason stands beside each choice.")),
    State.ACCEPTED: Shown(_("Place accepted"), "ok", _("Your exchange office nominates you to the host next.")),
    State.DECLINED: Shown(_("You declined"), "quiet", _("The place went to the next student.")),
    State.EXPIRED: Shown(_("Offer expired"), "quiet", _("There was no answer in time; the place went on.")),
    State.WITHDRAWN: Shown(_("Withdrawn"), "quiet", _("You took this application back.")),
    State.LAPSED: Shown(_("Not submitted"), "quiet", _("The round closed before you submitted it.")),
}

DECIDED = (
    State.OFFERED, State.WAITLISTED, State.REJECTED, State.ACCEPTED, State.DECLINED, State.EXPIRED,
)  # fmt: skip

CHOICE_TONES: dict[str, str] = {
    Choice.State.OFFERED: "",
    Choice.State.ACCEPTED: "ok",
    Choice.State.WAITING: "wait",
}

# Lines that the desk writes before the release and the applicant reads only after it.
TOLD_AFTER_RELEASE = ("application.found_eligible",)


def shown(application: Application) -> Shown:
    """The state that the applicant sees."""
    return SHOWN[application.state]


def shown_since(application: Application) -> datetime:
    """Since when it is shown so: an office that finds somebody eligible does not move the applicant's clock."""
    if shown(application) is UNDER_CONSIDERATION:
        return application.submitted_at
    return application.state_since


def is_decided(application: Application) -> bool:
    """Whether the decision was released to the applicant: from then on results, reasons and the score may be read."""
    decision = getattr(application, "decision", None)
    return decision is not None and decision.released_at is not None


def acts_for(application: Application) -> QuerySet:
    """The lines of the log that the applicant may read now, oldest first."""
    acts = Act.objects.about(application)
    if is_decided(application):
        return acts.filter(internal=False) | acts.filter(kind__in=TOLD_AFTER_RELEASE)
    return acts.for_the_applicant()
