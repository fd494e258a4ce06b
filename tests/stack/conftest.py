"""State folders for embedded servers.

They are not those of pytest: for root the server runs as another user, and every pytest that starts closes its own.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from cluster_portal.stack import postgres, redis


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
