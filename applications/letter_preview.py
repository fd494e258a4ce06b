"""A letter as a student would read it, filled in with an invented one."""

from django.utils import timezone
from django.utils.translation import gettext as _

from applications.letters import answer_by, fill, seal, template_for
from applications.models import Kind, Round

Letter = tuple[str, str]


def sample(round: Round, outcome: str, letter: Letter | None = None) -> dict[str, str]:
    """Subject and body of `letter` (None or empty: the one that stands), with every placeholder filled in."""
    subject, body = letter if letter and letter[1] else template_for(round, outcome)
    words = {
        "name": _("Robin Example"),
        "reference": f"{Kind.prefixes[round.kind]}-7K3M-92",
        "round": round.title,
        "place": _("the first choice"),
        "reason": _("The reason stands here, with the numbers."),
        "university": round.university.name,
    }
    last = answer_by(round, timezone.now())
    return {"subject": fill(subject, words), "body": seal(fill(body, words), round, last)}
