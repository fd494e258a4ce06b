"""A lower room never imports a higher one (docs/architecture.md); the contracts stand in pyproject.toml."""

import subprocess
import sys
from pathlib import Path

from django.conf import settings

LINT_IMPORTS = Path(sys.executable).parent / "lint-imports"


def test_rooms_import_downwards_only() -> None:
    checked = subprocess.run(
        [LINT_IMPORTS, "--no-logo", "--no-cache"], cwd=settings.BASE_DIR, capture_output=True, text=True, check=False
    )

    assert checked.returncode == 0, checked.stdout + checked.stderr
