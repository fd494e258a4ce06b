"""How the API speaks HTTP: conditional requests, who may keep what, other sites, limits, HEAD and OPTIONS."""

import pytest

from members.rest import limits
from tests.factories.members import ContactFactory, MandateFactory, UniversityFactory, UserFactory

pytestmark = pytest.mark.django_db

URL = "/api/v1/universities/"
ELSEWHERE = "https://elsewhere.example"


@pytest.mark.parametrize("path", [URL, f"{URL}kth/", "/api/v1/schema/", "/api/v1/"])
def test_what_did_not_change_is_not_sent_again(client, path) -> None:
    UniversityFactory(slug="kth")
    first = client.get(path)

    again = client.get(path, headers={"If-None-Match": first["ETag"]})
    other = client.get(path, headers={"If-None-Match": '"something else"'})

    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert (other.status_code, other.content) == (200, first.content)


def test_etag_changes_with_what_is_told(client) -> None:
    university = UniversityFactory(slug="kth")
    before = client.get(URL)["ETag"]
    ContactFactory(university=university)

    assert client.get(URL, headers={"If-None-Match": before}).status_code == 200


def test_etag_of_one_reader_is_not_that_of_another(client) -> None:
    ContactFactory(university__slug="kth", audience="members")
    visitors = client.get(URL + "kth/")["ETag"]
    client.force_login(UserFactory())

    response = client.get(URL + "kth/", headers={"If-None-Match": visitors})

    assert response.status_code == 200
    assert len(response.json()["contacts"]) == 1


def test_anybody_may_keep_what_a_visitor_got_and_nobody_else_what_a_person_got(client) -> None:
    visitor = client.get(URL)
    client.force_login(MandateFactory(secretariat=True, role="secretariat").person)
    person = client.get(URL)

    assert visitor["Cache-Control"] == "public, max-age=60"
    assert person["Cache-Control"] == "private, no-cache"
    assert {"Accept", "Authorization", "Cookie", "origin"} <= set(visitor["Vary"].split(", "))
    assert client.get(URL, {"page": 0})["Cache-Control"] == "no-store"


def test_head_is_get_without_content(client) -> None:
    UniversityFactory()
    get, head = client.get(URL), client.head(URL)

    assert (head.status_code, head.content) == (200, b"")
    assert (head["ETag"], head["Content-Type"]) == (get["ETag"], get["Content-Type"])


@pytest.mark.parametrize("path", ["", "kth/"])
def test_options_says_what_there_is(client, path) -> None:
    response = client.options(URL + path)

    assert (response.status_code, response.content, response["Allow"]) == (204, b"", "GET, HEAD, OPTIONS")


# other sites


def test_other_sites_may_read_without_cookies(client) -> None:
    response = client.get(URL, headers={"Origin": ELSEWHERE})

    assert response["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in response
    assert "ETag" in response["Access-Control-Expose-Headers"]


def test_other_sites_may_ask_first(client) -> None:
    asked = {"Origin": ELSEWHERE, "Access-Control-Request-Method": "GET"}
    response = client.options(URL, headers=asked | {"Access-Control-Request-Headers": "authorization"})

    assert response.status_code == 200
    assert response["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert "authorization" in response["Access-Control-Allow-Headers"]


def test_other_sites_read_nothing_but_the_api(client) -> None:
    assert "Access-Control-Allow-Origin" not in client.get("/universities/", headers={"Origin": ELSEWHERE})


# limits


@pytest.fixture
def two_a_minute(settings, monkeypatch):
    settings.API_REQUESTS_A_MINUTE = {"visitor": 2, "person": 3, "token": 4}
    monkeypatch.setattr(limits.time, "time", lambda: 1_000_000_030.0)  # ten seconds into a minute


def test_too_many_requests_say_when_to_come_back(client, two_a_minute) -> None:
    answers = [client.get(URL) for _ in range(3)]

    assert [response.status_code for response in answers] == [200, 200, 429]
    assert (answers[2]["Retry-After"], answers[2]["Content-Type"]) == ("50", "application/problem+json")


def test_each_reader_has_a_count_of_their_own(client, two_a_minute) -> None:
    for _ in range(3):
        client.get(URL)
    client.force_login(UserFactory())

    assert [client.get(URL).status_code for _ in range(4)] == [200, 200, 200, 429]
    client.logout()
    assert client.get(URL, REMOTE_ADDR="192.0.2.7").status_code == 200
