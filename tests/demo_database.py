"""The demo consortium as a template, loaded once for all that need it: a database and the files beside it.

Loading it is the dearest thing the tests do. What is loaded depends on the code, its data and the day, so the name of
the template carries a digest of them; a second run on the same day takes it as it is.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone

from tests.template_database import PREFIX, copy_database, make_database, one_at_a_time, rename_database, url_of

LOCK = 7_261_093_552  # any number that nobody else on the server uses
DEMO = f"{PREFIX}_demo_"
NOT_LOADED = {"tests", "bench", "docs", "templates", "static", "node_modules", "var"}


def make_demo_database(purpose: str, state_dir: Path) -> str:
    """A copy of the demo's database for this process and `purpose`, its files in `state_dir`; returns the name."""
    name, files = _ensure_template()
    copied = copy_database(name, purpose)
    shutil.copytree(files, state_dir / "files", dirs_exist_ok=True)
    return copied


def _ensure_template() -> tuple[str, Path]:
    name = f"{DEMO}{_digest()}"
    files = settings.STATE_DIR / "test-demo" / name
    with one_at_a_time(LOCK) as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{DEMO}%"])
        earlier = [found for (found,) in cursor.fetchall()]
        if name in earlier and files.is_dir():
            return name, files
        for old in earlier:
            cursor.execute(f'DROP DATABASE "{old}" WITH (FORCE)')
        shutil.rmtree(files.parent, ignore_errors=True)
        loaded = make_database("demo_being_loaded")
        _load(loaded, files.parent / "state")
        (files.parent / "state" / "files").rename(files)
        rename_database(loaded, name)  # last: a run that is killed before leaves no template
    return name, files


def _load(database: str, state_dir: Path) -> None:
    """As `make run` does it, in a process of its own: with the settings of a portal, not those of the tests."""
    (state_dir / "files").mkdir(parents=True)
    environment = os.environ | {
        "DATABASE_URL": url_of(database),
        "STATE_DIR": str(state_dir),
        "DEBUG": "1",
        "DEMO": "1",
    }
    command = [sys.executable, "-m", "cluster_portal.stack", "prepare"]
    done = subprocess.run(command, env=environment, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"The demo for the tests could not be loaded. It said:\n{done.stdout}{done.stderr}")


def _digest() -> str:
    digest = hashlib.sha256(str(timezone.localdate()).encode())
    for folder in sorted(path for path in settings.BASE_DIR.iterdir() if path.is_dir() and _is_loaded(path.name)):
        for path in sorted(folder.rglob("*")):
            if path.suffix in {".py", ".json", ".csv", ".typ"}:
                digest.update(str(path.relative_to(settings.BASE_DIR)).encode())
                digest.update(path.read_bytes())
    digest.update((settings.BASE_DIR / "requirements.lock").read_bytes())
    digest.update(connection.settings_dict["HOST"].encode())
    return digest.hexdigest()[:12]


def _is_loaded(folder: str) -> bool:
    return not folder.startswith(".") and folder not in NOT_LOADED
