"""The permission matrix (design, 3.3): what is printed in docs/permissions.md is what the portal does.

`UPDATE_MATRIX=1 pytest tests/permissions` writes the page anew; read the difference before you commit it.
"""

import os

import pytest
from django.test import Client

from tests.permissions.addresses import outcome, walk
from tests.permissions.blank_pages import TEMPLATES
from tests.permissions.page import read_page, write_page
from tests.permissions.world import ROLES, World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def blank_pages(settings):
    settings.TEMPLATES = TEMPLATES


@pytest.fixture
def world():
    return World()


def rows_of(world):
    """Each address with what it is about: once for one's own university and once for another's."""
    for address in sorted(walk(), key=lambda found: (found.room, found.name)):
        if not address.params:
            yield address, "", {}
            continue
        for whose in ("own", "other"):
            yield address, whose, world.about(address, whose)


def answers_for(client, world):
    return {(address.name, whose): outcome(client, address, kwargs) for address, whose, kwargs in rows_of(world)}


@pytest.mark.parametrize("role", ROLES)
def test_portal_answers_every_role_as_printed(world, role):
    client = Client(raise_request_exception=True)
    person = world.person(role)
    if person is not None:
        client.force_login(person)

    found = answers_for(client, world)

    if os.environ.get("UPDATE_MATRIX"):
        write_page(role, found)
    assert found == read_page(role)


def test_only_printed_views_are_public():
    public = {address.name for address in walk() if not getattr(address.view, "login_required", True)}

    assert public == {name for (name, _), word in read_page("visitor").items() if word != "sign in"}
