"""The page of one's API tokens: shown once, made after giving the password again, revoked for good."""

import re

import pytest
from django.urls import reverse

from members.models import ApiToken
from tests.factories.members import ApiTokenFactory, UserFactory, person_as

pytestmark = pytest.mark.django_db

LIST, ADD = "/people/api-tokens/", "/people/api-tokens/add/"
NO_CHOICE = "Select a valid choice. %s is not one of the available choices."
WANTED = {"name": "Website", "scopes": ["universities:read", "rounds:read"], "days": "90"}


@pytest.fixture
def person(sign_in):
    """Somebody who gave the password a moment ago."""
    user = UserFactory()
    sign_in(user)
    return user


def test_token_is_shown_once_and_works(client, person) -> None:
    shown = client.post(ADD, WANTED)

    secret = re.search(r'<code id="secret">(cluster_[\w-]+)</code>', shown.content.decode())[1]
    assert "no-store" in shown["Cache-Control"]
    listed = client.get(LIST).content.decode()
    assert secret not in listed
    assert secret[:12] in listed
    client.logout()
    assert client.get("/api/v1/rounds/", headers={"Authorization": f"Bearer {secret}"}).status_code == 200


def test_sending_the_form_twice_makes_one_token(client, person) -> None:
    client.post(ADD, WANTED)

    again = client.post(ADD, WANTED)

    assert "You have a token of this name" in again.content.decode()
    assert ApiToken.objects.filter(user=person).count() == 1


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"name": ""}, "name", "This field is required."),
        ({"name": "x" * 61}, "name", "Ensure this value has at most 60 characters (it has 61)."),
        ({"scopes": []}, "scopes", "Choose at least one."),
        ({"scopes": ["all:write"]}, "scopes", NO_CHOICE % "all:write"),
        ({"days": "4000"}, "days", NO_CHOICE % "4000"),
    ],
    ids=["no name", "long name", "no scope", "unknown scope", "too long"],
)  # fmt: skip
def test_wrong_value_is_told_at_its_field_and_nothing_typed_is_lost(client, person, changes, field, message) -> None:
    form = client.post(ADD, WANTED | changes).context["form"]

    assert form.errors == {field: [message]}
    assert form["name"].value() == (WANTED | changes)["name"]


def test_making_one_asks_for_the_password_again(client) -> None:
    client.force_login(UserFactory())

    assert client.get(ADD)["Location"].startswith("/accounts/reauthenticate/")


def test_revoking_asks_first_and_then_holds(client) -> None:
    token = ApiTokenFactory()
    client.force_login(token.user)
    url = reverse("people:token_revoke", args=[token.reference])

    assert f"Revoke “{token.name}”?" in client.get(url).content.decode()
    assert client.post(url)["Location"] == LIST
    assert "revoked already" in client.post(url, follow=True).content.decode()

    token.refresh_from_db()
    assert token.revoked_at is not None


def test_tokens_of_others_are_not_there(client) -> None:
    token = ApiTokenFactory()
    client.force_login(person_as("official"))

    assert token.hint not in client.get(LIST).content.decode()
    assert client.post(reverse("people:token_revoke", args=[token.reference])).status_code == 404


@pytest.mark.parametrize("tokens", [1, 3])
def test_token_list_query_count(client, django_assert_num_queries, tokens) -> None:
    user = UserFactory()
    ApiTokenFactory.create_batch(tokens, user=user)
    client.force_login(user)

    with django_assert_num_queries(4):  # person, tokens, unread notices, mandates
        client.get(LIST)


@pytest.mark.ignore_template_errors
def test_secretariat_sees_who_has_keys_but_never_a_key(client) -> None:
    token = ApiTokenFactory(secret="cluster_abcdwxyz")
    client.force_login(UserFactory(administrator=True))

    page = client.get(reverse("admin:members_apitoken_changelist")).content.decode()

    assert (token.hint in page, token.user.get_full_name() in page) == (True, True)
    assert token.digest not in client.get(reverse("admin:members_apitoken_change", args=[token.pk])).content.decode()
    assert "cluster_abcdwxyz" not in page


@pytest.mark.ignore_template_errors
def test_secretariat_revokes_in_the_administration(client) -> None:
    token = ApiTokenFactory()
    client.force_login(UserFactory(administrator=True))
    chosen = {"action": "revoke_chosen", "_selected_action": [token.pk], "confirmed": "yes"}

    client.post(reverse("admin:members_apitoken_changelist"), chosen)

    token.refresh_from_db()
    assert token.revoked_at is not None
