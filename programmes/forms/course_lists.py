"""The course list of a programme: its rows, and what is added to it."""

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models.functions import Upper
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from members.forms.known import look_up_among
from members.models import University
from programmes.models import Course, Pathway, Programme, ProgrammeCourse

MOST_AT_ONCE = 40
SEMESTERS = [("", "–"), *((number, str(number)) for number in range(1, 13))]
BETWEEN_CODES = re.compile(r"[\n,;]+")
CELL = re.compile(r"rows-(\d{1,4})-(\w+)")


def semester_field() -> forms.TypedChoiceField:
    return forms.TypedChoiceField(label=_("Semester"), choices=SEMESTERS, coerce=int, empty_value=None, required=False)


class PlaceInTheList(forms.ModelForm):
    """Where a course stands; the pathways are read once for all rows."""

    semester = semester_field()

    class Meta:
        model = ProgrammeCourse
        fields = ["semester", "part", "group", "pathway"]
        help_texts = {"group": ""}

    def __init__(self, *args: Any, pathways: list[Pathway], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["pathway"]
        # The queryset alone would be asked for its choices, and for the chosen one, by each of up to 200 rows.
        field.queryset = Pathway.objects.filter(pk__in=[pathway.pk for pathway in pathways])
        look_up_among(field, pathways)
        field.choices = [("", _("all pathways")), *((pathway.pk, str(pathway)) for pathway in pathways)]

    def validate_constraints(self) -> None:
        """Whether a course stands twice is asked of the whole list: two rows may change pathways (ListRows.clean)."""
        try:
            self.instance.validate_constraints(exclude={*self._get_validation_exclusions(), "programme"})
        except ValidationError as error:
            self._update_errors(error)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("group") and cleaned.get("part") == ProgrammeCourse.Part.COMPULSORY:
            self.add_error("group", _("A compulsory course belongs to no group of electives."))
        return cleaned


class ListRows(forms.BaseInlineFormSet):
    """The rows that stand there; a course counts once for a pathway."""

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["DELETE"].label = _("Take out")

    def clean(self) -> None:
        """In place of Django's own look for rows that are alike, whose sentence names columns and not the course."""
        kept = [form for form in self.forms if form not in self.deleted_forms and hasattr(form, "cleaned_data")]
        # Asked of all rows together: for all pathways and for one of them is twice, though no constraint sees it.
        everywhere = [form.instance.course for form in kept if form.cleaned_data.get("pathway") is None]
        seen = set()
        for form in kept:
            place = (form.instance.course, form.cleaned_data.get("pathway"))
            if place in seen:
                raise ValidationError(_("%(course)s stands in the list twice."), params={"course": place[0]})
            seen.add(place)
            if form.cleaned_data.get("pathway") is not None and form.instance.course in everywhere:
                raise ValidationError(
                    _("%(course)s stands there for all pathways and for one; take one of them out."),
                    params={"course": form.instance.course},
                )


def still_standing(programme: Programme, data: QueryDict) -> dict[str, Any]:
    """What was sent of the rows that stand in the list now, numbered anew.

    A row that somebody took out meanwhile has no course to be drawn with, and a formset would take it for a new one.
    """
    rows: dict[int, dict[str, Any]] = defaultdict(dict)
    for key, value in data.items():
        if cell := CELL.fullmatch(key):
            rows[int(cell[1])][cell[2]] = value
    there = {str(pk) for pk in programme.course_list.values_list("pk", flat=True)}
    kept = [row for _number, row in sorted(rows.items()) if row.get("id") in there]
    sent = {f"rows-{number}-{name}": value for number, row in enumerate(kept) for name, value in row.items()}
    return sent | {"rows-TOTAL_FORMS": len(kept), "rows-INITIAL_FORMS": len(kept)}


def list_formset(programme: Programme, pathways: list[Pathway], data: Any = None) -> ListRows:
    """The rows of the programme's list, bound when there is `data`."""
    made = forms.inlineformset_factory(
        Programme, ProgrammeCourse, form=PlaceInTheList, formset=ListRows, extra=0, can_delete=True
    )
    rows = programme.course_list.joined().order_by("course__university__short_name", "semester", "course__code", "pk")
    return made(data, instance=programme, prefix="rows", queryset=rows, form_kwargs={"pathways": pathways})


class AddToListForm(PlaceInTheList):
    """Several courses of one partner for one place of the list, by their codes."""

    prefix = "new"
    field_order = ["university", "codes"]

    university = forms.ModelChoiceField(University.objects.none(), label=_("Taught at"), to_field_name="slug")
    codes = forms.CharField(
        label=_("Codes of the courses"), max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "autocapitalize": "characters", "spellcheck": "false"}),
        help_text=_("One a line, or with commas between them."),
    )  # fmt: skip

    def __init__(self, *args: Any, places: list[University], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["university"].queryset = University.objects.filter(pk__in=[place.pk for place in places])
        if len(places) == 1:
            self.initial["university"] = places[0].slug

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("university") and cleaned.get("codes"):
            cleaned["courses"] = self._courses(cleaned["university"], cleaned["codes"])
        return cleaned

    def _courses(self, university: University, typed: str) -> list[Course]:
        """The courses with these codes, in the order typed; what is not found is told."""
        codes = list(dict.fromkeys(code.strip().upper() for code in BETWEEN_CODES.split(typed) if code.strip()))
        if len(codes) > MOST_AT_ONCE:
            self.add_error("codes", _("Add at most 40 at once."))
            return []
        known = {course.key: course for course in _with_codes(university, codes)}
        unknown = [code for code in codes if code not in known]
        if unknown:
            words = _("%(university)s has no course with the code %(codes)s. It is added on its own list first.")
            self.add_error("codes", words % {"university": university, "codes": ", ".join(unknown)})
        return [known[code] for code in codes if code in known]


def _with_codes(university: University, codes: Iterable[str]) -> Iterable[Course]:
    rows = Course.objects.filter(university=university).alias(plain_code=Upper("code"))
    return rows.filter(plain_code__in=codes).select_related("university")
