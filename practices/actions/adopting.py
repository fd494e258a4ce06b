""" "We adopted this": said, added to, taken back."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from members.acts import Refused, clean_or_refuse
from members.models import University, User
from practices.actions import telling
from practices.actions.following import follow_practice
from practices.actions.guards import hold, note
from practices.models import SHARING, Adoption, Practice


@transaction.atomic
def adopt(
    *, practice: Practice, university: University, since: date, changed: str, result: str, by: User, now: datetime
) -> Adoption:
    """Say that `university` uses the practice as it reads now. The owner is told; `by` follows it from here on.

    Raises Refused for the own university's practice, for a day to come, and when the university has said so already.
    """
    practice = hold(practice, by, "adopt_practice")
    if university.pk == practice.university_id:
        raise Refused(_("This is a practice of your own university."))
    if not by.holds(*SHARING, university=university):
        raise Refused(_("You do not act for %(university)s.") % {"university": university})
    _refuse_to_come(since, now)
    if practice.adoptions.in_force().filter(university=university).exists():
        raise Refused(_("Your university has said so already."))
    adoption = Adoption(
        practice=practice, university=university, adopted_version=practice.live, since=since, told_by=by,
        changed=changed.strip(), result=result.strip(),
    )  # fmt: skip
    clean_or_refuse(adoption)
    adoption.save()
    follow_practice(practice=practice, by=by)
    note("adopted", practice, by=by, details={"university": university.slug})
    telling.adopted(adoption, by)
    return adoption


@transaction.atomic
def change_adoption(*, adoption: Adoption, version: int, by: User, now: datetime) -> Adoption:
    """Save what came of it over `version`. Raises Conflict when somebody saved in between, Refused once taken back."""
    # Taking back counts no version up, so the row is asked under its lock, not the copy that the page had read.
    stands = Adoption.objects.in_force().select_for_update(no_key=True).filter(pk=adoption.pk).first() is not None
    if not stands or not by.has_perm("practices.edit_adoption", adoption):
        raise Refused(_("This is not yours to do, or the moment for it has passed."))
    _refuse_to_come(adoption.since, now)
    clean_or_refuse(adoption)
    adoption.save_over(version, ["since", "changed", "result"])
    note("adoption_changed", adoption.practice, by=by, details={"university": adoption.university.slug})
    return adoption


@transaction.atomic
def withdraw_adoption(*, adoption: Adoption, by: User, now: datetime) -> Adoption:
    """Take it back; the university may adopt it again later."""
    # Not under the lock of the practice: one row is taken back once, and nothing else depends on it.
    if not by.has_perm("practices.withdraw_adoption", adoption):
        raise Refused(_("This is not yours to do, or the moment for it has passed."))
    rows = Adoption.objects.in_force().filter(pk=adoption.pk)
    if not rows.update(withdrawn_at=now, withdrawn_by=by):
        raise Refused(_("This was taken back already."))
    note("adoption_withdrawn", adoption.practice, by=by, details={"university": adoption.university.slug})
    adoption.refresh_from_db()
    return adoption


def _refuse_to_come(since: date, now: datetime) -> None:
    if since > timezone.localdate(now):  # the day of whoever types it: theirs may have begun before that of UTC
        raise Refused(_("%(day)s is still to come; say it once you use the practice.") % {"day": since.isoformat()})
