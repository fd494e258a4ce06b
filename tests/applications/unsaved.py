"""Rounds, applications and what belongs to them as plain objects, for rules that ask no database: a test that does ask
it fails, because it carries no mark.
"""

from datetime import UTC, datetime, timedelta

from applications.models import Application, Choice, DocumentSlot, Option, Round
from members.models import StudentProfile, University, User

NOW = datetime(2027, 5, 6, 10, 0, tzinfo=UTC)  # a Thursday; noon in Stockholm
KTH = University(pk=1, slug="kth", short_name="KTH", name="KTH Royal Institute", city="Stockholm", country_id="SE")
KIT = University(pk=2, slug="kit", short_name="KIT", name="Karlsruhe Institute", city="Karlsruhe", country_id="DE")


def a_round(state=Round.State.PUBLISHED, **fields) -> Round:
    """Open for a week around NOW, run by KTH for its own students."""
    known = {
        "slug": "kth-autumn", "kind": "exchange", "university": KTH, "title": "Autumn abroad", "academic_year": 2027,
        "term": "autumn", "time_zone": "Europe/Stockholm", "opens_at": NOW - timedelta(days=3),
        "closes_at": NOW + timedelta(days=4),
    }  # fmt: skip
    return Round(state=state, **(known | fields))


def an_application(state=Application.State.DRAFT, **fields) -> Application:
    """Robin's application in `a_round`, in this state since yesterday."""
    known = {
        "reference": "EX-7K3M-92", "round": a_round(), "applicant": User(pk=7, given_name="Robin", family_name="Lind"),
        "state_since": NOW - timedelta(days=1), "version": 2,
    }  # fmt: skip
    return Application(state=state, **(known | fields))


def a_place(**fields) -> Option:
    known = {"title": "Robotics", "host": KIT, "academic_year": 2027, "term": "autumn", "places": 2, "kind": "exchange"}
    return Option(**(known | fields))


def a_choice(application=None, **fields) -> Choice:
    known = {"application": application or an_application(), "option": a_place(), "rank": 1}
    return Choice(**(known | fields))


def a_slot(state=DocumentSlot.State.ASKED, needed="to_apply", application=None, **fields) -> DocumentSlot:
    known = {"name": "Transcript", "position": 1, "application": application or an_application()}
    return DocumentSlot(state=state, needed=needed, **(known | fields))


def a_profile(state=StudentProfile.State.CONFIRMED, university=KTH, **fields) -> StudentProfile:
    return StudentProfile(state=state, university=university, **fields)
