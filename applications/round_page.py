"""The page of one round: whether and until when one can apply, what can be chosen, what is asked, how it is decided."""

from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.urls import reverse
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from applications import checklist, readiness
from applications.actions.preparing import options_of
from applications.eligibility import RoundVerdicts, of_round
from applications.models import Application, Option, Round
from applications.round_board import appeals_turn
from members.models import Act, StudentProfile, User
from members.moments import Moment

PER_PAGE = 15
TONES = {"draft": "wait", "published": "ok", "closed": "", "released": "quiet", "archived": "quiet"}

# What happened to a round, in words; those in PUBLIC stand on its page for everybody.
WORDS = {
    "round.added": gettext_lazy("Draft begun"),
    "round.cloned": gettext_lazy("Draft made from an earlier round"),
    "round.changed": gettext_lazy("Text or numbers changed"),
    "round.options_added": gettext_lazy("Places taken up"),
    "round.options_removed": gettext_lazy("Places taken out"),
    "round.requirements_changed": gettext_lazy("Requirements changed"),
    "round.documents_changed": gettext_lazy("Documents changed"),
    "round.rubric_changed": gettext_lazy("Rubric changed"),
    "round.letters_changed": gettext_lazy("Letters changed"),
    "round.published": gettext_lazy("Published"),
    "round.extended": gettext_lazy("Closing moved"),
    "round.closed": gettext_lazy("Closed"),
    "round.reopened": gettext_lazy("Opened again"),
    "round.proposed": gettext_lazy("Decisions proposed by score"),
    "round.released": gettext_lazy("Decisions released"),
    "round.archived": gettext_lazy("Archived"),
}
PUBLIC = ("round.published", "round.extended", "round.closed", "round.reopened", "round.released")


def page(round: Round, user: Any, page_number: str | None, now: datetime) -> dict[str, Any]:
    """The context of the page; a constant number of queries for one page of options."""
    profile = user.student_profile_or_none if user.is_authenticated else None
    runs = user.has_perm("applications.run_round", round)
    shown = Paginator(options_of(round), PER_PAGE).get_page(page_number)
    verdicts = of_round(round, shown.object_list, profile, now.astimezone(round.zone).date())
    criteria = list(round.criteria.all())
    return {
        "round": round,
        "tone": TONES[round.state],
        "page_obj": shown,
        "options": [_row(option, verdicts, profile is not None) for option in shown.object_list],
        "verdicts": verdicts.of_round,
        "has_profile": profile is not None,
        "documents": list(round.document_requirements.all()),
        "criteria": criteria,
        "most_points": sum(criterion.max_points for criterion in criteria),
        "turn": _desk_turn(round, now) if runs else _reader_turn(round, user, profile, verdicts, now),
        "runs": runs,
        "steps": timeline(round, now, everything=runs),
    }


def _row(option: Option, verdicts: RoundVerdicts, judged: bool) -> dict[str, Any]:
    """An option with what it asks, and for a student the first thing that speaks against it."""
    own = verdicts.of_options[option.pk]
    against = next((verdict for verdict in own if verdict.blocks), None)
    unknown = next((verdict for verdict in own if verdict.lacks_data), None)
    speaks = (against or unknown) if judged else None
    return {
        "option": option,
        "asks": " ".join(verdict.sentence for verdict in own) if not judged else "",
        "against": speaks.sentence if speaks else "",
        "tone": "due" if against else "wait" if unknown else "ok",
        "label": _("not yet") if against else _("data missing") if unknown else _("you can choose it"),
    }


def _reader_turn(
    round: Round, user: User, profile: StudentProfile | None, verdicts: RoundVerdicts, now: datetime
) -> dict[str, Any]:
    """What somebody who may want to apply does next, with eligibility told before."""
    if not round.is_open_at(now):
        return _not_open(round, now)
    left = Moment.read(round.closes_at, round.time_zone, now=now)
    caps = _("Open for %(left)s more") % {"left": timesince(now, round.closes_at, depth=2)}
    apply = {"url": reverse("applications:application_start", args=[round.slug]), "label": _("Apply")}
    if profile is None:
        whose = _("for students of %(university)s") % {"university": round.university} if round.for_own_students else ""
        title = _("Apply until %(moment)s") % {"moment": f"{left.on} {left.place}"}
        return {"caps": caps, "title": f"{title}, {whose}" if whose else title, "actions": [apply]}
    if barred := _not_for(round, profile):
        return barred
    mine = Application.objects.filter(round=round, applicant=user).exclude(state=Application.State.WITHDRAWN).first()
    if mine is not None:
        go_on = {"url": mine.get_absolute_url(), "label": _("Open my application")}
        title = _("You have an application here: %(reference)s") % {"reference": mine.reference}
        return {"caps": caps, "title": title, "mine": True, "actions": [go_on]}
    return {"caps": caps, "mine": True, **_eligibility(verdicts, apply)}


def _not_for(round: Round, profile: StudentProfile) -> dict[str, Any] | None:
    """Why students of this home cannot apply at all."""
    if round.for_own_students and profile.university_id != round.university_id:
        title = _("This round is for students of %(university)s.") % {"university": round.university}
        return {"caps": _("Not for you"), "title": title, "why": _("See the rounds of your own university.")}
    if nothing := checklist.nothing_for(round, profile.university):
        return {"caps": _("Not for you"), "title": nothing, "why": _("See below for whose students each place is.")}
    return None


def _eligibility(verdicts: RoundVerdicts, apply: dict[str, Any]) -> dict[str, Any]:
    """Whether the student meets what the round asks of everybody, said before anything is typed."""
    against = [verdict.sentence for verdict in verdicts.of_round if verdict.blocks]
    unknown = [verdict.sentence for verdict in verdicts.of_round if verdict.lacks_data]
    if against:
        return {"title": _("You do not meet what this round asks"), "why": " ".join(against)}
    if unknown:
        profile = {"url": reverse("people:profile"), "label": _("Fill in my data"), "quiet": True}
        return {"title": _("You may be eligible"), "why": " ".join(unknown), "actions": [apply, profile]}
    title = _("You meet what this round asks") if verdicts.of_round else _("You can apply")
    return {"title": title, "why": _("Each place may ask for more; see below."), "actions": [apply]}


def _not_open(round: Round, now: datetime) -> dict[str, Any]:
    if round.state == Round.State.PUBLISHED and round.opens_at > now:
        return {
            "caps": _("Opens in %(time)s") % {"time": timesince(now, round.opens_at, depth=2)},
            "title": _("You can apply from then on"),
            "why": _("Prepare your documents meanwhile: they are listed below."),
        }
    if round.state == Round.State.DRAFT:  # read by the secretariat, which sees every draft and sits at no desk
        return {"caps": _("Not published"), "title": _("Its desk still prepares it; nobody can apply yet.")}
    titles = {
        Round.State.RELEASED: _("Decided; everybody has an answer."),
        Round.State.ARCHIVED: _("This round is history."),
    }
    return {"caps": _("Closed"), "title": titles.get(round.state, _("The desk is deciding; answers come together."))}


def _desk_turn(round: Round, now: datetime) -> dict[str, Any]:
    """What the desk does next."""
    if round.state == Round.State.DRAFT:
        return _draft_turn(round, now)
    desk = {"url": reverse("applications:round_desk", args=[round.slug]), "label": _("To the desk")}
    if round.state == Round.State.PUBLISHED:
        return _published_turn(round, now) | {"actions": [desk]}
    if round.state == Round.State.RELEASED and (turn := appeals_turn(round)):
        return turn
    titles = {
        Round.State.CLOSED: _("Check, review and decide; then release all answers together"),
        Round.State.RELEASED: _("Decided: offers are answered, the waiting list moves up by itself"),
        Round.State.ARCHIVED: _("Archived"),
    }
    mine = round.state == Round.State.CLOSED
    caps = _("Your turn") if mine else _("Running")
    return {"caps": caps, "title": titles[round.state], "mine": mine, "actions": [desk]}


def _draft_turn(round: Round, now: datetime) -> dict[str, Any]:
    missing = [point for point in readiness.points(round, now) if point.stands_in_the_way]
    first = readiness.step_url(round, missing[0].step if missing else "publish")
    return {
        "caps": _("Your turn"),
        "title": _("Complete the draft, then publish it"),
        "why": " ".join(point.text for point in missing),
        "mine": True,
        "actions": [{"url": first, "label": _("Go on") if missing else _("Check and publish")}],
    }


def _published_turn(round: Round, now: datetime) -> dict[str, Any]:
    if round.opens_at > now:
        words, at, title = _("Opens in %(time)s"), round.opens_at, _("Students prepare")
    else:
        words, at = _("Closes in %(time)s"), round.closes_at
        title = _("Students apply; you can check files as they come")
    return {"caps": words % {"time": timesince(now, at, depth=2)}, "title": title}


def timeline(round: Round, now: datetime, *, everything: bool) -> list[dict[str, Any]]:
    """What happened, oldest first, and what comes; for the desk every act, for others those that concern them."""
    acts = Act.objects.about(round)
    acts = acts if everything else acts.filter(kind__in=PUBLIC)
    happened = [
        {
            "label": WORDS.get(act.kind, act.kind),
            "state": "done",
            "at": act.at,
            # The people of a desk are named to their own; for everybody else the office acts.
            "by": act.actor.get_full_name() if everything and act.actor else "",
            "detail": act.reason,
        }
        for act in acts
    ]
    return happened + _to_come(round, now)


def _to_come(round: Round, now: datetime) -> list[dict[str, Any]]:
    """The moments ahead; those of the window stand with their date, the decision without."""
    dated = [(_("Opens"), round.opens_at), (_("Closes"), round.closes_at)]
    coming = [{"label": label, "state": "next", "at": at} for label, at in dated if at > now]
    if round.state in (Round.State.DRAFT, Round.State.PUBLISHED, Round.State.CLOSED):
        coming.append({"label": _("Decisions released"), "state": "next"})
        days = ngettext("Offers answered within %(n)d day", "Offers answered within %(n)d days", round.answer_days)
        coming.append({"label": days % {"n": round.answer_days}, "state": "next"})
    return coming
