"""The secretariat keeps the vocabulary in the administration: counts, merging, retiring, spreadsheets."""

import csv

import pytest
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from pghistory.models import Events

from members.models import Act, Tag
from tests.factories.members import TagFactory, UniversityFactory, UserFactory, person_as

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

LIST = "admin:members_tag_changelist"


@pytest.fixture
def secretariat(client):
    person = person_as("secretariat")
    client.force_login(person)
    return person


def act(client, name, *tags, **data):
    chosen = {ACTION_CHECKBOX_NAME: [tag.pk for tag in tags], "action": name}
    return client.post(reverse(LIST), chosen | data, follow=True)


def said(response):
    return [str(message) for message in response.context["messages"]]


def table(*rows):
    return "\n".join(",".join(row) for row in rows).encode()


def dry_run(client, model, content):
    sheet = SimpleUploadedFile("rows.csv", content)
    return client.post(reverse(f"admin:members_{model}_import"), {"import_file": sheet, "format": "0"})


def go_on(client, model, page):
    """Press the button below the preview."""
    return client.post(reverse(f"admin:members_{model}_process_import"), page.context["confirm_form"].initial)


@pytest.mark.usefixtures("secretariat")
@pytest.mark.parametrize("tags", [1, 3])
def test_the_list_counts_uses_in_a_constant_number_of_questions(client, tags, django_assert_num_queries):
    for _n in range(tags):
        TagFactory(on=UniversityFactory.create_batch(2))
    client.get(reverse(LIST))

    with django_assert_num_queries(5):
        response = client.get(reverse(LIST))

    assert [tag.uses for tag in response.context["cl"].result_list] == [2] * tags


@pytest.mark.usefixtures("secretariat")
def test_a_tag_is_found_by_its_words(client):
    TagFactory(label="Energy", description="Whatever moves")
    TagFactory(label="Space")

    for typed, found in {"energy": ["Energy"], "moves": ["Energy"], "pace": ["Space"]}.items():
        response = client.get(reverse(LIST), {"q": typed})
        assert [tag.label for tag in response.context["cl"].result_list] == found


@pytest.mark.usefixtures("secretariat")
def test_merging_asks_which_one_stays_and_then_gives_it_every_use(client):
    university = UniversityFactory()
    tag, into = TagFactory(label="Energies", on=[university]), TagFactory(label="Energy")

    asked = act(client, "merge_chosen", tag, into)

    assert asked.templates[0].name == "admin/members/merge_tags.html"
    assert [str(label) for _value, label in asked.context["form"].fields["into"].choices] == [
        "Energies (1 use)",
        "Energy (0 uses)",
    ]
    assert Tag.objects.count() == 2

    done = act(client, "merge_chosen", tag, into, confirmed="yes", into=into.pk)

    assert said(done) == ["Energies is now Energy (1 use)."]
    assert [each.label for each in university.tags.all()] == ["Energy"]


@pytest.mark.usefixtures("secretariat")
def test_merging_without_an_answer_asks_again(client):
    tag, into = TagFactory(), TagFactory()

    asked = act(client, "merge_chosen", tag, into, confirmed="yes")

    assert "This field is required" in asked.content.decode()
    assert Tag.objects.count() == 2


@pytest.mark.usefixtures("secretariat")
def test_tags_of_two_scopes_are_not_merged(client):
    tag, into = TagFactory(label="Energy"), TagFactory(label="Solar", partnerships=True)

    done = act(client, "merge_chosen", tag, into, confirmed="yes", into=into.pk)

    assert said(done) == ["Energy: Merge two tags that are both for partners or both for partnerships."]
    assert Tag.objects.count() == 2


def test_retiring_and_bringing_back_ask_first(client, secretariat):
    tag = TagFactory()

    act(client, "retire_chosen", tag)
    assert not Tag.objects.get().is_retired
    act(client, "retire_chosen", tag, confirmed="yes")
    assert Tag.objects.get().is_retired
    again = act(client, "retire_chosen", tag, confirmed="yes")
    act(client, "bring_back_chosen", tag, confirmed="yes")

    assert said(again) == [f"{tag}: This tag is retired already."]
    assert [act.actor for act in Act.objects.about(tag)] == [secretariat] * 2
    assert not Tag.objects.get().is_retired


@pytest.mark.usefixtures("secretariat")
def test_scope_and_address_are_given_once_and_a_used_tag_is_not_deleted(client):
    used, idle = TagFactory(on=[UniversityFactory()]), TagFactory()

    new = client.get(reverse("admin:members_tag_add")).context["adminform"].form
    shown = client.get(reverse("admin:members_tag_change", args=[used.pk])).context["adminform"].form
    refused = client.post(reverse("admin:members_tag_delete", args=[used.pk]), {"post": "yes"})
    gone = client.post(reverse("admin:members_tag_delete", args=[idle.pk]), {"post": "yes"})

    assert {"scope", "slug"} <= set(new.fields)
    assert not {"scope", "slug"} & set(shown.fields)
    assert (refused.status_code, gone.status_code) == (403, 302)
    assert Tag.objects.get() == used


def test_a_label_that_is_there_already_is_refused_in_words(rf):
    TagFactory(label="Energy")
    request = rf.get("/")
    request.user = person_as("secretariat")

    form = admin.site._registry[Tag].get_form(request)({"scope": "partners", "slug": "energy-2", "label": "ENERGY"})

    assert form.errors == {
        "__all__": ["There is a tag with this label already, perhaps in capitals or with accents."],
    }


def test_nobody_else_keeps_the_vocabulary(client):
    TagFactory()
    for person in (UserFactory(is_staff=True), person_as("official")):
        client.force_login(person)

        assert client.get(reverse(LIST)).status_code in {302, 403}


@pytest.mark.usefixtures("secretariat")
def test_the_vocabulary_comes_as_a_spreadsheet_known_again_by_scope_and_address(client):
    TagFactory(slug="energy", label="Energie")
    head = ("scope", "slug", "label", "description", "is_retired")
    content = table(
        head,
        ("partners", "energy", "Energy", "What moves us", "0"),
        ("partnerships", "energy", "Energy", "", "1"),
    )

    go_on(client, "tag", dry_run(client, "tag", content))

    assert sorted(Tag.objects.values_list("scope", "slug", "label", "is_retired")) == [
        ("partners", "energy", "Energy", False),
        ("partnerships", "energy", "Energy", True),
    ]


UNIVERSITIES = ("slug", "short_name", "name", "country", "city", "time_zone", "tags")


def university_row(slug, tags):
    return (slug, slug.upper(), slug, "BE", "Leuven", "Europe/Brussels", f'"{tags}"')


@pytest.mark.usefixtures("secretariat")
def test_tags_of_universities_come_in_one_cell_by_address_or_label(client):
    university = UniversityFactory(slug="kth")
    for label in ("Energy", "Space flight", "Rail"):
        TagFactory(label=label)
    university.tags.add(Tag.objects.get(slug="rail"))
    content = table(UNIVERSITIES, university_row("kth", "energy, SPACE flight"), university_row("new", "rail"))

    go_on(client, "university", dry_run(client, "university", content))

    assert [tag.slug for tag in university.tags.all()] == ["energy", "space-flight"]
    assert [row.slug for row in Tag.objects.get(slug="rail").universities.all()] == ["new"]
    events = Events.objects.across("members.UniversityTagEvent").filter(pgh_data__university_id=university.pk)
    assert sorted(event.pgh_label for event in events) == ["delete", "insert", "insert", "insert"]


@pytest.mark.usefixtures("secretariat")
def test_a_row_with_the_same_tags_is_skipped_and_a_sheet_without_the_column_leaves_them(client):
    university = UniversityFactory(slug="kth", short_name="KTH", name="kth", time_zone="Europe/Brussels")
    TagFactory(label="Energy", on=[university])

    same = dry_run(client, "university", table(UNIVERSITIES, university_row("kth", "energy")))
    without = table(UNIVERSITIES[:-1], university_row("kth", "")[:-1])
    go_on(client, "university", dry_run(client, "university", without))

    assert same.context["result"].totals["skip"] == 1
    assert [tag.slug for tag in university.tags.all()] == ["energy"]


@pytest.mark.usefixtures("secretariat")
@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        (
            "energy, enrgy",
            "There is no tag “enrgy” for partners. Did you mean “energy”? Known are: energy, old, space.",
        ),
        ("quantum", "There is no tag “quantum” for partners. Known are: energy, old, space."),
        ("summer", "There is no tag “summer” for partners. Known are: energy, old, space."),
        ("old", "The tag “old” is retired: nothing new gets it."),
    ],
    ids=["a slip", "unknown", "of the other scope", "retired"],
)
def test_an_unknown_tag_is_told_by_row_and_column_with_what_would_be_right(client, cell, sentence):
    UniversityFactory(slug="kth")
    TagFactory(label="Energy")
    TagFactory(label="Space")
    TagFactory(label="Old", is_retired=True)
    TagFactory(label="Summer", partnerships=True)
    content = table(UNIVERSITIES, university_row("kth", "energy"), university_row("new", cell))

    page = dry_run(client, "university", content)

    [row] = page.context["result"].invalid_rows
    assert (row.number, row.field_specific_errors) == (2, {"tags": [sentence]})
    assert "confirm_form" not in page.context


@pytest.mark.usefixtures("secretariat")
def test_tags_leave_by_their_addresses(client):
    university = UniversityFactory(slug="kth")
    TagFactory(label="Space", on=[university])
    TagFactory(label="Energy", on=[university])

    exported = client.post(reverse("admin:members_university_export"), {"format": "0", "resource": ""})

    [row] = csv.DictReader(exported.content.decode("utf-8-sig").splitlines())
    assert row["tags"] == "energy, space"


@pytest.mark.usefixtures("secretariat")
def test_the_administration_offers_a_university_tags_for_partners_only(client):
    TagFactory(label="Energy")
    TagFactory(label="Summer", partnerships=True)

    offered = client.get(
        reverse("admin:autocomplete"),
        {"app_label": "members", "model_name": "universitytag", "field_name": "tag", "term": ""},
    )

    assert [row["text"] for row in offered.json()["results"]] == ["Energy"]
