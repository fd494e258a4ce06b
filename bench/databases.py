"""Databases of the bench: made, migrated, filled, and dropped when the measure ends."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg

PROJECT = Path(__file__).resolve().parent.parent
NAME = "cluster_portal_bench"


def environment(url: str) -> dict[str, str]:
    """Settings as on a server, but for https and the demo's key."""
    return {**os.environ, "DATABASE_URL": url, "DEBUG": "0", "DEMO": "1", "HTTPS": "0", "LOG_FORMAT": "json"}


@contextmanager
def scratch_database(fill: str, *arguments: object) -> Iterator[tuple[dict[str, str], dict[str, Any]]]:
    """A migrated database filled by `fill` of bench.filling; gives the environment of it and what it told."""
    outside = os.environ["DATABASE_URL"]
    with psycopg.connect(outside, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{NAME}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{NAME}"')
    inside = environment(re.sub(r"(//[^/]*/)[^?]*", rf"\g<1>{quote(NAME)}", outside, count=1))
    try:
        run(inside, "manage.py", "migrate", "--verbosity=0")
        run(inside, "manage.py", "collectstatic", "--verbosity=0", "--no-input")
        told = run(inside, "-m", "bench.filling", fill, *map(str, arguments))
        yield inside, json.loads(told.splitlines()[-1])
    finally:
        with psycopg.connect(outside, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{NAME}" WITH (FORCE)')


def run(inside: dict[str, str], *command: str) -> str:
    """One Python command in the bench's environment; returns what it printed."""
    done = subprocess.run(
        [sys.executable, *command], cwd=PROJECT, env=inside, check=True, stdout=subprocess.PIPE, text=True
    )
    return done.stdout
