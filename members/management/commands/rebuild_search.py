"""Make every search entry anew from what the rows say."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from members.searching import installing
from members.searching.kinds import registered


class Command(BaseCommand):
    help = (
        "Install the triggers that keep the search entries and make all entries anew, in batches. They are kept true "
        "by themselves; run it after a restore of a part, or when in doubt. It can be run again at any time."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kinds", nargs="*", help="only these kinds, such as university; without: all")
        parser.add_argument("--batch", type=int, default=installing.BATCH, help="rows at once")

    def handle(self, *, kinds: list[str], batch: int, verbosity: int, **_: Any) -> None:
        known = {kind.key: kind for kind in registered()}
        unknown = [key for key in kinds if key not in known]
        if unknown:
            raise CommandError(f"There is no kind {', '.join(unknown)}. There are: {', '.join(known)}.")
        if batch < 1:
            raise CommandError(f"--batch is {batch}: give 1 or more.")
        installing.install()
        for key in kinds or known:
            rows = installing.rebuild(known[key], batch)
            if verbosity:
                self.stdout.write(f"{key}: {rows}")
        installing.count_words()
