"""How many places are left, and why: counted from the choices that justify it."""

from dataclasses import dataclass

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.models import Application, Choice
from exchange.models import Placement


@dataclass(frozen=True, kw_only=True)
class Places:
    """The places of one placement; offers not yet answered hold a place as accepted ones do."""

    places: int
    accepted: int
    offered: int
    waiting: int
    applicants: int

    @property
    def taken(self) -> int:
        return self.accepted + self.offered

    @property
    def left(self) -> int:
        return self.places - self.taken

    @property
    def sentence(self) -> str:
        """Why so many are left, with the numbers."""
        whole = ngettext("%(n)d place", "%(n)d places", self.places) % {"n": self.places}
        if not self.taken:
            return _("%(whole)s, none given yet.") % {"whole": whole}
        parts = []
        if self.accepted:
            parts.append(_("%(n)d accepted") % {"n": self.accepted})
        if self.offered:
            parts.append(_("%(n)d offered and not answered yet") % {"n": self.offered})
        if self.waiting:
            parts.append(_("%(n)d on the waiting list") % {"n": self.waiting})
        return _("%(whole)s: %(parts)s; %(left)d left.") % {
            "whole": whole,
            "parts": ", ".join(parts),
            "left": self.left,
        }


def count_places(placement: Placement) -> Places:
    """Count the choices of one placement: one query."""
    states = Choice.State
    # What was never handed in, or taken back, is nobody's wish; it would make a place look more wanted than it is.
    submitted = Choice.objects.filter(option=placement.pk).exclude(
        application__state__in=[Application.State.DRAFT, Application.State.WITHDRAWN, Application.State.LAPSED]
    )
    rows = submitted.order_by().values_list("state").annotate(n=Count("pk"))
    by_state = dict(rows)
    return Places(
        places=placement.places,
        accepted=by_state.get(states.ACCEPTED, 0),
        offered=by_state.get(states.OFFERED, 0),
        waiting=by_state.get(states.WAITING, 0),
        applicants=sum(by_state.values()),
    )
