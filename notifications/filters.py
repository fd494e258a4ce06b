"""What people search and narrow in their notices, their saved searches and in the caught mail."""

from typing import Any

from django.db.models import Case, F, Q, QuerySet, When
from django.utils.translation import gettext_lazy as _

from members.folding import Fold, fold
from members.lists import Catalogue, Facet, Flag
from members.models import University
from notifications.catalogues import watched_list
from notifications.models import CaughtMail, Delivery, Notice, SavedSearch, Topic

UNREAD_FIRST = Case(When(read_at__isnull=True, then=0), default=1)


class NoticeCatalogue(Catalogue):
    """A person's own notices, the unread ones first."""

    topic = Facet(label=_("Topic"), path="topic", labels=Topic)
    unread = Flag(label=_("Show"), words=_("Not yet read"), keep=lambda notices, request: notices.unread())

    sorts = {
        "unread": (_("Unread first"), (UNREAD_FIRST, "-created_at", "-pk")),
        "newest": (_("Newest first"), ("-created_at", "-pk")),
    }
    columns = {
        _("Told on"): "created_at",
        _("Topic"): "get_topic_display",
        _("Subject"): "subject",
        _("Text"): "body",
        _("Read on"): "read_at",
    }

    class Meta:
        model = Notice
        fields: list[str] = []

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(Q(subject__icontains=value) | Q(body__icontains=value))


class MailCatalogue(Catalogue):
    """What the demo's catcher received."""

    sorts = {"newest": (_("Newest first"), ("-caught_at", "-pk"))}
    columns = {_("Caught on"): "caught_at", _("To"): "to", _("Subject"): "subject"}

    class Meta:
        model = CaughtMail
        fields: list[str] = []

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(Q(subject__icontains=value) | Q(recipients__icontains=value) | Q(text__icontains=value))


class OutboxCatalogue(Catalogue):
    """Every mail that waits, left, or was given up."""

    state = Facet(label=_("State"), path="state", labels=Delivery.State)
    topic = Facet(label=_("Topic"), path="notice__topic", labels=Topic)

    sorts = {
        "newest": (_("newest first"), ("-due_at", "-pk")),
        "waiting": (_("longest waiting first"), (Case(When(sent_at=None, then=0), default=1), "due_at", "pk")),
    }
    columns = {
        _("Due on"): "due_at",
        _("Subject"): "content.subject",
        _("To"): "address",
        _("Topic"): "notice.get_topic_display",
        _("State"): "get_state_display",
        _("Attempts"): "attempts",
        _("Sent on"): "sent_at",
        _("Last error"): "last_error",
    }

    class Meta:
        model = Delivery
        fields: list[str] = []

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        paths = ("notice__recipient__email", "letter__address", "notice__subject", "letter__subject", "last_error")
        found = Q()
        for path in paths:
            found |= Q(**{f"{path}__icontains": value})
        return queryset.filter(found)


def list_names(keys: list[str]) -> dict[str, Any]:
    return {key: watched.label for key in keys if (watched := watched_list(key)) is not None}


def university_names(slugs: list[str]) -> dict[str, str]:
    return dict(University.objects.filter(slug__in=slugs).values_list("slug", "short_name"))


class SavedSearchCatalogue(Catalogue):
    """One's saved searches, and those that colleagues share."""

    mine = Flag(label=_("Whose"), words=_("My own"), keep=lambda searches, request: searches.filter(user=request.user))
    catalogue = Facet(label=_("List"), path="catalogue", labels=list_names)
    rhythm = Facet(label=_("Tells me"), path="rhythm", labels=SavedSearch.Rhythm)
    university = Facet(label=_("Shared at"), path="university__slug", labels=university_names)

    sorts = {
        "name": (_("name"), ("name", "pk")),
        "newest": (_("newest"), ("-created_at", "-pk")),
        "told": (_("last told"), (F("told_at").desc(nulls_last=True), "name", "pk")),
    }
    columns = {
        _("Name"): "name",
        _("List"): "catalogue",
        _("Narrowed to"): "narrowed_to",
        _("Address"): "address",
        _("Tells me"): "get_rhythm_display",
        _("Shared at"): "university.short_name",
        _("Saved by"): "user.get_full_name",
        _("Last told"): "told_at",
    }

    class Meta:
        model = SavedSearch
        fields: list[str] = []

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.annotate(plain=Fold("name")).filter(plain__contains=fold(value))
