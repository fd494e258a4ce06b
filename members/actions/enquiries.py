"""Letters to contacts: written into the outbox, sent by a worker."""

from django.db import transaction

from members.models import Enquiry, User


@transaction.atomic
def write_enquiry(*, enquiry: Enquiry, by: User | None) -> Enquiry:
    """Keep the letter; a worker sends it once the transaction is committed. Signed-in people write under their name."""
    from members.tasks import send_waiting_enquiries

    if by is not None:
        # Cut: given and family name may be longer together than the one line in which visitors write theirs.
        room = Enquiry._meta.get_field("sender_name").max_length
        enquiry.sender, enquiry.sender_name, enquiry.sender_email = by, by.get_full_name()[:room], by.email
    enquiry.save()
    # Robust: a broker that is away must not turn a letter that is kept into an error; beat sends it within minutes.
    transaction.on_commit(send_waiting_enquiries.delay, robust=True)
    return enquiry
