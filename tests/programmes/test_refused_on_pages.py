"""What pages of programmes, intakes and courses say when an act is refused or came too late; feed and holdings."""

from xml.etree import ElementTree

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone

from members.academic_years import running_on
from members.personal_data import all_holdings
from programmes.models import Course, Intake, Programme, Revision, WishListItem
from tests.factories.members import UniversityFactory, UserFactory, person_as, student_of
from tests.factories.programmes import (
    CourseFactory,
    CourseImportFactory,
    ProgrammeFactory,
    RevisionFactory,
    WishListItemFactory,
    open_intake,
    programme_between,
)

pytestmark = pytest.mark.django_db

MEANWHILE = "Somebody else decided about this version meanwhile."
NOTHING = "There is no version of this programme to decide about."


@pytest.fixture
def kth():
    return UniversityFactory(slug="kth", short_name="KTH", member=True)


@pytest.fixture
def programme(kth):
    return programme_between(kth, UniversityFactory(slug="kit", short_name="KIT"), slug="mechatronics")


@pytest.fixture
def director(client, kth):
    person = person_as("director", kth)
    client.force_login(person)
    return person


@pytest.fixture
def secretariat(client):
    person = person_as("secretariat")
    client.force_login(person)
    return person


@pytest.fixture
def keeper(client, kth):
    person = person_as("coordinator", kth)
    client.force_login(person)
    return person


def url(name, *args):
    return reverse(f"programmes:{name}", args=args)


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


# Versions


@pytest.mark.parametrize(
    ("act", "leads_to"),
    [("submit", "programme_edit"), ("take_back", "programme_edit"), ("drop", "programme_detail")],
)
def test_a_step_without_a_version_is_said(client, director, programme, act, leads_to) -> None:
    response = client.post(url(f"programme_{act}", programme.slug))

    args = [programme.slug, "basics"] if leads_to == "programme_edit" else [programme.slug]
    assert (response["Location"], said(response)) == (url(leads_to, *args), [NOTHING])


def test_an_incomplete_version_is_not_submitted_and_the_first_thing_is_said(client, director, programme) -> None:
    revision = RevisionFactory(programme=programme)
    Revision.objects.filter(pk=revision.pk).update(content=revision.content | {"languages": []})

    response = client.post(url("programme_submit", programme.slug))

    assert said(response) == ["One thing is missing: Name a language of teaching."]
    revision.refresh_from_db()
    assert revision.state == "draft"


def test_what_was_taken_back_meanwhile_is_not_returned(client, secretariat, programme) -> None:
    RevisionFactory(programme=programme)

    response = client.post(url("programme_return", programme.slug), {"comment": "Name the thesis rule."})

    assert (response["Location"], said(response)) == (url("programme_desk"), [MEANWHILE])
    assert Revision.objects.get().comment == ""


@pytest.mark.parametrize("numbers", [{}, {"version": "²", "live": "1"}, {"version": "9" * 40, "live": "1"}])
def test_numbers_that_are_none_publish_nothing(client, secretariat, programme, numbers) -> None:
    RevisionFactory(programme=programme, submitted=True)

    response = client.post(url("programme_publish", programme.slug), numbers)

    assert response["Location"] == url("programme_curate", programme.slug)
    assert said(response) == ["This version was changed while you looked at it; compare again before you publish."]


def test_restoring_what_is_not_archived_is_said(client, secretariat, programme) -> None:
    response = client.post(url("programme_restore", programme.slug))

    assert (response["Location"], said(response)) == (programme.get_absolute_url(), [MEANWHILE])


@pytest.mark.parametrize("page", ["drop", "archive"])
def test_what_cannot_be_undone_easily_asks_first(client, director, programme, page) -> None:
    RevisionFactory(programme=programme)

    response = client.get(url(f"programme_{page}", programme.slug))

    assert response.context["cancel_url"] == programme.get_absolute_url()
    assert Revision.objects.get().state == "draft"


@pytest.mark.parametrize("step", ["intakes", "nothing", "basics2"])
def test_a_step_that_there_is_not_is_not_found(client, director, programme, step) -> None:
    assert client.get(url("programme_edit", programme.slug, step)).status_code == 404


def test_a_director_begins_for_the_own_university_and_no_other_is_offered(client, director, kth) -> None:
    other = UniversityFactory(member=True)
    sent = {"title": "Energy", "kind": "dual", "level": "master", "university": other.pk}

    response = client.post(url("programme_add"), sent)

    assert (response.status_code, list(response.context["form"].errors)) == (422, ["university"])
    assert response.context["form"].fields["university"].initial == kth
    assert not Programme.objects.exists()


def test_the_secretariat_begins_for_any_member_and_for_nobody_else(client, secretariat, kth) -> None:
    UniversityFactory(slug="elsewhere")

    offered = client.get(url("programme_add")).context["form"].fields["university"].queryset

    assert list(offered) == [kth]


@pytest.mark.parametrize("page", ["programme_add", "programme_desk"])
def test_others_have_no_desk(client, page) -> None:
    for person in (UserFactory(), student_of(), person_as("exchange")):
        client.force_login(person)
        assert client.get(url(page)).status_code == 403


# Intakes


def test_an_intake_that_is_there_already_is_not_copied_over(client, director, programme) -> None:
    intake = open_intake(programme)
    copy = url("intake_copy", programme.slug, intake.key)
    client.post(copy)

    response = client.post(copy)

    assert response["Location"] == url("intake_list", programme.slug)
    assert said(response)[-1] == "This intake stands in the list already."
    assert Intake.objects.count() == 2


def test_an_intake_with_a_round_says_why_it_stays(client, director, programme) -> None:
    intake = open_intake(programme)
    client.post(url("intake_round", programme.slug, intake.key))

    response = client.post(url("intake_remove", programme.slug, intake.key))

    assert said(response)[-1] == "This intake has an application round; it stays as history."
    assert Intake.objects.exists()


@pytest.mark.parametrize("act", ["copy", "remove", "round"])
def test_nothing_is_done_to_an_intake_by_a_link(client, director, programme, act) -> None:
    intake = open_intake(programme)

    assert client.get(url(f"intake_{act}", programme.slug, intake.key)).status_code == 405


@pytest.mark.parametrize("act", ["edit", "copy", "remove", "round"])
def test_an_intake_is_not_found_under_another_programme(client, director, programme, kth, act) -> None:
    intake = open_intake(programme)
    other = programme_between(kth, slug="energy")
    page = url(f"intake_{act}", other.slug, intake.key)

    assert (client.get(page) if act == "edit" else client.post(page)).status_code == 404
    assert programme.intakes.count() == 1


def test_a_new_intake_stands_on_the_clock_of_who_coordinates(client, director, programme, kth) -> None:
    kth.time_zone = "Europe/Stockholm"
    kth.save()

    form = client.get(url("intake_add", programme.slug)).context["form"]

    assert form["time_zone"].value() == "Europe/Stockholm"
    assert [field.name for field in form.seat_fields] == ["places_kth-kit", "places_kit-kth"]


# Courses


def course_url(name, *args):
    return reverse(f"courses:{name}", args=args)


def test_reopening_what_has_no_end_is_said(client, keeper, kth) -> None:
    course = CourseFactory(university=kth)

    response = client.post(course_url("course_reopen", course.slug))

    assert said(response) == ["This course has no last year."]


def test_an_end_before_the_beginning_is_said_at_its_field(client, keeper, kth) -> None:
    running = running_on(timezone.localdate())
    course = CourseFactory(university=kth, first_year=running)

    response = client.post(course_url("course_close", course.slug), {"last_year": running - 1})

    assert (response.status_code, list(response.context["form"].errors)) == (422, ["last_year"])
    course.refresh_from_db()
    assert course.last_year is None


def test_a_course_without_a_version_is_taken_for_an_old_one_and_what_was_typed_stays(client, keeper, kth) -> None:
    course = CourseFactory(university=kth, title="Theirs")
    typed = {"code": course.code, "title": "Mine", "level": "master", "ects": "7.5", "terms": ["autumn"],
             "languages": ["en"]}  # fmt: skip

    response = client.post(course_url("course_edit", course.slug), typed)

    assert response.status_code == 409
    assert [(row.label, row.theirs, row.mine) for row in response.context["versions"]] == [("Title", "Theirs", "Mine")]
    assert Course.objects.get().title == "Theirs"


@pytest.mark.parametrize("page", ["course_edit", "course_close"])
def test_courses_of_others_are_not_kept(client, keeper, page) -> None:
    assert client.get(course_url(page, CourseFactory().slug)).status_code == 403


# The wish list


@pytest.mark.parametrize(
    ("after", "leads_to"),
    [("/programmes/wishlist/", "/programmes/wishlist/"), ("https://elsewhere.example/", None),
     ("//elsewhere.example/", None), ("", None)],
    ids=["here", "elsewhere", "without a scheme", "nowhere"],
)  # fmt: skip
def test_a_wish_leads_back_to_pages_of_the_portal_alone(client, programme, after, leads_to) -> None:
    client.force_login(UserFactory())

    response = client.post(url("programme_wish", programme.slug), {"next": after})

    assert response["Location"] == (leads_to or programme.get_absolute_url())
    assert WishListItem.objects.count() == 1


def test_a_draft_is_on_nobodys_wish_list(client) -> None:
    client.force_login(UserFactory())

    assert client.post(url("programme_wish", ProgrammeFactory().slug)).status_code == 404


def test_a_wish_that_was_taken_out_of_the_catalogue_stays_readable(client, programme) -> None:
    item = WishListItemFactory(programme=programme)
    Programme.objects.update(state="archived")
    client.force_login(item.user)

    assert client.get(url("wish_list")).context["programmes"] == [programme]


# The feed, and what is held of people


def test_the_feed_holds_what_stands_in_the_catalogue_with_its_partners(client, programme, kth) -> None:
    programme_between(kth, slug="hidden", listing="link_only")
    ProgrammeFactory()

    feed = ElementTree.fromstring(client.get(url("feed")).content)  # noqa: S314 our own answer

    atom = "{http://www.w3.org/2005/Atom}"
    entries = [
        (entry.find(f"{atom}title").text, entry.find(f"{atom}summary").text) for entry in feed.iter(f"{atom}entry")
    ]
    assert entries == [(programme.title, f"KTH with KIT. {programme.summary}")]


def holding(key):
    return next(found for found in all_holdings() if found.key == key)


def test_a_person_reads_wishes_drafts_and_sheets_of_their_own(programme) -> None:
    person = UserFactory()
    WishListItemFactory(programme=programme, user=person), WishListItemFactory(programme=programme)
    RevisionFactory(programme=programme, begun_by=person)
    CourseImportFactory(uploaded_by=person), CourseImportFactory()
    keys = ("wish-list", "programme-drafts", "course-spreadsheets")

    rows = {key: holding(key).rows(person) for key in keys}

    assert [len(rows[key]) for key in keys] == [holding(key).count(person) for key in keys] == [1, 1, 1]
    assert (rows["wish-list"][0]["programme"], rows["course-spreadsheets"][0]["file"]) == (
        programme.title, "courses.csv",
    )  # fmt: skip


def test_erasing_takes_ones_own_wishes_and_leaves_those_of_others(programme) -> None:
    gone, stays = WishListItemFactory(programme=programme), WishListItemFactory(programme=programme)

    holding("wish-list").erase(gone.user, timezone.now())

    assert list(WishListItem.objects.all()) == [stays]
