"""A host offers places, changes them, publishes them, takes them back."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.models import Application, Choice, Kind, Option, OptionRequirement, Round, RoundOption
from exchange.actions import telling
from exchange.models import Placement
from members.acts import Refused, clean_or_refuse, record
from members.models import University, User

NOT_CLOSED = (Round.State.DRAFT, Round.State.PUBLISHED)
# Whoever chose the place chose it for these.
CHOSEN_FOR = ("academic_year", "term", "level", "field_id", "host_id")
READ_TO_PUBLISH = ("description", "languages", "contact", "contact_email")


@transaction.atomic
def add_placement(
    *,
    placement: Placement,
    partners: Collection[University] = (),
    requirements: Sequence[OptionRequirement] = (),
    by: User,
    now: datetime,
) -> Placement:
    """Keep a new placement as a draft of its host. Raises Refused where the model's own checks object."""
    placement.kind, placement.state, placement.state_since = Kind.EXCHANGE, Placement.State.DRAFT, now
    placement.slug = placement.slug or placement.free_slug()
    clean_or_refuse(placement)
    keep_new(placement, partners, by=by, now=now)
    _ask(placement, requirements)
    return placement


def keep_new(placement: Placement, partners: Collection[University], *, by: User, now: datetime) -> None:
    """Save a draft whose values were looked through, and write it down; the import calls it row by row."""
    # Here too: the import comes this way, with rows that no form has made.
    placement.kind, placement.state, placement.state_since = Kind.EXCHANGE, Placement.State.DRAFT, now
    placement.save()
    if partners:
        placement.only_partners.set(partners)
    log("placement.added", placement, by=by, after=placement.state)


@transaction.atomic
def change_placement(
    *,
    placement: Placement,
    version: int,
    partners: Iterable[University] | None = None,
    requirements: Sequence[OptionRequirement] | None = None,
    by: User,
) -> Placement:
    """Save a changed placement over `version`; None leaves partners or requirements as they are.

    Raises Conflict when somebody saved in between, and Refused for fewer places than are taken, for another year, term,
    level or field once students have chosen it, or where the model's own checks object.
    """
    hold(placement)
    stored = Placement.objects.get(pk=placement.pk)
    # Saving writes every column: without this an edit would take back a publication that came in between.
    placement.state, placement.state_since = stored.state, stored.state_since
    refuse_fewer_places_than_taken(placement, stored)
    refuse_another_kind_of_place(placement, stored)
    clean_or_refuse(placement)
    keep_changed(placement, stored, version=version, partners=partners, by=by)
    if requirements is not None:
        _ask(placement, requirements)
    return placement


def keep_changed(
    placement: Placement, stored: Placement, *, version: int, partners: Iterable[University] | None, by: User
) -> None:
    """Save over `version` what was looked through against `stored`, and write down which columns changed."""
    placement.save_over(version)
    if partners is not None:
        placement.only_partners.set(partners)
    log("placement.changed", placement, by=by, details={"fields": changed_fields(stored, placement)})


@transaction.atomic
def publish_placement(*, placement: Placement, by: User, now: datetime) -> Placement:
    """Show it to everybody and let rounds take it up. Raises Refused while something is missing, and says what."""
    hold(placement)
    # Under the lock: an edit that took the language out a moment ago is seen here, and not by its reader.
    placement.refresh_from_db(fields=READ_TO_PUBLISH)
    missing = placement.missing_to_publish()
    if missing:
        raise Refused(_("Still missing: %(missing)s.") % {"missing": ", ".join(missing)})
    _step(placement, "publish", by=by, now=now)
    return placement


@transaction.atomic
def withdraw_placement(*, placement: Placement, reason: str, by: User, now: datetime) -> Placement:
    """Take it back: nobody can choose it any more; it leaves the rounds that are not closed yet.

    Tells the desks of those rounds and the students who had chosen it. Raises Refused while a student holds one of its
    places, and without a reason: those who are told read it.
    """
    if not reason.strip():
        raise Refused(_("Say why it is withdrawn; the students who chose it read the reason."))
    hold(placement)
    _refuse_while_places_are_held(placement)
    # Closed rounds keep it: what was applied for there is decided as it stood.
    rounds = list(Round.objects.filter(round_options__option=placement.pk, state__in=NOT_CLOSED))
    act = _step(placement, "withdraw", by=by, now=now, reason=reason.strip())
    RoundOption.objects.filter(option=placement.pk, round__in=rounds).delete()
    telling.withdrawn(placement, rounds, act, now)
    return placement


@transaction.atomic
def archive_placement(*, placement: Placement, by: User, now: datetime) -> Placement:
    """Put it away; it stays where applications refer to it.

    Raises Refused while one of them is not decided, and while a round that is not closed offers it: who chose it there
    is told by `withdraw_placement`.
    """
    hold(placement)
    ahead = Round.objects.filter(round_options__option=placement.pk, state__in=NOT_CLOSED).first()
    if ahead is not None:
        raise Refused(_("It stands in the round “%(round)s”. Withdraw it first.") % {"round": ahead.title})
    waiting = Choice.objects.filter(option=placement.pk, application__state__in=Application.State.in_review).count()
    if waiting:
        raise Refused(
            ngettext(
                "%(n)d application that chose it is not decided yet.",
                "%(n)d applications that chose it are not decided yet.",
                waiting,
            )
            % {"n": waiting}
        )
    _step(placement, "archive", by=by, now=now)
    return placement


@transaction.atomic
def restore_placement(*, placement: Placement, by: User, now: datetime) -> Placement:
    """Take it out of the archive, as a draft."""
    hold(placement)
    _step(placement, "restore", by=by, now=now)
    return placement


def hold(placement: Placement) -> Option:
    """Lock the option's row: whoever counts its places, changes it or moves its state queues here."""
    return Option.objects.select_for_update(no_key=True).get(pk=placement.pk)


def log(kind: str, placement: Placement, *, by: User, **words: Any) -> models.Model:
    """Write one line of the placement's timeline; a deputy's line names whom the deputy acts for."""
    mandate = by.mandate_for(*Placement.DESK, university=placement.host)
    return record(kind, placement, by=by, on_behalf_of=mandate.on_behalf_of(by) if mandate else None, **words)


def changed_fields(before: Placement, after: Placement) -> list[str]:
    """The names of the columns in which two states of a placement differ."""
    return [
        field.name
        for field in Placement._meta.concrete_fields
        if field.name != "version" and getattr(before, field.attname) != getattr(after, field.attname)
    ]


def _step(placement: Placement, transition: str, *, by: User, now: datetime, reason: str = "") -> models.Model:
    before = placement.state
    if not placement.move(transition, state_since=now):
        raise Refused(_("This place has changed meanwhile. Look at it again before you go on."))
    return log(f"placement.{transition}", placement, by=by, before=before, after=placement.state, reason=reason)


def _ask(placement: Placement, requirements: Sequence[OptionRequirement]) -> None:
    """Make `requirements` what is asked; rows that stay keep their keys."""
    placement.requirements.exclude(pk__in=[row.pk for row in requirements if row.pk]).delete()
    for row in requirements:
        row.option_id = placement.pk
        row.save()


def refuse_fewer_places_than_taken(placement: Placement, stored: Placement) -> None:
    """Offers not yet answered and accepted places count as taken; the database refuses the same."""
    if placement.places is None or placement.places >= stored.places:
        return
    taken = Choice.objects.holding_a_place().filter(option=placement.pk).count()
    if placement.places < taken:
        words = ngettext(
            "%(n)d place is taken; offer at least that.", "%(n)d places are taken; offer at least those.", taken
        )
        raise Refused(words % {"n": taken})


def refuse_another_kind_of_place(placement: Placement, stored: Placement) -> None:
    """Once somebody has chosen it, it stays the place that was chosen."""
    if all(getattr(placement, name) == getattr(stored, name) for name in CHOSEN_FOR):
        return
    chosen = Choice.objects.filter(option=placement.pk, application__state__in=Application.State.live).count()
    if chosen:
        words = ngettext(
            "%(n)d student has chosen it for %(when)s: year, term, level and field stay. Offer a new place instead.",
            "%(n)d students have chosen it for %(when)s: year, term, level and field stay. Offer a new place instead.",
            chosen,
        )
        raise Refused(words % {"n": chosen, "when": stored.when})


def _refuse_while_places_are_held(placement: Placement) -> None:
    held = Choice.objects.holding_a_place().filter(option=placement.pk).count()
    if held:
        words = ngettext(
            "%(n)d student holds a place here. Settle that with the home university first.",
            "%(n)d students hold places here. Settle that with the home universities first.",
            held,
        )
        raise Refused(words % {"n": held})
