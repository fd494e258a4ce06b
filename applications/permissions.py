"""Who may do what in rounds and with applications. The only place that says so for this room.

Each predicate's docstring is the policy. A `thing` is an application, or something that belongs to one (a review, a
document's slot), or a round.
"""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import Any

import rules
from django.utils import timezone

from applications.models import Appeal, Application, DocumentSlot, FileAccess, Kind, Review, Round
from members.models import Mandate, Role, User
from members.permissions import curates

DESKS = tuple({role for roles in Kind.desks.values() for role in roles})
OVERSEERS = (Role.HEAD, Role.OFFICIAL)
JUDGES = (*DESKS, *OVERSEERS)


def _application(thing: Any) -> Application | None:
    return thing if isinstance(thing, Application) else getattr(thing, "application", None)


def _round(thing: Any) -> Round | None:
    if isinstance(thing, Round):
        return thing
    application = _application(thing)
    return application.round if application else None


@rules.predicate
def is_applicant(user: User, thing: Any = None) -> bool:
    """The student whose application it is."""
    application = _application(thing)
    return application is not None and user.is_authenticated and application.applicant_id == user.pk


@rules.predicate
def sits_at_the_desk(user: User, thing: Any = None) -> bool:
    """The exchange office of the running university, for dual degrees its directors too; without a thing: of any."""
    if not user.is_authenticated:
        return False
    round = _round(thing)
    if round is None:
        return user.holds(*DESKS)
    return user.holds(*round.desk_roles, university=round.university)


@rules.predicate
def opens_rounds(user: User, thing: Any = None) -> bool:
    """The exchange offices; a round of a dual degree is made from its intake, in the programmes' room."""
    return user.is_authenticated and user.holds(*Kind.desks[Kind.EXCHANGE])


@rules.predicate
def was_submitted(user: User, thing: Any = None) -> bool:
    """A draft is the student's own affair; a desk sees an application once it was submitted."""
    application = _application(thing)
    return application is None or application.submitted_at is not None


@rules.predicate
def was_asked_to_review(user: User, thing: Any = None) -> bool:
    """The reviewers asked for their points, unless they stepped back."""
    application = _application(thing)
    if application is None or not user.is_authenticated:
        return False
    return Review.objects.open_to(user).filter(application=application).exists()


@rules.predicate
def is_the_reviewer(user: User, thing: Any = None) -> bool:
    """The one reviewer whose review it is; for an application: anybody asked to review it."""
    if isinstance(thing, Review):
        return user.is_authenticated and thing.reviewer_id == user.pk and thing.state != Review.State.RECUSED
    return was_asked_to_review(user, thing)


@rules.predicate
def has_finished_a_review(user: User, thing: Any = None) -> bool:
    """A reviewer reads the other reviews only after finishing the own one."""
    application = _application(thing)
    if application is None or not user.is_authenticated:
        return False
    return Review.objects.finished().filter(application=application, reviewer=user).exists()


@rules.predicate
def opened_it_with_a_reason(user: User, thing: Any = None) -> bool:
    """Whoever gave a reason less than an hour ago; that is logged and the student sees it."""
    application = _application(thing)
    if application is None or not user.is_authenticated:
        return False
    return FileAccess.objects.in_force_for(user).filter(application=application).exists()


@rules.predicate
def is_in_the_applicants_hands(user: User, thing: Any = None) -> bool:
    """A draft, or an application handed back by the office; the deadline is checked by the act, to the second."""
    application = _application(thing)
    return application is not None and application.state in (Application.State.DRAFT, Application.State.MORE_INFO)


@rules.predicate
def is_a_draft(user: User, thing: Any = None) -> bool:
    """Only a draft can be submitted."""
    application = _application(thing)
    return application is not None and application.state == Application.State.DRAFT


@rules.predicate
def is_offered(user: User, thing: Any = None) -> bool:
    """Only an open offer can be answered."""
    application = _application(thing)
    return application is not None and application.state == Application.State.OFFERED


@rules.predicate
def is_live(user: User, thing: Any = None) -> bool:
    """What has ended cannot be withdrawn any more."""
    application = _application(thing)
    return application is not None and application.state in Application.State.live


@rules.predicate
def wants_a_file(user: User, slot: DocumentSlot | None = None) -> bool:
    """In the student's hands what is not yet checked; later what is missing, refused, or was not needed to apply."""
    if slot is None or slot.state == DocumentSlot.State.VALIDATED:
        return False
    if is_in_the_applicants_hands(None, slot):
        return True
    settled = slot.state == DocumentSlot.State.RECEIVED and slot.needed == DocumentSlot.Needed.TO_APPLY
    return slot.application.state in Application.State.live and not settled


@rules.predicate
def applied_in_the_round(user: User, thing: Any = None) -> bool:
    """Whoever handed in an application of their own in the round, also one taken back later."""
    round = _round(thing)
    if round is None or not user.is_authenticated or user.student_profile_or_none is None:
        return False
    return Application.objects.filter(round=round, applicant=user, submitted_at__isnull=False).exists()


def appeal_judges(appeals: Collection[Appeal], day: date) -> dict[int, list[User]]:
    """Who may answer each of `appeals` (with_what_it_is_about) on `day`, by the appeal's pk; two queries for all.

    The desk of the round, without everybody who had a part in the decision: who prepared or released it, was asked to
    review the application, recommends the applicant, or handed in an application of their own in the round. Where
    nobody of the desk is left, the head and the official of the university answer, under the same conditions.
    """
    if not appeals:
        return {}
    rounds = {appeal.application.round for appeal in appeals}
    offices = _people_in_office({round.university_id for round in rounds}, day)
    competing = set(
        Application.objects.filter(round__in=rounds, submitted_at__isnull=False)
        .filter(applicant__in={person for people in offices.values() for person in people})
        .values_list("round", "applicant")
    )
    found = {}
    for appeal in appeals:
        round = appeal.application.round
        apart = _had_a_part(appeal) | {person for number, person in competing if number == round.pk}
        desk, overseers = (
            [p for p in _each_once(offices, round, roles) if p.pk not in apart and not _recommends(p, appeal)]
            for roles in (round.desk_roles, OVERSEERS)
        )
        found[appeal.pk] = desk or overseers
    return found


def _people_in_office(universities: Collection[int], day: date) -> dict[tuple[int, str], list[User]]:
    """Who acts on `day`, as holder or deputy, by university and role; accounts that are closed left out."""
    found = defaultdict(list)
    mandates = Mandate.objects.in_force(day).filter(university__in=universities, role__in=JUDGES)
    for mandate in mandates.select_related("person", "deputy").order_by("pk"):
        for person in (mandate.person, mandate.deputy):
            if person and person.is_active and mandate.may_be_used_by(person, day):
                found[mandate.university_id, mandate.role].append(person)
    return found


def _each_once(offices: dict[tuple[int, str], list[User]], round: Round, roles: Collection[str]) -> list[User]:
    return list({p.pk: p for role in roles for p in offices.get((round.university_id, role), ())}.values())


def _had_a_part(appeal: Appeal) -> set[int]:
    """Who made the decision or gave points; also who stepped back from a review, for they had their reason."""
    application = appeal.application
    return {
        application.applicant_id,
        application.decision.prepared_by_id,
        application.decision.released_by_id,
        *(review.reviewer_id for review in application.reviews.all()),
    }


def _recommends(person: User, appeal: Appeal) -> bool:
    return person.email.lower() == appeal.application.referee.lower()


@rules.predicate
def answers_the_appeal(user: User, thing: Any = None) -> bool:
    """While an appeal waits: somebody of the desk without a part in the decision, else the head or the official of the
    university; see `appeal_judges`.
    """
    application = _application(thing)
    if application is None or not user.is_authenticated:
        return False
    if not user.holds(*JUDGES, university=application.round.university):
        return False  # spares everybody else the question
    waiting = list(Appeal.objects.filed().filter(application=application).with_what_it_is_about())
    judges = appeal_judges(waiting, timezone.localdate())
    return any(user in judges[appeal.pk] for appeal in waiting)


@rules.predicate
def was_told_no_place(user: User, thing: Any = None) -> bool:
    """Without a place, or in line for one, by a decision whose letter named an appeal; the clock is checked by the act,
    to the second.
    """
    application = _application(thing)
    decision = getattr(application, "decision", None)
    return decision is not None and decision.appeal_by is not None and application.state in Application.State.appealable


@rules.predicate
def is_an_open_appeal(user: User, thing: Any = None) -> bool:
    """What was answered stays answered."""
    return isinstance(thing, Appeal) and thing.is_filed


decides = sits_at_the_desk & ~applied_in_the_round  # nobody decides where their own application competes
# Nor reads what the others there handed in: grades and motivations of one's rivals are no office's business.
reads_the_file = (
    is_applicant | (decides & was_submitted) | was_asked_to_review | opened_it_with_a_reason | answers_the_appeal
)

rules.add_perm("applications.open_round", opens_rounds)
rules.add_perm("applications.run_round", sits_at_the_desk)
rules.add_perm("applications.view_application", reads_the_file)
rules.add_perm("applications.edit_application", is_applicant & is_in_the_applicants_hands)
rules.add_perm("applications.submit_application", is_applicant & is_a_draft)
rules.add_perm("applications.put_document", is_applicant & wants_a_file)
rules.add_perm("applications.download_document", reads_the_file)
rules.add_perm("applications.check_application", decides & was_submitted)
rules.add_perm("applications.read_on_the_desk", decides & was_submitted | opened_it_with_a_reason | answers_the_appeal)
rules.add_perm(
    "applications.read_dossier",
    is_applicant | decides & was_submitted | was_asked_to_review | opened_it_with_a_reason | answers_the_appeal,
)
rules.add_perm("applications.share_dossier", decides & was_submitted)
rules.add_perm("applications.assign_review", decides & was_submitted)
rules.add_perm("applications.review_application", is_the_reviewer & ~is_applicant)
rules.add_perm(
    "applications.see_reviews", decides & was_submitted | has_finished_a_review & ~is_applicant | answers_the_appeal
)
rules.add_perm("applications.see_decision", decides & was_submitted | answers_the_appeal)
rules.add_perm("applications.decide_application", decides & was_submitted)
rules.add_perm("applications.release_round", decides)
rules.add_perm("applications.answer_offer", is_applicant & is_offered)
rules.add_perm("applications.withdraw_application", is_applicant & is_live)
rules.add_perm("applications.open_with_reason", curates)
rules.add_perm("applications.file_appeal", is_applicant & was_told_no_place)
rules.add_perm("applications.withdraw_appeal", is_applicant & is_an_open_appeal)
rules.add_perm("applications.answer_appeal", answers_the_appeal)
rules.add_perm(  # not the reviewers: an appeal may be about what they wrote
    "applications.read_appeal", is_applicant | decides & was_submitted | opened_it_with_a_reason | answers_the_appeal
)
