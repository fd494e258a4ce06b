"""The secretariat adds an organisation; those that look like it are shown while the name is typed, and on sending."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from members.actions import universities as actions
from members.acts import Refused
from members.forms.adding import AddForm
from members.models import CharterHolder
from members.organisations import near_organisations

TEMPLATE = "members/university_add.html"


def university_add(request: HttpRequest) -> HttpResponse:
    if not request.user.has_perm("members.curate"):
        raise PermissionDenied
    # PostgreSQL has no such letter and would refuse the query.
    code = request.GET.get("holder", "").replace("\x00", "")
    holder = CharterHolder.objects.filter(erasmus_code=code).first()
    form = AddForm(request.POST or None, holder=holder)
    context: dict[str, Any] = {"form": form, "holder": holder, "near": [], "asked": False}
    if request.method != "POST" or not form.is_valid():
        return render(request, TEMPLATE, context, status=422 if form.is_bound else 200)
    if holder is None and "none_of_these" not in request.POST:
        context["near"] = _near(form.cleaned_data)
        if context["near"]:
            return render(request, TEMPLATE, context | {"asked": True}, status=422)
    return _add(request, form, holder, context)


def _near(typed: dict[str, Any]) -> list[Any]:
    return near_organisations(typed["name"], city=typed["city"], country=typed["country"].pk)


def _add(request: HttpRequest, form: AddForm, holder: CharterHolder | None, context: dict[str, Any]) -> HttpResponse:
    try:
        university = actions.add_university(
            university=form.instance,
            kind=form.cleaned_data["kind"],
            starts_on=form.cleaned_data["starts_on"],
            holder=holder,
            by=request.user,
        )
    except Refused as refused:
        form.add_error(None, str(refused))
        return render(request, TEMPLATE, context, status=422)
    messages.success(request, _("%(name)s stands in the directory. Complete its page now.") % {"name": university.name})
    return redirect("members:university_edit", university.slug)


@require_safe
def university_lookalikes(request: HttpRequest) -> HttpResponse:
    """The part of the page that htmx asks for while the name is typed."""
    if not request.user.has_perm("members.curate"):
        raise PermissionDenied
    typed = request.GET
    near = near_organisations(typed.get("name", ""), city=typed.get("city", ""), country=typed.get("country", ""))
    return render(request, f"{TEMPLATE}#lookalikes", {"near": near, "asked": False})
