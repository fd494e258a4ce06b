"""One resource of the API: a list with the filters of its page, and each row alone."""

from datetime import UTC, datetime
from typing import Any

from django.core.paginator import EmptyPage, Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from members.lists import Catalogue
from members.rest import asking, caching


class Resource(GenericViewSet):
    """A room says the word, the catalogue, the serializer, and which rows a reader finds in the list and alone.

    `listed` is what the page of the list shows, `visible` what the page of one row shows: the same functions answer.
    """

    resource: str  # the word in its address
    label: Any  # what it is called
    catalogue: type[Catalogue]
    lookup_field = "slug"
    lookup_value_regex = "[A-Za-z0-9_-]{1,140}"
    http_method_names = ["get", "head", "options"]

    def listed(self, user: Any, now: datetime) -> QuerySet:
        """The rows of the list at `now` (aware) as `user` sees it, with all that the serializer reads."""
        raise NotImplementedError

    def visible(self, user: Any, now: datetime) -> QuerySet:
        """The rows that `user` may open at `now`, with all that the serializer reads."""
        return self.listed(user, now)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with timezone.override(UTC):  # the same moment reads the same for everybody
            return super().dispatch(request, *args, **kwargs)

    def list(self, request: Request) -> Response:
        asked = asking.read(request, self.catalogue, self.listed(request.user, timezone.now()))
        page = _page(asked)
        serializer = self.get_serializer(page.object_list, many=True)
        return Response(_envelope(request, page, serializer.data))

    def retrieve(self, request: Request, **kwargs: str) -> Response:
        row = get_object_or_404(self.visible(request.user, timezone.now()), **kwargs)
        return Response(self.get_serializer(row).data)

    def options(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Which methods there are; what they take stands in the schema."""
        return Response(status=204)

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        response = super().finalize_response(request, response, *args, **kwargs)
        if response.status_code == 200:
            caching.keep(response, request.user)
            response.add_post_render_callback(lambda rendered: caching.revalidated(request, rendered))
        else:
            response["Cache-Control"] = "no-store"
        return response


def _page(asked: asking.Asked) -> Page:
    paginator = Paginator(asked.filterset.rows, asked.page_size)
    try:
        return paginator.page(asked.page)
    except EmptyPage as beyond:
        words = {"page": asked.page, "last": paginator.num_pages}
        raise NotFound(_("There is no page %(page)d; the last one is %(last)d.") % words) from beyond


def _envelope(request: Request, page: Page, rows: list[Any]) -> dict[str, Any]:
    return {
        "count": page.paginator.count,
        "page": page.number,
        "pages": page.paginator.num_pages,
        "page_size": page.paginator.per_page,
        "next": _address(request, page.number + 1) if page.has_next() else None,
        "previous": _address(request, page.number - 1) if page.has_previous() else None,
        "results": rows,
    }


def _address(request: Request, number: int) -> str:
    params = request.query_params.copy()
    params["page"] = number
    return request.build_absolute_uri(f"{request.path}?{params.urlencode()}")
