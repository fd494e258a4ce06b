"""Bringing the triggers of search into the database, and the entries to what the rows say.

After every `migrate` the functions of each kind are compared with what the code would write; a kind that differs gets
new ones and its entries are made anew. Nobody writes migrations for search.
"""

import hashlib
from typing import Any

from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.models.signals import post_migrate

from members.searching import sql
from members.searching.kinds import Kind, by_key, registered

LOCK = 7_261_093_552  # any number that nobody else on the server uses
BATCH = 1000


def listen(app_config: Any) -> None:
    """Install after each `migrate`; Django announces its end by this signal only."""
    post_migrate.connect(after_migrate, sender=app_config, dispatch_uid="search triggers")


def after_migrate(plan: list[Any] | None = None, **_: Any) -> None:
    """Only a `migrate` that leaves every table as the code knows it; going back takes the triggers away instead."""
    if plan is None:
        return
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        uninstall()
    else:
        install()


@transaction.atomic
def install() -> list[str]:
    """Make functions and triggers what the registered kinds say; returns the kinds whose entries were made anew."""
    with connection.cursor() as cursor:
        # Containers that start at once all migrate: the second finds everything as the first left it.
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        there = _installed(cursor)
        wanted = {kind.key: _digest(kind) for kind in registered()}
        for key in there.keys() - wanted.keys():
            _drop(cursor, key)
            cursor.execute(f"DELETE FROM {sql.ENTRIES} WHERE kind = %s", [key])  # noqa: S608  a constant
        changed = [key for key, digest in wanted.items() if there.get(key) != digest]
        for statement in sql.SHARED if changed else ():
            cursor.execute(statement)
        for key in changed:
            _drop(cursor, key)
            for statement in sql.statements(by_key(key)):
                cursor.execute(statement)
            cursor.execute(f"COMMENT ON FUNCTION search_refresh_{key} IS '{wanted[key]}'")
    for key in changed:
        rebuild(by_key(key))
    return changed


@transaction.atomic
def uninstall() -> None:
    """Take all triggers away, while tables are not as the code knows them."""
    with connection.cursor() as cursor:
        for key in _installed(cursor):
            _drop(cursor, key)


def rebuild(kind: Kind, batch: int = BATCH) -> int:
    """Make every entry of `kind` what its row says, in batches; entries without a row go. Returns how many rows."""
    pks = list(kind.model._base_manager.order_by("pk").values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT object_id FROM {sql.ENTRIES} WHERE kind = %s", [kind.key])  # noqa: S608
        gone = {pk for (pk,) in cursor.fetchall()} - set(pks)
        for keys in (pks, sorted(gone)):
            for start in range(0, len(keys), batch):
                cursor.execute(f"SELECT search_refresh_{kind.key}(%s::bigint[])", [keys[start : start + batch]])
    return len(pks)


def count_words() -> None:
    """Count anew in how many entries each word stands; words that stand nowhere go."""
    # Weights a, b and c: titles, names and second lines. Words of long texts (d) correct nobody.
    public = [kind.key for kind in registered() if kind.spells]
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH counted AS (
              SELECT word, ndoc FROM ts_stat(
                format('SELECT vector FROM {sql.ENTRIES} WHERE kind = ANY(%%L)', %s::text[]), 'abc')
               WHERE length(word) >= {sql.SHORTEST_WORD} AND word !~ '[0-9]'
            ), gone AS (
              DELETE FROM {sql.WORDS} WHERE word NOT IN (SELECT word FROM counted)
            )
            INSERT INTO {sql.WORDS} AS known (word, entries) SELECT word, ndoc FROM counted ORDER BY word
            ON CONFLICT (word) DO UPDATE SET entries = EXCLUDED.entries WHERE known.entries <> EXCLUDED.entries
            """,  # noqa: S608
            [public],
        )


def _digest(kind: Kind) -> str:
    return hashlib.sha256("".join([*sql.SHARED, *sql.statements(kind)]).encode()).hexdigest()[:16]


def _installed(cursor: Any) -> dict[str, str]:
    """The kinds that have functions in the database, each with the digest of what was written."""
    cursor.execute(
        # What stands behind search_refresh_.
        "SELECT substr(proname, 16), coalesce(obj_description(oid, 'pg_proc'), '') FROM pg_proc"
        " WHERE proname LIKE 'search\\_refresh\\_%' AND pronamespace = 'public'::regnamespace"
    )
    return dict(cursor.fetchall())


def _drop(cursor: Any, key: str) -> None:
    """The functions of one kind; its triggers go with them."""
    cursor.execute(
        "SELECT oid::regprocedure FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
        " AND (proname = %s OR proname ~ %s)",
        [f"search_refresh_{key}", f"^search_{key}_[0-9]+$"],
    )
    for (function,) in cursor.fetchall():
        cursor.execute(f"DROP FUNCTION {function} CASCADE")
