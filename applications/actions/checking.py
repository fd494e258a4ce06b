"""The office's first look: eligible, not eligible, or more is asked for; and opening a file with a reason."""

from datetime import datetime

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from applications import letters
from applications.actions import telling
from applications.actions.guards import hold, log, may_or_refuse, step, words_or_refuse
from applications.models import Application, Decision, FileAccess, LetterTemplate
from members.acts import Refused
from members.models import User


@transaction.atomic
def find_eligible(*, application: Application, note: str, by: User, now: datetime) -> Application:
    """The application goes on to review and decision; the applicant learns of it with the decision only.

    Also where the applicant was asked for more and it came another way: then the applicant is told that nothing is
    left to answer, in words that do not say what was found.
    """
    hold(application)
    may_or_refuse(by, "applications.check_application", application)
    before = application.state
    step(application, "find_eligible", now=now, asked_for="")
    # The "no" of an earlier look counts as made by hand: a proposal would leave it, and it would go out.
    Decision.objects.filter(application=application, released_at=None).delete()
    act = log("application.found_eligible", application, by=by, before=before, after=application.state, reason=note,
              internal=True)  # fmt: skip
    _tell_that_nothing_is_left_to_answer(application, before, act)
    return application


def _tell_that_nothing_is_left_to_answer(application: Application, before: str, act: Model) -> None:
    if before == Application.State.MORE_INFO:
        telling.settled(application, act)


@transaction.atomic
def find_ineligible(*, application: Application, reason: str, by: User, now: datetime) -> Application:
    """The application will end with “no place”; the applicant reads the reason when the round is released.

    Who had been asked for more is told that nothing is left to answer, as in `find_eligible`.
    """
    hold(application)
    may_or_refuse(by, "applications.check_application", application)
    reason = words_or_refuse(reason)
    if not reason:
        raise Refused(_("Give the reason; the applicant reads it."))
    before = application.state
    step(application, "find_ineligible", now=now, asked_for="")
    subject, letter = letters.write(application, LetterTemplate.Outcome.REJECT, None, reason)
    Decision.objects.update_or_create(
        application=application,
        defaults={
            "outcome": LetterTemplate.Outcome.REJECT, "choice": None, "reason": reason, "subject": subject,
            "letter": letter, "prepared_by": by, "by_hand": True,
        },
    )  # fmt: skip
    act = log("application.found_ineligible", application, by=by, before=before, after=application.state, reason=reason,
              internal=True)  # fmt: skip
    _tell_that_nothing_is_left_to_answer(application, before, act)
    return application


@transaction.atomic
def ask_more(*, application: Application, what: str, by: User, now: datetime) -> Application:
    """Hand the application back to the applicant with a question; what was prepared for it is thrown away."""
    hold(application)
    may_or_refuse(by, "applications.check_application", application)
    what = what.strip()
    if not what:
        raise Refused(_("Say what the applicant should add."))
    before = application.state
    step(application, "ask_more", now=now, asked_for=what)
    Decision.objects.filter(application=application, released_at=None).delete()
    act = log("application.more_asked", application, by=by, before=before, after=application.state, reason=what)
    telling.asked(application, what, act)
    return application


@transaction.atomic
def open_with_reason(*, application: Application, reason: str, by: User) -> FileAccess:
    """Let somebody outside the desk read this file for an hour; the applicant sees who did and why."""
    may_or_refuse(by, "applications.open_with_reason", application)
    reason = words_or_refuse(reason)
    if len(reason) < 10:
        raise Refused(_("Say why you need to open this file, in ten letters or more."))
    # No lock: nothing of the application changes, and every opening is a line of its own that is never deleted.
    access = FileAccess.objects.create(person=by, application=application, reason=reason)
    log("application.opened", application, by=by, reason=reason)
    return access
