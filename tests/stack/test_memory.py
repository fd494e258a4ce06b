"""What a database remembers of its preparation: a start with nothing to do does nothing."""

from pathlib import Path

import pytest

from cluster_portal.stack import memory


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small project with one migration and one data file."""
    monkeypatch.setattr(memory, "PROJECT", tmp_path)
    for name in ("room/migrations/0001_initial.py", "room/data/rows.json", "room/part/finding.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("first")
    return tmp_path


def remember_everything(url: str) -> None:
    memory.remember(url, "tables", memory.digest_of_tables())
    memory.remember(url, "reference", memory.digest_of_reference_data())


def test_what_is_remembered_last_counts(url: str) -> None:
    memory.remember(url, "tables", "old")
    memory.remember(url, "tables", "new")

    assert memory.recall(url)["tables"] == "new"


def test_prepared_database_is_up_to_date(url: str, project: Path) -> None:
    remember_everything(url)

    assert memory.is_up_to_date(url, demo=False)


CHANGED = (
    "room/migrations/0001_initial.py", "room/data/rows.json", "room/data/more.json", "room/finding.py",
    "room/part/finding.py", "room/reference.py",
)  # fmt: skip


@pytest.mark.parametrize("changed", CHANGED)
def test_database_is_out_of_date_when_a_file_changed(url: str, project: Path, changed: str) -> None:
    remember_everything(url)
    (project / changed).write_text("second")

    assert not memory.is_up_to_date(url, demo=False)


def test_demo_is_asked_for_only_where_it_is_wanted(url: str, project: Path) -> None:
    remember_everything(url)
    before = memory.is_up_to_date(url, demo=True)
    memory.remember(url, "demo", "loaded")

    assert not before
    assert memory.is_up_to_date(url, demo=True)
