"""Grant offices write calls and propose them; the secretariat looks through, publishes, sends back, puts away."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from funding.actions import telling
from funding.differences import between, what_matters
from funding.models import Call, CallStage
from members.actions.universities import constraint_as_refusal
from members.acts import Refused, clean_or_refuse, record
from members.models import Field, University, User

OF_THE_STATE = ("state", "state_since", "published_at", "news_at")


@transaction.atomic
def add_call(
    *,
    call: Call,
    stages: Sequence[CallStage] = (),
    fields: Iterable[Field] = (),
    office: University | None,
    by: User,
    now: datetime,
) -> Call:
    """Keep a new call as a draft of `office`, or of the secretariat where None.

    Raises Refused where the model's own checks object.
    """
    call.office, call.state, call.state_since = office, Call.State.DRAFT, now
    call.slug = call.slug or call.free_slug()
    clean_or_refuse(call)
    with constraint_as_refusal(Call):  # two who add the same topic at once both pass the checks
        call.save()
    call.fields.set(fields)
    _keep_stages(call, stages)
    log("call.added", call, by=by, after=call.state)
    return call


@transaction.atomic
def change_call(
    *,
    call: Call,
    version: int,
    stages: Sequence[CallStage] | None = None,
    fields: Iterable[Field] | None = None,
    by: User,
    now: datetime,
) -> Call:
    """Save a changed call over `version`; None leaves stages or fields as they are.

    Where a published call changed in something that matters, its followers are told with both values. Raises Conflict
    when somebody saved in between, Refused where the model's own checks object.
    """
    # Without its key: who follows the call or wants a part writes rows that only point at it, and need not wait.
    stored = Call.objects.select_related("programme").select_for_update(of=("self",), no_key=True).get(pk=call.pk)
    before = what_matters(stored, stored.stages.all())
    for name in OF_THE_STATE:  # a step counts no version up: what was published since `call` was read stays published
        setattr(call, name, getattr(stored, name))
    # After the state was taken over: what is asked of a published call depends on it.
    clean_or_refuse(call)
    _refuse_nothing_to_publish(call, stages)
    with constraint_as_refusal(Call):
        call.save_over(version)
    if fields is not None:
        call.fields.set(fields)
    if stages is not None:
        _keep_stages(call, stages)
    note_change(call=call, before=before, columns=_changed(stored, call), by=by, now=now)
    return call


@transaction.atomic
def note_change(*, call: Call, before: dict[str, str], columns: Sequence[str] = (), by: User, now: datetime) -> None:
    """Write down that a call was changed; `before` is `what_matters` of it, wherever it was changed.

    Where a published call changed in what matters, its followers are told, and the secretariat too unless it did it.
    """
    changes = between(before, what_matters(call, CallStage.objects.filter(call=call)))
    act = log("call.changed", call, by=by, details={"changes": changes, "fields": list(columns)})
    if changes and call.state == Call.State.PUBLISHED:
        Call.objects.filter(pk=call.pk).update(news_at=now)
        telling.changed(call, changes, act, by=by)
        # Asked of the person and not of the office: somebody may sit at both desks.
        if not by.has_perm("funding.publish_call", call):
            telling.changed_by_its_office(call, changes, act, by=by, now=now)


@transaction.atomic
def propose_call(*, call: Call, by: User, now: datetime) -> Call:
    """Hand it to the secretariat. Raises Refused while something is missing, and says what."""
    _refuse_while_missing(call)
    act = _step(call, "propose", by=by, now=now)
    telling.proposed(call, act, now)
    return call


@transaction.atomic
def send_back_call(*, call: Call, reason: str, by: User, now: datetime) -> Call:
    """Give it back to the office that wrote it. Raises Refused without a reason: the office reads it."""
    if not reason.strip():
        raise Refused(_("Say what is missing; the office that proposed it reads this."))
    act = _step(call, "send_back", by=by, now=now, reason=reason.strip())
    telling.sent_back(call, act, now)
    return call


@transaction.atomic
def publish_call(*, call: Call, by: User, now: datetime) -> Call:
    """Show it to everybody. Raises Refused while something is missing, and says what."""
    _refuse_while_missing(call)
    act = _step(call, "publish", by=by, now=now, published_at=now, news_at=now)
    telling.published(call, act, now)
    return call


@transaction.atomic
def archive_call(*, call: Call, by: User, now: datetime) -> Call:
    """Put it away; interests that refer to it keep it. Those who follow a published one are told."""
    act = _step(call, "archive", by=by, now=now)
    if act.before == Call.State.PUBLISHED:
        telling.archived(call, act, by=by)
    return call


@transaction.atomic
def restore_call(*, call: Call, by: User, now: datetime) -> Call:
    """Take it out of the archive, as a draft. Raises Refused where its topic is in the portal again."""
    if call.topic and Call.objects.filter(topic=call.topic).exclude(state=Call.State.ARCHIVED).exists():
        raise Refused(_("A call with this topic code is in the portal already."))
    # The topic may be taken between the question above and this step; then the constraint says the same.
    with constraint_as_refusal(Call):
        _step(call, "restore", by=by, now=now)
    return call


def log(kind: str, call: Call, *, by: User | None, **words: Any) -> models.Model:
    """Write one line of the call's timeline; a deputy's line names whom the deputy acts for."""
    mandate = by.mandate_for(*Call.DESK, university=call.office) if by and call.office_id else None
    return record(kind, call, by=by, on_behalf_of=mandate.on_behalf_of(by) if mandate else None, **words)


def _step(
    call: Call, transition: str, *, by: User, now: datetime, reason: str = "", **changes: datetime
) -> models.Model:
    # Of the row under its lock, not of the copy that a page had read: the log quotes it, and archiving tells by it.
    before = Call.objects.select_for_update(no_key=True).values_list("state", flat=True).get(pk=call.pk)
    if not call.move(transition, state_since=now, **changes):
        raise Refused(_("This call has moved on meanwhile. Look at it again before you go on."))
    return log(f"call.{transition}", call, by=by, before=before, after=call.state, reason=reason)


def _refuse_while_missing(call: Call) -> None:
    """Ask the row as it stands, locked: an edit at the same moment may take the last stage out."""
    stored = Call.objects.select_for_update(no_key=True).get(pk=call.pk)
    missing = stored.missing_to_publish(list(stored.stages.all()))
    if missing:
        raise Refused(_("Still missing: %(missing)s.") % {"missing": ", ".join(missing)})


def _refuse_nothing_to_publish(call: Call, stages: Sequence[CallStage] | None) -> None:
    """A published call keeps what everybody looks for."""
    if call.state == Call.State.PUBLISHED and stages is not None:
        missing = call.missing_to_publish(list(stages))
        if missing:
            raise Refused(_("A published call needs: %(missing)s.") % {"missing": ", ".join(missing)})


def _keep_stages(call: Call, stages: Sequence[CallStage]) -> None:
    """Make `stages` those of the call, numbered from one in their order; rows that stay keep their keys."""
    call.stages.exclude(pk__in=[stage.pk for stage in stages if stage.pk]).delete()
    # In the order of their numbers: each moves down to one that is free by then, as no number may stand twice.
    kept = sorted((stage for stage in stages if stage.pk), key=lambda stage: stage.number)
    for number, stage in enumerate([*kept, *(stage for stage in stages if not stage.pk)], start=1):
        stage.call, stage.number = call, number
        clean_or_refuse(stage)
        stage.save()


def _changed(before: Call, after: Call) -> list[str]:
    """The names of the columns in which two states of a call differ."""
    return [
        field.name
        for field in Call._meta.concrete_fields
        if field.name not in ("version", "news_at") and getattr(before, field.attname) != getattr(after, field.attname)
    ]
