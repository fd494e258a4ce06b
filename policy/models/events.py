"""Events: their states, who may see which, what a reader is told of when and where."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pghistory
import pgtrigger
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Case, Count, Exists, ExpressionWrapper, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from members.acts import Machine, Versioned
from members.constraints import in_order, only_choices
from members.models import Role, University, User
from members.models.universities import tracked
from members.zones import check_zone, city_of
from policy.models.bodies import Body, BodyMembership
from policy.models.series import EventSeries

SLUG_LENGTH = 90  # of the column's hundred: the rest is for the number that tells two of a name apart
HOST_DESK = (Role.EXCHANGE, Role.OFFICIAL)


class Audience(models.TextChoices):
    PUBLIC = "public", _("Everyone")
    MEMBERS = "members", _("People of the consortium")
    INVITED = "invited", _("Invited people only")


class Precision(models.TextChoices):
    """How exactly it is known when a past event was."""

    MINUTE = "minute", _("day and hour")
    DAY = "day", _("day")
    MONTH = "month", _("month")
    YEAR = "year", _("year")


class EventState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    CANCELLED = "cancelled", _("Cancelled")
    ARCHIVED = "archived", _("Archived")


EventState.shown = (EventState.PUBLISHED, EventState.CANCELLED)


def belongs_to_the_consortium(user: Any) -> bool:
    """Whoever acts for, or studies at, one of its universities, or acts for the consortium itself."""
    return user.is_authenticated and bool(user.own_universities() or user.holds(*Role.of_the_consortium))


class EventQuerySet(models.QuerySet):
    def shown(self) -> "EventQuerySet":
        return self.filter(state__in=EventState.shown)

    def upcoming(self, now: datetime) -> "EventQuerySet":
        """Events that are not over at `now`."""
        return self.filter(ends_at__gte=now)

    def by_distance(self, now: datetime) -> "EventQuerySet":
        """Annotate `over` (1 for past events) and `away`: how far from `now` it begins, running ones nearest."""
        # Two columns and not one signed distance: what is past comes after all that is ahead, however near it is.
        over = When(ends_at__lt=now, then=Value(1))
        ago = ExpressionWrapper(Value(now) - F("starts_at"), output_field=models.DurationField())
        ahead = ExpressionWrapper(F("starts_at") - Value(now), output_field=models.DurationField())
        return self.annotate(
            over=Case(over, default=Value(0)), away=Case(When(ends_at__lt=now, then=ago), default=ahead)
        )

    def open_for_registration(self, now: datetime) -> "EventQuerySet":
        """Events for which one may register at `now`, as `Event.is_registration_open` says it for one."""
        opened = Q(registration_opens_at__isnull=True) | Q(registration_opens_at__lte=now)
        not_closed = Q(registration_closes_at__gte=now) | Q(registration_closes_at__isnull=True, starts_at__gte=now)
        published = self.filter(state=EventState.PUBLISHED, takes_registrations=True, ends_at__gte=now)
        return published.filter(opened, not_closed)

    def with_mine(self, user: Any) -> "EventQuerySet":
        """Annotate `mine`: the state of this person's registration, empty where there is none."""
        from policy.models.registrations import Registration

        # 0 is nobody: a visitor has no key.
        own = Registration.objects.filter(event=OuterRef("pk"), person=user.pk or 0)
        return self.annotate(mine=Subquery(own.values("state")[:1]))

    def kept_by(self, user: User, day: Any = None) -> "EventQuerySet":
        """Events of bodies in which `user` is chair or secretary, and those at the universities whose office it is."""
        return self.filter(_kept_by(user, day or timezone.localdate()))

    def visible_to(self, user: Any) -> "EventQuerySet":
        """Published and cancelled ones by their audience; organisers and the secretariat see all of theirs.

        Invited people see an event by an invitation that reaches them today, or because they are registered.
        """
        if user.has_perm("members.curate"):
            return self
        if not user.is_authenticated:
            return self.shown().filter(audience=Audience.PUBLIC)
        # Here and not above: both modules need this one to be there first.
        from policy.models.invitations import EventInvitation
        from policy.models.registrations import Registration

        day = timezone.localdate()
        seen = Q(audience__in=_audiences_of(user))
        # Exists, not joins: somebody invited by two roles would find the event twice, and pages would count it twice.
        seen |= Exists(EventInvitation.objects.standing().reaching(user, day).filter(event=OuterRef("pk")))
        seen |= Exists(Registration.objects.live().filter(person=user, event=OuterRef("pk")))
        return self.filter((Q(state__in=EventState.shown) & seen) | _kept_by(user, day))

    def with_registrations(self) -> "EventQuerySet":
        """Annotate `taken` (places held) and `queued` (people on the waiting list)."""
        from policy.models.registrations import Registration

        def count(*states: str) -> Any:
            rows = Registration.objects.filter(event=OuterRef("pk"), state__in=states).order_by().values("event")
            return Coalesce(Subquery(rows.values(n=Count("pk"))), 0)

        return self.annotate(taken=count(*Registration.State.holding_a_place), queued=count(Registration.State.WAITING))


def _audiences_of(user: User) -> list[str]:
    return [Audience.PUBLIC, *([Audience.MEMBERS] if belongs_to_the_consortium(user) else [])]


def _kept_by(user: User, day: Any) -> Q:
    chaired = BodyMembership.objects.filled_by(user, day).filter(role__in=BodyMembership.Role.keeping)
    return Q(body__in=chaired.values("body")) | Q(host__in=user.universities_as(*HOST_DESK, day=day))


# A trigger, since a CHECK cannot count rows of another table. It holds also for what passes by the acts: SQL, imports.
QUOTA_COVERS_WHO_COMES = """
    SELECT count(*) INTO places_taken FROM policy_registration
     WHERE event_id = NEW.id AND state IN ('approved', 'attended');
    IF NEW.quota < places_taken THEN
        RAISE EXCEPTION 'event % cannot have % places: % are taken', NEW.id, NEW.quota, places_taken
            USING ERRCODE = 'check_violation', CONSTRAINT = 'quota_covers_who_comes';
    END IF;
    RETURN NEW;
"""


@tracked(obj_field=pghistory.ObjForeignKey(related_name="kept_versions"))
class Event(Machine, Versioned):
    """A meeting at a place or online, from and until when on the clock of its own zone; its row locks its places."""

    State, Audience, Precision = EventState, Audience, Precision

    TRANSITIONS = {
        "publish": ({State.DRAFT}, State.PUBLISHED),
        "cancel": ({State.PUBLISHED}, State.CANCELLED),
        "archive": ({State.DRAFT, State.PUBLISHED, State.CANCELLED}, State.ARCHIVED),
        "restore": ({State.ARCHIVED}, State.DRAFT),
    }

    slug = models.SlugField(max_length=100, unique=True, editable=False)
    title = models.CharField(_("title"), max_length=160)
    summary = models.CharField(_("in a sentence"), max_length=300, blank=True)
    description = models.TextField(_("what it is about"), blank=True)
    series = models.ForeignKey(
        EventSeries, on_delete=models.PROTECT, null=True, blank=True, related_name="held", verbose_name=_("series")
    )
    body = models.ForeignKey(
        Body, on_delete=models.PROTECT, null=True, blank=True, related_name="held", verbose_name=_("body"),
        help_text=_("Its chair and secretary run the event."),
    )  # fmt: skip
    host = models.ForeignKey(
        University, on_delete=models.PROTECT, null=True, blank=True, related_name="hosted_events",
        verbose_name=_("host university"), help_text=_("Its exchange office may edit the practical parts."),
    )  # fmt: skip
    is_online = models.BooleanField(_("one can take part online"), default=False)
    place = models.CharField(_("city"), max_length=120, blank=True)
    venue = models.CharField(_("building and room"), max_length=200, blank=True)
    directions = models.TextField(_("how to get there"), blank=True)
    online_url = models.URLField(_("link to take part"), blank=True, help_text=_("Shown to registered people only."))
    time_zone = models.CharField(_("time zone"), max_length=40, validators=[check_zone])
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    precision = models.CharField(
        _("known to the"), max_length=6, choices=Precision, default=Precision.MINUTE, editable=False
    )
    audience = models.CharField(_("who sees it"), max_length=8, choices=Audience, default=Audience.MEMBERS)
    takes_registrations = models.BooleanField(_("people register here"), default=True)
    registration_opens_at = models.DateTimeField(_("registration opens"), null=True, blank=True)
    registration_closes_at = models.DateTimeField(_("registration closes"), null=True, blank=True)
    quota = models.PositiveSmallIntegerField(
        _("places"), null=True, blank=True, validators=[MinValueValidator(1)],
        help_text=_("Empty: as many as come. Who comes after the last place waits and moves up by itself."),
    )  # fmt: skip
    needs_approval = models.BooleanField(
        _("each registration is approved"), default=False, help_text=_("Invited people need no approval.")
    )
    contact_name = models.CharField(_("whom to ask"), max_length=120, blank=True)
    contact_email = models.EmailField(_("e-mail address"), blank=True)
    cancelled_because = models.CharField(max_length=300, blank=True, editable=False)
    source = models.CharField(_("where this is known from"), max_length=160, blank=True, editable=False)
    state = models.CharField(max_length=10, choices=EventState, default=EventState.DRAFT, editable=False)
    state_since = models.DateTimeField(editable=False)
    is_sample = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at", "pk"]
        verbose_name, verbose_name_plural = _("event"), _("events")
        indexes = [
            models.Index(fields=["state", "ends_at"], name="event_by_time"),
            models.Index(fields=["starts_at"], name="event_by_start"),
        ]
        constraints = [
            only_choices("state", EventState),
            only_choices("audience", Audience),
            only_choices("precision", Precision),
            in_order("starts_at", "ends_at", _("The event must end after it begins.")),
            models.CheckConstraint(
                condition=Q(registration_opens_at__isnull=True)
                | Q(registration_closes_at__isnull=True)
                | Q(registration_opens_at__lte=F("registration_closes_at")),
                name="registration_closes_after_it_opens",
                violation_error_message=_("Registration must close after it opens."),
            ),
            # Not before the beginning: some events take people in while they run.
            in_order("registration_closes_at", "ends_at", _("Registration must close before the event is over.")),
            models.CheckConstraint(
                condition=Q(quota__isnull=True) | Q(quota__gte=1),
                name="an_event_has_a_place",
                violation_error_message=_("Offer at least one place, or leave it empty for no limit."),
            ),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | ~Q(cancelled_because=""),
                name="a_cancelled_event_says_why",
                violation_error_message=_("Say why the event does not take place."),
            ),
            models.CheckConstraint(
                condition=Q(contact_name="", contact_email="") | (~Q(contact_name="") & ~Q(contact_email="")),
                name="whom_to_ask_has_an_address",
                violation_error_message=_("Give the person's name and e-mail address together, or neither."),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="quota_covers_who_comes",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("NEW.quota IS NOT NULL AND NEW.quota IS DISTINCT FROM OLD.quota"),
                declare=[("places_taken", "integer")],
                func=QUOTA_COVERS_WHO_COMES,
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("policy:event_detail", args=[self.slug])

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A new event gets its address once; it never changes afterwards, so that links stay good."""
        if not self.slug:
            self.slug = self.free_slug()
        super().save(*args, **kwargs)

    def free_slug(self) -> str:
        wanted = slugify(f"{self.title[:70]} {self.starts_at:%Y-%m}")[:SLUG_LENGTH].strip("-")
        taken = set(Event.objects.filter(slug__startswith=wanted).values_list("slug", flat=True))
        numbered = (f"{wanted}-{number}" for number in range(2, len(taken) + 3))
        return wanted if wanted not in taken else next(slug for slug in numbered if slug not in taken)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def begins(self) -> datetime:
        """When it begins, on its own clock."""
        return self.starts_at.astimezone(self.zone)

    @property
    def ends(self) -> datetime:
        return self.ends_at.astimezone(self.zone)

    @property
    def is_exact(self) -> bool:
        return self.precision == Precision.MINUTE

    @property
    def when(self) -> str:
        """The day or days in its own zone, as exactly as they are known: "10–12 April 2024", "November 2025"."""
        first, last = self.begins, self.ends
        if self.precision in (Precision.MONTH, Precision.YEAR):
            return date_format(first, "F Y" if self.precision == Precision.MONTH else "Y")
        if first.date() == last.date():
            return date_format(first, "j F Y")
        if (first.year, first.month) == (last.year, last.month):
            return f"{first.day}–{date_format(last, 'j F Y')}"
        pattern = "j F" if first.year == last.year else "j F Y"
        return f"{date_format(first, pattern)} – {date_format(last, 'j F Y')}"

    @property
    def hours(self) -> str:
        """ "14:00–15:30 Stockholm" for an event of one day, the first hour for longer ones; empty when not known."""
        if not self.is_exact:
            return ""
        city = city_of(self.time_zone)
        first = date_format(self.begins, "H:i")
        if self.begins.date() != self.ends.date():
            return f"{first} {city}"
        return f"{first}–{date_format(self.ends, 'H:i')} {city}"

    @property
    def where(self) -> str:
        """Place and host in a few words."""
        parts = [part for part in (self.place, self.host.short_name if self.host_id else "") if part]
        if self.is_online:
            parts.append(_("online"))
        return ", ".join(map(str, parts))

    @property
    def tone(self) -> str:
        """How its state is drawn."""
        return {"draft": "wait", "published": "ok", "cancelled": "due"}.get(self.state, "quiet")

    @property
    def places_words(self) -> str:
        """How many places are left, or how many wait; reads `taken` and `queued`, empty where nobody counts."""
        if self.quota is None or not self.takes_registrations or self.state != EventState.PUBLISHED:
            return ""
        left = self.quota - self.taken
        if left > 0:
            return ngettext("%(n)d place left", "%(n)d places left", left) % {"n": left}
        waiting = ngettext("full, %(n)d waits", "full, %(n)d wait", self.queued) % {"n": self.queued}
        return waiting if self.queued else _("full")

    @property
    def mine_words(self) -> str:
        """The state of the reader's registration in words; reads `mine`, drafts of rows have none."""
        from policy.models.registrations import Registration

        return str(Registration.State(self.mine).label) if self.mine else ""

    @property
    def can_publish(self) -> bool:
        return self.can("publish")

    @property
    def can_cancel(self) -> bool:
        return self.can("cancel") and not self.is_over(timezone.now())

    @property
    def can_archive(self) -> bool:
        return self.can("archive")

    @property
    def can_restore(self) -> bool:
        return self.can("restore")

    def is_over(self, now: datetime) -> bool:
        return self.ends_at < now

    def is_registration_open(self, now: datetime) -> bool:
        """Whether people may register at `now`: published, inside the window, not over."""
        if not (self.takes_registrations and self.state == EventState.PUBLISHED) or self.is_over(now):
            return False
        opened = self.registration_opens_at is None or self.registration_opens_at <= now
        return opened and now <= self.last_moment

    @property
    def last_moment(self) -> datetime:
        """Until when one may register: the closing that was set, else the beginning."""
        return self.registration_closes_at or self.starts_at

    def missing_to_publish(self) -> list[str]:
        """What a reader would look for in vain, in words; an event with nothing missing may be published."""
        wanted = [
            (self.summary.strip() or self.description.strip(), _("what it is about")),
            (self.place or self.is_online, _("a city, or that it is online")),
            (self.contact_email or not self.takes_registrations, _("somebody to ask")),
        ]
        return [str(words) for there, words in wanted if not there]
