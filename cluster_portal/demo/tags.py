"""A vocabulary of tags, one of them retired, and who carries which; all of it invented and marked so."""

from collections.abc import Iterator

from cluster_portal.demo.world import World
from members.models import Tag, University, UniversityTag
from programmes.models import Programme, ProgrammeTag

Words = tuple[str, str, tuple[str, ...]]  # label, what it means, slugs of those that carry it

PARTNERS: tuple[Words, ...] = (
    ("Energy systems", "Research and teaching around energy are a focus.",
     ("kth", "polito", "tue", "grenoble-inp", "kit", "tongji", "zju")),
    ("Robotics and AI", "Robotics or artificial intelligence are a focus.",
     ("kit", "tuda", "tue", "aalto", "upc", "hit")),
    ("Space and aeronautics", "Has its own degrees or laboratories for space or aircraft.",
     ("polito", "kth", "tecnico", "upc")),
    ("Water and coasts", "Works on rivers, harbours, coasts or the sea.", ("tecnico", "kuleuven", "dut")),
    ("Entrepreneurship", "Helps students to found companies.", ("aalto", "tcd", "tuda", "kuleuven")),
    ("Summer schools", "Receives summer schools of the consortium.", ("uclouvain", "upc", "zju", "sjtu", "kth")),
    ("Green campus", "Reports every year on energy and travel of its own.", ("kth", "aalto", "tue")),
    ("Research reactor", "Has a research reactor that guests may use.", ("tuda",)),
)  # fmt: skip
PARTNERSHIPS: tuple[Words, ...] = (
    ("English throughout", "Can be studied in English from the first day to the last.",
     ("kth-tue-0714", "kth-kit-0714", "aalto-kth-0713", "aalto-tuda-0613", "tue-kit-0612", "tcd-polito-0712")),
    ("Thesis in industry", "The thesis may be written in a company.",
     ("polito-kit-0716", "kth-kit-0714", "tecnico-tuda-0715", "usp-tecnico-0413")),
    ("Internship included", "An internship counts towards the degree.",
     ("polito-tue-0413", "uclouvain-grenoble-inp-0722", "polito-kit-0716")),
    ("Language course included", "A course in the partner's language is part of it, before one goes.",
     ("upc-grenoble-inp-0714", "upc-uclouvain-0731", "tecnico-kuleuven-0788", "kth-polito-0713")),
    ("Sustainability", "Climate, energy or the environment are its subject.",
     ("aalto-kth-0713", "tcd-polito-0712", "tue-tuda-0713", "kth-polito-0713", "tecnico-upc-0732")),
    ("Small group", "Takes no more than a dozen students a year.", ("tcd-kuleuven-0732", "polymtl-grenoble-inp-0613")),
)  # fmt: skip
RETIRED = {"Research reactor"}


def make(world: World) -> None:
    places = {row.slug: row.pk for row in University.objects.all()}
    programmes = {row.slug: row.pk for row in Programme.objects.all()}
    held = dict(_vocabulary(Tag.Scope.PARTNERS, PARTNERS)) | dict(_vocabulary(Tag.Scope.PARTNERSHIPS, PARTNERSHIPS))
    UniversityTag.objects.bulk_create(
        UniversityTag(university_id=places[slug], tag=tag) for tag, slugs in held.items() for slug in slugs
        if tag.scope == Tag.Scope.PARTNERS
    )  # fmt: skip
    ProgrammeTag.objects.bulk_create(
        ProgrammeTag(programme_id=programmes[slug], tag=tag) for tag, slugs in held.items() for slug in slugs
        if tag.scope == Tag.Scope.PARTNERSHIPS
    )  # fmt: skip


def _vocabulary(scope: str, words: tuple[Words, ...]) -> Iterator[tuple[Tag, tuple[str, ...]]]:
    for label, description, slugs in words:
        yield Tag.objects.create(
            scope=scope, slug=label.lower().replace(" ", "-"), label=label, description=description,
            is_retired=label in RETIRED, is_sample=True,
        ), slugs  # fmt: skip
