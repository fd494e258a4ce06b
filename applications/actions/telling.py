"""What people are told after an act: one function per event, in the act's transaction.

A key can be told once: it names the row where the event happens once, else the act (asked again is told again).
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications import letters
from applications.actions.guards import desk_people
from applications.models import (
    Appeal,
    Application,
    Choice,
    Decision,
    DocumentSlot,
    DossierLink,
    LetterTemplate,
    Review,
    Round,
)
from applications.permissions import appeal_judges
from members.zones import written
from notifications.actions import Message, notify, notify_each
from notifications.models import Topic


def _applicant(application: Application, *, subject: str, body: str, key: str) -> None:
    notify(
        recipients=[application.applicant], topic=Topic.APPLICATIONS, subject=subject, body=body, key=key,
        url=application.get_absolute_url(),
    )  # fmt: skip


def _desk(application: Application, now: datetime, *, subject: str, body: str, key: str) -> None:
    """Tell the desk of one student, but for who competes with them: the file itself is closed to those."""
    people = desk_people(application.round, now)
    handed_in = Application.objects.filter(round=application.round, submitted_at__isnull=False)
    rivals = set(handed_in.filter(applicant__in=people).values_list("applicant", flat=True))
    notify(
        recipients=[person for person in people if person.pk not in rivals], topic=Topic.DESK, subject=subject,
        body=body, key=key, url=reverse("applications:application_desk", args=[application.reference]),
    )  # fmt: skip


def submitted(application: Application) -> None:
    words = {
        "reference": application.reference,
        "round": application.round.title,
        "moment": moment(application.submitted_at, application.round),
    }
    _applicant(
        application,
        subject=_("We have your application %(reference)s") % words,
        body=_(
            "Your application for “%(round)s” reached us on %(moment)s. The office checks it next; you need to do "
            "nothing now. Keep the reference %(reference)s for questions."
        ) % words,
        key=f"application.submitted:{application.pk}",
    )  # fmt: skip


def moment(at: datetime, round: Round) -> str:
    return written(at, round.time_zone)


def answered(application: Application, act: models.Model, now: datetime) -> None:
    _desk(
        application, now,
        subject=_("%(reference)s: what you asked for is there") % {"reference": application.reference},
        body=_("%(name)s has answered. Check the application.") % {"name": application.applicant},
        key=f"application.answered:{act.pk}",
    )  # fmt: skip


def withdrawn(application: Application, reason: str, before: str, now: datetime) -> None:
    # The desk never saw it; that a student thought about applying is nobody's business.
    if before == Application.State.DRAFT:
        return
    _desk(
        application, now,
        subject=_("%(reference)s was withdrawn") % {"reference": application.reference},
        body=_("%(name)s has withdrawn. Reason: %(reason)s")
        % {"name": application.applicant, "reason": reason or _("none given")},
        key=f"application.withdrawn:{application.pk}",
    )  # fmt: skip


def asked(application: Application, what: str, act: models.Model) -> None:
    _applicant(
        application,
        subject=_("%(reference)s: the office asks you for something") % {"reference": application.reference},
        body=_("%(what)s\n\nAnswer on the page of your application.") % {"what": what},
        key=f"application.more_asked:{act.pk}",
    )


def settled(application: Application, act: models.Model) -> None:
    """The same words whatever the office found: that is told with the decision."""
    words = {"reference": application.reference, "round": application.round.title}
    _applicant(
        application,
        subject=_("%(reference)s: the office has what it needed") % words,
        body=_(
            "You need to answer nothing more. Your application goes on; you hear from it when “%(round)s” is decided."
        )
        % words,
        key=f"application.settled:{act.pk}",
    )


def shared(link: DossierLink) -> None:
    application = link.application
    words = {"reference": application.reference, "whom": link.whom}
    words["until"] = moment(link.expires_at, application.round)
    _applicant(
        application,
        subject=_("%(reference)s: the office shares your file") % words,
        body=_("%(whom)s can read your data, choices, motivation and documents until %(until)s.") % words,
        key=f"dossier.shared:{link.pk}",
    )


def document_refused(slot: DocumentSlot, act: models.Model) -> None:
    _applicant(
        slot.application,
        subject=_("Send “%(name)s” again") % {"name": slot.name},
        body=_("The office could not accept it: %(reason)s") % {"reason": slot.reason},
        key=f"document.refused:{act.pk}",
    )


def document_asked(slot: DocumentSlot, act: models.Model) -> None:
    _applicant(
        slot.application,
        subject=_("The office asks for “%(name)s”") % {"name": slot.name},
        body=slot.help or _("Add it on the page of your application."),
        key=f"document.asked:{act.pk}",
    )


def review_assigned(review: Review, now: datetime) -> None:
    notify(
        recipients=[review.reviewer],
        topic=Topic.DESK,
        subject=_("Please review %(reference)s") % {"reference": review.application.reference},
        body=_("An application in “%(round)s” waits for your points.") % {"round": review.application.round.title},
        key=f"review.assigned:{review.pk}:{now:%Y%m%d%H%M%S}",
        url=reverse("applications:review_list"),
    )


def decided(decisions: Iterable[Decision]) -> None:
    """Everybody their own letter; the applications are joined with their applicants."""
    told = [
        Message(
            recipient=decision.application.applicant, subject=decision.subject, body=decision.letter,
            key=f"application.decided:{decision.application_id}", url=decision.application.get_absolute_url(),
        )
        for decision in decisions
    ]  # fmt: skip
    notify_each(messages=told, topic=Topic.APPLICATIONS)


def moved_up(application: Application, choice: Choice, subject: str, letter: str) -> None:
    _applicant(application, subject=subject, body=letter, key=f"application.moved_up:{choice.pk}")


def accepted(application: Application, choice: Choice) -> None:
    _applicant(
        application,
        subject=_("Your place is yours: %(place)s") % {"place": choice.option.place},
        body=_("You have accepted. Your exchange office takes the next step and writes to you."),
        key=f"application.accepted:{application.pk}",
    )


def expired(application: Application, choice: Choice) -> None:
    _applicant(
        application,
        subject=_("The offer has expired: %(place)s") % {"place": choice.option.place},
        body=_("You had not answered by %(moment)s, so the place goes to the next student.")
        % {"moment": moment(application.answer_by, application.round)},
        key=f"application.expired:{application.pk}",
    )


def rejected_at_the_end(application: Application) -> None:
    _applicant(
        application,
        subject=_("The waiting list of %(round)s is closed") % {"round": application.round.title},
        body=_("No place came free for you before the round ended."),
        key=f"application.rejected:{application.pk}",
    )


def lapsed(application: Application, closing: str) -> None:
    _applicant(
        application,
        subject=_("%(round)s has closed without your application") % {"round": application.round.title},
        body=_("It closed on %(closing)s and your draft %(reference)s was not submitted. You can still read it.")
        % {"closing": moment(application.round.closes_at, application.round), "reference": application.reference},
        key=f"application.lapsed:{application.pk}:{closing}",
    )


def revived(application: Application, closing: str) -> None:
    _applicant(
        application,
        subject=_("%(round)s is open again") % {"round": application.round.title},
        body=_("You can finish and submit your draft %(reference)s until %(closing)s.")
        % {"closing": moment(application.round.closes_at, application.round), "reference": application.reference},
        key=f"application.revived:{application.pk}:{closing}",
    )


def round_closed(round: Round, to_check: int, now: datetime) -> None:
    words = {"count": to_check, "round": round.title}
    notify(
        recipients=desk_people(round, now),
        topic=Topic.DESK,
        subject=_("%(round)s has closed") % words,
        body=ngettext(
            "%(count)d application waits to be checked.", "%(count)d applications wait to be checked.", to_check
        ) % words,
        key=f"round.closed:{round.pk}:{round.closes_at:%Y%m%d%H%M%S}",  # opened again, it closes again
        url=reverse("applications:round_desk", args=[round.slug]),
    )  # fmt: skip


def round_released(round: Round, count: int, now: datetime) -> None:
    notify(
        recipients=desk_people(round, now),
        topic=Topic.DESK,
        subject=_("The decisions of %(round)s are out") % {"round": round.title},
        body=ngettext("%(count)d letter has left.", "%(count)d letters have left.", count) % {"count": count},
        key=f"round.released:{round.pk}:{now:%Y%m%d%H%M%S}",
        url=reverse("applications:round_desk", args=[round.slug]),
    )


def appeal_filed(appeal: Appeal, now: datetime) -> None:
    application = appeal.application
    words = {"reference": application.reference, "name": application.applicant}
    words["until"] = moment(appeal.answer_by, application.round)
    _applicant(
        application,
        subject=_("We have your appeal: %(reference)s") % words,
        body=_(
            "Somebody who had no part in the decision looks at it and answers with reasons by %(until)s. "
            "You need to do nothing meanwhile."
        ) % words,
        key=f"appeal.received:{appeal.pk}",
    )  # fmt: skip
    _judges(
        appeal, now,
        subject=_("%(reference)s: an appeal was filed") % words,
        body=_("%(name)s appeals against the decision. Answer with reasons by %(until)s.") % words,
        key=f"appeal.filed:{appeal.pk}",
    )  # fmt: skip


def _judges(appeal: Appeal, now: datetime, *, subject: str, body: str, key: str, topic: str = Topic.DESK) -> int:
    """Tell who may answer; where nobody is left, the desk hears of it, so that it finds somebody."""
    application = appeal.application
    [asked] = Appeal.objects.filter(pk=appeal.pk).with_what_it_is_about()
    judges = appeal_judges([asked], application.round.university.day_at(now))[appeal.pk]
    # To who had a part in the decision the page of the answer is closed: the desk is led to the file instead.
    page = "appeal_answer" if judges else "application_desk"
    told = notify(
        recipients=judges or desk_people(application.round, now), topic=topic, subject=subject, body=body, key=key,
        url=reverse(f"applications:{page}", args=[application.reference]),
    )  # fmt: skip
    return len(told)


def appeal_is_due(appeal: Appeal, now: datetime, *, mark: str) -> int:
    """Before and after the last moment; returns how many were told."""
    words = {"reference": appeal.application.reference, "until": moment(appeal.answer_by, appeal.application.round)}
    is_late = now > appeal.answer_by
    late, ahead = _("Late: answer the appeal %(reference)s"), _("Answer the appeal %(reference)s")
    return _judges(
        appeal, now, topic=Topic.DEADLINES,
        subject=(late if is_late else ahead) % words,
        body=(_("The applicant was promised an answer by %(until)s and still waits.") if is_late
              else _("The applicant was promised an answer by %(until)s.")) % words,
        key=f"remind:appeal:{appeal.pk}:{mark}",
    )  # fmt: skip


def appeal_withdrawn(appeal: Appeal, now: datetime) -> None:
    application = appeal.application
    words = {"reference": application.reference, "name": application.applicant}
    _judges(
        appeal, now,
        subject=_("%(reference)s: the appeal was taken back") % words,
        body=_("%(name)s has taken the appeal back. There is nothing to answer.") % words,
        key=f"appeal.withdrawn:{appeal.pk}",
    )  # fmt: skip


def appeal_dismissed(appeal: Appeal) -> None:
    words = {"reference": appeal.application.reference, "reasons": appeal.reasons}
    _applicant(
        appeal.application,
        subject=_("Your appeal was dismissed: %(reference)s") % words,
        body=_("The decision stands.\n\n%(reasons)s") % words,
        key=f"appeal.answered:{appeal.pk}",
    )


def appeal_upheld(appeal: Appeal, given: Choice | None) -> None:
    """With a place the letter of an offer follows the reasons; its last moment is the application's own."""
    application = appeal.application
    if given:
        _subject, letter = letters.write(application, LetterTemplate.Outcome.OFFER, given, _("Your appeal was upheld."))
        what = letters.seal(letter, application.round, application.answer_by)
    else:
        what = _("You are on the waiting list now. When a place comes free for you, we write at once.")
    _applicant(
        application,
        subject=_("Your appeal was upheld: %(reference)s") % {"reference": application.reference},
        body=f"{appeal.reasons}\n\n{what}",
        key=f"appeal.answered:{appeal.pk}",
    )
