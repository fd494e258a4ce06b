"""Keeping the pages of universities true: adding, editing, confirming, archiving."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from members.actions.tags import held
from members.acts import CHANGED_MEANWHILE, Conflict, Refused, record
from members.models import CharterHolder, Factsheet, Identifier, Membership, Tag, University, User


@transaction.atomic
def add_university(
    *, university: University, kind: str, starts_on: date | None, holder: CharterHolder | None, by: User
) -> University:
    """Put a new organisation into the directory, with its membership where `kind` is given.

    From a `holder` of the Erasmus charter it takes codes and place. Raises Refused when the address (slug) or a code
    is taken.
    """
    if holder is not None:
        university.latitude, university.longitude = holder.latitude, holder.longitude
    with constraint_as_refusal(University):
        university.save(force_insert=True)
    if holder is not None:
        with constraint_as_refusal(Identifier):
            Identifier.objects.bulk_create(codes_of(holder, university))
    if kind:
        Membership.objects.create(university=university, kind=kind, starts_on=starts_on)
    record("university.added", university, by=by, details={"kind": kind})
    return university


def codes_of(holder: CharterHolder, university: University) -> list[Identifier]:
    """What the register of charter holders knows of its codes, as rows of `university`."""
    known = {
        "erasmus": holder.erasmus_code,
        "pic": holder.pic,
        "oid": holder.oid,
        "schac": holder.domain,
        "ror": holder.ror,
    }
    return [Identifier(university=university, scheme=scheme, value=value) for scheme, value in known.items() if value]


@transaction.atomic
def save_profile(
    *, university: University, version: int, fields: Sequence[str], tags: list[Tag], changed: list[str], by: User
) -> None:
    """Save the edited `fields` of the profile and its `tags` if nobody saved since `version`; `changed` names for the
    log what was touched.

    Raises Conflict when somebody did, Refused when a tag was merged into another or deleted meanwhile. A confirmation
    or a new logo meanwhile is no conflict and is kept.
    """
    university.save_over(version, fields)
    university.tags.set(held(tags))
    record("university.edited", university, by=by, details={"part": _("profile"), "fields": changed})


@transaction.atomic
def save_rows(
    *,
    university: University,
    part: str,
    rows: models.QuerySet,
    seen: str,
    saved: Iterable[models.Model],
    removed: Iterable[models.Model],
    is_tree: bool = False,
    by: User,
) -> None:
    """Save and remove the rows of one part of the page (contacts, units…) if they still are as the person saw them.

    `rows` are the stored rows of the part, `seen` their fingerprint on the page that was edited. Raises Conflict when
    they differ, Refused when a constraint is broken. The university's row is the lock. Rows that go make room for new
    ones of the same name; those of a tree go last, once what stood below them stands elsewhere.
    """
    University.objects.select_for_update(no_key=True).get(pk=university.pk)
    if fingerprint(rows.all()) != seen:
        raise Conflict(CHANGED_MEANWHILE)
    goings: list[Callable[[], object]] = [row.delete for row in removed]
    comings: list[Callable[[], object]] = [row.save for row in saved]
    with constraint_as_refusal(rows.model):
        for act in [*comings, *goings] if is_tree else [*goings, *comings]:
            act()
    record("university.edited", university, by=by, details={"part": part})


@transaction.atomic
def save_factsheet(
    *,
    factsheet: Factsheet,
    version: int,
    fields: Sequence[str],
    saved: Iterable[models.Model],
    removed: Iterable[models.Model],
    by: User,
) -> None:
    """Save the factsheet's texts and its terms together if nobody saved since `version`; raises Conflict otherwise.

    A first factsheet is made here and not before, so that a form with an error leaves no empty one behind.
    """
    if factsheet.pk is None:
        _begin(factsheet)
    factsheet.save_over(version, fields)
    with constraint_as_refusal(factsheet.terms.model):
        for term in removed:
            term.delete()
        for term in saved:
            term.save()
    record("university.edited", factsheet.university, by=by, details={"part": _("factsheet")})


def _begin(factsheet: Factsheet) -> None:
    try:
        with transaction.atomic():
            factsheet.save(force_insert=True)
    except IntegrityError as error:
        raise Conflict(CHANGED_MEANWHILE) from error


@transaction.atomic
def confirm(*, page: University | Factsheet, version: int, by: User, now: datetime) -> None:
    """Say on behalf of the university that `page` is right as it stands in `version`.

    Raises Conflict when it was changed since the person read it.
    """
    current = type(page)._base_manager.filter(pk=page.pk, version=version)
    if not current.update(confirmed_at=now, confirmed_by=by):
        raise Conflict(_("The page was changed since you opened it. Read it once more, then confirm."))
    university = page if isinstance(page, University) else page.university
    mandate = by.mandate_for("official", "exchange", university=university)
    record(
        "university.confirmed" if isinstance(page, University) else "factsheet.confirmed",
        university,
        by=by,
        on_behalf_of=mandate.on_behalf_of(by) if mandate else None,
    )


@transaction.atomic
def archive(*, university: University, reason: str, by: User, now: datetime) -> None:
    """Take a university out of every list; what refers to it stays. Raises Refused when it is archived already."""
    taken = University.objects.filter(pk=university.pk, archived_at__isnull=True).update(archived_at=now)
    if not taken:
        raise Refused(_("This university is archived already."))
    record("university.archived", university, by=by, reason=reason)


@transaction.atomic
def restore(*, university: University, by: User) -> None:
    """Bring an archived university back; raises Refused when it is not archived."""
    if not University.objects.filter(pk=university.pk, archived_at__isnull=False).update(archived_at=None):
        raise Refused(_("This university is not archived."))
    record("university.restored", university, by=by)


def fingerprint(rows: models.QuerySet) -> str:
    """A short text that changes when any of `rows` changes, comes or goes."""
    # Rows of a list have no version each; one over all of them also notices a row that came or went.
    names = [field.attname for field in rows.model._meta.concrete_fields if not field.generated]
    content = repr(list(rows.order_by("pk").values_list(*names)))
    return hashlib.sha256(content.encode()).hexdigest()[:20]


@contextmanager
def constraint_as_refusal(model: type[models.Model]) -> Iterator[None]:
    """Turn what the database refuses into the sentence that `model` has for it."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        # Without a cause it is Django's ProtectedError: something refers to a row that was to go.
        name = error.__cause__.diag.constraint_name if error.__cause__ else ""
        sentences = {constraint.name: constraint for constraint in model._meta.constraints}
        if name in sentences:
            raise Refused(str(sentences[name].get_violation_error_message())) from error
        raise Refused(_("Two entries contradict each other; nothing was saved.")) from error
