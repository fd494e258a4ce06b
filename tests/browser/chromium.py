"""Finds the Chromium that the browser tests drive; run as a module, it installs one where there is none."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
APT = [["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"]]
PLAYWRIGHT = [[sys.executable, "-m", "playwright", "install", "chromium"]]
ABSENT = "no Chromium: none on this machine, and `make browser` could not install one (its output says why)"


def find() -> str | None:
    """The path of a Chromium: the one named by CHROMIUM, else the system's, else Playwright's own."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named
    found = next(filter(None, map(shutil.which, NAMES)), None)
    return found or _of_playwright()


def install() -> str | None:
    """Try apt-get as root, then Playwright's download; returns the path, or None where neither worked."""
    ways = [APT, PLAYWRIGHT] if os.geteuid() == 0 and shutil.which("apt-get") else [PLAYWRIGHT]
    for way in ways:
        print("No Chromium here; trying", " ".join(way[-1]), flush=True)
        if all(subprocess.run(step, check=False, stdout=sys.stderr).returncode == 0 for step in way) and find():
            return find()
    return None


def _of_playwright() -> str | None:
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
        return path if Path(path).exists() else None


if __name__ == "__main__":
    print("Browser tests use", find() or install() or f"nothing and are skipped: {ABSENT}")
