"""Notices, preferences, the link that stops e-mails, the secretariat's pages."""

import re
from datetime import timedelta

import pytest
from celery.schedules import crontab
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from notifications import mails
from notifications.models import Notice, Preference
from tests.factories.members import UserFactory, person_as
from tests.factories.notifications import (
    CaughtMailFactory,
    DeliveryFactory,
    JobRunFactory,
    NoticeFactory,
    PreferenceFactory,
)

pytestmark = pytest.mark.django_db


def at(name, *args):
    return reverse(f"notifications:{name}", args=args)


def text_of(response):
    return response.content.decode()


def test_notice_list_own_ones_unread_first(client):
    me = UserFactory()
    read = NoticeFactory(recipient=me, read=True)
    unread = NoticeFactory(recipient=me)
    Notice.objects.filter(pk=unread.pk).update(created_at=timezone.now() - timedelta(days=3))
    NoticeFactory()
    client.force_login(me)

    page = client.get(at("notice_list"))

    assert list(page.context["page_obj"]) == [unread, read]


def test_notice_list_narrowed_to_topic_and_unread(client):
    me = UserFactory()
    wanted = NoticeFactory(recipient=me, topic="desk")
    NoticeFactory(recipient=me, topic="desk", read=True)
    NoticeFactory(recipient=me)
    client.force_login(me)

    page = client.get(at("notice_list"), {"topic": "desk", "unread": "yes"})

    assert list(page.context["page_obj"]) == [wanted]


def test_notice_list_search_and_export(client):
    me = UserFactory()
    NoticeFactory(recipient=me, subject="An offer from KTH")
    NoticeFactory(recipient=me)
    client.force_login(me)

    export = b"".join(client.get(at("notice_list"), {"q": "offer", "export": "csv"}).streaming_content).decode()

    assert len(export.splitlines()) == 2
    assert "An offer from KTH" in export


def test_notice_list_empty_says_what_will_stand_here(client):
    client.force_login(UserFactory())

    assert "No notices yet" in text_of(client.get(at("notice_list")))


@pytest.mark.parametrize("notices", [1, 3])
def test_notice_list_query_count(client, django_assert_num_queries, notices):
    me = UserFactory()
    NoticeFactory.create_batch(notices, recipient=me)
    client.force_login(me)

    with django_assert_num_queries(8):  # user; count, all, topics, unread, page; unread, mandates
        client.get(at("notice_list"))


def test_notice_open_marks_read_and_goes_there(client):
    notice = NoticeFactory(url="/universities/")
    client.force_login(notice.recipient)

    answer = client.get(at("notice_open", notice.reference))

    notice.refresh_from_db()
    assert (answer.url, notice.read_at is None) == ("/universities/", False)


@pytest.mark.parametrize("url", ["", "https://elsewhere.example/", "//elsewhere.example/"])
def test_notice_open_leads_nowhere_else(client, url):
    notice = NoticeFactory(url=url)
    client.force_login(notice.recipient)

    assert client.get(at("notice_open", notice.reference)).url == at("notice_list")


@pytest.mark.parametrize(("name", "method"), [("notice_open", "get"), ("notice_read", "post")])
def test_notice_of_somebody_else_is_not_there(client, name, method):
    notice = NoticeFactory()
    client.force_login(UserFactory())

    assert getattr(client, method)(at(name, notice.reference)).status_code == 404
    assert Notice.objects.unread().count() == 1


def test_notice_read_answers_htmx_with_the_list(client):
    notice = NoticeFactory()
    client.force_login(notice.recipient)

    page = client.post(at("notice_read", notice.reference), headers={"HX-Request": "true"})

    assert "<html" not in text_of(page)
    assert "Mark as read" not in text_of(page)


def test_notice_read_all_keeps_the_filters(client):
    me = UserFactory()
    NoticeFactory.create_batch(2, recipient=me)
    NoticeFactory()
    client.force_login(me)

    answer = client.post(at("notice_read_all") + "?topic=people")

    assert (answer.url, Notice.objects.unread().count()) == (at("notice_list") + "?topic=people", 1)


def test_preferences_shows_and_keeps_each_topic(client):
    me = UserFactory()
    PreferenceFactory(user=me, topic="desk", rhythm="weekly")
    client.force_login(me)
    form = client.get(at("preferences")).context["form"]
    assert (form["desk"].initial, form["people"].initial) == ("weekly", "at_once")

    client.post(at("preferences"), dict.fromkeys(form.fields, "daily"))

    assert set(Preference.objects.filter(user=me).values_list("rhythm", flat=True)) == {"daily"}
    assert Preference.objects.count() == len(form.fields)


def test_preferences_unknown_rhythm_is_refused(client):
    client.force_login(UserFactory())

    page = client.post(at("preferences"), {"people": "hourly"})

    assert "hourly is not one of the available choices" in text_of(page)


def unsubscribe_path(user, *topics):
    return mails.unsubscribe_url(user.pk, list(topics)).split("8000")[-1]


def test_unsubscribe_looking_changes_nothing(client):
    user = UserFactory()

    page = client.get(unsubscribe_path(user, "desk"))

    assert "On Files on my desk nothing more will come by e-mail." in text_of(page)
    assert not Preference.objects.exists()


def test_unsubscribe_one_click_needs_no_sign_in_and_no_token_of_a_form(client):
    user = UserFactory()
    strict = Client(enforce_csrf_checks=True)

    page = strict.post(unsubscribe_path(user, "desk", "people"), {"List-Unsubscribe": "One-Click"})

    assert page.status_code == 200
    assert set(Preference.objects.values_list("user", "topic", "rhythm")) == {
        (user.pk, "desk", "never"),
        (user.pk, "people", "never"),
    }


def test_unsubscribe_forged_link_is_not_there(client):
    assert client.post(at("unsubscribe", "WzEsWyJkZXNrIl1d:forged")).status_code == 404


# the secretariat's pages


@pytest.mark.parametrize(("role", "status"), [("secretariat", 200), ("official", 403), ("president", 403)])
@pytest.mark.parametrize("name", ["job_list", "mail_list"])
def test_desk_pages_are_the_secretariats(client, settings, name, role, status):
    settings.DEMO = True
    client.force_login(person_as(role))

    assert client.get(at(name)).status_code == status


def test_job_list_says_how_each_job_went(client):
    JobRunFactory(name="notifications.deliver_due", result="sent 3, postponed 0, given up 0")
    JobRunFactory(name="notifications.send_digests", is_good=False, result="OSError: refused")
    DeliveryFactory(given_up=True)
    client.force_login(person_as("secretariat"))

    page = text_of(client.get(at("job_list")))

    assert all(words in page for words in ("sent 3, postponed 0", "OSError: refused", "15 minutes", "30 seconds"))
    assert re.search(r"given up</dt>\s*<dd>\s*1", page)


def test_job_list_says_in_words_how_often_each_runs(client, settings):
    schedules = {
        "30 seconds": 30.0,
        "1 minute": 60.0,
        "5 minutes": 300.0,
        "15 minutes": crontab(minute="*/15"),
        "hour, at minute 5": crontab(minute=5),
    }
    settings.CELERY_BEAT_SCHEDULE = {
        words: {"task": "notifications.deliver_due", "schedule": schedule} for words, schedule in schedules.items()
    }
    client.force_login(person_as("secretariat"))

    jobs = client.get(at("job_list")).context["jobs"]

    assert {job["title"]: job["rhythm"] for job in jobs} == {words: words for words in schedules}


def test_mail_pages_are_not_there_outside_the_demo(client, settings):
    settings.DEMO = False
    mail = CaughtMailFactory()
    client.force_login(person_as("secretariat"))

    statuses = [client.get(url).status_code for url in (at("mail_list"), at("mail_detail", mail.reference))]
    assert statuses == [404, 404]


def test_mail_list_search(client, settings):
    settings.DEMO = True
    wanted = CaughtMailFactory(recipients=["anna@kth.se"])
    CaughtMailFactory()
    client.force_login(person_as("secretariat"))

    assert list(client.get(at("mail_list"), {"q": "anna@"}).context["page_obj"]) == [wanted]


@pytest.mark.parametrize("mails_kept", [1, 3])
def test_mail_list_query_count(client, settings, django_assert_num_queries, mails_kept):
    settings.DEMO = True
    CaughtMailFactory.create_batch(mails_kept)
    client.force_login(person_as("secretariat"))

    with django_assert_num_queries(6):  # user, mandates; count, all, page; unread
        client.get(at("mail_list"))


def test_mail_detail_links_can_be_followed_and_markup_is_text(client, settings):
    settings.DEMO = True
    mail = CaughtMailFactory(text="Follow http://localhost:8000/x/ now <script>alert(1)</script> javascript:alert(1)")
    client.force_login(person_as("secretariat"))

    page = text_of(client.get(at("mail_detail", mail.reference)))

    assert '<a href="http://localhost:8000/x/" rel="nofollow">' in page
    assert ("<script>alert" in page, 'href="javascript' in page) == (False, False)
