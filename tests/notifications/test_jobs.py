"""The jobs of the clock, the broker that is away, and the mail catcher."""

import os
import smtplib
import subprocess
import sys

import pytest
from aiosmtpd.controller import Controller
from celery import shared_task
from django.core import mail
from django.core.management import CommandError, call_command

from cluster_portal.stack.redis import free_port
from notifications import jobs, tasks
from notifications.catching import Catcher, keep
from notifications.models import CaughtMail, Delivery, JobRun, Letter
from tests.factories.notifications import DeliveryFactory


@pytest.mark.django_db
def test_deliver_due_sends_and_writes_its_run():
    DeliveryFactory()

    tasks.deliver_due.apply()

    run = JobRun.objects.get(name="notifications.deliver_due")
    assert (run.is_good, run.result) == (True, "sent 1, postponed 0, given up 0")
    assert len(mail.outbox) == 1


@pytest.mark.django_db
def test_deliver_due_mail_server_away_is_written(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    DeliveryFactory()

    tasks.deliver_due.apply(throw=False)

    run = JobRun.objects.get()
    assert (run.is_good, run.result.split(":")[0]) == (False, "ConnectionRefusedError")
    assert Delivery.objects.get().state == Delivery.State.WAITING


@pytest.mark.django_db
def test_deliver_due_full_batch_asks_for_the_next(monkeypatch):
    monkeypatch.setattr(tasks, "BATCH", 2)
    monkeypatch.setattr("notifications.delivering.BATCH", 2)
    DeliveryFactory.create_batch(5)

    tasks.deliver_due.apply()

    assert len(mail.outbox) == 5


@pytest.mark.django_db
def test_send_digests_counts_them():
    DeliveryFactory(held=True, notice__recipient__time_zone="Europe/Stockholm")

    tasks.send_digests.apply()

    assert JobRun.objects.get().result == "sent 0"
    assert not Letter.objects.exists()


def test_wake_broker_away_is_no_harm():
    program = "import django; django.setup(); from notifications.tasks import wake; wake(); print('went on')"
    surroundings = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "cluster_portal.settings",
        "REDIS_URL": "redis://127.0.0.1:1/0",
    }

    ended = subprocess.run(
        [sys.executable, "-c", program], env=surroundings, capture_output=True, text=True, timeout=60, check=True
    )

    assert ended.stdout == "went on\n"
    assert "the broker is away" in ended.stderr


@pytest.mark.django_db
def test_jobs_result_longer_than_its_room_is_cut():
    jobs.begin(tasks.deliver_due)

    jobs.end(tasks.deliver_due, retval="x" * 400, state="SUCCESS")

    assert JobRun.objects.get().result == "x" * 300


@pytest.mark.django_db
def test_jobs_failure_of_before_is_over_once_it_works():
    jobs.begin(tasks.deliver_due)
    jobs.end(tasks.deliver_due, retval=OSError("refused"), state="FAILURE")

    tasks.deliver_due.apply()

    assert JobRun.objects.get().is_good


@pytest.mark.django_db
def test_jobs_only_those_of_the_clock_are_written():
    @shared_task(name="tests.once")
    def once():
        return 1

    once.apply()

    assert not JobRun.objects.exists()


# the mail catcher


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"Subject: Hi\r\n\r\nGo to http://x/\r\n", "Go to http://x/"),
        (b"Subject: Hi\r\nContent-Type: text/html\r\n\r\n<p>Go <b>there</b></p>", "Go there"),
        (b"Subject: Hi\r\n\r\nnul \x00 here", "nul  here"),
        (b"Subject: Hi\r\nContent-Type: application/pdf\r\n\r\n%PDF", ""),
        (b"", ""),
    ],
)
def test_keep_any_mail_as_text(content, text):
    assert keep("portal@demo.example", ["anna@kth.se"], content).text.strip() == text


@pytest.mark.django_db
def test_keep_long_and_folded_subject():
    kept = keep("a@b.example", ["anna@kth.se"], b"Subject: " + b"very " * 100 + b"long\r\n\r\nHi")

    assert len(kept.subject) == 300


@pytest.mark.django_db(transaction=True)
def test_catcher_keeps_what_arrives_by_smtp():
    controller = Controller(Catcher(), hostname="127.0.0.1", port=free_port(), enable_SMTPUTF8=True)
    controller.start()
    try:
        with smtplib.SMTP("127.0.0.1", controller.port, timeout=10) as line:
            line.sendmail("portal@demo.example", ["anna@kth.se", "bo@kth.se"], "Subject: Welcome\r\n\r\nGood day")
    finally:
        controller.stop()

    caught = CaughtMail.objects.get()
    assert (caught.subject, caught.to, caught.text.strip()) == ("Welcome", "anna@kth.se, bo@kth.se", "Good day")


def test_mail_catcher_only_in_the_demo(settings):
    settings.DEMO = False

    with pytest.raises(CommandError, match="only in the demo"):
        call_command("mail_catcher")
