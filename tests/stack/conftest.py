"""State folders for embedded servers.

They are not those of pytest: for root the server runs as another user, and every pytest that starts closes its own.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

from cluster_portal.stack import postgres, redis
from tests.template_database import connect_to, drop_database, make_database, url_of


@pytest.fixture
def state_dir() -> Iterator[Path]:
    """An empty state folder; servers started in it are stopped."""
    with tempfile.TemporaryDirectory(prefix="portal-state-") as folder:
        yield Path(folder)
        postgres.stop(Path(folder))
        redis.stop(Path(folder))


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """An empty database on a server that the module's tests share."""
    with tempfile.TemporaryDirectory(prefix="portal-state-") as folder:
        yield postgres.start(Path(folder))
        postgres.stop(Path(folder))


@pytest.fixture(scope="module")
def house(
    django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Iterator[dict[str, str]]:
    """A migrated database and a Redis for real processes, as their environment; models here use the same database."""
    before = connection.settings_dict["NAME"]
    with django_db_blocker.unblock(), tempfile.TemporaryDirectory(prefix="portal-state-") as folder:
        name = make_database(f"{worker_id}_processes")
        connect_to(name)
        address = redis.start(Path(folder))
        yield {"DATABASE_URL": url_of(name), "REDIS_URL": address, "STATE_DIR": folder, "DEBUG": "1", "DEMO": "0"}
        connect_to(before)
        drop_database(name)
        redis.stop(Path(folder))
