"""The portal's pages as people call them, for the search box (members/searching/ways.py)."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cluster_portal.home.desks import desks_of
from members.searching.ways import Way

# address, name, what it is, how people call it too
PUBLIC = [
    ("members:university_list", gettext_lazy("Universities"),
     gettext_lazy("members, associates, partners, on a map"), "directory"),
    ("programmes:programme_list", gettext_lazy("Dual degrees"),
     gettext_lazy("masters and doctorates at two universities"), "programmes double joint"),
    ("courses:course_list", gettext_lazy("Courses"), gettext_lazy("what one can take where"), "modules lectures"),
    ("exchange:placement_list", gettext_lazy("Exchange places"),
     gettext_lazy("a semester or a year abroad"), "placements mobility"),
    ("applications:round_list", gettext_lazy("Rounds"),
     gettext_lazy("when one can apply, for what"), "apply windows deadlines"),
    ("funding:call_list", gettext_lazy("Funding calls"),
     gettext_lazy("what members can answer together"), "grants proposals"),
    ("policy:event_list", gettext_lazy("Events"),
     gettext_lazy("assemblies, workshops, staff weeks"), "meetings webinars"),
    ("policy:body_list", gettext_lazy("Bodies"),
     gettext_lazy("assembly, steering committee, task forces"), "committees groups"),
    ("practices:practice_list", gettext_lazy("Practices"),
     gettext_lazy("what works elsewhere, and what it cost"), "good best"),
    ("people:expert_list", gettext_lazy("People directory"),
     gettext_lazy("staff who publish what they know"), "experts contacts"),
    ("calendar:page", gettext_lazy("Calendar"),
     gettext_lazy("deadlines and events, also for a calendar program"), "ical subscribe"),
    ("about_data", gettext_lazy("About the data"),
     gettext_lazy("where it comes from, under which licence"), "sources credits help"),
    ("accessibility", gettext_lazy("Accessibility"),
     gettext_lazy("what holds, how it is checked, whom to tell"), "wcag screen reader keyboard help"),
    ("api:docs", gettext_lazy("API"), gettext_lazy("reading the portal by program"), "developers openapi json"),
]  # fmt: skip
OWN = [
    ("dashboard", gettext_lazy("Dashboard"), gettext_lazy("what waits for you"), "tasks start"),
    ("applications:application_list", gettext_lazy("My applications"),
     gettext_lazy("drafts, answers, offers"), "apply"),
    ("programmes:wish_list", gettext_lazy("My wish list"), gettext_lazy("programmes to come back to"), "bookmarks"),
    ("people:my_mandates", gettext_lazy("My mandates"),
     gettext_lazy("roles, deputies, hand-over"), "rights permissions"),
    ("notifications:search_list", gettext_lazy("My saved searches"),
     gettext_lazy("lists you hear news of"), "alerts"),
    ("notifications:notice_list", gettext_lazy("Notices"),
     gettext_lazy("what happened to what is yours"), "messages inbox"),
    ("notifications:preferences", gettext_lazy("Notices by e-mail"),
     gettext_lazy("what comes, and how often"), "digest unsubscribe mail settings"),
    ("mfa_index", gettext_lazy("Sign-in and security"),
     gettext_lazy("second factor, passkeys, recovery codes"), "2fa mfa authenticator"),
    ("account_change_password", gettext_lazy("Change the password"), gettext_lazy("of your account"), "security"),
    ("account_email", gettext_lazy("E-mail addresses"), gettext_lazy("of your account"), "mail"),
    ("people:my_data", gettext_lazy("What the portal holds of you"),
     gettext_lazy("download, closing, erasure"), "gdpr privacy delete account my data"),
]  # fmt: skip
VISITORS = [
    ("account_login", gettext_lazy("Sign in"), gettext_lazy("with your account"), "login password"),
    ("account_signup", gettext_lazy("Create an account"),
     gettext_lazy("to apply, or to act for your university"), "register sign up"),
]  # fmt: skip


def ways(user: Any, now: datetime) -> Iterator[Way]:
    """The pages `user` may open: what everybody reads, what is their own, the desks they sit at on that day."""
    if user.is_authenticated:
        for desk in desks_of(user, now):
            yield Way(title=desk["label"], detail=desk["detail"], url=desk["url"], words=_("my desk"))
    for name, title, detail, words in [*PUBLIC, *(OWN if user.is_authenticated else VISITORS)]:
        yield Way(title=str(title), detail=str(detail), url=reverse(name), words=words)
