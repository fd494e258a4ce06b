"""Migrations do not hurt while the old version still serves; `migrate` gives up rather than make the portal wait."""

from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently
from django.core.management import CommandError, call_command
from django.db import connection, models
from django.db.migrations import operations as ops
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ModelState, ProjectState
from django.db.models import Q

from tests.house.migration_rules import dangers

# Numbers of the migrations that were made before the portal had a first server: nothing served while they ran.
BEFORE_THE_FIRST_SERVER = {
    "members": 6,
    "notifications": 5,
    "applications": 2,
    "exchange": 1,
    "programmes": 1,
    "funding": 1,
    "policy": 1,
    "practices": 1,
}


def ruled() -> list[tuple[str, str]]:
    """The migrations that the rules hold for."""
    found = MigrationLoader(None).disk_migrations
    return sorted(
        (app, name)
        for app, name in found
        if app in BEFORE_THE_FIRST_SERVER and int(name[:4]) > BEFORE_THE_FIRST_SERVER[app]
    )


def test_no_migration_hurts_while_the_old_version_serves() -> None:
    loader = MigrationLoader(None)

    found = [
        danger
        for node in ruled()
        for danger in dangers(loader.disk_migrations[node], loader.project_state(node, at_end=False))
    ]

    assert found == []


def test_every_room_with_migrations_is_ruled() -> None:
    ours = {app.label for app in apps.get_app_configs() if (settings.BASE_DIR / app.label / "migrations").is_dir()}

    assert ours == set(BEFORE_THE_FIRST_SERVER)


@pytest.fixture(scope="module")
def before() -> ProjectState:
    """A table that is in use."""
    state = ProjectState()
    fields = [
        ("id", models.BigAutoField(primary_key=True)),
        ("title", models.CharField(max_length=100)),
        ("note", models.TextField(null=True)),
        ("year", models.IntegerField()),
    ]
    state.add_model(ModelState("room", "Thing", fields))
    return state


def judge(before: ProjectState, *operations: Any, **marks: Any) -> list[str]:
    migration = SimpleNamespace(app_label="room", name="0002_change", operations=operations, **marks)
    return dangers(migration, before)


NEW = models.IntegerField()
KNOWN = models.Index(fields=["year"], name="thing_year")
CHECK = models.CheckConstraint(condition=Q(year__gt=0), name="year_is_after_christ")
HURTS = {
    "remove a field": ops.RemoveField("thing", "note"),
    "rename a field": ops.RenameField("thing", "note", "remark"),
    "delete a table": ops.DeleteModel("Thing"),
    "rename a table": ops.RenameModel("Thing", "Object"),
    "rename a column": ops.AlterField("thing", "note", models.TextField(null=True, db_column="remark")),
    "add a column that must be filled": ops.AddField("thing", "place", NEW),
    "add a column whose default the database does not know": ops.AddField(
        "thing", "place", models.IntegerField(default=0)
    ),
    "add a unique column": ops.AddField("thing", "place", models.IntegerField(null=True, unique=True)),
    "make a column one that must be filled": ops.AlterField("thing", "note", models.TextField(default="")),
    "change a type": ops.AlterField("thing", "year", models.CharField(max_length=4)),
    "shorten a text": ops.AlterField("thing", "title", models.CharField(max_length=50)),
    "make a column unique": ops.AlterField("thing", "year", models.IntegerField(unique=True)),
    "index under a lock": ops.AddIndex("thing", KNOWN),
    "check every row under a lock": ops.AddConstraint("thing", CHECK),
    "run code": ops.RunPython(ops.RunPython.noop),
    "run SQL": ops.RunSQL("SELECT 1"),
    "pair of fields unique": ops.AlterUniqueTogether("thing", {("title", "year")}),
}
DOES_NOT_HURT = {
    "add a column that may be empty": ops.AddField("thing", "place", models.IntegerField(null=True)),
    "add a column with a default in the database": ops.AddField("thing", "place", models.IntegerField(db_default=0)),
    "add a relation to many": ops.AddField("thing", "others", models.ManyToManyField("room.Thing")),
    "lengthen a text": ops.AlterField("thing", "title", models.CharField(max_length=200)),
    "let a text be as long as it likes": ops.AlterField("thing", "title", models.TextField()),
    "change words": ops.AlterField("thing", "title", models.CharField(max_length=100, help_text="As printed.")),
    "let a column be empty": ops.AlterField("thing", "year", models.IntegerField(null=True)),
    "index beside the work": AddIndexConcurrently("thing", KNOWN),
    "check new rows first": AddConstraintNotValid("thing", CHECK),
    "make a table": ops.CreateModel("Other", [("id", models.BigAutoField(primary_key=True))]),
}


@pytest.mark.parametrize("operation", HURTS.values(), ids=HURTS)
def test_what_hurts_is_refused(before: ProjectState, operation: Any) -> None:
    assert len(judge(before, operation)) == 1


@pytest.mark.parametrize("operation", DOES_NOT_HURT.values(), ids=DOES_NOT_HURT)
def test_what_does_not_hurt_is_let_pass(before: ProjectState, operation: Any) -> None:
    assert judge(before, operation) == []


def test_table_of_the_same_migration_is_nobody_elses_yet(before: ProjectState) -> None:
    made = ops.CreateModel("Other", [("id", models.BigAutoField(primary_key=True))])

    assert judge(before, made, ops.AddField("other", "place", NEW), ops.AddField("thing", "place", NEW)) == [
        "room.0002_change: Add field place to thing: the old version writes rows without it: "
        "make it null, or give it a db_default"
    ]


def test_migration_that_says_why_is_let_pass(before: ProjectState) -> None:
    why = "Nothing has read the note since the release before."

    assert judge(before, ops.RemoveField("thing", "note"), safe_because=why) == []


# `migrate` itself


@pytest.mark.django_db(transaction=True)
def test_migrate_gives_up_where_a_table_is_in_use(settings) -> None:
    settings.MIGRATE_LOCK_TIMEOUT = "100ms"
    with psycopg.connect(conninfo()) as other:
        other.execute("LOCK TABLE django_migrations IN ACCESS EXCLUSIVE MODE")

        with pytest.raises(CommandError, match=r"in use for longer than 100ms\. Nothing of this migration stays"):
            call_command("migrate", verbosity=0)


@pytest.mark.django_db(transaction=True)
def test_migrate_gives_up_a_statement_that_takes_too_long(settings) -> None:
    settings.MIGRATE_STATEMENT_TIMEOUT = "100ms"
    with psycopg.connect(conninfo()) as other:
        other.execute("LOCK TABLE django_migrations IN ACCESS EXCLUSIVE MODE")

        with pytest.raises(CommandError, match="took longer than 100ms"):
            call_command("migrate", verbosity=0)


@pytest.mark.django_db(transaction=True)
def test_migrate_leaves_no_limits_behind() -> None:
    call_command("migrate", verbosity=0)

    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('lock_timeout'), current_setting('statement_timeout')")
        assert cursor.fetchone() == ("0", "0")


def conninfo() -> str:
    """The address of the test's database, for a second line to it."""
    connection.ensure_connection()
    return connection.connection.info.dsn
