"""`/metrics`: who may read it, what it counts, what it tells; over several processes one answer."""

from datetime import UTC, datetime, timedelta

import pytest
from celery.schedules import crontab
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from prometheus_client import REGISTRY
from prometheus_client.parser import text_string_to_metric_families

from cluster_portal.metrics import state
from tests.factories.applications import RoundFactory
from tests.factories.notifications import DeliveryFactory, JobRunFactory

TOKEN, NEXT_TOKEN = "a-token-for-the-tests-of-metrics", "the-token-that-comes-after-it"
NOW = datetime(2027, 3, 1, 12, 0, 30, tzinfo=UTC)


@pytest.fixture
def monitored(settings):
    settings.METRICS_TOKENS = [TOKEN, NEXT_TOKEN]


def ask(token=TOKEN, **headers):
    return Client().get("/metrics", headers={"Authorization": f"Bearer {token}", **headers})


def told(response):
    """Each figure by its name and its labels, in the order of their names."""
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(response.content.decode())
        for sample in family.samples
    }


def test_without_a_token_in_the_settings_there_is_no_such_page(db):
    assert ask().status_code == 404


@pytest.mark.usefixtures("monitored")
@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer wrong", "Bearer ü", f"Basic {TOKEN}", TOKEN, f"Bearer {TOKEN} "]
)
def test_who_does_not_know_the_token_is_refused(header):
    answer = Client().get("/metrics", headers={"Authorization": header})

    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, 'Bearer realm="metrics"')


@pytest.mark.usefixtures("monitored", "db")
@pytest.mark.parametrize("token", [TOKEN, NEXT_TOKEN])
def test_each_token_opens_while_they_are_exchanged(token):
    answer = ask(token)

    assert (answer.status_code, answer["Cache-Control"].startswith("max-age=0")) == (200, True)


@pytest.mark.usefixtures("monitored", "db")
def test_it_is_only_read():
    assert Client().post("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 405


@pytest.mark.usefixtures("monitored", "db")
@pytest.mark.parametrize(
    ("path", "view", "status"),
    [
        ("/universities/", "members:university_list", "200"),
        ("/wp-login.php", "none", "404"),
        ("/dashboard/", "dashboard", "302"),
    ],
)
def test_requests_are_counted_by_view_and_status(path, view, status):
    before = REGISTRY.get_sample_value("portal_requests_total", {"view": view, "method": "GET", "status": status}) or 0

    Client().get(path)

    found = told(ask())
    assert found["portal_requests_total", "GET", status, view] == before + 1
    assert found["portal_request_seconds_count", "GET", view] >= 1


@pytest.mark.usefixtures("monitored", "db")
def test_queries_are_counted_as_the_database_saw_them():
    labels = {"method": "GET", "view": "members:university_list"}
    before = REGISTRY.get_sample_value("portal_request_queries_total", labels) or 0

    with CaptureQueriesContext(connection) as seen:
        Client().get("/universities/")
    made = len(seen)

    assert made > 0
    assert told(ask())["portal_request_queries_total", *labels.values()] == before + made


@pytest.mark.usefixtures("monitored", "db")
def test_an_invented_method_makes_no_new_label():
    Client().generic("MKCOL", "/universities/")

    methods = {key[1] for key in told(ask()) if key[0] == "portal_requests_total"}
    assert methods <= {"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "other"}


@pytest.mark.usefixtures("monitored", "db")
def test_outbox_is_told_by_state_and_age():
    DeliveryFactory(due_at=timezone.now() - timedelta(hours=1))
    DeliveryFactory()
    DeliveryFactory(given_up=True)
    DeliveryFactory(held=True)

    found = told(ask())

    states = {state: found["portal_outbox_deliveries", state] for state in ("waiting", "held", "late", "given_up")}
    assert states == {"waiting": 2, "held": 1, "late": 1, "given_up": 1}
    assert found[("portal_outbox_oldest_seconds",)] // 3600 == 1


@pytest.mark.usefixtures("monitored", "db")
def test_jobs_are_told_with_their_outcome_and_lateness():
    now = timezone.now()
    JobRunFactory(name="notifications.deliver_due", started_at=now - timedelta(minutes=10), ended_at=now, is_good=False)
    JobRunFactory(name="applications.remind", started_at=now, ended_at=now)
    JobRunFactory(name="long.forgotten")

    found = told(ask())

    good = {key[1]: value for key, value in found.items() if key[0] == "portal_job_good"}
    assert good == {"notifications.deliver_due": 0, "applications.remind": 1}
    assert found[("portal_jobs_failed",)] == 1
    assert found["portal_job_seconds", "notifications.deliver_due"] == 600
    assert found["portal_job_late_seconds", "notifications.deliver_due"] // 60 == 9
    assert found["portal_job_late_seconds", "applications.remind"] == 0


@pytest.mark.parametrize(
    ("schedule", "began", "late"),
    [
        (30.0, NOW - timedelta(seconds=20), timedelta()),
        (30.0, NOW - timedelta(seconds=50), timedelta(seconds=20)),
        (crontab(minute="*/15"), NOW - timedelta(seconds=10), timedelta()),
        (crontab(minute="*/15"), NOW - timedelta(minutes=10), timedelta(seconds=30)),
        (crontab(minute=5), NOW - timedelta(hours=2), timedelta(hours=1, minutes=55, seconds=30)),
    ],
)
def test_job_is_overdue_from_the_moment_its_plan_names(schedule, began, late):
    assert state.overdue(schedule, began, NOW) == late


@pytest.mark.usefixtures("monitored", "db")
def test_rounds_that_close_within_a_day_are_counted():
    RoundFactory(open=True, closes_at=timezone.now() + timedelta(hours=23))
    RoundFactory(open=True, closes_at=timezone.now() + timedelta(hours=25))
    RoundFactory(overdue=True)

    found = told(ask())

    assert (found[("portal_rounds_closing_soon",)], found[("portal_rounds_overdue",)]) == (1, 1)


@pytest.mark.usefixtures("monitored", "db")
def test_database_and_redis_away_are_told(settings, monkeypatch):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"

    def away(collector):
        raise OperationalError

    monkeypatch.setattr(state.State, "_outbox", away)

    found = told(ask())

    assert (found[("portal_database_up",)], found[("portal_redis_up",)]) == (0, 0)


def test_short_token_stops_the_start(monkeypatch):
    import importlib

    from cluster_portal import settings as portal

    monkeypatch.setenv("METRICS_TOKEN", "short")

    with pytest.raises(ImproperlyConfigured, match="METRICS_TOKEN"):
        importlib.reload(portal)
