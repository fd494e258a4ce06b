"""Funding in the administration."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from funding import actions
from funding.models import Call
from members.acts import Conflict
from members.models import Act
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

    with django_assert_num_queries(7):
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


def programme_form(programme, **changes):
    data = {name: getattr(programme, name) for name in ("code", "framework", "name", "action_type", "funder")}
    data |= {"official_source": "Work programme", "official_url": "https://programme.example/", "certainty": "sourced"}
    data |= {"pillar": "II", "scopes": "MS,AC", "independent": "on", "partner_types": "{}"}
    return data | {"min_organisations": 3, "min_countries": 3, "min_member_states": 1} | changes


def test_followers_hear_of_conditions_changed_in_the_programme_of_their_call(client, secretary) -> None:
    follow, own_rules = FollowFactory(), FollowFactory(call__has_own_rules=True, call__min_organisations=2)
    programme, before = follow.call.programme, follow.call.news_at
    page = reverse("admin:funding_fundingprogramme_change", args=[programme.pk])

    assert client.post(page, programme_form(programme, min_organisations=4, rate=80)).status_code == 302

    notice = Notice.objects.get(recipient=follow.user)
    assert notice.subject == f"{follow.call.title}: changed in conditions, rate of the programme"
    assert "Rate of the programme: – → 80 %" in notice.body
    assert "At least 4 organisations from 3 different countries." in notice.body.partition("→")[2]
    assert Notice.objects.get(recipient=own_rules.user).subject.endswith(": changed in rate of the programme")
    act = Act.objects.about(follow.call).get()
    assert (act.kind, act.actor) == ("call.conditions_changed", secretary)
    follow.call.refresh_from_db()
    assert follow.call.news_at > before


def test_a_new_name_of_the_funder_is_no_news_of_a_call(client) -> None:
    programme = FollowFactory().call.programme
    page = reverse("admin:funding_fundingprogramme_change", args=[programme.pk])

    assert client.post(page, programme_form(programme, funder="The Commission")).status_code == 302

    assert [notice.body for notice in Notice.objects.all()] == []


def test_followers_hear_of_a_programme_changed_by_an_import(client) -> None:
    follow = FollowFactory()
    call, url = follow.call, reverse("admin:funding_fundingprogramme_import")
    long_ago = timezone.now() - timedelta(days=400)
    FollowFactory(call=CallFactory(closed=True, stage__opens_at=None, stage__deadline=long_ago))
    told = "code,framework,name,action_type,funder,official_source,official_url,certainty,rate,min_organisations"
    row = f"HE-RIA,{call.programme.framework},{call.programme.name},ria,Commission,Text,https://a.example/,sourced,70,5"
    sheet = SimpleUploadedFile("programmes.csv", f"{told}\n{row}".encode(), "text/csv")

    dry = client.post(url, {"import_file": sheet, "format": "0"})
    assert not Notice.objects.exists()
    client.post(reverse("admin:funding_fundingprogramme_process_import"), dry.context["confirm_form"].initial)

    assert Notice.objects.get().recipient == follow.user
    assert "Rate of the programme: – → 70 %" in Notice.objects.get().body


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


def imported(client, *rows, **chosen):
    """The dry run, then the import itself; returns the page of the dry run."""
    dry = client.post(IMPORT, {"import_file": sheet(*rows), "format": "0"} | chosen)
    assert not Notice.objects.filter(topic="funding").exists()
    client.post(reverse("admin:funding_call_process_import"), dry.context["confirm_form"].initial)
    return dry


def row_of(call, **cells):
    told = {"slug": call.slug, "programme": call.programme.code, "action_type": call.action_type, "topic": call.topic}
    return ",".join(map(str, (told | {"title": call.title, "rate": call.rate} | cells).values()))


def test_followers_hear_of_what_an_import_changed_as_of_an_edit(client, secretary) -> None:
    follow = FollowFactory(call__rate=100)
    call = follow.call

    imported(client, row_of(call, rate=70))

    notice, act = Notice.objects.get(recipient=follow.user), Act.objects.about(call).get()
    assert notice.subject == f"{call.title}: changed in rate"
    assert "Rate: 100 % → 70 %" in notice.body
    assert (act.kind, act.actor) == ("call.changed", secretary)
    call.refresh_from_db()
    assert (call.rate, call.version, call.news_at) == (70, 2, Call.objects.get().news_at)
    assert call.news_at > call.published_at


def test_an_import_that_changes_nothing_that_matters_tells_nobody(client) -> None:
    followed, quiet, draft = FollowFactory(call__rate=100), FollowFactory(call__rate=100), CallFactory(rate=100)

    imported(client, row_of(followed.call), row_of(quiet.call, title="Engines anew"), row_of(draft, rate=70))

    assert not Notice.objects.exists()
    kinds = {call: list(Act.objects.about(call).values_list("kind", flat=True)) for call in Call.objects.all()}
    assert kinds == {followed.call: [], quiet.call: ["call.changed"], draft: ["call.changed"]}


def test_each_of_many_followed_calls_is_told(client) -> None:
    follows = FollowFactory.create_batch(4, call__rate=100)

    imported(client, *(row_of(follow.call, rate=70) for follow in follows))

    assert set(Notice.objects.values_list("recipient", "subject")) == {
        (follow.user.pk, f"{follow.call.title}: changed in rate") for follow in follows
    }


def test_two_rows_about_one_call_are_two_edits_and_one_left_out_is_none(client) -> None:
    twice, once = FollowFactory(call__rate=100), FollowFactory(call__rate=100)
    rows = [row_of(twice.call, rate=70), row_of(twice.call, rate=60)]
    rows += [row_of(once.call, rate=400), row_of(once.call, rate=50)]

    imported(client, *rows, good_rows_only="on")

    told = [body.rpartition("\n")[2] for body in Notice.objects.order_by("pk").values_list("body", flat=True)]
    assert told == ["Rate: 100 % → 70 %", "Rate: 70 % → 60 %", "Rate: 100 % → 50 %"]
    assert set(Call.objects.values_list("rate", flat=True)) == {60, 50}


def test_rows_that_are_left_out_tell_nobody(client) -> None:
    good, bad = FollowFactory(call__rate=100), FollowFactory(call__rate=100)

    imported(client, row_of(good.call, rate=70), row_of(bad.call, rate=70, topic="x" * 90), good_rows_only="on")

    assert list(Notice.objects.values_list("recipient", flat=True)) == [good.user.pk]


def test_who_edits_the_call_while_it_is_imported_is_shown_that_it_moved_on(client, secretary) -> None:
    call = FollowFactory(call__rate=100).call
    typed = Call.objects.select_related("programme").get(pk=call.pk)
    imported(client, row_of(call, rate=70))

    with pytest.raises(Conflict):
        actions.change_call(call=typed, version=1, by=secretary, now=timezone.now())


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
