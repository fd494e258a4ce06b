"""One search by one person: what is found, of which kinds, and what was made of what they typed."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, Exists, F, FloatField, OuterRef, Q, QuerySet, Value, When
from django.utils.functional import cached_property

from members.models import User
from members.models.search import SearchEntry
from members.searching.kinds import registered
from members.searching.spelling import corrections
from members.searching.typed import Typed

PER_PAGE = 20
LAST_PAGE = 50
SUGGESTED = 8
RANKED = 5_000  # of more things than that, how near the words stand is not computed: it says little and costs most
WEIGHTS = [0.1, 0.25, 0.6, 1.0]  # of words in the text, the second line, other names, the title
BY_LENGTH = Value(1)  # long texts count a little less
CODE, TITLE, BEGINNING = 8.0, 3.0, 0.6


def seen_by(user: User, kinds: Collection[str] | None = None) -> QuerySet:
    """The entries of things that `user` may see, by each room's own rule; of `kinds` only, where they are named."""
    seen = Q(pk__in=[])  # of no kind at all nothing is seen
    for kind in registered():
        if kinds is not None and kind.key not in kinds:
            continue
        things = kind.visible_to(user).filter(pk=OuterRef("object_id"))
        seen |= Q(kind=kind.key) & Exists(things.order_by())
    return SearchEntry.objects.filter(seen)


class CountedPaginator(Paginator):
    """Pages of rows that were counted before; nobody turns more than `LAST_PAGE` of them."""

    def __init__(self, rows: QuerySet, total: int) -> None:
        super().__init__(rows, PER_PAGE)
        self.total = total

    @cached_property
    def count(self) -> int:
        return min(self.total, LAST_PAGE * PER_PAGE)


@dataclass
class Found:
    """What a search gave. `used` is what was looked for in the end: as typed, or corrected where that found nothing.

    `any_word` says that nothing has all the words, and these have some.
    """

    typed: Typed
    used: Typed
    query: SearchQuery | None = None
    counts: dict[str, int] = field(default_factory=dict)
    any_word: bool = False

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def was_corrected(self) -> bool:
        return self.used is not self.typed


class Search:
    """Looks for `typed` in what `user` may see; `kinds` narrows the results, not the counts."""

    def __init__(self, typed: Typed, user: User, kinds: list[str] | None = None) -> None:
        self.typed, self.user = typed, user
        self.kinds = [kind.key for kind in registered() if kind.key in (kinds or ())]

    @cached_property
    def found(self) -> Found:
        """All the words; else the words as they were probably meant; else some of them. Two to five queries."""
        if self.typed.is_empty:
            return Found(self.typed, self.typed)
        for used, query, any_word in self._attempts():
            counts = self._counts(query)
            if counts:
                return Found(self.typed, used, query, counts, any_word)
        return Found(self.typed, self.typed)

    def _attempts(self) -> Iterator[tuple[Typed, SearchQuery, bool]]:
        yield self.typed, self.typed.all_words(), False
        better = corrections(self.typed.words)
        meant = self.typed.corrected(better) if better else self.typed
        if better:
            yield meant, meant.all_words(), False
        if len(meant.terms) > 1:
            yield meant, meant.any_word(), True

    def _counts(self, query: SearchQuery) -> dict[str, int]:
        """How many of each kind may be seen.

        Of which kinds there is anything at all is asked first: what may be seen of a dozen kinds costs Django and
        PostgreSQL's planner more than the look into the index, and most words stand in two or three kinds.
        """
        matching = SearchEntry.objects.filter(vector=query).order_by()
        kinds = set(matching.values_list("kind", flat=True).distinct())
        if not kinds:
            return {}
        rows = seen_by(self.user, kinds).filter(vector=query).order_by().values_list("kind").annotate(n=Count("pk"))
        return dict(rows)

    @property
    def total(self) -> int:
        """How many of the chosen kinds; of all where none is chosen."""
        counts = self.found.counts
        return sum(counts.get(key, 0) for key in self.kinds) if self.kinds else self.found.total

    def rows(self) -> QuerySet:
        """The entries found, the best first."""
        found = self.found
        if found.query is None or not self.total:
            return SearchEntry.objects.none()
        kinds = [key for key in found.counts if not self.kinds or key in self.kinds]
        rows = seen_by(self.user, kinds).filter(vector=found.query)
        return (
            rows.annotate(score=_score(found.used, found.query if self.total <= RANKED else None))
            .order_by("-score", "title", "pk")
            .defer("vector")  # the largest column by far, and nothing shows it
        )

    def page(self, number: Any) -> Page:
        return CountedPaginator(self.rows(), self.total).get_page(number)

    def suggestions(self) -> list[SearchEntry]:
        """The best few, for the list under the box."""
        return list(self.rows()[:SUGGESTED])


def _score(typed: Typed, query: SearchQuery | None) -> Any:
    """A code that was typed whole, then the exact title, then where and how near the words stand, then the kind."""
    rank: Any = Value(0.0)
    if query is not None:
        rank = SearchRank(F("vector"), query, weights=WEIGHTS, normalization=BY_LENGTH, cover_density=True)
    exact = Case(
        When(codes__contains=[typed.code], then=Value(CODE)),
        When(plain_title=typed.plain, then=Value(TITLE)),
        When(plain_title__startswith=typed.plain, then=Value(BEGINNING)),
        default=Value(0.0),
        output_field=FloatField(),
    )
    boosts = Case(
        *[When(kind=kind.key, then=Value(kind.boost)) for kind in registered() if kind.boost],
        default=Value(0.0),
        output_field=FloatField(),
    )
    return rank + exact + F("weight") + boosts
