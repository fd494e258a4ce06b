"""Tags of programmes: part of the version that is curated; facet, search, files, API; merged with every use."""

import csv

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from members.actions.tags import merge
from members.acts import Conflict, Refused
from members.models import Tag
from members.searching.finding import Search
from members.searching.typed import Typed
from programmes import actions
from programmes.actions.editing import working_copy
from programmes.content import content_of, differences, fingerprint, write
from programmes.models import Programme, ProgrammeTag
from tests.factories.members import TagFactory, UniversityFactory, person_as
from tests.factories.programmes import RevisionFactory, programme_between

pytestmark = pytest.mark.django_db

URL = "/programmes/"


@pytest.fixture
def kth():
    return UniversityFactory(slug="kth", short_name="KTH")


@pytest.fixture
def programme(kth):
    return programme_between(kth, UniversityFactory(slug="kit"), title="Mechatronics", slug="mechatronics")


@pytest.fixture
def director(client, kth):
    person = person_as("director", kth)
    client.force_login(person)
    return person


def tag_named(label, **options):
    return TagFactory(label=label, partnerships=True, **options)


def slugs(programme):
    return [tag.slug for tag in Programme.objects.get(pk=programme.pk).tags.all()]


def save(programme, tags, by, **more):
    stored = working_copy(programme, by).content
    seen = fingerprint({"tags": stored["tags"]})
    return actions.save_parts(programme=programme, parts={"tags": tags}, seen=seen, by=by, **more)


def publish(programme):
    stored = Programme.objects.get(pk=programme.pk)
    seen = (stored.revisions.being_written().get().version, stored.version)
    return actions.publish(programme=stored, seen=seen, by=person_as("secretariat"), now=timezone.now())


def facet(response):
    found = next((facet for facet in response.context["facets"] if facet["name"] == "tag"), {"options": []})
    return {option["label"]: option["count"] for option in found["options"]}


# the table


def test_a_programme_takes_tags_for_partnerships_only(programme):
    with pytest.raises(IntegrityError, match="is not one for partnerships"):
        programme.tags.add(TagFactory())


def test_a_programme_carries_a_tag_once(programme):
    tag = tag_named("Summer", on=[programme])

    with pytest.raises(IntegrityError, match="a_tag_once_per_programme"):
        ProgrammeTag.objects.create(programme=programme, tag=tag)


# writing and curating


def test_a_director_proposes_tags_and_the_secretariat_publishes_them(client, programme, director):
    tag_named("Thesis in industry", slug="industry")
    tag_named("Small group", slug="small", on=[programme])
    TagFactory(label="Energy")
    address = reverse("programmes:programme_edit", args=[programme.slug, "basics"])
    page = client.get(address)

    offered = page.context["forms"]["tags"].fields["tags"]
    assert [slug for slug, _words in offered.choices] == ["small", "industry"]
    assert page.context["forms"]["tags"].initial["tags"] == ["small"]

    save(programme, ["industry"], director)

    assert slugs(programme) == ["small"]
    curated = client.get(reverse("programmes:programme_curate", args=[programme.slug]))
    [row] = curated.context["differences"]
    assert (row.label, row.before, row.after) == ("Tags", "Small group", "Thesis in industry")

    publish(programme)

    assert slugs(programme) == ["industry"]


def test_a_draft_shows_its_tags_at_once(kth, director):
    draft = programme_between(kth, UniversityFactory(), slug="draft")
    Programme.objects.filter(pk=draft.pk).update(state="draft")
    draft.refresh_from_db()
    tag_named("Small group", slug="small")

    save(draft, ["small"], director)

    assert slugs(draft) == ["small"]


def test_a_version_begun_before_there_were_tags_leaves_them(client, programme, director):
    content = {part: rows for part, rows in content_of(programme).items() if part != "tags"}
    RevisionFactory(programme=programme, content=content)
    tag_named("Small group", slug="small", on=[programme])

    assert working_copy(programme, director).content["tags"] == ["small"]
    curated = client.get(reverse("programmes:programme_curate", args=[programme.slug]))
    assert curated.context["differences"] == []
    write(programme, content)
    assert slugs(programme) == ["small"]


def test_differences_name_tags_by_their_labels(programme):
    before = content_of(programme)
    tag_named("Small group", slug="small")

    [found] = differences(before, {**before, "tags": ["small", "gone"]})

    assert (found.part, found.label, found.before, found.after) == ("tags", "Tags", "", "Small group, gone")


def test_a_tag_that_is_gone_is_refused_in_words(programme, director):
    tag_named("Small group", slug="small")
    save(programme, ["small"], director)
    Tag.objects.all().delete()

    with pytest.raises(Refused, match="There are no such tags any more: small"):
        publish(programme)
    assert slugs(programme) == []


def test_only_directors_of_a_partner_and_the_secretariat_propose(programme, director):
    tag_named("Small group", slug="small")

    with pytest.raises(Refused, match="not yours to do"):
        save(programme, ["small"], person_as("director"))
    assert save(programme, ["small"], director).content["tags"] == ["small"]


# merging


def test_merging_reaches_programmes_and_the_versions_that_are_being_written(programme, director, kth):
    tag, into = tag_named("Industry", slug="industry", on=[programme]), tag_named("Thesis in industry", slug="thesis")
    other = programme_between(kth, UniversityFactory(), slug="other")
    other.tags.add(into)
    save(other, ["industry", "thesis"], director)
    before = other.revisions.get().version

    merge(tag=tag, into=into, by=person_as("secretariat"))

    revision = other.revisions.get()
    assert (slugs(programme), slugs(other)) == (["thesis"], ["thesis"])
    assert (revision.content["tags"], revision.version) == (["thesis"], before + 1)
    publish(other)
    assert slugs(other) == ["thesis"]


def test_who_compared_before_a_merge_compares_again(programme, director):
    tag, into = tag_named("Industry", slug="industry"), tag_named("Thesis in industry", slug="thesis")
    revision = save(programme, ["industry"], director)
    secretariat = person_as("secretariat")
    merge(tag=tag, into=into, by=secretariat)

    with pytest.raises(Conflict, match="compare again"):
        actions.publish(
            programme=programme, seen=(revision.version, programme.version), by=secretariat, now=timezone.now()
        )


def test_published_versions_keep_what_they_said(programme, director):
    tag, into = tag_named("Industry", slug="industry"), tag_named("Thesis in industry", slug="thesis")
    save(programme, ["industry"], director)
    publish(programme)

    merge(tag=tag, into=into, by=person_as("secretariat"))

    assert programme.revisions.get().content["tags"] == ["industry"]
    assert slugs(programme) == ["thesis"]


def test_uses_of_both_scopes_are_counted(programme, kth):
    tag_named("Summer", on=[programme])
    TagFactory(label="Energy", on=[kth])

    assert {tag.label: tag.uses for tag in Tag.objects.with_uses()} == {"Energy": 1, "Summer": 1}


# the page, the catalogue, files, search, the API


def test_the_page_shows_tags_that_lead_to_the_others(client, programme):
    tag_named("Small group", slug="small", on=[programme], is_sample=True)

    page = client.get(programme.get_absolute_url())

    assert f'<a href="{URL}?tag=small">Small group</a>' in page.content.decode()
    assert page.context["tags"]["sample"]


def test_the_catalogue_counts_narrows_and_finds_by_tags(client, programme, kth):
    other = programme_between(kth, UniversityFactory(), title="Energy", slug="other")
    tag_named("Small group", slug="small", on=[programme, other])
    tag_named("Thesis in industry", slug="industry", on=[other])
    TagFactory(label="Universities only", on=[kth])

    assert facet(client.get(URL)) == {"Small group": 2, "Thesis in industry": 1}
    narrowed = client.get(URL, {"tag": "industry"})
    assert [row.slug for row in narrowed.context["page_obj"]] == ["other"]
    assert [chip["value"] for chip in narrowed.context["chips"]] == ["Thesis in industry"]
    assert [row.slug for row in client.get(URL, {"q": "industry thesis"}).context["page_obj"]] == ["other"]
    assert client.get(URL, {"q": "universities"}).context["total"] == 0


@pytest.mark.parametrize("rows", [1, 3])
def test_the_file_has_a_column_of_tags_and_reads_them_once(client, kth, django_assert_num_queries, rows):
    tags = [tag_named("Small group"), tag_named("Industry")]
    for n in range(rows):
        programme_between(kth, UniversityFactory(), slug=f"p{n}").tags.add(*tags)

    with django_assert_num_queries(11):  # as without them, and one for the tags
        lines = b"".join(client.get(URL, {"export": "csv", "column": "tags"}).streaming_content).decode("utf-8-sig")

    assert lines.splitlines() == ["Tags", *['"Industry, Small group"'] * rows]


def test_the_search_box_finds_a_programme_by_its_tag_in_the_same_transaction(programme):
    tag = tag_named("Photonics")

    def hits(word):
        return [entry.object_id for entry in Search(Typed.read(word), AnonymousUser(), None).rows()]

    assert hits("photonics") == []
    programme.tags.add(tag)
    assert hits("photonics") == [programme.pk]
    Tag.objects.filter(pk=tag.pk).update(label="Wind power")
    assert (hits("photonics"), hits("wind")) == ([], [programme.pk])


def test_the_api_gives_and_filters_by_tags(client, programme, kth):
    programme_between(kth, UniversityFactory(), slug="other")
    tag_named("Small group", slug="small", on=[programme])

    told = client.get("/api/v1/programmes/", {"tag": "small"}).json()

    assert [row["slug"] for row in told["results"]] == ["mechatronics"]
    assert told["results"][0]["tags"] == [{"slug": "small", "label": "Small group", "is_sample": False}]


# spreadsheets


def dry_run(client, *rows):
    sheet = SimpleUploadedFile("rows.csv", "\n".join(rows).encode())
    return client.post(reverse("admin:programmes_programme_import"), {"import_file": sheet, "format": "0"})


def go_on(client, page):
    return client.post(reverse("admin:programmes_programme_process_import"), page.context["confirm_form"].initial)


@pytest.fixture
def secretariat(client):
    person = person_as("secretariat")
    client.force_login(person)
    return person


@pytest.mark.ignore_template_errors
@pytest.mark.usefixtures("secretariat")
def test_tags_come_in_one_cell_and_leave_so(client, programme):
    tag_named("Small group", slug="small", on=[programme])
    tag_named("Industry", slug="industry")

    page = dry_run(client, "slug,title,tags", 'mechatronics,Mechatronics,"industry, Small Group"')
    go_on(client, page)
    assert slugs(programme) == ["industry", "small"]

    without = dry_run(client, "slug,title", "mechatronics,Mechatronics and more")
    go_on(client, without)
    assert slugs(programme) == ["industry", "small"]

    exported = client.post(reverse("admin:programmes_programme_export"), {"format": "0", "resource": ""})
    [row] = csv.DictReader(exported.content.decode("utf-8-sig").splitlines())
    assert (row["title"], row["tags"]) == ("Mechatronics and more", "industry, small")


@pytest.mark.ignore_template_errors
@pytest.mark.usefixtures("secretariat")
def test_an_unknown_tag_is_told_by_row_and_column_with_what_would_be_right(client, programme):
    tag_named("Industry", slug="industry")
    TagFactory(label="Energy")

    page = dry_run(client, "slug,title,tags", "mechatronics,Mechatronics,industri")

    [row] = page.context["result"].invalid_rows
    sentence = "There is no tag “industri” for partnerships. Did you mean “industry”? Known are: industry."
    assert (row.number, row.field_specific_errors) == (1, {"tags": [sentence]})
    assert slugs(programme) == []
