"""Restore a backup into an empty database, and see that everything came back."""

import json
import tarfile
from pathlib import Path
from typing import Any

from django.core.files.storage import FileSystemStorage, default_storage
from django.db import OperationalError, connection

from cluster_portal.backup import DATABASE, FILES, MANIFEST, BackupError
from cluster_portal.backup.fingerprints import TABLES, differences, fingerprints
from cluster_portal.backup.making import digest
from cluster_portal.backup.programs import call

TAKES_NO_TABLE_FROM = "10s"  # somebody who still uses one: web, worker and beat are to be stopped first


def restore(place: Path, *, replace: bool) -> dict[str, Any]:
    """Put the backup at `place` into the database and the file store of the settings; returns its manifest.

    Raises BackupError: for a backup that is not whole, a database that is not empty (unless `replace`), or one that
    afterwards is not what the manifest says.
    """
    manifest = _read(place)
    _empty_database(replace=replace)
    # All or nothing: half a restored database looks like a whole one.
    call("pg_restore", "--single-transaction", "--no-owner", "--no-privileges", str(place / DATABASE))
    _extract(place / FILES, manifest)
    with connection.cursor() as cursor:
        # A dump brings no statistics along, and without them the planner guesses.
        cursor.execute("ANALYZE")
        wrong = differences(manifest["tables"], fingerprints(cursor))
    if wrong:
        raise BackupError(f"The database is not what the backup says: {'; '.join(wrong)}.")
    return manifest


def _read(place: Path) -> dict[str, Any]:
    try:
        manifest = json.loads((place / MANIFEST).read_text())
        spoiled = [name for name, wanted in manifest["digests"].items() if digest(place / name) != wanted]
    except (OSError, ValueError, KeyError) as error:
        raise BackupError(f"{place} is not a whole backup: {type(error).__name__}: {error}") from error
    if spoiled:
        raise BackupError(f"{place} was changed after it was made: {', '.join(spoiled)}.")
    return manifest


def _empty_database(*, replace: bool) -> None:
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        if not cursor.fetchall():
            return
        if not replace:
            raise BackupError("The database is not empty. Name a new one in DATABASE_URL, or give --replace.")
        cursor.execute(f"SET lock_timeout = '{TAKES_NO_TABLE_FROM}'")
        try:
            cursor.execute("DROP SCHEMA public CASCADE")
        except OperationalError as error:
            raise BackupError("Somebody uses the database: stop web, worker and beat first.") from error
        cursor.execute("CREATE SCHEMA public")


def _extract(path: Path, manifest: dict[str, Any]) -> None:
    """What is in the store stays, unless the backup has a file of the same name."""
    if manifest["files"] is None:
        return
    if not isinstance(default_storage, FileSystemStorage):
        raise BackupError("The backup has files for a folder, but the settings name a bucket (S3_BUCKET).")
    root = Path(default_storage.location)
    root.mkdir(parents=True, exist_ok=True)
    with tarfile.open(path) as archive:
        # PEP 706: no name in the archive leads out of the store.
        archive.extractall(root, filter="data")
