"""Each predicate against each role, here and elsewhere, on the day before, the days of it and the day after.

The matrix (tests/permissions) asks the pages; here the rules are asked themselves, without a database, so that every
boundary can be walked.
"""

from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser

from members import permissions
from members.models import Invitation, Role, User
from tests.people.unsaved import DAY, ELSEWHERE, HERE, holding, mandate, somebody, student, today

OF_A_UNIVERSITY = [role for role in Role if role not in Role.of_the_consortium]
VISITOR = AnonymousUser()


def allowed(name, user, thing=None):
    """What the table of permissions says; Django's own flags, which need a database, give nothing here."""
    return permissions.rules.has_perm(f"members.{name}", user, thing)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize(
    ("permission", "roles"),
    [
        ("edit_university", {"official", "exchange", "secretariat"}),
        ("confirm_university", {"official", "exchange"}),
        ("give_mandate", {"official", "secretariat"}),
        ("confirm_student", {"official", "exchange"}),
        ("see_people", {*OF_A_UNIVERSITY, "secretariat"}),
    ],
)
def test_at_the_own_university_each_role_may_what_the_policy_says(permission, roles, role):
    assert allowed(permission, holding(role), HERE) == (role in roles)


@pytest.mark.parametrize("role", OF_A_UNIVERSITY)
@pytest.mark.parametrize(
    "permission", ["edit_university", "confirm_university", "give_mandate", "confirm_student", "see_people"]
)
def test_at_another_university_no_role_of_a_university_may_anything(permission, role):
    assert not allowed(permission, holding(role, ELSEWHERE), HERE)


@pytest.mark.parametrize(
    ("starts", "ends", "is_in_force"),
    [(-1, None, True), (0, None, True), (1, None, False), (-9, 0, True), (-9, -1, False), (0, 0, True)],
    ids=["since yesterday", "first day", "from tomorrow", "last day", "until yesterday", "one day"],
)
@pytest.mark.parametrize(("role", "permission"), [("official", "edit_university"), ("secretariat", "curate")])
def test_a_mandate_counts_from_its_first_to_its_last_day(role, permission, starts, ends, is_in_force):
    thing = HERE if role == "official" else None

    assert allowed(permission, holding(role, starts=starts, ends=ends), thing) == is_in_force


@pytest.mark.parametrize(
    ("first", "last", "stands_in"),
    [(None, None, True), (0, 0, True), (1, None, False), (None, -1, False), (-3, 3, True), (None, 0, True)],
)
def test_a_deputy_counts_on_the_deputys_days_only(first, last, stands_in):
    days = {
        "deputy_from": None if first is None else today() + first * DAY,
        "deputy_until": None if last is None else today() + last * DAY,
    }
    deputy = somebody(mandate("official", person=9, deputy_id=1, **days))

    assert allowed("edit_university", deputy, HERE) == stands_in


def test_a_deputy_of_a_mandate_that_is_over_counts_no_more_whatever_the_deputys_days():
    over = mandate("official", person=9, deputy_id=1, ends=-1, deputy_until=today() + 9 * DAY)

    assert not allowed("edit_university", somebody(over), HERE)


@pytest.mark.parametrize("permission", ["edit_university", "give_mandate", "confirm_student"])
def test_without_a_thing_any_university_will_do(permission):
    assert allowed(permission, holding("official", ELSEWHERE))
    assert not allowed(permission, somebody())


def test_a_thing_of_the_consortium_is_out_of_reach_of_every_role_of_a_university():
    of_the_consortium = SimpleNamespace(university=None, role=Role.SECRETARIAT, person_id=9)

    assert not allowed("end_mandate", holding("official"), of_the_consortium)
    assert not allowed("keep_invitation", holding("official"), of_the_consortium)
    assert allowed("end_mandate", holding("secretariat"), of_the_consortium)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize(
    ("permission", "by_the_official"), [("end_mandate", True), ("hand_over_mandate", True), ("name_deputy", True)]
)
def test_an_official_decides_on_every_role_there_but_the_own_one(permission, by_the_official, role):
    other = mandate(role, person=7)

    decides = role in Role.given_by_the_official and by_the_official

    assert allowed(permission, holding("official"), other) == decides


@pytest.mark.parametrize(
    ("permission", "role", "may"),
    [
        ("end_mandate", "exchange", True),
        ("name_deputy", "exchange", True),
        ("hand_over_mandate", "exchange", False),
        ("end_mandate", "official", True),
        ("hand_over_mandate", "official", True),
        ("name_deputy", "official", True),
    ],
)
def test_what_people_do_with_their_own_mandate(permission, role, may):
    mine = mandate(role)

    assert allowed(permission, somebody(mine), mine) == may


@pytest.mark.parametrize("permission", ["end_mandate", "hand_over_mandate", "name_deputy"])
def test_a_deputy_neither_ends_nor_passes_on_the_mandate_of_the_holder(permission):
    held = mandate("exchange", person=9, deputy_id=1)

    assert not allowed(permission, somebody(held), held)


@pytest.mark.parametrize("role", [*Role.given_by_the_official, Role.OFFICIAL])
def test_invitations_are_kept_by_whoever_could_give_the_role(role):
    invitation = Invitation(university=HERE, role=role)

    assert allowed("keep_invitation", holding("official"), invitation) == (role != Role.OFFICIAL)
    assert not allowed("keep_invitation", holding("official", ELSEWHERE), invitation)
    assert not allowed("keep_invitation", holding("exchange"), invitation)
    assert allowed("keep_invitation", holding("secretariat"), invitation)


@pytest.mark.parametrize("state", ["waiting", "confirmed", "refused"])
def test_a_student_sees_the_own_profile_and_belongs_only_once_confirmed(state):
    me = student(state)

    assert allowed("view_student", me, me.student_profile_or_none)
    assert allowed("see_people", me, HERE) == (state == "confirmed")
    assert allowed("see_members_only", me) == (state == "confirmed")


@pytest.mark.parametrize("role", Role)
def test_a_students_file_is_open_to_the_home_office_alone(role):
    profile = student(pk=5).student_profile_or_none

    assert allowed("view_student", holding(role), profile) == (role in {"official", "exchange"})
    if role not in Role.of_the_consortium:
        assert not allowed("view_student", holding(role, ELSEWHERE), profile)


def test_an_administrator_opens_no_students_file():
    profile = student(pk=5).student_profile_or_none

    assert not allowed("view_student", somebody(is_superuser=True), profile)
    assert not permissions.may_see_the_student(holding("exchange"), None)


@pytest.mark.parametrize("role", Role)
def test_profiles_are_published_by_whoever_acts_for_a_university(role):
    assert allowed("publish_profile", holding(role)) == (role in OF_A_UNIVERSITY)
    assert not allowed("publish_profile", holding(role, ends=-1))


def test_students_publish_no_profile():
    assert not allowed("publish_profile", student())


@pytest.mark.parametrize("role", Role)
def test_what_is_for_members_is_for_everybody_who_acts_and_not_for_an_account_alone(role):
    assert allowed("see_members_only", holding(role))
    assert not allowed("see_members_only", holding(role, starts=1))
    assert not allowed("see_members_only", somebody())


@pytest.mark.parametrize(
    "permission",
    ["curate", "see_mail", "see_jobs", "unpublish_profile", "see_as"],
)
def test_the_desk_of_the_house_is_the_secretariats_and_the_administrators(permission):
    assert allowed(permission, holding("secretariat"))
    assert allowed(permission, somebody(is_superuser=True))
    assert not allowed(permission, holding("president"))
    assert not allowed(permission, holding("official"))
    assert not allowed(permission, somebody(is_staff=True))


def test_an_administrator_whose_account_is_closed_is_none():
    assert not allowed("curate", somebody(is_superuser=True, is_active=False))


@pytest.mark.parametrize("permission", ["curate", "edit_university", "see_people", "publish_profile", "see_as"])
def test_visitors_may_nothing(permission):
    assert not allowed(permission, VISITOR, HERE if permission in {"edit_university", "see_people"} else None)


def test_signed_in_is_an_open_account():
    assert permissions.is_signed_in(somebody())
    assert not permissions.is_signed_in(somebody(is_active=False))
    assert not permissions.is_signed_in(VISITOR)


@pytest.mark.parametrize(
    ("fields", "may"),
    [
        ({"is_staff": True}, True),
        ({"is_superuser": True}, True),
        ({}, False),
        ({"is_staff": True, "is_active": False}, False),
    ],
)
def test_the_administration_is_entered_by_whom_it_was_opened_to(fields, may, monkeypatch):
    person = somebody(**fields)
    monkeypatch.setattr(User, "has_perm", lambda self, name, thing=None: allowed(name.partition(".")[2], self, thing))

    assert permissions.may_enter_administration(person) == may


@pytest.mark.parametrize(
    "other",
    [
        {"is_superuser": True},
        {"is_staff": True},
        {"is_active": False},
    ],
)
def test_support_never_looks_with_more_rights_than_a_person_has(other):
    assert not allowed("see_as", holding("secretariat"), somebody(pk=5, **other))


@pytest.mark.parametrize("role", Role)
def test_support_looks_as_people_of_universities_and_not_as_those_of_the_house(role):
    other = somebody(mandate(role, person=5), pk=5)

    assert allowed("see_as", holding("secretariat"), other) == (role not in Role.of_the_consortium)


def test_support_never_looks_as_oneself():
    me = holding("secretariat")

    assert not permissions.has_no_rights_of_the_house(me, somebody(pk=1))
    assert permissions.has_no_rights_of_the_house(me, somebody(pk=2))


@pytest.mark.parametrize("role", Role)
def test_which_roles_somebody_gives(role):
    person = holding(role)

    at_home, abroad = permissions.roles_to_give(person, HERE), permissions.roles_to_give(person, ELSEWHERE)
    of_the_consortium = permissions.roles_to_give(person, None)

    everything = (Role.OFFICIAL, *Role.given_by_the_official)
    assert at_home == {"secretariat": everything, "official": Role.given_by_the_official}.get(role, ())
    assert abroad == (everything if role == "secretariat" else ())
    assert of_the_consortium == (Role.of_the_consortium if role == "secretariat" else ())


def test_every_role_is_given_by_somebody_and_the_officials_own_one_by_the_secretariat_alone():
    assert {*Role.given_by_the_official, *Role.of_the_consortium, Role.OFFICIAL} == {*Role}
    assert Role.OFFICIAL not in Role.given_by_the_official
