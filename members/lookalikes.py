"""Finding the organisations whose name is near to what somebody types, so that none is entered twice.

Names are compared word by word, after folding: rare words count more than common ones ("Torino" more than
"Politecnico"), words of the same family are one word in every language ("Universität", "Univ.", "Uniwersytet"), a word
may be misspelt or cut, and initials stand for their name ("KIT"). City and country, where given, move the score.
"""

import heapq
import math
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, process

from members.folding import fold

Candidate = tuple[str, str, str, str]  # key, name, city, country code

THRESHOLD = 62.0
SHORTLIST = 60
SIMILAR_WORD = 82.0
CUT_WORD = 0.8
INITIALS = 92.0
OTHER_COUNTRY = 0.8
SAME_CITY = 4.0

WORD = re.compile(r"[^\W_]+")
# Umlauts are written out in the register: FUER, HOEGSKOLAN, UNIVERSITAET.
WRITTEN_OUT = re.compile(r"(?<=[aou])e")
LITTLE_WORDS = frozenset(
    WORD.findall(
        "a al and at d da das de degli dei del della delle den der des di do dos du e ed el en et for fur gmbh i in l "
        "la las le les los of och og s sa srl the til u und v van voor y z"
    )
)
ABBREVIATIONS = {
    "uni": ("universi",),
    "poli": ("polytechnic",),
    "tu": ("techni", "universi"),
    "th": ("techni", "hochschul"),
}
FAMILIES = {
    "univ": "universi",
    "uniw": "universi",
    "yliopisto": "universi",
    "sveucilist": "universi",
    "egyetem": "universi",
    "polit": "polytechnic",
    "polyt": "polytechnic",
    "technic": "techni",
    "techni": "techni",
    "tekni": "techni",
    "tecni": "techni",
    "techno": "technolog",
    "tekno": "technolog",
    "tecno": "technolog",
    "instit": "institut",
    "hogskol": "hochschul",
    "hojskol": "hochschul",
    "hoyskol": "hochschul",
    "hogeschol": "hochschul",
    "hogeschool": "hochschul",
    "hochschul": "hochschul",
    "facult": "facult",
    "fakult": "facult",
    "scien": "scien",
    "cien": "scien",
    "scienz": "scien",
}
LONGEST_FAMILY_FIRST = sorted(FAMILIES, key=len, reverse=True)


@dataclass(frozen=True, slots=True)
class LookAlike:
    """An organisation whose name is near; `name` is the one of its names that is nearest, `score` goes to 100."""

    key: str
    name: str
    city: str
    country: str
    score: float


@dataclass(frozen=True, slots=True)
class _Known:
    candidate: Candidate
    words: tuple[str, ...]
    text: str
    city: str


# The 7,500 names of the register have 8,500 different words; the rest is for what people type.
@lru_cache(maxsize=65_536)
def family(word: str) -> str:
    """One form for the words of many languages that mean the same kind of institution."""
    return next((FAMILIES[start] for start in LONGEST_FAMILY_FIRST if word.startswith(start)), word)


def words_of(name: str) -> list[str]:
    """The folded words of `name` in their order, each by its family; little words and written-out umlauts are gone."""
    plain = (WRITTEN_OUT.sub("", word) for word in WORD.findall(fold(name)))
    kept = (word for word in plain if word not in LITTLE_WORDS)
    return [meant for word in kept for meant in ABBREVIATIONS.get(word, (family(word),))]


def initials_of(name: str) -> set[str]:
    """The initials people may use for `name`: with its little words and without them."""
    words = WORD.findall(fold(name))
    return {"".join(word[0] for word in words), "".join(word[0] for word in words if word not in LITTLE_WORDS)}


class LookAlikes:
    """An index over candidates; built once (8,000 names take half a second), asked in a few milliseconds.

    An organisation with several names comes as several candidates of the same key. Codes of countries are compared as
    they are.
    """

    def __init__(self, candidates: Iterable[Candidate]) -> None:
        self._known: list[_Known] = []
        self._with_word: dict[str, list[int]] = defaultdict(list)
        self._with_initials: dict[str, list[int]] = defaultdict(list)
        for candidate in candidates:
            self._learn(candidate)
        number = len(self._known)
        self._weight = {word: math.log(1 + number / len(at)) for word, at in self._with_word.items()}
        self._vocabulary = sorted(self._with_word)
        self._unknown_weight = math.log(1 + number)

    def find(
        self, name: str, *, city: str = "", country: str = "", limit: int = 10, threshold: float = THRESHOLD
    ) -> list[LookAlike]:
        """The organisations nearest to `name`, the nearest first, each once; none scores below `threshold`."""
        typed = words_of(name)
        best: dict[str, LookAlike] = {}
        for position, score in self._scores(name, typed):
            known = self._known[position]
            placed = _placed(score, known, fold(city), country)
            if placed >= threshold and placed > getattr(best.get(known.candidate[0]), "score", 0):
                best[known.candidate[0]] = LookAlike(*known.candidate, score=round(placed, 1))
        return sorted(best.values(), key=lambda found: (-found.score, found.name))[:limit]

    def _learn(self, candidate: Candidate) -> None:
        position = len(self._known)
        words = words_of(candidate[1])
        self._known.append(_Known(candidate, tuple(words), " ".join(sorted(words)), fold(candidate[2])))
        for word in set(words):
            self._with_word[word].append(position)
        for initials in initials_of(candidate[1]):
            if len(initials) > 1:
                self._with_initials[initials].append(position)

    def _scores(self, name: str, typed: list[str]) -> list[tuple[int, float]]:
        by_initials = [(position, INITIALS) for position in self._with_initials.get(fold(name), ())]
        similar = {word: self._similar_words(word) for word in set(typed)}
        return by_initials + [
            (position, self._score(typed, similar, self._known[position])) for position in self._shortlist(similar)
        ]

    def _similar_words(self, word: str) -> dict[str, float]:
        """Known words that `word` may be, with how sure that is: the word itself 1, a misspelling or a cut one less."""
        near = process.extract(word, self._vocabulary, scorer=fuzz.ratio, score_cutoff=SIMILAR_WORD, limit=12)
        similar = {found: score / 100 for found, score, _ in near}
        if len(word) > 2:
            first, last = bisect_left(self._vocabulary, word), bisect_left(self._vocabulary, f"{word}\U0010ffff")
            similar = {**dict.fromkeys(self._vocabulary[first:last], CUT_WORD), **similar}
        return similar

    def _shortlist(self, similar: dict[str, dict[str, float]]) -> list[int]:
        """The candidates that share the most telling words with what was typed."""
        shared: dict[int, float] = defaultdict(float)
        for found in similar.values():
            for word, sure in found.items():
                for position in self._with_word[word]:
                    shared[position] += self._weight[word] * sure
        return heapq.nlargest(SHORTLIST, shared, key=shared.__getitem__)

    def _score(self, typed: list[str], similar: dict[str, dict[str, float]], known: _Known) -> float:
        """How much of each name, by weight, is found in the other, together with how alike they look as a whole."""
        found = {word: max((similar[word].get(other, 0.0) for other in known.words), default=0.0) for word in typed}
        met = {other: max((similar[word].get(other, 0.0) for word in typed), default=0.0) for other in known.words}
        of_typed = self._share(found)
        of_known = self._share(met)
        looks = fuzz.ratio(" ".join(sorted(typed)), known.text) / 100
        return 100 * (0.5 * of_typed + 0.25 * of_known + 0.25 * looks)

    def _share(self, met: dict[str, float]) -> float:
        whole = sum(self._weight.get(word, self._unknown_weight) for word in met)
        part = sum(self._weight.get(word, self._unknown_weight) * sure for word, sure in met.items())
        return part / whole if whole else 0.0


def _placed(score: float, known: _Known, city: str, country: str) -> float:
    """The score, moved by where the organisation is."""
    if country and known.candidate[3] and country != known.candidate[3]:
        return score * OTHER_COUNTRY
    if city and known.city.startswith(city):  # the register adds districts: "Dublin 2", "Praha 1"
        return min(100.0, score + SAME_CITY)
    return score
