"""Between the forms of a call and the acts: both forms of the page, and what it shows after a conflict."""

from typing import Any

from django.http import QueryDict

from funding.forms import CallForm, CallStages
from funding.models import Call
from members.acts import Conflict
from members.forms.conflicts import Versions, rows_still_typed, still_typed, versions_of_form, versions_of_rows
from members.models import Act

PREFIX = "stages"


def forms_for(call: Call, data: QueryDict | None) -> tuple[CallForm, Any]:
    """The form of a call and the set of its stages, bound when there is `data`."""
    return CallForm(data, instance=call), CallStages(data, instance=call, prefix=PREFIX)


def are_valid(form: CallForm, stages: Any) -> bool:
    """Check both, so that everything that is wrong is said at once."""
    return all([form.is_valid(), stages.is_valid()])


def after_conflict(form: CallForm, stages: Any, conflict: Conflict) -> dict[str, Any]:
    """What the page shows after a conflict: both versions, and the forms with what was typed over the newer one."""
    stored, fresh = (Call.objects.select_related("programme").get(pk=form.instance.pk) for _copy in range(2))
    rows = CallStages(instance=fresh, prefix=PREFIX)
    versions = [*_versions(form, stored), *versions_of_rows(stages, rows)]
    return {
        "form": CallForm(still_typed(form, stored.version), instance=fresh),
        "stages": CallStages(rows_still_typed(stages, rows), instance=stored, prefix=PREFIX),
        "conflict": str(conflict),
        "versions": versions,
        "other": Act.objects.about(stored).last(),
    }


def _versions(form: CallForm, stored: Call) -> list[Versions]:
    """The fields in which both differ; the fields of study are a set of rows and compared as such."""
    label = str(form["fields"].label)
    found = [version for version in versions_of_form(form, stored) if version.label != label]
    theirs, mine = (sorted(map(str, rows)) for rows in (stored.fields.all(), form.cleaned_data["fields"]))
    return found if theirs == mine else [*found, Versions(label, ", ".join(theirs), ", ".join(mine))]
