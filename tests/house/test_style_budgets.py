"""The sizes that keep the code readable: functions, files, views, templates, styles and scripts."""

import ast
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

LONGEST_FUNCTION = 60
LONGEST_VIEW = 30
LONGEST_FILE = 400
LONGEST_TEMPLATE = 200
NOT_OURS = {".venv", "node_modules", "var", ".git"}


def ours(*suffixes: str) -> list[str]:
    """Paths of the project's own files, tests included; migrations are written by Django."""
    found = []
    for folder, below, names in os.walk(settings.BASE_DIR):
        # Not walked at all, rather than left out afterwards: in var/ a database comes and goes while the tests run.
        below[:] = [name for name in below if name not in NOT_OURS]
        found += [Path(folder, name).relative_to(settings.BASE_DIR) for name in names]
    return sorted(str(path) for path in found if path.suffix in suffixes and "migrations" not in path.parts)


def lines_of(path: str) -> int:
    return len((settings.BASE_DIR / path).read_text().splitlines())


def functions_of(path: str) -> Iterator[tuple[str, int]]:
    """Name and lines of each function, from `def` to the end, without its docstring."""
    for node in ast.walk(ast.parse((settings.BASE_DIR / path).read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or 0) - node.lineno + 1
            if ast.get_docstring(node) is not None:
                lines -= (node.body[0].end_lineno or 0) - node.body[0].lineno + 1
            yield node.name, lines


def is_of_views(path: str) -> bool:
    return Path(path).name.endswith("views.py") or "views" in Path(path).parts


def test_functions_fit_their_budget() -> None:
    too_long = {
        f"{path}: {name}": lines
        for path in ours(".py")
        for name, lines in functions_of(path)
        if lines > (LONGEST_VIEW if is_of_views(path) else LONGEST_FUNCTION)
    }

    assert too_long == {}


@pytest.mark.parametrize(
    ("suffix", "longest"),
    [(".py", LONGEST_FILE), (".html", LONGEST_TEMPLATE), (".css", LONGEST_FILE), (".js", LONGEST_FILE)],
)
def test_files_fit_their_budget(suffix: str, longest: int) -> None:
    code = [path for path in ours(suffix) if not path.startswith("tests/")]  # a test file tells one thing's whole story
    too_long = {path: lines_of(path) for path in code if lines_of(path) > longest}

    assert too_long == {}
