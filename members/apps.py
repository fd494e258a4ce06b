from django.apps import AppConfig


class MembersConfig(AppConfig):
    name = "members"
    verbose_name = "Members and people"

    def ready(self) -> None:
        from members import accounts, checks, finding, kept, people_data  # noqa: F401 - checks register themselves
        from members.searching import installing

        accounts.listen()
        people_data.register()
        kept.register()
        finding.announce()
        installing.listen(self)
