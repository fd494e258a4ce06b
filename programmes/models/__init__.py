"""Programmes of two or more universities: what they are, where one studies when, who can begin when; and courses."""

from programmes.models.cotutelle_files import CotutelleFile
from programmes.models.cotutelles import Cotutelle, CotutelleSupervisor, Side, Turn
from programmes.models.course_imports import CourseImport
from programmes.models.course_lists import CoursePart, ProgrammeCourse
from programmes.models.courses import Course
from programmes.models.intakes import Intake, Seats
from programmes.models.parts import PartnerRole, ProgrammeLanguage, ProgrammePartner, ProgrammeRequirement, YearlyDate
from programmes.models.pathways import Pathway, PathwaySemester
from programmes.models.programmes import Diploma, Framework, Listing, Programme, ProgrammeKind, Tuition
from programmes.models.revisions import Revision, WishListItem
from programmes.models.tags import ProgrammeTag

__all__ = [
    "Cotutelle",
    "CotutelleFile",
    "CotutelleSupervisor",
    "Course",
    "CourseImport",
    "CoursePart",
    "Diploma",
    "Framework",
    "Intake",
    "Listing",
    "PartnerRole",
    "Pathway",
    "PathwaySemester",
    "Programme",
    "ProgrammeCourse",
    "ProgrammeKind",
    "ProgrammeLanguage",
    "ProgrammePartner",
    "ProgrammeRequirement",
    "ProgrammeTag",
    "Revision",
    "Seats",
    "Side",
    "Tuition",
    "Turn",
    "WishListItem",
    "YearlyDate",
]
