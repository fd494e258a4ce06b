"""An intake with its window, typed on the clock of its own time zone, and the seats of each pathway."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.forms.moments import at_zone
from members.models import University
from members.zones import is_known_zone
from programmes.models import Intake, Pathway

WINDOW = ("opens_at", "closes_at", "time_zone")


class ClockField(forms.DateTimeField):
    """A day and hour without a zone; the form knows whose clock it is on."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def to_python(self, value: Any) -> datetime | None:
        with timezone.override(UTC):  # Django would read a bare hour on the reader's own clock
            read = super().to_python(value)
        return read.replace(tzinfo=None) if read else None


class IntakeForm(forms.ModelForm):
    """The window is not shown once the application round of the intake is public: then it is edited there."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    opens_at = ClockField(label=_("Opens"))
    closes_at = ClockField(label=_("Closes"), help_text=_("Both on the clock of the time zone below."))

    class Meta:
        model = Intake
        fields = ["academic_year", "term", "home", *WINDOW, "note"]

    def __init__(self, *args: Any, pathways: list[Pathway], partners: list[University], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pathways = pathways
        self.fields["home"].queryset = University.objects.filter(pk__in=[place.pk for place in partners])
        self.fields["home"].empty_label = _("all partners")
        self.initial["version"] = self.instance.version
        self._show_window(partners)
        seats = {seats.pathway_id: seats.places for seats in self.instance.seats.all()} if self.instance.pk else {}
        for pathway in pathways:
            self.fields[f"places_{pathway.key}"] = forms.IntegerField(
                label=str(pathway), min_value=0, max_value=500, required=False, initial=seats.get(pathway.pk)
            )

    def _show_window(self, partners: list[University]) -> None:
        if self.instance.pk and not self.instance.takes_round_changes:
            for name in WINDOW:
                del self.fields[name]
            return
        known = list(dict.fromkeys([self.instance.time_zone, *(place.time_zone for place in partners)]))
        self.fields["time_zone"] = forms.ChoiceField(
            label=_("Time zone"), choices=[(zone, zone.replace("_", " ")) for zone in known if zone]
        )
        if self.instance.pk:
            zone = ZoneInfo(self.instance.time_zone)
            for name in ("opens_at", "closes_at"):
                self.initial[name] = getattr(self.instance, name).astimezone(zone).replace(tzinfo=None)

    @property
    def seat_fields(self) -> list[Any]:
        return [self[f"places_{pathway.key}"] for pathway in self.pathways]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        zone = cleaned.get("time_zone", "")
        for name in ("opens_at", "closes_at"):
            if cleaned.get(name):
                self._set_moment(name, cleaned, zone if is_known_zone(zone) else "UTC")
        if cleaned.get("opens_at") and cleaned.get("closes_at") and cleaned["opens_at"] >= cleaned["closes_at"]:
            self.add_error("closes_at", _("The window must open before it closes."))
        return cleaned

    def _set_moment(self, name: str, cleaned: dict[str, Any], zone: str) -> None:
        try:
            cleaned[name] = at_zone(cleaned[name], zone)
        except ValidationError as unclear:
            self.add_error(name, unclear)

    def places(self) -> dict[int, int]:
        """The places typed, by pathway (pk); an empty field is none."""
        return {pathway.pk: self.cleaned_data[f"places_{pathway.key}"] or 0 for pathway in self.pathways}


def usual_window(now: datetime) -> dict[str, Any]:
    """What a new intake begins with: opening tomorrow morning, for eight weeks, for the year after next autumn."""
    opens = (now + timedelta(days=1)).replace(hour=8, minute=0, second=0, microsecond=0, tzinfo=None)
    closes = (opens + timedelta(weeks=8)).replace(hour=23, minute=59)
    return {"academic_year": now.year + 1, "term": "autumn", "opens_at": opens, "closes_at": closes}
