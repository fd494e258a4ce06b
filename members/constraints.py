"""Constraints that several rooms put on their tables, each written once."""

from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import DEFAULT_DB_ALIAS
from django.db.models import CheckConstraint, DateField, Deferrable, F, Func, Q, Value
from django.db.models.functions import Cast, Coalesce, Greatest


def both_or_neither(left: str, right: str) -> CheckConstraint:
    """Who and when go together: the two columns are set together or not at all."""
    return CheckConstraint(
        condition=~(Q(**{f"{left}__isnull": True}) ^ Q(**{f"{right}__isnull": True})),
        name=f"%(app_label)s_%(class)s_{left}_with_{right}",
    )


def only_choices(field: str, choices: Any) -> CheckConstraint:
    """The column holds one of the enum's values, whoever writes it."""
    return CheckConstraint(
        condition=Q(**{f"{field}__in": choices.values}), name=f"%(app_label)s_%(class)s_{field}_known"
    )


def language_code(field: str, *, blank: bool = False) -> CheckConstraint:
    """The column holds a code in the form of ISO 639-1, or nothing where `blank`; which languages there are to choose
    from is the enum's business, and one more needs no migration.
    """
    form = r"^([a-z]{2})?$" if blank else r"^[a-z]{2}$"
    return CheckConstraint(condition=Q(**{f"{field}__regex": form}), name=f"%(app_label)s_%(class)s_{field}_is_a_code")


def in_order(first: str, last: str, message: Any) -> CheckConstraint:
    """`first` is not after `last`; an empty end of a period is open."""
    return CheckConstraint(
        condition=Q(**{f"{first}__isnull": True}) | Q(**{f"{last}__isnull": True}) | Q(**{f"{first}__lte": F(last)}),
        name=f"%(app_label)s_%(class)s_{first}_before_{last}",
        violation_error_message=message,
    )


def scalar(field: str) -> tuple[Func, str]:
    """A whole-number column as a range of one, so that an exclusion needs no extension (btree_gist).

    NULL makes the endless range, which overlaps every other: so two mandates of the consortium, which has no
    university, exclude each other as those of one university do.
    """
    return Func(F(field), F(field), Value("[]"), function="int8range"), RangeOperators.OVERLAPS


def text(field: str) -> tuple[Func, str]:
    """A text column as a range of whole numbers of its hash: equal texts overlap.

    For the few words of an enum; two of many free texts could have one hash and refuse each other.
    """
    hashed = Func(F(field), function="hashtext")
    return Func(hashed, hashed, Value("[]"), function="int8range"), RangeOperators.OVERLAPS


def period(first: str, last: str) -> tuple[Func, str]:
    """The days from `first` to `last`, both included, open where empty.

    A last day before the first is the business of `in_order`; here it must not make PostgreSQL fail on the range.
    """
    end = Greatest(Coalesce(F(last), Cast(Value("infinity"), DateField())), F(first))
    days = Func(F(first), end, RangeBoundary(inclusive_lower=True, inclusive_upper=True), function="daterange")
    days.output_field = DateRangeField()
    return days, RangeOperators.OVERLAPS


class NoOverlap(ExclusionConstraint):
    """An exclusion that a form without the condition's fields can check; Django 5.2 fails on those."""

    def validate(self, model: Any, instance: Any, exclude: Any = None, using: str = DEFAULT_DB_ALIAS) -> None:
        # Out of `exclude` the condition's columns are read from the instance, whether the form has them or not.
        needed = {child[0].split("__")[0] for child in self.condition.children} if self.condition else set()
        super().validate(model, instance, exclude=set(exclude or ()) - needed, using=using)

    def deconstruct(self) -> tuple[str, Any, dict[str, Any]]:
        """In migrations it is Django's own: the difference is not in the table."""
        _path, args, kwargs = super().deconstruct()
        return "django.contrib.postgres.constraints.ExclusionConstraint", args, kwargs


def no_overlap(
    name: str,
    *columns: tuple[Func, str],
    condition: Q | None = None,
    message: Any = None,
    deferrable: Deferrable | None = None,
) -> NoOverlap:
    """No two rows agree in all `columns`, e.g. the same person, role and time."""
    words = {"condition": condition, "violation_error_message": message, "deferrable": deferrable}
    return NoOverlap(name=name, expressions=list(columns), **words)
