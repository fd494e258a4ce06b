"""All that is held of a person in one ZIP: a JSON file for each kind, the files, and a page that explains."""

import json
import shutil
import tempfile
import zipfile
from datetime import datetime
from typing import IO, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.utils.translation import gettext as _

from members.models import User
from members.personal_data import HeldFile, Holding, all_holdings

IN_MEMORY = 2 * 1024 * 1024  # beyond it on disk: each document may have ten megabytes, and a worker has no room for all


def parcel_of(user: User, now: datetime) -> IO[bytes]:
    """An open temporary file with the ZIP, at its beginning; the caller (or the response) closes it."""
    parcel = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  the response closes it
    with zipfile.ZipFile(parcel, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", _explanation(user, now))
        for holding in all_holdings():
            archive.writestr(f"{holding.key}.json", _as_json(holding.rows(user)))
            for held in holding.files(user):
                _put(archive, holding, held)
    parcel.seek(0)
    return parcel


def _as_json(rows: list[dict[str, Any]]) -> str:
    # Not only ASCII: its person reads it, and Łukasz must not find himself as \u0141ukasz.
    return json.dumps(rows, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)


def _put(archive: zipfile.ZipFile, holding: Holding, held: HeldFile) -> None:
    """A file that is gone from the store is told in its place; it must not keep the rest from its owner."""
    inside = f"files/{holding.key}/{held.name}"
    try:
        with held.file.open("rb") as stored, archive.open(inside, "w") as target:
            shutil.copyfileobj(stored, target)
    except FileNotFoundError:
        archive.writestr(f"{inside}.missing.txt", _("This file is no longer in the store."))


def _explanation(user: User, now: datetime) -> str:
    lines = [
        _("What the CLUSTER portal holds of %(person)s <%(email)s>, %(day)s")
        % {"person": user, "email": user.email, "day": f"{now:%Y-%m-%d %H:%M} UTC"},
        "",
    ]
    for holding in all_holdings():
        lines += [f"{holding.key}.json: {holding.title}", f"    {holding.purpose}"]
        lines += [f"    {_('After an erasure:')} {holding.afterwards}", ""]
    return "\n".join(lines)
