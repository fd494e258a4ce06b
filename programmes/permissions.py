"""Who may do what with programmes. The only place that says so for this room.

Each predicate's docstring is the policy. Views, templates, API and admin ask `user.has_perm(name, programme)`.
"""

from typing import Any

import rules

from members.models import Role, University, User
from members.permissions import curates, is_signed_in
from programmes.models import Cotutelle, CotutelleFile, Course, Programme, Side
from programmes.models.cotutelles import DESK_ROLES


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
def keeps_courses_there(user: User, thing: Any = None) -> bool:
    """The academic coordinators, the exchange office and the official of a university keep its courses.

    `thing` is the university or one of its courses; without it: of any university.
    """
    university = thing if thing is None or isinstance(thing, University) else thing.university
    return user.is_authenticated and user.holds(*Course.KEEPERS, university=university)


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
# A list of courses changes with every year's catalogues; like intakes it does not wait for the secretariat.
rules.add_perm("programmes.edit_course_list", (directs_the_programme | curates) & is_not_archived)
rules.add_perm("programmes.keep_courses", keeps_courses_there | curates)
rules.add_perm("programmes.open_round", (directs_the_coordinating_side | curates) & is_not_archived)
rules.add_perm("programmes.keep_wish_list", is_signed_in)


# Cotutelles. A file is one person's affair: beside the candidate it is read by the supervisors named in it and decided
# at the desks of the two universities. The secretariat opens none of them; it sees how many there are.


@rules.predicate
def is_a_confirmed_student(user: User) -> bool:
    """Confirmed students, of any level: many write the file before they are enrolled as doctoral candidates."""
    profile = user.student_profile_or_none if user.is_authenticated else None
    return profile is not None and profile.is_confirmed


@rules.predicate
def is_the_candidate(user: User, cotutelle: Cotutelle | None = None) -> bool:
    """The person whose doctorate it is."""
    return cotutelle is not None and user.is_authenticated and cotutelle.candidate_id == user.pk


@rules.predicate
def was_requested(user: User, cotutelle: Cotutelle | None = None) -> bool:
    """A draft is the candidate's own; others see a file once its opening was requested."""
    return cotutelle is not None and cotutelle.requested_at is not None


@rules.predicate
def supervises(user: User, cotutelle: Cotutelle | None = None) -> bool:
    """A supervisor named in the file, with an account under that address."""
    if cotutelle is None or not user.is_authenticated:
        return False
    return any(supervisor.user_id == user.pk for supervisor in cotutelle.supervisors.all())


@rules.predicate
def sits_at_a_side(user: User, cotutelle: Cotutelle | None = None) -> bool:
    """An academic coordinator or the official of one of the two universities; without a file: of any university."""
    if cotutelle is None:
        return user.is_authenticated and user.holds(*DESK_ROLES)
    return bool(sides_of(user, cotutelle))


@rules.predicate
def is_in_the_candidates_hands(user: User, cotutelle: Cotutelle | None = None) -> bool:
    """A draft, or a file that a university sent back."""
    return cotutelle is not None and cotutelle.is_in_hands


def sides_of(user: User, cotutelle: Cotutelle) -> list[Side]:
    """For which sides of the file `user` decides today."""
    if not user.is_authenticated:
        return []
    return [side for side in Side if user.holds(*DESK_ROLES, university=cotutelle.university_at(side))]


def kinds_to_send(user: User, cotutelle: Cotutelle) -> list[str]:
    """Which papers `user` may add now.

    The candidate sends what belongs to the request while writing it; a desk sends drafts of the convention while it is
    drawn up; the candidate, the supervisors and the desks send annexes until the file is over. The signed convention
    comes in only together with the days of the signatures.
    """
    kinds = CotutelleFile.Kind
    if cotutelle.is_over:
        return []
    if is_the_candidate(user, cotutelle):
        return [*(kinds.of_the_request if cotutelle.is_in_hands else ()), kinds.ANNEX]
    if not was_requested(user, cotutelle):
        return []
    if sits_at_a_side(user, cotutelle):
        return [kinds.DRAFT, kinds.ANNEX] if cotutelle.state == Cotutelle.State.CONVENTION else [kinds.ANNEX]
    return [kinds.ANNEX] if supervises(user, cotutelle) else []


@rules.predicate
def has_a_paper_to_send(user: User, cotutelle: Cotutelle | None = None) -> bool:
    """Whoever may add at least one kind of paper now (`kinds_to_send`)."""
    return cotutelle is not None and bool(kinds_to_send(user, cotutelle))


decides_at_a_side = sits_at_a_side & was_requested & ~is_the_candidate  # nobody decides about their own doctorate

rules.add_perm("programmes.begin_cotutelle", is_a_confirmed_student)
rules.add_perm("programmes.view_cotutelle", is_the_candidate | was_requested & (supervises | sits_at_a_side))
rules.add_perm("programmes.edit_cotutelle", is_the_candidate & is_in_the_candidates_hands)
rules.add_perm("programmes.withdraw_cotutelle", is_the_candidate)
rules.add_perm("programmes.decide_cotutelle", decides_at_a_side)
rules.add_perm("programmes.put_cotutelle_file", has_a_paper_to_send)
rules.add_perm("programmes.list_cotutelles", sits_at_a_side)
rules.add_perm("programmes.count_cotutelles", curates)
