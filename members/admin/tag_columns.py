"""Tags in the spreadsheets of what carries them: one cell with their addresses, separated by commas."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from django.db.models import Model, Prefetch
from django.utils.translation import gettext as _
from import_export import fields, widgets

from members.folding import fold
from members.models import Tag

TOLD = "tags_told"


class TagsWidget(widgets.Widget):
    """Tags of one scope by address or label; an unknown one is named together with what may have been meant."""

    def __init__(self, scope: str) -> None:
        super().__init__()
        self.scope = scope

    def clean(self, value: Any, row: Any = None, **options: Any) -> list[Tag]:
        typed = [part.strip() for part in str(value or "").split(",") if part.strip()]
        if not typed:
            return []
        tags = list(Tag.objects.of(self.scope))
        known = {fold(tag.label): tag for tag in tags} | {tag.slug: tag for tag in tags}
        found = {tag.pk: tag for tag in (self._known(word, known) for word in typed)}
        return list(found.values())

    def _known(self, word: str, known: dict[str, Tag]) -> Tag:
        if (tag := known.get(word) or known.get(fold(word))) is not None:
            return tag
        slugs = sorted({tag.slug for tag in known.values()})
        named = {"word": word, "scope": Tag.Scope(self.scope).label.lower(), "known": ", ".join(slugs) or "–"}
        if close := get_close_matches(fold(word), list(known), n=1):
            named["close"] = known[close[0]].slug
            raise ValueError(
                _("There is no tag “%(word)s” for %(scope)s. Did you mean “%(close)s”? Known are: %(known)s.") % named
            )
        raise ValueError(_("There is no tag “%(word)s” for %(scope)s. Known are: %(known)s.") % named)

    def render(self, value: Iterable[Tag] | None, obj: Any = None, **options: Any) -> str:
        return ", ".join(sorted(tag.slug for tag in value or []))


class TagsColumn(fields.Field):
    """What was read waits on the instance until its row is saved; `write_tags` then brings it to the table.

    The resource's rows are prefetched with `told_tags`: an import copies each row deeply before it changes it.
    """

    def __init__(self, scope: str) -> None:
        super().__init__(attribute="tags", column_name="tags", widget=TagsWidget(scope))

    def get_value(self, instance: Model) -> list[Tag]:
        read = getattr(instance, "read_tags", None)
        return sorted(told_of(instance) if read is None else read, key=lambda tag: tag.slug)

    def save(self, instance: Model, row: Any, is_m2m: bool = False, **options: Any) -> None:
        read, had = self.clean(row, **options), {tag.pk for tag in told_of(instance)}
        for tag in read:
            if tag.is_retired and tag.pk not in had:
                raise ValueError(_("The tag “%(tag)s” is retired: nothing new gets it.") % {"tag": tag.slug})
        instance.read_tags = read


def told_tags() -> Prefetch:
    return Prefetch("tags", to_attr=TOLD)


def told_of(instance: Model) -> list[Tag]:
    if hasattr(instance, TOLD):
        return getattr(instance, TOLD)
    return list(instance.tags.all()) if instance.pk else []


def write_tags(instance: Model) -> None:
    """Give the saved `instance` the tags that its row told; a sheet without that column leaves them."""
    read = getattr(instance, "read_tags", None)
    if read is not None:
        instance.tags.set(read)
