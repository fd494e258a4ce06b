"""The machine as data: every state can be reached, every state that is not an end has a next step."""

import re
from pathlib import Path

import pytest

from applications import actions, file_page, round_page
from applications.actions.rounds import DONE
from applications.models import Appeal, Application, DocumentSlot, Review, Round
from applications.turns import TURNS, Who

State = Application.State


@pytest.mark.parametrize(
    ("machine", "begins"),
    [
        (Appeal, Appeal.State.FILED),
        (Application, State.DRAFT),
        (DocumentSlot, DocumentSlot.State.ASKED),
        (Review, Review.State.ASSIGNED),
        (Round, Round.State.DRAFT),
    ],
)
def test_every_state_is_reachable(machine, begins):
    reached, grown = {begins}, True
    while grown:
        steps = {target for sources, target in machine.TRANSITIONS.values() if sources & reached}
        grown = bool(steps - reached)
        reached |= steps

    unreachable = {DocumentSlot.State.TO_ASK} if machine is DocumentSlot else set()
    assert reached == set(machine.State) - unreachable


@pytest.mark.parametrize("state", State.live)
def test_every_live_state_leads_on(state):
    leads_on = {name for name, (sources, _target) in Application.TRANSITIONS.items() if state in sources}

    assert leads_on - {"withdraw"} or state == State.ACCEPTED


@pytest.mark.parametrize("state", State.live)
def test_every_live_application_can_be_withdrawn(state):
    assert state in Application.TRANSITIONS["withdraw"][0]


@pytest.mark.parametrize("state", sorted(set(State.ended) - {State.LAPSED, State.REJECTED}))
def test_an_end_is_an_end(state):
    assert not [name for name, (sources, _target) in Application.TRANSITIONS.items() if state in sources]


def test_a_refusal_ends_it_unless_an_appeal_is_upheld():
    leads_on = {name for name, (sources, _target) in Application.TRANSITIONS.items() if State.REJECTED in sources}

    assert leads_on == {"offer_on_appeal", "wait_on_appeal"}


@pytest.mark.parametrize("state", State)
def test_every_state_says_whose_turn_it_is(state):
    who, step = TURNS[state]

    assert step
    assert (who == Who.NOBODY) == (state in (*State.ended, State.WAITLISTED))


def test_live_and_ended_are_all_states():
    assert set(State.live) | set(State.ended) == set(State)
    assert not set(State.live) & set(State.ended)


def test_whatever_is_written_down_has_words_on_the_page_that_tells_it():
    sources = "".join(path.read_text() for path in Path(actions.__file__).parent.glob("*.py"))
    of_files = {*re.findall(r'"((?:appeal|application|decision|document|dossier|letter|review)\.[a-z_]+)"', sources)}
    of_rounds = {*re.findall(r'"(round\.[a-z_]+)"', sources)} | {f"round.{done}" for done in DONE.values()}

    assert of_files >= {"application.lapsed", "review.recused"}
    assert (of_files - {*file_page.WORDS_OF_ACTS}, of_rounds - {*round_page.WORDS}) == (set(), set())
