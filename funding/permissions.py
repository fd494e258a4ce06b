"""Who may do what with funding calls and interests. The only place that says so for this room.

Each predicate's docstring is the policy. What may be seen stands in `visible_to` of calls and interests.
"""

import rules

from funding.models import Call, Interest
from members.models import Role, University, User
from members.permissions import curates


@rules.predicate
def is_grant_officer(user: User) -> bool:
    """Grant officers of any university propose calls."""
    return user.is_authenticated and user.holds(*Call.DESK)


@rules.predicate
def wrote_the_call(user: User, call: Call | None = None) -> bool:
    """The grant officers of the university whose office wrote the call keep it, whoever of them began it."""
    if call is None or call.office_id is None or not user.is_authenticated:
        return False
    return user.holds(*Call.DESK, university=call.office)


@rules.predicate
def works_for_a_university(user: User, university: University | None = None) -> bool:
    """Whoever holds any mandate for a university expresses interest on its behalf; students do not."""
    return user.is_authenticated and any(university is None or university == held for held in staff_universities(user))


@rules.predicate
def expressed_it(user: User, interest: Interest | None = None) -> bool:
    """The person changes and withdraws their own interest while they still act for that university."""
    if interest is None or not user.is_authenticated:
        return False
    return interest.person_id == user.pk and interest.university in staff_universities(user)


@rules.predicate
def takes_it_back(user: User, interest: Interest | None = None) -> bool:
    """Everybody takes back their own interest, also after their mandate has ended.

    The grant officers of the university take back one in its name, such as that of somebody who has left.
    """
    if interest is None or not user.is_authenticated:
        return False
    return interest.person_id == user.pk or user.holds(Role.GRANTS, university=interest.university)


def staff_universities(user: User) -> list[University]:
    """The universities that `user` acts for today by any mandate."""
    return user.universities_as(*Role.values)


rules.add_perm("funding.add_call", is_grant_officer | curates)
rules.add_perm("funding.edit_call", wrote_the_call | curates)
rules.add_perm("funding.publish_call", curates)
rules.add_perm("funding.express_interest", works_for_a_university)
rules.add_perm("funding.edit_interest", expressed_it)
rules.add_perm("funding.withdraw_interest", takes_it_back)
