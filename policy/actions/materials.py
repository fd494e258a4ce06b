"""Materials: put a file to an event, take it away."""

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from members import uploads
from members.acts import Refused
from members.models import User
from policy.actions.guards import hold, log
from policy.models import Event, Material


def add_material(*, event: Event, upload: UploadedFile, title: str, audience: str, by: User) -> Material:
    """Check the file by its content and hand it out to `audience`.

    Raises Refused with what is wrong with it, or when it is there already.
    """
    with uploads.kept(upload, "policy") as (checked, stored):
        return _add(event, checked, stored, title=title, audience=audience, by=by)


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
    # Read now: the row will be gone when the transaction is through.
    name, event = material.file.name, material.event
    log("material.removed", event, by=by, event=event, details={"what": material.title})
    material.delete()
    transaction.on_commit(lambda: default_storage.delete(name))
