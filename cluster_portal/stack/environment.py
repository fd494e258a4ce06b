"""The environment that the portal's processes get on this machine."""

import os
import secrets
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent.parent


def state_dir() -> Path:
    """Where the local data lives: STATE_DIR, or `var/` in the project."""
    return Path(os.environ.get("STATE_DIR") or PROJECT / "var").resolve()


def secret_key(state: Path) -> str:
    """The key of this machine's portal, made once: sessions survive a restart and no two machines share one."""
    path = state / "secret-key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text()


def environment(state: Path, urls: dict[str, str]) -> dict[str, str]:
    """What any process of the portal needs to know; what the person set in the environment goes first."""
    return {"SECRET_KEY": secret_key(state), **os.environ, **urls, "STATE_DIR": str(state)}


def environment_of_portal(state: Path, urls: dict[str, str], *, port: int, mail_port: int) -> dict[str, str]:
    """As `environment`, for a portal that listens on `port` and catches its own mail on `mail_port`."""
    ours = {
        "DEBUG": "1",
        "DEMO": "1",
        "PUBLIC_URL": f"http://localhost:{port}",
        "MAIL_CATCHER_PORT": str(mail_port),
    }
    return {**ours, **environment(state, urls)}
