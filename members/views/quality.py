"""The secretariat's board: which pages are stale, which facts are missing."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from members.filters import QualityFilter
from members.lists import show_list
from members.models import University
from members.quality import with_gaps


def university_quality(request: HttpRequest) -> HttpResponse:
    if not request.user.has_perm("members.curate"):
        raise PermissionDenied
    now = timezone.now()
    present = University.objects.in_consortium(timezone.localdate(now)).filter(archived_at__isnull=True)
    rows = with_gaps(present.with_kind(timezone.localdate(now)), now).select_related("country", "confirmed_by")
    catalogue = QualityFilter(request.GET, queryset=rows, request=request)
    return show_list(request, catalogue, "members/university_quality.html", per_page=50, filename="data-quality")
