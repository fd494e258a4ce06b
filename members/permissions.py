"""Who may do what with universities, people and mandates. The only place that says so for this room.

Each predicate's docstring is the policy. Views, templates, API and admin ask `user.has_perm(name, thing)`.
"""

from typing import Any

import rules
from django.utils import timezone

from members.models import Role, University, User


def _university(thing: Any) -> University | None:
    """The university a thing belongs to; the thing itself when it is one."""
    return thing if isinstance(thing, University) else getattr(thing, "university", None)


def _holds_at(user: User, thing: Any, *roles: str) -> bool:
    """Whether `user` holds one of `roles` at the thing's university; without a thing: anywhere.

    A thing of the consortium itself has no university, so no role at a university reaches it.
    """
    if not user.is_authenticated or (thing is not None and _university(thing) is None):
        return False
    return user.holds(*roles, university=_university(thing))


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
    return _holds_at(user, thing, Role.OFFICIAL, Role.EXCHANGE)


@rules.predicate
def is_official(user: User, thing: Any = None) -> bool:
    """The university's one official; without a thing: of any university."""
    return _holds_at(user, thing, Role.OFFICIAL)


@rules.predicate
def appoints(user: User, thing: Any = None) -> bool:
    """The university's official decides on every role there but their own; an official comes from the secretariat."""
    return is_official(user, thing) and (thing is None or thing.role in Role.given_by_the_official)


@rules.predicate
def holds_the_mandate(user: User, mandate: Any = None) -> bool:
    """The person whose mandate it is."""
    return mandate is not None and user.is_authenticated and mandate.person_id == user.pk


@rules.predicate
def passes_on_the_office(user: User, mandate: Any = None) -> bool:
    """An official passes the office on to a successor; people in other roles ask their official."""
    return holds_the_mandate(user, mandate) and mandate.role == Role.OFFICIAL


@rules.predicate
def confirms_students(user: User, profile: Any = None) -> bool:
    """The exchange office or the official of the student's home university; without a student: of any."""
    return _holds_at(user, profile, Role.OFFICIAL, Role.EXCHANGE)


@rules.predicate
def may_see_the_student(user: User, profile: Any = None) -> bool:
    """A student sees their own profile, the home university's office those of its students; the secretariat none."""
    return profile is not None and (profile.user_id == user.pk or confirms_students(user, profile))


@rules.predicate
def belongs_to(user: User, university: University | None = None) -> bool:
    """People who act for that university, and its confirmed students."""
    return user.is_authenticated and university in user.own_universities()


@rules.predicate
def is_of_the_consortium(user: User) -> bool:
    """People who act for a university or the consortium today, and confirmed students. An account alone is not
    enough: anybody can sign up.
    """
    return user.is_authenticated and (bool(user.mandates_on(timezone.localdate())) or bool(user.own_universities()))


@rules.predicate
def acts_for_a_university(user: User) -> bool:
    """Whoever acts for a university today, as holder or deputy, may publish a profile there; students may not."""
    return user.is_authenticated and bool(user.universities_as(*Role.values))


# Administrators run the portal on days without a secretariat: the first mandate of all is given by one.
curates = is_secretariat | is_administrator


@rules.predicate
def may_enter_administration(user: User) -> bool:
    """The secretariat, for as long as its mandate lasts, administrators, and whom one of them let in (`is_staff`), who
    then sees there what other permissions give.
    """
    return user.is_active and (user.is_staff or curates(user))


@rules.predicate
def has_no_rights_of_the_house(user: User, person: Any = None) -> bool:
    """Support sees the portal as people who have no more rights: never as oneself, as an administrator, as somebody
    who enters the administration or holds a role of the consortium, nor as a closed account.
    """
    if person is None:
        return True
    of_the_house = person.is_superuser or person.is_staff or person.holds(*Role.of_the_consortium)
    return person.is_active and person.pk != user.pk and not of_the_house


rules.add_perm("members.curate", curates)
rules.add_perm("members.enter_administration", may_enter_administration)
# Also as a rule: the menu on every page asks, and has_perm would look for groups in the database before it says no.
rules.add_rule("members.enter_administration", may_enter_administration)
rules.add_perm("members.edit_university", keeps_the_university | curates)
# Not the secretariat: that a page is right is said on behalf of the university, by its own people.
rules.add_perm("members.confirm_university", keeps_the_university)
rules.add_perm("members.give_mandate", is_official | curates)
rules.add_perm("members.see_people", belongs_to | curates)
rules.add_perm("members.end_mandate", holds_the_mandate | appoints | curates)
rules.add_perm("members.hand_over_mandate", passes_on_the_office | appoints | curates)
rules.add_perm("members.name_deputy", holds_the_mandate | appoints | curates)
rules.add_perm("members.keep_invitation", appoints | curates)
rules.add_perm("members.view_student", may_see_the_student)
rules.add_perm("members.confirm_student", confirms_students)
rules.add_perm("members.see_as", curates & has_no_rights_of_the_house)
rules.add_perm("members.see_members_only", is_of_the_consortium | is_administrator)
rules.add_perm("members.publish_profile", acts_for_a_university)
rules.add_perm("members.unpublish_profile", curates)
rules.add_perm("members.see_mail", curates)
rules.add_perm("members.see_jobs", curates)


def roles_to_give(user: User, university: University | None) -> tuple[str, ...]:
    """Which roles `user` may give at `university`, or for the consortium where None.

    Officials give every role at their own university but their own; the secretariat gives all, and the consortium's.
    """
    if curates(user):
        return Role.of_the_consortium if university is None else (Role.OFFICIAL, *Role.given_by_the_official)
    if university is not None and is_official(user, university):
        return Role.given_by_the_official
    return ()
