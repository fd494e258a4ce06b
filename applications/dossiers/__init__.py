"""The dossier: one application as one PDF, with as much as its reader may see, and every attachment behind it."""

from applications.dossiers.binding import bind
from applications.dossiers.contents import for_applicant, for_link, for_staff

__all__ = ["bind", "for_applicant", "for_link", "for_staff"]
