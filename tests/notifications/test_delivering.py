"""The outbox on good and on bad days, with a real mail server on this machine where its answers matter."""

import threading
from datetime import timedelta

import pytest
from aiosmtpd.controller import Controller
from django.core import mail
from django.db import connection
from django.utils import timezone

from cluster_portal.stack.redis import free_port
from notifications import delivering
from notifications.delivering import claim, deliver_batch
from notifications.models import CLAIM_LASTS, Delivery
from tests.factories.members import UserFactory
from tests.factories.notifications import DeliveryFactory

State = Delivery.State


class Server:
    """Answers each recipient with `answers[address]`, else takes the mail; remembers the Message-IDs it took."""

    def __init__(self):
        self.answers = {}
        self.taken = []

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 - aiosmtpd's name
        answer = self.answers.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's name
        lines = envelope.content.decode().splitlines()
        self.taken.append(next(line for line in lines if line.startswith("Message-ID:")))
        return "250 Kept"


@pytest.fixture
def mail_server(settings):
    server = Server()
    controller = Controller(server, hostname="127.0.0.1", port=free_port())
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = controller.port
    yield server
    controller.stop()


@pytest.fixture
def no_mail_server(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = 1  # nobody listens there


@pytest.mark.django_db
def test_deliver_batch_run_twice_sends_once():
    delivery = DeliveryFactory()

    first, second = deliver_batch(timezone.now()), deliver_batch(timezone.now())

    delivery.refresh_from_db()
    assert (first["sent"], second["sent"], len(mail.outbox)) == (1, 0, 1)
    assert (delivery.state, delivery.attempts, delivery.sent_at is None) == (State.SENT, 1, False)


@pytest.mark.django_db
@pytest.mark.parametrize("situation", [{"held": True}, {"claimed": True}, {"given_up": True}, {"state": "cancelled"}])
def test_deliver_batch_what_is_not_due_stays(situation):
    DeliveryFactory(**situation)

    assert deliver_batch(timezone.now()) == {"sent": 0, "postponed": 0, "given_up": 0}


@pytest.mark.django_db
def test_deliver_batch_later_is_later():
    DeliveryFactory(due_at=timezone.now() + timedelta(minutes=5))

    assert deliver_batch(timezone.now())["sent"] == 0
    assert deliver_batch(timezone.now() + timedelta(minutes=6))["sent"] == 0  # claiming asks the clock again
    assert mail.outbox == []


@pytest.mark.django_db
def test_deliver_batch_server_away_loses_nothing_and_counts_no_attempt(no_mail_server):
    delivery = DeliveryFactory()

    with pytest.raises(OSError, match="refused"):
        deliver_batch(timezone.now())

    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == (State.WAITING, 0)


@pytest.mark.django_db
def test_deliver_batch_one_refused_recipient_does_not_hold_up_the_others(mail_server):
    refused, taken = DeliveryFactory(), DeliveryFactory(of_letter=True)
    mail_server.answers[refused.address] = "450 Mailbox busy"

    counts = deliver_batch(timezone.now())

    refused.refresh_from_db()
    taken.refresh_from_db()
    assert counts == {"sent": 1, "postponed": 1, "given_up": 0}
    assert (refused.state, taken.state) == (State.WAITING, State.SENT)
    assert "Mailbox busy" in refused.last_error
    assert refused.due_at > timezone.now()


@pytest.mark.django_db
def test_deliver_batch_waits_longer_each_time_and_gives_up_at_last(mail_server):
    delivery = DeliveryFactory()
    mail_server.answers[delivery.address] = "550 No such mailbox"
    waits = []

    for _attempt in range(delivering.MAX_ATTEMPTS):
        Delivery.objects.update(due_at=timezone.now())
        deliver_batch(timezone.now())
        delivery.refresh_from_db()
        waits.append(round((delivery.due_at - timezone.now()) / timedelta(minutes=1)))

    assert waits[:-1] == [1, 2, 4, 8, 16, 32, 64]
    assert delivery.state == State.FAILED
    assert "No such mailbox" in delivery.last_error


@pytest.mark.django_db
def test_deliver_batch_worker_killed_between_claim_and_send(mail_server):
    delivery = DeliveryFactory()
    claim(delivery.pk, timezone.now())  # and the worker dies

    soon = deliver_batch(timezone.now())
    Delivery.objects.update(claimed_at=timezone.now() - CLAIM_LASTS)
    after = deliver_batch(timezone.now())

    assert (soon["sent"], after["sent"], len(mail_server.taken)) == (0, 1, 1)


@pytest.mark.django_db
def test_deliver_batch_worker_killed_after_sending_sends_a_copy_with_the_same_id(mail_server):
    delivery = DeliveryFactory()
    deliver_batch(timezone.now())
    Delivery.objects.update(state=State.CLAIMED, claimed_at=timezone.now() - CLAIM_LASTS)  # it died before writing so

    deliver_batch(timezone.now())

    assert len(mail_server.taken) == 2
    assert set(mail_server.taken) == {f"Message-ID: <notice.{delivery.notice.reference}@demo.example>"}


@pytest.mark.django_db
def test_deliver_batch_what_kills_every_worker_is_given_up():
    delivery = DeliveryFactory(claimed_long_ago=True)
    Delivery.objects.update(attempts=delivering.MAX_ATTEMPTS)

    counts = deliver_batch(timezone.now())

    delivery.refresh_from_db()
    assert counts["given_up"] == 1
    assert (delivery.state, delivery.last_error) == (State.FAILED, "Every attempt was cut short.")


@pytest.mark.django_db
@pytest.mark.parametrize("carries", ["a notice", "a digest"])
def test_deliver_batch_closed_account_gets_no_mail(carries):
    closed = UserFactory(is_active=False)
    of_letter = {"of_letter": True, "letter__recipient": closed}
    delivery = DeliveryFactory(**({"notice__recipient": closed} if carries == "a notice" else of_letter))

    deliver_batch(timezone.now())

    delivery.refresh_from_db()
    assert (delivery.state, mail.outbox) == (State.FAILED, [])


@pytest.mark.django_db
def test_finish_a_slow_worker_does_not_write_over_the_one_that_took_over():
    delivery = DeliveryFactory(due_at=timezone.now() - timedelta(days=1))
    slow = claim(delivery.pk, timezone.now() - CLAIM_LASTS)
    claim(delivery.pk, timezone.now())

    delivering._finish(slow, state=State.FAILED)

    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == (State.CLAIMED, 2)


@pytest.mark.django_db(transaction=True)
def test_claim_six_workers_one_gets_it():
    delivery = DeliveryFactory()
    start, got = threading.Barrier(6), []

    def work():
        start.wait()
        got.append(claim(delivery.pk, timezone.now()) is not None)
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(6)]
    [worker.start() for worker in workers]
    [worker.join() for worker in workers]

    assert sorted(got) == [False] * 5 + [True]


@pytest.mark.django_db
@pytest.mark.parametrize("letters", [1, 3])
def test_deliver_batch_costs_three_queries_a_letter(django_assert_num_queries, letters):
    DeliveryFactory.create_batch(letters)

    with django_assert_num_queries(1 + 3 * letters):  # due; each: claim, read, finish
        deliver_batch(timezone.now())
