"""Materials: put a file to an event, take it away."""

import secrets
from datetime import datetime

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from applications import uploads
from members.acts import Refused
from members.models import User
from policy.actions.guards import hold, log
from policy.models import Event, Material


def add_material(*, event: Event, upload: UploadedFile, title: str, audience: str, by: User, now: datetime) -> Material:
    """Check the file by its content and hand it out to `audience`.

    It is written first, under a name nobody can guess, and taken away again when the transaction fails. Raises Refused
    with what is wrong with it, or when it is there already.
    """
    checked = uploads.check(upload)
    ending = uploads.KINDS[checked.content_type]
    stored = default_storage.save(f"policy/{now:%Y/%m}/{secrets.token_hex(20)}{ending}", File(upload))
    try:
        return _add(event, checked, stored, title=title, audience=audience, by=by)
    except BaseException:
        default_storage.delete(stored)
        raise


@transaction.atomic
def _add(event: Event, checked: uploads.Checked, stored: str, *, title: str, audience: str, by: User) -> Material:
    hold(event)
    if event.materials.filter(sha256=checked.sha256).exists():
        raise Refused(_("This file is among the materials already."))
    if audience == Material.Audience.BODY and event.body_id is None:
        raise Refused(_("This event belongs to no body; choose another audience."))
    material = Material.objects.create(
        event=event, title=title, audience=audience, file=stored, name=checked.name,
        content_type=checked.content_type, size=checked.size, sha256=checked.sha256, uploaded_by=by,
    )  # fmt: skip
    log("material.added", event, by=by, event=event, details={"what": title, "audience": audience})
    return material


@transaction.atomic
def remove_material(*, material: Material, by: User) -> None:
    """Take a file away; it is deleted once the transaction is through."""
    name, event = material.file.name, material.event
    log("material.removed", event, by=by, event=event, details={"what": material.title})
    material.delete()
    transaction.on_commit(lambda: default_storage.delete(name))
