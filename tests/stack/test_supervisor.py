"""The supervisor: what ends starts again, what a killed run left is found, nothing outlives the end."""

import json
import os
import sys
from pathlib import Path

import psutil
import pytest

from cluster_portal.stack.supervisor import Program, Supervisor, stop_leftovers

SLEEP = [sys.executable, "-c", "import time; time.sleep(600)"]
FAIL = [sys.executable, "-c", "print('the reason'); raise SystemExit(7)"]


@pytest.fixture
def said() -> list[str]:
    return []


def supervise(state_dir: Path, said: list[str]) -> Supervisor:
    return Supervisor(environment=dict(os.environ), state_dir=state_dir, say=said.append)


def test_program_that_fails_is_named_with_its_code_and_last_words(tmp_path: Path, said: list[str]) -> None:
    program = Program("worker", FAIL)

    with supervise(tmp_path, said) as supervisor:
        supervisor.add(program)
        program.process.wait()
        supervisor.watch()

    assert said == ["worker ended with code 7; it starts again in 1 s. It last said:", "    the reason"]


def test_program_that_was_killed_starts_again_after_its_pause(tmp_path: Path, said: list[str]) -> None:
    program = Program("web", SLEEP)

    with supervise(tmp_path, said) as supervisor:
        supervisor.add(program)
        first = program.process
        first.kill()
        first.wait()
        supervisor.watch()
        program.starts_at = 0
        supervisor.watch()
        second = program.process.pid

        assert second != first.pid
        assert psutil.Process(second).is_running()

    assert not psutil.pid_exists(second)


def test_leftovers_of_a_killed_run_are_stopped(tmp_path: Path, said: list[str]) -> None:
    program = Program("web", SLEEP)
    with supervise(tmp_path, said) as supervisor:
        supervisor.add(program)
        left = psutil.Process(program.process.pid)

        stopped = stop_leftovers(tmp_path)

        assert stopped == 1
        assert not left.is_running() or left.status() == psutil.STATUS_ZOMBIE


def test_a_stranger_with_the_number_of_a_leftover_is_let_live(tmp_path: Path, said: list[str]) -> None:
    program = Program("web", SLEEP)
    with supervise(tmp_path, said) as supervisor:
        supervisor.add(program)
        (tmp_path / "programs.json").write_text(json.dumps([[program.process.pid, 1.0]]))

        stopped = stop_leftovers(tmp_path)

        assert stopped == 0
        assert program.process.poll() is None
