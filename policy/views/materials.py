"""Materials: put a file to an event, hand it out through a question of who may, take it away."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from members.acts import Refused
from members.files import as_download, refuse_large
from members.limits import limited
from policy import actions
from policy.forms.events import MaterialForm
from policy.models import Material
from policy.views.organising import find


@refuse_large("policy:material_add")
@require_http_methods(["GET", "POST"])
@limited("uploads", "60/h")
def material_add(request: HttpRequest, slug: str) -> HttpResponse:
    event = find(request, slug, "policy.edit_practical")
    form = MaterialForm(request.POST or None, request.FILES or None, event=event)
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        try:
            actions.add_material(
                event=event, upload=cleaned["file"], title=cleaned["title"], audience=cleaned["audience"],
                by=request.user,
            )  # fmt: skip
            messages.success(request, _("“%(title)s” is handed out.") % {"title": cleaned["title"]})
            return redirect(event.get_absolute_url() + "#materials")
        except Refused as refused:
            form.add_error("file", str(refused))
    context = {"event": event, "form": form}
    return render(request, "policy/material_add.html", context, status=422 if form.errors else 200)


@login_not_required
@never_cache
def material_download(request: HttpRequest, slug: str, code: str) -> FileResponse:
    """Hand out a file to whoever may read it: always as a download, never shown in the page."""
    return as_download(_found(Material.objects.visible_to(request.user), slug, code))


@require_http_methods(["GET", "POST"])
def material_remove(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    event = find(request, slug, "policy.edit_practical")
    # Not by `visible_to`: who looks after the event sees all of its files.
    material = _found(event.materials.all(), slug, code)
    material.event = event
    if request.method == "POST":
        actions.remove_material(material=material, by=request.user)
        messages.success(request, _("Taken away."))
        return redirect(event)
    context = {"event": event, "material": material, "confirm_label": _("Take it away"), "is_final": True}
    return render(request, "policy/material_remove.html", context | {"cancel_url": event.get_absolute_url()})


def _found(rows: object, slug: str, code: str) -> Material:
    # A shorter one would be the beginning of some digest, and find a file.
    if len(code) != Material.CODE_LENGTH:
        raise Http404
    return get_object_or_404(rows, event__slug=slug, sha256__startswith=code)
