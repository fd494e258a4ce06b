"""Who is told what about funding calls."""

from collections.abc import Iterable
from datetime import datetime

from django.db import models
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from funding.differences import Difference, in_words
from funding.models import Call, Interest
from members.models import Mandate, Role, User
from notifications.actions import notify
from notifications.models import Topic

HISTORY = "what-happened"  # where the page of a call tells it to those who keep it


def followers(call: Call, *, but: User | None = None) -> Iterable[User]:
    """Everybody who follows the call, without the person who acts."""
    people = User.objects.filter(followed_calls__call=call)
    return people if but is None else people.exclude(pk=but.pk)


def changed(call: Call, changes: list[Difference], act: models.Model, *, by: User | None) -> None:
    """What matters has changed: followers read both values."""
    words = ", ".join(change["what"].lower() for change in changes)
    notify(
        recipients=followers(call, but=by),
        topic=Topic.FUNDING,
        subject=_("%(call)s: changed in %(what)s") % {"call": call.title, "what": words},
        body=f"{_('A call you follow has changed.')}\n\n{in_words(changes)}",
        key=f"call-changed:{act.pk}",
        url=call.get_absolute_url(),
    )


def changed_by_its_office(call: Call, changes: list[Difference], act: models.Model, *, by: User, now: datetime) -> None:
    """What the secretariat had looked through and published says something else now; nobody has to let it pass."""
    words = {"office": call.office.short_name, "who": by.get_full_name(), "call": call.title}
    notify(
        recipients=_secretariat(now),
        topic=Topic.DESK,
        subject=_("%(office)s has changed a published call: %(call)s") % words,
        body=_("%(who)s changed it; it stands so in the catalogue, and who follows it was told.") % words
        + f"\n\n{in_words(changes)}",
        key=f"call-changed-by-office:{act.pk}",
        url=f"{call.get_absolute_url()}#{HISTORY}",
    )


def archived(call: Call, act: models.Model, *, by: User) -> None:
    # Without an address: the page is not there any more for those who follow the call.
    notify(
        recipients=followers(call, but=by),
        topic=Topic.FUNDING,
        subject=_("%(call)s has been put away") % {"call": call.title},
        body=_("The call is no longer in the catalogue. Interests in it stay readable for those who expressed them."),
        key=f"call-archived:{act.pk}",
    )


def proposed(call: Call, act: models.Model, now: datetime) -> None:
    """The secretariat looks through it."""
    office = call.office.short_name if call.office else _("the secretariat")
    notify(
        recipients=_secretariat(now),
        topic=Topic.DESK,
        subject=_("%(office)s proposes a call: %(call)s") % {"office": office, "call": call.title},
        body=_("Look through it, then publish it or send it back with a word."),
        key=f"call-proposed:{act.pk}",
        url=call.get_absolute_url(),
    )


def sent_back(call: Call, act: models.Model, now: datetime) -> None:
    notify(
        recipients=_office(call, now),
        topic=Topic.DESK,
        subject=_("Sent back: %(call)s") % {"call": call.title},
        body=f"{act.reason}\n\n{_('Mend it and propose it again.')}",
        key=f"call-sent-back:{act.pk}",
        url=call.get_absolute_url(),
    )


def published(call: Call, act: models.Model, now: datetime) -> None:
    """The office that proposed it is told; others by their saved searches."""
    notify(
        recipients=_office(call, now),
        topic=Topic.DESK,
        subject=_("Published: %(call)s") % {"call": call.title},
        body=_("The call you proposed stands in the catalogue now."),
        key=f"call-published:{act.pk}",
        url=call.get_absolute_url(),
    )


def interested(interest: Interest, act: models.Model, now: datetime) -> None:
    """The others who are interested in the same call, and act for their university still, learn of a new one."""
    active = Interest.objects.active().still_speaking(localdate(now)).filter(call=interest.call_id)
    others = User.objects.filter(pk__in=active.values("person")).exclude(pk=interest.person_id)
    count = Interest.objects.active().filter(call=interest.call_id).values("university").distinct().count()
    words = {"who": interest.university.short_name, "call": interest.call.title, "part": interest.get_part_display()}
    many = ngettext("%(n)d university is interested now.", "%(n)d universities are interested now.", count)
    notify(
        recipients=others,
        topic=Topic.FUNDING,
        subject=_("%(who)s is interested too: %(call)s") % words,
        body=f"{_('Wants to be: %(part)s.') % words} {many % {'n': count}}\n\n{', '.join(interest.expertise)}",
        key=f"interest:{act.pk}",
        url=interest.call.get_absolute_url(),
    )


def withdrawn_for_them(interest: Interest, act: models.Model, *, by: User) -> None:
    """Who expressed it learns that the university's grant office took it back."""
    words = {"who": by.get_full_name(), "university": interest.university.short_name, "call": interest.call.title}
    notify(
        recipients=[interest.person],
        topic=Topic.FUNDING,
        subject=_("Your interest was withdrawn: %(call)s") % words,
        body=_("%(who)s took back the interest that you had expressed for %(university)s.") % words,
        key=f"interest-withdrawn:{act.pk}",
        url=interest.call.get_absolute_url(),
    )


def _secretariat(now: datetime) -> list[User]:
    return Mandate.objects.held_at(None, Role.SECRETARIAT).who_may_act(localdate(now))


def _office(call: Call, now: datetime) -> list[User]:
    if call.office_id is None:
        return []
    # Whoever sits there today: who wrote the call may have left, and the answer is for the office.
    return Mandate.objects.held_at(call.office, *Call.DESK).who_may_act(call.office.day_at(now))
