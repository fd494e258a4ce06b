"""Asking for one page again and again over a few kept-alive connections, for a bounded time."""

import http.client
import threading
import time
from dataclasses import dataclass
from functools import partial

CONNECTIONS = 4


@dataclass(frozen=True)
class Load:
    """What the page stood: answers a second, and the time within which 95 of 100 came."""

    per_second: float
    p95_ms: float
    seconds: float


def ask(port: int, path: str, *, seconds: float, cookie: str = "") -> Load:
    """Ask for `path` for `seconds`, after one request that is not counted. RuntimeError for any answer but 200.

    Cookies that the first answer sets are sent from then on, as a browser does.
    """
    took: list[float] = []
    wrong: list[int] = []
    given = _one(http.client.HTTPConnection("127.0.0.1", port, timeout=120), path, cookie, wrong)
    cookie = "; ".join(filter(None, [cookie, *given]))
    until = time.perf_counter() + seconds
    person = partial(_many, port, path, cookie=cookie, until=until, took=took, wrong=wrong)
    threads = [threading.Thread(target=person) for _ in range(CONNECTIONS)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lasted = time.perf_counter() - began
    if wrong:
        raise RuntimeError(f"{path} answered {wrong[0]}")
    took.sort()
    return Load(per_second=len(took) / lasted, p95_ms=1000 * took[int(0.95 * (len(took) - 1))], seconds=lasted)


def _many(port: int, path: str, *, cookie: str, until: float, took: list[float], wrong: list[int]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    while time.perf_counter() < until and not wrong:
        began = time.perf_counter()
        _one(connection, path, cookie, wrong)
        took.append(time.perf_counter() - began)
    connection.close()


def _one(connection: http.client.HTTPConnection, path: str, cookie: str, wrong: list[int]) -> list[str]:
    """Ask once; returns the cookies that were set, as they are sent back."""
    connection.request("GET", path, headers={"Cookie": cookie} if cookie else {})
    answer = connection.getresponse()
    answer.read()
    if answer.status != 200:
        wrong.append(answer.status)
    return [each.split(";")[0] for each in answer.headers.get_all("Set-Cookie", [])]
