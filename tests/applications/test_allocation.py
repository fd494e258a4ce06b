"""Who gets which place and why, in plain numbers."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.template.defaultfilters import floatformat
from hypothesis import given
from hypothesis import strategies as st

from applications.allocation import Candidate, Reasons, allocate

MARCH = datetime(2027, 3, 3, 12, tzinfo=UTC)
TORINO, STOCKHOLM, LEUVEN = 1, 2, 3


def candidate(pk, score, *ranked, minute=0):
    number = None if score is None else Decimal(str(score))
    at = MARCH + timedelta(minutes=minute)
    return Candidate(pk=pk, reference=f"EX-{pk}", score=number, submitted_at=at, ranked=ranked)


def test_the_best_score_chooses_first():
    people = [candidate(1, 84, TORINO, STOCKHOLM), candidate(2, 87.5, TORINO), candidate(3, 90, TORINO)]

    assert allocate(people, {TORINO: 2, STOCKHOLM: 1}) == {3: TORINO, 2: TORINO, 1: STOCKHOLM}


@pytest.mark.parametrize(("first", "second"), [(0, 1), (1, 0)])
def test_at_equal_scores_the_earlier_submission_goes_first(first, second):
    people = [candidate(1, 84, TORINO, minute=first), candidate(2, 84, TORINO, minute=second)]

    assert allocate(people, {TORINO: 1}) == {
        1: TORINO if first < second else None,
        2: TORINO if second < first else None,
    }


def test_those_without_a_score_come_last():
    assert allocate([candidate(1, None, TORINO), candidate(2, 0, TORINO)], {TORINO: 1}) == {1: None, 2: TORINO}


def reasons(people, places):
    return Reasons(tuple(people), allocate(people, places))


def test_reason_of_an_offer():
    me = candidate(1, 84, STOCKHOLM)
    people = [me, candidate(2, 90, STOCKHOLM), *(candidate(n, n, STOCKHOLM) for n in range(3, 12))]

    assert reasons(people, {STOCKHOLM: 3}).for_offer(me, STOCKHOLM) == "2nd of 11 by score (84.0)."


@pytest.mark.parametrize(("score", "words"), [(85.25, "85.3"), (85.24, "85.2"), (85.35, "85.4"), (100, "100.0")])
def test_a_letter_rounds_a_score_as_the_list_does(score, words):
    me = candidate(1, score, STOCKHOLM)

    assert reasons([me], {STOCKHOLM: 1}).for_offer(me, STOCKHOLM) == f"1st of 1 by score ({words})."
    assert floatformat(me.score, 1) == words


@pytest.mark.parametrize(
    ("places", "others", "sentence"),
    [
        (1, [90], "The place went to a score of 90.0; yours is 84.0."),
        (2, [90, 87.5], "Both places went to scores of 87.5 or more; yours is 84.0."),
        (3, [90, 88, 87.5], "All 3 places went to scores of 87.5 or more; yours is 84.0."),
        (0, [90], "No place was left here."),
    ],
)
def test_reason_of_no_offer(places, others, sentence):
    me = candidate(1, 84, TORINO)
    people = [me, *(candidate(n, score, TORINO) for n, score in enumerate(others, start=2))]

    assert reasons(people, {TORINO: places}).for_no_offer(me, TORINO) == sentence


def test_reason_at_equal_scores_says_that_the_earlier_submission_counted():
    me = candidate(1, 84, TORINO, minute=5)

    said = reasons([me, candidate(2, 84, TORINO)], {TORINO: 1}).for_no_offer(me, TORINO)

    assert said == "The place went to a score of 84.0, submitted before yours (84.0)."


def test_a_place_given_by_hand_to_a_lower_score_is_not_explained_by_numbers():
    me, other = candidate(1, 84, TORINO), candidate(2, 60, TORINO)

    assert (
        Reasons((me, other), {2: TORINO}).for_no_offer(me, TORINO) == "The office gave the places to other applicants."
    )


people_strategy = st.lists(
    st.tuples(
        st.one_of(st.none(), st.integers(0, 5)),
        st.lists(st.sampled_from([TORINO, STOCKHOLM, LEUVEN]), max_size=3, unique=True),
        st.integers(0, 3),
    ),
    max_size=12,
)


@given(drawn=people_strategy, places=st.tuples(*[st.integers(0, 3)] * 3))
def test_allocation_is_full_fair_and_never_oversold(drawn, places):
    people = [candidate(pk, score, *ranked, minute=minute) for pk, (score, ranked, minute) in enumerate(drawn)]
    left = dict(zip((TORINO, STOCKHOLM, LEUVEN), places, strict=True))

    given_to = allocate(people, left)

    taken = Counter(option for option in given_to.values() if option)
    assert all(taken[option] <= left[option] for option in left)
    for person in people:
        got = given_to[person.pk]
        preferred = person.ranked[: person.ranked.index(got)] if got else person.ranked
        for option in preferred:  # whoever holds what I would rather have stood before me, and nothing of it is idle
            holders = [other for other in people if given_to[other.pk] == option]
            assert taken[option] == left[option]
            assert all(other.turn < person.turn for other in holders)
