"""Judging what was submitted, and the end of a practice."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from members.acts import Conflict, Refused
from members.models import User
from practices.actions import telling
from practices.actions.guards import hold, note, step, version_of
from practices.models import CurationNote, Practice, PracticeVersion


def _to_judge(practice: Practice, seen: str) -> PracticeVersion:
    """The submitted version, if it is the one that was read; `seen` is its hash."""
    # By the hash and not by the number: a version that was taken back and submitted anew keeps its number.
    version = version_of(practice)
    if version.state != PracticeVersion.State.SUBMITTED or version.sha256 != seen:
        raise Conflict(_("This version was changed or decided about while you read it; look at it again."))
    version.practice = practice
    return version


def _reason(typed: str) -> str:
    if not typed.strip():
        raise Refused(_("Say why; the writers read it."))
    return typed.strip()


@transaction.atomic
def publish(*, practice: Practice, seen: str, comment: str = "", by: User, now: datetime) -> PracticeVersion:
    """Make the submitted version what everybody reads; `comment` stands beside it for readers.

    The versions before stay readable. Raises Conflict when `seen` is not the hash of what is submitted now.
    """
    practice = hold(practice, by, "curate_practice")
    version = _to_judge(practice, seen)
    step(version, "publish", state_since=now, judged_by=by, judged_at=now, comment="")
    before = practice.state
    first = practice.first_published_at or now  # it stays: the feed and machines date a practice by it
    step(practice, "publish", live=version, published_at=now, first_published_at=first)
    # A row of its own beside the version, which is pinned: readers are told without the text being touched.
    if comment.strip():
        CurationNote.objects.create(version=version, text=comment.strip(), by=by)
    note("published", practice, by=by, before=before, after=practice.state, details={"version": version.number})
    telling.published(version, by)
    return version


@transaction.atomic
def ask_for_changes(*, practice: Practice, seen: str, comment: str, by: User, now: datetime) -> PracticeVersion:
    """Give the version back to its writers with what has to change. Raises Refused without a comment."""
    reason = _reason(comment)
    practice = hold(practice, by, "curate_practice")
    version = _to_judge(practice, seen)
    step(version, "ask_changes", state_since=now, judged_by=by, judged_at=now, comment=reason)
    note("changes_asked", practice, by=by, before=PracticeVersion.State.SUBMITTED, after=version.state, reason=reason)
    telling.changes_asked(version, by)
    return version


@transaction.atomic
def refuse(*, practice: Practice, seen: str, comment: str, by: User, now: datetime) -> PracticeVersion:
    """Decide that this version is not published. What everybody reads, if anything, stays."""
    reason = _reason(comment)
    practice = hold(practice, by, "curate_practice")
    version = _to_judge(practice, seen)
    step(version, "refuse", state_since=now, judged_by=by, judged_at=now, comment=reason)
    if practice.live:
        practice.latest = practice.live
        practice.save(update_fields=["latest"])
    note("refused", practice, by=by, before=PracticeVersion.State.SUBMITTED, after=version.state, reason=reason)
    telling.refused(version, by)
    return version


@transaction.atomic
def archive(*, practice: Practice, reason: str, by: User, now: datetime) -> Practice:
    """Take it out of the catalogue; what was published stays readable at its address."""
    practice = hold(practice, by, "archive_practice")
    why = reason.strip()
    if not why:
        raise Refused(_("Say why, for those who come later."))
    version, before = practice.being_written, practice.state
    step(practice, "archive")
    if version:
        step(version, "drop", state_since=now)
    if version and practice.live:  # else desks and the next version would go on from the text that was dropped
        practice.latest = practice.live
        practice.save(update_fields=["latest"])
    note("archived", practice, by=by, before=before, after=practice.state, reason=why)
    return practice


@transaction.atomic
def restore(*, practice: Practice, by: User, now: datetime) -> Practice:
    """Bring it back: into the catalogue if it was there, else as a practice not published yet."""
    practice = hold(practice, by, "restore_practice")
    # Two transitions, since a practice without a live version cannot stand as published (the constraint says so).
    step(practice, "restore" if practice.live else "reopen")
    note("restored", practice, by=by, before=Practice.State.ARCHIVED, after=practice.state)
    return practice
