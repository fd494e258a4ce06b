"""Telling people things: a notice and its place in the outbox, in the caller's transaction."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone

from notifications.models import Delivery, Notice, Preference


@transaction.atomic
def notify(*, recipients: Iterable[Any], topic: str, subject: str, body: str, key: str, url: str = "") -> list[Notice]:
    """Tell each of `recipients` once; returns the notices that are new.

    `key` names the event ("offer:412"): telling the same person the same key again does nothing, so a job may run
    twice. Each notice gets its delivery by the person's rhythm for `topic`. Five queries, however many people.
    """
    people = {person.pk: person for person in recipients if person.is_active}
    told = set(Notice.objects.filter(key=key, recipient__in=people).values_list("recipient_id", flat=True))
    Notice.objects.bulk_create(
        [
            Notice(recipient=people[pk], topic=topic, subject=subject[:200], body=body, url=url, key=key)
            for pk in people
            if pk not in told
        ],
        ignore_conflicts=True,
    )
    new = list(Notice.objects.filter(key=key, recipient__in=people.keys() - told).select_related("recipient"))
    rhythms = dict(Preference.objects.filter(user__in=people, topic=topic).values_list("user_id", "rhythm"))
    now = timezone.now()
    Delivery.objects.bulk_create(
        [Delivery(notice=notice, due_at=now, state=_first_state(rhythms.get(notice.recipient_id))) for notice in new],
        ignore_conflicts=True,
    )
    if new:
        _deliver_soon()
    return new


def _first_state(rhythm: str | None) -> str:
    if rhythm == Preference.Rhythm.NEVER:
        return Delivery.State.CANCELLED
    if rhythm in (Preference.Rhythm.DAILY, Preference.Rhythm.WEEKLY):
        return Delivery.State.DIGEST
    return Delivery.State.WAITING


def _deliver_soon() -> None:
    """Wake the deliverer after the commit; beat wakes it anyway, so a broker that is away loses nothing."""
    from notifications.tasks import wake

    transaction.on_commit(wake, robust=True)
