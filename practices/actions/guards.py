"""What every act on a practice asks first, and how it is written down."""

from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from members.acts import Refused, record
from members.models import User
from practices.models import SHARING, Practice, PracticeVersion


def hold(practice: Practice, by: User, permission: str) -> Practice:
    """The practice as it stands, with its versions, its row locked until the end of the transaction.

    All acts on one practice queue here. Raises Refused unless `by` has `permission` on it.
    """
    # `of`: a draft has no live version, and PostgreSQL locks no row that an outer join may leave empty.
    rows = Practice.objects.select_for_update(of=("self",), no_key=True)
    held = rows.select_related("university", "live", "latest").get(pk=practice.pk)
    # Asked again under the lock: between page and act the practice may have been archived, or a mandate have ended.
    if not by.has_perm(f"practices.{permission}", held):
        raise Refused(_("This is not yours to do, or the moment for it has passed."))
    return held


def version_of(practice: Practice) -> PracticeVersion:
    """The version that is not decided about yet. Raises Refused without one."""
    version = practice.being_written
    if version is None:
        raise Refused(_("No version of this practice is being written."))
    return version


def step(thing: Practice | PracticeVersion, transition: str, **changes: Any) -> None:
    """Take the transition, or refuse because somebody was faster."""
    if not thing.move(transition, **changes):
        raise Refused(_("Somebody else was faster: this practice stands elsewhere now. Look at it again."))


def note(kind: str, practice: Practice, *, by: User, **more: Any) -> models.Model:
    """One line of the practice's timeline; who acts as a deputy does so on the holder's behalf."""
    mandate = by.mandate_for(*SHARING, university=practice.university)
    behalf = mandate.on_behalf_of(by) if mandate else None
    return record(f"practice.{kind}", practice, by=by, on_behalf_of=behalf, **more)
