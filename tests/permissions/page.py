"""docs/permissions.md: the matrix as a person reads it, written and read by the test."""

from pathlib import Path

from django.conf import settings

from tests.permissions.world import ROLES

MATRIX = Path(settings.BASE_DIR) / "docs" / "permissions.md"
BEGIN = "<!-- matrix: written by tests/permissions, do not edit by hand -->"

Answers = dict[tuple[str, str], str]


def read_all() -> dict[str, Answers]:
    """The printed answers by role."""
    printed: dict[str, Answers] = {role: {} for role in ROLES}
    text = MATRIX.read_text(encoding="utf-8") if MATRIX.exists() else ""
    columns: list[str] = []
    for line in text.partition(BEGIN)[2].splitlines():
        cells = [cell.strip() for cell in line.strip("| \n").split("|")]
        if line.startswith("| Address"):
            columns = cells[2:]
        elif line.startswith("| `"):
            for role, word in zip(columns, cells[2:], strict=True):
                printed.setdefault(role, {})[cells[0].strip("`"), cells[1]] = word
    return printed


def read_page(role: str) -> Answers:
    return read_all()[role]


def write_page(role: str, found: Answers) -> None:
    """Write `found` into the page as the column of `role`; the words above the matrix stay."""
    printed = read_all() | {role: found}
    keys = sorted({key for answers in printed.values() for key in answers if key in found})
    head = MATRIX.read_text(encoding="utf-8").partition(BEGIN)[0] if MATRIX.exists() else ""
    MATRIX.write_text(head + BEGIN + "\n" + "\n".join(_tables(printed, keys)) + "\n", encoding="utf-8")


def _tables(printed: dict[str, Answers], keys: list[tuple[str, str]]) -> list[str]:
    lines, room = [], None
    for name, whose in keys:
        if (here := name.partition(":")[0] if ":" in name else "portal") != room:
            room = here
            lines += [
                "",
                f"## {room}",
                "",
                "| Address | whose | " + " | ".join(ROLES) + " |",
                "|---" * (len(ROLES) + 2) + "|",
            ]
        words = " | ".join(printed[role].get((name, whose), "?") for role in ROLES)
        lines.append(f"| `{name}` | {whose} | {words} |")
    return lines
