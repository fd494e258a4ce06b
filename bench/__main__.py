"""python -m bench [--sizes 1000,100000] [--only lists,release,notices,import] [--seconds 4]

Builds databases of its own beside the portal's, measures, prints a table and writes bench/results.json. `make bench`
starts it with the local databases up; DATABASE_URL must belong to somebody who may create databases.
"""

import argparse
import json
from pathlib import Path

from bench import measures
from bench.results import Result, print_table

RESULTS = Path(__file__).parent / "results.json"
ALL = ("lists", "release", "notices", "import")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--sizes", default="1000,100000", help="rows of each list")
    parser.add_argument("--only", default=",".join(ALL), help="which measures")
    parser.add_argument("--seconds", type=float, default=4.0, help="how long each page is asked for")
    parser.add_argument("--applications", type=int, default=20_000, help="of the round that is released")
    parser.add_argument("--notices", type=int, default=20_000, help="that are delivered")
    parser.add_argument("--placements", type=int, default=100_000, help="that are imported")
    chosen = parser.parse_args()
    sizes = [int(size) for size in chosen.sizes.split(",")]
    only = chosen.only.split(",")
    found: list[Result] = []
    if "lists" in only:
        for size in sizes:
            found += measures.lists(size, seconds=chosen.seconds)
    if "release" in only:
        found.append(measures.release(chosen.applications))
    if "notices" in only:
        found.append(measures.notices(chosen.notices))
    if "import" in only:
        found.append(measures.imports(chosen.placements))
    RESULTS.write_text(json.dumps([result.as_row() for result in found], indent=1) + "\n")
    print_table(found)
    print(f"\nWritten to {RESULTS}")


if __name__ == "__main__":
    main()
