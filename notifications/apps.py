from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "notifications"
    verbose_name = "Notices and the outbox"

    def ready(self) -> None:
        from members import announcing
        from members.support import register_support
        from notifications import actions, held_of_people, jobs, kept, page_tasks, people_tasks
        from notifications.catalogues import register_list
        from notifications.registries import register_tasks

        announcing.register(teller=actions.notify, writer=actions.write_letter)
        register_list(page_tasks.watched_universities())
        register_tasks("people", people_tasks.tasks)
        register_tasks("pages", page_tasks.tasks)
        jobs.listen()
        held_of_people.register()
        register_support("calendar", readable={"public"})  # the page shows the person's secret address
        kept.register()
        register_support("notifications", readable=("notice_list", "preferences"))
