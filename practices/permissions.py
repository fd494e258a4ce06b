"""Who may do what with practices. The only place that says so for this room.

Each predicate's docstring is the policy. Views, templates, API and admin ask `user.has_perm(name, thing)`.
"""

from typing import Any

import rules

from members.models import Role, User
from members.permissions import curates, is_signed_in
from practices.models import SHARING, Adoption, EvidenceFile, Practice


@rules.predicate
def acts_for_a_university(user: User, thing: Any = None) -> bool:
    """Whoever acts for a university in any role but the auditor's; students do not."""
    return user.is_authenticated and user.holds(*SHARING)


@rules.predicate
def keeps_the_practice(user: User, practice: Practice | None = None) -> bool:
    """Its owner, while acting for that university, and the university's official."""
    if practice is None or not user.is_authenticated:
        return False
    if user.holds(Role.OFFICIAL, university=practice.university):
        return True
    # Owning alone is not enough: who has left the university no longer speaks for it.
    return practice.owner_id == user.pk and user.holds(*SHARING, university=practice.university)


@rules.predicate
def reviews_for_another(user: User, practice: Practice | None = None) -> bool:
    """Reviewers of member universities judge practices of other universities, never of one they belong to."""
    if not (user.is_authenticated and user.holds(Role.REVIEWER)):
        return False
    return practice is None or (practice.owner_id != user.pk and practice.university not in user.own_universities())


@rules.predicate
def did_not_submit_it(user: User, practice: Practice | None = None) -> bool:
    """Nobody publishes what they submitted themselves."""
    return practice is None or practice.latest is None or practice.latest.submitted_by_id != user.pk


@rules.predicate
def is_not_archived(user: User, practice: Practice | None = None) -> bool:
    """An archived practice is history: it is restored before anybody changes it."""
    return practice is None or practice.state != Practice.State.ARCHIVED


@rules.predicate
def is_published(user: User, practice: Practice | None = None) -> bool:
    """Only what everybody can read is adopted and asked about."""
    return practice is None or practice.state == Practice.State.PUBLISHED


@rules.predicate
def acts_for_another_university(user: User, practice: Practice | None = None) -> bool:
    """Whoever acts for a university other than the practice's own."""
    if not user.is_authenticated:
        return False
    own = user.universities_as(*SHARING)
    return bool(own) if practice is None else any(place.pk != practice.university_id for place in own)


@rules.predicate
def acts_for_the_adopter(user: User, adoption: Adoption | None = None) -> bool:
    """Whoever acts for the university that adopted it."""
    return adoption is not None and user.is_authenticated and user.holds(*SHARING, university=adoption.university)


@rules.predicate
def may_read_the_file(user: User, file: EvidenceFile | None = None) -> bool:
    """A file for everybody is public with its version; one for the consortium needs a university one belongs to."""
    if file is None:
        return False
    practice = file.version.practice
    # First those for whom no state hides it: they write with it, or decide by it.
    if keeps_the_practice(user, practice) or curates(user) or _judges_it_now(user, file):
        return True
    if file.version.state != file.version.State.PUBLISHED or not practice.is_public:
        return False
    if file.audience == EvidenceFile.Audience.PUBLIC:
        return True
    return user.is_authenticated and bool(user.own_universities())


def _judges_it_now(user: User, file: EvidenceFile) -> bool:
    is_submitted = file.version.state == file.version.State.SUBMITTED
    return is_submitted and reviews_for_another(user, file.version.practice)


judges = curates | reviews_for_another

rules.add_perm("practices.add_practice", acts_for_a_university)
rules.add_perm("practices.edit_practice", keeps_the_practice & is_not_archived)
rules.add_perm("practices.curate_practice", judges & did_not_submit_it)
rules.add_perm("practices.archive_practice", keeps_the_practice | curates)
rules.add_perm("practices.restore_practice", curates)
rules.add_perm("practices.read_evidence", may_read_the_file)
rules.add_perm("practices.adopt_practice", acts_for_another_university & is_published)
rules.add_perm("practices.edit_adoption", acts_for_the_adopter)
rules.add_perm("practices.withdraw_adoption", acts_for_the_adopter | curates)
rules.add_perm("practices.follow", is_signed_in)
rules.add_perm("practices.ask_contact", is_signed_in & is_published)
