"""What becomes of programmes when the secretariat merges two tags: members/actions/tags.py asks for it."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from members.models import Tag
from members.tagging import TagUses
from programmes.models import Programme, ProgrammeTag, Revision


def naming(tag: Tag) -> QuerySet:
    """The unfinished versions that name `tag`."""
    return Revision.objects.being_written().filter(content__contains={"tags": [tag.slug]})


def hold_programmes(tag: Tag) -> None:
    """Lock the programmes that carry `tag`, or would when their version is published, as every act on one does."""
    carried = ProgrammeTag.objects.filter(programme=OuterRef("pk"), tag=tag)
    proposed = naming(tag).filter(programme=OuterRef("pk"))
    rows = Programme.objects.filter(Q(Exists(carried)) | Q(Exists(proposed))).order_by("pk")
    list(rows.select_for_update(of=("self",), no_key=True).values_list("pk"))


def follow(tag: Tag, into: Tag) -> None:
    """Unfinished versions name `into`. They count as changed: who compares or edits one is told that it moved on."""
    for revision in naming(tag).order_by("pk"):
        slugs = [into.slug if slug == tag.slug else slug for slug in revision.content["tags"]]
        revision.content = {**revision.content, "tags": list(dict.fromkeys(slugs))}
        revision.version += 1
        revision.save(update_fields=["content", "version"])


USES = TagUses(scope=Tag.Scope.PARTNERSHIPS, model=ProgrammeTag, owner="programme", hold=hold_programmes, follow=follow)
