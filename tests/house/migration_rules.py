"""Which operations of a migration hurt while the old version of the portal still serves (docs/operations.md, Upgrade).

Two questions are asked of each: does the old version's code still work afterwards, and is a table with rows locked for
longer than a moment. What is not known to be harmless is refused; `safe_because` on the migration says why it may be.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently
from django.db import connection, models
from django.db.migrations import operations as ops
from django.db.migrations.state import ProjectState

HARMLESS = {
    "CreateModel", "AddIndexConcurrently", "RemoveIndexConcurrently", "RemoveIndex", "RenameIndex",
    "AddConstraintNotValid", "ValidateConstraint", "RemoveConstraint", "AlterModelOptions", "AlterModelManagers",
    "AlterModelTableComment", "AddTrigger", "RemoveTrigger", "CreateExtension", "BtreeGistExtension",
}  # fmt: skip
READ_BY_THE_OLD = "the old version still reads it: stop using it in one release, remove it in the next"
GROWS = re.compile(r"varchar\((\d+)\)")


def dangers(migration: Any, before: ProjectState) -> list[str]:
    """One sentence for each operation of `migration` that hurts, from the state `before` it."""
    if getattr(migration, "safe_because", ""):
        return []
    state, found, made = before.clone(), [], set()
    for operation in migration.operations:
        after = state.clone()
        operation.state_forwards(migration.app_label, after)
        if isinstance(operation, ops.CreateModel):
            made.add(operation.name_lower)
        elif _table(operation) not in made:
            found += [
                f"{migration.app_label}.{migration.name}: {operation.describe()}: {why}"
                for why in _why(operation, _fields(migration.app_label, state, after))
            ]
        state = after
    return found


def _table(operation: Any) -> str:
    return getattr(operation, "model_name", getattr(operation, "name", "")).lower()


def _fields(app: str, before: ProjectState, after: ProjectState) -> Callable[[Any], list[models.Field]]:
    """Looks a field up in both states, with its relations; only where it is needed, since that takes seconds."""
    return lambda operation: [
        state.apps.get_model(app, operation.model_name)._meta.get_field(operation.name) for state in (before, after)
    ]


def _why(operation: Any, fields: Callable[[Any], list[models.Field]]) -> Iterator[str]:
    match operation:
        case ops.RemoveField() | ops.DeleteModel() | ops.RenameField() | ops.RenameModel() | ops.AlterModelTable():
            yield READ_BY_THE_OLD
        case ops.AlterField():
            yield from _why_not_alter(*fields(operation))
        case ops.AddField():
            yield from _why_not_add(operation.field)
        case ops.AddIndex() if not isinstance(operation, AddIndexConcurrently):
            yield "nobody can write meanwhile: use AddIndexConcurrently and atomic = False"
        case ops.AddConstraint() if not isinstance(operation, AddConstraintNotValid):
            yield "every row is looked at under a lock: use AddConstraintNotValid, then ValidateConstraint"
        case _ if type(operation).__name__ not in {*HARMLESS, "AddIndex", "AddConstraint"}:
            yield "not known to be harmless: say why in safe_because"


def _why_not_add(field: models.Field) -> Iterator[str]:
    if field.many_to_many:
        return
    if not field.null and field.db_default is models.NOT_PROVIDED:
        yield "the old version writes rows without it: make it null, or give it a db_default"
    if field.unique or field.db_index:
        yield "its index is built under a lock: add it with db_index=False, then the index with AddIndexConcurrently"


def _why_not_alter(before: models.Field, after: models.Field) -> Iterator[str]:
    if before.column != after.column:
        yield READ_BY_THE_OLD
    if before.null and not after.null:
        yield "the old version still writes nothing there: fill it with a CHECK, make it NOT NULL in the next release"
    if (after.unique and not before.unique) or (after.db_index and not before.db_index):
        yield "its index is built under a lock: use AddIndexConcurrently"
    old, new = before.db_type(connection), after.db_type(connection)
    if old != new and not _only_grows(old, new):
        yield f"the table is written anew from {old} to {new}: add a column, fill it, read it, remove the old one later"


def _only_grows(old: str | None, new: str | None) -> bool:
    sizes = [GROWS.fullmatch(kind or "") for kind in (old, new)]
    if not sizes[0]:
        return False
    return new == "text" or bool(sizes[1] and int(sizes[1][1]) > int(sizes[0][1]))
