"""gunicorn with the portal, and gunicorn with the floor: the same workers and threads, on ports of their own."""

import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

import psutil

from bench.databases import PROJECT
from cluster_portal.stack.redis import free_port

PORTAL = "cluster_portal.wsgi"
FLOOR = "bench.floor"
STARTING_TAKES_AT_MOST = 60  # seconds


class Server:
    """A running gunicorn: `port`, and how much memory it took at most so far."""

    def __init__(self, application: str, environment: dict[str, str]) -> None:
        self.port = free_port()
        size = ["--workers=2", "--threads=4", "--log-level=error"]
        command = [sys.executable, "-m", "gunicorn", application, f"--bind=127.0.0.1:{self.port}", *size]
        self.process = subprocess.Popen(
            command, cwd=PROJECT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def wait(self, path: str) -> None:
        deadline = time.monotonic() + STARTING_TAKES_AT_MOST
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=30):
                    return
            except OSError:
                if time.monotonic() > deadline or self.process.poll() is not None:
                    raise
                time.sleep(0.1)

    def memory_mb(self) -> float:
        """What master and workers hold together now, shared pages counted once each."""
        master = psutil.Process(self.process.pid)
        return sum(each.memory_info().rss for each in [master, *master.children(recursive=True)]) / 1024**2


@contextmanager
def serving(application: str, environment: dict[str, str], *, ready: str) -> Iterator[Server]:
    """Start it, wait until `ready` answers, stop it afterwards."""
    server = Server(application, environment)
    try:
        server.wait(ready)
        yield server
    finally:
        server.process.terminate()
        server.process.wait(30)
