"""Saved searches: kept once, told once, whatever runs twice or late."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from funding import actions
from funding.models import Call
from members.acts import Refused
from notifications import searches, tasks
from notifications.models import Notice, SavedSearch
from tests.factories.exchange import PlacementFactory
from tests.factories.funding import CallFactory
from tests.factories.members import CountryFactory, MandateFactory, UniversityFactory, UserFactory
from tests.factories.notifications import SavedSearchFactory
from tests.factories.policy import EventFactory
from tests.factories.practices import practice_of
from tests.factories.programmes import CourseFactory, programme_between

pytestmark = pytest.mark.django_db

NOW = timezone.now()
LIST, NEW = "/notifications/searches/", "/notifications/searches/new/"


def save(user=None, query="", rhythm="at_once", catalogue="calls"):
    search = SavedSearch(catalogue=catalogue, query=query, name="Open calls", rhythm=rhythm)
    return searches.save_search(search=search, by=user or UserFactory(), now=NOW)


def look(search, at=NOW + timedelta(hours=1)):
    return searches.look_again(search=search, now=at)


def told(user):
    return list(Notice.objects.filter(recipient=user).order_by("pk").values_list("subject", flat=True))


# keeping


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("?status=open&q=", "status=open"),
        ("q=b&status=open&page=3&export=csv", "q=b&status=open"),
        ("status=open&status=closed", "status=closed&status=open"),
        ("status=closed&status=open&status=open", "status=closed&status=open"),
        ("q=%00", ""),
        ("", ""),
    ],
)
def test_equal_searches_are_equal_texts(typed, kept) -> None:
    assert searches.tidy(typed) == kept


def test_the_same_search_is_saved_once() -> None:
    user = UserFactory()
    save(user, "status=open&q=engines")

    with pytest.raises(Refused, match="already"):
        save(user, "q=engines&status=open&page=2")
    with pytest.raises(IntegrityError, match="a_search_is_saved_once"), transaction.atomic():
        SavedSearchFactory(user=user, query="q=engines&status=open")


def test_a_rhythm_is_one_of_those_known() -> None:
    with pytest.raises(IntegrityError, match="rhythm_known"), transaction.atomic():
        SavedSearchFactory(rhythm="hourly")


def test_unknown_lists_and_too_many_searches_are_refused() -> None:
    user = UserFactory()
    with pytest.raises(Refused, match="cannot be saved"):
        save(user, catalogue="secrets")

    SavedSearchFactory.create_batch(searches.MOST_PER_PERSON, user=user)
    with pytest.raises(Refused, match="delete one first"):
        save(user)


def test_a_search_says_what_it_is_narrowed_to() -> None:
    CallFactory(open=True)

    assert save(query="status=open&line=HE-RIA&q=engines").narrowed_to == (
        "“engines”, Open, Research and innovation action"
    )


# telling


def test_what_is_there_is_known_and_what_comes_is_news() -> None:
    CallFactory(open=True, title="Old")
    search = save()
    CallFactory(open=True, title="New")

    assert look(search) == 1

    notice = Notice.objects.get(recipient=search.user)
    assert notice.subject == "One find in “Open calls”"
    assert "– New" in notice.body
    assert "Old" not in notice.body
    assert notice.url == "/funding/calls/"


def test_search_whose_address_is_longer_than_a_notice_keeps_leads_to_ones_searches() -> None:
    search = save(query="".join(f"&status={number:04d}" for number in range(60)) + "&status=open")
    CallFactory(open=True)

    assert look(search) == 1

    notice = Notice.objects.get(recipient=search.user)
    assert (len(search.address) > 300, notice.url) == (True, LIST)


def test_search_that_finds_more_than_it_remembers_hears_of_what_comes_and_not_of_what_moves_up(monkeypatch) -> None:
    monkeypatch.setattr(searches, "MOST_MATCHES", 2)
    calls = CallFactory.create_batch(3, open=True)
    search = save()

    CallFactory(open=True)
    assert look(search) == 1
    Call.objects.filter(pk=calls[-1].pk).update(state="archived")
    assert look(search, NOW + timedelta(hours=2)) == 0


def test_saving_twice_at_once_queues_at_the_person() -> None:
    user = UserFactory()

    with CaptureQueriesContext(connection) as found:
        save(user)

    sql = [query["sql"] for query in found if not query["sql"].startswith("SAVEPOINT")]
    assert ('FOR NO KEY UPDATE OF "members_user"' in sql[0]) is True


def test_looking_twice_tells_once() -> None:
    search = save()
    CallFactory(open=True)

    assert [look(search), look(search), look(search, NOW + timedelta(days=30))] == [1, 0, 0]
    assert len(told(search.user)) == 1


def test_a_job_killed_before_its_end_tells_later() -> None:
    search = save()
    CallFactory(open=True)

    with transaction.atomic():
        look(search)
        transaction.set_rollback(True)
    assert told(search.user) == []

    assert look(search) == 1
    assert len(told(search.user)) == 1


def test_a_change_that_matters_is_news_and_a_typo_is_not() -> None:
    call = CallFactory(open=True, title="Engines")
    search = save()
    secretariat = MandateFactory(secretariat=True).person
    call = Call.objects.select_related("programme").get(pk=call.pk)

    call.summary = "Better words."
    actions.change_call(call=call, version=1, by=secretariat, now=NOW + timedelta(minutes=1))
    assert look(search) == 0

    call.budget_total = 9_000_000
    actions.change_call(call=call, version=2, by=secretariat, now=NOW + timedelta(minutes=2))
    assert look(search) == 1
    assert "– Engines (changed)" in Notice.objects.get(recipient=search.user).body


def test_time_alone_brings_news() -> None:
    """A call that opens matches “open” from that moment on, though nobody touched it."""
    CallFactory(forthcoming=True)
    search = save(query="status=open")

    assert look(search) == 0
    assert look(search, NOW + timedelta(days=11)) == 1


def test_what_leaves_and_comes_back_is_news_again() -> None:
    call = CallFactory(open=True)
    search = save()
    Call.objects.filter(pk=call.pk).update(state="archived")
    assert look(search) == 0

    Call.objects.filter(pk=call.pk).update(state="published")
    assert look(search) == 1


def test_a_search_sees_with_its_owner_s_eyes() -> None:
    search = save(query="follow=yes")
    call = CallFactory(open=True)
    assert look(search) == 0

    actions.follow_call(call=call, by=search.user)
    assert look(search) == 1


@pytest.mark.parametrize(
    ("rhythm", "hours", "due"),
    [("at_once", 0, True), ("daily", 23, False), ("daily", 24, True), ("weekly", 167, False), ("weekly", 168, True),
     ("never", 10_000, False)],
)  # fmt: skip
def test_rhythms(rhythm, hours, due) -> None:
    search = save(rhythm=rhythm)

    assert SavedSearch.objects.due(NOW + timedelta(hours=hours)).filter(pk=search.pk).exists() is due


def test_nobody_is_told_before_the_rhythm_says_so() -> None:
    search = save(rhythm="weekly")
    CallFactory(open=True)

    assert [look(search, NOW + timedelta(days=days)) for days in (1, 7)] == [0, 1]


def test_waking_a_sleeping_search_begins_from_today() -> None:
    search = save(rhythm="never")
    CallFactory(open=True)
    search.rhythm = "at_once"

    searches.change_search(search=search, now=NOW)

    assert look(search) == 0


def test_people_who_left_are_not_told() -> None:
    search = save()
    search.user.is_active = False
    search.user.save()
    CallFactory(open=True)

    assert look(search) == 0


def test_the_job_looks_for_every_search_that_is_due() -> None:
    CallFactory(open=True, title="Engines 7")
    found = SavedSearchFactory(query="q=engines")
    SavedSearchFactory(query="q=zebra")
    SavedSearchFactory(query="q=engines", rhythm="never")
    SavedSearchFactory(query="q=engines", looked_at=NOW)
    SavedSearchFactory(catalogue="gone", query="q=engines")

    assert tasks.look_for_searches() == "looked at 3"
    tasks.look_for_searches()

    assert Notice.objects.get().recipient == found.user


def test_many_finds_are_one_notice_that_names_the_first() -> None:
    search = save()
    CallFactory.create_batch(13, open=True)

    assert look(search) == 13

    notice = Notice.objects.get()
    assert notice.subject == "13 finds in “Open calls”"
    assert "and 3 more" in notice.body


@pytest.mark.parametrize(
    "catalogue", ["calls", "courses", "events", "placements", "practices", "programmes", "universities"]
)
def test_every_list_can_be_watched(catalogue) -> None:
    search = save(catalogue=catalogue)
    university = UniversityFactory(member=True, country=CountryFactory(code="SE"))
    CallFactory(open=True)
    CourseFactory(university=university)
    EventFactory(published=True)
    practice_of(university)
    PlacementFactory(published=True, host=university)
    programme_between(university, UniversityFactory(member=True))

    assert look(search) >= 1


# the pages


@pytest.mark.parametrize(
    ("path", "key"),
    [("/funding/calls/", "calls"), ("/exchange/placements/", "placements"), ("/programmes/", "programmes"),
     ("/courses/", "courses"), ("/universities/", "universities"), ("/policy/events/", "events"),
     ("/practices/", "practices")],
)  # fmt: skip
def test_every_list_offers_to_save_the_search(client, path, key) -> None:
    visitor = client.get(f"{path}?q=engines").content.decode()
    client.force_login(UserFactory())
    page = client.get(f"{path}?q=engines").content.decode()

    assert "Save this search" not in visitor
    assert f"{NEW}?list={key}&amp;q=q%3Dengines" in page


def test_saving_naming_and_coming_back(client) -> None:
    user = UserFactory()
    client.force_login(user)
    CallFactory(open=True)

    page = client.get(f"{NEW}?list=calls&q=status%3Dopen").content.decode()
    response = client.post(f"{NEW}?list=calls&q=status%3Dopen", {"name": "Open ones", "rhythm": "weekly"})

    search = SavedSearch.objects.get()
    assert 'value="Open"' in page
    assert response["Location"] == search.address == "/funding/calls/?status=open"
    assert (search.user, search.name, search.rhythm) == (user, "Open ones", "weekly")
    assert "Open ones" in client.get(LIST).content.decode()


@pytest.mark.parametrize("query", ["", "?list=nothing", "?list=calls%00"])
def test_an_unknown_list_leads_to_the_saved_searches(client, query) -> None:
    client.force_login(UserFactory())

    assert client.get(NEW + query)["Location"] == LIST


@pytest.mark.parametrize(
    "typed", [{"name": "", "rhythm": "daily"}, {"name": "x" * 121, "rhythm": "daily"}, {"name": "x", "rhythm": "x"}]
)
def test_bad_input_is_said_and_saves_nothing(client, typed) -> None:
    client.force_login(UserFactory())

    assert client.post(f"{NEW}?list=calls", typed).status_code == 422
    assert not SavedSearch.objects.exists()


def test_saving_again_is_refused_in_words(client) -> None:
    search = SavedSearchFactory(query="status=open")
    client.force_login(search.user)

    response = client.post(f"{NEW}?list=calls&q=status%3Dopen", {"name": "x", "rhythm": "daily"})

    assert "You have saved this search already." in response.content.decode()


def test_rename_change_the_rhythm_and_delete(client) -> None:
    search = SavedSearchFactory()
    client.force_login(search.user)
    edit, delete = (reverse(f"notifications:search_{act}", args=[search.reference]) for act in ("edit", "delete"))

    client.post(edit, {"name": "Renamed", "rhythm": "never"})
    search.refresh_from_db()
    assert (search.name, search.rhythm) == ("Renamed", "never")
    assert client.get(delete).status_code == 200

    client.post(delete)
    assert not SavedSearch.objects.exists()


def test_a_shared_search_is_seen_by_colleagues_and_changed_by_its_owner_alone(client) -> None:
    owner = MandateFactory(grants=True)
    search = SavedSearchFactory(user=owner.person, university=owner.university, name="Ours")
    SavedSearchFactory(user=owner.person, name="Mine alone")
    edit = reverse("notifications:search_edit", args=[search.reference])

    client.force_login(MandateFactory(head=True, university=owner.university).person)
    page = client.get(LIST).content.decode()
    assert "Ours" in page
    assert "Mine alone" not in page
    assert client.get(edit).status_code == 404

    client.force_login(MandateFactory(grants=True).person)
    assert "Ours" not in client.get(LIST).content.decode()


def test_a_search_cannot_be_shared_with_somebody_else_s_university(client) -> None:
    search = SavedSearchFactory(user=MandateFactory(grants=True).person)
    client.force_login(search.user)
    edit = reverse("notifications:search_edit", args=[search.reference])

    response = client.post(edit, {"name": "x", "rhythm": "daily", "university": UniversityFactory().pk})

    assert response.status_code == 422


@pytest.mark.parametrize("count", [1, 3])
def test_search_list_query_count(client, django_assert_num_queries, count) -> None:
    mandate = MandateFactory(grants=True)
    SavedSearchFactory.create_batch(count, user=mandate.person, university=mandate.university)
    client.force_login(mandate.person)

    with django_assert_num_queries(11):
        client.get(LIST)


def test_a_search_whose_list_is_gone_still_shows(client) -> None:
    search = SavedSearchFactory(catalogue="gone")
    client.force_login(search.user)

    assert "this list is no longer there" in client.get(LIST).content.decode()
    assert client.get(reverse("notifications:search_edit", args=[search.reference])).status_code == 404


@pytest.mark.ignore_template_errors
def test_export_of_saved_searches_leaves_what_was_found_to_their_owners(client) -> None:
    SavedSearchFactory(name="Engines", seen={"77": "a mark"})
    client.force_login(UserFactory(administrator=True))
    url = reverse("admin:notifications_savedsearch_export")
    columns = [name for name in client.get(url).context["form"].fields if name.startswith("savedsearchresource_")]

    response = client.post(url, {"format": "0", "resource": "", **dict.fromkeys(columns, "on")})

    assert (b"Engines" in response.content, b"a mark" in response.content) == (True, False)


def test_waking_a_search_whose_list_is_gone_is_refused_in_words() -> None:
    search = SavedSearchFactory(catalogue="vanished", rhythm="never")
    search.rhythm = "daily"

    with pytest.raises(Refused, match="no longer there"):
        searches.change_search(search=search, now=NOW)

    search.refresh_from_db()
    assert search.rhythm == "never"
