"""The jobs of the outbox; each may run twice, late, or be killed."""

import logging

from celery import shared_task
from django.utils import timezone
from kombu.exceptions import OperationalError

from notifications import searches
from notifications.delivering import BATCH, deliver_batch
from notifications.digests import send_due_digests
from notifications.models import SavedSearch

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
    return f"sent {send_due_digests(timezone.now())}"


@shared_task(name="notifications.look_for_searches")
def look_for_searches() -> str:
    """Ask for a look at every saved search that is due, each in a job of its own: one that fails holds up no other."""
    due = SavedSearch.objects.due(timezone.now()).order_by("looked_at", "pk").values_list("pk", flat=True)
    asked = [look_for_search.delay(search_id=pk) for pk in due]
    return f"looked at {len(asked)}"


@shared_task(name="notifications.look_for_search")
def look_for_search(*, search_id: int) -> int:
    """Look whether one saved search finds something new; returns how many rows it told of."""
    return searches.look_again(search=SavedSearch(pk=search_id), now=timezone.now())
