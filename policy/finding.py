"""Events and bodies in the search box."""

from django.db.models import Case, CharField, F, Func, Q, QuerySet, TextField, Value, When
from django.utils.translation import gettext_lazy as _

from members.models import University
from members.searching.kinds import Kind, Watch, entries_of, line, register, weighed, worded
from policy.models import Body, Event, EventSeries
from policy.models.bodies import BodyKind


def begins() -> Func:
    """The day it begins on its own clock, as exactly as it is known: "4 May 2027", "May 2027", "2027"."""
    pattern = Case(
        When(precision=Event.Precision.YEAR, then=Value("YYYY")),
        When(precision=Event.Precision.MONTH, then=Value("FMMonth YYYY")),
        default=Value("FMDD FMMonth YYYY"),
        output_field=CharField(),
    )
    there = Func(F("time_zone"), F("starts_at"), function="timezone", output_field=TextField())
    return Func(there, pattern, function="to_char", output_field=TextField())


def events() -> QuerySet:
    return entries_of(
        Event.objects.all(),
        key="slug",
        title="title",
        names=line("series__name", "body__name", "host__name"),
        subtitle=line(begins(), "place", "host__short_name", "series__name"),
        summary="summary",
        words="description",
        weight=weighed(Q(state=Event.State.PUBLISHED)),
    )


def bodies() -> QuerySet:
    return entries_of(
        Body.objects.all(),
        key="slug",
        title="name",
        names="short_name",
        subtitle=line("short_name", worded("kind", BodyKind)),
        words="purpose",
    )


EVENTS = Kind(
    key="event",
    label=_("Events"),
    one=_("Event"),
    room="policy",
    model=Event,
    entries=events,
    visible_to=Event.objects.visible_to,
    url_name="policy:event_detail",
    watches=(
        Watch(
            Event,
            ("slug", "title", "summary", "description", "series", "body", "host", "place", "starts_at", "time_zone",
             "precision", "state"),
        ),
        Watch(EventSeries, ("name",), via="series_id"),
        Watch(Body, ("name",), via="body_id"),
        Watch(University, ("short_name", "name"), via="host_id"),
    ),
    order=53,
)  # fmt: skip
BODIES = Kind(
    key="body",
    label=_("Bodies"),
    one=_("Body"),
    room="policy",
    model=Body,
    entries=bodies,
    visible_to=lambda user: Body.objects.all(),
    url_name="policy:body_detail",
    watches=(Watch(Body, ("slug", "name", "short_name", "kind", "purpose")),),
    order=54,
)


def announce() -> None:
    register(EVENTS)
    register(BODIES)
