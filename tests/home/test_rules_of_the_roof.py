"""Middleware, kept pages, errors, the line to Redis, the API's page, settings that stop a start; without a database."""

import importlib
import json
import logging
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from celery.schedules import crontab
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ImproperlyConfigured, SuspiciousOperation
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.test import RequestFactory
from django.utils import timezone

from cluster_portal import (
    caching,
    context,
    errors,
    health,
    logs,
    middleware,
    own_pages,
    sitemaps,
    support,
    university_sign_in,
    visitor_pages,
)
from cluster_portal.api import describing
from cluster_portal.api import views as api
from cluster_portal.home import desk, front, views, ways
from cluster_portal.metrics import requests as counted
from cluster_portal.metrics.state import overdue
from members.models import SupportVisit, University, User
from members.rest.registry import resources
from tests.people.unsaved import mandate, somebody, student

RF = RequestFactory()
NOW = datetime(2027, 4, 27, 18, 0, tzinfo=UTC)


def through(middleware_of, request, response=None):
    """The request through one middleware; gives the answer and what the view behind it saw."""
    seen = []

    def view(request):
        seen.append((request, timezone.get_current_timezone_name()))
        return response or HttpResponse("page")

    return middleware_of(view)(request), seen


# middleware


@pytest.mark.parametrize(("path", "is_wider"), [("/admin/", True), ("/admin/members/user/", True), ("/", False)])
def test_administration_alone_has_the_wider_policy(path, is_wider):
    answer, _seen = through(middleware.content_security_policy_of_admin, RF.get(path))

    assert hasattr(answer, "_csp_update") == is_wider
    if is_wider:
        assert "'unsafe-eval'" in answer._csp_update["script-src"]


def test_address_with_a_letter_that_no_text_holds_is_not_there():
    with pytest.raises(Http404):
        through(middleware.address_that_can_be, RF.get("/universities/%00/"))
    assert through(middleware.address_that_can_be, RF.get("/universities/kth/"))[1]


@pytest.mark.parametrize(
    ("account", "cookie", "zone"),
    [
        ("Europe/Stockholm", "Asia/Tokyo", "Europe/Stockholm"),
        ("", "Asia/Tokyo", "Asia/Tokyo"),
        ("", "", "UTC"),
        ("", "Mars/Olympus", "UTC"),
        ("Mars/Olympus", "Asia/Tokyo", "UTC"),
        ("", "../../etc/passwd", "UTC"),
    ],
)
def test_zone_is_the_accounts_else_the_browsers_else_utc(account, cookie, zone):
    request = RF.get("/")
    request.user, request.COOKIES["tz"] = User(time_zone=account), cookie

    _answer, [(_request, seen)] = through(middleware.time_zone_of_reader, request)

    assert seen == zone
    assert timezone.get_current_timezone_name() == "UTC", "the zone ends with the request"


def test_zone_of_a_visitor_is_the_browsers():
    request = RF.get("/")
    request.user, request.COOKIES["tz"] = AnonymousUser(), "Asia/Tokyo"

    assert through(middleware.time_zone_of_reader, request)[1][0][1] == "Asia/Tokyo"


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_reading_writes_no_context_of_history(method):
    request = getattr(RF, method)("/")  # without a user: reading does not even ask for one

    assert through(middleware.history_context, request)[1]


@pytest.mark.parametrize(("theme", "shown"), [("dark", "dark"), ("light", "light"), ("", "system"), ("pink", "system")])
def test_theme_of_a_page_is_one_of_ours(theme, shown):
    request = RF.get("/programmes/dual-master/")
    request.COOKIES["theme"] = theme

    found = context.portal(request)

    assert found["theme"] == shown
    assert [room["key"] for room in found["rooms"] if room["current"]] == ["programmes"]


@pytest.mark.parametrize("path", ["/", "/search/", "/people/my-data/", "/programmesque/"])
def test_no_room_is_the_current_one_outside_of_the_rooms(path):
    assert not [room for room in context.portal(RF.get(path))["rooms"] if room["current"]]


def test_unread_notices_are_asked_for_only_where_they_are_shown():
    request = RF.get("/")
    request.user = SimpleNamespace(is_authenticated=True, notices=None)  # asked for, this would fail

    assert context.portal(request)["unread"] is not None
    assert context._unread(RF.get("/")) == 0
    request.user = AnonymousUser()
    assert context._unread(request) == 0


# pages for bad days


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (lambda request: errors.bad_request(request, SuspiciousOperation()), 400),
        (lambda request: errors.not_found(request, Http404()), 404),
        (errors.server_error, 500),
    ],
)
def test_programs_get_their_errors_as_problems(answer, status):
    found = answer(RF.get("/api/v1/universities/"))

    assert (found.status_code, found["Content-Type"]) == (status, "application/problem+json")
    assert json.loads(found.content)["status"] == status


def test_a_fault_of_ours_is_said_on_a_page_that_needs_nothing():
    answer = errors.server_error(RF.get("/"))

    assert answer.status_code == 500
    assert "Retry-After" not in answer


# health


def test_alive_is_answered_before_anything_is_asked():
    answer, seen = through(health.health, RF.get("/healthz", headers={"host": "10.0.0.7"}))

    assert (json.loads(answer.content), seen) == ({"status": "ok"}, [])
    assert through(health.health, RF.get("/"))[1]


@pytest.mark.parametrize(
    ("up", "code", "status"),
    [
        ({"database", "redis"}, 200, "ok"),
        ({"database"}, 200, "slower"),
        ({"redis"}, 503, "not ready"),
        (set(), 503, "not ready"),
    ],
)
def test_ready_says_what_is_missing(monkeypatch, up, code, status):
    monkeypatch.setattr(health, "database_is_up", lambda: "database" in up)
    monkeypatch.setattr(health, "redis_is_up", lambda: "redis" in up)

    answer, _seen = through(health.health, RF.get("/readyz"))
    told = json.loads(answer.content)

    assert (answer.status_code, told["status"], len(told["missing"])) == (code, status, 2 - len(up))


# the line to Redis


def test_line_that_is_up_may_always_be_asked():
    line = caching.Line()

    assert [line.may_be_asked(now) for now in (0.0, 0.1, 0.2)] == [True] * 3
    assert not line.is_lost


def test_line_that_is_lost_is_tried_by_one_caller_in_five_seconds(caplog):
    line = caching.Line()

    with caplog.at_level(logging.WARNING):
        line.lose(OSError("gone"), 100.0)
        line.lose(OSError("gone"), 101.0)

    assert [line.may_be_asked(now) for now in (101.0, 105.9, 106.0, 106.1, 111.0)] == [False, False, True, False, True]
    assert [record.message[:13] for record in caplog.records] == ["Redis is away"], "said once, not by each page"


def test_line_owes_what_was_written_meanwhile_until_it_is_settled():
    line = caching.Line()
    line.lose(OSError(), 0.0)
    line.owe(["a", "b"])
    line.owe(["b", "c"])
    settled = line.debts()
    line.owe(["d"])  # written while the others were being settled

    line.regain(settled)

    assert (sorted(settled), line.debts(), line.is_lost) == (["a", "b", "c"], ["d"], False)


# pages that are kept


@pytest.fixture
def snapshots(settings, monkeypatch):
    """Pages are kept; the database says each time what this holds."""
    settings.REMEMBER_LISTS = True
    told = ["1:1:"]
    for module in (visitor_pages, own_pages):
        monkeypatch.setattr(module, "snapshot", lambda: told[0])
    return told


@pytest.mark.parametrize(
    ("path", "is_kept"),
    [
        ("/", True),
        ("/universities/", True),
        ("/universities/kth/", True),
        ("/search/?q=kth", True),
        ("/people/directory/", False),
        ("/accounts/login/", False),
        ("/dashboard/", False),
        ("/universities/?export=csv", False),
        (f"/universities/?q={'x' * 300}", False),
    ],
)
def test_which_pages_of_visitors_are_kept(snapshots, path, is_kept):
    assert bool(visitor_pages._key(RF.get(path))) == is_kept


@pytest.mark.parametrize("method", ["post", "head", "options"])
def test_only_reading_is_kept(snapshots, method):
    assert visitor_pages._key(getattr(RF, method)("/universities/")) is None


@pytest.mark.parametrize("cookie", ["sessionid", "messages", "unknown"])
def test_visitor_who_brings_something_gets_a_page_of_their_own(snapshots, cookie):
    request = RF.get("/")
    request.COOKIES[cookie] = "x"

    assert visitor_pages._key(request) is None


def test_program_with_a_key_gets_a_page_of_its_own(snapshots):
    assert visitor_pages._key(RF.get("/", headers={"authorization": "Bearer cluster_x"})) is None


@pytest.mark.parametrize(
    "differs",
    [
        {"headers": {"hx-request": "true"}},
        {"headers": {"hx-boosted": "true"}},
        {"headers": {"accept-language": "sv"}},
        {"headers": {"host": "other.example"}},
        {"secure": True},
        {"query_params": {"page": "2"}},
    ],
)
def test_what_makes_a_page_another_one_makes_its_key_another_one(snapshots, differs):
    assert visitor_pages._key(RF.get("/universities/")) != visitor_pages._key(RF.get("/universities/", **differs))


@pytest.mark.parametrize("cookie", ["theme", "tz"])
def test_colours_and_zone_make_a_page_another_one(snapshots, cookie):
    other = RF.get("/universities/")
    other.COOKIES[cookie] = "dark"

    assert visitor_pages._key(RF.get("/universities/")) != visitor_pages._key(other) is not None


def test_a_write_makes_every_key_another_one_and_within_a_write_nothing_is_kept(snapshots):
    before = visitor_pages._key(RF.get("/"))
    snapshots[0] = "1:2:"
    after = visitor_pages._key(RF.get("/"))
    snapshots[0] = ""

    assert before != after
    assert visitor_pages._key(RF.get("/")) is None


def test_nothing_is_kept_where_the_settings_say_so(snapshots, settings):
    settings.REMEMBER_LISTS = False

    assert visitor_pages._key(RF.get("/")) is None
    assert own_pages._key(RF.get("/universities/"), NOW) is None


def html(content="page", **headers):
    return HttpResponse(content, headers={"Content-Type": "text/html; charset=utf-8", **headers})


def with_cookie():
    answer = html()
    answer.set_cookie("a", "b")
    return answer


@pytest.mark.parametrize(
    ("answer", "is_kept"),
    [
        (html(), True),
        (html(**{"Cache-Control": "max-age=60"}), True),
        (html(**{"Cache-Control": "private"}), False),
        (html(**{"Cache-Control": "max-age=0, no-cache, no-store"}), False),
        (with_cookie(), False),
        (HttpResponse("x", content_type="text/csv"), False),
        (StreamingHttpResponse(["x"]), False),
        (HttpResponse(status=404), False),
        (HttpResponse(status=302), False),
    ],
    ids=["page", "for a minute", "private", "never", "sets a cookie", "file", "stream", "nothing there", "leads on"],
)
def test_which_answers_are_kept(answer, is_kept):
    assert visitor_pages._may_be_kept(answer) == is_kept


def signed_in(path="/universities/", *, secret="s" * 32, session=("5", "hash", "backend"), waiting=()):
    request = RF.get(path)
    request.META["CSRF_COOKIE"] = secret
    names = (own_pages.SESSION_KEY, own_pages.HASH_SESSION_KEY, own_pages.BACKEND_SESSION_KEY)
    request.session = dict(zip(names, session, strict=False))
    request._messages = list(waiting)
    return request


@pytest.mark.parametrize(
    ("changed", "is_kept"),
    [
        ({}, True),
        ({"secret": None}, False),
        ({"session": ()}, False),
        ({"waiting": ["Saved."]}, False),
        ({"path": "/dashboard/"}, False),
        ({"path": "/universities/kth/"}, False),
        ({"path": "/universities/?export=xlsx"}, False),
        ({"path": f"/universities/?q={'x' * 300}"}, False),
    ],
)
def test_which_lists_of_people_are_kept(snapshots, changed, is_kept):
    assert bool(own_pages._key(signed_in(**changed), NOW)) == is_kept


@pytest.mark.parametrize(
    "changed", [{"secret": "t" * 32}, {"session": ("6", "hash", "backend")}, {"session": ("5", "other", "backend")}]
)
def test_nobody_is_given_the_list_of_another_person_secret_or_password(snapshots, changed):
    assert own_pages._key(signed_in(), NOW) != own_pages._key(signed_in(**changed), NOW)


def test_a_list_is_another_one_every_quarter_of_an_hour(snapshots):
    keys = [own_pages._key(signed_in(), NOW + timedelta(minutes=minutes)) for minutes in (0, 14, 15)]

    assert keys[0] == keys[1] != keys[2]


def test_in_a_visit_of_support_no_list_is_kept(snapshots):
    request = signed_in()
    request.visit = SupportVisit()

    assert own_pages._key(request, NOW) is None


# support


@pytest.mark.parametrize(
    ("path", "name"),
    [("/universities/", "members:university_list"), ("/", "home"), ("/nowhere/at/all/", ""), ("/healthz", "")],
)
def test_an_address_is_asked_for_by_its_name(path, name):
    assert support._name_of(RF.get(path)) == name


@pytest.mark.parametrize(
    ("ended", "left", "supporter", "goes_on"),
    [
        (None, 1, True, True),
        (None, 0, True, False),
        (NOW, 1, True, False),
        (None, 1, False, False),
    ],
    ids=["going on", "to its last second", "ended", "supporter's account closed"],
)
def test_a_visit_goes_on_until_its_time_is_over(monkeypatch, ended, left, supporter, goes_on):
    monkeypatch.setattr(support.timezone, "now", lambda: NOW)
    monkeypatch.setattr(User, "has_perm", lambda self, name, thing=None: True)
    visit = SupportVisit(
        ended_at=ended,
        ends_at=NOW + timedelta(seconds=left),
        supporter=User(pk=1, is_active=supporter),
        person=User(pk=2),
    )

    assert support._goes_on(visit) == goes_on


def test_who_is_looked_as_knows_who_looks():
    visit = SupportVisit(supporter=User(pk=1), person=User(pk=2))

    assert support._person_of(visit).supporter is visit.supporter


# signing in by the university


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("https://login.kth.se/adfs", "https://login.kth.se"),
        ("http://localhost:8080/x", "http://localhost:8080"),
        ("login.kth.se", ""),
        ("ftp://login.kth.se", ""),
        ("javascript:alert(1)", ""),
        ("https://", ""),
        ("", ""),
    ],
)
def test_origin_of_an_address(address, found):
    assert university_sign_in.origin(address) == found


def provide(**given):
    return university_sign_in.providers(
        **{"server": "https://login.kth.se", "client_id": "portal", "secret": "x", "name": "KTH", **given}
    )


def test_without_a_server_there_is_no_such_sign_in():
    assert provide(server="") == {}


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"client_id": ""}, "OIDC_SERVER needs OIDC_CLIENT_ID and OIDC_CLIENT_SECRET"),
        ({"secret": ""}, "OIDC_SERVER needs OIDC_CLIENT_ID and OIDC_CLIENT_SECRET"),
        ({"server": "login.kth.se"}, "OIDC_SERVER is not an address: 'login.kth.se'"),
    ],
)
def test_half_a_configuration_stops_the_start(given, sentence):
    with pytest.raises(ImproperlyConfigured, match=sentence):
        provide(**given)


def test_sign_in_proves_its_code():
    found = provide()["openid_connect"]

    assert found["OAUTH_PKCE_ENABLED"]
    assert found["APPS"][0]["settings"] == {"server_url": "https://login.kth.se"}


def test_the_form_may_lead_to_each_server_once():
    others = ["https://idp.example/x", "https://login.kth.se/other", "nonsense"]

    assert university_sign_in.form_targets("https://login.kth.se", others) == [
        "https://idp.example", "https://login.kth.se",
    ]  # fmt: skip
    assert university_sign_in.form_targets("", []) == []


# settings


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("METRICS_TOKEN", "long-enough-to-be-a-token,short", "METRICS_TOKEN is too short"),
        ("CLAMD", "clamav", "give host:port, like clamav:3310"),
        ("CLAMD", "clamav:port", "give host:port"),
        ("LOG_FORMAT", "yaml", "LOG_FORMAT is 'yaml': give console or json."),
        ("MIGRATE_LOCK_TIMEOUT", "five", "give 5s or 15min"),
        ("MIGRATE_STATEMENT_TIMEOUT", "15m", "give 5s or 15min"),
        ("OIDC_SERVER", "https://login.kth.se", "OIDC_SERVER needs"),
    ],
)
def test_a_wrong_value_stops_the_start_with_what_would_be_right(monkeypatch, name, value, sentence):
    from cluster_portal import settings as portal

    monkeypatch.setenv(name, value)

    with pytest.raises(ImproperlyConfigured, match=sentence):
        importlib.reload(portal)


def test_production_does_not_start_without_a_key(monkeypatch):
    from cluster_portal import settings as portal

    for name, value in {"SECRET_KEY": "", "DEBUG": "0", "DEMO": "0"}.items():
        monkeypatch.setenv(name, value)

    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY is not set"):
        importlib.reload(portal)


@pytest.mark.parametrize(("log_format", "renderer"), [("console", "ConsoleRenderer"), ("json", "JSONRenderer")])
def test_logs_are_for_people_or_for_programs(log_format, renderer):
    told = logs.configure(log_format)

    assert type(told["formatters"]["structured"]["processors"][-1]).__name__ == renderer
    assert told["root"]["level"] == "INFO"


# the page about the API


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"type": "string"}, "text"),
        ({"type": "integer"}, "whole number"),
        ({"type": "boolean"}, "yes or no"),
        ({"type": "string", "format": "date-time"}, "moment, UTC"),
        ({"type": ["string", "null"], "format": "uri"}, "address, or null"),
        ({"type": "array", "items": {"type": "string"}}, "list of text"),
        ({"type": "array", "items": {"$ref": "#/x"}}, "list"),
        ({"type": ["array", "null"], "items": {"type": "integer"}}, "list of whole number, or null"),
        ({"oneOf": [{"type": "number"}, {"type": "string"}]}, "number"),
        ({"$ref": "#/x"}, "object"),
        ({"type": ["null"]}, "object, or null"),
    ],
)
def test_type_of_a_field_in_words(schema, words):
    assert describing._type(schema) == words


def test_what_stands_between_backticks_is_code_and_the_rest_is_escaped():
    assert describing.coded("Only `application/json` & `<b>`") == (
        "Only <code>application/json</code> &amp; <code>&lt;b&gt;</code>"
    )


def test_fields_within_fields_stand_after_a_dot():
    components = {
        "University": {"properties": {"slug": {"type": "string", "description": "Its slug."},
                                      "tags": {"type": "array", "items": {"$ref": "#/components/schemas/Tag"}}}},
        "Tag": {"properties": {"label": {"type": "string", "enum": ["a", "", None]}}},
    }  # fmt: skip

    found = list(describing._fields(components, "University"))

    assert [(field["name"], field["values"]) for field in found] == [("slug", []), ("tags", []), ("tags.label", ["a"])]


def test_document_tells_each_resource_where_it_is():
    told = describing.page(api.document(), "https://portal.example")

    assert [each["name"] for each in told] == [resource.resource for resource in resources()]
    assert all(each["url"] == f"https://portal.example{each['path']}" for each in told)
    assert all(each["one"].startswith(f"{each['path']}{{") for each in told)
    assert all(parameter["about"] for each in told for parameter in each["parameters"])


def test_document_is_made_once_and_its_bytes_do_not_change():
    assert api.document() is api.document()
    assert api.written_document() is api.written_document()


# figures


def test_queries_are_counted_as_they_pass():
    counter = counted.QueryCounter()

    assert counter(lambda *query: query, "SELECT 1", None) == ("SELECT 1", None)
    assert counter.count == 1


@pytest.mark.parametrize(("status", "view"), [(200, "kept"), (302, "kept"), (404, "none"), (500, "none")])
def test_page_without_a_view_was_kept_or_is_not_there(status, view):
    request = RF.get("/")
    request.resolver_match = None

    assert counted._view(request, HttpResponse(status=status)) == view


@pytest.mark.parametrize(
    ("schedule", "minutes", "late"),
    [(300.0, 4, 0), (300.0, 5, 0), (300.0, 7, 2), (crontab(minute="*/15"), 10, 0), (crontab(minute="*/15"), 40, 25)],
)
def test_a_job_is_late_from_its_next_turn_on(schedule, minutes, late):
    began = NOW.replace(minute=0)

    assert overdue(schedule, began, began + timedelta(minutes=minutes)) == timedelta(minutes=late)


# sitemaps and home


def test_robots_are_kept_out_of_what_is_nobodys_to_find():
    told = sitemaps.robots(RF.get("/robots.txt")).content.decode()

    for path in ("/admin/", "/people/", "/notifications/", "/calendar/mine/", "/*export="):
        assert f"Disallow: {path}\n" in told
    assert told.rstrip().endswith("Sitemap: http://testserver/sitemap.xml")


def test_pages_of_the_sitemap_are_there():
    pages = sitemaps.Pages()

    assert next(map(pages.location, pages.items())) == "/"
    assert len({pages.location(item) for item in pages.items()}) == len(sitemaps.PAGES)


KTH, LOST = (
    University(pk=1, slug="kth", city="Stockholm", latitude="59.35", longitude="18.07"),
    University(pk=2, slug="lost", city="Nowhere"),
)


def test_home_draws_the_members_that_have_a_place():
    for university in (KTH, LOST):
        university.kind_now = "member"

    assert [(point.slug, point.label, point.lat) for point in front._points([KTH, LOST])] == [
        ("kth", "Stockholm", 59.35)
    ]


@pytest.mark.parametrize(
    ("person", "hats"),
    [
        (somebody(), "p1@kth.example"),
        (somebody(mandate("exchange", KTH)), "Exchange coordinator, KTH"),
        (somebody(mandate("secretariat")), "Secretariat, CLUSTER"),
        (somebody(mandate("reviewer", KTH, ends=-1)), "p1@kth.example"),
    ],
)
def test_dashboard_says_in_whose_name_one_is_here(person, hats):
    KTH.short_name = "KTH"

    assert desk._hats(person, timezone.now()) == hats


def test_an_administrator_is_named_and_not_asked_where_they_study():
    person = somebody()
    person.is_superuser = True

    assert (desk._hats(person, timezone.now()), desk._first_steps(person, timezone.now())) == ("Administrator", [])


@pytest.mark.parametrize(
    ("person", "label"),
    [
        (somebody(), "Say where you study"),
        (student("waiting"), "Fill in your student data"),
        (student("refused"), "Say where you study"),
        (student("confirmed"), None),
        (somebody(mandate("exchange")), None),
        (somebody(mandate("exchange", starts=1)), "Say where you study"),
    ],
)
def test_somebody_new_is_told_the_first_step(person, label):
    steps = desk._first_steps(person, timezone.now())

    assert [step["label"] for step in steps] == ([label] if label else [])


@pytest.mark.parametrize(
    ("person", "title", "label"),
    [
        (student(), "Nothing waits for you", "Browse places"),
        (somebody(), "Your desk is clear", "Browse universities"),
        (somebody(mandate("exchange", KTH)), "Your desk is clear", "Browse universities"),
        (somebody(mandate("grants", KTH)), "Your desk is clear", "Browse open calls"),
        (somebody(mandate("head", KTH)), "Your desk is clear", "See the coming events"),
        (somebody(mandate("exchange", KTH), mandate("director", KTH)), "Your desk is clear", "Browse dual degrees"),
        (somebody(mandate("coordinator", KTH)), "Your desk is clear", "Browse courses"),
    ],
)
def test_an_empty_desk_leads_on(person, title, label):
    shown = desk._empty(person, timezone.now())

    assert (shown["title"], shown["label"]) == (title, label)
    assert shown["url"].startswith("/")


def test_visitors_are_told_the_public_pages_and_how_to_come_in():
    urls = {way.url for way in ways.ways(AnonymousUser(), NOW)}

    assert {"/universities/", "/accounts/login/", "/accounts/signup/"} <= urls
    assert not {"/dashboard/", "/notifications/", "/people/my-data/"} & urls


def test_no_page_is_announced_under_two_names():
    urls = [way.url for way in ways.ways(AnonymousUser(), NOW)]

    assert len(urls) == len({*urls})


def test_pages_that_are_not_for_everybody_ask_who_is_there():
    assert getattr(views.home, "login_required", True) is False
    assert getattr(views.dashboard, "login_required", True) is True
