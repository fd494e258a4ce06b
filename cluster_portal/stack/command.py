"""`exec`: one command with the databases up. `reset`: the local data put away and made anew."""

import os
import shutil
import signal
import subprocess

from cluster_portal.stack import databases
from cluster_portal.stack.environment import environment, state_dir

DATA = ["postgres", "redis", "files", "static", "log"]


def execute(command: list[str]) -> int:
    """Run `command` with the databases up; returns its exit code."""
    state = state_dir()
    with databases.databases(state) as urls:
        process = subprocess.Popen(command, env=environment(state, urls))
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal sends Ctrl-C to the command as well
        signal.signal(signal.SIGTERM, lambda *_: process.terminate())
        return process.wait()


def reset() -> None:
    """Put the embedded databases and the files away. Raises InUseError while a portal or tests run."""
    state = state_dir()
    if os.environ.get("DATABASE_URL"):
        raise databases.InUseError("DATABASE_URL is set: a database that is not the embedded one is not thrown away.")
    with databases.alone(state):
        for name in DATA:
            shutil.rmtree(state / name, ignore_errors=True)
