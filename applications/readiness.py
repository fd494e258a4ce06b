"""What a round still lacks before it is published: what must be there, what is advised, and where to do it."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from applications.models import LetterTemplate, Round

STEPS = (
    ("edit", gettext_lazy("Basics and window")),
    ("choices", gettext_lazy("Choices")),
    ("requirements", gettext_lazy("Requirements")),
    ("documents", gettext_lazy("Documents")),
    ("rubric", gettext_lazy("Rubric")),
    ("letters", gettext_lazy("Letters")),
    ("publish", gettext_lazy("Check and publish")),
)


@dataclass(frozen=True, kw_only=True)
class Point:
    """One line of the check list; `must` says that the round cannot be published without it."""

    step: str
    done: bool
    text: str
    must: bool = False
    url: str = ""

    @property
    def stands_in_the_way(self) -> bool:
        return self.must and not self.done


def points(round: Round, now: datetime) -> list[Point]:
    """The check list, in the order of the editor's steps; six queries."""
    found = [*_basics(round, now), _choices(round), *_rules(round)]
    return [Point(**{**vars(point), "url": step_url(round, point.step)}) for point in found]


def step_url(round: Round, step: str) -> str:
    return reverse(f"applications:round_{step}", args=[round.slug])


def steps(round: Round, current: str, checked: list[Point]) -> list[dict[str, str]]:
    """The editor's steps for `components/steps.html`: done where nothing is missing."""
    missing = {point.step for point in checked if not point.done}
    return [
        {
            "label": label,
            "url": step_url(round, step),
            "state": "now" if step == current else "todo" if step in missing or step == "publish" else "done",
        }
        for step, label in STEPS
    ]


def _basics(round: Round, now: datetime) -> list[Point]:
    ahead = round.closes_at > now
    return [
        Point(
            step="edit",
            must=True,
            done=ahead,
            text=_("It closes in the future.") if ahead else _("Its closing lies in the past: set a later one."),
        ),
        Point(
            step="edit",
            done=bool(round.introduction.strip()),
            text=_("An introduction says who may apply, for what, and what happens afterwards."),
        ),
    ]


def _choices(round: Round) -> Point:
    count = round.options.count()
    words = ngettext("%(n)d place or programme can be chosen.", "%(n)d can be chosen.", count) % {"n": count}
    return Point(step="choices", must=True, done=bool(count), text=words if count else _("Nothing can be chosen yet."))


def _rules(round: Round) -> list[Point]:
    requirements, documents = round.requirements.count(), round.document_requirements.count()
    most = sum(round.criteria.values_list("max_points", flat=True))
    letters = round.letters.count()
    asked = ngettext("%(n)d document is asked.", "%(n)d documents are asked.", documents) % {"n": documents}
    rubric = _("The rubric gives up to %(n)d points.") % {"n": most}
    own = _("%(n)d of %(all)d letters are your own.") % {"n": letters, "all": len(LetterTemplate.Outcome)}
    return [
        Point(
            step="requirements",
            done=bool(requirements),
            text=_("Students see whether they meet the requirements.")
            if requirements
            else _("It asks nothing itself."),
        ),
        Point(step="documents", done=bool(documents), text=asked if documents else _("No document is asked.")),
        Point(step="rubric", done=bool(most), text=rubric if most else _("Without a rubric nobody can give points.")),
        Point(step="letters", done=bool(letters), text=own if letters else _("The house's own letters are used.")),
    ]
