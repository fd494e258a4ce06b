"""The vocabulary of tags in the administration: search, spreadsheets, retiring, and merging two into one."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from members.actions import tags as actions
from members.acts import Refused
from members.admin.base import CuratedImportAdmin, previewed
from members.admin.resources import CheckedResource
from members.models import Tag


class TagResource(CheckedResource):
    """Known again by scope and address: both stay as they are, everything else may change."""

    class Meta(CheckedResource.Meta):
        model = Tag
        import_id_fields = ("scope", "slug")
        fields = ("scope", "slug", "label", "description", "is_retired", "is_sample")


class MergeForm(forms.Form):
    into = forms.ModelChoiceField(Tag.objects.none(), widget=forms.RadioSelect, label=_("Which one stays?"))

    def __init__(self, *args: Any, chosen: QuerySet, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["into"].queryset = chosen
        self.fields["into"].empty_label = None
        self.fields["into"].label_from_instance = lambda tag: f"{tag} ({uses_in_words(tag.uses)})"


def uses_in_words(uses: int) -> str:
    return ngettext("%(n)d use", "%(n)d uses", uses) % {"n": uses}


@admin.register(Tag)
class TagAdmin(CuratedImportAdmin):
    resource_classes = [TagResource]
    list_display = ["label", "scope", "number_of_uses", "is_retired", "is_sample", "description"]
    list_filter = ["scope", "is_retired", "is_sample"]
    search_fields = ["label", "slug", "description"]
    actions = ["merge_chosen", "retire_chosen", "bring_back_chosen"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).with_uses()

    def get_readonly_fields(self, request: HttpRequest, obj: Tag | None = None) -> list[str]:
        """Scope and address stand in links, spreadsheets and versions of programmes: they are given once."""
        return ["scope", "slug", "number_of_uses"] if obj else []

    def get_prepopulated_fields(self, request: HttpRequest, obj: Tag | None = None) -> dict[str, list[str]]:
        return {} if obj else {"slug": ["label"]}

    def has_delete_permission(self, request: HttpRequest, obj: Tag | None = None) -> bool:
        """A tag that something carries is retired or merged, not deleted."""
        return super().has_delete_permission(request, obj) and not getattr(obj, "uses", 0)

    @admin.display(description=_("uses"), ordering="uses")
    def number_of_uses(self, tag: Tag) -> int:
        return tag.uses

    @admin.action(description=_("Merge into one of them"))
    def merge_chosen(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        """Ask which of the chosen stays, then give it to all that carry the others."""
        form = MergeForm(request.POST if "confirmed" in request.POST else None, chosen=queryset)
        if not form.is_valid():
            context = {
                **self.admin_site.each_context(request),
                "title": _now("Merge tags"),
                "form": form,
                "rows": list(queryset),
                "action_checkbox_name": helpers.ACTION_CHECKBOX_NAME,
                "opts": self.model._meta,
            }
            return TemplateResponse(request, "admin/members/merge_tags.html", context)
        self._merge(request, queryset, form.cleaned_data["into"])
        return None

    def _merge(self, request: HttpRequest, chosen: QuerySet, into: Tag) -> None:
        for tag in chosen.exclude(pk=into.pk):
            try:
                actions.merge(tag=tag, into=into, by=request.user)
            except Refused as refused:
                messages.error(request, _now("%(tag)s: %(why)s") % {"tag": tag, "why": refused})
            else:
                told = {"tag": tag, "into": into, "uses": uses_in_words(tag.uses)}
                messages.success(request, _now("%(tag)s is now %(into)s (%(uses)s).") % told)

    @previewed(
        title=_("Retire"),
        consequence=_("They stay where they are and are offered no more."),
        button=_("Retire them"),
    )
    def retire_chosen(self, request: HttpRequest, row: Tag) -> None:
        actions.retire(tag=row, by=request.user)

    @previewed(
        title=_("Bring back into use"),
        consequence=_("They are offered again where tags are chosen."),
        button=_("Bring them back"),
    )
    def bring_back_chosen(self, request: HttpRequest, row: Tag) -> None:
        actions.bring_back(tag=row, by=request.user)
