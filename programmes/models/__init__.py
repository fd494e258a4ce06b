"""Programmes of two or more universities: what they are, where one studies when, who can begin when."""

from programmes.models.cotutelle_files import CotutelleFile
from programmes.models.cotutelles import Cotutelle, CotutelleSupervisor, Side, Turn
from programmes.models.intakes import Intake, Seats
from programmes.models.parts import PartnerRole, ProgrammeLanguage, ProgrammePartner, ProgrammeRequirement, YearlyDate
from programmes.models.pathways import Pathway, PathwaySemester
from programmes.models.programmes import Diploma, Framework, Listing, Programme, ProgrammeKind, Tuition
from programmes.models.revisions import Revision, WishListItem

__all__ = [
    "Cotutelle",
    "CotutelleFile",
    "CotutelleSupervisor",
    "Diploma",
    "Framework",
    "Intake",
    "Listing",
    "PartnerRole",
    "Pathway",
    "PathwaySemester",
    "Programme",
    "ProgrammeKind",
    "ProgrammeLanguage",
    "ProgrammePartner",
    "ProgrammeRequirement",
    "Revision",
    "Seats",
    "Side",
    "Tuition",
    "Turn",
    "WishListItem",
    "YearlyDate",
]
