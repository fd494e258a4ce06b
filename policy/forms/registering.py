"""What people type when they register or answer an invitation, and organisers when they invite or refuse."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from members.models import Role, University, User
from policy.models import Body, Event, EventQuestion, Registration


class RegisterForm(forms.Form):
    """For which university one comes, where one has several, and the event's own questions."""

    def __init__(
        self, *args: Any, questions: list[EventQuestion], homes: list[University], known: Registration | None = None
    ) -> None:
        super().__init__(*args)
        self.questions = questions
        self.homes = homes
        if len(homes) > 1:
            self.fields["university"] = forms.ModelChoiceField(
                University.objects.filter(pk__in=[home.pk for home in homes]),
                label=_("You come for"),
                initial=known.university_id if known and known.university_id else homes[0].pk,
            )
        for question in questions:
            self.fields[self._name(question)] = _field_of(question)
            self.initial[self._name(question)] = known.answers.get(str(question.pk), "") if known else ""

    @staticmethod
    def _name(question: EventQuestion) -> str:
        return f"question-{question.pk}"

    def university(self) -> University | None:
        """For whom the person comes; nobody where they belong to no university."""
        if "university" in self.fields:
            return self.cleaned_data["university"]
        return self.homes[0] if self.homes else None

    def answers(self) -> dict[str, Any]:
        """The answers as they are kept: by the key of the question, what was left empty is left out."""
        # By the key and not by the words: a question may be put better after the first have answered.
        found = {str(question.pk): self.cleaned_data[self._name(question)] for question in self.questions}
        return {key: value for key, value in found.items() if value not in ("", None)}


def _field_of(question: EventQuestion) -> forms.Field:
    kind = EventQuestion.Kind
    common = {"label": question.text, "required": question.is_required}
    if question.kind == kind.TEXT:
        return forms.CharField(max_length=300, **common)
    # Two buttons and no box: a box that is not ticked says no for who has not seen it.
    choices = [("yes", _("yes")), ("no", _("no"))]
    if question.kind == kind.CHOICE:
        choices = [(choice, choice) for choice in question.choices]
    blank = [] if question.is_required else [("", _("no answer"))]
    return forms.ChoiceField(choices=[*blank, *choices], widget=forms.RadioSelect, **common)


class AnswerForm(forms.Form):
    words = forms.CharField(
        label=_("A word to the organisers"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class DelegateForm(AnswerForm):
    """Somebody who acts for the same university today."""

    delegate = forms.ModelChoiceField(User.objects.none(), label=_("Who comes instead"))

    field_order = ["delegate", "words"]

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["delegate"].queryset = people


class InviteForm(forms.Form):
    """A role at universities, or everybody who sits in a body."""

    WHOM = (("role", _("a role at universities")), ("body", _("a body")))

    whom = forms.ChoiceField(label=_("Invite"), choices=WHOM, widget=forms.RadioSelect, initial="role")
    role = forms.ChoiceField(label=_("Role"), required=False)
    universities = forms.ModelMultipleChoiceField(
        University.objects.none(), label=_("At these universities"), required=False,
        widget=forms.CheckboxSelectMultiple, help_text=_("Nothing ticked: at every member."),
    )  # fmt: skip
    body = forms.ModelChoiceField(Body.objects.none(), label=_("Body"), required=False)

    def __init__(self, *args: Any, event: Event, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.day = day
        roles = [choice for choice in Role.choices if choice[0] not in Role.of_the_consortium]
        self.fields["role"].choices = roles
        self.fields["role"].initial = Role.HEAD
        self.fields["universities"].queryset = University.objects.in_consortium(day).order_by("short_name")
        self.fields["body"].queryset = Body.objects.existing(day)
        self.fields["body"].initial = event.body_id

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("whom") == "body" and not cleaned.get("body") and "body" not in self.errors:
            self.add_error("body", ValidationError(_("Choose the body whose members are invited.")))
        if cleaned.get("whom") == "role" and not cleaned.get("role") and "role" not in self.errors:
            self.add_error("role", ValidationError(_("Choose the role that is invited.")))
        return cleaned

    def invited_universities(self) -> list[University]:
        chosen = list(self.cleaned_data["universities"])
        # Full members: associates and partners can be ticked, but are not meant by "every member".
        return chosen or list(University.objects.members(self.day).order_by("short_name"))


class RefuseForm(forms.Form):
    reason = forms.CharField(
        label=_("Why"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}), help_text=_("The person reads this.")
    )
