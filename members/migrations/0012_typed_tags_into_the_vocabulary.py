"""What the administration typed as tags of universities becomes words of the vocabulary."""

import re
from collections.abc import Iterator

from django.db import migrations
from django.utils.text import slugify

from members.folding import fold

SCOPE = "partners"


def words_of(typed: list[str]) -> Iterator[str]:
    """The typed words without idle blanks; what is blank falls away."""
    for word in typed:
        if clean := re.sub(r"\s+", " ", word).strip():
            yield clean


def free_address(label: str, taken: set[str]) -> str:
    """An address for `label` that no tag has; a label of other alphabets gets a plain one."""
    wanted = slugify(label)[:50] or "tag"
    return next(slug for n in range(1, len(taken) + 2) if (slug := f"{wanted}-{n}" if n > 1 else wanted) not in taken)


def into_the_vocabulary(apps, schema_editor) -> None:
    """One tag for words that differ only in capitals, accents or blanks, as it was typed first."""
    universities, tags, uses = (apps.get_model("members", n).objects for n in ("University", "Tag", "UniversityTag"))
    known = {fold(tag.label): tag for tag in tags.filter(scope=SCOPE)}
    addresses = {tag.slug for tag in known.values()}
    for university in universities.exclude(tags_typed=[]).order_by("pk"):
        for label in words_of(university.tags_typed):
            if fold(label) not in known:
                slug = free_address(label, addresses)
                known[fold(label)] = tags.create(scope=SCOPE, slug=slug, label=label)
                addresses.add(slug)
            uses.get_or_create(university=university, tag=known[fold(label)])


def back_to_words(apps, schema_editor) -> None:
    """What was chosen since stands in the column again, as the old version reads it."""
    universities, uses = (apps.get_model("members", n).objects for n in ("University", "UniversityTag"))
    chosen: dict[int, list[str]] = {}
    for use in uses.select_related("tag").order_by("tag__label"):
        chosen.setdefault(use.university_id, []).append(use.tag.label)
    for university in universities.all():
        labels = chosen.get(university.pk, [])
        if university.tags_typed != labels:
            universities.filter(pk=university.pk).update(tags_typed=labels)


class Migration(migrations.Migration):
    safe_because = "it reads a few words of a few dozen universities and writes tables that the old version does not know"

    dependencies = [("members", "0011_tags_of_universities")]

    operations = [migrations.RunPython(into_the_vocabulary, back_to_words)]
