"""SIGTERM: web finishes what it was asked, the worker its job, beat goes at once; a job cut short is done again.

A lock on a table, held by the test, is what makes a request or a job take as long as it must.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.request import urlopen

import psycopg
import pytest
from redis import Redis

from cluster_portal.stack.portal import is_served
from cluster_portal.stack.redis import free_port
from notifications.models import JobRun
from tests.stack.programs import Process, Programs, ask_to_stop, kill, programs

WAITING = """
    SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
    WHERE datname = current_database() AND NOT granted
"""


@pytest.fixture
def running(house: dict[str, str], tmp_path: Path) -> Iterator[Programs]:
    with Redis.from_url(house["REDIS_URL"]) as queue:
        queue.flushall()
    with programs({**house, "EMAIL_URL": "dummymail://"}, tmp_path) as started:
        yield started


class Lock:
    """Nobody reads `table` until it is released."""

    def __init__(self, connection: psycopg.Connection, table: str) -> None:
        self.connection = connection
        self.connection.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")

    @property
    def is_felt(self) -> bool:
        return self.connection.execute(WAITING).fetchone()[0] > 0

    def release(self) -> None:
        self.connection.rollback()


@pytest.fixture
def connection(house: dict[str, str]) -> Iterator[psycopg.Connection]:
    with psycopg.connect(house["DATABASE_URL"]) as opened:
        yield opened


def job_in_hand(running: Programs, lock: Lock) -> tuple[Process, str]:
    """A worker in the middle of a job of the clock, and the job's name; the clock is stopped."""
    JobRun.objects.all().delete()
    worker, beat = running.worker("only"), running.beat("clock")
    running.until(lambda: lock.is_felt, "a job is in the worker's hand")
    ask_to_stop(beat)
    assert beat.wait() == 0
    return worker, JobRun.objects.get(ended_at=None).name


def has_ended(name: str) -> bool:
    return JobRun.objects.filter(name=name, ended_at__isnull=False, is_good=True).exists()


def test_web_answers_what_it_was_asked_before_it_stops(connection: psycopg.Connection, running: Programs) -> None:
    port = free_port()
    web = running.web(port)
    running.until(lambda: is_served(port), "web answers")
    lock = Lock(connection, "members_university")

    with ThreadPoolExecutor() as visitors:
        page = visitors.submit(lambda: urlopen(f"http://127.0.0.1:{port}/universities/", timeout=120).status)
        running.until(lambda: lock.is_felt, "a page is being made")
        ask_to_stop(web)
        running.until(lambda: not is_served(port), "nothing new is taken")
        lock.release()

        assert page.result() == 200
    assert web.wait() == 0


def test_worker_finishes_its_job_before_it_stops(connection: psycopg.Connection, running: Programs) -> None:
    lock = Lock(connection, "notifications_delivery")
    worker, name = job_in_hand(running, lock)

    ask_to_stop(worker)
    running.until(lambda: "Warm shutdown" in running.said(), "the worker has heard it")
    lock.release()

    assert worker.wait() == 0
    assert has_ended(name)


def test_job_of_a_killed_worker_is_done_by_another(
    house: dict[str, str], connection: psycopg.Connection, running: Programs
) -> None:
    lock = Lock(connection, "notifications_delivery")
    worker, name = job_in_hand(running, lock)

    kill(worker)
    lock.release()
    with Redis.from_url(house["REDIS_URL"]) as queue:
        queue.delete("celery")  # what waits is not in question, only what was in the worker's hand
    assert not has_ended(name)
    running.worker("another")

    running.until(lambda: has_ended(name), "another worker does it")
