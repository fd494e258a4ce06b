"""The steps of applying, what each of them shows, and which is to be done next."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from applications import checklist
from applications.application_page import document_rows
from applications.eligibility import RoundVerdicts, met_by, of_round
from applications.models import Application, Option, Round
from applications.registries import not_barred_by_rooms
from applications.standing import Standing
from members.folding import Fold, fold
from members.models import StudentProfile, University, User

PLACES_PER_PAGE = 20


class Step(StrEnum):
    PROFILE = "profile"
    CHOICES = "choices"
    MOTIVATION = "motivation"
    DOCUMENTS = "documents"
    CHECK = "check"


LABELS = {
    Step.PROFILE: _("Your data"),
    Step.CHOICES: _("Choices"),
    Step.MOTIVATION: _("Motivation"),
    Step.DOCUMENTS: _("Documents"),
    Step.CHECK: _("Check and submit"),
}


def address(application: Application, step: Step) -> str:
    return reverse(f"applications:application_{step}", args=[application.reference])


def steps_of(application: Application) -> list[Step]:
    """The steps this application has: a request of the office re-opens all but the choices."""
    steps = list(Step)
    if application.state == Application.State.MORE_INFO:
        steps.remove(Step.CHOICES)
    return steps


def after(application: Application, step: Step) -> Step:
    steps = steps_of(application)
    return steps[min(steps.index(step) + 1, len(steps) - 1)]


def today(application: Application, now: datetime) -> date:
    """The day on which eligibility is judged: the round's own."""
    return now.astimezone(application.round.zone).date()


def missing_of(application: Application, now: datetime) -> list[checklist.Missing]:
    """What keeps a draft from being submitted, or a request of the office from being answered."""
    if application.state == Application.State.MORE_INFO:
        return checklist.missing_documents(application)
    return checklist.missing(application, today(application, now))


def first_open_step(application: Application, now: datetime) -> Step:
    """The first step where something is missing; a fresh draft begins with the data."""
    # The first save counts to 2: before it nobody has been on any step.
    if application.version == 1:
        return Step.PROFILE
    missing = {entry.step for entry in missing_of(application, now)}
    last = Step.MOTIVATION if application.state == Application.State.MORE_INFO else Step.CHECK
    return next((step for step in steps_of(application) if step in missing), last)


def page(application: Application, step: Step, now: datetime) -> dict[str, Any]:
    """What every step shows: the row of steps, the deadline, the way on and back, and what this step still misses."""
    missing = missing_of(application, now)
    steps = steps_of(application)
    at = steps.index(step)
    return {
        "application": application,
        "round": application.round,
        "step": step,
        "steps": [_drawn(application, one, step, missing) for one in steps],
        "missing": [linked(application, entry) for entry in missing],
        "missing_here": [entry for entry in missing if entry.step == step],
        "back_url": address(application, steps[at - 1]) if at else application.get_absolute_url(),
        "next_url": address(application, after(application, step)),
        "profile_url": profile_address(),
        "answers_request": application.state == Application.State.MORE_INFO,
    }


def _drawn(application: Application, step: Step, now_at: Step, missing: list[checklist.Missing]) -> dict[str, Any]:
    wanting = any(entry.step == step for entry in missing)
    visited = application.version > 1
    state = "todo" if wanting or step == Step.CHECK or not visited else "done"
    return {"label": LABELS[step], "url": address(application, step), "state": "now" if step == now_at else state}


def linked(application: Application, entry: checklist.Missing) -> dict[str, str]:
    """A missing thing with the address of the field where it is filled in."""
    if entry.anchor == checklist.TIE:  # the home university is named and confirmed outside of any application
        return {"text": entry.text, "url": profile_address(), "label": str(_("Fill in your profile"))}
    url = address(application, Step(entry.step)) + (f"#{entry.anchor}" if entry.anchor else "")
    return {"text": entry.text, "url": url, "label": str(LABELS[Step(entry.step)])}


def profile_address() -> str:
    """Where a student names the home university and keeps the data that every application starts from."""
    return reverse("people:profile")


def words(application: Application) -> dict[str, Any]:
    typed, most = len(application.motivation.split()), application.round.motivation_words
    return {"typed": typed, "most": most, "too_many": typed > most}


def before_start(round: Round, option: Option | None, user: User, now: datetime) -> dict[str, Any]:
    """What applying takes, and whether this person may: shown before a draft exists."""
    profile = user.student_profile_or_none
    chosen = [option] if option else []
    verdicts = of_round(round, chosen, profile, now.astimezone(round.zone).date())
    judged = verdicts.of_round + (verdicts.of_options[option.pk] if option else [])
    return {
        "round": round,
        "option": option,
        "profile": profile,
        "verdicts": judged,
        "blocking": [verdict for verdict in judged if verdict.blocks],
        "hindrance": _hindrance(round, profile, now),
        "documents": list(round.document_requirements.all()),
        "profile_url": profile_address(),
    }


def _hindrance(round: Round, profile: StudentProfile | None, now: datetime) -> Any:
    """Why this person cannot start here at all; empty when nothing speaks against it."""
    if not round.is_open_at(now):
        return _("This round is not open now.")
    return checklist.hindrance(round, profile)


def choosing(application: Application, asked: Mapping[str, str], now: datetime) -> dict[str, Any]:
    """The choices page: what is chosen in its order, and a page of what else can be, searched and narrowed."""
    profile = application.applicant.student_profile_or_none
    chosen = [choice.option for choice in application.choices.all()]
    left = checklist.not_offered(application, list(application.choices.all()))
    rest = _searched(application.round, asked, profile).exclude(pk__in=[o.pk for o in chosen])
    found = Paginator(rest, PLACES_PER_PAGE).get_page(asked.get("page"))
    verdicts = of_round(application.round, [*chosen, *found.object_list], profile, today(application, now))
    return {
        "chosen": [_row(option, verdicts, checklist.gone() if option.pk in left else "") for option in chosen],
        "page_obj": found,
        "places": [_row(option, verdicts) for option in found.object_list],
        "search": asked.get("q", ""),
        "only_met": bool(asked.get("met")),
        "querystring": urlencode({name: asked[name] for name in ("q", "met", "page") if asked.get(name)}),
        "search_querystring": urlencode({name: asked[name] for name in ("q", "met") if asked.get(name)}),
        "is_full": len(chosen) >= application.round.max_choices,
        "round_verdicts": verdicts.of_round,
    }


def _searched(round: Round, asked: Mapping[str, str], profile: StudentProfile | None) -> QuerySet:
    """Title, university, city or field; accents do not count."""
    options = round.options.annotate(plain_title=Fold("title"), plain_field=Fold("field__name"))
    for word in fold(asked.get("q", "")[:100]).split():
        hosts = University.objects.matching(word).values("pk")
        options = options.filter(Q(plain_title__contains=word) | Q(plain_field__contains=word) | Q(host__in=hosts))
    if asked.get("met") and profile:
        options = not_barred_by_rooms(round.kind, met_by(options, profile), profile)
    return options.with_places_left().select_related("host", "field").order_by("host__short_name", "title", "pk")


def _row(option: Option, verdicts: RoundVerdicts, gone: str = "") -> dict[str, Any]:
    """An option with its verdicts; `gone`, else `speaks` as the worst of them, is shown first."""
    own = verdicts.of_options[option.pk]
    against = [verdict for verdict in own if verdict.met is False]
    unknown = [verdict for verdict in own if verdict.met is None and verdict.fact]
    return {"option": option, "verdicts": own, "speaks": (against or unknown or [None])[0], "gone": gone}


def documents(application: Application) -> dict[str, Any]:
    return {"documents": document_rows(application), "most_bytes": settings.UPLOAD_MAX_BYTES}


def own_data(application: Application) -> dict[str, Any]:
    profile = application.applicant.student_profile_or_none
    return {"standing": Standing.of(profile) if profile else None}


def judged(application: Application, now: datetime) -> dict[str, Any]:
    """What is asked for the round and for each choice, judged by the profile as it is saved now."""
    choices = list(application.choices.all())
    profile = application.applicant.student_profile_or_none
    found = of_round(application.round, [choice.option for choice in choices], profile, today(application, now))
    of_all = [{"title": _("In this round"), "verdicts": found.of_round}]
    of_each = [{"title": c.option.place, "verdicts": found.of_options[c.option_id]} for c in choices]
    return {"judged": [part for part in of_all + of_each if part["verdicts"]]}


def summary(application: Application) -> dict[str, Any]:
    """The last look: everything as the office will read it."""
    return {"documents": document_rows(application)} | own_data(application) | words(application)
