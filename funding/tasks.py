"""Jobs of the clock for funding calls; each may run twice, late, or be killed at any line."""

from celery import shared_task
from django.utils import timezone

from funding import reminders


@shared_task(name="funding.remind")
def remind() -> int:
    """Remind those who follow a call that it opened or closes soon; returns how many were told."""
    return reminders.send_due(timezone.now())
