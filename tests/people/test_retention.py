"""What is over its time goes, in batches, counted and logged; what still waits, or that others rest on, stays."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from applications.models import Application, Choice, Decision, DocumentFile, DossierLink
from exchange.models import PlacementImport
from members import retention
from members.acts import record
from members.models import Act, Enquiry, Purge, RetentionPeriod
from members.retention import all_kinds, periods, preview, purge_due
from members.tasks import purge
from notifications.models import CaughtMail, Delivery, Notice
from policy.models import EventInvitation, Registration
from practices.models import Question
from tests.factories.applications import (
    AppealFactory,
    ApplicationFactory,
    ChoiceFactory,
    DecisionFactory,
    DocumentFileFactory,
    DossierLinkFactory,
    RoundFactory,
)
from tests.factories.exchange import PlacementImportFactory
from tests.factories.members import ContactFactory, MandateFactory, UserFactory, person_as
from tests.factories.notifications import CaughtMailFactory, NoticeFactory
from tests.factories.people import InvitationFactory
from tests.factories.policy import EventFactory, RegistrationFactory
from tests.factories.policy import InvitationFactory as EventInvitationFactory
from tests.factories.practices import practice_of

pytestmark = pytest.mark.django_db
NOW = timezone.now()
YEARS = timedelta(days=400)


def caught_long_ago(count):
    CaughtMailFactory.create_batch(count)
    CaughtMail.objects.update(caught_at=NOW - timedelta(days=31))


def ended(state, ago=YEARS):
    application = ApplicationFactory(round=RoundFactory(closed=True), motivation="Bridges", **{state: True})
    DocumentFileFactory(slot__application=application)
    Application.objects.filter(pk=application.pk).update(state_since=NOW - ago)
    return application


def test_every_kind_proposes_a_period_that_it_allows():
    assert [kind.key for kind in all_kinds() if kind.days < kind.at_least or kind.at_least < 1] == []


def test_documents_of_a_refused_application_go_after_a_year_with_their_files(django_capture_on_commit_callbacks):
    old, young, running = ended("rejected"), ended("rejected", timedelta(days=300)), ended("accepted")
    names = {file.slot.application_id: file.file.name for file in DocumentFile.objects.select_related("slot")}

    with django_capture_on_commit_callbacks(execute=True):
        gone = purge_due(NOW)

    assert gone == {"applications.documents": 1}
    assert [default_storage.exists(names[each.pk]) for each in (old, young, running)] == [False, True, True]
    assert old.document_slots.count() == 1


def test_words_of_an_ended_application_go_after_three_years_also_from_its_history():
    application = ended("rejected", timedelta(days=1100))
    running = ended("accepted", timedelta(days=1100))

    purge_due(NOW)

    application.refresh_from_db()
    running.refresh_from_db()
    history = Application.pgh_event_model.objects.filter(pgh_obj_id=application.pk)
    assert (application.motivation, application.state, running.motivation) == ("", "rejected", "Bridges")
    assert {*history.values_list("motivation", flat=True)} == {""}


def test_what_the_office_had_asked_for_goes_with_the_other_words():
    application = ApplicationFactory(withdrawn=True, asked_for="Which illness?", state_since=NOW - timedelta(days=1100))

    purge_due(NOW)

    application.refresh_from_db()
    assert application.asked_for == ""


def refused(ago, **words):
    decision = DecisionFactory(refused=True, **words)
    Application.objects.filter(pk=decision.application_id).update(state_since=NOW - ago)
    return decision


def test_letters_and_reasons_of_an_ended_application_go_after_three_years_also_from_history_and_log():
    words = {"subject": "Dear Elina", "letter": "Dear Elina, no.", "reason": "26 credits, 60 are asked."}
    old = refused(timedelta(days=1100), **words)
    refused(timedelta(days=1000), **words)
    appealed = AppealFactory().application
    Application.objects.filter(pk=appealed.pk).update(state_since=NOW - timedelta(days=1100))
    choice = ChoiceFactory(application=old.application, state="not_offered", why=words["reason"])
    record("application.rejected", old.application, by=None, after="rejected", reason=words["reason"])

    gone, again = purge_due(NOW), purge_due(NOW)

    kept = Decision.objects.order_by("pk").values_list("subject", "letter", "reason", "outcome")
    over = "Deleted after its time was over."
    assert (gone["applications.letters"], again) == (1, {})
    assert list(kept)[:2] == [("", "", over, "reject"), (*words.values(), "reject")]
    assert Decision.objects.get(application=appealed).letter == "Dear student"
    history = Decision.pgh_event_model.objects.filter(pgh_obj_id=old.pk)
    assert {*history.values_list("subject", "letter", "reason")} == {("", "", over)}
    assert list(Act.objects.about(old.application).values_list("reason", "after")) == [("", "rejected")]
    assert list(Choice.pgh_event_model.objects.filter(pgh_obj=choice).values_list("why", flat=True).distinct()) == [""]


def test_names_on_links_go_a_year_after_they_worked_also_from_the_log_of_the_same_link():
    long_ago = NOW - YEARS
    old = DossierLinkFactory(made_at=long_ago - timedelta(days=20), expires_at=long_ago, whom="Prof. Ada Lind")
    new = DossierLinkFactory(application=old.application, whom="Prof. Ada Lind")
    for at in (old.made_at, new.made_at):
        act = record("dossier.shared", old.application, by=None, details={"whom": "Prof. Ada Lind"})
        Act.objects.filter(pk=act.pk).update(at=at)
    other = record("dossier.shared", old.application, by=None, details={"whom": "Somebody else"})
    Act.objects.filter(pk=other.pk).update(at=old.made_at)

    gone, again = purge_due(NOW), purge_due(NOW)

    over = "Deleted after its time was over."
    assert (gone, again) == ({"applications.link_names": 1}, {})
    assert list(DossierLink.objects.order_by("pk").values_list("whom", flat=True)) == [over, "Prof. Ada Lind"]
    told = Act.objects.filter(kind="dossier.shared").order_by("pk").values_list("details__whom", flat=True)
    assert list(told) == [over, "Prof. Ada Lind", "Somebody else"]


def test_a_letter_whose_time_is_over_says_so(client):
    decision = refused(timedelta(days=1100))
    purge_due(NOW)
    student, desk = decision.application.applicant, person_as("exchange", decision.application.round.university)

    client.force_login(student)
    own = client.get(decision.application.get_absolute_url())
    client.force_login(desk)
    letter = client.get(reverse("applications:letter_edit", args=[decision.application.reference]))

    assert (own.status_code, 'class="letter"' in own.content.decode()) == (200, False)
    assert "Deleted after its time was over." in letter.content.decode()


def test_spreadsheets_of_places_go_after_a_year():
    old, young = PlacementImportFactory(), PlacementImportFactory()
    PlacementImport.objects.filter(pk=old.pk).update(read_at=NOW - timedelta(days=366))

    assert purge_due(NOW) == {"exchange.spreadsheets": 1}
    assert PlacementImport.objects.get() == young


def test_a_notice_that_still_waits_to_be_mailed_stays():
    waiting, told = NoticeFactory(), NoticeFactory()
    Delivery.objects.filter(notice=waiting).delete()
    Delivery.objects.create(notice=waiting, due_at=NOW, state=Delivery.State.WAITING)
    Delivery.objects.filter(notice=told).update(state=Delivery.State.SENT, sent_at=NOW)
    Notice.objects.update(created_at=NOW - timedelta(days=800))

    purge_due(NOW)

    assert [*Notice.objects.values_list("pk", flat=True)] == [waiting.pk]


def test_an_invitation_nobody_accepted_goes_with_its_history():
    old = InvitationFactory(expires_at=NOW - timedelta(days=200))
    InvitationFactory(expires_at=NOW + timedelta(days=3))

    gone = purge_due(NOW)

    assert gone == {"members.invitations": 1}
    assert type(old).pgh_event_model.objects.filter(email=old.email).count() == 0


def test_the_note_of_a_download_goes_other_acts_stay():
    for kind in ("account.data_downloaded", "account.closed"):
        Act.objects.create(kind=kind, target=UserFactory())
    Act.objects.update(at=NOW - YEARS)

    purge_due(NOW)

    assert [act.kind for act in Act.objects.all()] == ["account.closed"]


def test_where_somebody_signed_in_from_goes_with_the_session(client):
    person = UserFactory()
    client.force_login(person)
    where = {"user": person, "ip": "192.0.2.7", "user_agent": "Firefox"}
    open_one = UserSession.objects.create(**where, session_key=client.session.session_key)
    UserSession.objects.create(**where, session_key="signed out long ago")
    UserSession.objects.update(last_seen_at=NOW - timedelta(days=8))

    assert purge_due(NOW)["members.sign_ins"] == 1
    assert list(UserSession.objects.all()) == [open_one]


def test_letters_to_universities_go_a_year_after_they_were_sent_or_given_up():
    contact = ContactFactory()
    words = {
        "contact": contact,
        "sender_name": "Ana",
        "sender_email": "ana@home.example",
        "subject": "Hello",
        "text": "?",
    }
    sent, given_up, young = [Enquiry.objects.create(**words) for _ in range(3)]
    Enquiry.objects.filter(pk=sent.pk).update(sent_at=NOW - timedelta(days=366))
    Enquiry.objects.filter(pk=given_up.pk).update(written_at=NOW - timedelta(days=366))
    Enquiry.objects.filter(pk=young.pk).update(written_at=NOW - timedelta(days=366), sent_at=NOW - timedelta(days=364))

    purge_due(NOW)

    assert list(Enquiry.objects.all()) == [young]


def test_what_was_told_to_the_organisers_goes_a_year_after_the_event_also_from_its_history():
    old, young = (EventFactory(published=True, ends_at=NOW - ago, starts_at=NOW - ago) for ago in (YEARS, YEARS / 2))
    for event in (old, young):
        RegistrationFactory(event=event, answers={"diet": "no nuts"})
        EventInvitationFactory(event=event, accepted=True, words="I come by train")

    gone = purge_due(NOW)

    assert gone == {"policy.answers": 1, "policy.words": 1}
    assert [*Registration.objects.order_by("event_id").values_list("answers", flat=True)] == [{}, {"diet": "no nuts"}]
    assert [*EventInvitation.objects.order_by("event_id").values_list("words", flat=True)] == ["", "I come by train"]
    told = Registration.pgh_event_model.objects.filter(event=old).values_list("answers", flat=True)
    assert [answers for answers in told if answers] == []


def test_a_question_about_a_practice_goes_after_two_years():
    for days in (731, 700):
        asked = Question.objects.create(practice=practice_of(), asked_by=UserFactory(), sent_to=UserFactory(), text="?")
        Question.objects.filter(pk=asked.pk).update(asked_at=NOW - timedelta(days=days))

    gone = purge_due(NOW)

    assert (gone, Question.objects.count()) == ({"practices.questions": 1}, 1)


def test_in_batches_each_with_its_line_in_the_log(monkeypatch):
    monkeypatch.setattr(retention, "BATCH", 2)
    caught_long_ago(5)

    gone = purge_due(NOW)

    assert gone == {"notifications.caught": 5}
    assert [*Purge.objects.order_by("pk").values_list("kind", "rows")] == [
        ("notifications.caught", 2), ("notifications.caught", 2), ("notifications.caught", 1),
    ]  # fmt: skip


def test_one_run_takes_a_bounded_number_the_next_the_rest(monkeypatch):
    monkeypatch.setattr(retention, "BATCH", 2)
    monkeypatch.setattr(retention, "BATCHES_AT_ONCE", 1)
    caught_long_ago(3)

    assert [purge_due(NOW), purge_due(NOW), purge_due(NOW)] == [
        {"notifications.caught": 2}, {"notifications.caught": 1}, {},
    ]  # fmt: skip


def test_a_batch_that_fails_keeps_its_rows_and_writes_no_line(monkeypatch):
    caught_long_ago(1)
    [kind] = [kind for kind in all_kinds() if kind.key == "notifications.caught"]

    def fail(keys, rows):
        rows.delete()
        raise OSError("the store is away")

    broken = retention.Kept(**{**vars(kind), "purge": fail})

    with pytest.raises(OSError, match="store is away"):
        retention.purge_kind(broken, NOW)
    assert (CaughtMail.objects.count(), Purge.objects.count()) == (1, 0)


def test_a_kind_that_fails_does_not_keep_the_others_beyond_their_time(monkeypatch):
    caught_long_ago(1)

    def fail(before):
        raise OSError("the store is away")

    first = retention.Kept(key="a.first", title="First", why="", days=1, at_least=1, over=fail)
    monkeypatch.setitem(retention._kinds, first.key, first)

    with pytest.raises(OSError, match="store is away"):
        purge_due(NOW)

    assert [*Purge.objects.values_list("kind", "rows")] == [("notifications.caught", 1)]
    assert not CaughtMail.objects.exists()


def test_a_kind_that_is_switched_off_stays():
    caught_long_ago(1)
    periods()
    RetentionPeriod.objects.filter(kind="notifications.caught").update(is_on=False)

    assert purge.run() == "nothing was over its time"


def test_the_period_of_the_office_holds_and_the_preview_throws_nothing_away():
    caught_long_ago(2)
    before = {row["kind"].key: row["rows"] for row in preview(NOW)}
    RetentionPeriod.objects.filter(kind="notifications.caught").update(days=60)
    after = {row["kind"].key: row["rows"] for row in preview(NOW)}

    assert (before["notifications.caught"], after["notifications.caught"]) == (2, 0)
    assert CaughtMail.objects.count() == 2


def test_a_period_too_short_is_refused_with_the_least():
    periods()
    period = RetentionPeriod.objects.get(kind="applications.documents")
    period.days = 9

    with pytest.raises(ValidationError, match="9 days are too few for this kind: give 90 or more"):
        period.full_clean()


def test_kept_for_a_day_at_least():
    with pytest.raises(IntegrityError, match="kept_for_a_day_at_least"):
        RetentionPeriod.objects.create(kind="x", days=0, at_least=0)


def test_kept_as_long_as_the_kind_wants_whoever_writes():
    periods()

    with pytest.raises(IntegrityError, match="kept_as_long_as_the_kind_wants"):
        RetentionPeriod.objects.filter(kind="applications.documents").update(days=89)


def test_a_kind_whose_least_grows_takes_its_period_along():
    periods()
    RetentionPeriod.objects.filter(kind="applications.documents").update(at_least=30, days=60)
    RetentionPeriod.objects.filter(kind="applications.words").update(at_least=300, days=2000)

    periods()

    held = RetentionPeriod.objects.in_bulk(["applications.documents", "applications.words"], field_name="kind")
    assert [(row.days, row.at_least) for _kind, row in sorted(held.items())] == [(90, 90), (2000, 365)]


def test_a_purge_threw_something_away():
    with pytest.raises(IntegrityError, match="a_purge_threw_something_away"):
        Purge.objects.create(kind="x", at=NOW, before=NOW, rows=0)


@pytest.mark.parametrize("rows", [1, 3])
def test_retention_page_query_count(client, django_assert_num_queries, rows):
    caught_long_ago(rows)
    client.force_login(MandateFactory(secretariat=True, role="secretariat").person)
    client.get(reverse("people:retention_list"))

    with django_assert_num_queries(6 + len(all_kinds())):  # one for each kind, whatever its rows
        client.get(reverse("people:retention_list"))


def test_retention_page_says_how_many_would_go(client):
    caught_long_ago(3)
    client.force_login(MandateFactory(secretariat=True, role="secretariat").person)

    rows = client.get(reverse("people:retention_list")).context["rows"]

    assert {row["kind"].key: row["rows"] for row in rows if row["rows"]} == {"notifications.caught": 3}
