"""What every online application shares: rounds, options, requirements, choices, documents, review, decision."""

from applications.models.appeals import Appeal, AppealFile
from applications.models.applications import Application, Choice
from applications.models.decisions import Decision, FileAccess
from applications.models.documents import DocumentFile, DocumentRequirement, DocumentSlot
from applications.models.options import Option, OptionRequirement, Requirement, RoundOption, RoundRequirement
from applications.models.reviews import Criterion, Review, Score
from applications.models.rounds import Kind, LetterTemplate, Round
from applications.models.sharing import DossierLink

__all__ = [
    "Appeal",
    "AppealFile",
    "Application",
    "Choice",
    "Criterion",
    "Decision",
    "DocumentFile",
    "DocumentRequirement",
    "DocumentSlot",
    "DossierLink",
    "FileAccess",
    "Kind",
    "LetterTemplate",
    "Option",
    "OptionRequirement",
    "Requirement",
    "Review",
    "Round",
    "RoundOption",
    "RoundRequirement",
    "Score",
]
