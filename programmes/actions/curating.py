"""From the directors' version to the public page: submit, return, publish, archive."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from members.acts import Conflict, Refused
from members.models import User
from programmes.actions.editing import write_or_refuse
from programmes.actions.guards import hold
from programmes.actions.telling import note, tell_directors, tell_secretariat
from programmes.content import gaps
from programmes.models import Programme, Revision, Seats


def _version_of(programme: Programme) -> Revision:
    revision = programme.revisions.being_written().first()
    if revision is None:
        raise Refused(_("There is no version of this programme to decide about."))
    return revision


def _move(thing: Programme | Revision, transition: str, **changes: object) -> None:
    if not thing.move(transition, **changes):
        raise Refused(_("Somebody else decided about this version meanwhile."))


def _refuse_gaps(revision: Revision) -> None:
    missing = gaps(revision.content)
    if missing:
        count = ngettext("One thing is missing", "%(n)s things are missing", len(missing)) % {"n": len(missing)}
        raise Refused(f"{count}: {missing[0].sentence}")


@transaction.atomic
def submit(*, programme: Programme, by: User, now: datetime) -> Revision:
    """Hand the version being written to the secretariat. Raises Refused while something is missing."""
    programme = hold(programme, by, "submit_programme")
    revision = _version_of(programme)
    _refuse_gaps(revision)
    before = revision.state
    _move(revision, "submit", state_since=now)
    # Only one that was never public stands there itself; beside a public page the version moves alone.
    if programme.can("submit"):
        programme.move("submit")
    note("submitted", programme, by=by, before=before, after=revision.state)
    tell_secretariat(
        programme,
        subject=_("To look at: %(title)s") % {"title": programme.title},
        body=_("%(who)s submitted a version of %(title)s (%(partners)s). Publish it or return it with a comment.")
        % {"who": by, "title": programme.title, "partners": programme.partner_line},
        key=f"programme-submitted:{revision.pk}:{revision.version}:{now.isoformat()}",
        url=reverse("programmes:programme_curate", args=[programme.slug]),
    )
    return revision


@transaction.atomic
def take_back(*, programme: Programme, by: User, now: datetime) -> Revision:
    """The directors want to go on writing what the secretariat has not decided about yet."""
    programme = hold(programme, by, "submit_programme")
    revision = _version_of(programme)
    _move(revision, "take_back", state_since=now)
    if programme.can("give_back"):
        programme.move("give_back")
    note("taken_back", programme, by=by, before=Revision.State.REVIEW, after=revision.state)
    return revision


@transaction.atomic
def give_back(*, programme: Programme, comment: str, by: User, now: datetime) -> Revision:
    """Return the version to its directors with what has to change. Raises Refused without a comment."""
    if not comment.strip():
        raise Refused(_("Say what has to change."))
    programme = hold(programme, by, "curate_programme")
    revision = _version_of(programme)
    _move(revision, "give_back", state_since=now, comment=comment.strip(), judged_by=by, judged_at=now)
    if programme.can("give_back"):
        programme.move("give_back")
    note("returned", programme, by=by, before=Revision.State.REVIEW, after=revision.state, reason=comment.strip())
    tell_directors(
        programme,
        but=by,
        subject=_("Returned to you: %(title)s") % {"title": programme.title},
        body=_("The secretariat asks for a change before %(title)s is published:\n\n%(comment)s")
        % {"title": programme.title, "comment": comment.strip()},
        key=f"programme-returned:{revision.pk}:{now.isoformat()}",
        url=reverse("programmes:programme_edit", args=[programme.slug, "basics"]),
    )
    return revision


@transaction.atomic
def publish(*, programme: Programme, seen: tuple[int, int], by: User, now: datetime) -> Programme:
    """Make the version being written the public one.

    `seen` are the numbers of the version and of the live programme that the secretariat compared; raises Conflict when
    either has moved on. Seats whose applications have not begun take over the new title, level and field.
    """
    programme = hold(programme, by, "curate_programme")
    revision = _version_of(programme)
    if seen != (revision.version, programme.version):
        raise Conflict(_("This version was changed while you looked at it; compare again before you publish."))
    # Asked again: the secretariat may have written in it since it was submitted.
    _refuse_gaps(revision)
    before = programme.state
    write_or_refuse(programme, revision.content)
    # Counted by hand: `write` saves the row as it is, under the lock that `hold` took.
    Programme.objects.filter(pk=programme.pk).update(version=programme.version + 1)
    if programme.state != Programme.State.PUBLISHED:
        _move(programme, "publish", published_at=now)
    _move(revision, "publish", state_since=now, judged_by=by, judged_at=now)
    _describe_seats(programme)
    note("published", programme, by=by, before=before, after=programme.state)
    tell_directors(
        programme,
        but=by,
        subject=_("Published: %(title)s") % {"title": programme.title},
        body=_("Your version of %(title)s is what everybody sees now.") % {"title": programme.title},
        key=f"programme-published:{revision.pk}",
        url=programme.get_absolute_url(),
    )
    return programme


def _describe_seats(programme: Programme) -> None:
    joined = ("intake__programme__field", "intake__round", "pathway__home", "pathway__host")
    for seats in Seats.objects.filter(intake__programme=programme).select_related(*joined):
        # Once students choose them they keep the words under which they were chosen.
        if seats.intake.takes_round_changes:
            seats.describe()
            seats.save()


@transaction.atomic
def drop(*, programme: Programme, by: User, now: datetime) -> Revision:
    """Throw the version being written away; a published programme stays as it is."""
    programme = hold(programme, by, "edit_programme")
    if not programme.is_public:
        raise Refused(_("This programme was never published; archive it instead."))
    revision = _version_of(programme)
    before = revision.state
    _move(revision, "drop", state_since=now)
    note("dropped", programme, by=by, before=before, after=revision.state)
    return revision


@transaction.atomic
def archive(*, programme: Programme, reason: str, by: User, now: datetime) -> Programme:
    """Take the programme out of the catalogue for good; its page stays. Raises Refused while students can apply."""
    programme = hold(programme, by, "archive_programme")
    if not reason.strip():
        raise Refused(_("Say why, for those who come later."))
    if programme.intakes.open_at(now).filter(round__isnull=False).exists():
        raise Refused(_("Students are applying now; close the application round first."))
    before = programme.state
    _move(programme, "archive")
    # Else it would wait on desks for a programme that nobody may write in (is_not_archived).
    for revision in programme.revisions.being_written():
        revision.move("drop", state_since=now)
    note("archived", programme, by=by, before=before, after=programme.state, reason=reason.strip())
    return programme


@transaction.atomic
def restore(*, programme: Programme, by: User) -> Programme:
    """Bring an archived programme back as a draft, to be looked at and published again."""
    programme = hold(programme, by, "curate_programme")
    _move(programme, "restore")
    note("restored", programme, by=by, before=Programme.State.ARCHIVED, after=programme.state)
    return programme
