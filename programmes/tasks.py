"""Jobs of the clock of this room. Each may run twice, late, or be killed at any line."""

from celery import shared_task
from django.utils import timezone

from programmes.cotutelles import reminders


@shared_task(name="programmes.remind")
def remind() -> int:
    """Remind of cotutelles that wait too long, and of planned ends; returns how many people were told."""
    return reminders.send_due(timezone.now())
