"""What somebody types as an organisation's name finds the one that is known already, and not another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members.lookalikes import THRESHOLD, LookAlikes
from members.reference_data import charter_holders, items


def candidates():
    for holder in charter_holders():
        for name in filter(None, {holder["name"], holder["other_name"]}):
            yield holder["erasmus_code"], name, holder["city"], holder["country"]
    for university in items("universities"):
        own = {university["short_name"], university["name"], *(name["name"] for name in university["names"])}
        for name in own:
            yield university["slug"], name, university["city"], university["country"]


KNOWN = LookAlikes(candidates())


def keys(name, **options):
    return [found.key for found in KNOWN.find(name, **options)]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("Politecnico Torino", {"polito", "I  TORINO02"}),
        ("Poli Torino", {"polito", "I  TORINO02"}),
        ("Turin Polytechnic", {"polito"}),
        ("KTH", {"kth", "S  STOCKHO04"}),
        ("Kunglig Teknisk Hogskola", {"kth", "S  STOCKHO04"}),
        ("Univ. Politècnica Catalunya", {"upc", "E  BARCELO03"}),
        ("China University of Petroleum", {"upc-cn"}),
        ("Katholieke Universiteit Leuven", {"kuleuven", "B  LEUVEN01"}),
        ("Karlsruher Institut für Technologie", {"kit", "D  KARLSRU01"}),
        ("KARLSRUHER INSTITUT FUER TECHNOLOGIE", {"kit", "D  KARLSRU01"}),
        ("kit", {"kit", "D  KARLSRU01"}),
        ("TU Darmstadt", {"tuda", "D  DARMSTA01"}),
        ("Technische Universitat Munchen", {"D  MUNCHEN02"}),
        ("Trinity College", {"tcd", "IRLDUBLIN01"}),
        ("Tecnico Lisboa", {"tecnico"}),
        ("Helsinki University of Technology", {"aalto"}),
        ("Tongji Universty", {"tongji"}),
        ("Politechnika Warszawska", {"PL WARSZAW02"}),
        ("Universidad de Barcelona", {"E  BARCELO01"}),
        ("同济大学", {"tongji"}),
    ],
)
def test_what_is_typed_finds_the_organisation(typed, first):
    assert set(keys(typed)[: len(first)]) == first


@pytest.mark.parametrize("typed", ["", "  ", "…", "Bakery Smith", "Acme Software GmbH", "Bäckerei Müller", "x"])
def test_what_is_typed_of_another_kind_finds_nothing(typed):
    assert keys(typed) == []


def test_the_two_universities_called_upc_are_both_told_by_the_short_name_only():
    assert {"upc", "upc-cn"} <= set(keys("UPC"))
    assert "upc-cn" not in keys("Universitat Politècnica de Catalunya")
    assert "upc" not in keys("China University of Petroleum (East China)")


def test_each_organisation_is_found_once_the_nearest_first():
    found = KNOWN.find("Universität Karlsruhe")

    assert len({look.key for look in found}) == len(found) <= 10
    assert [look.score for look in found] == sorted((look.score for look in found), reverse=True)
    assert found[-1].score >= THRESHOLD
    assert KNOWN.find("Universität Karlsruhe", limit=2) == found[:2]


def test_a_higher_threshold_finds_less():
    assert keys("Darmstadt", threshold=99) == []
    assert "tuda" in keys("Darmstadt")


def test_another_country_makes_a_name_less_like():
    anywhere, at_home, abroad = (KNOWN.find("Université catholique", country=code)[0] for code in ("", "FR", "BE"))

    assert (anywhere.country, at_home.country) == ("FR", "FR")
    assert abroad.country == "BE"
    assert keys("Politecnico di Torino", country="SE") == ["I  TORINO02", "polito"]


def test_the_same_city_makes_a_name_more_like():
    assert keys("Lycée Victor Hugo", city="Carpentras")[:2] == ["F  MARSEIL92", "F  CARPENT01"]
    scores = {look.key: look.score for look in KNOWN.find("Lycée Victor Hugo")}
    nearer = {look.key: look.score for look in KNOWN.find("Lycée Victor Hugo", city="carpentras")}
    assert nearer["F  CARPENT01"] > scores["F  CARPENT01"]


def test_a_name_in_full_finds_itself_first():
    register = [candidate for candidate in candidates() if candidate[0].startswith("S  ")]
    for key, name, _, country in register:
        best = KNOWN.find(name, country=country)
        assert key in {look.key for look in best if look.score == best[0].score}, name


def test_an_index_of_nothing_finds_nothing():
    assert LookAlikes([]).find("Politecnico di Torino") == []


@given(st.text(max_size=80), st.text(max_size=20), st.sampled_from(["", "IT", "??"]))
def test_whatever_is_typed_scores_between_threshold_and_a_hundred(typed, city, country):
    for look in KNOWN.find(typed, city=city, country=country):
        assert look.score >= THRESHOLD - 0.05
        assert look.score <= 100
