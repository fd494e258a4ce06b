"""The dual degrees that are loaded first: real ones as their pages tell, samples by the rules of the convention."""

import re
from collections import Counter
from datetime import date

import pytest

from members.reference_data import DATA, first_day, items, read

FILE = read(DATA.parent.parent / "programmes" / "data" / "dual_degrees.json")
DEGREES = FILE["items"]
UNIVERSITIES = {university["slug"]: university for university in items("universities")}
FIELDS = {field["code"] for field in items("isced_f")}
LANGUAGES = {"ca", "de", "en", "es", "fi", "fr", "ga", "it", "nl", "pt", "ru", "sv", "zh"}
DOCTORATES = {"cluster_dual_doctorate", "sese", "seeep_summer_school"}

each_degree = pytest.mark.parametrize("degree", DEGREES, ids=lambda degree: degree["key"])


def yearly(written):
    return date.fromisoformat(f"2027-{written}")


def test_dual_degrees_are_those_documented():
    assert len(DEGREES) == len({degree["key"] for degree in DEGREES}) == 48
    assert Counter(degree["origin"] for degree in DEGREES) == {"real": 22, "sample": 26}


@each_degree
def test_dual_degree_refers_to_what_exists(degree):
    partners = [partner["university"] for partner in degree["partners"]]

    assert set(partners) <= set(UNIVERSITIES)
    assert len(set(partners)) == len(partners)
    assert {partner["role"] for partner in degree["partners"]} <= {"awarding", "associated"}
    assert degree["field"] in FIELDS | {None}
    assert set(degree["languages"]) <= LANGUAGES
    assert degree["framework"] in {framework["code"] for framework in FILE["frameworks"]}


@each_degree
def test_dual_degree_key_names_partners_and_field(degree):
    named = [partner["university"] for partner in degree["partners"]][:2]

    assert degree["key"] == "-".join(filter(None, [*named, degree["field"]]))


@each_degree
def test_dual_degree_level_fits_its_framework(degree):
    assert (degree["level"], degree["eqf"]) == (
        ("doctorate", 8) if degree["framework"] in DOCTORATES else ("master", 7)
    )


@each_degree
def test_dual_degree_ects_add_up(degree):
    split = degree["ects_split"]

    assert split is None or split["home"] + split["host"] == degree["ects"]
    assert degree["level"] == "master" or degree["ects"] is None


@each_degree
def test_dual_degree_is_published_only_when_it_can_be_shown_whole(degree):
    awarding = [partner for partner in degree["partners"] if partner["role"] == "awarding"]
    whole = bool(degree["partners_complete"] and len(awarding) > 1 and degree["title"] and degree["gives_degree"])

    assert degree["state"] in {"published", "draft", "archived"}
    assert (degree["state"] == "published") == (whole and degree["last_known_to_run"] is None)
    assert (degree["state"] == "draft") == (not degree["partners_complete"])
    assert first_day(degree["last_known_to_run"]) is None or degree["state"] == "archived"


@each_degree
def test_dual_degree_deadlines_are_days_of_every_year(degree):
    for deadline in degree["deadlines"]:
        days = [yearly(deadline[key]) for key in ("on", "from", "until") if key in deadline]
        months = [int(deadline[key]) for key in ("month",) if key in deadline]
        assert days == sorted(days)
        assert len(days) + len(months) == (2 if "from" in deadline else 1)
        assert deadline["university"] in {partner["university"] for partner in degree["partners"]} | {None}
        assert all(1 <= month <= 12 for month in months)


@pytest.mark.parametrize(
    "degree", [degree for degree in DEGREES if degree["origin"] == "sample"], ids=lambda degree: degree["key"]
)
def test_sample_follows_the_rules_of_its_framework(degree):
    assert degree["certainty"] == "sample"
    assert degree["state"] == "published"
    assert degree["agreement_years"] == 5
    assert degree["thesis"]["supervised_by_both"]
    if degree["framework"] == "cluster_convention":
        assert (degree["ects"], degree["ects_split"]) == (120, {"home": 60, "host": 60})
    else:
        assert degree["framework"] == "cluster_dual_doctorate"


def test_every_partner_of_a_dual_doctorate_has_signed_the_framework():
    partners = {
        partner["university"]
        for degree in DEGREES
        if degree["framework"] == "cluster_dual_doctorate"
        for partner in degree["partners"]
    }
    signatories = {slug for slug, university in UNIVERSITIES.items() if university["dual_doctorate_signatory"]}

    assert len(signatories) == 10
    assert partners <= signatories


def test_requirements_are_of_known_kinds():
    for degree in DEGREES:
        for requirement in degree["requirements"]:
            assert requirement["kind"] in {"language", "ects", "text"}
            assert requirement["kind"] != "language" or re.fullmatch("[ABC][12]", requirement["level"])


def test_trap_two_real_degrees_name_one_partner_only():
    incomplete = [degree["key"] for degree in DEGREES if len(degree["partners"]) == 1]

    assert incomplete == ["upc-0613", "tecnico-0714"]


def test_trap_a_summer_school_among_them_gives_no_degree():
    assert [degree["key"] for degree in DEGREES if not degree["gives_degree"]] == ["zju-kth-0713"]


def test_trap_five_real_degrees_have_no_field_and_were_last_seen_in_2014():
    without = [degree for degree in DEGREES if degree["field"] is None]

    assert [degree["partners"][0]["university"] for degree in without] == ["polito"] * 5
    assert {degree["last_known_to_run"] for degree in without} == {"2014"}
