"""Comparison, board of gaps, letters to contacts, history, and where the data comes from."""

import contextlib
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from members import reference_data, tasks
from members.models import Enquiry, University, UniversityDocument
from members.quality import Gap, with_gaps
from members.tasks import send_enquiry, send_waiting_enquiries
from tests.factories.members import (
    ContactFactory,
    CountryFactory,
    FactFactory,
    FactsheetFactory,
    FactsheetTermFactory,
    IdentifierFactory,
    MandateFactory,
    TagFactory,
    UnitFactory,
    UniversityDocumentFactory,
    UniversityFactory,
    UserFactory,
    person_as,
)

pytestmark = pytest.mark.django_db


# Comparison


def table(response):
    return {str(row.label): [cell.text for cell in row.cells] for row in response.context["table"]}


def test_compare_shows_newest_numbers_in_the_order_of_the_address(client):
    one, two = UniversityFactory(founded=1900), UniversityFactory(founded=1900)
    FactFactory(university=one, year="2020", value=1)
    FactFactory(university=one, year="2024", value=54321)

    response = client.get("/universities/compare/", {"u": [two.slug, one.slug]})

    assert response.context["universities"] == [two, one]
    assert table(response)["Students"] == ["–", "54,321"]
    assert {str(row.label): row.differs for row in response.context["table"]}["Founded"] is False


def test_compare_takes_four_and_says_so(client):
    slugs = [university.slug for university in UniversityFactory.create_batch(5)]

    response = client.get("/universities/compare/", {"u": [*slugs, "nobody"]})

    assert len(response.context["universities"]) == 4
    assert "Only 4 universities fit" in response.content.decode()


@pytest.mark.parametrize("slugs", [[], ["nobody"], ["nobody", "nobody"]])
def test_compare_without_two_says_what_to_do(client, slugs):
    response = client.get("/universities/compare/", {"u": slugs})

    assert "Choose two universities or more" in response.content.decode()


def test_compare_shows_tags_and_which_are_invented(client):
    one, two = UniversityFactory(), UniversityFactory()
    TagFactory(label="Hydrogen", is_sample=True, on=[one])
    TagFactory(label="Robotics", on=[one])

    response = client.get("/universities/compare/", {"u": [one.slug, two.slug]})

    assert table(response)["Tags"] == ["Hydrogen (sample), Robotics", "–"]


@pytest.mark.parametrize("universities", [2, 4])
def test_compare_query_count(client, django_assert_num_queries, universities):
    found = UniversityFactory.create_batch(universities)
    for university in found:
        FactFactory(university=university)

    with django_assert_num_queries(4 if universities == 4 else 5):  # with room for more: the others to choose from
        client.get("/universities/compare/", {"u": [university.slug for university in found]})


# What is missing


def gaps_of(university):
    now = timezone.now()
    return set(with_gaps(University.objects.filter(pk=university.pk), now).get().gaps)


def test_an_empty_page_has_every_gap_and_a_full_one_none():
    empty = UniversityFactory(country=CountryFactory(code="SE", erasmus_programme_country=True))
    full = UniversityFactory(placed=True, logo="logo.webp", confirmed_at=timezone.now())
    FactsheetFactory(university=full, confirmed_at=timezone.now())
    MandateFactory(official=True, university=full)
    ContactFactory(university=full, purpose="incoming")
    IdentifierFactory(university=full, scheme="ror", value="026vcq606")

    assert gaps_of(empty) == set(Gap.values) - {Gap.FACTSHEET}
    assert gaps_of(full) == set()


def test_a_factsheet_is_stale_after_a_year_and_a_mandate_that_ended_is_no_official():
    university = UniversityFactory()
    FactsheetFactory(university=university, confirmed_at=timezone.now() - timedelta(days=400))
    MandateFactory(official=True, ended=True, university=university)

    assert {Gap.FACTSHEET, Gap.OFFICIAL} <= gaps_of(university)
    assert Gap.NO_FACTSHEET not in gaps_of(university)


def test_the_board_is_the_secretariats(client):
    UniversityFactory(member=True)
    client.force_login(person_as("official"))
    assert client.get("/universities/quality/").status_code == 403

    client.force_login(person_as("secretariat"))
    response = client.get("/universities/quality/", {"gap": "official"})

    assert response.context["total"] == 1
    assert "No official" in response.content.decode()


@pytest.mark.parametrize("universities", [1, 3])
def test_board_query_count(client, django_assert_num_queries, universities):
    UniversityFactory.create_batch(universities, member=True)
    client.force_login(person_as("secretariat"))

    with django_assert_num_queries(10):
        client.get("/universities/quality/")


# Letters to contacts


def letter(contact, **changes):
    return {
        "contact": contact.pk,
        "subject": "Housing",
        "text": "Is there any?",
        "sender_name": "Ana",
        "sender_email": "ana@home.example",
        **changes,
    }


def test_a_visitors_letter_goes_to_the_contact_who_answers_directly(client, django_capture_on_commit_callbacks):
    contact = ContactFactory(email="office@university.example")
    url = reverse("members:university_contact", args=[contact.university.slug])

    assert "office@university.example" not in client.get(url).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(url, letter(contact))

    [sent] = mail.outbox
    assert (sent.to, sent.reply_to, sent.subject) == (["office@university.example"], ["ana@home.example"], "Housing")
    assert "Is there any?" in sent.body


def test_signed_in_people_write_under_their_own_name(client):
    contact, person = ContactFactory(), UserFactory()
    client.force_login(person)
    url = reverse("members:university_contact", args=[contact.university.slug])

    client.post(url, letter(contact, sender_email="other@fake.example"))

    assert Enquiry.objects.get().sender_email == person.email


@pytest.mark.parametrize(
    "changes", [{"subject": ""}, {"text": ""}, {"sender_email": "no address"}, {"contact": "999999"}]
)
def test_an_incomplete_letter_stays_in_the_form(client, changes):
    contact = ContactFactory()
    url = reverse("members:university_contact", args=[contact.university.slug])

    response = client.post(url, letter(contact) | changes)

    assert response.status_code == 422
    assert not Enquiry.objects.exists()


def test_a_letter_to_a_contact_one_may_not_see_is_refused(client):
    contact = ContactFactory(audience="own")
    url = reverse("members:university_contact", args=[contact.university.slug])

    assert "Nobody to write to yet" in client.get(url).content.decode()
    assert client.post(url, letter(contact)).status_code == 422


def test_a_line_break_in_the_subject_adds_no_header(client):
    contact = ContactFactory()
    url = reverse("members:university_contact", args=[contact.university.slug])

    client.post(url, letter(contact, subject="Hello\r\nBcc: all@world.example"))

    assert Enquiry.objects.get().subject == "Hello Bcc: all@world.example"


def test_programs_that_fill_in_everything_write_nothing(client):
    contact = ContactFactory()
    url = reverse("members:university_contact", args=[contact.university.slug])

    assert client.post(url, letter(contact, website="https://spam.example")).status_code == 302
    assert not Enquiry.objects.exists()


def test_many_letters_in_an_hour_are_put_off(client):
    contact = ContactFactory()
    url = reverse("members:university_contact", args=[contact.university.slug])
    for _ in range(10):
        client.post(url, letter(contact))

    assert client.post(url, letter(contact)).status_code == 429


def waiting_letter(**changes):
    fields = {"sender_name": "Ana", "sender_email": "ana@home.example", "subject": "Hi", "text": "Hi"} | changes
    return Enquiry.objects.create(contact=ContactFactory(), **fields)


def test_a_letter_is_sent_once_however_often_the_job_runs():
    enquiry = waiting_letter()

    assert [send_enquiry(enquiry.pk), send_enquiry(enquiry.pk), send_waiting_enquiries()] == [True, False, 0]
    assert len(mail.outbox) == 1


def test_a_mail_server_that_refuses_leaves_the_letter_waiting(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    enquiry = waiting_letter()

    with pytest.raises(OSError, match="refused"):
        send_enquiry(enquiry.pk)

    assert list(Enquiry.objects.waiting()) == [enquiry]


def test_letters_that_are_refused_leave_their_turn_to_those_behind_them(monkeypatch):
    """By lot, so asked often enough: that the good one of two never has its turn in 40 runs happens once in 10¹²."""
    refused, good = waiting_letter(), waiting_letter()
    Enquiry.objects.filter(pk=refused.pk).update(written_at=timezone.now() - timedelta(hours=1))

    def send(pk):
        if pk == refused.pk:
            raise OSError("550 no such user")
        return send_enquiry(pk)

    monkeypatch.setattr(tasks, "AT_ONCE", 1)
    monkeypatch.setattr(tasks, "send_enquiry", send)
    for _run in range(40):
        with contextlib.suppress(OSError):
            send_waiting_enquiries()

    assert [*Enquiry.objects.waiting()] == [refused]
    assert [letter.to for letter in mail.outbox] == [[good.contact.email]]


# History


def test_history_tells_what_came_changed_and_went(client):
    university = UniversityFactory(short_name="KTH")
    contact = ContactFactory(university=university, name="Office")
    contact.name = "New office"
    contact.save()
    contact.delete()
    client.force_login(person_as("secretariat"))

    html = client.get(reverse("members:university_history", args=[university.slug])).content.decode()

    assert "<del>Office</del>" in html
    assert "<ins>New office</ins>" in html
    assert "removed" in html


def test_history_names_a_term_as_people_do_and_hides_what_only_the_portal_reads(client):
    university = UniversityFactory()
    FactsheetTermFactory(factsheet__university=university, academic_year=2027, term="autumn")
    unit = UnitFactory(university=university)
    client.force_login(person_as("secretariat"))

    html = client.get(reverse("members:university_history", args=[university.slug])).content.decode()

    assert "“Autumn 2027/28”" in html
    assert str(unit.reference) not in html


def test_history_tells_of_documents_without_what_only_the_portal_reads(client):
    document = UniversityDocumentFactory(title="Guide for guests", audience="staff")
    UniversityDocument.objects.update(audience="public", is_shown=False)
    client.force_login(person_as("official", document.university))

    page = client.get(reverse("members:university_history", args=[document.university.slug]))

    html = page.content.decode()
    whats = [entry.what for entry in page.context["entries"]]
    assert whats.count("Document “Guide for guests”") == 2
    assert "<del>Staff</del> <ins>Everyone</ins>" in html
    assert "<del>yes</del> <ins>no</ins>" in html
    assert document.sha256 not in html


def test_history_writes_languages_in_words_and_deadlines_in_the_hosts_zone(client):
    university = UniversityFactory(time_zone="Europe/Lisbon")
    University.objects.filter(pk=university.pk).update(teaching_languages=["pt", "en"])
    at = datetime(2027, 4, 15, 22, 59, tzinfo=UTC)
    FactsheetTermFactory(factsheet__university=university, nominations_close_at=at)
    client.force_login(person_as("official", university, person__time_zone="Europe/Helsinki"))

    html = client.get(reverse("members:university_history", args=[university.slug])).content.decode()

    assert "<ins>Portuguese, English</ins>" in html
    assert "<ins>15 Apr 2027, 23:59 (Lisbon)</ins>" in html


def test_history_of_another_university_is_not_mixed_in(client):
    university, other = UniversityFactory(), UniversityFactory()
    ContactFactory(university=other, name="Foreign office")
    client.force_login(person_as("secretariat"))

    html = client.get(reverse("members:university_history", args=[university.slug])).content.decode()

    assert "Foreign office" not in html


@pytest.mark.parametrize("changes", [1, 3])
def test_history_query_count(client, django_assert_num_queries, changes):
    university = UniversityFactory()
    ContactFactory.create_batch(changes, university=university, starts_on=date(2020, 1, 1))
    client.force_login(person_as("official", university))

    with django_assert_num_queries(9):
        client.get(reverse("members:university_history", args=[university.slug]))


# About the data


def test_every_source_is_credited_with_its_licence(client):
    html = client.get(reverse("about_data")).content.decode()

    credited = reference_data.read(reference_data.DATA / "credits.json")
    assert len(credited["items"]) == html.count("<h3>")
    assert "Creative Commons Attribution 4.0" in html
    assert ("as of 8 April 2026" in html, "as of November 2026" in html, "as of 2026" in html) == (True, True, False)


def test_a_letter_of_somebody_whose_names_are_longer_than_the_field_is_kept(client):
    """Two names of eighty letters each fit into an account; a letter has one line of 120 for both."""
    contact = ContactFactory()
    person = UserFactory(given_name="G" * 80, family_name="F" * 80)
    client.force_login(person)

    client.post(reverse("members:university_contact", args=[contact.university.slug]), letter(contact))

    assert Enquiry.objects.get().sender_name == f"{'G' * 80} {'F' * 39}"
