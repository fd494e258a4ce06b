"""The cache in Redis, and what happens while Redis is away: pages go on, slower, and nothing stale survives.

Nothing here may be needed for an answer to be right. What is only faster with Redis (sessions, whose rows stand in
the database; fragments of pages) is looked up anew meanwhile. What is counted (rate limits) is counted by each process
for itself: nobody is locked out, and guessing passwords stays slow.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.core.cache.backends.dummy import DummyCache
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

logger = logging.getLogger(__name__)

ASK_AGAIN_AFTER = 5.0  # seconds; meanwhile no page waits for a Redis that is known to be away
OWED_AT_MOST = 10_000  # keys remembered one by one; beyond that everything of ours is thrown away
AT_ONCE = 500
Question = Callable[[BaseCache], Any]
STAND_INS: dict[str, type[BaseCache]] = {"memory": LocMemCache, "nothing": DummyCache}


class Line:
    """What one process knows of its line to one Redis; all its threads share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._lost_at: float | None = None
        self._owed: set[str] = set()

    @property
    def is_lost(self) -> bool:
        return self._lost_at is not None

    def may_be_asked(self, now: float) -> bool:
        """Always while it is up; while it is lost one caller in every ASK_AGAIN_AFTER seconds."""
        with self._lock:
            if self._lost_at is None:
                return True
            if now - self._lost_at < ASK_AGAIN_AFTER:
                return False
            self._lost_at = now
            return True

    def lose(self, error: Exception, now: float) -> None:
        if not self.is_lost:
            logger.warning("Redis is away: nothing is cached, each process counts limits for itself (%s)", error)
        self._lost_at = now

    def owe(self, keys: Iterable[str]) -> None:
        """Remember what was written or forgotten meanwhile: Redis may come back with the old values."""
        with self._lock:
            self._owed.update(keys)

    def debts(self) -> list[str]:
        with self._lock:
            return list(self._owed)

    def regain(self, settled: Iterable[str]) -> None:
        with self._lock:
            self._owed.difference_update(settled)
            self._lost_at = None
        logger.warning("Redis is back")


class OneClientEach(RedisCacheClient):
    """Makes its client of a server once; Django's makes one for each question, which costs as much as the question.

    A client is safe to share between threads: connections come from its pool, one for each question.
    """

    _clients: dict[int, Any]

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        pool = self._get_connection_pool(write)
        clients = self.__dict__.setdefault("_clients", {})
        return clients.get(id(pool)) or clients.setdefault(id(pool), self._client(connection_pool=pool))


class _Redis(RedisCache):
    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = OneClientEach


_lines: dict[tuple[str, str], Line] = {}


class PatientRedisCache(BaseCache):
    """A cache in Redis that never fails a page.

    OPTIONS may name `stand_in`: "memory" (this process counts for itself) or "nothing" (every look-up misses).
    """

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        options = dict(params.get("OPTIONS", {}))
        stand_in = STAND_INS[options.pop("stand_in", "memory")]
        # No page waits for a Redis that hangs: a second to reach it, two to answer, and no second try.
        quick = {"socket_connect_timeout": 1, "socket_timeout": 2, "retry": Retry(NoBackoff(), 0)}
        self._redis = _Redis(server, {**params, "OPTIONS": quick | options})
        self._stand_in = stand_in(f"{self.key_prefix} of {server}", {**params, "OPTIONS": {}})
        # Shared: Django makes a cache for each thread, and one that finds Redis away must spare the others the wait.
        self._line = _lines.setdefault((server, self.key_prefix), Line())

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self._ask(lambda cache: cache.get(key, default, version))

    def get_many(self, keys: Iterable[Any], version: int | None = None) -> dict[Any, Any]:
        asked = list(keys)
        return self._ask(lambda cache: cache.get_many(asked, version))

    def has_key(self, key: Any, version: int | None = None) -> bool:
        return self._ask(lambda cache: cache.has_key(key, version))

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return self._ask(lambda cache: cache.add(key, value, timeout, version), [key], version)

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        self._ask(lambda cache: cache.set(key, value, timeout, version), [key], version)

    def set_many(self, data: dict[Any, Any], timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> list[Any]:
        return self._ask(lambda cache: cache.set_many(data, timeout, version), data, version)

    def touch(self, key: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return self._ask(lambda cache: cache.touch(key, timeout, version), [key], version)

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        return self._ask(lambda cache: cache.incr(key, delta, version), [key], version)

    def delete(self, key: Any, version: int | None = None) -> bool:
        return self._ask(lambda cache: cache.delete(key, version), [key], version)

    def delete_many(self, keys: Iterable[Any], version: int | None = None) -> None:
        gone = list(keys)
        self._ask(lambda cache: cache.delete_many(gone, version), gone, version)

    def clear(self) -> None:
        """Only what is ours: the jobs that wait stand in the same Redis."""
        self._ask(lambda cache: self._clear() if cache is self._redis else cache.clear())

    def _ask(
        self, question: Callable[[BaseCache], Any], changes: Iterable[Any] = (), version: int | None = None
    ) -> Any:
        """What Redis answers, else what stands in for it; `changes` are the keys that the question writes."""
        if self._line.may_be_asked(time.monotonic()):
            try:
                if self._line.is_lost:
                    self._settle()
                return question(self._redis)
            except (RedisError, OSError) as error:
                self._line.lose(error, time.monotonic())
        self._line.owe(self._redis.make_and_validate_key(key, version=version) for key in changes)
        return question(self._stand_in)

    def _settle(self) -> None:
        """Redis may be back: throw away what became stale in it before anything is read. Raises RedisError."""
        debts = self._line.debts()
        client = self._redis._cache.get_client(write=True)
        if len(debts) > OWED_AT_MOST:
            self._clear()
        elif debts:
            client.delete(*debts)
        else:
            client.ping()
        self._stand_in.clear()
        self._line.regain(debts)

    def _clear(self) -> None:
        client = self._redis._cache.get_client(write=True)
        found = list(client.scan_iter(match=f"{self.key_prefix}:*", count=AT_ONCE))
        for start in range(0, len(found), AT_ONCE):
            client.delete(*found[start : start + AT_ONCE])
