"""Whose turn it is, as each page says it: in every state one sentence, and the acts that lead on from there."""

from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest

from applications import appeal_page, apply_flow, decision_board, file_page, readiness, round_board, round_page
from applications.applicant_timeline import timeline
from applications.application_page import DocumentRow, is_missing, turn_panel
from applications.apply_flow import Step
from applications.checklist import TIE, Missing
from applications.models import Appeal, Application, Choice, DocumentFile, DocumentSlot
from applications.nominations import Nomination
from members.models import Act, User
from tests.applications.unsaved import KIT, KTH, NOW, a_choice, a_profile, a_round, a_slot, an_application

State = Application.State
Slot = DocumentSlot.State
COMING = {"opens_at": NOW + timedelta(days=2)}


def labels(turn):
    return [str(action["label"]) for action in turn.get("actions", [])]


# the desk of a round


@pytest.mark.parametrize(
    ("state", "counts", "title", "mine"),
    [
        ("draft", {}, "It is a draft", False),
        ("published", {"submitted": 1}, "Check 1 application", True),
        ("published", {"submitted": 12}, "Check 12 applications", True),
        ("published", {"eligible": 3}, "Nothing to check", False),
        ("closed", {"submitted": 2, "eligible": 3}, "Check 2 applications", True),
        ("closed", {"eligible": 3}, "Decide", True),
        ("closed", {}, "Decide", True),
        ("released", {"offered": 1}, "1 offer waits for its answer", False),
        ("released", {"offered": 4, "accepted": 9}, "4 offers wait for their answer", False),
        ("released", {"accepted": 9}, "No offer waits for an answer", False),
        ("archived", {}, "No offer waits for an answer", False),
    ],
)
def test_what_the_desk_of_a_round_does_next(state, counts, title, mine):
    turn = round_board.next_step(a_round(state), counts, NOW)

    assert (turn["title"], turn["mine"]) == (title, mine)
    assert turn["caps"] == ("Your turn" if mine else "Nobody’s turn")
    assert turn["why"]


def test_a_round_that_has_not_opened_yet_opens_by_itself():
    turn = round_board.next_step(a_round(**COMING), {"submitted": 1}, NOW)

    assert (turn["title"], turn["mine"]) == ("It opens by itself", False)


def test_in_the_second_of_its_opening_a_round_is_open():
    assert round_board.next_step(a_round(opens_at=NOW), {}, NOW)["title"] == "Nothing to check"


def test_what_is_to_be_checked_is_one_press_away():
    [show] = round_board.next_step(a_round(), {"submitted": 1}, NOW)["actions"]

    assert show["url"] == "/applications/rounds/kth-autumn/desk/?state=submitted"


def test_every_state_of_an_application_stands_in_one_stage_of_the_board():
    stages = [state for _label, states in round_board.STAGES if states for state in states]

    assert len(stages) == len({*stages})
    assert {*State} - {*stages} == {State.DRAFT}  # nobody but the student sees one


def test_places_that_nobody_wants_stand_apart():
    quiet = SimpleNamespace(wishes=0, taken=0, waiting=0)
    wanted, held, waited = (SimpleNamespace(**(vars(quiet) | {name: 1})) for name in ("wishes", "taken", "waiting"))

    shown = round_board._by_demand([quiet, wanted, held, waited])

    assert shown == {"wanted": [wanted, held, waited], "unwanted": [quiet]}


# the board of decisions


@pytest.mark.parametrize(
    ("left", "prepared", "title", "acts"),
    [
        (1, 0, "1 application is not decided yet", ["Propose by score"]),
        (3, 9, "3 applications are not decided yet", ["Propose by score"]),
        (0, 12, "Everything is prepared", ["Release all decisions", "Propose by score"]),
    ],
)
def test_a_closed_round_is_proposed_then_released(left, prepared, title, acts):
    turn = decision_board._turn(a_round("closed"), left, prepared, NOW)

    assert (turn["title"], turn["mine"], labels(turn)) == (title, True, acts)


def test_a_second_proposal_stands_back_behind_what_is_prepared():
    first, again = (decision_board._turn(a_round("closed"), 3, prepared, NOW)["actions"][0] for prepared in (0, 1))

    assert (first["quiet"], again["quiet"]) == (False, True)
    assert first["post"]


@pytest.mark.parametrize(
    ("round", "title"),
    [
        (a_round(), "The round is still open"),
        (a_round("released", released_at=NOW), "All decisions are out"),
        (a_round("archived", released_at=NOW), "All decisions are out"),
    ],
)
def test_before_the_closing_and_after_the_release_nothing_is_decided(round, title):
    turn = decision_board._turn(round, 0, 0, NOW)

    assert (turn["title"], turn["mine"], turn["actions"]) == (title, False, [])


# the page of a round, for its desk


def test_the_desk_of_a_published_round_reads_what_comes():
    coming, running = (round_page._desk_turn(round, NOW) for round in (a_round(**COMING), a_round()))

    assert (coming["caps"], coming["title"]) == ("Opens in 2\xa0days", "Students prepare")
    assert (running["caps"], running["title"]) == (
        "Closes in 4\xa0days",
        "Students apply; you can check files as they come",
    )
    assert labels(coming) == labels(running) == ["To the desk"]


@pytest.mark.parametrize(
    ("state", "title", "mine"),
    [
        ("closed", "Check, review and decide; then release all answers together", True),
        ("archived", "Archived", False),
    ],
)
def test_the_desk_of_a_round_that_is_over_reads_what_is_left(state, title, mine):
    turn = round_page._desk_turn(a_round(state), NOW)

    assert (turn["title"], turn["mine"], turn["caps"]) == (title, mine, "Your turn" if mine else "Running")


# the page of a round, for everybody else


@pytest.mark.parametrize(
    ("round", "caps", "title"),
    [
        (a_round(**COMING), "Opens in 2\xa0days", "You can apply from then on"),
        (a_round(closes_at=NOW), "Closed", "The desk is deciding; answers come together."),  # the job comes in a minute
        (a_round("closed"), "Closed", "The desk is deciding; answers come together."),
        (a_round("released"), "Closed", "Decided; everybody has an answer."),
        (a_round("archived"), "Closed", "This round is history."),
        (a_round("draft"), "Not published", "Its desk still prepares it; nobody can apply yet."),
    ],
)
def test_a_round_that_is_not_open_says_why(round, caps, title):
    turn = round_page._not_open(round, NOW)

    assert (turn["caps"], turn["title"]) == (caps, title)


def reader_turn(round, profile, verdicts=None):
    none = SimpleNamespace(of_round=[])
    return round_page._reader_turn(round, User(pk=7), profile, verdicts or none, NOW)


def test_a_visitor_reads_until_when_and_for_whom():
    own, every = (reader_turn(a_round(for_own_students=own), None) for own in (True, False))

    assert own["caps"] == "Open for 4\xa0days more"
    assert own["title"] == "Apply until 10 May, 12:00 Stockholm, for students of KTH"
    assert every["title"] == "Apply until 10 May, 12:00 Stockholm"
    assert labels(own) == labels(every) == ["Apply"]


def test_a_student_of_elsewhere_is_not_led_into_a_round_that_takes_nobody_of_there():
    turn = reader_turn(a_round(for_own_students=True), a_profile(university=KIT))

    assert (turn["caps"], turn["title"]) == ("Not for you", "This round is for students of KTH.")
    assert labels(turn) == []


def verdict(*, blocks=False, lacks=False):
    return SimpleNamespace(blocks=blocks, lacks_data=lacks, sentence=f"{'No' if blocks else 'Unknown'}.")


@pytest.mark.parametrize(
    ("verdicts", "title", "why", "acts"),
    [
        ([], "You can apply", "Each place may ask for more; see below.", ["Apply"]),
        ([verdict()], "You meet what this round asks", "Each place may ask for more; see below.", ["Apply"]),
        ([verdict(lacks=True)], "You may be eligible", "Unknown.", ["Apply", "Fill in my data"]),
        ([verdict(blocks=True)], "You do not meet what this round asks", "No.", []),
        ([verdict(lacks=True), verdict(blocks=True)], "You do not meet what this round asks", "No.", []),
        ([verdict(blocks=True), verdict(blocks=True)], "You do not meet what this round asks", "No. No.", []),
    ],
)
def test_eligibility_is_told_before_anything_is_typed(verdicts, title, why, acts):
    turn = round_page._eligibility(SimpleNamespace(of_round=verdicts), {"label": "Apply", "url": "/"})

    assert (turn["title"], turn["why"], labels(turn)) == (title, why, acts)


@pytest.mark.parametrize(
    ("own", "judged", "tone", "label", "against"),
    [
        ([], True, "ok", "you can choose it", ""),
        ([verdict(lacks=True)], True, "wait", "data missing", "Unknown."),
        ([verdict(lacks=True), verdict(blocks=True)], True, "due", "not yet", "No."),
        ([verdict(blocks=True)], False, "due", "not yet", ""),  # for who is no student nothing is judged
    ],
)
def test_what_speaks_against_a_place_is_said_first(own, judged, tone, label, against):
    row = round_page._row(SimpleNamespace(pk=3), SimpleNamespace(of_options={3: own}), judged)

    assert (row["tone"], row["label"], row["against"]) == (tone, label, against)
    assert bool(row["asks"]) == (bool(own) and not judged)


# the office's page of a file


def desk_turn(state, round="published", **fields):
    application = an_application(state, round=a_round(round), submitted_at=NOW - timedelta(days=9), **fields)
    return file_page.desk_turn(application, NOW)


@pytest.mark.parametrize(
    ("state", "caps", "acts"),
    [
        ("submitted", "Your turn for 1 day", ["It is eligible", "Not eligible", "Ask the student"]),
        ("more_info", "The applicant: for 1 day", ["It is eligible", "Not eligible"]),
        ("ineligible", "Your turn for 1 day", ["It is eligible after all", "Ask the student"]),
        ("offered", "The applicant: for 1 day", []),
        ("waitlisted", "Nobody: for 1 day", []),
        ("accepted", "Your turn for 1 day", []),
        ("rejected", "Nobody: for 1 day", []),
        ("withdrawn", "Nobody: for 1 day", []),
    ],
)
def test_what_the_office_can_do_with_a_file(state, caps, acts):
    turn = desk_turn(state)

    assert (turn["caps"], labels(turn)) == (caps, acts)


def test_of_the_acts_on_a_new_file_one_stands_out():
    assert [act["quiet"] for act in desk_turn("submitted")["actions"]] == [False, True, True]
    assert all(act["quiet"] for act in desk_turn("more_info")["actions"])


def test_the_office_reads_what_it_asked_for():
    assert desk_turn("more_info", asked_for="Your transcript.")["why"] == "Your transcript."


def test_an_act_leads_to_its_page_of_this_file():
    assert [act["url"] for act in desk_turn("submitted")["actions"]] == [
        "/applications/EX-7K3M-92/eligible/", "/applications/EX-7K3M-92/ineligible/", "/applications/EX-7K3M-92/ask/",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "actor", "on_behalf_of", "words"),
    [
        ("application.lapsed", None, None, "by the clock"),
        ("dossier.opened_by_link", None, None, ""),  # whoever holds the link; for whom it was made stands beside it
        ("review.assigned", "Ada", None, "Ada Lind"),
        ("review.assigned", "Ada", "Bo", "Ada Lind for Bo Lind"),
    ],
)
def test_who_did_it_in_words(kind, actor, on_behalf_of, words):
    person, holder = (name and User(given_name=name, family_name="Lind") for name in (actor, on_behalf_of))

    assert file_page._by(Act(kind=kind, actor=person, on_behalf_of=holder)) == words


def test_an_appeal_that_waits_comes_before_everything_else():
    application = an_application(State.WAITLISTED)
    appeal = SimpleNamespace(is_filed=True, filed_at=NOW - timedelta(days=2), answer_by=NOW + timedelta(days=5))
    part = {"appeal": appeal, "may_answer": True, "judges": [User(pk=3)]}

    assert file_page._turn(application, part, NOW)["title"] == "Answer the appeal"
    appeal.is_filed = False
    assert file_page._turn(application, part, NOW)["title"] == "A place goes to the next in line when one comes free"
    assert file_page._turn(application, None, NOW)["caps"] == "Nobody: for 1 day"


@pytest.mark.parametrize(
    ("may_answer", "judges", "title", "mine"),
    [
        (True, [1], "Answer the appeal", True),
        (False, [1], "Somebody else answers the appeal", False),
        (False, [], "Nobody may answer the appeal yet", False),
    ],
)
def test_whose_turn_an_appeal_is_at_the_office(may_answer, judges, title, mine):
    appeal = Appeal(filed_at=NOW - timedelta(days=2), answer_by=NOW + timedelta(days=5))
    part = {"appeal": appeal, "may_answer": may_answer, "judges": judges}

    turn = appeal_page.turn_of_desk(an_application(State.REJECTED), part, NOW)

    assert (turn["title"], turn["mine"]) == (title, mine)
    assert turn["caps"] == ("Your turn for 2 days" if mine else "Waiting for 2 days")
    assert labels(turn) == (["Answer it"] if mine else [])


# the applicant's page


def panel(application, documents=(), appealing=None):
    return turn_panel(application, list(documents), appealing, NOW)


def with_choices(application, *choices):
    """As a prefetch would leave them, so that nothing is asked."""
    fetched = Choice.objects.all()
    fetched._result_cache, fetched._prefetch_done = list(choices), True
    application.pk, application._prefetched_objects_cache = 1, {"choices": fetched}
    return application


def test_a_draft_is_finished_by_its_student_while_the_round_is_open():
    turn = panel(an_application())

    assert (turn["caps"], turn["title"], turn["mine"]) == (
        "Your turn for 1 day", "Finish and submit your application", True,
    )  # fmt: skip
    assert labels(turn) == ["Go on"]
    assert "10 May, 12:00" in turn["why"]


def test_a_draft_of_a_round_that_has_closed_can_only_be_read():
    turn = panel(an_application(round=a_round(closes_at=NOW)))

    assert (turn["caps"], turn["title"], turn["actions"]) == ("Closed", "The round has closed", [])


def test_what_the_office_asked_is_read_where_it_is_answered():
    turn = panel(an_application(State.MORE_INFO, asked_for="Your transcript."))

    assert (turn["why"], labels(turn), turn["mine"]) == ("Your transcript.", ["Answer"], True)


def test_an_offer_names_the_place_and_the_last_moment():
    application = an_application(State.OFFERED, answer_by=NOW + timedelta(days=3))
    turn = panel(with_choices(application, a_choice(state="not_offered"), a_choice(state="offered", rank=2)))

    assert turn["title"] == "Accept or decline your place: KIT, Robotics"
    assert labels(turn) == ["Accept the place", "Decline"]
    assert "9 May, 12:00" in turn["why"]


@pytest.mark.parametrize("state", ["submitted", "eligible", "ineligible"])
def test_before_the_release_the_turn_tells_nothing_of_what_was_found(state):
    turn = panel(an_application(state, submitted_at=NOW - timedelta(days=9)))

    assert (turn["caps"], turn["title"], turn["actions"]) == (
        "The office's turn for 9 days", "Being considered", [],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("state", "caps", "title"),
    [
        ("waitlisted", "Nobody's turn for 1 day", "On the waiting list"),
        ("rejected", "No place", "No place"),
        ("declined", "You declined", "You declined"),
        ("expired", "Offer expired", "Offer expired"),
        ("withdrawn", "Withdrawn", "Withdrawn"),
        ("lapsed", "Not submitted", "Not submitted"),
    ],
)
def test_whose_turn_it_is_when_nothing_is_to_be_done(state, caps, title):
    turn = panel(an_application(state))

    assert (turn["caps"], turn["title"], turn["mine"], turn["actions"]) == (caps, title, False, [])


def accepted():
    return with_choices(an_application(State.ACCEPTED), a_choice(state="accepted"))


def row(slot, *, wanted=True, tone="due", nomination=None):
    return DocumentRow(slot=slot, current=None, older=[], wanted=wanted, tone=tone, nomination=nomination)


def test_who_has_accepted_reads_the_own_place():
    turn = panel(accepted())

    assert (turn["title"], turn["caps"]) == ("Your place: KIT, Robotics", "The office's turn for 1 day")


def test_a_refused_document_comes_before_one_that_is_missing():
    refused = a_slot(Slot.REFUSED, name="Passport", reason="It is blurred.", position=4)
    turn = panel(accepted(), [row(a_slot(needed="later")), row(refused)])

    assert (turn["title"], turn["why"], turn["caps"]) == ("Send “Passport”", "It is blurred.", "Your turn")
    assert turn["actions"][0]["url"] == "#document-4"


@pytest.mark.parametrize(
    ("slot", "why"),
    [
        (a_slot(needed="later", help="In colour."), "In colour."),
        (a_slot(needed="later"), "It is needed before the nomination."),
    ],
)
def test_what_is_needed_for_the_nomination_is_the_students_turn(slot, why):
    assert panel(accepted(), [row(slot)])["why"] == why


def test_the_hosts_last_day_stands_beside_what_it_waits_for():
    by = Nomination(at=NOW + timedelta(days=6), time_zone="Europe/Berlin", host="KIT")

    turn = panel(accepted(), [row(a_slot(needed="later"), nomination=by)])

    assert "It is needed before the nomination. Nominations to KIT: until" in turn["why"]
    assert "12 May, 12:00" in turn["why"]


@pytest.mark.parametrize("rows", [[row(a_slot(), wanted=False)], [row(a_slot(Slot.RECEIVED), tone="")]])
def test_a_document_that_nobody_waits_for_is_nobodys_turn(rows):
    assert panel(accepted(), rows)["title"] == "Your place: KIT, Robotics"


def test_who_waits_in_line_is_not_asked_for_documents_of_the_nomination():
    turn = panel(an_application(State.WAITLISTED), [row(a_slot(needed="later"))])

    assert turn["title"] == "On the waiting list"


def an_appeal_part(**fields):
    known = {"appeal": None, "may_file": False, "is_over": False, "by": NOW + timedelta(days=2)}
    return known | fields


def test_the_right_to_appeal_stands_with_the_refusal():
    turn = panel(an_application(State.REJECTED), appealing=an_appeal_part(may_file=True))

    assert labels(turn) == ["Appeal"]
    assert "The reason stands beside each choice. You can appeal this decision until" in turn["why"]


def test_after_the_last_moment_it_does_not():
    turn = panel(an_application(State.REJECTED), appealing=an_appeal_part(is_over=True))

    assert (labels(turn), turn["why"]) == ([], "The reason stands beside each choice.")


def test_while_an_appeal_waits_it_is_the_offices_turn():
    appeal = Appeal(filed_at=NOW - timedelta(days=3), answer_by=NOW + timedelta(days=7))

    turn = panel(an_application(State.REJECTED), appealing=an_appeal_part(appeal=appeal))

    assert (turn["title"], turn["caps"]) == ("Your appeal is looked at", "The office’s turn for 3 days")


def test_an_answered_appeal_is_nobodys_turn():
    appeal = Appeal(state="dismissed", filed_at=NOW - timedelta(days=3), answer_by=NOW)

    assert panel(an_application(State.REJECTED), appealing=an_appeal_part(appeal=appeal))["title"] == "No place"


# documents


@pytest.mark.parametrize(
    ("needed", "state", "missing"),
    [
        ("to_apply", "draft", True),
        ("to_apply", "accepted", True),
        ("later", "draft", False),
        ("later", "eligible", False),
        ("later", "offered", True),
        ("later", "accepted", True),
        ("later", "waitlisted", False),
        ("optional", "accepted", False),
    ],
)
def test_when_a_document_is_missing(needed, state, missing):
    application = an_application(state)

    assert is_missing(application, a_slot(needed=needed)) is missing
    assert not is_missing(application, a_slot(Slot.RECEIVED, needed))


@pytest.mark.parametrize(
    ("slot", "tone", "label"),
    [
        (a_slot(), "due", "Missing"),
        (a_slot(needed="later"), "due", "Missing"),
        (a_slot(needed="later"), "", "Needed later"),
        (a_slot(needed="optional"), "", "Not sent"),
        (a_slot(Slot.RECEIVED), "", "Received"),
        (a_slot(Slot.VALIDATED), "ok", "Checked"),
        (a_slot(Slot.REFUSED), "due", "Refused"),
    ],
)
def test_a_document_is_called_missing_only_when_it_is_needed(slot, tone, label):
    assert row(slot, tone=tone).label == label


@pytest.mark.parametrize(("kind", "word"), [("application/pdf", "PDF"), ("image/png", "PNG"), ("image/jpeg", "JPEG")])
def test_a_file_names_its_kind(kind, word):
    current = DocumentFile(content_type=kind)

    assert DocumentRow(slot=a_slot(), current=current, older=[], wanted=True, tone="").kind == word
    assert row(a_slot()).kind == ""


# what happened, as the applicant reads it


def act(kind, **fields):
    return Act(kind=kind, at=NOW, **fields)


def test_the_last_thing_that_happened_is_where_a_live_application_stands():
    steps = timeline(an_application(), [act("application.started")], [])

    assert [(str(step["label"]), step["state"]) for step in steps] == [
        ("Draft begun", "now"), ("Submit", "next"), ("The office checks", "next"), ("Decision for all at once", "next"),
    ]  # fmt: skip


def test_between_submission_and_decision_it_is_being_considered():
    application = an_application(State.ELIGIBLE, submitted_at=NOW)

    steps = timeline(application, [act("application.submitted")], [])

    assert [(str(step["label"]), step["state"]) for step in steps][:2] == [
        ("Submitted", "done"), ("Being considered", "now"),
    ]  # fmt: skip


def test_what_ended_it_stopped_it_and_nothing_comes():
    [step] = timeline(an_application(State.WITHDRAWN), [act("application.withdrawn", reason="Another plan.")], [])

    assert (step["state"], step["detail"]) == ("stopped", "Another plan.")


def test_the_score_stands_before_the_decision_that_rests_on_it():
    score = [{"name": "Motivation", "points": Decimal(40), "most": 50},
             {"name": "Grades", "points": Decimal("44.25"), "most": 50}]  # fmt: skip

    steps = timeline(an_application(State.REJECTED), [act("application.rejected", reason="Below 87.5.")], score)

    assert [str(step["label"]) for step in steps] == ["Ranked, score 84.3", "No place"]
    assert steps[0]["detail"] == "Motivation 40/50, Grades 44.3/50"


def test_a_line_tells_place_document_and_for_whom_beside_its_reason():
    details = {"place": "KIT, Robotics", "document": "Passport", "whom": "Prof. Lind", "points": "secret"}

    [step] = timeline(an_application(State.LAPSED), [act("document.refused", reason="Blurred.", details=details)], [])

    assert step["detail"] == "KIT, Robotics · Passport · Prof. Lind · Blurred."


def test_the_offices_note_stays_its_own():
    [step] = timeline(an_application(State.LAPSED), [act("application.found_eligible", reason="Just so.")], [])

    assert step["detail"] == ""


def test_only_who_opened_the_file_from_outside_is_named():
    person = User(given_name="Ada", family_name="Lind")

    opened, refused = timeline(
        an_application(State.LAPSED), [act(kind, actor=person) for kind in ("application.opened", "document.refused")],
        [],
    )  # fmt: skip

    assert (opened["by"], refused["by"]) == ("Ada Lind", "")


def test_a_kind_of_line_without_words_is_left_out():
    assert timeline(an_application(State.LAPSED), [act("review.assigned")], []) == []


# the editor of a round


def test_steps_of_the_editor_are_done_where_nothing_is_missing():
    checked = [readiness.Point(step="choices", done=False, text="", must=True)]
    checked += [
        readiness.Point(step="letters", done=True, text=""),
        readiness.Point(step="rubric", done=False, text=""),
    ]

    steps = readiness.steps(a_round("draft"), "documents", checked)

    assert [step["state"] for step in steps] == ["done", "todo", "done", "now", "todo", "done", "todo"]
    assert steps[-1]["url"] == "/applications/rounds/kth-autumn/edit/publish/"


@pytest.mark.parametrize(("must", "done", "stands"), [(True, False, True), (True, True, False), (False, False, False)])
def test_only_what_must_be_there_stands_in_the_way(must, done, stands):
    assert readiness.Point(step="edit", done=done, text="", must=must).stands_in_the_way is stands


def test_a_closing_that_is_now_lies_in_the_past():
    closing, introduction = readiness._basics(a_round("draft", closes_at=NOW, introduction=" \n"), NOW)

    assert (closing.done, closing.must, closing.text) == (False, True, "Its closing lies in the past: set a later one.")
    assert (introduction.done, introduction.must) == (False, False)


# the steps of applying


def test_a_request_of_the_office_opens_every_step_but_the_choices():
    assert apply_flow.steps_of(an_application()) == list(Step)
    assert apply_flow.steps_of(an_application(State.MORE_INFO)) == [
        Step.PROFILE, Step.MOTIVATION, Step.DOCUMENTS, Step.CHECK,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("state", "step", "following"),
    [
        ("draft", Step.PROFILE, Step.CHOICES),
        ("draft", Step.CHECK, Step.CHECK),
        ("more_info", Step.PROFILE, Step.MOTIVATION),
        ("more_info", Step.DOCUMENTS, Step.CHECK),
    ],
)
def test_the_way_on(state, step, following):
    assert apply_flow.after(an_application(state), step) == following


@pytest.mark.parametrize(
    ("version", "missing", "states"),
    [
        (1, [], ["now", "todo", "todo", "todo", "todo"]),  # nothing was visited yet
        (2, [], ["now", "done", "done", "done", "todo"]),
        (2, ["choices"], ["now", "todo", "done", "done", "todo"]),
        (2, ["profile"], ["now", "done", "done", "done", "todo"]),
    ],
)
def test_how_far_the_steps_are(version, missing, states):
    application = an_application(version=version)
    wanting = [Missing(text="", step=step) for step in missing]

    assert [apply_flow._drawn(application, step, Step.PROFILE, wanting)["state"] for step in Step] == states


@pytest.mark.parametrize(
    ("entry", "url", "label"),
    [
        (Missing(text="", step="choices", anchor="id_choice_2"),
         "/applications/EX-7K3M-92/edit/choices/#id_choice_2", "Choices"),
        (Missing(text="", step="documents"), "/applications/EX-7K3M-92/edit/documents/", "Documents"),
        (Missing(text="", step="profile", anchor=TIE), apply_flow.profile_address(), "Fill in your profile"),
    ],
)  # fmt: skip
def test_what_is_missing_links_to_where_it_is_filled_in(entry, url, label):
    linked = apply_flow.linked(an_application(), entry)

    assert (linked["url"], linked["label"]) == (url, label)


@pytest.mark.parametrize(("typed", "too_many"), [("one two three", False), ("one two three four", True), ("", False)])
def test_words_are_counted_as_the_round_counts_them(typed, too_many):
    application = an_application(motivation=typed, round=a_round(motivation_words=3))

    assert apply_flow.words(application) == {"typed": len(typed.split()), "most": 3, "too_many": too_many}


def test_the_day_on_which_one_is_judged_is_the_rounds():
    late = NOW.replace(hour=22, minute=30)

    assert apply_flow.today(an_application(), late).isoformat() == "2027-05-07"
    assert (
        apply_flow.today(an_application(round=a_round(time_zone="America/Toronto")), late).isoformat() == "2027-05-06"
    )


@pytest.mark.parametrize(
    ("round", "profile", "hindrance"),
    [
        (a_round(closes_at=NOW), a_profile(), "This round is not open now."),
        (a_round(), None, "Only students apply. Tell us your home university in your profile."),
        (a_round(), a_profile("waiting"), "Your home university has not confirmed that you study there."),
        (a_round(), a_profile("refused"), "KTH says that you do not study there. Ask its exchange office."),
        (a_round(), a_profile(university=KIT), "This round is for students of KTH."),
        (a_round(for_own_students=False), a_profile(university=KIT), ""),
        (a_round(university=KTH), a_profile(), ""),
    ],
)
def test_why_somebody_cannot_start_here(round, profile, hindrance):
    assert apply_flow._hindrance(round, profile, NOW) == hindrance


def test_an_option_shows_the_worst_of_what_speaks_against_it():
    met, unmet = SimpleNamespace(met=True, fact=""), SimpleNamespace(met=False, fact="")
    unknown, looked_at = SimpleNamespace(met=None, fact="ects"), SimpleNamespace(met=None, fact="")

    def worst(*own):
        return apply_flow._row(SimpleNamespace(pk=1), SimpleNamespace(of_options={1: list(own)}))["speaks"]

    assert worst(met, unknown, unmet) is unmet
    assert worst(met, unknown, looked_at) is unknown
    assert worst(met, looked_at) is None
