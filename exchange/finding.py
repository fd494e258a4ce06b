"""Exchange places in the search box."""

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce, Left
from django.utils.translation import gettext_lazy as _

from applications.finding import academic_year
from applications.models import Option
from exchange.models import Placement
from members.models import Field, StudyLevel, Term, Unit, University
from members.searching.kinds import Kind, Watch, entries_of, line, register, weighed, worded

SUMMARY_LETTERS = 240


def placements() -> QuerySet:
    return entries_of(
        Placement.objects.all(),
        key="slug",
        title="title",
        names=line("host__name", "host__city"),
        subtitle=line("host__short_name", worded("term", Term), academic_year(), worded("level", StudyLevel)),
        summary=Left("description", SUMMARY_LETTERS),
        words=line("field__name", Coalesce("unit__name", "unit_name"), "description"),
        weight=weighed(Q(state=Placement.State.PUBLISHED)),
    )


def announce() -> None:
    register(
        Kind(
            key="placement",
            label=_("Exchange places"),
            one=_("Exchange place"),
            room="exchange",
            model=Placement,
            entries=placements,
            visible_to=Placement.objects.visible_to,
            url_name="exchange:placement_detail",
            watches=(
                Watch(Placement, ("unit", "unit_name", "description", "state")),
                Watch(Option, ("slug", "title", "host", "academic_year", "term", "level", "field")),
                Watch(University, ("short_name", "name", "city"), via="host_id"),
                Watch(Field, ("name",), via="field_id"),
                Watch(Unit, ("name",), via="unit_id"),
            ),
            order=40,
        )
    )
