"""Notices to people and the outbox that delivers them."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.db import models
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from members.acts import Machine
from members.constraints import only_choices
from notifications.catalogues import WatchedList, watched_list

CLAIM_LASTS = timedelta(minutes=10)
CALENDAR_SALT = "notifications.calendar"


class Topic(models.TextChoices):
    """What a person can choose to hear about, and how."""

    APPLICATIONS = "applications", _("My applications")
    DESK = "desk", _("Files on my desk")
    DEADLINES = "deadlines", _("Deadlines")
    CATALOGUE = "catalogue", _("Programmes and places")
    PRACTICES = "practices", _("Practices")
    EVENTS = "events", _("Events and invitations")
    FUNDING = "funding", _("Funding calls")
    SEARCHES = "searches", _("My saved searches")
    PEOPLE = "people", _("Mandates and people")
    SYSTEM = "system", _("The portal itself")


Topic.about_files = (Topic.APPLICATIONS, Topic.DESK)


class NoticeQuerySet(models.QuerySet):
    def visible_to(self, user: models.Model) -> "NoticeQuerySet":
        """People see their own notices only."""
        return self.filter(recipient=user)

    def unread(self) -> "NoticeQuerySet":
        return self.filter(read_at__isnull=True)


class Notice(models.Model):
    """One thing one person was told; `key` makes telling it twice impossible."""

    reference = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    topic = models.CharField(max_length=14, choices=Topic)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    url = models.CharField(max_length=300, blank=True)
    key = models.CharField(max_length=160)
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["recipient", "-created_at"], name="notice_of_a_person"),
            # For the number in the head of every page.
            models.Index(fields=["recipient"], condition=Q(read_at__isnull=True), name="notice_unread"),
        ]
        constraints = [
            only_choices("topic", Topic),
            models.UniqueConstraint(fields=["recipient", "key"], name="a_person_is_told_once"),
        ]

    def __str__(self) -> str:
        return self.subject


class Letter(models.Model):
    """An e-mail that is no notice: to somebody without an account, or the digest of several notices."""

    reference = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    address = models.EmailField()
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="letters"
    )
    subject = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    url = models.CharField(max_length=300, blank=True)
    key = models.CharField(max_length=160)
    is_secret = models.BooleanField(default=False, help_text=_("The text is forgotten once it is sent."))
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["address", "key"], name="an_address_is_told_once")]

    def __str__(self) -> str:
        return self.subject


class DeliveryQuerySet(models.QuerySet):
    def due(self, now: datetime) -> "DeliveryQuerySet":
        """Waiting for their time, or claimed by a worker that has not come back."""
        waiting = Q(state=Delivery.State.WAITING, due_at__lte=now)
        lost = Q(state=Delivery.State.CLAIMED, claimed_at__lte=now - CLAIM_LASTS)
        return self.filter(waiting | lost)

    def counted(self, now: datetime) -> dict[str, int]:
        """How many wait, are held, are late by more than ten minutes, and were given up: one query."""
        late = Q(state=Delivery.State.WAITING, due_at__lte=now - CLAIM_LASTS)
        states = Delivery.State
        # Said in the words of the index `delivery_not_over`: what was sent, nearly all there is, is not read for it.
        return self.filter(state__in=states.not_over).aggregate(
            waiting=Count("pk", filter=Q(state__in=[states.WAITING, states.CLAIMED])),
            held=Count("pk", filter=Q(state=states.DIGEST)),
            late=Count("pk", filter=late),
            given_up=Count("pk", filter=Q(state=states.FAILED)),
        )


class DeliveryState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    DIGEST = "digest", _("Held for the digest")
    CLAIMED = "claimed", _("Being sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Given up")
    CANCELLED = "cancelled", _("Not wanted")


DeliveryState.not_over = (DeliveryState.WAITING, DeliveryState.DIGEST, DeliveryState.CLAIMED, DeliveryState.FAILED)


class Delivery(Machine):
    """The outbox: one e-mail to send for a notice or a letter, written in the transaction that wrote it."""

    State = DeliveryState

    TRANSITIONS = {
        "claim": ({State.WAITING, State.CLAIMED}, State.CLAIMED),
        "send": ({State.CLAIMED, State.DIGEST}, State.SENT),
        "postpone": ({State.CLAIMED}, State.WAITING),
        "give_up": ({State.CLAIMED}, State.FAILED),
        "retry": ({State.FAILED}, State.WAITING),
        "release": ({State.DIGEST}, State.WAITING),
        "cancel": ({State.WAITING, State.DIGEST, State.FAILED}, State.CANCELLED),
    }

    notice = models.OneToOneField(Notice, on_delete=models.CASCADE, null=True, blank=True, related_name="delivery")
    letter = models.OneToOneField(Letter, on_delete=models.CASCADE, null=True, blank=True, related_name="delivery")
    digest = models.ForeignKey(Letter, on_delete=models.SET_NULL, null=True, blank=True, related_name="digested")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    due_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["due_at", "pk"]
        verbose_name_plural = "deliveries"
        indexes = [
            # The clock asks every half minute, and nearly all rows are of mail that left.
            models.Index(fields=["due_at"], condition=Q(state__in=["waiting", "claimed"]), name="delivery_to_do"),
            models.Index(
                fields=["state", "due_at"],
                condition=Q(state__in=["waiting", "digest", "claimed", "failed"]),
                name="delivery_not_over",
            ),
        ]
        constraints = [
            only_choices("state", DeliveryState),
            models.CheckConstraint(
                condition=~Q(state="sent") | Q(sent_at__isnull=False), name="a_sent_delivery_says_when"
            ),
            models.CheckConstraint(
                condition=Q(notice__isnull=False) ^ Q(letter__isnull=False),
                name="a_delivery_carries_a_notice_or_a_letter",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()}: {self.content}"

    @property
    def content(self) -> "Notice | Letter":
        """What it carries; join `notice__recipient` and `letter__recipient` in lists."""
        return self.notice or self.letter

    @property
    def address(self) -> str:
        return self.notice.recipient.email if self.notice else self.letter.address

    @property
    def is_open_to_the_office(self) -> bool:
        """Whether the secretariat may read the text: not about anybody's application, no secret link, no digest, which
        holds notices of every topic.
        """
        if self.notice:
            return self.notice.topic not in Topic.about_files
        return not self.letter.is_secret and self.letter.recipient_id is None


class PreferenceRhythm(models.TextChoices):
    AT_ONCE = "at_once", _("At once")
    DAILY = "daily", _("Once a day")
    WEEKLY = "weekly", _("Once a week")
    NEVER = "never", _("Not by e-mail")


class Preference(models.Model):
    """How one person wants to hear of one topic; without a row: at once by e-mail, and always in the portal."""

    Rhythm = PreferenceRhythm

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notice_preferences")
    topic = models.CharField(max_length=14, choices=Topic)
    rhythm = models.CharField(max_length=8, choices=Rhythm, default=Rhythm.AT_ONCE)

    class Meta:
        constraints = [
            only_choices("rhythm", PreferenceRhythm),
            models.UniqueConstraint(fields=["user", "topic"], name="one_rhythm_per_topic"),
        ]

    def __str__(self) -> str:
        return f"{self.topic}: {self.rhythm}"


class CaughtMail(models.Model):
    """An e-mail that the demo's local catcher received instead of the world."""

    reference = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sender = models.CharField(max_length=254)
    recipients = models.JSONField(default=list)
    subject = models.CharField(max_length=300, blank=True)
    text = models.TextField(blank=True)
    raw = models.TextField()
    caught_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-caught_at", "-pk"]

    def __str__(self) -> str:
        return self.subject

    @property
    def to(self) -> str:
        return ", ".join(self.recipients)


class JobRun(models.Model):
    """The last run of a job of the clock: when it began and ended, how it went."""

    name = models.CharField(max_length=80, unique=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    is_good = models.BooleanField(default=True)
    result = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class SavedSearchRhythm(models.TextChoices):
    NEVER = "never", _("Do not tell me")
    AT_ONCE = "at_once", _("At once")
    DAILY = "daily", _("Once a day")
    WEEKLY = "weekly", _("Once a week")


SavedSearchRhythm.pause = {
    SavedSearchRhythm.AT_ONCE: timedelta(0),
    SavedSearchRhythm.DAILY: timedelta(days=1),
    SavedSearchRhythm.WEEKLY: timedelta(days=7),
}


class SavedSearchQuerySet(models.QuerySet):
    def visible_to(self, user: models.Model) -> "SavedSearchQuerySet":
        """People see their own, and those that colleagues share with a university they act for today."""
        return self.filter(Q(user=user) | Q(university__in=_acts_for(user)))

    def due(self, now: datetime) -> "SavedSearchQuerySet":
        """Searches whose owner wants to hear, and was last told so long before `now` as the rhythm says."""
        rhythms = [Q(rhythm=rhythm, looked_at__lte=now - pause) for rhythm, pause in SavedSearchRhythm.pause.items()]
        return self.filter(rhythms[0] | rhythms[1] | rhythms[2], user__is_active=True)


def _acts_for(user: models.Model) -> list[models.Model]:
    from members.models import Role

    return user.universities_as(*Role.values)


class SavedSearch(models.Model):
    """A list as somebody narrowed it, to come back to; with a rhythm, its owner hears of what is new in it.

    `seen` maps the key of each row that was found last to the mark it bore: what is not in it, or bears another mark,
    is news. `told` counts the alerts, so that each has a key of its own.
    """

    Rhythm = SavedSearchRhythm

    reference = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_searches")
    catalogue = models.CharField(_("list"), max_length=40)
    query = models.CharField(max_length=1000, blank=True)
    narrowed_to = models.CharField(max_length=300, blank=True, editable=False)
    name = models.CharField(_("name"), max_length=120)
    rhythm = models.CharField(_("tell me of what is new"), max_length=8, choices=Rhythm, default=Rhythm.DAILY)
    university = models.ForeignKey(
        "members.University", on_delete=models.SET_NULL, null=True, blank=True, related_name="saved_searches",
        verbose_name=_("share with colleagues of"),
    )  # fmt: skip
    seen = models.JSONField(default=dict, editable=False)
    looked_at = models.DateTimeField(editable=False)
    told = models.PositiveIntegerField(default=0, editable=False)
    told_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SavedSearchQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        verbose_name_plural = "saved searches"
        indexes = [
            models.Index(fields=["looked_at"], condition=~Q(rhythm="never"), name="search_to_look_for"),
        ]
        constraints = [
            only_choices("rhythm", SavedSearchRhythm),
            models.UniqueConstraint(
                fields=["user", "catalogue", "query"], name="a_search_is_saved_once",
                violation_error_message=_("You have saved this search already."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    @property
    def watched(self) -> WatchedList | None:
        """The list it narrows; None where no room announces it any more."""
        return watched_list(self.catalogue)

    @property
    def address(self) -> str:
        """Where it leads; empty when its list is no longer there."""
        if self.watched is None:
            return ""
        return f"{self.watched.url}?{self.query}" if self.query else self.watched.url


class CalendarAddress(models.Model):
    """The secret address by which a calendar program reads one person's dates; another `key` is another address.

    The address is made of the key and the portal's own secret, so the rows alone open no calendar.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_address", verbose_name=_("person")
    )
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    made_at = models.DateTimeField(_("made"))
    last_read_at = models.DateTimeField(_("last read"), null=True, blank=True)

    class Meta:
        ordering = ["-made_at"]
        verbose_name_plural = "calendar addresses"

    def __str__(self) -> str:
        return str(self.user)

    def get_absolute_url(self) -> str:
        return reverse("calendar:mine", args=[self.token])

    @property
    def token(self) -> str:
        """What the address carries: signed, so that it cannot be guessed or made elsewhere."""
        return signing.Signer(salt=CALENDAR_SALT).sign(self.key.hex)
