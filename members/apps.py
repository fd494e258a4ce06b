from django.apps import AppConfig

PEOPLE_IN_A_VISIT = ("profile", "my_mandates", "mandate_list", "mandate_detail", "university_people",
                     "expert_list", "expert_detail")  # fmt: skip


class MembersConfig(AppConfig):
    name = "members"
    verbose_name = "Members and people"

    def ready(self) -> None:
        from members import accounts, checks, expert_page, finding, kept, people_data, support, tagging  # noqa: F401 - checks register themselves
        from members.actions.tags import hold_universities
        from members.models import Tag, UniversityTag
        from members.searching import installing

        accounts.listen()
        people_data.register()
        kept.register()
        expert_page.announce()
        finding.announce()
        tagging.register_tag_uses(
            tagging.TagUses(scope=Tag.Scope.PARTNERS, model=UniversityTag, owner="university", hold=hold_universities)
        )
        installing.listen(self)
        support.register_support("people", readable=PEOPLE_IN_A_VISIT, doable=("profile",))
        support.register_support("", readable=("home", "dashboard", "about_data"), doable=("theme",))
