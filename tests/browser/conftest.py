"""Browser tests drive Chromium against a portal of their own: real server, worker, Redis, and the demo consortium.

`page` is a visitor's tab; `signed_in("student.kth@demo.example")` opens a tab of that person. Inside a browser test
Django's models read and write the portal's database. Nothing is rolled back: a test acts with people and records that
no other test uses.
"""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from pytest_django import DjangoDbBlocker

from tests.browser import chromium
from tests.browser.running_portal import RunningPortal, running_portal
from tests.demo_database import make_demo_database
from tests.template_database import connect_to, drop_database, url_of

ARGUMENTS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
expect.set_options(timeout=20_000)  # a busy machine is no failure
PASSWORD = "demo-portal"
AXE = Path("node_modules/axe-core/axe.min.js")
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder is a browser test."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker("browser")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Remember a failure, so that the tabs take a picture before they close."""
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report


FAILED = pytest.StashKey[bool]()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium.find()
    if path is None:
        pytest.skip(chromium.ABSENT)
    # Playwright keeps an event loop in this thread; Django would take our synchronous queries for asynchronous ones.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def portal_of_session(
    browser: Browser, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Iterator[RunningPortal]:
    state_dir = tmp_path_factory.mktemp("portal")
    with django_db_blocker.unblock():
        name = make_demo_database(f"{worker_id}_browser", state_dir)
    with running_portal(database=name, database_url=url_of(name), state_dir=state_dir) as portal:
        yield portal
    with django_db_blocker.unblock():
        drop_database(name)


@pytest.fixture
def portal(portal_of_session: RunningPortal, django_db_blocker: DjangoDbBlocker) -> Iterator[RunningPortal]:
    """The running portal; models used in the test are those of its database."""
    before = connection.settings_dict["NAME"]
    with django_db_blocker.unblock():
        connect_to(portal_of_session.database)
        yield portal_of_session
        connect_to(before)


@pytest.fixture
def new_page(portal: RunningPortal, browser: Browser, request: pytest.FixtureRequest) -> Iterator[Callable[..., Page]]:
    """Opens tabs that share nothing; `new_page(color_scheme="dark")` takes Playwright's options of a context.

    At the end the test fails if a script failed, if something broke the content security policy, or if a page asked
    another server for anything.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_page(**options: object) -> Page:
        context = browser.new_context(base_url=portal.url, locale="en-GB", **options)
        context.set_default_timeout(30_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        page.on("console", lambda message: _note_refusals(message.text, complaints))
        page.on("request", lambda asked: _note_strangers(asked.url, portal.url, complaints))
        return page

    yield open_page
    pages = [page for context in contexts for page in context.pages]
    if request.node.stash.get(FAILED, False):
        _take_pictures(pages, request.node.name)
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """A visitor's tab."""
    return new_page()


@pytest.fixture
def signed_in(new_page: Callable[..., Page]) -> Callable[..., Page]:
    """Opens a tab of the demo person with this address, signed in through the page as people do."""

    def sign_in(email: str, **options: object) -> Page:
        page = new_page(**options)
        page.goto("/accounts/login/")
        page.fill("input[name=login]", email)
        page.fill("input[name=password]", PASSWORD)
        page.press("input[name=password]", "Enter")
        page.wait_for_url(lambda url: "/accounts/login" not in url)
        return page

    return sign_in


@pytest.fixture
def violations() -> Callable[..., list[str]]:
    """Asks axe what on the page breaks WCAG 2.2 AA, or `rules` alone; an empty list is what one wants."""
    program = (settings.BASE_DIR / AXE).read_text()

    def ask(page: Page, rules: list[str] | None = None) -> list[str]:
        if not page.evaluate("typeof axe !== 'undefined'"):
            page.evaluate(program)
        wanted = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": WCAG}
        options = {"runOnly": wanted, "resultTypes": ["violations"], "elementRef": False}
        found = page.evaluate("options => axe.run(document, options)", options)["violations"]
        return [f"{each['id']}: {node['html']} ({each['help']})" for each in found for node in each["nodes"]]

    return ask


def _note_refusals(text: str, complaints: list[str]) -> None:
    if "Content Security Policy" in text or "Refused to" in text:
        complaints.append(text)


def _note_strangers(asked: str, ours: str, complaints: list[str]) -> None:
    if not asked.startswith((ours, "data:", "blob:", "about:")):
        complaints.append(f"asked another server: {asked}")


def _take_pictures(pages: list[Page], test: str) -> None:
    folder = settings.STATE_DIR / "browser-failures"
    folder.mkdir(exist_ok=True)
    for number, page in enumerate(pages):
        path = folder / f"{re.sub(r'[^a-z0-9]+', '-', test.lower())}-{number}.png"
        page.screenshot(path=path, full_page=True)
        print(f"Picture of the failure: {path}")
