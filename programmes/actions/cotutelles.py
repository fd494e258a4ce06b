"""A cotutelle from the first draft to the defence; the lock of every act is the row of the file."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from members import uploads
from members.actions.universities import constraint_as_refusal
from members.acts import Refused, clean_or_refuse
from members.models import University, User
from programmes.actions.cotutelle_files import FOLDER, only_pdf, store
from programmes.actions.cotutelle_guards import acting_side, hold, note, step
from programmes.actions.cotutelle_telling import tell
from programmes.cotutelles.gaps import missing
from programmes.models import Cotutelle, CotutelleFile, CotutelleSupervisor, Side

MOST_SUPERVISORS = 8
WRITTEN = (
    "partner", "programme", "title", "field", "motivation", "starts_on", "ends_on", "home_months", "partner_months",
    "defence_side", "diploma",
)  # fmt: skip
Row = dict[str, str]


@transaction.atomic
def begin(*, home: University, words: dict[str, Any], supervisors: Iterable[Row], by: User, now: datetime) -> Cotutelle:
    """A new draft of `by`; `words` are the fields of the form. Raises Refused with the sentence of what will not do."""
    if not by.has_perm("programmes.begin_cotutelle"):
        raise Refused(_("Your university has to confirm first that you study there."))
    cotutelle = Cotutelle(candidate=by, home=home, state_since=now, **words)
    clean_or_refuse(cotutelle)
    try:
        with transaction.atomic():
            cotutelle.save()
    except IntegrityError as error:  # begun twice at the same moment
        raise Refused(_("You have a file with this partner already.")) from error
    _write_supervisors(cotutelle, supervisors)
    note("begun", cotutelle, by=by, after=cotutelle.state)
    return cotutelle


@transaction.atomic
def save(
    *, cotutelle: Cotutelle, version: int, words: dict[str, Any], supervisors: Iterable[Row], by: User
) -> Cotutelle:
    """Write what the candidate typed. Raises Conflict when the file was saved elsewhere since `version`, or Refused."""
    cotutelle = hold(cotutelle, by, "edit_cotutelle")
    _refuse_another_partner(cotutelle, words)
    for name, value in words.items():
        setattr(cotutelle, name, value)
    clean_or_refuse(cotutelle)
    with constraint_as_refusal(Cotutelle):  # the same pair may be begun in another window; this row's lock is not its
        cotutelle.save_over(version, WRITTEN)
    _write_supervisors(cotutelle, supervisors)
    note("edited", cotutelle, by=by)
    return cotutelle


def _refuse_another_partner(cotutelle: Cotutelle, words: dict[str, Any]) -> None:
    """What a partner has read, decided and written stays its own: under another name it would be that one's words."""
    if cotutelle.requested_at is not None and words.get("partner", cotutelle.partner) != cotutelle.partner:
        raise Refused(_("This partner has the file already. Withdraw it, then begin one with another partner."))


def _write_supervisors(cotutelle: Cotutelle, rows: Iterable[Row]) -> None:
    """Make the supervisors those of `rows`; who has an account with that verified address is joined to it."""
    rows = list(rows)
    if len(rows) > MOST_SUPERVISORS:
        raise Refused(_("%(most)d supervisors are the most that can be named.") % {"most": MOST_SUPERVISORS})
    emails = [row["email"] for row in rows if row["email"]]
    if len(set(emails)) < len(emails):
        raise Refused(_("Name each supervisor once."))
    if cotutelle.candidate.email in emails:
        raise Refused(_("You cannot supervise your own thesis."))
    accounts = _accounts_of(emails)
    _refuse_oneself_and_twice(cotutelle, accounts)
    wanted = [(row["side"], row["name"], row["email"], accounts.get(row["email"])) for row in rows]
    kept = {(row.side, row.name, row.email, row.user_id): row for row in cotutelle.supervisors.all()}
    gone = [row.pk for key, row in kept.items() if key not in wanted]
    cotutelle.supervisors.filter(pk__in=gone).delete()
    for side, name, email, user in wanted:
        # Rows that say the same stay: their history goes on instead of beginning anew.
        if (side, name, email, user) not in kept:
            CotutelleSupervisor.objects.create(cotutelle=cotutelle, side=side, name=name, email=email, user_id=user)


def _refuse_oneself_and_twice(cotutelle: Cotutelle, accounts: dict[str, int]) -> None:
    """By accounts and not by addresses: one person may have proven several."""
    if cotutelle.candidate_id in accounts.values():
        raise Refused(_("You cannot supervise your own thesis."))
    if len(set(accounts.values())) < len(accounts):
        raise Refused(_("Name each supervisor once."))


def _accounts_of(emails: list[str]) -> dict[str, int]:
    """The account (pk) of each address that somebody has proven to be theirs."""
    # Verified ones alone: else whoever writes an address into an account would read the file of a stranger.
    proven = EmailAddress.objects.filter(email__in=emails, verified=True, user__is_active=True)
    return {address.email.lower(): address.user_id for address in proven}


def _join_accounts(cotutelle: Cotutelle) -> None:
    """Supervisors who have made an account since they were named read the file from now on."""
    strangers = list(cotutelle.supervisors.filter(user=None).exclude(email=""))
    _refuse_oneself_and_twice(cotutelle, _accounts_of([row.email for row in cotutelle.supervisors.all()]))
    accounts = _accounts_of([row.email for row in strangers])
    for row in strangers:
        if row.email in accounts:
            cotutelle.supervisors.filter(pk=row.pk).update(user=accounts[row.email])


@transaction.atomic
def request_opening(*, cotutelle: Cotutelle, by: User, now: datetime) -> Cotutelle:
    """Hand the file to both universities. Raises Refused while something is missing; they agree anew each time."""
    cotutelle = hold(cotutelle, by, "edit_cotutelle")
    if gaps := missing(cotutelle):
        raise Refused(_("Still missing: %(list)s.") % {"list": ", ".join(gaps)})
    # Before the step, whose notices go to them already.
    _join_accounts(cotutelle)
    before = cotutelle.state
    step(
        cotutelle, "request", now=now, requested_at=now, reason="", home_agreed_at=None, home_agreed_by=None,
        partner_agreed_at=None, partner_agreed_by=None,
    )  # fmt: skip
    tell("requested", cotutelle, note("requested", cotutelle, by=by, before=before, after=cotutelle.state), by=by)
    return cotutelle


@transaction.atomic
def agree(*, cotutelle: Cotutelle, by: User, now: datetime) -> Cotutelle:
    """Agree for the side `by` acts for; the second side that agrees begins the convention.

    The file's row is the lock: of two sides at once one is first and the other second, never both first.
    """
    cotutelle = hold(cotutelle, by, "decide_cotutelle")
    side = acting_side(cotutelle, by)
    if cotutelle.has_agreed(side) and cotutelle.state in Cotutelle.State.deciding:
        raise Refused(_("Your university has agreed already."))
    before, is_second = cotutelle.state, cotutelle.has_agreed(side.other)
    transition = f"complete_{side}" if is_second else f"agree_{side}"
    step(cotutelle, transition, now=now, **{f"{side}_agreed_at": now, f"{side}_agreed_by": by})
    details = {"side": side.value}
    act = note("agreed", cotutelle, by=by, before=before, after=cotutelle.state, details=details)
    tell("convention" if is_second else "agreed", cotutelle, act, by=by)
    return cotutelle


def _said(reason: str) -> str:
    if not reason.strip():
        raise Refused(_("Say why; the candidate reads it."))
    return reason.strip()


@transaction.atomic
def _close(what: str, transition: str, *, cotutelle: Cotutelle, reason: str, by: User, now: datetime) -> Cotutelle:
    """A desk's act that needs nothing but a reason."""
    reason = _said(reason)
    cotutelle = hold(cotutelle, by, "decide_cotutelle")
    before, side = cotutelle.state, acting_side(cotutelle, by)
    step(cotutelle, transition, now=now, reason=reason)
    details = {"side": side.value}
    act = note(what, cotutelle, by=by, before=before, after=cotutelle.state, reason=reason, details=details)
    tell(what, cotutelle, act, by=by)
    return cotutelle


def send_back(*, cotutelle: Cotutelle, reason: str, by: User, now: datetime) -> Cotutelle:
    """Let the candidate mend it; what the other side agreed to is agreed anew. Raises Refused without a reason."""
    return _close("sent_back", "send_back", cotutelle=cotutelle, reason=reason, by=by, now=now)


def refuse(*, cotutelle: Cotutelle, reason: str, by: User, now: datetime) -> Cotutelle:
    """One side says no, until the convention is signed; that ends it. Raises Refused without a reason."""
    return _close("refused", "refuse", cotutelle=cotutelle, reason=reason, by=by, now=now)


def end(*, cotutelle: Cotutelle, reason: str, by: User, now: datetime) -> Cotutelle:
    """It ends without a defence after it was signed. Raises Refused without a reason."""
    return _close("ended", "end", cotutelle=cotutelle, reason=reason, by=by, now=now)


def sign(
    *,
    cotutelle: Cotutelle,
    upload: UploadedFile,
    home_signed_on: date,
    partner_signed_on: date,
    by: User,
    now: datetime,
) -> Cotutelle:
    """Keep the signed convention with the day of each signature; its digest pins what was signed.

    Raises Refused for a day to come, or with what is wrong with the file.
    """
    if home_signed_on > cotutelle.home.day_at(now) or partner_signed_on > cotutelle.partner.day_at(now):
        raise Refused(_("A signature cannot be of a day to come."))
    # The file first, then the lock: while a large one is checked and stored nobody waits for the row.
    with uploads.kept(upload, FOLDER) as (checked, stored), transaction.atomic():
        only_pdf(checked)
        cotutelle = hold(cotutelle, by, "decide_cotutelle")
        step(
            cotutelle, "sign", now=now, home_signed_on=home_signed_on, partner_signed_on=partner_signed_on,
            convention_sha256=checked.sha256,
        )  # fmt: skip
        store(cotutelle, CotutelleFile.Kind.CONVENTION, checked, stored, by)
        details = {"home": home_signed_on.isoformat(), "partner": partner_signed_on.isoformat()}
        before = Cotutelle.State.CONVENTION
        act = note("signed", cotutelle, by=by, before=before, after=cotutelle.state, details=details)
        tell("signed", cotutelle, act, by=by)
    return cotutelle


@transaction.atomic
def start(*, cotutelle: Cotutelle, by: User, now: datetime) -> Cotutelle:
    """The candidate is enrolled at both universities: the doctorate runs."""
    cotutelle = hold(cotutelle, by, "decide_cotutelle")
    before = cotutelle.state
    step(cotutelle, "start", now=now)
    tell("started", cotutelle, note("started", cotutelle, by=by, before=before, after=cotutelle.state), by=by)
    return cotutelle


@transaction.atomic
def defend(*, cotutelle: Cotutelle, defended_on: date, by: User, now: datetime) -> Cotutelle:
    """Record the defence. Raises Refused for a day to come, or one before the convention was signed."""
    cotutelle = hold(cotutelle, by, "decide_cotutelle")
    if defended_on > cotutelle.university_at(cotutelle.defence_side or Side.HOME).day_at(now):
        raise Refused(_("Record the defence once it has been held."))
    signed = [day for day in (cotutelle.home_signed_on, cotutelle.partner_signed_on) if day]
    if signed and defended_on < max(signed):
        raise Refused(_("The defence lies before the convention was signed."))
    before = cotutelle.state
    step(cotutelle, "defend", now=now, defended_on=defended_on)
    details = {"on": defended_on.isoformat()}
    act = note("defended", cotutelle, by=by, before=before, after=cotutelle.state, details=details)
    tell("defended", cotutelle, act, by=by)
    return cotutelle


@transaction.atomic
def withdraw(*, cotutelle: Cotutelle, reason: str, by: User, now: datetime) -> Cotutelle:
    """The candidate gives it up; possible until the convention is signed, then a university ends it."""
    cotutelle = hold(cotutelle, by, "withdraw_cotutelle")
    before = cotutelle.state
    step(cotutelle, "withdraw", now=now, reason=reason.strip())
    act = note("withdrawn", cotutelle, by=by, before=before, after=cotutelle.state, reason=reason.strip())
    # A draft that nobody else has seen is withdrawn without a word.
    if cotutelle.requested_at is not None:
        tell("withdrawn", cotutelle, act, by=by)
    return cotutelle
