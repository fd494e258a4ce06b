"""Next year's places from last year's."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from applications.models import OptionRequirement
from exchange.actions.offering import add_placement
from exchange.models import Placement
from members.academic_years import words
from members.acts import Refused
from members.models import University, User

NOT_COPIED = {"id", "option_ptr", "slug", "version", "state", "state_since", "created_at"}


@transaction.atomic
def copy_placement(*, placement: Placement, academic_year: int, by: User, now: datetime) -> Placement:
    """Offer the same place for another year, as a draft, with requirements, partners, and days moved by whole years.

    Raises Refused when the host already offers it for that year.
    """
    # All columns but these: one that is added later is copied too, unless somebody decides that it is not.
    columns = [field for field in Placement._meta.concrete_fields if field.name not in NOT_COPIED]
    copy = Placement(**{field.attname: getattr(placement, field.attname) for field in columns})
    years = academic_year - placement.academic_year
    copy.academic_year = academic_year
    copy.starts_on, copy.ends_on = moved(placement.starts_on, years), moved(placement.ends_on, years)
    requirements = [_copied(row) for row in placement.requirements.all()]
    return add_placement(
        placement=copy, partners=placement.only_partners.all(), requirements=requirements, by=by, now=now
    )


@transaction.atomic
def copy_year(
    *, host: University, from_year: int, to_year: int, by: User, now: datetime
) -> tuple[list[Placement], int]:
    """Copy every place of a year that is not archived; returns the new drafts and how many stood there already."""
    offered = Placement.objects.filter(host=host).exclude(state=Placement.State.ARCHIVED)
    # Passed over and no error: a year can be copied again after its host has added a place to it.
    there = set(offered.filter(academic_year=to_year).values_list("term", "level", "title"))
    last_year = list(offered.filter(academic_year=from_year).select_related("host").prefetch_related("requirements"))
    if not last_year:
        raise Refused(_("There is no place of %(year)s to copy.") % {"year": words(from_year)})
    new = [row for row in last_year if (row.term, row.level, row.title) not in there]
    made = [copy_placement(placement=row, academic_year=to_year, by=by, now=now) for row in new]
    return made, len(last_year) - len(new)


def moved(day: date | None, years: int) -> date | None:
    """The same day of another year; 29 February becomes the 28th."""
    if day is None:
        return None
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def _copied(row: OptionRequirement) -> OptionRequirement:
    row.pk = None
    row._state.adding = True
    return row
