"""Appeals: filed by the applicant before the last moment, answered by somebody who had no part in the decision.

Nothing is decided by the clock. An appeal that is upheld gives a place only where one is free: what somebody else was
given stays theirs.
"""

from collections.abc import Sequence
from contextlib import ExitStack
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from applications import appeals, deliberation, letters
from applications.actions import telling
from applications.actions.guards import (
    hold,
    hold_options,
    hold_round,
    log,
    may_or_refuse,
    no_place_is_given_twice,
    step,
)
from applications.models import Appeal, AppealFile, Application, Choice, Round
from members import uploads
from members.acts import Refused, clean_or_refuse
from members.models import User


def file_appeal(
    *, application: Application, grounds: str, files: Sequence[UploadedFile], by: User, now: datetime
) -> Appeal:
    """Ask for the decision to be looked at again; the office answers within the round's working days.

    Raises Refused after the last moment, for a second appeal, for grounds of the wrong length and for wrong files.
    """
    if len(files) > AppealFile.MOST:
        raise Refused(_("Three files at most."))
    with ExitStack() as stack:  # what is stored already goes again if a later file, or the act itself, is refused
        kept = [stack.enter_context(uploads.kept(upload, "appeals")) for upload in files]
        for checked, _stored in kept:
            if checked.content_type != AppealFile.PDF:
                raise Refused(_("“%(name)s” is a picture. Save it as PDF.") % {"name": checked.name})
        # Browsers send each end of a line as two letters (HTML: newlines are normalised); they would count twice.
        return _file(application, grounds.replace("\r\n", "\n").strip(), kept, by, now)


@transaction.atomic
def _file(
    application: Application, grounds: str, kept: Sequence[tuple[uploads.Checked, str]], by: User, now: datetime
) -> Appeal:
    # The round first: archiving waits for it too, and must not pass by an appeal that is just being filed.
    round = hold_round(application.round)
    hold(application)
    may_or_refuse(by, "applications.file_appeal", application)
    last = application.decision.appeal_by
    if round.state != Round.State.RELEASED or not application.decision.may_be_appealed_at(now):
        raise Refused(_("You could appeal until %(moment)s.") % {"moment": telling.moment(last, round)})
    appeal = Appeal(application=application, grounds=grounds, filed_at=now, answer_by=appeals.answer_by(round, now))
    clean_or_refuse(appeal)
    appeal.save()
    for position, (checked, stored) in enumerate(kept, start=1):
        file = AppealFile(
            appeal=appeal, position=position, file=stored, name=checked.name, content_type=checked.content_type,
            size=checked.size, sha256=checked.sha256, uploaded_by=by, uploaded_at=now,
        )  # fmt: skip
        clean_or_refuse(file)
        file.save()
    log("appeal.filed", application, by=by)
    telling.appeal_filed(appeal, now)
    return appeal


@transaction.atomic
def withdraw_appeal(*, appeal: Appeal, by: User, now: datetime) -> Appeal:
    """Take an appeal back while it waits; before the last moment another one may be filed."""
    application = hold(appeal.application)
    may_or_refuse(by, "applications.withdraw_appeal", appeal)
    _move(appeal, "withdraw")
    log("appeal.withdrawn", application, by=by)
    telling.appeal_withdrawn(appeal, now)
    return appeal


def end_appeal_of_withdrawn(application: Application, *, by: User, now: datetime) -> None:
    """With the application its open appeal goes; the application is held by the caller."""
    for appeal in application.appeals.filed():
        appeal.application = application  # the one that the caller holds, as it stands under the lock
        withdraw_appeal(appeal=appeal, by=by, now=now)


@transaction.atomic
def dismiss_appeal(*, appeal: Appeal, reasons: str, by: User, now: datetime) -> Appeal:
    """The decision stands, and so does the application; the applicant reads the reasons."""
    application = hold(appeal.application)
    may_or_refuse(by, "applications.answer_appeal", appeal)
    _move(appeal, "dismiss", **_answer(reasons, by, now))
    log("appeal.dismissed", application, by=by)
    telling.appeal_dismissed(appeal)
    return appeal


@transaction.atomic
def uphold_appeal(
    *, appeal: Appeal, remedy: str, choice: Choice | None, reasons: str, by: User, now: datetime
) -> Appeal:
    """The decision was wrong: offer the place of `choice`, with days of its own to answer, or put them in line.

    The options' rows are held: of an upheld appeal and a waiting list, whoever comes first has the last place. Raises
    Refused for a place that is not free, and for the waiting list while one is.
    """
    application = appeal.application
    hold_round(application.round)
    hold_options(application.choices.values_list("option", flat=True))
    # Counted while the options are held: counted before, two appeals upheld at once would both see the last place.
    left = deliberation.places_left_of(application)
    hold(application)
    may_or_refuse(by, "applications.answer_appeal", appeal)
    before = application.state
    given = _offer(application, choice, left, now) if remedy == Appeal.Remedy.PLACE else None
    if given is None:
        _put_in_line(application, left, now)
    _move(appeal, "uphold", remedy=remedy, choice=given, **_answer(reasons, by, now))
    details = {"place": given.option.place} if given else {}
    log("appeal.upheld", application, by=by, before=before, after=application.state, details=details)
    telling.appeal_upheld(appeal, given)
    return appeal


def _offer(application: Application, choice: Choice | None, left: dict[int, int], now: datetime) -> Choice:
    """A place that is free goes to the applicant; what they waited for besides ends."""
    if choice is None or choice.application_id != application.pk:
        raise Refused(_("Choose the place that is offered."))
    step(application, "offer_on_appeal", now=now, answer_by=letters.answer_by(application.round, now))
    # After the step: whom the waiting list has just given a place is told that, and not that no place is left.
    if left[choice.option_id] < 1:
        raise Refused(_("No place is left there: what was given to somebody else stays theirs. Use the waiting list."))
    with no_place_is_given_twice():
        Choice.objects.filter(pk=choice.pk).update(state=Choice.State.OFFERED, why=_("Your appeal was upheld."))
    application.choices.filter(state=Choice.State.WAITING).update(
        state=Choice.State.NOT_NEEDED, why=_("You were offered another of your choices.")
    )
    return choice


def _put_in_line(application: Application, left: dict[int, int], now: datetime) -> None:
    """In line for every choice, at the rank that the score gives; nobody waits before a free place."""
    step(application, "wait_on_appeal", now=now)
    free = [choice for choice in application.choices.select_related("option__host") if left[choice.option_id] > 0]
    if free:
        raise Refused(_("A place is free: %(place)s. Offer it.") % {"place": free[0].option.place})
    application.choices.update(state=Choice.State.WAITING, why=_("Your appeal was upheld."))


def _answer(reasons: str, by: User, now: datetime) -> dict[str, Any]:
    reasons = reasons.replace("\r\n", "\n").strip()
    if not reasons:
        raise Refused(_("Give the reasons; the applicant reads them."))
    return {"reasons": reasons, "decided_by": by, "decided_at": now}


def _move(appeal: Appeal, transition: str, **changes: Any) -> None:
    if not appeal.move(transition, **changes):
        raise Refused(_("This appeal was answered or taken back meanwhile."))
