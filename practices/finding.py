"""Practices in the search box: the live text; of one that was never published, the text that its writers see."""

from django.db.models import OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from members.models import University
from members.searching.kinds import Kind, Watch, entries_of, joined, line, register, texts_of, weighed
from practices.models import Practice, PracticeVersion, Topic

Filed = PracticeVersion.topics.through
TEXTS = ("title", "summary", "problem", "done", "result", "conditions")


def live(column: str) -> Coalesce:
    return Coalesce(f"live__{column}", f"latest__{column}")


def practices() -> QuerySet:
    topics = Filed.objects.filter(practiceversion=OuterRef("live")).order_by("topic__name")
    return entries_of(
        Practice.objects.all(),
        key="reference",
        title=live("title"),
        codes=texts_of("reference"),
        names=line(joined(topics, "topic__name"), "university__name"),
        subtitle=line("university__short_name", joined(topics, "topic__name", by=", "), "reference"),
        summary=live("summary"),
        words=line(live("problem"), live("done"), live("result"), live("conditions")),
        weight=weighed(Q(state=Practice.State.PUBLISHED)),
    )


KIND = Kind(
    key="practice",
    label=_("Practices"),
    one=_("Practice"),
    room="practices",
    model=Practice,
    entries=practices,
    visible_to=Practice.objects.visible_to,
    url_name="practices:practice_detail",
    watches=(
        Watch(Practice, ("reference", "university", "state", "live", "latest")),
        Watch(PracticeVersion, TEXTS, via="live_id"),
        Watch(PracticeVersion, TEXTS, via="latest_id"),
        Watch(Filed, ("practiceversion", "topic"), owner="practiceversion", via="live_id"),
        Watch(Topic, ("name",), via="live__topics__pk"),
        Watch(University, ("short_name", "name"), via="university_id"),
    ),
    order=56,
)


def announce() -> None:
    register(KIND)
