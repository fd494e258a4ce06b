"""The OpenAPI document says what the API does: schemathesis asks what it allows, and what it does not."""

from functools import lru_cache

import hypothesis
import pytest
import schemathesis
from django.core import signals
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from schemathesis.config import GenerationConfig, ProjectConfig, ProjectsConfig, SchemathesisConfig

import cluster_portal.urls  # noqa: F401  the resources are announced where their addresses are
from cluster_portal.api.views import document
from members.rest.registry import resources
from tests.api.rows import bare, make

EXAMPLES = 15  # made at random, beside those at the edge of each parameter
CONFIG = SchemathesisConfig(
    seed=1990,
    projects=ProjectsConfig(
        default=ProjectConfig(
            generation=GenerationConfig(deterministic=True, max_examples=EXAMPLES, with_security_parameters=False),
        )
    ),
)
schema = schemathesis.openapi.from_dict(document(), config=CONFIG)


@lru_cache(maxsize=1)
def handler():
    """Made in the first test: only then the settings are those of tests."""
    return get_wsgi_application()


def portal(environ, start_response):
    environ.setdefault("REMOTE_ADDR", "127.0.0.1")  # servers set it; without one every request would be refused
    return handler()(environ, start_response)


schema.app = portal


@pytest.fixture
def one_connection(db):
    """Requests share the connection of the test, and so its transaction, as with Django's own client."""
    ends = (signals.request_started, signals.request_finished)
    for end in ends:
        end.disconnect(close_old_connections)
    yield
    for end in ends:
        end.connect(close_old_connections)


@pytest.fixture
def rows(one_connection):
    for resource in resources():
        make(resource.resource, 2)
    bare()


@pytest.fixture
def unlimited(settings):
    settings.API_REQUESTS_A_MINUTE = dict.fromkeys(settings.API_REQUESTS_A_MINUTE, 1_000_000)


@schema.parametrize()
@hypothesis.settings(suppress_health_check=list(hypothesis.HealthCheck))
def test_api_does_what_its_document_says(case, rows, unlimited) -> None:
    answer = case.call_and_validate()

    assert answer.status_code not in (403, 503)  # what is refused as a whole says nothing of the rest


@pytest.mark.parametrize("resource", [resource.resource for resource in resources()])
def test_rows_of_which_all_is_empty_that_may_be_are_described_too(client, resource, rows, unlimited) -> None:
    listed = schema[f"/api/v1/{resource}/"]["GET"].Case(query={}, headers={}, cookies={}).call_and_validate().json()
    for row in listed["results"]:
        answer = client.get(row["url"].removeprefix("http://testserver"))
        assert answer.status_code == 200

    assert listed["results"]


def test_document_is_openapi_3_1_and_names_every_resource(client) -> None:
    told = client.get("/api/v1/schema/").json()

    assert told["openapi"] == "3.1.0"
    paths = [f"/api/v1/{resource.resource}/" for resource in resources()]
    assert [path for path in told["paths"] if "{" not in path] == paths
    assert sorted(told["components"]["securitySchemes"]) == ["cookieAuth", "token"]


def test_docs_page_names_every_parameter_and_field(client) -> None:
    page = client.get("/api/v1/docs/").content.decode()

    for name in ("page_size", "standing", "places_left", "pathways.semesters.university", "identifiers.scheme"):
        assert f"<code>{name}</code>" in page
    assert "<script" not in page.partition("<main")[2]
