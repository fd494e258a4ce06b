"""What organisers type about an event: what, when, where, who may come, its programme, its questions."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.forms.moments import PATTERN, LocalMomentField, at_zone, shown_at, zone_choices
from members.models import University
from members.zones import is_known_zone
from policy.models import Body, Event, EventQuestion, EventSeries, Material, ProgrammeItem

MOMENTS = (
    ("starts_local", "starts_at"),
    ("ends_local", "ends_at"),
    ("opens_local", "registration_opens_at"),
    ("closes_local", "registration_closes_at"),
)
LONGEST_DAYS = 60
A_DAY = timedelta(days=1)
# The column's own: no field of the form holds a single answer, so nothing else looks at its length.
LONGEST_ANSWER = EventQuestion._meta.get_field("choices").base_field.max_length


class EventForm(forms.ModelForm):
    """Everything about an event but its state; hours are typed on the clock of its own zone."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=zone_choices)
    starts_local = LocalMomentField(label=_("Begins"))
    ends_local = LocalMomentField(label=_("Ends"))
    opens_local = LocalMomentField(
        label=_("Registration opens"), required=False, help_text=_("Empty: as soon as the event is published.")
    )
    closes_local = LocalMomentField(
        label=_("Registration closes"), required=False, help_text=_("Empty: when the event begins.")
    )

    class Meta:
        model = Event
        fields = [
            "title", "summary", "description", "series", "body", "host", "place", "venue", "directions", "is_online",
            "online_url", "time_zone", "audience", "takes_registrations", "quota", "needs_approval", "contact_name",
            "contact_email",
        ]  # fmt: skip
        widgets = {
            "description": forms.Textarea(attrs={"rows": 6}),
            "directions": forms.Textarea(attrs={"rows": 4}),
        }

    def __init__(self, *args: Any, bodies: list[Body] | None = None, **kwargs: Any) -> None:
        """`bodies` are those whose events this person may run; None for all (the secretariat)."""
        super().__init__(*args, **kwargs)
        event = self.instance
        self.fields["series"].queryset = EventSeries.objects.all()
        if "host" in self.fields:
            # The host of an event of years ago may have left since: saving must not take it away unseen.
            present = University.objects.in_consortium(timezone.localdate())
            self.fields["host"].queryset = present | University.objects.filter(pk=event.host_id)
        if bodies is not None and "body" in self.fields:
            self.fields["body"].queryset = Body.objects.filter(pk__in=[body.pk for body in bodies])
            self.fields["body"].required = True  # without one it would be the secretariat's
        zone = event.time_zone or (event.host.time_zone if event.host_id else "Europe/Brussels")
        self.initial["time_zone"] = zone
        for local, moment in MOMENTS:
            self.initial[local] = shown_at(getattr(event, moment), zone)
        if event.pk:
            self.initial["version"] = event.version

    def clean_version(self) -> int:
        return self.cleaned_data["version"] or 0

    def clean(self) -> dict[str, Any]:
        """Make moments of the hours, each wrong one told at its field; one not touched keeps its seconds."""
        cleaned = super().clean()
        zone = cleaned.get("time_zone")
        for local, moment in MOMENTS:
            if zone and local in cleaned:
                self._set_moment(local, moment, zone)
        # Only when each hour is one: a moment that could not be read would be compared as the old one.
        if not self.errors:
            self._check_times()
        return cleaned

    def _set_moment(self, local: str, moment: str, zone: str) -> None:
        typed = self.cleaned_data[local]
        if typed and shown_at(getattr(self.instance, moment), zone) == typed.strftime(PATTERN):
            return
        try:
            setattr(self.instance, moment, at_zone(typed, zone) if typed else None)
        except ValidationError as wrong:
            self.add_error(local, wrong)

    def _check_times(self) -> None:
        event = self.instance
        if event.ends_at <= event.starts_at:
            self.add_error("ends_local", _("The event must end after it begins."))
        elif (event.ends_at - event.starts_at).days > LONGEST_DAYS:
            self.add_error("ends_local", _("More than two months after it begins: check the year."))
        closes = event.registration_closes_at
        if closes and event.registration_opens_at and closes <= event.registration_opens_at:
            self.add_error("closes_local", _("Registration must close after it opens."))
        if closes and closes > event.ends_at:
            self.add_error("closes_local", _("Registration must close before the event is over."))

    def touched(self) -> list[str]:
        """The columns that this form writes."""
        return [*self._meta.fields, *(moment for local, moment in MOMENTS if local in self.fields)]


class PracticalForm(forms.ModelForm):
    """What the host's office looks after: where it is and how one gets there."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Event
        fields = ["place", "venue", "directions", "is_online", "online_url"]
        widgets = {"directions": forms.Textarea(attrs={"rows": 6})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["version"] = self.instance.version

    def clean_version(self) -> int:
        return self.cleaned_data["version"] or 0

    def touched(self) -> list[str]:
        return [*self._meta.fields]


class ProgrammeItemForm(forms.ModelForm):
    """One line of the programme, its hours on the event's clock (`zone`)."""

    starts_local = LocalMomentField(label=_("From"))
    ends_local = LocalMomentField(label=_("Until"), required=False)

    class Meta:
        model = ProgrammeItem
        fields = ["title", "speaker", "room"]

    field_order = ["starts_local", "ends_local", "title", "speaker", "room"]

    def __init__(self, *args: Any, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone
        self.initial["starts_local"] = shown_at(self.instance.starts_at, zone)
        self.initial["ends_local"] = shown_at(self.instance.ends_at, zone)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for local, moment in (("starts_local", "starts_at"), ("ends_local", "ends_at")):
            typed = cleaned.get(local)
            try:
                setattr(self.instance, moment, at_zone(typed, self.zone) if typed else None)
            except ValidationError as wrong:
                self.add_error(local, wrong)
        first, last = self.instance.starts_at, self.instance.ends_at
        if first and last and last <= first:
            self.add_error("ends_local", _("It must end after it begins."))
        return cleaned


class RowSet(forms.BaseInlineFormSet):
    """Rows of an event; `wanted()` are those to keep, in the order of the page."""

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["DELETE"].label = _("Remove")

    def wanted(self) -> list[Any]:
        gone = set(self.deleted_forms)
        filled = [form for form in self.forms if form not in gone and (form.has_changed() or form.instance.pk)]
        return [form.instance for form in filled]


class ProgrammeRowSet(RowSet):
    def fits(self, event: Event) -> bool:
        """Whether every line lies in the days of the event, the evening before and the day after included; says which
        does not. Call it when the rows and the event's own hours are valid.
        """
        first, last = event.begins.date() - A_DAY, event.ends.date() + A_DAY
        outside = []
        for form in self.forms:
            item = form.instance
            if form in self.deleted_forms or item.starts_at is None:
                continue
            begins, ends = (at.astimezone(event.begins.tzinfo).date() for at in (item.starts_at, item.last_moment))
            if begins < first or ends > last:
                outside.append(form)
                form.add_error(
                    "starts_local" if begins < first or begins > last else "ends_local",
                    _("This is not in the days of the event (%(when)s).") % {"when": event.when},
                )
        return not outside


class QuestionForm(forms.ModelForm):
    """One question; the answers to choose from stand one a line."""

    answers = forms.CharField(
        label=_("Answers"), required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One a line, for “one of several”."),
    )  # fmt: skip

    class Meta:
        model = EventQuestion
        fields = ["text", "kind", "is_required"]

    field_order = ["text", "kind", "answers", "is_required"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["answers"] = "\n".join(self.instance.choices)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        lines = [line.strip() for line in cleaned.get("answers", "").splitlines() if line.strip()]
        chosen = cleaned.get("kind") == EventQuestion.Kind.CHOICE
        if chosen and (long := [line for line in lines if len(line) > LONGEST_ANSWER]):
            said = _("“%(start)s…” has %(n)d letters; %(most)d are allowed.")
            self.add_error("answers", said % {"start": long[0][:20], "n": len(long[0]), "most": LONGEST_ANSWER})
        elif chosen and len(set(lines)) < 2:
            self.add_error("answers", _("Give at least two answers, one a line."))
        # By hand, since one text of several lines is an array in its column; each answer once, in the order typed.
        self.instance.choices = list(dict.fromkeys(lines)) if chosen else []
        return cleaned


ProgrammeRows = forms.inlineformset_factory(
    Event, ProgrammeItem, form=ProgrammeItemForm, formset=ProgrammeRowSet, extra=2, max_num=80, validate_max=True
)
QuestionRows = forms.inlineformset_factory(
    Event, EventQuestion, form=QuestionForm, formset=RowSet, extra=1, max_num=8, validate_max=True
)


def zone_of(data: Any, event: Event) -> str:
    """The zone that was typed, where it is one, else the event's."""
    typed = data.get("time_zone", "") if data else ""
    return typed if is_known_zone(typed) else event.time_zone or "Europe/Brussels"


class CancelForm(forms.Form):
    reason = forms.CharField(
        label=_("Why does it not take place?"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Everybody who is registered, waits or is invited reads this."),
    )


class MaterialForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=160)
    audience = forms.ChoiceField(label=_("Who may read it"), choices=Material.Audience)
    file = forms.FileField(
        label=_("File"),
        help_text=_("PDF, PNG or JPEG."),
        widget=forms.FileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg"}),
    )

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if event.body_id is None:
            fits = [choice for choice in Material.Audience.choices if choice[0] != Material.Audience.BODY]
            self.fields["audience"].choices = fits


def as_text(moment: datetime | None, zone: str) -> str:
    """A moment as the conflict page shows it."""
    return shown_at(moment, zone).replace("T", " ") or "–"
