"""One measured row, as it stands in bench/results.json and in the table on the screen."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Result:
    """`seconds` of the whole measure, `per_second` of its unit, `floor_ratio` to that of the floor (1 is equal)."""

    name: str
    size: int
    seconds: float | None = None
    per_second: float | None = None
    p95_ms: float | None = None
    peak_mb: float | None = None
    floor_ratio: float | None = None

    def as_row(self) -> dict[str, Any]:
        return {key: round(value, 3) if isinstance(value, float) else value for key, value in asdict(self).items()}


def print_table(results: list[Result]) -> None:
    """The rows under each other, empty where a figure does not apply."""
    headings = [*asdict(results[0])] if results else []
    table = [headings, *([_cell(value) for value in asdict(result).values()] for result in results)]
    widths = [max(len(row[column]) for row in table) for column in range(len(headings))]
    for row in table:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def _cell(value: Any) -> str:
    if value is None:
        return "–"
    return f"{value:,.2f}" if isinstance(value, float) else f"{value:,}" if isinstance(value, int) else str(value)
