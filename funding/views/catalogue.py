"""Calls as everybody sees them: the list, one page, its calendar file."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from funding import calendar_file, showing
from funding.announcing import find_calls
from funding.models import Call
from funding.structured_data import described
from members.lists import show_list
from members.structured_data import data_block


@login_not_required
def call_list(request: HttpRequest) -> HttpResponse:
    found = find_calls(request, timezone.now())
    extra = {"keeps": request.user.has_perm("funding.add_call")}
    template = "funding/call_list.html"
    return show_list(request, found, template, extra=extra, filename="funding-calls", list_key="calls")


@login_not_required
def call_detail(request: HttpRequest, slug: str) -> HttpResponse:
    now = timezone.now()
    rows = Call.objects.visible_to(request.user).with_status(now).select_related("programme", "office")
    call = get_object_or_404(rows, slug=slug)
    context = showing.page(call, request.user, now)
    address = request.build_absolute_uri(call.get_absolute_url())
    context["structured_data"] = data_block(described(call, address))
    return render(request, "funding/call_detail.html", context)


@login_not_required
def call_calendar(request: HttpRequest, slug: str) -> HttpResponse:
    call = get_object_or_404(Call.objects.visible_to(request.user), slug=slug)
    address = request.build_absolute_uri(call.get_absolute_url())
    content = calendar_file.stages_of(call, call.stages.all(), address, timezone.now())
    headers = {"Content-Disposition": f'attachment; filename="{call.slug}.ics"'}
    return HttpResponse(content, content_type="text/calendar; charset=utf-8", headers=headers)
