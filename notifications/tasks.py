"""Delivering notices: claimed one by one, safe to run twice, late, or to be killed at any line."""

from celery import shared_task


def wake() -> None:
    """Ask a worker to look into the outbox now."""
    deliver_due.delay()


@shared_task(name="notifications.deliver_due")
def deliver_due() -> None:
    """Send what is due."""
