"""A round with its people, as a story to be told in a few calls: apply, check, review, decide, release."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from applications import actions
from applications.models import Application, Choice, Option, Round
from members.models import User
from tests.factories.applications import CriterionFactory, OptionFactory, RoundFactory
from tests.factories.members import person_as, student_of


class Story:
    """One round with its desk, a reviewer and some options; `now` is the story's clock."""

    def __init__(self, places: tuple[int, ...] = (1, 1), **round_fields: object) -> None:
        self.round: Round = RoundFactory(open=True, **round_fields)
        self.desk = person_as("exchange", self.round.university)
        self.reviewer = person_as("reviewer", self.round.university)
        self.criterion = CriterionFactory(round=self.round, max_points=100)
        self.options: list[Option] = [OptionFactory(round=self.round, places=number) for number in places]
        self.now: datetime = timezone.now()

    def draft(self, *ranked: int, by: User | None = None) -> Application:
        """Begin an application; `ranked` are indices into the options."""
        by = by or student_of(self.round.university)
        application = actions.start(round=self.round, by=by, now=self.now)
        return actions.save_draft(
            application=application, version=application.version, fields={"motivation": "I want to learn."},
            options=[self.options[index].pk for index in ranked], by=by, now=self.now,
        )  # fmt: skip

    def submitted(self, *ranked: int, by: User | None = None) -> Application:
        application = self.draft(*(ranked or (0,)), by=by)
        self.now += timedelta(seconds=1)
        return actions.submit(application=application, by=application.applicant, now=self.now)

    def eligible(self, *ranked: int, by: User | None = None) -> Application:
        application = self.submitted(*ranked, by=by)
        return actions.find_eligible(application=application, note="", by=self.desk, now=self.now)

    def scored(self, score: str, *ranked: int) -> Application:
        application = self.eligible(*ranked)
        review = actions.assign_review(application=application, reviewer=self.reviewer, by=self.desk)
        actions.finish_review(
            review=review, points={self.criterion.pk: Decimal(score)}, comment="", feedback="",
            by=self.reviewer, now=self.now,
        )  # fmt: skip
        return application

    def close(self) -> None:
        self.now += timedelta(minutes=1)
        actions.close_round(round=self.round, by=self.desk, now=self.now)

    def propose(self) -> None:
        self.close()
        actions.propose_decisions(round=self.round, by=self.desk)

    def release(self) -> None:
        self.propose()
        self.now += timedelta(minutes=1)
        actions.release_round(round=self.round, by=self.desk, now=self.now)


def refused_in(story: Story, count: int = 1) -> list[Application]:
    """Tell the story to its release with `count` who are not eligible; `story.judge` may answer their appeals."""
    refused = [story.submitted(0) for _ in range(count)]
    for application in refused:
        reason = "26 credits, 60 are asked."
        actions.find_ineligible(application=application, reason=reason, by=story.desk, now=story.now)
    story.close()
    for application in refused:
        actions.prepare_decision(application=application, outcome="reject", choice=None, reason=reason, by=story.desk)
    actions.propose_decisions(round=story.round, by=story.desk)
    actions.release_round(round=story.round, by=story.desk, now=story.now)
    story.judge = person_as("exchange", story.round.university)
    for application in refused:
        application.refresh_from_db()
    return refused


def states(*applications: Application) -> list[str]:
    """The stored states, in the given order."""
    stored = dict(Application.objects.filter(pk__in=[a.pk for a in applications]).values_list("pk", "state"))
    return [stored[application.pk] for application in applications]


def results(application: Application) -> list[tuple[str, str]]:
    """State and reason of every choice, by rank."""
    return list(Choice.objects.filter(application=application).values_list("state", "why"))
