"""`manage.py restore BACKUP`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cluster_portal.backup import BackupError
from cluster_portal.backup.restoring import restore


class Command(BaseCommand):
    help = "Put a backup into an empty database and the file store, and compare every table with its manifest."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("backup", type=Path, help="the folder that `backup` made")
        parser.add_argument("--replace", action="store_true", help="throw away what is in the database first")

    def handle(self, *, backup: Path, replace: bool, **_: Any) -> None:
        try:
            manifest = restore(backup, replace=replace)
        except BackupError as error:
            raise CommandError(str(error)) from error
        rows = sum(count for count, _ in manifest["tables"].values())
        files = "the bucket has its own" if manifest["files"] is None else manifest["files"]
        self.stdout.write(
            f"Restored as of {manifest['made_at']}: {len(manifest['tables'])} tables, {rows} rows, files: {files}. "
            "Every table has the rows and the checksum of the backup."
        )
