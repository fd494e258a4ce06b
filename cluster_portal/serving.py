"""How gunicorn serves the portal: `gunicorn --config=python:cluster_portal.serving cluster_portal.wsgi`.

What is not named here comes from gunicorn's own arguments and variables (`--bind`, WEB_CONCURRENCY). SIGTERM closes the
door to new requests and lets those that run come to their end, `graceful_timeout` seconds long.
"""

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

METRICS_FOLDER = "PROMETHEUS_MULTIPROC_DIR"  # the name that prometheus_client looks for when it is imported

worker_class = "gthread"
threads = int(os.environ.get("WEB_THREADS") or 4)
timeout = 60  # seconds; a process that answers nothing for so long is started anew
graceful_timeout = int(os.environ.get("WEB_STOP_SECONDS") or 30)
limit_request_line = 8190  # the most that gunicorn reads: a list narrowed by many facets has a long address
accesslog = "-"
control_socket_disable = True
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 a heartbeat must not wait for a disk


def on_starting(server: Any) -> None:
    """The processes of one server write their figures into one folder, of which `/metrics` makes one answer."""
    os.environ[METRICS_FOLDER] = tempfile.mkdtemp(prefix="portal-metrics-")


def child_exit(server: Any, worker: Any) -> None:
    """What an ended process counted stays counted; what it only held at the moment goes with it."""
    from prometheus_client import multiprocess

    multiprocess.mark_process_dead(worker.pid)


def on_exit(server: Any) -> None:
    shutil.rmtree(os.environ[METRICS_FOLDER], ignore_errors=True)
