"""A version as plain data: what its hash pins, what two versions are compared by, what is still missing.

Topics are named by code, people by key, decimal numbers are text.
"""

import difflib
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from members.models import User
from practices.models import PracticeVersion, Topic

Content = dict[str, Any]

# The fixed frame in the order in which it is read.
TEXTS = ("problem", "context", "done", "resources", "result", "evidence", "conditions")
FRAME = ("title", "summary", "maturity", "licence", "contact", "cost_eur", "person_months", *TEXTS)
NEEDED = ("summary", "problem", "done", "result", "conditions")
FEWEST_WORDS = 5
MOST_WORDS = 3000  # comparing takes the time of the product of both lengths, and visitors ask for it
SHORT = 60  # a text up to so long is shown before and after, a longer one with its words marked


@dataclass(frozen=True)
class Piece:
    """Words that stayed (""), came ("ins") or went ("del")."""

    kind: str
    text: str


@dataclass(frozen=True)
class Difference:
    """One part that differs; `pieces` is the marked text of a long one, else empty."""

    label: str
    before: str
    after: str
    pieces: tuple[Piece, ...] = ()


def content_of(version: PracticeVersion) -> Content:
    """The whole version. Three queries where nothing was prefetched: topics, links, files."""
    return {
        **{name: plain(version, name) for name in FRAME},
        # Sorted, since rows come in any order and the hash must not depend on it; links keep theirs, which readers see.
        "topics": sorted(topic.pk for topic in version.topics.all()),
        "links": [[link.label, link.url] for link in version.links.all()],
        "files": sorted([file.label, file.audience, file.sha256] for file in version.files.all()),
    }


def plain(version: PracticeVersion, name: str) -> Any:
    value = version.contact_id if name == "contact" else getattr(version, name)
    return _number(value) if isinstance(value, Decimal) else value


# What was typed as 2 comes back from the database as 2.0: without this the hash would change by that alone.
def _number(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def fingerprint(content: Content) -> str:
    """The hash that pins it: SHA-256 of the content as JSON with sorted keys."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def gaps(content: Content) -> list[str]:
    """What a reader would look for in vain, each as a sentence that says what to do; none: it may be submitted."""
    return list(_gaps(content))


def _gaps(content: Content) -> Iterator[str]:
    for name in NEEDED:
        label = label_of(name)
        words = len(content[name].split())
        if not words:
            yield _("Fill in “%(part)s”.") % {"part": label}
        elif words < FEWEST_WORDS:
            yield ngettext(
                "Say more under “%(part)s”: it has %(n)d word.", "Say more under “%(part)s”: it has %(n)d words.", words
            ) % {"part": label, "n": words}
    if content["cost_eur"] is None and content["person_months"] is None and not content["resources"].strip():
        yield _("Say what it took: euros, person-months, or in words. Nothing at all is 0.")
    if not content["topics"]:
        yield _("Choose at least one topic.")
    if not (content["evidence"].strip() or content["links"] or content["files"]):
        yield _("Say how you know that it works: in words, by a link or a file.")


def label_of(name: str) -> str:
    label = str(PracticeVersion._meta.get_field(name).verbose_name)
    return label[:1].upper() + label[1:]


def differences(before: Content, after: Content) -> list[Difference]:
    """What changes from `before` to `after`, in the order of the page. Two queries at most, for names."""
    words = _Words([before, after])
    found = [_frame(words, name, before, after) for name in FRAME if before[name] != after[name]]
    if before["topics"] != after["topics"]:
        found.append(Difference(_("Topics"), words.topics(before), words.topics(after)))
    for name, label in (("links", _("Links")), ("files", _("Files"))):
        if before[name] != after[name]:
            found.append(Difference(label, words.rows(before[name]), words.rows(after[name])))
    return found


def _frame(words: "_Words", name: str, before: Content, after: Content) -> Difference:
    old, new = words.value(name, before[name]), words.value(name, after[name])
    long = name in TEXTS and old and new and max(len(old), len(new)) > SHORT
    return Difference(label_of(name), old, new, marked(old, new) if long else ())


def marked(before: str, after: str) -> tuple[Piece, ...]:
    """One text with the words that went and those that came; blanks belong to the word before them."""
    old, new = (re.findall(r"\S+\s*|\s+", text) for text in (before, after))
    if max(len(old), len(new)) > MOST_WORDS:
        return Piece("del", before), Piece("ins", after)
    pieces = []
    # Without autojunk, which from 200 words on takes the frequent ones for junk: what stayed would be marked as new.
    for kind, i1, i2, j1, j2 in difflib.SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if kind == "equal":
            pieces.append(Piece("", "".join(old[i1:i2])))
            continue
        if i2 > i1:
            pieces.append(Piece("del", "".join(old[i1:i2])))
        if j2 > j1:
            pieces.append(Piece("ins", "".join(new[j1:j2])))
    return tuple(pieces)


class _Words:
    """Says contents in words; knows the names of the topics and people that they mention."""

    def __init__(self, contents: list[Content]) -> None:
        codes = {code for content in contents for code in content["topics"]}
        self.names = dict(Topic.objects.filter(pk__in=codes).values_list("pk", "name")) if codes else {}
        people = {content["contact"] for content in contents}
        self.people = {person.pk: str(person) for person in User.objects.filter(pk__in=people)}

    def topics(self, content: Content) -> str:
        return ", ".join(self.names.get(code, code) for code in content["topics"])

    def rows(self, rows: list[list[str]]) -> str:
        return "\n".join(" · ".join(cells[:2]) for cells in rows)

    def value(self, name: str, value: Any) -> str:
        if value is None or value == "":
            return ""
        if name == "contact":
            return self.people.get(value, "")
        choices = PracticeVersion._meta.get_field(name).choices
        return str(dict(choices).get(value, value)) if choices else str(value)
