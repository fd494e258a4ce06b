"""Tags to tick: those of the vocabulary, never typed."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from members.models import Tag

NO_TAGS_YET = _("There are no tags yet. The secretariat keeps the list; tell it which ones you need.")
WISHES = _("They narrow the list and lead to others alike. One is missing? Ask the secretariat, which keeps the words.")


def _told(tag: Tag) -> str:
    return format_html('<span>{}<span class="sub">{}</span></span>', tag.label, tag.says) if tag.says else tag.label


class TagsField(forms.MultipleChoiceField):
    """`offer` says which tags may be ticked; the cleaned value are their rows, in the order of the list."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **options: Any) -> None:
        super().__init__(label=_("Tags"), required=False, help_text=WISHES, **options)
        self.offered: dict[str, Tag] = {}

    def offer(self, tags: Iterable[Tag]) -> None:
        self.offered = {tag.slug: tag for tag in tags}
        self.choices = [(slug, _told(tag)) for slug, tag in self.offered.items()]
        if not self.offered:
            self.help_text = NO_TAGS_YET

    def clean(self, value: Any) -> list[Tag]:
        ticked = set(super().clean(value))
        return [tag for slug, tag in self.offered.items() if slug in ticked]
