"""python -m bench.filling WHAT NUMBER: fills the database of DATABASE_URL; prints what the measure needs, as JSON.

Rows are made in bulk without their history: what is measured is reading and acting, not this.
"""

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import islice
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cluster_portal.settings")

import django

django.setup()

from django.core.management import call_command
from django.db import connection, models, transaction
from django.test import Client
from django.utils import timezone

from applications.models import Application, Choice, Decision, LetterTemplate, Option, Round, RoundOption
from exchange.models import Placement
from funding.models import Call, CallStage, FundingProgramme
from members.models import Field, Mandate, Membership, Role, StudentProfile, University, User
from notifications.models import Delivery, Notice
from programmes.models import Programme, ProgrammeLanguage, ProgrammePartner

BATCH = 5000
COUNTRIES = ("SE", "DE", "FR", "IT", "ES", "PT", "BE", "NL", "FI", "IE")
LANGUAGES = ("en", "de", "fr", "it", "es")
FIELDS = ("0714", "0732", "0715", "0713", "0711", "0533")


def lists(size: int) -> dict[str, Any]:
    """`size` universities, programmes, placements (those can be searched) and calls; a student who is signed in."""
    call_command("load_reference_data", verbosity=0)
    with _no_history():
        hosts = _universities(size)
        _programmes(size, hosts)
        _placements(size, hosts)
        _calls(size)
    call_command("rebuild_search", "placement", verbosity=0)
    _settle()
    student = User.objects.create(email="bench@student.example", given_name="Bench", family_name="Student")
    StudentProfile.objects.create(user=student, university=University.objects.get(slug="kth"))
    return {"session": _session_of(student)}


def release(size: int) -> dict[str, Any]:
    """A closed round with `size` eligible, decided applications: a third offers, a third waits, a third refused."""
    call_command("load_reference_data", verbosity=0)
    kth, now = University.objects.get(slug="kth"), timezone.now()
    officer = User.objects.create(email="officer@bench.example", given_name="Bench", family_name="Officer")
    Mandate.objects.create(person=officer, university=kth, role=Role.EXCHANGE, starts_on=now.date() - timedelta(days=9))
    round = Round.objects.create(
        slug="bench", kind="exchange", university=kth, title="Bench", academic_year=now.year + 1, term="autumn",
        opens_at=now - timedelta(days=30), closes_at=now - timedelta(days=1), time_zone="Europe/Stockholm",
        max_choices=1, state=Round.State.CLOSED,
    )  # fmt: skip
    with _no_history():
        option = Option.objects.create(
            kind="exchange", host=University.objects.get(slug="kit"), title="Bench", academic_year=now.year + 1,
            term="autumn", level="master", field=Field.objects.get(code="0714"), places=size // 3, slug="bench",
        )  # fmt: skip
        RoundOption.objects.create(round=round, option=option)
        people = _people(size, "applicant")
        applications = _bulk(
            Application,
            (
                {"round": round, "applicant": person, "state": "eligible", "submitted_at": now, "state_since": now}
                | {"reference": f"EX-{number:05d}-B"}
                for number, person in enumerate(people)
            ),
        )
        choices = _bulk(Choice, ({"application": each, "option": option, "rank": 1} for each in applications))
        outcomes = LetterTemplate.Outcome
        decided = [
            (outcomes.OFFER if place < size // 3 else outcomes.WAIT if place < 2 * size // 3 else outcomes.REJECT)
            for place in range(size)
        ]
        _bulk(
            Decision,
            (
                {"application": each, "outcome": outcome, "prepared_by": officer, "reason": "By score."}
                | {
                    "choice": choice if outcome == outcomes.OFFER else None,
                    "subject": "Result",
                    "letter": "Dear student",
                }
                for each, choice, outcome in zip(applications, choices, decided, strict=True)
            ),
        )
    _settle()
    return {"round": round.slug, "officer": officer.email}


def notices(size: int) -> dict[str, Any]:
    """`size` people with a notice that waits to be delivered."""
    now = timezone.now()
    told = _bulk(
        Notice,
        (
            {"recipient": person, "topic": "applications", "subject": "Result", "body": "Look.", "key": "bench"}
            for person in _people(size, "told")
        ),
    )
    _bulk(Delivery, ({"notice": notice, "due_at": now, "state": Delivery.State.WAITING} for notice in told))
    _settle()
    return {}


def imports(size: int) -> dict[str, Any]:
    """Universities with an office for sheets of 500 rows."""
    call_command("load_reference_data", verbosity=0)
    with _no_history():
        hosts = _universities(-(-size // 500))
    officer = User.objects.create_superuser(
        email="officer@bench.example", password=None, given_name="Bench", family_name="Officer"
    )
    _settle()
    return {"officer": officer.email, "hosts": [host.slug for host in hosts]}


def _universities(size: int) -> list[University]:
    now = timezone.now()
    rows = (
        {"slug": f"bench-{n}", "short_name": f"B{n}", "name": f"University of Technology number {n}", "city": "City"}
        | {"country_id": COUNTRIES[n % len(COUNTRIES)], "teaching_languages": ["en", LANGUAGES[n % 5]]}
        | {"founded": 1800 + n % 200, "confirmed_at": None, "latitude": 40 + n % 20, "longitude": n % 25}
        for n in range(size)
    )
    made = _bulk(University, rows)
    began = now.date() - timedelta(days=900)
    _bulk(Membership, ({"university": each, "kind": "associate", "starts_on": began} for each in made))
    return made


def _programmes(size: int, hosts: list[University]) -> None:
    now = timezone.now()
    rows = (
        {"slug": f"bench-{n}", "title": f"Dual master in engineering {n}", "state": "published", "published_at": now}
        | {"field_id": FIELDS[n % len(FIELDS)]}
        for n in range(size)
    )
    made = _bulk(Programme, rows)
    sides = ((each, hosts[(place * 7 + step) % size]) for place, each in enumerate(made) for step in (0, 1))
    _bulk(ProgrammePartner, ({"programme": each, "university": host, "role": "awarding"} for each, host in sides))
    _bulk(ProgrammeLanguage, ({"programme": each, "language": "en"} for each in made))


def _placements(size: int, hosts: list[University]) -> None:
    """Options first, then the rows that extend them, which the ORM cannot make in bulk."""
    now, fields = timezone.now(), dict(Field.objects.filter(code__in=FIELDS).values_list("code", "pk"))
    options = _bulk(
        Option,
        (
            {
                "kind": "exchange",
                "host": hosts[n % size],
                "title": f"Engineering {n}",
                "slug": f"bench-{n}",
                "places": 3,
            }
            | {
                "academic_year": now.year + 1,
                "term": ("autumn", "spring")[n % 2],
                "level": ("bachelor", "master")[n % 2],
            }
            | {"field_id": fields[FIELDS[n % len(FIELDS)]]}
            for n in range(size)
        ),
    )
    columns = [field for field in Placement._meta.local_concrete_fields if not field.generated]
    names = ", ".join(f'"{field.column}"' for field in columns)
    blank = Placement(
        created_at=now, state=Placement.State.PUBLISHED, state_since=now, languages=["en"], description="Courses."
    )
    values = [field.get_db_prep_save(getattr(blank, field.attname), connection) for field in columns]
    key = [field.primary_key for field in columns].index(True)
    with connection.cursor() as cursor, cursor.copy(f"COPY exchange_placement ({names}) FROM STDIN") as copy:
        for option in options:
            copy.write_row([option.pk if place == key else value for place, value in enumerate(values)])


def _calls(size: int) -> None:
    now, lines = timezone.now(), list(FundingProgramme.objects.order_by("pk"))
    made = _bulk(
        Call,
        (
            {"slug": f"bench-{n}", "title": f"Research call {n}", "summary": "What is paid for.", "state": "published"}
            | {"programme": lines[n % len(lines)], "action_type": lines[n % len(lines)].action_type}
            | {"state_since": now, "published_at": now, "news_at": now}
            for n in range(size)
        ),
    )
    _bulk(CallStage, ({"call": call, "deadline": now + timedelta(days=9 + call.pk % 200)} for call in made))


def _people(size: int, what: str) -> list[User]:
    return _bulk(
        User,
        ({"email": f"{what}-{n}@bench.example", "given_name": "Person", "family_name": str(n)} for n in range(size)),
    )


def _bulk(model: type[models.Model], rows: Iterable[dict[str, Any]]) -> list[Any]:
    made: list[Any] = []
    left = iter(rows)
    while part := list(islice(left, BATCH)):
        made += model._base_manager.bulk_create([model(**row) for row in part])
    return made


@contextmanager
def _no_history() -> Iterator[None]:
    """No triggers of the history while filling; their sum is not what is measured."""
    with transaction.atomic(), connection.cursor() as cursor:
        # No trigger fires as a replica: search entries are not written either (`rebuild_search` makes those that are
        # asked for), and foreign keys are not checked.
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield


def _settle() -> None:
    """What a database that has been there for a while knows: its statistics."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _session_of(user: User) -> str:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client.cookies["sessionid"].value


FILLINGS: dict[str, Callable[[int], dict[str, Any]]] = {
    "lists": lists, "release": release, "notices": notices, "imports": imports,
}  # fmt: skip

if __name__ == "__main__":
    print(json.dumps(FILLINGS[sys.argv[1]](int(sys.argv[2]))))
