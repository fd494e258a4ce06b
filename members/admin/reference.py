"""Reference data: countries, fields of study, grade scales, the register of charter holders."""

from django.contrib import admin
from unfold.contrib.filters.admin import RangeDateFilter

from members.admin import resources
from members.admin.base import CuratedImportAdmin
from members.models import CharterHolder, Country, Field, GradeScale


@admin.register(Country)
class CountryAdmin(CuratedImportAdmin):
    resource_classes = [resources.CountryResource]
    list_display = ["name", "code", "in_eu", "in_ehea", "erasmus_programme_country", "erasmus_from", "horizon_status"]
    list_filter = ["in_eu", "in_ehea", "erasmus_programme_country", "horizon_status"]
    search_fields = ["name", "code", "code3"]


@admin.register(Field)
class FieldAdmin(CuratedImportAdmin):
    resource_classes = [resources.FieldResource]
    list_display = ["code", "name", "depth", "parent"]
    list_filter = ["depth"]
    list_select_related = ["parent"]
    search_fields = ["code", "name"]
    autocomplete_fields = ["parent"]


@admin.register(GradeScale)
class GradeScaleAdmin(CuratedImportAdmin):
    resource_classes = [resources.GradeScaleResource]
    list_display = ["code", "name", "country", "best", "pass_mark", "worst"]
    list_filter = ["country"]
    list_select_related = ["country"]
    search_fields = ["code", "name"]
    autocomplete_fields = ["country"]


@admin.register(CharterHolder)
class CharterHolderAdmin(CuratedImportAdmin):
    resource_classes = [resources.CharterHolderResource]
    list_display = ["name", "erasmus_code", "pic", "city", "country", "charter_until"]
    list_filter = ["country", ("charter_until", RangeDateFilter)]
    list_select_related = ["country"]
    search_fields = ["name", "other_name", "erasmus_code", "pic", "oid", "city", "domain"]
    autocomplete_fields = ["country"]
