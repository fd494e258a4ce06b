from notifications.views.desk import job_list, mail_detail, mail_list
from notifications.views.notices import notice_list, notice_open, notice_read, notice_read_all
from notifications.views.outbox import outbox, outbox_cancel, outbox_detail, outbox_retry
from notifications.views.preferences import preferences, unsubscribe
from notifications.views.searches import search_add, search_delete, search_edit, search_list

__all__ = [
    "job_list",
    "mail_detail",
    "mail_list",
    "notice_list",
    "notice_open",
    "notice_read",
    "notice_read_all",
    "outbox",
    "outbox_cancel",
    "outbox_detail",
    "outbox_retry",
    "preferences",
    "search_add",
    "search_delete",
    "search_edit",
    "search_list",
    "unsubscribe",
]
