"""Say how to sign in to the demo."""

from typing import Any

from django.core.management.base import BaseCommand

from cluster_portal.demo.world import DOMAIN, PASSWORD, ROLES

SHOWN = ("kth", "aalto")
WORDS = {
    "student": "student",
    "exchange": "exchange coordinator",
    "director": "programme director",
    "coordinator": "academic coordinator",
    "grants": "grant officer",
    "head": "head of university",
    "reviewer": "reviewer",
}


class Command(BaseCommand):
    help = "Print the accounts of the demo consortium; every member university has one for each role."
    requires_system_checks = ()

    def handle(self, **_: Any) -> None:
        self.stdout.write(f"Demo sign-ins; the password of all is {PASSWORD}")
        for role in ("student", *ROLES):
            addresses = "  ".join(f"{role}.{slug}@{DOMAIN}".ljust(30) for slug in SHOWN)
            self.stdout.write(f"  {WORDS[role]:22}{addresses}".rstrip())
        self.stdout.write(f"  {'secretariat':22}secretariat@{DOMAIN}")
        self.stdout.write(f"  {'administrator':22}admin@{DOMAIN}")
        self.stdout.write("The same at polito kuleuven kit grenoble-inp tecnico tcd tuda tue uclouvain upc.")
