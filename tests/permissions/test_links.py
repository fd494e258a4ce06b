"""No page leads its reader to a refusal: whatever a page links to, the person who sees the page may open."""

import html
import re
from collections import deque

import pytest
from django.test import Client

from tests.permissions.addresses import walk
from tests.permissions.world import World

pytestmark = pytest.mark.django_db

START = ("/", "/dashboard/", "/search/")
# Options of the world belong to no room, so they have no page; the administration and allauth's pages are not ours.
NOT_OURS = re.compile(r"^//|^/(static|media|admin|accounts)/|^/exchange/placements/option-")
MOST_OF_A_KIND = 2  # addresses that differ in what they are about, or in the value of a filter, are one kind


def kind_of(link):
    path, _question, asked = link.partition("?")
    names = sorted({pair.partition("=")[0] for pair in asked.split("&")})
    return re.sub(r"[^/]*[-0-9][^/]*", "*", path), *names


def links_of(page, path):
    for found in re.findall(r'\shref="([^"#]+)', page):
        link = html.unescape(found)
        link = path.partition("?")[0] + link if link.startswith("?") else link
        if link.startswith("/") and not NOT_OURS.match(link):
            yield link


@pytest.mark.parametrize(
    "role", ["visitor", "student", "exchange", "director", "head", "reviewer", "secretariat", "admin"]
)
def test_every_link_leads_somewhere(role):
    world = World()
    for address in walk():
        if address.params:
            world.about(address, "own")  # one of everything is there
    client, person = Client(), world.person(role)
    if person is not None:
        client.force_login(person)
    waiting, kinds, known, refused = deque((link, "") for link in START), {}, set(START), {}

    while waiting:
        link, from_page = waiting.popleft()
        kinds[kind_of(link)] = kinds.get(kind_of(link), 0) + 1
        if kinds[kind_of(link)] > MOST_OF_A_KIND:
            continue
        response = client.get(link)
        if response.status_code >= 400:
            refused[link] = (response.status_code, from_page)
        if response.streaming or not response["Content-Type"].startswith("text/html"):
            if response.streaming:
                b"".join(response.streaming_content)  # read to its end, the file is closed
            continue
        fresh = [found for found in links_of(response.content.decode(), link) if found not in known]
        known.update(fresh)
        waiting.extend((found, link) for found in fresh)

    assert refused == {}
