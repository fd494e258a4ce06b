"""Errors of the API as problem details (RFC 9457): what is wrong, in which field, and what would be right."""

from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, JsonResponse
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.exceptions import APIException
from rest_framework.response import Response
from rest_framework.views import exception_handler

CONTENT_TYPE = "application/problem+json"


class WrongParameters(APIException):
    """The address asks for what cannot be; `wrong` maps a parameter to the sentence about it."""

    status_code = HTTPStatus.BAD_REQUEST
    default_detail = _("Something in the address is wrong; see the errors.")
    default_code = "wrong_parameters"

    def __init__(self, wrong: dict[str, Any]) -> None:
        super().__init__()
        self.wrong = wrong


class FieldErrorSerializer(serializers.Serializer):
    field = serializers.CharField(help_text="The parameter that is wrong.")
    message = serializers.CharField(help_text="What is wrong with it, and what would be right.")


class ProblemSerializer(serializers.Serializer):
    """What an error looks like (RFC 9457)."""

    type = serializers.CharField(help_text="Always `about:blank`: the status says what kind of problem it is.")
    title = serializers.CharField(help_text="The status in words.")
    status = serializers.IntegerField(help_text="The status of the answer.")
    detail = serializers.CharField(help_text="One sentence about this very problem.")
    instance = serializers.CharField(help_text="The path that was asked for.")
    errors = FieldErrorSerializer(many=True, required=False, help_text="Which parameters are wrong.")


def told(status: int, detail: Any, path: str, wrong: dict[str, Any] | None = None) -> dict[str, Any]:
    """The members of a problem; `wrong` maps fields to sentences."""
    title = HTTPStatus(status).phrase
    problem = {"type": "about:blank", "title": title, "status": int(status), "detail": str(detail), "instance": path}
    if wrong:
        problem["errors"] = [{"field": field, "message": str(message)} for field, message in wrong.items()]
    return problem


def answer(request: HttpRequest, status: int, detail: Any) -> JsonResponse:
    """A problem from outside the viewsets: an address that does not exist, a fault of ours."""
    return JsonResponse(told(status, detail, request.path), status=status, content_type=CONTENT_TYPE)


def handle(exc: Exception, context: dict[str, Any]) -> Response | None:
    """In place of the framework's own errors; keeps their headers (Allow, Retry-After, WWW-Authenticate)."""
    response = exception_handler(exc, context)
    if response is None:
        return None
    detail = response.data.get("detail", "") if isinstance(response.data, dict) else response.data[0]
    if isinstance(exc, Http404):  # Django's own words name the model
        detail = _("There is nothing here, or nothing that you may see.")
    path = context["request"].path
    response.data = told(response.status_code, detail, path, getattr(exc, "wrong", None))
    response.content_type = CONTENT_TYPE
    return response
