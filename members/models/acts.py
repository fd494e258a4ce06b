"""The log behind every timeline."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models


class ActQuerySet(models.QuerySet):
    def about(self, target: models.Model) -> "ActQuerySet":
        """The timeline of one thing, oldest first, with its people joined."""
        kind = ContentType.objects.get_for_model(target)
        return (
            self.filter(content_type=kind, object_id=target.pk)
            .select_related("actor", "on_behalf_of")
            .order_by("at", "pk")
        )

    def about_all(self, targets: models.QuerySet) -> "ActQuerySet":
        """The acts on all of `targets`, in no order."""
        kind = ContentType.objects.get_for_model(targets.model)
        return self.filter(content_type=kind, object_id__in=targets.values("pk")).order_by()

    def for_the_applicant(self) -> "ActQuerySet":
        return self.filter(internal=False)


class Act(models.Model):
    """One thing somebody did: who, for whom, to what, from which state to which, why, when. Never changed."""

    kind = models.CharField(max_length=60)
    content_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+")
    object_id = models.PositiveBigIntegerField()
    target = GenericForeignKey()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="acts")
    on_behalf_of = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    before = models.CharField(max_length=40, blank=True)
    after = models.CharField(max_length=40, blank=True)
    reason = models.TextField(blank=True)
    details = models.JSONField(default=dict, blank=True)
    internal = models.BooleanField(default=False)
    at = models.DateTimeField(auto_now_add=True)

    objects = ActQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["content_type", "object_id", "at"], name="act_of_a_target"),
            models.Index(fields=["actor", "-at"], name="act_of_an_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M}"
