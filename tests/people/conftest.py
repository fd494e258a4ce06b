"""Signing in for pages that ask for the password once more."""

import time
from collections.abc import Callable

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.test import Client

from members.models import User


@pytest.fixture
def sign_in(client: Client) -> Callable[[User], Client]:
    """The client signed in as somebody who has given the password again a moment ago."""

    def signed_in(user: User) -> Client:
        client.force_login(user)
        session = client.session
        session[AUTHENTICATION_METHODS_SESSION_KEY] = [
            {"method": "password", "at": time.time(), "reauthenticated": True}
        ]
        session.save()
        return client

    return signed_in
