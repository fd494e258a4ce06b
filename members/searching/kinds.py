"""The kinds of things that can be found. A room registers its own in its `AppConfig.ready()`.

A kind says how its entries are made as one QuerySet; `members.searching.installing` turns that into the triggers that
keep the entries true, so that bulk changes and SQL by hand are caught in the same transaction.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, CharField, F, FloatField, Func, Model, QuerySet, TextField, Value, When
from django.db.models.expressions import Combinable
from django.urls import reverse

COLUMNS = ("object_id", "key", "title", "subtitle", "summary", "names", "words", "codes", "weight")


@dataclass(frozen=True)
class Watch:
    """Rows that entries are made of: when one of `columns` changes, or a row comes or goes, entries are made anew.

    `owner` is the column of the watched row that leads to the thing, `via` the path from the thing to the same value:
    `Watch(Identifier, ("value",), owner="university_id")`, `Watch(University, ("name",), via="host_id")`.
    """

    model: type[Model]
    columns: tuple[str, ...]
    owner: str = "pk"
    via: str = "pk"


@dataclass(frozen=True, kw_only=True)
class Kind:
    """Things of one sort.

    `entries` gives the QuerySet made by `entries_of`; `visible_to` is the room's own rule, asked at every search;
    `url_name` takes the entry's key. `spells` says that its words may correct what others type: never for names of
    people. `boost` lifts all of the kind in the ranking.
    """

    key: str
    label: Any
    one: Any
    room: str
    model: type[Model]
    entries: Callable[[], QuerySet]
    visible_to: Callable[[Any], QuerySet]
    url_name: str
    watches: tuple[Watch, ...]
    order: int
    anchor: str = ""
    spells: bool = True
    boost: float = 0.0

    def address(self, key: str) -> str:
        return reverse(self.url_name, args=[key]) + self.anchor


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Announce what can be found; the triggers follow at the next `migrate`."""
    _kinds[kind.key] = kind


def registered() -> list[Kind]:
    """All kinds, in the order in which facets show them."""
    return sorted(_kinds.values(), key=lambda kind: (kind.order, kind.key))


def by_key(key: str) -> Kind:
    return _kinds[key]


def entries_of(
    queryset: QuerySet,
    *,
    key: str,
    title: Any,
    codes: Any = None,
    subtitle: Any = "",
    summary: Any = "",
    names: Any = "",
    words: Any = "",
    weight: Any = 0.0,
) -> QuerySet:
    """One row per thing with what its entry holds, in the order of `COLUMNS`.

    Weighed from heavy to light: `title` and `codes`, `names`, `subtitle`, `summary` and `words`. Each is the name of a
    column or an expression; plain text is a column's name, "" is nothing.
    """
    texts = [_expression(text) for text in (title, subtitle, summary, names, words)]
    return queryset.order_by().values_list("pk", key, *texts, codes or texts_of(Value("")), _number(weight))


def _expression(text: Any) -> Combinable:
    if text == "":
        return Value("", output_field=TextField())
    return F(text) if isinstance(text, str) else text


def _number(weight: Any) -> Combinable:
    return Value(weight) if isinstance(weight, int | float) else weight


def texts_of(*columns: Any) -> Func:
    """An array of texts out of columns or expressions, for `codes`."""
    return Func(*columns, template="ARRAY[%(expressions)s]::text[]", output_field=TextField())


def arrays(*found: Any) -> Func:
    """Several arrays of texts as one."""
    return Func(*found, arg_joiner=" || ", template="(%(expressions)s)", output_field=TextField())


def listed(rows: QuerySet, column: str) -> ArraySubquery:
    """A column of related rows as an array; `rows` refers to the thing by OuterRef."""
    return ArraySubquery(rows.values_list(column, flat=True))


def joined(rows: QuerySet, column: str, by: str = " ") -> Func:
    """A column of related rows in one text."""
    return Func(listed(rows, column), Value(by), function="array_to_string", output_field=CharField())


def line(*parts: Any, by: str = " · ") -> Func:
    """Columns or expressions as one line, the empty ones left out: "KTH · Stockholm"."""
    filled = [Func(_expression(part), Value(""), function="NULLIF", output_field=TextField()) for part in parts]
    return Func(Value(by), *filled, function="concat_ws", output_field=TextField())


def worded(column: str, choices: Any) -> Case:
    """The words of an enum's value."""
    words = [When(**{column: value, "then": Value(str(label))}) for value, label in choices.choices]
    return Case(*words, default=Value(""), output_field=TextField())


def weighed(condition: Any) -> Case:
    """0.3 where `condition` holds (published, a member now), else nothing: a small lift in the ranking."""
    return Case(When(condition, then=Value(0.3)), default=Value(0.0), output_field=FloatField())
