"""Intakes and their seats, and the application round of an intake."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from applications.models import Kind, Option, Round, RoundOption
from members.acts import Refused, clean_or_refuse
from members.models import User
from programmes.actions.guards import hold
from programmes.actions.telling import note
from programmes.models import Intake, Pathway, Programme, Seats

EVERYBODYS_CHOICES = 3


@transaction.atomic
def save_intake(*, intake: Intake, version: int, places: dict[int, int], by: User) -> Intake:
    """Save a new or changed intake with `places` by pathway (pk); no place means no seats.

    Raises Conflict when somebody saved it since `version`, Refused when fewer places would be left than are given.
    """
    hold(intake.programme, by, "edit_intakes")
    is_new = intake.pk is None
    intake.key = intake.key or intake.own_key()
    clean_or_refuse(intake)
    if is_new:
        intake.save()
    else:
        intake.save_over(version)
    _save_seats(intake, places)
    if intake.round_id and intake.takes_round_changes:
        _carry_window_over(intake)
    note("intake_added" if is_new else "intake_edited", intake.programme, by=by, details={"intake": str(intake)})
    return intake


def _save_seats(intake: Intake, places: dict[int, int]) -> None:
    joined = ("pathway__home", "pathway__host")
    stored = {seats.pathway_id: seats for seats in intake.seats.select_related(*joined)}
    pathways = intake.programme.pathways.select_related("home", "host").in_bulk(places.keys())
    for pk, number in places.items():
        if pk in stored and number:
            _change_places(stored[pk], number)
        elif pk in stored:
            _take_out(stored[pk])
        elif number and pk in pathways:
            _add_seats(intake, pathways[pk], number)


def _change_places(seats: Seats, number: int) -> None:
    """Fewer places than are given are refused; the option's row is the lock under which they are given."""
    Option.objects.select_for_update(no_key=True).get(pk=seats.pk)
    given = seats.choices.holding_a_place().count()
    if number < given:
        words = {"pathway": seats.pathway, "given": given}
        raise Refused(_("%(pathway)s: %(given)s places are given; leave at least %(given)s.") % words)
    seats.places = number
    seats.save()


def _add_seats(intake: Intake, pathway: Pathway, number: int) -> None:
    if not intake.takes_round_changes:
        raise Refused(_("Applications for this intake have begun; %(pathway)s cannot join.") % {"pathway": pathway})
    if intake.programme.field_id is None:
        raise Refused(_("Name the field of study first; seats are found by it."))
    seats = Seats.of(intake, pathway, number)
    clean_or_refuse(seats)
    seats.save()
    if intake.round_id:
        RoundOption.objects.create(round=intake.round, option=seats)


def _take_out(seats: Seats) -> None:
    if seats.choices.exists() or not seats.intake.takes_round_changes:
        raise Refused(_("%(pathway)s: students can choose these seats already.") % {"pathway": seats.pathway})
    # They protect the option; in a round of draft nobody has chosen them yet, as was asked above.
    seats.round_options.all().delete()
    seats.delete()


def _carry_window_over(intake: Intake) -> None:
    """A round still in draft follows its intake; once it is public it is edited itself."""
    # The state is asked again by the update itself: the round may have been published since the intake was read.
    Round.objects.filter(pk=intake.round_id, state=Round.State.DRAFT).update(
        opens_at=intake.opens_at, closes_at=intake.closes_at, time_zone=intake.time_zone
    )


@transaction.atomic
def copy_intake(*, intake: Intake, by: User) -> Intake:
    """The same intake a year later: window, zone, note and seats; the hours stay those of its own clock."""
    hold(intake.programme, by, "edit_intakes")
    seats = list(intake.seats.select_related("pathway__home", "pathway__host"))
    copied = Intake(
        programme=intake.programme,
        academic_year=intake.academic_year + 1,
        term=intake.term,
        home=intake.home,
        # On its own clock: a year of seconds later the hour may be another one, where the clocks change in between.
        opens_at=_a_year_later(intake.opens_at, intake.time_zone),
        closes_at=_a_year_later(intake.closes_at, intake.time_zone),
        time_zone=intake.time_zone,
        note=intake.note,
        is_sample=intake.is_sample,
    )
    return save_intake(intake=copied, version=1, places={seat.pathway_id: seat.places for seat in seats}, by=by)


def _a_year_later(at: datetime, zone: str) -> datetime:
    """The same day and hour on that zone's clock; 29 February becomes 28 February."""
    there = at.astimezone(ZoneInfo(zone))
    day = 28 if (there.month, there.day) == (2, 29) else there.day
    return there.replace(year=there.year + 1, day=day)


@transaction.atomic
def remove_intake(*, intake: Intake, by: User) -> None:
    """Take an intake away that nobody applied for; one with a round stays as history."""
    hold(intake.programme, by, "edit_intakes")
    if intake.round_id:
        raise Refused(_("This intake has an application round; it stays as history."))
    for seats in intake.seats.select_related("intake__round", "pathway__home", "pathway__host"):
        _take_out(seats)
    note("intake_removed", intake.programme, by=by, details={"intake": str(intake)})
    intake.delete()


@transaction.atomic
def open_round(*, intake: Intake, by: User) -> Round:
    """Make the application round of an intake, as a draft with all its seats, run by the coordinating university.

    Raises Refused without a coordinating university or seats, or when the programme is not published.
    """
    programme = hold(intake.programme, by, "open_round")
    # As it stands under the lock: the page may have read another window, or no round yet.
    intake = Intake.objects.get(pk=intake.pk)
    seats = list(intake.seats.all())
    _refuse_round(intake, programme, seats)
    round_ = _round_of(intake, programme, choices=min(len(seats), EVERYBODYS_CHOICES))
    clean_or_refuse(round_)
    round_.save()
    RoundOption.objects.bulk_create([RoundOption(round=round_, option=option) for option in seats])
    intake.round = round_
    # Counted up, so that who has its form open hears of the round, whose window may be the one that counts soon.
    intake.version += 1
    intake.save()
    note("round_made", programme, by=by, details={"intake": str(intake), "round": round_.slug})
    return round_


def _refuse_round(intake: Intake, programme: Programme, seats: list[Seats]) -> None:
    if intake.round_id:
        raise Refused(_("This intake has its application round already."))
    if programme.state != Programme.State.PUBLISHED:
        raise Refused(_("Students apply for published programmes; publish this one first."))
    if programme.coordinator is None:
        raise Refused(_("Say which partner coordinates first: it runs the applications."))
    if not seats:
        raise Refused(_("Give the pathways of this intake seats first."))


def _round_of(intake: Intake, programme: Programme, choices: int) -> Round:
    return Round(
        slug=_free_slug(f"{programme.slug[:70]}-{intake.key}"),
        kind=Kind.DUAL_DEGREE,
        university=programme.coordinator,
        title=f"{programme.title[:110]}, {intake.start}",
        academic_year=intake.academic_year,
        term=intake.term,
        opens_at=intake.opens_at,
        closes_at=intake.closes_at,
        time_zone=intake.time_zone,
        max_choices=choices,
        for_own_students=intake.home_id == programme.coordinator.pk,
        is_sample=programme.is_sample or intake.is_sample,
    )


def _free_slug(wished: str) -> str:
    plain = slugify(wished)[:96]
    taken = set(Round.objects.filter(slug__startswith=plain).values_list("slug", flat=True))
    numbered = (f"{plain}-{number}" for number in range(2, len(taken) + 3))
    return next(slug for slug in (plain, *numbered) if slug not in taken)
