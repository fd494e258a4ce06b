"""What programmes, pathways, intakes, courses and cotutelles say of themselves; rules of one row, no database."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError

from programmes import comparing, turns
from programmes.actions.cotutelle_guards import acting_side
from programmes.actions.cotutelle_telling import SAID
from programmes.actions.intakes import _a_year_later
from programmes.content import completed, empty_content, fingerprint, gaps
from programmes.content.snapshot import PARTS, slugs_of, written
from programmes.cotutelles.announcing import TO_DO
from programmes.cotutelles.page import ACT_WORDS, STAGES, timeline
from programmes.cotutelles.page import NOW as STAGE_NOW
from programmes.cotutelles.turns import NEXT
from programmes.forms.cotutelles import (
    CotutelleForm,
    PaperForm,
    SupervisorForm,
    SupervisorFormSet,
    supervisors_in_words,
    typed_supervisors,
)
from programmes.forms.course_lists import BETWEEN_CODES
from programmes.forms.courses import YEARS_AHEAD, YEARS_BACK, years_around
from programmes.forms.intakes import ClockField, usual_window
from programmes.models import (
    Cotutelle,
    CotutelleFile,
    Course,
    Intake,
    PartnerRole,
    Pathway,
    PathwaySemester,
    Programme,
    ProgrammePartner,
    Revision,
    Side,
    Turn,
    YearlyDate,
)
from programmes.models.cotutelles import new_reference
from programmes.models.courses import full_year_alone
from programmes.models.parts import check_day_of_month
from programmes.showing import told_of_partners
from tests.factories.members import UniversityFactory, UserFactory
from tests.factories.programmes import CotutelleFactory

NOW = datetime(2027, 5, 4, 12, tzinfo=UTC)
DAY = timedelta(days=1)
KTH = UniversityFactory.build(pk=1, short_name="KTH", slug="kth", city="Stockholm", time_zone="Europe/Stockholm")
KIT = UniversityFactory.build(pk=2, short_name="KIT", slug="kit", city="Karlsruhe", time_zone="Europe/Berlin")
TONGJI = UniversityFactory.build(pk=3, short_name="Tongji University", slug="tongji", city="Shanghai",
                                 time_zone="Asia/Shanghai")  # fmt: skip


# Partners


def programme(*sides, **values):
    """A programme whose partners are (university, role), not stored."""
    made = Programme(**({"pk": 1, "title": "Robotics", "slug": "robotics"} | values))
    made._prefetched_objects_cache = {"pathways": Pathway.objects.none()}
    rows = [ProgrammePartner(pk=pk, university=place, role=role) for pk, (place, role) in enumerate(sides, start=1)]
    made.__dict__["sides"] = rows
    return made


@pytest.mark.parametrize(
    ("sides", "line"),
    [
        ([], ""),
        ([(KTH, "coordinating")], "KTH"),
        ([(KTH, "coordinating"), (KIT, "awarding")], "KTH with KIT"),
        ([(KTH, "coordinating"), (KIT, "awarding"), (TONGJI, "awarding")], "KTH with KIT and Tongji University"),
    ],
    ids=["nobody", "one", "two", "three"],
)
def test_a_programme_is_signed_by_its_partners(sides, line) -> None:
    assert programme(*sides).partner_line == line


@pytest.mark.parametrize(
    ("sides", "who"),
    [([], None), ([(KTH, "awarding")], None), ([(KTH, "coordinating")], KTH), ([(KTH, "associated")], None)],
    ids=["nobody", "nobody coordinates", "one coordinates", "only associated"],
)
def test_only_who_coordinates_runs_the_applications(sides, who) -> None:
    assert programme(*sides).coordinator is who


def test_partners_stand_by_weight_and_associated_ones_award_nothing() -> None:
    partners = [ProgrammePartner(role=role) for role in PartnerRole.values]

    assert [partner.weight for partner in partners] == [0, 1, 2]
    assert [partner.awards for partner in partners] == [True, True, False]


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        ({}, set()),
        ({"degree": "MSc"}, {"degree"}),
        ({"ects": 0}, {"ects"}),
        ({"tuition_eu": 0}, {"money"}),
        ({"tuition_non_eu": 15_000}, {"money"}),
    ],
    ids=str,
)
def test_a_column_is_shown_where_any_partner_fills_it_also_with_nothing(columns, told) -> None:
    made = programme((KTH, "coordinating"), (KIT, "awarding"))
    for name, value in columns.items():
        setattr(made.sides[1], name, value)

    assert {name for name, there in told_of_partners(made).items() if there} == told


@pytest.mark.parametrize(
    ("state", "tone", "is_public"),
    [("draft", "quiet", False), ("review", "wait", False), ("published", "ok", True), ("archived", "quiet", True)],
)
def test_each_state_of_a_programme_has_its_tone(state, tone, is_public) -> None:
    made = Programme(state=state)

    assert (made.tone, made.is_public) == (tone, is_public)


@pytest.mark.parametrize("state", Revision.State.values)
def test_only_versions_that_are_not_handed_in_are_with_the_directors(state) -> None:
    assert Revision(state=state).is_with_directors is (state in ("draft", "returned"))


# Pathways


def pathway(*terms, **values):
    """A pathway from KTH to KIT through (university, credits), not stored."""
    made = Pathway(home=KTH, host=KIT, **values)
    made.__dict__["terms"] = [
        PathwaySemester(number=number, university=place, ects=None if ects is None else Decimal(ects))
        for number, (place, ects) in enumerate(terms, start=1)
    ]
    return made


def test_a_pathway_is_called_by_its_ends_where_nobody_named_it() -> None:
    assert [str(pathway(name=name)) for name in ("", "Track A")] == ["KTH → KIT", "Track A"]


@pytest.mark.parametrize(
    ("terms", "shares"),
    [
        ([], []),
        ([(KTH, 30), (KTH, 30)], [("KTH", 60)]),
        ([(KTH, 30), (KIT, "22.5"), (KTH, 30)], [("KTH", 30), ("KIT", Decimal("22.5")), ("KTH", 30)]),
        ([(KTH, 30), (KIT, None)], []),
        ([(KTH, 0), (KIT, 30)], [("KTH", 0), ("KIT", 30)]),
    ],
    ids=["nowhere", "one stay", "and back", "not known", "a semester without credits"],
)
def test_credits_are_summed_by_stay(terms, shares) -> None:
    assert [(str(place), ects) for place, ects in pathway(*terms).shares] == shares


@pytest.mark.parametrize(
    ("total", "adds_up", "sentence"),
    [
        (60, True, "60 ECTS credits: 30 at KTH, 30 at KIT."),
        (None, True, "60 ECTS credits: 30 at KTH, 30 at KIT."),
        (90, False, "The semesters add up to 60, not to 90 ECTS credits: 30 at KTH, 30 at KIT."),
    ],
    ids=["fits", "no total", "does not fit"],
)
def test_credits_are_held_against_the_programme_where_it_counts_them(total, adds_up, sentence) -> None:
    assert pathway((KTH, 30), (KIT, 30)).credit_sentence(total) == (adds_up, sentence)


def test_credits_in_a_sentence_have_no_idle_zeros_and_leave_out_what_is_not_known() -> None:
    assert pathway((KTH, "7.5"), (KIT, None)).credit_sentence(None)[1] == "7.5 ECTS credits: 7.5 at KTH, 0 at KIT."


@pytest.mark.parametrize(
    ("place", "ects", "what", "label", "sentence"),
    [
        (KIT, "30", "", "KIT", "Semester 1 at KIT, 30 ECTS"),
        (KIT, None, "thesis", "KIT", "Semester 1 at KIT: thesis"),
        (TONGJI, "7.5", "", "Shanghai", "Semester 1 at Tongji University, 7.5 ECTS"),
    ],
)
def test_a_semester_in_a_few_letters_and_in_a_sentence(place, ects, what, label, sentence) -> None:
    term = PathwaySemester(number=1, university=place, ects=ects and Decimal(ects), what=what)

    assert (term.place, term.sentence) == (label, sentence)


def test_a_strip_marks_what_is_not_at_home() -> None:
    assert [cell["there"] for cell in pathway((KTH, 30), (KIT, 30)).strip] == [False, True]


# Yearly dates


@pytest.mark.parametrize(
    ("month", "day", "exists"),
    [(2, 29, True), (2, 30, False), (4, 30, True), (4, 31, False), (12, 31, True), (None, 31, True), (2, None, True)],
)
def test_a_day_of_every_year_exists_in_some_year(month, day, exists) -> None:
    if exists:
        check_day_of_month(month, day)
    else:
        with pytest.raises(ValidationError):
            check_day_of_month(month, day, column="until_day")


@pytest.mark.parametrize(
    ("dates", "words"),
    [
        ({"month": 1}, "January"),
        ({"month": 12, "day": 1}, "1 December"),
        ({"month": 5, "until_month": 9}, "May to September"),
        ({"month": 5, "day": 2, "until_month": 9, "until_day": 30}, "2 May to 30 September"),
        ({"month": 12, "day": 1, "until_month": 1, "until_day": 15}, "1 December to 15 January"),
    ],
    ids=str,
)
def test_dates_that_come_round_in_words(dates, words) -> None:
    assert YearlyDate(**dates).words == words


# Intakes


def intake(**values):
    return Intake(**({"academic_year": 2027, "term": "autumn", "programme": programme()} | values))


def test_an_intake_is_called_by_its_start_and_for_whom_it_is() -> None:
    assert [str(intake()), str(intake(home=KIT))] == ["Autumn 2027/28", "Autumn 2027/28, KIT"]
    assert [intake().own_key(), intake(home=KIT).own_key()] == ["2027-autumn", "2027-autumn-kit"]
    assert str(intake(academic_year=2099)) == "Autumn 2099/00"


@pytest.mark.parametrize(
    ("at", "zone", "later"),
    [
        ("2027-03-02T12:00", "UTC", "2028-03-02T12:00"),
        ("2028-02-29T12:00", "UTC", "2029-02-28T12:00"),
        ("2027-03-28T22:30", "Europe/Berlin", "2028-03-28T22:30"),
    ],
    ids=["a day", "a leap day", "a day after midnight there"],
)
def test_a_year_later_is_the_same_day_and_hour_on_that_clock(at, zone, later) -> None:
    moved = _a_year_later(datetime.fromisoformat(f"{at}+00:00"), zone)

    assert moved.astimezone(UTC).strftime("%Y-%m-%dT%H:%M") == later


def test_a_year_later_keeps_the_hour_though_the_clocks_change_on_another_day() -> None:
    """28 March 2027 is summer time in Berlin from that night on, 28 March 2028 has had it for two days."""
    before = datetime(2027, 3, 27, 9, tzinfo=UTC)  # ten o'clock, still winter

    assert _a_year_later(before, "Europe/Berlin").strftime("%H:%M %z") == "10:00 +0200"


def test_a_new_intake_begins_tomorrow_morning_for_eight_weeks() -> None:
    usual = usual_window(NOW)

    assert (usual["opens_at"], usual["closes_at"]) == (datetime(2027, 5, 5, 8), datetime(2027, 6, 30, 23, 59))  # noqa: DTZ001
    assert (usual["academic_year"], usual["term"]) == (2028, "autumn")


def test_an_hour_typed_without_a_zone_stays_that_hour() -> None:
    read = ClockField().clean("2027-03-02T12:00")

    assert (read.hour, read.tzinfo) == (12, None)
    assert ClockField(required=False).clean("") is None


# Comparing


def row(*cells):
    return comparing.Row("Field", [list(cell) for cell in cells], [])


@pytest.mark.parametrize(
    ("cells", "differs"),
    [
        ([("a",), ("a",)], False),
        ([("a",), ("b",)], True),
        ([("a",), (comparing.NOT_KNOWN,)], False),
        ([("a", "b"), ("b", "a")], True),
        ([(comparing.NOT_KNOWN,), (comparing.NOT_KNOWN,)], False),
    ],
    ids=["alike", "different", "one not known", "another order", "nothing known"],
)
def test_what_is_not_known_differs_from_nothing(cells, differs) -> None:
    assert row(*cells).differs is differs


def test_programmes_of_one_title_are_told_apart_by_their_partners() -> None:
    first, second = programme((KTH, "coordinating")), programme((KIT, "coordinating"))

    assert comparing.names_of([first, second]) == ["KTH", "KIT"]
    assert comparing.names_of([first, programme(title="Energy")]) == ["Robotics", "Energy"]


@pytest.mark.parametrize(
    ("told", "lines"),
    [(None, ["–"]), ("", ["–"]), ([], ["–"]), (["", None], ["–"]), (0, ["0"]), (["a", "", "b"], ["a", "b"])],
    ids=str,
)
def test_cells_are_lines_and_nothing_is_a_dash(told, lines) -> None:
    assert comparing._lines(told) == lines


def test_windows_close_each_on_its_own_clock() -> None:
    assert comparing._moment(NOW, "America/Sao_Paulo") == "4 May 2027, 09:00 Sao Paulo"


@pytest.mark.parametrize(
    ("values", "lines"),
    [
        ({}, ["", ""]),
        ({"thesis_ects": 30}, ["30 ECTS", ""]),
        ({"thesis_ects": 30, "supervised_by_both": True, "thesis_rule": "One text."},
         ["30 ECTS, supervised from both sides", "One text."]),
        ({"supervised_by_both": False}, ["", ""]),
    ],
    ids=str,
)  # fmt: skip
def test_a_thesis_in_a_cell(values, lines) -> None:
    assert comparing._thesis(Programme(**values)) == lines


def test_seats_are_those_of_the_next_intake_and_none_are_not_said() -> None:
    made = programme()

    for ahead, words in (([], ""), ([SimpleNamespace(places=0)], ""), ([SimpleNamespace(places=3)], "3")):
        made.ahead = ahead
        assert comparing._seats(made) == words


# Contents


def test_an_empty_content_has_every_part() -> None:
    assert set(empty_content()) == set(PARTS)
    assert {gap.step for gap in gaps(empty_content())} == {"basics", "partners", "pathways"}


def test_two_contents_of_nothing_share_no_list() -> None:
    first, second = empty_content(), empty_content()
    first["partners"].append({})

    assert second["partners"] == []


@pytest.mark.parametrize(
    ("number", "words"), [("30", "30"), ("30.0", "30"), ("7.5", "7.5"), ("0.0", "0"), ("100", "100"), ("0.50", "0.5")]
)
def test_numbers_are_written_without_idle_zeros(number, words) -> None:
    assert written(Decimal(number)) == words


def test_a_fingerprint_knows_the_order_of_rows_and_not_that_of_columns() -> None:
    assert fingerprint({"a": 1, "b": 2}) == fingerprint({"b": 2, "a": 1})
    assert fingerprint([1, 2]) != fingerprint([2, 1])


def test_a_version_that_says_nothing_of_tags_is_completed_and_one_that_names_none_is_not() -> None:
    without = empty_content()
    del without["tags"]
    carries = SimpleNamespace(tags=SimpleNamespace(all=lambda: [SimpleNamespace(slug="energy")]))

    assert completed(without, carries)["tags"] == ["energy"]
    assert completed(empty_content(), carries)["tags"] == []
    assert "tags" not in without


def test_universities_of_a_content_are_found_wherever_they_are_named() -> None:
    content = empty_content() | {
        "partners": [{"university": "a"}], "yearly_dates": [{"university": None}],
        "requirements": [{"home": "b", "asked_by": "c"}],
        "pathways": [{"home": "d", "host": "e", "semesters": [{"university": "f"}]}],
    }  # fmt: skip

    assert set(slugs_of(content)) == {"a", "b", "c", "d", "e", "f", None}


def side(slug, role="awarding", ects=None):
    return {"university": slug, "role": role, "ects": ects}


def complete(**changes):
    """A content that lacks nothing but what `changes` take away."""
    partners = [
        {"university": "kth", "role": "coordinating", "ects": 60},
        {"university": "kit", "role": "awarding", "ects": 60},
    ]
    terms = [{"university": slug, "ects": "30", "what": ""} for slug in ("kth", "kth", "kit", "kit")]
    basics = {"field": "0714", "summary": "Two years.", "award": "MSc", "kind": "dual", "ects_total": 120}
    return empty_content() | {
        "basics": basics | changes.pop("basics", {}), "languages": [{"language": "en"}], "partners": partners,
        "pathways": [{"key": "k", "name": "", "home": "kth", "host": "kit", "semesters": terms}],
    } | changes  # fmt: skip


def sentences(**changes):
    return [gap.sentence for gap in gaps(complete(**changes))]


def test_a_complete_content_lacks_nothing() -> None:
    assert sentences() == []


@pytest.mark.parametrize(
    ("basics", "sentence"),
    [
        ({"award": "", "diploma": "none"}, []),
        ({"award": ""}, ["Say which degrees it gives."]),
        ({"ects_total": None}, []),
        ({"ects_total": 90}, ["The partners' credits add up to 120, not to 90.",
                              "Pathway 1: the semesters add up to 120, not to 90 ECTS credits."]),
    ],
    ids=["gives none", "says none", "counts none", "counts others"],
)  # fmt: skip
def test_degrees_and_credits_are_asked_for_where_there_are_some(basics, sentence) -> None:
    assert sentences(basics=basics) == sentence


@pytest.mark.parametrize(
    ("partners", "sentence"),
    [
        ([side("kth", "coordinating"), side("kit")], []),
        ([side("kth", "coordinating", 60), side("kit")], []),
        ([side("kth", "coordinating", 60), side("kit", ects=60), side("x", "associated", 30)], []),
        ([side("kth"), side("kit")], ["Say which partner coordinates: it runs the applications."]),
        ([side("kth", "coordinating"), side("kit", "associated")], ["At least two partners award a degree."]),
        ([side("kth", "coordinating", 60), side("kit", ects=30)], ["The partners' credits add up to 90, not to 120."]),
    ],
    ids=["no credits", "credits of one", "associated beside", "nobody coordinates", "one awards", "too few credits"],
)  # fmt: skip
def test_partners_that_will_not_do_are_told(partners, sentence) -> None:
    assert sentences(partners=partners) == sentence


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ([None, None, None, None], []),
        (["30", "30", "30", None], ["Pathway 1: give the credits of every semester, or of none."]),
        (["30", "30", "30", "30.5"], ["Pathway 1: the semesters add up to 120.5, not to 120 ECTS credits."]),
        (["45", "15", "22.5", "37.5"], []),
    ],
    ids=["of none", "of some", "half a credit too many", "in halves"],
)
def test_credits_of_a_pathway_are_given_for_all_semesters_or_none_and_add_up(given, sentence) -> None:
    places = ("kth", "kth", "kit", "kit")
    terms = [{"university": slug, "ects": ects, "what": ""} for slug, ects in zip(places, given, strict=True)]

    assert sentences(pathways=[{"key": "k", "name": "", "home": "kth", "host": "kit", "semesters": terms}]) == sentence


def test_requirements_and_dates_belong_to_partners_or_to_all() -> None:
    told = ["A requirement or date belongs to a university that is not a partner."]

    assert sentences(yearly_dates=[{"university": None}], requirements=[{"asked_by": "kit"}]) == []
    assert sentences(yearly_dates=[{"university": "epfl"}]) == told
    assert sentences(requirements=[{"asked_by": "epfl"}]) == told


# Courses


@pytest.mark.parametrize(
    ("last", "day", "ended"),
    [
        (None, date(2030, 1, 1), False),
        (2026, date(2027, 7, 31), False),
        (2026, date(2027, 8, 1), True),
        (2027, date(2027, 8, 1), False),
    ],
    ids=["no end in sight", "the last day of its last year", "the first day of the next", "its last year begins"],
)
def test_a_course_ends_with_the_academic_year(last, day, ended) -> None:
    assert Course(last_year=last).has_ended_on(day) is ended


@pytest.mark.parametrize(("ects", "words"), [("7.5", "7.5"), ("30.0", "30"), ("0.5", "0.5"), (6, "6"), ("10", "10")])
def test_credits_of_a_course_read_as_people_write_them(ects, words) -> None:
    assert Course(ects=ects).credits == f"{words} ECTS"


def test_terms_and_languages_stand_in_the_order_of_the_list_and_not_as_they_were_ticked() -> None:
    course = Course(terms=["spring", "autumn"], languages=["sv", "en"])

    assert (course.term_names, course.language_names) == ("Autumn, Spring", "English, Swedish")


@pytest.mark.parametrize(
    ("terms", "fits"), [(["year"], True), (["autumn", "spring"], True), (["year", "autumn"], False)]
)
def test_a_full_year_stands_alone(terms, fits) -> None:
    if fits:
        full_year_alone(terms)
    else:
        with pytest.raises(ValidationError, match="names no other term"):
            full_year_alone(terms)


def test_a_code_is_known_again_whatever_its_capitals() -> None:
    assert Course(code="el2520").key == Course(code="EL2520").key


def test_years_to_choose_lie_around_the_running_one_and_keep_what_stands() -> None:
    years = [year for year, _words in years_around(date(2027, 7, 31), 1999, None)]

    assert (years[0], years[-2:]) == (2026 + YEARS_AHEAD, [2026 - YEARS_BACK, 1999])


def test_codes_are_parted_by_lines_commas_and_semicolons() -> None:
    assert [code.strip() for code in BETWEEN_CODES.split("A 1, B2;C3\n\nD4")] == ["A 1", "B2", "C3", "D4"]


# Cotutelles


def cotutelle(state="draft", **values):
    people = {"candidate": UserFactory.build(pk=9), "home": KTH, "partner": TONGJI}
    return CotutelleFactory.build(**({"state": state, "state_since": NOW, "ends_on": NOW.date()} | people | values))


def test_every_state_has_its_words_turn_task_and_stage() -> None:
    states = Cotutelle.State

    assert set(NEXT) == set(states)
    assert set(TO_DO) == {*states.turns, states.RUNNING}
    assert set(STAGE_NOW) == set(states.live)
    assert set(states.live) & set(states.over) == set()
    assert {kind.removeprefix("cotutelle.") for kind in ACT_WORDS} - {"begun"} <= set(SAID)


@pytest.mark.parametrize("state", Cotutelle.State.values)
def test_whose_turn_it_is_follows_from_the_state(state) -> None:
    expected = Cotutelle.State.turns.get(state, Turn.NOBODY)

    assert cotutelle(state).turn_on(NOW.date()) == expected


@pytest.mark.parametrize(("day", "turn"), [(0, Turn.NOBODY), (1, Turn.BOTH)], ids=["its last day", "the day after"])
def test_a_doctorate_waits_from_the_day_after_its_planned_end(day, turn) -> None:
    running = cotutelle("running")

    assert running.turn_on(running.ends_on + day * DAY) == turn
    assert running.waits_since == datetime(2027, 5, 5, tzinfo=UTC)
    assert cotutelle("requested").waits_since == NOW


def test_the_two_sides_are_each_others_other() -> None:
    assert [side.other for side in Side] == [Side.PARTNER, Side.HOME]
    assert [cotutelle().university_at(side) for side in Side] == [KTH, TONGJI]
    assert cotutelle().pair == "KTH – Tongji University"


@pytest.mark.parametrize(
    ("state", "in_hands", "over"),
    [("draft", True, False), ("sent_back", True, False), ("requested", False, False), ("running", False, False),
     ("defended", False, True), ("withdrawn", False, True)],
)  # fmt: skip
def test_what_is_in_the_candidates_hands_and_what_is_over(state, in_hands, over) -> None:
    made = cotutelle(state)

    assert (made.is_in_hands, made.is_over) == (in_hands, over)


@pytest.mark.parametrize(
    ("moment", "day"),
    [("2027-05-04T15:59", "2027-05-04"), ("2027-05-04T16:00", "2027-05-05")],
    ids=["a minute to midnight there", "midnight there"],
)
def test_the_day_is_that_of_the_place(moment, day) -> None:
    assert TONGJI.day_at(datetime.fromisoformat(f"{moment}+00:00")).isoformat() == day


@pytest.mark.parametrize(
    ("agreed", "acts_for"),
    [([], "home"), (["home"], "partner"), (["partner"], "home"), (["home", "partner"], "home")],
    ids=str,
)
def test_who_sits_at_both_sides_acts_for_the_one_that_has_not_agreed(monkeypatch, agreed, acts_for) -> None:
    made = cotutelle("requested", **{f"{side}_agreed_at": NOW for side in agreed})
    person = UserFactory.build()
    person.holds = lambda *roles, university: True

    assert acting_side(made, person) == acts_for


def test_a_reference_is_quoted_aloud_and_never_given_twice() -> None:
    found = {new_reference() for _number in range(50)}

    assert len(found) == 50
    assert all(len(one) == 10 and one[:3] == "CT-" and one[7] == "-" for one in found)


def test_what_is_over_has_nothing_to_come_and_what_is_live_has() -> None:
    requested = timeline(cotutelle("requested"), [])

    assert timeline(cotutelle("refused"), []) == []
    assert [step["state"] for step in requested] == ["now", *["next"] * (len(STAGES) - 1)]
    assert [step["state"] for step in timeline(cotutelle("running"), [])] == ["now", "next"]


# Forms of a cotutelle


@pytest.mark.parametrize(
    ("months", "wrong"),
    [
        ((18, 18), False),
        ((19, 18), False),
        ((19, 19), True),
        ((None, 60), False),
    ],
    ids=["as long", "a month of rounding", "two months too many", "one side not known"],
)
def test_both_stays_fit_into_three_years(months, wrong) -> None:
    form = CotutelleForm.__new__(CotutelleForm)
    form.cleaned_data = {"home_months": months[0], "partner_months": months[1]}
    told = []
    form.add_error = lambda field, words: told.append((field, str(words)))

    form._check_months(date(2027, 1, 1), date(2030, 1, 1))

    words = f"Both stays are {sum(filter(None, months))} months; from the beginning to the end there are 36."
    assert told == ([("partner_months", words)] if wrong else [])


def rows(*typed):
    data = {"form-TOTAL_FORMS": len(typed), "form-INITIAL_FORMS": 0}
    for number, row in enumerate(typed):
        data |= {f"form-{number}-{name}": value for name, value in ({"side": "home"} | row).items()}
    return SupervisorFormSet(data)


@pytest.mark.django_db
def test_a_side_alone_is_no_supervisor() -> None:
    formset = rows({"side": "partner"}, {"name": "Prof. A", "email": "A@Uni.example"}, {"name": "Prof. B"})

    assert formset.is_valid(), formset.errors
    assert typed_supervisors(formset) == [
        {"side": "home", "name": "Prof. A", "email": "a@uni.example"}, {"side": "home", "name": "Prof. B", "email": ""},
    ]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("row", "field"),
    [({"email": "a@uni.example"}, "name"), ({"name": "A", "email": "nobody"}, "email"),
     ({"name": "A", "side": "no"}, "side"),
     ({"name": "x" * 121}, "name")],
    ids=["no name", "no address", "no side", "too long"],
)  # fmt: skip
def test_half_a_supervisor_is_told_at_its_field(row, field) -> None:
    assert list(rows(row).forms[0].errors) == [field]


@pytest.mark.django_db
def test_a_supervisor_who_is_removed_is_not_kept() -> None:
    formset = rows({"name": "A"}, {"name": "B", "DELETE": "on"})

    assert formset.is_valid()
    assert [row["name"] for row in typed_supervisors(formset)] == ["A"]


@pytest.mark.django_db
def test_more_supervisors_than_can_be_named_are_refused() -> None:
    assert rows(*({"name": f"Prof. {n}"} for n in range(8))).is_valid()
    assert not rows(*({"name": f"Prof. {n}"} for n in range(9))).is_valid()


def test_empty_rows_offer_one_side_after_the_other() -> None:
    assert [form.initial["side"] for form in SupervisorFormSet().forms] == ["home", "partner"]
    assert SupervisorForm(initial={"side": "partner", "name": "A", "email": ""}).initial["side"] == "partner"


def test_supervisors_in_a_line_do_not_change_with_their_order() -> None:
    first, second = {"name": "B", "email": ""}, {"name": "A", "email": "a@uni.example"}

    assert supervisors_in_words([first, second]) == supervisors_in_words([second, first]) == "A <a@uni.example>; B"


def test_papers_to_send_are_those_of_the_moment() -> None:
    kinds = [CotutelleFile.Kind.CV, CotutelleFile.Kind.ANNEX]

    assert [value for value, _label in PaperForm(kinds=kinds).fields["kind"].choices] == ["cv", "annex"]
    assert "kind" in PaperForm({"kind": "convention"}, kinds=kinds).errors


# Turns


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "since just now"), (59, "since just now"), (60, "since 1\xa0minute"), (7200, "since 2\xa0hours")],
)
def test_how_long_it_waits_begins_with_just_now(seconds, words) -> None:
    assert turns.since_words(NOW - timedelta(seconds=seconds), NOW) == words


@pytest.mark.parametrize(
    ("state", "caps", "title"),
    [
        ("returned", "Your turn since 2\xa0days", "The secretariat asks for a change."),
        ("draft", "Being written since 2\xa0days", "A new version waits to be submitted."),
        ("review", "The secretariat's turn since 2\xa0days", "A new version waits to be published."),
    ],
)
def test_directors_read_whose_turn_it_is_with_their_version(state, caps, title) -> None:
    revision = Revision(state=state, state_since=NOW - 2 * DAY, comment="Name the thesis rule.")

    found = turns.version_turn(programme(), revision, AnonymousUser(), NOW)

    assert (found["caps"], found["title"]) == (caps, title)


def test_a_draft_without_a_version_is_begun_and_a_public_page_waits_for_nobody() -> None:
    begun = turns.version_turn(programme(state="draft"), None, AnonymousUser(), NOW)

    assert begun["title"] == "Write the programme, then submit it."
    assert turns.version_turn(programme(state="published"), None, AnonymousUser(), NOW) is None


def open_to(**values):
    """An intake as the page annotates it."""
    given = {"home_id": None, "is_open": False, "apply_url": "", "note": "", "opens": NOW + 9 * DAY}
    return SimpleNamespace(**(given | values))


@pytest.mark.parametrize(
    ("ahead", "caps"),
    [
        ([open_to(apply_url="/rounds/x/", is_open=True)], "Open now"),
        ([open_to(is_open=True)], "Open now"),
        ([open_to()], "Opens in 1\xa0week"),
        ([open_to(), open_to(is_open=True)], "Open now"),
    ],
    ids=["a round", "at home", "later", "the open one first"],
)
def test_readers_are_told_of_the_next_window(ahead, caps) -> None:
    assert turns._reader_turn(programme((KTH, "coordinating")), None, ahead, NOW)["caps"] == caps


def test_a_student_of_no_partner_is_told_for_whom_it_is_and_standby_before_all() -> None:
    student = SimpleNamespace(university_id=99, is_confirmed=True)
    made = programme((KTH, "coordinating"), (KIT, "associated"))

    assert turns._reader_turn(made, student, [], NOW)["title"] == "For students of KTH."
    made.listing = "standby"
    assert turns._reader_turn(made, student, [], NOW)["caps"] == "Standby"


@pytest.mark.parametrize(("confirmed", "begins"), [(True, True), (False, False)])
def test_a_dual_doctorate_is_begun_at_any_time_by_confirmed_students(confirmed, begins) -> None:
    student = SimpleNamespace(university_id=KTH.pk, is_confirmed=confirmed)

    found = turns._reader_turn(programme((KTH, "coordinating"), kind="cotutelle"), student, [], NOW)

    assert (found["caps"], "actions" in found) == ("At any time", begins)
