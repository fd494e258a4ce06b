"""Bodies and events in the administration: pages open, spreadsheets come in with rows and columns named."""

import pytest
from django.contrib.admin import site
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from policy.models import Body, Event
from tests.factories.members import UniversityFactory, UserFactory, person_as
from tests.factories.policy import (
    EventFactory,
    InvitationFactory,
    MaterialFactory,
    ProgrammeItemFactory,
    RegistrationFactory,
    SeatFactory,
    SeriesFactory,
)

pytestmark = pytest.mark.django_db
ROWS = {
    "body": lambda: SeatFactory().body,
    "bodymembership": SeatFactory,
    "event": lambda: ProgrammeItemFactory().event,
    "eventinvitation": InvitationFactory,
    "eventseries": SeriesFactory,
    "material": MaterialFactory,
    "registration": RegistrationFactory,
}


@pytest.fixture
def admin(client):
    user = UserFactory(administrator=True)
    client.force_login(user)
    return user


@pytest.mark.parametrize("name", ROWS)
@pytest.mark.ignore_template_errors
def test_admin_shows_list_search_record_and_history(client, admin, name):
    row = ROWS[name]()
    pages = [
        reverse(f"admin:policy_{name}_changelist"),
        reverse(f"admin:policy_{name}_changelist") + "?q=somebody",
        reverse(f"admin:policy_{name}_change", args=[row.pk]),
        reverse(f"admin:policy_{name}_history", args=[row.pk]),
    ]

    assert [client.get(page).status_code for page in pages] == [200] * 4


@pytest.mark.parametrize("name", ROWS)
def test_admin_is_closed_to_others(client, name):
    client.force_login(person_as("head"))

    assert client.get(reverse(f"admin:policy_{name}_changelist")).status_code in (302, 403)


def bring(client, name, text):
    sheet = SimpleUploadedFile("rows.csv", text.encode(), content_type="text/csv")
    return client.post(reverse(f"admin:policy_{name}_import"), {"format": "0", "import_file": sheet})


@pytest.mark.ignore_template_errors
def test_import_of_bodies_names_row_and_column_and_changes_nothing(client, admin):
    response = bring(client, "body", "slug,name,kind\nmobility,Mobility,club\n")

    html = response.content.decode()
    assert ("club" in html, Body.objects.count()) == (True, 0)


@pytest.mark.ignore_template_errors
def test_import_of_events_names_an_unknown_host(client, admin):
    response = bring(
        client, "event",
        "slug,title,host,time_zone,starts_at,ends_at,audience\n,Staff week,nowhere,Europe/Rome,"
        "2030-05-06 09:00:00,2030-05-07 17:00:00,members\n",
    )  # fmt: skip

    assert ("nowhere" in response.content.decode(), Event.objects.count()) == (True, 0)


def typed(event, **changes):
    """The page of an event in the administration, as a browser sends it."""
    data = {
        "title": event.title, "time_zone": event.time_zone, "audience": event.audience, "takes_registrations": "on",
        "quota": event.quota, "contact_name": event.contact_name, "contact_email": event.contact_email,
        "starts_at_0": event.starts_at.date(), "starts_at_1": "10:00", "ends_at_0": event.ends_at.date(),
        "ends_at_1": "20:00",
    }  # fmt: skip
    for rows in ("programme", "questions"):
        data |= {f"{rows}-TOTAL_FORMS": 0, f"{rows}-INITIAL_FORMS": 0}
    return data | changes


@pytest.mark.ignore_template_errors
def test_admin_lets_the_waiting_list_move_up_when_the_quota_grows(client, admin):
    event = EventFactory(published=True, quota=1, full=True)
    waiting = RegistrationFactory(event=event, waiting=True)

    response = client.post(reverse("admin:policy_event_change", args=[event.pk]), typed(event, quota=2))

    waiting.refresh_from_db()
    assert (response.status_code, waiting.state) == (302, "approved")


def test_admin_says_at_the_field_that_more_people_come_than_places_are_offered(rf, admin):
    event = EventFactory(published=True, quota=2, full=True)
    request = rf.get("/")
    request.user = admin
    form = site.get_model_admin(Event).get_form(request, event)

    assert form(typed(event, quota=1), instance=event).errors["quota"] == ["2 people come; offer at least those."]
    assert "quota" not in form(typed(event, quota=2), instance=event).errors


@pytest.mark.ignore_template_errors
def test_export_of_registrations_leaves_answers_to_the_organisers(client, admin):
    RegistrationFactory(answers={"1": "vegan"})
    url = reverse("admin:policy_registration_export")
    columns = [name for name in client.get(url).context["form"].fields if name.startswith("registrationresource_")]

    response = client.post(url, {"format": "0", "resource": "", **dict.fromkeys(columns, "on")})

    assert (b"asked" in response.content, b"vegan" in response.content) == (True, False)


@pytest.mark.parametrize(("act", "state"), [("publish_chosen", "published"), ("archive_chosen", "archived")])
@pytest.mark.ignore_template_errors
def test_acts_on_chosen_events_are_previewed_then_done_and_say_what_they_refuse(client, admin, act, state):
    fits = EventFactory(title="Fits")
    other = (
        EventFactory(title="Other", summary="") if state == "published" else RegistrationFactory(approved=True).event
    )
    address, data = reverse("admin:policy_event_changelist"), {"action": act, "_selected_action": [fits.pk, other.pk]}

    def states():
        return [Event.objects.get(pk=event.pk).state for event in (fits, other)]

    client.post(address, data)
    assert states() == ["draft", other.state]
    answer = client.post(address, data | {"confirmed": "yes"}, follow=True)

    assert states() == [state, other.state]
    why = "Still missing: what it is about." if state == "published" else "Cancel the event first"
    assert [why in str(message) for message in answer.context["messages"]] == [True, False]


@pytest.mark.ignore_template_errors
def test_imported_event_is_a_draft_with_an_address_of_its_own(client, admin):
    body, host = SeatFactory().body, UniversityFactory()
    preview = bring(
        client, "event",
        f"slug,title,body,host,time_zone,starts_at,ends_at,audience\n,Staff week,{body.slug},{host.slug},Europe/Rome,"
        "2030-05-06 09:00:00,2030-05-07 17:00:00,members\n",
    )  # fmt: skip

    client.post(reverse("admin:policy_event_process_import"), preview.context["confirm_form"].initial)

    event = Event.objects.get()
    assert (event.slug, event.state, event.body, event.host) == ("staff-week-2030-05", "draft", body, host)
