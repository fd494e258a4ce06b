"""Funding calls: what a funder offers, who follows a call, who wants to take part and as what."""

from funding.models.calls import Call, CallFollow, CallStage, Status
from funding.models.interests import Interest, Part
from funding.models.programmes import ActionType, FundingProgramme
from funding.models.rules import PartnerType, Rules, Scope

__all__ = [
    "ActionType",
    "Call",
    "CallFollow",
    "CallStage",
    "FundingProgramme",
    "Interest",
    "Part",
    "PartnerType",
    "Rules",
    "Scope",
    "Status",
]
