"""Reminders: who is to be told that a last moment comes near. Each has a key, so a job may run as often as it likes."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from applications import nominations
from applications.actions import telling
from applications.actions.telling import moment
from applications.models import Appeal, Application, Choice, DocumentSlot, Round
from members.zones import written
from notifications.actions import notify
from notifications.models import Topic

# The nearer one first: who hears that a day is left need not hear of three.
AHEAD = (("1d", timedelta(days=1)), ("3d", timedelta(days=3)))
DOCUMENTS_AHEAD = (*AHEAD, ("14d", timedelta(days=14)))  # some papers take an office a week to make

Windows = Iterator[tuple[str, datetime, datetime]]


def send_due(now: datetime) -> int:
    """Tell everybody whose last moment lies less than three days, or one day, ahead; the nearer reminder wins.

    Documents that a nomination waits for are asked for two weeks ahead already. Who answers an appeal is told also
    when it is late, and every week again.
    Returns how many people were told; told once per moment and distance, however often this runs.
    """
    told = 0
    for mark, start, end in _windows(now):
        told += sum(_remind_of_answer(a, mark) for a in offers_due(start, end))
        told += sum(_remind_of_draft(a, mark) for a in drafts_due(start, end))
        told += sum(telling.appeal_is_due(a, now, mark=mark) for a in appeals_due(start, end))
    told += sum(telling.appeal_is_due(a, now, mark=_lateness(a, now)) for a in appeals_late(now))
    for mark, start, end in _windows(now, DOCUMENTS_AHEAD):
        told += sum(_remind_of_documents(c, mark) for c in nominations_due(start, end))
    return told


def _windows(now: datetime, distances: Iterable[tuple[str, timedelta]] = AHEAD) -> Windows:
    """Distances as windows that do not overlap, so that a late run does not tell the same thing twice over."""
    start = now
    for mark, distance in distances:
        yield mark, start, now + distance
        start = now + distance


def offers_due(start: datetime, end: datetime) -> QuerySet:
    """Open offers whose last moment lies after `start` and until `end`."""
    due = Application.objects.filter(state=Application.State.OFFERED, answer_by__gt=start, answer_by__lte=end)
    return due.select_related("round", "applicant").order_by("pk")


def drafts_due(start: datetime, end: datetime) -> QuerySet:
    """Drafts in rounds that close after `start` and until `end`."""
    due = Application.objects.filter(
        state=Application.State.DRAFT,
        round__state=Round.State.PUBLISHED,
        round__closes_at__gt=start,
        round__closes_at__lte=end,
    )
    return due.select_related("round", "applicant").order_by("pk")


def nominations_due(start: datetime, end: datetime) -> QuerySet:
    """Accepted places whose host takes nominations until after `start` and until `end`, with documents missing."""
    due = nominations.with_documents_missing().filter(nominate_by__gt=start, nominate_by__lte=end)
    return due.select_related("application__round", "application__applicant").order_by("pk")


def appeals_due(start: datetime, end: datetime) -> QuerySet:
    """Appeals that were promised an answer after `start` and until `end`."""
    due = Appeal.objects.filed().filter(answer_by__gt=start, answer_by__lte=end)
    return due.with_what_it_is_about().order_by("pk")


def appeals_late(now: datetime) -> QuerySet:
    return Appeal.objects.late_at(now).with_what_it_is_about().order_by("pk")


def _lateness(appeal: Appeal, now: datetime) -> str:
    """One mark a week, from the first moment on."""
    return f"late{(now - appeal.answer_by).days // 7}"


def _remind_of_answer(application: Application, mark: str) -> int:
    return _tell(
        application,
        subject=_("Answer your offer: %(round)s") % {"round": application.round.title},
        body=_("Accept or decline by %(moment)s. After that the place goes to the next student.")
        % {"moment": moment(application.answer_by, application.round)},
        key=f"remind:answer:{application.pk}:{application.answer_by:%Y%m%d}:{mark}",
    )


def _remind_of_draft(application: Application, mark: str) -> int:
    return _tell(
        application,
        subject=_("Submit your application: %(round)s") % {"round": application.round.title},
        body=_("Your draft %(reference)s is not submitted yet. The round closes on %(moment)s.")
        % {"reference": application.reference, "moment": moment(application.round.closes_at, application.round)},
        key=f"remind:draft:{application.pk}:{application.round.closes_at:%Y%m%d%H%M}:{mark}",
    )


def _remind_of_documents(choice: Choice, mark: str) -> int:
    application, by = choice.application, nominations.of_place(choice)
    missing = documents_to_send(application).values_list("name", flat=True)
    words = {"place": choice.option.place, "list": ", ".join(missing), "moment": written(by.at, by.time_zone)}
    return _tell(
        application,
        subject=_("Your nomination still needs a document: %(place)s") % words,
        body=_(
            "The host takes nominations until %(moment)s. Still missing: %(list)s. Add it on your application's page."
        )
        % words,
        key=f"remind:documents:{application.pk}:{by.at:%Y%m%d%H%M}:{mark}",
    )


def _tell(application: Application, *, subject: str, body: str, key: str) -> int:
    told = notify(
        recipients=[application.applicant], topic=Topic.DEADLINES, subject=subject, body=body, key=key,
        url=application.get_absolute_url(),
    )  # fmt: skip
    return len(told)


def documents_to_send(application: Application) -> QuerySet:
    """Documents that are needed later and are not there yet."""
    return application.document_slots.filter(needed=DocumentSlot.Needed.LATER, state__in=nominations.MISSING)
