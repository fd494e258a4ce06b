"""The pages of funding calls for everybody: who sees what, what they say, how many queries they take."""

import csv
import io
import json
from datetime import timedelta

import pytest
from django.utils import timezone
from icalendar import Calendar

from tests.factories.funding import CallFactory, FollowFactory, FundingProgrammeFactory, InterestFactory, StageFactory
from tests.factories.members import FieldFactory, MandateFactory, UniversityFactory, UserFactory

pytestmark = pytest.mark.django_db

LIST = "/funding/calls/"


def titles(response):
    return [call.title for call in response.context["page_obj"]]


def facet(response, name):
    found = next(facet for facet in response.context["facets"] if facet["name"] == name)
    return {option["value"]: option["count"] for option in [*found["options"], *found["more"]]}


def erasmus():
    return FundingProgrammeFactory(
        code="E+-EMJM", framework="Erasmus+", name="Joint masters", action_type="joint_programme"
    )


# the catalogue


def test_everybody_finds_published_calls_nearest_deadline_first(client) -> None:
    CallFactory(closed=True, title="Closed")
    CallFactory(forthcoming=True, title="Later")
    CallFactory(open=True, title="Open")
    CallFactory(drafted=True, title="A draft")
    CallFactory(proposed=True, title="Proposed")

    assert titles(client.get(LIST)) == ["Open", "Later", "Closed"]


@pytest.mark.parametrize("calls", [1, 3])
def test_call_list_query_count(client, django_assert_num_queries, calls) -> None:
    for call in CallFactory.create_batch(calls, open=True):
        call.fields.add(FieldFactory(code="07"))

    with django_assert_num_queries(12):  # rows, their fields, two counts, six facets, words of two
        client.get(LIST)


@pytest.mark.parametrize("calls", [1, 3])
def test_call_list_query_count_signed_in(client, django_assert_num_queries, calls) -> None:
    for call in CallFactory.create_batch(calls, open=True):
        call.fields.add(FieldFactory(code="07"))
    client.force_login(MandateFactory(grants=True).person)

    with django_assert_num_queries(17):  # and session, user, mandates, two boxes
        client.get(LIST)


def test_facets_count_and_narrow(client) -> None:
    engines = CallFactory(open=True, title="Engines")
    engines.fields.add(FieldFactory(code="07"), FieldFactory(code="05"))
    CallFactory(closed=True, title="Masters", programme=erasmus(), action_type="joint_programme")

    everything = client.get(LIST)

    assert facet(everything, "status") == {"open": 1, "closed": 1}
    assert facet(everything, "framework") == {"Horizon Europe": 1, "Erasmus+": 1}
    assert facet(everything, "line") == {"HE-RIA": 1, "E+-EMJM": 1}
    assert facet(everything, "action") == {"ria": 1, "joint_programme": 1}
    assert facet(everything, "funder") == {"European Commission": 2}
    assert facet(everything, "field") == {"07": 1, "05": 1}
    assert titles(client.get(LIST, {"status": "closed"})) == ["Masters"]
    assert titles(client.get(LIST, {"field": ["05", "07"]})) == ["Engines"]
    assert titles(client.get(LIST, {"framework": "Erasmus+"})) == ["Masters"]
    assert [chip["value"] for chip in client.get(LIST, {"line": "E+-EMJM"}).context["chips"]] == ["Joint masters"]


@pytest.mark.parametrize(
    "typed", ["mecatronica", "MECATRÓNICA", "cl5-2027", "horizon", "research innovation", "field 07"]
)
def test_search_finds_title_topic_programme_and_field_without_accents(client, typed) -> None:
    call = CallFactory(open=True, title="Mecatrónica", topic="HORIZON-CL5-2027")
    call.fields.add(FieldFactory(code="07"))
    CallFactory(open=True, title="Masters", programme=erasmus())

    assert titles(client.get(LIST, {"q": typed})) == ["Mecatrónica"]


def test_sort_by_budget_puts_unknown_ones_last(client) -> None:
    CallFactory(open=True, title="Unknown")
    CallFactory(open=True, title="Small", budget_total=1_000_000)
    CallFactory(open=True, title="Large", budget_total=9_000_000)

    assert titles(client.get(LIST, {"sort": "budget"})) == ["Large", "Small", "Unknown"]


@pytest.mark.parametrize("query", ["?status=abc", "?sort=nothing", "?page=x", "?q=%00", "?field=", "?framework=%00"])
def test_a_strange_address_is_answered(client, query) -> None:
    CallFactory(open=True)

    assert client.get(LIST + query).status_code == 200


def test_empty_list_says_what_to_do(client) -> None:
    assert "No call fits all of this" in client.get(LIST).content.decode()


def test_boxes_of_one_s_own_are_for_people_who_are_signed_in(client) -> None:
    CallFactory(open=True, title="Engines")
    names = [facet["name"] for facet in client.get(LIST).context["facets"]]

    assert not {"follow", "interest"} & {*names}
    assert titles(client.get(LIST, {"follow": "yes", "interest": "yes"})) == ["Engines"]

    client.force_login(UserFactory())

    assert titles(client.get(LIST, {"follow": "yes"})) == titles(client.get(LIST, {"interest": "yes"})) == []


def test_boxes_of_one_s_own_narrow_to_what_one_follows_and_wants(client) -> None:
    CallFactory(open=True, title="Neither")
    interest = InterestFactory(call__title="Wanted")
    FollowFactory(call__title="Followed", user=interest.person)
    InterestFactory(call__title="Given up", person=interest.person, withdrawn=True)
    client.force_login(interest.person)

    found = [titles(client.get(LIST, {box: "yes"})) for box in ("follow", "interest")]

    assert found == [["Followed"], ["Wanted"]]


def test_export_honours_the_filters(client) -> None:
    CallFactory(open=True, title="Engines", budget_total=5_000_000)
    CallFactory(open=True, title="Masters", programme=erasmus())

    exported = b"".join(client.get(LIST, {"framework": "Horizon Europe", "export": "csv"})).decode("utf-8-sig")

    rows = list(csv.DictReader(io.StringIO(exported)))
    assert [
        (row["Title"], row["Status"], row["Budget of the call, EUR"], row["Organisations, at least"]) for row in rows
    ] == [("Engines", "Open", "5000000", "3")]


def test_workbook_is_given(client) -> None:
    CallFactory(open=True)

    assert client.get(LIST, {"export": "xlsx"}).content[:2] == b"PK"


# one call


@pytest.mark.parametrize("stages", [1, 3])
def test_call_page_query_count(client, django_assert_num_queries, stages) -> None:
    call = CallFactory(open=True)
    for number in range(2, stages + 1):
        StageFactory(call=call, number=number)

    with django_assert_num_queries(3):  # call, stages, fields
        client.get(call.get_absolute_url())


def test_call_page_says_dates_money_and_conditions(client) -> None:
    call = CallFactory(open=True, budget_total=40_000_000, budget_max=4_000_000, rate=100, topic="CL5-01")

    page = client.get(call.get_absolute_url()).content.decode()

    for words in ("EUR 40 million", "up to EUR 4 million", "100 %", "CL5-01", "open now", "Brussels</b>",
                  "At least 3 organisations from 3 different countries.", "Work programme"):  # fmt: skip
        assert words in page


@pytest.mark.parametrize(
    ("trait", "words"),
    [("open", "Proposals are taken for"), ("forthcoming", "It opens in"), ("closed", "It closed")],
)
def test_call_page_opens_with_where_it_stands(client, trait, words) -> None:
    assert words in client.get(CallFactory(**{trait: True}).get_absolute_url()).context["turn"]["title"]


@pytest.mark.parametrize(
    ("stages", "words"),
    [
        ([], "Its dates are not known yet."),
        ([{"deadline": None}], "Proposals are taken until further notice."),
        ([{"deadline": timezone.now() - timedelta(days=1)}, {"opens_at": timezone.now() + timedelta(days=9)}], "opens"),
    ],
    ids=["no date", "no deadline", "between stages"],
)
def test_call_page_without_a_next_deadline_says_what_is_known(client, stages, words) -> None:
    call = CallFactory(state="published")
    for number, dates in enumerate(stages, start=1):
        StageFactory(call=call, number=number, **dates)

    assert words in client.get(call.get_absolute_url()).context["turn"]["title"]


def test_a_draft_is_seen_by_its_office_only(client) -> None:
    call = CallFactory(drafted=True, office=UniversityFactory())

    assert client.get(call.get_absolute_url()).status_code == 404

    client.force_login(MandateFactory(grants=True, university=call.office).person)

    assert client.get(call.get_absolute_url()).status_code == 200


def data_of(page) -> dict:
    block = page.content.decode().partition('<script type="application/ld+json">')[2].partition("</script>")[0]
    return json.loads(block) if block else {}


def test_page_of_a_published_call_tells_machines_what_it_is(client) -> None:
    call = CallFactory(
        open=True, title="Engines </script>", topic="HORIZON-CL5-2027", budget_min=2_000_000, budget_max=4_000_000
    )

    assert data_of(client.get(call.get_absolute_url())) == {
        "@context": "https://schema.org",
        "@type": "MonetaryGrant",
        "name": "Engines </script>",
        "description": "Engines that burn nothing.",
        "identifier": "HORIZON-CL5-2027",
        "url": f"http://testserver{call.get_absolute_url()}",
        "amount": {"@type": "MonetaryAmount", "currency": "EUR", "minValue": 2_000_000, "maxValue": 4_000_000},
        "funder": {"@type": "Organization", "name": "European Commission"},
    }


def test_a_draft_tells_machines_nothing(client) -> None:
    call = CallFactory(drafted=True, office=UniversityFactory())
    client.force_login(MandateFactory(grants=True, university=call.office).person)

    assert data_of(client.get(call.get_absolute_url())) == {}


def test_an_entry_of_the_calendar_file_keeps_its_uid_when_a_stage_before_it_goes(client) -> None:
    call = CallFactory(open=True)
    StageFactory(call=call, number=2, name="Full proposal", deadline=timezone.now() + timedelta(days=90))
    address = f"{call.get_absolute_url()}deadlines.ics"

    before = [str(event["uid"]) for event in Calendar.from_ical(client.get(address).content).walk("VEVENT")]
    call.stages.get(number=1).delete()
    call.stages.update(number=1)
    after = [str(event["uid"]) for event in Calendar.from_ical(client.get(address).content).walk("VEVENT")]

    assert after == before[1:]


def test_calendar_file_has_each_deadline_in_utc(client) -> None:
    call = CallFactory(open=True)
    StageFactory(call=call, number=2, name="Full proposal", deadline=timezone.now() + timedelta(days=90))
    StageFactory(call=call, number=3, deadline=None)

    answer = client.get(f"{call.get_absolute_url()}deadlines.ics")

    events = Calendar.from_ical(answer.content).walk("VEVENT")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert [event.decoded("dtstart") for event in events] == [
        stage.deadline.replace(microsecond=0) for stage in call.stages.exclude(deadline=None)
    ]
    assert str(events[1]["summary"]) == f"Full proposal closes: {call.title}"
