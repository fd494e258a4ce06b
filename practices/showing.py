"""What the page of one practice says: the frame, the proof, who adopted it, its versions, how to cite it."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members.models import Act
from practices.content import TEXTS, label_of
from practices.models import SHARING, CurationNote, EvidenceFile, Practice, PracticeFollow, PracticeVersion
from practices.turns import turn_of

WORDS = {
    "begun": gettext_lazy("Begun"),
    "version_begun": gettext_lazy("New version begun"),
    "submitted": gettext_lazy("Submitted"),
    "taken_back": gettext_lazy("Taken back"),
    "changes_asked": gettext_lazy("Changes asked for"),
    "published": gettext_lazy("Published"),
    "refused": gettext_lazy("Refused"),
    "dropped": gettext_lazy("Version dropped"),
    "archived": gettext_lazy("Archived"),
    "restored": gettext_lazy("Taken out of the archive"),
    "adopted": gettext_lazy("Adopted"),
    "adoption_withdrawn": gettext_lazy("Adoption taken back"),
}


def page(practice: Practice, user: Any, now: datetime, address: str) -> dict[str, Any]:
    """The context of the detail page for `user` at `now`; a constant number of queries."""
    version = practice.shown
    version.practice = practice
    keeps = user.has_perm("practices.edit_practice", practice)
    curates = user.has_perm("practices.curate_practice", practice)
    adoptions = list(practice.adoptions.in_force().select_related("university", "adopted_version"))
    # Published ones only: that others were refused or dropped is between the writers and the curators.
    published = list(practice.versions.published().order_by("-number"))
    return {
        **reading(version, user),
        "practice": practice,
        "is_live": practice.live_id == version.pk,
        "keeps": keeps,
        "turn": turn_of(practice, user, adoptions, now),
        "adoptions": [
            (row, user.has_perm("practices.edit_adoption", row), user.has_perm("practices.withdraw_adoption", row))
            for row in adoptions
        ],
        "may_adopt": bool(places_to_adopt(practice, user, adoptions)),
        "versions": published,
        "follows": is_followed(practice, user),
        "may_ask": user.has_perm("practices.ask_contact", practice),
        "may_archive": user.has_perm("practices.archive_practice", practice) and practice.can("archive"),
        "may_restore": user.has_perm("practices.restore_practice", practice) and not practice.can("archive"),
        "citation": citation(version, address),
        "steps": timeline(practice) if keeps or curates else [],
    }


def reading(version: PracticeVersion, user: Any) -> dict[str, Any]:
    """One version as a page to read: the parts that say something, with the proof at its place."""
    files = list(version.files.all())
    for file in files:
        file.version = version  # the permission asks for it, file by file
    parts = [(name, label_of(name), getattr(version, name)) for name in TEXTS]
    return {
        "version": version,
        "parts": [part for part in parts if part[2].strip() and part[0] not in {"evidence", "conditions"}],
        "topics": list(version.topics.select_related("pillar")),
        "links": list(version.links.all()),
        "files": [(file, user.has_perm("practices.read_evidence", file)) for file in files],
        "notes": notes_on(version),
        "members_only": EvidenceFile.Audience.MEMBERS,
    }


def notes_on(version: PracticeVersion) -> list[CurationNote]:
    """What curators told readers about this version and the published ones before it."""
    published = CurationNote.objects.filter(version__state=PracticeVersion.State.PUBLISHED)
    rows = published.filter(version__practice=version.practice_id, version__number__lte=version.number)
    return list(rows.select_related("by", "version"))


def places_to_adopt(practice: Practice, user: Any, adoptions: Any) -> list[Any]:
    """The universities for which `user` could say that they adopted it: others, and not those that said so."""
    if not user.has_perm("practices.adopt_practice", practice):
        return []
    said = {practice.university_id, *(row.university_id for row in adoptions)}
    return [place for place in user.universities_as(*SHARING) if place.pk not in said]


def is_followed(practice: Practice, user: Any) -> bool:
    return user.is_authenticated and PracticeFollow.objects.filter(user=user, practice=practice).exists()


def citation(version: PracticeVersion, address: str) -> str:
    """How to cite a published version; empty for one that is not."""
    if version.state != PracticeVersion.State.PUBLISHED:
        return ""
    words = {
        "university": version.practice.university.name,
        "year": version.judged_at.year,
        "title": version.title,
        "reference": version.practice.reference,
        "number": version.number,
        "address": address,
        "licence": version.get_licence_display(),
    }
    return (
        _("%(university)s (%(year)d): %(title)s. CLUSTER practice %(reference)s, version %(number)d. %(licence)s.")
        % words
        + f" {address}"
    )


def timeline(practice: Practice) -> list[dict[str, Any]]:
    """What happened to it, for those who keep or judge it; saving a draft is no event."""
    # By kind: each save of a draft is in the log too, and would bury the steps.
    kinds = [f"practice.{kind}" for kind in WORDS]
    return [
        {
            "label": str(WORDS[act.kind.partition(".")[2]]),
            "state": "done",
            "at": act.at,
            "by": _by(act),
            "detail": act.reason,
        }
        for act in Act.objects.about(practice).filter(kind__in=kinds)
    ]


def _by(act: Act) -> str:
    """Who did it; of a deputy also for whom."""
    name = act.actor.get_full_name() if act.actor else ""
    return _("%(person)s for %(other)s") % {"person": name, "other": act.on_behalf_of} if act.on_behalf_of else name
