"""The last place with real connections: an office lowers the number while a desk gives the place away."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, transaction
from django.utils import timezone

from applications import actions as engine
from applications.models import Choice, Option
from exchange import actions
from exchange.models import Placement
from members.acts import Refused
from tests.factories.applications import ApplicationFactory, ChoiceFactory, DecisionFactory, RoundFactory
from tests.factories.exchange import PlacementFactory
from tests.factories.members import person_as

ROUNDS = 3


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("attempt", range(ROUNDS))
def test_places_are_never_fewer_than_given_however_the_two_acts_meet(attempt) -> None:
    round = RoundFactory(closed=True)
    placement = PlacementFactory(published=True, places=2, round=round)
    desk, office = person_as("exchange", round.university), person_as("exchange", placement.host)
    for _two in range(2):
        application = ApplicationFactory(round=round, eligible=True)
        choice = ChoiceFactory(application=application, option=placement.option_ptr)
        DecisionFactory(application=application, outcome="offer", choice=choice, reason="Best score")
    together = Barrier(2)

    def lower() -> str:
        mine = Placement.objects.select_related("host").get(pk=placement.pk)
        mine.places = 1
        together.wait()
        return attempted(lambda: actions.change_placement(placement=mine, version=1, by=office))

    def give() -> str:
        together.wait()
        return attempted(lambda: engine.release_round(round=round, by=desk, now=timezone.now()))

    with ThreadPoolExecutor(2) as pool:
        lowered, given = pool.submit(lower), pool.submit(give)
        outcomes = sorted([lowered.result(), given.result()])

    places = Option.objects.get(pk=placement.pk).places
    held = Choice.objects.holding_a_place().filter(option=placement.pk).count()
    assert held <= places
    assert outcomes == ["done", "refused"]


def attempted(act) -> str:
    """Do it in a connection of this thread's own."""
    try:
        with transaction.atomic():
            act()
        return "done"
    except Refused:
        return "refused"
    finally:
        connection.close()
