"""Keeps the portal's programs running: starts them, starts again what ended, stops them all.

A run that is killed cannot stop its programs; the next run finds them by a record of their process numbers.
"""

import contextlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import psutil

from cluster_portal.stack.environment import PROJECT

STOPPING_TAKES_AT_MOST = 10  # seconds; jobs cut short are done again, since they are acknowledged late
LONGEST_PAUSE = 30.0  # seconds between two tries to start what ends at once
LIVED_WELL = 60.0  # seconds after which a program counts as started


@dataclass
class Program:
    """One program of the portal; what it says goes to a file of its own."""

    name: str
    arguments: list[str]
    process: subprocess.Popen[bytes] | None = None
    log: IO[bytes] | None = None
    started_at: float = 0.0
    starts_at: float = 0.0
    pause: float = field(default=1.0)

    def end_said(self) -> str:
        """The last lines of what it said."""
        lines = Path(self.log.name).read_text(errors="replace").splitlines() if self.log else []
        return "\n".join(f"    {line}" for line in lines[-15:])


class Supervisor:
    """Runs the programs it is given, all with one environment, until the end of the `with` block."""

    def __init__(self, *, environment: dict[str, str], state_dir: Path, say: Callable[[str], None]) -> None:
        self.programs: list[Program] = []
        self.environment = environment
        self.logs = state_dir / "log"
        self.record = state_dir / "programs.json"
        self.say = say

    def __enter__(self) -> "Supervisor":
        self.logs.mkdir(exist_ok=True)
        return self

    def __exit__(self, *exception: object) -> None:
        stop_groups([program.process.pid for program in self.programs if program.process])
        for program in self.programs:
            if program.process:
                program.process.wait()
            if program.log:
                program.log.close()
        self.record.unlink(missing_ok=True)

    def add(self, program: Program) -> None:
        """Start one more program."""
        program.log = (self.logs / f"{program.name}.log").open("wb")
        self.programs.append(program)
        self._start(program)

    def watch(self) -> None:
        """Start again what ended; a program that ends at once again and again is tried less and less often."""
        now = time.monotonic()
        for program in self.programs:
            if program.process and program.process.poll() is not None:
                self._note_end(program, now)
            if program.process is None and now >= program.starts_at:
                self._start(program)

    def _note_end(self, program: Program, now: float) -> None:
        code = program.process.returncode if program.process else None
        if now - program.started_at > LIVED_WELL:
            program.pause = 1.0
        program.process = None
        program.starts_at = now + program.pause
        self.say(f"{program.name} ended with code {code}; it starts again in {program.pause:.0f} s. It last said:")
        self.say(program.end_said())
        program.pause = min(program.pause * 2, LONGEST_PAUSE)

    def _start(self, program: Program) -> None:
        program.started_at = time.monotonic()
        program.process = subprocess.Popen(
            program.arguments,
            stdin=subprocess.DEVNULL,
            stdout=program.log,
            stderr=subprocess.STDOUT,
            cwd=PROJECT,
            env=self.environment,
            start_new_session=True,  # Ctrl-C reaches only the supervisor, which stops everything in order
        )
        running = [program.process.pid for program in self.programs if program.process]
        self.record.write_text(json.dumps([[pid, _born(pid)] for pid in running]))


def stop_leftovers(state_dir: Path) -> int:
    """Stop the programs of a run that was killed before it could; returns how many there were."""
    record = state_dir / "programs.json"
    with contextlib.suppress(FileNotFoundError, ValueError):
        remembered = json.loads(record.read_text())
        left = [
            pid for pid, born in remembered if born and _born(pid) == born
        ]  # the number may belong to another by now
        stop_groups(left)
        record.unlink()
        return len(left)
    return 0


def stop_groups(pids: list[int]) -> None:
    """Ask the process groups to end, wait for their leaders, and end what is left by force."""
    _signal_groups(pids, signal.SIGTERM)
    psutil.wait_procs(_processes(pids), timeout=STOPPING_TAKES_AT_MOST)
    _signal_groups(pids, signal.SIGKILL)


def _signal_groups(pids: list[int], number: signal.Signals) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, number)


def _processes(pids: list[int]) -> list[psutil.Process]:
    found = []
    for pid in pids:
        with contextlib.suppress(psutil.NoSuchProcess):
            found.append(psutil.Process(pid))
    return found


def _born(pid: int) -> float | None:
    try:
        process = psutil.Process(pid)
        # It ended already, and stays in the list only because nobody asked how.
        return None if process.status() == psutil.STATUS_ZOMBIE else process.create_time()
    except psutil.NoSuchProcess:
        return None
