"""Redis away (design, 8): people sign in, read and act; limits hold; what became stale meanwhile does not come back."""

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import caches
from django.db import OperationalError
from django.urls import reverse

from cluster_portal import caching, errors
from cluster_portal import settings as portal
from cluster_portal.celery import app as celery_app
from cluster_portal.health import WITHOUT_REDIS
from cluster_portal.stack import redis
from notifications.models import Delivery
from tests.factories.members import UserFactory

PASSWORD = "a-long-password-9x"


def caches_at(url):
    return {name: {**cache, "LOCATION": url} for name, cache in portal.CACHES.items()}


@pytest.fixture
def closed_port():
    return f"redis://127.0.0.1:{redis.free_port()}/0"


@pytest.fixture
def redis_away(settings, closed_port):
    """Caches and queue at a port where nothing listens; jobs are really sent, not run at once."""
    settings.CACHES = caches_at(closed_port)
    settings.REDIS_URL = closed_port
    before = {name: celery_app.conf[name] for name in ("task_always_eager", "broker_url")}
    celery_app.conf.update(task_always_eager=False, broker_url=closed_port)
    yield
    celery_app.conf.update(before)


@pytest.fixture
def server(tmp_path):
    """A Redis of this test, to be stopped and started."""
    yield tmp_path
    redis.stop(tmp_path)


@pytest.fixture
def asked_each_time(monkeypatch):
    monkeypatch.setattr(caching, "ASK_AGAIN_AFTER", 0)


def sign_in(client, password=PASSWORD):
    return client.post(reverse("account_login"), {"login": "anna@example.org", "password": password})


@pytest.fixture
def anna(db):
    return UserFactory(email="anna@example.org", password=PASSWORD, verified=True)


@pytest.mark.usefixtures("redis_away")
def test_signing_in_reading_and_signing_out(client, anna):
    signed_in = sign_in(client)
    read = client.get(reverse("dashboard"))
    client.post(reverse("account_logout"))
    after = client.get(reverse("dashboard"))

    assert (signed_in["Location"], read.status_code, after.status_code) == (reverse("dashboard"), 200, 302)
    assert Session.objects.count() == 0


@pytest.mark.usefixtures("redis_away", "anna")
def test_guessing_a_password_stays_slow(client):
    answers = [sign_in(client, "wrong").context["form"].errors["__all__"][0] for _ in range(6)]

    assert [answer.startswith("Too many") for answer in answers] == [False] * 5 + [True]


@pytest.mark.usefixtures("redis_away")
@pytest.mark.django_db(transaction=True)
def test_what_is_to_be_sent_waits_in_the_database(client):
    told = {"given_name": "Bo", "family_name": "Berg", "joined_as": "student", "email": "bo@example.org"}

    answer = client.post(reverse("account_signup"), {**told, "password1": PASSWORD, "password2": PASSWORD})

    assert answer.status_code == 302
    assert [(row.address, row.state) for row in Delivery.objects.all()] == [("bo@example.org", "waiting")]


@pytest.mark.usefixtures("redis_away")
@pytest.mark.django_db
def test_readyz_says_what_is_missing_and_stays_in_service(client):
    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()) == (
        200,
        {"status": "slower", "database": True, "redis": False, "missing": [WITHOUT_REDIS]},
    )


def test_what_was_thrown_away_meanwhile_does_not_come_back(settings, server, asked_each_time):
    url = redis.start(server)
    settings.CACHES = caches_at(url)
    cache, sessions = caches["default"], caches["sessions"]
    cache.set("kept", 1)
    sessions.set("ended", "anna")
    redis.stop(server)

    away = (sessions.get("ended"), sessions.delete("ended"), cache.get("kept"))
    redis.start(server)
    back = (sessions.get("ended"), cache.get("kept"))

    assert (away, back) == ((None, False, None), (None, 1))


def test_clearing_leaves_the_queue_in_the_same_redis(settings, server):
    url = redis.start(server)
    settings.CACHES = caches_at(url)
    caches["default"].set_many({"a": 1, "b": 2})
    with redis.Redis.from_url(url) as client:
        client.rpush("celery", "a job")

        caches["default"].clear()

        assert (caches["default"].get_many(["a", "b"]), client.llen("celery")) == ({}, 1)


def test_while_it_is_known_to_be_away_nobody_waits_for_it():
    line = caching.Line()

    line.lose(OSError("refused"), now=100.0)

    assert [line.may_be_asked(now) for now in (101.0, 104.9, 105.1, 106.0, 110.2)] == [False, False, True, False, True]


def test_more_than_can_be_remembered_throws_everything_away(settings, server, asked_each_time, monkeypatch):
    monkeypatch.setattr(caching, "OWED_AT_MOST", 1)
    settings.CACHES = caches_at(redis.start(server))
    cache = caches["default"]
    cache.set("untouched", 1)
    redis.stop(server)
    cache.set_many({"a": 1, "b": 2})

    meanwhile = cache.incr("a")
    redis.start(server)

    assert (meanwhile, cache.get("untouched"), cache.get("a"), cache.has_key("b")) == (2, None, None, False)


def test_database_away_is_said_on_a_plain_page(rf):
    try:
        raise OperationalError("the connection is closed")
    except OperationalError:
        answer = errors.server_error(rf.get("/"))

    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert "goes on by itself" in answer.content.decode()
