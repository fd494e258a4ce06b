"""Signing in with a university's account, against a small OpenID Connect server on this machine."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.account.models import EmailAddress
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse

from cluster_portal.university_sign_in import form_targets, origin, providers
from members.models import StudentProfile, User
from tests.factories.members import EmailDomainFactory, UniversityFactory, UserFactory

pytestmark = pytest.mark.django_db
CLAIMS = {
    "sub": "ida-at-kth", "email": "ida@uni.example", "email_verified": True, "given_name": "Ida", "family_name": "Ek",
}  # fmt: skip


class OfTheUniversity(BaseHTTPRequestHandler):
    """What the portal asks of it: its description, a token for the code "right", and who that is."""

    def do_GET(self):
        here = f"http://{self.headers['Host']}"
        paths = ("authorization", "token", "userinfo", "jwks")
        described = {f"{path}_endpoint": f"{here}/{path}" for path in paths} | {"issuer": here, "jwks_uri": here}
        self._answer(CLAIMS if self.path == "/userinfo" else described)

    def do_POST(self):
        asked = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        right = asked["code"] == ["right"]
        self._answer({"access_token": "t", "token_type": "bearer"} if right else {"error": "invalid_grant"},
                     200 if right else 400)  # fmt: skip

    def _answer(self, content, status=200):
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(content).encode())

    def log_message(self, *args):
        """Quiet."""


@pytest.fixture(scope="module")
def server():
    listening = HTTPServer(("127.0.0.1", 0), OfTheUniversity)
    threading.Thread(target=listening.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{listening.server_port}"
    listening.shutdown()
    listening.server_close()


@pytest.fixture
def configured(settings, server):
    settings.SOCIALACCOUNT_PROVIDERS = providers(server=server, client_id="portal", secret="s", name="KTH account")
    return server


def come_back(client, code="right"):
    """Press the button, sign in over there, come back with `code`."""
    sent = client.post("/accounts/oidc/university/login/")
    state = parse_qs(urlsplit(sent["Location"]).query)["state"][0]
    return client.get("/accounts/oidc/university/login/callback/", {"state": state, "code": code}, follow=True)


def test_nothing_of_it_shows_while_it_is_not_configured(client):
    page = client.get(reverse("account_login")).content.decode()

    assert "account of your university" not in page
    assert client.post("/accounts/oidc/university/login/").status_code == 404


def test_button_leads_to_the_university_with_a_proof_key(client, configured):
    page = client.get(reverse("account_login")).content.decode()

    sent = client.post("/accounts/oidc/university/login/")

    address = urlsplit(sent["Location"])
    assert "KTH account" in page
    assert f"{address.scheme}://{address.netloc}{address.path}" == f"{configured}/authorization"
    assert parse_qs(address.query)["code_challenge_method"] == ["S256"]


def test_first_visit_asks_why_one_is_here_and_ties_the_student(client, configured):
    university = UniversityFactory(member=True)
    EmailDomainFactory(university=university, domain="uni.example")

    form = come_back(client).context["form"]
    typed = {"email": "ida@uni.example", "given_name": "Ida", "family_name": "Ek", "joined_as": "student"}
    client.post(reverse("socialaccount_signup"), typed)

    person = User.objects.get(email="ida@uni.example")
    assert (form["given_name"].value(), form["family_name"].value()) == ("Ida", "Ek")
    assert EmailAddress.objects.get(user=person).verified is True
    assert StudentProfile.objects.get(user=person).university == university


def test_a_member_of_staff_gets_an_account_and_no_rights(client, configured):
    come_back(client)

    typed = {"email": "ida@uni.example", "given_name": "Ida", "family_name": "Ek", "joined_as": "staff"}
    client.post(reverse("socialaccount_signup"), typed)

    person = User.objects.get(email="ida@uni.example")
    assert (person.mandates.count(), StudentProfile.objects.count(), person.is_staff) == (0, 0, False)


def test_second_visit_asks_nothing(client, configured):
    come_back(client)
    typed = {"email": "ida@uni.example", "given_name": "Ida", "family_name": "Ek", "joined_as": "staff"}
    client.post(reverse("socialaccount_signup"), typed)
    client.logout()

    page = come_back(client)

    assert page.wsgi_request.user == User.objects.get(email="ida@uni.example")


def test_it_opens_nobody_elses_account(client, configured):
    """Who has the address already signs in first and ties the two; the claim of a server alone is no key."""
    UserFactory(email="ida@uni.example", verified=True)

    page = come_back(client)

    assert page.wsgi_request.user.is_authenticated is False


def test_a_wrong_code_is_told_in_our_words(client, configured):
    page = come_back(client, code="wrong")

    assert "That did not work" in page.content.decode()
    assert User.objects.count() == 0


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"client_id": ""}, "OIDC_SERVER needs OIDC_CLIENT_ID and OIDC_CLIENT_SECRET beside it."),
        ({"secret": ""}, "OIDC_SERVER needs OIDC_CLIENT_ID and OIDC_CLIENT_SECRET beside it."),
        ({"server": "login.kth.se"}, "OIDC_SERVER is not an address: 'login.kth.se'"),
    ],
)
def test_half_a_configuration_stops_the_start(given, sentence):
    whole = {"server": "https://login.kth.example", "client_id": "portal", "secret": "s", "name": "KTH"}

    with pytest.raises(ImproperlyConfigured, match=sentence):
        providers(**(whole | given))


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("https://login.kth.example/realms/x", "https://login.kth.example"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("javascript:alert(1)", ""),
        ("", ""),
    ],
)
def test_origin(address, found):
    assert origin(address) == found


def test_forms_may_lead_to_the_server_and_the_chooser():
    assert form_targets("https://a.example/x", ["https://b.example", "", "nonsense"]) == [
        "https://a.example", "https://b.example",
    ]  # fmt: skip
