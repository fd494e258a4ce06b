"""Every list of the administration with ten records and with a thousand: the same number of queries, and not many."""

import pkgutil
from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest
from django.contrib import admin
from django.db import connection, models
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from factory.django import DjangoModelFactory

from applications.models import FileAccess
from members.acts import record
from members.models import Act, Enquiry, Purge, SearchEntry, SearchWord, SupportVisit
from notifications.calendar_addresses import make_address
from notifications.models import CalendarAddress
from practices.models import CurationNote, Question
from tests import factories
from tests.factories.applications import ApplicationFactory
from tests.factories.members import ContactFactory, UniversityFactory, UserFactory
from tests.factories.practices import AdoptionFactory, PracticeVersionFactory
from tests.house.many_rows import copies

FEW, MANY = 10, 1000
# Who asks, what they may, two counts, the page, what the filters offer, and what stands around every page.
BUDGET = 16
# ISO 3166, ISCED-F, one for each sort of data, a handful under each pillar
NEVER_MANY = {"members.Country", "members.Field", "members.RetentionPeriod", "practices.Topic"}
NOT_OURS = {"account", "auth", "mfa", "socialaccount", "usersessions"}  # packages, whose lists are as they come
RECORDS = sorted(
    (
        model
        for model in admin.site._registry
        if model._meta.app_label not in NOT_OURS and model._meta.label not in NEVER_MANY
    ),
    key=lambda model: model._meta.label,
)


def _support_visit() -> None:
    now = timezone.now()
    SupportVisit.objects.create(
        supporter=UserFactory(), person=UserFactory(), reason="They asked for help", began_at=now, ends_at=now
    )


def _question() -> None:
    adoption = AdoptionFactory()
    Question.objects.create(
        practice=adoption.practice, asked_by=adoption.told_by, sent_to=adoption.told_by, text="How?",
        asked_at=timezone.now(),
    )  # fmt: skip


# Where there is no factory, or the row is written by the database itself.
MADE: dict[type[models.Model], Callable[[], Any]] = {
    SupportVisit: _support_visit,
    Question: _question,
    Purge: lambda: Purge.objects.create(kind="notices", at=timezone.now(), before=timezone.now(), rows=3),
    Enquiry: lambda: Enquiry.objects.create(
        contact=ContactFactory(), sender_name="Ana", sender_email="ana@home.example", subject="Hi", text="Hi"
    ),
    Act: lambda: record("confirmed", UniversityFactory(), by=UserFactory()),
    FileAccess: lambda: FileAccess.objects.create(
        person=UserFactory(), application=ApplicationFactory(), reason="To mediate", at=timezone.now()
    ),
    CurationNote: lambda: CurationNote.objects.create(
        version=PracticeVersionFactory(), text="Well measured.", by=UserFactory(), at=timezone.now()
    ),
    CalendarAddress: lambda: make_address(user=UserFactory(), now=timezone.now()),
    SearchEntry: UniversityFactory,
    SearchWord: UniversityFactory,
}


def _factories() -> dict[type[models.Model], type[DjangoModelFactory]]:
    """The factory of each model, of those in `tests.factories`."""
    rooms = [import_module(f"{factories.__name__}.{room.name}") for room in pkgutil.iter_modules(factories.__path__)]
    made = [each for room in rooms for each in vars(room).values() if isinstance(each, type)]
    kept = [each for each in made if issubclass(each, DjangoModelFactory) and each is not DjangoModelFactory]
    return {each._meta.model: each for each in kept}


FACTORIES = _factories()


def a_row_of(model: type[models.Model]) -> models.Model:
    MADE.get(model, FACTORIES.get(model))()
    return model._base_manager.latest("pk")


def without_uniqueness(model: type[models.Model]) -> None:
    """Let there be a thousand of what there is one of; the test's transaction takes this back."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # no table is altered while it is to be checked
        for table in [model._meta.db_table, *(parent._meta.db_table for parent in model._meta.get_parent_list())]:
            cursor.execute(
                "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype IN ('u', 'x')", [table]
            )
            for (name,) in cursor.fetchall():
                cursor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}" CASCADE')
            cursor.execute(
                "SELECT indexrelid::regclass::text FROM pg_index"
                " WHERE indrelid = %s::regclass AND indisunique AND NOT indisprimary",
                [table],
            )
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP INDEX {name}")


def opened(client: Any, model: type[models.Model]) -> tuple[int, str]:
    """How many queries the list takes, and which."""
    with CaptureQueriesContext(connection) as asked:
        response = client.get(reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"))
    assert response.status_code == 200
    return len(asked), "\n".join(query["sql"] for query in asked)


@pytest.mark.django_db
@pytest.mark.ignore_template_errors
@pytest.mark.parametrize("model", RECORDS, ids=lambda model: model._meta.label)
def test_a_list_asks_as_much_with_a_thousand_records_as_with_ten(client, model):
    client.force_login(UserFactory(administrator=True))
    row = a_row_of(model)
    without_uniqueness(model)

    copies(row, FEW - 1)
    few, _asked = opened(client, model)
    copies(row, MANY - FEW)
    many, asked = opened(client, model)

    assert few == many, asked
    assert many <= BUDGET, asked
