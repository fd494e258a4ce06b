"""What the database keeps true of calls, how they stand at a moment, and what their conditions say."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from funding import eligibility
from funding.models import Call, FundingProgramme, Interest, Status
from funding.models.programmes import euros
from funding.showing import consortium
from tests.factories.funding import (
    CallFactory,
    FollowFactory,
    FundingProgrammeFactory,
    InterestFactory,
    StageFactory,
)
from tests.factories.members import CountryFactory, MandateFactory, UniversityFactory, UserFactory

pytestmark = pytest.mark.django_db

NOW = timezone.now()
BREAKS = {
    "call_organisations_in_order": {"min_organisations": 5, "max_organisations": 3},
    "call_countries_fit_organisations": {"min_organisations": 2, "min_countries": 3},
    "funding_call_budget_min_before_budget_max": {"budget_min": 2, "budget_max": 1},
    "funding_call_months_min_before_months_max": {"months_min": 12, "months_max": 6},
    "funding_call_trl_from_before_trl_to": {"trl_from": 4, "trl_to": 2},
    "funding_call_rate_is_a_percentage": {"rate": 101},
    "funding_call_state_known": {"state": "lost"},
    "funding_call_action_type_known": {"action_type": "wish"},
    "funding_call_published_at_with_news_at": {"published_at": NOW, "news_at": None},
    "a_published_call_says_since_when": {"state": "published", "published_at": None, "news_at": None},
}


@pytest.mark.parametrize(("constraint", "values"), BREAKS.items(), ids=BREAKS)
def test_call_constraint_is_kept(constraint, values) -> None:
    call = CallFactory()

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Call.objects.filter(pk=call.pk).update(**values)


def test_a_topic_stands_once_unless_archived() -> None:
    CallFactory(topic="CL5-01", state="archived")
    CallFactory(topic="CL5-01")
    CallFactory(topic=""), CallFactory(topic="")

    with pytest.raises(IntegrityError, match="one_live_call_per_topic"), transaction.atomic():
        CallFactory(topic="CL5-01")


def test_a_stage_has_a_date_and_stands_once() -> None:
    call = CallFactory()
    StageFactory(call=call)

    with pytest.raises(IntegrityError, match="a_stage_once_per_call"), transaction.atomic():
        StageFactory(call=call)
    with pytest.raises(IntegrityError, match="a_stage_has_a_date"), transaction.atomic():
        StageFactory(call=call, number=2, opens_at=None, deadline=None)
    with pytest.raises(IntegrityError, match="opens_at_before_deadline"), transaction.atomic():
        StageFactory(call=call, number=2, opens_at=NOW, deadline=NOW - timedelta(days=1))


def test_a_call_is_followed_once_by_a_person() -> None:
    follow = FollowFactory()

    with pytest.raises(IntegrityError, match="a_call_is_followed_once"), transaction.atomic():
        FollowFactory(call=follow.call, user=follow.user)


def test_an_interest_stands_once_per_person_and_university() -> None:
    interest = InterestFactory()

    with pytest.raises(IntegrityError, match="one_interest_per_person_and_university"), transaction.atomic():
        InterestFactory(call=interest.call, university=interest.university, person=interest.person)
    with pytest.raises(IntegrityError, match="an_interest_says_what_it_brings"), transaction.atomic():
        InterestFactory(expertise=[])
    for name in ("part", "state"):
        with pytest.raises(IntegrityError, match=f"funding_interest_{name}_known"), transaction.atomic():
            InterestFactory(**{name: "unknown"})


@pytest.mark.parametrize("machine", [Call, Interest])
def test_every_state_is_reachable(machine) -> None:
    first = machine._meta.get_field("state").default

    assert {target for _, target in machine.TRANSITIONS.values()} | {first} == set(machine.State)


@pytest.mark.parametrize("value", [["hei"], {"hei": 0}, {"hei": "3"}, {"hei": True}, {"clubs": 2}, {"hei": 10_000}])
def test_kinds_of_organisation_are_known_with_a_number(value) -> None:
    call = CallFactory.build(programme=FundingProgrammeFactory(), partner_types=value)

    with pytest.raises(ValidationError) as refused:
        call.clean_fields()

    assert "partner_types" in refused.value.message_dict


# How a call stands at a moment

WINDOWS = {
    "no date": ([], Status.FORTHCOMING),
    "opens later": ([(5, 30)], Status.FORTHCOMING),
    "open": ([(-5, 30)], Status.OPEN),
    "open, first day not told": ([(None, 30)], Status.OPEN),
    "until further notice": ([(-5, None)], Status.OPEN),
    "opens later, closing not told": ([(5, None)], Status.FORTHCOMING),
    "closed": ([(-30, -5)], Status.CLOSED),
    "first closed, second comes": ([(-30, -5), (10, 40)], Status.BETWEEN),
    "second open": ([(-30, -5), (-1, 40)], Status.OPEN),
    "second without a first day, first not closed": ([(-5, 30), (None, 90)], Status.OPEN),
    "second without a first day, first opens later": ([(5, 30), (None, 90)], Status.FORTHCOMING),
    "second without a first day, first closed": ([(-30, -5), (None, 40)], Status.OPEN),
    "both closed": ([(-60, -30), (-20, -1)], Status.CLOSED),
}


@pytest.mark.parametrize(("windows", "status"), WINDOWS.values(), ids=WINDOWS)
def test_status_follows_from_the_stages(windows, status) -> None:
    call = CallFactory()
    for number, ends in enumerate(windows, start=1):
        first, last = (None if day is None else NOW + timedelta(days=day) for day in ends)
        StageFactory(call=call, number=number, opens_at=first, deadline=last)

    found = Call.objects.with_status(NOW).get(pk=call.pk)

    assert found.status == status
    stages = list(call.stages.all())
    assert any(row.is_open_at(NOW, stages[:n]) for n, row in enumerate(stages)) == (status == Status.OPEN)


def test_the_second_stage_is_not_open_while_the_first_is() -> None:
    first = StageFactory(opens_at=NOW - timedelta(days=5), deadline=NOW + timedelta(days=30))
    second = StageFactory(call=first.call, number=2, opens_at=None, deadline=NOW + timedelta(days=90))

    assert (first.is_open_at(NOW), second.is_open_at(NOW, [first])) == (True, False)


def test_a_call_closes_at_its_deadline_to_the_second() -> None:
    stage = StageFactory()

    before = Call.objects.with_status(stage.deadline - timedelta(seconds=1)).get(pk=stage.call_id)
    at = Call.objects.with_status(stage.deadline).get(pk=stage.call_id)

    assert (before.status, at.status) == (Status.OPEN, Status.CLOSED)
    assert (before.due_at, at.due_at) == (stage.deadline, None)


def test_the_next_deadline_carries_its_zone() -> None:
    call = CallFactory()
    StageFactory(call=call, number=1, deadline=NOW - timedelta(days=2))
    StageFactory(call=call, number=2, deadline=NOW + timedelta(days=9), time_zone="America/Toronto")

    found = Call.objects.with_status(NOW).get(pk=call.pk)

    assert (found.due_at, found.due_zone) == (NOW + timedelta(days=9), "America/Toronto")


def test_the_next_opening_is_told_on_its_own_clock(client) -> None:
    call = CallFactory(forthcoming=True)
    call.stages.update(time_zone="Asia/Tokyo")

    page = client.get("/funding/calls/").content.decode()

    assert ("Tokyo" in page, "Brussels" in page) == (True, False)


# Who sees which call


def test_drafts_are_seen_by_their_office_and_the_secretariat() -> None:
    call = CallFactory(office=UniversityFactory())
    office = MandateFactory(grants=True, university=call.office).person
    colleague = MandateFactory(exchange=True, university=call.office).person
    elsewhere = MandateFactory(grants=True).person
    secretariat = MandateFactory(secretariat=True).person

    sees = [Call.objects.visible_to(user).count() for user in (office, secretariat, colleague, elsewhere)]

    assert sees == [1, 1, 0, 0]


# The conditions in sentences


def country(code, **standing):
    return CountryFactory(code=code, **standing)


def universities(*codes):
    standing = {
        "SE": {"in_eu": True, "horizon_status": "member_state"},
        "IT": {"in_eu": True, "horizon_status": "member_state"},
        "PT": {"in_eu": True, "horizon_status": "member_state"},
        "NO": {"horizon_status": "associated", "erasmus_programme_country": True},
        "GB": {"horizon_status": "associated", "erasmus_from": date(2027, 1, 1)},
        "CA": {"horizon_status": "associated"},
        "CN": {"horizon_status": "third_country"},
    }
    return [UniversityFactory(country=country(code, **standing[code]), short_name=f"Uni {code}") for code in codes]


def findings(call, *codes, on=date(2026, 12, 1)):
    return {finding.sentence: finding.met for finding in eligibility.check(call, universities(*codes), on)}


def test_three_from_three_countries_one_of_them_in_the_union() -> None:
    call = CallFactory()

    assert findings(call, "SE", "IT", "NO") == {
        "Organisations that count: 3 of 3": True,
        "Different countries: 3 of 3": True,
        "In member states of the EU: 2 of 1": True,
    }


def test_three_without_a_member_state_are_not_eligible() -> None:
    """United Kingdom, Norway and Canada: enough organisations, no member state."""
    found = findings(CallFactory(), "GB", "NO", "CA")

    assert found["In member states of the EU: 0 of 1"] is False
    assert found["Organisations that count: 3 of 3"] is True


def test_two_of_the_same_country_are_one_country() -> None:
    found = findings(CallFactory(), "SE", "SE", "IT")

    assert found["Organisations that count: 3 of 3"] is True
    assert found["Different countries: 2 of 3"] is False


def test_countries_of_the_second_pillar_count_there_only() -> None:
    second = CallFactory()
    first = CallFactory(programme=FundingProgrammeFactory(code="MSCA-DN", pillar="I"))

    assert findings(second, "SE", "IT", "CA")["Organisations that count: 3 of 3"] is True
    assert findings(first, "SE", "IT", "CA")["Organisations that count: 2 of 3"] is False


def test_who_does_not_count_is_named() -> None:
    found = findings(CallFactory(), "SE", "CN")

    assert found["Welcome, but not counted towards the least numbers: Uni CN"] is None
    assert found["Organisations that count: 1 of 3"] is False


@pytest.mark.parametrize(("on", "met"), [(date(2026, 12, 31), False), (date(2027, 1, 1), True)])
def test_standing_is_asked_for_a_day(on, met) -> None:
    least = {"min_organisations": 1, "min_countries": 1, "min_member_states": None, "scopes": ["MS", "EA"]}
    programme = FundingProgrammeFactory(code="KA220", **least)

    assert findings(CallFactory(programme=programme), "GB", on=on)[f"Organisations that count: {int(met)} of 1"] is met


@pytest.mark.parametrize(
    ("code", "scope", "counted"),
    [
        ("SE", "MS", True), ("NO", "MS", False), ("NO", "AC", True), ("SE", "AC", False), ("NO", "EA", True),
        ("SE", "EA", False), ("CN", "world", True), ("CN", "AC", False), ("SE", "cost", None), ("CN", "region", None),
        ("SE", "DE", False), ("SE", "FR", False),
    ],
)  # fmt: skip
def test_where_a_country_stands(code, scope, counted) -> None:
    [university] = universities(code)

    assert eligibility.stands_in(university.country, scope, date(2026, 12, 1), second_pillar=True) is counted


def test_germany_and_france_stand_for_themselves() -> None:
    germany = country("DE", in_eu=True)

    assert [eligibility.stands_in(germany, scope, date(2026, 12, 1), second_pillar=True) for scope in ("DE", "FR")] == [
        True, False,
    ]  # fmt: skip


def test_a_call_with_conditions_of_its_own_is_held_against_those() -> None:
    call = CallFactory(has_own_rules=True, min_organisations=2, max_organisations=2, partner_types={"hei": 2, "sme": 1})

    found = findings(call, "SE", "IT", "PT")

    assert found == {
        "Organisations that count: 3 of 2": True,
        "At most 2 organisations: 3 universities are interested.": False,
        "Universities: 3 of 2": True,
        "Small or medium-sized companies: 1, to be found outside the consortium": None,
    }


def test_verdict_says_how_many_numbers_are_missing() -> None:
    call = CallFactory()

    verdicts = [
        eligibility.verdict(eligibility.check(call, universities(*codes), date(2026, 12, 1)))
        for codes in (("SE", "IT", "PT"), ("SE", "SE", "IT"), ())
    ]

    assert verdicts == [
        "The universities interested reach all 3 least numbers.",
        "1 of 3 least numbers is not reached yet.",
        "3 of 3 least numbers are not reached yet.",
    ]


def test_one_is_said_as_one() -> None:
    call = CallFactory(has_own_rules=True, min_organisations=1, max_organisations=4, min_in_scope=1)
    alone = CallFactory(has_own_rules=True, min_organisations=1)
    countries = CallFactory(has_own_rules=True, min_countries=2)

    [found] = [sentence for sentence in findings(call, "SE") if sentence.startswith("At most")]

    assert found == "At most 4 organisations: 1 university is interested."
    assert eligibility.sentences(call)[2] == "At least one of them lies in the EU or an associated country."
    assert eligibility.sentences(countries) == ["Organisations from at least 2 different countries."]
    assert eligibility.verdict(eligibility.check(alone, universities("SE"), date(2026, 12, 1))) == (
        "The universities interested reach the least number that is asked for."
    )


def test_conditions_read_as_sentences() -> None:
    programme = FundingProgrammeFactory(
        coordinator_rule="A university coordinates.", conditions=["A plan for equality."]
    )

    assert eligibility.sentences(CallFactory(programme=programme)) == [
        "At least 3 organisations from 3 different countries.",
        "Counted are organisations in member states of the EU or countries associated to Horizon Europe.",
        "At least one of them lies in a member state of the EU.",
        "They are independent of each other.",
        "A university coordinates.",
        "A plan for equality.",
    ]


@pytest.mark.parametrize(
    ("amount", "words"),
    [(None, ""), (0, ""), (150_000, "EUR 150,000"), (2_000_000, "EUR 2 million"), (2_550_000, "EUR 2.5 million"),
     (597_803_810, "EUR 598 million")],
)  # fmt: skip
def test_amounts_read_as_people_say_them(amount, words) -> None:
    assert euros(amount) == words


def test_ranges_of_money_time_and_readiness_in_words() -> None:
    both = FundingProgramme(
        budget_min=1_000_000, budget_max=2_000_000, months_min=12, months_max=36, trl_from=1, trl_to=4
    )
    most = FundingProgramme(budget_max=2_000_000, months_max=36, trl_to=4)
    same = FundingProgramme(budget_min=60_000, budget_max=60_000, months_min=15, months_max=15)

    assert (both.project_words, both.months_words, both.trl_words) == (
        "EUR 1 to 2 million", "12 to 36 months", "TRL 1–4",
    )  # fmt: skip
    assert (most.project_words, most.months_words, most.trl_words) == (
        "up to EUR 2 million",
        "up to 36 months",
        "TRL 4",
    )
    assert (same.project_words, same.months_words, same.trl_words) == ("EUR 60,000", "15 months", "")


def test_slugs_are_made_of_topic_or_title_and_stay_unique() -> None:
    first, second = CallFactory(topic="HORIZON-CL5-2027-D3", state="archived"), CallFactory(topic="HORIZON-CL5-2027-D3")
    third = CallFactory(title="Änderung im Netz")

    assert (first.slug, second.slug) == ("horizon-cl5-2027-d3", "horizon-cl5-2027-d3-2")
    assert third.slug == "he-ria-anderung-im-netz"


def test_nobody_but_the_interested_sees_who_is_interested() -> None:
    interest = InterestFactory()
    other = InterestFactory(call=interest.call)
    gone = InterestFactory(call=interest.call, withdrawn=True)
    office = MandateFactory(grants=True, university=interest.university).person
    outsiders = [UserFactory(), MandateFactory(grants=True).person, InterestFactory().person]

    def seen(user):
        return {row.pk for row in Interest.objects.visible_to(user).filter(call=interest.call)}

    assert seen(interest.person) == seen(office) == {interest.pk, other.pk}
    assert seen(gone.person) == {gone.pk}
    assert [seen(outsider) for outsider in outsiders] == [set(), set(), set()]
    assert seen(MandateFactory(secretariat=True).person) == {interest.pk, other.pk, gone.pk}


@pytest.mark.django_db
def test_a_consortium_is_judged_on_the_day_of_the_last_deadline_on_its_own_clock() -> None:
    closing = datetime(2027, 5, 2, 2, 30, tzinfo=UTC)  # half past eight in the evening of the first in Costa Rica
    stage = StageFactory(deadline=closing, time_zone="America/Costa_Rica")
    interest = InterestFactory(call=stage.call)

    held = consortium(stage.call, [interest], [stage], closing)

    assert held is not None
    assert held["on"] == date(2027, 5, 1)
