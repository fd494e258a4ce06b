"""What holds for every template and stylesheet, so that the policy for content and the style page stay true."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from cluster_portal.static_files import IMPORT

TEMPLATES = settings.BASE_DIR / "templates"
CSS = settings.BASE_DIR / "static" / "css"
FORBIDDEN = re.compile(r"\sstyle=|\son[a-z]+=\"|<style|javascript:|https?://(?!www\.w3\.org|schema\.org)")
PAGES = sorted(path.relative_to(TEMPLATES) for path in TEMPLATES.rglob("*.html"))


@pytest.mark.parametrize("path", PAGES, ids=str)
def test_template_carries_no_inline_style_no_handler_and_no_foreign_address(path: Path):
    text = (TEMPLATES / path).read_text(encoding="utf-8")

    assert FORBIDDEN.findall(text) == []


@pytest.mark.parametrize("path", PAGES, ids=str)
def test_template_is_short(path: Path):
    assert len((TEMPLATES / path).read_text(encoding="utf-8").splitlines()) <= 150


def test_every_stylesheet_is_imported_once():
    imported = [match["path"] for match in IMPORT.finditer((CSS / "portal.css").read_text(encoding="utf-8"))]

    of_their_own = {"portal.css", "admin.css"}  # the administration brings its own styles and adds ours to them
    written = [str(path.relative_to(CSS)) for path in CSS.rglob("*.css") if path.name not in of_their_own]
    assert sorted(imported) == sorted(written)


@pytest.mark.parametrize("name", sorted(path.stem for path in (TEMPLATES / "components").glob("*.html")))
def test_every_part_says_what_it_reads(name: str):
    text = (TEMPLATES / "components" / f"{name}.html").read_text(encoding="utf-8")

    assert re.search(r"\{% comment %\}.*(Reads|Blocks)", text, re.DOTALL)
