"""Series: events that come back."""

import pghistory
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from members.models.universities import tracked
from policy.models.bodies import Body


@tracked(obj_field=pghistory.ObjForeignKey(related_name="kept_versions"))
class EventSeries(models.Model):
    """Events that come back: the general assembly, staff weeks, a yearly workshop."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=120)
    for_whom = models.CharField(_("for whom"), max_length=200, blank=True)
    rhythm = models.CharField(_("how often"), max_length=120, blank=True)
    description = models.TextField(_("description"), blank=True)
    body = models.ForeignKey(
        Body, on_delete=models.SET_NULL, null=True, blank=True, related_name="series", verbose_name=_("body")
    )
    is_sample = models.BooleanField(default=False)

    class Meta:
        ordering = ["name", "pk"]
        verbose_name, verbose_name_plural = _("series"), _("series")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("policy:series_detail", args=[self.slug])
