"""Jobs of the clock: remind who comes, and let waiting lists move up that a killed process left behind.

Each may run twice, late, or be killed at any line: a reminder carries a key that can be told once.
"""

from celery import shared_task
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from policy import actions, reminders
from policy.models import Event, Registration


@shared_task(name="policy.remind")
def remind() -> int:
    """Remind of events that begin within a week, and within a day; returns how many people were told."""
    return reminders.send_due(timezone.now())


@shared_task(name="policy.fill_free_places")
def fill_free_places() -> int:
    """Mend what was left behind: a free place somebody waits for. Returns how many people moved up."""
    now = timezone.now()
    waited_for = Exists(Registration.objects.waiting().filter(event=OuterRef("pk")))
    rows = Event.objects.filter(waited_for, state=Event.State.PUBLISHED, ends_at__gte=now).with_registrations()
    free = rows.filter(Q(quota__isnull=True) | Q(taken__lt=F("quota"))).order_by("pk")
    return sum(len(actions.fill_free_places(event=event, now=now)) for event in free)
