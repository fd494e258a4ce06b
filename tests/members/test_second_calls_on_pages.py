"""Archiving twice, rows that do not fit, files that are gone, lists that are long: what the pages answer then."""

import logging
from datetime import UTC, datetime

import pytest
from django.contrib.messages import get_messages
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone
from kombu.exceptions import OperationalError

from members.admin.privacy import RetentionPeriodAdmin
from members.admin.tag_columns import TagsWidget
from members.models import Act, Country, Purge, RetentionPeriod, University
from members.retention import all_kinds
from members.views import directory
from notifications import tasks
from tests.factories.members import (
    ApiTokenFactory,
    ContactFactory,
    PictureFactory,
    TagFactory,
    UnitFactory,
    UniversityDocumentFactory,
    UniversityFactory,
    person_as,
)
from tests.factories.notifications import SavedSearchFactory

pytestmark = pytest.mark.django_db


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def at(name, university, *args):
    return reverse(f"members:university_{name}", args=[university.slug, *args])


# archiving


def test_archiving_twice_says_so_and_keeps_the_first_reason(client):
    university = UniversityFactory()
    client.force_login(person_as("secretariat"))

    client.post(at("archive", university), {"reason": "Merged into another one."})
    page = client.post(at("archive", university), {"reason": "Once more."})

    assert said(page)[-1] == "This university is archived already."
    assert [act.reason for act in Act.objects.about(university)] == ["Merged into another one."]


def test_archiving_needs_a_reason(client):
    university = UniversityFactory()
    client.force_login(person_as("secretariat"))

    page = client.post(at("archive", university), {"reason": " "})

    university.refresh_from_db()
    assert (page.status_code, university.archived_at) == (422, None)


def test_bringing_back_what_is_not_archived_says_so(client):
    university = UniversityFactory()
    client.force_login(person_as("secretariat"))

    page = client.post(at("restore", university))

    assert said(page) == ["This university is not archived."]
    assert not Act.objects.about(university).exists()


@pytest.mark.parametrize("act", ["archive", "restore"])
def test_the_official_neither_archives_nor_brings_back(client, act):
    university = UniversityFactory()
    client.force_login(person_as("official", university))

    assert client.post(at(act, university), {"reason": "x"}).status_code == 403


def test_bringing_back_by_the_administration_names_the_row_that_cannot_be(client):
    gone, there = UniversityFactory(archived=True, short_name="Gone"), UniversityFactory(short_name="There")
    client.force_login(person_as("secretariat"))
    chosen = {"action": "restore_chosen", "_selected_action": [gone.pk, there.pk], "confirmed": "yes"}

    page = client.post(reverse("admin:members_university_changelist"), chosen)

    gone.refresh_from_db()
    assert gone.archived_at is None
    assert said(page) == ["There: This university is not archived.", "1 record done."]


# rows that do not fit


@pytest.mark.parametrize(("part", "field"), [("documents", "title"), ("pictures", "alt")])
def test_rows_of_files_that_do_not_fit_keep_what_was_typed(client, part, field):
    university = UniversityFactory(member=True)
    row = {"documents": UniversityDocumentFactory, "pictures": PictureFactory}[part](university=university)
    client.force_login(person_as("official", university))
    typed = {
        f"{part}-TOTAL_FORMS": 1, f"{part}-INITIAL_FORMS": 1, f"{part}-0-id": row.pk, f"{part}-0-{field}": "",
        f"{part}-0-position": -1, "seen": "as it was",
    }  # fmt: skip

    page = client.post(at(part, university), typed)

    assert (page.status_code, page.context["seen"]) == (422, "as it was")
    assert {field, "position"} <= {*page.context["formset"].forms[0].errors}


def test_more_rows_than_a_part_may_have_are_refused(client, monkeypatch):
    university = UniversityFactory()
    client.force_login(person_as("official", university))
    data = {"names-TOTAL_FORMS": 2, "names-INITIAL_FORMS": 0, "names-0-name": "One", "names-1-name": "Two", "seen": "x"}
    monkeypatch.setattr("members.forms.rows.MOST_ROWS", 1)

    page = client.post(at("rows", university, "names"), data)

    assert page.status_code == 422
    assert page.context["formset"].non_form_errors()


@pytest.mark.parametrize("part", ["nothing", "documents-of-others", "PROFILE"])
def test_a_part_that_is_none_is_not_there(client, part):
    university = UniversityFactory()
    client.force_login(person_as("official", university))

    assert client.get(at("rows", university, part)).status_code == 404


@pytest.mark.parametrize("part", ["memberships", "domains"])
def test_parts_of_the_secretariat_are_closed_to_the_official(client, part):
    university = UniversityFactory()
    client.force_login(person_as("official", university))

    assert client.get(at("rows", university, part)).status_code == 403


# files that are gone


def test_a_logo_that_is_none_another_one_or_lost_is_not_there(client):
    university = UniversityFactory()
    address = f"/universities/{university.slug}/logo/"
    none = client.get(f"{address}x.webp").status_code
    University.objects.filter(pk=university.pk).update(logo="universities/logos/lost.webp")

    assert [none, *(client.get(f"{address}{name}").status_code for name in ("lost.webp", "ost.webp", "%00"))] == [
        404
    ] * 4


def test_a_picture_whose_file_is_lost_is_not_there(client):
    picture = PictureFactory()
    default_storage.delete(picture.image.name)

    assert client.get(picture.url).status_code == 404
    assert client.get(f"{picture.url}%00").status_code == 404


@pytest.mark.parametrize("code", ["short", "x" * 17, "0123456789abcde!", "0123456789abcdef"])
def test_a_document_that_is_none_is_not_there(client, code):
    document = UniversityDocumentFactory()

    assert client.get(f"/universities/{document.university.slug}/documents/{code}/").status_code == 404


# lists that are long


def test_the_map_says_that_it_draws_the_first_of_the_list_only(client, monkeypatch):
    monkeypatch.setattr(directory, "POINTS_ON_MAP", 1)
    UniversityFactory.create_batch(2, placed=True)

    page = client.get(reverse("members:university_list"))

    assert len(page.context["map"].points) == 1
    assert page.context["map_caption"] == "The first 1 of the list are drawn. Narrow it down to see the others."


@pytest.mark.parametrize(("found", "words"), [(0, "0 places on the map"), (1, "1 place on the map")])
def test_the_map_counts_its_places(found, words):
    assert directory._caption(found) == words


def test_an_address_full_of_words_is_answered_like_any_other(client):
    """A visitor may send what fits into an address; each word was a condition for the database."""
    UniversityFactory(name="a b c d e f g h i j k l university")

    page = client.get(reverse("members:university_list"), {"q": "a b c d e f g h i j k l " + "z " * 900})

    assert page.context["total"] == 1


# the API


@pytest.mark.parametrize(("signed_in", "shown"), [(True, "office@kth.example"), (False, "")])
def test_addresses_of_contacts_are_told_to_people_alone(client, signed_in, shown):
    contact = ContactFactory(email="office@kth.example")
    if signed_in:
        client.force_login(person_as("reviewer"))

    [found] = client.get(f"/api/v1/universities/{contact.university.slug}/").json()["contacts"]

    assert found["email"] == shown


def test_units_of_an_archived_university_are_not_told(client):
    unit = UnitFactory(university__archived_at=timezone.now())

    assert client.get("/api/v1/units/").json()["count"] == 0
    assert client.get(f"/api/v1/units/{unit.reference}/").status_code == 404


def test_a_key_of_somebody_who_lost_the_mandate_reads_what_a_visitor_reads(client):
    mandate_holder = person_as("official", UniversityFactory(slug="kth"))
    ContactFactory(university=University.objects.get(slug="kth"), audience="own", name="Inner office")
    token = ApiTokenFactory(user=mandate_holder, secret="cluster_mine")
    header = {"authorization": "Bearer cluster_mine"}
    before = client.get("/api/v1/universities/kth/", headers=header).json()["contacts"]
    mandate_holder.mandates.update(ends_on="2020-12-31")

    after = client.get("/api/v1/universities/kth/", headers=header).json()["contacts"]

    assert ([each["name"] for each in before], after) == (["Inner office"], [])
    assert token.scopes == ["universities:read"]


# the administration


def test_a_kind_that_no_room_knows_any_more_is_called_by_its_key():
    page = RetentionPeriodAdmin(RetentionPeriod, None)
    known = all_kinds()[0]

    assert (page.title(RetentionPeriod(kind="gone.kind")), page.why(RetentionPeriod(kind="gone.kind"))) == (
        "gone.kind",
        "",
    )
    assert (page.title(RetentionPeriod(kind=known.key)), page.why(RetentionPeriod(kind=known.key))) == (
        known.title, known.why,
    )  # fmt: skip


@pytest.mark.parametrize(("days", "is_taken"), [(0, False), (1, True)])
def test_a_period_is_no_shorter_than_its_kind_allows(days, is_taken):
    period = RetentionPeriod(kind="members.sessions", days=days)

    if is_taken:
        assert period.clean() is None
    else:
        with pytest.raises(Exception, match="give 1 or more"):
            period.clean()
    assert str(Purge(kind="members.sessions", rows=7)) == "members.sessions: 7"


@pytest.mark.parametrize("cell", ["", None, " , ,"])
def test_a_cell_without_tags_is_no_tag_and_no_query(django_assert_num_queries, cell):
    with django_assert_num_queries(0):
        assert TagsWidget("partners").clean(cell) == []


@pytest.mark.parametrize("cell", ["robots", "Robots", "ROBOTS , robots", "robóts"])
def test_a_cell_names_each_tag_by_address_or_label_once(cell):
    tag = TagFactory(label="Robots")
    TagFactory(label="Robots", partnerships=True)

    assert TagsWidget("partners").clean(cell) == [tag]


def test_a_cell_with_an_unknown_tag_says_what_may_have_been_meant():
    TagFactory(label="Robots")

    with pytest.raises(ValueError, match="Did you mean “robots”"):
        TagsWidget("partners").clean("robotts")
    with pytest.raises(ValueError, match=r"no tag “quarks” for partners\. Known are: robots\."):
        TagsWidget("partners").clean("quarks")


# commands and jobs


def test_search_is_rebuilt_kind_by_kind_and_says_how_many_rows(capsys):
    UniversityFactory()

    call_command("rebuild_search", "university", "unit")

    assert capsys.readouterr().out.splitlines() == ["university: 1", "unit: 0"]


def test_search_is_rebuilt_without_a_word_where_none_is_wanted(capsys):
    call_command("rebuild_search", "unit", verbosity=0)

    assert capsys.readouterr().out == ""


def test_demo_sign_ins_are_said_with_their_password(capsys):
    call_command("demo_sign_ins")

    told = capsys.readouterr().out
    assert "student.kth@demo.example" in told
    assert "demo-portal" in told


@pytest.mark.parametrize("command", ["mail_catcher", "load_demo"])
def test_what_belongs_to_the_demo_refuses_elsewhere(settings, command):
    settings.DEMO = False

    with pytest.raises(CommandError, match="DEMO"):
        call_command(command)


@pytest.mark.parametrize("error", [OperationalError("away"), ConnectionRefusedError("away")])
def test_a_broker_that_is_away_is_written_down_and_no_harm(monkeypatch, caplog, error):
    def away(**options):
        raise error

    monkeypatch.setattr(tasks.deliver_due, "apply_async", away)

    with caplog.at_level(logging.WARNING):
        tasks.wake()

    assert "the outbox waits for the clock" in caplog.text


def test_saved_searches_are_found_by_name_accents_aside(client):
    mine = SavedSearchFactory(name="Bourses d'été")
    SavedSearchFactory(name="Winter", user=mine.user, query="q=winter")
    client.force_login(mine.user)

    page = client.get(reverse("notifications:search_list"), {"q": "ETE"})

    assert [row.name for row in page.context["page_obj"]] == ["Bourses d'été"]


def test_countries_and_rows_of_the_log_say_what_they_are():
    act = Act(kind="university.added", at=datetime(2027, 5, 3, 9, 30, tzinfo=UTC))

    assert (str(Country(name="Sweden")), str(act)) == ("Sweden", "university.added 2027-05-03 09:30")
