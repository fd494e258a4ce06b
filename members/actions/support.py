"""Seeing the portal as somebody else does: begun with a reason, told to the person, ended by itself."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from members.acts import Refused, record
from members.announcing import tell
from members.models import SupportVisit, User
from members.models.support import VISIT_LASTS
from members.support import begin_everywhere

SHORTEST_REASON, LONGEST_REASON = 10, 300


@transaction.atomic
def begin(*, person: User, reason: str, by: User, now: datetime) -> SupportVisit:
    """Let `by` see the portal as `person` for half an hour. Raises Refused.

    The person is told; an earlier visit of the same supporter ends.
    """
    if not by.has_perm("members.see_as", person):
        raise Refused(_("You cannot see the portal as this person: the account has rights of its own, or is closed."))
    reason = reason.strip()
    if len(reason) < SHORTEST_REASON:
        raise Refused(_("Say why you need to look, in ten letters or more; the person reads it."))
    if len(reason) > LONGEST_REASON:
        raise Refused(_("Say it in %(most)d letters at most.") % {"most": LONGEST_REASON})
    # Those whose half hour is over too: nobody ended them, and the table allows one without an end.
    for earlier in SupportVisit.objects.filter(supporter=by, ended_at=None).select_related("person", "supporter"):
        end(visit=earlier, now=now)
    try:
        with transaction.atomic():
            visit = SupportVisit.objects.create(
                supporter=by, person=person, reason=reason, began_at=now, ends_at=now + VISIT_LASTS
            )
    except IntegrityError as error:
        raise Refused(_("You began a visit in another window at the same time.")) from error
    record("support.began", person, by=by, reason=reason)
    begin_everywhere(visit)
    tell(
        recipients=[person],
        subject=_("Support looks at the portal as you see it"),
        body=_("%(supporter)s does so for half an hour at most: %(reason)s What is done meanwhile is logged as done on "
               "your behalf. Nobody saw your password, and nobody can answer an offer or change your account.")
        % {"supporter": by, "reason": reason},
        key=f"support:{visit.pk}",
        url=reverse("people:my_data"),
    )  # fmt: skip
    return visit


@transaction.atomic
def end(*, visit: SupportVisit, now: datetime) -> bool:
    """End the visit, at the latest when its time was over; false when it had ended already."""
    ended = SupportVisit.objects.filter(pk=visit.pk, ended_at=None).update(ended_at=min(now, visit.ends_at))
    if ended:
        record("support.ended", visit.person, by=visit.supporter)
    return bool(ended)
