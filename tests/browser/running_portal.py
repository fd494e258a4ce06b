"""A portal as `make run` starts it, for browser tests: web, worker, beat, mail catcher and a Redis of its own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from cluster_portal.stack.portal import is_served
from cluster_portal.stack.redis import free_port

STARTING_TAKES_AT_MOST = 600  # seconds; the demo consortium is loaded first
STOPPING_TAKES_AT_MOST = 60


@dataclass(frozen=True)
class RunningPortal:
    """Where the portal is and what stands behind it."""

    url: str
    database: str
    state_dir: Path


@contextmanager
def running_portal(*, database: str, database_url: str, state_dir: Path) -> Iterator[RunningPortal]:
    """Start a portal with demo data on `database`, stop it afterwards; settings as in production but for https."""
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if name != "REDIS_URL"} | {
        "DATABASE_URL": database_url,
        "STATE_DIR": str(state_dir),
        "PORT": str(port),
        "DEBUG": "0",
        "DEMO": "1",
        "HTTPS": "0",
    }
    command = [sys.executable, "-m", "cluster_portal.stack", "run"]
    with (state_dir / "portal.log").open("w+") as log:
        process = subprocess.Popen(command, env=environment, cwd=settings.BASE_DIR, stdout=log, stderr=log)
        try:
            _wait_for(process, port, log=state_dir / "portal.log")
            yield RunningPortal(url=f"http://localhost:{port}", database=database, state_dir=state_dir)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(STOPPING_TAKES_AT_MOST)


def _wait_for(process: "subprocess.Popen[bytes]", port: int, *, log: Path) -> None:
    deadline = time.monotonic() + STARTING_TAKES_AT_MOST
    while not is_served(port):
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"The portal for the browser tests did not start. It said:\n{log.read_text()}")
        time.sleep(0.1)
