"""What is measured, each in a database of its own."""

import json

from bench.databases import run, scratch_database
from bench.load import ask
from bench.results import Result
from bench.servers import FLOOR, PORTAL, serving

PATHS = {
    "universities": "/universities/",
    "programmes": "/programmes/",
    "placements": "/exchange/placements/",
    "calls": "/funding/calls/",
    "search for what few have": "/search/?q=engineering+77",
    "search for what most have": "/search/?q=engineering",
}


def lists(size: int, *, seconds: float) -> list[Result]:
    """Every list at `size` rows, for a visitor and for somebody signed in, against the floor in the same run."""
    found = []
    with scratch_database("lists", size) as (environment, told):
        ready = serving(PORTAL, environment, ready="/healthz"), serving(FLOOR, environment, ready="/universities/")
        with ready[0] as portal, ready[1] as floor:
            for name, path in PATHS.items():
                least = ask(floor.port, path, seconds=seconds)
                found.append(Result(name=f"{name}, floor", size=size, per_second=least.per_second, p95_ms=least.p95_ms))
                for who, cookie in (("visitor", ""), ("signed in", f"sessionid={told['session']}")):
                    load = ask(portal.port, path, seconds=seconds, cookie=cookie)
                    found.append(
                        Result(
                            name=f"{name}, {who}", size=size, seconds=load.seconds, per_second=load.per_second,
                            p95_ms=load.p95_ms, peak_mb=portal.memory_mb(),
                            floor_ratio=load.per_second / least.per_second,
                        )
                    )  # fmt: skip
    return found


def release(size: int) -> Result:
    """One round with `size` decided applications released in one act."""
    with scratch_database("release", size) as (environment, told):
        return _job("a round released, applications", size, environment, "release", told)


def notices(size: int) -> Result:
    """`size` notices delivered by one worker's loop to a mail server on this machine that keeps nothing."""
    with scratch_database("notices", size) as (environment, told):
        return _job("notices delivered", size, environment, "notices", told)


def imports(size: int) -> Result:
    """`size` placements read, checked and imported from sheets of 500 rows."""
    with scratch_database("imports", size) as (environment, told):
        return _job("placements imported", size, environment, "imports", told)


def _job(name: str, size: int, environment: dict[str, str], what: str, told: dict[str, object]) -> Result:
    printed = json.loads(run(environment, "-m", "bench.jobs", what, str(size), json.dumps(told)).splitlines()[-1])
    seconds = printed["seconds"]
    return Result(name=name, size=size, seconds=seconds, per_second=size / seconds, peak_mb=printed["peak_mb"])
