"""Telling people things: a notice and its place in the outbox, in the caller's transaction; and how people want it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from members.acts import Refused, record
from notifications.models import Delivery, Letter, Notice, Preference


@dataclass(frozen=True, kw_only=True)
class Message:
    """What one person is told; `key` names the event ("offer:412"), and nobody is told the same event twice."""

    recipient: Any
    subject: str
    body: str
    key: str
    url: str = ""

    @property
    def name(self) -> tuple[int, str]:
        return self.recipient.pk, self.key


def notify(*, recipients: Iterable[Any], topic: str, subject: str, body: str, key: str, url: str = "") -> list[Notice]:
    """Tell each of `recipients` the same, once; returns the notices that are new. See `notify_each`."""
    return notify_each(
        topic=topic,
        messages=[Message(recipient=each, subject=subject, body=body, key=key, url=url) for each in recipients],
    )


@transaction.atomic
def notify_each(*, messages: Iterable[Message], topic: str) -> list[Notice]:
    """Tell each their own words, once; returns the notices that are new.

    Telling the same person the same key again does nothing, so a job may run twice. Each notice gets its delivery by
    the person's rhythm for `topic`. Five queries, however many messages.
    """
    wanted = {message.name: message for message in messages if message.recipient.is_active}
    people, keys = {person for person, _key in wanted}, {key for _person, key in wanted}
    about = Notice.objects.filter(key__in=keys, recipient__in=people)
    told = set(about.values_list("recipient_id", "key"))
    Notice.objects.bulk_create(
        [
            Notice(recipient=m.recipient, topic=topic, subject=m.subject[:200], body=m.body, url=m.url, key=m.key)
            for name, m in wanted.items()
            if name not in told
        ],
        ignore_conflicts=True,  # somebody else may be telling the same: the constraint decides who does
    )
    untold = wanted.keys() - told
    # Read again: with conflicts ignored Django cannot say which rows it wrote, nor their keys.
    new = [n for n in about.select_related("recipient") if (n.recipient_id, n.key) in untold]
    rhythms = dict(Preference.objects.filter(user__in=people, topic=topic).values_list("user_id", "rhythm"))
    now = timezone.now()
    Delivery.objects.bulk_create(
        [Delivery(notice=notice, due_at=now, state=_first_state(rhythms.get(notice.recipient_id))) for notice in new],
        ignore_conflicts=True,
    )
    if new:
        deliver_soon()
    return new


@transaction.atomic
def write_letter(
    *, address: str, subject: str, body: str, key: str, url: str = "", is_secret: bool = False
) -> Letter | None:
    """Put one e-mail to an address without an account into the outbox; the same key again does nothing."""
    content = {"subject": subject[:200], "body": body, "url": url, "is_secret": is_secret}
    letter, made = Letter.objects.get_or_create(address=address, key=key, defaults=content)
    if not made:
        return None
    Delivery.objects.create(letter=letter, due_at=timezone.now(), state=Delivery.State.WAITING)
    deliver_soon()
    return letter


def mark_read(*, notices: Any, now: datetime) -> int:
    """Mark the unread ones of `notices` (a QuerySet of one person's) as read; returns how many there were."""
    return notices.unread().update(read_at=now)


@transaction.atomic
def set_rhythms(*, user: Any, rhythms: Mapping[str, str], now: datetime) -> None:
    """Keep how `user` wants to hear of each topic; what already waits follows the new choice."""
    wished = [Preference(user=user, topic=topic, rhythm=rhythm) for topic, rhythm in rhythms.items()]
    Preference.objects.bulk_create(
        wished, update_conflicts=True, unique_fields=["user", "topic"], update_fields=["rhythm"]
    )
    for topic, rhythm in rhythms.items():
        _apply_to_what_waits(user, topic, rhythm, now)
    deliver_soon()


def _apply_to_what_waits(user: Any, topic: str, rhythm: str, now: datetime) -> None:
    """E-mails not yet sent: dropped, let go at once, or held for the digest."""
    state = Delivery.State
    waiting = Delivery.objects.filter(
        notice__recipient=user, notice__topic=topic, state__in=[state.WAITING, state.DIGEST]
    )
    changes: dict[str, Any] = {"state": _first_state(rhythm)}
    if rhythm == Preference.Rhythm.AT_ONCE:
        # What waits already keeps its time: a mail put off by a failure must not come sooner for this.
        waiting = waiting.filter(state=state.DIGEST)
        changes["due_at"] = now
    waiting.update(**changes)


@transaction.atomic
def retry(*, delivery: Delivery, by: Any, now: datetime) -> Delivery:
    """Try a delivery that was given up again, from its first attempt. Raises Refused when it was not given up."""
    if not delivery.move("retry", due_at=now, attempts=0):
        raise Refused(_("Only a delivery that was given up can be tried again."))
    record("delivery.tried_again", delivery, by=by)
    deliver_soon()
    return delivery


@transaction.atomic
def cancel(*, delivery: Delivery, by: Any, reason: str) -> Delivery:
    """Keep a mail that has not left from leaving; the notice in the portal stays. Raises Refused when it has left."""
    if not delivery.move("cancel"):
        raise Refused(_("It is being sent, or has left already."))
    record("delivery.cancelled", delivery, by=by, reason=reason)
    return delivery


def _first_state(rhythm: str | None) -> str:
    if rhythm == Preference.Rhythm.NEVER:
        return Delivery.State.CANCELLED
    if rhythm in (Preference.Rhythm.DAILY, Preference.Rhythm.WEEKLY):
        return Delivery.State.DIGEST
    return Delivery.State.WAITING


def deliver_soon() -> None:
    """Wake the deliverer after the commit; beat wakes it anyway, so a broker that is away loses nothing."""
    from notifications.tasks import wake

    transaction.on_commit(wake, robust=True)
