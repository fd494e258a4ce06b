from django.apps import AppConfig


class ProgrammesConfig(AppConfig):
    name = "programmes"

    def ready(self) -> None:
        from applications.models import Kind
        from applications.registries import register_address, register_for_others, register_requirements
        from members import loading
        from members.registries import register_offer, register_university_section
        from members.support import register_support
        from members.tagging import register_tag_uses
        from notifications.catalogues import register_list
        from notifications.registries import register_deadlines, register_tasks
        from programmes import (
            announcing,
            finding,
            held_of_people,
            kept,
            permissions,  # noqa: F401  has_perm knows the room's rules from here on
            reference,
        )
        from programmes.actions import tags
        from programmes.cotutelles import announcing as cotutelles_announced
        from programmes.cotutelles import finding as cotutelles_found
        from programmes.cotutelles import held_of_people as cotutelles_held
        from programmes.cotutelles import kept as cotutelles_kept

        register_list(announcing.watched_programmes())
        register_list(announcing.watched_courses())
        register_address(Kind.DUAL_DEGREE, announcing.address_of_seats)
        register_for_others(Kind.DUAL_DEGREE, announcing.seats_for_others)
        register_requirements(Kind.DUAL_DEGREE, announcing.asked_for_seats, announcing.barred_seats)
        register_tasks("programmes", announcing.tasks_for)
        register_deadlines("programmes", announcing.deadlines_for)
        register_university_section("programmes", announcing.section_of)
        register_university_section("programmes.courses", announcing.course_section)
        register_offer("dual_degrees", announcing.universities_with_programmes)
        loading.register(reference.load)
        held_of_people.register()
        for part in (cotutelles_announced, cotutelles_found, cotutelles_held, cotutelles_kept):
            part.register()
        kept.register()
        register_tag_uses(tags.USES)
        finding.announce()
        register_support("programmes", doable=("programme_wish",))
