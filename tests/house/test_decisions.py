"""Each decision is one page in docs/decisions/, listed in docs/architecture.md, and names code that is there."""

import re

import pytest
from django.conf import settings

DOCS = settings.BASE_DIR / "docs"
PAGES = sorted((DOCS / "decisions").glob("*.md"))
PARTS = ["Why", "What", "What it costs", "Where"]


def test_every_decision_is_listed() -> None:
    listed = re.findall(r"\(decisions/([\w-]+\.md)\)", (DOCS / "architecture.md").read_text())

    assert sorted(listed) == [page.name for page in PAGES]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_decision_says_why_what_and_what_it_costs(page) -> None:
    assert re.findall(r"^## (.+)$", page.read_text(), re.MULTILINE) == PARTS


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_code_a_decision_names_is_there(page) -> None:
    where = page.read_text().partition("## Where")[2]
    named = re.findall(r"`([\w/]+/[\w/]*(?:\.py)?)`", where)

    assert named
    assert [path for path in named if not (settings.BASE_DIR / path).exists()] == []
