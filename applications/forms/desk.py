"""Forms of the office and of reviewers: a check, a document, points, a decision, a letter."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from applications.models import (
    Appeal,
    Application,
    Choice,
    Decision,
    DocumentRequirement,
    LetterTemplate,
    Review,
    Round,
)
from applications.models.appeals import LONGEST
from applications.models.rounds import REASON_LENGTH
from members.models import Mandate, Role, User


class ReasonForm(forms.Form):
    """One reason in words."""

    reason = forms.CharField(label=_("Reason"), max_length=REASON_LENGTH, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(
        self, *args: Any, label: Any = None, help_text: Any = "", required: bool = True, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["reason"]
        field.label, field.help_text, field.required = label or field.label, help_text, required


class ShareForm(forms.Form):
    """A link to one file for somebody without an account."""

    whom = forms.CharField(
        label=_("For whom"), max_length=160,
        help_text=_("Name and organisation. The student reads it in the timeline."),
    )  # fmt: skip
    days = forms.IntegerField(
        label=_("Works for how many days"), min_value=1, max_value=30, initial=14,
        widget=forms.NumberInput(attrs={"data-size": "short"}),
    )  # fmt: skip


class DocumentAskForm(forms.Form):
    """A document that the round did not ask of everybody."""

    name = forms.CharField(label=_("Document"), max_length=120)
    help = forms.CharField(label=_("What it must show"), max_length=300, required=False)
    needed = forms.ChoiceField(
        label=_("When"), choices=DocumentRequirement.Needed, initial=DocumentRequirement.Needed.LATER
    )


def reviewers_of(round: Round) -> Any:
    """People with a reviewer's mandate today at the university that runs the round."""
    held = Mandate.objects.in_force(timezone.localdate()).held_at(round.university, Role.REVIEWER)
    return User.objects.filter(pk__in=held.values("person"), is_active=True)


class ReviewerForm(forms.Form):
    """Whom to ask for points."""

    reviewer = forms.ModelChoiceField(
        label=_("Reviewer"), queryset=User.objects.none(), empty_label=_("Choose a person")
    )

    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = application.reviews.values("reviewer")
        self.fields["reviewer"].queryset = reviewers_of(application.round).exclude(pk__in=asked)


class AssignForm(forms.Form):
    """Share all applications of a round among some reviewers."""

    reviewers = forms.ModelMultipleChoiceField(
        label=_("Reviewers"), queryset=User.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    per_application = forms.IntegerField(label=_("Reviews per application"), min_value=1, max_value=5, initial=2)

    def __init__(self, *args: Any, round: Round, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = reviewers_of(round)
        self.fields["reviewers"].queryset = people
        self.fields["reviewers"].initial = people
        self.fields["per_application"].help_text = _("Those with the fewest open reviews are asked first.")


def at_most(points: int) -> str:
    return ngettext("At most %(n)d point.", "At most %(n)d points.", points) % {"n": points}


class ReviewForm(forms.Form):
    """The points of one review, a field per criterion, and words for the office and for the applicant."""

    comment = forms.CharField(
        label=_("For the office"), required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Only the office reads this."),
    )  # fmt: skip
    feedback = forms.CharField(
        label=_("For the applicant"), required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The applicant reads this after the decisions are released, without your name."),
    )  # fmt: skip

    def __init__(self, *args: Any, review: Review, criteria: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        given = {score.criterion_id: score.points for score in review.scores.all()}
        self.criteria = criteria
        for criterion in criteria:
            self.fields[f"points_{criterion.pk}"] = forms.DecimalField(
                label=criterion.name,
                help_text=criterion.help,
                min_value=Decimal(0),
                max_value=criterion.max_points,
                decimal_places=1,
                max_digits=5,
                initial=given.get(criterion.pk),
                error_messages={"max_value": at_most(criterion.max_points)},
            )
        self.fields["comment"].initial, self.fields["feedback"].initial = review.comment, review.feedback
        self.order_fields([f"points_{criterion.pk}" for criterion in criteria])

    @property
    def points(self) -> dict[int, Decimal]:
        """Points by the criterion's pk, once valid."""
        return {criterion.pk: self.cleaned_data[f"points_{criterion.pk}"] for criterion in self.criteria}


class DecisionForm(forms.Form):
    """One decision by hand."""

    outcome = forms.ChoiceField(label=_("Outcome"), choices=LetterTemplate.Outcome, widget=forms.RadioSelect)
    choice = forms.ModelChoiceField(
        label=_("Place that is offered"), queryset=Choice.objects.none(), required=False, empty_label=_("No place")
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=REASON_LENGTH, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The applicant reads it; give the numbers."),
    )  # fmt: skip

    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = application.choices.select_related("option__host")
        self.fields["choice"].queryset = choices
        self.fields["choice"].label_from_instance = lambda choice: (
            f"{choice.rank}. {choice.option.host.short_name}, {choice.option.what}"
        )
        decision = Decision.objects.filter(application=application).first()
        if decision:
            self.initial |= {"outcome": decision.outcome, "choice": decision.choice_id, "reason": decision.reason}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("outcome") == LetterTemplate.Outcome.OFFER and not cleaned.get("choice"):
            self.add_error("choice", _("Choose the place that is offered."))
        return cleaned


class AppealAnswerForm(forms.Form):
    """The answer to an appeal; what cannot be done for this application is not offered."""

    DISMISS = "dismiss"
    OUTCOMES = (
        (Appeal.Remedy.PLACE, _("Uphold it: offer a place that is free")),
        (Appeal.Remedy.WAIT, _("Uphold it: put the student on the waiting list")),
        (DISMISS, _("Dismiss it: the decision stands")),
    )

    outcome = forms.ChoiceField(label=_("Answer"), widget=forms.RadioSelect)
    choice = forms.ModelChoiceField(
        label=_("Place that is offered"), queryset=Choice.objects.none(), required=False, empty_label=_("No place"),
        help_text=_("Counts only where you offer one."),
    )  # fmt: skip
    reasons = forms.CharField(
        label=_("Reasons"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("The student reads them. Take up each point of the appeal."),
    )  # fmt: skip

    def __init__(self, *args: Any, application: Application, left: dict[int, int], **kwargs: Any) -> None:
        """`left` says how many places each option still has."""
        super().__init__(*args, **kwargs)
        choices = list(application.choices.select_related("option__host"))
        free = [choice.pk for choice in choices if left[choice.option_id] > 0]
        possible = {
            Appeal.Remedy.PLACE: application.can("offer_on_appeal") and bool(free),
            Appeal.Remedy.WAIT: application.can("wait_on_appeal") and not free,
            self.DISMISS: True,
        }
        self.fields["outcome"].choices = [pair for pair in self.OUTCOMES if possible[pair[0]]]
        if not possible[Appeal.Remedy.PLACE]:
            del self.fields["choice"]
            return
        self.fields["choice"].initial = free[0]  # the highest that has a place left
        self.fields["choice"].queryset = Choice.objects.filter(pk__in=free).select_related("option__host")
        self.fields["choice"].label_from_instance = lambda choice: f"{choice.rank}. {choice.option.place}"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        # A choice that was taken meanwhile has its own error already, and must not be asked for once more.
        if cleaned.get("outcome") == Appeal.Remedy.PLACE and not cleaned.get("choice") and "choice" not in self.errors:
            self.add_error("choice", _("Choose the place that is offered."))
        return cleaned


class LetterForm(forms.Form):
    """The words of one letter before it leaves."""

    subject = forms.CharField(label=_("Subject"), max_length=160)
    letter = forms.CharField(label=_("Letter"), widget=forms.Textarea(attrs={"rows": 18}))
