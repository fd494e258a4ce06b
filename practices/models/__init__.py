"""Practices that universities share: topics, practices and their versions, evidence, adoptions, followers."""

from practices.models.adoptions import Adoption, Question
from practices.models.practices import SHARING, Practice, PracticeFollow, PracticeState, new_reference
from practices.models.topics import Topic, TopicFollow
from practices.models.versions import (
    CurationNote,
    EvidenceFile,
    EvidenceLink,
    FileAudience,
    Licence,
    Maturity,
    PracticeVersion,
    VersionState,
)

__all__ = [
    "SHARING",
    "Adoption",
    "CurationNote",
    "EvidenceFile",
    "EvidenceLink",
    "FileAudience",
    "Licence",
    "Maturity",
    "Practice",
    "PracticeFollow",
    "PracticeState",
    "PracticeVersion",
    "Question",
    "Topic",
    "TopicFollow",
    "VersionState",
    "new_reference",
]
