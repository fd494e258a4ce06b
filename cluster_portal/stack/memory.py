"""What was done to a database, remembered in the database itself: it goes and comes with it, whichever server it is on.

The digests say whether a start has anything to do, without loading Django: a start with nothing to do takes seconds.
"""

import hashlib
from collections.abc import Iterable
from pathlib import Path

import psycopg

from cluster_portal.stack.environment import PROJECT

TABLE = "CREATE TABLE IF NOT EXISTS local_stack_memory (what text PRIMARY KEY, value text NOT NULL)"
RECALL = "SELECT what, value FROM local_stack_memory"
REMEMBER = "INSERT INTO local_stack_memory VALUES (%s, %s) ON CONFLICT (what) DO UPDATE SET value = excluded.value"


def recall(url: str) -> dict[str, str]:
    """Everything remembered about the database at `url`."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(TABLE)
        return dict(connection.execute(RECALL).fetchall())


def remember(url: str, what: str, value: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(TABLE)
        connection.execute(REMEMBER, [what, value])


def digest_of_tables() -> str:
    """Changes when a migration of ours, a package with migrations, or what search keeps by triggers changes."""
    search = {*PROJECT.glob("*/finding.py"), *PROJECT.glob("*/*/finding.py"), *PROJECT.glob("members/searching/*.py")}
    return _digest([*PROJECT.glob("*/migrations/*.py"), *search, PROJECT / "requirements.lock"])


def digest_of_reference_data() -> str:
    """Changes when a data file or its loading changes."""
    loading = [*PROJECT.glob("*/reference.py"), *PROJECT.glob("*/management/commands/load_reference_data.py")]
    return _digest([*PROJECT.glob("*/data/**/*"), *loading])


def is_up_to_date(url: str, *, demo: bool) -> bool:
    """Whether `prepare` would find nothing to do."""
    wanted = {"tables": digest_of_tables(), "reference": digest_of_reference_data()}
    if demo:
        wanted["demo"] = "loaded"
    return wanted.items() <= recall(url).items()


def _digest(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in sorted(paths):
        if path.is_file():
            digest.update(str(path.relative_to(PROJECT)).encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()
