"""Between the writers' form and the acts: both forms of the page, what is missing, what to show after a conflict."""

from typing import Any

from django.http import QueryDict
from django.utils import timezone

from members.acts import Conflict
from members.forms.conflicts import NOTHING, Versions, still_typed
from members.models import Act, User
from practices import actions
from practices.content import content_of, differences, gaps
from practices.forms.writing import LinkFormSet, PracticeForm, links_for, typed
from practices.models import Practice, PracticeVersion


def forms_for(practice: Practice, data: QueryDict | None) -> tuple[PracticeForm, LinkFormSet]:
    """The form of the version being written and the set of its links, bound when there is `data`."""
    version = practice.latest
    version.practice = practice
    return PracticeForm(data, instance=version, day=timezone.localdate()), links_for(version, data)


def are_valid(form: PracticeForm, links: LinkFormSet) -> bool:
    """Check both, so that everything that is wrong is said at once."""
    return all([form.is_valid(), links.is_valid()])


def save(form: PracticeForm, links: LinkFormSet, *, by: User) -> PracticeVersion:
    """Save what the forms hold over the version they were drawn from; raises Conflict or Refused."""
    cleaned = form.cleaned_data
    return actions.save_version(
        version=form.instance, seen=cleaned["version"], topics=cleaned["topics"], links=links.wanted(), by=by
    )


def after_conflict(form: PracticeForm, links: LinkFormSet, conflict: Conflict) -> dict[str, Any]:
    """What the page shows after a conflict: both versions, and the form with what was typed over the newer one."""
    practice = form.instance.practice
    # Two copies: a bound form writes what was typed into its instance, and the versions compare with what is stored.
    stored, fresh = (PracticeVersion.objects.select_related("contact").get(pk=form.instance.pk) for _copy in range(2))
    fresh.practice = practice
    theirs = content_of(stored)
    rows = differences(theirs, typed(form, links, theirs))
    again = PracticeForm(still_typed(form, stored.version), instance=fresh, day=timezone.localdate())
    return {
        "form": again,
        "conflict": str(conflict),
        "versions": [Versions(row.label, row.before or NOTHING, row.after or NOTHING) for row in rows],
        "other": Act.objects.about(practice).last(),
    }


def frame(practice: Practice) -> dict[str, Any]:
    """What the page shows around its form: what is missing, the files, the curators' comment."""
    # Read anew: the form has written what was typed into the version it was drawn from.
    stored = PracticeVersion.objects.get(pk=practice.latest_id)
    stored.practice = practice
    return {
        "practice": practice,
        "version": stored,
        "gaps": gaps(content_of(stored)),
        "files": list(stored.files.all()),
        "conflict": "",
        "versions": [],
        "other": None,
    }
