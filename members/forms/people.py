"""Forms about people: the student's own profile, confirming students, mandates, invitations."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.contrib.auth.forms import SetPasswordMixin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from members.actions.mandates import person_with
from members.forms.known import KnownRows
from members.models import Field, GradeScale, LanguageSkill, Role, StudentProfile, University, User
from members.zones import known_zones

LANGUAGES_AT_MOST = 12


class DayInput(forms.DateInput):
    """The browser's own day picker."""

    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


class HomeForm(forms.Form):
    """Which university of the consortium the student is enrolled at."""

    university = forms.ModelChoiceField(
        label=_("Home university"),
        queryset=University.objects.none(),
        help_text=_("Where you are enrolled for your degree, not where you want to go."),
    )

    def __init__(self, *args: Any, universities: QuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["university"].queryset = universities
        self.fields["university"].label_from_instance = lambda each: f"{each.short_name}, {each.city}"


class StudyForm(forms.ModelForm):
    """What an office compares when it chooses; every field may stay empty until an application needs it."""

    # Text, because on some scales people write letters; the scale says below how to read it.
    grade_average = forms.CharField(
        label=_("Average grade"), required=False, max_length=8, widget=forms.TextInput(attrs={"data-size": "short"})
    )

    class Meta:
        model = StudentProfile
        fields = [
            "student_number", "degree_programme", "level", "field", "semester", "ects_earned", "grade_scale",
            "grade_average",
        ]  # fmt: skip
        help_texts = {"grade_scale": _("The scale of your transcript.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        scale = self.instance.home_scale
        self.fields["field"].queryset = Field.objects.detailed()
        if self.instance.grade_scale is None:
            self.initial["grade_scale"] = scale
        if scale:
            self.fields["grade_average"].help_text = range_in_words(scale)
        if self.instance.grade_average is not None and scale:
            self.initial["grade_average"] = as_written(self.instance.grade_average, scale)

    def clean(self) -> dict[str, Any]:
        """The grade must lie on the scale; a letter is read by the scale's own letters."""
        cleaned = super().clean() or self.cleaned_data
        written = cleaned.get("grade_average", "").strip()
        cleaned["grade_average"] = None
        if written:
            scale = cleaned.get("grade_scale")
            if scale is None:
                self.add_error("grade_scale", _("Choose the scale of your average grade."))
            else:
                cleaned["grade_average"] = self._read_grade(written, scale)
        return cleaned

    def _read_grade(self, written: str, scale: GradeScale) -> Decimal | None:
        try:
            return grade_from(written, scale)
        except ValidationError as error:
            self.add_error("grade_average", error)
        return None

    def save(self, commit: bool = True) -> StudentProfile:
        """Write only the fields of this form, so that an office that confirms meanwhile is not written over."""
        self.instance.save(update_fields=StudyForm.Meta.fields)
        return self.instance

    def save_what_is_right(self) -> None:
        """Write the fields without an error while somebody still types; the others stay as they were."""
        wrong = set(self.errors)
        if wrong & GRADE:
            wrong |= GRADE  # an average means nothing on another scale than its own
        right = [name for name in StudyForm.Meta.fields if name not in wrong]
        self.instance.save(update_fields=right)


GRADE = {"grade_scale", "grade_average"}


class ProfileForm(StudyForm):
    """The student's own page: the studies, and the zone that deadlines are shown in."""

    time_zone = forms.ChoiceField(
        label=_("Time zone you live in"), required=False, help_text=_("Deadlines are shown in it beside their own.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["time_zone"].choices = [("", _("As my browser says")), *((z, z) for z in sorted(known_zones()))]
        self.initial["time_zone"] = self.instance.user.time_zone

    def save(self, commit: bool = True) -> StudentProfile:
        super().save(commit)
        user = self.instance.user
        user.time_zone = self.cleaned_data["time_zone"]
        user.save(update_fields=["time_zone"])
        return self.instance


def range_in_words(scale: GradeScale) -> str:
    """ "Italian 18 to 30: from 0 to 30, best 30, passed from 18." """
    low, high = sorted((scale.best, scale.worst))
    words = {"scale": scale.name, "low": plain(low), "high": plain(high), "best": plain(scale.best)}
    if scale.letters:
        return _now("%(scale)s: a letter from %(first)s to %(last)s, or a number from %(low)s to %(high)s.") % {
            **words, "first": scale.letters[0], "last": scale.letters[-1],
        }  # fmt: skip
    return _now("%(scale)s: a number from %(low)s to %(high)s, the best is %(best)s.") % words


def grade_from(written: str, scale: GradeScale) -> Decimal:
    """A grade as a student writes it on `scale`: a letter, or a number with point or comma. Raises ValidationError."""
    letter = written.strip().upper()
    if letter in scale.letters:
        return Decimal(len(scale.letters) - scale.letters.index(letter))
    try:
        grade = Decimal(letter.replace(",", ".")).quantize(Decimal("0.01"))
    except InvalidOperation:
        grade = None
    if grade is None or not grade.is_finite() or not scale.contains(grade):
        says = {"written": written, "range": range_in_words(scale)}
        raise ValidationError(_now("“%(written)s” does not fit. %(range)s") % says)
    return grade


def as_written(grade: Decimal, scale: GradeScale) -> str:
    """A stored grade as its student would type it: an average between two letters stays a number."""
    return scale.write(grade) if grade == grade.to_integral_value() else plain(grade)


def plain(number: Decimal) -> str:
    """Without the noughts of the column: 30.00 reads 30."""
    return f"{number.normalize():f}"


LanguageFormSet = forms.inlineformset_factory(
    StudentProfile, LanguageSkill, fields=["language", "level", "proof"], extra=1, max_num=LANGUAGES_AT_MOST,
    formset=KnownRows, can_delete_extra=False,
    labels={"language": _("Language"), "level": _("Level (CEFR)"), "proof": _("Proof")},
    widgets={"proof": forms.TextInput(attrs={"placeholder": _("IELTS 7.5")})},
)  # fmt: skip


class RefusalForm(forms.Form):
    """Why the office cannot confirm; the student reads it."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The student reads this and may ask again."),
    )


class PersonField(forms.EmailField):
    """An e-mail address that must belong to an account; gives the person."""

    def clean(self, value: Any) -> User | None:
        email = super().clean(value)
        if not email:
            return None
        person = person_with(email)
        if person is None:
            raise ValidationError(_("Nobody with the address “%(email)s” has an account."), params={"email": email})
        return person


class GiveForm(forms.Form):
    """Who gets which role from and until when."""

    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("Whoever has an account holds the mandate at once; others get an invitation by e-mail."),
    )
    role = forms.ChoiceField(label=_("Role"))
    starts_on = forms.DateField(label=_("First day"), widget=DayInput())
    ends_on = forms.DateField(label=_("Last day"), required=False, widget=DayInput(), help_text=_("Empty: open."))

    def __init__(self, *args: Any, roles: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [(role, Role(role).label) for role in roles]


class EndForm(forms.Form):
    """The last day of a mandate, and why."""

    last_day = forms.DateField(label=_("Last day"), widget=DayInput(), help_text=_("That day still counts."))
    reason = forms.CharField(label=_("Reason"), required=False, max_length=400)


class TakeBackForm(forms.Form):
    """Why a mandate that was given shall not count."""

    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=400, help_text=_("The person who was to hold it reads this.")
    )


class HandOverForm(forms.Form):
    """Who follows, from the day after the last day."""

    email = forms.EmailField(
        label=_("E-mail address of the successor"),
        help_text=_("Without an account they are invited, and hold the mandate when they accept."),
    )
    last_day = forms.DateField(
        label=_("Last day"), widget=DayInput(), help_text=_("The successor holds the mandate from the day after.")
    )


class DeputyForm(forms.Form):
    """Who stands in, and on which days."""

    deputy = PersonField(label=_("E-mail address of the deputy"), help_text=_("Somebody who has an account here."))
    first_day = forms.DateField(label=_("From"), required=False, widget=DayInput(), help_text=_("Empty: at once."))
    last_day = forms.DateField(
        label=_("Until"), required=False, widget=DayInput(), help_text=_("Empty: until further notice.")
    )


class AcceptForm(SetPasswordMixin, forms.Form):
    """What an invited person without an account gives to make one."""

    given_name = forms.CharField(
        label=_("Given name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "given-name"})
    )
    family_name = forms.CharField(
        label=_("Family name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "family-name"})
    )
    password1, password2 = SetPasswordMixin.create_password_fields(_("Password"), _("Password again"))

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self) -> dict[str, Any]:
        """The password is judged with the person's name and address in mind."""
        self.validate_passwords()
        names = {name: self.cleaned_data.get(name, "") for name in ("given_name", "family_name")}
        self.validate_password_for_user(User(email=self.email, **names))
        return super().clean() or self.cleaned_data
