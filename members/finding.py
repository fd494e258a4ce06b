"""What of this room is found by the search box: universities, their units and contacts, people, students."""

from django.db.models import Exists, Func, OuterRef, QuerySet, TextField, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.models import (
    Contact,
    Country,
    Expert,
    Identifier,
    Mandate,
    Membership,
    Role,
    StudentProfile,
    Tag,
    Unit,
    University,
    UniversityName,
    UniversityTag,
    User,
)
from members.searching.kinds import (
    Kind,
    Watch,
    arrays,
    entries_of,
    joined,
    line,
    listed,
    register,
    texts_of,
    weighed,
    worded,
)

NAMES_OF_PEOPLE = ("given_name", "family_name", "email")
NAMES_OF_UNIVERSITIES = ("short_name", "name", "city", "slug")


def full_name(path: str) -> Func:
    return line(f"{path}__given_name", f"{path}__family_name", by=" ")


def universities() -> QuerySet:
    its = {"university": OuterRef("pk")}
    # Without an end, and not in force today: triggers write entries, and none fires because a day has passed.
    running = Membership.objects.filter(**its, kind__in=Membership.Kind.present, ends_on__isnull=True)
    return entries_of(
        University.objects.all(),
        key="slug",
        title="name",
        codes=arrays(texts_of("short_name", "slug"), listed(Identifier.objects.filter(**its), "value")),
        names=line("official_name", joined(UniversityName.objects.filter(**its), "name"), "participating_unit"),
        subtitle=line("short_name", "city", "country__name"),
        summary="summary",
        words=line("alliance", joined(UniversityTag.objects.filter(**its), "tag__label"), "description"),
        weight=weighed(Exists(running)),
    )


def units() -> QuerySet:
    return entries_of(
        Unit.objects.all(),
        key="university__slug",
        title="name",
        codes=texts_of("code"),
        names="university__short_name",
        subtitle=line("university__name"),
    )


def seen_units(user: User) -> QuerySet:
    """A unit is seen where its university is."""
    return Unit.objects.filter(university__in=University.objects.visible_to(user))


def contacts() -> QuerySet:
    return entries_of(
        # Without the address: visitors see none, and what is in no entry cannot be found out by searching.
        Contact.objects.all(),
        key="university__slug",
        title="name",
        names="university__short_name",
        subtitle=line(worded("purpose", Contact.Purpose), "university__name"),
    )


def seen_contacts(user: User) -> QuerySet:
    """Contacts in force today whose audience the person belongs to, of universities that the person sees."""
    visible = University.objects.visible_to(user)
    return Contact.objects.visible_to(user).in_force(timezone.localdate()).filter(university__in=visible)


def people() -> QuerySet:
    return entries_of(
        # Also those that are over or not begun: nothing fires when a day passes, so `seen_people` asks for the day.
        Mandate.objects.all(),
        key="reference",
        title=full_name("person"),
        names="university__short_name",
        subtitle=line(worded("role", Role), "university__name"),
        words="person__email",
    )


def seen_people(user: User) -> QuerySet:
    """Who holds a mandate today, for those who may see that mandate; visitors see nobody."""
    if not user.is_authenticated:
        return Mandate.objects.none()
    return Mandate.objects.visible_to(user).in_force(timezone.localdate())


def experts() -> QuerySet:
    """Only what is published gets an entry at all: what was taken back leaves the index in the same transaction."""
    return entries_of(
        Expert.objects.published(),
        key="reference",
        title=full_name("user"),
        names=Func("keywords", Value(" "), function="array_to_string", output_field=TextField()),
        subtitle=line("headline", "university__short_name"),
        summary="text",
        words="unit__name",
    )


def students() -> QuerySet:
    return entries_of(
        StudentProfile.objects.all(),
        key="reference",
        title=full_name("user"),
        codes=texts_of("student_number"),
        subtitle=line("degree_programme", "university__short_name"),
        words="user__email",
    )


def seen_students(user: User) -> QuerySet:
    """The office's own students; one's own profile needs no searching."""
    if not user.is_authenticated:
        return StudentProfile.objects.none()
    return StudentProfile.objects.visible_to(user).exclude(user=user)


def watched(via: str) -> Watch:
    """The names of the universities that entries show."""
    return Watch(University, NAMES_OF_UNIVERSITIES, via=via)


KINDS = (
    Kind(
        key="university",
        label=_("Universities"),
        one=_("University"),
        room="universities",
        model=University,
        entries=universities,
        visible_to=University.objects.visible_to,
        url_name="members:university_detail",
        watches=(
            Watch(
                University,
                (
                    *NAMES_OF_UNIVERSITIES,
                    "official_name",
                    "participating_unit",
                    "country",
                    "summary",
                    "description",
                    "alliance",
                ),
            ),
            Watch(UniversityName, ("university", "name"), owner="university"),
            Watch(Identifier, ("university", "value"), owner="university"),
            Watch(Membership, ("university", "kind", "ends_on"), owner="university"),
            Watch(UniversityTag, ("university", "tag"), owner="university"),
            Watch(Tag, ("label",), via="taggings__tag_id"),
            Watch(Country, ("name",), via="country_id"),
        ),
        order=10,
        boost=0.5,
    ),
    Kind(
        key="unit",
        label=_("Schools and departments"),
        one=_("School or department"),
        room="universities",
        model=Unit,
        entries=units,
        visible_to=seen_units,
        url_name="members:university_detail",
        anchor="#contacts",
        watches=(Watch(Unit, ("university", "name", "code")), watched("university_id")),
        order=20,
    ),
    Kind(
        key="contact",
        label=_("Contacts"),
        one=_("Contact"),
        room="universities",
        model=Contact,
        entries=contacts,
        visible_to=seen_contacts,
        url_name="members:university_detail",
        anchor="#contacts",
        watches=(Watch(Contact, ("university", "purpose", "name")), watched("university_id")),
        order=70,
        spells=False,
    ),
    Kind(
        key="person",
        label=_("People"),
        one=_("Person"),
        room="universities",
        model=Mandate,
        entries=people,
        visible_to=seen_people,
        url_name="people:mandate_detail",
        watches=(
            Watch(Mandate, ("person", "university", "role", "reference")),
            Watch(User, NAMES_OF_PEOPLE, via="person_id"),
            watched("university_id"),
        ),
        order=80,
        spells=False,
    ),
    Kind(
        key="expert",
        label=_("Published profiles"),
        one=_("Profile"),
        room="universities",
        model=Expert,
        entries=experts,
        visible_to=Expert.objects.visible_to,
        url_name="people:expert_detail",
        watches=(
            Watch(
                Expert,
                ("user", "university", "unit", "headline", "keywords", "text", "published_at", "reference"),
            ),
            Watch(User, ("given_name", "family_name"), via="user_id"),
            Watch(Unit, ("name",), via="unit_id"),
            watched("university_id"),
        ),
        order=75,
        spells=False,
    ),
    Kind(
        key="student",
        label=_("Students"),
        one=_("Student"),
        room="universities",
        model=StudentProfile,
        entries=students,
        visible_to=seen_students,
        url_name="people:student_detail",
        watches=(
            Watch(StudentProfile, ("user", "university", "student_number", "degree_programme", "reference")),
            Watch(User, NAMES_OF_PEOPLE, via="user_id"),
            watched("university_id"),
        ),
        order=90,
        spells=False,
    ),
)


def announce() -> None:
    for kind in KINDS:
        register(kind)
