"""Who is told what after an act on a cotutelle, in the act's transaction; the words stand in one table."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.models import Mandate, User
from notifications.actions import notify
from notifications.models import Topic
from programmes.models import Cotutelle, Side
from programmes.models.cotutelles import DESK_ROLES


@dataclass(frozen=True, kw_only=True)
class Words:
    """Subject and text for the candidate, and for the desks; `supervisors` hear what the desks hear.

    Nobody but the candidate is told of a file that was never requested.
    """

    subject: Any
    candidate: Any = ""
    desks: Any = ""
    supervisors: bool = False


SAID = {
    "requested": Words(
        subject=_("%(reference)s: opening requested"),
        candidate=_("Both universities have your request. Each looks at it and agrees, asks for a change, or refuses. "
                    "You need to do nothing now."),
        desks=_("%(who)s asks for a doctorate supervised by %(home)s and %(partner)s: “%(title)s”. Agree for your "
                "university, send it back, or refuse."),
        supervisors=True,
    ),
    "agreed": Words(
        subject=_("%(reference)s: one university has agreed"),
        candidate=_("One of the two universities has agreed. The other one decides next."),
        desks=_("One side has agreed to the cotutelle of %(who)s. The side that has not decided yet is next."),
    ),
    "convention": Words(
        subject=_("%(reference)s: both universities have agreed"),
        candidate=_("Both universities have agreed. They draw up the convention now; you read each draft in the file."),
        desks=_("Both sides have agreed to the cotutelle of %(who)s. Draw up the convention: put drafts into the file, "
                "then the signed one."),
        supervisors=True,
    ),
    "sent_back": Words(
        subject=_("%(reference)s: sent back to the candidate"),
        candidate=_("A university asks you for a change:\n\n%(reason)s\n\nMend the file, then request the opening "
                    "again. Both universities look at it anew."),
        desks=_("The file of %(who)s went back to the candidate:\n\n%(reason)s"),
    ),
    "refused": Words(
        subject=_("%(reference)s: refused"),
        candidate=_("A university cannot agree to this cotutelle:\n\n%(reason)s"),
        desks=_("The cotutelle of %(who)s was refused:\n\n%(reason)s"),
        supervisors=True,
    ),
    "drafted": Words(
        subject=_("%(reference)s: a draft of the convention"),
        candidate=_("A new draft of the convention stands in your file."),
        desks=_("A new draft of the convention stands in the file of %(who)s. Read it, and answer with a draft of "
                "yours or with the signed one."),
    ),
    "signed": Words(
        subject=_("%(reference)s: the convention is signed"),
        candidate=_("Both universities have signed. Enrol at both; then they record that the doctorate has begun."),
        desks=_("The convention of %(who)s is signed by both sides. Record that the doctorate has begun once the "
                "candidate is enrolled at both universities."),
        supervisors=True,
    ),
    "started": Words(
        subject=_("%(reference)s: the doctorate has begun"),
        candidate=_("You are enrolled at both universities. Good luck with the thesis."),
        desks=_("The doctorate of %(who)s has begun. Record the defence, or an end without one, when it comes."),
        supervisors=True,
    ),
    "defended": Words(
        subject=_("%(reference)s: defended"),
        candidate=_("Your defence is recorded. Congratulations."),
        desks=_("The defence of %(who)s is recorded."),
        supervisors=True,
    ),
    "ended": Words(
        subject=_("%(reference)s: ended without a defence"),
        candidate=_("A university has recorded that this cotutelle has ended:\n\n%(reason)s"),
        desks=_("The cotutelle of %(who)s has ended without a defence:\n\n%(reason)s"),
        supervisors=True,
    ),
    "withdrawn": Words(
        subject=_("%(reference)s: withdrawn by the candidate"),
        candidate=_("You have withdrawn this cotutelle."),
        desks=_("%(who)s has withdrawn the cotutelle. There is nothing more to do."),
        supervisors=True,
    ),
    "erased": Words(
        subject=_("%(reference)s: withdrawn by the candidate"),
        # Without the name: it would stay in the notices, and it is what the candidate wished to be forgotten.
        desks=_("The candidate has left the portal, and the cotutelle is withdrawn. There is nothing more to do."),
        supervisors=True,
    ),
    "left_alone": Words(
        subject=_("%(reference)s: withdrawn, since nobody went on with it"),
        candidate=_("Nothing was written in this file for a long time, so that it counts as withdrawn. You can begin "
                    "a new one with the same partner at any time."),
        desks=_("%(who)s did not go on with the cotutelle after it was sent back; it counts as withdrawn. There is "
                "nothing more to do."),
        supervisors=True,
    ),
}  # fmt: skip


def tell(event: str, cotutelle: Cotutelle, act: models.Model, *, by: User | None) -> None:
    """Tell the candidate, the desks of both sides and, where it concerns them, the supervisors; never who did it."""
    said, words = SAID[event], _words_of(cotutelle, act.reason)
    key = f"cotutelle.{event}:{act.pk}"
    subject, url = str(said.subject) % words, cotutelle.get_absolute_url()
    if said.candidate:
        notify(
            recipients=[cotutelle.candidate], topic=Topic.APPLICATIONS, subject=subject,
            body=str(said.candidate) % words, key=key, url=url,
        )  # fmt: skip
    if cotutelle.requested_at is not None:
        others = set(desk_people(cotutelle, Side)) | (set(supervisors_of(cotutelle)) if said.supervisors else set())
        others -= {by, cotutelle.candidate}
        notify(recipients=others, topic=Topic.DESK, subject=subject, body=str(said.desks) % words, key=key, url=url)


def _words_of(cotutelle: Cotutelle, reason: str) -> dict[str, str]:
    return {
        "reference": cotutelle.reference,
        "who": str(cotutelle.candidate),
        "home": str(cotutelle.home),
        "partner": str(cotutelle.partner),
        "title": cotutelle.title,
        "reason": reason,
    }


def desk_people(cotutelle: Cotutelle, sides: Iterable[Side]) -> list[User]:
    """Who sits at the desks of `sides` today, holders and deputies, each once; never the candidate."""
    places = [cotutelle.university_at(side) for side in sides]
    held = Mandate.objects.filter(university__in=places, role__in=DESK_ROLES)
    return [person for person in held.who_may_act(timezone.localdate()) if person.pk != cotutelle.candidate_id]


def supervisors_of(cotutelle: Cotutelle) -> list[User]:
    """The supervisors who have an account; the others hear of it from the candidate."""
    return [row.user for row in cotutelle.supervisors.select_related("user") if row.user is not None]
