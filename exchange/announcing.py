"""What this room announces to the rooms below: addresses, tasks, and a section of each university's page."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet, Sum
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from applications.models import Choice, Kind, Option, OptionRequirement, Round
from exchange.filters import PlacementFilter, placements_for, year_names
from exchange.models import Placement
from members.models import FactsheetTerm, StudentProfile, Term, University, User
from members.registries import SectionRow, UniversitySection
from notifications.catalogues import WatchedList
from notifications.registries import Deadline, Task

SECTION_SHOWS = 6


def find_placements(asker: Any, now: datetime) -> PlacementFilter:
    """The catalogue as the page shows it; `asker` is a request or somebody who watches the list."""
    return PlacementFilter(asker.GET, queryset=placements_for(asker.user, now), request=asker)


def watched_placements() -> WatchedList:
    """The list for saved searches: a place that is published, or published again, is news."""
    return WatchedList(
        key="placements", label=gettext_lazy("Exchange places"), room="exchange",
        url_name="exchange:placement_list", find=find_placements, mark="state_since",
    )  # fmt: skip


def address(option: Option) -> str:
    """The page of a placement; its slug stands on the option's row."""
    return reverse("exchange:placement_detail", args=[option.slug]) if option.slug else ""


def requirements(options: Collection[int]) -> dict[int, Iterable[OptionRequirement]]:
    """For whom a placement is, said and judged among its requirements: a student of one of its partners meets it."""
    links = Placement.only_partners.through.objects.filter(placement__in=options).select_related("university")
    partners: dict[int, list[University]] = {}
    for link in links.order_by("university__short_name"):
        partners.setdefault(link.placement_id, []).append(link.university)
    return {pk: [_for_partners(pk, homes)] for pk, homes in partners.items()}


def _for_partners(pk: int, homes: list[University]) -> OptionRequirement:
    asked = OptionRequirement(option_id=pk, asks=OptionRequirement.Asks.HOME)
    asked.homes = homes
    return asked


def barred(profile: StudentProfile) -> QuerySet[Option]:
    """Places for other universities' students; the pair of `requirements`, which says the same in words."""
    open_to = Placement.objects.for_partner(profile.university)
    return Option.objects.filter(pk__in=Placement.objects.exclude(pk__in=open_to.values("pk")).values("pk"))


def tasks(user: User, now: datetime) -> Iterator[Task]:
    """Drafts to publish, and terms for which places are offered without deadlines; three queries."""
    hosts = user.universities_as(*Placement.DESK, day=localdate(now)) if user.is_authenticated else []
    if hosts:
        yield from _drafts(hosts, now)
        yield from _terms_without_deadlines(hosts, now)


def _drafts(hosts: list[University], now: datetime) -> Iterator[Task]:
    drafts = Placement.objects.filter(host__in=hosts, state=Placement.State.DRAFT).of_coming_terms(localdate(now))
    by_host = {host.pk: host for host in hosts}
    rows = drafts.order_by().values("host").annotate(n=Count("pk"), since=Min("state_since"), places=Sum("places"))
    for row in rows:
        host = by_host[row["host"]]
        yield Task(
            since=row["since"],
            title=ngettext("Publish a drafted place", "Publish %(n)d drafted places", row["n"]) % {"n": row["n"]},
            detail=ngettext("%(n)d seat that nobody can see yet", "%(n)d seats that nobody can see yet", row["places"])
            % {"n": row["places"]},
            url=f"{reverse('exchange:own_placements')}?state=draft&host={host.slug}",
            room="exchange",
            state=_("draft"),
            with_whom=host.short_name,
        )


def _terms_without_deadlines(hosts: list[University], now: datetime) -> Iterator[Task]:
    terms = FactsheetTerm.objects.filter(
        factsheet__university=OuterRef("host"), academic_year=OuterRef("academic_year")
    )
    autumn_counts = Q(term=Term.YEAR) & Exists(terms.filter(term=Term.AUTUMN))  # as in Placement.host_term
    offered = Placement.objects.published().filter(host__in=hosts).of_coming_terms(localdate(now))
    rows = offered.exclude(Exists(terms.filter(term=OuterRef("term"))) | autumn_counts)
    by_host = {host.pk: host for host in hosts}
    uncovered = rows.order_by("academic_year", "term").values("host", "academic_year", "term")
    for row in uncovered.annotate(n=Count("pk"), since=Min("state_since")):
        host = by_host[row["host"]]
        when = f"{Term(row['term']).label} {year_names([row['academic_year']])[row['academic_year']]}"
        yield Task(
            since=row["since"],
            title=_("Give your deadlines for %(when)s") % {"when": when},
            detail=ngettext(
                "%(n)d place is offered, and partners cannot see until when to nominate",
                "%(n)d places are offered, and partners cannot see until when to nominate",
                row["n"],
            )
            % {"n": row["n"]},
            url=host.get_absolute_url(),
            room="exchange",
            state=_("factsheet"),
            with_whom=host.short_name,
        )


def deadlines(user: Any, now: datetime) -> Iterator[Deadline]:
    """Until when a host takes nominations, for desks that offer its places; applications, for who has a place there.

    Two queries; the moments are those of the hosts' factsheets, in the hosts' zones.
    """
    if user is None or not user.is_authenticated:
        return
    desks = user.universities_as(*Kind.desks[Kind.EXCHANGE], day=localdate(now))
    if desks:
        offered = Option.objects.filter(round_options__round__university__in=desks)
        for term in _terms_of(offered.filter(kind=Kind.EXCHANGE)).filter(nominations_close_at__gt=now):
            title = _("Nominations for %(term)s close")
            yield _deadline(term, "nominations", term.nominations_close_at, title % {"term": term})
    held = Option.objects.filter(
        kind=Kind.EXCHANGE, choices__state=Choice.State.ACCEPTED, choices__application__applicant=user
    )
    for term in _terms_of(held).filter(applications_close_at__gt=now):
        title = _("Apply at your host for %(term)s")
        yield _deadline(term, "applications", term.applications_close_at, title % {"term": term})


def _terms_of(options: QuerySet[Option]) -> QuerySet[FactsheetTerm]:
    """The hosts' terms for which one of `options` stands, a full year's by the rule of `Placement.host_term`."""
    there = options.filter(host=OuterRef("factsheet__university"), academic_year=OuterRef("academic_year"))
    line_of_the_year = FactsheetTerm.objects.filter(
        factsheet=OuterRef("factsheet"), academic_year=OuterRef("academic_year"), term=Term.YEAR
    )
    by_autumn = Q(Exists(there.filter(term=Term.YEAR)), ~Exists(line_of_the_year), term=Term.AUTUMN)
    counts = Q(Exists(there.filter(term=OuterRef("term")))) | by_autumn
    terms = FactsheetTerm.objects.filter(counts).select_related("factsheet__university")
    return terms.order_by("nominations_close_at", "pk")


def _deadline(term: FactsheetTerm, kind: str, at: datetime, title: str) -> Deadline:
    host = term.factsheet.university
    return Deadline(
        key=f"host-term:{kind}:{term.pk}", at=at, time_zone=host.time_zone, title=title, where=host.short_name,
        url=host.get_absolute_url(), room="exchange", kind=kind,
    )  # fmt: skip


def section(university: University, user: Any, now: datetime) -> UniversitySection:
    """The exchange places on a university's page: the first few that are offered for this year and later."""
    offered = Placement.objects.published().filter(host=university).of_coming_terms(localdate(now)).with_places_left()
    rows = offered.select_related("field").order_by("academic_year", "term", "title")[:SECTION_SHOWS]
    return UniversitySection(
        title=_("Exchange places"),
        room="exchange",
        rows=[
            SectionRow(title=row.title, url=row.get_absolute_url(), detail=_detail(row), is_sample=row.is_sample)
            for row in rows
        ],
        total=offered.count(),
        more_url=f"{reverse('exchange:placement_list')}?host={university.slug}",
        more_label=_("All places at %(host)s") % {"host": university.short_name},
    )


def _detail(placement: Placement) -> str:
    left = ngettext("%(n)d place left", "%(n)d places left", placement.places_left) % {"n": placement.places_left}
    return f"{placement.when} · {placement.get_level_display()} · {left}"


def choosable(round: Round) -> QuerySet[Option]:
    """What an exchange desk may take into its round: published places of the year, elsewhere, open to its students."""
    published = Placement.objects.published().filter(academic_year=round.academic_year)
    offered = published.open_to(round.university) if round.for_own_students else published
    return Option.objects.filter(pk__in=offered.values("pk"))
