"""The life of a round: published, closed, opened again with a reason, archived."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from applications.actions import telling
from applications.actions.guards import acts_for, hold, hold_round, log, may_or_refuse, step
from applications.models import Appeal, Application, Choice, Decision, Round
from members.acts import Refused, record
from members.models import User

DONE = {"publish": "published", "close": "closed", "reopen": "reopened", "archive": "archived"}


@transaction.atomic
def publish_round(*, round: Round, by: User) -> Round:
    """Let everybody see the round; students can apply from `opens_at` on. Raises Refused without anything to choose."""
    hold_round(round)
    may_or_refuse(by, "applications.run_round", round)
    if not round.options.exists():
        raise Refused(_("Add at least one place that can be chosen before you publish."))
    # The clock would close it at its next run, and every draft begun until then would lapse.
    if round.closes_at <= timezone.now():
        raise Refused(_("The round would close in the past; set a later closing first."))
    _move(round, "publish", by)
    return round


def _move(round: Round, transition: str, by: User | None, reason: str = "", **changes: datetime) -> None:
    before = round.state
    if not round.move(transition, **changes):
        raise Refused(_("The round has moved on meanwhile. Look at it again."))
    words = {"before": before, "after": round.state, "reason": reason}
    record(f"round.{DONE[transition]}", round, by=by, on_behalf_of=acts_for(by, round), **words)


@transaction.atomic
def close_round(*, round: Round, by: User | None, now: datetime) -> Round:
    """Close a round; drafts that were not submitted lapse, and their owners are told. `by` is None for the clock.

    A person may close before `closes_at`: then `closes_at` becomes `now`, so that nothing promises a later end.
    """
    hold_round(round)
    may_or_refuse(by, "applications.run_round", round)
    if by is None and now < round.closes_at:
        raise Refused(_("The round is still open."))
    # Closing early writes `now` as the end, and the database wants a round to open before it closes.
    if round.opens_at >= now:
        raise Refused(_("The round has not opened yet."))
    # A job that comes late does not move the announced end: notices and pages name it.
    _move(round, "close", by, closes_at=min(now, round.closes_at))
    for draft in round.applications.filter(state=Application.State.DRAFT).order_by("pk"):
        _lapse(draft, now)
    telling.round_closed(round, round.applications.filter(state=Application.State.SUBMITTED).count(), now)
    return round


def _lapse(draft: Application, now: datetime) -> None:
    hold(draft)
    if not draft.can("lapse"):
        return
    step(draft, "lapse", now=now)
    log("application.lapsed", draft, by=None, before="draft", after=draft.state)
    telling.lapsed(draft, f"{draft.round.closes_at:%Y%m%d%H%M%S}")


@transaction.atomic
def reopen_round(*, round: Round, closes_at: datetime, reason: str, by: User, now: datetime) -> Round:
    """Open a closed round again until `closes_at`; drafts that had lapsed live again and their owners are told."""
    hold_round(round)
    may_or_refuse(by, "applications.run_round", round)
    if closes_at <= now:
        raise Refused(_("The new closing must lie in the future."))
    if not reason.strip():
        raise Refused(_("Say why the round opens again; it is shown on its page."))
    _move(round, "reopen", by, reason.strip(), closes_at=closes_at)
    for lapsed in round.applications.filter(state=Application.State.LAPSED).order_by("pk"):
        hold(lapsed)
        step(lapsed, "revive", now=now)
        log("application.revived", lapsed, by=by, before="lapsed", after=lapsed.state, reason=reason.strip())
        # Told for each new closing: a round that is opened a second time calls the same students again.
        telling.revived(lapsed, f"{closes_at:%Y%m%d%H%M%S}")
    return round


@transaction.atomic
def archive_round(*, round: Round, by: User, now: datetime) -> Round:
    """Put a round away; its waiting lists end.

    Raises Refused while an offer or an appeal waits for its answer, and while somebody may still appeal.
    """
    hold_round(round)
    may_or_refuse(by, "applications.run_round", round)
    if round.applications.filter(state=Application.State.OFFERED).exists():
        raise Refused(_("Some offers still wait for an answer."))
    _refuse_before_appeals_are_over(round, now)
    _move(round, "archive", by)
    for waiting in round.applications.filter(state=Application.State.WAITLISTED).order_by("pk"):
        hold(waiting)
        reason = _("The round has ended and no place came free.")
        step(waiting, "reject", now=now)
        waiting.choices.filter(state=Choice.State.WAITING).update(state=Choice.State.NOT_OFFERED, why=reason)
        log("application.rejected", waiting, by=by, before="waitlisted", after=waiting.state, reason=reason)
        telling.rejected_at_the_end(waiting)
    return round


def _refuse_before_appeals_are_over(round: Round, now: datetime) -> None:
    """An upheld appeal needs a round that still has places and a waiting list."""
    if Appeal.objects.filed().filter(application__round=round).exists():
        raise Refused(_("Some appeals still wait for an answer."))
    told = Decision.objects.filter(
        application__round=round, application__state__in=Application.State.appealable, appeal_by__gte=now
    )
    # Who was answered cannot appeal again, so nobody has to wait for their last moment.
    last = told.exclude(application__appeals__state__in=Appeal.State.answered).order_by("-appeal_by").first()
    if last:
        raise Refused(_("Applicants may appeal until %(moment)s.") % {"moment": telling.moment(last.appeal_by, round)})
