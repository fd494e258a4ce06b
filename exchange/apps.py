from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "exchange"

    def ready(self) -> None:
        from applications.registries import register_address, register_choosable, register_requirements
        from exchange import announcing, finding, held_of_people, kept, permissions  # noqa: F401  has_perm knows the rules of the room from here on
        from members.registries import register_university_section
        from notifications.catalogues import register_list
        from notifications.registries import register_deadlines, register_tasks

        register_list(announcing.watched_placements())
        register_address("exchange", announcing.address)
        register_choosable("exchange", announcing.choosable)
        register_requirements("exchange", announcing.requirements, announcing.barred)
        register_tasks("exchange", announcing.tasks)
        register_deadlines("exchange", announcing.deadlines)
        register_university_section("exchange", announcing.section)
        held_of_people.register()
        kept.register()
        finding.announce()
