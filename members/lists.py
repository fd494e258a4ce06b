"""What every list page is made of: facets with counts, chips, sort, pages and export, from one FilterSet.

A room writes a `Catalogue` with its facets, `sorts` and `columns`; the view is one call of `show_list`.
"""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import django_filters
from django import forms
from django.core.paginator import Paginator
from django.db.models import Count, F, Func, QuerySet
from django.db.models.expressions import Combinable
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from members.areas import Area
from members.exporting import FILES, column_choice, show_table
from members.remembering import Memory

PER_PAGE = 25
FACET_SHOWS = 8
NOT_A_FILTER = ("page", "export", "column")
FACET_MOST = 60  # more values than that are found by searching
LONGEST_SEARCH, MOST_WORDS = 200, 12  # as in the search box (members/searching/typed.py)

Labels = Callable[[list[Any]], Mapping[Any, Any]]


class AnyOf(forms.MultipleChoiceField):
    """Takes whatever values the address holds; an unknown one simply finds nothing."""

    def valid_value(self, value: str) -> bool:
        return "\x00" not in value


class Words(forms.CharField):
    """What is searched for, cut where nobody types on."""

    def to_python(self, value: Any) -> str:
        # Each word is a condition of its own: an address full of single letters kept the database busy for a minute.
        typed = super().to_python(value)[:LONGEST_SEARCH]
        words = typed.split()
        return typed if len(words) <= MOST_WORDS else " ".join(words[:MOST_WORDS])


class SearchFilter(django_filters.CharFilter):
    field_class = Words


class Facet(django_filters.MultipleChoiceFilter):
    """Values to tick: any of the ticked ones must hold.

    `path` is a lookup path or an expression; `array` says it is an array, `many` that it crosses to many rows.
    `labels` gives the words for the values found, from an enum or a callable that asks once. `coerce` turns what stands
    in the address into a value of the column; what cannot be turned finds nothing.
    """

    field_class = AnyOf

    def __init__(
        self,
        *,
        label: Any,
        path: str | Combinable,
        labels: Any = None,
        many: bool = False,
        array: bool = False,
        coerce: Callable[[str], Any] = str,
    ) -> None:
        super().__init__(label=label, required=False)
        self.path, self.labels, self.many, self.array, self.coerce = path, labels, many, array, coerce

    @property
    def choices(self) -> list[str]:
        """Every possible value as it stands in the address, where an enum names them; empty where any may be."""
        return [str(value) for value in getattr(self.labels, "values", [])]

    def accepts(self, value: str) -> bool:
        """Whether `value`, as it stands in the address, can be one of the column's at all."""
        if self.choices:
            return value in self.choices
        return bool(re.fullmatch(r"0|[1-9][0-9]{0,3}", value) if self.coerce is int else value)

    def annotated(self, queryset: QuerySet) -> QuerySet:
        """Add `facet_value` to each row; an array gives one row a value."""
        if self.array:
            return queryset.annotate(facet_value=Func(self._expression(), function="unnest"))
        return queryset.annotate(facet_value=self._expression())

    def _expression(self) -> Any:
        return F(self.path) if isinstance(self.path, str) else self.path

    def filter(self, qs: QuerySet, value: list[str]) -> QuerySet:
        if not value:
            return qs
        value = self._possible(value)
        if self.array:
            return qs.alias(facet_values=self._expression()).filter(facet_values__overlap=value)
        if self.many:
            # A subquery: a join would give a row once for each of the ticked values that it holds.
            return qs.filter(pk__in=qs.model._base_manager.filter(**{f"{self.path}__in": value}).values("pk"))
        if isinstance(self.path, str):
            return qs.filter(**{f"{self.path}__in": value})
        return qs.alias(facet_value=self.path).filter(facet_value__in=value)

    def _possible(self, values: list[str]) -> list[Any]:
        found = []
        for value in values:
            with suppress(ValueError, ArithmeticError):
                found.append(self.coerce(value))
        return found

    def counted(self, queryset: QuerySet) -> dict[Any, int]:
        """How many rows of `queryset` hold each value: one query."""
        # DISTINCT: a facet that crosses to many rows multiplies them. Unsorted: what sorts would be grouped by as well.
        rows = self.annotated(queryset.order_by()).values_list("facet_value").annotate(n=Count("pk", distinct=True))
        return self.parent.memory.answer(rows, lambda rows: {value: n for value, n in rows if value not in (None, "")})

    def named(self, values: list[Any]) -> dict[str, Any]:
        """The words for `values`, keyed by the value as it stands in the address."""
        if self.labels is None:
            return {str(value): value for value in values}
        if hasattr(self.labels, "choices"):
            words = dict(self.labels.choices)
        else:
            words = self.labels(values)
        return {str(value): words.get(value, value) for value in values}


class Flag(django_filters.Filter):
    """One box to tick; `keep(queryset, request)` says which rows stay. `shown(request)` may hide it."""

    field_class = AnyOf

    def __init__(
        self,
        *,
        label: Any,
        words: Any,
        keep: Callable[[QuerySet, Any], QuerySet],
        shown: Callable[[Any], bool] = lambda request: True,
    ) -> None:
        super().__init__(label=label, required=False)
        self.words, self.keep, self.shown = words, keep, shown

    def filter(self, qs: QuerySet, value: list[str]) -> QuerySet:
        return self.keep(qs, self.parent.request) if value else qs

    def counted(self, queryset: QuerySet) -> dict[str, int]:
        return {"yes": self.parent.memory.number_of(self.keep(queryset, self.parent.request))}

    def named(self, values: list[Any]) -> dict[str, Any]:
        return {"yes": self.words}


class Catalogue(django_filters.FilterSet):
    """A list that people search, narrow, sort and export.

    `sorts` maps a key to (words, order), the first is the default;
    `columns` maps a heading of the export to an attribute path or a callable of the row.
    """

    q = SearchFilter(method="search", label=_("Search"))

    sorts: dict[str, tuple[Any, tuple[Any, ...]]] = {}
    columns: dict[Any, str | Callable[[Any], Any]] = {}

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        raise NotImplementedError

    @cached_property
    def memory(self) -> Memory:
        return Memory()

    @cached_property
    def cleaned(self) -> dict[str, Any]:
        """What the address asks for; fields that do not parse are left out."""
        self.form.is_valid()
        return self.form.cleaned_data

    def filtered(self, *, without: str = "") -> QuerySet:
        """The rows that hold every filter but `without`, unsorted."""
        found = self.queryset.all()
        for name, chosen in self.filters.items():
            if name != without and self.cleaned.get(name):
                found = chosen.filter(found, self.cleaned[name])
        return found

    @property
    def sort_key(self) -> str:
        asked = self.data.get("sort", "")
        return asked if asked in self.sorts else next(iter(self.sorts))

    @cached_property
    def rows(self) -> QuerySet:
        """The rows to show, filtered and sorted."""
        return self.filtered().order_by(*self.sorts[self.sort_key][1])


class RememberingPaginator(Paginator):
    """Pages of a list whose length is counted once until somebody writes."""

    def __init__(self, rows: QuerySet, per_page: int, *, memory: Memory) -> None:
        super().__init__(rows, per_page)
        self.memory = memory

    @cached_property
    def count(self) -> int:
        return self.memory.number_of(self.object_list)


def show_list(
    request: HttpRequest,
    filterset: Catalogue,
    template: str,
    *,
    per_page: int = PER_PAGE,
    extra: dict[str, Any] | None = None,
    filename: str = "cluster",
    list_key: str = "",
) -> HttpResponse:
    """Answer a list page: the export that was asked for, the part that htmx swaps, or the whole page.

    `list_key` names a list that people can save searches in (notifications/catalogues.py).
    """
    export = request.GET.get("export")
    if export in FILES:
        return FILES[export](filterset, filename)
    if export == "table":
        return show_table(request, filterset, back=_address(_without(request.GET, *NOT_A_FILTER)))
    part = "#results" if getattr(request, "htmx", None) and not request.htmx.boosted else ""
    context = list_context(request, filterset, per_page=per_page) | {"list_key": list_key} | (extra or {})
    response = render(request, template + part, context)
    # One address has two answers: without this the browser's Back would show the part alone out of its cache.
    patch_vary_headers(response, ["HX-Request"])
    return response


def list_context(request: HttpRequest, filterset: Catalogue, *, per_page: int = PER_PAGE) -> dict[str, Any]:
    """The context that `components/list_page.html` reads (see docs/design-system.md)."""
    params = _without(request.GET, *NOT_A_FILTER)
    paginator = RememberingPaginator(filterset.rows, per_page, memory=filterset.memory)
    shown = _facets(filterset, params)
    return {
        "page_obj": paginator.get_page(request.GET.get("page")),
        "total": paginator.count,
        "all_total": filterset.memory.number_of(filterset.queryset),
        "filterset": filterset,
        "search": filterset.data.get("q", ""),
        "facets": shown,
        "chips": _chips(filterset, params, shown),
        "sort": _sort(filterset, params),
        "export_urls": {"csv": _address(params, export="csv"), "xlsx": _address(params, export="xlsx")},
        "export_choice": column_choice(filterset, params),
        "clear_url": request.path,
        "querystring": params.urlencode(),
    }


def _without(params: QueryDict, *names: str) -> QueryDict:
    left = params.copy()
    for name in names:
        left.pop(name, None)
    return left


def _address(params: QueryDict, **changes: str) -> str:
    changed = params.copy()
    for name, value in changes.items():
        changed[name] = value
    return f"?{changed.urlencode()}"


def _toggled(params: QueryDict, name: str, value: str) -> str:
    """The address with `value` ticked if it was not, and the other way round."""
    changed = params.copy()
    values = changed.getlist(name)
    changed.setlist(name, [v for v in values if v != value] if value in values else [*values, value])
    return f"?{changed.urlencode()}"


def _facets(filterset: Catalogue, params: QueryDict) -> list[dict[str, Any]]:
    """Each facet with its values, counted under all the other filters, the most frequent first."""
    found = []
    for name, facet in filterset.filters.items():
        if not isinstance(facet, Facet | Flag) or (isinstance(facet, Flag) and not facet.shown(filterset.request)):
            continue
        # Under all filters but its own: else ticking one value would hide those that could be ticked beside it.
        counts = {str(value): (value, n) for value, n in facet.counted(filterset.filtered(without=name)).items()}
        options = _options(name, facet, counts, filterset.cleaned.get(name) or [], params)
        if options:
            kept = max(FACET_SHOWS, sum(option["selected"] for option in options))
            more, left_out = options[kept:], max(0, len(counts) - len(options))
            found.append(
                {"name": name, "label": facet.label, "options": options[:kept], "more": more, "left_out": left_out}
            )
    return found


def _options(
    name: str, facet: Facet | Flag, counts: dict[str, tuple[Any, int]], chosen: list[str], params: QueryDict
) -> list[dict[str, Any]]:
    """The ticked values and the most frequent others, FACET_MOST in all, with their words."""
    most = sorted(counts.values(), key=lambda found: -found[1])[:FACET_MOST]
    listed = [value for value, _n in most]
    # A ticked value is shown even where nothing holds it any more, or nobody could untick it.
    words = facet.named([*listed, *(value for value in chosen if value not in {str(each) for each in listed})])
    options = [
        {
            "value": value,
            "label": label,
            "count": counts.get(value, (value, 0))[1],
            "selected": value in chosen,
            "url": _toggled(params, name, value) if value in chosen else "",
        }
        for value, label in words.items()
    ]
    return sorted(options, key=lambda option: (not option["selected"], -option["count"], str(option["label"])))


def _chips(filterset: Catalogue, params: QueryDict, facets: list[dict[str, Any]]) -> list[dict[str, Any]]:
    chips = []
    if filterset.cleaned.get("q"):
        chips.append(
            {
                "label": _("Search"),
                "value": filterset.cleaned["q"],
                "remove_url": f"?{_without(params, 'q').urlencode()}",
            }
        )
    for name, area in filterset.filters.items():
        if isinstance(area, Area) and (corners := filterset.cleaned.get(name)):
            # The form of the facets has no field for it: the chip carries the value along.
            kept = {"name": name, "kept": filterset.data[name]}
            remove_url = f"?{_without(params, name).urlencode()}"
            chips.append({"label": area.label, "value": area.in_words(corners), "remove_url": remove_url, **kept})
    for facet in facets:
        chips += [
            {"label": facet["label"], "value": option["label"], "remove_url": option["url"]}
            for option in [*facet["options"], *facet["more"]]
            if option["selected"]
        ]
    return chips


def words_of(filterset: Catalogue) -> list[str]:
    """What a list is narrowed to, in words: the text searched for, then the ticked values; a query per named facet."""
    found = [f"“{filterset.cleaned['q']}”"] if filterset.cleaned.get("q") else []
    for name, facet in filterset.filters.items():
        chosen = filterset.cleaned.get(name)
        if chosen and isinstance(facet, Area):
            found.append(facet.in_words(chosen))
        elif chosen and isinstance(facet, Facet | Flag):
            words = facet.named(chosen)
            found += [str(words[value]) for value in chosen if value in words]
    return found


def _sort(filterset: Catalogue, params: QueryDict) -> dict[str, Any]:
    current = filterset.sort_key
    options = [
        {"value": key, "label": words, "url": _address(params, sort=key), "selected": key == current}
        for key, (words, _order) in filterset.sorts.items()
    ]
    return {"current": current, "label": filterset.sorts[current][0], "options": options}
