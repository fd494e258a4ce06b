from django.apps import AppConfig


class ProgrammesConfig(AppConfig):
    name = "programmes"

    def ready(self) -> None:
        from programmes import permissions  # noqa: F401  read once, so that has_perm knows the room's rules
