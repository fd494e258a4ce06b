"""Between the office's forms and the acts: both forms of a page, what to show after a conflict, acts on many places."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from applications.models import Application, Round
from exchange import actions
from exchange.forms import PlacementForm, PlacementRequirements
from exchange.models import Placement
from members.acts import Refused
from members.models import User

ACTS_ON_MANY = {"publish": actions.publish_placement, "archive": actions.archive_placement}
PREFIX = "requirements"


def forms_for(placement: Placement, data: QueryDict | None) -> tuple[PlacementForm, Any]:
    """The form of a placement and the set of its requirements, bound when there is `data`."""
    form = PlacementForm(data, instance=placement, day=timezone.localdate())
    return form, PlacementRequirements(data, instance=placement, prefix=PREFIX)


def are_valid(form: PlacementForm, asked: Any) -> bool:
    """Check both, so that everything that is wrong is said at once."""
    return all([form.is_valid(), asked.is_valid()])


def save(form: PlacementForm, asked: Any, *, by: User) -> Placement:
    """Save what the forms hold over the version they were drawn from; raises Conflict or Refused."""
    return actions.change_placement(
        placement=form.instance,
        version=form.cleaned_data["version"],
        partners=form.cleaned_data["only_partners"],
        requirements=asked.wanted(),
        by=by,
    )


def after_conflict(placement: Placement, data: QueryDict) -> tuple[PlacementForm, Any, list[dict[str, Any]]]:
    """The forms again with what was typed, set to save over the newer version, and the fields in which both differ."""
    stored = Placement.objects.select_related("host").get(pk=placement.pk)
    theirs = PlacementForm(instance=stored, day=timezone.localdate())
    typed = data.copy()
    typed["version"] = str(stored.version)
    form, asked = forms_for(Placement.objects.select_related("host").get(pk=placement.pk), typed)
    are_valid(form, asked)
    shown = [
        (theirs[name].label, _shown(form, name, form[name].value()), _shown(theirs, name, theirs[name].value()))
        for name in form.fields
        if name != "version"
    ]
    differing = [{"label": label, "yours": ours, "theirs": their} for label, ours, their in shown if ours != their]
    return form, asked, differing or [{"label": _("Requirements"), "yours": "", "theirs": ""}]


def _shown(form: PlacementForm, name: str, value: Any) -> str:
    """A value of a form as people read it: the words of a choice, the days as they are written."""
    choices = getattr(form.fields[name], "choices", None)
    values = value if isinstance(value, list | tuple) else [value]
    if choices is None:
        return "" if value is None else str(value).replace("\r\n", "\n")
    words = {str(getattr(key, "value", key)): str(label) for key, label in form.fields[name].choices}
    return ", ".join(words.get(str(getattr(each, "pk", each)), str(each)) for each in values if each not in (None, ""))


def who_is_told(placement: Placement) -> dict[str, Any]:
    """Whom withdrawing it would reach: rounds it would leave and students who chose it."""
    rounds = Round.objects.filter(
        round_options__option=placement.pk, state__in=[Round.State.DRAFT, Round.State.PUBLISHED]
    )
    chose = Application.objects.live().filter(choices__option=placement.pk, round__in=rounds)
    return {"rounds": list(rounds.select_related("university")), "students": chose.count()}


def years_to_copy(day: date) -> dict[str, int]:
    """Usually one copies the academic year that runs to the next; it begins in August."""
    running = day.year if day.month >= 8 else day.year - 1
    return {"from_year": running, "to_year": running + 1}


def would(act: str, placement: Placement) -> dict[str, Any]:
    """What `act` would do to one place, in words."""
    if not placement.can(act):
        words = _("stays as it is: %(state)s") % {"state": placement.get_state_display().lower()}
        return {"placement": placement, "goes": False, "words": words}
    missing = placement.missing_to_publish() if act == "publish" else []
    if missing:
        words = _("not yet; missing: %(missing)s") % {"missing": ", ".join(missing)}
        return {"placement": placement, "goes": False, "words": words}
    words = {"publish": _("will be published"), "archive": _("will be archived")}[act]
    return {"placement": placement, "goes": True, "words": words}


def do_to_many(act: str, rows: Iterable[Placement], *, by: User, now: datetime) -> tuple[int, list[str]]:
    """Do `act` to each, one transaction each; returns how many went through and why the others did not."""
    done, refusals = 0, []
    for placement in rows:
        if not by.has_perm("exchange.publish_placement", placement) or not placement.can(act):
            continue
        try:
            ACTS_ON_MANY[act](placement=placement, by=by, now=now)
            done += 1
        except Refused as refused:
            refusals.append(f"{placement.title}: {refused}")
    return done, refusals
