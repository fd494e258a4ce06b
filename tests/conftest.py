"""What every test stands on: a database of its own, settings that suit tests, an empty cache."""

from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import connection
from django.test import override_settings
from pytest_django import DjangoDbBlocker
from zeal import constants, patch

from cluster_portal.celery import app as celery_app
from members.searching import installing
from tests.template_database import connect_to, drop_database, make_database

MEMORY = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}  # each process has its own
LOCKED_ROW_BY_ROW = ("policy.Event", "applications.Application")  # by `hold`, once more in every act within an act
SETTINGS = {
    "CACHES": {"default": MEMORY, "sessions": MEMORY, "pages": MEMORY, "near": MEMORY},
    "REMEMBER_LISTS": False,  # a page's queries are counted as if nobody had asked before
    "MIDDLEWARE": ["zeal.middleware.zeal_middleware", *settings.MIDDLEWARE],
    "ZEAL_NPLUSONE_THRESHOLD": 3,  # a row read before an act and after it is no loop
    "ZEAL_ALLOWLIST": [{"model": model, "field": "get()"} for model in LOCKED_ROW_BY_ROW],
    "PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"],  # signing in costs nothing
}
constants.initialize_app_registry()
patch.patch()  # from here on a request that asks the database the same thing row by row is an error
hypothesis.settings.register_profile("portal", deadline=None)  # a busy machine is no failure
hypothesis.settings.load_profile("portal")
PLAIN_STATIC_FILES = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # nothing to collect first


@pytest.fixture(autouse=True, scope="session")
def settings_of_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    storages = {**settings.STORAGES, "staticfiles": PLAIN_STATIC_FILES}
    jobs_run_at_once = {"task_always_eager": True, "task_eager_propagates": True}
    celery_app.conf.update(jobs_run_at_once)
    folders = {"MEDIA_ROOT": tmp_path_factory.mktemp("files"), "STATIC_ROOT": str(tmp_path_factory.mktemp("static"))}
    with override_settings(**SETTINGS, STORAGES=storages, **folders):
        yield


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_blocker: DjangoDbBlocker, worker_id: str
) -> Iterator[None]:
    """In place of pytest-django's: copy the migrated template instead of migrating anew in every process."""
    outside = connection.settings_dict["NAME"]
    with django_db_blocker.unblock():
        name = make_database(worker_id)
        connect_to(name)
        installing.install()  # the template knows migrations only; kinds of search change without one
    yield
    with django_db_blocker.unblock():
        connect_to(outside)
        drop_database(name)


@pytest.fixture(autouse=True)
def empty_cache() -> Iterator[None]:
    """Rate limits and cached fragments of one test do not reach the next."""
    yield
    cache.clear()


@pytest.fixture
def row_by_row(settings: Any) -> None:
    """For tests of sheets in the administration: django-import-export looks up each row of a sheet by itself."""
    settings.ZEAL_ALLOWLIST = [{"model": "*"}]


@pytest.fixture(autouse=True)
def known_content_types(request: pytest.FixtureRequest) -> None:
    """Django reads a model's content type once per process; a count of queries must not depend on who was first."""
    if {"db", "transactional_db"} & {*request.fixturenames} or request.node.get_closest_marker("django_db"):
        request.getfixturevalue("_django_db_helper")
        ContentType.objects.get_for_models(*apps.get_models())


@pytest.fixture(autouse=True)
def unknown_names_cost_nothing(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where an unknown name in a template is no error, nobody looks for the template it stands in.

    pytest-django walks the whole stack for it even then, and pages of the administration have dozens: half of the time
    that the tests of a room with an administration took.
    """
    if request.node.get_closest_marker("ignore_template_errors"):
        watch = settings.TEMPLATES[0]["OPTIONS"]["string_if_invalid"]
        monkeypatch.setattr(watch, "_get_origin", lambda: None)
