"""Editing a university's page, one part at a time; its own staff and the secretariat may."""

from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from members.actions import universities as actions
from members.acts import Conflict, Refused
from members.forms.conflicts import rows_still_typed, still_typed, versions_of_form, versions_of_rows
from members.forms.factsheet import FactsheetForm, TermFormSet
from members.forms.profile import CuratorProfileForm, ProfileForm
from members.forms.rows import PARTS, Part
from members.models import Act, Factsheet, University, User


def university_to_edit(request: HttpRequest, slug: str) -> University:
    """The university if this person may edit it; 404 where it is not visible, 403 where it is not theirs."""
    university = get_object_or_404(University.objects.visible_to(request.user), slug=slug)
    if not request.user.has_perm("members.edit_university", university):
        raise PermissionDenied
    return university


def edit_context(university: University, user: User, current: str) -> dict[str, Any]:
    """What every edit page shows: the university and the tabs of its parts."""
    keys = [
        ("profile", _("Profile")),
        ("factsheet", _("Factsheet")),
        ("pictures", _("Pictures")),
        ("documents", _("Documents")),
    ]
    parts = [(part.key, str(part.label)) for part in PARTS.values() if may_edit_part(user, part)]
    return {
        "university": university,
        "tabs": [
            {"label": label, "url": address_of(university, key), "current": key == current}
            for key, label in [keys[0], *parts, *keys[1:]]
        ],
        "conflict": "",
        "versions": [],
        "other": None,
        "refused": "",
    }


def address_of(university: University, key: str) -> str:
    if key in PARTS:
        return reverse("members:university_rows", args=[university.slug, key])
    return reverse(f"members:university_{'edit' if key == 'profile' else key}", args=[university.slug])


def may_edit_part(user: User, part: Part) -> bool:
    return not part.curators or user.has_perm("members.curate")


def last_editor(university: University) -> Act | None:
    """The newest edit of any part, to name whom to talk to in a conflict."""
    return Act.objects.about(university).filter(kind="university.edited").order_by("-at", "-pk").first()


def university_edit(request: HttpRequest, slug: str) -> HttpResponse:
    university = university_to_edit(request, slug)
    form_class = CuratorProfileForm if request.user.has_perm("members.curate") else ProfileForm
    form = form_class(request.POST or None, instance=university)
    context = edit_context(university, request.user, "profile")
    if request.method != "POST" or not form.is_valid():
        return _form_page(request, "members/university_edit.html", context | {"form": form}, form)
    try:
        actions.save_profile(
            university=form.instance,
            version=form.cleaned_data["version"],
            fields=form._meta.fields,
            tags=form.cleaned_data["tags"],
            changed=form.changed_data,
            by=request.user,
        )
    except Conflict as conflict:
        stored = University.objects.get(pk=university.pk)
        again = form_class(still_typed(form, stored.version), instance=stored)
        # A second copy: the bound form above writes what was typed into its own.
        versions = versions_of_form(form, University.objects.get(pk=university.pk), tags=list(stored.tags.all()))
        context |= _conflict(university, conflict, versions)
        return render(request, "members/university_edit.html", context | {"form": again}, status=409)
    except Refused as refused:
        context |= {"form": form, "refused": str(refused)}
        return render(request, "members/university_edit.html", context, status=422)
    messages.success(request, _("The profile is saved and public."))
    return redirect(university)


def _form_page(request: HttpRequest, template: str, context: dict[str, Any], form: Any) -> HttpResponse:
    return render(request, template, context, status=422 if form.is_bound else 200)


def _conflict(university: University, conflict: Conflict, versions: list[Any]) -> dict[str, Any]:
    return {"conflict": str(conflict), "versions": versions, "other": last_editor(university)}


def university_rows(request: HttpRequest, slug: str, part: str) -> HttpResponse:
    """A part of the page that is a list of rows: codes, names, contacts, units, numbers…"""
    university = university_to_edit(request, slug)
    if part not in PARTS:
        raise Http404
    if not may_edit_part(request.user, PARTS[part]):
        raise PermissionDenied
    chosen = PARTS[part]
    formset = chosen.formset(university, request.POST or None)
    rows = chosen.rows(university)
    context = edit_context(university, request.user, part) | {"part": chosen, "formset": formset}
    # What was posted without it was seen in no state that is known: that is a conflict, not a licence to write over.
    context["seen"] = request.POST.get("seen", "") if request.method == "POST" else actions.fingerprint(rows)
    if request.method != "POST" or not formset.is_valid():
        return _form_page(request, "members/university_rows.html", context, formset)
    return _save_rows(request, university, chosen, context)


def _save_rows(request: HttpRequest, university: University, part: Part, context: dict[str, Any]) -> HttpResponse:
    formset, rows = context["formset"], part.rows(university)
    saved = formset.save(commit=False)
    try:
        actions.save_rows(
            university=university,
            part=str(part.label),
            rows=rows,
            seen=context["seen"],
            saved=saved,
            removed=formset.deleted_objects,
            is_tree=part.is_tree,
            by=request.user,
        )
    except Conflict as conflict:
        context |= _conflict(university, conflict, versions_of_rows(formset, part.formset(university)))
        context["seen"] = actions.fingerprint(rows)
        context["formset"] = part.formset(university, rows_still_typed(formset, part.formset(university)))
        return render(request, "members/university_rows.html", context, status=409)
    except Refused as refused:
        return render(request, "members/university_rows.html", context | {"refused": str(refused)}, status=422)
    messages.success(request, _("%(part)s: saved and public.") % {"part": part.label})
    return redirect(address_of(university, part.key))


def university_factsheet(request: HttpRequest, slug: str) -> HttpResponse:
    """The factsheet; moments are typed and shown in the university's own time zone."""
    university = university_to_edit(request, slug)
    factsheet = Factsheet.objects.filter(university=university).first() or Factsheet(university=university)
    with timezone.override(ZoneInfo(university.time_zone)):
        form = FactsheetForm(request.POST or None, instance=factsheet)
        terms = TermFormSet(request.POST or None, instance=factsheet, prefix="terms")
        context = edit_context(university, request.user, "factsheet") | {"form": form, "formset": terms}
        if request.method != "POST" or not all([form.is_valid(), terms.is_valid()]):
            return _form_page(request, "members/university_factsheet.html", context, form)
        return _save_factsheet(request, context)


def _save_factsheet(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    form, terms, university = context["form"], context["formset"], context["university"]
    saved = terms.save(commit=False)
    try:
        actions.save_factsheet(
            factsheet=form.instance,
            version=form.cleaned_data["version"],
            fields=form._meta.fields,
            saved=saved,
            removed=terms.deleted_objects,
            by=request.user,
        )
    except Conflict as conflict:
        stored = Factsheet.objects.get(university=university)
        fresh = TermFormSet(instance=stored, prefix="terms")
        versions = versions_of_form(form, stored) + versions_of_rows(terms, fresh)
        context |= _conflict(university, conflict, versions)
        context["form"] = FactsheetForm(still_typed(form, stored.version), instance=stored)
        context["formset"] = TermFormSet(rows_still_typed(terms, fresh), instance=stored, prefix="terms")
        return render(request, "members/university_factsheet.html", context, status=409)
    except Refused as refused:
        return render(request, "members/university_factsheet.html", context | {"refused": str(refused)}, status=422)
    messages.success(request, _("The factsheet is saved and public."))
    return redirect(f"{university.get_absolute_url()}#factsheet")
