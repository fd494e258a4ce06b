"""Bring a database to the state the portal needs: tables, reference data, and the demo consortium the first time.

What was loaded is remembered in the state folder, per database: reference data is loaded again only when its files
change, the demo consortium never, so that what people typed stays.
"""

import hashlib
import io
import json
import os
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command

SIGN_INS = "demo-sign-ins.txt"


def prepare() -> None:
    """Runs in a process of its own, with the environment of the portal."""
    django.setup()
    say("Bringing the tables up to date")
    call_command("migrate", verbosity=0, interactive=False)
    if not settings.DEBUG:
        call_command("collectstatic", verbosity=0, interactive=False)
    _load_reference_data()
    if settings.DEMO:
        _load_demo()


def say(text: str) -> None:
    print(text, flush=True)


def _load_reference_data() -> None:
    files = _digest_of_reference_files()
    if _remembered().get("reference") != files:
        say("Loading the reference data")
        call_command("load_reference_data", verbosity=0)
        _remember("reference", files)


def _load_demo() -> None:
    if not _remembered().get("demo"):
        say("Loading the demo consortium; this happens once and takes a minute or two")
        call_command("load_demo", verbosity=0)
        _remember("demo", "loaded")
    table = io.StringIO()
    call_command("demo_sign_ins", stdout=table)
    (settings.STATE_DIR / SIGN_INS).write_text(table.getvalue())


def _digest_of_reference_files() -> str:
    digest = hashlib.sha256()
    for path in sorted(settings.BASE_DIR.glob("*/data/**/*")):
        if path.is_file():
            digest.update(str(path.relative_to(settings.BASE_DIR)).encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _memory() -> Path:
    database = hashlib.sha256(os.environ["DATABASE_URL"].encode()).hexdigest()[:12]
    return settings.STATE_DIR / f"loaded-{database}.json"


def _remembered() -> dict[str, str]:
    return json.loads(_memory().read_text()) if _memory().exists() else {}


def _remember(what: str, value: str) -> None:
    _memory().write_text(json.dumps({**_remembered(), what: value}))
