"""What is held of people around cotutelles: downloaded, erased, thrown away in time, closed to support."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone

from members.actions import privacy
from members.models import Act
from members.personal_data import hindrances
from members.retention import purge_due
from notifications.models import Notice
from programmes.models import Cotutelle, CotutelleFile, CotutelleSupervisor
from tests.factories.members import MandateFactory, UniversityFactory, UserFactory, person_as, student_of
from tests.factories.people import ErasureFactory
from tests.factories.programmes import CotutelleSupervisorFactory, cotutelle_in
from tests.people.test_my_data import traces_of

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def kth():
    return UniversityFactory(slug="kth", short_name="KTH", member=True)


def waiting(cotutelle, days):
    Cotutelle.objects.filter(pk=cotutelle.pk).update(state_since=NOW - timedelta(days=days))
    return cotutelle


def parcel(response):
    return zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))


def test_the_download_has_the_file_and_its_papers(sign_in, kth):
    student = student_of(kth)
    cotutelle = cotutelle_in("requested", candidate=student, home=kth, motivation="Their wind tunnel.")
    cotutelle_in("requested", home=kth, motivation="Somebody else's words")

    found = parcel(sign_in(student).post(reverse("people:my_data_download")))

    [row] = json.loads(found.read("cotutelles.json"))
    assert (row["reference"], row["motivation"], len(row["supervisors"])) == (
        cotutelle.reference, "Their wind tunnel.", 2,
    )  # fmt: skip
    assert len([name for name in found.namelist() if f"{cotutelle.reference}/" in name]) == 2
    assert "Somebody else's words" not in found.read("cotutelles.json").decode()


@pytest.mark.parametrize(("state", "is_in_the_way"), [("draft", False), ("requested", True), ("defended", False)])
def test_an_open_file_stands_in_the_way_of_an_erasure(state, is_in_the_way):
    cotutelle = cotutelle_in(state)

    assert bool(hindrances(cotutelle.candidate, NOW)) == is_in_the_way


@pytest.mark.parametrize("state", ["draft", "refused", "defended"])
def test_erased_no_table_knows_what_the_candidate_wrote(state, django_capture_on_commit_callbacks):
    cotutelle = cotutelle_in(
        state, title="Turbulence of bees", motivation="Their beehive is unique.",
        **({"reason": "Bees are no field."} if state == "refused" else {}),
    )  # fmt: skip
    CotutelleSupervisorFactory(cotutelle=cotutelle, name="Professor Honeycomb", email="honey@comb.example")
    stored = [file.file.name for file in cotutelle.files.all()]
    secretary = MandateFactory(secretariat=True, role="secretariat").person

    with django_capture_on_commit_callbacks(execute=True):
        privacy.carry_out(erasure=ErasureFactory(user=cotutelle.candidate), by=secretary, now=NOW)

    cotutelle.refresh_from_db()
    words = ("bees", "beehive", "Honeycomb", "honey@comb")
    assert {word: traces_of(word) for word in words} == {word: [] for word in words}
    assert [default_storage.exists(name) for name in stored] == [False, False]
    assert cotutelle.state == ("withdrawn" if state == "draft" else state)


def test_a_file_that_came_back_is_withdrawn_with_the_candidate_and_whoever_read_it_is_told_without_a_name(kth):
    supervisor, desk = UserFactory(), person_as("coordinator", kth)
    cotutelle = cotutelle_in("sent_back", home=kth, candidate__family_name="Honeycomb")
    CotutelleSupervisorFactory(cotutelle=cotutelle, user=supervisor)
    secretary = MandateFactory(secretariat=True, role="secretariat").person

    privacy.carry_out(erasure=ErasureFactory(user=cotutelle.candidate), by=secretary, now=NOW)

    [act] = Act.objects.about(cotutelle)
    told = Notice.objects.filter(key=f"cotutelle.erased:{act.pk}")
    assert (act.kind, act.before, act.after, act.actor) == (
        "cotutelle.erased", "sent_back", "withdrawn", cotutelle.candidate,
    )  # fmt: skip
    assert {notice.recipient for notice in told} == {supervisor, desk}
    assert traces_of("Honeycomb") == []


def test_a_draft_nobody_had_read_is_withdrawn_without_telling_anybody():
    cotutelle = cotutelle_in("draft")
    person_as("coordinator", cotutelle.home)
    secretary = MandateFactory(secretariat=True, role="secretariat").person

    privacy.carry_out(erasure=ErasureFactory(user=cotutelle.candidate), by=secretary, now=NOW)

    assert [act.kind for act in Act.objects.about(cotutelle)] == ["cotutelle.erased"]
    assert not Notice.objects.filter(key__startswith="cotutelle.").exists()


def test_an_erased_supervisor_leaves_the_file_without_a_name():
    supervisor = UserFactory(given_name="Ida", family_name="Honeycomb")
    cotutelle = cotutelle_in("running")
    named = CotutelleSupervisorFactory(cotutelle=cotutelle, user=supervisor, name="Ida Honeycomb")
    secretary = MandateFactory(secretariat=True, role="secretariat").person

    privacy.carry_out(erasure=ErasureFactory(user=supervisor), by=secretary, now=NOW)

    named.refresh_from_db()
    assert (named.name, named.email, named.user) == ("Erased person", "", None)
    assert traces_of("Honeycomb") == []


def test_supervisors_who_were_taken_out_before_go_from_the_history_with_the_candidate():
    cotutelle = cotutelle_in("draft")
    CotutelleSupervisorFactory(cotutelle=cotutelle, name="Professor Honeycomb", email="honey@comb.example").delete()
    secretary = MandateFactory(secretariat=True, role="secretariat").person

    privacy.carry_out(erasure=ErasureFactory(user=cotutelle.candidate), by=secretary, now=NOW)

    assert traces_of("Honeycomb") == []


def test_an_erased_supervisor_goes_from_the_history_of_files_that_name_others_now():
    supervisor = UserFactory(given_name="Ida", family_name="Honeycomb")
    CotutelleSupervisorFactory(cotutelle=cotutelle_in("draft"), user=supervisor, name="Ida Honeycomb").delete()
    secretary = MandateFactory(secretariat=True, role="secretariat").person

    privacy.carry_out(erasure=ErasureFactory(user=supervisor), by=secretary, now=NOW)

    assert traces_of("Honeycomb") == []


# What has an end


def test_papers_go_after_a_year_and_words_after_three(django_capture_on_commit_callbacks):
    year, years, running = cotutelle_in("refused"), cotutelle_in("withdrawn"), cotutelle_in("defended")
    for cotutelle, days in ((year, 400), (years, 1100), (running, 3000)):
        waiting(cotutelle, days)

    with django_capture_on_commit_callbacks(execute=True):
        first, again = purge_due(NOW), purge_due(NOW)

    assert {key: n for key, n in first.items() if key.startswith("programmes.")} == {
        "programmes.cotutelle_papers": 4, "programmes.cotutelle_words": 1,
    }  # fmt: skip
    assert not [key for key in again if key.startswith("programmes.")]
    assert {*CotutelleFile.objects.values_list("cotutelle", flat=True)} == {running.pk}
    assert [*Cotutelle.objects.order_by("pk").values_list("motivation", flat=True)] == [
        "Their tunnel is the only one in Europe.", "", "Their tunnel is the only one in Europe.",
    ]  # fmt: skip
    assert not CotutelleSupervisor.objects.filter(cotutelle=years).exists()


def left_alone(state, days):
    """A file that its candidate wrote in `days` ago for the last time."""
    cotutelle = waiting(cotutelle_in(state), days)
    at = NOW - timedelta(days=days)
    Cotutelle.pgh_event_model.objects.filter(pgh_obj_id=cotutelle.pk).update(pgh_created_at=at)
    cotutelle.files.update(uploaded_at=at)
    return cotutelle


def test_a_draft_left_alone_for_a_year_is_withdrawn_and_forgotten_and_its_candidate_told(
    django_capture_on_commit_callbacks,
):
    draft, young = left_alone("draft", 370), left_alone("draft", 360)
    stored = [paper.file.name for paper in draft.files.all()]

    with django_capture_on_commit_callbacks(execute=True):
        gone, again = purge_due(NOW), purge_due(NOW)

    draft.refresh_from_db()
    young.refresh_from_db()
    assert (gone, again) == ({"programmes.cotutelle_drafts": 1}, {})
    assert (draft.state, draft.title, draft.motivation, draft.supervisors.count()) == ("withdrawn", "", "", 0)
    assert (young.state, young.files.count()) == ("draft", 2)
    assert [default_storage.exists(name) for name in stored] == [False, False]
    assert [act.kind for act in Act.objects.about(draft)] == ["cotutelle.left_alone"]
    assert [notice.recipient for notice in Notice.objects.all()] == [draft.candidate]


def test_a_file_that_came_back_and_was_left_alone_keeps_its_words_for_those_who_read_them(kth):
    cotutelle = left_alone("sent_back", 370)
    desk = person_as("coordinator", cotutelle.home)

    purge_due(NOW)

    cotutelle.refresh_from_db()
    assert (cotutelle.state, bool(cotutelle.motivation), cotutelle.files.count()) == ("withdrawn", True, 2)
    assert {notice.recipient for notice in Notice.objects.all()} == {cotutelle.candidate, desk}


@pytest.mark.parametrize("how", ["written", "a paper"])
def test_a_file_somebody_went_on_with_stays(how):
    cotutelle = left_alone("draft", 800)
    if how == "written":
        cotutelle.save()
        Cotutelle.objects.filter(pk=cotutelle.pk).update(motivation="Their wind tunnel.")
        waiting(cotutelle, 800)
    else:
        cotutelle.files.update(uploaded_at=NOW - timedelta(days=10))

    purge_due(NOW)

    cotutelle.refresh_from_db()
    assert cotutelle.state == "draft"


# Support


def test_in_a_visit_of_support_no_file_is_open(sign_in, kth):
    student = student_of(kth)
    cotutelle = cotutelle_in("requested", candidate=student, home=kth)
    client = sign_in(MandateFactory(secretariat=True, role="secretariat").person)
    client.post(reverse("people:support"), {"email": student.email, "reason": "She cannot find her draft."})

    listed = client.get(reverse("programmes:cotutelle_list"))
    dashboard = client.get(reverse("dashboard"))

    assert client.get(cotutelle.get_absolute_url()).status_code == 404
    assert cotutelle.reference not in listed.content.decode() + dashboard.content.decode()
    assert client.post(reverse("programmes:cotutelle_begin")).status_code == 403
