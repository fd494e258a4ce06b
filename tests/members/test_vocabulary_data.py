"""Fields of study, levels of language and grade scales: complete, and in order."""

from collections import Counter

import pytest

from members.reference_data import DATA, items, read

FIELDS = items("isced_f")
SCALES = items("grade_scales")
COUNTRY_CODES = {country["code"] for country in items("countries")}
LANGUAGES = {"de", "en", "es", "fi", "fr", "it", "pt", "sv", "zh"}


def test_isced_f_is_complete():
    assert Counter(field["depth"] for field in FIELDS) == {"broad": 12, "narrow": 58, "detailed": 150}
    assert len({field["code"] for field in FIELDS}) == 220


def test_isced_f_every_parent_exists_and_is_the_code_without_its_last_digit():
    codes = {field["code"] for field in FIELDS}
    for field in FIELDS:
        assert field["code"].isdecimal()
        assert len(field["code"]) == {"broad": 2, "narrow": 3, "detailed": 4}[field["depth"]]
        assert field["parent"] == (None if field["depth"] == "broad" else field["code"][:-1])
        assert field["parent"] is None or field["parent"] in codes


def test_isced_f_has_every_label_in_ten_languages():
    for field in FIELDS:
        assert list(field["labels"]) == ["en", "de", "fr", "es", "it", "pt", "sv", "fi", "nl", "ga"]
        assert all(label == label.strip() and label for label in field["labels"].values()), field["code"]


def test_cefr_levels_rise_and_certificates_know_them():
    cefr = read(DATA / "cefr.json")
    levels = [level["code"] for level in cefr["levels"]]

    assert levels == ["A1", "A2", "B1", "B2", "C1", "C2"]
    assert [level["rank"] for level in cefr["levels"]] == [1, 2, 3, 4, 5, 6]
    for certificate in cefr["certificates"]:
        reached = certificate.get("exams") or certificate["minimum"] or {}
        assert set(reached) <= set(levels), certificate["name"]
        assert certificate["language"] in LANGUAGES


def test_cefr_higher_levels_need_higher_results():
    for certificate in read(DATA / "cefr.json")["certificates"]:
        results = list((certificate.get("minimum") or {}).values())
        assert results == sorted(set(results)), certificate["name"]


@pytest.mark.parametrize("scale", SCALES, ids=lambda scale: scale["code"])
def test_grade_scale_runs_from_worst_over_pass_to_best(scale):
    assert scale["country"] in COUNTRY_CODES
    assert sum(grade["sample_percent"] for grade in scale["passing_grades"]) == pytest.approx(100)
    if scale["type"] == "letter":
        written = [grade["grade"] for grade in scale["passing_grades"]]
        assert (written[0], written[-1]) == (scale["best"], scale["pass_mark"])
        assert scale["worst"] not in written
    elif scale["direction"] == "higher_is_better":
        assert scale["worst"] < scale["pass_mark"] < scale["best"]
    else:
        assert scale["best"] < scale["pass_mark"] < scale["worst"]


@pytest.mark.parametrize(
    "scale", [scale for scale in SCALES if scale["type"] == "numeric"], ids=lambda scale: scale["code"]
)
def test_grade_scale_passing_grades_lie_between_pass_mark_and_best(scale):
    low, high = sorted((scale["pass_mark"], scale["best"]))
    edges = [grade[edge] for grade in scale["passing_grades"] for edge in ("value", "from", "to") if edge in grade]

    assert edges == sorted(edges)
    assert low <= edges[0] <= edges[-1] <= high


def test_trap_isced_f_codes_keep_their_leading_zeros():
    assert "00" in {field["code"] for field in FIELDS}
    assert "0613" in {field["code"] for field in FIELDS}
