"""How a student is tied to a university: by an address, or by the office's word."""

from datetime import timedelta

import pytest
from django.utils import timezone

from members.actions import students
from members.acts import Refused
from members.models import Act, StudentProfile
from notifications.models import Notice
from tests.factories.members import (
    EmailDomainFactory,
    GradeScaleFactory,
    MandateFactory,
    StudentProfileFactory,
    UniversityFactory,
    UserFactory,
    person_as,
)

pytestmark = pytest.mark.django_db
NOW = timezone.now()
State = StudentProfile.State


def kth(**fields):
    university = UniversityFactory(member=True, short_name="KTH", **fields)
    EmailDomainFactory(university=university, domain="kth.se")
    return university


def acts(target) -> list[str]:
    return [act.kind for act in Act.objects.about(target)]


@pytest.mark.parametrize(
    ("email", "found"),
    [
        ("anna@kth.se", True),
        ("Anna@KTH.SE", True),
        ("anna@student.kth.se", True),
        ("anna@notkth.se", False),
        ("anna@kth.se.example", False),
        ("anna@se", False),
        ("anna@gmail.com", False),
    ],
)
def test_university_of_address(email, found):
    university = kth()

    assert students.university_of(email, NOW.date()) == (university if found else None)


def test_university_of_the_longest_domain_counts():
    kth()
    other = UniversityFactory(member=True)
    EmailDomainFactory(university=other, domain="other.kth.se")

    assert students.university_of("anna@mail.other.kth.se", NOW.date()) == other


def test_university_of_left_the_consortium_is_none():
    former = UniversityFactory(former=True)
    former.memberships.update(ends_on=NOW.date() - timedelta(days=1))
    EmailDomainFactory(university=former, domain="former.example")

    assert students.university_of("anna@former.example", NOW.date()) is None


def test_tie_by_domain_student_is_confirmed_by_the_domain():
    university = kth(grade_scale=GradeScaleFactory())
    user = UserFactory(joined_as="student")

    profile = students.tie_by_domain(user=user, email="anna@student.kth.se", now=NOW)

    assert (profile.university, profile.state, profile.grade_scale) == (
        university,
        State.CONFIRMED,
        university.grade_scale,
    )
    assert profile.confirmed_by_domain == "student.kth.se"
    assert acts(profile) == ["student.confirmed_by_domain"]


def test_tie_by_domain_again_changes_nothing():
    kth()
    user = UserFactory(joined_as="student")

    profile = students.tie_by_domain(user=user, email="anna@kth.se", now=NOW)
    students.tie_by_domain(user=user, email="anna@kth.se", now=NOW)

    assert acts(profile) == ["student.confirmed_by_domain"]


@pytest.mark.parametrize("joined_as", ["staff", ""])
def test_tie_by_domain_staff_are_no_students(joined_as):
    kth()

    assert students.tie_by_domain(user=UserFactory(joined_as=joined_as), email="anna@kth.se", now=NOW) is None
    assert not StudentProfile.objects.exists()


def test_tie_by_domain_refused_by_the_office_stays_refused():
    profile = StudentProfileFactory(university=kth(), state=State.REFUSED, user__joined_as="student")

    students.tie_by_domain(user=profile.user, email="anna@kth.se", now=NOW)

    profile.refresh_from_db()
    assert profile.state == State.REFUSED


def test_choose_home_the_exchange_office_is_asked():
    university = UniversityFactory(member=True)
    coordinator, deputy = UserFactory(), UserFactory()
    MandateFactory(university=university, person=coordinator, deputy=deputy)
    official = person_as("official", university)

    profile = students.choose_home(user=UserFactory(), university=university, now=NOW)

    told = set(Notice.objects.values_list("recipient_id", flat=True))
    assert (profile.state, told) == (State.WAITING, {coordinator.pk, deputy.pk})
    assert official.pk not in told


def test_choose_home_without_an_exchange_office_the_official_is_asked():
    university = UniversityFactory(member=True)
    official = person_as("official", university)

    students.choose_home(user=UserFactory(), university=university, now=NOW)

    assert Notice.objects.get().recipient == official


def test_choose_home_verified_address_there_confirms_at_once():
    university = kth()
    user = UserFactory(email="anna@kth.se", verified=True)

    profile = students.choose_home(user=user, university=university, now=NOW)

    assert (profile.state, Notice.objects.count()) == (State.CONFIRMED, 0)


def test_choose_home_unverified_address_confirms_nothing():
    profile = students.choose_home(user=UserFactory(email="anna@kth.se"), university=kth(), now=NOW)

    assert profile.state == State.WAITING


def test_choose_home_another_university_starts_anew():
    profile = StudentProfileFactory(confirmed=True, complete=True)
    other = UniversityFactory(member=True)

    changed = students.choose_home(user=profile.user, university=other, now=NOW)

    assert (changed.university, changed.state, changed.confirmed_by_domain) == (other, State.WAITING, "")
    assert (changed.grade_average, changed.degree_programme) == (None, "Electrical engineering")


def test_choose_home_same_university_changes_nothing():
    profile = StudentProfileFactory(confirmed=True)

    students.choose_home(user=profile.user, university=profile.university, now=NOW)

    profile.refresh_from_db()
    assert (profile.state, acts(profile)) == (State.CONFIRMED, [])


def test_choose_home_after_a_refusal_asks_the_office_even_with_an_address_there():
    user = UserFactory(email="anna@kth.se", verified=True)
    profile = StudentProfileFactory(university=kth(), state=State.REFUSED, user=user)

    students.choose_home(user=user, university=profile.university, now=NOW)

    profile.refresh_from_db()
    assert (profile.state, acts(profile)) == (State.WAITING, ["student.asked"])


def test_confirm_student_is_told():
    profile = StudentProfileFactory(university__short_name="KTH")
    coordinator = person_as("exchange", profile.university)

    students.confirm(profile=profile, by=coordinator, now=NOW)

    assert (profile.state, profile.confirmed_by) == (State.CONFIRMED, coordinator)
    assert Notice.objects.get(recipient=profile.user).subject == "KTH confirmed that you study there"


def test_confirm_by_a_deputy_is_written_on_behalf():
    profile, deputy = StudentProfileFactory(), UserFactory()
    coordinator = person_as("exchange", profile.university, deputy=deputy)

    students.confirm(profile=profile, by=deputy, now=NOW)

    assert Act.objects.about(profile).get().on_behalf_of == coordinator


def test_confirm_twice_is_refused():
    profile = StudentProfileFactory(confirmed=True)

    with pytest.raises(Refused, match="meanwhile"):
        students.confirm(profile=profile, by=UserFactory(), now=NOW)


def test_refuse_student_reads_the_reason():
    profile = StudentProfileFactory(confirmed=True)

    students.refuse(profile=profile, reason="No such number.", by=UserFactory(), now=NOW)

    assert (profile.state, profile.confirmed_by_domain) == (State.REFUSED, "")
    assert "No such number." in Notice.objects.get(recipient=profile.user).body
    assert Act.objects.about(profile).get().reason == "No such number."


def test_refuse_without_a_reason_is_refused():
    with pytest.raises(Refused, match="Give the reason"):
        students.refuse(profile=StudentProfileFactory(), reason=" ", by=UserFactory(), now=NOW)


def test_confirm_many_counts_what_was_decided_meanwhile():
    waiting, decided = StudentProfileFactory(), StudentProfileFactory(confirmed=True)

    assert students.confirm_many(profiles=[waiting, decided], by=UserFactory(), now=NOW) == (1, 1)


def test_confirm_many_leaves_those_whom_a_colleague_refused_meanwhile():
    profile, colleague, desk = StudentProfileFactory(), UserFactory(), UserFactory()
    as_listed = StudentProfile.objects.get(pk=profile.pk)
    students.refuse(profile=profile, reason="No such number.", by=colleague, now=NOW)

    assert students.confirm_many(profiles=[as_listed], by=desk, now=NOW) == (0, 1)
    profile.refresh_from_db()
    assert profile.state == State.REFUSED


@pytest.mark.parametrize("act", ["confirm", "refuse"])
def test_an_office_decides_nothing_on_who_named_another_home_meanwhile(act):
    there = UniversityFactory(member=True)
    profile, given = StudentProfileFactory(), {"reason": "Not ours."} if act == "refuse" else {}
    as_listed = StudentProfile.objects.get(pk=profile.pk)
    students.choose_home(user=profile.user, university=there, now=NOW)

    with pytest.raises(Refused, match="another home university meanwhile"):
        getattr(students, act)(profile=as_listed, by=UserFactory(), now=NOW, **given)

    profile.refresh_from_db()
    assert (profile.university, profile.state) == (there, State.WAITING)


def test_student_profile_every_state_is_reachable():
    assert {target for _sources, target in StudentProfile.TRANSITIONS.values()} == set(State)


def refused_at_kth():
    """A student with a verified address there, of whom KTH said no."""
    user = UserFactory(email="anna@kth.se", verified=True, joined_as="student")
    profile = StudentProfileFactory(university=kth(), user=user)
    students.refuse(profile=profile, reason="An address of an alumna.", by=UserFactory(), now=NOW)
    return profile


def test_choose_home_a_detour_by_another_university_does_not_undo_a_refusal():
    profile = refused_at_kth()
    home = profile.university

    students.choose_home(user=profile.user, university=UniversityFactory(member=True), now=NOW)
    back = students.choose_home(user=profile.user, university=home, now=NOW)

    assert (back.university, back.state, back.confirmed_by_domain) == (home, State.WAITING, "")


def test_choose_home_the_domain_counts_again_once_the_office_changed_its_mind():
    profile = refused_at_kth()
    home = profile.university
    students.confirm(profile=profile, by=UserFactory(), now=NOW)

    students.choose_home(user=profile.user, university=UniversityFactory(member=True), now=NOW)
    back = students.choose_home(user=profile.user, university=home, now=NOW)

    assert (back.state, back.confirmed_by_domain) == (State.CONFIRMED, "kth.se")


def test_choose_home_a_refusal_elsewhere_says_nothing_about_this_university():
    user = UserFactory(email="anna@kth.se", verified=True)
    elsewhere = StudentProfileFactory(user=user)
    students.refuse(profile=elsewhere, reason="Not ours.", by=UserFactory(), now=NOW)

    assert students.choose_home(user=user, university=kth(), now=NOW).state == State.CONFIRMED


def test_tie_by_domain_a_second_address_does_not_overrule_the_office_that_was_asked_again():
    profile = refused_at_kth()
    students.choose_home(user=profile.user, university=profile.university, now=NOW)

    students.tie_by_domain(user=profile.user, email="anna.again@student.kth.se", now=NOW)

    profile.refresh_from_db()
    assert (profile.state, profile.confirmed_by_domain) == (State.WAITING, "")


def test_tie_by_domain_an_address_elsewhere_leaves_the_home_that_was_named():
    kth()
    profile = StudentProfileFactory(user__joined_as="student")

    tied = students.tie_by_domain(user=profile.user, email="anna@kth.se", now=NOW)

    assert (tied.university, tied.state, acts(profile)) == (profile.university, State.WAITING, [])


def test_university_of_an_archived_one_is_none():
    university = kth()
    university.archived_at = NOW
    university.save()

    assert students.university_of("anna@kth.se", NOW.date()) is None


def test_office_of_the_exchange_office_comes_before_the_official():
    university = UniversityFactory()
    assert students.office_of(university, NOW.date()) == []
    official = person_as("official", university)
    assert students.office_of(university, NOW.date()) == [official]
    coordinator = person_as("exchange", university)

    assert students.office_of(university, NOW.date()) == [coordinator]
