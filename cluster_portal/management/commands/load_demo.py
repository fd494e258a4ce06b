"""Load the demo consortium, once."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from cluster_portal.demo import loading
from members.models import University
from programmes.models import Programme


class Command(BaseCommand):
    help = (
        "Load invented people, places, rounds and applications for the real universities, dated from today. "
        "A second call finds them there and does nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--again", action="store_true", help="empty every table first, and load everything anew")

    def handle(self, *, again: bool, verbosity: int, **_: Any) -> None:
        if not settings.DEMO:
            raise CommandError("DEMO is off: demo people have a password that everybody knows. Set DEMO=1 for a demo.")
        if again:
            call_command("flush", interactive=False, verbosity=0)
            ContentType.objects.clear_cache()
        if loading.is_loaded():
            self._say("The demo consortium is there already.", verbosity)
            return
        if not (University.objects.exists() and Programme.objects.exists()):
            call_command("load_reference_data", verbosity=0)
        loading.load(timezone.now())
        self._say("The demo consortium is loaded.", verbosity)

    def _say(self, text: str, verbosity: int) -> None:
        if verbosity:
            self.stdout.write(text)
