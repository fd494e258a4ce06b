"""Appeals after some releases: one that waits for its answer, one that was upheld, one that was dismissed."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from applications import actions
from applications.models import Appeal, Application, Round
from applications.permissions import appeal_judges
from cluster_portal.demo import papers
from cluster_portal.demo.world import World

State, Remedy = Application.State, Appeal.Remedy


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Filed two days after the release by somebody in `state`, answered four days later if there are `reasons`."""

    state: str
    grounds: str
    paper: str = ""
    remedy: str = ""
    reasons: str = ""


PLANS = {
    "kth": Plan(
        state=State.REJECTED,
        grounds=(
            "The decision says that I could not be enrolled during the stay. My thesis was moved to the following "
            "year, and the faculty has extended my studies by two terms.\n\n"
            "The confirmation of the faculty office is attached. Please look at my application again."
        ),
        paper="Confirmation of the faculty office",
    ),
    "uclouvain": Plan(
        state=State.REJECTED,
        grounds=(
            "The term of leave ended before the term of the exchange begins, and I am enrolled again since then. "
            "The certificate of enrolment shows the date."
        ),
        paper="Certificate of enrolment",
        remedy=Remedy.WAIT,
        reasons=(
            "You are right: you are enrolled for the whole term of the exchange, so you meet the rule that we had "
            "found not to be met. All places are taken by now, and what was given to others stays theirs. You are in "
            "line for each of your choices."
        ),
    ),
    "tcd": Plan(
        state=State.REJECTED,
        grounds=(
            "My study plan repeats two courses only because the examination office has not recognised them yet. "
            "With the recognition there would be enough left to study."
        ),
        reasons=(
            "We asked the examination office. The two courses were recognised before you applied, so the plan repeats "
            "24 of its 30 credits. That is the reason that the letter gave, and it holds. Come and see us about a plan "
            "for the next round."
        ),
    ),
}


def plan(world: World, round: Round, released: datetime) -> None:
    """Note in the diary what is to come of the release of `round`, if an appeal does."""
    if round.university.slug not in PLANS or round.kind != "exchange":
        return
    mine = PLANS[round.university.slug]
    filed = released + timedelta(days=2, hours=3)
    world.diary.plan(filed, lambda at: _file(round, mine, at))
    if mine.reasons:
        world.diary.plan(filed + timedelta(days=4), lambda at: _answer(round, mine, at))


def _file(round: Round, mine: Plan, at: datetime) -> None:
    told = round.applications.filter(state=mine.state, decision__appeal_by__gte=at)
    application = told.select_related("round__university", "applicant").order_by("pk").first()
    if application is None:
        return
    files = []
    if mine.paper:
        lines = [mine.paper, application.applicant.get_full_name(), "Sample document of the demo consortium."]
        files = [SimpleUploadedFile(f"{mine.paper}.pdf", papers.paper(lines), content_type=papers.PDF)]
    actions.file_appeal(application=application, grounds=mine.grounds, files=files, by=application.applicant, now=at)


def _answer(round: Round, mine: Plan, at: datetime) -> None:
    """By whoever may: somebody of the desk without a part in the decision, else the head or the official."""
    filed = list(Appeal.objects.filed().filter(application__round=round).with_what_it_is_about())
    judges = appeal_judges(filed, timezone.localdate(at))
    for appeal in filed:
        words = {"appeal": appeal, "reasons": mine.reasons, "by": judges[appeal.pk][0], "now": at}
        if mine.remedy:
            actions.uphold_appeal(**words, remedy=mine.remedy, choice=None)
        else:
            actions.dismiss_appeal(**words)
