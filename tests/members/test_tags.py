"""Tags of universities: the vocabulary and its constraints, choosing, merging, facet, search, export, API, history."""

import importlib
import threading

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.urls import reverse

from members.actions import tags as actions
from members.actions import universities
from members.acts import Refused
from members.models import Act, Tag, University, UniversityTag
from members.searching.finding import Search
from members.searching.typed import Typed
from tests.factories.members import TagFactory, UniversityFactory, UserFactory, person_as, student_of

pytestmark = pytest.mark.django_db

URL = "/universities/"
migration = importlib.import_module("members.migrations.0012_typed_tags_into_the_vocabulary")


def labels(university):
    return [tag.label for tag in university.tags.all()]


def facet(response, name="tag"):
    """The values of a facet with their counts, as the page offers them."""
    found = next((facet for facet in response.context["facets"] if facet["name"] == name), {"options": []})
    return {option["label"]: option["count"] for option in found["options"]}


# the vocabulary


@pytest.mark.parametrize("label", ["Energy", "ENERGY", "Énergy"])
def test_a_label_is_there_once_per_scope_whatever_its_capitals_and_accents(label):
    TagFactory(label="Energy")

    with pytest.raises(ValidationError, match="There is a tag with this label already"):
        Tag(scope=Tag.Scope.PARTNERS, slug="another", label=label).full_clean()
    with pytest.raises(IntegrityError, match="a_tag_label_once_per_scope"), transaction.atomic():
        TagFactory(label=label, slug="another")
    assert TagFactory(label=label, slug="another", partnerships=True).pk


def test_an_address_is_there_once_per_scope():
    TagFactory(slug="energy")

    with pytest.raises(IntegrityError, match="a_tag_address_once_per_scope"), transaction.atomic():
        TagFactory(slug="energy")
    assert TagFactory(slug="energy", partnerships=True).pk


@pytest.mark.parametrize("label", ["", " ", " energy", "energy "])
def test_a_label_says_something_and_has_no_idle_blanks(label):
    with pytest.raises(IntegrityError, match="a_tag_says_something"):
        TagFactory(label=label, slug="energy")


def test_a_scope_is_one_of_two():
    with pytest.raises(IntegrityError, match="members_tag_scope_known"):
        TagFactory(scope="rooms")


def test_a_tag_keeps_its_scope():
    tag = TagFactory()

    with pytest.raises(IntegrityError, match="keeps its scope"):
        Tag.objects.filter(pk=tag.pk).update(scope=Tag.Scope.PARTNERSHIPS)


def test_a_university_takes_tags_for_partners_only_and_each_once():
    university, tag = UniversityFactory(), TagFactory()
    university.tags.add(tag)

    with pytest.raises(IntegrityError, match="is not one for partners"), transaction.atomic():
        university.tags.add(TagFactory(partnerships=True))
    with pytest.raises(IntegrityError, match="a_tag_once_per_university"), transaction.atomic():
        UniversityTag.objects.create(university=university, tag=tag)


def test_a_tag_that_is_carried_cannot_be_deleted():
    tag = TagFactory(on=[UniversityFactory()])

    with pytest.raises(ProtectedError):
        tag.delete()


def test_uses_are_counted_in_one_question(django_assert_num_queries):
    TagFactory(label="A", on=UniversityFactory.create_batch(2))
    TagFactory(label="B")

    with django_assert_num_queries(1):
        assert [(tag.label, tag.uses) for tag in Tag.objects.with_uses()] == [("A", 2), ("B", 0)]


# what was typed before


def test_typed_words_become_tags_and_words_again():
    first = UniversityFactory(tags_typed=["Energy", " host  2027 ", "C"])
    second = UniversityFactory(tags_typed=["ENERGY", "C++", "énergy", " ", "Теплотехника"])
    none = UniversityFactory()

    migration.into_the_vocabulary(apps, None)

    assert sorted(Tag.objects.values_list("scope", "slug", "label")) == [
        ("partners", "c", "C"),
        ("partners", "c-2", "C++"),
        ("partners", "energy", "Energy"),
        ("partners", "host-2027", "host 2027"),
        ("partners", "tag", "Теплотехника"),
    ]
    assert (labels(first), labels(second), labels(none)) == (
        ["C", "Energy", "host 2027"],
        ["C++", "Energy", "Теплотехника"],
        [],
    )

    second.tags.remove(Tag.objects.get(slug="tag"))
    migration.back_to_words(apps, None)

    assert [University.objects.get(pk=row.pk).tags_typed for row in (first, second, none)] == [
        ["C", "Energy", "host 2027"],
        ["C++", "Energy"],
        [],
    ]


def test_typed_words_that_the_vocabulary_has_already_are_not_made_twice():
    tag = TagFactory(label="Energy")
    university = UniversityFactory(tags_typed=["energy"])

    migration.into_the_vocabulary(apps, None)
    migration.into_the_vocabulary(apps, None)

    assert Tag.objects.get() == tag
    assert labels(university) == ["Energy"]


# choosing


@pytest.fixture
def university():
    return UniversityFactory(slug="kth", short_name="KTH")


@pytest.fixture
def keeper(client, university):
    person = person_as("exchange", university)
    client.force_login(person)
    return person


def profile_of(university, **changes):
    """What the browser sends of the profile form."""
    same = ("version", "name", "short_name", "city", "time_zone")
    return {name: getattr(university, name) for name in same} | {"country": university.country_id} | changes


def edit(university):
    return reverse("members:university_edit", args=[university.slug])


def test_an_office_ticks_tags_of_its_own_university(client, university, keeper):
    kept, gone, new = TagFactory(label="A"), TagFactory(label="B"), TagFactory(label="C")
    university.tags.add(kept, gone)

    response = client.post(edit(university), profile_of(university, tags=[kept.slug, new.slug]))

    assert response.status_code == 302
    assert labels(university) == ["A", "C"]
    act = Act.objects.about(university).get()
    assert (act.kind, act.actor, act.details["fields"]) == ("university.edited", keeper, ["tags"])
    history = client.get(reverse("members:university_history", args=[university.slug])).content.decode()
    assert "<del>B</del>" in history
    assert "<ins>C</ins>" in history


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("official", 302),
        ("exchange", 302),
        ("secretariat", 302),
        ("director", 403),
        ("elsewhere", 403),
        ("student", 403),
    ],
)  # fmt: skip
def test_who_ticks_tags(client, university, who, status):
    tag = TagFactory()
    person = {
        "secretariat": lambda: person_as("secretariat"),
        "elsewhere": lambda: person_as("official", UniversityFactory()),
        "student": lambda: student_of(university),
    }.get(who, lambda: person_as(who, university))()
    client.force_login(person)

    response = client.post(edit(university), profile_of(university, tags=[tag.slug]))

    assert response.status_code == status
    assert labels(university) == ([tag.label] if status == 302 else [])


@pytest.mark.usefixtures("keeper")
def test_what_is_offered_are_tags_in_use_for_partners_and_the_retired_ones_that_are_held(client, university):
    TagFactory(label="Energy", description="Research about energy & power.")
    TagFactory(label="Retired", is_retired=True)
    TagFactory(label="Held", is_retired=True, on=[university])
    TagFactory(label="Taught in summer", partnerships=True)

    form = client.get(edit(university)).context["form"]

    assert form.fields["tags"].choices == [
        ("energy", '<span>Energy<span class="sub">Research about energy &amp; power.</span></span>'),
        ("held", '<span>Held<span class="sub">Retired: once taken away it cannot be chosen again.</span></span>'),
    ]
    assert form.initial["tags"] == ["held"]


@pytest.mark.usefixtures("keeper")
@pytest.mark.parametrize("wrong", ["free-words", "retired", "for-programmes"])
def test_nothing_is_typed_freely(client, university, wrong):
    TagFactory(slug="retired", is_retired=True)
    TagFactory(slug="for-programmes", partnerships=True)

    response = client.post(edit(university), profile_of(university, tags=[wrong]))

    assert response.status_code == 422
    assert f"{wrong} is not one of the available choices" in response.content.decode()
    assert labels(university) == []


@pytest.mark.usefixtures("keeper")
def test_without_any_tag_the_page_says_who_keeps_them(client, university):
    html = client.get(edit(university)).content.decode()

    assert "There are no tags yet. The secretariat keeps the list" in html


@pytest.mark.usefixtures("keeper")
def test_who_saves_over_somebody_else_sees_both_versions_of_the_tags(client, university):
    mine, theirs = TagFactory(label="Mine"), TagFactory(label="Theirs")
    data = profile_of(university, tags=[mine.slug])
    University.objects.filter(pk=university.pk).update(version=university.version + 1)
    university.tags.add(theirs)

    response = client.post(edit(university), data)

    assert response.status_code == 409
    [row] = response.context["versions"]
    assert (row.label, row.theirs, row.mine) == ("Tags", "Theirs", "Mine")
    assert labels(university) == ["Theirs"]


def test_a_tag_that_went_meanwhile_is_refused_by_its_label(university):
    tag = TagFactory(label="Energy")
    Tag.objects.all().delete()

    with pytest.raises(Refused, match="took these tags away meanwhile: Energy"):
        universities.save_profile(
            university=university, version=university.version, fields=["name"], tags=[tag], changed=["tags"],
            by=person_as("official", university),
        )  # fmt: skip


@pytest.mark.parametrize("tags", [1, 3])
@pytest.mark.usefixtures("keeper")
def test_edit_page_query_count(client, university, django_assert_num_queries, tags):
    for _n in range(tags):
        TagFactory(on=[university])

    # session, user, mandates, university; its tags, those on offer, countries, grade scales; box, jobs of the frame
    with django_assert_num_queries(10):
        client.get(edit(university))


# merging


def test_merging_gives_every_use_to_the_tag_that_stays():
    one, both, other, none = UniversityFactory.create_batch(4)
    tag, into = TagFactory(label="Energies", on=[one, both]), TagFactory(label="Energy", on=[both, other])
    secretariat = person_as("secretariat")

    actions.merge(tag=tag, into=into, by=secretariat)

    assert [labels(row) for row in (one, both, other, none)] == [["Energy"], ["Energy"], ["Energy"], []]
    assert not Tag.objects.filter(pk=tag.pk).exists()
    act = Act.objects.about(into).get()
    assert (act.kind, act.actor, act.before, act.after, act.details) == (
        "tag.merged", secretariat, "Energies", "Energy", {"uses": 2},
    )  # fmt: skip


@pytest.mark.usefixtures("keeper")
def test_the_history_names_a_tag_that_was_merged_away(client, university):
    tag, into = TagFactory(label="Energies", on=[university]), TagFactory(label="Energy")

    actions.merge(tag=tag, into=into, by=person_as("secretariat"))

    history = client.get(reverse("members:university_history", args=[university.slug])).content.decode()
    assert "<ins>Energies</ins>" in history
    assert "<del>Energies</del>" in history
    assert "<ins>Energy</ins>" in history


def test_only_two_tags_of_one_scope_are_merged():
    tag, for_programmes = TagFactory(), TagFactory(partnerships=True)
    by = person_as("secretariat")

    for into in (tag, for_programmes):
        with pytest.raises(Refused, match="both for partners or both for partnerships"):
            actions.merge(tag=tag, into=into, by=by)


def test_a_tag_that_was_merged_already_is_told():
    tag, into, third = TagFactory(), TagFactory(), TagFactory()
    by = person_as("secretariat")
    actions.merge(tag=tag, into=into, by=by)

    with pytest.raises(Refused, match="meanwhile"):
        actions.merge(tag=tag, into=third, by=by)


@pytest.mark.parametrize("act", ["merge", "retire", "bring_back"])
def test_only_the_secretariat_keeps_the_vocabulary(act):
    tag, into = TagFactory(), TagFactory()
    by = person_as("official")

    with pytest.raises(Refused, match="The secretariat keeps the tags"):
        getattr(actions, act)(tag=tag, by=by, **({"into": into} if act == "merge" else {}))


def test_retiring_and_bringing_back_each_happen_once():
    tag, by = TagFactory(), person_as("secretariat")

    actions.retire(tag=tag, by=by)
    with pytest.raises(Refused, match="retired already"):
        actions.retire(tag=tag, by=by)
    actions.bring_back(tag=tag, by=by)
    with pytest.raises(Refused, match="in use"):
        actions.bring_back(tag=tag, by=by)

    assert [act.kind for act in Act.objects.about(tag).order_by("pk")] == ["tag.retired", "tag.brought_back"]
    assert not Tag.objects.get().is_retired


@pytest.mark.django_db(transaction=True)
def test_who_ticks_a_tag_while_it_is_merged_is_told():
    """The office that saves waits for the merge and is then told; no use of the tag that went is left."""
    university, tag, into = UniversityFactory(), TagFactory(label="Energies"), TagFactory(label="Energy")
    keeper, told, begun = person_as("official", university), [], threading.Event()

    def save():
        begun.set()
        try:
            universities.save_profile(
                university=university, version=university.version, fields=["name"], tags=[tag], changed=["tags"],
                by=keeper,
            )  # fmt: skip
        except Refused as refused:
            told.append(str(refused))
        finally:
            connection.close()

    with transaction.atomic():
        actions.merge(tag=tag, into=into, by=person_as("secretariat"))
        saving = threading.Thread(target=save)
        saving.start()
        begun.wait(5)
        saving.join(0.5)
        assert saving.is_alive()
    saving.join(10)

    assert told == ["The secretariat took these tags away meanwhile: Energies. Choose again."]
    assert labels(university) == []


# the page, the directory, files, search, the API


def test_the_page_shows_tags_that_lead_to_the_others(client, university):
    TagFactory(label="Energy & climate", slug="energy", on=[university])

    html = client.get(university.get_absolute_url()).content.decode()

    assert '<a href="/universities/?tag=energy">Energy &amp; climate</a>' in html
    assert 'class="sample"' not in html


def test_tags_of_the_demonstration_are_marked(client, university):
    TagFactory(on=[university], is_sample=True)

    assert client.get(university.get_absolute_url()).content.decode().count('class="sample"') == 1


def test_the_directory_counts_and_narrows_by_tags(client):
    one, two, three = (UniversityFactory(short_name=name) for name in ("One", "Two", "Three"))
    TagFactory(label="Energy", on=[one, two])
    TagFactory(label="Space", on=[two, three])
    TagFactory(label="Programmes only", partnerships=True)

    everything = client.get(URL)
    narrowed = client.get(URL, {"tag": ["energy"]})
    either = client.get(URL, {"tag": ["energy", "space"]})

    assert facet(everything) == {"Energy": 2, "Space": 2}
    assert [row.short_name for row in narrowed.context["page_obj"]] == ["One", "Two"]
    assert [chip["value"] for chip in narrowed.context["chips"]] == ["Energy"]
    assert narrowed.context["total"] == 2
    assert either.context["total"] == 3


@pytest.mark.parametrize("universities", [1, 3])
def test_directory_query_count_with_tags(client, django_assert_num_queries, universities):
    rows = UniversityFactory.create_batch(universities, member=True, placed=True)
    TagFactory(on=rows)
    TagFactory(on=rows)

    with django_assert_num_queries(13):  # one more than without: the labels of the tags
        client.get(URL)


@pytest.mark.parametrize("typed", ["energy", "ENÉRGY", "leuven energy"])
def test_the_directory_finds_by_a_tags_word(client, typed):
    TagFactory(label="Energy systems", on=[UniversityFactory(short_name="One", city="Leuven")])
    UniversityFactory(short_name="Two", city="Leuven")

    assert [row.short_name for row in client.get(URL, {"q": typed}).context["page_obj"]] == ["One"]


def test_units_are_not_found_by_the_tags_of_their_university():
    university = UniversityFactory(city="Leuven")
    TagFactory(label="Energy", on=[university])

    assert list(University.objects.matching("leuven")) == [university]
    assert list(University.objects.matching("energy")) == []


def test_the_export_has_a_column_of_tags(client):
    university = UniversityFactory()
    TagFactory(label="Space", on=[university])
    TagFactory(label="Energy", on=[university])

    response = client.get(URL, {"export": "csv", "column": "tags"})

    assert b"".join(response.streaming_content).decode("utf-8-sig").splitlines() == ["Tags", '"Energy, Space"']


def test_the_search_box_finds_a_university_by_its_tag_in_the_same_transaction():
    university = UniversityFactory(name="University of somewhere")
    tag = TagFactory(label="Photonics")

    def hits(word):
        return [entry.object_id for entry in Search(Typed.read(word), AnonymousUser(), None).rows()]

    assert hits("photonics") == []
    university.tags.add(tag)
    assert hits("photonics") == [university.pk]
    Tag.objects.filter(pk=tag.pk).update(label="Wind power")
    assert (hits("photonics"), hits("wind")) == ([], [university.pk])
    university.tags.clear()
    assert hits("wind") == []


def test_the_api_gives_and_filters_by_tags(client):
    university = UniversityFactory(slug="kth")
    UniversityFactory()
    TagFactory(label="Energy", slug="energy", on=[university], is_sample=True)

    told = client.get("/api/v1/universities/", {"tag": "energy"}).json()

    assert [row["slug"] for row in told["results"]] == ["kth"]
    assert told["results"][0]["tags"] == [{"slug": "energy", "label": "Energy", "is_sample": True}]
    assert client.get("/api/v1/universities/", {"tag": "nothing"}).json()["count"] == 0


def test_an_account_alone_ticks_nothing(client, university):
    client.force_login(UserFactory())

    assert client.post(edit(university), {"tags": [TagFactory().slug]}).status_code == 403
