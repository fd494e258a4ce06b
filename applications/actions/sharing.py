"""The dossier in other hands: who read it is written down; a link for an outsider is made, opened and revoked."""

import secrets
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from applications.actions import telling
from applications.actions.guards import hold, log, may_or_refuse, words_or_refuse
from applications.models import Application, DossierLink
from applications.models.sharing import LASTS_AT_MOST
from members.acts import Refused
from members.models import User

MOST_LINKS = 10


@transaction.atomic
def note_opening(*, application: Application, by: User) -> None:
    """Write down that somebody of the staff took the dossier; the applicant's own copy is not noted."""
    if by.pk != application.applicant_id:
        log("dossier.opened", application, by=by, internal=True)


@transaction.atomic
def share_dossier(
    *, application: Application, whom: str, days: int, by: User, now: datetime
) -> tuple[DossierLink, str]:
    """Make a link for `whom` that works for `days` days from `now`, and tell the applicant.

    Returns the link and its token: the token is not kept anywhere and cannot be shown again. Raises Refused without a
    name, for a time beyond thirty days, or while ten links work already.
    """
    hold(application)
    may_or_refuse(by, "applications.share_dossier", application)
    whom = words_or_refuse(whom, 160)
    if not whom:
        raise Refused(_("Say for whom the link is; it stands in the student's timeline."))
    if not timedelta(0) < timedelta(days=days) <= LASTS_AT_MOST:
        raise Refused(_("A link works for one day at least and thirty days at most."))
    if application.dossier_links.in_force(now).count() >= MOST_LINKS:
        raise Refused(_("%(most)d links to this file work already. Revoke one first.") % {"most": MOST_LINKS})
    token = secrets.token_urlsafe(32)  # 256 bits: nobody comes upon one in the days that it works
    link = DossierLink.objects.create(
        application=application, token_hash=DossierLink.hash_of(token), whom=whom, made_by=by, made_at=now,
        expires_at=now.astimezone(UTC) + timedelta(days=days),  # days of 24 hours, also when the clocks change
    )  # fmt: skip
    log("dossier.shared", application, by=by, details={"whom": whom})
    telling.shared(link)
    return link, token


@transaction.atomic
def revoke_link(*, link: DossierLink, by: User, now: datetime) -> DossierLink:
    """End a link at once; raises Refused when it works no more."""
    hold(link.application)
    may_or_refuse(by, "applications.share_dossier", link.application)
    ended = DossierLink.objects.in_force(now).filter(pk=link.pk).update(revoked_at=now, revoked_by=by)
    if not ended:
        raise Refused(_("This link does not work any more already."))
    link.refresh_from_db()
    log("dossier.revoked", link.application, by=by, details={"whom": link.whom})
    return link


@transaction.atomic
def open_by_link(*, link: DossierLink, now: datetime) -> DossierLink:
    """Count and write down one opening by whoever holds the link; raises Refused when it works no more."""
    opened = DossierLink.objects.in_force(now).filter(pk=link.pk)
    # Asked and counted in one statement: a link that is revoked meanwhile opens nothing uncounted.
    if not opened.update(openings=F("openings") + 1, opened_at=now):
        raise Refused(_("This link does not work any more."))
    log("dossier.opened_by_link", link.application, by=None, details={"whom": link.whom}, internal=True)
    return link
