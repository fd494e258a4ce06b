"""Calls in the search box."""

from django.db.models import OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from funding.models import ActionType, Call, FundingProgramme
from members.models import Field
from members.searching.kinds import Kind, Watch, entries_of, joined, line, register, texts_of, weighed, worded


def calls() -> QuerySet:
    fields = Field.objects.filter(calls=OuterRef("pk")).order_by("code")
    return entries_of(
        Call.objects.all(),
        key="slug",
        title="title",
        codes=texts_of("topic"),
        names=line("programme__framework", "programme__name"),
        subtitle=line("programme__name", worded("action_type", ActionType), "topic"),
        summary="summary",
        words=line(joined(fields, "name"), "programme__code"),
        weight=weighed(Q(state=Call.State.PUBLISHED)),
    )


KIND = Kind(
    key="call",
    label=_("Calls"),
    one=_("Call"),
    room="funding",
    model=Call,
    entries=calls,
    visible_to=Call.objects.visible_to,
    url_name="funding:call_detail",
    watches=(
        Watch(Call, ("slug", "programme", "action_type", "topic", "title", "summary", "state")),
        Watch(FundingProgramme, ("framework", "name", "code"), via="programme_id"),
        Watch(Call.fields.through, ("call", "field"), owner="call"),
        Watch(Field, ("name",), via="fields__pk"),
    ),
    order=52,
    boost=0.1,
)


def announce() -> None:
    register(KIND)
