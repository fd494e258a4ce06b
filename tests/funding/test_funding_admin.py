"""Funding in the administration."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from funding.models import Call
from notifications.models import Notice
from tests.factories.funding import CallFactory, FollowFactory, FundingProgrammeFactory, InterestFactory
from tests.factories.members import person_as
from tests.factories.notifications import SavedSearchFactory

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]  # the templates are unfold's

LIST, IMPORT = reverse("admin:funding_call_changelist"), reverse("admin:funding_call_import")


@pytest.fixture(autouse=True)
def secretary(client):
    person = person_as("secretariat", person__is_staff=True)
    client.force_login(person)
    return person


@pytest.mark.parametrize("n", [1, 3])
def test_admin_list_query_count(client, django_assert_num_queries, n) -> None:
    CallFactory.create_batch(n, open=True)

    with django_assert_num_queries(9):
        client.get(LIST)


def test_the_lists_and_pages_open(client) -> None:
    interest = InterestFactory()
    FollowFactory(call=interest.call)
    SavedSearchFactory()
    names = ("fundingprogramme", "interest", "callfollow")
    urls = [reverse(f"admin:funding_{name}_changelist") for name in names]
    urls += [reverse(f"admin:funding_call_{page}", args=[interest.call.pk]) for page in ("change", "history")]
    urls += [
        reverse("admin:funding_call_add"),
        reverse("admin:funding_fundingprogramme_change", args=[interest.call.programme.pk]),
        reverse("admin:funding_interest_change", args=[interest.pk]),
        reverse("admin:notifications_savedsearch_changelist"),
    ]

    assert {url: client.get(url).status_code for url in urls} == dict.fromkeys(urls, 200)


def test_publishing_many_asks_first_and_tells_each_refusal(client) -> None:
    good, bare = CallFactory(proposed=True, title="Good"), CallFactory(title="Bare")
    chosen = {"action": "publish_chosen", "_selected_action": [good.pk, bare.pk]}

    preview = client.post(LIST, chosen)
    untouched = set(Call.objects.values_list("state", flat=True))
    client.post(LIST, chosen | {"confirmed": "yes"})

    assert "Good" in preview.content.decode()
    assert untouched == {"draft", "proposed"}
    assert dict(Call.objects.values_list("title", "state")) == {"Good": "published", "Bare": "draft"}


def test_archiving_many(client) -> None:
    call = CallFactory(open=True)

    client.post(LIST, {"action": "archive_chosen", "_selected_action": [call.pk], "confirmed": "yes"})

    assert Call.objects.get().state == "archived"


def test_followers_hear_of_a_deadline_moved_in_the_administration(client) -> None:
    follow = FollowFactory()
    call, stage = follow.call, follow.call.stages.get()
    later = stage.deadline + timedelta(days=5)
    data = {
        "title": call.title, "programme": call.programme_id, "action_type": "ria", "summary": call.summary,
        "partner_types": "{}", "stages-TOTAL_FORMS": 1, "stages-INITIAL_FORMS": 1, "stages-0-id": stage.pk,
        "stages-0-call": call.pk, "stages-0-number": 1, "stages-0-time_zone": "Europe/Brussels",
        "stages-0-deadline_0": f"{later:%Y-%m-%d}", "stages-0-deadline_1": f"{later:%H:%M:%S}",
    }  # fmt: skip

    response = client.post(reverse("admin:funding_call_change", args=[call.pk]), data)

    assert response.status_code == 302
    assert "deadline" in Notice.objects.get(recipient=follow.user).subject


def sheet(*rows):
    head = "slug,programme,action_type,topic,title,rate"
    return SimpleUploadedFile("calls.csv", "\n".join([head, *rows]).encode(), "text/csv")


def test_import_makes_drafts_after_a_dry_run(client) -> None:
    FundingProgrammeFactory()

    dry = client.post(IMPORT, {"import_file": sheet(",HE-RIA,ria,CL5-77,Engines,100"), "format": "0"})

    assert not Call.objects.exists()
    assert "Engines" in dry.content.decode()
    client.post(reverse("admin:funding_call_process_import"), dry.context["confirm_form"].initial)
    assert (Call.objects.get().slug, Call.objects.get().state) == ("cl5-77", "draft")


@pytest.mark.parametrize(
    ("row", "words"),
    [(",NOPE,ria,,Engines,100", "NOPE"), (",HE-RIA,wish,,Engines,100", "wish"), (",HE-RIA,ria,,Engines,400", "100")],
    ids=["programme", "type", "rate"],
)
def test_a_bad_row_is_named_and_nothing_is_imported(client, row, words) -> None:
    FundingProgrammeFactory()

    answer = client.post(IMPORT, {"import_file": sheet(row), "format": "0"})

    assert words in answer.content.decode()
    assert not Call.objects.exists()
