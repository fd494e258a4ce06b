"""Where rooms say how they use the vocabulary of tags, so that counting, merging and showing need not know them.

A room registers its uses in its `AppConfig.ready()`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.urls import reverse
from django.utils.translation import gettext as _


def _nothing(tag: Any, into: Any) -> None:
    """Nothing but the rows names the tag."""


@dataclass(frozen=True, kw_only=True)
class TagUses:
    """How the tags of one scope are used.

    `model` has a row for each use, with `tag` and, in the column `owner`, the thing that carries it. `hold(tag)` locks
    those things, as whoever edits them does; `follow(tag, into)` makes what else names `tag` name `into`.
    """

    scope: str
    model: type[Model]
    owner: str
    hold: Callable[[Any], None]
    follow: Callable[[Any, Any], None] = _nothing

    def repoint(self, tag: Any, into: Any) -> int:
        """Give `into` to all that carry `tag`, in place of it; returns how many things carried it."""
        rows = self.model._base_manager.filter(tag=tag)
        has_both = self.model._base_manager.filter(tag=into).values(self.owner)
        # First, since a thing that carries both would then carry one tag twice, which its table refuses.
        both, _by_model = rows.filter(**{f"{self.owner}__in": has_both}).delete()
        moved = rows.update(tag=into)
        self.follow(tag, into)
        return both + moved


_uses: dict[str, TagUses] = {}


def register_tag_uses(uses: TagUses) -> None:
    """Announce which things carry the tags of `uses.scope`."""
    _uses[uses.scope] = uses


def registered() -> list[TagUses]:
    return [uses for _scope, uses in sorted(_uses.items())]


def uses_of(scope: str) -> TagUses:
    return _uses[scope]


def chips_of(tags: Iterable[Any], url_name: str) -> dict[str, Any]:
    """Tags as components/tags.html draws them, each with the list narrowed to it; `sample`: one of them is invented."""
    found = list(tags)
    address = reverse(url_name)
    return {
        "chips": [{"label": tag.label, "url": f"{address}?tag={tag.slug}"} for tag in found],
        "sample": any(tag.is_sample for tag in found),
    }


def in_words(tags: Iterable[Any]) -> list[str]:
    """Tags where there is no room for chips, each with the word that says it is invented."""
    return [_("%(tag)s (sample)") % {"tag": tag.label} if tag.is_sample else tag.label for tag in tags]
