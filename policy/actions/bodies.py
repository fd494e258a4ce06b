"""Who sits in a body: the secretariat and the chair keep the seats."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from members.actions.universities import constraint_as_refusal
from members.acts import Refused, clean_or_refuse, record
from members.bulk import checked_together
from members.models import User
from policy.models import Body, BodyMembership

ONCE_AT_A_TIME = ("a_person_sits_once_in_a_body", "a_university_has_one_seat_of_its_own")


@transaction.atomic
def change_seats(*, body: Body, version: int, rows: Sequence[BodyMembership], by: User) -> Body:
    """Make `rows` the seats of the body over `version`; seats that stay keep their keys, one with invitations stays.

    Raises Conflict when somebody saved in between, Refused where the model's own checks or the database object.
    """
    # First of all: it locks the body, and who comes second is told before anything is compared.
    body.save_over(version, [])
    gone = body.memberships.exclude(pk__in=[row.pk for row in rows if row.pk])
    invited = gone.filter(event_invitations__isnull=False).select_related("person", "university").first()
    if invited:
        raise Refused(_("%(who)s was invited to events by this seat: give it a last day.") % {"who": invited.holder})
    before = {seat.pk: str(seat) for seat in body.memberships.select_related("person", "university")}
    # Out first, stored ones next: their days make room for the new ones, which may follow on the same seat.
    gone.delete()
    with constraint_as_refusal(BodyMembership), checked_together(*ONCE_AT_A_TIME):
        for row in sorted(rows, key=lambda row: row.pk is None):
            row.body = body
            clean_or_refuse(row, apart_from={"body"})  # a seat may begin where another that is saved with it now ends
            row.save()
    record("body.seats", body, by=by, details={"before": list(before.values()), "after": [str(row) for row in rows]})
    return body
