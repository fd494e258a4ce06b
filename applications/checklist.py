"""What is missing before an application can be handed in, each thing with the field where it is filled in."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications import eligibility
from applications.models import Application, Choice, DocumentSlot, Round
from applications.registries import options_for_others
from members.models import StudentProfile, University

TIE = "university"  # the anchor of a missing tie to the home university
ANCHORS = {"languages": "languages", "university": TIE}  # the other facts have a field of their name


@dataclass(frozen=True, kw_only=True)
class Missing:
    """One thing to do: `step` is a step of the apply flow, `anchor` the id of the field there."""

    text: str
    step: str
    anchor: str = ""


def missing(application: Application, day: date) -> list[Missing]:
    """Everything that keeps a draft from being submitted on `day`; empty when it can go."""
    # In the order of the steps of applying: the first line leads to the first page that wants something.
    return [
        *_missing_tie(application),
        *_missing_eligibility(application, day),
        *_missing_motivation(application),
        *missing_documents(application),
    ]


def hindrance(round: Round, profile: StudentProfile | None) -> str:
    """Why a person with this profile cannot apply in `round` at all; empty when nothing speaks against it."""
    if profile is None:
        return _("Only students apply. Tell us your home university in your profile.")
    # Asked first: a refused tie is not confirmed either, and would be told to wait for an answer that was given.
    if profile.state == StudentProfile.State.REFUSED:
        return _("%(university)s says that you do not study there. Ask its exchange office.") % {
            "university": profile.university.short_name
        }
    if not profile.is_confirmed:
        return _("Your home university has not confirmed that you study there.")
    if round.for_own_students and profile.university_id != round.university_id:
        return _("This round is for students of %(university)s.") % {"university": round.university.short_name}
    return nothing_for(round, profile.university)


def nothing_for(round: Round, home: University) -> str:
    """Why students of `home` find nothing to choose in `round`; empty where they do. No query for an exchange."""
    rounds = Round.objects.filter(pk=round.pk)
    if round.kind not in options_for_others([home]) or rounds.for_students_of(home).exists():
        return ""
    return _("Nothing in this round is for students of %(university)s.") % {"university": home.short_name}


def _missing_tie(application: Application) -> list[Missing]:
    text = hindrance(application.round, application.applicant.student_profile_or_none)
    return [Missing(text=text, step="profile", anchor=TIE)] if text else []


def not_offered(application: Application, choices: list[Choice]) -> set[int]:
    """The options (pk) among `choices` that have left the round since they were chosen; one query."""
    chosen = {choice.option_id for choice in choices}
    return chosen - set(application.round.options.filter(pk__in=chosen).values_list("pk", flat=True))


def gone() -> str:
    """What stands at a choice that has left the round."""
    return _("It is not offered in this round any more. Remove it, or choose another place.")


def most_choices(round: Round) -> str:
    return ngettext(
        "You can choose %(n)d place at most.", "You can choose %(n)d places at most.", round.max_choices
    ) % {"n": round.max_choices}


def _missing_eligibility(application: Application, day: date) -> list[Missing]:
    choices = list(application.choices.select_related("option__host"))
    profile = application.applicant.student_profile_or_none
    verdicts = eligibility.of_round(application.round, [c.option for c in choices], profile, day)
    found = [_as_missing(verdict, "profile", "") for verdict in verdicts.of_round]
    if not choices:
        found.append(Missing(text=_("Choose at least one place."), step="choices", anchor="id_choice_1"))
    left = not_offered(application, choices)
    found += _too_many(application.round, choices)
    for choice in choices:
        place = choice.option.place
        anchor = f"id_choice_{choice.rank}"
        if choice.option_id in left:
            found.append(Missing(text=_with_place(gone(), place), step="choices", anchor=anchor))
            continue  # what is gone asks for nothing any more
        found += [_as_missing(verdict, "choices", anchor, place) for verdict in verdicts.of_options[choice.option_id]]
    return [entry for entry in found if entry]


def _too_many(round: Round, choices: list[Choice]) -> list[Missing]:
    """The desk may allow fewer choices than it did when the draft was begun."""
    beyond = len(choices) - round.max_choices
    if beyond <= 0:
        return []
    text = _("%(most)s; remove %(n)d of yours.") % {"most": most_choices(round).rstrip("."), "n": beyond}
    return [Missing(text=text, step="choices", anchor=f"id_choice_{round.max_choices + 1}")]


def _as_missing(verdict: eligibility.Verdict, step: str, anchor: str, place: str = "") -> Missing | None:
    if verdict.lacks_data:
        anchor = ANCHORS.get(verdict.fact, f"id_{verdict.fact}")
        return Missing(text=_with_place(verdict.sentence, place), step="profile", anchor=anchor)
    if verdict.blocks:
        return Missing(text=_with_place(verdict.sentence, place), step=step, anchor=anchor)
    return None


def _with_place(sentence: str, place: str) -> str:
    return f"{place}: {sentence}" if place else sentence


def _missing_motivation(application: Application) -> list[Missing]:
    words, most = len(application.motivation.split()), application.round.motivation_words
    if most and not words:  # a round that allows no words asks for no motivation
        return [Missing(text=_("Write your motivation."), step="motivation", anchor="id_motivation")]
    if words > most:
        text = _("Your motivation has %(words)d words; %(most)d are allowed.") % {"words": words, "most": most}
        return [Missing(text=text, step="motivation", anchor="id_motivation")]
    return []


def missing_documents(application: Application) -> list[Missing]:
    """Documents needed to apply that are not there, or were refused and not sent anew."""
    wanting = (DocumentSlot.State.ASKED, DocumentSlot.State.REFUSED)
    slots: Any = application.document_slots.filter(needed=DocumentSlot.Needed.TO_APPLY, state__in=wanting)
    return [
        Missing(text=_("Add the document “%(name)s”.") % {"name": slot.name}, step="documents",
                anchor=f"document-{slot.position}")
        for slot in slots
    ]  # fmt: skip
