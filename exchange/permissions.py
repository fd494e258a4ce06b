"""Who may do what with exchange places. The only place that says so for this room.

Each predicate's docstring is the policy. What may be seen stands in `PlacementQuerySet.visible_to`.
"""

from typing import Any

import rules

from exchange.models import Placement
from members.models import University, User
from members.permissions import curates


@rules.predicate
def sits_in_the_hosts_office(user: User, thing: Any = None) -> bool:
    """The exchange coordinators and the official of the host; without a thing: of any university."""
    host = thing if thing is None or isinstance(thing, University) else thing.host
    return user.is_authenticated and user.holds(*Placement.DESK, university=host)


rules.add_perm("exchange.add_placement", sits_in_the_hosts_office)  # not who curates: they act for no host
rules.add_perm("exchange.edit_placement", sits_in_the_hosts_office | curates)
rules.add_perm("exchange.publish_placement", sits_in_the_hosts_office | curates)
