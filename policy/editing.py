"""Between the organisers' forms and the acts: the forms of one page, and what to show after a conflict."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from members.acts import Conflict
from members.forms.conflicts import Versions, rows_still_typed, still_typed, versions_of_form, versions_of_rows
from members.models import Act, User
from policy import actions
from policy.forms.events import MOMENTS, EventForm, PracticalForm, ProgrammeRows, QuestionRows, as_text, zone_of
from policy.models import Event
from policy.permissions import bodies_kept_by


@dataclass
class EventPage:
    """The forms of the page of one event, bound when there was `data`; the host's office has no questions there."""

    form: Any
    programme: Any
    questions: Any

    @classmethod
    def of(cls, event: Event, user: User, data: QueryDict | None) -> "EventPage":
        """What `user` may edit: everything, or the practical parts."""
        whole = event.pk is None or user.has_perm("policy.edit_event", event)
        # The office of the host has no field for the zone: what is sent under that name is not read.
        rows = {"instance": event, "form_kwargs": {"zone": zone_of(data if whole else None, event)}}
        programme = ProgrammeRows(data, prefix="programme", **rows)
        if not whole:
            return cls(PracticalForm(data, instance=event), programme, None)
        return cls(
            EventForm(data, instance=event, bodies=_bodies(user)),
            programme,
            QuestionRows(data, instance=event, prefix="questions"),
        )

    @property
    def sets(self) -> list[Any]:
        return [rows for rows in (self.programme, self.questions) if rows is not None]

    def is_valid(self) -> bool:
        """Check all of them, so that everything that is wrong is said at once; then whether they fit together."""
        valid = all([self.form.is_valid(), *(rows.is_valid() for rows in self.sets)])
        return valid and self.programme.fits(self.form.instance)

    @property
    def is_wrong(self) -> bool:
        return bool(self.form.errors or any(rows.total_error_count() for rows in self.sets))

    @property
    def context(self) -> dict[str, Any]:
        return {"form": self.form, "programme": self.programme, "questions": self.questions}

    def save(self, *, by: User, now: datetime) -> Event:
        """Save over the version the forms were drawn from; raises Conflict or Refused."""
        return actions.change_event(
            event=self.form.instance,
            version=self.form.cleaned_data["version"],
            fields=self.form.touched(),
            programme=self.programme.wanted(),
            questions=self.questions.wanted() if self.questions is not None else None,
            by=by,
            now=now,
        )

    def add(self, *, by: User, now: datetime) -> Event:
        return actions.add_event(
            event=self.form.instance,
            programme=self.programme.wanted(),
            questions=self.questions.wanted(),
            by=by,
            now=now,
        )


def _bodies(user: User) -> list[Any] | None:
    return None if user.has_perm("members.curate") else bodies_kept_by(user)


def after_conflict(page: EventPage, user: User, conflict: Conflict) -> dict[str, Any]:
    """What the page shows after a conflict: both versions, and the forms with what was typed over the newer one."""
    # Two copies: a bound form writes what was typed into its instance, and the versions compare with what is stored.
    stored, fresh = (Event.objects.select_related("host").get(pk=page.form.instance.pk) for _copy in range(2))
    empty = EventPage.of(fresh, user, None)
    data = still_typed(page.form, stored.version)
    versions = [*versions_of_form(page.form, stored), *_moments(page.form, stored)]
    for mine, theirs in zip(page.sets, empty.sets, strict=True):
        versions += versions_of_rows(mine, theirs)
        # The rows are numbered anew; what was typed under the old numbers must not stay beside them.
        for key in [key for key in data if key.startswith(f"{mine.prefix}-")]:
            del data[key]
        data.update(rows_still_typed(mine, theirs))
    again = EventPage.of(fresh, user, data)
    other = Act.objects.about(stored).last()
    return again.context | {"conflict": str(conflict), "versions": versions, "other": other}


def _moments(form: Any, stored: Event) -> list[Versions]:
    """The hours in which both differ, each on the clock of its own version."""
    found = []
    for local, moment in MOMENTS:
        if local not in form.fields:
            continue
        theirs = as_text(getattr(stored, moment), stored.time_zone)
        mine = as_text(getattr(form.instance, moment), form.instance.time_zone)
        if theirs != mine:
            found.append(Versions(str(form[local].label), theirs, mine))
    return found


def said_after_saving(event: Event) -> str:
    if event.state == Event.State.DRAFT:
        return _("Saved. Publish it when it is complete.")
    return _("Saved. Who is registered is told when hours or place changed.")
