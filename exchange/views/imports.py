"""Places from a spreadsheet: hand it in, look through what each row would do, import."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from exchange import actions
from exchange.actions.importing import look_through, read_file
from exchange.columns import SHEET
from exchange.forms import ImportForm
from exchange.models import PlacementImport
from exchange.views.office import hosts_of
from members.acts import Refused
from members.limits import limited
from members.sheets import counted


@require_http_methods(["GET", "POST"])
@limited("import", "60/h")
def import_new(request: HttpRequest) -> HttpResponse:
    form = ImportForm(request.POST or None, request.FILES or None, hosts=hosts_of(request))
    if request.method == "POST" and form.is_valid():
        try:
            cleaned = form.cleaned_data
            read = read_file(university=cleaned["host"], file=cleaned["file"], by=request.user)
            return redirect("exchange:import_detail", pk=read.pk)
        except Refused as refused:
            form.add_error("file", str(refused))
    context = {"form": form, "columns": SHEET.columns}
    return render(request, "exchange/import_new.html", context, status=422 if form.errors else 200)


def import_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    read = get_object_or_404(PlacementImport.objects.visible_to(request.user).select_related("university"), pk=pk)
    rows = look_through(read) if read.state == PlacementImport.State.READ else []
    context: dict[str, Any] = {"read": read, "rows": rows, "counts": counted(rows)}
    return render(request, "exchange/import_detail.html", context)


@require_POST
def import_apply(request: HttpRequest, pk: UUID) -> HttpResponse:
    read = get_object_or_404(PlacementImport.objects.visible_to(request.user).select_related("university"), pk=pk)
    only_good = request.POST.get("rows") == "good"
    try:
        actions.apply_import(read=read, only_good=only_good, by=request.user, now=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("exchange:import_detail", pk=pk)
    made = ngettext("%(n)d draft made", "%(n)d drafts made", read.created) % {"n": read.created}
    left_out = ngettext("%(n)d wrong row left out", "%(n)d wrong rows left out", read.skipped) % {"n": read.skipped}
    words = {"made": made, "changed": read.changed, "left_out": left_out}
    messages.success(request, _("%(made)s, %(changed)d changed, %(left_out)s.") % words)
    return redirect("exchange:own_placements")


def import_template(request: HttpRequest, ending: str) -> HttpResponse:
    """An empty sheet with the heading and one example."""
    return SHEET.empty(name="exchange-places", ending=ending)
