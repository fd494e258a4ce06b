"""How the house acts: one act, one function, one transaction, with its log.

An action refuses with `Refused`, moves a row by `Machine.move`, and writes what happened with `record`.
"""

from collections.abc import Collection, Iterable
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from members.support import supporter_for

CHANGED_MEANWHILE = _("Somebody else saved this page while you were editing. Both versions are shown below.")


class Refused(Exception):
    """The act is not possible now; the text is a sentence for the person who tried."""


class Conflict(Refused):
    """Somebody else changed the same thing meanwhile."""


class Machine(models.Model):
    """A row with a `state` that changes only along its class's TRANSITIONS.

    TRANSITIONS maps the name of an act to (the states it may start from, the state it ends in).
    """

    TRANSITIONS: ClassVar[dict[str, tuple[set[str], str]]] = {}

    class Meta:
        abstract = True

    def can(self, transition: str) -> bool:
        """Whether the row as read stands in a state from which `transition` may be taken."""
        return self.state in self.TRANSITIONS[transition][0]

    def move(self, transition: str, **changes: Any) -> bool:
        """Take `transition` and write `changes` if nobody moved the row first; returns whether it was taken.

        Compare-and-set: of several movers at once exactly one gets True. Raises KeyError for an unknown transition.
        """
        sources, target = self.TRANSITIONS[transition]
        changes["state"] = target
        moved = type(self)._base_manager.filter(pk=self.pk, state__in=sources).update(**changes)
        if moved:
            self.refresh_from_db(fields=[*changes])
        return bool(moved)

    @classmethod
    def move_all(cls, pks: Collection[int], transition: str, **changes: Any) -> int:
        """Take `transition` for all rows of `pks` that still may, in one query; returns how many moved.

        The same compare-and-set as `move`: fewer than were asked for means that somebody was faster.
        """
        sources, target = cls.TRANSITIONS[transition]
        return cls._base_manager.filter(pk__in=pks, state__in=sources).update(**changes, state=target)


def record(kind: str, target: models.Model, *, by: models.Model | None, **words: Any) -> models.Model:
    """Write one line of `target`'s timeline inside the caller's transaction; the words are those of `line`."""
    act = line(kind, target, by=by, **words)
    act.save()
    return act


def record_all(lines: Iterable[models.Model]) -> None:
    """Write many lines (of `line`) in one query, inside the caller's transaction."""
    from members.models import Act

    Act.objects.bulk_create(lines)


def line(
    kind: str,
    target: models.Model,
    *,
    by: models.Model | None,
    on_behalf_of: models.Model | None = None,
    before: str = "",
    after: str = "",
    reason: str = "",
    details: dict[str, Any] | None = None,
    internal: bool = False,
) -> models.Model:
    """One line of `target`'s timeline, not written yet; `by` is None for the clock.

    `kind` is "thing.verb", e.g. "application.submitted". An `internal` line is never shown to an applicant. In a visit
    of support the line says who really acted, on the person's behalf.
    """
    from members.models import Act

    # Asked here and not in each action: who forgets it would put a supporter's act into the person's mouth.
    if supporter := supporter_for(by):
        by, on_behalf_of = supporter, by
    return Act(
        kind=kind,
        target=target,
        actor=by,
        on_behalf_of=on_behalf_of,
        before=before,
        after=after,
        reason=reason,
        details=details or {},
        internal=internal,
    )


class Versioned(models.Model):
    """A row that two people may edit at once: the second one is told, nothing is overwritten silently."""

    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True

    def count_up(self) -> None:
        """Count the version up before a save that compares nothing, as the administration and imports do: whoever has
        the row open for editing then hears of it. The row stays locked until the end of the transaction.
        """
        # A row that comes with this save has its first version, and nobody can have it open.
        if not self._state.adding:
            type(self)._base_manager.filter(pk=self.pk).update(version=models.F("version") + 1)
            self.refresh_from_db(fields=["version"])

    def save_over(self, version: int, fields: Iterable[str] | None = None) -> None:
        """Save if the stored row still has `version`, and count it up; raises Conflict otherwise.

        Call it inside a transaction: the compare-and-set row lock then lasts until the commit. Give the `fields` that
        were edited where other acts write other columns of the row meanwhile.
        """
        taken = type(self)._base_manager.filter(pk=self.pk, version=version).update(version=version + 1)
        if not taken:
            raise Conflict(CHANGED_MEANWHILE)
        self.version = version + 1
        self.save(update_fields=None if fields is None else [*fields, "version"])


def clean_or_refuse(instance: models.Model, *, apart_from: Collection[str] = ()) -> None:
    """Run the model's own checks and turn what they find into a refusal with the first sentence.

    Fields in `apart_from`, and constraints over them, are left to the database.
    """
    try:
        instance.full_clean(exclude=apart_from)
    except ValidationError as error:
        raise Refused(error.messages[0]) from error
