"""python -m bench.jobs WHAT NUMBER TOLD: one long act in a process of its own; prints seconds and memory as JSON."""

import io
import json
import os
import resource
import sys
import time
from collections.abc import Callable
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cluster_portal.settings")

import django

django.setup()

from aiosmtpd.controller import Controller
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from applications.actions import release_round
from applications.models import Round
from cluster_portal.stack.redis import free_port
from exchange.actions import apply_import
from exchange.actions.importing import read_file
from members.models import University, User
from notifications.delivering import deliver_batch
from notifications.models import Delivery

ROWS_A_SHEET = 500


def release(size: int, told: dict[str, Any]) -> None:
    round, officer = Round.objects.get(slug=told["round"]), User.objects.get(email=told["officer"])
    released = release_round(round=round, by=officer, now=timezone.now())
    _expect(released, size)


class Sink:
    """A mail server that says yes and keeps nothing."""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 the name is aiosmtpd's
        return "250 OK"


def notices(size: int, told: dict[str, Any]) -> None:
    from django.conf import settings

    controller = Controller(Sink(), hostname="127.0.0.1", port=free_port())
    controller.start()
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", controller.port
    try:
        while deliver_batch(timezone.now())["sent"]:
            pass
    finally:
        controller.stop()
    _expect(Delivery.objects.filter(state=Delivery.State.SENT).count(), size)


def imports(size: int, told: dict[str, Any]) -> None:
    officer, done = User.objects.get(email=told["officer"]), 0
    for number, slug in enumerate(told["hosts"]):
        university = University.objects.get(slug=slug)
        sheet = read_file(university=university, file=_sheet(number), by=officer)
        apply_import(read=sheet, only_good=False, by=officer, now=timezone.now())
        done += ROWS_A_SHEET
    _expect(done, size)


def _sheet(number: int) -> SimpleUploadedFile:
    year = timezone.now().year + 1
    lines = io.StringIO()
    lines.write("title,academic_year,term,level,field,places,languages\n")
    for row in range(ROWS_A_SHEET):
        lines.write(f"Engineering {number}-{row},{year},autumn,master,0714,3,en\n")
    return SimpleUploadedFile(f"places-{number}.csv", lines.getvalue().encode())


def _expect(found: int, wanted: int) -> None:
    if found != wanted:
        raise SystemExit(f"{found} were done and {wanted} should have been: the figure would mean nothing.")


JOBS: dict[str, Callable[[int, dict[str, Any]], None]] = {"release": release, "notices": notices, "imports": imports}

if __name__ == "__main__":
    began = time.perf_counter()
    JOBS[sys.argv[1]](int(sys.argv[2]), json.loads(sys.argv[3]))
    took = time.perf_counter() - began
    print(json.dumps({"seconds": took, "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
