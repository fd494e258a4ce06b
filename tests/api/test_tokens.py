"""Tokens: a program acts in a person's name, within the token's scope and the person's own permissions."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone
from django.utils.formats import date_format

from members.actions.tokens import MOST_TOKENS, make_token, revoke_token
from members.acts import Refused
from members.models import Act, ApiToken
from members.personal_data import all_holdings
from tests.factories.members import ApiTokenFactory, ContactFactory, UserFactory, person_as
from tests.factories.programmes import programme_between

pytestmark = pytest.mark.django_db

URL = "/api/v1/universities/"


def with_token(client, secret, url=URL, **params):
    return client.get(url, params, headers={"Authorization": f"Bearer {secret}"})


def made(user=None, **fields):
    wanted = {"name": "Website", "scopes": ["universities:read"], "lasts": timedelta(days=30), "now": timezone.now()}
    return make_token(user=user or UserFactory(), **wanted | fields)


def test_made_token_reads_in_the_persons_name(client) -> None:
    ContactFactory(audience="members")
    _token, secret = made()

    response = with_token(client, secret)

    assert len(response.json()["results"][0]["contacts"]) == 1
    assert response["Cache-Control"] == "private, no-cache"


def test_the_secret_is_stored_nowhere() -> None:
    token, secret = made()
    row = ApiToken.objects.filter(pk=token.pk).values().get()

    assert secret.startswith("cluster_")
    assert [value for value in row.values() if isinstance(value, str) and secret[12:] in value] == []
    assert secret.startswith(token.hint)
    assert secret[12:] not in str(Act.objects.about(token).get().details)


@pytest.mark.parametrize(
    ("traits", "reason"),
    [
        ({"expired": True}, "This token expired on {expired}."),
        ({"revoked": True}, "This token was revoked on {today}."),
        ({"user__is_active": False}, "The account of this token is closed."),
    ],
    ids=["expired", "revoked", "closed account"],
)
def test_dead_token_is_refused_with_its_reason(client, traits, reason) -> None:
    ApiTokenFactory(secret="cluster_dead", **traits)
    now = timezone.now()
    days = {"expired": date_format(now - timedelta(days=10), "j F Y"), "today": date_format(now, "j F Y")}

    response = with_token(client, "cluster_dead")

    assert (response.status_code, response.json()["detail"]) == (401, reason.format(**days))
    assert response["WWW-Authenticate"] == 'Bearer realm="api"'


@pytest.mark.parametrize(
    "header",
    ["Bearer cluster_unknown", "Bearer", "Bearer a b", "Basic dXNlcjpwdw==", "Bearer schlüssel", "Bearer \x00"],
)
def test_what_is_no_token_is_refused_also_where_visitors_read(client, header) -> None:
    response = client.get(URL, headers={"Authorization": header})

    assert (response.status_code, response["Content-Type"]) == (401, "application/problem+json")


def test_token_reads_only_what_it_was_made_for(client) -> None:
    ApiTokenFactory(secret="cluster_mine", scopes=["rounds:read", "units:read"])

    refused = with_token(client, "cluster_mine")

    assert (refused.status_code, refused.json()["detail"]) == (
        403,
        "This token lacks the scope universities:read; it has rounds:read, units:read.",
    )
    assert with_token(client, "cluster_mine", "/api/v1/units/").status_code == 200


def test_token_sees_no_more_than_its_person(client) -> None:
    draft = programme_between(state="draft")
    director = person_as("director", draft.coordinator)
    ApiTokenFactory(secret="cluster_own", user=director, scopes=["programmes:read"])
    ApiTokenFactory(secret="cluster_foreign", user=person_as("director"), scopes=["programmes:read"])
    url = f"/api/v1/programmes/{draft.slug}/"

    assert with_token(client, "cluster_own", url).status_code == 200
    assert with_token(client, "cluster_foreign", url).status_code == 404


def test_last_use_is_written_at_most_every_five_minutes(client, django_assert_num_queries) -> None:
    token = ApiTokenFactory(secret="cluster_mine")
    with_token(client, "cluster_mine")
    first = ApiToken.objects.get(pk=token.pk).last_used_at

    # the token; whether its person is the secretariat (mandates, Django's permissions of the account and its groups);
    # the count and the rows
    with django_assert_num_queries(6):
        with_token(client, "cluster_mine")

    assert ApiToken.objects.get(pk=token.pk).last_used_at == first
    assert ApiToken.objects.filter(pk=token.pk).used(first + timedelta(minutes=6)) == 1


# making and revoking


def test_revoked_token_ends_at_once(client) -> None:
    token, secret = made()
    revoke_token(token=token, by=token.user, now=timezone.now())

    assert with_token(client, secret).status_code == 401
    assert [act.kind for act in Act.objects.about(token).order_by("pk")] == ["token.made", "token.revoked"]


def test_token_is_revoked_once() -> None:
    token = ApiTokenFactory(revoked=True)

    with pytest.raises(Refused, match="revoked already"):
        revoke_token(token=token, by=token.user, now=timezone.now())


def test_name_is_free_again_after_revoking() -> None:
    token, _secret = made()
    with pytest.raises(Refused, match="You have a token of this name"):
        made(token.user)

    revoke_token(token=token, by=token.user, now=timezone.now())

    assert made(token.user)[0].name == token.name


def test_nobody_has_more_tokens_than_one_can_watch() -> None:
    user = UserFactory()
    ApiTokenFactory.create_batch(MOST_TOKENS, user=user)

    with pytest.raises(Refused, match="You have 20 tokens"):
        made(user)


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("a_token_may_read_something", {"scopes": []}),
        ("a_token_expires_after_it_was_made", {"expires_at": timezone.now() - timedelta(days=1)}),
    ],
)
def test_database_refuses(constraint, fields) -> None:
    with pytest.raises(IntegrityError, match=constraint):
        ApiTokenFactory(**fields)


def test_database_refuses_a_name_twice() -> None:
    token = ApiTokenFactory()

    with pytest.raises(IntegrityError, match="one_token_of_a_name"):
        ApiTokenFactory(user=token.user, name=token.name)


def test_erasing_a_person_ends_their_tokens(client) -> None:
    token = ApiTokenFactory(secret="cluster_mine")
    holding = next(found for found in all_holdings() if found.key == "api-tokens")

    assert [row["name"] for row in holding.rows(token.user)] == [token.name]
    assert holding.erase(token.user, timezone.now()) == 1
    assert with_token(client, "cluster_mine").status_code == 401
