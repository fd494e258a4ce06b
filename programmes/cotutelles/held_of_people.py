"""What is held of a person around cotutelles: the own files with their papers, and being named as a supervisor."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from members.models import Act
from members.personal_data import HeldFile, Holding, blank_history, register_personal_data, told
from programmes.actions.cotutelle_endings import withdraw_of_erased
from programmes.models import Cotutelle, CotutelleFile, CotutelleSupervisor

WORDS = {"title": "", "motivation": ""}


def _own(user: Any) -> QuerySet[Cotutelle]:
    return Cotutelle.objects.filter(candidate=user)


def cotutelle_rows(user: Any) -> list[dict[str, Any]]:
    """The file as its candidate reads it, with the names of those who supervise."""
    rows = told(
        _own(user), reference="reference", home="home__name", partner="partner__name", programme="programme__title",
        title="title", field="field__name", motivation="motivation", planned_from="starts_on", planned_until="ends_on",
        months_at_home="home_months", months_at_the_partner="partner_months", defence_at="defence_side",
        diploma="diploma", state="state", since="state_since", reason="reason", requested_at="requested_at",
        signed_at_home_on="home_signed_on", signed_at_the_partner_on="partner_signed_on", defended_on="defended_on",
    )  # fmt: skip
    named = CotutelleSupervisor.objects.filter(cotutelle__candidate=user).values_list("cotutelle__reference", "name")
    return [row | {"supervisors": [name for of, name in named if of == row["reference"]]} for row in rows]


def cotutelle_files(user: Any) -> Iterator[HeldFile]:
    for held in CotutelleFile.objects.filter(cotutelle__candidate=user).select_related("cotutelle"):
        name = f"{held.cotutelle.reference}/{held.kind}-{held.number}-{held.name}"
        yield HeldFile(name=name, file=held.file)


def erase_cotutelles(user: Any, now: datetime) -> int:
    """Words, papers and supervisors go, also from the history; what was in hands is withdrawn, and the universities
    that had read it are told. That there was a cotutelle, and how it ended, stays for them."""
    keys = list(_own(user).values_list("pk", flat=True))
    # Withdrawn, since nobody is left who could write them on; else they would wait for ever.
    withdraw_of_erased(candidate=user, now=now)
    forget_words(keys)
    forget_files(CotutelleFile.objects.filter(cotutelle__in=keys))
    return len(keys)


def forget_words(keys: list[Any]) -> None:
    """What somebody wrote or said about these files; a reason that must be there says that it was erased."""
    erased = gettext("Erased.")
    # The rows before their history: each update is written down, the first of the two still with the reason.
    for rows in (Cotutelle.objects.filter(pk__in=keys), Cotutelle.pgh_event_model.objects.filter(pgh_obj_id__in=keys)):
        rows.update(**WORDS)
        rows.exclude(reason="").update(reason=erased)
    CotutelleSupervisor.objects.filter(cotutelle__in=keys).delete()
    # By the file and not by the rows: who was renamed or taken out has no row any more, but stands in the history.
    CotutelleSupervisor.pgh_event_model.objects.filter(cotutelle__in=keys).delete()
    kind = ContentType.objects.get_for_model(Cotutelle)
    Act.objects.filter(content_type=kind, object_id__in=keys).update(reason="")


def forget_files(files: QuerySet[CotutelleFile]) -> None:
    """The rows now, the files once that is certain."""
    stored = list(files.values_list("file", flat=True))
    files.delete()
    for name in stored:
        transaction.on_commit(lambda name=name: default_storage.delete(name))


def open_cotutelle(user: Any, now: datetime) -> Any:
    """Two universities rely on what is requested, agreed or signed."""
    if _own(user).live().exclude(state__in=Cotutelle.State.in_hands).exists():
        return _("A cotutelle of yours is still open. Withdraw it, or let a university end it, first.")
    return ""


def supervision_rows(user: Any) -> list[dict[str, Any]]:
    """In which files one is named; what stands in them is the candidate's."""
    named = CotutelleSupervisor.objects.filter(user=user)
    return told(
        named, reference="cotutelle__reference", home="cotutelle__home__name", partner="cotutelle__partner__name",
        side="side", name="name", email="email",
    )  # fmt: skip


def erase_supervisions(user: Any, now: datetime) -> int:
    keys = list(CotutelleSupervisor.objects.filter(user=user).values_list("pk", flat=True))
    blank = {"name": gettext("Erased person"), "email": "", "user": None}
    CotutelleSupervisor.objects.filter(pk__in=keys).update(**blank)
    history = CotutelleSupervisor.pgh_event_model.objects
    gone = history.filter(user=user.pk).values_list("pgh_obj_id", flat=True)  # taken out of a file before
    blank_history(CotutelleSupervisor, [*keys, *gone], **blank)
    return len(keys)


def register() -> None:
    register_personal_data(
        Holding(
            key="cotutelles", title=_("Your cotutelles and their papers"), rows=cotutelle_rows, files=cotutelle_files,
            erase=erase_cotutelles, hindrance=open_cotutelle,
            purpose=_("Two universities decide on your doctorate and draw up its convention by them."),
            afterwards=_("Words, papers and supervisors are deleted. That there was a cotutelle, and how it ended, "
                         "stays without your name."),
            count=lambda user: _own(user).count(),
        ),
        Holding(
            key="supervisions", title=_("Cotutelles in which you are named as a supervisor"), rows=supervision_rows,
            erase=erase_supervisions, purpose=_("The universities know who supervises the thesis."),
            afterwards=_("Your name and address are deleted; that somebody supervised stays."),
            count=lambda user: CotutelleSupervisor.objects.filter(user=user).count(),
        ),
    )  # fmt: skip
