"""People in the administration: what the secretariat sees, changes, imports, and what not."""

import io

import pytest
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone

from members.actions import people
from members.acts import Refused
from members.admin.base import ReadOnlyAdmin
from members.models import Act, Mandate
from notifications.models import Delivery, Notice
from tests.factories.members import (
    DEMO_PASSWORD,
    ApiTokenFactory,
    MandateFactory,
    StudentProfileFactory,
    UniversityFactory,
    UserFactory,
    person_as,
)
from tests.factories.notifications import DeliveryFactory, JobRunFactory
from tests.factories.people import InvitationFactory

NOW = timezone.now()
pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]  # unfold's own templates


def at(model, page="changelist", *args):
    return reverse(f"admin:{model}_{page}", args=args)


@pytest.fixture
def curator(sign_in):
    """A member of the secretariat who gave the password a moment ago."""
    person = person_as("secretariat")
    sign_in(person)
    return person


def import_mandates(client, *lines):
    sheet = io.BytesIO("\n".join(["person,role,university,starts_on,ends_on", *lines]).encode())
    sheet.name = "mandates.csv"
    return client.post(at("members_mandate", "import"), {"import_file": sheet, "format": "0"})


@pytest.mark.parametrize(
    "make", [UserFactory, MandateFactory, InvitationFactory, StudentProfileFactory, DeliveryFactory, JobRunFactory]
)
@pytest.mark.parametrize("rows", [1, 3])
def test_lists_and_pages_open(client, curator, make, rows):
    made = make.create_batch(rows) if make is not JobRunFactory else [make()]
    model = made[0]._meta.label_lower.replace(".", "_")

    pages = [client.get(at(model)), client.get(at(model, "change", made[0].pk))]

    assert [page.status_code for page in pages] == [200, 200]


@pytest.mark.parametrize("model", ["members_user", "members_mandate", "notifications_delivery"])
def test_closed_to_other_staff(client, model):
    client.force_login(UserFactory(is_staff=True))

    assert client.get(at(model)).status_code == 403


def test_student_profile_shows_no_grades(client, curator):
    profile = StudentProfileFactory(complete=True, confirmed=True, grade_average="27.31")

    page = client.get(at("members_studentprofile", "change", profile.pk)).content.decode()

    assert "27.31" not in page
    assert "Electrical engineering" not in page


def test_user_secretariat_makes_no_administrators(client, curator):
    user = UserFactory()
    given = {"given_name": "Ada", "family_name": "Berg", "is_superuser": "on", "is_staff": "on"}
    empty = {
        f"{prefix}-{name}_FORMS": "0" for prefix in ("emailaddress_set", "mandates") for name in ("TOTAL", "INITIAL")
    }

    client.post(at("members_user", "change", user.pk), {**given, **empty})

    user.refresh_from_db()
    assert (user.given_name, user.is_superuser, user.is_staff) == ("Ada", False, False)


def test_close_account_ends_its_sessions(client):
    user = UserFactory(email="anna@kth.se", verified=True)
    client.post(reverse("account_login"), {"login": "anna@kth.se", "password": DEMO_PASSWORD})
    client.get(reverse("usersessions_list"))

    people.close_account(user=user, by=UserFactory(administrator=True), now=NOW)

    assert not UserSession.objects.exists()
    assert client.get(reverse("people:my_mandates")).status_code == 302


@pytest.mark.parametrize(
    ("who", "sentence"),
    [("self", "your own account"), ("administrator", "Only an administrator"), ("closed", "already")],
)
def test_close_account_refused(who, sentence):
    by = UserFactory()
    users = {"self": by, "administrator": UserFactory(administrator=True), "closed": UserFactory(is_active=False)}

    with pytest.raises(Refused, match=sentence):
        people.close_account(user=users[who], by=by, now=NOW)


def test_an_open_account_cannot_be_opened_again():
    with pytest.raises(Refused, match="This account is open"):
        people.reopen_account(user=UserFactory(), by=UserFactory())


def test_close_and_reopen_by_bulk_action_after_a_preview(client, curator):
    user = UserFactory()
    chosen = {"action": "close_chosen", "_selected_action": [user.pk]}

    preview = client.post(at("members_user"), chosen)
    user.refresh_from_db()
    assert ("They can no longer sign in" in preview.content.decode(), user.is_active) == (True, True)
    client.post(at("members_user"), {**chosen, "confirmed": "yes"})
    user.refresh_from_db()
    assert not user.is_active

    client.post(at("members_user"), {"action": "reopen_chosen", "_selected_action": [user.pk], "confirmed": "yes"})

    user.refresh_from_db()
    assert user.is_active


def test_end_mandates_by_bulk_action_tells_the_holder(client, curator):
    mandate = MandateFactory()

    client.post(at("members_mandate"), {"action": "end_chosen", "_selected_action": [mandate.pk], "confirmed": "yes"})

    mandate.refresh_from_db()
    assert mandate.ends_on is not None
    assert Notice.objects.filter(recipient=mandate.person).count() == 1


def test_import_mandates_dry_run_first_then_told(client, curator):
    UserFactory(email="ada@kth.se")
    UniversityFactory(slug="kth", short_name="KTH")

    preview = import_mandates(client, "Ada@KTH.se,exchange,kth,2027-01-01,2027-12-31")
    assert not Mandate.objects.filter(role="exchange").exists()
    client.post(at("members_mandate", "process_import"), preview.context["confirm_form"].initial)

    mandate = Mandate.objects.get(role="exchange")
    assert (str(mandate.ends_on), mandate.given_by) == ("2027-12-31", curator)
    assert Notice.objects.get(recipient=mandate.person).subject == "You are Exchange coordinator, KTH"


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("nobody@kth.se,exchange,kth,2027-01-01,", "There is no user “nobody@kth.se”."),
        ("ada@kth.se,exchange,nowhere,2027-01-01,", "There is no university “nowhere”."),
        ("ada@kth.se,king,kth,2027-01-01,", "is not a valid choice"),
        ("ada@kth.se,exchange,kth,1 May,", "could not be parsed"),
        ("ada@kth.se,exchange,kth,2027-12-31,2027-01-01", "The first day must not be after the last day."),
        ("ada@kth.se,official,kth,2027-01-01,", "This university has an official in that time"),
        ("ada@kth.se,secretariat,kth,2027-01-01,", "a role of the consortium has none"),
    ],
)
def test_import_mandates_wrong_rows_are_named_and_change_nothing(client, curator, line, says):
    UserFactory(email="ada@kth.se")
    person_as("official", UniversityFactory(slug="kth"))
    before = Mandate.objects.count()

    page = import_mandates(client, line)

    assert says in page.content.decode()
    assert (Mandate.objects.count(), "confirm_form" in page.context) == (before, False)


def test_outbox_retry_after_a_preview(client, curator):
    delivery = DeliveryFactory(given_up=True)
    waiting = DeliveryFactory(state=Delivery.State.WAITING)
    chosen = {"action": "retry_chosen", "_selected_action": [delivery.pk, waiting.pk], "confirmed": "yes"}

    page = client.post(at("notifications_delivery"), chosen, follow=True)

    delivery.refresh_from_db()
    assert delivery.state == Delivery.State.WAITING
    assert "Only a delivery that was given up can be tried again." in page.content.decode()


def test_outbox_shows_no_text_of_letters(client, curator):
    delivery = DeliveryFactory(notice__body="Your average was too low.")

    pages = [client.get(at("notifications_delivery")), client.get(at("notifications_delivery", "change", delivery.pk))]

    assert not any("Your average was too low." in page.content.decode() for page in pages)


def test_close_account_ends_its_keys_to_the_api_for_good():
    token, ended = ApiTokenFactory(), ApiTokenFactory(revoked=True)
    user = token.user
    ended.user = user
    ended.save()
    before = ended.revoked_at

    people.close_account(user=user, by=UserFactory(administrator=True), now=NOW)
    people.reopen_account(user=user, by=UserFactory(administrator=True))

    token.refresh_from_db()
    ended.refresh_from_db()
    assert (token.revoked_at, ended.revoked_at) == (NOW, before)


@pytest.mark.parametrize(
    ("ends_on", "logged", "says"),
    [("2028-06-30", "mandate.ended", "Last day set to 30 June 2028"), ("", "mandate.prolonged", "Last day taken away")],
)
def test_import_mandates_another_last_day_is_told_as_that_and_not_as_a_new_mandate(
    client, curator, ends_on, logged, says
):
    mandate = MandateFactory(
        person__email="ada@kth.se", university__slug="kth", starts_on="2027-01-01", ends_on="2027-12-31"
    )

    preview = import_mandates(client, f"ada@kth.se,exchange,kth,2027-01-01,{ends_on}")
    client.post(at("members_mandate", "process_import"), preview.context["confirm_form"].initial)

    mandate.refresh_from_db()
    assert (str(mandate.ends_on or ""), mandate.given_by) == (ends_on, None)
    assert [act.kind for act in Act.objects.about(mandate)] == [logged]
    assert says in client.get(mandate.get_absolute_url()).content.decode()
    assert mandate.person.notices.count() == (1 if ends_on else 0)


READ_ONLY = {model: page for model, page in admin.site._registry.items() if isinstance(page, ReadOnlyAdmin)}


@pytest.mark.parametrize("model", READ_ONLY, ids=lambda model: model._meta.label)
def test_an_export_holds_no_column_that_its_page_leaves_out(rf, model):
    page = READ_ONLY[model]

    [resource] = page.get_resource_classes(rf.get("/"))

    assert not {*resource.fields} & {*(page.exclude or ())}
    if page.fields and not page.resource_classes:
        assert {*resource.fields} <= {*page.fields}


@pytest.mark.parametrize(
    ("model", "columns"), [("members.enquiry", {"text", "sender_email"}), ("members.apitoken", {"digest"})]
)
def test_the_words_of_letters_and_what_a_key_is_known_by_are_in_no_export(rf, model, columns):
    page = next(page for found, page in READ_ONLY.items() if found._meta.label_lower == model)

    [resource] = page.get_resource_classes(rf.get("/"))

    assert not {*resource.fields} & columns
    assert resource.fields


def test_acts_on_rights_ask_for_the_password_and_then_go_on(client):
    mandate = MandateFactory()
    client.force_login(person_as("secretariat"))
    chosen = {"action": "end_chosen", "_selected_action": [mandate.pk], "confirmed": "yes"}

    asked = client.post(at("members_mandate"), chosen)
    mandate.refresh_from_db()
    before = mandate.ends_on
    client.post(asked.url, {"password": DEMO_PASSWORD, "next": at("members_mandate")})
    mandate.refresh_from_db()

    assert asked.url.startswith(reverse("account_reauthenticate"))
    assert (before, mandate.ends_on is None) == (None, False)


def test_importing_mandates_asks_for_the_password_before_the_file(client):
    client.force_login(person_as("secretariat"))

    answer = client.get(at("members_mandate", "import"))

    assert answer.url.startswith(reverse("account_reauthenticate"))


def test_import_mandates_one_that_was_taken_back_is_given_anew(client, curator):
    row = {"person__email": "ada@kth.se", "university__slug": "kth", "starts_on": "2027-01-01"}
    taken = MandateFactory(**row, taken_back_at=timezone.now())

    preview = import_mandates(client, "ada@kth.se,exchange,kth,2027-01-01,")
    client.post(at("members_mandate", "process_import"), preview.context["confirm_form"].initial)

    given = Mandate.objects.standing().get(person=taken.person)
    assert (given.pk != taken.pk, given.given_by) == (True, curator)
    taken.refresh_from_db()
    assert taken.taken_back_at


def test_export_of_mandates_leaves_out_those_that_were_taken_back(client, curator):
    MandateFactory(person__email="stays@kth.se")
    MandateFactory(person__email="gone@kth.se", taken_back_at=timezone.now())
    columns = {f"mandateresource_{name}": "on" for name in ("person", "role", "university", "starts_on", "ends_on")}

    sheet = client.post(at("members_mandate", "export"), {"resource": "0", "format": "0", **columns}).content.decode()

    assert "stays@kth.se" in sheet
    assert "gone@kth.se" not in sheet


def test_the_page_of_an_account_says_which_of_its_mandates_were_taken_back(client, curator):
    mandate = MandateFactory(taken_back_at="2026-02-03T12:00:00Z")

    page = client.get(at("members_user", "change", mandate.person.pk)).content.decode()

    assert "Feb. 3, 2026" in page or "3 February 2026" in page or "2026-02-03" in page
