"""What the universities' pages show beyond the reference data: domains, units, contacts, factsheets, confirmations."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.core.files.base import ContentFile

from cluster_portal.demo.calendar import StudyTerm
from cluster_portal.demo.factsheet_texts import TEXTS
from cluster_portal.demo.papers import paper
from cluster_portal.demo.world import World, own_domain
from members.actions.documents import add_document
from members.actions.universities import confirm
from members.models import Contact, EmailDomain, Factsheet, FactsheetTerm, Term, Unit, University, UniversityDocument
from programmes.models import ProgrammePartner

Purpose, Audience = Contact.Purpose, Contact.Audience
Kind, Reader = UniversityDocument.Kind, UniversityDocument.Audience

SAMPLE_UNITS = {
    "School of Machines and Energy": ("Department of Mechanical Engineering", "Department of Electrical Engineering"),
    "School of Information": ("Department of Computer Science", "Department of Mathematics"),
    "School of the Built Environment": (),
}
CONTACTS = (
    (Purpose.GENERAL, "International office", "international", Audience.PUBLIC),
    (Purpose.INCOMING, "Incoming students", "incoming", Audience.PUBLIC),
    (Purpose.OUTGOING, "Outgoing students", "outgoing", Audience.PUBLIC),
    (Purpose.DUAL_DEGREES, "Dual degree desk", "dual-degrees", Audience.PUBLIC),
    (Purpose.ACADEMIC, "", "coordinator", Audience.MEMBERS),
    (Purpose.GRANTS, "", "grants", Audience.MEMBERS),
    (Purpose.LEADERSHIP, "Office of the president", "president-office", Audience.OWN),
)
DOCUMENTS = (
    ("Guide for incoming students", Kind.GUIDE, Reader.PUBLIC),
    ("Academic calendar", Kind.CALENDAR, Reader.PUBLIC),
    ("Housing form", Kind.FORM, Reader.CONSORTIUM),
    ("How we recognise credits", Kind.POLICY, Reader.STAFF),
)
# Months and days by which students are nominated and have applied, when they arrive, when teaching begins and ends.
TERM_DATES = {
    Term.AUTUMN: ((4, 30), (5, 31), (8, 24), (9, 1), (1, 20)),
    Term.SPRING: ((10, 31), (11, 30), (1, 18), (1, 25), (6, 12)),
}
CONFIRMED_DAYS_AGO = {
    "kth": (12, 12), "polito": (35, 80), "kuleuven": (410, 20), "kit": (90, 430), "grenoble-inp": (200, 200),
    "tecnico": (None, None), "tcd": (5, 5), "aalto": (61, 400), "tuda": (520, 520), "tue": (150, None),
    "uclouvain": (None, 240), "upc": (28, 28),
}  # page, factsheet; twelve months make them stale  # fmt: skip


def make(world: World) -> None:
    """All of it; the confirmations go into the diary."""
    present = world.universities.values()
    EmailDomain.objects.bulk_create(EmailDomain(university=place, domain=own_domain(place)) for place in present)
    Unit.objects.bulk_create(_named_in_programmes(world))
    for university in world.members:
        _add_sample_units(university)
        _add_contacts(world, university)
        _add_documents(world, university)
    for university in world.partners:
        Contact.objects.create(
            university=university, purpose=Purpose.GENERAL, name="International office", is_sample=True,
            email=f"international@{own_domain(university)}",
        )  # fmt: skip
    for number, university in enumerate(world.members):
        _add_factsheet(world, university, number)
    world.diary.play()


def _named_in_programmes(world: World) -> Iterator[Unit]:
    """Real departments, as the dual degrees name them."""
    known = set(Unit.objects.values_list("university", "name"))
    named = ProgrammePartner.objects.exclude(unit="").filter(programme__is_sample=False)
    for university, name in named.values_list("university", "unit").distinct().order_by("university", "unit"):
        if (university, name) not in known:
            yield Unit(university_id=university, name=name)


def _add_sample_units(university: University) -> None:
    for school, departments in SAMPLE_UNITS.items():
        parent = Unit.objects.create(university=university, name=school, is_sample=True)
        Unit.objects.bulk_create(
            Unit(university=university, parent=parent, name=name, is_sample=True) for name in departments
        )


def _add_contacts(world: World, university: University) -> None:
    domain = own_domain(university)
    contacts = [
        Contact(
            university=university,
            purpose=purpose,
            name=name or world.officer(local, university).get_full_name(),
            email=f"{local}@{domain}",
            phone=f"+00 {world.dice.randint(100, 999)} {world.dice.randint(1000, 9999)}",
            audience=audience,
            is_sample=True,
        )
        for purpose, name, local, audience in CONTACTS
    ]
    former = Contact(
        university=university, purpose=Purpose.INCOMING, name="Welcome desk (closed)", email=f"welcome@{domain}",
        starts_on=world.calendar.day(-900), ends_on=world.calendar.day(-220), is_sample=True,
    )  # fmt: skip
    Contact.objects.bulk_create([*contacts, former])


def _add_documents(world: World, university: University) -> None:
    by = world.officer("exchange", university)
    for title, kind, audience in DOCUMENTS:
        text = paper([title, university.name, "A sample of the demonstration."])
        document = add_document(
            university=university, upload=ContentFile(text, name=f"{title}.pdf"), by=by, title=title, kind=kind,
            language="en", audience=audience, is_shown=True,
        )  # fmt: skip
        UniversityDocument.objects.filter(pk=document.pk).update(is_sample=True)


def _add_factsheet(world: World, university: University, number: int) -> None:
    words = {
        "university": university.short_name,
        "city": university.city,
        "country": university.country.name,
        "languages": " and ".join(university.teaching_names),
    }
    texts = {name: variants[number % len(variants)].format(**words) for name, variants in TEXTS.items()}
    factsheet = Factsheet.objects.create(university=university, is_sample=True, **texts)
    FactsheetTerm.objects.bulk_create(_terms(world, factsheet, shift=number % 4 * 5))
    page_ago, factsheet_ago = CONFIRMED_DAYS_AGO[university.slug]
    for page, days_ago in ((university, page_ago), (factsheet, factsheet_ago)):
        if days_ago is not None:
            _confirm(world, page, university, days_ago)


def _confirm(world: World, page: University | Factsheet, university: University, days_ago: int) -> None:
    by = world.officer("exchange", university)
    world.diary.plan(
        world.calendar.at(-days_ago, 10, 20), lambda at: confirm(page=page, version=page.version, by=by, now=at)
    )


def _terms(world: World, factsheet: Factsheet, shift: int) -> Iterator[FactsheetTerm]:
    """The running term and the three that come; offices differ by `shift` days.

    The term for which students apply now still takes nominations, on whatever day the demo is loaded.
    """
    zone = ZoneInfo(factsheet.university.time_zone)
    first = world.calendar.next_term.later(-1)
    for term in (first.later(distance) for distance in range(4)):
        nominations, applications, arrival, start, end = (
            _in(term, month, day) + timedelta(days=shift) for month, day in TERM_DATES[term.term]
        )
        if term == world.calendar.next_term:
            nominations = max(nominations, world.calendar.day(9 + shift))
            applications = max(applications, nominations + timedelta(days=14))
        yield FactsheetTerm(
            factsheet=factsheet,
            academic_year=term.year,
            term=term.term,
            nominations_close_at=datetime.combine(nominations, time(23, 59), tzinfo=zone),
            applications_close_at=datetime.combine(applications, time(23, 59), tzinfo=zone),
            arrival_on=arrival,
            teaching_from=start,
            teaching_until=end,
        )


def _in(term: StudyTerm, month: int, day: int) -> date:
    """That day near the term: a spring's nominations close in the autumn before it."""
    year = term.first_day.year
    is_before = term.term == Term.SPRING and month > 6
    is_after = term.term == Term.AUTUMN and month < 3
    return date(year - is_before + is_after, month, day)
