"""From plain data to rows."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from members.actions.tags import lock
from members.acts import Refused
from members.models import Tag, University
from programmes.content.snapshot import BASICS, LISTS, Content, slugs_of
from programmes.models import Pathway, PathwaySemester, Programme

Row = dict[str, Any]


class UnknownUniversityError(Refused):
    """The data name a university that the portal does not know."""


def write(programme: Programme, content: Content) -> None:
    """Bring the programme's rows to `content` and save them; call it inside a transaction.

    Rows known again by their key keep their identity, so that seats and history stay with them. Raises ValidationError
    for what the columns or constraints refuse, Refused for a tag that is gone and for a pathway that has seats and is
    not in `content` any more. A content that says nothing of tags, as the data file, leaves them.
    """
    places, tags = _places(content), _tags(content)
    for name in BASICS:
        if name in content["basics"]:
            _put(programme, name, content["basics"][name], places)
    programme.full_clean()
    programme.save()
    for part in LISTS:
        _write_list(programme, part, content[part], places)
    _write_pathways(programme, content["pathways"], places)
    if tags is not None:
        programme.tags.set(tags)
    # What was read before the rows changed: the property keeps it, and so do prefetched lists.
    programme.__dict__.pop("sides", None)
    getattr(programme, "_prefetched_objects_cache", {}).clear()


def _places(content: Content) -> dict[str, University]:
    """Every university that `content` names, by slug: one query."""
    slugs = set(slugs_of(content))
    slugs.discard(None)
    found = {place.slug: place for place in University.objects.filter(slug__in=slugs)}
    for slug in sorted(slugs - found.keys()):
        raise UnknownUniversityError(_("“%(slug)s” is not a university of the portal.") % {"slug": slug})
    return found


def _tags(content: Content) -> list[Tag] | None:
    """The tags that `content` names, locked so that none is merged away meanwhile; None where it names no list."""
    if "tags" not in content:
        return None
    found = {tag.slug: tag for tag in lock(Tag.objects.of(Tag.Scope.PARTNERSHIPS).filter(slug__in=content["tags"]))}
    if gone := [slug for slug in content["tags"] if slug not in found]:
        told = {"tags": ", ".join(gone)}
        raise Refused(_("There are no such tags any more: %(tags)s. Save the step The programme again.") % told)
    return list(found.values())


def _put(row: models.Model, name: str, value: Any, places: dict[str, University]) -> None:
    column = row._meta.get_field(name)
    if column.is_relation and column.related_model is University:
        setattr(row, name, places[value] if value else None)
    elif column.is_relation:
        setattr(row, column.attname, value or None)
    elif isinstance(column, models.DecimalField):
        setattr(row, name, None if value in (None, "") else Decimal(value))
    else:
        setattr(row, name, value)


def _write_list(programme: Programme, part: str, wanted: list[Row], places: dict[str, University]) -> None:
    model, columns, key = LISTS[part]
    numbered = [{**row, "position": index} if "position" in columns else row for index, row in enumerate(wanted)]
    drafts = [_build(model(programme=programme), row, columns, places) for row in numbered]
    stored = {_key(row, key): row for row in model._base_manager.filter(programme=programme)}
    kept = {_key(draft, key) for draft in drafts}
    _delete(row for at, row in stored.items() if at not in kept)  # first: what comes may take the place of what goes
    # Who ceases to coordinate is written before who begins to.
    for draft in sorted(drafts, key=lambda draft: getattr(draft, "role", "") == "coordinating"):
        _save(draft, stored.get(_key(draft, key)), columns)


def _build(row: models.Model, values: Row, columns: Iterable[str], places: dict[str, University]) -> models.Model:
    for name in columns:
        if name in values:
            _put(row, name, values[name], places)
    return row


def _key(row: models.Model, key: tuple[str, ...]) -> tuple[Any, ...]:
    return tuple(getattr(row, row._meta.get_field(name).attname) for name in key)


def _delete(rows: Iterable[models.Model]) -> None:
    for row in rows:
        row.delete()


def _save(draft: Any, stored: Any, columns: Iterable[str]) -> Any:
    """Save `draft` in place of `stored`, if anything differs; returns the row that stands now."""
    names = [draft._meta.get_field(name).attname for name in columns]
    if stored is None:
        draft.full_clean()
        draft.save()
        return draft
    changed = [name for name in names if getattr(stored, name) != getattr(draft, name)]
    if changed:
        for name in changed:
            setattr(stored, name, getattr(draft, name))
        stored.full_clean()
        stored.save()
    return stored


def _write_pathways(programme: Programme, wanted: list[Row], places: dict[str, University]) -> None:
    stored = {pathway.key: pathway for pathway in programme.pathways.all()}
    kept = {row["key"] for row in wanted}
    for key, pathway in stored.items():
        if key not in kept:
            _remove_pathway(pathway)
    columns = ("key", "name", "home", "host", "position")
    for index, row in enumerate(wanted):
        draft = _build(Pathway(programme=programme), {**row, "position": index}, columns, places)
        pathway = _save(draft, stored.get(row["key"]), columns)
        _write_semesters(pathway, row["semesters"], places)


def _remove_pathway(pathway: Pathway) -> None:
    """What hangs on a pathway is settled first, where people see what it is: its seats, its courses."""
    intakes = sorted({str(seats.intake) for seats in pathway.seats.select_related("intake__home")})
    if intakes:
        raise Refused(
            _("The pathway %(pathway)s has seats in %(intakes)s; take them out there first.")
            % {"pathway": pathway, "intakes": ", ".join(intakes)}
        )
    if pathway.course_list.exists():
        raise Refused(
            _("The pathway %(pathway)s has courses in the course list; take them out there first.")
            % {"pathway": pathway}
        )
    pathway.delete()


def _write_semesters(pathway: Pathway, wanted: list[Row], places: dict[str, University]) -> None:
    columns = ("number", "university", "ects", "what")
    stored = {term.number: term for term in pathway.semesters.all()}
    # By number: a pathway that becomes shorter loses its last semesters, the others keep their rows.
    _delete(term for number, term in stored.items() if number > len(wanted))
    for number, row in enumerate(wanted, start=1):
        draft = _build(PathwaySemester(pathway=pathway), {**row, "number": number}, columns, places)
        _save(draft, stored.get(number), columns)
