"""Limits, and the refusal to start with demo people."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import CommandError, call_command
from django.http import HttpResponse
from django.test import RequestFactory

from cluster_portal import settings as portal
from cluster_portal.stack.redis import free_port
from members.checks import no_demo_people_in_production
from members.limits import limited
from tests.factories.members import UserFactory


@limited("test", "2/h")
def answer(request):
    return HttpResponse("done")


def post(user, ip="192.0.2.1", method="post"):
    request = getattr(RequestFactory(), method)("/", REMOTE_ADDR=ip)
    request.user = user
    return answer(request).status_code


@pytest.fixture(autouse=True)
def plain_page(settings):
    settings.RATELIMIT_VIEW = "tests.people.test_guards.too_many"


def too_many(request):
    return HttpResponse("too many", status=429)


@pytest.mark.django_db
def test_limited_each_person_has_their_own_count():
    anna, bo = UserFactory.create_batch(2)

    assert [post(anna), post(anna), post(anna, ip="192.0.2.7"), post(bo)] == [200, 200, 429, 200]


def test_limited_strangers_are_counted_by_address():
    stranger = AnonymousUser()

    assert [post(stranger), post(stranger), post(stranger), post(stranger, ip="192.0.2.2")] == [200, 200, 429, 200]


def test_limited_behind_a_proxy_the_visitor_is_counted(settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1

    def post_from(visitor):
        request = RequestFactory().post(
            "/", REMOTE_ADDR="10.0.0.1", headers={"X-Forwarded-For": f"198.51.100.1, {visitor}"}
        )
        request.user = AnonymousUser()
        return answer(request).status_code

    statuses = [post_from(visitor) for visitor in ("192.0.2.1", "192.0.2.1", "192.0.2.1", "192.0.2.2")]
    assert statuses == [200, 200, 429, 200]


@limited("search of tests", "2/h", methods=("GET",))
def search(request):
    return HttpResponse("found")


def test_limited_where_it_says_so_reading_is_counted():
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.1")
    request.user = AnonymousUser()

    assert [search(request).status_code for _ in range(3)] == [200, 200, 429]


@pytest.mark.django_db
def test_limited_reading_is_not_counted():
    anna = UserFactory()

    assert [post(anna, method="get") for _ in range(4)] == [200] * 4


@pytest.mark.django_db
def test_limited_redis_away_each_process_counts(settings):
    settings.CACHES = {"default": portal.CACHES["default"] | {"LOCATION": f"redis://127.0.0.1:{free_port()}/0"}}
    anna = UserFactory()

    assert [post(anna) for _ in range(3)] == [200, 200, 429]


@pytest.mark.django_db
def test_check_demo_people_refuse_a_production_start(settings):
    settings.DEMO = False
    UserFactory(email="student.kth@demo.example")

    [error] = no_demo_people_in_production(databases=["default"])

    assert error.id == "members.E001"
    with pytest.raises(CommandError, match="1 demo account"):
        call_command("check", databases=["default"])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("demo", "email", "active"),
    [
        (True, "student.kth@demo.example", True),
        (False, "student.kth@demo.example", False),
        (False, "student.kth@notdemo.example", True),
    ],
)
def test_check_finds_nothing_to_refuse(settings, demo, email, active):
    settings.DEMO = demo
    UserFactory(email=email, is_active=active)

    assert no_demo_people_in_production(databases=["default"]) == []


@pytest.mark.django_db
def test_check_without_databases_asks_none(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert no_demo_people_in_production(databases=None) == []
