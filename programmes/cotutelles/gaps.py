"""What a cotutelle still needs before its opening can be requested."""

from typing import Any

from django.utils.translation import gettext as _

from programmes.models import Cotutelle, CotutelleFile, Side

NEEDED = (
    "title", "field", "motivation", "starts_on", "ends_on", "home_months", "partner_months", "defence_side", "diploma",
)  # fmt: skip


def missing(cotutelle: Cotutelle) -> list[str]:
    """The names of what is not there yet: words, a supervisor at each side, the two papers. Two queries."""
    return missing_words(cotutelle) + missing_papers(cotutelle)


def missing_words(cotutelle: Cotutelle) -> list[str]:
    """What the form asks for."""
    fields = [_name_of(name) for name in NEEDED if getattr(cotutelle, name) in (None, "")]
    sides = {supervisor.side for supervisor in cotutelle.supervisors.all()}
    return fields + [_supervisor_at(cotutelle, side) for side in Side if side not in sides]


def missing_papers(cotutelle: Cotutelle) -> list[str]:
    sent = set(cotutelle.files.values_list("kind", flat=True))
    return [str(kind.label) for kind in CotutelleFile.Kind.needed if kind not in sent]


def _name_of(name: str) -> str:
    return str(Cotutelle._meta.get_field(name).verbose_name)


def _supervisor_at(cotutelle: Cotutelle, side: Any) -> str:
    return _("a supervisor at %(university)s") % {"university": cotutelle.university_at(side)}
