"""A letter as a student would read it, filled in with an invented one."""

from django.utils import timezone
from django.utils.translation import gettext as _

from applications.appeals import appeal_by
from applications.letters import answer_by, fill, seal, template_for, with_right_to_appeal
from applications.models import Kind, LetterTemplate, Round

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
    now = timezone.now()
    letter = seal(fill(body, words), round, answer_by(round, now))
    right = None if outcome == LetterTemplate.Outcome.OFFER else appeal_by(round, now)
    return {"subject": fill(subject, words), "body": with_right_to_appeal(letter, round, right)}
