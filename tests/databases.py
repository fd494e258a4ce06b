"""A pytest plugin, loaded before the settings: the databases are up for every run, however pytest was called.

It also says which tests stay together on one xdist worker.

The first process of a run starts them (or joins those that run); the xdist workers inherit its environment.
"""

import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

from cluster_portal.stack.databases import databases
from cluster_portal.stack.environment import environment, state_dir

while_tests_run = ExitStack()
SHARING_WHAT_IS_DEAR = {  # what starts so belongs to the group behind it, and a group stays on one worker
    "tests/browser/": "demo",  # a running portal with the demo consortium
    "tests/house/test_demo.py": "demo",  # the same group: nobody waits while another worker loads the demo
    "tests/stack/test_backup.py": "backup",
    "tests/stack/test_two_of_each.py": "two of each",
}


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests() -> Iterator[None]:
    """A wrapper, because only wrappers run before pytest-django reads the settings."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends like Ctrl-C: what was started is stopped
        state = state_dir()
        urls = while_tests_run.enter_context(databases(state))
        os.environ.update(environment(state, urls))
        os.environ.setdefault("HTTPS", "0")  # the test client speaks http
    try:
        return (yield)
    except BaseException:  # settings that cannot be read: nothing will run, and nobody else would close
        while_tests_run.close()
        raise


def pytest_unconfigure() -> None:
    while_tests_run.close()


class SharingScheduling(LoadScopeScheduling):
    """Any worker takes the next test; those that share what is dear to make go to one worker, and go first."""

    def _split_scope(self, nodeid: str) -> str:
        groups = (group for start, group in SHARING_WHAT_IS_DEAR.items() if nodeid.startswith(start))
        return next(groups, nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> SharingScheduling:
    return SharingScheduling(config, log)
