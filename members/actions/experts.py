"""Publishing a profile of oneself, changing it, and taking it back at once."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from members.acts import Refused, clean_or_refuse, record
from members.announcing import tell
from members.models import Expert, Role, User

EDITED = ("university", "unit", "headline", "keywords", "text", "audience", "takes_letters")


@transaction.atomic
def keep_profile(*, expert: Expert, publish: bool, by: User, now: datetime) -> Expert:
    """Save `by`'s own profile; where `publish`, others see it from the commit on. Raises Refused.

    Saving without publishing leaves a published profile published: only `unpublish` takes it away. The person's row is
    the lock, so that two tabs make one profile.
    """
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    stored = Expert.objects.filter(user=by).first() or Expert(user=by)
    if expert.university not in by.universities_as(*Role.values):
        raise Refused(_("You do not act for this university today."))
    for name in EDITED:
        setattr(stored, name, getattr(expert, name))
    begins = publish and not stored.is_published
    stored.changed_at = now
    # The first day stays: whoever mends a word must not come first again where the newest do.
    stored.published_at = now if begins else stored.published_at
    clean_or_refuse(stored)
    stored.save()
    if begins:
        record("expert.published", stored, by=by, after=stored.audience)
    return stored


@transaction.atomic
def unpublish(*, expert: Expert, by: User, now: datetime, reason: str = "") -> Expert:
    """Nobody else sees it from the commit on; what was written stays with its person.

    Its person needs no reason; when the secretariat does it the person is told why. Raises Refused when it is not
    published.
    """
    if not Expert.objects.published().filter(pk=expert.pk).update(published_at=None, changed_at=now):
        raise Refused(_("This profile is not published."))
    record("expert.unpublished", expert, by=by, reason=reason)
    if by.pk != expert.user_id:
        tell(
            recipients=[expert.user],
            subject=_("Your published profile was taken down"),
            body=_("The secretariat took it down: %(reason)s What you wrote is kept; you can change and publish it.")
            % {"reason": reason},
            # With the moment: what is published again and taken down again is told again.
            key=f"expert-unpublished:{expert.pk}:{now.isoformat()}",
            url=reverse("people:expert_edit"),
        )
    expert.refresh_from_db(fields=["published_at", "changed_at"])
    return expert
