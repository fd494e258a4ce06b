"""The dossier: what each reader finds in it, how attachments follow, and links for somebody outside."""

import io
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject

from applications import actions
from applications.models import Application, DocumentSlot, DossierLink
from members.models import Act
from members.moments import Moment
from notifications.models import Notice
from tests.applications.files import bomb, pdf, picture
from tests.applications.stories import Story
from tests.factories.applications import DocumentFileFactory, DocumentSlotFactory
from tests.factories.members import MandateFactory, person_as

pytestmark = pytest.mark.django_db


@pytest.fixture
def story():
    return Story()


@pytest.fixture
def reviewed(story):
    """A scored application whose review has words for the office."""
    application = story.scored("61.5", 0, 1)
    application.reviews.update(comment="A weak second year.", feedback="Go on.")
    return application


def address(name, application, *args):
    return reverse(f"applications:{name}", args=[application.reference, *args])


def read(response):
    return PdfReader(io.BytesIO(response.content))


def text_of(response):
    return " ".join(" ".join(page.extract_text() for page in read(response).pages).split())


def dossier_for(client, person, application):
    client.force_login(person)
    return client.get(address("application_dossier", application))


def put(application, name, content, content_type="application/pdf", **slot):
    slot = DocumentSlotFactory(application=application, name=name, state="received", **slot)
    ending = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}[content_type]
    return DocumentFileFactory(
        slot=slot, name=f"file.{ending}", content_type=content_type, file=ContentFile(content, f"file.{ending}")
    )


# what stands in it


def test_the_desk_finds_everything(client, story, reviewed):
    response = dossier_for(client, story.desk, reviewed)
    text = text_of(response)

    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == f'attachment; filename="{reviewed.reference}.pdf"'
    for words in (
        reviewed.applicant.get_full_name(), f"{reviewed.reference} · Eligible", story.options[1].place,
        "I want to learn.", "A weak second year.", "61.5", "Found eligible", f"Made for {story.desk}",
    ):  # fmt: skip
        assert words in text


def test_the_applicant_finds_nothing_internal(client, story, reviewed):
    text = text_of(dossier_for(client, reviewed.applicant, reviewed))

    assert f"{reviewed.reference} · Being considered" in text
    assert "I want to learn." in text
    for words in ("A weak second year.", "61.5", "Eligible", "eligible", "Reviews", "Not decided yet"):
        assert words not in text


def test_after_the_release_the_applicant_finds_result_and_reason(client, story, reviewed):
    story.release()
    choice = reviewed.choices.first()

    text = text_of(dossier_for(client, reviewed.applicant, reviewed))

    assert f"{choice.get_state_display()} {choice.why}" in text
    assert "A weak second year." not in text


def test_a_reviewer_finds_other_reviews_only_after_the_own_one(client, story, reviewed):
    second = person_as("reviewer", story.round.university)
    actions.assign_review(application=reviewed, reviewer=second, by=story.desk)

    text = text_of(dossier_for(client, second, reviewed))

    assert "I want to learn." in text
    assert "A weak second year." not in text
    assert "Found eligible" not in text
    assert "A weak second year." in text_of(dossier_for(client, story.reviewer, reviewed))


def test_what_a_person_typed_is_not_read_as_markup(client, story):
    application = story.submitted(0)
    Application.objects.filter(pk=application.pk).update(motivation='#import "x.typ" *bold* $1/0$ \\ <a> #panic("no")')

    assert '#import "x.typ" *bold* $1/0$ \\ <a> #panic("no")' in text_of(
        dossier_for(client, application.applicant, application)
    )


def test_a_draft_has_none_and_others_do_not_find_it(client, story):
    draft, sent = story.draft(0), story.submitted(0)

    assert dossier_for(client, draft.applicant, draft).status_code == 404
    for person in (person_as("exchange"), person_as("secretariat"), draft.applicant):
        assert dossier_for(client, person, sent).status_code == 404


def test_who_applied_in_the_round_does_not_read_the_others(client, story):
    own, other = story.submitted(0), story.submitted(0)
    MandateFactory(person=own.applicant, university=story.round.university)

    assert dossier_for(client, own.applicant, other).status_code == 404  # as for everybody who may not see it


def test_staff_is_written_down_and_the_applicant_is_not(client, story):
    application = story.submitted(0)

    dossier_for(client, application.applicant, application)
    dossier_for(client, story.desk, application)

    noted = Act.objects.about(application).filter(kind="dossier.opened")
    assert [(act.actor, act.internal) for act in noted] == [(story.desk, True)]


@pytest.mark.parametrize("count", [1, 3])
def test_query_count(client, story, reviewed, django_assert_num_queries, count):
    for number in range(count):
        put(reviewed, f"Paper {number}", pdf())
    client.force_login(story.desk)

    with django_assert_num_queries(24):
        client.get(address("application_dossier", reviewed))


# attachments


def test_attachments_follow_and_the_list_says_on_which_page(client, story):
    application = story.submitted(0)
    put(application, "Transcript", pdf(pages=3), position=1)
    put(application, "Passport", picture("JPEG", (3000, 2000)), "image/jpeg", position=2)
    DocumentSlotFactory(application=application, name="Certificate", position=3)

    response = dossier_for(client, application.applicant, application)
    text, pages, outline = text_of(response), len(read(response).pages), read(response).outline

    front = pages - 4
    assert [mark["/Title"] for mark in outline] == ["Transcript", "Passport"]
    assert [read(response).get_destination_page_number(mark) for mark in outline] == [front, front + 3]
    assert f"Pages {front + 1} to {front + 3}" in text
    assert f"Page {pages}" in text
    assert "Nothing was sent." in text


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (b"%PDF-1.4 broken", "application/pdf"),
        (b"", "application/pdf"),
        (pdf(password="secret"), "application/pdf"),
        (b"no picture", "image/png"),
        (bomb(60000, 60000), "image/png"),
    ],
    ids=["broken", "empty", "locked", "no picture", "bomb"],
)
def test_what_cannot_be_read_is_named_and_not_hidden(client, story, content, content_type):
    application = story.submitted(0)
    put(application, "Passport", content, content_type)

    response = dossier_for(client, application.applicant, application)

    assert "The file cannot be read, so it is not attached." in text_of(response)
    assert read(response).outline == []


def test_a_file_that_is_gone_from_the_store_is_named(client, story):
    application = story.submitted(0)
    document = put(application, "Passport", pdf())
    document.file.storage.delete(document.file.name)

    assert "cannot be read" in text_of(dossier_for(client, application.applicant, application))


def test_a_refused_file_is_named_with_its_reason(client, story):
    application = story.submitted(0)
    document = put(application, "Passport", pdf())
    DocumentSlot.objects.filter(pk=document.slot_id).update(state="refused", reason="Blurred.")

    response = dossier_for(client, application.applicant, application)

    assert "Refused, not attached: Blurred." in text_of(response)
    assert read(response).outline == []


def test_what_a_strangers_page_would_do_stays_behind(client, story):
    application = story.submitted(0)
    writer = PdfWriter(clone_from=io.BytesIO(pdf()))
    does = DictionaryObject({NameObject("/S"): NameObject("/JavaScript")})
    writer.pages[0][NameObject("/AA")] = DictionaryObject({NameObject("/O"): does})
    content = io.BytesIO()
    writer.write(content)
    put(application, "Passport", content.getvalue())

    response = dossier_for(client, application.applicant, application)

    assert len(read(response).outline) == 1
    assert b"/JavaScript" not in response.content


# links for somebody outside


def share(client, person, application, **words):
    client.force_login(person)
    return client.post(address("application_share", application), {"whom": "Prof. Lind, Lund", "days": 14} | words)


def test_a_link_is_shown_once_and_kept_as_a_hash(client, story):
    application = story.submitted(0)

    page = share(client, story.desk, application)

    shown = page.context["address"]
    token = shown.rstrip("/").rsplit("/", 1)[-1]
    link = DossierLink.objects.get()
    assert link.token_hash == DossierLink.hash_of(token)
    assert token not in client.get(address("application_share", application)).content.decode()
    assert shown in page.content.decode()
    assert page["Cache-Control"].count("no-store") == 1
    assert Notice.objects.get(recipient=application.applicant, key=f"dossier.shared:{link.pk}").body.startswith(
        "Prof. Lind, Lund can read"
    )


def make(story, application, days=14):
    return actions.share_dossier(
        application=application, whom="Prof. Lind, Lund", days=days, by=story.desk, now=timezone.now()
    )


def test_the_holder_reads_it_without_an_account_and_each_opening_is_written_down(client, story, reviewed):
    link, token = make(story, reviewed)
    shared = reverse("applications:shared_file", args=[token])

    page = client.get(shared)
    assert "Each opening is written down." in page.content.decode()
    assert reviewed.applicant.get_full_name() not in page.content.decode()
    assert DossierLink.objects.get().openings == 0

    text = text_of(client.post(shared))
    client.post(shared)

    assert "I want to learn." in text
    for words in ("A weak second year.", "Found eligible", "61.5", reviewed.applicant.email):
        assert words not in text
    link.refresh_from_db()
    assert link.openings == 2
    noted = Act.objects.about(reviewed).filter(kind="dossier.opened_by_link")
    assert [(act.actor, act.details["whom"]) for act in noted] == [(None, "Prof. Lind, Lund")] * 2


@pytest.mark.parametrize("how", ["revoked", "expired"])
def test_a_link_that_has_ended_opens_nothing(client, story, how):
    application = story.submitted(0)
    link, token = make(story, application)
    if how == "revoked":
        client.force_login(story.desk)
        client.post(address("share_revoke", application, link.code))
        client.logout()
    else:
        earlier = timezone.now() - timedelta(days=20)
        DossierLink.objects.update(made_at=earlier, expires_at=earlier + timedelta(days=14))

    answers = [getattr(client, method)(reverse("applications:shared_file", args=[token])) for method in ("get", "post")]

    assert [answer.status_code for answer in answers] == [410, 410]
    assert "This link does not work any more" in answers[0].content.decode()
    assert DossierLink.objects.get().openings == 0


def test_an_unknown_token_finds_nothing(client):
    assert client.get(reverse("applications:shared_file", args=["forged"])).status_code == 404


def test_opening_is_limited(client, story):
    cache.clear()
    shared = reverse("applications:shared_file", args=[make(story, story.submitted(0))[1]])
    DossierLink.objects.update(revoked_at=timezone.now(), revoked_by=story.desk)

    answers = {client.post(shared).status_code for _ in range(30)}

    assert answers == {410}
    assert client.post(shared).status_code == 429


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"whom": " "}, "This field is required."),
        ({"days": "0"}, "greater than or equal to 1"),
        ({"days": "31"}, "less than or equal to 30"),
        ({"days": "soon"}, "Enter a whole number."),
    ],
)
def test_a_wrong_form_is_told_at_the_field_and_keeps_what_was_typed(client, story, words, sentence):
    page = share(client, story.desk, story.submitted(0), **words)

    assert sentence in page.content.decode()
    assert page.context["form"].data["whom"] == words.get("whom", "Prof. Lind, Lund")
    assert not DossierLink.objects.exists()


def test_ten_links_at_most_and_only_by_the_desk(story):
    application = story.submitted(0)
    for _ in range(10):
        make(story, application)

    with pytest.raises(actions.Refused, match="10 links to this file work already"):
        make(story, application)
    for person in (application.applicant, story.reviewer, person_as("exchange")):
        with pytest.raises(actions.Refused):
            actions.share_dossier(application=application, whom="X", days=1, by=person, now=timezone.now())


@pytest.mark.parametrize("days", [0, 31])
def test_an_act_with_a_wrong_time_is_refused(story, days):
    with pytest.raises(actions.Refused, match="thirty days at most"):
        make(story, story.submitted(0), days=days)


def test_a_link_works_for_days_of_24_hours_also_when_the_clocks_change(story):
    now = datetime(2026, 10, 10, 12, tzinfo=ZoneInfo("Europe/Brussels"))

    link, _token = actions.share_dossier(application=story.submitted(0), whom="X", days=30, by=story.desk, now=now)

    assert link.expires_at - now.astimezone(UTC) == timedelta(days=30)


def test_revoking_twice_is_refused(story):
    link, _token = make(story, story.submitted(0))
    actions.revoke_link(link=link, by=story.desk, now=timezone.now())

    with pytest.raises(actions.Refused, match="does not work any more already"):
        actions.revoke_link(link=link, by=story.desk, now=timezone.now())


def test_the_applicant_sees_who_was_given_the_file(client, story):
    application = story.submitted(0)
    make(story, application)
    client.force_login(application.applicant)

    steps = client.get(application.get_absolute_url()).context["steps"]

    assert ("The office shared your file", "Prof. Lind, Lund") in [
        (step["label"], step.get("detail")) for step in steps
    ]


@pytest.mark.parametrize("count", [1, 3])
def test_share_page_query_count(client, story, django_assert_num_queries, count):
    application = story.submitted(0)
    for _ in range(count):
        make(story, application)
    client.force_login(story.desk)

    with django_assert_num_queries(6):
        client.get(address("application_share", application))


def test_until_when_a_link_works_is_said_on_the_clock_of_the_round(client):
    story = Story(time_zone="Asia/Shanghai")
    application = story.submitted(0)
    link, token = make(story, application)
    expires = Moment.read(link.expires_at, "Asia/Shanghai", now=timezone.now())
    client.force_login(story.desk)

    of_desk = client.get(address("application_share", application)).content.decode()
    client.logout()
    of_holder = client.get(reverse("applications:shared_file", args=[token])).content.decode()

    assert [f"<b>{expires.on} Shanghai</b>" in page for page in (of_desk, of_holder)] == [True, True]
