"""`manage.py backup FOLDER`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from cluster_portal.backup import MANIFEST, BackupError
from cluster_portal.backup.making import make


class Command(BaseCommand):
    help = "Write the database and the files into a new folder inside FOLDER, while the portal runs."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *, folder: Path, **_: Any) -> None:
        try:
            place = make(folder, timezone.now())
        except BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{place}: the backup is whole; {MANIFEST} says what is in it.")
