"""Pictures on a university's page; the files come re-encoded from members.images."""

from functools import partial

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Max
from django.utils.translation import ngettext

from members.acts import Refused, record
from members.models import Picture, University, User

MOST_PICTURES = 40


@transaction.atomic
def add_picture(*, university: University, image: ContentFile, alt: str, credit: str, by: User) -> Picture:
    """Put a picture behind the ones that stand there; raises Refused when there are as many as there can be."""
    # The row that every part of the page is saved under: two uploads at once get two positions.
    University.objects.select_for_update(no_key=True).get(pk=university.pk)
    if university.pictures.count() >= MOST_PICTURES:
        words = ngettext(
            "%(n)d picture stands here, as many as there can be. Take one away first.",
            "%(n)d pictures stand here, as many as there can be. Take one away first.",
            MOST_PICTURES,
        )
        raise Refused(words % {"n": MOST_PICTURES})
    last = university.pictures.aggregate(last=Max("position"))["last"]
    position = 0 if last is None else last + 1
    picture = Picture(university=university, image=image, alt=alt, credit=credit, position=position)
    picture.save()
    record("picture.added", university, by=by, reason=alt)
    return picture


@transaction.atomic
def change_logo(*, university: University, logo: ContentFile | None, by: User) -> None:
    """Set the logo, or take it away with None; the file before goes when the change is committed."""
    stored = University.objects.select_for_update(no_key=True).get(pk=university.pk)
    before = stored.logo.name
    stored.logo = logo
    stored.save(update_fields=["logo"])
    record("logo.changed", university, by=by)
    if before:
        transaction.on_commit(partial(stored.logo.storage.delete, before), robust=True)


def forget_files(pictures: list[Picture]) -> None:
    """Delete the files of removed pictures once their removal is committed."""
    for picture in pictures:
        transaction.on_commit(partial(picture.image.storage.delete, picture.image.name), robust=True)
