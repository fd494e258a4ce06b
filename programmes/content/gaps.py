"""What a programme still needs before it can be submitted, each as a sentence that says what to do."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from programmes.content.snapshot import Content, written
from programmes.models import Diploma, PartnerRole, ProgrammeKind

WITHOUT_PATHWAYS = (ProgrammeKind.COTUTELLE, ProgrammeKind.DOCTORAL, ProgrammeKind.SCHOOL)


@dataclass(frozen=True)
class Gap:
    """`step` is the step of the form in which it is filled."""

    step: str
    sentence: str


def gaps(content: Content) -> list[Gap]:
    """Everything that stands between this content and its submission; empty when it may be submitted."""
    steps = {"basics": _basics, "partners": _partners, "pathways": _pathways, "requirements": _requirements}
    return [Gap(step, sentence) for step, ask in steps.items() for sentence in ask(content)]


def _basics(content: Content) -> Iterator[str]:
    basics = content["basics"]
    if not basics.get("field"):
        yield _("Name the field of study.")
    if not basics.get("summary"):
        yield _("Say in one sentence what the programme is.")
    if not basics.get("award") and basics.get("diploma") != Diploma.NONE:
        yield _("Say which degrees it gives.")
    if not content["languages"]:
        yield _("Name a language of teaching.")


def _partners(content: Content) -> Iterator[str]:
    partners = content["partners"]
    roles = [partner["role"] for partner in partners]
    awarding = [role for role in roles if role != PartnerRole.ASSOCIATED]
    if len(partners) < 2:
        yield _("Name at least two partners.")
    elif len(awarding) < 2 and content["basics"].get("diploma") != Diploma.NONE:
        yield _("At least two partners award a degree.")
    if partners and PartnerRole.COORDINATING not in roles:
        yield _("Say which partner coordinates: it runs the applications.")
    yield from _shares(content)


def _shares(content: Content) -> Iterator[str]:
    """Like the credits of a pathway: told of every partner, they add up."""
    partners = content["partners"]
    shares = [partner.get("ects") for partner in partners if partner["role"] != PartnerRole.ASSOCIATED]
    total = content["basics"].get("ects_total")
    if total and shares and None not in shares and sum(shares) != total:
        yield _("The partners' credits add up to %(sum)s, not to %(total)s.") % {"sum": sum(shares), "total": total}


def _pathways(content: Content) -> Iterator[str]:
    if not content["pathways"] and content["basics"].get("kind") not in WITHOUT_PATHWAYS:
        yield _("Draw at least one pathway: where one studies when.")
    partners = {partner["university"] for partner in content["partners"]}
    for number, pathway in enumerate(content["pathways"], start=1):
        named = {"number": number}
        places = {pathway["home"], pathway["host"], *(term["university"] for term in pathway["semesters"])}
        if places - partners:
            yield _("Pathway %(number)s leads to a university that is not a partner.") % named
        if pathway["host"] not in {term["university"] for term in pathway["semesters"]}:
            yield _("Pathway %(number)s has no semester at its host.") % named
        yield from _credits(pathway, content["basics"].get("ects_total"), named)


def _credits(pathway: dict, total: int | None, named: dict) -> Iterator[str]:
    """Credits may be left out altogether; given for every semester, they add up."""
    # Text in a content (snapshot.plain), so that 7.5 stays 7.5.
    given = [Decimal(term["ects"]) for term in pathway["semesters"] if term["ects"] is not None]
    if given and len(given) < len(pathway["semesters"]):
        yield _("Pathway %(number)s: give the credits of every semester, or of none.") % named
    elif given and total and sum(given) != total:
        numbers = {**named, "sum": written(sum(given, Decimal(0))), "total": total}
        yield _("Pathway %(number)s: the semesters add up to %(sum)s, not to %(total)s ECTS credits.") % numbers


def _requirements(content: Content) -> Iterator[str]:
    partners = {partner["university"] for partner in content["partners"]}
    asking = {row["asked_by"] for row in content["requirements"]} | {d["university"] for d in content["yearly_dates"]}
    if asking - partners - {None}:
        yield _("A requirement or date belongs to a university that is not a partner.")
