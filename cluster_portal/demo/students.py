"""Invented students: confirmed by their domain or by the office, a few who wait, one who was refused."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal

from cluster_portal.demo import people
from cluster_portal.demo.world import DOMAIN, World, own_domain
from members.actions import students as acts
from members.models import Cefr, JoinedAs, LanguageSkill, StudentProfile, StudyLevel, University, User

HOW_MANY = {
    "kth": 27, "aalto": 23, "polito": 23, "kit": 16, "grenoble-inp": 16, "tcd": 12, "uclouvain": 12, "kuleuven": 12,
    "tue": 12, "tecnico": 11, "upc": 11, "tuda": 10,
}  # fmt: skip
WAITING = {"kth": 3, "aalto": 2, "polito": 1, "kuleuven": 1, "tue": 1, "upc": 1}
STUDIES = (
    ("0714", "Electrical engineering"), ("0613", "Computer science"), ("0715", "Mechanical engineering"),
    ("0713", "Energy engineering"), ("0732", "Civil engineering"), ("0711", "Chemical engineering"),
    ("0731", "Architecture"), ("0716", "Aerospace engineering"), ("0541", "Applied mathematics"),
    ("0533", "Engineering physics"), ("0413", "Industrial engineering and management"), ("0612", "Data science"),
    ("0722", "Materials science"), ("0712", "Environmental engineering"),
)  # fmt: skip
PROOFS = ("IELTS 7.0", "Cambridge C1 Advanced", "Course certificate of the university", "TOEFL iBT 96", "")
SECOND_LANGUAGES = ("de", "fr", "es", "it", "sv", "nl", "pt")


def make(world: World) -> None:
    """Accounts, profiles and languages of all students; those who wait ask their office in the diary."""
    for university in world.members:
        fixed = _fixed(world, university)
        others = [people.colleague(world, university, JoinedAs.STUDENT) for _ in range(HOW_MANY[university.slug] - 1)]
        people.save(world, [fixed, *others])
        world.people[f"student.{university.slug}"] = fixed
        _add_profiles(world, university, [fixed, *others])
    for slug, count in WAITING.items():
        _add_waiting(world, world.universities[slug], count)
    world.diary.play()


def _fixed(world: World, university: University) -> User:
    given, family = world.names.of(people.names_at(university))
    return User(
        email=f"student.{university.slug}@{DOMAIN}", given_name=given, family_name=family, is_sample=True,
        joined_as=JoinedAs.STUDENT, time_zone=university.time_zone,
    )  # fmt: skip


def _add_profiles(world: World, university: University, users: list[User]) -> None:
    profiles = [_profile(world, user, university, number) for number, user in enumerate(users)]
    StudentProfile.objects.bulk_create(profiles)
    LanguageSkill.objects.bulk_create(
        skill for number, profile in enumerate(profiles) for skill in _languages(world, profile, number)
    )
    joined = StudentProfile.objects.filter(university=university).prefetch_related("languages").order_by("pk")
    world.students[university.slug] = list(joined.select_related("user", "university__grade_scale", "field"))
    for profile in world.students[university.slug]:
        profile.user.student_profile_or_none = profile


def _profile(world: World, user: User, university: University, number: int) -> StudentProfile:
    """A complete one; every seventh has only begun to study, every eleventh has not filled in everything."""
    profile = StudentProfile(user=user, university=university, grade_scale=university.grade_scale)
    _study(world, profile, is_beginner=number % 7 == 6, is_fixed=number == 0)
    _confirm(world, profile, by_domain=number % 3 != 0)
    if number % 11 == 9:
        profile.ects_earned = profile.grade_average = None
    return profile


def _study(world: World, profile: StudentProfile, *, is_beginner: bool, is_fixed: bool) -> None:
    """The fixed accounts are good master's students, to whom most places are open."""
    dice = world.dice
    is_master = is_fixed or (not is_beginner and dice.random() < 0.55)
    field, programme = dice.choice(STUDIES)
    profile.level = StudyLevel.MASTER if is_master else StudyLevel.BACHELOR
    profile.degree_programme = f"{'MSc' if is_master else 'BSc'} {programme}"
    profile.field_id = field
    profile.semester = 1 if is_beginner else dice.randint(1, 3) if is_master else dice.randint(3, 6)
    earned = profile.semester * 30 + (180 if is_master else 0) - (25 if is_beginner else dice.randint(0, 20))
    profile.ects_earned = Decimal(earned)
    position = Decimal(dice.randint(8, 40) if is_beginner else dice.randint(70 if is_fixed else 35, 96))
    profile.grade_average = profile.university.grade_scale.grade_at(position)
    profile.student_number = f"{profile.university.country_id}{dice.randint(100000, 999999)}"


def _confirm(world: World, profile: StudentProfile, *, by_domain: bool) -> None:
    profile.state = StudentProfile.State.CONFIRMED
    profile.asked_at = profile.user.date_joined
    profile.confirmed_at = profile.user.date_joined
    ending = profile.user.email.rpartition("@")[2]
    if by_domain and ending == own_domain(profile.university):
        profile.confirmed_by_domain = ending
    else:
        profile.confirmed_by = world.officer("exchange", profile.university)


def _languages(world: World, profile: StudentProfile, number: int) -> Iterator[LanguageSkill]:
    """The first language of the place, English in most cases well enough, sometimes a third one."""
    dice, home = world.dice, profile.university.official_languages[0]
    english = Cefr.B1 if number % 9 == 8 else dice.choice([Cefr.B2, Cefr.C1, Cefr.C1, Cefr.C2])
    yield LanguageSkill(profile=profile, language="en", level=english, proof=dice.choice(PROOFS))
    if home not in ("en", "ga"):
        yield LanguageSkill(profile=profile, language=home, level=Cefr.C2)
    third = dice.choice(SECOND_LANGUAGES)
    if third != home and dice.random() < 0.45:
        yield LanguageSkill(profile=profile, language=third, level=dice.choice([Cefr.A2, Cefr.B1, Cefr.B2]))


def _add_waiting(world: World, university: University, count: int) -> None:
    """Students with an address elsewhere, who ask the office; the first of the KTH ones is refused."""
    users = [_with_another_address(world, university) for _ in range(count)]
    people.save(world, users)
    for number, user in enumerate(users):
        world.diary.plan(world.calendar.at(-1 - 3 * number, 17), _asks(user, university))
    if university.slug == "kth":
        world.diary.plan(world.calendar.at(-2, 10), lambda at: _refuse(world, users[-1], university, at))


def _with_another_address(world: World, university: University) -> User:
    user = people.colleague(world, university, JoinedAs.STUDENT)
    user.email = f"{user.email.rpartition('@')[0]}@mail.{DOMAIN}"
    return user


def _asks(user: User, university: University):
    return lambda at: acts.choose_home(user=user, university=university, now=at)


def _refuse(world: World, user: User, university: University, at: datetime) -> None:
    acts.refuse(
        profile=StudentProfile.objects.get(user=user),
        reason="Your student number belongs to a course that ended last year. Send us your new enrolment certificate.",
        by=world.officer("exchange", university),
        now=at,
    )


def suited(profiles: Iterable[StudentProfile]) -> list[StudentProfile]:
    """Those whose profile says everything and who have studied for a year."""
    return [profile for profile in profiles if not profile.missing() and profile.ects_earned >= 60]
