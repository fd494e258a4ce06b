"""What an account, a mandate and a student's profile say of themselves, at their boundaries and without a database."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from members.models import (
    ApiToken,
    Erasure,
    Expert,
    Field,
    GradeScale,
    Invitation,
    JoinedAs,
    Mandate,
    Role,
    StudentProfile,
    SupportVisit,
    University,
    User,
)
from members.models.erasures import ANSWER_WITHIN
from members.models.experts import tidy_keywords
from members.models.tokens import HINT_LENGTH, PREFIX, digest_of, new_secret

DAY = date(2027, 5, 3)
NEXT = timedelta(days=1)
NOW = datetime(2027, 5, 3, 12, tzinfo=UTC)
KTH, UPC = University(pk=1, short_name="KTH"), University(pk=2, short_name="UPC")


def mandate(role=Role.EXCHANGE, university=KTH, person=1, **fields):
    return Mandate(person_id=person, role=role, university=university, **{"starts_on": date(2027, 1, 1), **fields})


def person(*mandates, profile=None, **fields):
    user = User(**{"pk": 1, "email": "anna@kth.example", **fields})
    user.every_mandate, user.student_profile_or_none = list(mandates), profile
    return user


@pytest.mark.parametrize(
    ("given", "family", "full", "short", "initials"),
    [
        ("Anna", "Ek", "Anna Ek", "Anna", "AE"),
        ("Anna", "", "Anna", "Anna", "A"),
        ("", "Ek", "Ek", "anna@kth.example", "E"),
        ("", "", "anna@kth.example", "anna@kth.example", "AN"),
        ("åsa", "öberg", "åsa öberg", "åsa", "ÅÖ"),
    ],
)
def test_an_account_is_called_by_its_names_else_by_its_address(given, family, full, short, initials):
    user = User(email="anna@kth.example", given_name=given, family_name=family)

    assert (user.get_full_name(), str(user), user.get_short_name(), user.initials) == (full, full, short, initials)


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "in_force"),
    [
        (DAY, None, True),
        (DAY, DAY, True),
        (DAY - NEXT, DAY, True),
        (DAY + NEXT, None, False),
        (DAY - NEXT, DAY - NEXT, False),
    ],
)
def test_mandate_is_in_force_from_its_first_to_its_last_day(starts_on, ends_on, in_force):
    held = mandate(starts_on=starts_on, ends_on=ends_on)

    assert held.is_in_force(DAY) == in_force
    assert held.may_be_used_by(User(pk=1), DAY) == in_force


@pytest.mark.parametrize(
    ("first", "last", "may"),
    [
        (None, None, True),
        (DAY, DAY, True),
        (DAY + NEXT, None, False),
        (None, DAY - NEXT, False),
        (DAY - NEXT, DAY + NEXT, True),
    ],
)
def test_mandate_deputy_uses_it_on_the_deputys_days(first, last, may):
    held = mandate(deputy_id=2, deputy_from=first, deputy_until=last)

    assert held.may_be_used_by(User(pk=2), DAY) == may
    assert held.may_be_used_by(User(pk=1), DAY), "the holder acts beside the deputy"
    assert not held.may_be_used_by(User(pk=3), DAY)


def test_mandate_deputy_cannot_outlast_the_mandate():
    held = mandate(deputy_id=2, ends_on=DAY - NEXT, deputy_until=DAY + NEXT)

    assert not held.may_be_used_by(User(pk=2), DAY)


def test_mandate_acts_on_behalf_of_the_holder_where_the_deputy_acts():
    holder = User(pk=1, email="holder@kth.example")
    held = Mandate(person=holder, role=Role.EXCHANGE, university=KTH, starts_on=DAY)

    assert held.on_behalf_of(holder) is None
    assert held.on_behalf_of(User(pk=2)) == holder


@pytest.mark.parametrize(("university", "place"), [(KTH, "KTH"), (None, "CLUSTER")])
def test_mandate_says_who_is_what_where(university, place):
    held = Mandate(person=User(email="anna@kth.example"), role=Role.SECRETARIAT, university=university)

    assert str(held) == f"anna@kth.example, Secretariat, {place}"


def test_user_finds_the_mandate_to_act_through():
    office, director, over = mandate(), mandate(Role.DIRECTOR, UPC), mandate(Role.OFFICIAL, UPC, ends_on=DAY - NEXT)
    user = person(over, office, director)

    assert user.mandate_for(Role.EXCHANGE, day=DAY) is office
    assert user.mandate_for(Role.EXCHANGE, university=UPC, day=DAY) is None
    assert user.mandate_for(Role.EXCHANGE, Role.DIRECTOR, university=UPC, day=DAY) is director
    assert user.mandate_for(Role.OFFICIAL, day=DAY) is None
    assert user.mandate_for(Role.OFFICIAL, day=DAY - NEXT) is over
    assert user.mandate_for(day=DAY) is None, "no role asked for is no role held"
    assert [user.holds(role, day=DAY) for role in (Role.EXCHANGE, Role.OFFICIAL)] == [True, False]


def test_user_names_each_university_once_and_the_consortium_never():
    twice = [mandate(), mandate(Role.DIRECTOR), mandate(Role.GRANTS, UPC), mandate(Role.SECRETARIAT, None)]
    user = person(*twice)

    assert user.universities_as(*Role.values, day=DAY) == [KTH, UPC]
    assert user.universities_as(Role.GRANTS, day=DAY) == [UPC]
    assert user.universities_as(Role.SECRETARIAT, day=DAY) == []
    assert user.universities_as(day=DAY) == []


@pytest.mark.parametrize(("state", "counts"), [("waiting", False), ("confirmed", True), ("refused", False)])
def test_user_belongs_to_the_home_university_once_it_is_confirmed(state, counts):
    home = StudentProfile(university=UPC, state=state)

    assert person(mandate(starts_on=date(2020, 1, 1)), profile=home).own_universities() == [KTH, *[UPC] * counts]
    assert person(profile=home).own_universities() == [UPC] * counts


@pytest.mark.parametrize("missing", ["degree_programme", "level", "field", "semester", "ects_earned", "grade_average"])
def test_profile_says_what_offices_compare_and_it_does_not_say(missing):
    full = {
        "degree_programme": "Physics", "level": "master", "field": Field(code="0533"), "semester": 3,
        "ects_earned": Decimal(60), "grade_average": Decimal(27),
    }  # fmt: skip
    assert StudentProfile(**full).missing() == []

    profile = StudentProfile(**{name: value for name, value in full.items() if name != missing})

    assert profile.missing() == [str(StudentProfile._meta.get_field(missing).verbose_name)]


def test_profile_with_nothing_earned_yet_has_said_so():
    """A first-year student has 0 credits: that is an answer, and no gap."""
    assert "ECTS credits earned" not in StudentProfile(ects_earned=Decimal(0)).missing()


def test_profile_reads_its_average_on_the_students_scale_else_on_the_universitys():
    own, theirs = GradeScale(code="IT-30"), GradeScale(code="SE-AF")

    assert StudentProfile(university=University(grade_scale=theirs), grade_scale=own).home_scale is own
    assert StudentProfile(university=University(grade_scale=theirs)).home_scale is theirs
    assert StudentProfile(university=University()).home_scale is None


ITALIAN = GradeScale(best=Decimal(30), worst=Decimal(0), pass_mark=Decimal(18))
GERMAN = GradeScale(best=Decimal(1), worst=Decimal(5), pass_mark=Decimal(4))
SWEDISH = GradeScale(best=Decimal(5), worst=Decimal(0), pass_mark=Decimal(1), letters=["A", "B", "C", "D", "E"])


@pytest.mark.parametrize(
    ("scale", "grade", "position"),
    [(ITALIAN, 18, 0), (ITALIAN, 30, 100), (ITALIAN, 24, 50), (ITALIAN, 12, -50),
     (GERMAN, 4, 0), (GERMAN, 1, 100), (GERMAN, "2.5", 50), (GERMAN, 5, -33)],
)  # fmt: skip
def test_scale_places_a_grade_between_pass_and_best_whichever_way_is_up(scale, grade, position):
    assert int(scale.position(Decimal(grade))) == position


@pytest.mark.parametrize("scale", [ITALIAN, GERMAN, SWEDISH])
@pytest.mark.parametrize("position", [0, 25, 50, 100])
def test_scale_finds_the_grade_of_a_position_and_back(scale, position):
    assert scale.position(scale.grade_at(Decimal(position))) == position


@pytest.mark.parametrize(
    ("scale", "grade", "written"),
    [
        (SWEDISH, "5", "A"),
        (SWEDISH, "1", "E"),
        (SWEDISH, "4.4", "B"),
        (SWEDISH, "9", "A"),
        (SWEDISH, "0", "0"),
        (ITALIAN, "27.50", "27.5"),
        (ITALIAN, "30.00", "30"),
        (ITALIAN, "30", "30"),
        (ITALIAN, "3E+1", "30"),
    ],
    ids=str,
)
def test_scale_writes_a_grade_as_its_people_do(scale, grade, written):
    assert scale.write(Decimal(grade)) == written


@pytest.mark.parametrize(
    ("scale", "grade", "holds"),
    [(ITALIAN, 0, True), (ITALIAN, 30, True), (ITALIAN, "30.01", False), (ITALIAN, "-0.01", False),
     (GERMAN, 1, True), (GERMAN, 5, True), (GERMAN, "0.99", False), (GERMAN, "5.01", False)],
)  # fmt: skip
def test_scale_holds_what_lies_between_its_ends(scale, grade, holds):
    assert scale.contains(Decimal(grade)) == holds


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("photonics, Urban water", ["photonics", "Urban water"]),
        ("photonics; urban water\nquality", ["photonics", "urban water", "quality"]),
        ("Photonics, photonics, PHOTONICS", ["Photonics"]),
        ("Génie civil, genie  civil", ["Génie civil"]),
        (" , ;\n,", []),
        ("", []),
        ("  machine   learning  ", ["machine learning"]),
    ],
)
def test_keywords_each_once_as_first_written(typed, kept):
    assert tidy_keywords(typed) == kept


def test_keywords_take_the_spelling_that_is_in_use():
    assert tidy_keywords("genie civil, new field", {"genie civil": "Génie civil"}) == ["Génie civil", "new field"]


@pytest.mark.parametrize(
    ("state", "expires", "is_open"),
    [
        ("waiting", 1, True),
        ("waiting", 0, False),
        ("waiting", -1, False),
        ("accepted", 1, False),
        ("withdrawn", 1, False),
    ],
)
def test_invitation_is_open_until_the_moment_it_expires(state, expires, is_open):
    invitation = Invitation(state=state, expires_at=NOW + timedelta(seconds=expires))

    assert invitation.is_open(NOW) == is_open


@pytest.mark.parametrize(
    ("revoked_at", "expires", "is_live"), [(None, 1, True), (None, 0, False), (NOW, 1, False), (None, -1, False)]
)
def test_token_lives_until_the_moment_it_expires(revoked_at, expires, is_live):
    token = ApiToken(revoked_at=revoked_at, expires_at=NOW + timedelta(seconds=expires))

    assert token.is_live(NOW) == is_live


def test_token_reads_what_it_was_made_for_by_the_whole_word():
    token = ApiToken(name="Website", hint="cluster_abcd", scopes=["universities:read"])

    assert [token.may(scope) for scope in ("universities:read", "universities", "read", "")] == [True] + [False] * 3
    assert str(token) == "Website (cluster_abcd…)"


def test_token_secrets_differ_begin_alike_and_are_kept_as_a_digest():
    one, other = new_secret(), new_secret()

    assert one != other
    assert one.startswith(PREFIX)
    assert len(one) > HINT_LENGTH + 30, "what the hint gives away leaves enough to guess"
    assert digest_of(one) != digest_of(other) != other
    assert len(digest_of(one)) == ApiToken._meta.get_field("digest").max_length


def test_erasure_is_to_be_answered_within_four_weeks():
    assert Erasure(asked_at=NOW).answer_by == NOW + ANSWER_WITHIN
    assert timedelta(days=28) == ANSWER_WITHIN


@pytest.mark.parametrize(("published_at", "is_published"), [(None, False), (NOW, True)])
def test_expert_is_published_once_there_is_a_moment(published_at, is_published):
    expert = Expert(user=User(given_name="Anna", family_name="Ek"), published_at=published_at)

    assert (expert.is_published, str(expert)) == (is_published, "Anna Ek")


def test_visit_names_both():
    supporter, visited = User(given_name="Sam", family_name="Sec"), User(given_name="Anna", family_name="Ek")

    assert str(SupportVisit(supporter=supporter, person=visited)) == "Sam Sec: Anna Ek"


@pytest.mark.parametrize("machine", [StudentProfile, Invitation, Erasure], ids=lambda machine: machine.__name__)
def test_machines_offer_an_act_in_the_states_of_their_table_and_no_other(machine):
    for name, (sources, _target) in machine.TRANSITIONS.items():
        assert {state for state in machine.State if machine(state=state).can(name)} == sources


def test_people_say_why_they_join_and_not_what_they_may():
    """What somebody may do comes from mandates: no role stands among the reasons to join."""
    assert not {*JoinedAs.values} & {*Role.values}
