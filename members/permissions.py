"""Who may do what with universities, people and mandates. The only place that says so for this room.

Each predicate's docstring is the policy. Views, templates, API and admin ask `user.has_perm(name, thing)`.
"""

from typing import Any

import rules

from members.models import Role, University, User


def _university(thing: Any) -> University | None:
    """The university a thing belongs to; the thing itself when it is one."""
    return thing if isinstance(thing, University) else getattr(thing, "university", None)


@rules.predicate
def is_signed_in(user: User) -> bool:
    """Anybody with an account."""
    return user.is_authenticated and user.is_active


@rules.predicate
def is_secretariat(user: User) -> bool:
    """The consortium's secretariat, by a mandate in force today."""
    return user.is_authenticated and user.holds(Role.SECRETARIAT)


@rules.predicate
def is_administrator(user: User) -> bool:
    """Whoever runs the portal itself."""
    return user.is_authenticated and user.is_active and user.is_superuser


@rules.predicate
def keeps_the_university(user: User, thing: Any = None) -> bool:
    """The official and the exchange coordinators of that university keep its pages; without a thing: of any."""
    return user.is_authenticated and user.holds(Role.OFFICIAL, Role.EXCHANGE, university=_university(thing))


@rules.predicate
def is_official(user: User, thing: Any = None) -> bool:
    """The university's one official; without a thing: of any university."""
    return user.is_authenticated and user.holds(Role.OFFICIAL, university=_university(thing))


@rules.predicate
def holds_the_mandate(user: User, mandate: Any = None) -> bool:
    """The person whose mandate it is."""
    return mandate is not None and user.is_authenticated and mandate.person_id == user.pk


@rules.predicate
def confirms_students(user: User, profile: Any = None) -> bool:
    """The exchange office or the official of the student's home university."""
    return user.is_authenticated and user.holds(Role.OFFICIAL, Role.EXCHANGE, university=_university(profile))


curates = is_secretariat | is_administrator

rules.add_perm("members.curate", curates)
rules.add_perm("members.edit_university", keeps_the_university | curates)
rules.add_perm("members.confirm_university", keeps_the_university)
rules.add_perm("members.give_mandate", is_official | curates)
rules.add_perm("members.end_mandate", is_official | curates)
rules.add_perm("members.name_deputy", holds_the_mandate | is_official | curates)
rules.add_perm("members.confirm_student", confirms_students)
rules.add_perm("members.see_mail", curates)
