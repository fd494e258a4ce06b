"""What is open here while support sees the portal as a student: the student's own files, opened with a reason."""

from typing import Any

from applications.actions import open_with_reason
from applications.models import Application
from members.support import register_beginning, register_support

READABLE = (
    "round_list", "round_detail", "round_calendar", "application_list", "application_detail", "application_receipt",
    "document_download", "appeal_new", "appeal_withdraw", "appeal_download",
)  # fmt: skip
# What only fills a draft in: nothing here hands in, answers, takes back or appeals in the student's place.
DOABLE = (
    "application_edit", "application_profile", "application_choices", "application_choose", "application_motivation",
    "application_autosave", "application_profile_autosave", "application_documents", "application_check",
    "document_put",
)  # fmt: skip


def open_files(visit: Any) -> None:
    """Each application of the person is opened with the visit's reason; the student sees who looked, and why."""
    for application in Application.objects.filter(applicant=visit.person):
        open_with_reason(application=application, reason=visit.reason, by=visit.supporter)


def register() -> None:
    register_support("applications", readable=READABLE, doable=DOABLE)
    register_beginning(open_files)
