"""Say how to sign in to the demo."""

from typing import Any

from django.core.management.base import BaseCommand

from cluster_portal.demo.world import DOMAIN, PASSWORD, ROLES

SHOWN = ("kth", "aalto", "polito")


class Command(BaseCommand):
    help = "Print the accounts of the demo consortium; every member university has one for each role."
    requires_system_checks = ()

    def handle(self, **_: Any) -> None:
        width = max(len(address) for address in self._row("student", SHOWN))
        self.stdout.write(f"Demo sign-ins; the password of all is {PASSWORD}")
        for role in ("student", *ROLES):
            self.stdout.write("  " + "  ".join(address.ljust(width) for address in self._row(role, SHOWN)).rstrip())
        self.stdout.write(f"  secretariat@{DOMAIN}  admin@{DOMAIN}")
        self.stdout.write("  and the same for kuleuven kit grenoble-inp tecnico tcd tuda tue uclouvain upc")

    def _row(self, role: str, slugs: tuple[str, ...]) -> list[str]:
        return [f"{role}.{slug}@{DOMAIN}" for slug in slugs]
