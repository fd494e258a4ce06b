"""Two webs, two workers and, by mistake, two beats share one database and one Redis (docs/operations.md, Scaling)."""

import asyncio
import re
import threading
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes
from http.cookiejar import CookieJar
from typing import Any
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

import psutil
import pytest
from aiosmtpd.controller import Controller
from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.db.models import F
from django.utils import timezone

from applications.models import Round
from cluster_portal.stack.portal import is_served
from cluster_portal.stack.redis import free_port
from members.models import Act, Role, User
from notifications.models import CLAIM_LASTS, Delivery, JobRun, Notice, Topic
from tests.factories.applications import RoundFactory
from tests.factories.members import MandateFactory, UserFactory
from tests.stack.programs import Process, Programs, kill, programs

PASSWORD = "two-of-each-please"
TOKEN = "read-the-figures-of-two-of-each"
NOTICES = 200
HELD = 50  # so many mails have arrived when a worker is killed with the next one in its hand


class Postbox:
    """The mail server: remembers what it took, and can hold one mail without saying that it took it."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, str]] = []
        self.hold_after: int | None = None
        self.held = threading.Event()
        self.let_go = threading.Event()
        self.port_of_the_held = 0

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        if self.hold_after == len(self.taken) and not self.held.is_set():
            self.port_of_the_held = session.peer[1]
            self.held.set()
            await asyncio.to_thread(self.let_go.wait)
            return "451 Not taken"
        self.taken.append((envelope.rcpt_tos[0], message_from_bytes(envelope.content)["Message-ID"]))
        return "250 Kept"


class TwoOfEach:
    """The running portal: two webs on their ports, two workers, two beats, one postbox."""

    def __init__(self, running: Programs, postbox: Postbox) -> None:
        self.running, self.postbox = running, postbox
        self.until = running.until
        self.webs = {port: running.web(port) for port in (free_port(), free_port())}
        self.workers = {name: running.worker(name) for name in ("left", "right")}
        self.beats = {name: running.beat(name) for name in ("hour", "minute")}

    def mend(self) -> None:
        """Start again what a test killed, and wait until all is there."""
        for place, begin in ((self.webs, self.running.web), (self.workers, self.running.worker)):
            for name, program in place.items():
                if program.poll() is not None:
                    place[name] = begin(name)
        for port in self.webs:
            self.until(lambda port=port: is_served(port), f"web at {port} answers")

    def worker_that_speaks_from(self, port: int) -> Process:
        """Which worker's processes hold the line to the mail server that begins at `port`."""
        for worker in self.workers.values():
            first = psutil.Process(worker.pid)
            for process in [first, *first.children(recursive=True)]:
                if any(line.laddr.port == port for line in process.net_connections("tcp4")):
                    return worker
        raise AssertionError(f"Nobody speaks from port {port}.")


@pytest.fixture(scope="module")
def started(house: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[TwoOfEach]:
    postbox = Postbox()
    mail = Controller(postbox, hostname="127.0.0.1", port=free_port(), enable_SMTPUTF8=True)
    mail.start()
    folder = tmp_path_factory.mktemp("programs")
    with programs({**house, "EMAIL_URL": f"smtp://127.0.0.1:{mail.port}", "METRICS_TOKEN": TOKEN}, folder) as running:
        yield TwoOfEach(running, postbox)
    mail.stop()


@pytest.fixture
def portal(started: TwoOfEach) -> TwoOfEach:
    started.mend()
    return started


class Browser:
    """Somebody with one jar of cookies, who asks now one web and now the other."""

    def __init__(self) -> None:
        self.opener: OpenerDirector = build_opener(HTTPCookieProcessor(CookieJar()))

    def get(self, port: int, path: str) -> tuple[str, str]:
        """The path one ends at, and the page."""
        with self.opener.open(f"http://127.0.0.1:{port}{path}", timeout=60) as answer:
            return answer.url.partition(str(port))[2], answer.read().decode()

    def post(self, port: int, path: str, **fields: str) -> None:
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self.get(port, path)[1])[1]
        content = urlencode({**fields, "csrfmiddlewaretoken": token}).encode()
        self.opener.open(f"http://127.0.0.1:{port}{path}", content, timeout=60).close()


def somebody() -> User:
    person = UserFactory(verified=True)
    person.password = PBKDF2PasswordHasher().encode(PASSWORD, "salt", iterations=1)  # the webs hash as in production
    person.save()
    return person


def write_notices(key: str) -> None:
    """One due notice to each of many people, written in one piece."""
    people = User.objects.bulk_create(User(email=f"{key}{n}@notices.example") for n in range(NOTICES))
    notices = Notice.objects.bulk_create(
        Notice(recipient=person, topic=Topic.SYSTEM, subject="Once", body="Only once.", key=key) for person in people
    )
    Delivery.objects.bulk_create(Delivery(notice=notice, due_at=timezone.now()) for notice in notices)


def mails_about(portal: TwoOfEach, key: str) -> list[str]:
    return sorted(address for address, _ in portal.postbox.taken if address.startswith(key))


def everybody(key: str) -> list[str]:
    return sorted(f"{key}{n}@notices.example" for n in range(NOTICES))


def left(key: str) -> int:
    return Delivery.objects.filter(notice__key=key).exclude(state=Delivery.State.SENT).count()


def test_session_of_one_web_is_valid_at_the_other_and_outlives_the_first(portal: TwoOfEach) -> None:
    one, other = portal.webs
    person, browser = somebody(), Browser()

    browser.post(one, "/accounts/login/", login=person.email, password=PASSWORD)
    at_the_other, _ = browser.get(other, "/dashboard/")
    kill(portal.webs[one])
    after_the_stop, _ = browser.get(other, "/dashboard/")
    browser.post(other, "/accounts/logout/")
    signed_out, _ = browser.get(other, "/dashboard/")

    assert not is_served(one)
    assert (at_the_other, after_the_stop, signed_out) == (
        "/dashboard/",
        "/dashboard/",
        "/accounts/login/?next=/dashboard/",
    )


def test_figures_of_a_web_outlive_the_process_that_counted_them(portal: TwoOfEach) -> None:
    port, web = next(iter(portal.webs.items()))
    before = visits_counted_at(port)

    Browser().get(port, "/about/data/")
    [process] = psutil.Process(web.pid).children()
    process.kill()
    portal.until(lambda: is_served(port), "the web makes a new process")
    Browser().get(port, "/about/data/")

    assert visits_counted_at(port) == before + 2


def visits_counted_at(port: int) -> int:
    reader = Browser()
    reader.opener.addheaders = [("Authorization", f"Bearer {TOKEN}")]
    _, figures = reader.get(port, "/metrics")
    counted = re.search(r'portal_requests_total{method="GET",status="200",view="about_data"} ([0-9.]+)', figures)
    return int(float(counted[1])) if counted else 0


def test_two_workers_deliver_each_notice_once(portal: TwoOfEach) -> None:
    write_notices("calm")

    portal.until(lambda: not left("calm"), "every notice is delivered")

    assert mails_about(portal, "calm") == everybody("calm")


def test_worker_killed_with_a_mail_in_hand_loses_nothing_and_repeats_nothing(portal: TwoOfEach) -> None:
    postbox = portal.postbox
    postbox.hold_after = len(postbox.taken) + HELD
    write_notices("killed")
    portal.until(postbox.held.is_set, "a worker has a mail in its hand")

    kill(portal.worker_that_speaks_from(postbox.port_of_the_held))
    postbox.let_go.set()
    portal.until(lambda: left("killed") == 1, "the other worker delivers the rest")
    in_hand = Delivery.objects.filter(notice__key="killed", state=Delivery.State.CLAIMED)
    in_hand.update(claimed_at=F("claimed_at") - CLAIM_LASTS - timedelta(seconds=1))  # ten minutes go by
    portal.until(lambda: not left("killed"), "what the killed worker had in hand is delivered")

    assert mails_about(portal, "killed") == everybody("killed")
    assert len({number for _, number in postbox.taken}) == len(postbox.taken)


def test_two_clocks_close_a_round_once_and_tell_of_it_once(portal: TwoOfEach) -> None:
    coordinator = MandateFactory(role=Role.EXCHANGE)
    round = RoundFactory(overdue=True, university=coordinator.university)
    told = f"{coordinator.person.email}"

    portal.until(lambda: Round.objects.get(pk=round.pk).state == Round.State.CLOSED, "the round closes")
    rounds_of_the_clock_since(portal, timezone.now())

    assert Act.objects.filter(kind="round.closed").count() == 1
    assert mails_about(portal, told) == [told]


def rounds_of_the_clock_since(portal: TwoOfEach, moment: Any) -> None:
    """Every job of both clocks has begun and ended again after `moment`, and the outbox is empty."""
    portal.until(
        lambda: (
            JobRun.objects.filter(started_at__gt=moment, ended_at__gt=F("started_at")).count()
            == len(settings.CELERY_BEAT_SCHEDULE)
        ),
        "every job runs again",
    )
    portal.until(lambda: not Delivery.objects.due(timezone.now()).exists(), "the outbox is empty")
