"""The people of a university who publish a profile, as a section of its page."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from members.models import Expert, University, User
from members.registries import SectionRow, UniversitySection, register_university_section

SHOWN = 6


def section(university: University, user: User, now: datetime) -> UniversitySection | None:
    """The first of them by name: one query, and one more where there are others."""
    seen = Expert.objects.visible_to(user).filter(university=university)
    # One more than is shown tells whether there are others, for no second query where there are few.
    found = list(seen.select_related("user")[: SHOWN + 1])
    if not found:
        return None
    rows = [
        SectionRow(
            title=str(expert.user), url=expert.get_absolute_url(), detail=expert.headline,
            is_sample=expert.user.is_sample,
        )
        for expert in found[:SHOWN]
    ]  # fmt: skip
    return UniversitySection(
        title=_("People and what they know"),
        room="universities",
        rows=rows,
        total=len(found) if len(found) <= SHOWN else seen.count(),
        more_url=f"{reverse('people:expert_list')}?university={university.slug}",
        more_label=_("In the people directory"),
    )


def announce() -> None:
    register_university_section("people", section)
