"""Bring a database to the state the portal needs: tables, reference data, and the demo consortium the first time.

Reference data is loaded again only when its files change; the demo consortium never, so that what people typed stays.
"""

import os

import django
from django.conf import settings
from django.core.management import call_command

from cluster_portal.stack.memory import digest_of_reference_data, digest_of_tables, recall, remember


def prepare() -> None:
    """Runs in a process of its own, with the environment of the portal."""
    url = os.environ["DATABASE_URL"]
    django.setup()
    done = recall(url)
    _migrate(url)
    if not settings.DEBUG:
        call_command("collectstatic", verbosity=0, interactive=False)
    if done.get("reference") != digest_of_reference_data():
        _load_reference_data(url)
    if settings.DEMO and "demo" not in done:
        _load_demo(url)


def _migrate(url: str) -> None:
    _say("Bringing the tables up to date")
    call_command("migrate", verbosity=0, interactive=False)
    remember(url, "tables", digest_of_tables())


def _load_reference_data(url: str) -> None:
    _say("Loading the reference data")
    call_command("load_reference_data", verbosity=0)
    remember(url, "reference", digest_of_reference_data())


def _load_demo(url: str) -> None:
    _say("Loading the demo consortium; this happens once and takes a minute or two")
    call_command("load_demo", verbosity=0)
    remember(url, "demo", "loaded")


def _say(text: str) -> None:
    print(text, flush=True)
