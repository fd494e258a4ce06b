"""One university: its public page and its pictures."""

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from members.models import Picture, University
from members.structured_data import data_block, described
from members.university_page import page_of

A_YEAR = 365 * 24 * 60 * 60


@login_not_required
def university_detail(request: HttpRequest, slug: str) -> HttpResponse:
    now = timezone.now()
    universities = University.objects.visible_to(request.user).with_kind(timezone.localdate(now))
    university = get_object_or_404(
        universities.select_related("country", "grade_scale", "confirmed_by"),
        slug=slug,
    )
    context = page_of(university, request.user, now)
    address = request.build_absolute_uri(university.get_absolute_url())
    context["structured_data"] = data_block(described(university, context["identifiers"], address))
    return render(request, "members/university_detail.html", context)


@login_not_required
def university_logo(request: HttpRequest, slug: str, name: str) -> FileResponse:
    university = get_object_or_404(University.objects.visible_to(request.user), slug=slug)
    if not university.logo or not university.logo.name.endswith(f"/{name}"):
        raise Http404
    return _image(university.logo)


@login_not_required
def university_picture(request: HttpRequest, slug: str, name: str) -> FileResponse:
    """A picture under the random name it was stored by; public as the page it stands on."""
    university = get_object_or_404(University.objects.visible_to(request.user), slug=slug)
    if "\x00" in name:
        raise Http404
    folder = Picture._meta.get_field("image").upload_to
    picture = get_object_or_404(university.pictures, image=f"{folder}{name}")
    return _image(picture.image)


def _image(stored) -> FileResponse:
    """The file as it was re-encoded here; its name never changes its content, so browsers may keep it."""
    try:
        content = stored.open("rb")
    except FileNotFoundError as gone:
        raise Http404 from gone
    response = FileResponse(content, content_type="image/webp")
    response["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
    response["Content-Disposition"] = "inline"
    return response
