"""Jobs of the clock: run twice, late, or killed in the middle, they do the same."""

import threading
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from applications import reminders, tasks
from applications.models import Application, DocumentSlot, Option, Round
from notifications.models import Notice
from tests.applications.stories import Story, states
from tests.factories.applications import (
    ApplicationFactory,
    ChoiceFactory,
    DocumentSlotFactory,
    OptionFactory,
    RoundFactory,
)
from tests.factories.members import FactsheetTermFactory, student_of

pytestmark = pytest.mark.django_db


def offered(count=1, **fields):
    """Offers whose last moment has passed, each at an option of its own."""
    late = timezone.now() - timedelta(hours=1)
    made = []
    for _ in range(count):
        application = ApplicationFactory(
            offered=True, answer_by=late, round__released=True, round__open=False, **fields
        )
        ChoiceFactory(application=application, option=OptionFactory(places=1), state="offered")
        made.append(application)
    return made


def test_every_job_of_the_schedule_exists():
    wanted = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values() if "applications." in entry["task"]}

    assert wanted == {task.name for task in (tasks.remind, tasks.close_due_rounds, tasks.expire_due_offers)}


def test_offers_expire_once():
    [late] = offered()
    [open_one] = [ApplicationFactory(offered=True)]

    assert (tasks.expire_due_offers(), tasks.expire_due_offers()) == (1, 0)
    assert states(late, open_one) == ["expired", "offered"]
    assert Notice.objects.filter(recipient=late.applicant).count() == 1


def test_an_expired_offer_moves_the_next_up():
    [late] = offered()
    waiting, option = ApplicationFactory(waitlisted=True), late.choices.get().option
    waiting.round.options.add(option)
    ChoiceFactory(application=waiting, option=option, state="waiting")

    tasks.expire_due_offers()

    assert states(late, waiting) == ["expired", "offered"]


def test_places_that_a_host_adds_go_to_those_who_wait():
    story = Story(places=(1,))
    first, second, third = (story.scored(score, 0) for score in ("90", "80", "70"))
    story.release()
    Option.objects.filter(pk=story.options[0].pk).update(places=2)

    tasks.expire_due_offers()

    assert states(first, second, third) == ["offered", "offered", "waitlisted"]


def test_due_rounds_close_once_and_their_drafts_lapse():
    overdue, open_one = RoundFactory(overdue=True), RoundFactory(open=True)
    draft, other = ApplicationFactory(round=overdue), ApplicationFactory(round=open_one)

    assert (tasks.close_due_rounds(), tasks.close_due_rounds()) == (1, 0)
    assert states(draft, other) == ["lapsed", "draft"]
    assert list(Round.objects.order_by("pk").values_list("state", flat=True)) == ["closed", "published"]


def test_a_round_closed_late_keeps_its_closing():
    overdue = RoundFactory(overdue=True)
    closes_at = overdue.closes_at

    tasks.close_due_rounds()

    overdue.refresh_from_db()
    assert overdue.closes_at == closes_at


@pytest.mark.parametrize(
    ("left", "told"),
    [
        (timedelta(days=3, minutes=1), []),
        (timedelta(days=3), ["3d"]),
        (timedelta(days=1, minutes=1), ["3d"]),
        (timedelta(days=1), ["1d"]),
        (timedelta(minutes=1), ["1d"]),
        (timedelta(0), []),
    ],
)
def test_reminders_of_an_offer(left, told):
    now = timezone.now()
    application = ApplicationFactory(offered=True, answer_by=now + left)

    reminders.send_due(now)
    reminders.send_due(now)

    keys = Notice.objects.filter(recipient=application.applicant).values_list("key", flat=True)
    assert [key.rsplit(":", 1)[-1] for key in keys] == told


def test_each_distance_is_told_once():
    now = timezone.now()
    application = ApplicationFactory(offered=True, answer_by=now + timedelta(days=2, hours=23))

    told = [reminders.send_due(now + timedelta(hours=hours)) for hours in (0, 1, 47, 50, 71)]

    assert told == [1, 0, 1, 0, 0]
    assert Notice.objects.filter(recipient=application.applicant, key__startswith="remind:answer:").count() == 2


def test_drafts_are_reminded_of_open_rounds_only():
    now = timezone.now()
    soon = now + timedelta(hours=20)
    draft = ApplicationFactory(round__closes_at=soon)
    ApplicationFactory(round__closes_at=soon, submitted=True)
    ApplicationFactory(round=RoundFactory(state="closed", closes_at=soon))

    assert reminders.send_due(now) == 1
    assert Notice.objects.get().recipient == draft.applicant


def test_a_round_that_closes_later_than_first_said_is_reminded_of_anew():
    now = timezone.now()
    draft = ApplicationFactory(round__closes_at=now + timedelta(hours=20))
    reminders.send_due(now)
    Round.objects.filter(pk=draft.round_id).update(closes_at=now + timedelta(days=10))

    assert reminders.send_due(now + timedelta(days=9, hours=2)) == 1


def nominated(student, until, **place):
    """An accepted place of `student` whose host takes nominations until `until`, with one document missing."""
    application = ApplicationFactory(accepted=True, applicant=student)
    choice = ChoiceFactory(application=application, option=OptionFactory(**place), state="accepted")
    FactsheetTermFactory(factsheet__university=choice.option.host, term="autumn", nominations_close_at=until)
    return DocumentSlotFactory(application=application, name="Passport", needed="later")


def test_documents_for_the_nomination_are_reminded_of_by_the_hosts_deadline():
    now = timezone.now()
    slot = nominated(student_of(), now + timedelta(days=13), term="year", host__time_zone="Europe/Helsinki")

    told = [reminders.send_due(now + timedelta(days=days, hours=1)) for days in (0, 1, 10, 11, 12, 13)]

    assert told == [1, 0, 1, 0, 1, 0]
    notices = Notice.objects.filter(recipient=slot.application.applicant).order_by("pk")
    assert [notice.key.rsplit(":", 1)[-1] for notice in notices] == ["14d", "3d", "1d"]
    assert "(Helsinki). Still missing: Passport." in notices[0].body


@pytest.mark.parametrize(
    "change",
    [
        {"state": "received"},
        {"needed": "optional"},
        {"application__state": "declined"},
    ],
    ids=["sent", "not needed", "given up"],
)
def test_nobody_is_reminded_of_a_document_that_is_not_waited_for(change):
    now = timezone.now()
    slot = nominated(student_of(), now + timedelta(days=2))
    for name, value in change.items():
        if name == "application__state":
            Application.objects.filter(pk=slot.application_id).update(state=value)
            slot.application.choices.update(state=value)
        else:
            DocumentSlot.objects.filter(pk=slot.pk).update(**{name: value})

    assert reminders.send_due(now) == 0


@pytest.mark.django_db(transaction=True)
def test_a_job_killed_in_the_middle_is_finished_by_the_next_run():
    """The second offer's row is held by somebody else, so the job waits there; then its connection is cut."""
    first, second, third = offered(3)
    job = Job(tasks.expire_due_offers)

    with transaction.atomic():
        Application.objects.select_for_update().get(pk=second.pk)
        job.start()
        cut_the_connection_that_waits()
        job.join(20)

    assert isinstance(job.error, OperationalError)
    assert states(first, second, third) == ["expired", "offered", "offered"]
    assert tasks.expire_due_offers() == 2
    assert Notice.objects.count() == 3


class Job(threading.Thread):
    """Runs a job on a connection of its own and keeps the error it ended with."""

    def __init__(self, job):
        super().__init__()
        self.job, self.error = job, None

    def run(self):
        try:
            self.job()
        except OperationalError as error:
            self.error = error
        finally:
            connection.close()


def cut_the_connection_that_waits():
    """End the backend that waits for a lock, as soon as there is one; the server looks, nobody sleeps."""
    ask = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
              WHERE wait_event_type = 'Lock' AND datname = current_database()"""
    deadline = timezone.now() + timedelta(seconds=15)
    with connection.cursor() as cursor:
        while timezone.now() < deadline:
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(ask)
            if cursor.fetchall():
                return
    raise AssertionError("the job never waited")
