"""`/metrics`: for a monitoring server that knows a token; without METRICS_TOKEN there is no such page."""

import os

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from cluster_portal.metrics.state import State
from cluster_portal.serving import METRICS_FOLDER


@login_not_required
@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    if not settings.METRICS_TOKENS:
        raise Http404
    if not _may_read(request):
        return HttpResponse("Unauthorized\n", "text/plain", 401, headers={"WWW-Authenticate": 'Bearer realm="metrics"'})
    figures = b"".join(generate_latest(registry) for registry in (_counted(), _now()))
    return HttpResponse(figures, CONTENT_TYPE_LATEST)


def _may_read(request: HttpRequest) -> bool:
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    matches = [constant_time_compare(given, token) for token in settings.METRICS_TOKENS]
    return scheme.lower() == "bearer" and any(matches)


def _counted() -> CollectorRegistry:
    """What all processes of this server counted, or this one alone where nobody made them a folder."""
    if METRICS_FOLDER not in os.environ:
        return REGISTRY
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    return registry


def _now() -> CollectorRegistry:
    registry = CollectorRegistry()
    registry.register(State(timezone.now()))
    return registry
