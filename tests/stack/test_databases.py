"""The embedded servers: they come up, survive being killed, and go when the last user goes."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from redis import Redis
from redis.exceptions import AuthenticationError

from cluster_portal.stack import postgres, redis

SERVERS = pytest.mark.parametrize("server", [postgres, redis], ids=["postgres", "redis"])


def pid_of(server: object, state_dir: Path) -> int:
    path = {postgres: "postgres/postmaster.pid", redis: "redis/server.pid"}[server]
    return int((state_dir / path).read_text().splitlines()[0])


def use_databases(state_dir: Path, code: str) -> subprocess.CompletedProcess[str]:
    """Run `python -c code` with the databases of `state_dir` up, as `make` does."""
    environment = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
    command = [sys.executable, "-m", "cluster_portal.stack", "exec", "--", sys.executable, "-c", code]
    environment["STATE_DIR"] = str(state_dir)
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@SERVERS
def test_server_started_twice_is_one_server(server, state_dir: Path) -> None:
    first = server.start(state_dir)
    pid = pid_of(server, state_dir)

    second = server.start(state_dir)

    assert second == first
    assert pid_of(server, state_dir) == pid


@SERVERS
def test_server_that_was_killed_starts_again_at_the_same_address(server, state_dir: Path) -> None:
    before = server.start(state_dir)
    os.kill(pid_of(server, state_dir), signal.SIGKILL)

    after = server.start(state_dir)

    assert after == before
    assert server.running(state_dir)


def test_postgres_keeps_its_data_when_killed(state_dir: Path) -> None:
    url = postgres.start(state_dir)
    with psycopg.connect(url) as connection:
        connection.execute("SET synchronous_commit = on")
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    os.kill(pid_of(postgres, state_dir), signal.SIGKILL)

    with psycopg.connect(postgres.start(state_dir)) as connection:
        kept = connection.execute("SELECT answer FROM kept").fetchone()

    assert kept == (42,)


def test_redis_keeps_what_is_queued_when_stopped(state_dir: Path) -> None:
    with Redis.from_url(redis.start(state_dir)) as client:
        client.rpush("queue", "job")
    redis.stop(state_dir)

    with Redis.from_url(redis.start(state_dir)) as client:
        queued = client.lrange("queue", 0, -1)

    assert queued == [b"job"]


def test_redis_wants_its_password(state_dir: Path) -> None:
    url = redis.start(state_dir)

    assert redis.running(state_dir)
    with pytest.raises(AuthenticationError), Redis.from_url("redis://" + url.split("@")[1]) as client:
        client.ping()


def test_exec_gives_the_exit_code_and_stops_what_it_started(state_dir: Path) -> None:
    done = use_databases(state_dir, "import os, sys; print(os.environ['DATABASE_URL']); sys.exit(3)")

    assert done.returncode == 3
    assert done.stdout.strip().endswith(f"?host={state_dir}/postgres-socket")
    assert not postgres.running(state_dir)
    assert not redis.running(state_dir)


def test_exec_leaves_the_servers_to_others_who_use_them(state_dir: Path) -> None:
    inner = (
        "import subprocess, sys; subprocess.run([sys.executable, '-m', 'cluster_portal.stack', 'exec', '--', 'true'])"
    )
    check = "; import os, psycopg; print(psycopg.connect(os.environ['DATABASE_URL']).info.dbname)"
    unset = "import os; own = dict(os.environ); [os.environ.pop(name) for name in ('DATABASE_URL', 'REDIS_URL')]; "

    done = use_databases(state_dir, unset + inner + "; os.environ.update(own)" + check)

    assert done.stdout.strip() == "cluster_portal"
