"""What this room tells the others: addresses and requirements of seats, tasks, deadlines, a university's section."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Window
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from applications.eligibility import unmet
from applications.models import Option, Requirement, Round
from members.academic_years import running_on
from members.history import last_change_of
from members.models import Role, StudentProfile, University, User
from members.registries import SectionRow, UniversitySection
from notifications.catalogues import WatchedList
from notifications.registries import Deadline, Task
from programmes import showing
from programmes.course_filters import CourseFilter, courses_on
from programmes.filters import ProgrammeFilter, catalogue_at, in_files
from programmes.models import Course, Intake, Programme, ProgrammePartner, ProgrammeRequirement, Revision, Seats

ROOM = "programmes"
SECTION_ROWS = 6
ROUND_WANTED = timedelta(days=60)  # so long before an intake opens, its director is asked to make the round
MOST_DEADLINES = 200


def find_programmes(asker: Any, now: datetime) -> ProgrammeFilter:
    """The catalogue as the page shows it; `asker` is a request or somebody who watches the list."""
    rows = catalogue_at(now).prefetch_related(showing.next_intakes(now), *in_files(asker))
    return ProgrammeFilter(asker.GET, queryset=rows, request=asker)


def watched_programmes() -> WatchedList:
    """The list for saved searches: a version that is published is news."""
    return WatchedList(
        key="programmes", label=gettext_lazy("Dual degrees"), room=ROOM, url_name="programmes:programme_list",
        find=find_programmes, mark="published_at",
    )  # fmt: skip


def find_courses(asker: Any, now: datetime) -> CourseFilter:
    """The list of all courses as the page shows it; `asker` is a request or somebody who watches it."""
    return CourseFilter(asker.GET, queryset=courses_on(asker.user, localdate(now)), request=asker)


def watched_courses() -> WatchedList:
    """The list for saved searches: a course that a university adds is news."""
    return WatchedList(
        key="courses", label=gettext_lazy("Courses"), room=ROOM, url_name="courses:course_list", find=find_courses
    )


def address_of_seats(option: Option) -> str:
    """The programme's page; `Seats.describe` wrote its address on the option."""
    return reverse("programmes:programme_detail", args=[option.slug])


def asked_for_seats(options: Collection[int]) -> dict[int, list[Requirement]]:
    """By seats (pk): being a student of the pathway's home, and what all partners or the pathway's host ask.

    Two queries, however many seats.
    """
    found = Seats.objects.filter(pk__in=options).select_related("pathway__home", "intake")
    seats = list(found)
    rows = ProgrammeRequirement.objects.filter(programme__in={seat.intake.programme_id for seat in seats})
    by_programme: dict[int, list[ProgrammeRequirement]] = defaultdict(list)
    for row in rows.select_related("field", "home"):
        by_programme[row.programme_id].append(row)
    return {seat.pk: [_home(seat), *_asked(seat, by_programme[seat.intake.programme_id])] for seat in seats}


def _home(seat: Seats) -> ProgrammeRequirement:
    return ProgrammeRequirement(asks=Requirement.Asks.HOME, home=seat.pathway.home, is_blocking=True)


def _asked(seat: Seats, rows: Iterable[ProgrammeRequirement]) -> list[ProgrammeRequirement]:
    return [row for row in rows if row.asked_by_id in (None, seat.pathway.host_id)]


def barred_seats(profile: StudentProfile) -> QuerySet[Option]:
    """The seats where something of `asked_for_seats` speaks against this student, as a set."""
    asked = ProgrammeRequirement.objects.filter(programme=OuterRef("intake__programme"))
    asked = asked.filter(Q(asked_by__isnull=True) | Q(asked_by=OuterRef("pathway__host")))
    seats = Seats.objects.filter(Exists(asked.filter(unmet(profile))) | ~Q(pathway__home=profile.university_id))
    return Option.objects.filter(pk__in=seats.values("pk"))


def seats_for_others(homes: Collection[University]) -> QuerySet[Option]:
    """Seats on pathways that begin at none of `homes`."""
    return Option.objects.filter(pk__in=Seats.objects.exclude(pathway__home__in=homes).values("pk"))


def tasks_for(user: Any, now: datetime) -> list[Task]:
    """What waits for a director (returned versions, intakes without a round, lists with
    courses that have ended) or the secretariat (versions to judge)."""
    if not user.is_authenticated:
        return []
    tasks = _returned(user) + _without_round(user, now) + _lists_to_mend(user, now)
    return tasks + (_to_judge() if user.has_perm("programmes.curate_programme") else [])


def _returned(user: User) -> list[Task]:
    own = Programme.objects.run_by(user)
    returned = Revision.objects.filter(state=Revision.State.RETURNED, programme__in=own)
    return [
        Task(
            since=revision.state_since,
            title=_("Change what the secretariat asked for"),
            detail=revision.programme.title,
            url=reverse("programmes:programme_edit", args=[revision.programme.slug, "basics"]),
            room=ROOM,
            state=str(revision.get_state_display()),
            with_whom=_("Secretariat"),
        )
        for revision in returned.select_related("programme")
    ]


def _without_round(user: User, now: datetime) -> list[Task]:
    """Intakes about to open, or open, that the director's university coordinates and that have no round yet."""
    places = user.universities_as(Role.DIRECTOR)
    coordinated = ProgrammePartner.objects.filter(
        programme=OuterRef("programme"), university__in=places, role=ProgrammePartner.Role.COORDINATING
    )
    soon = Intake.objects.without_round().filter(opens_at__lte=now + ROUND_WANTED, closes_at__gt=now)
    published = soon.filter(Exists(coordinated), programme__state=Programme.State.PUBLISHED)
    return [
        Task(
            since=intake.opens_at - ROUND_WANTED,
            title=_("Make the application round"),
            detail=f"{intake.programme.title}, {intake}",
            url=reverse("programmes:intake_list", args=[intake.programme.slug]),
            room=ROOM,
            state=_("No round yet"),
            due_at=intake.opens_at if intake.opens_at > now else intake.closes_at,
            time_zone=intake.time_zone,
        )
        for intake in published.select_related("programme", "home")
    ]


def _lists_to_mend(user: User, now: datetime) -> list[Task]:
    """Published programmes of the own universities that name courses which are not taught any more."""
    running = running_on(localdate(now))
    own = Programme.objects.run_by(user).filter(state=Programme.State.PUBLISHED)
    ended = own.filter(course_list__course__last_year__lt=running).annotate(n=Count("course_list"))
    return [
        Task(
            since=datetime(running, 8, 1, tzinfo=UTC),  # the academic year begins in August (members.academic_years)
            title=_("Name other courses"),
            detail=ngettext(
                "%(title)s: %(n)d course of the list is not taught any more",
                "%(title)s: %(n)d courses of the list are not taught any more",
                programme.n,
            )
            % {"title": programme.title, "n": programme.n},
            url=reverse("programmes:programme_courses", args=[programme.slug]),
            room=ROOM,
            state=_("Course list"),
        )
        for programme in ended.order_by("title", "pk")
    ]


def _to_judge() -> list[Task]:
    waiting = (
        Revision.objects.in_review().select_related("programme").prefetch_related("programme__partners__university")
    )
    return [
        Task(
            since=revision.state_since,
            title=_("Publish or return"),
            detail=revision.programme.title,
            url=revision.get_absolute_url(),
            room=ROOM,
            state=str(revision.get_state_display()),
            with_whom=revision.programme.partner_line,
        )
        for revision in waiting
    ]


def deadlines_for(user: Any, now: datetime) -> list[Deadline]:
    """Closing windows of published programmes that have no public round; a public round announces itself."""
    in_catalogue = Programme.objects.in_catalogue().values("pk")
    ahead = Intake.objects.filter(closes_at__gt=now, programme__in=in_catalogue)
    # Archived ones too: their intake is decided, whatever window it had planned.
    unannounced = ahead.exclude(Q(round__state__in=[*Round.State.public, Round.State.ARCHIVED]))
    joined = unannounced.select_related("programme", "home").prefetch_related("programme__partners__university")
    return [
        Deadline(
            key=f"intake:{intake.programme.slug}:{intake.key}",
            at=intake.closes_at,
            time_zone=intake.time_zone,
            title=_("%(programme)s: applications close") % {"programme": intake.programme.title},
            where=intake.programme.partner_line,
            url=intake.get_absolute_url(),
            room=ROOM,
            kind="intake",
            changed_at=intake.changed_at,
        )
        for intake in joined.annotate(changed_at=last_change_of(Intake)).order_by("closes_at")[:MOST_DEADLINES]
    ]


def universities_with_programmes() -> QuerySet:
    """The partners of every programme in the catalogue."""
    return ProgrammePartner.objects.filter(programme__in=Programme.objects.in_catalogue()).values("university")


def section_of(university: University, user: Any, now: datetime) -> UniversitySection:
    """The dual degrees in which this university is a partner."""
    programmes = Programme.objects.in_catalogue().with_a_side_at([university])
    shown = programmes.select_related("field").prefetch_related("partners__university").order_by("title", "slug")
    return UniversitySection(
        title=_("Dual degrees"),
        room=ROOM,
        rows=[
            SectionRow(
                title=programme.title,
                url=programme.get_absolute_url(),
                detail=f"{programme.get_level_display()} · {programme.partner_line}",
                is_sample=programme.is_sample,
            )
            for programme in shown[:SECTION_ROWS]
        ],
        total=programmes.count(),
        more_url=f"{reverse('programmes:programme_list')}?side={university.slug}",
        more_label=_("All dual degrees of %(university)s") % {"university": university},
    )


def course_section(university: University, user: Any, now: datetime) -> UniversitySection:
    """The first courses that guests may take, then the others: one query. Who keeps the list finds it while empty."""
    taught = Course.objects.filter(university=university).taught_on(localdate(now))
    counted = taught.annotate(total=Window(Count("pk")), guests=Window(Count("pk", filter=Q(open_to_exchange=True))))
    rows = list(counted.order_by("-open_to_exchange", "title", "pk")[:SECTION_ROWS])
    keeps = not rows and user.has_perm("programmes.keep_courses", university)
    total, guests = (rows[0].total, rows[0].guests) if rows else (0, 0)
    all_of_them = _("All courses, %(guests)d of %(total)d open to exchange") % {"guests": guests, "total": total}
    return UniversitySection(
        title=_("Courses"),
        room=ROOM,
        rows=[
            SectionRow(
                title=course.title,
                url=course.get_absolute_url(),
                detail=" · ".join([course.code, course.credits, course.term_names, course.language_names]),
                is_sample=course.is_sample,
            )
            for course in rows
        ],
        total=total,
        more_url=reverse("courses:university_courses", args=[university.slug]),
        more_label=all_of_them if rows else _("Begin the list"),
        empty=_("No course stands here yet. Add them by hand, or import the list of your catalogue.") if keeps else "",
    )
