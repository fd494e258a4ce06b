"""What a student types: the motivation, a change of the choices, a file, a reason."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.models import AppealFile, Application, Choice
from applications.models.appeals import LONGEST, SHORTEST
from applications.models.rounds import REASON_LENGTH


class NeededToSubmit(forms.CharField):
    """Needed in the end, and drawn so, but a draft is kept without it too."""

    def validate(self, value: str) -> None:
        """Nothing is refused while it is a draft."""


class MotivationForm(forms.ModelForm):
    """Kept as typed, complete or not; what is missing is told on the last step."""

    use_required_attribute = False  # the browser would keep back a draft that has no motivation yet
    motivation = NeededToSubmit(label=_("Motivation"), widget=forms.Textarea(attrs={"rows": 14}))
    version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = Application
        fields = ["motivation", "referee", "phone", "notes"]
        widgets = {"notes": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "phone": _("With the country code. Only for urgent questions."),
            "notes": _("For example support you need, or dates that the office should know."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = self.instance.version
        most = self.instance.round.motivation_words
        self.fields["motivation"].help_text = _(
            "%(most)d words at most. Why this place, what you will study there, and what it is for."
        ) % {"most": most}

    @property
    def typed(self) -> dict[str, str]:
        """What may be kept as it was typed; a field with an error is not among it."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields if name in self.cleaned_data}

    def is_stored_in(self, application: Application) -> bool:
        """Whether the row holds what the form says already: then nothing would be overwritten."""
        return all(getattr(application, name) == value for name, value in self.typed.items())

    def _post_clean(self) -> None:
        """The action writes the row under its lock, so the form leaves the instance alone."""


MOVES = ("add", "up", "down", "remove")


class ChoiceChange(forms.Form):
    """One press of a button on the choices page: `do` is "add:12", "up:12", "down:12" or "remove:12"."""

    version = forms.IntegerField()
    # Twelve digits are more than a key has; what is longer never was one.
    do = forms.RegexField(rf"^({'|'.join(MOVES)}):\d{{1,12}}$")

    def order_after(self, application: Application) -> list[int]:
        """The option pks in the order that the press asks for; a move beyond an end changes nothing."""
        move, option = self.cleaned_data["do"].split(":")
        order, pk = list(Choice.objects.filter(application=application).values_list("option", flat=True)), int(option)
        if move == "add":
            return order if pk in order else [*order, pk]
        if pk not in order:
            return order
        at = order.index(pk)
        order.remove(pk)
        if move == "remove":
            return order
        order.insert(max(0, at - 1) if move == "up" else at + 1, pk)
        return order


class DocumentForm(forms.Form):
    """A file for one slot."""

    file = forms.FileField(label=_("File"), help_text=_("PDF, PNG or JPEG."))


class ManyFiles(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files from one control, as a list."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = data if isinstance(data, list) else [data]
        # Django's field looks at one file: each is cleaned by itself, as its documentation does it.
        return [file for file in (super(FilesField, self).clean(each, initial) for each in files) if file]


class AppealForm(forms.Form):
    """Why the decision is wrong, and papers that show it."""

    grounds = forms.CharField(
        label=_("Why the decision is wrong"), min_length=SHORTEST, max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_("What was overlooked or judged wrongly, with numbers if there are any. 3000 characters at most."),
    )  # fmt: skip
    files = FilesField(
        label=_("Papers"), required=False, widget=ManyFiles(attrs={"accept": AppealFile.PDF}),
        help_text=_("Up to three PDF files, if they show it. Choose them together."),
    )  # fmt: skip

    def clean_files(self) -> list[Any]:
        files = self.cleaned_data["files"]
        if len(files) > AppealFile.MOST:
            raise forms.ValidationError(_("Three files at most."))
        return files


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=REASON_LENGTH, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The office reads it. You may leave it empty."),
    )  # fmt: skip
