"""What can be known of the image without a container engine; and whether the operator's page names everything."""

import fnmatch
import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings

from cluster_portal import serving

ROOT = settings.BASE_DIR
INSTRUCTION = re.compile(r"(?m)^([A-Z]+) ((?:.*\\\n)*.*)$")


def stages() -> list[list[tuple[str, str]]]:
    """Each stage of the Dockerfile as its instructions, in order."""
    found: list[list[tuple[str, str]]] = []
    for name, rest in INSTRUCTION.findall((ROOT / "Dockerfile").read_text()):
        if name == "FROM":
            found.append([])
        found[-1].append((name, rest.replace("\\\n", " ")))
    return found


def instructions(name: str) -> list[str]:
    return [rest for stage in stages() for found, rest in stage if found == name]


def compose() -> dict[str, Any]:
    return yaml.safe_load((ROOT / "compose.yaml").read_text())


def left_out() -> list[str]:
    return (ROOT / ".dockerignore").read_text().split()


def test_every_copied_file_is_there_and_not_left_out() -> None:
    sources = [source for rest in instructions("COPY") if "--from=" not in rest for source in rest.split()[:-1]]

    assert [source for source in sources if not (ROOT / source).exists()] == []
    assert [source for source in sources if any(fnmatch.fnmatch(source, pattern) for pattern in left_out())] == []


def test_every_stage_that_is_copied_from_is_there_before() -> None:
    known: set[str] = set()
    for stage in stages():
        copied = {match[1] for name, rest in stage if name == "COPY" and (match := re.search(r"--from=(\S+)", rest))}
        assert copied <= known
        known |= set(re.findall(r" AS (\w+)", stage[0][1]))


def test_images_are_named_with_their_version() -> None:
    named = [rest.split()[0] for rest in instructions("FROM")]
    named += [service["image"] for name, service in compose()["services"].items() if name in {"database", "redis"}]

    assert all(re.fullmatch(r"[a-z]+:\d+(\.\d+)?(-slim)?", image) for image in named)


def test_last_stage_has_no_compiler_no_installer_at_work_and_no_rights() -> None:
    last = stages()[-1]
    run = " ".join(rest for name, rest in last if name == "RUN")
    order = [name for name, _ in last]

    assert not re.search(r"\b(apt|apt-get|apk|pip|npm|gcc|build-essential|curl|wget|sudo)\b", run)
    assert [rest for name, rest in last if name == "USER"] == ["portal"]
    assert order.index("USER") > max(place for place, name in enumerate(order) if name in {"RUN", "COPY"})


def test_packages_are_installed_by_their_hashes() -> None:
    installs = re.findall(r"pip install[^&]*", " ".join(instructions("RUN")))

    assert len(installs) == 2
    assert all("--require-hashes" in install and "--no-cache-dir" in install for install in installs)
    assert "npm ci" in " ".join(instructions("RUN"))


def test_image_holds_no_secret_and_no_history() -> None:
    assert not re.search(r"(SECRET|PASSWORD|TOKEN)", " ".join(instructions("ENV") + instructions("ARG")))
    assert {".git", ".env", "var", "node_modules", ".venv", "tests"} <= set(left_out())
    assert instructions("ADD") == []


@pytest.mark.parametrize("name", ["CMD", "VOLUME"])
def test_commands_are_run_without_a_shell_so_that_signals_arrive(name: str) -> None:
    assert all(isinstance(json.loads(rest), list) for rest in instructions(name))


def test_health_is_asked_of_the_web() -> None:
    [health] = instructions("HEALTHCHECK")

    assert "/readyz" in health
    assert json.loads(health[health.index("[") :])[:2] == ["python", "-c"]


def test_programs_wait_for_the_tables_and_the_tables_for_the_database() -> None:
    services = compose()["services"]

    assert set(services) == {"web", "worker", "beat", "migrate", "database", "redis"}
    for name in ("web", "worker", "beat"):
        assert services[name]["depends_on"] == {
            "migrate": {"condition": "service_completed_successfully"},
            "redis": {"condition": "service_healthy"},
        }
    assert services["migrate"]["depends_on"] == {"database": {"condition": "service_healthy"}}
    assert all("test" in services[name]["healthcheck"] for name in ("database", "redis", "worker"))


def test_web_is_let_finish_and_reached_from_this_machine_only() -> None:
    web = compose()["services"]["web"]

    assert int(web["stop_grace_period"].removesuffix("s")) > serving.graceful_timeout
    assert [port.partition(":")[0] for port in web["ports"]] == ["127.0.0.1"]


def test_every_volume_that_is_used_is_named() -> None:
    found = compose()
    used = {volume.partition(":")[0] for service in found["services"].values() for volume in service["volumes"]}

    assert used == set(found["volumes"])


def test_secrets_of_compose_come_from_the_file_of_secrets() -> None:
    text = (ROOT / "compose.yaml").read_text()
    example = dict(re.findall(r"(?m)^([A-Z0-9_]+)=(.*)$", (ROOT / "docs" / "env.example").read_text()))
    needed = set(re.findall(r"\$\{([A-Z_]+):\?", text))

    assert needed == {"POSTGRES_PASSWORD"}
    assert {name for name in ("SECRET_KEY", "POSTGRES_PASSWORD", "METRICS_TOKEN") if example[name] == ""} == {
        "SECRET_KEY",
        "POSTGRES_PASSWORD",
        "METRICS_TOKEN",
    }


def test_operators_page_names_every_setting() -> None:
    read = set(re.findall(r'env\.\w+\(\s*"([A-Z0-9_]+)"', (ROOT / "cluster_portal" / "settings.py").read_text()))
    read |= set(re.findall(r'os\.environ\.get\("([A-Z_]+)"', Path(serving.__file__).read_text()))
    named = set(re.findall(r"`([A-Z][A-Z0-9_]+)`", (ROOT / "docs" / "operations.md").read_text()))

    assert read - named == set()


def test_operators_page_names_every_figure() -> None:
    sources = "".join(path.read_text() for path in (ROOT / "cluster_portal" / "metrics").glob("*.py"))
    page = (ROOT / "docs" / "operations.md").read_text()

    assert [figure for figure in re.findall(r'"(portal_\w+)"', sources) if figure not in page] == []
