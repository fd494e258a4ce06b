"""What the applicant does until the decision: start, save the draft, submit, answer a request, withdraw."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from applications import checklist, references
from applications.actions import appealing, telling, waiting
from applications.actions.guards import hold, hold_options, hold_round, log, may_or_refuse, step
from applications.models import Application, Choice, DocumentSlot, Round
from applications.standing import Standing
from members.acts import Refused
from members.models import User
from members.zones import written

DRAFT_FIELDS = ("motivation", "phone", "referee", "notes")


class TooLate(Refused):
    """The round had closed when the act reached the server; the draft stays as it was saved last."""


class Incomplete(Refused):
    """Something is missing or not met; `missing` lists what, and where it is filled in."""

    def __init__(self, missing: list[checklist.Missing]) -> None:
        super().__init__(" ".join(str(entry.text) for entry in missing))
        self.missing = missing


@transaction.atomic
def start(*, round: Round, by: User, now: datetime) -> Application:
    """Begin a draft in an open round, with a slot for every document the round asks for.

    Raises Refused for those who are no confirmed students, not of this university where the round is for its own
    students, or who have an application here already; TooLate outside the round's window.
    """
    # Begun in two tabs at once, the second one waits here and is told of the first draft by a sentence of ours.
    hold_round(round)
    refuse_outside_window(round, now)
    _refuse_strangers(round, by)
    # As the constraint says it: who took it back may begin anew; a draft that lapsed does not, it lives again.
    if Application.objects.filter(round=round, applicant=by).exclude(state=Application.State.WITHDRAWN).exists():
        raise Refused(_("You already have an application in this round."))
    application = references.with_new_reference(
        round.kind,
        lambda reference: Application.objects.create(reference=reference, round=round, applicant=by, state_since=now),
    )
    DocumentSlot.objects.bulk_create(
        DocumentSlot(
            application=application, requirement=asked, name=asked.name, help=asked.help,
            needed=asked.needed, position=position,
        )
        for position, asked in enumerate(round.document_requirements.all(), start=1)
    )  # fmt: skip
    log("application.started", application, by=by, after=application.state)
    return application


def refuse_outside_window(round: Round, now: datetime) -> None:
    """Raise TooLate unless the round is open at `now`, by the server's clock, to the second."""
    if round.is_open_at(now):
        return
    if round.state == Round.State.PUBLISHED and now < round.opens_at:
        raise TooLate(_("This round opens on %(moment)s.") % {"moment": _to_the_second(round.opens_at, round)})
    raise TooLate(
        _("This round closed on %(closed)s; what you sent reached us on %(came)s. What was saved before is kept.")
        % {"closed": _to_the_second(round.closes_at, round), "came": _to_the_second(now, round)}
    )


def _refuse_too_late(application: Application, now: datetime) -> None:
    """A draft, also one that the clock has closed meanwhile, is told when the round closed and when this came."""
    if application.state in (Application.State.DRAFT, Application.State.LAPSED):
        refuse_outside_window(application.round, now)


def _to_the_second(at: datetime, round: Round) -> str:
    return written(at, round.time_zone, "j F Y, H:i:s")


def _refuse_strangers(round: Round, by: User) -> None:
    if why := checklist.hindrance(round, by.student_profile_or_none):
        raise Refused(why)


@transaction.atomic
def save_draft(
    *, application: Application, version: int, fields: dict[str, str], options: Sequence[int] | None,
    by: User, now: datetime,
) -> Application:  # fmt: skip
    """Keep what was typed, complete or not; `options` are the option pks in the order of preference, None leaves them.

    `version` is the one the form was drawn from: raises Conflict when somebody saved in between, TooLate when the round
    has closed, Refused for options outside the round, twice, or too many.
    """
    hold(application)
    _refuse_too_late(application, now)
    may_or_refuse(by, "applications.edit_application", application)
    if application.state != Application.State.DRAFT and options is not None:
        raise Refused(_("Choices cannot be changed after the application was submitted."))
    if options is not None:
        _refuse_wrong_choices(application, list(options))
    # By name, not all that came: the state and the frozen profile are columns of the same row.
    for name in DRAFT_FIELDS:
        if name in fields:
            setattr(application, name, fields[name])
    # Also where only the choices change: the second of two tabs must not reorder what it does not show.
    application.save_over(version)
    if options is not None:
        _rank(application, list(options))
    return application


def _rank(application: Application, options: list[int]) -> None:
    """Make `options` the choices, in this order; a choice that stays keeps its row."""
    application.choices.exclude(option__in=options).delete()
    known = {choice.option_id: choice for choice in application.choices.all()}
    moved = [known[option] for rank, option in enumerate(options, 1) if option in known and known[option].rank != rank]
    for choice in moved:
        choice.rank = options.index(choice.option_id) + 1
    # Two rows may have the same rank until the commit: the constraint is deferred.
    Choice.objects.bulk_update(moved, ["rank"])
    Choice.objects.bulk_create(
        Choice(application=application, option_id=option, rank=rank)
        for rank, option in enumerate(options, start=1)
        if option not in known
    )


def _refuse_wrong_choices(application: Application, options: list[int]) -> None:
    round = application.round
    if len(options) != len(set(options)):
        raise Refused(_("Each place can be chosen once only."))
    if len(options) > round.max_choices:
        raise Refused(checklist.most_choices(round))
    # Only what is new is asked for: a choice that has left the round stays where it is until the student removes it.
    new = set(options).difference(application.choices.values_list("option", flat=True))
    if round.options.filter(pk__in=new).count() != len(new):
        raise Refused(_("One of the places is not offered in this round."))


@transaction.atomic
def submit(*, application: Application, by: User, now: datetime) -> Application:
    """Hand the application in: nothing missing, nothing blocking, before the closing second; freezes the profile.

    The tie to the home university and every choice are looked at anew: either may have gone since the draft was begun.
    Raises TooLate, Incomplete (with what is missing), Refused when it was submitted meanwhile.
    """
    hold_round(application.round)  # closing waits until this is in, or was first and is seen
    hold_options(application.choices.values_list("option", flat=True))  # so does a host that withdraws one of them
    hold(application)
    _refuse_too_late(application, now)
    may_or_refuse(by, "applications.submit_application", application)
    missing = checklist.missing(application, now.astimezone(application.round.zone).date())
    if missing:
        raise Incomplete(missing)
    # Frozen here: the office judges what was handed in, whatever the student writes into the profile afterwards.
    profile = Standing.of(application.applicant.student_profile_or_none)
    step(application, "submit", now=now, submitted_at=now, profile=profile.to_snapshot(by, now))
    log("application.submitted", application, by=by, before="draft", after=application.state)
    telling.submitted(application)
    return application


@transaction.atomic
def answer_request(*, application: Application, by: User, now: datetime) -> Application:
    """Give the application back to the office after it asked for more; raises Incomplete while that is missing.

    The student's data are read anew: what was asked for may have been one of them.
    """
    hold(application)
    may_or_refuse(by, "applications.edit_application", application)
    missing = checklist.missing_documents(application)
    if missing:
        raise Incomplete(missing)
    profile = application.applicant.student_profile_or_none
    # A profile may have been erased since; then what was frozen when it was handed in stays.
    data = Standing.of(profile).to_snapshot(by, now) if profile else application.profile
    step(application, "answer", now=now, asked_for="", profile=data)
    act = log("application.answered", application, by=by, before="more_info", after=application.state)
    telling.answered(application, act, now)
    return application


@transaction.atomic
def withdraw(*, application: Application, reason: str, by: User, now: datetime) -> Application:
    """Take the application back in any state that is not an end; a place it held goes to the next who waits."""
    hold_round(application.round)
    # All of them: until the application is held, a waiting list may still offer it one that it does not hold now.
    options = hold_options(application.choices.values_list("option", flat=True))
    held = list(application.choices.holding_a_place())  # none comes or goes while all its options are held
    if held:
        waiting.hold_lines([choice.option_id for choice in held], joined_by=application)
    hold(application)
    may_or_refuse(by, "applications.withdraw_application", application)
    before: dict[str, Any] = {"before": application.state}
    step(application, "withdraw", now=now)
    application.choices.update(state=Choice.State.WITHDRAWN)
    log("application.withdrawn", application, by=by, after=application.state, reason=reason, **before)
    telling.withdrawn(application, reason, before["before"], now)
    appealing.end_appeal_of_withdrawn(application, by=by, now=now)
    for choice in held:
        waiting.move_up_waiting(option=options[choice.option_id], now=now)
    return application
