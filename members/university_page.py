"""What a university's own page is made of: one constant set of queries, everything joined here."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from members.models import (
    Act,
    Contact,
    Fact,
    Factsheet,
    FactsheetTerm,
    Identifier,
    Unit,
    University,
    UniversityDocument,
    User,
)
from members.registries import sections_of
from members.tagging import chips_of

ACTS_SHOWN = 12


@dataclass(frozen=True)
class UnitNode:
    """A unit with its contacts and the units below it."""

    unit: Unit
    contacts: list[Contact]
    children: list["UnitNode"] = field(default_factory=list)


@dataclass(frozen=True)
class ContactGroup:
    """The central contacts for one purpose."""

    label: str
    purpose: str
    contacts: list[Contact]


def page_of(university: University, user: User, now: datetime) -> dict[str, Any]:
    """The context of the detail page for `user` at `now` (aware), with the sections that other rooms announced."""
    day = timezone.localdate(now)
    contacts = list(Contact.objects.filter(university=university).in_force(day).visible_to(user))
    factsheet = Factsheet.objects.filter(university=university).select_related("confirmed_by").first()
    identifiers = sorted(university.identifiers.all(), key=lambda code: Identifier.Scheme.values.index(code.scheme))
    keeper = user.has_perm("members.edit_university", university)
    return {
        "university": university,
        "memberships": list(university.memberships.order_by("-starts_on")),
        "names": [
            name for name in university.names.all() if name.name not in (university.name, university.official_name)
        ],
        "identifiers": identifiers,
        "erasmus_code": next((code.value for code in identifiers if code.scheme == Identifier.Scheme.ERASMUS), ""),
        "contact_groups": contact_groups(contacts),
        "units": unit_tree(list(university.units.all()), contacts),
        "facts": newest_facts(university, day),
        "factsheet": factsheet,
        "factsheet_texts": factsheet_texts(factsheet),
        "pictures": list(university.pictures.all()),
        "tags": chips_of(university.tags.all(), "members:university_list"),
        "documents": documents_of(university, user),
        "sections": sections_of(university, user, now),
        "may_edit": keeper,
        "timeline": timeline_of(university) if keeper else [],
        **terms_of(factsheet, now),
        **turns_of(university, factsheet, user, now),
    }


def documents_of(university: University, user: User) -> list[UniversityDocument]:
    """The documents that `user` may read here, each with the page it stands on at hand."""
    found = list(UniversityDocument.objects.visible_to(user).filter(university=university))
    for document in found:
        document.university = university
    return found


def contact_groups(contacts: list[Contact]) -> list[ContactGroup]:
    """Contacts that belong to no unit, by purpose, in the order the purposes are declared."""
    central = [contact for contact in contacts if contact.unit_id is None]
    groups = [
        ContactGroup(str(purpose.label), purpose.value, [c for c in central if c.purpose == purpose])
        for purpose in Contact.Purpose
    ]
    return [group for group in groups if group.contacts]


def unit_tree(units: list[Unit], contacts: list[Contact]) -> list[UnitNode]:
    """The units as a tree; a unit whose parent is missing stands at the top."""
    by_unit: dict[int | None, list[Contact]] = defaultdict(list)
    for contact in contacts:
        by_unit[contact.unit_id].append(contact)
    nodes = {unit.pk: UnitNode(unit, by_unit[unit.pk]) for unit in units}
    roots = []
    for unit in units:
        parent = nodes.get(unit.parent_id)
        (parent.children if parent else roots).append(nodes[unit.pk])
    return roots


def newest_facts(university: University, day: date) -> list[Fact]:
    """The newest figure of each kind, in the order the kinds are declared; each knows whether it `is_old` on `day`."""
    newest: dict[str, Fact] = {}
    for fact in sorted(university.facts.all(), key=lambda fact: fact.year):
        fact.is_old = fact.is_old_on(day)
        newest[fact.kind] = fact
    return [newest[kind] for kind in Fact.Kind.values if kind in newest]


def terms_of(factsheet: Factsheet | None, now: datetime) -> dict[str, list[FactsheetTerm]]:
    """The terms for which one can still be nominated or apply, and those that are over."""
    terms = list(factsheet.terms.all()) if factsheet else []
    coming = [term for term in terms if max(term.nominations_close_at, term.applications_close_at) >= now]
    return {"terms": coming, "past_terms": [term for term in terms if term not in coming]}


def factsheet_texts(factsheet: Factsheet | None) -> list[dict[str, Any]]:
    """The paragraphs of a factsheet that say something, with their headings."""
    if factsheet is None:
        return []
    names = ("arrival", "housing", "visa", "insurance", "language", "transcripts")
    found = [(Factsheet._meta.get_field(name).verbose_name, getattr(factsheet, name)) for name in names]
    return [{"label": label, "text": text} for label, text in found if text]


def turns_of(
    university: University, factsheet: Factsheet | None, user: User, now: datetime
) -> dict[str, dict[str, Any] | None]:
    """What waits for a keeper of the page: calling it correct once a year."""
    if not user.has_perm("members.confirm_university", university):
        return {"turn": None}
    if university.is_stale(now):
        return {"turn": _turn(university, "confirm", _("Is this page still right?"), now)}
    if factsheet and factsheet.is_stale(now):
        return {"turn": _turn(factsheet, "confirm-factsheet", _("Is the factsheet still right?"), now)}
    return {"turn": None}


def _turn(page: University | Factsheet, act: str, title: str, now: datetime) -> dict[str, Any]:
    home = (page if isinstance(page, University) else page.university).get_absolute_url()
    edit = "edit/" if isinstance(page, University) else "edit/factsheet/"
    since = (
        _("Your turn: confirmed %(days)d days ago") % {"days": (now - page.confirmed_at).days}
        if page.confirmed_at
        else _("Your turn: never confirmed")
    )
    return {
        "caps": since,
        "title": title,
        "why": _("Partners and students rely on it. Once a year somebody of your university says that it is right."),
        "mine": True,
        "actions": [
            {
                "label": _("Yes, all of it"),
                "url": f"{home}{act}/",
                "post": True,
                "name": "version",
                "value": page.version,
            },
            {"label": _("Change something"), "url": f"{home}{edit}", "quiet": True},
        ],
    }


def timeline_of(university: University) -> list[dict[str, Any]]:
    """The newest acts on this university, the newest first, as the timeline draws them."""
    acts = Act.objects.about(university).order_by("-at", "-pk")[:ACTS_SHOWN]
    return [
        {"label": words_of(act), "state": "done", "at": act.at, "by": who(act), "detail": act.reason} for act in acts
    ]


def who(act: Act) -> str:
    if act.actor is None:
        return ""
    if act.on_behalf_of is None:
        return str(act.actor)
    return _("%(person)s for %(other)s") % {"person": act.actor, "other": act.on_behalf_of}


def words_of(act: Act) -> str:
    """An act in the past tense; one of a kind not known here is shown by its name."""
    words = {
        "university.added": _("Added"),
        "university.edited": _("Edited: %(part)s") % {"part": act.details.get("part", "")},
        "university.confirmed": _("Page confirmed"),
        "university.archived": _("Archived"),
        "university.restored": _("Restored"),
        "factsheet.confirmed": _("Factsheet confirmed"),
        "picture.added": _("Picture added"),
        "picture.removed": _("Picture removed"),
        "logo.changed": _("Logo changed"),
        "document.added": _("Document added"),
    }
    return words.get(act.kind, act.kind)
