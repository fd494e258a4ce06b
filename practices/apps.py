from django.apps import AppConfig


class PracticesConfig(AppConfig):
    name = "practices"

    def ready(self) -> None:
        from members import loading
        from members.registries import register_university_section
        from notifications.catalogues import register_list
        from notifications.registries import register_tasks
        from practices import (
            announcing,
            finding,
            held_of_people,
            kept,
            permissions,  # noqa: F401  has_perm knows the room's rules from here on
            reference,
        )

        register_list(announcing.watched_practices())
        register_tasks("practices", announcing.tasks_for)
        register_university_section("practices", announcing.section_of)
        held_of_people.register()
        kept.register()
        loading.register(reference.load)
        finding.announce()
