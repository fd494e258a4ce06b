"""Real processes of the portal for tests: gunicorn, Celery worker and beat, started, asked to stop, and killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

Process = subprocess.Popen

AT_MOST = 90  # seconds for anything to happen; a busy machine is no failure
CLOCK = "--app=tests.stack.hurried_clock:app"


class Programs:
    """The processes of one portal, all with one environment."""

    def __init__(self, environment: dict[str, str], folder: Path) -> None:
        self.environment = environment
        self.folder = folder
        self.started: list[Process] = []

    def web(self, port: int) -> Process:
        config = "--config=python:cluster_portal.serving"
        return self.start("gunicorn", config, "--workers=1", f"--bind=127.0.0.1:{port}", "cluster_portal.wsgi")

    def worker(self, name: str) -> Process:
        alone = ("--concurrency=1", "--without-gossip", "--without-mingle", "--loglevel=INFO")
        return self.start("celery", CLOCK, "worker", f"--hostname={name}@test", *alone)

    def beat(self, name: str) -> Process:
        return self.start("celery", CLOCK, "beat", "--pidfile=", f"--schedule={self.folder / name}")

    def start(self, module: str, *arguments: str) -> Process:
        with (self.folder / f"{len(self.started)}-{module}.log").open("wb") as log:
            program = subprocess.Popen(
                [sys.executable, "-m", module, *arguments],
                cwd=settings.BASE_DIR,
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.started.append(program)
        return program

    def said(self) -> str:
        """Everything that every program has said, for the message of a failure."""
        return "\n".join(f"{path.name}:\n{path.read_text()}" for path in sorted(self.folder.glob("*.log")))

    def until(self, happened: Callable[[], object], what: str) -> None:
        """Wait for something that takes as long as it takes; fails with what the programs said."""
        deadline = time.monotonic() + AT_MOST
        while not happened():
            if time.monotonic() > deadline:
                raise AssertionError(f"This did not happen: {what}. The programs said:\n{self.said()}")
            time.sleep(0.05)


@contextmanager
def programs(environment: dict[str, str], folder: Path) -> Iterator[Programs]:
    """Whatever still runs at the end is killed."""
    running = Programs({**os.environ, "TMPDIR": str(folder), **environment}, folder)
    try:
        yield running
    finally:
        for program in running.started:
            kill(program)


def kill(program: Process) -> None:
    """As when a machine goes: the whole group at once, and nobody is asked."""
    if program.poll() is None:
        os.killpg(program.pid, signal.SIGKILL)
        program.wait()


def ask_to_stop(program: Process) -> None:
    """As a container engine or systemd does it: SIGTERM to the first process."""
    program.send_signal(signal.SIGTERM)
