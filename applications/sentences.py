"""Sentences with a moment in them, read in its own zone and in the reader's."""

from datetime import datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from members.moments import Moment


def with_moment(sentence: Any, at: datetime, zone: str, now: datetime, **words: str) -> SafeString:
    """Put a moment into `{moment}` of a sentence, as it reads in its own `zone` and in the reader's."""
    read_at = Moment.read(at, zone, now=now)
    drawn = mark_safe(render_to_string("components/moment.html", {"moment": read_at}).strip())
    return format_html(sentence, moment=drawn, **words)
