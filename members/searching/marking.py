"""Marking in a text what was looked for; everything is escaped."""

import re

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from members.searching.typed import plain

WORD = re.compile(r"[^\W_]+")
STEM = 5


def marked(text: str, terms: tuple[str, ...]) -> SafeString:
    """`text` with `<mark>` around the words that begin like one of `terms` or end otherwise only."""
    pieces, end = [], 0
    for word in WORD.finditer(text):
        if any(_is_meant(plain(word.group()), term) for term in terms):
            pieces.append((text[end : word.start()], format_html("<mark>{}</mark>", word.group())))
            end = word.end()
    return format_html_join("", "{}{}", [*pieces, (text[end:], "")])


def _is_meant(word: str, term: str) -> bool:
    """The beginning was typed ("robo" for "robotics"), or another ending ("robots")."""
    if word.startswith(term):
        return True
    return len(term) > STEM and word.startswith(term[:-2]) and len(word) <= len(term) + 2
