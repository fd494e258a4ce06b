"""The administration: spreadsheets with a dry run and words for every wrong cell, bulk acts with a preview."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from tablib import Dataset

from programmes.admin.resources import IntakeResource, ProgrammeResource
from programmes.models import Intake, Programme
from tests.factories.members import FieldFactory, UniversityFactory, UserFactory, person_as
from tests.factories.programmes import RevisionFactory, open_intake, programme_between

pytestmark = pytest.mark.django_db

COLUMNS = ["slug", "title", "kind", "level", "field", "ects_total", "listing", "partners", "languages"]


@pytest.fixture
def secretariat(client):
    person = person_as("secretariat", person=UserFactory(is_staff=True))
    client.force_login(person)
    return person


def sheet(*rows, columns=COLUMNS):
    return Dataset(*rows, headers=columns)


def row(**changes):
    values = {
        "slug": "energy", "title": "Energy", "kind": "dual", "level": "master", "field": "0713", "ects_total": "120",
        "listing": "listed", "partners": "kth:coordinating; kit", "languages": "en:B2; de", **changes,
    }  # fmt: skip
    return tuple(values[column] for column in COLUMNS)


def load(*rows, dry_run=False):
    FieldFactory(code="0713")
    for slug in ("kth", "kit"):
        UniversityFactory(slug=slug, short_name=slug.upper())
    return ProgrammeResource().import_data(sheet(*rows), dry_run=dry_run)


def wrongs(result):
    """Every wrong cell of a result: the row's number, the column ("" for the whole row), the sentence."""
    told = []
    for invalid in result.invalid_rows:
        told += [(invalid.number, column, *words) for column, words in invalid.error.message_dict.items()]
    for number, errors in result.row_errors():
        told += [(number, "", str(error.error)) for error in errors]
    return told


def test_import_adds_a_draft_with_partners_and_languages():
    result = load(row())

    programme = Programme.objects.get(slug="energy")
    assert (wrongs(result), programme.state) == ([], "draft")
    assert [str(side) for side in programme.sides] == ["KTH (Coordinates and awards)", "KIT (Awards its degree)"]
    assert [str(language) for language in programme.languages.all()] == ["English B2", "German"]


def test_dry_run_changes_nothing():
    result = load(row(), dry_run=True)

    assert (result.totals["new"], Programme.objects.count()) == (1, 0)


def test_import_changes_what_the_sheet_tells_and_keeps_the_rest():
    load(row())
    Programme.objects.get().partners.filter(university__slug="kit").update(unit="Informatics")

    ProgrammeResource().import_data(sheet(row(title="Energy systems", languages="en:C1")))

    programme = Programme.objects.get()
    assert (programme.title, programme.version) == ("Energy systems", 2)
    assert [str(language) for language in programme.languages.all()] == ["English C1"]
    assert programme.partners.get(university__slug="kit").unit == "Informatics"


def test_import_reaches_the_version_of_a_draft_so_that_its_directors_do_not_undo_it():
    load(row())
    revision = RevisionFactory(programme=Programme.objects.get())

    ProgrammeResource().import_data(sheet(row(title="Energy systems", languages="en:C1")))

    revision.refresh_from_db()
    assert (revision.content["basics"]["title"], revision.version) == ("Energy systems", 2)
    assert revision.content["languages"] == [{"language": "en", "cefr": "C1"}]


def test_import_leaves_the_version_beside_a_public_programme_alone():
    load(row())
    Programme.objects.update(state="published", published_at=timezone.now())
    revision = RevisionFactory(programme=Programme.objects.get())

    ProgrammeResource().import_data(sheet(row(title="Energy systems")))

    revision.refresh_from_db()
    assert (revision.content["basics"]["title"], revision.version) == ("Energy", 1)


def test_unchanged_rows_are_left_alone():
    load(row())

    assert ProgrammeResource().import_data(sheet(row())).totals["skip"] == 1


@pytest.mark.parametrize(
    ("changes", "column", "sentence"),
    [
        ({"field": "9999"}, "field", "There is no field “9999”."),
        ({"partners": "kth; hogwarts"}, "partners", "There is no university “hogwarts”."),
        ({"partners": "kth:boss"}, "partners", "“kth:boss”: the role is one of coordinating, awarding, associated."),
        ({"languages": "tlh"}, "languages", "“tlh” is not a language of the portal."),
        ({"languages": "en:D1"}, "languages", "“en:D1”: the level is one of A1, A2, B1, B2, C1, C2."),
        ({"kind": "triple"}, "kind", "Value 'triple' is not a valid choice."),
        ({"title": ""}, "title", "This field cannot be blank."),
        ({"ects_total": "900"}, "ects_total", "Ensure this value is less than or equal to 400."),
    ],
    ids=lambda value: next(iter(value.values())) if isinstance(value, dict) else "",
)  # fmt: skip
def test_wrong_cell_is_named_and_nothing_is_imported(changes, column, sentence):
    result = load(row(slug="fine"), row(**changes))

    assert wrongs(result) == [(2, column, sentence)]
    assert not Programme.objects.exists() or result.has_validation_errors()


def test_two_coordinating_partners_are_refused():
    result = load(row(partners="kth:coordinating; kit:coordinating"))

    ((number, _column, sentence),) = wrongs(result)
    assert (number, "One university coordinates" in sentence) == (1, True)


def test_export_can_be_imported_again():
    load(row())

    exported = ProgrammeResource().export()

    assert (exported.dict[0]["partners"], exported.dict[0]["languages"]) == (
        "kth:coordinating; kit:awarding",
        "en:B2; de",
    )
    assert ProgrammeResource().import_data(exported).totals["skip"] == 1


def test_intakes_are_read_on_the_clock_of_their_zone():
    programme_between(slug="energy")
    columns = ["programme", "academic_year", "term", "home", "opens_at", "closes_at", "time_zone", "note"]
    good = ("energy", "2027", "autumn", "", "2026-12-01 08:00", "2027-01-15 12:00", "Europe/Stockholm", "")

    IntakeResource().import_data(sheet(good, columns=columns), raise_errors=True)

    exported = IntakeResource().export().dict[0]
    assert (Intake.objects.get().key, exported["closes_at"]) == ("2027-autumn", "2027-01-15 12:00")


def test_an_imported_intake_has_moved_on_for_those_who_edit_it():
    intake = open_intake(programme_between(slug="energy"))
    row = ("energy", str(intake.academic_year), intake.term, "", "Only with a supervisor")

    IntakeResource().import_data(
        sheet(row, columns=["programme", "academic_year", "term", "home", "note"]), raise_errors=True
    )

    assert [(row.note, row.version) for row in Intake.objects.all()] == [("Only with a supervisor", 2)]


@pytest.mark.parametrize(
    ("changes", "column", "sentence"),
    [
        ({"time_zone": "Mars"}, "time_zone", "“Mars” is not a time zone"),
        ({"closes_at": "soon"}, "closes_at", "“soon”: write it like 2027-01-15 12:00."),
        ({"closes_at": "2027-03-28 02:30"}, "closes_at", "there is no 28.03.2027, 02:30"),
        ({"closes_at": "2027-10-31 02:30"}, "closes_at", "31.10.2027, 02:30 comes twice"),
        ({"closes_at": "2025-01-01"}, "__all__", "The window must open before it closes."),
        ({"programme": "magic"}, "programme", "There is no programme “magic”."),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_wrong_intake_is_named(changes, column, sentence):
    programme_between(slug="energy")
    values = {
        "programme": "energy", "academic_year": "2027", "term": "autumn", "home": "", "opens_at": "2026-12-01 08:00",
        "closes_at": "2027-01-15 12:00", "time_zone": "Europe/Stockholm", **changes,
    }  # fmt: skip

    result = IntakeResource().import_data(sheet(tuple(values.values()), columns=list(values)))

    assert [(found, sentence in words) for _number, found, words in wrongs(result)] == [(column, True)]


# In the browser


@pytest.mark.ignore_template_errors
@pytest.mark.parametrize("model", ["programme", "pathway", "intake", "seats", "revision"])
def test_lists_of_the_administration_open(client, secretariat, model):
    open_intake(RevisionFactory(programme=programme_between(), submitted=True).programme)

    response = client.get(reverse(f"admin:programmes_{model}_changelist"), {"q": "programme"})

    assert response.status_code == 200


@pytest.mark.ignore_template_errors
@pytest.mark.parametrize("page", ["change", "history"])
def test_programme_opens_with_its_rows_and_history(client, secretariat, page):
    programme = programme_between()

    assert client.get(reverse(f"admin:programmes_programme_{page}", args=[programme.pk])).status_code == 200


@pytest.mark.ignore_template_errors
def test_wrong_spreadsheet_is_told_by_row_and_column(client, secretariat):
    text = io.StringIO()
    csv.writer(text).writerows([COLUMNS, row(field="", partners="hogwarts", languages="")])
    upload = SimpleUploadedFile("programmes.csv", text.getvalue().encode(), content_type="text/csv")

    response = client.post(
        reverse("admin:programmes_programme_import"), {"import_file": upload, "format": "0", "resource": ""}
    )

    page = response.content.decode()
    assert "There is no university “hogwarts”." in page
    assert not Programme.objects.exists()


def act(client, name, *programmes, **more):
    data = {"action": name, "_selected_action": [programme.pk for programme in programmes], **more}
    return client.post(reverse("admin:programmes_programme_changelist"), data, follow=True)


@pytest.mark.ignore_template_errors
def test_bulk_archive_asks_first(client, secretariat):
    first, second = programme_between(title="Botany"), programme_between(title="Zoology")

    preview = act(client, "archive_chosen", first, second)
    between = set(Programme.objects.values_list("state", flat=True))
    act(client, "archive_chosen", first, second, confirmed="yes")

    assert "They leave the catalogue" in preview.content.decode()
    assert (between, set(Programme.objects.values_list("state", flat=True))) == ({"published"}, {"archived"})


@pytest.mark.ignore_template_errors
def test_bulk_publish_tells_which_row_has_nothing_to_publish(client, secretariat):
    waiting = RevisionFactory(programme=programme_between(title="Botany"), submitted=True)
    idle = programme_between(title="Zoology")

    response = act(client, "publish_waiting", waiting.programme, idle, confirmed="yes")

    waiting.refresh_from_db()
    assert waiting.state == "published"
    assert "Zoology: No version was submitted." in response.content.decode()


@pytest.mark.ignore_template_errors
def test_bulk_restore_makes_drafts(client, secretariat):
    programme = programme_between(state="archived")

    act(client, "restore_chosen", programme, confirmed="yes")

    programme.refresh_from_db()
    assert programme.state == "draft"


def test_programmes_are_never_deleted(client, secretariat):
    programme = programme_between()

    response = client.post(reverse("admin:programmes_programme_delete", args=[programme.pk]), {"post": "yes"})

    assert (response.status_code, Programme.objects.count()) == (403, 1)


@pytest.mark.parametrize("model", ["programme", "intake", "revision"])
def test_directors_do_not_enter(client, model):
    client.force_login(person_as("director", person=UserFactory(is_staff=True)))

    assert client.get(reverse(f"admin:programmes_{model}_changelist")).status_code == 403


@pytest.mark.ignore_template_errors
def test_a_record_that_is_saved_reaches_the_version_of_a_draft(client, secretariat):
    programme = programme_between(state="draft", title="Energy")
    revision = RevisionFactory(programme=programme)
    address = reverse("admin:programmes_programme_change", args=[programme.pk])
    page = client.get(address).context
    typed = {bound.html_name: bound.value() for bound in page["adminform"].form}
    data = {name: value for name, value in typed.items() if value not in (None, False)}
    for inline in page["inline_admin_formsets"]:
        data |= {f"{inline.formset.prefix}-{count}_FORMS": 0 for count in ("TOTAL", "INITIAL")}

    response = client.post(address, data | {"title": "Energy systems"})

    revision.refresh_from_db()
    assert response.status_code == 302
    assert revision.content["basics"]["title"] == "Energy systems"
