"""What is, read when somebody asks: the outbox, the jobs of the clock, the queue, rounds that close soon.

The same from every web process, so a monitoring server takes one of them (`max`). While the database is away only that
is said.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from celery.schedules import maybe_schedule
from django.conf import settings
from django.db import DatabaseError
from prometheus_client.core import GaugeMetricFamily
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from applications.models import Round
from notifications.models import Delivery, JobRun

SOON = timedelta(hours=24)
QUEUE = "celery"  # the name under which Celery keeps the jobs that wait


class State:
    """A collector of prometheus_client; `now` is the moment it tells of."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def collect(self) -> Iterator[GaugeMetricFamily]:
        yield from _queue()
        is_up = GaugeMetricFamily("portal_database_up", "1 while PostgreSQL answers.")
        try:
            figures = [*self._outbox(), *self._jobs(), *self._rounds()]
        except DatabaseError:
            figures = []
        is_up.add_metric([], float(bool(figures)))
        yield is_up
        yield from figures

    def _outbox(self) -> Iterator[GaugeMetricFamily]:
        found = Delivery.objects.counted(self.now)
        deliveries = GaugeMetricFamily(
            "portal_outbox_deliveries",
            "E-mails not sent yet: waiting, held for a digest, late by ten minutes, given up.",
            labels=["state"],
        )
        for state, count in found.items():
            deliveries.add_metric([state], count)
        yield deliveries
        oldest = Delivery.objects.due(self.now).order_by("due_at").values_list("due_at", flat=True).first()
        age = (self.now - oldest).total_seconds() if oldest else 0
        yield GaugeMetricFamily("portal_outbox_oldest_seconds", "How long the oldest due e-mail waits.", value=age)

    def _jobs(self) -> Iterator[GaugeMetricFamily]:
        began = GaugeMetricFamily("portal_job_start_timestamp_seconds", "When a job last began.", labels=["job"])
        good = GaugeMetricFamily("portal_job_good", "1 when its last run ended well, or runs.", labels=["job"])
        took = GaugeMetricFamily("portal_job_seconds", "How long its last run took.", labels=["job"])
        late = GaugeMetricFamily("portal_job_late_seconds", "How long its next run is overdue.", labels=["job"])
        periods = {entry["task"]: entry["schedule"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
        failed = 0
        for run in JobRun.objects.filter(name__in=periods):
            began.add_metric([run.name], run.started_at.timestamp())
            good.add_metric([run.name], float(run.is_good))
            failed += not run.is_good
            if run.ended_at:
                took.add_metric([run.name], (run.ended_at - run.started_at).total_seconds())
            late.add_metric([run.name], overdue(periods[run.name], run.started_at, self.now).total_seconds())
        yield from (began, good, took, late)
        yield GaugeMetricFamily("portal_jobs_failed", "Jobs of the clock whose last run failed.", value=failed)

    def _rounds(self) -> Iterator[GaugeMetricFamily]:
        closing = Round.objects.open_at(self.now).filter(closes_at__lte=self.now + SOON).count()
        yield GaugeMetricFamily("portal_rounds_closing_soon", "Open rounds that close within 24 hours.", value=closing)
        overdue_rounds = Round.objects.due_to_close(self.now).count()
        yield GaugeMetricFamily(
            "portal_rounds_overdue", "Rounds past their end that the clock has not closed yet.", value=overdue_rounds
        )


def overdue(schedule: object, began: datetime, now: datetime) -> timedelta:
    """How long after its time a job is at `now` that last began at `began`; zero while it is not due."""
    plan = maybe_schedule(schedule)
    # Else Celery asks the clock of its own, and the figures of one answer would be of several moments.
    plan.nowfun = lambda: now
    return max(-plan.remaining_estimate(began), timedelta())


def _queue() -> Iterator[GaugeMetricFamily]:
    # A monitoring server gives up after seconds, and would then hear nothing of all the rest.
    quick = {"socket_connect_timeout": 1, "socket_timeout": 1, "retry": Retry(NoBackoff(), 0)}
    try:
        with Redis.from_url(settings.REDIS_URL, **quick) as client:
            length = client.llen(QUEUE)
    except (RedisError, OSError):
        yield GaugeMetricFamily("portal_redis_up", "1 while Redis answers.", value=0)
        return
    yield GaugeMetricFamily("portal_redis_up", "1 while Redis answers.", value=1)
    yield GaugeMetricFamily("portal_queue_jobs", "Jobs that wait for a worker.", value=length)
