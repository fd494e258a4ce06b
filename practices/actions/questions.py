"""Writing to the contact of a practice without seeing the address."""

from django.db import transaction
from django.utils.translation import gettext as _

from members.acts import Refused
from members.models import User
from practices.actions import telling
from practices.actions.guards import hold
from practices.models import Practice, Question


@transaction.atomic
def ask_contact(*, practice: Practice, text: str, by: User) -> Question:
    """Send the question to the contact, or to who keeps the practice where the contact's account is closed.

    Raises Refused where nobody is left to read it: a question is never kept unread.
    """
    practice = hold(practice, by, "ask_contact")
    if not text.strip():
        raise Refused(_("Write your question first."))
    # Of the version that everybody reads: the next one may name somebody else, but is not published yet.
    contact = practice.live.contact
    readers = [contact] if contact.is_active else telling.keepers(practice)
    if not readers:
        raise Refused(_("Nobody of %(university)s can answer at present.") % {"university": practice.university})
    question = Question.objects.create(practice=practice, asked_by=by, text=text.strip(), sent_to=readers[0])
    telling.asked(question)
    return question
