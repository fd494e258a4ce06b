"""A programme as plain data: read, written back, compared, and what is missing."""

import json

import pytest
from django.core.exceptions import ValidationError

from members.acts import Refused
from programmes.content import (
    UnknownUniversityError,
    content_of,
    differences,
    empty_content,
    fingerprint,
    gaps,
    write,
)
from programmes.models import Pathway, Programme, ProgrammePartner
from tests.factories.members import FieldFactory, UniversityFactory
from tests.factories.programmes import (
    ProgrammeFactory,
    ProgrammeRequirementFactory,
    YearlyDateFactory,
    open_intake,
    programme_between,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme():
    programme = programme_between(
        UniversityFactory(slug="kth", short_name="KTH"), UniversityFactory(slug="kit", short_name="KIT")
    )
    ProgrammeRequirementFactory(programme=programme, position=0)
    ProgrammeRequirementFactory(programme=programme, position=1, english="C1", asked_by=programme.coordinator)
    YearlyDateFactory(programme=programme, university=programme.coordinator)
    return programme


def rows_of(programme):
    """Every row of the programme by its key, as the database holds it."""
    kept = {}
    for part in ("partners", "languages", "requirements", "yearly_dates", "pathways"):
        kept[part] = list(getattr(programme, part).values())
    kept["semesters"] = [list(p.semesters.order_by("number").values()) for p in programme.pathways.all()]
    return kept


# Reading and writing


def test_content_is_plain_json(programme):
    content = content_of(programme)

    assert json.loads(json.dumps(content)) == content
    assert [partner["university"] for partner in content["partners"]] == ["kth", "kit"]
    assert content["pathways"][0]["semesters"][0] == {"university": "kth", "ects": "30", "what": ""}


def test_writing_what_was_read_changes_no_row(programme):
    before = rows_of(programme)

    write(programme, content_of(programme))

    assert rows_of(programme) == before


def test_writing_into_an_empty_programme_makes_the_same_content(programme):
    other = ProgrammeFactory()

    write(other, content_of(programme))

    assert content_of(Programme.objects.get(pk=other.pk)) == content_of(programme)


def test_writing_keeps_the_identity_of_what_stays(programme):
    content = content_of(programme)
    kit = programme.partners.get(university__slug="kit")
    content["partners"] = [{**content["partners"][1], "unit": "Informatics", "role": "coordinating"}]

    write(programme, content)

    (partner,) = programme.partners.all()
    assert (partner.pk, partner.unit, partner.role) == (kit.pk, "Informatics", "coordinating")


def test_coordination_can_change_hands(programme):
    content = content_of(programme)
    content["partners"][0]["role"], content["partners"][1]["role"] = "awarding", "coordinating"

    write(programme, content)

    assert programme.coordinator.slug == "kit"


def test_shorter_pathway_loses_its_last_semesters(programme):
    content = content_of(programme)
    content["pathways"][0]["semesters"].pop()

    write(programme, content)

    assert [p.semesters.count() for p in programme.pathways.all()] == [3, 4]


def test_pathway_with_seats_is_not_taken_away(programme):
    open_intake(programme)
    content = content_of(programme)
    content["pathways"].pop()

    with pytest.raises(Refused, match="KIT → KTH has seats in Autumn 2027/28"):
        write(programme, content)


def test_pathway_without_seats_is_taken_away(programme):
    content = content_of(programme)
    content["pathways"].pop()

    write(programme, content)

    assert list(Pathway.objects.values_list("key", flat=True)) == ["kth-kit"]


def test_unknown_university_is_named(programme):
    content = content_of(programme)
    content["partners"][0]["university"] = "hogwarts"

    with pytest.raises(UnknownUniversityError, match="hogwarts"):
        write(programme, content)


def test_what_a_column_refuses_is_said_in_a_sentence(programme):
    content = content_of(programme)
    content["pathways"][0]["host"] = "kth"

    with pytest.raises(ValidationError, match="leads from one university to another"):
        write(programme, content)


@pytest.mark.parametrize("partners", [2, 4])
def test_reading_takes_eight_queries(programme, partners, django_assert_num_queries):
    for _ in range(partners - 2):
        ProgrammePartner.objects.create(programme=programme, university=UniversityFactory())

    read = Programme.objects.get(pk=programme.pk)

    with django_assert_num_queries(8):
        content_of(read)


def test_fingerprint_depends_on_the_values_only():
    assert fingerprint({"a": 1, "b": 2}) == fingerprint({"b": 2, "a": 1})
    assert fingerprint({"a": 1}) != fingerprint({"a": 2})


# Differences


def test_nothing_differs_from_itself(programme):
    content = content_of(programme)

    assert differences(content, content) == []


def test_differences_are_told_line_by_line_in_words(programme):
    FieldFactory(code="0713", name="Electricity and energy")
    before = content_of(programme)
    after = json.loads(json.dumps(before))
    after["basics"] |= {"title": "Energy", "field": "0713", "supervised_by_both": True, "ects_total": None}
    after["languages"].append({"language": "de", "cefr": "B1"})
    after["partners"][1] |= {"unit": "Physics", "tuition_eu": 0}
    after["pathways"][0]["semesters"][3] |= {"ects": "24", "what": "Thesis"}
    after["requirements"].pop(0)
    after["yearly_dates"] = []

    found = {d.label: (d.before, d.after) for d in differences(before, after)}

    assert found == {
        "Title": (programme.title, "Energy"),
        "Field": ("0714 Field 0714", "0713 Electricity and energy"),
        "ECTS credits in all": ("120", ""),
        "Supervised from both sides": ("", "Yes"),
        "Taught in": ("English B2", "English B2, German B1"),
        "KIT": ("Awards its degree", "Awards its degree · Physics · EU: 0 €"),
        "KTH → KIT": (
            "1 KTH 30 ECTS · 2 KTH 30 ECTS · 3 KIT 30 ECTS · 4 KIT 30 ECTS",
            "1 KTH 30 ECTS · 2 KTH 30 ECTS · 3 KIT 30 ECTS · 4 KIT 24 ECTS Thesis",
        ),
        "Asked of applicants": ("At least 120 ECTS", ""),
        "Apply at home": ("1 December, KTH", ""),
    }


def test_partner_that_leaves_is_told(programme):
    before, after = content_of(programme), content_of(programme)
    after["partners"].pop()

    (difference,) = differences(before, after)

    assert (difference.part, difference.label, difference.before, difference.after) == (
        "partners", "KIT", "Awards its degree", "",
    )  # fmt: skip


# What is missing


def test_complete_programme_lacks_nothing(programme):
    assert gaps(content_of(programme)) == []


def test_empty_programme_is_told_everything_it_lacks():
    assert [(gap.step, gap.sentence) for gap in gaps(empty_content())] == [
        ("basics", "Name the field of study."),
        ("basics", "Say in one sentence what the programme is."),
        ("basics", "Say which degrees it gives."),
        ("basics", "Name a language of teaching."),
        ("partners", "Name at least two partners."),
        ("pathways", "Draw at least one pathway: where one studies when."),
    ]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            lambda c: c["partners"][1].update(role="associated"),
            "At least two partners award a degree.",
        ),
        (
            lambda c: c["partners"][0].update(role="awarding"),
            "Say which partner coordinates: it runs the applications.",
        ),
        (
            lambda c: [partner.update(ects=50) for partner in c["partners"]],
            "The partners' credits add up to 100, not to 120.",
        ),
        (
            lambda c: c["pathways"][0]["semesters"][0].update(ects="29.5"),
            "Pathway 1: the semesters add up to 119.5, not to 120 ECTS credits.",
        ),
        (
            lambda c: c["pathways"][1]["semesters"][0].update(ects=None),
            "Pathway 2: give the credits of every semester, or of none.",
        ),
        (
            lambda c: [term.update(university="kth") for term in c["pathways"][0]["semesters"]],
            "Pathway 1 has no semester at its host.",
        ),
        (
            lambda c: c["pathways"][0]["semesters"][1].update(university="tue"),
            "Pathway 1 leads to a university that is not a partner.",
        ),
        (
            lambda c: c["requirements"][1].update(asked_by="tue"),
            "A requirement or date belongs to a university that is not a partner.",
        ),
    ],
)
def test_each_gap_has_its_sentence(programme, change, sentence):
    content = content_of(programme)

    change(content)

    assert [gap.sentence for gap in gaps(content)] == [sentence]


def test_doctorate_needs_no_pathway(programme):
    content = content_of(programme)
    content["pathways"] = []
    content["basics"]["kind"] = "cotutelle"

    assert gaps(content) == []
