"""Writing many rows at once, each with values of its own."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import connection, models


def update_each(rows: Sequence[models.Model], fields: Sequence[str]) -> int:
    """Write `fields` of each of `rows` (of one model) by its key, in one statement; returns how many were there.

    Triggers see every row, as in any UPDATE. Django's own `bulk_update` says the same as a CASE with a branch for each
    row and field, and takes longer to put that together than PostgreSQL takes to do it.
    """
    if not rows:
        return 0
    model = type(rows[0])
    named = [model._meta.pk, *(model._meta.get_field(name) for name in fields)]
    key, *columns = (connection.ops.quote_name(field.column) for field in named)
    table = connection.ops.quote_name(model._meta.db_table)
    # An array for each column, and not a parameter for each value, of which PostgreSQL takes 65,535 in a statement.
    arrays = [[field.get_db_prep_save(getattr(row, field.attname), connection) for row in rows] for field in named]
    changes = ", ".join(f"{column} = new.{column}" for column in columns)
    values = ", ".join(f"%s::{_type(field)}[]" for field in named)
    new = f"unnest({values}) AS new ({', '.join([key, *columns])})"
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {changes} FROM {new} WHERE {table}.{key} = new.{key}", arrays)  # noqa: S608
        return cursor.rowcount


@contextmanager
def checked_at_once() -> Iterator[None]:
    """Inside a transaction: let each statement check its foreign keys when it ends, not all of them at the commit.

    What waits for the commit is walked through again for each row of history, because the function that looks for the
    history's context catches an error; of a transaction that writes tens of thousands of rows that is most of the time.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


@contextmanager
def checked_together(*constraints: str) -> Iterator[None]:
    """Inside a transaction: look at these deferrable constraints when all rows are written, not after each of them.

    So rows may change places, which one by one they could not: the first would meet the other where it still stands.
    """
    names = ", ".join(connection.ops.quote_name(name) for name in constraints)
    with connection.cursor() as cursor:
        cursor.execute(f"SET CONSTRAINTS {names} DEFERRED")
    yield
    with connection.cursor() as cursor:
        cursor.execute(f"SET CONSTRAINTS {names} IMMEDIATE")


def _type(field: models.Field) -> str:
    """The column's type without its length: a cast to varchar(12) would cut a longer text off and not refuse it."""
    target = getattr(field, "target_field", field)
    return re.sub(r"\(.*\)", "", target.rel_db_type(connection) if target.primary_key else target.db_type(connection))
