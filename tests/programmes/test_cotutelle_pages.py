"""The pages of cotutelles: begin, write, request, decide, papers, the list; what is said and what never leaks."""

import csv
import html
import io
import re
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from cluster_portal.demo.papers import paper
from programmes.models import Cotutelle, ProgrammeKind
from tests.factories.members import FieldFactory, UniversityFactory, UserFactory, person_as, student_of
from tests.factories.programmes import (
    CotutelleFactory,
    CotutelleFileFactory,
    CotutelleSupervisorFactory,
    cotutelle_in,
    programme_between,
)
from tests.quiet import queries_of

pytestmark = pytest.mark.django_db
State = Cotutelle.State
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8cfc000000301010018dd8db00000"
    "000049454e44ae426082"
)


@pytest.fixture
def kth():
    return UniversityFactory(slug="kth", short_name="KTH", member=True)


@pytest.fixture
def polito():
    return UniversityFactory(slug="polito", short_name="PoliTO", member=True)


@pytest.fixture
def student(client, kth):
    person = student_of(kth)
    client.force_login(person)
    return person


@pytest.fixture
def desk(client, kth):
    person = person_as("coordinator", kth)
    client.force_login(person)
    return person


def url(name, *args):
    return reverse(f"programmes:cotutelle_{name}", args=[str(arg) for arg in args])


def text_of(response):
    plain = re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", response.content.decode(), flags=re.DOTALL)
    return " ".join(html.unescape(plain).split())


def typed(university, *supervisors, **changes):
    """What a browser sends of the form; supervisors are (side, name, email)."""
    rows = [*supervisors, ("home", "", "")]
    data = {
        "version": 1, "title": "On turbulence", "partner": university.pk, "programme": "", "field": "",
        "motivation": "", "starts_on": "", "ends_on": "", "home_months": "", "partner_months": "", "defence_side": "",
        "diploma": "",
        "supervisors-TOTAL_FORMS": len(rows), "supervisors-INITIAL_FORMS": 0,
    }  # fmt: skip
    for number, row in enumerate(rows):
        data |= {
            f"supervisors-{number}-{name}": value for name, value in zip(("side", "name", "email"), row, strict=True)
        }
    return data | changes


def pdf(title="Plan", name="plan.pdf"):
    return SimpleUploadedFile(name, paper([title]))


# Beginning and writing


def test_a_student_begins_saves_and_is_told_what_is_missing(client, student, kth, polito):
    response = client.post(url("begin"), typed(polito, ("home", "Ek", "ek@kth.example")))

    cotutelle = Cotutelle.objects.get()
    page = text_of(client.get(cotutelle.get_absolute_url()))
    assert response.url == cotutelle.get_absolute_url()
    assert (cotutelle.home, cotutelle.partner, cotutelle.candidate) == (kth, polito, student)
    assert "Complete the file. Still missing: field, why with this partner" in page
    assert "a supervisor at PoliTO, Curriculum vitae, Research plan" in page
    assert "You alone, until you request the opening." in page


def test_begun_from_a_dual_doctorate_it_knows_the_partner(client, student, kth, polito):
    programme = programme_between(kth, polito, kind=ProgrammeKind.COTUTELLE, level="doctorate")
    of_others = programme_between(kind=ProgrammeKind.COTUTELLE, level="doctorate")

    shown = client.get(url("begin"), {"programme": programme.slug}).context["form"]
    other = client.get(url("begin"), {"programme": of_others.slug}).context["form"]

    assert (shown["programme"].value(), shown["partner"].value()) == (programme.pk, polito.pk)
    assert (other["programme"].value(), other["partner"].value()) == (None, None)
    assert url("begin") + f"?programme={programme.slug}" in client.get(programme.get_absolute_url()).content.decode()


@pytest.mark.parametrize("slug", ["nothing", "\x00", "a" * 500])
def test_begun_from_nowhere_it_is_an_empty_form(client, student, slug):
    assert client.get(url("begin"), {"programme": slug}).status_code == 200


def test_others_cannot_begin(client, desk):
    assert client.get(url("begin")).status_code == 403


def test_wrong_words_are_said_at_the_field_and_stay(client, student, kth, polito):
    other = UniversityFactory(member=True)
    programme = programme_between(kth, other, kind=ProgrammeKind.COTUTELLE, level="doctorate")
    changes = {
        "title": "Mine", "programme": programme.pk, "starts_on": "2027-01-01", "ends_on": "2028-01-01",
        "home_months": "9", "partner_months": "9",
    }  # fmt: skip

    response = client.post(url("begin"), typed(polito, ("home", "Ek", "no address"), **changes))

    form, formset = response.context["form"], response.context["formset"]
    assert response.status_code == 422
    assert form.errors == {
        "programme": ["PoliTO takes no part in this dual doctorate."],
        "partner_months": ["Both stays are 18 months; from the beginning to the end there are 12."],
    }
    assert "email" in formset.forms[0].errors
    assert form["title"].value() == "Mine"
    assert not Cotutelle.objects.exists()


NO_CHOICE = "Select a valid choice. That choice is not one of the available choices."


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"title": ""}, ("title", "This field is required.")),
        ({"title": "x" * 201}, ("title", "Ensure this value has at most 200 characters (it has 201).")),
        ({"partner": "0"}, ("partner", NO_CHOICE)),
        (
            {"partner": "kth'; --"},
            ("partner", NO_CHOICE),
        ),
        ({"starts_on": "yesterday"}, ("starts_on", "Enter a valid date.")),
        (
            {"starts_on": "2027-05-01", "ends_on": "2027-05-01"},
            ("ends_on", "The planned end lies before the beginning."),
        ),
        ({"home_months": "-1"}, ("home_months", "Ensure this value is greater than or equal to 0.")),
        ({"home_months": "500"}, ("home_months", "Ensure this value is less than or equal to 72.")),
        ({"field": "nope"}, ("field", NO_CHOICE)),
        ({"diploma": "none"}, ("diploma", NO_CHOICE.replace("That choice", "none"))),
        (
            {"defence_side": "moon"},
            ("defence_side", NO_CHOICE.replace("That choice", "moon")),
        ),
    ],
)
def test_bad_input(client, student, polito, changes, wrong):
    field, sentence = wrong
    response = client.post(url("begin"), typed(polito, **changes))

    assert response.status_code == 422
    assert response.context["form"].errors[field][0] == sentence


def test_the_own_university_is_no_partner(client, student, kth):
    response = client.post(url("begin"), typed(kth))

    assert "partner" in response.context["form"].errors


def test_two_windows_see_both_versions(client, student, kth, polito):
    cotutelle = CotutelleFactory(candidate=student, home=kth, partner=polito)
    Cotutelle.objects.filter(pk=cotutelle.pk).update(title="Theirs", version=2)

    response = client.post(url("edit", cotutelle), typed(polito, title="Mine"))
    page = response.content.decode()
    version = response.context["form"].data["version"]
    again = client.post(url("edit", cotutelle), typed(polito, title="Both", version=version))

    cotutelle.refresh_from_db()
    assert (response.status_code, "Theirs" in page, "Mine" in page) == (409, True, True)
    assert (again.status_code, cotutelle.title) == (302, "Both")


def test_two_windows_see_both_lists_of_supervisors(client, student, kth, polito):
    cotutelle = CotutelleFactory(candidate=student, home=kth, partner=polito, title="On turbulence")
    CotutelleSupervisorFactory(cotutelle=cotutelle, name="Theirs")
    Cotutelle.objects.filter(pk=cotutelle.pk).update(version=2)

    response = client.post(url("edit", cotutelle), typed(polito, ("home", "Mine", "mine@kth.example")))

    [row] = response.context["versions"]
    assert (response.status_code, row.label, row.theirs, row.mine) == (
        409, "Supervisors", "Theirs", "Mine <mine@kth.example>",
    )  # fmt: skip


def test_a_dual_doctorate_that_was_archived_stays_named_in_a_draft(client, student, kth, polito):
    programme = programme_between(kth, polito, kind=ProgrammeKind.COTUTELLE, level="doctorate")
    cotutelle = CotutelleFactory(candidate=student, home=kth, partner=polito, programme=programme)
    type(programme).objects.update(state="archived")

    client.post(url("edit", cotutelle), typed(polito, programme=programme.pk, title="Another"))

    cotutelle.refresh_from_db()
    assert (cotutelle.title, cotutelle.programme) == ("Another", programme)


def test_supervisors_are_shown_changed_and_removed(client, student, kth, polito):
    cotutelle = cotutelle_in("draft", candidate=student, home=kth, partner=polito)
    rows = client.get(url("edit", cotutelle)).context["formset"]
    data = typed(polito) | {"supervisors-TOTAL_FORMS": 2, "supervisors-INITIAL_FORMS": 2}
    for number, form in enumerate(rows.initial_forms):
        data |= {f"supervisors-{number}-{name}": form[name].value() for name in ("side", "name", "email")}
    data |= {"supervisors-0-name": "Renamed", "supervisors-1-DELETE": "on"}

    client.post(url("edit", cotutelle), data)

    assert [row.name for row in cotutelle.supervisors.all()] == ["Renamed"]


def test_a_file_that_came_back_keeps_its_partner(client, student, kth, polito):
    cotutelle = cotutelle_in("sent_back", candidate=student, home=kth, partner=polito)
    other = UniversityFactory(member=True)
    dates = {"starts_on": "2027-09-01", "ends_on": "2030-08-31", "field": cotutelle.field_id}

    shown = client.get(url("edit", cotutelle)).context["form"].fields["partner"]
    named = [("home", "Ek", ""), ("partner", "Rossi", "")]
    response = client.post(url("edit", cotutelle), typed(other, *named, title="Mended", **dates))

    cotutelle.refresh_from_db()
    assert (shown.disabled, response.status_code) == (True, 302)
    assert (cotutelle.title, cotutelle.partner) == ("Mended", polito)


def test_once_requested_it_is_not_edited(client, student, kth):
    cotutelle = cotutelle_in("requested", candidate=student, home=kth)

    assert client.get(url("edit", cotutelle)).status_code == 403
    assert client.post(url("request", cotutelle)).status_code == 403


def test_requesting_puts_it_before_both_universities(client, student, kth, polito):
    cotutelle = cotutelle_in("draft", candidate=student, home=kth, partner=polito)
    before = text_of(client.get(cotutelle.get_absolute_url()))

    client.post(url("request", cotutelle))

    after = text_of(client.get(cotutelle.get_absolute_url()))
    assert "Everything is there: request the opening." in before
    assert "KTH and PoliTO: turn" in after
    assert "Each agrees, sends it back, or refuses." in after


def test_the_form_for_a_paper_offers_the_kind_that_is_needed_next(client, student, kth):
    cotutelle = CotutelleFactory(candidate=student, home=kth)
    CotutelleFileFactory(cotutelle=cotutelle, kind="cv")

    response = client.get(cotutelle.get_absolute_url())

    assert response.context["form"]["kind"].value() == "plan"
    assert '<details class="section adding" open>' in response.content.decode()


# Deciding


ACTS = {
    "agree": ("requested", {}, State.HOME_AGREED),
    "send_back": ("requested", {"reason": "Say more."}, State.SENT_BACK),
    "refuse": ("convention", {"reason": "No laboratory."}, State.REFUSED),
    "start": ("signed", {}, State.RUNNING),
    "end": ("running", {"reason": "The candidate has left."}, State.ENDED),
    "defend": ("running", {"defended_on": "today"}, State.DEFENDED),
}


@pytest.mark.parametrize("act", ACTS)
def test_a_desk_is_asked_then_acts(client, desk, kth, act):
    state, data, after = ACTS[act]
    cotutelle = cotutelle_in(state, home=kth)
    data = {name: timezone.localdate().isoformat() if value == "today" else value for name, value in data.items()}

    asked = client.get(url(act, cotutelle))
    done = client.post(url(act, cotutelle), data)

    cotutelle.refresh_from_db()
    assert (asked.status_code, done.url, cotutelle.state) == (200, cotutelle.get_absolute_url(), after)
    assert data.get("reason", "") in text_of(client.get(cotutelle.get_absolute_url()))


@pytest.mark.parametrize("act", ["send_back", "refuse", "end"])
def test_without_a_reason_the_question_stays(client, desk, kth, act):
    cotutelle = cotutelle_in(ACTS[act][0], home=kth)

    response = client.post(url(act, cotutelle), {"reason": " "})

    cotutelle.refresh_from_db()
    assert (response.status_code, cotutelle.state) == (422, ACTS[act][0])
    assert response.context["form"].errors == {"reason": ["This field is required."]}


def test_a_day_that_will_not_do_stays_in_the_form(client, desk, kth):
    cotutelle = cotutelle_in("running", home=kth)

    response = client.post(url("defend", cotutelle), {"defended_on": "2999-01-01"})

    assert response.status_code == 422
    assert response.context["form"].errors == {"__all__": ["Record the defence once it has been held."]}
    assert 'value="2999-01-01"' in response.content.decode()


@pytest.mark.parametrize("act", ACTS)
def test_an_act_for_which_the_moment_has_passed_is_told_on_the_file(client, desk, kth, act):
    cotutelle = cotutelle_in("refused", home=kth)
    today = timezone.localdate().isoformat()

    response = client.post(url(act, cotutelle), {"reason": "x", "defended_on": today}, follow=True)

    assert response.redirect_chain == [(cotutelle.get_absolute_url(), 302)]
    assert "This file has moved on meanwhile." in text_of(response)


@pytest.mark.parametrize("act", [*ACTS, "sign"])
def test_what_has_moved_on_is_told(client, desk, kth, act):
    cotutelle = cotutelle_in("refused", home=kth)

    response = client.get(url(act, cotutelle), follow=True)

    assert "the file has moved on" in text_of(response)


def test_a_candidate_withdraws(client, student, kth):
    cotutelle = cotutelle_in("requested", candidate=student, home=kth)

    client.post(url("withdraw", cotutelle), {"reason": ""})

    cotutelle.refresh_from_db()
    assert cotutelle.state == State.WITHDRAWN


def test_the_candidate_reads_why_it_came_back(client, student, kth):
    cotutelle = cotutelle_in("sent_back", candidate=student, home=kth)

    page = text_of(client.get(cotutelle.get_absolute_url()))

    assert "A university asks for a change. The plan says nothing about the second year." in page


def signed(upload, **changes):
    today = timezone.localdate().isoformat()
    return {"home_signed_on": today, "partner_signed_on": today, "file": upload} | changes


def test_the_signed_convention_is_kept_and_pinned(client, desk, kth):
    cotutelle = cotutelle_in("convention", home=kth)

    response = client.post(url("sign", cotutelle), signed(pdf("Convention", "convention.pdf")))

    cotutelle.refresh_from_db()
    kept = cotutelle.files.get(kind="convention")
    assert (response.status_code, cotutelle.state, cotutelle.convention_sha256) == (302, State.SIGNED, kept.sha256)


def test_what_lay_there_as_an_annex_may_be_what_both_sides_signed(client, desk, kth):
    cotutelle = cotutelle_in("convention", home=kth)
    client.post(url("put", cotutelle), {"kind": "annex", "file": pdf("Convention", "scan.pdf")})

    client.post(url("sign", cotutelle), signed(pdf("Convention", "convention.pdf")))

    kept = cotutelle.files.filter(kind__in=["annex", "convention"]).order_by("kind")
    handed_out = client.get(kept[0].get_absolute_url())
    assert b"".join(handed_out.streaming_content).startswith(b"%PDF")
    assert [(file.kind, file.name) for file in kept] == [("annex", "scan.pdf"), ("convention", "convention.pdf")]
    assert kept[0].sha256 == kept[1].sha256
    assert (handed_out.status_code, "convention.pdf" in handed_out["Content-Disposition"]) == (200, True)


def test_what_both_sides_signed_is_no_annex_too(client, desk, kth):
    cotutelle = cotutelle_in("convention", home=kth)
    client.post(url("sign", cotutelle), signed(pdf("Convention", "convention.pdf")))

    response = client.post(url("put", cotutelle), {"kind": "annex", "file": pdf("Convention", "scan.pdf")})

    assert response.context["form"].errors == {"file": ["This file is there already."]}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"file": ""}, "This field is required."),
        ({"home_signed_on": ""}, "This field is required."),
        ({"home_signed_on": "2999-01-01"}, "A signature cannot be of a day to come."),
        ({"file": SimpleUploadedFile("c.pdf", b"MZ\x90\x00" + b"\0" * 99)}, "is not a PDF, PNG or JPEG inside"),
        ({"file": SimpleUploadedFile("c.png", PNG)}, "Send it as a PDF."),
    ],
)
def test_a_signature_without_its_proof_is_refused(client, desk, kth, changes, sentence):
    cotutelle = cotutelle_in("convention", home=kth)

    response = client.post(url("sign", cotutelle), signed(pdf(), **changes))

    cotutelle.refresh_from_db()
    assert (response.status_code, cotutelle.state) == (422, State.CONVENTION)
    assert sentence in str(response.context["form"].errors)
    assert not cotutelle.files.filter(kind="convention").exists()


# Papers


def test_a_paper_is_put_there_and_handed_out_as_a_download(client, student, kth):
    cotutelle = CotutelleFactory(candidate=student, home=kth)

    client.post(url("put", cotutelle), {"kind": "plan", "file": pdf()})

    file = cotutelle.files.get()
    response = client.get(file.get_absolute_url())
    assert b"".join(response.streaming_content).startswith(b"%PDF")
    assert response["Content-Disposition"] == 'attachment; filename="plan.pdf"'
    assert (response["X-Content-Type-Options"], response["Content-Security-Policy"]) == (
        "nosniff", "default-src 'none'; sandbox",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("upload", "sentence"),
    [
        (SimpleUploadedFile("plan.pdf", b"MZ\x90\x00" + b"\0" * 300), "is not a PDF, PNG or JPEG inside"),
        (SimpleUploadedFile("plan.pdf", b"%PDF-1.4 cut"), "This PDF is damaged"),
        (SimpleUploadedFile("plan.png", PNG), "Send it as a PDF."),
        (SimpleUploadedFile("plan.pdf", b""), "The submitted file is empty."),
    ],
)
def test_what_will_not_do_is_said_at_the_field(client, student, kth, upload, sentence):
    cotutelle = CotutelleFactory(candidate=student, home=kth)
    folder = f"cotutelles/{timezone.now():%Y/%m}"
    stored = set(default_storage.listdir(folder)[1]) if default_storage.exists(folder) else set()

    response = client.post(url("put", cotutelle), {"kind": "plan", "file": upload})

    assert response.status_code == 422
    assert sentence in response.context["form"].errors["file"][0]
    assert not cotutelle.files.exists()
    assert (set(default_storage.listdir(folder)[1]) if default_storage.exists(folder) else set()) == stored


def test_the_same_paper_twice_is_one(client, student, kth):
    cotutelle = CotutelleFactory(candidate=student, home=kth)
    client.post(url("put", cotutelle), {"kind": "plan", "file": pdf()})

    response = client.post(url("put", cotutelle), {"kind": "annex", "file": pdf(name="again.pdf")})

    assert response.context["form"].errors == {"file": ["This file is there already."]}
    assert [file.kind for file in cotutelle.files.all()] == ["plan"]


def test_a_file_too_large_is_turned_away_before_it_is_read(client, student, kth, settings):
    settings.UPLOAD_MAX_BYTES = 1000
    cotutelle = CotutelleFactory(candidate=student, home=kth)

    response = client.post(
        url("put", cotutelle), {"kind": "plan", "file": SimpleUploadedFile("big.pdf", b"%PDF" + b"0" * 200_000)}
    )

    assert response.url == cotutelle.get_absolute_url()
    assert "This file is larger than" in text_of(client.get(response.url))


def test_a_kind_that_is_not_ones_to_send_is_no_choice(client, student, kth):
    cotutelle = cotutelle_in("requested", candidate=student, home=kth)

    response = client.post(url("put", cotutelle), {"kind": "convention", "file": pdf()})

    assert response.status_code == 422
    assert "kind" in response.context["form"].errors


@pytest.mark.parametrize("code", ["0", "f" * 16, "f" * 64])
def test_a_paper_cannot_be_guessed_by_a_part_of_its_name(client, student, kth, code):
    cotutelle = cotutelle_in("draft", candidate=student, home=kth)

    assert client.get(url("file", cotutelle, code)).status_code == 404


def test_a_paper_is_not_handed_out_under_another_file(client, student, kth):
    own, other = cotutelle_in("draft", candidate=student, home=kth), cotutelle_in("requested")
    theirs = other.files.first()

    assert client.get(url("file", own, theirs.code)).status_code == 404
    assert client.get(url("file", other, theirs.code)).status_code == 404


# Who is answered


PAGES = ("detail", "edit", "agree", "send_back", "refuse", "sign", "start", "defend", "end", "withdraw")


@pytest.mark.parametrize("role", ["coordinator", "secretariat", "director", "exchange", "head", "auditor"])
def test_a_file_of_others_is_not_there(client, kth, role):
    cotutelle = cotutelle_in("requested", home=kth)
    CotutelleFileFactory(cotutelle=cotutelle, kind="annex")
    client.force_login(person_as(role, UniversityFactory() if role == "coordinator" else kth))

    answers = {page: client.get(url(page, cotutelle)).status_code for page in PAGES}
    answers |= {page: client.post(url(page, cotutelle)).status_code for page in ("request", "put")}
    answers["file"] = client.get(cotutelle.files.first().get_absolute_url()).status_code

    assert set(answers.values()) == {404}


def test_a_supervisor_reads_and_does_not_decide(client, kth):
    supervisor = UserFactory()
    cotutelle = cotutelle_in("requested", home=kth)
    CotutelleSupervisorFactory(cotutelle=cotutelle, user=supervisor)
    client.force_login(supervisor)

    answers = {page: client.get(url(page, cotutelle)).status_code for page in PAGES}

    assert answers == dict.fromkeys(PAGES, 403) | {"detail": 200}


def test_visitors_sign_in_first(client):
    cotutelle = cotutelle_in("requested")

    assert "/accounts/login/" in client.get(cotutelle.get_absolute_url()).url


# The list


def test_the_list_of_an_office_narrows_by_state_university_and_turn(client, desk, kth, polito):
    waiting = cotutelle_in("requested", home=kth, partner=polito)
    cotutelle_in("home_agreed", home=kth)
    cotutelle_in("running", home=polito, partner=kth)
    cotutelle_in("requested")

    def shown(**asked):
        return {row.state for row in client.get(url("list"), asked).context["page_obj"]}

    asked = client.get(url("list")).context["facets"]
    facets = {facet["name"]: {row["value"]: row["count"] for row in facet["options"]} for facet in asked}
    assert shown() == {"requested", "home_agreed", "running"}
    assert (shown(state="running"), shown(turn="both")) == ({"running"}, {"requested"})
    assert shown(mine="yes") == {"requested"}
    assert (shown(university="polito"), shown(university="nowhere")) == ({"requested", "running"}, set())
    assert (shown(q=waiting.reference), shown(q="polito"), shown(q="zzz")) == (
        {"requested"}, {"requested", "running"}, set(),
    )  # fmt: skip
    assert facets["turn"] == {"both": 1, "partner": 1, "nobody": 1}
    assert facets["university"]["kth"] == 3
    assert facets["mine"] == {"yes": 1}


def test_the_secretariat_sees_only_how_many_there_are(client, kth):
    cotutelle = cotutelle_in("requested", home=kth)
    cotutelle_in("draft")
    client.force_login(person_as("secretariat"))

    response = client.get(url("list"))

    assert response.context["figures"] == [{"value": 1, "label": "Opening requested"}]
    assert cotutelle.title not in text_of(response)
    assert not response.context["page_obj"].object_list
    assert not response.context["facets"]


@pytest.mark.parametrize(("who", "sentence"), [("student", "No cotutelle yet"), ("head", "No file for you here")])
def test_an_empty_list_says_what_to_do(client, kth, who, sentence):
    client.force_login(student_of(kth) if who == "student" else person_as("head", kth))

    assert sentence in text_of(client.get(url("list")))


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_list_is_exported(client, desk, kth, ending):
    cotutelle = cotutelle_in("requested", home=kth)

    response = client.get(url("list"), {"export": ending})

    body = b"".join(response.streaming_content) if response.streaming else response.content
    assert response.status_code == 200
    assert ending == "xlsx" or cotutelle.reference in body.decode("utf-8-sig")


def test_the_export_says_of_a_file_what_the_list_knows(client, desk, kth, polito):
    cotutelle = cotutelle_in("signed", home=kth, partner=polito, title="=1+1", defence_side="home")
    cotutelle.supervisors.filter(side="home").update(name="Ek")
    cotutelle.supervisors.filter(side="partner").update(name="Rossi")

    exported = b"".join(client.get(url("list"), {"export": "csv"})).decode("utf-8-sig")

    [row] = csv.DictReader(io.StringIO(exported))
    signed = cotutelle.home_signed_on.isoformat()
    told = {name: row[name] for name in row if name not in ("Reference", "Since", "From", "Until", "Field")}
    assert told == {
        "Family name": cotutelle.candidate.family_name, "Given name": "Robin", "Title": "'=1+1",
        "Home university": "KTH", "Partner university": "PoliTO", "Supervisors at home": "Ek",
        "Supervisors at the partner": "Rossi", "Months at home": "24", "Months at the partner": "24",
        "State": "Convention signed", "Whose turn": "Both universities", "Signed at home": signed,
        "Signed at the partner": signed, "Defended": "",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("sort", "order"), [("waiting", "ABC"), ("newest", "CBA"), ("name", "BCA"), ("nothing", "ABC")]
)
def test_the_list_is_put_in_order(client, desk, kth, sort, order):
    for days, (title, name) in enumerate([("A", "Zorn"), ("B", "Adler"), ("C", "Meitner")]):
        since = timezone.now() - timedelta(days=9 - days)
        cotutelle_in("requested", home=kth, title=title, candidate__family_name=name, state_since=since)

    rows = client.get(url("list"), {"sort": sort}).context["page_obj"]

    assert "".join(row.title for row in rows) == order


@pytest.mark.parametrize("files", [1, 3])
def test_list_query_count(client, desk, kth, django_assert_num_queries, files):
    for _ in range(files):
        cotutelle_in("requested", home=kth)
    client.get(url("list"))

    with django_assert_num_queries(LIST_QUERIES):
        client.get(url("list"))


@pytest.mark.parametrize("papers", [1, 3])
def test_detail_query_count(client, desk, kth, django_assert_num_queries, papers):
    cotutelle = cotutelle_in("requested", home=kth)
    for number in range(papers):
        CotutelleFileFactory(cotutelle=cotutelle, kind="annex", number=number + 1)
        CotutelleSupervisorFactory(cotutelle=cotutelle)
    client.get(cotutelle.get_absolute_url())

    with django_assert_num_queries(DETAIL_QUERIES):
        client.get(cotutelle.get_absolute_url())


def test_the_form_asks_as_much_however_much_there_is_to_choose(client, student, kth):
    client.get(url("begin"))
    few = queries_of(lambda: client.get(url("begin")))
    FieldFactory.create_batch(3)
    for _ in range(3):
        programme_between(kth, UniversityFactory(member=True), kind=ProgrammeKind.COTUTELLE, level="doctorate")

    assert queries_of(lambda: client.get(url("begin"))) <= few + 2  # the partners of the dual doctorates


def test_the_planned_end_sorts_the_list(client, desk, kth):
    later = cotutelle_in("running", home=kth)
    sooner = cotutelle_in("running", home=kth, ends_on=timezone.localdate() + timedelta(days=30))

    rows = client.get(url("list"), {"sort": "end"}).context["page_obj"]

    assert [row.pk for row in rows] == [sooner.pk, later.pk]


LIST_QUERIES, DETAIL_QUERIES = 15, 7
