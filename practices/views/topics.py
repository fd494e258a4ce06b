"""What practices are about: all topics, and one of them."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from practices.models import Practice, Topic, TopicFollow

SHOWN = 60


@login_not_required
def topic_list(request: HttpRequest) -> HttpResponse:
    """The five pillars, each with its topics and how many practices there are."""
    pillars = {topic.pk: (topic, []) for topic in Topic.objects.pillars().order_by("position")}
    for topic in Topic.objects.to_choose().with_practices():
        pillars[topic.pillar_id][1].append(topic)
    followed = _followed(request)
    return render(request, "practices/topic_list.html", {"pillars": list(pillars.values()), "followed": followed})


@login_not_required
def topic_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """The published practices of a topic, or of all topics of a pillar, the most adopted first."""
    topic = get_object_or_404(Topic.objects.select_related("pillar"), slug=slug)
    rows = Practice.objects.published().filter(live__in=_versions_on(topic)).with_adopters().with_frame()
    # One more than is shown tells whether there are more, without counting them all.
    practices = list(rows.order_by("-adopters", "-published_at", "pk")[: SHOWN + 1])
    context = {
        "topic": topic,
        "inner": list(topic.topics.with_practices()) if topic.is_pillar else [],
        "practices": practices[:SHOWN],
        "more": len(practices) > SHOWN,
        "follows": topic.pk in _followed(request),
        "through_pillar": topic.pillar_id in _followed(request),
    }
    return render(request, "practices/topic_detail.html", context)


def _versions_on(topic: Topic) -> object:
    filed = Practice._meta.get_field("live").related_model.objects.published()
    wanted = {"topics__pillar": topic} if topic.is_pillar else {"topics": topic}
    return filed.filter(**wanted).values("pk")


def _followed(request: HttpRequest) -> set[str]:
    """The codes of the topics this person follows; read once per request."""
    if not request.user.is_authenticated:
        return set()
    if not hasattr(request, "followed_topics"):
        request.followed_topics = set(TopicFollow.objects.filter(user=request.user).values_list("topic_id", flat=True))
    return request.followed_topics
