"""Bodies of the consortium and their dated members; events, who is invited, who comes, what is handed out."""

from policy.models.bodies import Body, BodyMembership
from policy.models.events import Event
from policy.models.invitations import EventInvitation
from policy.models.materials import Material
from policy.models.programme import EventQuestion, ProgrammeItem
from policy.models.registrations import Registration
from policy.models.series import EventSeries

__all__ = [
    "Body",
    "BodyMembership",
    "Event",
    "EventInvitation",
    "EventQuestion",
    "EventSeries",
    "Material",
    "ProgrammeItem",
    "Registration",
]
