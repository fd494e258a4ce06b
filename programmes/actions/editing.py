"""Writing a programme: a new one, and the parts of the version that is being written."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from members.acts import Conflict, Refused
from members.models import Role, University, User
from programmes.actions.guards import hold
from programmes.actions.telling import note
from programmes.content import completed, content_of, fingerprint, write
from programmes.models import PartnerRole, Programme, ProgrammePartner, Revision
from programmes.models.programmes import RESERVED_SLUGS


@transaction.atomic
def create_programme(*, title: str, kind: str, level: str, university: University, by: User) -> Programme:
    """A draft with `university` as the one that coordinates; seen by its directors and the secretariat only."""
    if not by.has_perm("programmes.add_programme") or not _may_begin(by, university):
        raise Refused(_("You can begin a programme for your own university only."))
    programme = Programme(title=title.strip(), kind=kind, level=level, slug=_free_slug(title, university))
    _refuse_invalid(programme)
    programme.save()
    ProgrammePartner.objects.create(programme=programme, university=university, role=PartnerRole.COORDINATING)
    note("created", programme, by=by, after=programme.state)
    return programme


def _may_begin(by: User, university: University) -> bool:
    return by.has_perm("members.curate") or by.holds(Role.DIRECTOR, university=university)


def _free_slug(title: str, university: University) -> str:
    """An address nobody has: from the title, then with the university, then with a number."""
    plain = slugify(title)[:70].strip("-") or "programme"
    tried = [plain, f"{plain}-{university.slug}"[:90]]
    # With the reserved ones: a programme called "Compare" must not hide behind the page of that name.
    taken = set(Programme.objects.filter(slug__startswith=plain).values_list("slug", flat=True)) | set(RESERVED_SLUGS)
    numbered = (f"{tried[1]}-{number}" for number in range(2, len(taken) + 3))
    return next(slug for slug in (*tried, *numbered) if slug not in taken)


def _refuse_invalid(programme: Programme) -> None:
    try:
        programme.full_clean()
    except ValidationError as error:
        raise Refused(error.messages[0]) from error


def working_copy(programme: Programme, by: User) -> Revision:
    """The version being written, or a new one, unsaved, that says what the programme says now."""
    found = programme.revisions.being_written().first()
    if found is not None:
        found.content = completed(found.content, programme)
        return found
    return Revision(
        programme=programme,
        content=content_of(programme),
        based_on=programme.version,
        begun_by=by,
        state_since=timezone.now(),
    )


@transaction.atomic
def save_parts(*, programme: Programme, parts: dict[str, Any], seen: str, by: User) -> Revision:
    """Put `parts` into the version being written; a programme that was never public shows them at once.

    While the secretariat looks at it, only the secretariat changes it.
    `seen` is the fingerprint of those parts as the editor saw them; raises Conflict when they differ now. The
    programme's row is the lock: two who save at once queue here.
    """
    programme = hold(programme, by, "edit_programme")
    revision = working_copy(programme, by)
    if not (revision.is_with_directors or by.has_perm("programmes.curate_programme")):
        raise Refused(_("The secretariat is looking at this version; take it back before you change it."))
    if fingerprint({part: revision.content[part] for part in parts}) != seen:
        raise Conflict(_("Somebody else saved this page while you were editing. Both versions are shown below."))
    revision.content = {**revision.content, **parts}
    revision.version += 1
    revision.save()
    # Nobody reads the rows of a draft but those who write it: they see on its page what they have just saved.
    if not programme.is_public:
        write_or_refuse(programme, revision.content)
    note("edited", programme, by=by, details={"parts": sorted(parts)})
    return revision


def follow_rows(*, programme: Programme) -> None:
    """Bring the version being written of a programme that is not public to its rows, which changed beside it.

    Until it is published both say the same: else the next page that a director saves would write the old state back.
    Call it inside the transaction that changed the rows.
    """
    if programme.is_public:
        return
    content = content_of(programme)
    for revision in programme.revisions.being_written().select_for_update(no_key=True):
        if revision.content != content:
            revision.content = content
            revision.version += 1
            revision.save()


def write_or_refuse(programme: Programme, content: dict[str, Any]) -> None:
    """Write `content` into the rows; what a column or constraint refuses becomes a sentence for the user."""
    try:
        write(programme, content)
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error
