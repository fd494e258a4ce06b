"""A thousand rows in a moment: copies of one row, made by one INSERT, to open a list with few of them and with many."""

from collections.abc import Sequence
from typing import Any

from django.db import connection, models

NAMES = ("code", "key", "label", "name", "query", "slug", "title")  # unique, or unique within something


def copies(row: models.Model, number: int, **fresh: Sequence[Any]) -> list[Any]:
    """Make `number` rows like `row` and return their keys; `fresh` gives each its own value of a field.

    What must be unique by itself (slugs, references, codes) is made unique. Triggers sleep meanwhile: nobody searches
    here, and nobody reads a history.
    """
    keys: list[Any] = []
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for model in [*reversed(row._meta.get_parent_list()), type(row)]:
            _sleeping(cursor, model, "DISABLE")
            keys = _copied(cursor, model, row, number, fresh | ({_link(model): keys} if _link(model) else {}))
            _sleeping(cursor, model, "ENABLE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    return keys


def _sleeping(cursor: Any, model: type[models.Model], what: str) -> None:
    cursor.execute(f"ALTER TABLE {model._meta.db_table} {what} TRIGGER USER")


def _link(model: type[models.Model]) -> str:
    """The field by which `model` extends its parent's row, if it does."""
    return model._meta.pk.name if isinstance(model._meta.pk, models.OneToOneField) else ""


def _copied(cursor: Any, model: type[models.Model], row: models.Model, number: int, fresh: dict[str, Any]) -> list[Any]:
    table, key = model._meta.db_table, model._meta.pk.column
    columns, values, given = [], [], []
    for field in model._meta.local_concrete_fields:
        if field.generated or isinstance(field, models.AutoField):
            continue
        columns.append(f'"{field.column}"')
        if field.name in fresh:
            values.append(f"(%s::{field.rel_db_type(connection)}[])[n]")
            given.append(list(fresh[field.name]))
        else:
            values.append(_value_of(field))
    cursor.execute(
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values)} FROM {table},"  # noqa: S608 names of our own
        f" generate_series(1, %s) n, (SELECT count(*) AS there FROM {table}) counted"
        f' WHERE "{key}" = %s RETURNING "{key}"',
        [*given, number, row.pk],
    )
    return [key for (key,) in cursor.fetchall()]


def _value_of(field: models.Field) -> str:
    """What stands in a copy: the same, unless it must be another one."""
    if isinstance(field, models.UUIDField) and field.unique:
        return "gen_random_uuid()"
    is_text = isinstance(field, models.CharField | models.TextField)
    if not is_text or not (field.unique or field.name in NAMES):
        return f'"{field.column}"'
    if field.max_length and field.max_length < 20:  # a reference: EX-7K3M-92
        return f"""left("{field.column}", 3) || lpad(upper(to_hex(there + n)), 4, '0') || right("{field.column}", 3)"""
    return f"""left("{field.column}", 30) || '-' || (there + n)"""
