"""The pages of rounds: who sees what, what they say, the editor step by step, how many queries they take."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from applications.models import LetterTemplate, Round, RoundOption
from members.academic_years import running_on
from tests.factories.applications import (
    ApplicationFactory,
    CriterionFactory,
    DocumentRequirementFactory,
    LetterTemplateFactory,
    OptionFactory,
    OptionRequirementFactory,
    RoundFactory,
    RoundRequirementFactory,
)
from tests.factories.exchange import PlacementFactory
from tests.factories.members import UniversityFactory, person_as, student_of

pytestmark = pytest.mark.django_db

LIST = "/applications/rounds/"


def page_of(round, page="detail"):
    return reverse(f"applications:round_{page}", args=[round.slug])


def titles(response):
    return [round.title for round in response.context["page_obj"]]


def desk_of(round):
    return person_as("exchange", round.university)


def form_of(round, **changes):
    """What the browser sends of the basics of a round."""
    names = ["title", "introduction", "academic_year", "term", "time_zone", "max_choices", "answer_days", "version"]
    names += ["appeal_days", "appeal_answer_days"]
    data = {name: getattr(round, name) for name in names} | {"motivation_words": 400, "for_own_students": "on"}
    for name in ("opens", "closes"):
        data[f"{name}_local"] = getattr(round, f"{name}_at").astimezone(round.zone).strftime("%Y-%m-%dT%H:%M")
    return data | changes


def rows(prefix, *filled, initial=0):
    data = {f"{prefix}-TOTAL_FORMS": len(filled), f"{prefix}-INITIAL_FORMS": initial}
    return data | {
        f"{prefix}-{number}-{name}": value for number, row in enumerate(filled) for name, value in row.items()
    }


# the list


def test_the_list_begins_with_what_is_open_and_closes_soonest(client) -> None:
    now = timezone.now()
    RoundFactory(released=True, title="Decided")
    RoundFactory(coming=True, title="Coming")
    RoundFactory(open=True, title="Open, later")
    RoundFactory(open=True, title="Open, soon", closes_at=now + timedelta(days=1))
    RoundFactory(closed=True, title="Closed")
    RoundFactory(title="A draft")
    RoundFactory(title="Archived", state=Round.State.ARCHIVED)

    assert titles(client.get(LIST)) == ["Open, soon", "Open, later", "Coming", "Closed", "Decided"]


def test_drafts_and_archived_rounds_are_seen_by_their_desk(client) -> None:
    draft = RoundFactory(title="A draft")
    client.force_login(desk_of(draft))

    assert titles(client.get(LIST)) == ["A draft"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"standing": "open"}, ["Exchange"]),
        ({"kind": "dual_degree"}, ["Dual degree"]),
        ({"university": "aalto"}, ["Exchange"]),
        ({"term": "spring"}, ["Dual degree"]),
        ({"q": "dual"}, ["Dual degree"]),
        ({"q": "otaniemi exch"}, ["Exchange"]),
        ({"q": "nothing like it"}, []),
    ],
)
def test_facets_and_search_narrow(client, query, found) -> None:
    RoundFactory(open=True, title="Exchange", university=UniversityFactory(slug="aalto", city="Otaniemi"))
    RoundFactory(coming=True, title="Dual degree", dual_degree=True, term="spring")

    assert titles(client.get(LIST, query)) == found


def test_a_student_ticks_the_rounds_of_the_own_university(client) -> None:
    student = student_of()
    RoundFactory(open=True, title="Mine", university=student.student_profile.university)
    RoundFactory(open=True, title="Theirs")
    RoundFactory(open=True, title="For all", for_own_students=False)
    client.force_login(student)

    assert sorted(titles(client.get(LIST, {"me": "yes"}))) == ["For all", "Mine"]


@pytest.mark.parametrize("rounds", [1, 3])
def test_round_list_query_count(client, django_assert_num_queries, rounds) -> None:
    for _number in range(rounds):
        OptionFactory(round=RoundFactory(open=True))

    with django_assert_num_queries(9):  # rows, two counts, five facets, the names of universities
        client.get(LIST)


@pytest.mark.parametrize("query", ["?year=x", "?year=99999999999999999999", "?standing=lost", "?page=0", "?q=%00"])
def test_a_strange_address_is_answered(client, query) -> None:
    RoundFactory(open=True)

    assert client.get(LIST + query).status_code == 200


def test_an_empty_list_says_what_it_waits_for(client) -> None:
    assert "No round has been announced yet" in client.get(LIST).content.decode()


# one round


@pytest.mark.parametrize("options", [1, 3])
def test_round_detail_query_count(client, django_assert_num_queries, options) -> None:
    round = RoundFactory(open=True)
    for _number in range(options):
        OptionRequirementFactory(option=OptionFactory(round=round))
        DocumentRequirementFactory(round=round)
        CriterionFactory(round=round)

    with django_assert_num_queries(9):
        client.get(page_of(round))


def test_the_page_says_everything_before_one_applies(client) -> None:
    round = RoundFactory(open=True, introduction="Who may apply.", time_zone="Europe/Helsinki", answer_days=9)
    option = OptionFactory(round=round, title="Mechatronics", places=3)
    OptionRequirementFactory(option=option, number=90)
    RoundRequirementFactory(round=round, asks="semester", number=3)
    DocumentRequirementFactory(round=round, name="Transcript of records")
    CriterionFactory(round=round, name="Motivation letter", max_points=40)
    CriterionFactory(round=round, name="Grades", max_points=60)

    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", client.get(page_of(round)).content.decode()))

    for words in (
        "Who may apply.", "Mechatronics", "3 of 3", "At least 90 ECTS", "Semester 3 or later", "Transcript of records",
        "Motivation letter", "100", "Helsinki", "within 9 days", "The server decides",
    ):  # fmt: skip
        assert words in text


@pytest.mark.parametrize("state", ["draft", "archived"])
def test_what_is_not_public_is_absent_for_others(client, state) -> None:
    round = RoundFactory(state=state)

    assert client.get(page_of(round)).status_code == 404
    client.force_login(desk_of(round))
    assert client.get(page_of(round)).status_code == 200


def turn_for(client, round, person=None):
    if person:
        client.force_login(person)
    return client.get(page_of(round)).context["turn"]


def test_a_student_who_meets_the_round_is_told_and_can_apply(client) -> None:
    round = RoundFactory(open=True)
    RoundRequirementFactory(round=round, asks="ects", number=60)

    turn = turn_for(client, round, student_of(round.university))

    assert turn["title"] == "You meet what this round asks"
    assert [action["url"] for action in turn["actions"]] == [f"/applications/start/{round.slug}/"]


def test_a_student_who_does_not_is_told_why_with_the_numbers(client) -> None:
    round = RoundFactory(open=True)
    RoundRequirementFactory(round=round, asks="ects", number=150)

    turn = turn_for(client, round, student_of(round.university))

    assert (turn["title"], turn["why"]) == (
        "You do not meet what this round asks",
        "At least 150 ECTS; yours is 120.",
    )
    assert "actions" not in turn


def test_a_student_with_an_application_is_led_to_it(client) -> None:
    application = ApplicationFactory()

    turn = turn_for(client, application.round, application.applicant)

    assert turn["actions"][0]["url"] == application.get_absolute_url()


@pytest.mark.parametrize(
    ("situation", "title"),
    [
        ({"coming": True}, "You can apply from then on"),
        ({"closed": True}, "The desk is deciding; answers come together."),
        ({"overdue": True}, "The desk is deciding; answers come together."),
        ({"released": True}, "Decided; everybody has an answer."),
    ],
)
def test_a_round_that_is_not_open_says_what_comes(client, situation, title) -> None:
    assert turn_for(client, RoundFactory(**situation))["title"] == title


def test_a_student_of_elsewhere_is_told(client) -> None:
    round = RoundFactory(open=True, university=UniversityFactory(short_name="KTH"))

    assert turn_for(client, round, student_of())["title"] == "This round is for students of KTH."


@pytest.mark.parametrize(
    ("situation", "title"),
    [
        ({}, "Complete the draft, then publish it"),
        ({"coming": True}, "Students prepare"),
        ({"open": True}, "Students apply; you can check files as they come"),
        ({"closed": True}, "Check, review and decide; then release all answers together"),
        ({"released": True}, "Decided: offers are answered, the waiting list moves up by itself"),
    ],
)
def test_the_desk_reads_its_next_step(client, situation, title) -> None:
    round = RoundFactory(**situation)

    assert turn_for(client, round, desk_of(round))["title"] == title


def test_a_student_sees_what_speaks_against_each_place(client) -> None:
    round = RoundFactory(open=True)
    OptionRequirementFactory(option=OptionFactory(round=round, title="A"), number=60)
    OptionRequirementFactory(option=OptionFactory(round=round, title="B"), number=150)
    language = {"asks": "language", "number": None, "language": "en", "cefr": "B2"}
    OptionRequirementFactory(option=OptionFactory(round=round, title="C"), **language)
    client.force_login(student_of(round.university))

    rows_shown = client.get(page_of(round)).context["options"]

    assert {row["option"].title: row["tone"] for row in rows_shown} == {"A": "ok", "B": "due", "C": "wait"}


def test_everybody_reads_the_public_part_of_what_happened(client) -> None:
    round = RoundFactory(open=True)
    desk = desk_of(round)
    client.force_login(desk)
    later = (round.closes_at + timedelta(days=2)).astimezone(round.zone).strftime("%Y-%m-%dT%H:%M")
    client.post(page_of(round, "edit"), form_of(round, title="New title"))
    client.post(page_of(round, "later"), {"closes_local": later, "reason": "The server was down."})
    everything = [step["label"] for step in client.get(page_of(round)).context["steps"]]
    client.logout()

    public = client.get(page_of(round)).context["steps"]

    assert [str(label) for label in everything[:2]] == ["Text or numbers changed", "Closing moved"]
    assert [(str(step["label"]), step["detail"], step["by"]) for step in public if step["state"] == "done"] == [
        ("Closing moved", "The server was down.", "")
    ]


def test_one_day_to_answer_is_one_day(client) -> None:
    steps = client.get(page_of(RoundFactory(open=True, answer_days=1))).context["steps"]

    assert steps[-1]["label"] == "Offers answered within 1 day"


def test_the_closing_goes_into_a_calendar(client) -> None:
    round = RoundFactory(open=True, title="Exchange autumn")

    response = client.get(page_of(round, "calendar"))

    text = response.content.decode()
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert "SUMMARY:Exchange autumn closes" in text
    assert f"DTSTART:{round.closes_at.strftime('%Y%m%dT%H%M%SZ')}" in text


# the editor: who may

EDITOR = [
    "edit", "choices", "requirements", "documents", "rubric", "letters", "publish", "close", "later", "archive",
    "clone",
]  # fmt: skip


@pytest.mark.parametrize("page", EDITOR)
def test_the_editor_asks_for_the_desks_mandate(client, page) -> None:
    round = RoundFactory(open=True)
    url = page_of(round, page)
    statuses = {"visitor": client.get(url).status_code}
    people = {
        "student": student_of(round.university),
        "another desk": person_as("exchange"),
        "director": person_as("director", round.university),
        "secretariat": person_as("secretariat"),
        "desk": desk_of(round),
    }
    for name, person in people.items():
        client.force_login(person)
        statuses[name] = client.get(url).status_code

    assert statuses == {
        "visitor": 302, "student": 403, "another desk": 403, "director": 403, "secretariat": 403, "desk": 200,
    }  # fmt: skip


def test_a_director_edits_the_round_of_a_dual_degree(client) -> None:
    round = RoundFactory(dual_degree=True)
    client.force_login(person_as("director", round.university))

    assert client.get(page_of(round, "edit")).status_code == 200
    assert client.get(page_of(round, "choices")).status_code == 200


@pytest.mark.parametrize("page", ["edit", "requirements", "documents", "rubric", "letters", "publish"])
@pytest.mark.parametrize("n", [1, 3])
def test_editor_query_count(client, django_assert_num_queries, page, n) -> None:
    round = RoundFactory()
    for _number in range(n):
        RoundRequirementFactory(round=round)
        DocumentRequirementFactory(round=round)
        CriterionFactory(round=round)
    client.force_login(desk_of(round))
    counts = {"edit": 12, "requirements": 14, "documents": 12, "rubric": 12, "letters": 11, "publish": 11}

    with django_assert_num_queries(counts[page]):
        client.get(page_of(round, page))


# the editor: steps


def test_a_desk_opens_a_round_step_by_step(client) -> None:
    desk = person_as("exchange")
    university = desk.mandates.get().university
    draft = RoundFactory.build(university=university, title="Exchange autumn", introduction="Who may apply.")
    place = PlacementFactory(published=True, academic_year=draft.academic_year)
    client.force_login(desk)

    first = client.post(f"{LIST}new/", form_of(draft, version="", university=university.pk))
    round = Round.objects.get()
    client.post(page_of(round, "choose"), {"act": "take_up", "option": place.slug})
    client.post(page_of(round, "requirements"), rows("requirements", {"asks": "ects", "number": "60"}))
    client.post(page_of(round, "documents"), rows("documents", {"name": "Transcript", "needed": "to_apply"}))
    client.post(page_of(round, "rubric"), rows("rubric", {"name": "Motivation", "max_points": "40"}))
    client.post(page_of(round, "publish"))

    round.refresh_from_db()
    assert first["Location"] == page_of(round, "choices")
    assert (round.state, round.university) == ("published", university)
    parts = (round.options, round.requirements, round.document_requirements, round.criteria)
    assert [part.count() for part in parts] == [1, 1, 1, 1]


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"opens_local": "soon"}, "opens_local", "“soon” is not a day and an hour; write it as 2027-05-06 12:00."),
        ({"closes_local": "2020-01-01T12:00"}, "closes_local", "The round must close after it opens."),
        ({"closes_local": "2099-01-01T12:00"}, "closes_local", "More than a year after it opens: check the year."),
        ({"closes_local": ""}, "closes_local", "This field is required."),
        (
            {"time_zone": "Europe/Stockholm", "closes_local": "2027-03-28T02:30"},
            "closes_local",
            "In Stockholm the clocks go forward that night and there is no 28.03.2027, 02:30. Choose another hour.",
        ),
        (
            {"time_zone": "Mars/Olympus"},
            "time_zone",
            "Select a valid choice. Mars/Olympus is not one of the available choices.",
        ),
        ({"max_choices": "0"}, "max_choices", "Ensure this value is greater than or equal to 1."),
        ({"answer_days": "400"}, "answer_days", "Ensure this value is less than or equal to 60."),
    ],
)
def test_a_wrong_value_is_told_at_its_field_and_nothing_typed_is_lost(client, changes, field, sentence) -> None:
    round = RoundFactory()
    client.force_login(desk_of(round))

    response = client.post(page_of(round, "edit"), form_of(round, introduction="Typed.", **changes))

    assert response.status_code == 422
    assert response.context["form"].errors[field] == [sentence]
    assert "Typed." in response.content.decode()
    assert Round.objects.get().introduction == ""


def test_the_window_is_shown_and_kept_on_the_clock_of_its_zone(client) -> None:
    round = RoundFactory(time_zone="Asia/Shanghai")
    client.force_login(desk_of(round))
    shown = client.get(page_of(round, "edit")).context["form"]["closes_local"].value()

    client.post(page_of(round, "edit"), form_of(round, closes_local="2027-01-20T18:00"))

    assert shown == round.closes_at.astimezone(round.zone).strftime("%Y-%m-%dT%H:%M")
    assert Round.objects.get().closes_at.isoformat() == "2027-01-20T10:00:00+00:00"


def test_the_window_of_a_published_round_is_not_changed_here(client) -> None:
    round = RoundFactory(open=True)
    client.force_login(desk_of(round))

    client.post(
        page_of(round, "edit"), form_of(round, title="New title", closes_local="2028-01-01T12:00", term="spring")
    )

    stored = Round.objects.get()
    assert (stored.title, stored.term) == ("New title", "autumn")
    assert stored.closes_at.replace(second=0, microsecond=0) == round.closes_at.replace(second=0, microsecond=0)


def test_saving_other_things_keeps_the_seconds_of_the_window(client) -> None:
    round = RoundFactory(open=True)
    client.force_login(desk_of(round))

    client.post(page_of(round, "edit"), form_of(round, title="New title"))

    assert Round.objects.get().closes_at == round.closes_at


def test_the_second_of_two_editors_sees_both_versions(client) -> None:
    round = RoundFactory()
    mine = form_of(round, title="Mine")
    client.force_login(desk_of(round))
    client.post(page_of(round, "edit"), form_of(round, title="Theirs"))

    response = client.post(page_of(round, "edit"), mine)

    assert response.status_code == 409
    assert "Theirs" in response.content.decode()
    assert Round.objects.get().title == "Theirs"
    assert client.post(page_of(round, "edit"), mine | {"version": 2}).status_code == 302
    assert Round.objects.get().title == "Mine"


def test_nobody_opens_a_round_for_another_university(client) -> None:
    client.force_login(person_as("exchange"))
    other = UniversityFactory()

    response = client.post(
        f"{LIST}new/", form_of(RoundFactory.build(university=other), version="", university=other.pk)
    )

    assert response.status_code == 422
    assert Round.objects.count() == 0


def test_all_that_the_filters_find_is_taken_up_at_once(client) -> None:
    round = RoundFactory(academic_year=2027)
    wanted = PlacementFactory.create_batch(2, published=True, academic_year=2027, term="autumn")
    PlacementFactory(published=True, academic_year=2027, term="spring")
    client.force_login(desk_of(round))

    more = client.get(page_of(round, "choices"), {"tab": "more", "term": "autumn"})
    client.post(page_of(round, "choose") + "?tab=more&term=autumn", {"act": "all"})

    assert more.context["total"] == 2
    assert set(round.options.values_list("pk", flat=True)) == {place.pk for place in wanted}


@pytest.mark.parametrize("act", ["take_up", "take_out"])
def test_nothing_ticked_is_said(client, act) -> None:
    round = RoundFactory()
    client.force_login(person_as("exchange", round.university))

    response = client.post(page_of(round, "choose"), {"act": act}, follow=True)

    assert [str(message) for message in response.context["messages"]] == ["Tick the places first."]


def test_a_new_round_is_for_the_coming_academic_year(client) -> None:
    client.force_login(person_as("exchange"))

    page = client.get(f"{LIST}new/")

    assert page.context["form"]["academic_year"].value() == running_on(timezone.localdate()) + 1


def test_ticked_places_are_taken_out(client) -> None:
    round = RoundFactory()
    kept, gone = (PlacementFactory(published=True, academic_year=2027, round=round) for _two in "12")
    client.force_login(desk_of(round))

    client.post(page_of(round, "choose"), {"act": "take_out", "option": gone.slug})

    assert list(RoundOption.objects.values_list("option", flat=True)) == [kept.pk]


@pytest.mark.parametrize("n", [1, 3])
def test_choices_query_count(client, django_assert_num_queries, n) -> None:
    round = RoundFactory()
    PlacementFactory.create_batch(n, published=True, academic_year=2027, round=round)
    PlacementFactory.create_batch(n, published=True, academic_year=2027)
    client.force_login(desk_of(round))

    with django_assert_num_queries(25):
        client.get(page_of(round, "choices"))
    with django_assert_num_queries(25):
        client.get(page_of(round, "choices"), {"tab": "more"})


@pytest.mark.parametrize(
    ("step", "row", "field", "sentence"),
    [
        ("requirements", {"asks": "ects"}, "number", "Fill this in: the requirement is made of it."),
        (
            "requirements",
            {"asks": "ects", "number": "-1"},
            "number",
            "Ensure this value is greater than or equal to 0.",
        ),
        ("documents", {"name": "", "help": "x"}, "name", "This field is required."),
        (
            "rubric",
            {"name": "Grades", "max_points": "0"},
            "max_points",
            "Ensure this value is greater than or equal to 1.",
        ),
    ],
)
def test_a_wrong_row_is_told_at_its_field(client, step, row, field, sentence) -> None:
    round = RoundFactory()
    client.force_login(desk_of(round))

    response = client.post(page_of(round, step), rows(step, row))

    assert response.status_code == 422
    assert response.context["rows"].errors[0][field] == [sentence]


def test_the_same_document_twice_is_told(client) -> None:
    round = RoundFactory()
    client.force_login(desk_of(round))
    twice = {"name": "Transcript", "needed": "to_apply"}

    response = client.post(page_of(round, "documents"), rows("documents", twice, twice))

    assert response.status_code == 422
    assert round.document_requirements.count() == 0


def test_what_no_longer_can_be_changed_is_said_on_the_page(client) -> None:
    round = RoundFactory(open=True)
    ApplicationFactory(round=round, submitted=True)
    client.force_login(desk_of(round))

    response = client.post(page_of(round, "documents"), rows("documents", {"name": "CV", "needed": "later"}))

    assert response.status_code == 422
    assert "1 application has begun with these documents" in response.content.decode()
    assert "CV" in response.content.decode()


def letters(**changes):
    names = [f"{outcome}_{part}" for outcome in LetterTemplate.Outcome.values for part in ("subject", "body")]
    return dict.fromkeys(names, "") | changes


def test_a_letter_is_kept_and_previewed_with_an_invented_student(client) -> None:
    round = RoundFactory(title="Exchange autumn")
    client.force_login(desk_of(round))
    typed = letters(offer_subject="A place in {round}", offer_body="Dear {name}, answer by {answer_by}.")

    preview = client.post(page_of(round, "letters"), typed | {"act": "preview"})
    unsaved = round.letters.count()
    client.post(page_of(round, "letters"), typed)

    shown = preview.context["letters"][0]["preview"]
    assert shown["subject"] == "A place in Exchange autumn"
    assert shown["body"].startswith("Dear Robin Example, answer by ")
    assert unsaved == 0
    assert round.letters.get().subject == "A place in {round}"


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"offer_subject": "x", "offer_body": "Dear {nmae}"}, "offer_body", "{nmae} cannot be filled in; known are"),
        ({"wait_subject": "x"}, "wait_body", "Write subject and letter, or empty both"),
        ({"reject_body": "x"}, "reject_subject", "Write subject and letter, or empty both"),
        ({"reject_body": "x", "reject_subject": "y" * 161}, "reject_subject", "at most 160 characters"),
    ],
)
def test_a_letter_that_cannot_be_filled_in_is_told_at_its_field(client, typed, field, sentence) -> None:
    round = RoundFactory()
    client.force_login(desk_of(round))

    response = client.post(page_of(round, "letters"), letters(**typed))

    assert response.status_code == 422
    assert sentence in response.context["form"].errors[field][0]


def test_a_round_with_something_missing_is_not_published(client) -> None:
    round = RoundFactory()
    client.force_login(desk_of(round))

    page = client.get(page_of(round, "publish"))
    client.post(page_of(round, "publish"))

    assert page.context["blocked"] is True
    assert "Nothing can be chosen yet." in page.content.decode()
    assert Round.objects.get().state == "draft"


def test_acts_on_a_running_round(client) -> None:
    round = RoundFactory(open=True)
    LetterTemplateFactory(round=round)
    client.force_login(desk_of(round))
    later = (timezone.now() + timedelta(days=40)).astimezone(round.zone).strftime("%Y-%m-%dT%H:%M")

    client.post(page_of(round, "close"))
    closed = Round.objects.get().state
    client.post(page_of(round, "later"), {"closes_local": later, "reason": "A strike."})
    opened = Round.objects.get().state
    client.post(page_of(round, "clone"), {"academic_year": timezone.now().year})
    refused = client.post(page_of(round, "later"), {"closes_local": "2020-01-01T10:00", "reason": "x"})

    assert (closed, opened, Round.objects.count()) == ("closed", "published", 2)
    assert refused.context["form"].errors == {"closes_local": ["The new closing must lie after the announced one."]}


def test_a_released_round_is_archived(client) -> None:
    round = RoundFactory(released=True)
    client.force_login(desk_of(round))

    client.post(page_of(round, "archive"))

    assert Round.objects.get().state == "archived"


def test_an_address_with_a_letter_that_no_database_has_is_answered(client) -> None:
    round = RoundFactory(open=True)
    client.force_login(student_of(round.university))

    started = client.get(reverse("applications:application_start", args=[round.slug]) + "?option=a%00b")
    client.force_login(desk_of(round))
    chosen = client.post(page_of(round, "choose"), {"act": "take_out", "option": "a\x00b"})

    assert (started.status_code, started.context["option"], chosen.status_code) == (200, None, 302)
