"""Bring the database to what the reference data files say."""

from argparse import ArgumentParser
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from members import loading, reference_rows
from members.loading import BadRowError, Load


class Command(BaseCommand):
    help = (
        "Load countries, fields of study, grade scales, charter holders and universities from the data files. "
        "It can be run again after an edit of a file; what people wrote in the portal stays and is listed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="tell what would change and change nothing")
        parser.add_argument("--overwrite", action="store_true", help="also replace what people wrote in the portal")

    def handle(self, *, dry_run: bool, overwrite: bool, verbosity: int, **_: Any) -> None:
        load = Load(overwrite=overwrite)
        try:
            with transaction.atomic():
                load.run([reference_rows.load, *loading.registered()])
                transaction.set_rollback(dry_run)
        except BadRowError as bad:
            raise CommandError(f"Nothing was loaded. {bad}") from bad
        self._tell(load, verbosity)

    def _tell(self, load: Load, verbosity: int) -> None:
        told = {"kept"} if verbosity == 1 else {"added", "changed", "removed", "kept"}
        if verbosity:
            for change in load.changes:
                if change.kind in told:
                    self.stdout.write(str(change))
            counted = Counter((change.table, change.kind) for change in load.changes)
            for (table, kind), number in counted.items():
                self.stdout.write(f"{table}: {number} {kind}")
            if not load.changes:
                self.stdout.write("Everything was as the files say.")
