"""Earlier versions of a practice, and what changed from one to the next."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from practices import showing
from practices.content import content_of, differences, fingerprint
from practices.models import Practice, PracticeVersion
from practices.views.finding import practices_seen_by


def _published(request: HttpRequest, reference: str, number: int) -> tuple[Practice, PracticeVersion]:
    """A version that was published once; others are read on the pages of those who write and judge."""
    practice = get_object_or_404(practices_seen_by(request), reference=reference)
    if number > 32_000:
        raise Http404
    version = get_object_or_404(practice.versions.published().select_related("contact"), number=number)
    version.practice = practice
    return practice, version


@login_not_required
def version_detail(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    practice, version = _published(request, reference, number)
    address = request.build_absolute_uri(version.get_absolute_url())
    context = {
        **showing.reading(version, request.user),
        "practice": practice,
        "is_live": practice.live_id == version.pk,
        "versions": list(practice.versions.published().order_by("-number")),
        "citation": showing.citation(version, address),
        # The trigger guards the columns; topics, links and files are told by the hash alone.
        "is_as_pinned": fingerprint(content_of(version)) == version.sha256,
    }
    return render(request, "practices/version_detail.html", context)


@login_not_required
def version_changes(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """What a published version changed, beside the published one before it."""
    practice, version = _published(request, reference, number)
    before = practice.versions.published().filter(number__lt=number).order_by("-number").first()
    if before is None:
        raise Http404
    before.practice = practice
    context = {
        "practice": practice,
        "version": version,
        "before": before,
        "differences": differences(content_of(before), content_of(version)),
    }
    return render(request, "practices/version_changes.html", context)
