"""Writing a practice: begin it, save it, hand it in, take it back, begin its next version."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from members.acts import Refused, clean_or_refuse
from members.models import University, User
from practices.actions import telling
from practices.actions.guards import hold, note, step, version_of
from practices.content import FRAME, content_of, fingerprint, gaps
from practices.models import SHARING, EvidenceLink, Practice, PracticeVersion, Topic

TRIES = 5


@transaction.atomic
def begin_practice(*, university: University, title: str, by: User, now: datetime) -> Practice:
    """A draft that its owner, the university's official and the secretariat see, with a reference for good."""
    if not by.holds(*SHARING, university=university):
        raise Refused(_("You can share practices of a university for which you act."))
    practice = _with_free_reference(university, by)
    version = PracticeVersion(
        practice=practice, number=1, title=title.strip(), contact=by, begun_by=by, state_since=now
    )
    clean_or_refuse(version)
    version.save()
    _point_to(practice, version)
    note("begun", practice, by=by, after=version.state)
    return practice


def _with_free_reference(university: University, by: User) -> Practice:
    for last in [False] * (TRIES - 1) + [True]:
        try:
            with transaction.atomic():  # a reference that is taken must not spoil the act around it
                return Practice.objects.create(university=university, owner=by)
        except IntegrityError as error:
            if last or "reference" not in str(error):
                raise
    raise AssertionError


def _point_to(practice: Practice, version: PracticeVersion) -> None:
    practice.latest = version
    practice.save(update_fields=["latest"])


@transaction.atomic
def begin_version(*, practice: Practice, by: User, now: datetime) -> PracticeVersion:
    """The next version, a copy of the one that everybody reads; that one stays as it is until this is published.

    Returns the version being written where there is one already. After a refusal the refused text is the start.
    """
    practice = hold(practice, by, "edit_practice")
    if practice.being_written:
        return practice.being_written
    before = practice.live or practice.latest
    # Of all versions, dropped ones too: a number that somebody has read is not given to another text.
    last = practice.versions.order_by("-number").first()
    version = PracticeVersion(
        practice=practice, number=last.number + 1, begun_by=by, state_since=now,
        **{name: getattr(before, name) for name in FRAME},
    )  # fmt: skip
    version.save()
    # Topics, links and files have rows of their own: a copy of the version alone would come without its proof.
    version.topics.set(before.topics.all())
    _copy(before.links.all(), version)
    _copy(before.files.all(), version)
    _point_to(practice, version)
    note("version_begun", practice, by=by, after=version.state, details={"version": version.number})
    return version


def _copy(rows: Any, version: PracticeVersion) -> None:
    for row in rows:
        row.pk, row._state.adding, row.version = None, True, version
        row.save()


@transaction.atomic
def save_version(
    *, version: PracticeVersion, seen: int, topics: Sequence[Topic], links: Sequence[EvidenceLink], by: User
) -> PracticeVersion:
    """Keep what was typed into `version` over the state with the number `seen`.

    Raises Conflict when somebody saved in between, Refused while the curators have it or where a check objects.
    """
    practice = hold(version.practice, by, "edit_practice")
    if practice.being_written is None or practice.being_written.pk != version.pk:
        raise Refused(_("This version is decided about; begin a new one."))
    if not practice.latest.is_with_writers:
        raise Refused(_("The curators are looking at this version; take it back before you change it."))
    clean_or_refuse(version)
    version.save_over(seen, [*FRAME])
    version.topics.set(topics)
    version.links.all().delete()  # links have no history of their own: what was submitted is pinned by the hash
    for position, link in enumerate(links):
        link.pk, link.version, link.position = None, version, position  # always new rows, as the old ones went above
        clean_or_refuse(link)
        link.save()
    note("saved", practice, by=by, details={"version": version.number})
    return version


@transaction.atomic
def submit(*, practice: Practice, by: User, now: datetime) -> PracticeVersion:
    """Hand the version being written to the curators, pinned by its hash. Raises Refused while something is missing."""
    practice = hold(practice, by, "edit_practice")
    version = version_of(practice)
    content = content_of(version)
    # Of the content that is pinned below, and not of the page: both are read under the one lock.
    missing = gaps(content)
    if missing:
        raise Refused(_("Not complete yet: %(missing)s") % {"missing": " ".join(missing)})
    before = version.state
    # State and hash in one UPDATE: the constraint wants what is submitted to be pinned at every moment.
    step(version, "submit", state_since=now, submitted_by=by, submitted_at=now, sha256=fingerprint(content))
    note("submitted", practice, by=by, before=before, after=version.state, details={"version": version.number})
    version.practice = practice
    telling.submitted(version, by)
    return version


@transaction.atomic
def take_back(*, practice: Practice, by: User, now: datetime) -> PracticeVersion:
    """The writers want to go on with what the curators have not decided about yet."""
    practice = hold(practice, by, "edit_practice")
    version = version_of(practice)
    step(version, "take_back", state_since=now)
    note("taken_back", practice, by=by, before=PracticeVersion.State.SUBMITTED, after=version.state)
    return version


@transaction.atomic
def drop(*, practice: Practice, by: User, now: datetime) -> Practice:
    """Throw the version being written away; what everybody reads stays. What was never published is archived."""
    practice = hold(practice, by, "edit_practice")
    version = version_of(practice)
    if practice.live is None:
        raise Refused(_("This practice was never published; archive it instead."))
    before = version.state
    step(version, "drop", state_since=now)
    _point_to(practice, practice.live)
    note("dropped", practice, by=by, before=before, after=version.state, details={"version": version.number})
    return practice
