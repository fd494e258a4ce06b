"""The pages that everybody reads: catalogue, one practice, its versions, topics. Who sees what, what it costs."""

import csv
import io
import json
import re

import pytest
from django.utils import timezone

from tests.factories.members import CountryFactory, UniversityFactory, UserFactory, person_as, student_of
from tests.factories.practices import (
    AdoptionFactory,
    EvidenceFileFactory,
    PracticeFollowFactory,
    TopicFactory,
    TopicFollowFactory,
    add_version,
    practice_of,
)

pytestmark = pytest.mark.django_db

LIST = "/practices/"
LIST_QUERIES = 15  # rows, two counts, topics of the rows, seven facets and boxes, the words of four


def titles(response):
    return [practice.live.title for practice in response.context["page_obj"]]


def facet(response, name):
    found = next(facet for facet in response.context["facets"] if facet["name"] == name)
    return {option["value"]: option["count"] for option in [*found["options"], *found["more"]]}


# the catalogue


def test_everybody_finds_published_practices_only(client) -> None:
    practice_of(title="Published")
    for state in ("draft", "submitted", "changes_asked", "refused", "archived"):
        practice_of(state=state, title=state)

    assert titles(client.get(LIST)) == ["Published"]


@pytest.mark.parametrize("practices", [1, 3])
def test_practice_list_query_count(client, django_assert_num_queries, practices) -> None:
    for _number in range(practices):
        AdoptionFactory()

    with django_assert_num_queries(LIST_QUERIES):
        client.get(LIST)


def test_facets_count_and_narrow(client) -> None:
    sweden = UniversityFactory(country=CountryFactory(code="SE"), short_name="KTH", slug="kth")
    energy = practice_of(sweden, title="Heat from the lake", topics=("campus.01",), cost_eur=250_000)
    practice_of(title="Labs at a distance", topics=("teaching.06",), maturity="idea", cost_eur=0)
    AdoptionFactory(practice=energy)

    everything = client.get(LIST)

    assert facet(everything, "pillar") == {"campus": 1, "teaching": 1}
    assert facet(everything, "topic") == {"campus.01": 1, "teaching.06": 1}
    assert facet(everything, "maturity") == {"pilot": 1, "idea": 1}
    assert facet(everything, "country") == {"SE": 1, "BE": 1}
    assert facet(everything, "cost") == {"large": 1, "none": 1}
    assert facet(everything, "adopted") == {"yes": 1}
    for query in (
        {"pillar": "campus"},
        {"country": "SE"},
        {"cost": "large"},
        {"adopted": "yes"},
        {"university": "kth"},
    ):
        assert titles(client.get(LIST, query)) == ["Heat from the lake"]
    assert [chip["value"] for chip in client.get(LIST, {"cost": "large"}).context["chips"]] == ["More than 100,000 €"]


@pytest.mark.parametrize("typed", ["warmeruckgewinnung", "WÄRMERÜCKGEWINNUNG", "hogskolan", "labs"])
def test_search_finds_text_university_topic_without_accents(client, typed) -> None:
    TopicFactory(code="campus.03", name="Living labs")
    practice_of(UniversityFactory(name="Kungliga Tekniska högskolan"), title="Wärmerückgewinnung im Rechenzentrum")
    practice_of(title="Something else", topics=("campus.04",))

    assert titles(client.get(LIST, {"q": typed})) == ["Wärmerückgewinnung im Rechenzentrum"]


def test_search_finds_the_reference(client) -> None:
    wanted = practice_of(title="Wanted")
    practice_of()

    assert titles(client.get(LIST, {"q": wanted.reference.lower()})) == ["Wanted"]


def test_sort_by_adoptions(client) -> None:
    practice_of(title="Nobody's")
    AdoptionFactory(practice=practice_of(title="Adopted"))
    taken_back = AdoptionFactory(practice=practice_of(title="Taken back"))
    taken_back.withdrawn_at, taken_back.withdrawn_by = timezone.now(), taken_back.told_by
    taken_back.save()

    found = client.get(LIST, {"sort": "adopted"}).context["page_obj"]

    assert [(row.title, row.adopters) for row in found] == [("Adopted", 1), ("Taken back", 0), ("Nobody's", 0)]


def test_boxes_of_ones_own(client) -> None:
    office = person_as("exchange")
    ours = AdoptionFactory(university=office.mandates.get().university).practice
    AdoptionFactory()
    followed = PracticeFollowFactory(user=office).practice
    client.force_login(office)

    assert titles(client.get(LIST, {"ours": "yes"})) == [ours.title]
    assert titles(client.get(LIST, {"followed": "yes"})) == [followed.title]


@pytest.mark.parametrize("query", ["?topic=%00", "?sort=nothing", "?page=x", "?q=%00", "?ours=yes", "?followed=yes"])
def test_a_strange_address_is_answered(client, query) -> None:
    practice_of()

    assert client.get(LIST + query).status_code == 200


def test_empty_list_says_what_to_do(client) -> None:
    assert "No practice fits all of this" in client.get(LIST).content.decode()


def test_export_honours_the_filters_and_holds_no_address(client) -> None:
    practice = practice_of(title="Exported", maturity="idea")
    practice_of(title="Left out")

    exported = b"".join(client.get(LIST, {"maturity": "idea", "export": "csv"})).decode("utf-8-sig")

    [row] = csv.DictReader(io.StringIO(exported))
    assert (row["Title"], row["Reference"], row["Cost in euros"]) == ("Exported", practice.reference, "4000")
    assert practice.owner.email not in exported


def test_htmx_gets_the_results_alone(client) -> None:
    practice_of(title="Exported")

    content = client.get(LIST, headers={"HX-Request": "true"}).content.decode()

    assert "<html" not in content
    assert "Exported" in content


# one practice


@pytest.mark.parametrize("rows", [1, 3])
def test_practice_detail_query_count(client, django_assert_num_queries, rows) -> None:
    practice = practice_of()
    for _number in range(rows):
        AdoptionFactory(practice=practice)
        EvidenceFileFactory(version=practice.live)

    with django_assert_num_queries(7):  # practice, topics, links, files, notes, adoptions, versions
        client.get(practice.get_absolute_url())


def test_detail_reads_as_one_page_and_hides_the_address(client) -> None:
    practice = practice_of(problem="Nobody knew what the lake could do.", person_months="7.5")

    content = client.get(practice.get_absolute_url()).content.decode()

    assert "Nobody knew what the lake could do." in content
    assert "7.5 person-months" in content
    assert practice.reference in content
    assert practice.owner.email not in content


def test_detail_tells_machines_what_it_is(client) -> None:
    practice = practice_of(title="Heat </script> from the lake")

    content = client.get(practice.get_absolute_url()).content.decode()

    told = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', content).group(1))
    assert (told["headline"], told["identifier"]) == ("Heat </script> from the lake", practice.reference)
    assert told["license"] == "https://creativecommons.org/licenses/by/4.0/"


def test_detail_cites_the_version_that_is_read(client) -> None:
    practice = practice_of(title="Heat")
    add_version(practice, title="Heat from the lake")

    content = client.get(practice.get_absolute_url()).content.decode()

    year = timezone.now().year
    assert f"({year}): Heat. CLUSTER practice {practice.reference}, version 1. CC BY 4.0." in content
    assert "Heat from the lake" not in content


@pytest.mark.parametrize("state", ["draft", "submitted", "changes_asked", "refused"])
def test_what_is_not_published_does_not_exist_for_others(client, state) -> None:
    practice = practice_of(state=state)

    for person in (None, UserFactory(), student_of(practice.university), person_as("exchange", practice.university)):
        if person:
            client.force_login(person)
        assert client.get(practice.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("state", ["draft", "submitted", "changes_asked", "refused"])
def test_its_keepers_and_the_secretariat_see_it(client, state) -> None:
    practice = practice_of(state=state, title="Ours")

    for person in (practice.owner, person_as("official", practice.university), person_as("secretariat")):
        client.force_login(person)
        assert "Ours" in client.get(practice.get_absolute_url()).content.decode()


def test_reviewers_elsewhere_see_what_is_submitted_and_nothing_earlier(client) -> None:
    reviewer = person_as("reviewer")
    own = practice_of(reviewer.mandates.get().university, "submitted")
    submitted, draft = practice_of(state="submitted"), practice_of(state="draft")
    client.force_login(reviewer)

    answers = [client.get(practice.get_absolute_url()).status_code for practice in (submitted, draft, own)]

    assert answers == [200, 404, 404]


def test_an_archived_practice_stays_readable_and_says_so(client) -> None:
    practice = practice_of(state="archived")

    assert "is archived" in client.get(practice.get_absolute_url()).content.decode()


def test_an_unknown_reference_is_not_found(client) -> None:
    assert client.get("/practices/BP-NONE-00/").status_code == 404


# versions


def test_earlier_versions_stay_readable_and_show_what_changed(client) -> None:
    practice = practice_of(title="Heat", result="The bill fell by ten percent in a year.")
    add_version(practice, "published", title="Heat", result="The bill fell by thirty percent in a year.")

    first = client.get(f"{practice.get_absolute_url()}versions/1/")
    changes = client.get(f"{practice.get_absolute_url()}versions/2/changes/").content.decode()

    assert "by ten percent" in first.content.decode()
    assert first.context["is_as_pinned"]
    assert "This is an earlier version" in first.content.decode()
    assert "ten" in changes
    assert "thirty" in changes


@pytest.mark.parametrize("state", ["draft", "submitted", "changes_asked", "refused"])
def test_versions_not_published_have_no_page_for_anybody(client, state) -> None:
    practice = practice_of()
    version = add_version(practice, state)

    for person in (None, practice.owner, person_as("secretariat")):
        if person:
            client.force_login(person)
        assert client.get(f"{practice.get_absolute_url()}versions/{version.number}/").status_code == 404


@pytest.mark.parametrize("number", [0, 2, 99999, 99999999999999])
def test_a_version_that_is_not_there_is_not_found(client, number) -> None:
    practice = practice_of()

    assert client.get(f"{practice.get_absolute_url()}versions/{number}/").status_code == 404
    assert client.get(f"{practice.get_absolute_url()}versions/1/changes/").status_code == 404


# topics


@pytest.mark.parametrize("topics", [1, 3])
def test_topic_list_query_count(client, django_assert_num_queries, topics) -> None:
    for number in range(topics):
        practice_of(topics=(f"campus.0{number}",))

    with django_assert_num_queries(2):  # pillars, topics with their counts
        client.get("/practices/topics/")


@pytest.mark.parametrize("practices", [1, 3])
def test_topic_detail_query_count(client, django_assert_num_queries, practices) -> None:
    for _number in range(practices):
        practice_of()

    with django_assert_num_queries(3):  # topic, practices, their topics
        client.get("/practices/topics/campus-03/")


def test_a_pillar_holds_what_its_topics_hold_once(client) -> None:
    practice_of(title="Both", topics=("campus.01", "campus.02"))
    practice_of(title="Elsewhere", topics=("teaching.01",))

    pillar = client.get("/practices/topics/campus/")

    assert [practice.title for practice in pillar.context["practices"]] == ["Both"]
    assert {topic.pk: topic.practices for topic in pillar.context["inner"]} == {"campus.01": 1, "campus.02": 1}


def test_following_a_topic_and_leaving_it_again(client) -> None:
    topic, person = TopicFactory(), UserFactory()
    client.force_login(person)

    client.post(f"{topic.get_absolute_url()}follow/", {"follow": "add"})
    client.post(f"{topic.get_absolute_url()}follow/", {"follow": "add"})
    assert person.followed_topics.count() == 1
    assert client.get(topic.get_absolute_url()).context["follows"]

    client.post(f"{topic.get_absolute_url()}follow/", {"follow": "remove"})
    assert person.followed_topics.count() == 0


def test_who_follows_the_pillar_is_told_that_the_topic_comes_with_it(client) -> None:
    topic = TopicFactory()
    client.force_login(TopicFollowFactory(topic=topic.pillar).user)

    assert client.get(topic.get_absolute_url()).context["through_pillar"]
