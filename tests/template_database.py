"""Test databases that are ready at once: each is a copy of a template, which is migrated only when a migration changed.

Many runs may use one server at the same time: whoever makes, copies or drops holds one advisory lock, and the name of a
test database says which process of which machine it belongs to, so that what a killed run left is known and dropped.
"""

import hashlib
import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.backends.utils import CursorWrapper

LOCK = 7_261_093_551  # any number that nobody else on the server uses
PREFIX = "portal_test"
MACHINE = hashlib.sha256(platform.node().encode()).hexdigest()[:6]


def make_database(purpose: str) -> str:
    """Copy the template for this process and `purpose`; returns the new database's name."""
    name = f"{PREFIX}_{MACHINE}_{os.getpid()}_{purpose}"
    with _only_one() as cursor:
        _drop_what_killed_runs_left(cursor)
        template = _ensure_template(cursor)
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return name


def drop_database(name: str) -> None:
    """Drop it, ending the connections that threads or programs left open."""
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def connect_to(name: str) -> None:
    """Let Django's connection speak to the database `name` from now on."""
    connection.close()
    connection.settings_dict["NAME"] = name


def _ensure_template(cursor: CursorWrapper) -> str:
    """Migrate a new template if a migration changed since the last; older templates go."""
    template = f"{PREFIX}_template_{_digest_of_migrations()}"
    existing = _databases(cursor, f"{PREFIX}_template_%")
    if template in existing:
        return template
    for old in existing:
        cursor.execute(f'DROP DATABASE "{old}" WITH (FORCE)')
    unfinished = f"{PREFIX}_unfinished"
    cursor.execute(f'DROP DATABASE IF EXISTS "{unfinished}" WITH (FORCE)')
    cursor.execute(f'CREATE DATABASE "{unfinished}"')
    outside = connection.settings_dict["NAME"]
    connect_to(unfinished)
    try:
        call_command("migrate", verbosity=0, interactive=False)
    finally:
        connect_to(outside)
    cursor.execute(f'ALTER DATABASE "{unfinished}" RENAME TO "{template}"')
    return template


def _digest_of_migrations() -> str:
    """A digest of every migration file of every app: ours and those of packages."""
    digest = hashlib.sha256()
    for app in sorted(apps.get_app_configs(), key=lambda config: config.label):
        digest.update(app.label.encode())
        for path in sorted(Path(app.path, "migrations").rglob("*.py")):
            digest.update(path.name.encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _drop_what_killed_runs_left(cursor: CursorWrapper) -> None:
    prefix = f"{PREFIX}_{MACHINE}_"
    for name in _databases(cursor, f"{prefix}%"):
        pid = int(name.removeprefix(prefix).split("_")[0])
        if not _is_alive(pid):
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _databases(cursor: CursorWrapper, pattern: str) -> list[str]:
    cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [pattern.replace("_", r"\_")])
    return [name for (name,) in cursor.fetchall()]


@contextmanager
def _only_one() -> Iterator[CursorWrapper]:
    """A connection to the server outside of any test database, holding the lock until it closes."""
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        yield cursor
