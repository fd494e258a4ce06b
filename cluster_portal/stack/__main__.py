"""python -m cluster_portal.stack run | exec -- COMMAND… | reset"""

import argparse
import sys

from cluster_portal.stack.command import execute, reset
from cluster_portal.stack.databases import InUseError
from cluster_portal.stack.given import WrongValueError
from cluster_portal.stack.portal import CannotRunError, run
from cluster_portal.stack.postgres import PostgresError
from cluster_portal.stack.redis import RedisDidNotStartError


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m cluster_portal.stack", description=__doc__)
    acts = parser.add_subparsers(dest="act", required=True)
    acts.add_parser("run", help="start the portal and stay until Ctrl-C")
    acts.add_parser("exec", help="run one command with the databases up").add_argument("command", nargs="+")
    acts.add_parser("reset", help="throw the local data away; the next run makes it anew")
    acts.add_parser("prepare", help="tables, reference data and demo; `run` calls it")
    chosen = parser.parse_args()
    try:
        sys.exit(_do(chosen.act, chosen))
    except (CannotRunError, WrongValueError, InUseError, PostgresError, RedisDidNotStartError) as cannot:
        sys.exit(str(cannot))


def _do(act: str, chosen: argparse.Namespace) -> int:
    if act == "exec":
        return execute(chosen.command)
    if act == "prepare":
        from cluster_portal.stack.prepare import prepare as run_it
    else:
        run_it = {"run": run, "reset": reset}[act]
    run_it()
    return 0


if __name__ == "__main__":
    main()
