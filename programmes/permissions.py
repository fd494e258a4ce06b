"""Who may do what with programmes. The only place that says so for this room.

Each predicate's docstring is the policy. Views, templates, API and admin ask `user.has_perm(name, programme)`.
"""

import rules

from members.models import Role, User
from members.permissions import curates, is_signed_in
from programmes.models import Programme


@rules.predicate
def directs_the_programme(user: User, programme: Programme | None = None) -> bool:
    """A programme director of any partner university; without a programme: of any university."""
    if not user.is_authenticated:
        return False
    if programme is None:
        return user.holds(Role.DIRECTOR)
    universities = {university.pk for university in user.universities_as(Role.DIRECTOR)}
    return any(partner.university_id in universities for partner in programme.partners.all())


@rules.predicate
def directs_the_coordinating_side(user: User, programme: Programme | None = None) -> bool:
    """A programme director of the coordinating university, which runs the applications."""
    if programme is None or programme.coordinator is None:
        return False
    return user.is_authenticated and user.holds(Role.DIRECTOR, university=programme.coordinator)


@rules.predicate
def is_not_archived(user: User, programme: Programme | None = None) -> bool:
    """An archived programme is history: it is restored before anybody changes it."""
    return programme is None or programme.state != Programme.State.ARCHIVED


# Directors propose, the secretariat publishes: nobody outside it publishes what they wrote themselves.
rules.add_perm("programmes.add_programme", directs_the_programme | curates)
rules.add_perm("programmes.edit_programme", (directs_the_programme | curates) & is_not_archived)
rules.add_perm("programmes.submit_programme", directs_the_programme & is_not_archived)
rules.add_perm("programmes.curate_programme", curates)
rules.add_perm("programmes.archive_programme", directs_the_coordinating_side | curates)
rules.add_perm("programmes.edit_intakes", (directs_the_programme | curates) & is_not_archived)
rules.add_perm("programmes.open_round", (directs_the_coordinating_side | curates) & is_not_archived)
rules.add_perm("programmes.keep_wish_list", is_signed_in)
