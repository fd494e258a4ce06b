"""The applicant's pages: what they say, what they refuse, and how many queries they cost."""

import csv
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from applications import actions
from applications.models import Application, Round
from tests.applications.files import pdf, upload
from tests.applications.stories import Story, states
from tests.factories.applications import (
    ApplicationFactory,
    ChoiceFactory,
    DocumentFileFactory,
    DocumentRequirementFactory,
    DocumentSlotFactory,
    OptionFactory,
    OptionRequirementFactory,
    RoundFactory,
    RoundRequirementFactory,
)
from tests.factories.members import (
    FactsheetTermFactory,
    StudentProfileFactory,
    UniversityFactory,
    UserFactory,
    person_as,
    student_of,
)

pytestmark = pytest.mark.django_db

STEPS = ("profile", "choices", "motivation", "documents", "check")


def address(name, application, *args):
    return reverse(f"applications:application_{name}", args=[application.reference, *args])


def signed_in(client, application):
    client.force_login(application.applicant)
    return client


def text_of(response):
    """The words of the page without tags, in one line."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


@pytest.fixture
def story():
    return Story()


class TestList:
    def test_what_waits_for_me_stands_first(self, client):
        draft = ApplicationFactory()
        student = draft.applicant
        for state in ("withdrawn", "submitted", "offered"):
            ApplicationFactory(applicant=student, **{state: True})

        rows = signed_in(client, draft).get(reverse("applications:application_list")).context["page_obj"]

        assert [row.state for row in rows] == ["offered", "draft", "submitted", "withdrawn"]

    def test_its_facets_count_what_the_applicant_is_shown(self, client):
        draft = ApplicationFactory()
        lost = ApplicationFactory(applicant=draft.applicant, round=RoundFactory(closed=True))
        for state in ("submitted", "eligible", "ineligible"):
            ApplicationFactory(applicant=draft.applicant, **{state: True})
        signed_in(client, draft)

        page = client.get(reverse("applications:application_list"))
        kept = client.get(reverse("applications:application_list"), {"state": "lapsed"}).context["page_obj"]
        internal = client.get(reverse("applications:application_list"), {"state": "eligible"}).context["page_obj"]

        facets = {
            facet["name"]: {str(o["label"]): o["count"] for o in facet["options"]} for facet in page.context["facets"]
        }
        assert facets["state"] == {"Being considered": 3, "Draft": 1, "Not submitted": 1}
        assert facets["mine"] == {"My turn": 1}
        assert (list(kept), list(internal)) == ([lost], [])

    @pytest.mark.parametrize("words", ["ex-t", "Zürich round", "zurich", "eth", "Lausanne"])
    def test_it_is_searched_by_reference_round_and_university(self, client, words):
        runs = UniversityFactory(short_name="ETH", name="ETH Zürich")
        found = ApplicationFactory(round__title="Zürich round", round__university=runs, submitted=True)
        host = UniversityFactory(short_name="EPFL", name="EPF Lausanne")
        ChoiceFactory(application=found, option=OptionFactory(host=host))
        other = ApplicationFactory(applicant=found.applicant, reference="DD-0000", round__title="Another")
        signed_in(client, found)

        rows = client.get(reverse("applications:application_list"), {"q": words}).context["page_obj"]

        assert list(rows) == [found]
        assert other.reference not in [row.reference for row in rows]

    def test_its_export_says_no_more_than_the_page(self, client):
        application = ApplicationFactory(eligible=True)
        choice = ChoiceFactory(application=application)
        signed_in(client, application)

        answer = client.get(reverse("applications:application_list"), {"export": "csv"})
        heading, row = list(csv.reader(b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()))

        told = dict(zip(heading, row, strict=True))
        assert (told["Reference"], told["State"]) == (application.reference, "Being considered")
        assert told["Choices"] == choice.option.place

    def test_htmx_gets_the_results_only(self, client):
        application = ApplicationFactory()

        part = signed_in(client, application).get(
            reverse("applications:application_list"), headers={"HX-Request": "true"}
        ).content.decode()  # fmt: skip

        assert application.reference in part
        assert "<html" not in part

    def test_empty_it_says_what_to_do(self, client):
        client.force_login(UserFactory())

        page = client.get(reverse("applications:application_list"))

        assert "No application yet" in text_of(page)
        assert reverse("applications:round_list") in page.content.decode()

    def test_other_peoples_applications_are_not_there(self, client):
        ApplicationFactory(submitted=True)
        client.force_login(student_of())

        assert list(client.get(reverse("applications:application_list")).context["page_obj"]) == []

    @pytest.mark.parametrize("count", [1, 3])
    def test_query_count(self, client, django_assert_num_queries, count):
        student = student_of()
        for _ in range(count):
            application = ApplicationFactory(applicant=student, submitted=True)
            ChoiceFactory(application=application)
        client.force_login(student)

        with django_assert_num_queries(11):  # person, two counts, four facets, rows, choices, notices, mandates
            client.get(reverse("applications:application_list"))


class TestStart:
    def test_it_says_what_is_needed_and_whether_i_am_eligible(self, client, story):
        RoundRequirementFactory(round=story.round, asks="ects", number=60)
        DocumentRequirementFactory(round=story.round, name="Transcript of records")
        client.force_login(student_of(story.round.university))

        page = text_of(client.get(reverse("applications:application_start", args=[story.round.slug])))

        assert "At least 60 ECTS; yours is 120." in page
        assert "Transcript of records" in page
        assert "Begin the application" in page

    def test_posting_begins_the_draft_with_the_wished_place(self, client, story):
        client.force_login(student_of(story.round.university))
        wished = story.options[1]

        response = client.post(
            reverse("applications:application_start", args=[story.round.slug]), {"option": wished.slug}
        )

        application = Application.objects.get()
        assert response.url == address("edit", application)
        assert list(application.choices.values_list("option", flat=True)) == [wished.pk]

    def test_another_place_is_found_again_among_the_choices_of_the_draft(self, client, story):
        application = story.draft(0)
        signed_in(client, application)
        story.options[1].slug = "the-other"
        story.options[1].save()

        start = reverse("applications:application_start", args=[story.round.slug])
        response = client.get(start, {"option": "the-other"})
        page = client.get(response.url)

        assert [row["option"].pk for row in page.context["places"]] == [story.options[1].pk]
        assert f"Add {story.options[1].place} to it below." in text_of(page)

    def test_another_place_after_the_submission_is_answered(self, client, story):
        application = story.submitted(0)
        story.options[1].slug = "the-other"
        story.options[1].save()
        signed_in(client, application)

        start = reverse("applications:application_start", args=[story.round.slug])
        response = client.get(start, {"option": "the-other"})

        assert response.url == application.get_absolute_url()
        assert "the choices stand" in text_of(client.get(response.url))

    def test_coming_back_leads_to_the_application_there_is(self, client, story):
        application = story.draft(0)

        response = signed_in(client, application).post(
            reverse("applications:application_start", args=[story.round.slug])
        )

        assert response.url == application.get_absolute_url()

    @pytest.mark.parametrize(
        ("person", "sentence"),
        [
            (lambda story: UserFactory(), "Only students apply."),
            (
                lambda story: StudentProfileFactory(university=story.round.university).user,
                "Your home university has not confirmed that",
            ),
            (lambda story: student_of(), "This round is for students of"),
        ],
    )
    def test_whoever_may_not_is_told_before(self, client, story, person, sentence):
        client.force_login(person(story))
        start = reverse("applications:application_start", args=[story.round.slug])

        page = text_of(client.get(start))
        posted = text_of(client.post(start))

        assert sentence in page
        assert "Begin the application" not in page
        assert sentence in posted
        assert not Application.objects.exists()

    def test_a_round_that_is_not_open(self, client):
        round = RoundFactory(coming=True)
        client.force_login(student_of(round.university))

        assert "This round is not open now." in text_of(
            client.get(reverse("applications:application_start", args=[round.slug]))
        )

    def test_signing_in_leads_back_here(self, client, story):
        start = reverse("applications:application_start", args=[story.round.slug])

        response = client.get(start)

        assert response.url == f"{reverse('account_login')}?next={start}"


class TestSteps:
    @pytest.mark.parametrize("step", STEPS)
    def test_each_step_shows_the_deadline_in_its_zone(self, client, story, step):
        application = story.draft(0)

        page = text_of(signed_in(client, application).get(address(step, application)))

        assert "The round closes" in page
        assert "Brussels" in page

    @pytest.mark.parametrize("step", STEPS)
    def test_nobody_else_finds_it(self, client, story, step):
        application = story.draft(0)

        for person in (student_of(story.round.university), story.desk, person_as("secretariat")):
            client.force_login(person)
            assert client.get(address(step, application)).status_code == 404

    @pytest.mark.parametrize("step", STEPS)
    def test_after_the_submission_it_leads_to_the_application(self, client, story, step):
        application = story.submitted(0)

        response = signed_in(client, application).get(address(step, application))

        assert response.url == application.get_absolute_url()

    @pytest.mark.parametrize(
        ("step", "queries"), [("profile", 21), ("choices", 21), ("motivation", 14), ("documents", 16), ("check", 17)]
    )
    @pytest.mark.parametrize("count", [1, 3])
    def test_query_count(self, client, django_assert_num_queries, step, queries, count):
        story = Story(places=(2,) * 4)
        for number in range(count):
            DocumentRequirementFactory(round=story.round, position=number)
            OptionRequirementFactory(option=story.options[number], asks="ects", number=60)
        application = story.draft(*range(count))
        for slot in application.document_slots.all():
            actions.put_document(slot=slot, upload=upload(pdf()), by=application.applicant)
        signed_in(client, application)

        with django_assert_num_queries(queries):
            client.get(address(step, application))

    def test_edit_leads_to_the_first_step_that_misses_something(self, client, story):
        DocumentRequirementFactory(round=story.round)
        student = student_of(story.round.university)
        fresh = actions.start(round=story.round, by=student, now=story.now)
        client.force_login(student)
        first = client.get(address("edit", fresh)).url
        actions.save_draft(
            application=fresh, version=1, fields={"motivation": "Yes."}, options=[story.options[0].pk],
            by=student, now=story.now,
        )  # fmt: skip

        assert (first, client.get(address("edit", fresh)).url) == (
            address("profile", fresh), address("documents", fresh),
        )  # fmt: skip


class TestChoices:
    def press(self, client, application, do, **headers):
        application.refresh_from_db()
        return client.post(address("choose", application), {"do": do, "version": application.version}, **headers)

    def order(self, application):
        return list(application.choices.values_list("option", flat=True))

    def test_add_move_and_remove_without_a_script(self, client):
        story = Story(places=(1, 1, 1))
        application = story.draft(0)
        one, two, three = (option.pk for option in story.options)
        signed_in(client, application)

        orders = []
        for do in (f"add:{two}", f"add:{three}", f"up:{three}", f"down:{one}", f"remove:{three}", f"up:{two}"):
            response = self.press(client, application, do)
            orders.append(self.order(application))

        assert response.url == address("choices", application)
        assert orders == [
            [one, two], [one, two, three], [one, three, two], [three, one, two], [one, two], [two, one],
        ]  # fmt: skip

    def test_a_press_in_a_stale_window_changes_nothing_and_says_so(self, client):
        story = Story(places=(1, 1))
        application = story.draft(0)
        signed_in(client, application)
        stale = {"version": application.version, "do": f"remove:{story.options[0].pk}"}
        self.press(client, application, f"add:{story.options[1].pk}")

        response = client.post(reverse("applications:application_choose", args=[application.reference]), stale)

        assert self.order(application) == [option.pk for option in story.options]
        assert "changed in another window" in text_of(client.get(response.url))

    def test_places_of_one_name_are_told_apart_by_term_and_level(self, client, story):
        option = story.options[0]
        page = signed_in(client, story.draft(0)).get(address("choices", story.round.applications.get()))

        assert f"{option.title} · {option.get_term_display()} · {option.get_level_display()} · 1 place" in text_of(page)

    def test_what_was_said_is_said_once(self, client, story):
        application = story.draft(0)
        signed_in(client, application)
        self.press(client, application, f"add:{story.options[1].pk}")
        client.post(address("motivation", application), {"version": application.version + 1, "motivation": "Saved."})

        page = client.get(address("choices", application)).content.decode()

        assert page.count('role="status">Saved.') == 1

    def test_htmx_gets_the_part_of_the_page(self, client, story):
        application = story.draft(0)
        signed_in(client, application)

        response = self.press(client, application, f"add:{story.options[1].pk}", headers={"HX-Request": "true"})

        body = response.content.decode()
        assert body.strip().startswith('<div id="choices">')
        assert "<html" not in body
        assert [row["option"].pk for row in response.context["chosen"]] == [o.pk for o in story.options]

    @pytest.mark.parametrize("do", ["add:999999", "up:999999", "fly:1", "", "add:1;drop"])
    def test_nonsense_changes_nothing(self, client, story, do):
        application = story.draft(0)
        signed_in(client, application)

        self.press(client, application, do)

        assert self.order(application) == [story.options[0].pk]

    def test_one_too_many_is_said(self, client):
        story = Story(places=(1, 1), max_choices=1)
        application = story.draft(0)
        signed_in(client, application)
        self.press(client, application, f"add:{story.options[1].pk}")

        page = client.get(address("choices", application))

        assert "You can choose 1 place at most." in text_of(page)

    def test_asked_for_more_the_choices_are_no_step_any_more(self, client, story):
        application = story.submitted(0)
        actions.ask_more(application=application, what="The last page.", by=story.desk, now=story.now)

        page = signed_in(client, application).get(address("choices", application))
        pressed = self.press(client, application, f"add:{story.options[1].pk}", headers={"HX-Request": "true"})

        assert page.url == pressed.url == address("edit", application)
        assert self.order(application) == [story.options[0].pk]

    def test_searching_and_only_where_eligible(self, client, story):
        wanted = OptionFactory(round=story.round, title="Photonics")
        OptionRequirementFactory(option=story.options[0], asks="ects", number=300)
        application = story.draft(1)
        signed_in(client, application)

        found = client.get(address("choices", application), {"q": "photon"})
        eligible = client.get(address("choices", application), {"met": "1"})

        assert [row["option"].pk for row in found.context["places"]] == [wanted.pk]
        assert [row["option"].pk for row in eligible.context["places"]] == [wanted.pk]

    def test_searching_needs_no_accents(self, client, story):
        wanted = OptionFactory(round=story.round, title="Génie civil", host__city="Zürich")
        signed_in(client, story.draft(1))
        page = address("choices", Application.objects.get())

        found = [client.get(page, {"q": typed}).context["places"] for typed in ("genie", "zurich", "GÉNIE Zurich")]

        assert [[row["option"].pk for row in rows] for rows in found] == [[wanted.pk]] * 3

    def test_each_place_says_whether_i_am_eligible(self, client, story):
        OptionRequirementFactory(option=story.options[0], asks="ects", number=180)
        application = story.draft(1)

        page = text_of(signed_in(client, application).get(address("choices", application)))

        assert "At least 180 ECTS; yours is 120." in page


class TestMotivation:
    def save(self, client, application, version=None, **words):
        application.refresh_from_db()
        typed = {"motivation": "", "referee": "", "phone": "", "notes": "", "version": version or application.version}
        return client.post(address("motivation", application), typed | words)

    def test_it_is_kept_as_typed_also_empty(self, client, story):
        application = story.draft(0)
        signed_in(client, application)

        response = self.save(client, application, motivation="", phone="+358 40")

        application.refresh_from_db()
        assert response.url == address("documents", application)
        assert (application.motivation, application.phone) == ("", "+358 40")

    def test_a_wrong_address_is_said_at_the_field_and_nothing_is_lost(self, client, story):
        application = story.draft(0)
        signed_in(client, application)

        response = self.save(client, application, motivation="My long text.", referee="professor")

        page = response.content.decode()
        assert response.status_code == 422
        assert "Enter a valid email address." in page
        assert "My long text." in page

    def test_another_tab_is_shown_both_versions(self, client, story):
        application = story.draft(0)
        signed_in(client, application)
        old = application.version
        self.save(client, application, motivation="From the first tab.")

        response = self.save(client, application, motivation="From the second tab.", version=old)

        page = text_of(response)
        assert response.status_code == 409
        assert "saved elsewhere while you were typing" in page
        assert "From the first tab." in page
        assert "From the second tab." in page
        again = response.context["form"]["version"].value()
        self.save(client, application, motivation="From the second tab.", version=again)
        application.refresh_from_db()
        assert application.motivation == "From the second tab."

    def test_after_the_closing_second_what_was_typed_stays_on_the_page(self, client, story):
        application = story.draft(0)
        signed_in(client, application)
        Round.objects.update(closes_at=timezone.now() - timedelta(seconds=1))

        response = self.save(client, application, motivation="My long text.")

        assert response.status_code == 409
        assert "This round closed on" in text_of(response)
        assert "My long text." in response.content.decode()

    def test_an_expired_session_leads_to_the_sign_in_and_back_to_the_form(self, client, story):
        application = story.draft(0)

        response = self.save(client, application, motivation="My long text.")

        assert response.url == f"{reverse('account_login')}?next={address('motivation', application)}"

    def autosave(self, client, application, version, **words):
        typed = {"motivation": "", "referee": "", "phone": "", "notes": "", "version": version}
        return client.post(address("autosave", application), typed | words)

    def test_what_is_typed_is_saved_by_itself_and_the_page_says_when(self, client, story):
        application = story.draft(0)
        signed_in(client, application)
        version = application.version

        part = self.autosave(client, application, version, motivation="one two three", phone="+46 8")

        application.refresh_from_db()
        assert re.fullmatch(r"3 of 400 words · saved at \d\d:\d\d", text_of(part).strip())
        assert (application.motivation, application.phone) == ("one two three", "+46 8")
        assert f'value="{version + 1}"' in part.content.decode()
        assert application.version == version + 1

    def test_autosave_keeps_the_right_fields_beside_a_wrong_one(self, client, story):
        application = story.draft(0)
        signed_in(client, application)

        self.autosave(client, application, application.version, motivation="Kept.", referee="prof@")

        application.refresh_from_db()
        assert (application.motivation, application.referee) == ("Kept.", "")

    @pytest.mark.parametrize("version", [0, 1, "", "x"])
    def test_autosave_never_overwrites_another_version(self, client, story, version):
        application = story.draft(0)
        signed_in(client, application)
        self.save(client, application, motivation="From the first tab.")

        part = self.autosave(client, application, version, motivation="From the second tab.")

        application.refresh_from_db()
        assert application.motivation == "From the first tab."
        assert "Not saved: a newer version was saved elsewhere." in text_of(part)
        assert 'name="version"' not in part.content.decode()

    def test_saving_what_was_just_saved_by_itself_is_no_conflict(self, client, story):
        application = story.draft(0)
        signed_in(client, application)
        old = application.version
        self.autosave(client, application, old, motivation="The same words.")

        response = self.save(client, application, version=old, motivation="The same words.")

        assert response.url == address("documents", application)

    def test_autosave_after_the_closing_second_says_so(self, client, story):
        application = story.draft(0)
        signed_in(client, application)
        Round.objects.update(closes_at=timezone.now() - timedelta(seconds=1))

        part = self.autosave(client, application, application.version, motivation="Too late.")

        application.refresh_from_db()
        assert "This round closed on" in text_of(part)
        assert application.motivation != "Too late."


class TestSubmitting:
    def submit(self, client, application):
        return client.post(address("submit", application))

    def test_the_receipt_follows(self, client, story):
        application = story.draft(0)

        response = self.submit(signed_in(client, application), application)

        page = text_of(client.get(response.url))
        assert states(application) == ["submitted"]
        assert "We have your application" in page
        assert application.reference in page

    def test_what_is_missing_is_linked_to_its_field(self, client, story):
        DocumentRequirementFactory(round=story.round, name="Transcript")
        application = story.draft(0)
        signed_in(client, application)

        response = self.submit(client, application)
        page = client.get(response.url).content.decode()

        assert response.url == address("check", application)
        assert "Add the document “Transcript”." in page
        assert f"{address('documents', application)}#document-1" in page

    def test_too_late_is_a_page_of_its_own_and_the_draft_stays(self, client, story):
        application = story.draft(0)
        signed_in(client, application)
        Round.objects.update(closes_at=timezone.now() - timedelta(seconds=1))

        response = self.submit(client, application)

        assert response.status_code == 409
        assert "The server's clock decides" in text_of(response).replace("&#x27;", "'")
        assert states(application) == ["draft"]

    def test_twice_leads_to_the_application(self, client, story):
        application = story.submitted(0)

        response = self.submit(signed_in(client, application), application)

        assert response.url == application.get_absolute_url()
        assert "handed in already; nothing was sent twice" in text_of(client.get(response.url))

    def test_a_request_is_answered_by_the_same_step(self, client, story):
        application = story.submitted(0)
        actions.ask_more(application=application, what="Your plan, please.", by=story.desk, now=story.now)
        signed_in(client, application)

        page = text_of(client.get(address("check", application)))
        response = self.submit(client, application)

        assert "Your plan, please." in page
        assert "Give it back to the office" in page
        assert states(application) == ["submitted"]
        assert response.url == application.get_absolute_url()
        assert "Given back to the office" in text_of(client.get(response.url))

    def test_the_receipt_as_pdf(self, client, story):
        application = story.submitted(0)

        response = signed_in(client, application).get(address("receipt", application), {"as": "pdf"})

        assert response["Content-Type"] == "application/pdf"
        assert response["Content-Disposition"] == f'attachment; filename="{application.reference}.pdf"'
        assert response.content.startswith(b"%PDF")

    def test_a_draft_has_no_receipt(self, client, story):
        application = story.draft(0)

        assert signed_in(client, application).get(address("receipt", application)).status_code == 404


def test_a_choice_that_has_left_the_round_says_so_at_the_choice_and_before_submitting(client, story):
    application = story.draft(0, 1)
    story.round.options.remove(story.options[0])
    signed_in(client, application)

    choices, check = (text_of(client.get(address(step, application))) for step in ("choices", "check"))
    client.post(address("submit", application))

    sentence = "It is not offered in this round any more. Remove it, or choose another place."
    assert f"No {sentence}" in choices
    assert f"{story.options[0].place}: {sentence} Choices" in check
    assert states(application) == ["draft"]


class TestPage:
    def test_what_the_nomination_waits_for_stands_with_the_hosts_date_in_both_clocks(self, client):
        application = ApplicationFactory(accepted=True)
        DocumentSlotFactory(application=application, name="Passport", needed="later")
        option = OptionFactory(host__time_zone="Europe/Helsinki")
        choice = ChoiceFactory(application=application, option=option, state="accepted")
        FactsheetTermFactory(
            factsheet__university=choice.option.host, nominations_close_at=datetime(2027, 5, 10, 9, tzinfo=UTC)
        )

        page = text_of(signed_in(client, application).get(application.get_absolute_url()))

        assert (
            f"nominations to {choice.option.host.short_name} until 10 May 2027, 12:00 Helsinki (09:00 for you)"
        ) in page

    def test_who_moved_up_reads_the_letter_of_the_waiting_list_as_past(self, client):
        story = Story(places=(1,))
        first, second = story.scored("90", 0), story.scored("80", 0)
        story.release()
        first.refresh_from_db()
        actions.decline_offer(application=first, reason="", by=first.applicant, now=story.now)

        response = signed_in(client, second).get(second.get_absolute_url())

        assert (response.context["letter_is_past"], response.context["appealing"]) == (True, None)
        assert "The earlier letter:" in text_of(response)

    def test_the_turn_the_results_and_the_reasons(self, client):
        story = Story(places=(1, 2))
        story.scored("90", 0)
        application = story.scored("84", 0, 1)
        story.release()

        page = text_of(signed_in(client, application).get(application.get_absolute_url()))

        assert f"Accept or decline your place: {story.options[1].place}" in page
        assert "The place went to a score of 90.0; yours is 84.0." in page
        assert "1st of 1 by score (84.0)." in page
        assert "Ranked, score 84.0" in page

    def test_a_waiting_applicant_reads_the_place_in_the_line(self, client):
        story = Story(places=(1,))
        story.scored("90", 0)
        story.scored("80", 0)
        application = story.scored("70", 0)
        story.release()

        page = text_of(signed_in(client, application).get(application.get_absolute_url()))

        assert "You are number 2 on the waiting list." in page

    @pytest.mark.parametrize("state", ["submitted", "accepted", "rejected", "lapsed", "withdrawn", "more_info"])
    def test_every_state_has_a_page(self, client, state):
        application = ApplicationFactory(**{state: True})
        ChoiceFactory(application=application, state="accepted" if state == "accepted" else "open")

        assert signed_in(client, application).get(application.get_absolute_url()).status_code == 200

    def test_a_document_needed_after_accepting_is_my_turn(self, client):
        application = ApplicationFactory(accepted=True)
        ChoiceFactory(application=application, state="accepted")
        DocumentSlotFactory(application=application, name="Passport", needed="later", position=7)

        response = signed_in(client, application).get(application.get_absolute_url())

        turn = response.context["turn"]
        assert (turn["mine"], turn["title"], turn["actions"][0]["url"]) == (True, "Send “Passport”", "#document-7")

    def test_the_desk_is_led_to_its_own_page_and_others_find_nothing(self, client, story):
        application = story.submitted(0)

        client.force_login(story.desk)
        assert client.get(application.get_absolute_url()).url == address("desk", application)
        client.force_login(student_of(story.round.university))
        assert client.get(application.get_absolute_url()).status_code == 404

    @pytest.mark.parametrize("count", [1, 3])
    def test_query_count(self, client, django_assert_num_queries, count):
        story = Story(places=(1,) * 3)
        for number in range(count):
            DocumentRequirementFactory(round=story.round, position=number, needed="later")
            story.scored("90", number)
        application = story.scored("80", *range(count))
        for slot in application.document_slots.all():
            DocumentFileFactory.create_batch(2, slot=slot)
        story.release()
        signed_in(client, application)

        with django_assert_num_queries(13):
            client.get(application.get_absolute_url())


class TestAnswers:
    def offered(self):
        story = Story(places=(1,))
        application = story.scored("90", 0)
        story.release()
        application.refresh_from_db()
        return application

    @pytest.mark.parametrize(
        ("what", "state"), [("accept", "accepted"), ("decline", "declined"), ("withdraw", "withdrawn")]
    )
    def test_asked_once_more_then_done(self, client, what, state):
        application = self.offered()
        signed_in(client, application)

        asked = client.get(address(what, application))
        response = client.post(address(what, application), {"reason": "A plan of mine."})

        assert asked.status_code == 200
        assert response.url == application.get_absolute_url()
        assert states(application) == [state]

    @pytest.mark.parametrize("what", ["accept", "decline"])
    def test_after_the_last_moment_it_is_said(self, client, what):
        application = self.offered()
        Application.objects.filter(pk=application.pk).update(answer_by=timezone.now() - timedelta(seconds=1))
        actions.expire_offer(application=application, now=timezone.now())
        signed_in(client, application)

        for response in (client.get(address(what, application)), client.post(address(what, application))):
            assert response.url == application.get_absolute_url()
        assert states(application) == ["expired"]

    @pytest.mark.parametrize("what", ["accept", "decline", "withdraw"])
    def test_nobody_answers_for_another(self, client, what):
        application = self.offered()
        client.force_login(person_as("exchange", application.round.university))

        assert client.post(address(what, application)).status_code == 404
        assert states(application) == ["offered"]

    @pytest.mark.parametrize("what", ["accept", "decline", "withdraw"])
    def test_query_count(self, client, django_assert_num_queries, what):
        application = self.offered()
        signed_in(client, application)

        with django_assert_num_queries(5):  # person, application, choices, notices, mandates
            client.get(address(what, application))
