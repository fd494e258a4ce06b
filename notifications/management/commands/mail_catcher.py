"""`manage.py mail_catcher`: catch what the portal mails, until it is stopped."""

import signal
import threading
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from notifications.catching import LARGEST_MAIL, Catcher

HOST = "127.0.0.1"


class Command(BaseCommand):
    help = "Receives the portal's e-mails on MAIL_CATCHER_PORT and keeps them for the secretariat; only with DEMO."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("The mail catcher runs only in the demo (DEMO=1).")
        try:
            from aiosmtpd.controller import Controller
        except ImportError as error:
            raise CommandError("aiosmtpd is missing: it is part of requirements-dev.lock.") from error
        controller = Controller(
            Catcher(),
            hostname=HOST,
            port=settings.MAIL_CATCHER_PORT,
            data_size_limit=LARGEST_MAIL,
            enable_SMTPUTF8=True,
        )
        stopped = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stopped.set())
        controller.start()
        self.stdout.write(f"Catching mail on {HOST}:{settings.MAIL_CATCHER_PORT}")
        stopped.wait()
        controller.stop()
