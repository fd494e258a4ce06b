"""What the address of a list asks for: filters, search, sort and page. Strict: what cannot be is refused by name."""

import re
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from rest_framework.exceptions import NotAuthenticated, PermissionDenied
from rest_framework.request import Request

from members.areas import Area
from members.lists import Catalogue, Facet, Flag
from members.rest.problems import WrongParameters

PAGE_SIZE = 25
LARGEST_PAGE_SIZE = 100
LAST_PAGE = 100_000
LONGEST_VALUE = 200
MOST_VALUES = 20
NUMBERS = {"page": LAST_PAGE, "page_size": LARGEST_PAGE_SIZE}
# Six digits hold the last page; of more than 4,300 `int` makes no number, but an error.
WHOLE_NUMBER = re.compile(r"[0-9]{1,6}", re.ASCII)
CONTROL = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True)
class Asked:
    """What was asked for and can be answered."""

    filterset: Catalogue
    page: int
    page_size: int


def read(request: Request, catalogue: type[Catalogue], rows: QuerySet) -> Asked:
    """Understand the address; raises WrongParameters with every parameter that is wrong."""
    params = request.query_params
    wrong = {name: message for name in params if (message := _wrong(catalogue, params, name))}
    if wrong:
        raise WrongParameters(wrong)
    filterset = catalogue(params, queryset=rows, request=request)
    _refuse_what_is_for_others(filterset, request)
    page = int(params.get("page", 1))
    return Asked(filterset=filterset, page=page, page_size=int(params.get("page_size", PAGE_SIZE)))


def _wrong(catalogue: type[Catalogue], params: QueryDict, name: str) -> str:
    """What is wrong with the parameter `name`, as a sentence; empty when nothing is."""
    values = params.getlist(name)
    chosen = catalogue.base_filters.get(name)
    if chosen is None and name not in {"sort", *NUMBERS}:
        known = ", ".join([*catalogue.base_filters, "sort", *NUMBERS])
        return _("There is no such parameter. Known are: %(known)s.") % {"known": known}
    if ill := _wrong_shape(values, several=isinstance(chosen, Facet)):
        return ill
    return _wrong_values(chosen, values) if chosen else _wrong_paging(catalogue, name, values[0])


def _wrong_shape(values: list[str], *, several: bool) -> str:
    if len(values) > 1 and not several:
        return _("Give it once.")
    if len(values) > MOST_VALUES:
        return _("Give at most %(n)d values.") % {"n": MOST_VALUES}
    if any(len(value) > LONGEST_VALUE or CONTROL.search(value) for value in values):
        return _("Give at most %(n)d characters, and no control characters.") % {"n": LONGEST_VALUE}
    return ""


def _wrong_paging(catalogue: type[Catalogue], name: str, value: str) -> str:
    if name == "sort":
        return "" if value in catalogue.sorts else _one_of(list(catalogue.sorts))
    return _wrong_number(value, NUMBERS[name])


def _wrong_number(value: str, largest: int) -> str:
    if WHOLE_NUMBER.fullmatch(value) and 1 <= int(value) <= largest:
        return ""
    return _("Give a whole number from 1 to %(largest)d.") % {"largest": largest}


def _wrong_values(chosen: Any, values: list[str]) -> str:
    if isinstance(chosen, Flag):
        return "" if values == ["yes"] else _one_of(["yes"])
    if isinstance(chosen, Area):
        return _wrong_area(chosen, values[0])
    if not isinstance(chosen, Facet) or all(chosen.accepts(value) for value in values):
        return ""
    if chosen.choices:
        return _one_of(chosen.choices)
    return _("Give a whole number of at most four digits.") if chosen.coerce is int else _("Give a value.")


def _wrong_area(area: Area, value: str) -> str:
    try:
        corners = area.field.clean(value)
    except ValidationError as error:
        return error.messages[0]
    return "" if corners else _("Give a value.")


def _one_of(values: list[str]) -> str:
    return _("Give one of: %(values)s.") % {"values": ", ".join(values)}


def _refuse_what_is_for_others(filterset: Catalogue, request: Request) -> None:
    """A box that the page does not show to this reader cannot be ticked here either."""
    for name, chosen in filterset.filters.items():
        if isinstance(chosen, Flag) and name in request.query_params and not chosen.shown(request):
            if not request.user.is_authenticated:
                raise NotAuthenticated(
                    _("The filter %(name)s needs a person: sign in or send a token.") % {"name": name}
                )
            raise PermissionDenied(_("The filter %(name)s is not for you.") % {"name": name})
