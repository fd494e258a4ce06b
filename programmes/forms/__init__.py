"""What directors type about a programme: one step of the form for each part, and its intakes."""

from programmes.forms.intakes import IntakeForm
from programmes.forms.rows import Choices
from programmes.forms.small import ArchiveForm, NewProgrammeForm, ReturnForm
from programmes.forms.steps import STEPS, Step

__all__ = ["STEPS", "ArchiveForm", "Choices", "IntakeForm", "NewProgrammeForm", "ReturnForm", "Step"]
