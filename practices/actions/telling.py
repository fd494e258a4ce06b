"""Who is told what about practices. Each function writes notices in the caller's transaction."""

from collections.abc import Iterable

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from members.models import Mandate, Role, User
from notifications.actions import notify
from notifications.models import Topic as Subject
from practices.models import SHARING, Adoption, Practice, PracticeVersion, Question, Topic


def _tell(people: Iterable[User], *, but: User | None, **words: str) -> None:
    notify(recipients=[person for person in people if person != but], topic=Subject.PRACTICES, **words)


def keepers(practice: Practice) -> list[User]:
    """The owner, or the university's officials of today where the owner is no longer there to keep it.

    Who left the university may not even see a draft any more: what waits goes to the successors.
    """
    owner = practice.owner
    if owner.is_active and owner.holds(*SHARING, university=practice.university):
        return [owner]
    return Mandate.objects.held_at(practice.university, Role.OFFICIAL).who_may_act(timezone.localdate())


def curators(practice: Practice) -> list[User]:
    """The secretariat, and the reviewers of other universities who do not belong to the practice's own."""
    day = timezone.localdate()
    held = Mandate.objects.filter(Q(role=Role.SECRETARIAT) | Q(role=Role.REVIEWER))
    able = held.exclude(university=practice.university).who_may_act(day)
    here = Mandate.objects.in_force(day).filter(university=practice.university)
    at_home = set(here.values_list("person_id", flat=True)) | set(here.values_list("deputy_id", flat=True))
    secretariat = {m.pk for m in Mandate.objects.filter(role=Role.SECRETARIAT).who_may_act(day)}
    # The secretariat also where it belongs to the university: it judges any but what it submitted (to_curate_for).
    return [person for person in able if person.pk in secretariat or person.pk not in at_home]


def submitted(version: PracticeVersion, by: User) -> None:
    practice = version.practice
    words = {"who": by, "title": version.title, "university": practice.university, "number": version.number}
    _tell(
        curators(practice),
        but=by,
        subject=_("To judge: %(title)s") % words,
        body=_(
            "%(who)s of %(university)s submitted version %(number)d of “%(title)s”. Publish it, ask for changes, or "
            "refuse it with a reason. The first who decides, decides."
        )
        % words,
        # With the moment: a version that was taken back and submitted again waits anew, and is told anew.
        key=f"practice-submitted:{version.pk}:{version.version}:{version.submitted_at.isoformat()}",
        url=reverse("practices:practice_curate", args=[practice.reference]),
    )


def changes_asked(version: PracticeVersion, by: User) -> None:
    words = {"title": version.title, "comment": version.comment}
    _tell(
        {*keepers(version.practice), version.submitted_by},
        but=by,
        subject=_("Changes asked for: %(title)s") % words,
        body=_("Before “%(title)s” is published, the curators ask for this:\n\n%(comment)s") % words,
        key=f"practice-changes:{version.pk}:{version.judged_at.isoformat()}",
        url=reverse("practices:practice_edit", args=[version.practice.reference]),
    )


def refused(version: PracticeVersion, by: User) -> None:
    words = {"title": version.title, "comment": version.comment}
    _tell(
        {*keepers(version.practice), version.submitted_by},
        but=by,
        subject=_("Not published: %(title)s") % words,
        body=_("The curators decided not to publish this version of “%(title)s”:\n\n%(comment)s") % words,
        key=f"practice-refused:{version.pk}",
        url=version.practice.get_absolute_url(),
    )


def published(version: PracticeVersion, by: User) -> None:
    """The keepers; the first time who follows one of its topics, later who follows the practice or adopted it."""
    practice = version.practice
    words = {"title": version.title, "university": practice.university, "number": version.number}
    words["summary"] = version.summary
    kept = {*keepers(practice), version.submitted_by}
    _tell(
        kept,
        but=by,
        subject=_("Published: %(title)s") % words,
        body=_("Version %(number)d of “%(title)s” is what everybody reads now.") % words,
        key=f"practice-published:{version.pk}:keeper",
        url=practice.get_absolute_url(),
    )
    # Version 1 may have been refused: then a later one is the first that anybody reads.
    first = version.number == 1 or practice.first_published_at == practice.published_at
    subject = _("New practice of %(university)s: %(title)s") if first else _("New version: %(title)s")
    readers = followers_of_topics(version) if first else User.objects.filter(followed_practices__practice=practice)
    _tell(
        [reader for reader in readers if reader not in kept],  # who keeps it has been told above
        but=by,
        subject=subject % words,
        body=_("%(summary)s\n\n%(university)s, version %(number)d.") % words,
        key=f"practice-published:{version.pk}:reader",
        url=practice.get_absolute_url(),
    )


def followers_of_topics(version: PracticeVersion) -> models.QuerySet[User]:
    """Who follows one of the version's topics, or the pillar of one."""
    topics = version.topics.all()
    followed = Topic.objects.filter(Q(pk__in=topics.values("pk")) | Q(pk__in=topics.values("pillar")))
    return User.objects.filter(followed_topics__topic__in=followed).distinct()


def adopted(adoption: Adoption, by: User) -> None:
    practice = adoption.practice
    words = {"title": practice.title, "university": adoption.university, "who": by, "changed": adoption.changed}
    _tell(
        {*keepers(practice), practice.live.contact},
        but=by,
        subject=_("%(university)s adopted: %(title)s") % words,
        body=_("%(who)s says that %(university)s uses “%(title)s”.\n\n%(changed)s") % words,
        key=f"practice-adopted:{adoption.pk}",
        url=practice.get_absolute_url(),
    )


def asked(question: Question) -> None:
    """The contact reads who asks and from which address, and answers there."""
    practice, who = question.practice, question.asked_by
    words = {"who": who, "address": who.email, "title": practice.title, "text": question.text}
    _tell(
        [question.sent_to],
        but=None,
        subject=_("Question about %(title)s") % words,
        body=_("%(who)s asks about “%(title)s”:\n\n%(text)s\n\nAnswer to %(address)s.") % words,
        key=f"practice-question:{question.pk}",
        url=practice.get_absolute_url(),
    )
