from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PolicyConfig(AppConfig):
    name = "policy"
    verbose_name = _("Policy: bodies and events")

    def ready(self) -> None:
        from members import loading
        from members.registries import register_university_section
        from notifications.catalogues import register_list
        from notifications.registries import register_deadlines, register_occasions, register_tasks
        from policy import (
            announcing,
            finding,
            held_of_people,
            kept,
            occasions,
            permissions,  # noqa: F401  has_perm knows the room's rules from here on
            reference,
        )

        register_list(announcing.watched_events())
        register_tasks("policy", announcing.tasks)
        register_deadlines("policy", announcing.deadlines)
        register_occasions("policy", occasions.occasions)
        register_university_section("policy", announcing.section)
        loading.register(reference.load)
        finding.announce()
        held_of_people.register()
        kept.register()
