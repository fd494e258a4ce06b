"""Reviews: who is asked, the points, stepping back, reopening."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from applications.actions import telling
from applications.actions.guards import hold, hold_round, log, may_or_refuse, words_or_refuse
from applications.models import Application, Criterion, Review, Round, Score
from members.acts import Refused
from members.models import Role, User

REVIEWABLE = (Application.State.SUBMITTED, Application.State.MORE_INFO, Application.State.ELIGIBLE)


def conflict(application: Application, reviewer: User) -> str:
    """Why `reviewer` may not judge this applicant; empty when nothing speaks against it."""
    if application.applicant_id == reviewer.pk:
        return _("Nobody reviews their own application.")
    # By the address: a teacher who recommends somebody need not have an account here.
    if application.referee and application.referee.lower() == reviewer.email.lower():
        return _("%(name)s recommends this applicant and cannot review.") % {"name": reviewer}
    return ""


@transaction.atomic
def assign_review(*, application: Application, reviewer: User, by: User) -> Review:
    """Ask `reviewer` for points; raises Refused without a reviewer's mandate here today, or with a conflict."""
    hold(application)
    may_or_refuse(by, "applications.assign_review", application)
    now, university = timezone.now(), application.round.university
    if application.state not in REVIEWABLE:
        raise Refused(_("This application is not being reviewed."))
    if not reviewer.holds(Role.REVIEWER, university=university, day=university.day_at(now)):
        words = {"name": reviewer, "university": university.short_name}
        raise Refused(_("%(name)s is not a reviewer of %(university)s today.") % words)
    if against := conflict(application, reviewer):
        raise Refused(against)
    if application.reviews.filter(reviewer=reviewer).exists():
        raise Refused(_("This person was already asked to review this application."))
    review = Review.objects.create(application=application, reviewer=reviewer, assigned_by=by)
    log("review.assigned", application, by=by, details={"reviewer": str(reviewer)}, internal=True)
    telling.review_assigned(review, now)
    return review


@transaction.atomic
def assign_evenly(*, round: Round, reviewers: Iterable[User], per_application: int, by: User) -> int:
    """Bring every application that may be reviewed to `per_application` reviews, the least busy reviewer first.

    Conflicts are stepped around; raises Refused when somebody would be left with too few. Returns how many were
    assigned.
    """
    hold_round(round)  # two who share it out at once would both fill the same gaps
    may_or_refuse(by, "applications.run_round", round)
    people = sorted(reviewers, key=lambda person: person.pk)
    # Of this round, finished ones too: who was asked for much last year is not spared this year.
    load = {
        p.pk: p.reviews.filter(application__round=round).exclude(state=Review.State.RECUSED).count() for p in people
    }
    made = 0
    reviewable = round.applications.filter(state__in=REVIEWABLE).select_related("applicant")
    for application in reviewable.prefetch_related("reviews").order_by("pk"):
        asked = {review.reviewer_id: review for review in application.reviews.all()}
        active = [review for review in asked.values() if review.state != Review.State.RECUSED]
        free = [p for p in people if p.pk not in asked and not conflict(application, p)]
        wanted = max(0, per_application - len(active))
        if wanted > len(free):
            raise Refused(_("Too few reviewers without a conflict for %(ref)s.") % {"ref": application.reference})
        for person in sorted(free, key=lambda p: (load[p.pk], p.pk))[:wanted]:
            assign_review(application=application, reviewer=person, by=by)
            load[person.pk] += 1
            made += 1
    return made


@transaction.atomic
def finish_review(
    *, review: Review, points: Mapping[int, Decimal], comment: str, feedback: str, by: User, now: datetime
) -> Review:
    """Give the points by the criterion's pk, each within 0 and its most; raises Refused naming a wrong one."""
    hold_round(review.application.round)  # whoever changes the rubric comes before the points or after them
    application = hold(review.application)
    may_or_refuse(by, "applications.review_application", review)
    if application.state not in REVIEWABLE:
        raise Refused(_("This application is not being reviewed any more."))
    criteria = list(application.round.criteria.all())
    for criterion in criteria:
        _refuse_wrong_points(criterion, points.get(criterion.pk))
    if not review.move("finish", comment=comment, feedback=feedback, finished_at=now):
        raise Refused(_("This review is not open any more."))
    review.scores.all().delete()
    Score.objects.bulk_create(Score(review=review, criterion=c, points=points[c.pk]) for c in criteria)
    log("review.finished", application, by=by, internal=True,
        details={"points": {c.name: str(points[c.pk]) for c in criteria}})  # fmt: skip
    return review


def _refuse_wrong_points(criterion: Criterion, given: Decimal | None) -> None:
    if given is None:
        raise Refused(_("Give points for “%(criterion)s”.") % {"criterion": criterion})
    if not 0 <= given <= criterion.max_points:
        words = {"criterion": criterion, "given": given, "most": criterion.max_points}
        raise Refused(_("“%(criterion)s” takes 0 to %(most)s points; you gave %(given)s.") % words)


@transaction.atomic
def recuse(*, review: Review, reason: str, by: User) -> Review:
    """Step back from a review; the office reads why and asks somebody else."""
    hold(review.application)
    may_or_refuse(by, "applications.review_application", review)
    if not review.move("recuse", reason=words_or_refuse(reason)):
        raise Refused(_("This review is not open any more."))
    log("review.recused", review.application, by=by, reason=review.reason, internal=True)
    return review


@transaction.atomic
def reopen_review(*, review: Review, by: User) -> Review:
    """Let the reviewer change the points once more; only while nothing is released."""
    hold(review.application)
    may_or_refuse(by, "applications.assign_review", review.application)
    if review.application.state not in REVIEWABLE:
        raise Refused(_("This application is not being reviewed any more."))
    # The points stay until new ones come; the score leaves them out meanwhile, as it counts finished reviews only.
    if not review.move("reopen", finished_at=None):
        raise Refused(_("Only a finished review can be reopened."))
    log("review.reopened", review.application, by=by, details={"reviewer": str(review.reviewer)}, internal=True)
    return review
