"""The pages on which a programme is written, judged and given intakes: who may, what is kept, what is said."""

import html
import re
from zoneinfo import ZoneInfo

import pytest
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse

from programmes.content import content_of
from programmes.forms.intakes import WINDOW
from programmes.models import Intake, Programme, Revision
from tests.factories.members import FieldFactory, UniversityFactory, person_as, student_of
from tests.factories.programmes import ProgrammeFactory, RevisionFactory, open_intake, programme_between
from tests.programmes.test_models import make_round

pytestmark = pytest.mark.django_db


@pytest.fixture
def kth():
    return UniversityFactory(slug="kth", short_name="KTH", member=True, time_zone="Europe/Stockholm")


@pytest.fixture
def kit():
    return UniversityFactory(slug="kit", short_name="KIT", time_zone="Europe/Berlin")


@pytest.fixture
def programme(kth, kit):
    return programme_between(kth, kit, title="Mechatronics", slug="mechatronics")


@pytest.fixture
def director(client, kth):
    """A director of the coordinating university, signed in."""
    person = person_as("director", kth)
    client.force_login(person)
    return person


@pytest.fixture
def secretariat(client):
    person = person_as("secretariat")
    client.force_login(person)
    return person


def url(name, *args):
    return reverse(f"programmes:{name}", args=args)


def text_of(response):
    plain = re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", response.content.decode(), flags=re.DOTALL)
    return " ".join(html.unescape(plain).split())


def typed(response):
    """What a browser would send of the form as it stands: its fields, filled in."""
    sent = {"seen": response.context["seen"]}
    for form in response.context["forms"].values():
        if hasattr(form, "management_form"):
            sent |= fields_of(form.management_form)
        for row in getattr(form, "forms", [form]):
            sent |= fields_of(row)
    return sent


def fields_of(form):
    """Names and values of one form; a box that is not ticked is not sent."""
    sent = {}
    for field in form:
        value = field.value()
        if field.widget_type == "checkbox":
            sent |= {field.html_name: "on"} if value else {}
        else:
            shown = field.field.prepare_value(value)
            many = isinstance(shown, list | tuple)
            sent[field.html_name] = list(shown) if many else "" if shown is None else str(shown)
    return sent


def edit(client, programme, step, changes, **more):
    """Open a step, type `changes`, send it."""
    address = url("programme_edit", programme.slug, step)
    return client.post(address, {**typed(client.get(address)), **changes, **more})


# Beginning


def test_director_begins_a_programme(client, director, kth):
    response = client.post(
        url("programme_add"), {"title": "Energy", "kind": "dual", "level": "master", "university": kth.pk}
    )

    assert response.url == url("programme_edit", "energy", "basics")


@pytest.mark.parametrize("wrong", [{"title": ""}, {"title": "T" * 141}, {"kind": "triple"}, {"university": "0"}])
def test_wrong_beginning_keeps_what_was_typed(client, director, kth, wrong):
    sent = {"title": "Energy", "kind": "dual", "level": "master", "university": kth.pk, **wrong}

    response = client.post(url("programme_add"), sent)

    assert (response.status_code, Programme.objects.count()) == (422, 0)
    assert response.context["form"].errors.keys() == wrong.keys()


@pytest.mark.parametrize("name", ["programme_add", "programme_desk"])
def test_students_do_not_enter_the_desk(client, name):
    client.force_login(student_of())

    assert client.get(url(name)).status_code == 403


# Writing


@pytest.mark.parametrize("step", ["basics", "partners", "pathways", "requirements"])
def test_step_sent_back_untouched_changes_nothing(client, director, programme, step):
    before = content_of(programme)

    response = edit(client, programme, step, {}, stay="yes")

    assert response.url == url("programme_edit", programme.slug, step)
    assert Revision.objects.get().content == before


def test_steps_lead_from_one_to_the_next(client, director, programme):
    went = [edit(client, programme, step, {}, next="yes").url for step in ("basics", "pathways", "requirements")]

    assert went == [
        url("programme_edit", programme.slug, "partners"),
        url("programme_edit", programme.slug, "requirements"),
        url("intake_list", programme.slug),
    ]


def test_unknown_step_is_absent(client, director, programme):
    assert client.get(url("programme_edit", programme.slug, "everything")).status_code == 404


@pytest.mark.parametrize("step", ["basics", "partners", "pathways", "requirements"])
def test_stranger_sees_the_programme_but_cannot_write(client, programme, step):
    client.force_login(person_as("director"))

    assert client.get(url("programme_edit", programme.slug, step)).status_code == 403


def test_basics_are_written(client, director, programme):
    FieldFactory(code="0713")
    changes = {
        "basics-title": "Robotics", "basics-field": "0713", "basics-supervised_by_both": "true",
        "basics-website": "robotics.example", "languages-1-language": "de", "languages-1-cefr": "B1",
    }  # fmt: skip

    edit(client, programme, "basics", changes)

    content = Revision.objects.get().content
    assert content["basics"]["title"] == "Robotics"
    assert (content["basics"]["field"], content["basics"]["supervised_by_both"]) == ("0713", True)
    assert content["basics"]["website"] == "https://robotics.example"
    assert content["languages"] == [{"language": "en", "cefr": "B2"}, {"language": "de", "cefr": "B1"}]


@pytest.mark.parametrize(
    ("step", "changes", "sentence"),
    [
        ("basics", {"basics-title": ""}, "This field is required"),
        ("basics", {"basics-field": "9999"}, "Select a valid choice"),
        ("basics", {"basics-thesis_ects": "500"}, "less than or equal to 120"),
        ("basics", {"basics-ects_total": "20", "basics-thesis_ects": "30"}, "more credits than the whole programme"),
        ("basics", {"basics-website": "not an address"}, "Enter a valid URL"),
        ("basics", {"basics-contact_email": "desk"}, "Enter a valid email address"),
        ("basics", {"basics-title": "a\x00b"}, "Null characters are not allowed"),
        ("basics", {"languages-1-language": "en"}, "stands in the list twice"),
        ("basics", {"basics-since": "19"}, "greater than or equal to 1950"),
        ("basics", {"basics-agreement_years": "30000"}, "less than or equal to 50"),
        ("partners", {"partners-1-role": "coordinating"}, "One university coordinates"),
        ("partners", {"partners-1-ects": "-5"}, "greater than or equal to 0"),
        ("partners", {"partners-0-tuition_eu": "many"}, "Enter a whole number"),
        ("pathways", {"pathways-0-host": ""}, "This field is required"),
        ("pathways", {"pathways-0-place_2": ""}, "Say where this semester is spent"),
        ("pathways", {"pathways-0-ects_1": "61"}, "less than or equal to 60"),
        ("requirements", {"requirements-0-asks": "ects"}, "the requirement is made of it"),
        ("requirements", {"yearly_dates-0-what": "annex", "yearly_dates-0-month": "2", "yearly_dates-0-day": "30"},
         "February has no day 30"),
        ("requirements", {"yearly_dates-0-what": "annex", "yearly_dates-0-month": "2", "yearly_dates-0-until_day": "3"},
         "Give the month in which it ends"),
    ],
    ids=repr,
)  # fmt: skip
@pytest.mark.usefixtures("director")
def test_wrong_values_are_named_and_nothing_typed_is_lost(client, programme, step, changes, sentence):
    response = edit(client, programme, step, changes)

    assert response.status_code == 422
    assert sentence in text_of(response)
    assert not Revision.objects.exists()
    sent = typed(response)
    assert {name: sent[name] for name in changes} == changes


def test_partner_and_pathway_are_added_and_removed(client, director, programme):
    tue = UniversityFactory(slug="tue", short_name="TU/e")
    edit(client, programme, "partners", {"partners-2-university": str(tue.pk), "partners-2-role": "associated"})
    new = {"pathways-2-home": str(programme.coordinator.pk), "pathways-2-host": str(tue.pk)}
    edit(client, programme, "pathways", {**new, "pathways-2-place_1": "kth", "pathways-2-place_2": "tue"})
    edit(client, programme, "pathways", {"pathways-0-DELETE": "on"})

    content = Revision.objects.get().content
    assert [row["university"] for row in content["partners"]] == ["kth", "kit", "tue"]
    assert [(row["key"], len(row["semesters"])) for row in content["pathways"]] == [("kit-kth", 4), ("kth-tue", 2)]


def test_two_pathways_between_the_same_universities_need_a_name(client, director, programme, kth, kit):
    again = {"pathways-2-home": str(kth.pk), "pathways-2-host": str(kit.pk), "pathways-2-place_1": "kit"}

    refused = edit(client, programme, "pathways", again)
    edit(client, programme, "pathways", {**again, "pathways-2-name": "Power systems"})

    assert "give one of them a name" in text_of(refused)
    assert Revision.objects.get().content["pathways"][2]["key"] == "kth-kit-power-systems"


def test_requirement_and_date_are_added(client, director, programme, kth):
    changes = {
        "requirements-0-asks": "language", "requirements-0-language": "sv", "requirements-0-cefr": "B1",
        "requirements-0-asked_by": str(kth.pk),
        "yearly_dates-0-what": "annex", "yearly_dates-0-month": "5",
    }  # fmt: skip

    edit(client, programme, "requirements", changes)

    content = Revision.objects.get().content
    (asked,), (date,) = content["requirements"], content["yearly_dates"]
    assert (asked["language"], asked["cefr"], asked["asked_by"], asked["is_blocking"]) == ("sv", "B1", "kth", True)
    assert (date["what"], date["month"], date["day"]) == ("annex", 5, None)


def test_who_saves_second_sees_both_versions_and_keeps_what_was_typed(client, director, programme):
    address = url("programme_edit", programme.slug, "basics")
    old = typed(client.get(address))
    edit(client, programme, "basics", {"basics-title": "Robotics"})

    conflict = client.post(address, {**old, "basics-title": "Robots"})
    again = client.post(address, {**typed(conflict), "seen": conflict.context["seen"]})

    assert conflict.status_code == 409
    assert "Title Robotics Robots" in text_of(conflict)
    assert typed(conflict)["basics-title"] == "Robots"
    assert (again.status_code, Revision.objects.get().content["basics"]["title"]) == (302, "Robots")


def test_what_the_rows_refuse_is_said_on_the_page(client, director, kth, kit):
    programme = programme_between(kth, kit, state="draft")
    open_intake(programme)

    response = edit(client, programme, "pathways", {"pathways-0-DELETE": "on"})

    assert "has seats in Autumn 2027/28; take them out there first." in text_of(response)


def test_submitted_version_is_shown_and_not_written(client, director, programme):
    RevisionFactory(programme=programme, submitted=True)

    response = edit(client, programme, "basics", {"basics-title": "Robotics"})

    assert "take it back before you change it" in text_of(response)
    assert all(field.field.disabled for field in response.context["forms"]["basics"])


def test_page_says_what_is_missing(client, director, kth):
    client.post(url("programme_add"), {"title": "Energy", "kind": "dual", "level": "master", "university": kth.pk})

    words = text_of(client.get(url("programme_edit", "energy", "partners")))

    assert "Missing before it can be submitted: 6 things Name the field of study." in words
    assert "Submit to the secretariat" not in words


@pytest.mark.parametrize("step", ["basics", "partners", "pathways", "requirements"])
@pytest.mark.parametrize("pathways", [2, 4])
@pytest.mark.usefixtures("director")
def test_writing_query_count(client, programme, django_assert_num_queries, step, pathways):
    content = content_of(programme)
    rows = content["pathways"]
    content["pathways"] = [{**row, "key": f"{row['key']}-{n}"} for n in range(pathways // 2) for row in rows]
    RevisionFactory(programme=programme, content=content)
    ContentType.objects.get_for_model(Programme)  # read once per process
    # user, mandates, programme and partners 5, version 1, selects 1 or 2, timeline 1, permissions 2, unread notices 1
    expected = {"basics": 12, "partners": 11, "pathways": 11, "requirements": 12}

    with django_assert_num_queries(expected[step]):
        client.get(url("programme_edit", programme.slug, step))


# Judging


def test_desk_of_a_director_holds_the_own_programmes(client, director, programme):
    programme_between()
    draft = programme_between(programme.coordinator, state="draft", title="Anything")

    response = client.get(url("programme_desk"))

    assert {row.slug for row in response.context["page_obj"]} == {programme.slug, draft.slug}


def test_desk_of_the_secretariat_begins_with_what_waits(client, secretariat, programme):
    other = programme_between(title="Zoology")
    RevisionFactory(programme=other, submitted=True)
    RevisionFactory(programme=programme_between(title="Botany"))

    waiting = client.get(url("programme_desk"), {"waiting": "yes"})
    idle = client.get(url("programme_desk"), {"nothing_ahead": "yes"})

    assert [row.title for row in waiting.context["page_obj"]] == ["Zoology"]
    assert idle.context["total"] == 3
    assert "to judge" in text_of(waiting)


@pytest.mark.parametrize("programmes", [1, 3])
def test_desk_query_count(client, secretariat, django_assert_num_queries, programmes):
    for _ in range(programmes):
        open_intake(RevisionFactory(programme=programme_between(), submitted=True).programme)

    with django_assert_num_queries(23):
        client.get(url("programme_desk"))


def test_curation_compares_line_by_line(client, director, programme, secretariat):
    content = content_of(programme)
    content["basics"]["title"] = "Robotics"
    RevisionFactory(programme=programme, content=content, submitted=True)

    words = text_of(client.get(url("programme_curate", programme.slug)))

    assert "1 line differs Public now This version Title Mechatronics Robotics" in words
    assert "Publish this version" in words


def test_director_reads_the_comparison_without_deciding(client, director, programme):
    RevisionFactory(programme=programme, submitted=True)

    words = text_of(client.get(url("programme_curate", programme.slug)))

    assert "This version says the same as the public page." in words
    assert "Publish this version" not in words


def test_nothing_to_compare_leads_to_the_page(client, director, programme):
    assert client.get(url("programme_curate", programme.slug)).url == programme.get_absolute_url()


def test_secretariat_is_told_when_the_public_page_moved_on(client, secretariat, programme):
    RevisionFactory(programme=programme, based_on=0)

    assert "The public page was changed after" in text_of(client.get(url("programme_curate", programme.slug)))


def test_whole_way_from_writing_to_the_public_page(client, programme, kth):
    director, secretariat = person_as("director", kth), person_as("secretariat")
    client.force_login(director)
    edit(client, programme, "basics", {"basics-title": "Robotics"})
    client.post(url("programme_submit", programme.slug))
    client.force_login(secretariat)
    client.post(url("programme_return", programme.slug), {"comment": "Say more"})
    client.force_login(director)
    returned = text_of(client.get(url("programme_edit", programme.slug, "basics")))
    client.post(url("programme_submit", programme.slug))
    client.force_login(secretariat)
    page = client.get(url("programme_curate", programme.slug)).content.decode()
    numbers = {name: re.search(rf'name="{name}" value="(\d+)"', page).group(1) for name in ("version", "live")}
    client.post(url("programme_publish", programme.slug), numbers)
    client.logout()

    assert "Say more" in returned
    assert "Robotics" in text_of(client.get(programme.get_absolute_url()))


@pytest.mark.parametrize(
    "numbers", [{}, {"version": "x", "live": "1"}, {"version": "9" * 30, "live": "1"}, {"version": "²"}]
)
def test_publishing_what_was_not_compared_is_refused(client, secretariat, programme, numbers):
    RevisionFactory(programme=programme, submitted=True)

    response = client.post(url("programme_publish", programme.slug), numbers, follow=True)

    assert "compare again before you publish" in text_of(response)


def test_returning_without_a_comment_asks_for_one(client, secretariat, programme):
    RevisionFactory(programme=programme, submitted=True)

    response = client.post(url("programme_return", programme.slug), {"comment": " "})

    assert (response.status_code, Revision.objects.get().state) == (422, "review")
    assert "comment" in response.context["form"].errors


@pytest.mark.parametrize("name", ["programme_publish", "programme_return", "programme_restore"])
def test_directors_do_not_decide(client, director, programme, name):
    RevisionFactory(programme=programme, submitted=True)

    assert client.post(url(name, programme.slug)).status_code == 403


@pytest.mark.parametrize(
    "name", ["programme_submit", "programme_take_back", "programme_publish", "programme_return", "programme_restore"]
)
def test_decisions_are_posts(client, secretariat, programme, name):
    assert client.get(url(name, programme.slug)).status_code == 405


def test_version_is_taken_back_and_dropped(client, director, programme):
    RevisionFactory(programme=programme, submitted=True)

    client.post(url("programme_take_back", programme.slug))
    question = client.get(url("programme_drop", programme.slug))
    client.post(url("programme_drop", programme.slug))

    assert "The public page stays as it is" in text_of(question)
    assert Revision.objects.get().state == "dropped"


def test_programme_is_archived_with_a_reason_and_restored(client, director, programme):
    empty = client.post(url("programme_archive", programme.slug), {"reason": ""})
    client.post(url("programme_archive", programme.slug), {"reason": "The agreement ended."})
    programme.refresh_from_db()
    archived = programme.state
    client.force_login(person_as("secretariat"))
    client.post(url("programme_restore", programme.slug))
    programme.refresh_from_db()

    assert (empty.status_code, archived, programme.state) == (422, "archived", "draft")


def test_archived_programme_is_not_written(client, director, kth):
    programme = programme_between(kth, state="archived")

    assert client.get(url("programme_edit", programme.slug, "basics")).status_code == 403


# Intakes


def window(**changes):
    return {
        "academic_year": "2027", "term": "autumn", "home": "", "opens_at": "2026-12-01T08:00",
        "closes_at": "2027-03-28T12:00", "time_zone": "Europe/Stockholm", "note": "", "version": "1",
        "places_kth-kit": "3", "places_kit-kth": "", **changes,
    }  # fmt: skip


def test_intake_is_typed_on_the_clock_of_its_zone(client, director, programme):
    director.time_zone = "America/Toronto"
    director.save()

    response = client.post(url("intake_add", programme.slug), window())

    intake = Intake.objects.get()
    assert response.url == url("intake_list", programme.slug)
    assert f"{intake.closes_at.astimezone(ZoneInfo('Europe/Stockholm')):%Y-%m-%d %H:%M}" == "2027-03-28 12:00"
    assert list(intake.seats.values_list("pathway__key", "places")) == [("kth-kit", 3)]
    shown = client.get(intake.edit_url()).content.decode()
    assert 'value="2027-03-28T12:00"' in shown


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"closes_at": "2026-11-01T08:00"}, "closes_at", "must open before it closes"),
        ({"closes_at": "soon"}, "closes_at", "Enter a valid date/time"),
        ({"closes_at": "2027-03-28T02:30"}, "closes_at", "the clocks go forward that night"),
        ({"closes_at": "2027-10-31T02:30"}, "closes_at", "the clocks go back that night"),
        ({"opens_at": ""}, "opens_at", "This field is required"),
        ({"time_zone": "Mars/Olympus"}, "time_zone", "Select a valid choice"),
        ({"academic_year": "27"}, "academic_year", "greater than or equal to 1990"),
        ({"places_kth-kit": "-1"}, "places_kth-kit", "greater than or equal to 0"),
        ({"home": "0"}, "home", "Select a valid choice"),
    ],
)
@pytest.mark.usefixtures("director")
def test_wrong_intake_is_named_and_kept(client, programme, changes, field, sentence):
    response = client.post(url("intake_add", programme.slug), window(**changes))

    form = response.context["form"]
    assert (response.status_code, list(form.errors)) == (422, [field])
    assert sentence in str(form.errors[field])
    assert form.data["closes_at"] == window(**changes)["closes_at"]
    assert not Intake.objects.exists()


def test_intake_of_the_same_start_is_refused_on_the_page(client, director, programme):
    open_intake(programme)

    response = client.post(url("intake_add", programme.slug), window())

    assert response.status_code == 422
    assert "already" in str(response.context["form"].non_field_errors())


def test_two_who_edit_an_intake_are_told(client, director, programme):
    intake = open_intake(programme)
    Intake.objects.filter(pk=intake.pk).update(version=2, note="Theirs")

    conflict = client.post(intake.edit_url(), window(**{"note": "Mine", "places_kth-kit": "7"}))
    again = client.post(intake.edit_url(), {**window(note="Mine"), "version": conflict.context["form"].data["version"]})

    assert conflict.status_code == 409
    assert "Theirs Mine" in text_of(conflict)
    assert ("KTH → KIT", "3", "7") in [(row.label, row.theirs, row.mine) for row in conflict.context["versions"]]
    assert (again.status_code, Intake.objects.get().note) == (302, "Mine")


def test_window_of_a_public_round_is_edited_there(client, director, programme):
    intake = open_intake(programme)
    make_round(intake, state="published")

    response = client.get(intake.edit_url())

    assert "opens_at" not in response.context["form"].fields
    assert "its window is changed on the round's own page" in text_of(response)


def test_two_who_edit_an_intake_with_a_public_round_are_told(client, director, programme):
    intake = open_intake(programme)
    make_round(intake, state="published")
    Intake.objects.filter(pk=intake.pk).update(version=2, note="Theirs")
    shown = {name: value for name, value in window(note="Mine").items() if name not in WINDOW}

    conflict = client.post(intake.edit_url(), shown)

    assert conflict.status_code == 409
    assert "Theirs Mine" in text_of(conflict)


def test_intake_is_copied_removed_and_given_a_round(client, director, programme):
    intake = open_intake(programme)

    copied = client.post(url("intake_copy", programme.slug, intake.key))
    twice = client.post(url("intake_copy", programme.slug, intake.key), follow=True)
    client.post(url("intake_remove", programme.slug, "2028-autumn"))
    made = client.post(url("intake_round", programme.slug, intake.key))

    intake.refresh_from_db()
    assert copied.url == url("intake_edit", programme.slug, "2028-autumn")
    assert "already" in text_of(twice)
    assert list(programme.intakes.values_list("key", flat=True)) == ["2027-autumn"]
    assert made.url == reverse("applications:round_edit", args=[intake.round.slug])


def test_refused_round_and_removal_say_why(client, director, kth, kit):
    programme = programme_between(kth, kit, state="draft")
    intake = open_intake(programme)
    refused = client.post(url("intake_round", programme.slug, intake.key), follow=True)
    make_round(intake)
    kept = client.post(url("intake_remove", programme.slug, intake.key), follow=True)

    assert "publish this one first" in text_of(refused)
    assert "stays as history" in text_of(kept)


@pytest.mark.parametrize("act", ["copy", "remove", "round"])
def test_intakes_are_changed_by_those_who_keep_them(client, programme, act):
    intake = open_intake(programme)
    client.force_login(person_as("director"))

    assert client.post(url(f"intake_{act}", programme.slug, intake.key)).status_code == 403


def test_partner_that_does_not_coordinate_makes_no_round(client, programme, kit):
    intake = open_intake(programme)
    client.force_login(person_as("director", kit))

    assert client.post(url("intake_round", programme.slug, intake.key)).status_code == 403
    assert "Make the round" not in text_of(client.get(url("intake_list", programme.slug)))


@pytest.mark.parametrize("intakes", [1, 3])
def test_intake_list_query_count(client, director, programme, django_assert_num_queries, intakes):
    for n in range(intakes):
        open_intake(programme, academic_year=2027 + n, key=f"{2027 + n}-autumn")
    ContentType.objects.get_for_model(Programme)  # read once per process

    with django_assert_num_queries(21):
        client.get(url("intake_list", programme.slug))


def test_programme_without_pathways_says_so_where_seats_are_given(client, director, kth):
    programme = ProgrammeFactory(complete=True)
    programme.partners.create(university=kth)

    assert "Draw the pathways first" in text_of(client.get(url("intake_list", programme.slug)))
    assert "seats belong to pathways" in text_of(client.get(url("intake_add", programme.slug)))
