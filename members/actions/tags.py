"""What the secretariat does with the vocabulary of tags; who chooses them does so where the tagged thing is edited."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from members.acts import Refused, record
from members.models import Tag, University, User
from members.tagging import uses_of


def lock(tags: QuerySet) -> list[Tag]:
    """Read `tags` so that none is merged away until the transaction ends; who gives them to something calls it."""
    return list(tags.order_by("pk").select_for_update(no_key=True))


def held(tags: list[Tag]) -> list[Tag]:
    """The rows of `tags` locked until the end of the transaction, so that none is merged away under a use of it.

    Raises Refused where one is gone.
    """
    found = lock(Tag.objects.filter(pk__in=[tag.pk for tag in tags]))
    if gone := {tag.pk: tag.label for tag in tags}.keys() - {tag.pk for tag in found}:
        lost = ", ".join(tag.label for tag in tags if tag.pk in gone)
        raise Refused(_("The secretariat took these tags away meanwhile: %(tags)s. Choose again.") % {"tags": lost})
    return found


def hold_universities(tag: Tag) -> None:
    """Lock the universities that carry `tag`, as whoever saves their profile does."""
    rows = University.objects.filter(taggings__tag=tag).order_by("pk")
    list(rows.select_for_update(of=("self",), no_key=True).values_list("pk"))


@transaction.atomic
def merge(*, tag: Tag, into: Tag, by: User) -> Tag:
    """Give `into` to all that carry `tag`, then take `tag` away; returns `into`.

    What carries the tag is locked first and the tags after it, in the order in which whoever edits such a thing takes
    them. Raises Refused for tags of two scopes, for a tag and itself, and where another merge was quicker.
    """
    if not by.has_perm("members.curate"):
        raise Refused(_("The secretariat keeps the tags."))
    if tag.pk == into.pk or tag.scope != into.scope:
        raise Refused(_("Merge two tags that are both for partners or both for partnerships."))
    uses = uses_of(tag.scope)
    uses.hold(tag)
    found = {row.pk: row for row in Tag.objects.filter(pk__in=[tag.pk, into.pk]).order_by("pk").select_for_update()}
    if len(found) < 2:
        raise Refused(_("Somebody merged or deleted one of them meanwhile."))
    moved = uses.repoint(found[tag.pk], found[into.pk])
    found[tag.pk].delete()
    record("tag.merged", found[into.pk], by=by, before=tag.label, after=into.label, details={"uses": moved})
    return found[into.pk]


def retire(*, tag: Tag, by: User) -> None:
    """Offer the tag no more; what carries it keeps it. Raises Refused when it is retired already."""
    _turn(tag, retired=True, kind="tag.retired", by=by, refusal=_("This tag is retired already."))


def bring_back(*, tag: Tag, by: User) -> None:
    """Offer a retired tag again; raises Refused when it is in use."""
    _turn(tag, retired=False, kind="tag.brought_back", by=by, refusal=_("This tag is in use."))


@transaction.atomic
def _turn(tag: Tag, *, retired: bool, kind: str, by: User, refusal: str) -> None:
    if not by.has_perm("members.curate"):
        raise Refused(_("The secretariat keeps the tags."))
    if not Tag.objects.filter(pk=tag.pk, is_retired=not retired).update(is_retired=retired):
        raise Refused(refusal)
    record(kind, tag, by=by)
