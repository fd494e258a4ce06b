"""What leaves as e-mail: text with a simple HTML alternative, links to the portal, and one-click unsubscribing."""

from collections.abc import Callable, Iterable
from email.utils import parseaddr
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse

from notifications.models import Delivery, Letter, Notice, Topic

SALT = "notifications.unsubscribe"


def message_of(delivery: Delivery) -> EmailMultiAlternatives:
    """The e-mail of one delivery. Its Message-ID is fixed, so that a second copy after a kill can be recognised."""
    if delivery.notice:
        return _message_of_notice(delivery.notice)
    digested = list(delivery.letter.digested.select_related("notice").order_by("-notice__created_at"))
    if digested:
        return _message_of_digest(delivery.letter, [each.notice for each in digested])
    return _message(delivery.letter, "notifications/mail/letter", {"content": delivery.letter})


def _message_of_notice(notice: Notice) -> EmailMultiAlternatives:
    unsubscribe = unsubscribe_url(notice.recipient_id, [notice.topic])
    context = {"content": notice, "topic": notice.get_topic_display(), "unsubscribe_url": unsubscribe}
    return _message(notice, "notifications/mail/notice", context, unsubscribe)


def _message_of_digest(letter: Letter, notices: list[Notice]) -> EmailMultiAlternatives:
    """Grouped by topic and in it by what the notices are about, the newest first in each.

    Three notices of one application are one item: the newest is said in full, the earlier ones by their subject.
    """
    groups = []
    by_topic = _grouped(notices, by=lambda notice: notice.topic)
    for topic in filter(by_topic.get, Topic):  # in the order of the choices, so that each reader knows where to look
        found = by_topic[topic]
        things = _grouped(found, by=lambda notice: notice.url or notice.key).values()
        items = [{"newest": newest, "earlier": earlier} for newest, *earlier in things]
        stop = unsubscribe_url(letter.recipient_id, [topic])
        groups.append({"topic": topic.label, "items": items, "unsubscribe_url": stop})
    unsubscribe = unsubscribe_url(letter.recipient_id, sorted({notice.topic for notice in notices}))
    return _message(letter, "notifications/mail/digest", {"content": letter, "groups": groups}, unsubscribe)


def _grouped(notices: Iterable[Notice], by: Callable[[Notice], str]) -> dict[str, list[Notice]]:
    """Their order is kept: a group stands where its first notice stood."""
    found: dict[str, list[Notice]] = {}
    for notice in notices:
        found.setdefault(by(notice), []).append(notice)
    return found


def _message(
    content: Notice | Letter, template: str, context: dict[str, Any], unsubscribe: str = ""
) -> EmailMultiAlternatives:
    context |= {
        "link": absolute(content.url) if content.url else "",
        "portal": settings.PUBLIC_URL,
        "preferences_url": absolute(reverse("notifications:preferences")),
    }
    # RFC 3834: programs that answer for people on holiday leave such mail alone.
    headers = {"Message-ID": message_id(content), "Auto-Submitted": "auto-generated"}
    if unsubscribe:
        headers["List-Unsubscribe"] = f"<{unsubscribe}>"
        # RFC 8058: mail programs then show a button, and post by themselves when it is pressed.
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    address = content.recipient.email if isinstance(content, Notice) else content.address
    message = EmailMultiAlternatives(
        # A title with a line break is no header: Django refuses it, and the delivery would be given up.
        subject=" ".join(f"{settings.ACCOUNT_EMAIL_SUBJECT_PREFIX}{content.subject}".split()),
        body=render_to_string(f"{template}.txt", context),
        to=[address],
        headers=headers,
    )
    message.attach_alternative(render_to_string(f"{template}.html", context), "text/html")
    return message


def message_id(content: Notice | Letter) -> str:
    """The same for every attempt to send `content`."""
    host = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or urlsplit(settings.PUBLIC_URL).hostname
    return f"<{type(content).__name__.lower()}.{content.reference}@{host}>"


def absolute(path: str) -> str:
    """A link that works from outside; addresses that name their host stay as they are."""
    return path if "://" in path else f"{settings.PUBLIC_URL}{path}"


def unsubscribe_url(user_id: int, topics: list[str]) -> str:
    """A link that stops e-mails of `topics` for one person without signing in; it cannot be made elsewhere."""
    token = signing.dumps([user_id, [str(topic) for topic in topics]], salt=SALT)
    return absolute(reverse("notifications:unsubscribe", args=[token]))


def read_unsubscribe(token: str) -> tuple[int, list[str]]:
    """Whom and which topics a link stops. Raises signing.BadSignature for a link that was not made here."""
    user_id, topics = signing.loads(token, salt=SALT)
    return user_id, [topic for topic in topics if topic in Topic.values]
