from django.apps import AppConfig


class ApplicationsConfig(AppConfig):
    name = "applications"

    def ready(self) -> None:
        from applications import (
            finding,
            held_of_people,
            kept,
            permissions,  # noqa: F401  permissions are known once they are read
            providers,
            visits,
        )

        providers.register()
        held_of_people.register()
        kept.register()
        finding.announce()
        visits.register()
