"""What stands in the environment is told in a sentence, and not by a trace, before anything starts."""

import pytest

from cluster_portal.stack import given
from cluster_portal.stack.given import WrongValueError, check_servers

NOBODY_THERE = "127.0.0.1:1"


@pytest.mark.parametrize("typed", ["abc", "0", "65536", "-1", "80.5", "٣"])
def test_a_port_that_cannot_be_is_named(monkeypatch: pytest.MonkeyPatch, typed: str) -> None:
    monkeypatch.setenv("PORT", typed)

    with pytest.raises(WrongValueError, match="give a number from 1 to 65535"):
        given.port()


@pytest.mark.parametrize(("typed", "port"), [("", 8000), ("8001", 8001), ("65535", 65535)])
def test_a_port_that_can_be(monkeypatch: pytest.MonkeyPatch, typed: str, port: int) -> None:
    monkeypatch.setenv("PORT", typed)

    assert given.port() == port


@pytest.mark.parametrize(
    ("name", "address", "says"),
    [
        ("DATABASE_URL", f"postgresql://me:secret@{NOBODY_THERE}/portal", "leave DATABASE_URL unset"),
        ("DATABASE_URL", "mysql://me:secret@localhost/portal", "give postgresql://user:password@host:5432/name"),
        ("REDIS_URL", f"redis://:secret@{NOBODY_THERE}/0", "leave REDIS_URL unset"),
        ("REDIS_URL", "http://:secret@localhost/0", "give redis://host:6379/0"),
    ],
)
def test_a_server_that_does_not_answer_is_told_without_its_password(name: str, address: str, says: str) -> None:
    with pytest.raises(WrongValueError, match=says) as wrong:
        check_servers({name: address})

    assert "secret" not in str(wrong.value)


def test_servers_that_answer_are_taken(url: str, settings) -> None:
    check_servers({"DATABASE_URL": url, "REDIS_URL": settings.REDIS_URL})


def test_servers_that_are_too_old_are_told(url: str, settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(given, "OLDEST_POSTGRES", 99)
    monkeypatch.setattr(given, "OLDEST_REDIS", (99, 0))

    with pytest.raises(WrongValueError, match="needs 99 or newer"):
        check_servers({"DATABASE_URL": url})
    with pytest.raises(WrongValueError, match="Redis that REDIS_URL names is version"):
        check_servers({"REDIS_URL": settings.REDIS_URL})
