"""Backup and restore with PostgreSQL's own programs, from one database into another."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django import DjangoDbBlocker

from cluster_portal.backup import programs
from cluster_portal.backup.fingerprints import fingerprints
from members.models import User
from tests.factories.applications import DocumentFileFactory
from tests.factories.members import UserFactory
from tests.template_database import connect_to, drop_database, make_database


@pytest.fixture(scope="module")
def filled(django_db_blocker: DjangoDbBlocker, worker_id: str) -> Iterator[str]:
    """A database with an application and its document; the connection speaks to it."""
    before = connection.settings_dict["NAME"]
    with django_db_blocker.unblock():
        name = make_database(f"{worker_id}_backup")
        connect_to(name)
        yield name
        connect_to(before)
        drop_database(name)


@pytest.fixture
def files(settings, tmp_path: Path) -> Path:
    """A file store of this test."""
    settings.MEDIA_ROOT = str(tmp_path / "files")
    return tmp_path / "files"


@pytest.fixture
def backup(filled: str, files: Path, tmp_path: Path) -> Path:
    """A backup of the database with a person and an application with its document."""
    User.objects.filter(email__startswith="later").delete()
    if not User.objects.filter(email="kept@university.example").exists():
        UserFactory(email="kept@university.example", given_name="Zoë", family_name="Łukasz")
    DocumentFileFactory(file__filename="letter.pdf", file__data=b"%PDF of a letter")
    call_command("backup", tmp_path / "backups")
    [made] = (tmp_path / "backups").iterdir()
    return made


@pytest.fixture
def empty(filled: str) -> Iterator[str]:
    """A new database without any table; the connection speaks to it."""
    name = f"{filled}_new"
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
    yield name
    connect_to(filled)
    drop_database(name)


def content_of_database() -> dict[str, list[int | str]]:
    with connection.cursor() as cursor:
        return fingerprints(cursor)


def test_restored_database_and_files_are_those_of_the_backup(
    backup: Path, empty: str, settings, tmp_path: Path, capsys
):
    before = content_of_database()
    connect_to(empty)
    settings.MEDIA_ROOT = str(tmp_path / "elsewhere")

    call_command("restore", backup)

    assert content_of_database() == before
    assert before["members_user"][0] >= 2
    assert [User.objects.get(email="kept@university.example").given_name] == ["Zoë"]
    assert [path.read_bytes() for path in (tmp_path / "elsewhere").rglob("letter*.pdf")] == [b"%PDF of a letter"]
    assert "Every table has the rows and the checksum of the backup." in capsys.readouterr().out


def test_restored_database_takes_new_rows(backup: Path, empty: str) -> None:
    connect_to(empty)
    call_command("restore", backup)

    newest = UserFactory(email="later-in-the-copy@university.example")  # sequences, defaults and triggers came along

    assert newest.pk > User.objects.get(email="kept@university.example").pk


def test_backup_holds_personal_data_and_is_for_its_owner_only(backup: Path) -> None:
    assert oct(backup.stat().st_mode & 0o777) == "0o700"
    assert sorted(path.name for path in backup.iterdir()) == ["database.dump", "files.tar", "manifest.json"]


def test_database_that_is_not_empty_is_left_alone(backup: Path) -> None:
    UserFactory(email="later@university.example")

    with pytest.raises(CommandError, match="not empty"):
        call_command("restore", backup)

    assert User.objects.filter(email="later@university.example").exists()


def test_database_that_is_not_empty_is_replaced_when_asked(backup: Path) -> None:
    UserFactory(email="later-too@university.example")

    call_command("restore", backup, "--replace")

    assert not User.objects.filter(email="later-too@university.example").exists()


@pytest.mark.parametrize("name", ["database.dump", "files.tar"])
def test_backup_that_was_changed_is_refused_before_anything_is_touched(backup: Path, name: str) -> None:
    before = content_of_database()
    with (backup / name).open("ab") as file:
        file.write(b"x")

    with pytest.raises(CommandError, match=f"was changed after it was made: {name}"):
        call_command("restore", backup, "--replace")

    assert content_of_database() == before


@pytest.mark.parametrize("content", [None, "{", "{}"])
def test_folder_that_is_no_backup_is_refused(tmp_path: Path, content: str | None, filled: str) -> None:
    if content is not None:
        (tmp_path / "manifest.json").write_text(content)

    with pytest.raises(CommandError, match="not a whole backup"):
        call_command("restore", tmp_path, "--replace")


def test_what_did_not_come_back_is_named(backup: Path, empty: str) -> None:
    manifest = json.loads((backup / "manifest.json").read_text())
    manifest["tables"]["members_user"][0] += 1
    manifest["tables"]["long_gone"] = [1, "1"]
    (backup / "manifest.json").write_text(json.dumps(manifest))
    connect_to(empty)

    with pytest.raises(CommandError, match=r"long_gone is only in the backup; members_user had \d+ rows and has \d+"):
        call_command("restore", backup)


def test_program_older_than_the_server_is_not_used(filled: str, monkeypatch, tmp_path: Path) -> None:
    old = tmp_path / "pg_dump"
    old.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6.1'\n")
    old.chmod(0o755)
    monkeypatch.setattr(programs, "_places", lambda name: [old])

    with pytest.raises(CommandError, match=f"{old} is version 9"):
        call_command("backup", tmp_path / "backups")
