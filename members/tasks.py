"""Jobs of this room."""

from datetime import timedelta

from celery import shared_task
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from members.actions import mandate_reminders
from members.models import Enquiry
from members.retention import purge_due
from members.searching import installing
from members.searching.kinds import registered

AT_ONCE = 50
TRIED_FOR = timedelta(days=3)


@shared_task(name="members.send_waiting_enquiries", autoretry_for=(OSError,), retry_backoff=True)
def send_waiting_enquiries() -> int:
    """Send the letters that wait, each once; returns how many. Beat calls it too, so a lost call delays, not loses.

    One that the mail server refuses does not hold up the others; it is tried for three days.
    """
    # By lot: else the oldest, once there are AT_ONCE of them that are refused, would leave no turn to any behind them.
    waiting = Enquiry.objects.waiting().filter(written_at__gte=timezone.now() - TRIED_FOR).order_by("?")
    sent, refused = 0, None
    for pk in waiting.values_list("pk", flat=True)[:AT_ONCE]:
        try:
            sent += send_enquiry(pk)
        # smtplib's errors are OSErrors too: a refused recipient as well as a server that is away.
        except OSError as error:
            refused = error
    if refused is not None:
        raise refused
    return sent


@transaction.atomic
def send_enquiry(pk: int) -> bool:
    """The claim and the sending stand or fall together; false when another worker had it."""
    if not Enquiry.objects.waiting().filter(pk=pk).update(sent_at=timezone.now()):
        return False
    mail_of(Enquiry.objects.select_related("contact", "expert__user").get(pk=pk)).send()
    return True


def mail_of(enquiry: Enquiry) -> EmailMessage:
    """The letter as it leaves: from the portal, answers go to the writer."""
    words = {"name": enquiry.sender_name, "email": enquiry.sender_email}
    if enquiry.expert:
        opening = _("%(name)s read your published profile in the CLUSTER portal. Answer to %(email)s.")
    else:
        opening = _("%(name)s wrote to you on your university's page in the CLUSTER portal. Answer to %(email)s.")
    return EmailMessage(
        subject=enquiry.subject,
        body=f"{opening % words}\n\n{enquiry.text}\n",
        to=[enquiry.address],
        reply_to=[enquiry.sender_email],
    )


@shared_task(name="members.remind")
def remind() -> int:
    """Tell of mandates that end in a month; returns how many. Run twice or a few days late it tells the same once."""
    return mandate_reminders.remind_of_ends(now=timezone.now())


@shared_task(name="members.purge")
def purge() -> str:
    """Throw away what is over its time; run twice or late it does no more than once."""
    gone = purge_due(timezone.now())
    return ", ".join(f"{kind}: {rows}" for kind, rows in gone.items()) or "nothing was over its time"


@shared_task(name="members.look_over_search")
def look_over_search() -> int:
    """Compare every search entry with its row and write those that differ; returns how many rows were looked at.

    The triggers leave one gap: a university is renamed while somebody's new place there is not committed yet. Neither
    sees the other, so the place is found by the old name, until this job has been by. A batch is a transaction: who is
    interrupted has done what was done.
    """
    return sum(installing.rebuild(kind) for kind in registered())


@shared_task(name="members.count_search_words")
@transaction.atomic
def count_search_words() -> None:
    """Count anew in how many entries each word stands, for the corrections of the search box."""
    installing.count_words()
