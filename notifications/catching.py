"""The demo's mail catcher: an SMTP server on this machine whose letters the secretariat reads in the browser."""

import asyncio
import logging
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from django.db import DatabaseError, connections
from django.utils.html import strip_tags

from notifications.models import CaughtMail

logger = logging.getLogger(__name__)

ROOM_FOR_SUBJECT = 300
LARGEST_MAIL = 10 * 1024 * 1024


def keep(sender: str, recipients: list[str], content: bytes) -> CaughtMail:
    """Store one mail as it came and as text."""
    mail: EmailMessage = message_from_bytes(content, policy=policy.default)  # type: ignore[assignment]
    return CaughtMail.objects.create(
        sender=_storable(sender)[:254],
        recipients=recipients,
        subject=_storable(str(mail["subject"] or ""))[:ROOM_FOR_SUBJECT],
        text=_storable(text_of(mail)),
        raw=_storable(content.decode("utf-8", errors="replace")),
    )


def text_of(mail: EmailMessage) -> str:
    """The plain text part, else the words of the HTML part; never HTML."""
    part = mail.get_body(preferencelist=("plain", "html"))
    if part is None:
        return ""
    content = part.get_content()
    return strip_tags(content) if part.get_content_subtype() == "html" else content


def _storable(text: str) -> str:
    """PostgreSQL keeps no NUL."""
    return text.replace("\x00", "")


class Catcher:
    """What aiosmtpd calls for each mail; it answers "try later" while the database is away, so nothing is lost."""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        try:
            # Django's database layer refuses to run where an event loop does.
            await asyncio.to_thread(self._keep, envelope)
        except DatabaseError:
            logger.exception("a mail could not be kept")
            return "451 The database is away, try again later"
        return "250 Kept"

    def _keep(self, envelope: Any) -> None:
        """In a thread of its own, with a connection that ends with it: mails are few and far between."""
        try:
            keep(envelope.mail_from or "", list(envelope.rcpt_tos), envelope.content)
        finally:
            connections.close_all()
