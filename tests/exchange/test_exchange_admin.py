"""Exchange places in the administration."""

import pytest
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from exchange.models import Placement
from tests.factories.applications import RoundFactory
from tests.factories.exchange import PlacementFactory, PlacementImportFactory, chosen
from tests.factories.members import FieldFactory, UniversityFactory, person_as

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]  # the templates are unfold's

LIST = reverse("admin:exchange_placement_changelist")
IMPORT = reverse("admin:exchange_placement_import")


@pytest.fixture(autouse=True)
def secretary(client):
    person = person_as("secretariat", person__is_staff=True)
    client.force_login(person)
    return person


@pytest.mark.parametrize("n", [1, 3])
def test_admin_list_query_count(client, django_assert_num_queries, n) -> None:
    PlacementFactory.create_batch(n, host=UniversityFactory())

    with django_assert_num_queries(8):
        client.get(LIST)


def test_the_lists_and_the_page_of_one_place_open(client) -> None:
    placement = PlacementFactory()
    PlacementImportFactory()

    urls = [
        reverse("admin:exchange_placement_change", args=[placement.pk]),
        reverse("admin:exchange_placement_history", args=[placement.pk]),
        reverse("admin:exchange_placement_add"),
        reverse("admin:exchange_placementimport_changelist"),
    ]

    assert [client.get(url).status_code for url in urls] == [200] * 4


def act(client, name, *placements, **more):
    return client.post(LIST, {"action": name, "_selected_action": [row.pk for row in placements], **more})


def test_an_act_on_many_asks_first_and_tells_each_refusal(client) -> None:
    good, bare = PlacementFactory(title="Good"), PlacementFactory(title="Bare", bare=True)

    preview = act(client, "publish_chosen", good, bare)
    untouched = set(Placement.objects.values_list("state", flat=True))
    done = act(client, "publish_chosen", good, bare, confirmed="yes")

    assert "Good" in preview.content.decode()
    assert untouched == {"draft"}
    assert dict(Placement.objects.values_list("title", "state")) == {"Good": "published", "Bare": "draft"}
    assert done.status_code in (200, 302)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"places": 1}, "2 places are taken; offer at least those."),
        ({"term": "spring"}, "2 students have chosen it for Autumn"),
    ],
)
def test_what_students_chose_and_hold_bounds_the_administration_too(rf, secretary, changes, sentence) -> None:
    placement = PlacementFactory(published=True, places=3)
    for _two in range(2):
        chosen(placement, "accepted")
    request = rf.get("/")
    request.user = secretary
    form_class = admin.site.get_model_admin(Placement).get_form(request, placement)
    stands = {name: value for name, value in form_class(instance=placement).initial.items() if value is not None}

    refused, kept = (form_class({**stands, **typed}, instance=placement) for typed in (changes, {"places": 2}))

    assert sentence in str(refused.errors)
    assert kept.is_valid()


def test_archived_and_taken_out_again(client) -> None:
    placement = PlacementFactory(published=True)
    taken = PlacementFactory(published=True, round=RoundFactory(open=True))

    act(client, "archive_chosen", placement, taken, confirmed="yes")
    archived = dict(Placement.objects.values_list("pk", "state"))
    act(client, "restore_chosen", placement, confirmed="yes")

    assert archived == {placement.pk: "archived", taken.pk: "published"}
    assert Placement.objects.get(pk=placement.pk).state == "draft"


def sheet(*rows):
    heading = "slug,title,host,academic_year,term,level,field,places,languages"
    return SimpleUploadedFile("places.csv", "\n".join([heading, *rows]).encode(), content_type="text/csv")


def test_places_come_from_a_sheet_as_drafts(client) -> None:
    host = UniversityFactory(slug="aalto")
    FieldFactory(code="0714")
    file = sheet(",Robotics,aalto,2027,autumn,master,0714,4,en")

    dry = client.post(IMPORT, {"format": "0", "import_file": file, "resource": ""})
    form = dry.context["confirm_form"]
    client.post(reverse("admin:exchange_placement_process_import"), form.initial)

    placement = Placement.objects.get()
    assert (placement.host, placement.state, placement.slug) == (host, "draft", "aalto-robotics-2027-autumn")


@pytest.mark.usefixtures("row_by_row")
@pytest.mark.parametrize(
    ("term", "places", "sentence"),
    [
        ("autumn", 1, "2 places are taken; offer at least those."),
        ("spring", 3, "2 students have chosen it for Autumn"),
        ("autumn", 2, ""),
    ],
)
def test_what_students_chose_and_hold_bounds_a_sheet_of_the_administration_too(client, term, places, sentence) -> None:
    placement = PlacementFactory(published=True, places=3)
    for _two in range(2):
        chosen(placement, "accepted")
    row = [
        placement.slug,
        placement.title,
        placement.host.slug,
        placement.academic_year,
        term,
        "master",
        "0714",
        places,
    ]

    posted = {"format": "0", "import_file": sheet(",".join(map(str, [*row, "en"]))), "resource": ""}
    result = client.post(IMPORT, posted).context["result"]

    told = [str(row.error_dict) for row in result.invalid_rows]
    assert [sentence in words for words in told] == ([True] if sentence else [])
    assert not result.has_errors()


@pytest.mark.usefixtures("row_by_row")
def test_wrong_rows_are_named_and_nothing_is_changed(client) -> None:
    FieldFactory(code="0714")
    UniversityFactory(slug="aalto")
    file = sheet(
        ",Robotics,aalto,2027,autumn,master,0714,4,en",
        ",Robotics,atlantis,2027,autumn,master,0714,4,en",
        ",Energy,aalto,2027,summer,master,0714,0,en",
    )

    result = client.post(IMPORT, {"format": "0", "import_file": file, "resource": ""}).context["result"]

    assert [row.number for row in result.invalid_rows] == [2, 3]
    assert Placement.objects.count() == 0
