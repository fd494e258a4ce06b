"""`make run`: the whole portal on this machine until Ctrl-C."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from cluster_portal.stack import databases, given
from cluster_portal.stack.environment import PROJECT, environment_of_portal, state_dir
from cluster_portal.stack.memory import is_up_to_date
from cluster_portal.stack.redis import free_port
from cluster_portal.stack.supervisor import Program, Supervisor, stop_groups, stop_leftovers

STARTING_TAKES_AT_MOST = 60  # seconds
LOOKS_AT_PROGRAMS_EVERY = 0.5  # seconds
LOOKS_AT_DATABASES_EVERY = 5.0  # seconds
ENDING_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class CannotRunError(Exception):
    """The portal cannot start here; the text says why."""


def run() -> None:
    """Start everything, say where it is, and stay until a signal ends it. Raises CannotRunError, WrongValueError."""
    state = state_dir()
    port = given.port()
    given.check_servers()
    _end_on_signals()
    with databases.only_portal(state):
        if stop_leftovers(state):
            say("Stopped what an earlier run that was killed had left running")
        _check_port(port)
        with databases.databases(state) as urls:
            mail_port = int(os.environ.get("MAIL_CATCHER_PORT") or free_port())
            environment = environment_of_portal(state, urls, port=port, mail_port=mail_port)
            _prepare(environment)
            with Supervisor(environment=environment, state_dir=state, say=say) as supervisor:
                supervisor.add(_web(environment, port))
                _wait_until_served(supervisor, port)
                say(f"\nThe portal is at {environment['PUBLIC_URL']}\n")
                for program in _programs_behind(environment):
                    supervisor.add(program)
                _welcome(environment, state)
                _stay(supervisor, state)


def say(text: str) -> None:
    print(text, flush=True)


def _web(environment: dict[str, str], port: int) -> Program:
    bind = f"{environment.get('HOST', '127.0.0.1')}:{port}"
    gunicorn = [sys.executable, "-m", "gunicorn", "--config=python:cluster_portal.serving", "cluster_portal.wsgi"]
    reload = ["--reload"] if environment.get("RELOAD") == "1" else []
    # Five seconds for requests under way: the supervisor waits for ten, then ends by force.
    return Program("web", [*gunicorn, f"--bind={bind}", "--workers=2", "--graceful-timeout=5", *reload])


def _programs_behind(environment: dict[str, str]) -> list[Program]:
    """What no page needs at once: they start when web has, so that web starts sooner."""
    celery = [sys.executable, "-m", "celery", "--app=cluster_portal"]
    programs = [
        Program(
            "worker", [*celery, "worker", "--concurrency=2", "--without-gossip", "--without-mingle", "--loglevel=INFO"]
        ),
        Program("beat", [*celery, "beat", "--pidfile=", "--loglevel=INFO"]),
    ]
    if environment["DEMO"] == "1" and "EMAIL_URL" not in environment:
        programs.append(Program("mail", [sys.executable, "manage.py", "mail_catcher"]))
    return programs


def _prepare(environment: dict[str, str]) -> None:
    """Tables and data, in a process of its own; nothing at all when nothing changed since the last start."""
    as_in_production = environment["DEBUG"] != "1"  # static files are collected then
    if is_up_to_date(environment["DATABASE_URL"], demo=environment["DEMO"] == "1") and not as_in_production:
        return
    command = [sys.executable, "-m", "cluster_portal.stack", "prepare"]
    preparing = subprocess.Popen(command, cwd=PROJECT, env=environment, start_new_session=True)
    try:
        if preparing.wait():
            raise CannotRunError("The database could not be made ready; the lines above say why.")
    finally:
        if preparing.poll() is None:
            stop_groups([preparing.pid])


def _wait_until_served(supervisor: Supervisor, port: int) -> None:
    deadline = time.monotonic() + STARTING_TAKES_AT_MOST
    while not is_served(port):
        supervisor.watch()
        if time.monotonic() > deadline:
            raise CannotRunError(
                f"The portal did not answer within {STARTING_TAKES_AT_MOST} s; see {supervisor.logs}/web.log."
            )
        time.sleep(0.1)


def is_served(port: int) -> bool:
    """Whether a portal on this machine answers on `port`."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            return answer.status == 200
    except OSError:
        return False


def _welcome(environment: dict[str, str], state: Path) -> None:
    if environment["DEMO"] == "1":
        subprocess.run([sys.executable, "manage.py", "demo_sign_ins"], cwd=PROJECT, env=environment, check=False)
    say(f"What each program says is in {state / 'log'}. Ctrl-C stops everything; the data stays.")


def _stay(supervisor: Supervisor, state: Path) -> None:
    looked = time.monotonic()
    while True:
        time.sleep(LOOKS_AT_PROGRAMS_EVERY)
        supervisor.watch()
        if time.monotonic() - looked > LOOKS_AT_DATABASES_EVERY:
            looked = time.monotonic()
            if not databases.running(state):
                say("A database had ended; starting it again")
                databases.ensure(state)


def _check_port(port: int) -> None:
    with socket.socket() as probe:
        # As gunicorn does: connections of a portal that just ended linger for a minute and take no port.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as taken:
            raise CannotRunError(
                f"Port {port} is taken by another program; choose one with PORT=8001 make run."
            ) from taken


def _end_on_signals() -> None:
    """The first signal ends the run by SystemExit, further ones do not disturb the clearing up."""

    def end(number: int, frame: object) -> None:
        for each in ENDING_SIGNALS:
            signal.signal(each, signal.SIG_IGN)
        os.write(sys.stdout.fileno(), b"\nStopping\n")  # not print: it may have been in the middle of one
        raise SystemExit(0)

    for each in ENDING_SIGNALS:
        signal.signal(each, end)
