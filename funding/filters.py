"""The lists of this room: the calls for everybody, the board of those who write them, one's interests."""

from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from funding.models import ActionType, Call, FundingProgramme, Interest, Part, Status
from members.folding import Fold, fold
from members.lists import Catalogue, Facet, Flag
from members.models import Field, University

MOST_WORDS = 8  # each word adds subqueries; a pasted page of text would be one query of hundreds


def programme_names(codes: list[str]) -> dict[str, str]:
    return dict(FundingProgramme.objects.filter(code__in=codes).values_list("code", "name"))


def field_names(codes: list[str]) -> dict[str, str]:
    return dict(Field.objects.filter(code__in=codes).values_list("code", "name"))


def university_names(slugs: list[str]) -> dict[str, str]:
    return dict(University.objects.filter(slug__in=slugs).values_list("slug", "short_name"))


def matching(queryset: QuerySet, typed: str) -> QuerySet:
    """Calls of which every word typed is found in title, topic, summary, programme or field; accents do not count."""
    found = queryset.annotate(plain_title=Fold("title"), plain_summary=Fold("summary"))
    for word in fold(typed).split()[:MOST_WORDS]:
        programmes = FundingProgramme.objects.annotate(plain=Fold("name"), frame=Fold("framework"))
        lines = programmes.filter(Q(plain__contains=word) | Q(frame__contains=word) | Q(code__icontains=word))
        fields = Field.objects.annotate(plain=Fold("name")).filter(plain__contains=word)
        named = Call.fields.through.objects.filter(call=OuterRef("pk"), field__in=fields.values("pk"))
        found = found.filter(
            Q(plain_title__contains=word)
            | Q(plain_summary__contains=word)
            | Q(topic__icontains=word)
            | Q(programme__in=lines.values("pk"))
            | Exists(named)
        )
    return found


def is_signed_in(request: Any) -> bool:
    return request.user.is_authenticated


# A visitor may follow the link of somebody who ticked the box: then it narrows nothing.
def followed(queryset: QuerySet, request: Any) -> QuerySet:
    return queryset.followed_by(request.user) if is_signed_in(request) else queryset


def with_my_interest(queryset: QuerySet, request: Any) -> QuerySet:
    if not is_signed_in(request):
        return queryset
    mine = Interest.objects.active().of(request.user).filter(call=OuterRef("pk"))
    return queryset.filter(Exists(mine))


def names_of_fields(call: Call) -> str:
    return "; ".join(field.name for field in call.fields.all())


def own_or_programmes(name: str) -> Any:
    """A column of the conditions that count for the row."""
    return lambda call: getattr(call.rules, name)


COLUMNS: dict[Any, Any] = {
    _("Title"): "title",
    _("Topic"): "topic",
    _("Status"): "status_words",
    _("Programme"): "programme.framework",
    _("Line"): "programme.name",
    _("Type of action"): "get_action_type_display",
    _("Funder"): "programme.funder",
    _("Next deadline"): "due_at",
    _("Time zone of the deadline"): "due_zone",
    _("Opens"): "opens_next",
    _("Budget of the call, EUR"): "budget_total",
    _("A project gets from, EUR"): "budget_min",
    _("A project gets up to, EUR"): "budget_max",
    _("Rate, percent"): "rate",
    _("Technology readiness from"): "trl_from",
    _("Technology readiness up to"): "trl_to",
    _("Organisations, at least"): own_or_programmes("min_organisations"),
    _("Countries, at least"): own_or_programmes("min_countries"),
    _("Fields"): names_of_fields,
    _("Official text"): lambda call: call.official_source[1],
    _("Sample"): lambda call: _("yes") if call.is_sample else "",
    _("Key"): "slug",
}


def calls_at(now: datetime) -> QuerySet:
    """The rows of the catalogue at `now`, the same for everybody."""
    return Call.objects.published().with_status(now).select_related("programme").prefetch_related("fields")


class CallFilter(Catalogue):
    """The catalogue. The rows carry `status`, `due_at`, `due_zone` and `opens_next` (CallQuerySet.with_status)."""

    status = Facet(label=_("Status"), path="status", labels=Status)
    follow = Flag(label=_("Mine"), words=_("I follow it"), keep=followed, shown=is_signed_in)
    interest = Flag(label=_("My part"), words=_("I am interested"), keep=with_my_interest, shown=is_signed_in)
    framework = Facet(label=_("Programme"), path="programme__framework")
    line = Facet(label=_("Line"), path="programme__code", labels=programme_names)
    action = Facet(label=_("Type of action"), path="action_type", labels=ActionType)
    funder = Facet(label=_("Funder"), path="programme__funder")
    field = Facet(label=_("Field"), path="fields__code", labels=field_names, many=True)

    sorts = {
        # Calls without a next deadline last, and among them those that open next first; closed ones end the list.
        "deadline": (_("deadline"), (F("due_at").asc(nulls_last=True), F("opens_next").asc(nulls_last=True), "-pk")),
        "budget": (_("largest budget"), (F("budget_total").desc(nulls_last=True), "title", "pk")),
        "project": (_("most money per project"), (F("budget_max").desc(nulls_last=True), "title", "pk")),
        "new": (_("newest"), (F("news_at").desc(nulls_last=True), "title", "pk")),
        "title": (_("title"), ("title", "pk")),
    }
    columns = COLUMNS

    class Meta:
        model = Call
        fields: list[str] = []

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return matching(queryset, value)


class OwnCallFilter(Catalogue):
    """What an office or the secretariat keeps, in every state. The rows carry what `with_status` adds."""

    state = Facet(label=_("State"), path="state", labels=Call.State)
    status = Facet(label=_("Status"), path="status", labels=Status)
    framework = Facet(label=_("Programme"), path="programme__framework")
    office = Facet(label=_("Written by"), path="office__slug", labels=university_names)

    sorts = {
        "new": (_("newest state"), ("-state_since", "pk")),
        "deadline": (_("deadline"), (F("due_at").asc(nulls_last=True), "title", "pk")),
        "title": (_("title"), ("title", "pk")),
    }
    columns = {_("State"): "get_state_display", _("Written by"): "office.short_name", **COLUMNS}

    class Meta:
        model = Call
        fields: list[str] = []

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return matching(queryset, value)


class InterestFilter(Catalogue):
    """The interests one may see: one's own and, for calls one is interested in, the others'."""

    mine = Flag(label=_("Whose"), words=_("My own"), keep=lambda queryset, request: queryset.of(request.user))
    state = Facet(label=_("State"), path="state", labels=Interest.State)
    part = Facet(label=_("As"), path="part", labels=Part)
    university = Facet(label=_("University"), path="university__slug", labels=university_names)

    sorts = {
        "newest": (_("newest"), ("-state_since", "-pk")),
        "call": (_("call"), ("call__title", "university__short_name", "pk")),
        "university": (_("university"), ("university__short_name", "call__title", "pk")),
    }
    columns = {
        _("Call"): "call.title",
        _("Topic"): "call.topic",
        _("University"): "university.name",
        _("Person"): "person.get_full_name",
        _("E-mail"): "person.email",
        _("As"): "get_part_display",
        _("Brings"): lambda interest: ", ".join(interest.expertise),
        _("Person-months"): "person_months",
        _("Message"): "message",
        _("State"): "get_state_display",
        _("Since"): "state_since",
        _("Key"): "reference",
    }

    class Meta:
        model = Interest
        fields: list[str] = []

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        found = queryset.annotate(
            plain=Fold("call__title"), words=Fold("message"), brings=Fold("expertise"), uni=Fold("university__name")
        )
        for word in fold(value).split()[:MOST_WORDS]:
            words = Q(plain__contains=word) | Q(words__contains=word) | Q(brings__contains=word)
            found = found.filter(words | Q(uni__contains=word) | Q(call__topic__icontains=word))
        return found
