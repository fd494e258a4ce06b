"""What this room tells the roof: the tasks that wait for a person and the deadlines that come near."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications import applicant_view, nominations
from applications.models import Appeal, Application, Choice, Decision, DocumentSlot, Review, Round
from applications.turns import TURNS
from members.history import last_change_of
from notifications.registries import Deadline, Task, register_deadlines, register_tasks

State = Application.State
ROUNDS_SHOWN = 50


def register() -> None:
    """Announce the providers of this room; called once, when the apps are ready."""
    register_tasks("applications", tasks)
    register_deadlines("applications", deadlines)


def tasks(user: Any, now: datetime) -> Iterator[Task]:
    """The applications that wait for `user`: as applicant, as reviewer, at a desk, with an appeal; six queries, and
    four more where an appeal waits.
    """
    yield from _own(user, now)
    yield from _documents_to_send(user)
    yield from _reviews(user)
    yield from _desk(user)
    yield from _appeals(user, now)


def _own(user: Any, now: datetime) -> Iterator[Task]:
    """Drafts of open rounds, requests of the office, and offers."""
    mine = Q(state__in=(State.MORE_INFO, State.OFFERED))
    # Not by the state alone: until the clock has closed the round, a draft that came too late still is one.
    drafts = Q(state=State.DRAFT, round__in=Round.objects.open_at(now))
    own = Application.objects.filter(mine | drafts, applicant=user).select_related("round__university")
    for application in own:
        yield Task(
            since=applicant_view.shown_since(application),
            title=str(TURNS[application.state][1]),
            detail=application.round.title,
            with_whom=application.round.university.short_name,
            url=application.get_absolute_url(),
            room=application.round.room,
            state=str(applicant_view.shown(application).label),
            due_at=_due_at(application),
            time_zone=application.round.time_zone,
        )


def _due_at(application: Application) -> datetime | None:
    return application.round.closes_at if application.state == State.DRAFT else application.answer_by


def _documents_to_send(user: Any) -> Iterator[Task]:
    """Documents refused or still missing after a place was accepted."""
    wanting = Q(
        state=DocumentSlot.State.REFUSED, application__state__in=(*State.in_review, State.OFFERED, State.ACCEPTED)
    )
    later = Q(state=DocumentSlot.State.ASKED, application__state=State.ACCEPTED) & ~Q(
        needed=DocumentSlot.Needed.OPTIONAL
    )
    slots = DocumentSlot.objects.filter(wanting | later, application__applicant=user)
    found = list(slots.select_related("application__round__university"))
    dates = nominations.of_applications({slot.application_id for slot in found})
    for slot in found:
        application = slot.application
        by = dates.get(slot.application_id) if slot.needed == DocumentSlot.Needed.LATER else None
        yield Task(
            since=applicant_view.shown_since(application),  # the state's own date would tell when the office decided
            title=_("Send “%(name)s”") % {"name": slot.name},
            detail=application.round.title,
            with_whom=application.round.university.short_name,
            url=f"{application.get_absolute_url()}#document-{slot.position}",
            room=application.round.room,
            state=str(slot.get_state_display()),
            due_at=by.at if by else None,
            time_zone=by.time_zone if by else application.round.time_zone,
        )


def _reviews(user: Any) -> Iterator[Task]:
    """Applications whose points are asked for."""
    live = (State.SUBMITTED, State.MORE_INFO, State.ELIGIBLE)
    asked = Review.objects.filter(reviewer=user, state=Review.State.ASSIGNED, application__state__in=live)
    for review in asked.select_related("application__round__university"):
        application = review.application
        yield Task(
            since=review.assigned_at,
            title=_("Give points to %(reference)s") % {"reference": application.reference},
            detail=application.round.title,
            with_whom=application.round.university.short_name,
            url=reverse("applications:review_edit", args=[application.reference]),
            room=application.round.room,
            state=str(review.get_state_display()),
        )


def _desk(user: Any) -> Iterator[Task]:
    """Per round of the desk: applications to check, or decisions to prepare and release."""
    to_check = Q(applications__state=State.SUBMITTED)
    undecided = Q(applications__state__in=State.in_review)
    applied_in = Application.objects.filter(applicant=user, submitted_at__isnull=False).values("round")
    rounds = Round.objects.run_by(user).exclude(pk__in=applied_in)  # nobody decides where they compete (permissions)
    rounds = rounds.filter(state__in=(Round.State.PUBLISHED, Round.State.CLOSED))
    counted = rounds.select_related("university").annotate(
        to_check=Count("applications", filter=to_check),
        undecided=Count("applications", filter=undecided),
        waiting_since=Min("applications__state_since", filter=to_check),
    )
    for round in counted.filter(undecided__gt=0):
        if round.to_check:
            yield _desk_task(round, round.waiting_since, _check_words(round.to_check), "round_desk")
        elif round.state == Round.State.CLOSED:
            yield _desk_task(round, round.closes_at, _("Prepare and release the decisions"), "round_decisions")


def _check_words(count: int) -> str:
    return ngettext("Check %(n)d application", "Check %(n)d applications", count) % {"n": count}


def _desk_task(round: Round, since: datetime, title: str, page: str) -> Task:
    return Task(
        since=since,
        title=title,
        detail=round.title,
        with_whom=round.university.short_name,
        url=reverse(f"applications:{page}", args=[round.slug]),
        room=round.room,
        state=str(round.get_state_display()),
    )


def _appeals(user: Any, now: datetime) -> Iterator[Task]:
    """Appeals that `user` may answer; who had a part in the decision is not asked."""
    for appeal in Appeal.objects.to_be_answered_by(user, timezone.localdate(now)):
        application = appeal.application
        yield Task(
            since=appeal.filed_at,
            title=_("Answer the appeal %(reference)s") % {"reference": application.reference},
            detail=application.round.title,
            with_whom=application.round.university.short_name,
            url=reverse("applications:appeal_answer", args=[application.reference]),
            room=application.round.room,
            state=str(_("Late")) if now > appeal.answer_by else str(appeal.get_state_display()),
            due_at=appeal.answer_by,
            time_zone=application.round.time_zone,
        )


def deadlines(user: Any, now: datetime) -> Iterator[Deadline]:
    """Open rounds: all of them for visitors; for people of a university those in which its students may apply, and for
    its staff those that offer places there. For the applicant also the last moment of an offer, of an appeal, and of
    documents that the nomination waits for; for who answers an appeal the last moment promised. Five queries beside
    the person's own universities, and four more where an appeal waits.
    """
    rounds = Round.objects.open_at(now).select_related("university").order_by("closes_at", "pk")
    if user is not None and user.is_authenticated and (own := user.own_universities()):
        staff_of = [mandate.university for mandate in user.mandates_on(timezone.localdate(now)) if mandate.university]
        rounds = rounds.concerning(own, staff_of)  # somebody else's closing date is noise between one's own
    rounds = rounds.annotate(changed_at=last_change_of(Round))
    for round in rounds[:ROUNDS_SHOWN]:
        yield Deadline(
            key=round.deadline_key, at=round.closes_at, time_zone=round.time_zone,
            title=_("%(round)s closes") % {"round": round.title}, where=round.university.short_name,
            url=round.get_absolute_url(), room=round.room, kind="round",
            calendar_url=reverse("applications:round_calendar", args=[round.slug]), changed_at=round.changed_at,
        )  # fmt: skip
    if user is not None and user.is_authenticated:
        yield from _offers(user, now)
        yield from _nominations(user, now)
        yield from _decisions_to_appeal(user, now)
        yield from _answers_due(user, now)


def _offers(user: Any, now: datetime) -> Iterator[Deadline]:
    offered = Choice.objects.filter(
        state=Choice.State.OFFERED, application__state=State.OFFERED,
        application__applicant=user, application__answer_by__gte=now,
    )  # fmt: skip
    for choice in offered.select_related("application__round", "option__host"):
        application = choice.application
        yield Deadline(
            key=f"offer:{application.pk}", at=application.answer_by, time_zone=application.round.time_zone,
            title=_("Accept or decline your place"), where=choice.option.host.short_name,
            url=application.get_absolute_url(), room=application.round.room, kind="offer",
        )  # fmt: skip


def _nominations(user: Any, now: datetime) -> Iterator[Deadline]:
    """Until when the host wants the nomination, for who has still to send a document for it."""
    waiting = nominations.with_documents_missing().filter(application__applicant=user, nominate_by__gt=now)
    for choice in waiting.select_related("application__round"):
        by, application = nominations.of_place(choice), choice.application
        yield Deadline(
            key=f"nomination:{application.pk}", at=by.at, time_zone=by.time_zone,
            title=_("Send what your nomination needs"), where=by.host,
            url=application.get_absolute_url(), room=application.round.room, kind="documents",
        )  # fmt: skip


def _decisions_to_appeal(user: Any, now: datetime) -> Iterator[Deadline]:
    """Until when a decision about `user` may be appealed, while it is not."""
    told = Decision.objects.filter(
        appeal_by__gte=now, application__applicant=user, application__state__in=State.appealable
    ).exclude(application__appeals__in=Appeal.objects.standing())
    for decision in told.select_related("application__round__university"):
        application = decision.application
        yield Deadline(
            key=f"appeal:{application.pk}", at=decision.appeal_by, time_zone=application.round.time_zone,
            title=_("Last moment to appeal a decision"), where=application.round.university.short_name,
            url=f"{application.get_absolute_url()}#appeal", room=application.round.room, kind="appeal",
        )  # fmt: skip


def _answers_due(user: Any, now: datetime) -> Iterator[Deadline]:
    """By when the applicant was promised an answer, for who may give it."""
    for appeal in Appeal.objects.to_be_answered_by(user, timezone.localdate(now)):
        application = appeal.application
        yield Deadline(
            key=f"appeal-answer:{appeal.pk}", at=appeal.answer_by, time_zone=application.round.time_zone,
            title=_("Answer the appeal %(reference)s") % {"reference": application.reference},
            where=application.round.university.short_name,
            url=reverse("applications:appeal_answer", args=[application.reference]),
            room=application.round.room, kind="appeal",
        )  # fmt: skip
