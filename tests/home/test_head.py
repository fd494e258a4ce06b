"""HEAD, as monitors and link checkers ask: the same head, and nothing of the body leaves Django."""

import pytest
from django.core.wsgi import get_wsgi_application
from django.test import RequestFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "path", ["/", "/universities/", "/healthz", "/api/v1/universities/", "/universities/?export=csv"]
)
def test_head_has_the_length_and_no_body(client, path) -> None:
    got = client.get(path)

    answer = get_wsgi_application().get_response(RequestFactory().head(path))

    assert (answer.status_code, answer["Content-Type"]) == (200, got["Content-Type"])
    assert b"".join(answer) == b""
    if not answer.streaming:
        assert int(answer["Content-Length"]) > 0
