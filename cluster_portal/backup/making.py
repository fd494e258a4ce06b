"""Make a backup while the portal runs."""

import hashlib
import json
import shutil
import tarfile
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.files.storage import FileSystemStorage, default_storage
from django.db import connection, transaction

from cluster_portal.backup import DATABASE, FILES, MANIFEST
from cluster_portal.backup.fingerprints import fingerprints
from cluster_portal.backup.programs import call


def make(folder: Path, now: datetime) -> Path:
    """Write a backup into a folder of its own inside `folder`; returns that one. Raises BackupError.

    It has its name only when it is whole. The database comes first: a file that is added meanwhile is one too many,
    which is no harm; a row whose file is missing would be.
    """
    place = folder / f"{now:%Y-%m-%dT%H%M%SZ}"
    unfinished = place.with_suffix(".unfinished")
    unfinished.mkdir(mode=0o700, parents=True)
    try:
        manifest: dict[str, Any] = {"made_at": now.isoformat(), **_dump(unfinished / DATABASE)}
        manifest["files"] = _archive(unfinished / FILES)
        manifest["digests"] = {path.name: digest(path) for path in sorted(unfinished.iterdir())}
        (unfinished / MANIFEST).write_text(json.dumps(manifest, indent=1))
        return unfinished.rename(place)
    except BaseException:
        shutil.rmtree(unfinished)
        raise


def _dump(path: Path) -> dict[str, Any]:
    """The dump and the fingerprints are of one moment: both look at the same snapshot."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        [snapshot] = cursor.fetchone()
        call("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={path}")
        return {"tables": fingerprints(cursor)}


def _archive(path: Path) -> int | None:
    """How many files were put away; None where they are in a store of their own, which keeps its versions itself."""
    if not isinstance(default_storage, FileSystemStorage):
        return None
    root = Path(default_storage.location)
    files = sorted(file for file in root.rglob("*") if file.is_file())
    kept = 0
    with tarfile.open(path, "w") as archive:
        for file in files:
            # A portal that serves throws files away meanwhile; what nobody keeps any more is no loss.
            with suppress(FileNotFoundError):
                archive.add(file, arcname=file.relative_to(root))
                kept += 1
    return kept


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
