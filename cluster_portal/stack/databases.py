"""Whoever needs the databases first starts them, whoever leaves last stops them.

A portal, test runs and benchmarks on one state folder share one PostgreSQL and one Redis. Users are counted by file
locks, which the system releases when a process ends in whatever way, so nobody has to clean up after a `kill -9`.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

from cluster_portal.stack import postgres, redis

SERVERS = {"DATABASE_URL": postgres, "REDIS_URL": redis}
# Looked at once: whoever starts servers puts their addresses into the environment later.
GIVEN = {name: os.environ[name] for name in SERVERS if os.environ.get(name)}
EMBEDDED = {name: server for name, server in SERVERS.items() if name not in GIVEN}


class InUseError(Exception):
    """Another process uses the databases of this state folder."""


@contextmanager
def databases(state_dir: Path) -> Iterator[dict[str, str]]:
    """Keep the databases up for the duration; gives DATABASE_URL and REDIS_URL.

    Where the environment names a server of its own, that one is used and nothing is started in its stead.
    """
    state_dir.mkdir(parents=True, exist_ok=True)
    with ExitStack() as leaving:
        with _locked(state_dir / "databases.gate", fcntl.LOCK_EX):
            users = leaving.enter_context(_locked(state_dir / "databases.users", fcntl.LOCK_SH))
            leaving.callback(_leave, state_dir, users)
            urls = ensure(state_dir)
        yield urls


def ensure(state_dir: Path) -> dict[str, str]:
    """Start what does not run (again); the caller is one of the users."""
    return GIVEN | {name: server.start(state_dir) for name, server in EMBEDDED.items()}


def running(state_dir: Path) -> bool:
    """Whether every embedded server that is needed answers."""
    return all(server.running(state_dir) for server in EMBEDDED.values())


@contextmanager
def alone(state_dir: Path) -> Iterator[None]:
    """Stop the servers and keep everybody out, to put the data folders away. Raises InUseError."""
    state_dir.mkdir(parents=True, exist_ok=True)
    with _locked(state_dir / "databases.gate", fcntl.LOCK_EX):
        try:
            users = _locked(state_dir / "databases.users", fcntl.LOCK_EX | fcntl.LOCK_NB)
            with users:
                _stop(state_dir)
                yield
        except BlockingIOError as busy:
            raise InUseError(f"Something still runs on {state_dir}: a portal or tests. Stop it first.") from busy


@contextmanager
def only_portal(state_dir: Path) -> Iterator[None]:
    """Keep a second portal from running on the same state folder. Raises InUseError."""
    state_dir.mkdir(parents=True, exist_ok=True)
    with ExitStack() as leaving:
        try:
            leaving.enter_context(_locked(state_dir / "portal.lock", fcntl.LOCK_EX | fcntl.LOCK_NB))
        except BlockingIOError as busy:
            raise InUseError(f"A portal runs on {state_dir} already. Stop it, or give STATE_DIR and PORT.") from busy
        yield


def _leave(state_dir: Path, users: IO[str]) -> None:
    with _locked(state_dir / "databases.gate", fcntl.LOCK_EX):
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        _stop(state_dir)


def _stop(state_dir: Path) -> None:
    for server in EMBEDDED.values():
        server.stop(state_dir)


@contextmanager
def _locked(path: Path, how: int) -> Iterator[IO[str]]:
    with path.open("a") as handle:
        fcntl.flock(handle, how)
        yield handle
