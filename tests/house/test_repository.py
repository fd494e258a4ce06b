"""What must hold for every file of the repository."""

import json
import re
import shutil
import subprocess

import pytest
from django.conf import settings

REGISTRY = re.compile(rb"(py[p]i|npm[j]s|python[h]osted|yarn[p]kg|js[d]elivr|un[p]kg)\.(org|com|net)")


def tracked() -> list[str]:
    if not shutil.which("git") or not (settings.BASE_DIR / ".git").exists():
        pytest.skip("not a git checkout: which files belong to the repository is not known")
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=settings.BASE_DIR, capture_output=True, check=True, text=True
    )
    return [path for path in listed.stdout.split("\0") if path and (settings.BASE_DIR / path).is_file()]


def test_no_file_names_a_package_registry() -> None:
    naming = [path for path in tracked() if REGISTRY.search((settings.BASE_DIR / path).read_bytes())]

    assert naming == []


def test_the_npm_lock_has_hashes_and_no_addresses() -> None:
    packages = json.loads((settings.BASE_DIR / "package-lock.json").read_text())["packages"]
    installed = {name: package for name, package in packages.items() if name}

    assert [name for name, package in installed.items() if "resolved" in package] == []
    assert [name for name, package in installed.items() if "integrity" not in package] == []


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock", "requirements-node.lock"])
def test_every_locked_package_has_a_hash(lock: str) -> None:
    lines = (settings.BASE_DIR / lock).read_text().splitlines()
    pinned = [number for number, line in enumerate(lines) if re.match(r"[a-z]", line)]

    assert [lines[number] for number in pinned if "--hash=sha256:" not in lines[number + 1]] == []


def test_every_dependency_has_its_reason() -> None:
    wanted = (settings.BASE_DIR / "requirements.in").read_text() + (
        settings.BASE_DIR / "requirements-dev.in"
    ).read_text()
    wanted += (settings.BASE_DIR / "requirements-node.in").read_text()
    python = re.findall(r"^([a-z][a-z0-9-]*)", wanted, re.MULTILINE)
    package = json.loads((settings.BASE_DIR / "package.json").read_text())
    ledger = (settings.BASE_DIR / "docs" / "dependencies.md").read_text()
    explained = re.findall(r"^\| `([^`]+)`", ledger, re.MULTILINE)

    assert sorted(explained) == sorted([*python, *package["dependencies"], *package["devDependencies"]])
