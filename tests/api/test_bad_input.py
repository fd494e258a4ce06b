"""What cannot be asked is refused as a problem (RFC 9457) that names the parameter."""

import pytest
from django.core.exceptions import SuspiciousOperation
from django.test import RequestFactory

from cluster_portal import errors
from tests.factories.members import UniversityFactory

pytestmark = pytest.mark.django_db

URL = "/api/v1/universities/"
NUMBER = "Give a whole number from 1 to %d."
ONE_OF_KINDS = "Give one of: member, associate, seeep, industry, former."

WRONG = [
    ({"page": "0"}, "page", NUMBER % 100_000),
    ({"page": "-1"}, "page", NUMBER % 100_000),
    ({"page": "1000000000"}, "page", NUMBER % 100_000),
    ({"page": "two"}, "page", NUMBER % 100_000),
    ({"page": ""}, "page", NUMBER % 100_000),
    ({"page": "\u0661"}, "page", NUMBER % 100_000),
    ({"page": "1.0"}, "page", NUMBER % 100_000),
    ({"page": ["1", "2"]}, "page", "Give it once."),
    ({"page_size": "101"}, "page_size", NUMBER % 100),
    ({"page_size": "0"}, "page_size", NUMBER % 100),
    ({"kind": "friend"}, "kind", ONE_OF_KINDS),
    ({"kind": ["member", "friend"]}, "kind", ONE_OF_KINDS),
    ({"kind": "\x00"}, "kind", "Give at most 200 characters, and no control characters."),
    ({"q": "\x00"}, "q", "Give at most 200 characters, and no control characters."),
    ({"q": "x" * 201}, "q", "Give at most 200 characters, and no control characters."),
    ({"country": ["SE"] * 21}, "country", "Give at most 20 values."),
    ({"country": ""}, "country", "Give a value."),
    ({"doctorate": "no"}, "doctorate", "Give one of: yes."),
    *(
        ({"bbox": typed}, "bbox", "Give four numbers from -180 to 180, parted by commas: west, south, east, north. "
         "For example 5,45,15,55.")
        for typed in ["5,45,15", "a,b,c,d", "5,45,15,181", "nan,0,1,1", "5;45;15;55"]
    ),
    ({"bbox": ""}, "bbox", "Give a value."),
    ({"sort": "price"}, "sort", "Give one of: kind, name, country, founded."),
]  # fmt: skip


@pytest.mark.parametrize(("params", "field", "message"), WRONG, ids=str)
def test_wrong_value_is_refused_by_name(client, params, field, message) -> None:
    response = client.get(URL, params)

    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    assert response.json() == {
        "type": "about:blank",
        "title": "Bad Request",
        "status": 400,
        "detail": "Something in the address is wrong; see the errors.",
        "instance": URL,
        "errors": [{"field": field, "message": message}],
    }


def test_unknown_parameters_are_refused_with_the_known_ones(client) -> None:
    told = client.get(URL, {"colour": "red", "page": "0", "export": "csv"}).json()

    assert [error["field"] for error in told["errors"]] == ["colour", "page", "export"]
    assert told["errors"][0]["message"] == (
        "There is no such parameter. Known are: "
        "q, kind, country, alliance, language, tag, dual, doctorate, bbox, sort, page, page_size."
    )


@pytest.mark.parametrize("year", ["20277", "abc", "-2027", "2027.0"])
def test_year_has_four_digits_at_most(client, year) -> None:
    response = client.get("/api/v1/rounds/", {"year": year})

    assert (response.status_code, response.json()["errors"][0]["field"]) == (400, "year")


@pytest.mark.parametrize("typed", ["%", "_", "\\", "'; drop table", "  ", "🎓"])
def test_search_takes_signs_literally(client, typed) -> None:
    UniversityFactory()

    assert client.get(URL, {"q": typed}).status_code == 200


def test_page_beyond_the_last_does_not_exist(client) -> None:
    response = client.get(URL, {"page": 2})

    assert (response.status_code, response.json()["detail"]) == (404, "There is no page 2; the last one is 1.")


@pytest.mark.parametrize(
    "path", ["universities/nobody/", "universities/Ω/", "universities/%00/", "nothing/", "units/1/", "units/nothing/"]
)
def test_what_is_not_there_is_a_problem_too(client, path) -> None:
    response = client.get(f"/api/v1/{path}")

    assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")


def test_address_without_its_last_slash_leads_to_the_right_one(client) -> None:
    assert client.get("/api/v1/universities?page=1")["Location"] == "/api/v1/universities/?page=1"


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("path", ["", "kth/"])
def test_nothing_can_be_written(client, method, path) -> None:
    response = getattr(client, method)(URL + path, data="{}", content_type="application/json")

    assert (response.status_code, response["Content-Type"]) == (405, "application/problem+json")
    assert response["Allow"] == "GET, HEAD, OPTIONS"


def test_only_json_is_spoken(client) -> None:
    response = client.get(URL, headers={"Accept": "text/html"})

    assert (response.status_code, response["Content-Type"]) == (406, "application/problem+json")


def test_request_that_cannot_be_read_is_a_problem_too() -> None:
    response = errors.bad_request(RequestFactory().get(URL), SuspiciousOperation())

    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")


def test_fault_of_ours_is_a_problem_too() -> None:
    response = errors.server_error(RequestFactory().get(URL))

    assert (response.status_code, response["Content-Type"]) == (500, "application/problem+json")
