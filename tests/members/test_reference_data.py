"""The reference data files hold together: codes, references between files, counts, and the traps of the field."""

from collections import Counter
from datetime import date
from itertools import pairwise
from pathlib import Path
from zoneinfo import available_timezones

import pytest

from members import identifiers
from members.reference_data import DATA, charter_holders, first_day, items, last_day, read

COUNTRIES = items("countries")
SCALES = items("grade_scales")
UNIVERSITIES = {university["slug"]: university for university in items("universities")}
REGISTER = list(charter_holders())
DEGREES_FILE = Path("programmes/data/dual_degrees.json")
ROOMS_FILES = sorted(path for path in Path().glob("*/data/*.json") if path.parts[0] != "members")
CREDITS = read(DATA / "credits.json")

COUNTRY_CODES = {country["code"] for country in COUNTRIES}
LANGUAGES = {"ca", "de", "en", "es", "fi", "fr", "ga", "it", "nl", "pt", "ru", "sv", "zh"}
CODES = [
    pytest.param(university["slug"], code, id=f"{university['slug']}-{code['scheme']}")
    for university in UNIVERSITIES.values()
    for code in university["identifiers"]
]


def code_of(slug, scheme):
    return next((code for code in UNIVERSITIES[slug]["identifiers"] if code["scheme"] == scheme), None)


def kinds_of(slug):
    return [membership["kind"] for membership in UNIVERSITIES[slug]["memberships"]]


# Every file


@pytest.mark.parametrize("path", [*sorted(DATA.glob("*.json")), *ROOMS_FILES], ids=lambda path: path.name)
def test_file_says_its_date_and_where_it_comes_from(path):
    meta = read(path)["meta"]

    assert first_day(meta["as_of"]) <= date(2026, 11, 30)
    if path.name != "credits.json":
        assert meta["licence"]
        assert meta["certainty"]
        assert set(meta["credits"]) <= {source["key"] for source in CREDITS["items"]}


def test_credits_name_licences_and_files_that_exist():
    files = {path.name for path in [*DATA.iterdir(), *ROOMS_FILES]}

    assert {source["licence"] for source in CREDITS["items"]} == {licence["code"] for licence in CREDITS["licences"]}
    assert {name for source in CREDITS["items"] for name in source["files"]} <= files
    assert len({source["key"] for source in CREDITS["items"]}) == len(CREDITS["items"])


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("2010-09-04", date(2010, 9, 4), date(2010, 9, 4)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2009", date(2009, 1, 1), date(2009, 12, 31)),
        (None, None, None),
    ],
)
def test_days_are_as_exact_as_they_are_known(written, first, last):
    assert (first_day(written), last_day(written)) == (first, last)


@pytest.mark.parametrize("written", ["2010-13", "2010-02-30", "autumn", "04.09.2010"])
def test_what_is_no_day_is_refused(written):
    with pytest.raises(ValueError, match=r"."):
        first_day(written)
    with pytest.raises(ValueError, match=r"."):
        last_day(written)


# Countries


def test_countries_are_those_of_iso_3166_and_kosovo():
    assert len(COUNTRIES) == 250
    assert len(COUNTRY_CODES) == len({country["code3"] for country in COUNTRIES}) == 250
    assert [country["code"] for country in COUNTRIES if country["numeric"] is None] == ["XK"]
    assert {len(country["numeric"]) for country in COUNTRIES if country["numeric"]} == {3}


def test_countries_stand_in_the_programmes_as_documented():
    assert sum(country["eu"] for country in COUNTRIES) == 27
    assert sum(country["ehea"] for country in COUNTRIES) == 49
    assert {country["code"] for country in COUNTRIES if country["ehea_suspended"]} == {"BY", "RU"}
    assert Counter(country["erasmus"]["status"] for country in COUNTRIES) == {
        "member_state": 27,
        "associated": 6,
        "not_associated": 217,
    }


@pytest.mark.parametrize("programme", ["horizon", "erasmus"])
def test_member_states_of_both_programmes_are_those_of_the_union(programme):
    states = {country["code"] for country in COUNTRIES if country[programme]["status"] == "member_state"}

    assert states == {country["code"] for country in COUNTRIES if country["eu"]}


def test_horizon_scope_stands_where_a_country_is_associated():
    for country in COUNTRIES:
        assert (country["horizon"]["status"] == "associated") == ("scope" in country["horizon"]), country["code"]


def test_country_coordinates_are_on_the_globe():
    for country in COUNTRIES:
        assert (country["latitude"] is None) == (country["longitude"] is None), country["code"]
        assert abs(country["latitude"] or 0) <= 90
        assert abs(country["longitude"] or 0) <= 180


# The register of charter holders


def test_register_has_every_holder_once_in_the_order_of_its_codes():
    codes = [holder["erasmus_code"] for holder in REGISTER]

    assert len(codes) == read(DATA / "charter_holders.meta.json")["meta"]["rows"] == 6142
    assert all(before < after for before, after in pairwise(codes))
    assert len({holder["pic"] for holder in REGISTER}) == 6142
    assert len({holder["country"] for holder in REGISTER}) == 37
    assert {holder["country"] for holder in REGISTER} <= COUNTRY_CODES


def test_register_codes_are_well_formed():
    for holder in REGISTER:
        identifiers.validate("erasmus", holder["erasmus_code"])
        identifiers.validate("pic", holder["pic"])
        for scheme, column in (("oid", "oid"), ("schac", "domain"), ("ror", "ror")):
            if holder[column]:
                identifiers.validate(scheme, holder[column])


def test_register_knows_1551_holders_in_ror_with_their_city_on_the_globe():
    known = [holder for holder in REGISTER if holder["ror"]]

    assert len(known) == len({holder["ror"] for holder in known}) == 1551
    for holder in REGISTER:
        assert bool(holder["ror"]) == bool(holder["latitude"]) == bool(holder["longitude"])
    assert all(27 <= float(holder["latitude"]) <= 72 or holder["country"] == "FR" for holder in known)
    assert all(-180 <= float(holder["longitude"]) <= 180 for holder in known)


def test_register_charters_end_after_they_begin():
    assert all(
        date.fromisoformat(holder["charter_from"]) < date.fromisoformat(holder["charter_until"]) for holder in REGISTER
    )


def test_register_names_and_cities_have_single_blanks():
    for holder in REGISTER:
        assert holder["name"]
        assert all(" ".join(text.split()) == text for text in (holder["name"], holder["other_name"], holder["city"]))


def test_register_country_part_of_the_code_is_the_countrys_but_for_two():
    prefixes = {country["code"]: country["erasmus_code_prefix"] for country in COUNTRIES}

    strangers = {
        holder["erasmus_code"]
        for holder in REGISTER
        if holder["erasmus_code"][:3].strip() != prefixes[holder["country"]]
    }

    assert strangers == {"B  DIEPENB07", "BE BRUGGE11"}


# Universities


def test_universities_are_those_documented():
    kinds = Counter(kind for slug in UNIVERSITIES for kind in kinds_of(slug))

    assert len(UNIVERSITIES) == 30
    assert kinds == {"member": 12, "associate": 2, "seeep": 13, "former": 4}
    assert kinds_of("tsinghua") == ["seeep", "former"]


@pytest.mark.parametrize("university", UNIVERSITIES.values(), ids=UNIVERSITIES)
def test_university_refers_to_what_exists(university):
    assert university["country"] in COUNTRY_CODES
    assert university["time_zone"] in available_timezones()
    assert university["grade_scale"] in {scale["code"] for scale in SCALES} | {None}
    assert set(university["official_languages"] + university["teaching_languages"]) <= LANGUAGES
    assert {name["language"] for name in university["names"]} <= LANGUAGES
    assert university["website"].startswith(("https://", "http://"))
    identifiers.validate("schac", university["email_domain"])


def test_only_the_former_associate_has_no_grade_scale():
    assert [slug for slug, university in UNIVERSITIES.items() if university["grade_scale"] is None] == ["tpu"]


@pytest.mark.parametrize("university", UNIVERSITIES.values(), ids=UNIVERSITIES)
def test_university_campus_is_within_forty_kilometres_of_its_city(university):
    assert abs(university["latitude"] - university["city_latitude"]) < 0.36
    assert abs(university["longitude"] - university["city_longitude"]) < 0.72


@pytest.mark.parametrize("university", UNIVERSITIES.values(), ids=UNIVERSITIES)
def test_university_periods_are_in_order(university):
    for period in university["memberships"] + university["names"]:
        begins, ends = first_day(period["from"]), last_day(period["until"])
        assert begins is None or ends is None or begins <= ends


def test_a_former_membership_says_what_it_was_and_when_last_known():
    for slug in UNIVERSITIES:
        for membership in UNIVERSITIES[slug]["memberships"]:
            assert (membership["kind"] == "former") == ("was" in membership) == ("last_known" in membership), slug
            assert membership.get("was", "member") in {"member", "associate"}


@pytest.mark.parametrize("university", UNIVERSITIES.values(), ids=UNIVERSITIES)
def test_university_facts_are_stale_when_their_year_is_long_past_or_unknown(university):
    for fact in university["facts"]:
        year, _, second = fact["year"].partition("/")
        ended = (int(year) + bool(second), 8 if second else 12) if year else (0, 0)
        assert fact["value"] > 0
        assert fact["stale"] == ((ended[0] + 3, ended[1]) < (2026, 11)), fact


@pytest.mark.parametrize(("slug", "code"), CODES)
def test_university_code_is_well_formed_and_in_its_stored_way(slug, code):
    identifiers.validate(code["scheme"], code["value"])

    assert identifiers.normalise(code["scheme"], code["value"]) == code["value"]


def test_university_codes_of_ones_own_are_unique():
    own = Counter(
        (code["scheme"], code["value"])
        for university in UNIVERSITIES.values()
        for code in university["identifiers"]
        if not code["held_by_parent"]
    )

    assert max(own.values()) == 1


@pytest.mark.parametrize("scheme", ["slug", "short_name", "email_domain"])
def test_university_names_and_domains_are_unique(scheme):
    assert len({university[scheme] for university in UNIVERSITIES.values()}) == 30


def test_universities_with_an_erasmus_code_agree_with_the_register():
    register = {holder["erasmus_code"]: holder for holder in REGISTER}
    for slug, university in UNIVERSITIES.items():
        erasmus = code_of(slug, "erasmus")
        if erasmus and slug != "epfl":
            holder = register[erasmus["value"]]
            assert (holder["pic"], holder["oid"]) == (code_of(slug, "pic")["value"], code_of(slug, "oid")["value"])
            assert holder["country"] == university["country"]
            assert holder["domain"] == code_of(slug, "schac")["value"]


# Traps


def test_trap_two_universities_are_called_upc():
    assert UNIVERSITIES["upc"]["short_name"] == "UPC"
    assert UNIVERSITIES["upc"]["country"] == "ES"
    assert UNIVERSITIES["upc-cn"]["name"] == "China University of Petroleum (East China)"
    assert (code_of("upc", "schac")["value"], code_of("upc-cn", "schac")["value"]) == ("upc.edu", "upc.edu.cn")


def test_trap_tecnico_bears_the_codes_of_universidade_de_lisboa():
    assert UNIVERSITIES["tecnico"]["parent"] == {"name": "Universidade de Lisboa", "ror": "01c27hj86"}
    assert {code["scheme"]: code["held_by_parent"] for code in UNIVERSITIES["tecnico"]["identifiers"]} == {
        "erasmus": True,
        "pic": True,
        "oid": True,
        "schac": True,
        "ror": False,
        "isni": False,
        "wikidata": False,
    }
    assert UNIVERSITIES["tecnico"]["email_domain"] == "tecnico.ulisboa.pt"


def test_trap_uclouvain_takes_part_through_its_engineering_school():
    assert UNIVERSITIES["uclouvain"]["participating_unit"] == {
        "name": "École polytechnique de Louvain",
        "relation": "is_the_member",
    }
    assert all(code["held_by_parent"] for code in UNIVERSITIES["uclouvain"]["identifiers"])


def test_trap_grenoble_inp_and_universite_grenoble_alpes_have_different_codes():
    grenoble = {
        holder["erasmus_code"]: holder["name"] for holder in REGISTER if holder["erasmus_code"].startswith("F  GRENOBL")
    }

    assert grenoble["F  GRENOBL22"] == "INSTITUT POLYTECHNIQUE DE GRENOBLE"
    assert [code for code, name in grenoble.items() if name.upper() == "UNIVERSITE GRENOBLE ALPES"] == ["F  GRENOBL55"]


@pytest.mark.parametrize(("code", "horizon_since"), [("CH", "2025-01-01"), ("GB", "2024-01-01")])
def test_trap_switzerland_and_the_united_kingdom_join_erasmus_later_than_horizon(code, horizon_since):
    country = next(country for country in COUNTRIES if country["code"] == code)

    assert country["horizon"]["status"] == "associated"
    assert country["horizon"]["from"] == horizon_since
    assert country["erasmus"] == {"status": "not_associated", "from": "2027", "region": 14}


def test_trap_greece_and_the_united_kingdom_are_written_otherwise_by_the_commission():
    assert {country["code"]: country["eu_code"] for country in COUNTRIES if country["code"] != country["eu_code"]} == {
        "GB": "UK",
        "GR": "EL",
    }
    assert "EL" not in {holder["country"] for holder in REGISTER}


def test_trap_erasmus_codes_are_padded_to_three_characters():
    codes = [holder["erasmus_code"] for holder in REGISTER]

    assert all(code[3].isalpha() for code in codes)
    assert code_of("kth", "erasmus")["value"] == "S  STOCKHO04"
    assert code_of("aalto", "erasmus")["value"] == "SF ESPOO12"
    assert code_of("tcd", "erasmus")["value"] == "IRLDUBLIN01"


def test_trap_an_organisation_id_may_be_missing_or_shared():
    held = Counter(holder["oid"] for holder in REGISTER)

    assert held.pop("") == 131
    assert {oid for oid, holders in held.items() if holders > 1} == {"E10099124"}
