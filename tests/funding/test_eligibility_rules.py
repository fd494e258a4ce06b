"""The conditions of a call, one by one and without a database: who counts, what is said, what is tested."""

from datetime import date

import pytest

from funding import eligibility
from funding.eligibility import Finding
from funding.models import PartnerType, Scope
from tests.factories.funding import CallFactory, FundingProgrammeFactory
from tests.factories.members import CountryFactory, UniversityFactory

ON = date(2026, 12, 1)
ANY_RULES = {
    "min_organisations": None, "min_countries": None, "min_member_states": None, "scopes": [], "independent": False,
}  # fmt: skip


def country(code="SE", **standing):
    return CountryFactory.build(code=code, **standing)


def call_asking(*, pillar="II", **rules):
    """A call whose programme asks for `rules` and nothing else."""
    return CallFactory.build(programme=FundingProgrammeFactory.build(pillar=pillar, **(ANY_RULES | rules)))


def university(code="SE", **standing):
    standing = standing or {"in_eu": True, "horizon_status": "member_state"}
    return UniversityFactory.build(country=country(code, **standing), short_name=f"Uni {code}")


def told(call, *universities, on=ON):
    return [(found.sentence, found.met) for found in eligibility.check(call, universities, on)]


# Where a country stands on a day


@pytest.mark.parametrize(
    ("joined_on", "counted"),
    [(None, True), (date(2026, 12, 1), True), (date(2026, 12, 2), False)],
    ids=["day not known", "on the day", "the day after"],
)
def test_association_to_horizon_counts_from_its_first_day(joined_on, counted) -> None:
    swiss = country("CH", horizon_status="associated", horizon_from=joined_on)

    assert eligibility.stands_in(swiss, Scope.AC, ON, second_pillar=True) is counted


def test_a_country_in_negotiations_is_not_associated() -> None:
    assert eligibility.stands_in(country("JP", horizon_status="negotiating"), Scope.AC, ON, second_pillar=True) is False


@pytest.mark.parametrize("code", sorted(eligibility.SECOND_PILLAR_ONLY))
def test_a_country_of_the_second_pillar_is_a_third_country_elsewhere(code) -> None:
    associated = country(code, horizon_status="associated")

    stands = [eligibility.stands_in(associated, Scope.AC, ON, second_pillar=second) for second in (True, False)]

    assert stands == [True, False]


def test_a_member_state_that_also_runs_erasmus_is_counted_once_as_a_member_state() -> None:
    member = country("SE", in_eu=True, erasmus_programme_country=True)

    assert eligibility.stands_in(member, Scope.EA, ON, second_pillar=True) is False
    assert eligibility.stands_in(member, Scope.MS, ON, second_pillar=True) is True


def test_the_first_day_of_erasmus_goes_before_what_the_country_is_today() -> None:
    """The flag says how it stands now; a call that closes before the first day is held against that day."""
    britain = country("GB", erasmus_programme_country=True, erasmus_from=date(2027, 1, 1))

    stands = [eligibility.stands_in(britain, Scope.EA, on, second_pillar=True) for on in (ON, date(2027, 1, 1))]

    assert stands == [False, True]


@pytest.mark.parametrize("scope", [Scope.COST, Scope.REGION])
def test_where_the_portal_cannot_tell_nobody_is_counted_out(scope) -> None:
    assert eligibility.counts(country("CN"), [scope], ON, second_pillar=True) is True


def test_one_scope_of_several_is_enough_and_none_at_all_counts_everybody() -> None:
    norway = country("NO", horizon_status="associated")

    counted = [eligibility.counts(norway, scopes, ON, second_pillar=True) for scopes in (["MS", "AC"], ["MS"], [])]

    assert counted == [True, False, True]


# The conditions in sentences


@pytest.mark.parametrize(
    ("rules", "sentences"),
    [
        ({"min_organisations": 1}, ["One organisation is enough."]),
        ({"min_organisations": 4}, ["At least 4 organisations."]),
        ({"min_organisations": 4, "min_countries": 1}, ["At least 4 organisations."]),
        ({"min_organisations": 4, "min_countries": 3}, ["At least 4 organisations from 3 different countries."]),
        ({"min_countries": 1}, []),
        ({"min_countries": 3}, ["Organisations from at least 3 different countries."]),
        ({"max_organisations": 1}, ["Only one organisation."]),
        ({"max_organisations": 8}, ["At most 8 organisations."]),
        ({"min_member_states": 1}, ["At least one of them lies in a member state of the EU."]),
        ({"min_member_states": 2}, ["At least 2 of them lie in member states of the EU."]),
        ({"min_in_scope": 1}, ["At least one of them lies in the EU or an associated country."]),
        ({"min_in_scope": 3}, ["At least 3 of them lie in the EU or an associated country."]),
        ({}, []),
    ],
    ids=str,
)
def test_each_number_reads_as_a_sentence(rules, sentences) -> None:
    assert eligibility.sentences(call_asking(**rules)) == sentences


@pytest.mark.parametrize(
    ("scopes", "where"),
    [
        (["MS"], "member states of the EU"),
        (["DE", "FR"], "Germany or France"),
        (["MS", "AC", "EA"], "member states of the EU, countries associated to Horizon Europe or countries associated "
                             "to Erasmus+"),
        (["cost", "world"], "members of COST or any country"),
    ],
    ids=["one", "two", "three", "beyond the Union"],
)  # fmt: skip
def test_scopes_are_joined_as_people_join_them(scopes, where) -> None:
    assert eligibility.sentences(call_asking(scopes=scopes)) == [f"Counted are organisations in {where}."]


@pytest.mark.parametrize(
    ("least", "said"), [(None, False), (1, False), (2, True)], ids=["not known", "one alone", "two"]
)
def test_independence_is_asked_only_of_more_than_one(least, said) -> None:
    sentences = eligibility.sentences(call_asking(min_organisations=least, independent=True))

    assert ("They are independent of each other." in sentences) is said


def test_kinds_come_before_the_words_of_the_funder() -> None:
    call = call_asking(
        partner_types={"hei": 2, "sme": 1}, coordinator_rule="A university coordinates.", conditions=["First.", "Last."]
    )

    assert eligibility.sentences(call) == [
        "Of each kind at least: 2 universities.",
        "Of each kind at least: 1 small or medium-sized companies.",
        "A university coordinates.",
        "First.",
        "Last.",
    ]


def test_a_call_of_its_own_conditions_says_nothing_of_its_programme() -> None:
    programme = FundingProgrammeFactory.build(coordinator_rule="The programme's.", conditions=["The programme's."])
    call = CallFactory.build(programme=programme, has_own_rules=True, conditions=["Ours."])

    assert eligibility.sentences(call) == ["Ours."]
    assert call.rules is call


# The conditions tested


def test_nothing_is_tested_where_nothing_is_known() -> None:
    found = eligibility.check(call_asking(), [university()], ON)

    assert found == []
    assert eligibility.verdict(found) == "The portal knows no number to test for this call."


def test_nobody_interested_reaches_no_number_and_breaks_none_that_limits() -> None:
    call = call_asking(min_organisations=2, max_organisations=3)

    assert told(call) == [
        ("Organisations that count: 0 of 2", False),
        ("At most 3 organisations: 0 universities are interested.", True),
    ]


@pytest.mark.parametrize(("least", "met"), [(1, True), (2, True), (3, False)])
def test_a_least_number_is_met_from_that_number_on(least, met) -> None:
    [(_sentence, is_met)] = told(call_asking(min_organisations=least), university("SE"), university("IT"))

    assert is_met is met


@pytest.mark.parametrize(("most", "met"), [(1, False), (2, True), (3, True)])
def test_a_largest_number_holds_up_to_that_number(most, met) -> None:
    [(_sentence, is_met)] = told(call_asking(max_organisations=most), university("SE"), university("IT"))

    assert is_met is met


def test_a_limit_counts_everybody_who_is_interested_also_those_who_do_not_count() -> None:
    call = call_asking(max_organisations=1, scopes=["MS"])

    assert told(call, university("SE"), university("CN", in_eu=False)) == [
        ("Only one organisation: 2 universities are interested.", False),
        ("Welcome, but not counted towards the least numbers: Uni CN", None),
    ]


def test_countries_are_those_of_universities_that_count() -> None:
    call = call_asking(min_countries=2, scopes=["MS"])

    found = told(call, university("SE"), university("SE"), university("CN", in_eu=False))

    assert found[0] == ("Different countries: 1 of 2", False)


def test_an_associated_country_is_in_scope_but_no_member_state() -> None:
    call = call_asking(min_member_states=1, min_in_scope=1)

    assert told(call, university("NO", horizon_status="associated")) == [
        ("In member states of the EU: 0 of 1", False),
        ("In the EU or an associated country: 1 of 1", True),
    ]


@pytest.mark.parametrize("kind", [kind for kind in PartnerType if kind not in PartnerType.universities_are])
def test_kinds_that_universities_are_not_have_to_be_found_elsewhere(kind) -> None:
    [found] = eligibility.check(call_asking(partner_types={kind.value: 2}), [university()], ON)

    assert (found.met, found.have, found.need) == (None, None, 2)
    assert found.sentence.endswith("2, to be found outside the consortium")


@pytest.mark.parametrize("kind", PartnerType.universities_are)
def test_kinds_that_universities_are_count_them_in_scope_where_that_is_asked(kind) -> None:
    both = [university("SE"), university("CN", in_eu=False)]

    [found] = eligibility.check(call_asking(partner_types={kind.value: 2}), both, ON)

    assert found.have == (1 if kind in PartnerType.in_scope_only else 2)
    assert found.met is (found.have == 2)


def test_who_may_coordinate_is_said_and_not_tested() -> None:
    assert told(call_asking(coordinator_rule="A university coordinates.")) == [("A university coordinates.", None)]


@pytest.mark.parametrize(
    ("met", "tone", "label"),
    [(True, "ok", "met"), (False, "due", "not yet"), (None, "quiet", "look into the text")],
)
def test_a_finding_says_its_state_in_words_and_not_by_colour_alone(met, tone, label) -> None:
    finding = Finding(sentence="Three of three.", met=met)

    assert (finding.tone, str(finding.label)) == (tone, label)


@pytest.mark.parametrize(
    ("mets", "words"),
    [
        ([None, None], "The portal knows no number to test for this call."),
        ([True], "The universities interested reach the least number that is asked for."),
        ([True, None], "The universities interested reach the least number that is asked for."),
        ([True, True], "The universities interested reach all 2 least numbers."),
        ([False, True], "1 of 2 least numbers is not reached yet."),
        ([False, False, None], "2 of 2 least numbers are not reached yet."),
    ],
    ids=str,
)
def test_the_verdict_counts_only_what_was_tested(mets, words) -> None:
    assert eligibility.verdict([Finding(sentence="", met=met) for met in mets]) == words
