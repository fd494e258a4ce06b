"""What the page of one placement says: whose turn it is, places, requirements, dates, whom to ask, which rounds."""

from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.timesince import timesince
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from applications.eligibility import as_row, check
from applications.models import Round
from applications.turns import how_long
from exchange.models import Placement
from exchange.places import count_places
from members.models import Act, Contact, University
from members.moments import ago


def page(placement: Placement, user: Any, now: datetime) -> dict[str, Any]:
    """The context of the detail page for `user` at `now`; a constant number of queries."""
    profile = user.student_profile_or_none if user.is_authenticated else None
    home = profile.university if profile else None
    asked = list(placement.requirements.select_related("field", "home"))
    verdicts = check(asked, profile, localdate(now))
    partners = list(placement.only_partners.all())
    rounds = rounds_of(placement, user, now)
    edits = user.has_perm("exchange.edit_placement", placement)
    return {
        "placement": placement,
        "places": count_places(placement),
        "requirements": asked,
        "verdicts": [as_row(verdict, judged=profile is not None) for verdict in verdicts],
        "has_profile": profile is not None,
        "partners": partners,
        "deadlines": placement.host_term(),
        "person": whom_to_ask(placement, user, localdate(now)),
        "rounds": [row for row in rounds if takes(row, home)],
        "other_rounds": [row for row in rounds if not takes(row, home)],
        "edits": edits,
        "turn": _office_turn(placement, now) if edits else _reader_turn(placement, rounds, home, partners, now),
        "steps": _timeline(placement) if edits else [],
    }


def rounds_of(placement: Placement, user: Any, now: datetime) -> list[Round]:
    """The rounds in which it can, or soon can, be chosen; those the reader may see, the nearest closing first."""
    return list(
        Round.objects.visible_to(user)
        .filter(round_options__option=placement.pk, closes_at__gt=now)
        .exclude(state__in=[Round.State.RELEASED, Round.State.ARCHIVED])
        .select_related("university")
        .order_by("closes_at")
    )


def takes(round_: Round, home: University | None) -> bool:
    """Whether students of `home` may apply there; without a home nobody is left out."""
    return home is None or not round_.for_own_students or round_.university_id == home.pk


def whom_to_ask(placement: Placement, user: Any, day: date) -> dict[str, str] | None:
    """The person to ask, as far as this reader may see one: the placement's own, else the office's contact."""
    # An audience hides the person, not that there is somebody to ask: the office's contact stands in.
    if placement.contact_email and _may_see(placement.contact_audience, placement.host, user):
        return {"name": placement.contact_name, "role": placement.where, "email": placement.contact_email}
    contact = placement.contact
    if contact is None or not _is_in_office(contact, day) or not _may_see(contact.audience, placement.host, user):
        return None
    return {"name": contact.name, "role": str(contact.get_purpose_display()), "email": contact.email}


def _is_in_office(contact: Contact, day: date) -> bool:
    """As `ContactQuerySet.in_force` says it, for one contact."""
    return (contact.starts_on or day) <= day <= (contact.ends_on or day)


def _may_see(audience: str, host: University, user: Any) -> bool:
    """As `ContactQuerySet.visible_to` says it, for one person."""
    if audience == Contact.Audience.PUBLIC or user.has_perm("members.curate"):
        return True
    if not user.is_authenticated:
        return False
    return audience == Contact.Audience.MEMBERS or host in user.own_universities()


def _office_turn(placement: Placement, now: datetime) -> dict[str, Any]:
    """What the host's office does next."""
    caps = _("Your turn %(since)s") % {"since": how_long(placement.state_since, now)}
    missing = placement.missing_to_publish()
    states = Placement.State
    turns = {
        states.DRAFT: (_("Publish it, so that rounds can take it up."), "publish", _("Publish")),
        states.WITHDRAWN: (_("Nobody can choose it now: publish it again, or archive it."), "publish", _("Publish")),
        states.ARCHIVED: (_("It is put away; take it out to offer it again."), "restore", _("Take it out")),
    }
    if placement.state == Placement.State.PUBLISHED:
        return {
            "caps": _("Published %(time)s") % {"time": ago(placement.state_since, now)},
            "title": _("Students can find it; home universities can take it into their rounds."),
            "actions": [_action(placement, "edit", _("Edit"), quiet=True)],
        }
    title, act, label = turns[placement.state]
    if act == "publish" and missing:
        return {
            "caps": caps,
            "title": _("Complete it, then publish it."),
            "why": _("Still missing: %(missing)s.") % {"missing": ", ".join(missing)},
            "mine": True,
            "actions": [_action(placement, "edit", _("Edit"))],
        }
    actions = [_action(placement, act, label), _action(placement, "edit", _("Edit"), quiet=True)]
    return {"caps": caps, "title": title, "mine": True, "actions": actions}


def _action(placement: Placement, act: str, label: str, *, quiet: bool = False) -> dict[str, Any]:
    return {"url": reverse(f"exchange:placement_{act}", args=[placement.slug]), "label": label, "quiet": quiet}


def _reader_turn(
    placement: Placement, rounds: list[Round], home: University | None, partners: list[University], now: datetime
) -> dict[str, Any]:
    """What somebody who wants the place does next."""
    if home and (barred := _not_for(placement, home, partners)):
        return barred
    fits = [row for row in rounds if takes(row, home)]
    if open_now := [row for row in fits if row.is_open_at(now)]:
        return _open_turn(open_now[0], placement, home)
    if coming := [row for row in fits if row.opens_at > now]:
        return _coming_turn(coming[0], now)
    return {
        "caps": _("Not open"),
        "title": _("No round in which you could choose it is open or announced."),
        "why": _("Your exchange office decides which places its round offers; ask there."),
    }


def _not_for(placement: Placement, home: University, partners: list[University]) -> dict[str, Any] | None:
    """Why students of `home` cannot have the place at all."""
    if home == placement.host:
        return {"caps": _("For others"), "title": _("You study at %(host)s already.") % {"host": home}}
    if partners and home not in partners:
        names = ", ".join(partner.short_name for partner in partners)
        return {"caps": _("Not for you"), "title": _("Offered to students of %(names)s only.") % {"names": names}}
    return None


def _open_turn(round_: Round, placement: Placement, home: University | None) -> dict[str, Any]:
    return {
        "caps": _("Open now"),
        "title": _("Choose it in “%(round)s”.") % {"round": round_.title},
        "why": "" if home else _("Each university runs its own round; sign in to see yours."),
        "mine": home is not None,
        "actions": [
            {"url": _start(round_, placement), "label": _("Apply")},
            {"url": round_.get_absolute_url(), "label": _("See the round"), "quiet": True},
        ],
    }


def _coming_turn(round_: Round, now: datetime) -> dict[str, Any]:
    return {
        "caps": _("Opens in %(time)s") % {"time": timesince(now, round_.opens_at, depth=1)},
        "title": _("It can be chosen in “%(round)s”.") % {"round": round_.title},
        "actions": [{"url": round_.get_absolute_url(), "label": _("See the round"), "quiet": True}],
    }


def _start(round_: Round, placement: Placement) -> str:
    """Where an application begins, with this place as its first choice."""
    return f"{reverse('applications:application_start', args=[round_.slug])}?option={placement.slug}"


def _timeline(placement: Placement) -> list[dict[str, Any]]:
    """What happened to it, newest last; for the host's office."""
    words = {
        "placement.added": _("Added"),
        "placement.changed": _("Changed"),
        "placement.publish": _("Published"),
        "placement.withdraw": _("Withdrawn"),
        "placement.archive": _("Archived"),
        "placement.restore": _("Taken out of the archive"),
    }
    return [
        {
            "label": words.get(act.kind, act.kind),
            "state": "done",
            "at": act.at,
            "by": act.actor.get_full_name() if act.actor else "",
            "detail": act.reason or _names(act.details.get("fields", [])),
        }
        for act in Act.objects.about(placement)
    ]


def _names(fields: list[str]) -> str:
    """The changed columns in the words of the form."""
    return ", ".join(str(Placement._meta.get_field(name).verbose_name) for name in fields)
