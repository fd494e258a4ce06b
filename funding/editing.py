"""Between the forms of a call and the acts: both forms of the page, and what it shows after a conflict."""

import re
from collections import defaultdict
from typing import Any

from django.http import QueryDict

from funding.forms import CallForm, CallStages
from funding.models import Call
from members.acts import Conflict
from members.forms.conflicts import Versions, rows_still_typed, still_typed, versions_of_form, versions_of_rows
from members.models import Act

PREFIX = "stages"
CELL = re.compile(rf"{PREFIX}-(\d{{1,3}})-(\w+)")


def forms_for(call: Call, data: QueryDict | None) -> tuple[CallForm, Any]:
    """The form of a call and the set of its stages, bound when there is `data`."""
    return CallForm(data, instance=call), CallStages(_that_stand(call, data), instance=call, prefix=PREFIX)


def _that_stand(call: Call, data: QueryDict | None) -> Any:
    """`data` in which a stage that somebody took out meanwhile is a new one.

    A formset that looks for its row in vain can never be valid: the conflict would not be told, nothing could be saved.
    """
    rows: dict[int, dict[str, Any]] = defaultdict(dict)
    for name, value in (data or {}).items():
        if cell := CELL.fullmatch(name):
            rows[int(cell[1])][cell[2]] = value
    known = {row["id"] for row in rows.values() if row.get("id")}
    there = {str(pk) for pk in call.stages.values_list("pk", flat=True)} if known else set()
    if known <= there:
        return data
    stand = [row for _number, row in sorted(rows.items()) if row.get("id") in there]
    new = [row | {"id": ""} for _number, row in sorted(rows.items()) if row.get("id") not in there]
    cells = {f"{PREFIX}-{n}-{name}": value for n, row in enumerate(stand + new) for name, value in row.items()}
    return cells | {f"{PREFIX}-TOTAL_FORMS": len(rows), f"{PREFIX}-INITIAL_FORMS": len(stand)}


def are_valid(form: CallForm, stages: Any) -> bool:
    """Check both, so that everything that is wrong is said at once."""
    return all([form.is_valid(), stages.is_valid()])


def after_conflict(form: CallForm, stages: Any, conflict: Conflict) -> dict[str, Any]:
    """What the page shows after a conflict: both versions, and the forms with what was typed over the newer one."""
    # Two copies: a bound form writes what was typed into its instance, and the versions compare with what is stored.
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
    # Without the fields of study: of them `stored` has a manager and no value, which would always differ.
    found = [version for version in versions_of_form(form, stored) if version.label != label]
    theirs, mine = (sorted(map(str, rows)) for rows in (stored.fields.all(), form.cleaned_data["fields"]))
    return found if theirs == mine else [*found, Versions(label, ", ".join(theirs), ", ".join(mine))]
