from django.apps import AppConfig

PEOPLE_IN_A_VISIT = ("profile", "my_mandates", "mandate_list", "mandate_detail", "university_people")


class MembersConfig(AppConfig):
    name = "members"
    verbose_name = "Members and people"

    def ready(self) -> None:
        from members import accounts, checks, finding, kept, people_data, support  # noqa: F401 - checks register themselves
        from members.searching import installing

        accounts.listen()
        people_data.register()
        kept.register()
        finding.announce()
        installing.listen(self)
        support.register_support("people", readable=PEOPLE_IN_A_VISIT, doable=("profile",))
        support.register_support("", readable=("home", "dashboard", "about_data"), doable=("theme",))
