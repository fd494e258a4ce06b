"""What of this room has an end: questions that were passed on to a contact long ago."""

from django.utils.translation import gettext_lazy as _

from members.retention import Kept, register_retention
from practices.models import Question


def register() -> None:
    register_retention(
        Kept(
            key="practices.questions", title=_("Questions about practices"), days=730, at_least=90,
            why=_("The contact has the e-mail; here they only show what is asked about."),
            over=lambda before: Question.objects.filter(asked_at__lt=before),
        ),
    )  # fmt: skip
