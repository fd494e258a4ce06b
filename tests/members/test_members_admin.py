"""The administration: who enters, every record's pages, imports that name row and column, previews before acts."""

import io
from datetime import timedelta

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.forms import modelform_factory
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from openpyxl import Workbook
from pghistory.models import Event, Events

from members.acts import Conflict
from members.models import Act, Contact, Fact, Identifier, Unit, University, User
from tests.factories.members import (
    DEMO_PASSWORD,
    ContactFactory,
    CountryFactory,
    FactsheetFactory,
    FactsheetTermFactory,
    IdentifierFactory,
    MandateFactory,
    PictureFactory,
    StudentProfileFactory,
    UnitFactory,
    UniversityDocumentFactory,
    UniversityFactory,
    UserFactory,
    person_as,
)

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

OURS = [
    model._meta.model_name
    for model, record in admin.site._registry.items()
    if record.__module__ in {"members.admin.universities", "members.admin.reference", "members.admin.tags"}
]


@pytest.fixture
def secretariat(client):
    person = person_as("secretariat", person__is_staff=True)
    client.force_login(person)
    return person


@pytest.mark.usefixtures("secretariat")
@pytest.mark.parametrize("model", OURS)
def test_the_secretariat_finds_every_record(client, model):
    response = client.get(reverse(f"admin:members_{model}_changelist"), {"q": "x"})

    assert response.status_code == 200


@pytest.mark.parametrize(("ended", "status"), [(False, 200), (True, 302)], ids=["in force", "ended"])
def test_a_mandate_of_the_secretariat_lets_in_for_as_long_as_it_lasts(client, ended, status):
    client.force_login(MandateFactory(secretariat=True, ended=ended).person)

    assert client.get(reverse("admin:index")).status_code == status


@pytest.mark.parametrize("staff", [True, False])
def test_nobody_else_enters(client, staff):
    client.force_login(UserFactory(is_staff=staff))

    response = client.get(reverse("admin:members_university_changelist"))

    assert response.status_code == (403 if staff else 302)


def signed_in_since(client, person, ago):
    """`person` signed in as people do, that long `ago`."""
    client.post(reverse("account_login"), {"login": person.email, "password": DEMO_PASSWORD})
    session = client.session
    for record in session[AUTHENTICATION_METHODS_SESSION_KEY]:
        record["at"] -= ago.total_seconds()
    session.save()


@pytest.mark.parametrize(("minutes", "status"), [(119, 200), (121, 302)])
def test_the_administration_asks_again_after_two_hours(client, minutes, status):
    person = MandateFactory(secretariat=True, person=UserFactory(verified=True)).person
    signed_in_since(client, person, timedelta(minutes=minutes))
    url = reverse("admin:members_university_changelist")

    response = client.get(url)

    assert response.status_code == status
    if status == 302:
        assert response.url.startswith(reverse("account_reauthenticate"))
        client.post(response.url, {"password": DEMO_PASSWORD, "next": url})
        assert client.get(url).status_code == 200


def test_who_has_nothing_to_prove_it_with_is_not_asked(client):
    person = person_as("secretariat", person__password=None)
    client.force_login(person)
    User.objects.update(last_login=timezone.now() - timedelta(days=3))

    assert client.get(reverse("admin:index")).status_code == 200


def test_who_may_not_enter_is_told_so_and_not_asked_for_a_password(client):
    client.force_login(person_as("official"))
    User.objects.update(last_login=timezone.now() - timedelta(days=3))

    response = client.get(reverse("admin:index"), follow=True)

    assert response.status_code == 403


def test_the_administration_has_no_sign_in_of_its_own(client):
    response = client.get(reverse("admin:login"), {"next": "/admin/"})

    assert response.status_code == 302
    assert response.url.startswith(reverse("account_login"))


@pytest.mark.usefixtures("secretariat")
def test_scripts_of_the_administration_may_run_there_and_only_there(client):
    inside = client.get(reverse("admin:members_university_changelist"))
    outside = client.get(reverse("members:university_list"))

    assert "'unsafe-eval'" in inside["Content-Security-Policy"]
    assert "'unsafe-eval'" not in outside["Content-Security-Policy"]


@pytest.mark.usefixtures("secretariat")
def test_a_university_is_edited_with_everything_on_tabs(client):
    university = UniversityFactory(member=True)
    IdentifierFactory(university=university)

    response = client.get(reverse("admin:members_university_change", args=[university.pk]))

    assert response.status_code == 200
    assert len(response.context["inline_admin_formsets"]) == 5


@pytest.mark.usefixtures("secretariat")
def test_the_history_shows_changes_that_the_administration_did_not_make(client):
    university = UniversityFactory()
    University.objects.filter(pk=university.pk).update(summary="By a script")

    html = client.get(reverse("admin:members_university_history", args=[university.pk])).content.decode()

    assert "<ins>By a script</ins>" in html


def as_the_page_has_it(page):
    """What the browser would send of a page that nobody changed."""
    forms = [page.context["adminform"].form]
    for shown in page.context["inline_admin_formsets"]:
        forms += [shown.formset.management_form, *shown.formset.forms]
    data = {}
    for form in forms:
        for bound in form:
            value = bound.value()
            if isinstance(value, bool):
                data |= {bound.html_name: "on"} if value else {}
            elif value is not None:
                data[bound.html_name] = value
    return data


@pytest.mark.usefixtures("secretariat")
@pytest.mark.parametrize(("model", "make"), [("university", UniversityFactory), ("factsheet", FactsheetFactory)])
def test_saving_here_is_a_conflict_for_whoever_edits_the_public_page(client, model, make):
    row = make()
    address = reverse(f"admin:members_{model}_change", args=[row.pk])
    typed = as_the_page_has_it(client.get(address)) | {"website": "https://new.example/"}

    assert client.post(address, typed).status_code == 302

    now = type(row).objects.get()
    assert (now.website, now.version) == ("https://new.example/", row.version + 1)
    with pytest.raises(Conflict), transaction.atomic():
        row.save_over(row.version)


@pytest.mark.usefixtures("secretariat")
def test_a_deadline_changed_here_is_a_conflict_for_whoever_edits_the_factsheet(client):
    term = FactsheetTermFactory()
    address = reverse("admin:members_factsheet_change", args=[term.factsheet.pk])
    typed = as_the_page_has_it(client.get(address)) | {"terms-0-academic_year": 2031}
    for name in ("nominations_close_at", "applications_close_at"):
        typed |= {f"terms-0-{name}_0": "2031-04-15", f"terms-0-{name}_1": "12:00"}

    assert client.post(address, typed).status_code == 302

    term.refresh_from_db()
    assert (term.academic_year, term.factsheet.version) == (2031, 2)


def table(*rows):
    return "\n".join(",".join(row) for row in rows).encode()


def dry_run(client, model, content, name="rows.csv"):
    """Upload a file; CSV is the first format, XLSX the second."""
    kind = "1" if name.endswith("xlsx") else "0"
    return client.post(
        reverse(f"admin:members_{model}_import"), {"import_file": SimpleUploadedFile(name, content), "format": kind}
    )


def go_on(client, model, page):
    """Press the button below the preview."""
    return client.post(reverse(f"admin:members_{model}_process_import"), page.context["confirm_form"].initial)


UNIVERSITIES = ("slug", "short_name", "name", "country", "city", "time_zone")


@pytest.mark.usefixtures("secretariat")
def test_an_import_changes_nothing_before_it_is_confirmed_and_updates_by_slug(client):
    CountryFactory(code="SE")
    UniversityFactory(slug="kth", name="Old name")
    content = table(
        UNIVERSITIES,
        ("kth", "KTH", "New name", "SE", "Stockholm", "Europe/Stockholm"),
        ("lu", "Lund", "Lunds universitet", "SE", "Lund", "Europe/Stockholm"),
    )

    page = dry_run(client, "university", content)
    assert University.objects.get().name == "Old name"
    go_on(client, "university", page)

    assert sorted(University.objects.values_list("slug", "name", "version")) == [
        ("kth", "New name", 2),  # whoever edits its page meanwhile hears of it
        ("lu", "Lunds universitet", 1),
    ]


@pytest.mark.usefixtures("secretariat")
def test_factsheets_and_domains_come_from_a_sheet_by_their_university(client):
    sheet = FactsheetFactory(university__slug="kth", housing="Old words")
    content = table(("university", "housing"), ("kth", "New words"))
    go_on(client, "factsheet", dry_run(client, "factsheet", content))
    content = table(("domain", "university"), ("student.kth.example", "kth"), ("not a domain", "kth"))
    wrong = dry_run(client, "emaildomain", content).context["result"].invalid_rows
    go_on(client, "emaildomain", dry_run(client, "emaildomain", table(("domain", "university"), ("a.example", "kth"))))

    before = sheet.version
    sheet.refresh_from_db()
    assert (sheet.housing, sheet.version) == ("New words", before + 1)
    assert [row.number for row in wrong] == [2]
    assert list(sheet.university.email_domains.values_list("domain", flat=True)) == ["a.example"]


@pytest.mark.usefixtures("secretariat")
@pytest.mark.parametrize("model", ["account_emailaddress", "socialaccount_socialaccount", "usersessions_usersession"])
def test_what_other_packages_keep_of_accounts_is_read_only(client, model):
    assert client.get(reverse(f"admin:{model}_changelist"), {"q": "x"}).status_code == 200
    assert client.get(reverse(f"admin:{model}_add")).status_code == 403


@pytest.mark.parametrize("name", ["auth_group", "socialaccount_socialapp", "socialaccount_socialtoken"])
def test_what_nobody_needs_has_no_page(name):
    with pytest.raises(NoReverseMatch):
        reverse(f"admin:{name}_changelist")


@pytest.mark.usefixtures("secretariat")
def test_an_import_with_errors_names_row_and_column_and_changes_nothing(client):
    CountryFactory(code="SE")
    content = table(
        UNIVERSITIES,
        ("good", "Good", "Good university", "SE", "Stockholm", "Europe/Stockholm"),
        ("bad", "Bad", "Bad university", "XX", "Stockholm", "Europe/Nowhere"),
    )

    page = dry_run(client, "university", content)

    [row] = page.context["result"].invalid_rows
    html = page.content.decode()
    assert row.number == 2
    assert set(row.field_specific_errors) == {"country", "time_zone"}
    assert "There is no country “XX”." in html
    assert "“Europe/Nowhere” is not a time zone" in html
    assert not University.objects.exists()
    assert "confirm_form" not in page.context


@pytest.mark.usefixtures("secretariat")
def test_codes_in_a_workbook_are_checked_by_their_kind(client):
    UniversityFactory(slug="kth")
    book, content = Workbook(), io.BytesIO()
    book.active.append(["university", "scheme", "value", "of_parent"])
    book.active.append(["kth", "erasmus", "s stockho04", "0"])
    book.active.append(["kth", "pic", "999999999", "0"])
    book.active.append(["nobody", "pic", "999990946", "0"])
    book.save(content)

    page = dry_run(client, "identifier", content.getvalue(), "codes.xlsx")

    errors = {row.number: row.field_specific_errors for row in page.context["result"].invalid_rows}
    assert "check digits" in errors[2]["value"][0]
    assert errors[3]["university"] == ["There is no university “nobody”."]
    assert not Identifier.objects.exists()


@pytest.mark.usefixtures("secretariat")
def test_contacts_come_and_go_as_csv(client):
    contact = ContactFactory(university__slug="kth", name="Office")

    exported = client.post(
        reverse("admin:members_contact_export"),
        {"format": "0", "resource": "", **dict.fromkeys(["contactresource_university", "contactresource_name"], "on")},
    )
    page = dry_run(
        client,
        "contact",
        table(("university", "purpose", "name", "email"), ("kth", contact.purpose, "Office", "new@kth.example")),
    )
    go_on(client, "contact", page)

    assert exported.content.startswith(b"\xef\xbb\xbfuniversity,")
    assert f"kth,{contact.purpose},Office" in exported.content.decode()
    assert Contact.objects.get().email == "new@kth.example"


@pytest.mark.usefixtures("secretariat")
def test_two_rows_with_the_key_of_an_imported_one_are_named_in_words(client):
    university = UniversityFactory(slug="kth")
    for above in UnitFactory.create_batch(2, university=university):
        UnitFactory(university=university, parent=above, name="Library")

    page = dry_run(client, "unit", table(("university", "name", "code"), ("kth", "Library", "LIB")))

    assert "There are several with university “kth”, name “Library”" in page.content.decode()
    assert not Unit.objects.filter(code="LIB").exists()


@pytest.mark.usefixtures("secretariat")
@pytest.mark.parametrize("make", [PictureFactory, UniversityDocumentFactory])
@pytest.mark.parametrize("by", ["the page", "the list"])
def test_what_is_deleted_here_takes_its_file_along(client, make, by, django_capture_on_commit_callbacks):
    row = make()
    model, file = row._meta.model_name, getattr(row, "image", None) or row.file
    pages = {"the page": ("delete", [row.pk], {}), "the list": ("changelist", [], {"action": "delete_selected"})}
    name, args, extra = pages[by]

    with django_capture_on_commit_callbacks(execute=True):
        address = reverse(f"admin:members_{model}_{name}", args=args)
        client.post(address, {"post": "yes", "_selected_action": row.pk, **extra})

    assert not type(row).objects.exists()
    assert not file.storage.exists(file.name)


@pytest.mark.usefixtures("secretariat")
def test_archiving_many_asks_first_and_tells_what_could_not_be_done(client):
    present, archived = UniversityFactory(short_name="KTH"), UniversityFactory(short_name="Old", archived=True)
    url = reverse("admin:members_university_changelist")
    chosen = {"action": "archive_chosen", "_selected_action": [present.pk, archived.pk]}

    preview = client.post(url, chosen)
    present.refresh_from_db()
    assert [(each["row"].short_name, each["why_not"]) for each in preview.context["rows"]] == [
        ("KTH", ""),
        ("Old", "This university is archived already."),
    ]
    assert "1 record would change of 2 chosen" in " ".join(preview.content.decode().split())
    assert present.name in preview.content.decode()  # what the list says beside the short name
    assert (present.archived_at, Act.objects.exists()) == (None, False)

    done = client.post(url, chosen | {"confirmed": "yes"}, follow=True)

    present.refresh_from_db()
    assert present.archived_at is not None
    told = [str(message) for message in done.context["messages"]]
    assert told == ["Old: This university is archived already.", "1 record done."]


@pytest.mark.usefixtures("secretariat")
def test_where_nothing_can_be_done_no_button_is_offered(client):
    archived = UniversityFactory(archived=True)
    chosen = {"action": "archive_chosen", "_selected_action": [archived.pk]}

    preview = client.post(reverse("admin:members_university_changelist"), chosen).content.decode()

    assert ("Archive them" in preview, "Back, change nothing" in preview) == (False, True)


@pytest.mark.usefixtures("secretariat")
def test_universities_are_never_deleted_and_the_log_never_changed(client):
    university = UniversityFactory()
    act = Act.objects.create(kind="university.added", target=university)

    assert client.get(reverse("admin:members_university_delete", args=[university.pk])).status_code == 403
    assert client.get(reverse("admin:members_act_delete", args=[act.pk])).status_code == 403
    assert client.get(reverse("admin:members_act_add")).status_code == 403


@pytest.mark.usefixtures("secretariat")
def test_the_log_in_the_administration_leaves_out_students_files(client):
    Act.objects.create(kind="university.added", target=UniversityFactory())
    Act.objects.create(kind="student.confirmed", target=StudentProfileFactory())

    html = client.get(reverse("admin:members_act_changelist")).content.decode()

    assert "university.added" in html
    assert "student.confirmed" not in html


MIXED = (
    UNIVERSITIES,
    ("good", "Good", "Good university", "SE", "Stockholm", "Europe/Stockholm"),
    ("bad", "Bad", "Bad university", "XX", "Stockholm", "Europe/Nowhere"),
    ("fine", "Fine", "Fine university", "SE", "Lund", "Europe/Stockholm"),
)


@pytest.mark.usefixtures("secretariat")
@pytest.mark.usefixtures("row_by_row")
def test_the_good_rows_only_are_imported_where_the_person_chooses_so(client):
    CountryFactory(code="SE")
    upload = {"import_file": SimpleUploadedFile("rows.csv", table(*MIXED)), "format": "0", "good_rows_only": "on"}

    page = client.post(reverse("admin:members_university_import"), upload)
    before = University.objects.count()
    done = client.post(
        reverse("admin:members_university_process_import"), page.context["confirm_form"].initial, follow=True
    )

    said = page.content.decode()
    assert "Row 2 is left out." in said
    assert "There is no country “XX”." in said
    assert "“Europe/Nowhere” is not a time zone" in said
    assert (before, sorted(University.objects.values_list("slug", flat=True))) == (0, ["fine", "good"])
    assert "Row 2 is left out." in done.content.decode()


@pytest.mark.usefixtures("secretariat")
def test_the_tools_of_a_list_are_no_list_without_items(client):
    html = client.get(reverse("admin:members_university_changelist")).content.decode()

    assert ('<div class="object-tools">' in html, '<ul class="object-tools">' in html) == (True, False)


@pytest.mark.django_db
def test_an_empty_choice_is_said_in_words():
    html = str(modelform_factory(Fact, fields=["kind"])()["kind"])

    assert ("Nothing chosen" in html, "---------" in html) == (True, False)


def test_no_page_shows_history_past_the_reason_that_files_ask_for():
    """Histories hold what stood in students' files; each record's own history page decides who sees it."""
    shown = [model._meta.label for model in admin.site._registry if issubclass(model, Event) or model is Events]

    assert shown == []


@pytest.mark.django_db
def test_second_factors_are_listed_without_their_secrets(client):
    user = UserFactory(administrator=True)
    factor = Authenticator.objects.create(user=user, type="totp", data={"secret": "JBSWY3DPEHPK3PXP"})
    client.force_login(user)

    html = client.get(reverse("admin:mfa_authenticator_change", args=[factor.pk])).content.decode()

    assert ("JBSWY3DPEHPK3PXP" in html, user.email in html) == (False, True)
