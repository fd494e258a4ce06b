"""Two contents beside each other, in words that people read."""

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from applications.eligibility import describe
from members.models import Field, Tag, University
from members.models.tags import labels_of
from programmes.content.snapshot import BASICS, LISTS, PARTS, Content, slugs_of
from programmes.models import Programme

Line = tuple[str, str]  # the label, and what stands there


@dataclass(frozen=True)
class Difference:
    """One line that differs; an empty side was not there, or is not any more."""

    part: str
    label: str
    before: str
    after: str


def differences(before: Content, after: Content) -> list[Difference]:
    """What changes from `before` to `after`, line by line, in the order of the page. Three queries, for the names."""
    words = _Words([before, after])
    old, new = words.lines(before), words.lines(after)
    found = []
    for key in {**old, **new}:
        label = (new.get(key) or old[key])[0]
        was, becomes = old.get(key, ("", ""))[1], new.get(key, ("", ""))[1]
        if was != becomes:
            found.append(Difference(key[0], label, was, becomes))
    return sorted(found, key=lambda difference: PARTS.index(difference.part))


class _Words:
    """Says contents in words; knows the names of the universities, fields and tags that they mention."""

    def __init__(self, contents: list[Content]) -> None:
        slugs, codes = set(), set()
        for content in contents:
            codes |= {content["basics"].get("field")} | {row.get("field") for row in content["requirements"]}
            slugs |= set(slugs_of(content))
        self.places = {place.slug: place for place in University.objects.filter(slug__in=slugs - {None})}
        named = {slug for content in contents for slug in content["tags"]}
        self.tags = labels_of(Tag.Scope.PARTNERSHIPS)(list(named))
        self.fields = {field.pk: field for field in Field.objects.filter(pk__in=codes - {None})}

    def lines(self, content: Content) -> dict[tuple[str, Any], Line]:
        return {
            **{("basics", name): self._basic(content, name) for name in BASICS},
            ("languages", ""): (_("Taught in"), ", ".join(str(row) for row in self._rows(content, "languages"))),
            ("tags", ""): (_("Tags"), ", ".join(sorted(self.tags.get(slug, slug) for slug in content["tags"]))),
            **{("partners", row.university.slug): self._partner(row) for row in self._rows(content, "partners")},
            **{("pathways", row["key"]): self._pathway(row) for row in content["pathways"]},
            **self._requirements(content),
            **{("yearly_dates", str(row)): self._date(row) for row in self._rows(content, "yearly_dates")},
        }

    def _rows(self, content: Content, part: str) -> list[Any]:
        model, columns, _key = LISTS[part]
        return [self._build(model(), row, columns) for row in content[part]]

    def _build(self, instance: models.Model, row: dict[str, Any], columns: tuple[str, ...]) -> models.Model:
        for name in columns:
            column = instance._meta.get_field(name)
            value = row.get(name)
            if column.is_relation:
                known = self.places if column.related_model is University else self.fields
                value = known.get(value)
            elif value is not None:
                value = column.to_python(value)
            setattr(instance, name, value)
        return instance

    def _basic(self, content: Content, name: str) -> Line:
        column = Programme._meta.get_field(name)
        value = content["basics"].get(name)
        label = capfirst(column.verbose_name)
        if value is None or value == "":
            return label, ""
        if column.choices:
            value = dict(column.flatchoices).get(value, value)
        elif isinstance(value, bool):
            value = _("Yes") if value else _("No")
        elif column.is_relation:
            value = self.fields.get(value, value)
        return label, str(value)

    def _partner(self, partner: Any) -> Line:
        money = {_("EU"): partner.tuition_eu, _("others"): partner.tuition_non_eu}
        told = [
            partner.get_role_display(),
            partner.unit,
            _("%(n)s ECTS") % {"n": partner.ects} if partner.ects is not None else "",
            partner.degree,
            *(f"{who}: {euros} €" for who, euros in money.items() if euros is not None),
        ]
        return str(partner.university), " · ".join(str(word) for word in told if word)

    def _pathway(self, row: dict[str, Any]) -> Line:
        ends = f"{self._place(row['home'])} → {self._place(row['host'])}"
        terms = [
            " ".join(filter(None, [f"{n}", self._place(t["university"]), t["ects"] and f"{t['ects']} ECTS", t["what"]]))
            for n, t in enumerate(row["semesters"], start=1)
        ]
        return row["name"] or ends, " · ".join([ends, *terms] if row["name"] else terms) or ends

    def _requirements(self, content: Content) -> dict[tuple[str, Any], Line]:
        found = {}
        for row in self._rows(content, "requirements"):
            told = describe(row, None)
            told += f" ({row.asked_by})" if row.asked_by else ""
            told += "" if row.is_blocking else f", {_('welcome, not needed')}"
            found["requirements", told] = (_("Asked of applicants"), told)
        return found

    def _date(self, row: Any) -> Line:
        told = f"{row.words}, {row.university}" if row.university else row.words
        return str(row.get_what_display()), told

    def _place(self, slug: str) -> str:
        return str(self.places.get(slug, slug))
