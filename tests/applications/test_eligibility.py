"""Eligibility: the sentence with both numbers, and the same answer row by row and as a filter."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from applications import eligibility
from applications.models import Option, OptionRequirement, Requirement
from applications.standing import Standing
from members.models import GradeScale, StudentProfile
from tests.factories.applications import OptionFactory, OptionRequirementFactory
from tests.factories.members import FieldFactory, LanguageSkillFactory, StudentProfileFactory, UniversityFactory

DAY = date(2027, 3, 3)
ITALY = GradeScale(code="IT", name="Italy", best=30, worst=0, pass_mark=18)
GERMANY = GradeScale(code="DE", name="Germany", best=1, worst=5, pass_mark=4)
LETTERS = GradeScale(code="SE", name="Sweden", best=5, worst=0, pass_mark=1, letters=["A", "B", "C", "D", "E"])


def standing(**facts):
    known = {
        "home_id": 1, "home": "Aalto", "programme": "", "level": "bachelor", "field": "0714",
        "field_name": "0714 Electronics", "semester": 5, "ects": Decimal("120.0"), "grade": Decimal("26.1"),
        "scale": ITALY, "languages": {"en": "C1"}, "proofs": {},
    }  # fmt: skip
    return Standing(**(known | facts))


def judge(facts=None, **asked):
    return eligibility.check([OptionRequirement(**asked)], standing(**(facts or {})), DAY)[0]


@pytest.mark.parametrize(
    ("facts", "asked", "met", "sentence"),
    [
        ({}, {"asks": "ects", "number": Decimal(90)}, True, "At least 90 ECTS; yours is 120."),
        ({}, {"asks": "ects", "number": Decimal("120.00")}, True, "At least 120 ECTS; yours is 120."),
        ({}, {"asks": "ects", "number": Decimal(150)}, False, "At least 150 ECTS; yours is 120."),
        ({"ects": None}, {"asks": "ects", "number": Decimal(90)}, None,
         "At least 90 ECTS; your profile does not say."),
        ({}, {"asks": "semester", "number": Decimal(6)}, False, "Semester 6 or later; yours is 5."),
        ({}, {"asks": "grade", "number": Decimal(50)}, True, "An average of at least 24 of 30; yours is 26.1."),
        ({}, {"asks": "grade", "number": Decimal(80)}, False, "An average of at least 27.6 of 30; yours is 26.1."),
        ({"scale": GERMANY, "grade": Decimal("1.7")}, {"asks": "grade", "number": Decimal(50)}, True,
         "An average of 2.5 or better (best 1); yours is 1.7."),
        ({"scale": GERMANY, "grade": Decimal("3.0")}, {"asks": "grade", "number": Decimal(50)}, False,
         "An average of 2.5 or better (best 1); yours is 3."),
        ({"scale": LETTERS, "grade": Decimal(4)}, {"asks": "grade", "number": Decimal(50)}, True,
         "An average of at least C of A; yours is B."),
        ({"scale": None}, {"asks": "grade", "number": Decimal(50)}, None,
         "An average grade of at least 50 on a scale from 0 (pass) to 100 (best); your profile does not say."),
        ({}, {"asks": "language", "language": "en", "cefr": "B2"}, True, "English B2 or better; yours is C1."),
        ({}, {"asks": "language", "language": "en", "cefr": "C2"}, False, "English C2 or better; yours is C1."),
        ({}, {"asks": "language", "language": "de", "cefr": "B1"}, False,
         "German B1 or better; it is not among your languages."),
        ({"languages": {}}, {"asks": "language", "language": "de", "cefr": "B1"}, None,
         "German B1 or better; your profile does not say."),
        ({}, {"asks": "level", "level": "bachelor"}, True, "Level: Bachelor; yours is Bachelor."),
        ({}, {"asks": "level", "level": "master"}, False, "Level: Master; yours is Bachelor."),
        ({}, {"asks": "text", "text": "A portfolio."}, None, "A portfolio."),
    ],
)  # fmt: skip
def test_verdict(facts, asked, met, sentence):
    verdict = judge(facts, **asked)

    assert (verdict.met, verdict.sentence) == (met, sentence)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asked", "met"), [("07", True), ("071", True), ("0714", True), ("0715", False), ("06", False)]
)
def test_a_broad_or_narrow_field_covers_those_below_it(asked, met):
    verdict = judge(asks="field", field=FieldFactory(code=asked))

    assert verdict.met is met
    assert verdict.sentence.endswith("yours is 0714 Electronics.")


def test_without_a_profile_it_only_says_what_is_asked():
    [verdict] = eligibility.check([OptionRequirement(asks="ects", number=Decimal(90))], None, DAY)

    assert (verdict.met, verdict.sentence, verdict.lacks_data) == (None, "At least 90 ECTS.", False)


def test_what_is_not_met_blocks_only_where_it_must():
    blocking = judge(asks="ects", number=Decimal(150))
    wished = judge(asks="ects", number=Decimal(150), is_blocking=False)
    missing = judge({"ects": None}, asks="ects", number=Decimal(90))

    assert (blocking.blocks, wished.blocks, missing.blocks) == (True, False, False)
    assert (missing.lacks_data, missing.fact) == (True, "ects_earned")


@pytest.mark.django_db
@pytest.mark.parametrize("scale", [ITALY, GERMANY, LETTERS])
def test_a_snapshot_keeps_where_the_student_stood(scale):
    scale.country = None
    scale.save(force_insert=True)
    now = standing(scale=scale, proofs={"en": "TOEFL 104"})
    student = StudentProfileFactory.build().user

    assert Standing.from_snapshot(now.to_snapshot(student, DAY)) == now


def test_an_empty_snapshot_is_no_standing():
    assert Standing.from_snapshot({}) is None


asked_for = st.one_of(
    st.builds(dict, asks=st.sampled_from(["semester", "ects", "grade"]), number=st.sampled_from([0, 4, 60, 90, 120])),
    st.builds(
        dict, asks=st.just("language"), language=st.sampled_from(["en", "de"]), cefr=st.sampled_from(["A2", "B2", "C1"])
    ),
    st.builds(dict, asks=st.just("level"), level=st.sampled_from(["bachelor", "master"])),
    st.builds(dict, asks=st.just("field"), field=st.sampled_from(["07", "071", "0714", "0613"])),
    st.builds(dict, asks=st.just("text"), text=st.just("A portfolio")),
    st.builds(dict, asks=st.just("home"), home=st.booleans()),
)
rows_asked = st.lists(st.tuples(asked_for, st.booleans()), max_size=4)
profiles = st.builds(
    dict,
    level=st.sampled_from(["", "bachelor", "master"]),
    field=st.sampled_from([None, "0714", "0613"]),
    semester=st.sampled_from([None, 3, 4]),
    ects_earned=st.sampled_from([None, 60, 100]),
    grade_average=st.sampled_from([None, 18, 26]),
    english=st.sampled_from([None, "B1", "B2", "C1"]),
)


@pytest.mark.django_db(transaction=True)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(options=st.lists(rows_asked, min_size=1, max_size=3), facts=profiles)
def test_the_filter_gives_the_same_answer_as_the_verdicts(options, facts):
    profile = _profile(facts)
    made = [_option(rows, profile) for rows in options]

    found = set(eligibility.met_by(Option.objects.filter(pk__in=[o.pk for o in made]), profile))

    assert found == {option for option in made if not _speaks_against(option, profile)}


def _profile(facts):
    facts = dict(facts)
    english, field = facts.pop("english"), facts.pop("field")
    scale, _made = GradeScale.objects.get_or_create(
        code="IT-30", defaults={"name": "Italy", "best": 30, "worst": 0, "pass_mark": 18}
    )
    profile = StudentProfileFactory(grade_scale=scale, field=FieldFactory(code=field) if field else None, **facts)
    if english:
        LanguageSkillFactory(profile=profile, level=english)
    return StudentProfile.objects.get(pk=profile.pk)


def _option(rows, profile):
    option = OptionFactory()
    for asked, is_blocking in rows:
        row = dict(asked)
        if "field" in row:
            row["field"] = FieldFactory(code=row["field"])
        if "home" in row:
            row["home"] = profile.university if row["home"] else UniversityFactory()
        OptionRequirementFactory(option=option, is_blocking=is_blocking, **({"number": None} | row))
    return option


def _speaks_against(option, profile):
    verdicts = eligibility.check(option.requirements.all(), profile, DAY)
    return any(v.blocks or v.lacks_data for v in verdicts if v.requirement.asks != Requirement.Asks.TEXT)
