"""What of this room has an end: notices long read, letters long delivered, mail the demo caught, jobs no longer run."""

from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from members.retention import Kept, register_retention
from notifications.models import CaughtMail, Delivery, JobRun, Letter, Notice


def told_notices(before: datetime) -> QuerySet:
    """Old ones that no longer wait to be mailed."""
    return Notice.objects.filter(created_at__lt=before).exclude(
        pk__in=Delivery.objects.filter(notice__isnull=False, state__in=Delivery.State.not_over).values("notice")
    )


def sent_letters(before: datetime) -> QuerySet:
    return Letter.objects.filter(
        pk__in=Delivery.objects.filter(Q(sent_at__lt=before) | Q(state=Delivery.State.CANCELLED)).values("letter"),
        created_at__lt=before,
    )


def register() -> None:
    register_retention(
        Kept(
            key="notifications.notices", title=_("Notices that were told"), days=730, at_least=90,
            why=_("What happened stands on the thing itself; a notice only pointed there."), over=told_notices,
        ),
        Kept(
            key="notifications.letters", title=_("E-mails that were sent"), days=90, at_least=14,
            why=_("They are in the reader's mailbox; here they answer the question whether they left."),
            over=sent_letters,
        ),
        Kept(
            key="notifications.caught", title=_("E-mails that the demo caught"), days=30, at_least=1,
            why=_("They are for looking at the demo."),
            over=lambda before: CaughtMail.objects.filter(caught_at__lt=before),
        ),
        Kept(
            key="notifications.jobs", title=_("Last runs of jobs that no longer run"), days=90, at_least=30,
            why=_("A job that was taken away leaves its last run behind."),
            over=lambda before: JobRun.objects.filter(started_at__lt=before),
        ),
    )  # fmt: skip
