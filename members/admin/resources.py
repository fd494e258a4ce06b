"""How records come from and go to spreadsheets: by slug or code, with a word for every value that does not fit."""

from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _
from import_export import fields, resources, widgets
from import_export.results import RowResult

from members.acts import Versioned
from members.admin.tag_columns import TagsColumn, told_tags, write_tags
from members.models import (
    CharterHolder,
    Contact,
    Country,
    EmailDomain,
    Fact,
    Factsheet,
    Field,
    GradeScale,
    Identifier,
    Membership,
    Tag,
    Unit,
    University,
    UniversityName,
)


class CodeWidget(widgets.ForeignKeyWidget):
    """A related record by its slug or code; an unknown one is named together with what was looked for."""

    def clean(self, value: Any, row: Any = None, **options: Any) -> models.Model | None:
        code = str(value or "").strip()
        if not code:
            return None
        found = self.get_queryset(value, row, **options).filter(**{self.field: code}).first()
        if found is None:
            kind = self.model._meta.verbose_name
            raise ValueError(_("There is no %(kind)s “%(code)s”.") % {"kind": kind, "code": code})
        return found


class ListWidget(widgets.Widget):
    """Several short values in one cell, separated by commas."""

    def clean(self, value: Any, row: Any = None, **options: Any) -> list[str]:
        return [part.strip() for part in str(value or "").split(",") if part.strip()]

    def render(self, value: Any, obj: Any = None, **options: Any) -> str:
        return ", ".join(value or [])


def by_code(column: str, model: type[models.Model], key: str) -> fields.Field:
    return fields.Field(attribute=column, column_name=column, widget=CodeWidget(model, key))


def _in_words(error: Any) -> str:
    """What is wrong with a row: each column with its sentences, or what was raised."""
    if not isinstance(error, ValidationError):
        return str(error)
    if not hasattr(error, "error_dict"):
        return " ".join(error.messages)
    named = {name: " ".join(sentences) for name, sentences in error.message_dict.items()}
    return " ".join(said if name == NON_FIELD_ERRORS else f"{name}: {said}" for name, said in named.items())


class CheckedResource(resources.ModelResource):
    """Every row passes the model's own checks; a dry run comes first, and nothing is saved unless all is well.

    With `good_rows_only` a row that cannot be taken is left out, alone, and told in `left_out` by its number.
    """

    def __init__(self, *, good_rows_only: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.good_rows_only = good_rows_only
        self.left_out: list[tuple[int, str]] = []

    def after_import(self, dataset: Any, result: Any, **kwargs: Any) -> None:
        super().after_import(dataset, result, **kwargs)
        if self.left_out and (tell := kwargs.get("tell")):
            tell(self.left_out)

    def import_row(self, row: Any, instance_loader: Any, **kwargs: Any) -> RowResult:
        if not self.good_rows_only:
            return super().import_row(row, instance_loader, **kwargs)
        # A savepoint for each row: an error of the database would otherwise end the whole transaction.
        before = transaction.savepoint()
        found = super().import_row(row, instance_loader, **kwargs)
        wrong = [found.validation_error, *(error.error for error in found.errors)]
        sentences = [_in_words(error) for error in wrong if error]
        if not sentences:
            transaction.savepoint_commit(before)
            return found
        transaction.savepoint_rollback(before)
        self.left_out.append((kwargs["row_number"], " ".join(sentences)))
        # In place of the row's own result, whose error would stop the import of the good ones.
        skipped = self.get_row_result_class()()
        skipped.import_type, skipped.diff = RowResult.IMPORT_TYPE_SKIP, []
        return skipped

    class Meta:
        clean_model_instances = True
        skip_unchanged = True
        report_skipped = True
        use_transactions = True
        use_bulk = False

    def get_instance(self, instance_loader: Any, row: Any) -> models.Model | None:
        """A row whose key does not read is a new one; its column is named when the row itself is read."""
        try:
            return super().get_instance(instance_loader, row)
        except ValueError:
            return None
        except self._meta.model.MultipleObjectsReturned as several:
            key = ", ".join(f"{name} “{row[name]}”" for name in self._meta.import_id_fields)
            raise ValueError(_("There are several with %(key)s; change them one by one.") % {"key": key}) from several

    def before_save_instance(self, instance: models.Model, row: Any, **options: Any) -> None:
        if isinstance(instance, Versioned):
            instance.count_up()


class UniversityResource(CheckedResource):
    country = by_code("country", Country, "code")
    grade_scale = by_code("grade_scale", GradeScale, "code")
    official_languages = fields.Field("official_languages", "official_languages", ListWidget())
    teaching_languages = fields.Field("teaching_languages", "teaching_languages", ListWidget())
    tags = TagsColumn(Tag.Scope.PARTNERS)

    class Meta(CheckedResource.Meta):
        model = University
        import_id_fields = ("slug",)
        fields = (
            "slug", "short_name", "name", "official_name", "participating_unit", "country", "city", "latitude",
            "longitude", "time_zone", "website", "founded", "alliance", "summary", "description",
            "official_languages", "teaching_languages", "grade_scale", "dual_doctorate_signatory", "tags",
        )  # fmt: skip

    def get_queryset(self) -> models.QuerySet:
        return University.objects.prefetch_related(told_tags())

    def after_save_instance(self, instance: University, row: Any, **options: Any) -> None:
        write_tags(instance)


class OfUniversityResource(CheckedResource):
    """A row that belongs to a university, named by its slug."""

    university = by_code("university", University, "slug")


class MembershipResource(OfUniversityResource):
    class Meta(CheckedResource.Meta):
        model = Membership
        import_id_fields = ("university", "kind", "starts_on")
        fields = ("university", "kind", "starts_on", "ends_on", "note")


class NameResource(OfUniversityResource):
    class Meta(CheckedResource.Meta):
        model = UniversityName
        import_id_fields = ("university", "name")
        fields = ("university", "name", "language", "starts_on", "ends_on")


class IdentifierResource(OfUniversityResource):
    class Meta(CheckedResource.Meta):
        model = Identifier
        import_id_fields = ("university", "scheme")
        fields = ("university", "scheme", "value", "of_parent")


class UnitResource(OfUniversityResource):
    class Meta(CheckedResource.Meta):
        model = Unit
        import_id_fields = ("university", "name")
        fields = ("university", "name", "code", "website")


class ContactResource(OfUniversityResource):
    class Meta(CheckedResource.Meta):
        model = Contact
        import_id_fields = ("university", "purpose", "name")
        fields = ("university", "purpose", "name", "email", "phone", "link", "audience", "starts_on", "ends_on")


class FactResource(OfUniversityResource):
    class Meta(CheckedResource.Meta):
        model = Fact
        import_id_fields = ("university", "kind", "year")
        fields = ("university", "kind", "year", "value", "scope", "source", "is_stale")


class DomainResource(OfUniversityResource):
    class Meta(CheckedResource.Meta):
        model = EmailDomain
        import_id_fields = ("domain",)
        fields = ("domain", "university")


class FactsheetResource(OfUniversityResource):
    """The words of a factsheet; its terms have deadlines in the host's zone and are edited on its page."""

    class Meta(CheckedResource.Meta):
        model = Factsheet
        import_id_fields = ("university",)
        fields = ("university", "housing", "visa", "language", "insurance", "arrival", "transcripts", "website")


class CountryResource(CheckedResource):
    class Meta(CheckedResource.Meta):
        model = Country
        import_id_fields = ("code",)
        fields = tuple(field.name for field in Country._meta.concrete_fields)


class FieldResource(CheckedResource):
    parent = by_code("parent", Field, "code")

    class Meta(CheckedResource.Meta):
        model = Field
        import_id_fields = ("code",)
        fields = ("code", "depth", "parent", "name")


class GradeScaleResource(CheckedResource):
    country = by_code("country", Country, "code")

    class Meta(CheckedResource.Meta):
        model = GradeScale
        import_id_fields = ("code",)
        fields = ("code", "name", "country", "best", "worst", "pass_mark")


class CharterHolderResource(CheckedResource):
    country = by_code("country", Country, "code")

    class Meta(CheckedResource.Meta):
        model = CharterHolder
        import_id_fields = ("erasmus_code",)
        fields = tuple(field.name for field in CharterHolder._meta.concrete_fields)
