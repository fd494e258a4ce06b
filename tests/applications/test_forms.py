"""What people type in this room: each field at its boundary, what is told, what is kept as typed."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.datastructures import MultiValueDict

from applications.forms import applicant, desk, rounds
from applications.forms.requirements import MADE_OF, RequirementForm
from applications.models import Application, Criterion, LetterTemplate, Review, RoundRequirement
from applications.models.rounds import REASON_LENGTH
from tests.applications.unsaved import NOW, a_round, an_application
from tests.factories.applications import ApplicationFactory, ChoiceFactory

DAY = date(2027, 5, 6)


def errors(form):
    return {name: list(words) for name, words in form.errors.items()}


# reasons


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("Too few credits.", {}),
        ("x" * REASON_LENGTH, {}),
        ("x" * (REASON_LENGTH + 1),
         {"reason": [f"Ensure this value has at most {REASON_LENGTH} characters (it has {REASON_LENGTH + 1})."]}),
        ("", {"reason": ["This field is required."]}),
        (" \n ", {"reason": ["This field is required."]}),
    ],
)  # fmt: skip
def test_a_reason_is_given_and_not_too_long(reason, told):
    assert errors(desk.ReasonForm({"reason": reason})) == told


def test_a_note_may_be_left_empty_and_is_called_what_it_is():
    form = desk.ReasonForm({"reason": ""}, label="Note for the office", help_text="Short.", required=False)

    assert form.is_valid()
    assert (form["reason"].label, form["reason"].help_text) == ("Note for the office", "Short.")
    assert desk.ReasonForm()["reason"].label == "Reason"


@pytest.mark.parametrize(
    ("days", "told"),
    [
        ("1", []),
        ("30", []),
        ("0", ["Ensure this value is greater than or equal to 1."]),
        ("31", ["Ensure this value is less than or equal to 30."]),
        ("1.5", ["Enter a whole number."]),
        ("", ["This field is required."]),
    ],
)
def test_a_link_works_for_one_to_thirty_days(days, told):
    assert errors(desk.ShareForm({"whom": "Prof. Lind", "days": days})).get("days", []) == told


def test_a_link_is_for_somebody():
    assert errors(desk.ShareForm({"whom": " ", "days": "3"})) == {"whom": ["This field is required."]}


@pytest.mark.parametrize(("needed", "valid"), [("later", True), ("to_apply", True), ("optional", True), ("now", False)])
def test_a_document_is_needed_at_a_time_that_is_known(needed, valid):
    assert desk.DocumentAskForm({"name": "Visa", "needed": needed}).is_valid() is valid


def test_a_letter_needs_a_subject_and_a_text():
    assert errors(desk.LetterForm({"subject": "", "letter": " "})) == {
        "subject": ["This field is required."], "letter": ["This field is required."],
    }  # fmt: skip


# points


def criterion(pk, most):
    return Criterion(pk=pk, name=f"Criterion {pk}", max_points=most)


def review_form(data=None, *criteria):
    review = Review(comment="Strong.", feedback="Go on.")
    plain = SimpleNamespace(comment=review.comment, feedback=review.feedback, scores=SimpleNamespace(all=list))
    return desk.ReviewForm(data, review=plain, criteria=list(criteria))


@pytest.mark.parametrize(
    ("points", "told"),
    [
        ("0", []),
        ("50", []),
        ("49.5", []),
        ("50.1", ["At most 50 points."]),
        ("-0.1", ["Ensure this value is greater than or equal to 0."]),
        ("49.55", ["Ensure that there are no more than 1 decimal place."]),
        ("many", ["Enter a number."]),
        ("NaN", ["Enter a number."]),
        ("", ["This field is required."]),
    ],
)
def test_points_lie_between_nothing_and_the_most(points, told):
    form = review_form({"points_1": points}, criterion(1, 50))

    assert errors(form).get("points_1", []) == told


def test_one_point_is_one_point():
    assert errors(review_form({"points_1": "2"}, criterion(1, 1)))["points_1"] == ["At most 1 point."]


def test_points_are_told_by_criterion_and_stand_before_the_words():
    form = review_form({"points_2": "7", "points_1": "40.5"}, criterion(1, 50), criterion(2, 10))

    assert form.is_valid()
    assert form.points == {1: Decimal("40.5"), 2: Decimal(7)}
    assert [*form.fields] == ["points_1", "points_2", "comment", "feedback"]


def test_what_was_written_before_stands_in_the_form():
    form = review_form(None, criterion(1, 50))

    assert (form["comment"].value(), form["feedback"].value()) == ("Strong.", "Go on.")


# the applicant


def motivation_form(**typed):
    known = {"motivation": "", "referee": "", "phone": "", "notes": "", "version": "2"}
    return applicant.MotivationForm(known | typed, instance=an_application(round=a_round(motivation_words=300)))


def test_a_draft_is_kept_without_a_motivation_though_it_is_needed_in_the_end():
    form = motivation_form()

    assert form.is_valid()
    assert form["motivation"].field.required
    assert form["motivation"].help_text.startswith("300 words at most.")


def test_what_is_wrong_is_not_kept_and_the_rest_is():
    form = motivation_form(motivation="I want to learn.", referee="nobody", phone="+46 8")

    assert errors(form) == {"referee": ["Enter a valid email address."]}
    assert form.typed == {"motivation": "I want to learn.", "phone": "+46 8", "notes": ""}


def test_the_form_leaves_the_row_to_the_act_that_holds_it():
    form = motivation_form(motivation="I want to learn.")

    assert form.is_valid()
    assert form.instance.motivation == ""


@pytest.mark.parametrize(("stored", "same"), [("I want to learn.", True), ("I want to see.", False)])
def test_what_the_row_holds_already_is_no_conflict(stored, same):
    form = motivation_form(motivation="I want to learn.")

    assert form.is_valid()
    assert form.is_stored_in(Application(motivation=stored)) is same


@pytest.mark.parametrize(
    ("pressed", "valid"),
    [
        ("add:12", True),
        ("remove:123456789012", True),
        ("add:1234567890123", False),
        ("sideways:12", False),
        ("up:", False),
        ("up:1a", False),
        ("up:-1", False),
        ("", False),
    ],
)
def test_a_press_of_a_button_is_one_of_four_moves_of_one_option(pressed, valid):
    assert applicant.ChoiceChange({"version": "1", "do": pressed}).is_valid() is valid


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("move", "which", "order"),
    [
        ("up", 1, [1, 0, 2]),
        ("up", 0, [0, 1, 2]),  # beyond an end nothing changes
        ("down", 0, [1, 0, 2]),
        ("down", 2, [0, 1, 2]),
        ("remove", 1, [0, 2]),
        ("add", 1, [0, 1, 2]),
    ],
)
def test_the_order_after_a_press(move, which, order):
    application = ApplicationFactory()
    options = [ChoiceFactory(application=application, rank=rank).option_id for rank in (1, 2, 3)]
    form = applicant.ChoiceChange({"version": "1", "do": f"{move}:{options[which]}"})

    assert form.is_valid()
    assert form.order_after(application) == [options[index] for index in order]


@pytest.mark.django_db
def test_a_press_for_an_option_that_is_not_there_any_more_changes_nothing():
    choice = ChoiceFactory()
    for move in ("up", "down", "remove"):
        form = applicant.ChoiceChange({"version": "1", "do": f"{move}:{choice.option_id + 1}"})
        assert form.is_valid()
        assert form.order_after(choice.application) == [choice.option_id]


def paper(name="credits.pdf"):
    return SimpleUploadedFile(name, b"%PDF-1.4", content_type="application/pdf")


@pytest.mark.parametrize(
    ("length", "told"),
    [
        (19, ["Ensure this value has at least 20 characters (it has 19)."]),
        (20, []),
        (3000, []),
        (3001, ["Ensure this value has at most 3000 characters (it has 3001)."]),
    ],
)
def test_grounds_have_a_length_that_says_something_and_can_be_read(length, told):
    assert errors(applicant.AppealForm({"grounds": "x" * length})).get("grounds", []) == told


@pytest.mark.parametrize(("count", "told"), [(0, []), (1, []), (3, []), (4, ["Three files at most."])])
def test_an_appeal_has_three_papers_at_most(count, told):
    files = MultiValueDict({"files": [paper() for _number in range(count)]})
    form = applicant.AppealForm({"grounds": "x" * 20}, files)

    assert errors(form).get("files", []) == told
    assert told or len(form.cleaned_data["files"]) == count


def test_an_empty_paper_is_told():
    files = MultiValueDict({"files": [paper(), SimpleUploadedFile("empty.pdf", b"")]})

    assert errors(applicant.AppealForm({"grounds": "x" * 20}, files)) == {"files": ["The submitted file is empty."]}


# a round


@pytest.mark.parametrize(
    ("also", "first", "last"), [((), 2026, 2030), ((None,), 2026, 2030), ((2019,), 2019, 2030), ((2040,), 2026, 2040)]
)
def test_years_a_round_may_be_for(also, first, last):
    years = [year for year, _words in rounds.year_choices(DAY, *also)]

    assert (years[0], years[-1]) == (first, last)
    assert years == sorted({*years})


def later(typed, zone="Europe/Stockholm", reason="We were offline."):
    form = rounds.LaterClosingForm({"closes_local": typed, "reason": reason}, round=a_round(time_zone=zone))
    return form, errors(form)


def test_a_later_closing_is_read_on_the_clock_of_the_round():
    form, told = later("2027-05-06T12:00")

    assert told == {}
    assert form.cleaned_data["closes_local"] == NOW
    assert form["closes_local"].help_text == "By the clock in Europe/Stockholm."


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("2027-03-28T02:30", "In Stockholm the clocks go forward that night and there is no 28.03.2027, 02:30."),
        ("2027-10-31T02:30", "In Stockholm the clocks go back that night and 31.10.2027, 02:30 comes twice."),
        ("2027-05-06", "“2027-05-06” is not a day and an hour; write it as 2027-05-06 12:00."),
    ],
)
def test_an_hour_that_can_be_read_in_two_ways_is_no_closing(typed, sentence):
    _form, told = later(typed)

    assert told["closes_local"][0].startswith(sentence)


def test_a_later_closing_needs_a_reason():
    assert later("2027-05-06T12:00", reason=" ")[1] == {"reason": ["This field is required."]}


@pytest.mark.parametrize(("year", "valid"), [("2028", True), ("2019", False), ("soon", False), ("", False)])
def test_a_round_is_cloned_for_a_year_that_comes(year, valid):
    assert rounds.CloneForm({"academic_year": year}, day=DAY).is_valid() is valid


# letters


STANDING = dict.fromkeys(LetterTemplate.Outcome.values, ("A subject", "Dear {name}"))


def letters_form(**typed):
    known = {f"{outcome}_{part}": "" for outcome in STANDING for part in ("subject", "body")}
    return rounds.LettersForm(known | typed, letters=STANDING)


def test_letters_are_told_by_outcome_and_empty_ones_fall_back():
    form = letters_form(offer_subject="Yes: {place}", offer_body="Dear {name}, by {answer_by}.")

    assert form.is_valid()
    assert form.letters() == {
        "offer": ("Yes: {place}", "Dear {name}, by {answer_by}."), "wait": ("", ""), "reject": ("", ""),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"wait_subject": "Wait"}, "wait_body", "Write subject and letter, or empty both to use the house's letter."),
        ({"wait_body": "Wait"}, "wait_subject", "Write subject and letter, or empty both to use the house's letter."),
        ({"offer_subject": "{Name}", "offer_body": "x"}, "offer_subject",
         "{Name} cannot be filled in; known are {name}, {reference}, {round}, {place}, {reason}, {answer_by}, "
         "{university}."),
        ({"offer_subject": "x", "offer_body": "{b} {a} {}"}, "offer_body",
         "{}, {a}, {b} cannot be filled in; known are {name}, {reference}, {round}, {place}, {reason}, {answer_by}, "
         "{university}."),
    ],
)  # fmt: skip
def test_a_letter_that_would_leave_with_a_gap_is_told_at_its_field(typed, field, sentence):
    assert errors(letters_form(**typed)) == {field: [sentence]}


@pytest.mark.parametrize(("length", "valid"), [(160, True), (161, False)])
def test_a_subject_fits_into_a_line(length, valid):
    assert letters_form(offer_subject="x" * length, offer_body="Dear {name}").is_valid() is valid


# requirements


class Form(RequirementForm):
    class Meta(RequirementForm.Meta):
        model = RoundRequirement


def requirement(**typed):
    form = Form(typed, choices={})
    form.full_clean()
    return form


FULL = {"number": "60", "level": "master", "language": "en", "cefr": "B2", "text": "A portfolio"}


@pytest.mark.django_db
@pytest.mark.parametrize("asks", ["ects", "semester", "grade", "level", "language", "text"])
def test_a_requirement_keeps_what_it_is_made_of_and_nothing_else(asks):
    form = requirement(asks=asks, **FULL)

    kept = {name for name in FULL if form.cleaned_data.get(name) not in ("", None)}
    assert kept == {*MADE_OF[asks]}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asks", "typed", "missing"),
    [
        ("ects", {}, ["number"]),
        ("level", {"number": "60"}, ["level"]),
        ("language", {"language": "en"}, ["cefr"]),
        ("language", {}, ["language", "cefr"]),
        ("text", {"text": " "}, ["text"]),
        ("field", {}, ["field"]),
        ("home", {}, ["home"]),
    ],
)
def test_what_a_requirement_lacks_is_told_at_its_field(asks, typed, missing):
    form = requirement(asks=asks, **typed)

    wanting = {name: words for name, words in errors(form).items() if name in missing}
    assert wanting == {name: ["Fill this in: the requirement is made of it."] for name in missing}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asks", "number", "told"),
    [
        ("grade", "100", []),
        ("grade", "100.01", ["100.01 is above 100, the best grade."]),
        ("ects", "300", []),
        ("ects", "-1", ["Ensure this value is greater than or equal to 0."]),
        ("ects", "sixty", ["Enter a number."]),
    ],
)
def test_a_number_is_told_with_what_would_be_right(asks, number, told):
    form = requirement(asks=asks, number=number)

    assert errors(form).get("number", []) == told


@pytest.mark.django_db
def test_a_wrong_value_that_is_not_asked_for_is_no_error():
    form = requirement(asks="text", text="A portfolio", number="sixty", level="wizard")

    assert "number" not in errors(form)
    assert "level" not in errors(form)
