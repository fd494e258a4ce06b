"""Signing in for pages that ask for the password once more."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from members.models import User
from tests.factories.members import DEMO_PASSWORD


@pytest.fixture
def sign_in(client: Client) -> Callable[[User], Client]:
    """The client signed in as somebody who has given the password again a moment ago."""

    def signed_in(user: User) -> Client:
        client.force_login(user)
        client.post(reverse("account_reauthenticate"), {"password": DEMO_PASSWORD})
        return client

    return signed_in
