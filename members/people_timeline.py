"""What happened to a mandate, an invitation or a student's profile, in words."""

from datetime import date
from typing import Any

from django.db.models import Model
from django.utils.formats import date_format
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from members.models import Act

LABELS = {
    "mandate.given": _("Mandate given"),
    "mandate.ended": _("Last day set to %(after)s"),
    "mandate.prolonged": _("Last day taken away"),
    "mandate.taken_back": _("Mandate taken back"),
    "mandate.handed_over": _("Passed on to %(to)s after %(after)s"),
    "mandate.deputy_named": _("%(deputy)s named as deputy"),
    "mandate.deputy_dismissed": _("%(deputy)s no longer deputy"),
    "invitation.sent": _("Invitation sent"),
    "invitation.sent_again": _("Invitation sent again"),
    "invitation.accepted": _("Invitation accepted"),
    "invitation.withdrawn": _("Invitation taken back"),
    "student.asked": _("Named %(at)s as home university"),
    "student.confirmed": _("Confirmed by the office"),
    "student.confirmed_by_domain": _("Confirmed by the e-mail address at %(domain)s"),
    "student.refused": _("Not confirmed"),
    "expert.published": _("Profile published"),
    "expert.unpublished": _("Profile taken back"),
    "erasure.asked": _("Asked to be erased"),
    "erasure.taken_back": _("Taken back"),
    "erasure.refused": _("Refused"),
    "erasure.done": _("Erased"),
}
STOPPING = {"mandate.taken_back", "student.refused", "invitation.withdrawn", "erasure.refused", "erasure.taken_back"}

OF_DAYS = {"mandate.ended", "mandate.handed_over"}


def timeline_of(target: Model) -> list[dict[str, Any]]:
    """The acts on `target`, oldest first, as `components/timeline.html` reads them: one query."""
    return [_step(act) for act in Act.objects.about(target)]


def _step(act: Act) -> dict[str, Any]:
    words = {"after": _day(act.after) if act.kind in OF_DAYS else act.after, **act.details}
    return {
        "label": LABELS[act.kind] % words if act.kind in LABELS else act.kind,
        "state": "stopped" if act.kind in STOPPING else "done",
        "at": act.at,
        "by": _who(act),
        "detail": act.reason,
    }


def _day(written: str) -> str:
    """A day as pages write it; the log keeps it as ISO 8601 does, which sorts and needs no language."""
    return date_format(date.fromisoformat(written)) if written else ""


def _who(act: Act) -> str:
    if act.actor is None:
        return _now("the portal")
    if act.on_behalf_of is None:
        return act.actor.get_full_name()
    return _now("%(actor)s for %(person)s") % {"actor": act.actor, "person": act.on_behalf_of}
