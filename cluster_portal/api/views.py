"""What is said about the API itself: where it begins and its OpenAPI document."""

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer

from cluster_portal.api import describing
from members.rest import asking, caching
from members.rest.registry import resources


@lru_cache(maxsize=1)
def document() -> dict[str, Any]:
    """The OpenAPI document; it changes only with the code."""
    return SchemaGenerator().get_schema(request=None, public=True)


@lru_cache(maxsize=1)
def written_document() -> bytes:
    return OpenApiJsonRenderer().render(document(), renderer_context={})


@login_not_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Where everything is."""
    lists = {resource.resource: reverse(f"api:{resource.resource}-list") for resource in resources()}
    told = {
        "docs": request.build_absolute_uri(reverse("api:docs")),
        "schema": request.build_absolute_uri(reverse("api:schema")),
        "resources": {name: request.build_absolute_uri(address) for name, address in lists.items()},
    }
    return _kept(request, JsonResponse(told))


@login_not_required
@require_safe
def schema(request: WSGIRequest) -> HttpResponse:
    """OpenAPI 3.1."""
    return _kept(request, HttpResponse(written_document(), content_type="application/json"))


@login_not_required
@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """The same document for people."""
    base = request.build_absolute_uri("/").rstrip("/")
    context = {
        "base": base,
        "resources": describing.page(document(), base),
        "limits": settings.API_REQUESTS_A_MINUTE,
        "largest_page": asking.LARGEST_PAGE_SIZE,
        "page_size": asking.PAGE_SIZE,
    }
    return render(request, "api/docs.html", context)


def _kept(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = f"public, max-age={caching.VISITORS_MAY_KEEP}"
    return caching.revalidated(request, response)
