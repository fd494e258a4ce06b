"""The ground floor: universities, what is known of them, and the people who act for them."""

from members.models.acts import Act
from members.models.details import Contact, Fact, Factsheet, FactsheetTerm, Picture, Unit
from members.models.documents import UniversityDocument
from members.models.enquiries import Enquiry
from members.models.erasures import Erasure
from members.models.experts import Expert
from members.models.invitations import Invitation
from members.models.people import JoinedAs, LanguageSkill, Mandate, Role, StudentProfile, User
from members.models.reference import Cefr, CharterHolder, Country, Field, GradeScale, Language, StudyLevel, Term
from members.models.retention import Purge, RetentionPeriod
from members.models.search import SearchEntry, SearchWord
from members.models.support import SupportVisit
from members.models.tags import Tag, UniversityTag
from members.models.tokens import ApiToken
from members.models.universities import EmailDomain, Identifier, Membership, University, UniversityName

__all__ = [
    "Act",
    "ApiToken",
    "Cefr",
    "CharterHolder",
    "Contact",
    "Country",
    "EmailDomain",
    "Enquiry",
    "Erasure",
    "Expert",
    "Fact",
    "Factsheet",
    "FactsheetTerm",
    "Field",
    "GradeScale",
    "Identifier",
    "Invitation",
    "JoinedAs",
    "Language",
    "LanguageSkill",
    "Mandate",
    "Membership",
    "Picture",
    "Purge",
    "RetentionPeriod",
    "Role",
    "SearchEntry",
    "SearchWord",
    "StudentProfile",
    "StudyLevel",
    "SupportVisit",
    "Tag",
    "Term",
    "Unit",
    "University",
    "UniversityDocument",
    "UniversityName",
    "UniversityTag",
    "User",
]
