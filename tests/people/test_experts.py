"""The people directory: only what its people publish, only to whom they chose, gone at once when they take it back."""

import csv
import io
import re
from datetime import date, timedelta

import pytest
from django.core import mail
from django.db import IntegrityError
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone

from members.actions import experts
from members.acts import Refused
from members.kept import unused_profiles
from members.models import Act, Enquiry, Expert, Mandate, SearchEntry, University
from members.models.experts import tidy_keywords
from members.personal_data import all_holdings
from tests.factories.members import (
    MandateFactory,
    StudentProfileFactory,
    UnitFactory,
    UniversityFactory,
    UserFactory,
    person_as,
    student_of,
)
from tests.factories.people import ExpertFactory

pytestmark = pytest.mark.django_db
QUERIES_OF_THE_LIST = 7
LIST, EDIT, BACK = "/people/directory/", "/people/published/", "/people/published/take-back/"
NOW = timezone.now()
YESTERDAY = timezone.localdate() - timedelta(days=1)


def wanted(university, **changes):
    return {
        "university": university.pk, "unit": "", "headline": "Professor of photonics", "keywords": "Photonics, lasers",
        "text": "Light.", "audience": "public", "takes_letters": "on", "publish": "yes",
    } | changes  # fmt: skip


def for_oneself(university, **changes):
    form = wanted(university, **changes)
    del form["publish"]
    return form


def listed(client, query=""):
    return [expert.reference for expert in client.get(LIST + query).context["page_obj"]]


PEOPLE = {
    "visitor": lambda: None,
    "newcomer": UserFactory,
    "waiting student": lambda: StudentProfileFactory().user,
    "former colleague": lambda: MandateFactory(ended=True).person,
    "student": student_of,
    "reviewer": lambda: person_as("reviewer"),
    "exchange": lambda: person_as("exchange"),
    "secretariat": lambda: person_as("secretariat"),
    "administrator": lambda: UserFactory(administrator=True),
}
INSIDE = {"student", "reviewer", "exchange", "secretariat", "administrator"}


@pytest.mark.parametrize("who", PEOPLE)
def test_each_person_sees_what_is_published_for_them_and_nothing_else(client, who):
    public, members, kept = ExpertFactory(public=True), ExpertFactory(members=True), ExpertFactory()
    if person := PEOPLE[who]():
        client.force_login(person)

    found = listed(client, "?sort=newest")
    statuses = [client.get(expert.get_absolute_url()).status_code for expert in (public, members, kept)]
    exported = b"".join(client.get(f"{LIST}?export=csv")).decode()

    inside = who in INSIDE
    assert {*found} == ({public.reference, members.reference} if inside else {public.reference})
    assert statuses == [200, 200 if inside else 404, 404]
    assert [expert.user.family_name in exported for expert in (public, members, kept)] == [True, inside, False]


@pytest.mark.parametrize("who", PEOPLE)
def test_search_box_finds_no_more_than_the_directory(client, who):
    names = {"public": ExpertFactory(public=True), "members": ExpertFactory(members=True), "kept": ExpertFactory()}
    if person := PEOPLE[who]():
        client.force_login(person)

    page = client.get("/search/?q=photonics&kind=expert").content.decode()

    found = {key for key, expert in names.items() if expert.get_absolute_url() in page}
    assert found == ({"public", "members"} if who in INSIDE else {"public"})


def test_address_is_on_no_page_and_in_no_export(client):
    expert = ExpertFactory(public=True)
    client.force_login(person_as("secretariat"))

    pages = [LIST, expert.get_absolute_url(), f"{expert.get_absolute_url()}write/", "/search/?q=photonics"]
    texts = [client.get(page).content.decode() for page in pages] + [
        b"".join(client.get(f"{LIST}?export=csv")).decode()
    ]

    assert [text for text in texts if expert.user.email in text] == []


def test_address_finds_nobody(client):
    expert = ExpertFactory(public=True)

    assert listed(client, f"?q={expert.user.email}") == []


def test_publishing_and_taking_back_work_at_once(client):
    person = person_as("director")
    client.force_login(person)

    client.post(EDIT, wanted(person.own_universities()[0]))
    shown = Expert.objects.get()
    entries = SearchEntry.objects.filter(kind="expert")
    before = (shown.is_published, entries.count())
    client.post(BACK)
    shown.refresh_from_db()

    assert before == (True, 1)
    assert (shown.is_published, shown.headline, entries.count()) == (False, "Professor of photonics", 0)
    client.logout()
    assert client.get(shown.get_absolute_url()).status_code == 404
    assert [act.kind for act in Act.objects.about(shown)] == ["expert.published", "expert.unpublished"]


def test_taking_back_twice_says_so(client):
    expert = ExpertFactory(public=True)
    client.force_login(expert.user)
    client.post(BACK)

    assert "This profile is not published." in client.post(BACK, follow=True).content.decode()


def test_saving_for_oneself_publishes_nothing(client):
    person = person_as("director")
    client.force_login(person)

    page = client.post(EDIT, for_oneself(person.own_universities()[0]), follow=True)

    assert Expert.objects.get().is_published is False
    assert "Only you see it until you publish it." in page.content.decode()


def test_saving_a_published_one_keeps_it_published_and_when(client):
    expert = ExpertFactory(public=True)
    client.force_login(expert.user)

    client.post(EDIT, for_oneself(expert.university, headline="Dean"))

    stored = Expert.objects.get()
    assert (stored.headline, stored.published_at) == ("Dean", expert.published_at)


def test_a_profile_vanishes_with_the_last_mandate_there(client):
    expert = ExpertFactory(public=True)
    Mandate.objects.filter(person=expert.user).update(ends_on=YESTERDAY)

    assert listed(client) == []
    client.force_login(expert.user)
    assert "You act for" in client.get(EDIT).content.decode()


def test_a_deputy_may_publish_in_the_deputys_days_only(client):
    mandate = MandateFactory(with_deputy=True, deputy_from=date(2020, 1, 1), deputy_until=YESTERDAY)
    expert = ExpertFactory(public=True, mandate=mandate, user=mandate.deputy)
    before = listed(client)
    Mandate.objects.update(deputy_until=None)

    assert (before, listed(client)) == ([], [expert.reference])


def test_a_closed_account_is_not_shown(client):
    expert = ExpertFactory(public=True)
    expert.user.is_active = False
    expert.user.save()

    assert listed(client) == []


@pytest.mark.parametrize("person", [student_of, UserFactory], ids=["student", "newcomer"])
def test_only_staff_publish(client, person):
    client.force_login(person())

    assert client.get(EDIT).status_code == 403


def test_another_university_cannot_be_named(client):
    client.force_login(person_as("director"))

    form = client.post(EDIT, wanted(UniversityFactory())).context["form"]

    assert form.errors == {"university": ["Select a valid choice. That choice is not one of the available choices."]}


def test_action_refuses_a_university_that_one_left():
    person = MandateFactory(ended=True).person
    expert = Expert(user=person, university=UniversityFactory(), headline="x", keywords=["y"])

    with pytest.raises(Refused, match="You do not act for this university today"):
        experts.keep_profile(expert=expert, publish=True, by=person, now=NOW)


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"headline": ""}, "headline", "This field is required."),
        ({"headline": "x" * 121}, "headline", "Ensure this value has at most 120 characters (it has 121)."),
        ({"keywords": ""}, "keywords", "This field is required."),
        ({"keywords": ", ".join(f"field {n}" for n in range(13))}, "keywords",
         "These are 13. Keep the 12 that matter most."),
        ({"keywords": "a" * 61}, "keywords",
         f"“{'a' * 61}” is longer than 60 letters. Put commas between fields."),
        ({"keywords": " , ;"}, "keywords", "Name at least one field."),
        ({"audience": "world"}, "audience", "Select a valid choice. world is not one of the available choices."),
        ({"text": "x" * 1501}, "text", "Ensure this value has at most 1500 characters (it has 1501)."),
    ],
)  # fmt: skip
def test_wrong_value_is_told_at_its_field_and_nothing_typed_is_lost(client, changes, field, message):
    person = person_as("director")
    client.force_login(person)
    typed = wanted(person.own_universities()[0], **changes)

    response = client.post(EDIT, typed)

    assert (response.status_code, response.context["form"].errors) == (422, {field: [message]})
    assert (response.context["form"]["text"].value(), Expert.objects.count()) == (typed["text"], 0)


def test_unit_must_belong_to_the_university(client):
    here, there = UniversityFactory(), UniversityFactory()
    person = person_as("director", here)
    MandateFactory(person=person, university=there)
    unit = UnitFactory(university=there, name="School of light")
    client.force_login(person)

    form = client.post(EDIT, wanted(here, unit=unit.pk)).context["form"]

    assert form.errors == {"unit": [f"School of light does not belong to {here.name}."]}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Photonics, photonics ,PHOTONICS", ["Photonics"]),
        ("Génie civil; genie civil\nWater", ["Génie civil", "Water"]),
        ("  urban   water ", ["urban water"]),
        (" , ;\n", []),
    ],
)
def test_keywords_are_tidied(typed, kept):
    assert tidy_keywords(typed) == kept


def test_a_keyword_takes_the_spelling_that_others_publish(client):
    ExpertFactory(public=True, keywords=["Génie civil"])
    person = person_as("director")
    client.force_login(person)

    client.post(EDIT, wanted(person.own_universities()[0], keywords="genie CIVIL"))

    assert Expert.objects.get(user=person).keywords == ["Génie civil"]


@pytest.mark.parametrize(
    ("query", "found"),
    [("?q=muller", "named"), ("?q=genie", "skilled"), ("?expertise=Génie civil", "skilled"),
     ("?role=director", "named"), ("?q=zzz", None), ("?expertise=nothing", None), ("?role=king", None)],
)  # fmt: skip
def test_list_narrows_down(client, query, found):
    named = MandateFactory(person__family_name="Müller", role="director")
    rows = {
        "named": ExpertFactory(public=True, mandate=named),
        "skilled": ExpertFactory(public=True, keywords=["Génie civil"]),
    }

    assert listed(client, query) == ([rows[found].reference] if found else [])


def test_export_is_what_the_page_shows(client):
    expert = ExpertFactory(public=True, text="=cmd()")

    [heading, row] = csv.reader(io.StringIO(b"".join(client.get(f"{LIST}?export=csv")).decode("utf-8-sig")))

    assert heading == ["Name", "What they do", "University", "School or department", "Roles", "Expertise", "About"]
    assert row == [
        str(expert.user), "Professor of photonics", expert.university.name, "", "Exchange coordinator",
        "Photonics, Urban water", "'=cmd()",
    ]  # fmt: skip


@pytest.mark.parametrize("rows", [1, 3, 10])
def test_list_query_count(client, django_assert_num_queries, rows):
    ExpertFactory.create_batch(rows, public=True)
    client.get(LIST)

    with django_assert_num_queries(QUERIES_OF_THE_LIST):
        client.get(f"{LIST}?page=1&sort=newest")


def test_detail_query_count(client, django_assert_num_queries):
    expert = ExpertFactory(public=True)

    with django_assert_num_queries(1):
        client.get(expert.get_absolute_url())


def test_university_page_names_its_people(client):
    expert, other = ExpertFactory(public=True), ExpertFactory(members=True)

    page = client.get(expert.university.get_absolute_url()).content.decode()
    closed = client.get(other.university.get_absolute_url()).content.decode()

    assert (expert.get_absolute_url() in page, other.get_absolute_url() in closed) == (True, False)


LETTER = {"subject": "A thesis", "text": "May I?", "sender_name": "Ana", "sender_email": "ana@world.example"}


@override_settings(CELERY_TASK_ALWAYS_EAGER=True)
def test_letter_reaches_the_person_whose_address_stays_hidden(client, django_capture_on_commit_callbacks):
    expert = ExpertFactory(public=True)

    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(f"{expert.get_absolute_url()}write/", LETTER, follow=True)

    [letter] = mail.outbox
    assert (letter.to, letter.reply_to, letter.subject) == ([expert.user.email], ["ana@world.example"], "A thesis")
    assert expert.user.email not in response.content.decode()


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"subject": ""}, "subject", "This field is required."),
        ({"sender_email": "ana"}, "sender_email", "Enter a valid email address."),
        ({"text": "x" * 4001}, "text", "Ensure this value has at most 4000 characters (it has 4001)."),
    ],
)
def test_letter_with_a_wrong_value_is_not_sent(client, changes, field, message):
    expert = ExpertFactory(public=True)

    response = client.post(f"{expert.get_absolute_url()}write/", LETTER | changes)

    assert (response.status_code, response.context["form"].errors) == (422, {field: [message]})
    assert not Enquiry.objects.exists()


def test_a_machine_is_thanked_and_not_heard(client):
    expert = ExpertFactory(public=True)

    client.post(f"{expert.get_absolute_url()}write/", LETTER | {"website": "spam"})

    assert not Enquiry.objects.exists()


def test_nobody_writes_to_who_takes_no_letters(client):
    expert = ExpertFactory(public=True, takes_letters=False)

    assert client.get(f"{expert.get_absolute_url()}write/").status_code == 404
    assert "Write to" not in client.get(expert.get_absolute_url()).content.decode()


def test_secretariat_takes_down_with_a_reason_the_person_reads(client):
    expert = ExpertFactory(public=True)
    client.force_login(person_as("secretariat"))
    page = f"{expert.get_absolute_url()}take-down/"

    refused = client.post(page, {"reason": ""})
    client.post(page, {"reason": "It advertises a company."})

    expert.refresh_from_db()
    [notice] = expert.user.notices.all()
    assert refused.context["form"].errors == {"reason": ["This field is required."]}
    assert expert.is_published is False
    assert "It advertises a company." in notice.body


def test_only_the_secretariat_takes_down_others(client):
    expert = ExpertFactory(public=True)
    client.force_login(person_as("official", expert.university))

    assert client.post(f"{expert.get_absolute_url()}take-down/", {"reason": "x"}).status_code == 403


@pytest.mark.ignore_template_errors
def test_administration_shows_only_what_is_published(client):
    shown, kept = ExpertFactory(public=True), ExpertFactory()
    client.force_login(UserFactory(administrator=True))

    page = client.get(reverse("admin:members_expert_changelist")).content.decode()
    hidden = client.get(reverse("admin:members_expert_change", args=[kept.pk]))

    assert (shown.user.email in page or str(shown.user) in page, str(kept.user) in page) == (True, False)
    assert hidden.status_code == 302


@pytest.mark.ignore_template_errors
def test_administration_takes_down_after_a_preview(client):
    expert = ExpertFactory(public=True)
    client.force_login(UserFactory(administrator=True))
    post = {"action": "unpublish_chosen", "_selected_action": expert.pk}

    preview = client.post(reverse("admin:members_expert_changelist"), post)
    untouched = Expert.objects.published().count()
    client.post(reverse("admin:members_expert_changelist"), post | {"confirmed": "yes"})

    assert "Nobody else sees them from this moment" in preview.content.decode()
    assert (untouched, Expert.objects.published().count()) == (1, 0)


def holding():
    return next(each for each in all_holdings() if each.key == "expert")


def test_download_tells_what_is_held_and_not_what_others_wrote():
    expert = ExpertFactory(public=True)
    Enquiry.objects.create(expert=expert, sender_name="Ana", sender_email="a@b.example", subject="Hello", text="Words")

    [row] = holding().rows(expert.user)

    assert (row["expertise"], [letter["subject"] for letter in row["letters"]]) == (expert.keywords, ["Hello"])
    assert "Words" not in str(row)


def test_erasure_leaves_nothing():
    expert = ExpertFactory(public=True)
    Enquiry.objects.create(expert=expert, sender_name="Ana", sender_email="a@b.example", subject="Hello", text="Words")

    holding().erase(expert.user, NOW)

    assert (Expert.objects.count(), Enquiry.objects.count()) == (0, 0)


LONG_AGO = NOW - timedelta(days=800)


@pytest.mark.parametrize(
    ("fields", "ends_on", "is_over"),
    [
        ({"changed_at": LONG_AGO}, None, True),
        ({"changed_at": NOW}, None, False),
        ({"changed_at": LONG_AGO, "public": True}, None, False),
        ({"changed_at": LONG_AGO, "public": True}, LONG_AGO.date(), True),
        ({"changed_at": LONG_AGO, "public": True}, YESTERDAY, False),
    ],
    ids=["never published", "changed lately", "published", "left long ago", "left yesterday"],
)
def test_retention_forgets_profiles_that_nobody_sees(fields, ends_on, is_over):
    ExpertFactory(**fields)
    Mandate.objects.update(ends_on=ends_on)

    assert unused_profiles(NOW - timedelta(days=730)).exists() is is_over


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"keywords": []}, "a_published_profile_says_what_for"),
        ({"keywords": ["x"] * 13}, "a_published_profile_says_what_for"),
        ({"audience": "world"}, "members_expert_audience_known"),
    ],
)
def test_database_guards_what_is_published(fields, constraint):
    expert = ExpertFactory(public=True)

    with pytest.raises(IntegrityError, match=constraint):
        Expert.objects.filter(pk=expert.pk).update(**fields)


def test_database_wants_one_addressee():
    with pytest.raises(IntegrityError, match="an_enquiry_is_to_a_contact_or_an_expert"):
        Enquiry.objects.create(sender_name="Ana", sender_email="a@b.example", subject="Hello", text="Words")


def test_pages_ask_for_sign_in(client):
    assert re.match("/accounts/login/", client.get(EDIT)["Location"])


def test_a_mandate_that_was_taken_back_shows_nobody_and_gives_no_role(client):
    expert = ExpertFactory(public=True)
    first = Mandate.objects.get(person=expert.user)
    second = MandateFactory(person=expert.user, university=expert.university, role="reviewer")
    today = timezone.localdate()
    assert "reviewer" in Expert.objects.with_roles(today).get(pk=expert.pk).roles

    Mandate.objects.filter(pk=second.pk).update(taken_back_at=NOW)
    assert "reviewer" not in Expert.objects.with_roles(today).get(pk=expert.pk).roles
    assert client.get(expert.get_absolute_url()).status_code == 200

    Mandate.objects.filter(pk=first.pk).update(taken_back_at=NOW)
    assert client.get(expert.get_absolute_url()).status_code == 404
    assert expert.reference not in listed(client)


def test_nobody_is_published_for_a_university_that_was_archived(client):
    expert = ExpertFactory(public=True)
    secretary = person_as("secretariat")
    University.objects.filter(pk=expert.university_id).update(archived_at=NOW)

    for person in (None, secretary):
        if person:
            client.force_login(person)
        assert client.get(expert.get_absolute_url()).status_code == 404
        assert expert.reference not in listed(client)
        assert client.get(f"{expert.get_absolute_url()}write/").status_code == 404

    client.force_login(expert.user)
    assert client.get(EDIT).status_code == 200
