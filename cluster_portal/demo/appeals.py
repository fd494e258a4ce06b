"""Appeals after some releases: two that wait for their answer, one that is late, one upheld, one dismissed."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from applications import actions
from applications.models import Appeal, Application, Round
from applications.permissions import appeal_judges
from cluster_portal.demo import papers
from cluster_portal.demo.desk import NOT_ELIGIBLE, REJECTED_BY_HAND
from cluster_portal.demo.world import World

State = Application.State


# What an appeal says to each reason that a letter gives.
GROUNDS = {
    NOT_ELIGIBLE[0]: (
        "The letter says that I finish before the term begins. My thesis was moved to the following year, and the "
        "faculty has extended my studies by two terms.\n\nThe certificate is attached. Please look at it again."
    ),
    NOT_ELIGIBLE[1]: (
        "The letter says that I am on leave in the term before. The leave has ended early: I am enrolled again since "
        "the first of the month.\n\nThe certificate is attached. Please look at it again."
    ),
    NOT_ELIGIBLE[2]: (
        "The letter counts twelve months abroad. Six of them were in my bachelor's degree, so they belong to another "
        "cycle of studies.\n\nThe certificate is attached. Please look at it again."
    ),
    REJECTED_BY_HAND: (
        "My study plan repeats two courses only because the examination office has not recognised them yet. With the "
        "recognition there would be enough left to study."
    ),
}
ABOUT_THE_SCORE = (
    "The score gives me 10 points for language. My certificate says C1, and the rubric gives 20 for C1 or better.\n\n"
    "The certificate is attached. Please count the points again."
)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Filed two days after the release, answered four days later where there are `reasons`."""

    reasons: str = ""
    is_upheld: bool = False


PLANS = {
    "kth": Plan(),
    "polito": Plan(),
    "uclouvain": Plan(),  # late by now: its answer was promised in ten working days
    "kit": Plan(
        is_upheld=True,
        reasons=(
            "You are right: the certificate shows that you meet the rule. All places are taken by now, and what was "
            "given to others stays theirs. You are in line for each of your choices."
        ),
    ),
    "tcd": Plan(
        reasons=(
            "We asked the examination office. Both courses were recognised before you applied, so the plan repeats 24 "
            "of its 30 credits. That is the reason that the letter gave, and it holds. Come and see us about a plan "
            "for the next round."
        )
    ),
}


def plan(world: World, round: Round, released: datetime) -> None:
    """Note in the diary what is to come of the release of `round`, if an appeal does."""
    if round.university.slug not in PLANS or round.kind != "exchange":
        return
    mine = PLANS[round.university.slug]
    filed = released + timedelta(days=2, hours=3)
    world.diary.plan(filed, lambda at: _file(round, at))
    if mine.reasons:
        world.diary.plan(filed + timedelta(days=4), lambda at: _answer(round, mine, at))


def _file(round: Round, at: datetime) -> None:
    """By the student of the fixed account, where that one has no place, else by the first who was refused."""
    told = round.applications.filter(state__in=State.appealable, decision__appeal_by__gte=at)
    joined = list(told.select_related("round__university", "applicant", "decision").order_by("pk"))
    known = [each for each in joined if each.applicant.email.startswith("student.")]
    refused = [each for each in joined if each.state == State.REJECTED]
    for application in (known or refused)[:1]:
        reason = application.decision.reason
        lines = ["Certificate", application.applicant.get_full_name(), "Sample document of the demo consortium."]
        paper = SimpleUploadedFile("Certificate.pdf", papers.paper(lines), content_type=papers.PDF)
        actions.file_appeal(
            application=application, grounds=GROUNDS.get(reason, ABOUT_THE_SCORE),
            files=[] if reason == REJECTED_BY_HAND else [paper], by=application.applicant, now=at,
        )  # fmt: skip


def _answer(round: Round, mine: Plan, at: datetime) -> None:
    """By whoever may: somebody of the desk without a part in the decision, else the head or the official."""
    filed = list(Appeal.objects.filed().filter(application__round=round).with_what_it_is_about())
    judges = appeal_judges(filed, timezone.localdate(at))
    for appeal in filed:
        words = {"appeal": appeal, "reasons": mine.reasons, "by": judges[appeal.pk][0], "now": at}
        if mine.is_upheld:
            actions.uphold_appeal(**words, remedy=Appeal.Remedy.WAIT, choice=None)
        else:
            actions.dismiss_appeal(**words)
