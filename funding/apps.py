from django.apps import AppConfig


class FundingConfig(AppConfig):
    name = "funding"

    def ready(self) -> None:
        from funding import announcing, permissions, reference  # noqa: F401  has_perm knows the room's rules from here on
        from members import loading
        from notifications.registries import register_deadlines, register_tasks

        register_tasks("funding", announcing.tasks)
        register_deadlines("funding", announcing.deadlines)
        loading.register(reference.load)
