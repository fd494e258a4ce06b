"""What matters in a call: a change of it is told to those who follow; a mended typo in the summary is not."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from funding import eligibility
from funding.models import Call, CallStage, FundingProgramme
from members.zones import written

Difference = dict[str, str]
NOTHING = "–"
LINE = 100


def what_matters(call: Call, stages: Iterable[CallStage]) -> dict[str, str]:
    """Deadlines, money, readiness and conditions of a call in words, by what they are."""
    # In words and not in values: the notice and the log then quote the same, and neither needs the column any more.
    rows = list(stages)
    return {
        _("Programme"): str(call.programme),
        _("Type of action"): str(call.get_action_type_display()),
        _("Opening"): _dates(rows, "opens_at"),
        _("Deadline"): _dates(rows, "deadline"),
        _("Budget of the call"): call.total_words,
        _("A project gets"): call.project_words,
        _("Rate"): f"{call.rate} %" if call.rate is not None else "",
        _("A project lasts"): call.months_words,
        _("Technology readiness"): call.trl_words,
        _("Conditions"): " ".join(map(str, eligibility.sentences(call))),
    }


def of_the_programme(programme: FundingProgramme) -> dict[str, str]:
    """Money and readiness as the line of funding has them; a call of it may say otherwise."""
    return {
        _("Rate of the programme"): f"{programme.rate} %" if programme.rate is not None else "",
        _("A project of the programme gets"): programme.project_words,
        _("A project of the programme lasts"): programme.months_words,
        _("Technology readiness of the programme"): programme.trl_words,
    }


def between(before: dict[str, str], after: dict[str, str]) -> list[Difference]:
    """What differs, with both values in words; the log keeps it and the notice shows it."""
    return [
        {"what": str(what), "before": before.get(what) or NOTHING, "after": value or NOTHING}
        for what, value in after.items()
        if before.get(what) != value
    ]


def in_words(differences: list[Difference]) -> str:
    """One line each, the old value first."""
    lines = [_("%(what)s: %(before)s → %(after)s") % change for change in differences]
    return "\n".join(lines)


def in_a_line(differences: list[Difference]) -> str:
    """For the timeline: both values where they are short, else what it was."""
    said = (in_words([change]) for change in differences)
    return "; ".join(
        words if len(words) <= LINE else change["what"] for change, words in zip(differences, said, strict=True)
    )


def _dates(stages: list[CallStage], column: str) -> str:
    told = [(stage, getattr(stage, column)) for stage in stages]
    # A single stage needs no name: its moment says it all.
    if len(stages) == 1:
        return "".join(written(at, stage.time_zone) for stage, at in told if at)
    return "; ".join(f"{stage}, {written(at, stage.time_zone)}" for stage, at in told if at)
