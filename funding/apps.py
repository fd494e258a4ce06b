from django.apps import AppConfig


class FundingConfig(AppConfig):
    name = "funding"

    def ready(self) -> None:
        from funding import announcing, finding, held_of_people, permissions, reference  # noqa: F401  has_perm knows the rules from here
        from members import loading
        from notifications.catalogues import register_list
        from notifications.registries import register_deadlines, register_tasks

        register_list(announcing.watched_calls())
        register_tasks("funding", announcing.tasks)
        register_deadlines("funding", announcing.deadlines)
        loading.register(reference.load)
        held_of_people.register()
        finding.announce()
