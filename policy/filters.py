"""The lists of this room: events, bodies; and for organisers who comes."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.functions import ExtractYear
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.folding import Fold, fold
from members.lists import Catalogue, Facet, Flag
from members.models import University
from policy.models import Body, Event, EventQuestion, EventSeries, Registration

WHEN = {0: _("Coming"), 1: _("Past")}
MOST_WORDS = 8  # each word looks into universities too; a pasted page of text would be one query of hundreds


def series_names(slugs: list[str]) -> dict[str, str]:
    return dict(EventSeries.objects.filter(slug__in=slugs).values_list("slug", "name"))


def body_names(slugs: list[str]) -> dict[str, str]:
    return {body.slug: body.named for body in Body.objects.filter(slug__in=slugs)}


def host_names(slugs: list[str]) -> dict[str, str]:
    return dict(University.objects.filter(slug__in=slugs).values_list("slug", "short_name"))


def when_names(values: list[Any]) -> dict[Any, Any]:
    return {value: WHEN[int(value)] for value in values if str(value) in {"0", "1"}}


def where_i_go(queryset: QuerySet, request: Any) -> QuerySet:
    """A visitor has the box in no form, but may follow somebody's link that ticks it: then it narrows nothing."""
    if not is_signed_in(request):
        return queryset
    live = Registration.objects.live().filter(person=request.user)
    return queryset.filter(pk__in=live.values("event"))


def that_i_keep(queryset: QuerySet, request: Any) -> QuerySet:
    if not is_signed_in(request):
        return queryset
    return queryset.filter(pk__in=Event.objects.kept_by(request.user).values("pk"))


def where_i_sit(queryset: QuerySet, request: Any) -> QuerySet:
    return queryset.sat_in_by(request.user, timezone.localdate()) if is_signed_in(request) else queryset


def open_now(queryset: QuerySet, request: Any) -> QuerySet:
    return queryset.open_for_registration(timezone.now())


def is_signed_in(request: Any) -> bool:
    return request.user.is_authenticated


def events_for(user: Any, now: datetime) -> QuerySet:
    """The rows of the calendar that `user` sees at `now`."""
    rows = Event.objects.visible_to(user).by_distance(now)
    return rows.select_related("series", "body", "host__country")


class EventFilter(Catalogue):
    """The calendar of the consortium. The rows carry `over` and `away` (EventQuerySet.by_distance)."""

    mine = Flag(label=_("For me"), words=_("I am registered"), keep=where_i_go, shown=is_signed_in)
    kept = Flag(
        label=_("Organised by me"), words=_("I look after it"), keep=that_i_keep,
        shown=lambda request: request.user.has_perm("policy.add_event"),
    )  # fmt: skip
    open = Flag(label=_("Registration"), words=_("Open now"), keep=open_now)
    when = Facet(label=_("When"), path="over", labels=when_names, coerce=int)
    year = Facet(label=_("Year"), path=ExtractYear("starts_at"), coerce=int)
    series = Facet(label=_("Series"), path="series__slug", labels=series_names)
    body = Facet(label=_("Body"), path="body__slug", labels=body_names)
    host = Facet(label=_("Host"), path="host__slug", labels=host_names)
    audience = Facet(label=_("For whom"), path="audience", labels=Event.Audience)
    state = Facet(label=_("State"), path="state", labels=Event.State)

    sorts = {
        "near": (_("nearest first"), ("over", "away", "pk")),
        "new": (_("latest first"), ("-starts_at", "pk")),
        "old": (_("earliest first"), ("starts_at", "pk")),
        "closing": (_("registration closes soonest"), (F("registration_closes_at").asc(nulls_last=True), "pk")),
        "title": (_("title"), ("title", "pk")),
    }
    columns: dict[Any, Any] = {
        _("Title"): "title",
        _("In a sentence"): "summary",
        _("Series"): "series.name",
        _("Body"): "body.name",
        _("Begins"): "begins",
        _("Ends"): "ends",
        _("Time zone"): "time_zone",
        _("Known to the"): "get_precision_display",
        _("City"): "place",
        _("Host"): "host.name",
        _("Online"): lambda event: _("yes") if event.is_online else _("no"),
        _("For whom"): "get_audience_display",
        _("State"): "get_state_display",
        _("Registration closes"): "registration_closes_at",
        _("Places"): "quota",
        _("Key"): "slug",
    }

    class Meta:
        model = Event
        fields: list[str] = []

    def filtered(self, *, without: str = "") -> QuerySet:
        """As every list, but events that were put away are found only by whoever ticks that state; it is counted."""
        found = super().filtered(without=without)
        asked = without == "state" or Event.State.ARCHIVED in (self.cleaned.get("state") or [])
        return found if asked else found.exclude(state=Event.State.ARCHIVED)

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """Events of which every word is found in title, sentence, place, series, body or host; accents do not count."""
        found = queryset.alias(
            plain_title=Fold("title"), plain_summary=Fold("summary"), plain_place=Fold("place"),
            plain_series=Fold("series__name"), plain_body=Fold("body__name"),
        )  # fmt: skip
        columns = ("title", "summary", "place", "series", "body")
        for word in fold(value).split()[:MOST_WORDS]:
            hit = Q(host__in=University.objects.matching(word).values("pk"))
            for column in columns:
                hit |= Q(**{f"plain_{column}__contains": word})
            found = found.filter(hit)
        return found


class BodyFilter(Catalogue):
    """The bodies of the consortium. The rows carry `seats` (BodyQuerySet.with_seats) and `rank`."""

    kind = Facet(label=_("Kind"), path="kind", labels=Body.Kind)
    standing = Facet(
        label=_("Today"), path="standing", labels=lambda values: {1: _("Stands"), 0: _("Ended")}, coerce=int
    )
    mine = Flag(label=_("For me"), words=_("I sit in it"), shown=is_signed_in, keep=where_i_sit)

    sorts = {
        "rank": (_("kind"), ("rank", "name", "pk")),
        "name": (_("name"), ("name", "pk")),
        "seats": (_("most seats"), ("-seats", "name", "pk")),
    }
    columns: dict[Any, Any] = {
        _("Name"): "name",
        _("Short name"): "short_name",
        _("Kind"): "get_kind_display",
        _("What it is for"): "purpose",
        _("Since"): "starts_on",
        _("Until"): "ends_on",
        _("Seats filled"): "seats",
        _("Note"): "note",
        _("Key"): "slug",
    }

    class Meta:
        model = Body
        fields: list[str] = []

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        found = queryset.alias(plain_name=Fold("name"), plain_short=Fold("short_name"), plain_purpose=Fold("purpose"))
        for word in fold(value).split()[:MOST_WORDS]:
            found = found.filter(
                Q(plain_name__contains=word) | Q(plain_short__contains=word) | Q(plain_purpose__contains=word)
            )
        return found


class RegistrationFilter(Catalogue):
    """Who comes to one event. Organisers also see addresses; the host's office what it needs to receive people."""

    state = Facet(label=_("State"), path="state", labels=Registration.State)
    home = Facet(label=_("University"), path="university__slug", labels=host_names)
    invited = Flag(
        label=_("Invitation"), words=_("Invited"),
        keep=lambda queryset, request: queryset.filter(invitation__isnull=False),
    )  # fmt: skip

    sorts = {
        "turn": (_("whose turn it is"), ("rank", F("line").asc(nulls_last=True), "asked_at", "pk")),
        "name": (_("name"), ("person__family_name", "person__given_name", "pk")),
        "home": (_("university"), ("university__short_name", "person__family_name", "pk")),
        "asked": (_("latest first"), ("-asked_at", "pk")),
    }

    class Meta:
        model = Registration
        fields: list[str] = []

    def __init__(self, *args: Any, questions: list[EventQuestion], runs: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.columns = {
            _("Given name"): "person.given_name",
            _("Family name"): "person.family_name",
            _("University"): "university.name",
            _("State"): "get_state_display",
        }
        if runs:
            self.columns |= {
                _("E-mail address"): "person.email",
                _("Invited as"): lambda row: row.invitation.invited if row.invitation_id else "",
                _("Registered"): "asked_at",
                _("Place in line"): "line",
                _("Reason"): "reason",
            }
        self.columns |= {question.text: _answer_to(question) for question in questions}

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        found = queryset.alias(plain_given=Fold("person__given_name"), plain_family=Fold("person__family_name"))
        for word in fold(value).split()[:MOST_WORDS]:
            found = found.filter(
                Q(plain_given__contains=word)
                | Q(plain_family__contains=word)
                | Q(university__in=University.objects.matching(word).values("pk"))
            )
        return found


def _answer_to(question: EventQuestion) -> Callable[[Registration], str]:
    return lambda row: row.answers.get(str(question.pk), "")
