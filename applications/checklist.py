"""What is missing before an application can be handed in, each thing with the field where it is filled in."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from applications import eligibility
from applications.models import Application, DocumentSlot


@dataclass(frozen=True, kw_only=True)
class Missing:
    """One thing to do: `step` is a step of the apply flow, `anchor` the id of the field there."""

    text: str
    step: str
    anchor: str = ""


def missing(application: Application, day: date) -> list[Missing]:
    """Everything that keeps a draft from being submitted on `day`; empty when it can go."""
    return [
        *_missing_eligibility(application, day),
        *_missing_motivation(application),
        *missing_documents(application),
    ]


def verdicts_of(application: Application, day: date) -> eligibility.RoundVerdicts:
    """Eligibility of a draft: for the round and each choice, by the applicant's profile as it is now."""
    options = [choice.option for choice in application.choices.select_related("option")]
    return eligibility.of_round(application.round, options, application.applicant.student_profile_or_none, day)


def _missing_eligibility(application: Application, day: date) -> list[Missing]:
    choices = list(application.choices.select_related("option__host"))
    profile = application.applicant.student_profile_or_none
    verdicts = eligibility.of_round(application.round, [c.option for c in choices], profile, day)
    found = [_as_missing(verdict, "profile", "") for verdict in verdicts.of_round]
    if not choices:
        found.append(Missing(text=_("Choose at least one place."), step="choices", anchor="id_choice_1"))
    for choice in choices:
        place = choice.option.place
        anchor = f"id_choice_{choice.rank}"
        found += [_as_missing(verdict, "choices", anchor, place) for verdict in verdicts.of_options[choice.option_id]]
    return [entry for entry in found if entry]


def _as_missing(verdict: eligibility.Verdict, step: str, anchor: str, place: str = "") -> Missing | None:
    if verdict.lacks_data:
        return Missing(text=_with_place(verdict.sentence, place), step="profile", anchor=verdict.fact)
    if verdict.blocks:
        return Missing(text=_with_place(verdict.sentence, place), step=step, anchor=anchor)
    return None


def _with_place(sentence: str, place: str) -> str:
    return f"{place}: {sentence}" if place else sentence


def _missing_motivation(application: Application) -> list[Missing]:
    words, most = len(application.motivation.split()), application.round.motivation_words
    if most and not words:
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
