"""Letters: the round's template for an outcome, or the house's own, with the placeholders filled in.

`{answer_by}` is known only at release, so it stays in the prepared letter and is filled in when the letter leaves.
"""

from datetime import datetime, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from applications.appeals import LAST_SECOND
from applications.models import Application, Choice, LetterTemplate, Round
from members.zones import written

Outcome = LetterTemplate.Outcome


def house_letter(outcome: str) -> tuple[str, str]:
    """Subject and body used where a round has no letter of its own for `outcome`."""
    letters: dict[str, tuple[str, str]] = {
        Outcome.OFFER: (
            _("A place for you: {place}"),
            _(
                "Dear {name},\n\nwe offer you a place in “{round}”: {place}.\n\n{reason}\n\n"
                "Please accept or decline by {answer_by}. After that the place goes to the next student.\n\n"
                "{university}"
            ),
        ),
        Outcome.WAIT: (
            _("You are on the waiting list of {round}"),
            _(
                "Dear {name},\n\nwe could not give you a place in “{round}” yet.\n\n{reason}\n\n"
                "You are on the waiting list. When a place comes free, we offer it to the next in line and write to "
                "you at once; you need to do nothing.\n\n{university}"
            ),
        ),
        Outcome.REJECT: (
            _("No place in {round}"),
            _(
                "Dear {name},\n\nwe cannot give you a place in “{round}”.\n\n{reason}\n\n"
                "If you think that we have overlooked something, write to us and quote {reference}.\n\n{university}"
            ),
        ),
    }
    return letters[outcome]


def template_for(round: Round, outcome: str) -> tuple[str, str]:
    # `all` and no filter: the editor shows all three letters from one prefetch.
    own = next((letter for letter in round.letters.all() if letter.outcome == outcome), None)
    return (own.subject, own.body) if own else house_letter(outcome)


def write(application: Application, outcome: str, choice: Choice | None, reason: str) -> tuple[str, str]:
    """Subject and body for this application, all placeholders filled in but `{answer_by}`."""
    subject, body = template_for(application.round, outcome)
    words = {
        "name": application.applicant.get_full_name(),
        "reference": application.reference,
        "round": application.round.title,
        "place": choice.option.place if choice else "",
        "reason": reason,
        "university": application.round.university.name,
    }
    return fill(subject, words)[:160], fill(body, words)


def fill(text: str, words: dict[str, str]) -> str:
    """Put `words` in place of their {placeholders}; other braces stay as they are."""
    # Not str.format: a brace of the desk's own would raise, and attributes of what is filled in could be reached.
    for placeholder, word in words.items():
        text = text.replace(f"{{{placeholder}}}", word)
    return text


def answer_by(round: Round, now: datetime) -> datetime:
    """The last second of the N-th day after `now`, by the clock of the round's own zone."""
    last_day = now.astimezone(round.zone).date() + timedelta(days=round.answer_days)
    return datetime.combine(last_day, LAST_SECOND, tzinfo=round.zone)


def seal(text: str, round: Round, last_moment: datetime) -> str:
    """The letter as it leaves: `{answer_by}` reads in the round's zone."""
    there = last_moment.astimezone(round.zone)
    return fill(text, {"answer_by": f"{date_format(there, 'j F Y, H:i')} ({round.time_zone})"})


def with_right_to_appeal(text: str, round: Round, appeal_by: datetime | None) -> str:
    """The letter with the applicant's right under it; every letter that refuses names it, whoever wrote the letter."""
    if appeal_by is None:
        return text
    right = _(
        "If you think that this decision is wrong, you can appeal until %(moment)s on the page of your application. "
        "Somebody who had no part in the decision looks at it again and answers with reasons."
    )
    return f"{text}\n\n" + right % {"moment": written(appeal_by, round.time_zone)}
