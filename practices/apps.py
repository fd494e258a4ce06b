from django.apps import AppConfig


class PracticesConfig(AppConfig):
    name = "practices"

    def ready(self) -> None:
        from members import loading
        from practices import finding, permissions, reference  # noqa: F401  has_perm knows the room's rules from here on

        loading.register(reference.load)
        finding.announce()
