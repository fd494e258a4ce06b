"""Requests counted as they end: how many, how long they took, how many queries they needed."""

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import connection
from django.http import HttpRequest, HttpResponse
from prometheus_client import Counter, Histogram

Handler = Callable[[HttpRequest], HttpResponse]

METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

REQUESTS = Counter("portal_requests", "Requests that were answered.", ["view", "method", "status"])
DURATION = Histogram("portal_request_seconds", "From the request to its answer.", ["view", "method"], buckets=SECONDS)
QUERIES = Counter("portal_request_queries", "Database queries made while answering.", ["view", "method"])


class QueryCounter:
    """Counts the queries that pass through it; Django calls it in place of each."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, execute: Callable[..., Any], *query: Any) -> Any:
        self.count += 1
        return execute(*query)


def count_requests(get_response: Handler) -> Handler:
    """How does each request go? Nothing is counted where nobody may read it."""
    if not settings.METRICS_TOKENS:
        raise MiddlewareNotUsed

    def middleware(request: HttpRequest) -> HttpResponse:
        queries, began = QueryCounter(), time.perf_counter()
        with connection.execute_wrapper(queries):
            response = get_response(request)
        view = _view(request, response)
        method = request.method if request.method in METHODS else "other"
        REQUESTS.labels(view, method, response.status_code).inc()
        DURATION.labels(view, method).observe(time.perf_counter() - began)
        QUERIES.labels(view, method).inc(queries.count)
        return response

    return middleware


def _view(request: HttpRequest, response: HttpResponse) -> str:
    """The name of the view; "kept" for a page that was answered without one, "none" where there is nothing."""
    if request.resolver_match:
        return request.resolver_match.view_name
    return "kept" if response.status_code < 400 else "none"
