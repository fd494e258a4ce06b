"""What people search and narrow in their notices and in the caught mail."""

from django.db.models import Case, Q, QuerySet, When
from django.utils.translation import gettext_lazy as _

from members.lists import Catalogue, Facet, Flag
from notifications.models import CaughtMail, Notice, Topic

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
