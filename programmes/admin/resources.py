"""Programmes in spreadsheets: one row each, known again by its address; partners and languages in one cell."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from import_export import fields, widgets

from applications.forms.moments import at_zone
from members.admin.resources import CheckedResource, by_code
from members.admin.tag_columns import TagsColumn, told_tags
from members.models import Cefr, Field, Language, Tag, University
from members.zones import is_known_zone
from programmes.actions.editing import follow_rows
from programmes.content import content_of, write
from programmes.models import Intake, PartnerRole, Programme, ProgrammePartner

Pairs = list[tuple[str, str]]


class PairsWidget(widgets.Widget):
    """Several "value:detail" in one cell, separated by semicolons; each part is checked and named when it is wrong."""

    def __init__(self, details: Any, *, default: str, what: str) -> None:
        super().__init__()
        self.details, self.default, self.what = details, default, what

    def clean(self, value: Any, row: Any = None, **options: Any) -> Pairs:
        parts = [part.strip() for part in str(value or "").split(";") if part.strip()]
        return [self._pair(part) for part in parts]

    def _pair(self, part: str) -> tuple[str, str]:
        value, _colon, detail = (text.strip() for text in part.partition(":"))
        detail = detail or self.default
        if detail and detail not in self.details.values:
            allowed = ", ".join(self.details.values)
            raise ValueError(
                _("“%(part)s”: %(what)s is one of %(allowed)s.") % {"part": part, "what": self.what, "allowed": allowed}
            )
        return value, detail

    def render(self, value: Pairs | None, obj: Any = None, **options: Any) -> str:
        return "; ".join(f"{first}:{detail}" if detail else first for first, detail in value or [])


class PartnersWidget(PairsWidget):
    def clean(self, value: Any, row: Any = None, **options: Any) -> Pairs:
        pairs = super().clean(value, row, **options)
        slugs = [slug for slug, _role in pairs]
        known = set(University.objects.filter(slug__in=slugs).values_list("slug", flat=True))
        for slug in slugs:
            if slug not in known:
                raise ValueError(_("There is no university “%(slug)s”.") % {"slug": slug})
        return pairs


class LanguagesWidget(PairsWidget):
    def clean(self, value: Any, row: Any = None, **options: Any) -> Pairs:
        pairs = super().clean(value, row, **options)
        for language, _level in pairs:
            if language not in Language.values:
                raise ValueError(_("“%(code)s” is not a language of the portal.") % {"code": language})
        return pairs


class PartField(fields.Field):
    """A list of rows in one cell. What was read waits on the instance until its row is saved."""

    def __init__(self, column_name: str, widget: PairsWidget, columns: tuple[str, str]) -> None:
        super().__init__(attribute=column_name, column_name=column_name, widget=widget)
        self.columns = columns

    def get_value(self, instance: Programme) -> Pairs:
        read = getattr(instance, f"read_{self.column_name}", None)
        if read is not None or instance.pk is None:
            return read or []
        told = getattr(instance, f"{self.column_name}_told", None)
        rows = getattr(instance, self.column_name).all() if told is None else told
        return [self._pair(row) for row in rows]

    def _pair(self, row: models.Model) -> tuple[str, str]:
        value, detail = (getattr(row, column) for column in self.columns)
        return getattr(value, "slug", value), detail

    def save(self, instance: Programme, row: Any, is_m2m: bool = False, **options: Any) -> None:
        setattr(instance, f"read_{self.column_name}", self.clean(row, **options))


class ProgrammeResource(CheckedResource):
    """Import adds drafts and changes what is there; it never publishes."""

    field = by_code("field", Field, "code")
    partners = PartField(
        "partners", PartnersWidget(PartnerRole, default=PartnerRole.AWARDING, what=_("the role")),
        ("university", "role"),
    )  # fmt: skip
    languages = PartField(
        "languages", LanguagesWidget(Cefr, default="", what=_("the level")), ("language", "cefr")
    )  # fmt: skip

    tags = TagsColumn(Tag.Scope.PARTNERSHIPS)

    class Meta(CheckedResource.Meta):
        model = Programme
        import_id_fields = ("slug",)
        fields = (
            "slug", "title", "kind", "level", "field", "ects_total", "duration_semesters", "framework", "diploma",
            "award", "tuition", "tuition_note", "thesis_ects", "supervised_by_both", "thesis_rule", "funding",
            "website", "contact_email", "summary", "description", "since", "agreement_years", "listing",
            "partners", "languages", "tags",
        )  # fmt: skip

    def get_queryset(self) -> models.QuerySet:
        """With its rows as plain lists: an import copies each programme deeply before it changes it."""
        partners = ProgrammePartner.objects.select_related("university")
        return Programme.objects.prefetch_related(
            models.Prefetch("partners", partners, to_attr="partners_told"),
            models.Prefetch("languages", to_attr="languages_told"),
            told_tags(),
        )

    def before_save_instance(self, instance: Programme, row: Any, **options: Any) -> None:
        """Who is writing a version beside this row is shown that the row has moved on; else it would be undone."""
        instance.version += bool(instance.pk)

    def after_save_instance(self, instance: Programme, row: Any, **options: Any) -> None:
        """Write the rows that came in one cell, keeping of each what the sheet does not tell."""
        read = {part: getattr(instance, f"read_{part}", None) for part in ("partners", "languages")}
        fresh = Programme.objects.get(pk=instance.pk)
        content = content_of(fresh)
        if read["partners"] is not None:
            stored = {row["university"]: row for row in content["partners"]}
            content["partners"] = [
                {**stored.get(slug, {}), "university": slug, "role": role} for slug, role in read["partners"]
            ]
        if read["languages"] is not None:
            content["languages"] = [{"language": language, "cefr": cefr} for language, cefr in read["languages"]]
        if (tags := getattr(instance, "read_tags", None)) is not None:
            content["tags"] = [tag.slug for tag in tags]
        write(fresh, content)
        follow_rows(programme=fresh)


class ClockWidget(widgets.Widget):
    """A day and hour on the clock of the row's own time zone: "2027-01-15 12:00"."""

    def clean(self, value: Any, row: Any = None, **options: Any) -> datetime:
        try:
            read = datetime.fromisoformat(str(value).strip())
        except ValueError:
            raise ValueError(_("“%(value)s”: write it like 2027-01-15 12:00.") % {"value": value}) from None
        zone = str((row or {}).get("time_zone") or "")
        if read.tzinfo:
            return read
        try:
            return at_zone(read, zone if is_known_zone(zone) else "UTC")  # a wrong zone is told in its own column
        except ValidationError as unclear:  # import-export names row and column of a ValueError alone
            raise ValueError(unclear.messages[0]) from unclear


class IntakeResource(CheckedResource):
    opens_at = fields.Field("opens_at", "opens_at", ClockWidget())
    closes_at = fields.Field("closes_at", "closes_at", ClockWidget())
    programme = by_code("programme", Programme, "slug")
    home = by_code("home", University, "slug")

    class Meta(CheckedResource.Meta):
        model = Intake
        import_id_fields = ("programme", "academic_year", "term", "home")
        fields = ("programme", "academic_year", "term", "home", "opens_at", "closes_at", "time_zone", "note")

    def dehydrate_opens_at(self, intake: Intake) -> str:
        return f"{intake.opens_at.astimezone(ZoneInfo(intake.time_zone)):%Y-%m-%d %H:%M}"

    def dehydrate_closes_at(self, intake: Intake) -> str:
        return f"{intake.closes_at.astimezone(ZoneInfo(intake.time_zone)):%Y-%m-%d %H:%M}"

    def before_save_instance(self, instance: Intake, row: Any, **options: Any) -> None:
        instance.key = instance.key or instance.own_key()
        instance.version += bool(instance.pk)
