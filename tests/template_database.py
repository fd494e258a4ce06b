"""Test databases that are ready at once: each is a copy of a template, which is migrated only when a migration changed.

Many runs may use one server at the same time: whoever makes, copies or drops holds one advisory lock, and the name of a
test database says which process of which machine it belongs to, so that what a killed run left is known and dropped.
"""

import hashlib
import json
import os
import platform
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.backends.utils import CursorWrapper

LOCK = 7_261_093_551  # any number that nobody else on the server uses
PREFIX = "portal_test"
MACHINE = hashlib.sha256(platform.node().encode()).hexdigest()[:6]


def make_database(purpose: str) -> str:
    """Copy the template for this process and `purpose`; returns the new database's name."""
    with one_at_a_time(LOCK) as cursor:
        _drop_what_killed_runs_left(cursor)
        return _copy(cursor, _ensure_template(cursor), purpose)


def copy_database(template: str, purpose: str) -> str:
    """Copy `template`, to which nobody is connected, for this process and `purpose`; returns the new name."""
    with one_at_a_time(LOCK) as cursor:
        return _copy(cursor, template, purpose)


def rename_database(name: str, new_name: str) -> None:
    with one_at_a_time(LOCK) as cursor:
        cursor.execute(f'ALTER DATABASE "{name}" RENAME TO "{new_name}"')


def _copy(cursor: CursorWrapper, template: str, purpose: str) -> str:
    name = f"{PREFIX}_{MACHINE}_{os.getpid()}_{purpose}"
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


def url_of(database: str) -> str:
    """DATABASE_URL with another database's name in it."""
    return re.sub(r"(//[^/]*/)[^?]*", rf"\g<1>{quote(database)}", os.environ["DATABASE_URL"], count=1)


def _ensure_template(cursor: CursorWrapper) -> str:
    """Migrate a new template if a migration changed since the last; returns its name.

    It starts as a copy of an earlier template where that one's migrations are all unchanged, so that one more migration
    takes seconds; each template's comment lists what it has. Earlier templates go.
    """
    wanted = _digests_of_migrations()
    template = f"{PREFIX}_template_{_digest(json.dumps(wanted).encode())}"
    earlier = _templates(cursor)
    if template in earlier:
        return template
    begun = [name for name, has in earlier.items() if has.items() <= wanted.items()]
    unfinished = f"{PREFIX}_unfinished"
    cursor.execute(f'DROP DATABASE IF EXISTS "{unfinished}" WITH (FORCE)')
    cursor.execute(f'CREATE DATABASE "{unfinished}" TEMPLATE "{begun[0] if begun else "template1"}"')
    _migrate(unfinished)
    cursor.execute(f'COMMENT ON DATABASE "{unfinished}" IS %s', [json.dumps(wanted)])
    cursor.execute(f'ALTER DATABASE "{unfinished}" RENAME TO "{template}"')
    for name in earlier:
        cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    return template


def _migrate(name: str) -> None:
    outside = connection.settings_dict["NAME"]
    connect_to(name)
    try:
        call_command("migrate", verbosity=0, interactive=False)
    finally:
        connect_to(outside)


def _templates(cursor: CursorWrapper) -> dict[str, dict[str, str]]:
    """The finished templates, each with the migrations it has."""
    cursor.execute(
        "SELECT datname, shobj_description(oid, 'pg_database') FROM pg_database WHERE datname LIKE %s",
        [f"{PREFIX}_template_%"],
    )
    return {name: json.loads(comment or "{}") for name, comment in cursor.fetchall()}


def _digests_of_migrations() -> dict[str, str]:
    """Every migration file of every app, ours and those of packages, with a digest of its content."""
    return {
        f"{app.label}/{path.stem}": _digest(path.read_bytes())
        for app in sorted(apps.get_app_configs(), key=lambda config: config.label)
        for path in sorted(Path(app.path, "migrations").glob("*.py"))
    }


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:12]


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
def one_at_a_time(lock: int) -> Iterator[CursorWrapper]:
    """A connection to the server outside of any test database, holding the advisory `lock` until it closes."""
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [lock])
        yield cursor
