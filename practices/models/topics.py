"""What practices are about: five pillars, each with its topics."""

from django.conf import settings
from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from members.models.universities import tracked


class TopicQuerySet(models.QuerySet):
    def pillars(self) -> "TopicQuerySet":
        return self.filter(pillar__isnull=True)

    def to_choose(self) -> "TopicQuerySet":
        """What a practice can be filed under: topics, never a whole pillar."""
        return self.filter(pillar__isnull=False).select_related("pillar")

    def with_practices(self) -> "TopicQuerySet":
        """Annotate `practices`: how many published practices are filed under the topic."""
        from practices.models.practices import Practice

        filed = Practice.objects.published().filter(live__topics=OuterRef("pk")).order_by().values("live__topics")
        return self.annotate(practices=Coalesce(Subquery(filed.values(n=Count("pk"))[:1]), 0))


@tracked()
class Topic(models.Model):
    """A pillar of the consortium's mission, or a topic in one of them; the code is stable and tells the pillar."""

    # The code is the key: it stands in what a version pins by its hash, and must not change by loading the file anew.
    code = models.CharField(max_length=40, primary_key=True)
    slug = models.SlugField(_("address"), max_length=100, unique=True)
    name = models.CharField(_("name"), max_length=100)
    pillar = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="topics", verbose_name=_("pillar")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_sample = models.BooleanField(_("is a sample"), default=False)

    objects = TopicQuerySet.as_manager()

    class Meta:
        ordering = ["pillar__position", "position", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(pillar__isnull=True, code__regex=r"^[a-z_]+$")
                | Q(pillar__isnull=False, code__regex=r"^[a-z_]+\.[0-9]{2,3}$"),
                name="a_topic_code_tells_its_pillar",
                violation_error_message=_(
                    "A pillar's code is one word (education); a topic's is its pillar's and a number (education.04)."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("practices:topic_detail", args=[self.slug])

    @property
    def is_pillar(self) -> bool:
        return self.pillar_id is None


class TopicFollow(models.Model):
    """Somebody wants to hear of practices on a topic; who follows a pillar follows all its topics."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="followed_topics")
    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="follows")
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-since", "-pk"]
        constraints = [models.UniqueConstraint(fields=["user", "topic"], name="a_topic_is_followed_once")]

    def __str__(self) -> str:
        return f"{self.user}: {self.topic}"
