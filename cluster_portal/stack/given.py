"""What the person gave in the environment, looked at before anything starts: PORT, DATABASE_URL, REDIS_URL."""

import os

import psycopg
import redis

from cluster_portal.stack.databases import GIVEN

ANSWERS_WITHIN = 5  # seconds
OLDEST_POSTGRES = 16  # README
OLDEST_REDIS = (6, 2)


class WrongValueError(Exception):
    """Something in the environment cannot be; the text says what would be right."""


def port() -> int:
    """PORT, or 8000. Raises WrongValueError."""
    typed = os.environ.get("PORT") or "8000"
    if not (typed.isascii() and typed.isdecimal() and 0 < int(typed) < 65536):
        raise WrongValueError(f"PORT is {typed!r}: give a number from 1 to 65535, as in PORT=8001 make run.")
    return int(typed)


def check_servers(given: dict[str, str] = GIVEN) -> None:
    """Whether the person's own servers answer and are new enough. Raises WrongValueError.

    The addresses are not repeated: they may hold a password, and terminals are shown to others.
    """
    if address := given.get("DATABASE_URL"):
        _check_postgres(address)
    if address := given.get("REDIS_URL"):
        _check_redis(address)


def _check_postgres(address: str) -> None:
    try:
        with psycopg.connect(address, connect_timeout=ANSWERS_WITHIN) as connection:
            version = connection.info.server_version // 10_000
    except psycopg.OperationalError as error:
        raise WrongValueError(
            f"The PostgreSQL that DATABASE_URL names cannot be used. It said: {_first_line(error)}\n"
            "Start it, put the address right, or leave DATABASE_URL unset to use the embedded one."
        ) from error
    except (psycopg.Error, ValueError) as error:
        raise WrongValueError(
            "DATABASE_URL is no address of a PostgreSQL: give postgresql://user:password@host:5432/name."
        ) from error
    if version < OLDEST_POSTGRES:
        raise WrongValueError(
            f"The PostgreSQL that DATABASE_URL names is version {version}; the portal needs {OLDEST_POSTGRES} or newer."
        )


def _check_redis(address: str) -> None:
    try:
        with redis.Redis.from_url(address, socket_connect_timeout=ANSWERS_WITHIN) as connection:
            version = str(connection.info("server")["redis_version"])
    except redis.RedisError as error:
        raise WrongValueError(
            f"The Redis that REDIS_URL names cannot be used. It said: {_first_line(error)}\n"
            "Start it, put the address right, or leave REDIS_URL unset to use the embedded one."
        ) from error
    except ValueError as error:
        raise WrongValueError("REDIS_URL is no address of a Redis: give redis://host:6379/0.") from error
    if tuple(int(part) for part in version.split(".")[:2]) < OLDEST_REDIS:
        raise WrongValueError(f"The Redis that REDIS_URL names is version {version}; the portal needs 6.2 or newer.")


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or ["nothing"])[0]
