"""The jobs of the outbox; each may run twice, late, or be killed."""

import logging

from celery import shared_task
from django.utils import timezone
from kombu.exceptions import OperationalError

from notifications.delivering import BATCH, deliver_batch
from notifications.digests import send_due_digests

logger = logging.getLogger(__name__)


def wake() -> None:
    """Ask a worker to look into the outbox now; a broker that is away is no harm, since the clock asks again."""
    try:
        deliver_due.apply_async(retry=False)
    except (OperationalError, OSError) as error:
        logger.warning("the broker is away; the outbox waits for the clock: %s", error)


@shared_task(name="notifications.deliver_due")
def deliver_due() -> str:
    """Send what is due; where a batch was full, ask for the next one."""
    counts = deliver_batch(timezone.now())
    if sum(counts.values()) >= BATCH:
        wake()
    return "sent {sent}, postponed {postponed}, given up {given_up}".format(**counts)


@shared_task(name="notifications.send_digests")
def send_digests() -> str:
    """Put the digests that are due into the outbox."""
    return f"{send_due_digests(timezone.now())} digests"
