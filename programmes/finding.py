"""Programmes and courses in the search box."""

from django.db.models import OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from members.models import Field, StudyLevel, Tag, Unit, University, User
from members.searching.kinds import Kind, Watch, entries_of, joined, line, register, texts_of, weighed, worded
from programmes.models import Course, Programme, ProgrammePartner, ProgrammeTag

PUBLIC = (Programme.State.PUBLISHED, Programme.State.ARCHIVED)


def programmes() -> QuerySet:
    partners = ProgrammePartner.objects.filter(programme=OuterRef("pk")).order_by("position", "pk")
    tagged = ProgrammeTag.objects.filter(programme=OuterRef("pk"))
    return entries_of(
        Programme.objects.all(),
        key="slug",
        title="title",
        names=line(joined(partners, "university__name"), joined(partners, "university__city"), "award"),
        subtitle=line(
            joined(partners, "university__short_name", by=", "),
            worded("kind", Programme.Kind),
            worded("level", StudyLevel),
        ),
        summary="summary",
        words=line("field__name", joined(tagged, "tag__label"), "description"),
        weight=weighed(Q(state=Programme.State.PUBLISHED)),
    )


def seen_programmes(user: User) -> QuerySet:
    """What the person may see, but for those that are found by their address only; their directors find them."""
    listed = ~Q(listing=Programme.Listing.LINK_ONLY)
    if user.is_authenticated:
        listed |= Q(pk__in=Programme.objects.run_by(user).values("pk"))
    return Programme.objects.visible_to(user).filter(listed)


def courses() -> QuerySet:
    return entries_of(
        Course.objects.all(),
        key="slug",
        title="title",
        codes=texts_of("code"),
        names=line("university__name", "university__city"),
        subtitle=line("code", "university__short_name", worded("level", StudyLevel)),
        summary="exchange_note",
        words=line("field__name", "unit__name", "prerequisites"),
        weight=weighed(Q(open_to_exchange=True)),
    )


def announce() -> None:
    announce_courses()
    register(
        Kind(
            key="programme",
            label=_("Programmes"),
            one=_("Programme"),
            room="programmes",
            model=Programme,
            entries=programmes,
            visible_to=seen_programmes,
            url_name="programmes:programme_detail",
            watches=(
                Watch(
                    Programme,
                    ("slug", "title", "award", "kind", "level", "summary", "field", "description", "state"),
                ),
                Watch(ProgrammePartner, ("programme", "university", "position"), owner="programme"),
                Watch(University, ("short_name", "name", "city"), via="partners__university_id"),
                Watch(Field, ("name",), via="field_id"),
                Watch(ProgrammeTag, ("programme", "tag"), owner="programme"),
                Watch(Tag, ("label",), via="taggings__tag_id"),
            ),
            order=30,
            boost=0.2,
        )
    )


def announce_courses() -> None:
    """Ended ones are found too: programmes of past years name them."""
    register(
        Kind(
            key="course",
            label=_("Courses"),
            one=_("Course"),
            room="programmes",
            model=Course,
            entries=courses,
            visible_to=Course.objects.visible_to,
            url_name="courses:course_detail",
            watches=(
                Watch(
                    Course,
                    (
                        "slug", "code", "title", "level", "university", "unit", "field", "exchange_note",
                        "prerequisites", "open_to_exchange",
                    ),
                ),
                Watch(University, ("short_name", "name", "city"), via="university_id"),
                Watch(Field, ("name",), via="field_id"),
                Watch(Unit, ("name",), via="unit_id"),
            ),
            order=35,
        )
    )  # fmt: skip
