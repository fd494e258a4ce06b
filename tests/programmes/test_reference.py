"""The dual degrees of the data file become programmes, again and again the same."""

import pghistory
import pytest

from members import reference_rows
from members.loading import Load
from members.models import University
from programmes import reference
from programmes.content import content_of, gaps
from programmes.models import PathwaySemester, Programme, ProgrammePartner

pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded():
    """Universities, fields and the dual degrees, as the files say."""
    load = Load()
    load.run([_places_and_fields, reference.load])
    return load


def _places_and_fields(load):
    """What the dual degrees refer to, without the register of charter holders."""
    items = reference_rows.items
    load.bring(reference_rows.Country, ("code",), map(reference_rows.country, items("countries")))
    load.bring(reference_rows.Field, ("code",), map(reference_rows.field, items("isced_f")))
    load.bring(reference_rows.GradeScale, ("code",), map(reference_rows.grade_scale, items("grade_scales")))
    load.bring(University, ("slug",), map(reference_rows.university, items("universities")))


def test_every_dual_degree_is_there(loaded):
    states = Programme.objects.values_list("is_sample", "state")

    assert Programme.objects.count() == 48
    assert sorted(set(states)) == [
        (False, "archived"), (False, "draft"), (False, "published"), (True, "published"),
    ]  # fmt: skip
    assert Programme.objects.filter(is_sample=True).count() == 26


def test_loading_again_changes_nothing(loaded):
    again = Load()

    again.run([reference.load])

    assert again.changes == []


def test_split_of_sixty_and_sixty_is_drawn_in_both_directions(loaded):
    programme = Programme.objects.get(slug="kth-kit-0714")

    drawn = {str(p): [(str(t.university), t.ects, t.what) for t in p.terms] for p in programme.pathways.all()}

    assert drawn["KTH → KIT"] == [("KTH", 30, ""), ("KTH", 30, ""), ("KIT", 30, ""), ("KIT", 30, "Thesis")]
    assert [place for place, _, _ in drawn["KIT → KTH"]] == ["KIT", "KIT", "KTH", "KTH"]


def test_programme_whose_split_nobody_tells_has_no_pathway(loaded):
    assert not Programme.objects.get(slug="kit-grenoble-inp-0714").pathways.exists()


def test_real_programme_says_what_its_pages_say_and_no_more(loaded):
    programme = Programme.objects.get(slug="kit-grenoble-inp-0413")

    assert (programme.is_sample, programme.summary, programme.tuition, programme.coordinator) == (False, "", "", None)
    assert programme.funding == "Erasmus+ grant, grant of the Franco-German University (DFH)"
    assert [str(row) for row in programme.languages.all()] == ["French", "German", "English"]
    assert [date.words for date in programme.yearly_dates.all()] == [
        "1 December", "January", "30 April", "4 November", "15 July", "15 January",
        "2 May to 30 September", "15 January to 31 March",
    ]  # fmt: skip


def test_requirement_of_one_side_names_it(loaded):
    asked = Programme.objects.get(slug="tuda-kth-0732").requirements.values_list("asked_by__slug", flat=True)

    assert list(asked) == ["kth", "kth", None]


def test_programme_without_a_title_is_named_by_its_universities(loaded):
    assert Programme.objects.get(slug="polito-kth").title == "Double degree of PoliTO and KTH"


def test_degree_of_the_past_is_archived_with_its_last_year(loaded):
    programme = Programme.objects.get(slug="kuleuven-tue-0713")

    assert (programme.state, programme.since, programme.last_known_year) == ("archived", 2001, 2001)


def test_samples_of_the_convention_lack_nothing(loaded):
    programme = Programme.objects.get(slug="aalto-kth-0713")

    assert gaps(content_of(programme)) == []
    assert (programme.tuition, programme.diploma, programme.thesis_ects) == ("home", "separate", 30)


def test_what_people_changed_stays(loaded):
    with pghistory.context(user=7):
        Programme.objects.filter(slug="kth-kit-0714").update(title="Mechatronics and robotics")
        ProgrammePartner.objects.filter(programme__slug="kth-kit-0714", university__slug="kit").delete()
        PathwaySemester.objects.filter(pathway__key="kth-kit", number=3).update(ects=24)
    again = Load()

    again.run([reference.load])

    programme = Programme.objects.get(slug="kth-kit-0714")
    assert {change.kind for change in again.changes} == {"kept"}
    assert (programme.title, programme.partners.count()) == ("Mechatronics and robotics", 1)
