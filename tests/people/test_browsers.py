"""Sessions are named as people name their browsers."""

import pytest
from django.urls import reverse

from members.browsers import in_words
from tests.factories.members import DEMO_PASSWORD, UserFactory

WEBKIT = "AppleWebKit/605.1.15 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox 140 on Windows"),
        (f"Mozilla/5.0 (X11; Linux x86_64) {WEBKIT} Chrome/141.0.0.0 Safari/537.36", "Chrome 141 on Linux"),
        (f"Mozilla/5.0 (Windows NT 10.0) {WEBKIT} Chrome/141.0 Safari/537.36 Edg/141.0", "Edge 141 on Windows"),
        (
            f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {WEBKIT} Version/18.5 Safari/605.1.15",
            "Safari 18 on macOS",
        ),
        (
            f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) {WEBKIT} Version/18.5 Mobile/15E148 Safari/604.1",
            "Safari 18 on iPhone",
        ),
        (f"Mozilla/5.0 (Linux; Android 15) {WEBKIT} Chrome/141.0 Mobile Safari/537.36", "Chrome 141 on Android"),
        ("curl/8.5.0", "curl"),
        ("", "unknown program"),
    ],
)
def test_browser_in_words(sent, said):
    assert in_words(sent) == said


@pytest.mark.django_db
def test_the_page_names_the_browser(client):
    me = UserFactory(verified=True)
    sent = {"user-agent": "Mozilla/5.0 (X11; Linux) Firefox/140.0"}
    client.post(reverse("account_login"), {"login": me.email, "password": DEMO_PASSWORD}, headers=sent)

    html = client.get(reverse("usersessions_list")).content.decode()

    assert ("Firefox 140 on Linux" in html, "Mozilla" in html) == (True, False)
