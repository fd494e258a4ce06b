"""Files of an event: agendas, slides, notes, each for its audience."""

from typing import Any

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.constraints import only_choices
from policy.models.bodies import BodyMembership
from policy.models.events import Event
from policy.models.registrations import Registration


class MaterialAudience(models.TextChoices):
    PUBLIC = "public", _("Everyone who sees the event")
    REGISTERED = "registered", _("Registered people")
    BODY = "body", _("Members of the body")
    STAFF = "staff", _("Organisers only")


class MaterialQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "MaterialQuerySet":
        """By its audience; organisers see all of their event's. Who may not see the event sees none of them."""
        # The event first: a public file of a draft is not public.
        seen = self.filter(event__in=Event.objects.visible_to(user).values("pk"))
        if user.has_perm("members.curate"):
            return seen
        if not user.is_authenticated:
            return seen.filter(audience=MaterialAudience.PUBLIC)
        day = timezone.localdate()
        comes = Registration.objects.holding_a_place().filter(person=user, event=OuterRef("event"))
        sits = BodyMembership.objects.filled_by(user, day).filter(body=OuterRef("event__body"))
        kept = Event.objects.kept_by(user, day).values("pk")
        return seen.filter(
            Q(audience=MaterialAudience.PUBLIC)
            | Q(audience=MaterialAudience.REGISTERED) & Exists(comes)
            | Q(audience=MaterialAudience.BODY) & Exists(sits)
            | Q(event__in=kept)
        )


@pghistory.track()
class Material(models.Model):
    """One file; `code`, the beginning of its digest, names it in its address."""

    CODE_LENGTH = 16  # hexadecimal: 64 bits, not to be guessed, and short enough for an address
    Audience = MaterialAudience

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="materials")
    title = models.CharField(_("title"), max_length=160)
    audience = models.CharField(_("who may read it"), max_length=10, choices=MaterialAudience)
    file = models.FileField(upload_to="policy/%Y/%m/")
    name = models.CharField(max_length=160)
    content_type = models.CharField(max_length=80)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)

    objects = MaterialQuerySet.as_manager()

    class Meta:
        ordering = ["title", "pk"]
        verbose_name, verbose_name_plural = _("material"), _("materials")
        constraints = [
            only_choices("audience", MaterialAudience),
            models.UniqueConstraint(
                fields=["event", "sha256"],
                name="the_same_material_once_per_event",
                violation_error_message=_("This file is among the materials already."),
            ),
            models.CheckConstraint(condition=Q(size__gt=0), name="a_material_is_not_empty"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("policy:material_download", args=[self.event.slug, self.code])

    @property
    def code(self) -> str:
        return self.sha256[: self.CODE_LENGTH]
