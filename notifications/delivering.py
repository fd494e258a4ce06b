"""How the outbox empties: claimed one by one by compare-and-set, safe to run twice, late, or to be killed at any line.

A claim is committed before the mail leaves. Who is killed in between leaves a claim that is taken again after
CLAIM_LASTS; the copy then carries the same Message-ID. The claim is part of every compare-and-set here, which is why
`Delivery.move` is not used: a worker that was too slow must not write over the one that took over.
"""

import contextlib
import logging
from datetime import datetime, timedelta

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import F
from django.utils import timezone

from notifications import mails
from notifications.models import Delivery, Letter

logger = logging.getLogger(__name__)

BATCH = 200
MAX_ATTEMPTS = 8
LONGEST_WAIT = timedelta(hours=6)
ROOM_FOR_ERROR = 300


def deliver_batch(now: datetime) -> dict[str, int]:
    """Send up to BATCH due deliveries; returns how many were sent, postponed and given up.

    While the mail server refuses to speak at all nothing is claimed and no attempt is counted: OSError goes up.
    """
    counts = {"sent": 0, "postponed": 0, "given_up": 0}
    due = list(Delivery.objects.due(now).order_by("due_at", "pk").values_list("pk", flat=True)[:BATCH])
    if not due:
        return counts
    # One line for the whole batch: shaking hands anew for each mail takes longer than the mail.
    connection = get_connection()
    connection.open()
    try:
        for pk in due:
            # Not the batch's moment: a batch takes minutes, and CLAIM_LASTS counts from the claim.
            delivery = claim(pk, timezone.now())
            if delivery is not None:
                counts[_deliver(delivery, connection)] += 1
    finally:
        with contextlib.suppress(OSError):
            connection.close()
    return counts


def claim(pk: int, now: datetime) -> Delivery | None:
    """Take the delivery for this worker if it is still due; of several workers exactly one gets it."""
    taken = (
        Delivery.objects.due(now)
        .filter(pk=pk)
        .update(state=Delivery.State.CLAIMED, claimed_at=now, attempts=F("attempts") + 1)
    )
    return Delivery.objects.select_related("notice__recipient", "letter__recipient").get(pk=pk) if taken else None


def _deliver(delivery: Delivery, connection: BaseEmailBackend) -> str:
    """Send a claimed delivery and write down what became of it."""
    if delivery.attempts > MAX_ATTEMPTS:  # workers died over it each time
        return _give_up(delivery, delivery.last_error or "Every attempt was cut short.")
    recipient = delivery.content.recipient
    if recipient and not recipient.is_active:
        return _give_up(delivery, "The account is closed.")
    try:
        message = mails.message_of(delivery)
        message.connection = connection
        message.send()
    # Whatever it is, also a template's: one mail must not hold up all that are due behind it.
    except Exception as error:
        logger.warning("delivery failed", exc_info=True, extra={"delivery": delivery.pk})
        outcome = _try_later(delivery, f"{type(error).__name__}: {error}")
        _reopen(connection)
        return outcome
    _finish(delivery, state=Delivery.State.SENT, sent_at=timezone.now(), last_error="")
    if delivery.letter and delivery.letter.is_secret:
        Letter.objects.filter(pk=delivery.letter_id).update(body="")
    return "sent"


def _try_later(delivery: Delivery, error: str) -> str:
    """After 1, 2, 4, ... minutes, six hours at most; after MAX_ATTEMPTS no more."""
    if delivery.attempts >= MAX_ATTEMPTS:
        return _give_up(delivery, error)
    wait = min(timedelta(minutes=2 ** (delivery.attempts - 1)), LONGEST_WAIT)
    _finish(delivery, state=Delivery.State.WAITING, due_at=timezone.now() + wait, last_error=error[:ROOM_FOR_ERROR])
    return "postponed"


def _give_up(delivery: Delivery, error: str) -> str:
    _finish(delivery, state=Delivery.State.FAILED, last_error=error[:ROOM_FOR_ERROR])
    return "given_up"


def _finish(delivery: Delivery, **changes: object) -> None:
    """Write how it ended, if the claim is still ours."""
    ours = Delivery.objects.filter(pk=delivery.pk, state=Delivery.State.CLAIMED, claimed_at=delivery.claimed_at)
    ours.update(**changes)


def _reopen(connection: BaseEmailBackend) -> None:
    """After a failure the line may be dead; where the server no longer answers, OSError ends the batch."""
    with contextlib.suppress(OSError):
        connection.close()
    connection.open()
