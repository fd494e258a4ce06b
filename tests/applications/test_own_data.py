"""The first step of applying: the student's data are written there, kept while one types, and judged at once."""

from decimal import Decimal

import pytest
from django.urls import reverse

from applications import actions
from applications.models import Application
from members.models import StudentProfile, User
from tests.applications.stories import Story
from tests.factories.applications import OptionRequirementFactory, RoundRequirementFactory

pytestmark = pytest.mark.django_db


def address(application, name="profile"):
    return reverse(f"applications:application_{name}", args=[application.reference])


def typed(**changed):
    """What a browser sends: every field of the page, with one empty row of languages."""
    fields = {
        "student_number": "", "degree_programme": "Mechanical engineering", "level": "master", "field": "",
        "semester": "2", "ects_earned": "60", "grade_scale": "", "grade_average": "",
    }  # fmt: skip
    rows = {"languages-TOTAL_FORMS": "1", "languages-INITIAL_FORMS": "0", "languages-0-language": ""}
    return fields | rows | changed


@pytest.fixture
def story():
    return Story()


@pytest.fixture
def draft(client, story):
    """A draft with one choice; its student is signed in and has said nothing yet."""
    application = story.draft(0)
    StudentProfile.objects.filter(user=application.applicant).update(
        degree_programme="", level="", semester=None, ects_earned=None, grade_average=None
    )
    client.force_login(application.applicant)
    return application


def test_a_page_that_still_types_after_the_profile_was_erased_is_told_so(client, draft):
    StudentProfile.objects.filter(user=draft.applicant).delete()

    assert client.post(address(draft, "profile_autosave"), typed()).status_code == 409
    assert not StudentProfile.objects.filter(user=draft.applicant).exists()


def profile_of(application):
    return StudentProfile.objects.get(user=application.applicant)


class TestSaving:
    def test_what_is_asked_is_judged_by_what_is_kept_not_by_what_was_typed_wrongly(self, client, draft, story):
        RoundRequirementFactory(round=story.round, asks="ects", number=60)
        StudentProfile.objects.filter(user=draft.applicant).update(ects_earned=90)

        response = client.post(address(draft), typed(ects_earned="-5"))

        [of_round] = response.context["judged"]
        assert [verdict.sentence for verdict in of_round["verdicts"]] == ["At least 60 ECTS; yours is 90."]
        assert (response.status_code, response.context["form"]["ects_earned"].value()) == (422, "-5")

    def test_what_is_typed_is_the_profile_and_leads_on(self, client, draft):
        language = {"languages-0-language": "en", "languages-0-level": "C1", "languages-0-proof": "IELTS 7.5"}

        response = client.post(address(draft), typed(**language))

        profile = profile_of(draft)
        assert response.url == address(draft, "choices")
        assert (profile.degree_programme, profile.semester, profile.ects_earned) == ("Mechanical engineering", 2, 60)
        assert [(s.language, s.level, s.proof) for s in profile.languages.all()] == [("en", "C1", "IELTS 7.5")]

    @pytest.mark.parametrize(
        ("field", "wrong", "says"),
        [
            ("ects_earned", "-3", "greater than or equal to 0"),
            ("ects_earned", "sixty", "Enter a number"),
            ("semester", "99", "less than or equal to 20"),
            ("level", "wizard", "Select a valid choice"),
            ("grade_average", "12", "Choose the scale"),
            ("degree_programme", "x" * 161, "at most 160 characters"),
        ],
    )
    def test_a_wrong_value_is_named_at_its_field_and_nothing_is_half_saved(self, client, draft, field, wrong, says):
        response = client.post(address(draft), typed(**{field: wrong}, **{"languages-0-language": "en"}))

        page = response.content.decode()
        assert (response.status_code, says in page) == (422, True)
        assert wrong in page or field == "level"
        assert profile_of(draft).degree_programme == ""

    def test_what_an_office_confirmed_meanwhile_is_not_written_over(self, client, draft):
        client.get(address(draft))
        StudentProfile.objects.filter(user=draft.applicant).update(confirmed_by_domain="new.example")

        client.post(address(draft), typed())

        assert profile_of(draft).confirmed_by_domain == "new.example"

    def test_the_time_zone_of_the_person_is_left_alone(self, client, draft):
        User.objects.filter(pk=draft.applicant_id).update(time_zone="America/Toronto")

        client.post(address(draft), typed())

        assert User.objects.get(pk=draft.applicant_id).time_zone == "America/Toronto"


class TestAutosave:
    def test_right_fields_are_kept_and_wrong_ones_named(self, client, draft):
        page = client.post(address(draft, "profile_autosave"), typed(ects_earned="many", semester="4"))

        profile = profile_of(draft)
        assert (profile.semester, profile.ects_earned) == (4, None)
        assert "ECTS credits earned is not saved" in page.content.decode()

    def test_a_scale_is_not_kept_without_the_average_that_belongs_to_it(self, client, draft):
        scale = profile_of(draft).university.grade_scale
        before = profile_of(draft).grade_scale

        client.post(
            address(draft, "profile_autosave"),
            typed(grade_scale=str(scale.pk) if scale else "", grade_average="1000"),
        )

        assert (profile_of(draft).grade_scale, profile_of(draft).grade_average) == (before, None)

    def test_eligibility_is_told_anew_with_both_numbers(self, client, story, draft):
        OptionRequirementFactory(option=story.options[0], asks="ects", number=90)

        few = client.post(address(draft, "profile_autosave"), typed(ects_earned="60")).content.decode()
        enough = client.post(address(draft, "profile_autosave"), typed(ects_earned="90")).content.decode()

        assert ("Not met" in few, "90" in few, "60" in few) == (True, True, True)
        assert ("Not met" in enough, "Met" in enough) == (False, True)

    def test_languages_wait_for_the_button(self, client, draft):
        client.post(address(draft, "profile_autosave"), typed(**{"languages-0-language": "en"}))

        assert not profile_of(draft).languages.exists()

    def test_after_the_submission_nothing_is_kept(self, client, story):
        application = story.submitted(0)
        client.force_login(application.applicant)
        before = profile_of(application).semester

        response = client.post(address(application, "profile_autosave"), typed(semester="7"))

        assert (response.status_code, profile_of(application).semester) == (409, before)

    def test_nobody_elses_data_are_reached(self, client, story, draft):
        client.force_login(story.desk)

        response = client.post(address(draft, "profile_autosave"), typed(semester="7"))

        assert (response.status_code, profile_of(draft).semester) == (404, None)


class TestWhatIsMissing:
    def test_it_leads_to_the_field_on_this_step(self, client, story, draft):
        RoundRequirementFactory(round=story.round, asks="ects", number=60, is_blocking=True)

        missing = client.get(address(draft, "check")).context["missing"]

        assert f"{address(draft)}#id_ects_earned" in [entry["url"] for entry in missing]


def test_what_the_office_asked_for_reaches_it_with_the_answer(client, story):
    application = story.submitted(0)
    actions.ask_more(application=application, what="How many credits?", by=story.desk, now=story.now)
    StudentProfile.objects.filter(user=application.applicant).update(ects_earned=Decimal("87.5"))
    answering = Application.objects.get(pk=application.pk)

    actions.answer_request(application=answering, by=User.objects.get(pk=application.applicant_id), now=story.now)

    assert Application.objects.get(pk=application.pk).profile["ects"] == "87.5"
