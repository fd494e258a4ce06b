"""What calls, their stages and their differences say, and what the fields of their forms take; without a database."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from funding import differences
from funding.filters import own_or_programmes
from funding.forms import LONGEST_LINE, LONGEST_WORD, MOST_WORDS, CallForm, LinesField, StageForm, WordsField
from funding.models import Call, CallStage, FundingProgramme, Interest
from funding.models.interests import LETTERS, new_reference
from funding.models.programmes import euros
from funding.models.rules import MOST_ORGANISATIONS, check_partner_types
from tests.factories.funding import CallFactory, FundingProgrammeFactory

AT = datetime(2027, 3, 2, 16, tzinfo=UTC)


def call(**values):
    return CallFactory.build(programme=FundingProgrammeFactory.build(), **values)


def stage(opens=None, closes=None, **more):
    """A stage that opens and closes so many seconds from `AT`."""
    opens_at, deadline = (None if offset is None else AT + timedelta(seconds=offset) for offset in (opens, closes))
    return CallStage(**({"opens_at": opens_at, "deadline": deadline} | more))


# Money, months, readiness


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (1, "EUR 1"),
        (999_999, "EUR 999,999"),
        (1_000_000, "EUR 1 million"),
        (1_049_999, "EUR 1 million"),
        (1_050_001, "EUR 1.1 million"),
        (99_940_000, "EUR 99.9 million"),
        (100_400_000, "EUR 100 million"),
    ],
)
def test_amounts_change_their_unit_at_a_million_and_lose_the_tenth_at_a_hundred(amount, words) -> None:
    assert euros(amount) == words


@pytest.mark.parametrize(
    ("least", "most", "words"),
    [
        (None, None, ""),
        (500_000, None, "EUR 500,000"),
        (500_000, 2_000_000, "EUR 500,000 to 2 million"),
        (500_000, 900_000, "EUR 500,000 to 900,000"),
        (0, 900_000, "up to EUR 900,000"),
    ],
    ids=["not known", "least only", "unit of each", "same unit", "from nothing"],
)
def test_what_a_project_gets(least, most, words) -> None:
    assert FundingProgramme(budget_min=least, budget_max=most).project_words == words


@pytest.mark.parametrize(
    ("least", "most", "words"),
    [(None, None, ""), (24, None, "24 months"), (24, 24, "24 months"), (0, 24, "up to 24 months")],
)
def test_how_long_a_project_lasts(least, most, words) -> None:
    assert FundingProgramme(months_min=least, months_max=most).months_words == words


@pytest.mark.parametrize(
    ("first", "last", "words"), [(4, None, "TRL 4"), (None, 6, "TRL 6"), (5, 5, "TRL 5"), (1, 9, "TRL 1–9")]
)
def test_readiness_is_a_level_or_a_range(first, last, words) -> None:
    assert FundingProgramme(trl_from=first, trl_to=last).trl_words == words


# One call


@pytest.mark.parametrize(
    ("state", "tone"), [("draft", "wait"), ("proposed", ""), ("published", "ok"), ("archived", "quiet")]
)
def test_each_state_has_its_tone(state, tone) -> None:
    assert call(state=state).tone == tone


@pytest.mark.parametrize(
    ("status", "tone", "words"),
    [("open", "ok", "Open"), ("forthcoming", "wait", "Forthcoming"), ("between", "wait", "Between two stages"),
     ("closed", "quiet", "Closed")],
)  # fmt: skip
def test_each_status_has_its_tone_and_word(status, tone, words) -> None:
    one = call()
    one.status = status

    assert (one.status_tone, str(one.status_words)) == (tone, words)


def test_the_text_that_decides_is_the_calls_own_where_it_names_one() -> None:
    own, programmes = call(official_url="https://call.example/"), call()

    assert [str(words) for words in own.official_source] == ["Official text of the call", "https://call.example/"]
    assert programmes.official_source == ("Work programme", "https://programme.example/")


@pytest.mark.parametrize(
    ("summary", "stages", "missing"),
    [
        ("Engines.", [CallStage()], []),
        (" \n", [CallStage()], ["what the call is about"]),
        ("Engines.", [], ["a stage with its deadline"]),
        ("", [], ["what the call is about", "a stage with its deadline"]),
    ],
    ids=["complete", "blank text", "no stage", "both"],
)
def test_what_a_reader_would_look_for_in_vain(summary, stages, missing) -> None:
    assert call(summary=summary).missing_to_publish(stages) == missing


@pytest.mark.parametrize(
    ("opens", "closes", "is_open"),
    [
        (0, 1, True),
        (1, 9, False),
        (-9, 0, False),
        (-9, 1, True),
        (None, 1, True),
        (-9, None, True),
        (1, None, False),
    ],
    ids=["opens now", "opens in a second", "closes now", "closes in a second", "no first day", "no end", "later"],
)
def test_a_stage_is_open_from_its_first_second_until_before_its_last(opens, closes, is_open) -> None:
    assert stage(opens, closes).is_open_at(AT) is is_open


def test_a_stage_is_called_by_its_name_else_by_its_number() -> None:
    assert [str(CallStage(number=2, name=name)) for name in ("Full proposal", "")] == ["Full proposal", "Stage 2"]


def test_a_column_of_conditions_reads_those_that_count() -> None:
    column = own_or_programmes("min_organisations")

    assert column(call()) == 3
    assert column(call(has_own_rules=True, min_organisations=7)) == 7


@pytest.mark.parametrize(
    "known",
    [{"min_organisations": 1}, {"coordinator_rule": "One."}, {"conditions": ["One."]}, {"partner_types": {"hei": 1}}],
    ids=str,
)
def test_a_programme_has_rules_once_anything_is_known_of_them(known) -> None:
    assert FundingProgramme(**known).has_rules is True
    assert FundingProgramme().has_rules is False


@pytest.mark.parametrize(("pillar", "follows"), [("II", True), ("I", False), ("", False)])
def test_only_the_second_pillar_counts_its_own_associates(pillar, follows) -> None:
    assert FundingProgramme(pillar=pillar).follows_horizon is follows


@pytest.mark.parametrize("number", [1, MOST_ORGANISATIONS])
def test_kinds_take_every_number_a_consortium_can_have(number) -> None:
    check_partner_types({"hei": number})


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"hei": MOST_ORGANISATIONS + 1}, "201 is not a number of organisations from 1 to 200."),
        ({"clubs": 1}, "“clubs” is no kind of organisation."),
        ("hei", "Give the kinds of organisation with a number each."),
    ],
    ids=["too many", "unknown", "not a list"],
)
def test_a_wrong_kind_is_told_with_what_would_be_right(value, words) -> None:
    with pytest.raises(ValidationError) as wrong:
        check_partner_types(value)

    assert wrong.value.messages == [words]


def test_a_reference_has_no_letter_that_is_misread_aloud() -> None:
    found = {new_reference() for _number in range(50)}

    assert len(found) == 50
    assert all(one.startswith("FI-") and len(one) <= 12 for one in found)
    assert not set("01ILOU") & set(LETTERS)


def test_only_an_active_interest_is_active() -> None:
    assert [Interest(state=state).is_active for state in Interest.State] == [True, False]


# Differences


def told(one, *stages):
    return differences.what_matters(one, stages)


def test_nothing_differs_where_nothing_changed() -> None:
    one = call(budget_total=1_000_000)

    assert differences.between(told(one, stage(0, 9)), told(one, stage(0, 9))) == []


def test_what_was_not_known_reads_as_a_dash_on_its_side() -> None:
    before, after = told(call()), told(call(rate=70))

    assert differences.between(before, after) == [{"what": "Rate", "before": "–", "after": "70 %"}]
    assert differences.between(after, before) == [{"what": "Rate", "before": "70 %", "after": "–"}]


def test_a_rate_of_nothing_is_a_rate() -> None:
    assert differences.between(told(call()), told(call(rate=0))) == [{"what": "Rate", "before": "–", "after": "0 %"}]


def test_moments_are_told_on_the_clock_of_their_stage() -> None:
    brussels, toronto = (
        told(call(), stage(None, 0, time_zone=zone)) for zone in ("Europe/Brussels", "America/Toronto")
    )

    assert brussels["Deadline"] == "2 March 2027, 17:00 (Brussels)"
    assert toronto["Deadline"] == "2 March 2027, 11:00 (Toronto)"


def test_a_stage_that_moves_to_another_clock_has_moved() -> None:
    """The moment is the same; who reads "17:00" needs to know whose."""
    before, after = (told(call(), stage(None, 0, time_zone=zone)) for zone in ("Europe/Brussels", "Europe/Lisbon"))

    assert [change["what"] for change in differences.between(before, after)] == ["Deadline"]


def test_several_stages_are_named_and_dates_not_known_are_left_out() -> None:
    words = told(call(), stage(0, None, number=1), stage(None, 60, number=2, name="Full proposal"))

    assert words["Opening"] == "Stage 1, 2 March 2027, 17:00 (Brussels)"
    assert words["Deadline"] == "Full proposal, 2 March 2027, 17:01 (Brussels)"


def test_a_line_quotes_short_changes_and_only_names_long_ones() -> None:
    short = {"what": "Rate", "before": "100 %", "after": "70 %"}
    edge = {"what": "W", "before": "x", "after": "y" * (differences.LINE - len("W: x → "))}
    long = edge | {"after": edge["after"] + "y"}

    assert differences.in_a_line([short]) == "Rate: 100 % → 70 %"
    assert differences.in_a_line([edge]) == f"W: x → {edge['after']}"
    assert differences.in_a_line([short, long]) == "Rate: 100 % → 70 %; W"
    assert differences.in_words([short, edge]) == f"Rate: 100 % → 70 %\nW: x → {edge['after']}"


# Fields of the forms


def test_lines_are_trimmed_and_blank_ones_left_out() -> None:
    assert LinesField().clean(" First. \r\n\n  \nSecond.") == ["First.", "Second."]


@pytest.mark.parametrize(("length", "is_taken"), [(LONGEST_LINE, True), (LONGEST_LINE + 1, False)])
def test_a_line_may_have_three_hundred_letters(length, is_taken) -> None:
    typed = f"Short.\n{'x' * length}"

    if is_taken:
        assert LinesField().clean(typed) == ["Short.", "x" * length]
    else:
        with pytest.raises(ValidationError, match=r"“x{40}…” is longer than 300 letters\."):
            LinesField().clean(typed)


def test_lines_come_back_into_the_form_as_they_were_typed() -> None:
    field = LinesField()

    assert field.prepare_value(["First.", "Second."]) == "First.\nSecond."
    assert field.prepare_value("First.\n\nSec") == "First.\n\nSec"


@pytest.mark.parametrize(
    ("initial", "typed", "changed"),
    [(None, "", False), ([], " \n", False), (["A."], "A.\n", False), (["A."], "B.", True), (None, "A.", True)],
)
def test_lines_have_changed_only_when_they_say_something_else(initial, typed, changed) -> None:
    assert LinesField(required=False).has_changed(initial, typed) is changed


def test_keywords_are_trimmed_and_each_is_kept_once_in_the_order_typed() -> None:
    assert WordsField().clean(" solar,wind, ,solar , Wind") == ["solar", "wind", "Wind"]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("x" * (LONGEST_WORD + 1), r"“x{30}…” is longer than 60 letters; put commas between keywords\."),
        (",".join(f"k{n}" for n in range(MOST_WORDS + 1)), r"Give 12 keywords at most\."),
    ],
    ids=["too long", "too many"],
)
def test_keywords_that_cannot_be_kept_are_told(typed, words) -> None:
    with pytest.raises(ValidationError, match=words):
        WordsField().clean(typed)


def test_the_largest_list_of_keywords_is_taken() -> None:
    longest = [f"{n:02}".ljust(LONGEST_WORD, "x") for n in range(MOST_WORDS)]

    assert WordsField().clean(", ".join(longest)) == longest
    assert WordsField().prepare_value(longest) == ", ".join(longest)
    assert WordsField().prepare_value("half, ty") == "half, ty"


ZONES = [("Europe/Brussels", "Brussels"), ("America/Toronto", "Toronto")]


def stage_form(**typed):
    return StageForm({"time_zone": "Europe/Brussels"} | typed, zones=ZONES)


@pytest.mark.django_db  # a form checks the constraints of its model by asking PostgreSQL
@pytest.mark.parametrize(
    ("zone", "moment"),
    [("Europe/Brussels", "2027-03-02T16:00:00+00:00"), ("America/Toronto", "2027-03-02T22:00:00+00:00")],
)
def test_hours_of_a_stage_are_read_on_its_clock(zone, moment) -> None:
    form = stage_form(deadline="2027-03-02T17:00", time_zone=zone)

    assert form.is_valid(), form.errors
    assert form.cleaned_data["deadline"].isoformat() == moment


@pytest.mark.django_db
def test_a_stage_without_a_zone_is_on_the_clock_of_brussels() -> None:
    form = stage_form(deadline="2027-03-02T17:00", time_zone="")

    assert form.is_valid(), form.errors
    assert form.instance.time_zone == "Europe/Brussels"


@pytest.mark.parametrize(
    ("hour", "words"),
    [
        ("2027-03-28T02:30", "In Brussels the clocks go forward that night and there is no 28.03.2027, 02:30. "
                             "Choose another hour."),
        ("2027-10-31T02:30", "In Brussels the clocks go back that night and 31.10.2027, 02:30 comes twice. "
                             "Choose another hour."),
    ],
    ids=["in spring", "in autumn"],
)  # fmt: skip
def test_an_hour_that_two_people_could_read_differently_is_told_at_its_field(hour, words) -> None:
    form = stage_form(opens_at=hour, deadline="2027-12-01T17:00")

    assert not form.is_valid()
    assert form.errors == {"opens_at": [words]}


def test_a_call_that_is_written_anew_has_no_version_to_save_over() -> None:
    form = CallForm()

    assert "version" not in form.initial
    assert [kind.name for kind in form.kinds()][:2] == ["needs_hei", "needs_hei_in_scope"]


def test_numbers_of_each_kind_are_shown_as_they_are_kept() -> None:
    form = CallForm(instance=Call(partner_types={"hei": 3}))

    shown = {kind.name: kind.initial for kind in form.kinds() if kind.initial}

    assert shown == {"needs_hei": 3}
