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
from members.academic_years import running_on
from members.acts import Conflict, Refused
from members.forms.conflicts import Versions, rows_still_typed, still_typed, versions_of_form, versions_of_rows
from members.models import Act, User

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


def after_conflict(form: PlacementForm, asked: Any, conflict: Conflict) -> dict[str, Any]:
    """What the page shows after a conflict: both versions, and the forms with what was typed over the newer one."""
    # Two copies: a bound form writes into its instance, and the page has to compare with what is stored.
    stored, fresh = (Placement.objects.select_related("host").get(pk=form.instance.pk) for _copy in range(2))
    rows = PlacementRequirements(instance=fresh, prefix=PREFIX)
    versions = [*_versions(form, stored), *versions_of_rows(asked, rows)]
    again = PlacementForm(still_typed(form, stored.version), instance=fresh, day=timezone.localdate())
    return {
        "form": again,
        "asked": PlacementRequirements(rows_still_typed(asked, rows), instance=stored, prefix=PREFIX),
        "conflict": str(conflict),
        "versions": versions,
        "other": Act.objects.about(stored).last(),
    }


def _versions(form: PlacementForm, stored: Placement) -> list[Versions]:
    """The fields in which both differ; the partners are a set of rows and compared as such."""
    label = str(form["only_partners"].label)
    found = [version for version in versions_of_form(form, stored) if version.label != label]
    both = (stored.only_partners.all(), form.cleaned_data["only_partners"])
    theirs, mine = (sorted(map(str, partners)) for partners in both)
    return found if theirs == mine else [*found, Versions(label, ", ".join(theirs), ", ".join(mine))]


def who_is_told(placement: Placement) -> dict[str, Any]:
    """Whom withdrawing it would reach: rounds it would leave and students who chose it."""
    rounds = Round.objects.filter(
        round_options__option=placement.pk, state__in=[Round.State.DRAFT, Round.State.PUBLISHED]
    )
    chose = Application.objects.live().filter(choices__option=placement.pk, round__in=rounds)
    return {"rounds": list(rounds.select_related("university")), "students": chose.count()}


def years_to_copy(day: date) -> dict[str, int]:
    """Usually one copies the academic year that runs to the next."""
    running = running_on(day)
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
        # Passed over in silence: the preview has said of each that it stays as it is.
        if not by.has_perm("exchange.publish_placement", placement) or not placement.can(act):
            continue
        try:
            ACTS_ON_MANY[act](placement=placement, by=by, now=now)
            done += 1
        except Refused as refused:
            refusals.append(f"{placement.title}: {refused}")
    return done, refusals
