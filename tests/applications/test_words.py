"""The sentences of this room as people read them: letters, reasons, requirements, turns; no database is asked."""

import re
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest

from applications import eligibility, letters, references
from applications.actions.cloning import _title_of
from applications.allocation import Candidate, Reasons, allocate, shown, went, went_to
from applications.applicant_view import DECIDED, SHOWN, UNDER_CONSIDERATION, shown_since
from applications.applicant_view import shown as shown_state
from applications.filters.desk import rounded_score
from applications.filters.mine import shown_names
from applications.filters.rounds import year_names
from applications.forms.requirements import MADE_OF, PARTS
from applications.models import Application, Decision, Kind, LetterTemplate, OptionRequirement, Requirement
from applications.registries import address_of, requirements_from_rooms
from applications.sentences import with_moment
from applications.standing import Standing
from applications.turns import WAITS_FOR_CLOSING, WAITS_FOR_REVIEWS, Who, turn_of
from members.models import Field, GradeScale
from tests.applications.unsaved import KIT, KTH, NOW, a_choice, a_place, a_round, an_application

Outcome = LetterTemplate.Outcome
State = Application.State
DAY = date(2027, 3, 3)
ITALY = GradeScale(code="IT", name="Italy", best=30, worst=0, pass_mark=18)
GERMANY = GradeScale(code="DE", name="Germany", best=1, worst=5, pass_mark=4)


# letters


@pytest.mark.parametrize("outcome", Outcome)
def test_a_letter_of_the_house_has_no_gap_that_nobody_fills(outcome):
    subject, body = letters.house_letter(outcome)

    gaps = {*re.findall(r"\{([^{}]*)\}", subject + body)}
    assert gaps <= {*LetterTemplate.PLACEHOLDERS}
    assert {"name", "round", "reason", "university"} <= gaps


def test_only_an_offer_names_a_last_day_and_only_a_refusal_a_reference_to_quote():
    bodies = {outcome: letters.house_letter(outcome)[1] for outcome in Outcome}

    assert [outcome for outcome, body in bodies.items() if "{answer_by}" in body] == [Outcome.OFFER]
    assert [outcome for outcome, body in bodies.items() if "{reference}" in body] == [Outcome.REJECT]


def test_every_place_of_a_word_is_filled_and_other_braces_stay():
    filled = letters.fill("{name}, {name}: {place} {unknown} {} { name }", {"name": "Robin", "place": "KIT"})

    assert filled == "Robin, Robin: KIT {unknown} {} { name }"


def test_the_last_day_is_filled_in_when_the_letter_leaves():
    round = a_round(time_zone="America/Toronto")

    assert letters.seal("Answer by {answer_by}.", round, NOW) == "Answer by 6 May 2027, 06:00 (America/Toronto)."
    assert letters.seal("Nothing to answer.", round, NOW) == "Nothing to answer."


def test_the_right_to_appeal_is_added_with_its_last_moment():
    text = letters.with_right_to_appeal("No place.", a_round(), NOW)

    first, last = text.split("\n\n")
    assert first == "No place."
    assert last.startswith(
        "If you think that this decision is wrong, you can appeal until 6 May 2027, 12:00 (Stockholm)"
    )


def test_where_there_is_no_appeal_nothing_is_added():
    assert letters.with_right_to_appeal("No place.", a_round(), None) == "No place."


# reasons


@pytest.mark.parametrize(
    ("count", "words", "to"),
    [
        (1, "The place went", "The place went to a score of 87.5"),
        (2, "Both places went", "Both places went to scores of 87.5 or more"),
        (3, "All 3 places went", "All 3 places went to scores of 87.5 or more"),
    ],
)
def test_one_two_and_many_places(count, words, to):
    assert (went(count), went_to(count, "87.5")) == (words, to)


@pytest.mark.parametrize(
    ("score", "words"),
    [(None, ""), ("0", "0.0"), ("84", "84.0"), ("84.04", "84.0"), ("84.05", "84.1"), ("99.96", "100.0")],
)
def test_a_score_is_shown_with_one_decimal_half_up(score, words):
    assert shown(None if score is None else Decimal(score)) == words


def candidate(pk, score=None, *ranked, at=0):
    return Candidate(
        pk=pk, reference=f"EX-{pk}", score=None if score is None else Decimal(score),
        submitted_at=NOW + timedelta(minutes=at), ranked=ranked,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (candidate(1, "90"), candidate(2, "89.9")),
        (candidate(1, "90", at=0), candidate(2, "90", at=1)),
        (candidate(1, "90"), candidate(2, "90")),  # in the same moment: by the reference
        (candidate(1, "0"), candidate(2, None)),  # no points are better than none given
        (candidate(1, None, at=0), candidate(2, None, at=1)),
    ],
)
def test_whose_turn_comes_first(first, second):
    assert first.turn < second.turn


@pytest.mark.parametrize(
    ("places", "given"),
    [
        ({10: 1, 20: 1}, {1: 10, 2: 20}),
        ({10: 2, 20: 1}, {1: 10, 2: 10}),
        ({10: 1, 20: 0}, {1: 10, 2: None}),
        ({10: 0, 20: 1}, {1: 20, 2: None}),
        ({}, {1: None, 2: None}),
        ({10: -1}, {1: None, 2: None}),  # more was promised by hand than there is
    ],
)
def test_each_gets_the_highest_choice_with_a_place_left(places, given):
    assert allocate([candidate(2, "80", 10, 20), candidate(1, "90", 10, 20)], places) == given


def test_allocating_leaves_the_callers_numbers_alone():
    places = {10: 1}

    allocate([candidate(1, "90", 10)], places)

    assert places == {10: 1}


def test_who_chose_nothing_that_stands_gets_nothing():
    assert allocate([candidate(1, "90")], {10: 5}) == {1: None}


@pytest.mark.parametrize(
    ("mine", "winners", "sentence"),
    [
        (candidate(9, "80", 10), [], "No place was left here."),
        (candidate(9, "80", 10), [candidate(1, "90", 10)], "The place went to a score of 90.0; yours is 80.0."),
        (candidate(9, "80", 10), [candidate(1, "90", 10), candidate(2, "85", 10)],
         "Both places went to scores of 85.0 or more; yours is 80.0."),
        (candidate(9, "80", 10, at=5), [candidate(1, "80", 10)],
         "The place went to a score of 80.0, submitted before yours (80.0)."),
        (candidate(9, "80", 10), [candidate(1, "70", 10)], "The office gave the places to other applicants."),
        (candidate(9, "80", 10), [candidate(1, None, 10)], "The office gave the places to other applicants."),
        (candidate(9, None, 10, at=5), [candidate(1, None, 10)], "The place went to applications ranked before yours."),
        (candidate(9, None, 10), [candidate(1, "90", 10)], "The place went to applications ranked before yours."),
    ],
)  # fmt: skip
def test_why_a_place_went_to_others(mine, winners, sentence):
    reasons = Reasons((mine, *winners), {winner.pk: 10 for winner in winners} | {9: None})

    assert reasons.for_no_offer(mine, 10) == sentence


def test_a_place_at_another_option_explains_nothing_here():
    mine, other = candidate(9, "80", 10), candidate(1, "90", 20)

    assert Reasons((mine, other), {1: 20}).for_no_offer(mine, 10) == "No place was left here."


def test_the_standing_counts_everybody_who_ranked_the_option_and_nobody_else():
    best, mine, elsewhere = candidate(1, "90", 10), candidate(2, "80", 20, 10), candidate(3, "99", 20)
    reasons = Reasons((elsewhere, mine, best), {1: 10, 2: 20, 3: 20})

    assert reasons.for_offer(mine, 10) == "2nd of 2 by score (80.0)."
    assert reasons.for_offer(mine, 20) == "2nd of 2 by score (80.0)."
    assert reasons.for_offer(elsewhere, 20) == "1st of 2 by score (99.0)."


def test_without_a_score_the_hour_of_submission_is_the_reason():
    first, second = candidate(1, None, 10, at=0), candidate(2, None, 10, at=1)

    assert Reasons((first, second), {1: 10}).for_offer(second, 10) == "2nd of 2 by the time of submission."


# what is asked


@pytest.mark.parametrize(
    ("number", "words"),
    [("120", "120"), ("120.00", "120"), ("26.10", "26.1"), ("0", "0"), ("0.50", "0.5"), ("1E+2", "100")],
)
def test_numbers_have_no_idle_zeros(number, words):
    assert eligibility.plain(Decimal(number)) == words


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"asks": "ects", "number": Decimal("60.00")}, "At least 60 ECTS"),
        ({"asks": "semester", "number": Decimal(4)}, "Semester 4 or later"),
        ({"asks": "level", "level": "doctorate"}, "Level: Doctorate"),
        ({"asks": "language", "language": "fr", "cefr": "B2"}, "French B2 or better"),
        ({"asks": "home", "home": KTH}, "For students of KTH"),
        ({"asks": "text", "text": "A portfolio of three works..."}, "A portfolio of three works"),
    ],
)
def test_what_is_asked_in_words(asked, words):
    assert eligibility.describe(OptionRequirement(**asked), None) == words


@pytest.mark.parametrize(
    ("homes", "words"),
    [([], ""), ([KTH], "KTH"), ([KIT, KTH], "KIT or KTH"), ([KIT, KTH, KIT], "KIT, KTH or KIT")],
)
def test_one_of_several_homes(homes, words):
    assert eligibility._one_of(homes) == words


@pytest.mark.parametrize(
    ("scale", "words"),
    [
        (None, "An average grade of at least 50 on a scale from 0 (pass) to 100 (best)"),
        (ITALY, "An average of at least 24 of 30"),
        (GERMANY, "An average of 2.5 or better (best 1)"),  # where 1 is the best, less is better
    ],
)
def test_a_grade_is_asked_on_the_readers_own_scale(scale, words):
    assert eligibility.describe(OptionRequirement(asks="grade", number=Decimal(50)), scale) == words


def test_every_kind_of_requirement_has_words_a_judge_and_a_fact():
    judged = {*Requirement.Asks.values} - {"text"}  # what only a person can look at is not judged

    assert {*eligibility.JUDGES} == {*eligibility.FACTS} == judged
    assert {*eligibility.ASKED} == judged - {"grade"}
    assert {*MADE_OF} == {*Requirement.Asks.values}
    assert {part for parts in MADE_OF.values() for part in parts} == {*PARTS}


def verdict(met=None, *, fact="", blocking=True):
    asked = OptionRequirement(asks="ects", number=60, is_blocking=blocking)
    return eligibility.Verdict(met=met, sentence="At least 60 ECTS.", requirement=asked, on=DAY, fact=fact)


@pytest.mark.parametrize(
    ("judged", "blocks", "lacks"),
    [
        (verdict(True), False, False),
        (verdict(False), True, False),
        (verdict(False, blocking=False), False, False),
        (verdict(None, fact="ects_earned"), False, True),
        (verdict(None, fact="ects_earned", blocking=False), False, False),
        (verdict(None), False, False),  # somebody has to look; that keeps nobody from applying
    ],
)
def test_what_keeps_somebody_from_applying(judged, blocks, lacks):
    assert (judged.blocks, judged.lacks_data) == (blocks, lacks)


def test_what_the_round_asks_counts_for_each_of_its_options():
    of_round, own = verdict(False), verdict(False)
    found = eligibility.RoundVerdicts(of_round=[of_round, verdict(True)], of_options={1: [own, verdict(None)], 2: []})

    assert (found.blocking(1), found.blocking(2)) == ([of_round, own], [of_round])


@pytest.mark.parametrize(
    ("judged", "label", "tone"),
    [
        (verdict(True), "met", "ok"),
        (verdict(False), "not met", "due"),
        (verdict(None), "looked at by the office", "quiet"),
        (verdict(None, fact="ects_earned"), "fill in your data", "quiet"),
        (verdict(None, fact="ects_earned", blocking=False), "looked at by the office", "quiet"),
    ],
)
def test_a_verdict_is_drawn_for_a_student(judged, label, tone):
    row = eligibility.as_row(judged, judged=True)

    assert (row["label"], row["tone"], row["lacks_data"]) == (label, tone, judged.lacks_data)


def test_who_is_no_student_reads_what_is_asked_and_no_verdict():
    row = eligibility.as_row(verdict(None, fact="ects_earned"), judged=False)

    assert (row["label"], row["sentence"], row["lacks_data"]) == ("", "At least 60 ECTS.", False)


# where a student stands


def standing(**facts):
    known = {
        "home_id": 1, "home": "KTH", "programme": "", "level": "bachelor", "field": "0714", "field_name": "Electronics",
        "semester": 5, "ects": Decimal("120.0"), "grade": Decimal("26.1"), "scale": ITALY, "languages": {"en": "C1"},
        "proofs": {},
    }  # fmt: skip
    return Standing(**(known | facts))


def judge(facts, **asked):
    return eligibility.check([OptionRequirement(**asked)], standing(**facts), DAY)[0]


@pytest.mark.parametrize(
    ("facts", "asked", "met"),
    [
        ({"ects": Decimal("59.9")}, {"asks": "ects", "number": Decimal(60)}, False),
        ({"ects": Decimal("60.0")}, {"asks": "ects", "number": Decimal(60)}, True),
        ({"ects": Decimal(0)}, {"asks": "ects", "number": Decimal(0)}, True),  # nothing earned yet is an answer
        ({"semester": 3}, {"asks": "semester", "number": Decimal(4)}, False),
        ({"semester": 4}, {"asks": "semester", "number": Decimal(4)}, True),
        ({"semester": None}, {"asks": "semester", "number": Decimal(4)}, None),
        ({"grade": Decimal(24)}, {"asks": "grade", "number": Decimal(50)}, True),
        ({"grade": Decimal("23.9")}, {"asks": "grade", "number": Decimal(50)}, False),
        ({"grade": None}, {"asks": "grade", "number": Decimal(50)}, None),
        ({"scale": GERMANY, "grade": Decimal("2.5")}, {"asks": "grade", "number": Decimal(50)}, True),
        ({"scale": GERMANY, "grade": Decimal("2.6")}, {"asks": "grade", "number": Decimal(50)}, False),
        ({"languages": {"en": "B2"}}, {"asks": "language", "language": "en", "cefr": "B2"}, True),
        ({"languages": {"en": "B1"}}, {"asks": "language", "language": "en", "cefr": "B2"}, False),
        ({"languages": {"en": "A2"}}, {"asks": "language", "language": "en", "cefr": "A1"}, True),
        ({"level": ""}, {"asks": "level", "level": "bachelor"}, None),
        ({"field": ""}, {"asks": "field", "field": Field(code="07", name="Engineering")}, None),
        ({"field": "0714"}, {"asks": "field", "field": Field(code="07", name="Engineering")}, True),
        ({"field": "0714"}, {"asks": "field", "field": Field(code="0713", name="Energy")}, False),
        ({"home_id": 2}, {"asks": "home", "home": KIT}, True),
        ({"home_id": 1}, {"asks": "home", "home": KIT}, False),
    ],
)
def test_a_fact_is_judged_at_its_boundary(facts, asked, met):
    assert judge(facts, **asked).met is met


def test_a_missing_fact_is_named_by_the_field_where_it_is_filled_in():
    asked = {"asks": "semester", "number": Decimal(4)}

    found = judge({"semester": None}, **asked)

    assert (found.fact, found.on) == ("semester", DAY)
    assert found.sentence == "Semester 4 or later; your profile does not say."


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({}, "26.1 of 30"),
        ({"scale": GERMANY, "grade": Decimal("1.7")}, "1.7 (best 1)"),
        ({"grade": None}, ""),
        ({"scale": None}, ""),
    ],
)
def test_a_grade_in_words(facts, words):
    assert standing(**facts).grade_in_words == words


@pytest.mark.parametrize(
    ("facts", "position"),
    [({"grade": Decimal(18)}, 0), ({"grade": Decimal(30)}, 100), ({"grade": None}, None), ({"scale": None}, None)],
)
def test_where_a_grade_lies_between_pass_and_best(facts, position):
    assert standing(**facts).position == position


@pytest.mark.parametrize(
    ("ects", "words"), [(None, ""), ("120.0", "120"), ("97.5", "97.5"), ("100", "100"), ("0.0", "0")]
)
def test_credits_in_words(ects, words):
    assert standing(ects=None if ects is None else Decimal(ects)).ects_in_words == words


@pytest.mark.parametrize(("level", "words"), [("master", "Master"), ("", ""), ("gone since", "")])
def test_a_level_in_words(level, words):
    assert standing(level=level).level_name == words


def test_languages_are_told_with_their_proof():
    known = standing(languages={"en": "C1", "de": "B1"}, proofs={"en": "TOEFL 104"})

    assert known.language_names == ["English C1 (TOEFL 104)", "German B1"]


# references


@pytest.mark.parametrize("kind", Kind)
def test_a_reference_is_short_and_has_no_letters_that_look_alike(kind):
    made = {references.new_reference(kind) for _ in range(50)}

    assert len(made) == 50
    assert all(re.fullmatch(rf"{Kind.prefixes[kind]}-[{references.ALPHABET}]{{4}}-[{references.ALPHABET}]{{2}}", one)
               for one in made)  # fmt: skip


@pytest.mark.parametrize("alike", ["0O", "1IL", "2Z", "5S", "8B", "UV", "AEIOU"])
def test_of_letters_that_look_alike_one_at_most_is_used(alike):
    assert len({*alike} & {*references.ALPHABET}) <= 1


def test_examples_look_like_references():
    assert [references.example(kind) for kind in Kind] == ["EX-7K3M-92", "DD-7K3M-92"]


# states as the applicant reads them


def test_every_state_has_words_of_its_own_for_the_applicant_but_those_before_the_decision():
    hidden = {state for state, words in SHOWN.items() if words is UNDER_CONSIDERATION}

    assert {*SHOWN} == {*State}
    assert hidden == {State.SUBMITTED, State.ELIGIBLE, State.INELIGIBLE}
    labels = [str(words.label) for state, words in SHOWN.items() if state not in hidden]
    assert len(labels) == len({*labels})
    assert not hidden & {*DECIDED}


@pytest.mark.parametrize("state", State)
def test_the_office_moves_the_applicants_clock_only_by_what_is_told(state):
    application = an_application(state, submitted_at=NOW - timedelta(days=9))

    hidden = shown_state(application) is UNDER_CONSIDERATION
    assert shown_since(application) == (application.submitted_at if hidden else application.state_since)


def test_names_of_states_in_a_facet_are_the_applicants_and_strange_ones_have_none():
    assert {state: str(label) for state, label in shown_names(["eligible", "offered", "stolen"]).items()} == {
        "eligible": "Being considered", "offered": "Place offered",
    }  # fmt: skip


# whose turn


@pytest.mark.parametrize(
    ("round_state", "open_reviews", "who", "step"),
    [
        ("published", 0, Who.NOBODY, WAITS_FOR_CLOSING),
        ("published", 2, Who.REVIEWERS, WAITS_FOR_REVIEWS),
        ("closed", 1, Who.REVIEWERS, WAITS_FOR_REVIEWS),
        ("closed", 0, Who.OFFICE, "Prepare the decision"),
    ],
)
def test_who_is_eligible_waits_for_reviewers_then_for_the_closing_then_for_the_office(
    round_state, open_reviews, who, step
):
    application = an_application(State.ELIGIBLE, round=a_round(round_state))

    turn = turn_of(application, open_reviews=open_reviews)

    assert (turn.who, turn.step, turn.since) == (who, step, application.state_since)


@pytest.mark.parametrize("state", set(State) - {State.ELIGIBLE})
def test_open_reviews_change_the_turn_of_nobody_else(state):
    application = an_application(state)

    assert turn_of(application, open_reviews=3) == turn_of(application, open_reviews=0)


# the title of next year's round


@pytest.mark.parametrize(
    ("title", "term", "moved"),
    [
        ("Exchange 2027/28", "autumn", "Exchange 2029/30"),
        ("Exchange 2027-28", "autumn", "Exchange 2029-30"),
        ("Exchange 2027–28, second call", "autumn", "Exchange 2029–30, second call"),
        ("Exchange 2027/2028", "autumn", "Exchange 2029/2030"),
        ("Autumn 2027", "autumn", "Autumn 2029"),
        ("Spring 2028", "spring", "Spring 2030"),  # the second half of 2027/28
        ("Call of 2027 for 2027/28", "year", "Call of 2029 for 2029/30"),
        ("Room 20271", "autumn", "Room 20271"),
        ("Outgoing students", "autumn", "Outgoing students"),
        ("The class of 2025", "autumn", "The class of 2025"),
    ],
)
def test_the_title_moves_along_with_the_year_it_names(title, term, moved):
    assert _title_of(a_round(title=title, term=term), 2029) == moved


# small words


def test_a_moment_stands_in_its_sentence_and_other_words_are_escaped():
    sentence = with_moment("Nominations to {host}: until {moment}.", NOW, "Europe/Stockholm", NOW, host="<b>KIT</b>")

    assert "Nominations to &lt;b&gt;KIT&lt;/b&gt;: until <" in sentence
    assert "6 May, 12:00" in sentence


@pytest.mark.parametrize(("score", "rounded"), [(None, None), ("84.1666666666666667", "84.17"), ("84.005", "84.01")])
def test_a_score_is_exported_with_two_decimals(score, rounded):
    row = SimpleNamespace(score=None if score is None else Decimal(score))

    assert rounded_score(row) == (None if rounded is None else Decimal(rounded))


@pytest.mark.parametrize(
    ("years", "names"),
    [([2027, "2029"], {2027: "2027/28", "2029": "2029/30"}), ([2099], {2099: "2099/00"}), (["soon", "", None], {})],
)
def test_academic_years_are_named_as_people_write_them(years, names):
    assert year_names(years) == names


def test_a_round_says_when_it_is_for():
    round = a_round(academic_year=2099, term="year")

    assert (round.year, round.when, round.room) == ("2099/00", "Full year 2099/00", "exchange")
    assert a_round(kind="dual_degree").room == "programmes"
    assert a_round(kind="dual_degree").desk_roles == ("director", "exchange")


def test_a_choice_a_decision_and_a_place_name_themselves():
    choice = a_choice(rank=2)

    assert (str(choice), choice.option.place) == ("2. Robotics", "KIT, Robotics")
    assert str(Decision(application_id=5, outcome="wait")) == "5: wait"


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"asks": "ects", "number": Decimal(60)}, "ECTS credits earned 60"),
        ({"asks": "text", "text": "A portfolio"}, "Something the office looks at A portfolio"),
        ({"asks": "language", "language": "en", "cefr": "C1"}, "Language C1"),
        ({"asks": "level", "level": "master"}, "Level of study master"),
    ],
)
def test_a_requirement_names_itself(asked, words):
    assert str(OptionRequirement(**asked)) == words


def test_what_no_room_has_announced_has_no_address_and_asks_nothing_more():
    assert address_of(a_place(kind="cotutelle")) == ""
    assert requirements_from_rooms("cotutelle", [1]) == {}
    assert requirements_from_rooms("exchange", []) == {}  # without options no room is asked
