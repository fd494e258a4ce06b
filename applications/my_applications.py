"""The rows of "my applications": what waits for me first, then what runs, then what has ended."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch

from applications import applicant_view
from applications.models import Application, Choice
from applications.turns import TURNS, Who
from members.models import User

State = Application.State


@dataclass(frozen=True)
class MyRow:
    application: Application
    shown: applicant_view.Shown
    mine: bool
    due_at: datetime | None
    places: list[str]

    @property
    def ended(self) -> bool:
        return self.application.state in State.ended


def rows_for(user: User, now: datetime) -> list[MyRow]:
    """All applications of `user`, in the order in which they matter; two queries."""
    choices = Prefetch("choices", Choice.objects.select_related("option__host"))
    own = Application.objects.filter(applicant=user).select_related("round__university").prefetch_related(choices)
    rows = [_row(application, now) for application in own]
    return sorted(rows, key=lambda row: (row.ended, not row.mine, row.due_at or now))


def _row(application: Application, now: datetime) -> MyRow:
    lost = application.state == State.DRAFT and not application.is_editable_at(now)
    return MyRow(
        application=application,
        shown=applicant_view.SHOWN[State.LAPSED] if lost else applicant_view.shown(application),
        mine=TURNS[application.state][0] == Who.APPLICANT and not lost,
        due_at=_due_at(application),
        places=[choice.option.host.short_name for choice in application.choices.all()],
    )


def _due_at(application: Application) -> datetime | None:
    """The moment by which the applicant has to act."""
    if application.state == State.DRAFT:
        return application.round.closes_at
    return application.answer_by if application.state == State.OFFERED else None
