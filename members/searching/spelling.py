"""Correcting what was typed by the words that entries have.

The vocabulary may hold a word of something the reader may not see; a correction is therefore shown only after it found
something for this reader (see `members.searching.finding`).
"""

from django.db.models import Q
from django.db.models.functions import Left, Length, Right
from rapidfuzz.distance import OSA

from members.models.search import SearchWord
from members.searching.sql import SHORTEST_WORD

MOST_WORDS_READ = 20_000


def corrections(words: tuple[str, ...]) -> dict[str, str]:
    """For each of `words` that no entry has, the nearest that one has: {"stokholm": "stockholm"}. One query."""
    doubtful = [word for word in words if len(word) >= SHORTEST_WORD and word.isalpha()]
    if not doubtful:
        return {}
    near = Q()
    for word in doubtful:
        # Few slip at both ends of a word; without this every word of about that length would be read.
        near |= Q(letters__range=(len(word) - 2, len(word) + 2)) & (Q(first=word[0]) | Q(last=word[-2:]))
    known = SearchWord.objects.annotate(letters=Length("word"), first=Left("word", 1), last=Right("word", 2))
    counted = dict(known.filter(near).values_list("word", "entries")[:MOST_WORDS_READ])
    found = {word: _nearest(word, counted) for word in doubtful if word not in counted}
    return {word: better for word, better in found.items() if better}


def _nearest(word: str, counted: dict[str, int]) -> str:
    """One slip for short words, two for longer ones; the commoner word wins a tie. Empty where nothing is near."""
    most = 1 if len(word) < 6 else 2
    distances = ((OSA.distance(word, other, score_cutoff=most), other) for other in counted)
    near = [(distance, -counted[other], other) for distance, other in distances if distance <= most]
    return min(near)[2] if near else ""
