"""A desk prepares its round: what it says, what can be chosen, what is asked, how it is scored, what its letters say.

What applicants already rely on stays: each act says in a sentence what no longer can be changed, and why.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.actions.guards import acts_for, hold_options, hold_round, may_or_refuse
from applications.letters import house_letter
from applications.models import (
    Application,
    Choice,
    Criterion,
    DocumentRequirement,
    LetterTemplate,
    Option,
    Round,
    RoundOption,
    RoundRequirement,
    Score,
)
from applications.registries import choosable_in
from members.acts import Refused, clean_or_refuse, record
from members.models import User

UNDECIDED = (Round.State.DRAFT, Round.State.PUBLISHED)


@transaction.atomic
def add_round(*, round: Round, by: User) -> Round:
    """Keep a new round as a draft of its desk, with an address of its own."""
    may_or_refuse(by, "applications.run_round", round)
    # Whatever came with it: a round is published by its own act, which looks at what it still lacks.
    round.state = Round.State.DRAFT
    round.slug = free_slug(round)
    clean_or_refuse(round)
    round.save()
    _log("round.added", round, by)
    return round


@transaction.atomic
def change_round(*, round: Round, version: int, by: User) -> Round:
    """Save what the round says of itself over `version`. Raises Conflict, or Refused for an archived round and for one
    that was published or closed since it was read.

    The window of a published round is not changed here: `extend_round`, `close_round` and `reopen_round` do that.
    """
    may_or_refuse(by, "applications.run_round", round)
    stored = hold_round(Round.objects.get(pk=round.pk))
    # Saving writes every column: an edit of a draft would make a round that was published meanwhile a draft again.
    if stored.state != round.state:
        raise Refused(_("The round has moved on meanwhile. Look at it again."))
    if stored.state == Round.State.ARCHIVED:
        raise Refused(_("An archived round is not changed any more."))
    clean_or_refuse(round)
    round.save_over(version)
    changed = [
        field.name
        for field in Round._meta.concrete_fields
        if field.name != "version" and getattr(stored, field.attname) != getattr(round, field.attname)
    ]
    _log("round.changed", round, by, details={"fields": changed})
    return round


@transaction.atomic
def extend_round(*, round: Round, closes_at: datetime, reason: str, by: User, now: datetime) -> Round:
    """Let an open or coming round close later; the reason stands on its page. Raises Refused for an earlier moment."""
    hold_round(round)
    may_or_refuse(by, "applications.run_round", round)
    if round.state != Round.State.PUBLISHED or round.closes_at <= now:
        raise Refused(_("This round is closed; open it again instead."))
    if closes_at <= round.closes_at:
        raise Refused(_("The new closing must lie after the announced one."))
    if not reason.strip():
        raise Refused(_("Say why the round closes later; it is shown on its page."))
    before = round.closes_at
    # The version too: who edits the round meanwhile is shown both, instead of writing the old closing back.
    Round.objects.filter(pk=round.pk).update(closes_at=closes_at, version=models.F("version") + 1)
    round.refresh_from_db(fields=["closes_at", "version"])
    details = {"from": before.isoformat(), "to": closes_at.isoformat()}
    _log("round.extended", round, by, reason=reason.strip(), details=details)
    return round


@transaction.atomic
def offer_options(*, round: Round, options: Collection[int], by: User) -> int:
    """Put options (by pk) up for choice; what stands there or may not is passed over. Returns how many are new."""
    _hold_undecided(round, by)
    choosable = choosable_in(round)
    if choosable is None:
        raise Refused(_("What can be chosen in this round comes from the programme's intake."))
    new = choosable.filter(pk__in=options).exclude(round_options__round=round).values_list("pk", flat=True)
    hold_options(new)
    new = new.all()  # asked again: a host may have withdrawn one before it was held, and leaves the round afterwards
    made = RoundOption.objects.bulk_create([RoundOption(round=round, option_id=pk) for pk in new])
    if made:
        _log("round.options_added", round, by, details={"n": len(made)})
    return len(made)


@transaction.atomic
def drop_options(*, round: Round, options: Collection[int], by: User) -> int:
    """Take options out of the round. Raises Refused, naming one, where a student has chosen it."""
    _hold_undecided(round, by)
    if choosable_in(round) is None:
        raise Refused(_("What can be chosen in this round comes from the programme's intake."))
    # Drafts count: nobody tells their students, who would find a choice gone while they write about it.
    chosen = Choice.objects.filter(
        option__in=options, application__round=round, application__state__in=Application.State.live
    )
    first = chosen.select_related("option").first()
    if first is not None:
        raise Refused(_("“%(place)s” has been chosen by a student; it stays.") % {"place": first.option})
    gone, _rows = RoundOption.objects.filter(round=round, option__in=options).delete()
    if gone:
        _log("round.options_removed", round, by, details={"n": gone})
    return gone


@transaction.atomic
def ask_requirements(*, round: Round, rows: Sequence[RoundRequirement], by: User) -> None:
    """Make `rows` what the round asks of everybody. Raises Refused once somebody has applied: the rules then stand."""
    _hold_undecided(round, by)
    # Also those taken back: their files still show the verdicts by these rows.
    sent = round.applications.exclude(submitted_at=None).count()
    if sent:
        words = ngettext(
            "%(n)d application was submitted under these requirements; they stay.",
            "%(n)d applications were submitted under these requirements; they stay.",
            sent,
        )
        raise Refused(words % {"n": sent})
    _replace(round, RoundRequirement, rows)
    _log("round.requirements_changed", round, by)


@transaction.atomic
def ask_documents(*, round: Round, rows: Sequence[DocumentRequirement], by: User) -> None:
    """Make `rows` the documents asked of everybody. Raises Refused once a draft exists: it was made from them."""
    _hold_undecided(round, by)
    # Drafts too: their slots were made from these rows, and refer to them under protection.
    begun = round.applications.count()
    if begun:
        words = ngettext(
            "%(n)d application has begun with these documents; ask for more in its file.",
            "%(n)d applications have begun with these documents; ask for more in each file.",
            begun,
        )
        raise Refused(words % {"n": begun})
    _replace(round, DocumentRequirement, rows)
    _log("round.documents_changed", round, by)


@transaction.atomic
def set_criteria(*, round: Round, rows: Sequence[Criterion], by: User) -> None:
    """Make `rows` the rubric. Raises Refused once a reviewer has given points."""
    hold_round(round)
    may_or_refuse(by, "applications.run_round", round)
    if Score.objects.filter(criterion__round=round).exists():
        raise Refused(_("Reviewers have given points by this rubric; it stays."))
    _replace(round, Criterion, rows)
    _log("round.rubric_changed", round, by)


@transaction.atomic
def write_letters(*, round: Round, letters: Mapping[str, tuple[str, str]], by: User) -> None:
    """Keep the round's own letters by outcome; an empty one falls back to the house's. Prepared letters stay.

    So does one that reads as the house's: the form shows that letter, and who saves it untouched means no copy of it,
    which a better wording of the house's letter would not reach.
    """
    hold_round(round)
    may_or_refuse(by, "applications.run_round", round)
    for outcome, (subject, typed) in letters.items():
        body = typed.replace("\r\n", "\n")  # browsers end the lines of a form so
        if body and (subject, body) != house_letter(outcome):
            LetterTemplate.objects.update_or_create(
                round=round, outcome=outcome, defaults={"subject": subject, "body": body}
            )
        else:
            LetterTemplate.objects.filter(round=round, outcome=outcome).delete()
    _log("round.letters_changed", round, by)


def free_slug(round: Round) -> str:
    """An address nobody has: "kth-exchange-autumn-2027", with a number where that is taken."""
    plain = slugify(f"{round.university.slug} {round.title}")[:90].strip("-")  # the column takes 100: room for a number
    taken = set(Round.objects.filter(slug__startswith=plain).values_list("slug", flat=True))
    numbered = (f"{plain}-{number}" for number in range(2, len(taken) + 3))
    return next(slug for slug in (plain, *numbered) if slug not in taken)


def options_of(round: Round) -> models.QuerySet[Option]:
    """What can be chosen in the round, with what is left of it, by host."""
    rows = round.options.with_places_left().select_related("host", "field")
    return rows.order_by("host__short_name", "title", "pk")


def _hold_undecided(round: Round, by: User) -> None:
    """Lock the round; only one that is still to close is prepared."""
    hold_round(round)
    may_or_refuse(by, "applications.run_round", round)
    if round.state not in UNDECIDED:
        raise Refused(_("This round has closed; what it asked and offered stays."))


def _replace(round: Round, model: type[models.Model], rows: Sequence[Any]) -> None:
    """Make `rows` the round's rows of `model`; those that stay keep their keys."""
    model.objects.filter(round=round).exclude(pk__in=[row.pk for row in rows if row.pk]).delete()
    for row in rows:
        row.round = round
        if row.pk:
            row.save()
    model.objects.bulk_create(row for row in rows if not row.pk)


def _log(kind: str, round: Round, by: User, **words: Any) -> None:
    record(kind, round, by=by, on_behalf_of=acts_for(by, round), **words)
