"""Every list of the portal with ten rows and with a thousand, for a person who sees it: the same number of queries.

`LISTS` says how many each may ask at most. A new list stands in it, or in `NO_LISTS` with the reason why not.
"""

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.house import list_rows as rows
from tests.permissions.addresses import Address, walk
from tests.permissions.world import Side, World

FEW, MANY = 10, 1000
PAGES_GROW_AT_MOST = 4  # from ten rows to a page of them
DRAWS_A_LIST = re.compile(r"\b(show_list|Paginator|get_page)\(")


@dataclass(frozen=True)
class Page:
    """A list as `who` sees it when there are many of `rows`, under at most `budget` queries.

    `about` names what the address is about, where that is not what the permission matrix takes. `first` says that it
    shows the first few and does not count the others; `whole` says why all of them stand on one page.
    """

    name: str
    who: str
    rows: rows.Rows
    budget: int
    about: Callable[[Side], dict[str, Any]] | None = None
    first: bool = False
    whole: str = ""

    def __str__(self) -> str:
        return f"{self.name} as {self.who}, {self.rows.__name__}"


def round_of(state: str) -> Callable[[Side], dict[str, Any]]:
    """The round in which the own student's application stands in `state`."""
    return lambda side: {"slug": side.application(state).round.slug}


def open_call(side: Side) -> dict[str, Any]:
    return {"slug": side.open_call.slug}


LISTS = (
    Page("home", "visitor", rows.calls, 9, first=True),
    Page("home", "visitor", rows.universities, 9, whole="the members of the consortium on its map"),
    Page("dashboard", "student", rows.offers_to_one, 26),
    Page("dashboard", "student", rows.notices, 26),
    Page("dashboard", "exchange", rows.applications, 36),
    Page("dashboard", "exchange", rows.appeals, 42),
    Page("dashboard", "exchange", rows.students, 36),
    Page("dashboard", "coordinator", rows.cotutelles, 27),
    Page("dashboard", "reviewer", rows.reviews, 28),
    Page("dashboard", "secretariat", rows.calls_of_the_desk, 35),
    Page("dashboard", "secretariat", rows.practices_to_judge, 35),
    Page("calendar:page", "visitor", rows.events, 5),
    Page("calendar:page", "student", rows.applications_of_one, 18),
    Page("calendar:public", "visitor", rows.events, 5, whole="a calendar program takes it in one piece"),
    Page("members:university_list", "visitor", rows.universities, 12),
    Page("members:university_quality", "secretariat", rows.universities, 10),
    Page("members:university_detail", "visitor", rows.placements, 20),
    Page("members:university_detail", "visitor", rows.programmes, 22),
    Page("members:university_detail", "visitor", rows.units, 20, whole="how one university is made up"),
    Page("members:university_history", "official", rows.history, 9),
    Page("people:expert_list", "student", rows.experts, 13),
    Page("people:erasure_list", "secretariat", rows.erasures, 7),
    Page("people:token_list", "student", rows.tokens, 4, whole="one's own keys, each made by hand"),
    Page("people:student_list", "exchange", rows.students, 11),
    Page("people:my_mandates", "coordinator", rows.mandates_of_one, 4, whole="one's own mandates"),
    Page("people:mandate_list", "secretariat", rows.mandates, 10),
    Page("people:consortium_people", "secretariat", rows.mandates_of_the_consortium, 5),
    Page("people:university_people", "official", rows.mandates, 9),
    Page("people:university_people", "official", rows.invitations, 9, whole="invitations end after two weeks"),
    Page("courses:course_list", "visitor", rows.courses, 10),
    Page("courses:university_courses", "coordinator", rows.courses, 15),
    Page("courses:import_detail", "coordinator", rows.rows_of_a_course_sheet, 7, whole="each row is looked through"),
    Page("programmes:programme_list", "visitor", rows.programmes, 24),
    Page("programmes:feed", "visitor", rows.programmes, 3),
    Page("programmes:wish_list", "student", rows.wishes, 11),
    Page("programmes:programme_desk", "director", rows.programmes, 24),
    Page("programmes:programme_desk", "secretariat", rows.programmes, 22),
    Page("programmes:intake_list", "director", rows.intakes, 21, whole="two a year"),
    Page("programmes:cotutelle_list", "coordinator", rows.cotutelles, 15),
    Page("programmes:programme_detail", "visitor", rows.courses_of_a_programme, 16, whole="the courses of one degree"),
    Page("programmes:programme_courses", "director", rows.courses_of_a_programme, 23, whole="a form kept as a whole"),
    Page("exchange:placement_list", "visitor", rows.placements, 17),
    Page("exchange:own_placements", "exchange", rows.placements, 15),
    Page("exchange:round_list", "visitor", rows.rounds, 9),
    Page("exchange:import_detail", "exchange", rows.rows_of_a_sheet, 6, whole="each row is looked through"),
    Page("funding:call_list", "visitor", rows.calls, 11),
    Page("funding:call_feed", "visitor", rows.calls, 1),
    Page("funding:call_detail", "grants", rows.interests_in_one, 11, open_call, whole="partners are found by reading"),
    Page("funding:own_calls", "grants", rows.calls_of_the_desk, 14),
    Page("funding:interest_list", "grants", rows.interests, 13),
    Page("policy:event_list", "visitor", rows.events, 13),
    Page("policy:event_detail", "secretariat", rows.materials, 10, whole="the papers of one event"),
    Page("policy:registration_list", "secretariat", rows.registrations, 13),
    Page("policy:invitation_list", "secretariat", rows.invitations_to_the_event, 10),
    Page("policy:series_detail", "visitor", rows.events_of_the_series, 4),
    Page("policy:body_list", "visitor", rows.bodies, 5),
    Page("policy:body_detail", "secretariat", rows.events, 9, first=True),
    Page("policy:body_detail", "secretariat", rows.seats, 9, whole="who sits in one body"),
    Page("policy:body_seats", "secretariat", rows.seats, 7, whole="a form kept as a whole"),
    Page("practices:practice_list", "visitor", rows.practices, 15),
    Page("practices:practice_detail", "visitor", rows.adoptions, 7, whole="each university adopts it once"),
    Page("practices:feed", "visitor", rows.practices, 1),
    Page("practices:topic_list", "visitor", rows.practices, 2),
    Page("practices:topic_detail", "visitor", rows.practices, 3),
    Page("practices:own_practices", "director", rows.practices, 10),
    Page("practices:curation_queue", "secretariat", rows.practices_to_judge, 10),
    Page("applications:round_list", "visitor", rows.rounds, 9),
    Page("applications:round_detail", "student", rows.places_in_the_round, 18),
    Page("applications:round_choices", "exchange", rows.places_in_the_round, 25),
    Page("applications:application_choices", "student", rows.places_to_choose, 21),
    Page("applications:application_list", "student", rows.applications_of_one, 11),
    Page("applications:review_list", "reviewer", rows.reviews, 8),
    Page("applications:round_desk", "exchange", rows.applications, 20, round_of("submitted")),
    Page("applications:round_decisions", "exchange", rows.applications_to_decide, 13, round_of("eligible")),
    Page("notifications:notice_list", "student", rows.notices, 8),
    Page("notifications:outbox", "secretariat", rows.outbox, 8),
    Page("notifications:mail_list", "secretariat", rows.mail, 6),
    Page("notifications:search_list", "student", rows.searches, 10),
    Page("api:calls-list", "visitor", rows.calls, 4),
    Page("api:courses-list", "visitor", rows.courses, 2),
    Page("api:events-list", "visitor", rows.events, 2),
    Page("api:placements-list", "visitor", rows.placements, 3),
    Page("api:practices-list", "visitor", rows.practices, 3),
    Page("api:programmes-list", "visitor", rows.programmes, 14),
    Page("api:rounds-list", "visitor", rows.rounds, 2),
    Page("api:units-list", "visitor", rows.units, 2),
    Page("api:universities-list", "visitor", rows.universities, 7),
)

# Addresses about nothing in particular, or that draw pages of something, and are no lists all the same.
NO_LISTS = {
    "a form, or a question before an act": (
        "members:university_add", "programmes:programme_add", "programmes:cotutelle_begin", "exchange:placement_add",
        "exchange:many_placements", "exchange:copy_year", "exchange:import_new", "funding:call_add", "policy:event_add",
        "practices:practice_add", "applications:round_add", "notifications:preferences", "notifications:search_add",
        "people:consortium_give", "people:profile", "people:expert_edit", "people:token_add", "people:close_account",
        "people:my_data_erasure",
    ),
    "an act, taken up by POST": (
        "theme", "notifications:notice_read_all", "people:profile_home", "people:my_data_keep", "people:support_stop",
        "people:expert_unpublish_mine", "people:student_confirm_many", "calendar:address_make",
        "calendar:address_revoke",
    ),
    "searched with 1, 3 and 1,000 entries by tests/search/test_pages.py": ("search", "search_suggest"),
    "as many rows as were ticked, or a handful": (
        "members:university_compare", "members:university_lookalikes", "programmes:programme_compare",
    ),
    "one row a kind of job, of data or of period": (
        "notifications:job_list", "people:retention_list", "people:my_data", "about_data", "accessibility",
    ),
    "the last twenty visits": ("people:support",),
    "a file of everything about one person, by design": ("people:my_data_download",),
    "for programs": ("sitemap", "robots", "metrics", "api:index", "api:docs", "api:schema"),
}  # fmt: skip
ADDRESSES = {address.name: address for address in walk()}


def may_be_a_list(address: Address) -> bool:
    """By its name, by being about nothing in particular, or because its view draws pages."""
    if not address.params or address.name.endswith("_list"):
        return True
    return bool(DRAWS_A_LIST.search(_source(address)))


def _source(address: Address) -> str:
    view = inspect.unwrap(address.view)
    return inspect.getsource(view) if inspect.isfunction(view) else ""


def test_every_list_has_a_budget_or_a_reason_why_not():
    listed = {page.name for page in LISTS}
    excused = {name for names in NO_LISTS.values() for name in names}

    assert {name for name, address in ADDRESSES.items() if may_be_a_list(address)} - listed - excused == set()
    assert listed & excused == set()
    assert (listed | excused) - set(ADDRESSES) == set()


def address_of(page, world):
    about = page.about(world.sides["own"]) if page.about else world.about(ADDRESSES[page.name], "own")
    return reverse(page.name, kwargs=about)


def opened(client, page, world):
    """The answer, and how many queries it took."""
    address = address_of(page, world)
    with CaptureQueriesContext(connection) as asked:
        response = client.get(address)
    assert response.status_code == 200
    return response, len(asked)


@pytest.mark.django_db
@pytest.mark.parametrize("page", LISTS, ids=str)
def test_a_list_asks_as_much_with_a_thousand_rows_as_with_ten(client, settings, page):
    settings.DEMO = True  # which keeps a list of its own: the mail it caught
    world = World()
    person = world.person(page.who)
    if person:
        client.force_login(person)

    page.rows(world, FEW - 1)
    short, few = opened(client, page, world)
    page.rows(world, MANY - FEW)
    long, many = opened(client, page, world)

    assert few == many
    assert many <= page.budget
    growth = len(long.content) / len(short.content)
    assert growth > PAGES_GROW_AT_MOST if page.whole else growth < PAGES_GROW_AT_MOST
    assert page.first or growth > 1 or long.context["total"] >= MANY, "the rows are not to be seen there"


CATALOGUES = {page.name: page for page in LISTS if "show_list(" in _source(ADDRESSES[page.name])}


@pytest.mark.django_db
@pytest.mark.parametrize("page", CATALOGUES.values(), ids=str)
def test_a_list_in_which_nothing_fits_says_so_and_leads_back_to_all_of_it(client, settings, page):
    settings.DEMO = True
    world = World()
    person = world.person(page.who)
    if person:
        client.force_login(person)
    page.rows(world, 1)

    response = client.get(address_of(page, world), {"q": "zzzz"})

    [said] = re.findall(r'<div class="empty">(.*?)</div>', response.content.decode(), re.DOTALL)
    assert (response.context["total"], "fits" in said) == (0, True)
    assert f'href="{address_of(page, world)}"' in said
