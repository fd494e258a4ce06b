"""What somebody typed into the search box, as words and as PostgreSQL's queries."""

import re
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import and_, or_

from django.contrib.postgres.search import SearchQuery

from members.folding import fold
from members.searching.sql import PUNCTUATION

LONGEST = 200
MOST_WORDS = 12
SHORTEST_CODE = 3
QUOTED = re.compile(r'"([^"]*)"|“([^”]*)”')
# Words that tell nothing where any word will do.
SMALL_WORDS = frozenset(
    ["the", "and", "for", "with", "von", "van", "der", "die", "das", "und", "les", "des", "del", "della", "los", "las"]
)


def plain(text: str) -> str:
    """`text` folded, with single blanks for punctuation: the same as `search_plain` in the database."""
    return re.sub(PUNCTUATION, " ", fold(text)).strip(" ")


@dataclass(frozen=True)
class Typed:
    """The words of a search: `phrases` stood in quotation marks, the last of `words` may be the beginning of one."""

    text: str
    was_cut: bool
    words: tuple[str, ...]
    phrases: tuple[str, ...]

    @classmethod
    def read(cls, raw: str) -> "Typed":
        """Of whatever length and letters; what is too long is cut."""
        text = " ".join(raw.replace("\x00", " ").split())
        kept = text[:LONGEST]
        phrases = tuple(found for pair in QUOTED.findall(kept) if (found := plain("".join(pair))))
        words = tuple(dict.fromkeys(plain(QUOTED.sub(" ", kept)).split()))
        return cls(kept, len(text) > LONGEST or len(words) > MOST_WORDS, words[:MOST_WORDS], phrases[:MOST_WORDS])

    @property
    def is_empty(self) -> bool:
        return not (self.words or self.phrases)

    @cached_property
    def plain(self) -> str:
        return plain(self.text)

    @cached_property
    def code(self) -> str:
        """What was typed as a code is compared: "S STOCKHO 04" and "s-stockho04" are one."""
        return self.plain.replace(" ", "")

    @property
    def terms(self) -> tuple[str, ...]:
        """All words, for marking what was found."""
        return (*self.words, *(word for phrase in self.phrases for word in phrase.split()))

    def corrected(self, better: dict[str, str]) -> "Typed":
        words = tuple(better.get(word, word) for word in self.words)
        text = " ".join([*words, *(f'"{phrase}"' for phrase in self.phrases)])
        return Typed(text, self.was_cut, words, self.phrases)

    def all_words(self) -> SearchQuery:
        """Entries that have all of it, or have it as their code."""
        parts = [_word(word) for word in self.words[:-1]] + [_beginning(word) for word in self.words[-1:]]
        parts += [SearchQuery(phrase, config="simple", search_type="phrase") for phrase in self.phrases]
        wanted = reduce(and_, parts)
        if len(self.words) > 1 and len(self.code) >= SHORTEST_CODE:
            wanted |= _exactly(self.code)
        return wanted

    def any_word(self) -> SearchQuery:
        """Entries that have one of the words that tell something."""
        telling = [word for word in self.terms if len(word) >= SHORTEST_CODE and word not in SMALL_WORDS]
        return reduce(or_, [_word(word) for word in telling or self.terms])


def _exactly(word: str) -> SearchQuery:
    return SearchQuery(f"'{word}'", config="simple", search_type="raw")


def _word(word: str) -> SearchQuery:
    return _exactly(word) | SearchQuery(word, config="english")


def _beginning(word: str) -> SearchQuery:
    return SearchQuery(f"'{word}':*", config="simple", search_type="raw") | SearchQuery(word, config="english")
