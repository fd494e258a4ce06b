"""Whose turn it is with an application, since when, and what the next step is: one table for everybody.

What the applicant is shown is another thing: see `applications.applicant_view`.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from applications.models import Application, Review, Round

State = Application.State


class Who(models.TextChoices):
    APPLICANT = "applicant", _("The applicant")
    OFFICE = "office", _("The office")
    REVIEWERS = "reviewers", _("The reviewers")
    NOBODY = "nobody", _("Nobody")


@dataclass(frozen=True)
class Turn:
    """`who` has to take `step`, and has had the turn since `since`."""

    who: Who
    since: datetime
    step: Any


TURNS: dict[str, tuple[Who, Any]] = {
    State.DRAFT: (Who.APPLICANT, _("Finish the application and submit it")),
    State.SUBMITTED: (Who.OFFICE, _("Check whether the student is eligible")),
    State.MORE_INFO: (Who.APPLICANT, _("Answer what the office asked")),
    State.ELIGIBLE: (Who.OFFICE, _("Prepare the decision")),
    State.INELIGIBLE: (Who.OFFICE, _("Release the decision with the round")),
    State.OFFERED: (Who.APPLICANT, _("Accept or decline the offer")),
    State.WAITLISTED: (Who.NOBODY, _("A place goes to the next in line when one comes free")),
    State.ACCEPTED: (Who.OFFICE, _("Nominate the student to the host")),
    State.REJECTED: (Who.NOBODY, _("Nothing more to do")),
    State.DECLINED: (Who.NOBODY, _("Nothing more to do")),
    State.EXPIRED: (Who.NOBODY, _("Nothing more to do")),
    State.WITHDRAWN: (Who.NOBODY, _("Nothing more to do")),
    State.LAPSED: (Who.NOBODY, _("Nothing more to do")),
}

WAITS_FOR_REVIEWS = _("Give points")
WAITS_FOR_CLOSING = _("Wait until the round closes")


def turn_of(application: Application, *, open_reviews: int | None = None) -> Turn:
    """Whose turn it is with `application`, by its state, its round's state and the reviews still open.

    `open_reviews` spares lists a query per row; left out, it is counted for an eligible application.
    """
    who, step = TURNS[application.state]
    if application.state == State.ELIGIBLE:
        if open_reviews is None:
            open_reviews = application.reviews.filter(state=Review.State.ASSIGNED).count()
        if open_reviews:
            who, step = Who.REVIEWERS, WAITS_FOR_REVIEWS
        elif application.round.state == Round.State.PUBLISHED:
            who, step = Who.NOBODY, WAITS_FOR_CLOSING
    return Turn(who, application.state_since, step)


def how_long(since: datetime, now: datetime) -> str:
    """How long a turn lasts already: "today", "1 day", "12 days"."""
    days = (now - since).days
    if days < 1:
        return str(_("since today"))
    return ngettext("for %(days)d day", "for %(days)d days", days) % {"days": days}
