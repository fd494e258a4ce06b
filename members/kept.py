"""What of the ground floor has an end: sessions, letters passed on, invitations nobody took up, notes of downloads."""

from datetime import datetime
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from members.models import Act, Enquiry, Erasure, Expert, Invitation, Mandate
from members.retention import Kept, register_retention


def sign_ins_over(before: datetime) -> QuerySet:
    """Where sessions came from that nobody can use any more; allauth forgets them only when their person looks."""
    going_on = Session.objects.filter(session_key=OuterRef("session_key"))
    return UserSession.objects.filter(~Exists(going_on), last_seen_at__lt=before)


def stale_invitations(before: datetime) -> QuerySet:
    """Taken back, or expired without an answer; an accepted one is the beginning of a mandate and stays."""
    states = Invitation.State
    return Invitation.objects.filter(expires_at__lt=before, state__in=[states.WAITING, states.WITHDRAWN])


def unused_profiles(before: datetime) -> QuerySet:
    """Written and never published, or taken back long ago; and those whose person acts for no university any more."""
    acts = Mandate.objects.standing().filter(Q(person=OuterRef("user")) | Q(deputy=OuterRef("user")))
    lately = acts.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=localdate(before)))
    return Expert.objects.filter(Q(published_at=None) | ~Exists(lately), changed_at__lt=before)


def forget_invitations(keys: list[Any], rows: QuerySet) -> None:
    """With their history, which knows the address."""
    Invitation.objects.filter(pk__in=keys).delete()
    Invitation.pgh_event_model.objects.filter(pgh_obj_id__in=keys).delete()


def register() -> None:
    answered = [Erasure.State.REFUSED, Erasure.State.WITHDRAWN]
    register_retention(
        Kept(
            key="members.sessions", title=_("Sessions that have ended"), days=7, at_least=1,
            why=_("Nobody can use them any more."), over=lambda before: Session.objects.filter(expire_date__lt=before),
        ),
        # After the sessions, by the order of the keys: what is left of them has its end in the same run.
        Kept(
            key="members.sign_ins", title=_("Addresses and browsers of sessions that have ended"), days=7, at_least=1,
            why=_("They show people their open sessions, and nothing else."), over=sign_ins_over,
        ),
        Kept(
            key="members.enquiries", title=_("Letters to universities and people"), days=365, at_least=30,
            why=_("Whom they went to has the e-mail; here they only prove that it left."),
            over=lambda before: Enquiry.objects.filter(Q(sent_at__lt=before) | Q(sent_at=None, written_at__lt=before)),
        ),
        Kept(
            key="members.invitations", title=_("Invitations nobody accepted"), days=180, at_least=30,
            why=_("They hold the address of somebody who never came."), over=stale_invitations,
            purge=forget_invitations,
        ),
        Kept(
            key="members.experts", title=_("Profiles that nobody sees"), days=730, at_least=90,
            why=_("Their people took them back, or left; they can write a new one."), over=unused_profiles,
        ),
        Kept(
            key="members.downloads", title=_("Notes of downloads of one's own data"), days=365, at_least=90,
            why=_("They prove that a person got their data."),
            over=lambda before: Act.objects.filter(kind="account.data_downloaded", at__lt=before),
        ),
        Kept(
            key="members.erasures", title=_("Requests to be erased, refused or taken back"), days=1095, at_least=365,
            why=_("They prove that a person got an answer."),
            over=lambda before: Erasure.objects.filter(Q(state__in=answered), decided_at__lt=before),
        ),
    )  # fmt: skip
