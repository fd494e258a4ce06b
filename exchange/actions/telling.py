"""Who is told what about exchange places."""

from collections.abc import Sequence
from datetime import datetime

from django.db import models
from django.utils.translation import gettext as _

from applications.actions.guards import desk_people
from applications.models import Application, Round
from exchange.models import Placement
from members.models import User
from notifications.actions import notify
from notifications.models import Topic


def withdrawn(placement: Placement, rounds: Sequence[Round], act: models.Model, now: datetime) -> None:
    """Tell the desks of the rounds it leaves and the students who had chosen it in one of them."""
    words = {"place": placement.title, "host": placement.host, "when": placement.when, "reason": act.reason}
    gone = _("%(place)s at %(host)s, %(when)s, is no longer offered.\n\n%(reason)s") % words
    sent = _("To choose another, withdraw your application and begin a new one while the round is open.")
    for advice, states in (
        (_("Choose another place while the round is open."), (Application.State.DRAFT,)),
        (sent, set(Application.State.live) - {Application.State.DRAFT}),  # its choices are closed
    ):
        chose = User.objects.filter(
            applications__in=Application.objects.filter(
                round__in=rounds, state__in=states, choices__option=placement.pk
            )
        )
        notify(
            recipients=chose.distinct(),
            topic=Topic.APPLICATIONS,
            subject=_("%(host)s has withdrawn a place you chose: %(place)s") % words,
            body=f"{gone}\n\n{advice}",
            key=f"placement-withdrawn:{act.pk}:student",
            url=placement.get_absolute_url(),
        )
    for left in rounds:
        notify(
            recipients=desk_people(left, now),
            topic=Topic.DESK,
            subject=_("%(host)s has withdrawn a place: %(place)s") % words,
            body=f"{gone}\n\n{_('It has left your round “%(round)s”.') % {'round': left.title}}",
            key=f"placement-withdrawn:{act.pk}:{left.pk}",
            url=left.get_absolute_url(),
        )
