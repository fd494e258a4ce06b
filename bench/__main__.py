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


def chosen_measures(text: str) -> list[str]:
    """The names between the commas; a name that is none is refused, for measuring nothing would overwrite results."""
    names = [name.strip() for name in text.split(",") if name.strip()]
    unknown = [name for name in names if name not in ALL]
    if unknown or not names:
        raise argparse.ArgumentTypeError(
            f"no measure is called {', '.join(unknown) or 'nothing'}; there are {', '.join(ALL)}"
        )
    return names


def chosen_sizes(text: str) -> list[int]:
    """The numbers between the commas."""
    try:
        sizes = [int(size) for size in text.split(",")]
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a list of numbers such as 1000,100000") from None
    if min(sizes) < 1:
        raise argparse.ArgumentTypeError("a list has one row at least")
    return sizes


def choose(words: list[str] | None = None) -> argparse.Namespace:
    """What the command line asks for; argparse says what is wrong with it and ends."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--sizes", type=chosen_sizes, default="1000,100000", help="rows of each list")
    parser.add_argument("--only", type=chosen_measures, default=",".join(ALL), help="which measures")
    parser.add_argument("--seconds", type=float, default=4.0, help="how long each page is asked for")
    parser.add_argument("--applications", type=int, default=20_000, help="of the round that is released")
    parser.add_argument("--notices", type=int, default=20_000, help="that are delivered")
    parser.add_argument("--placements", type=int, default=100_000, help="that are imported")
    return parser.parse_args(words)


def main() -> None:
    chosen = choose()
    only = chosen.only
    found: list[Result] = []
    if "lists" in only:
        for size in chosen.sizes:
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
