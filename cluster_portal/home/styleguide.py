"""The living style page: every part of a page, and every kind of page, light and dark. It exists only with DEBUG."""

from datetime import UTC, datetime

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import render

from cluster_portal.home.style_samples import facets, page_samples, samples

SCHEMES = ("light", "dark")
PAGES = {  # what a page of the portal extends, and the words of the link to a sample of it
    "list": "A list",
    "table": "A list as a table",
    "object": "One object",
    "form": "A form",
    "question": "A question before an act",
    "incomplete": "A question that cannot be asked yet",
    "plain": "A page of its own",
    "trouble": "A bad day",
}


class SampleForm(forms.Form):
    """One field of each kind; bound with gaps, it shows its errors."""

    title = forms.CharField(help_text="As students will read it in the catalogue.")
    starts_on = forms.DateField(label="First day", widget=forms.DateInput(attrs={"type": "date"}))
    places = forms.IntegerField(min_value=1, help_text="How many students you can take.")
    level = forms.ChoiceField(choices=[("", "Choose a level"), ("7", "Master"), ("8", "Doctorate")])
    words = forms.CharField(label="Description", widget=forms.Textarea, required=False)
    terms = forms.MultipleChoiceField(
        choices=[("a", "Autumn"), ("s", "Spring")], widget=forms.CheckboxSelectMultiple, label="Terms"
    )
    answer = forms.ChoiceField(
        choices=[("y", "Yes, with conditions"), ("n", "No")], widget=forms.RadioSelect, label="Your answer"
    )
    transcript = forms.FileField(help_text="PDF, up to 10 MB.", required=False)
    agreed = forms.BooleanField(label="The facts are right", help_text="Your name and the day are shown beside them.")


class SampleRow(forms.Form):
    language = forms.ChoiceField(choices=[("", "Choose one"), ("en", "English"), ("it", "Italian")])
    cefr = forms.ChoiceField(choices=[("", "–"), ("B2", "B2"), ("C1", "C1")], label="Level", required=False)


SampleRows = forms.formset_factory(SampleRow, extra=1, can_delete=True)


@login_not_required
def styleguide(request):
    """Every part with sample content; the same template twice, once in each scheme."""
    context = samples(datetime.now(UTC))
    wrong = {"title": "", "starts_on": "2026-13-45", "places": "0", "terms": ["x"], "answer": "", "level": ""}
    context["pages"] = PAGES
    context["schemes"] = [
        {
            "name": name,
            "form": SampleForm(prefix=name),
            "wrong": _bound(wrong, f"{name}-wrong"),
            "rows": SampleRows(prefix=f"{name}-rows", initial=[{"language": "en", "cefr": "C1"}]),
            "wrong_rows": _bound_rows(f"{name}-wrong-rows"),
            "facets": facets(name),
        }
        for name in SCHEMES
    ]
    return render(request, "styleguide/styleguide.html", context)


@login_not_required
def style_page(request, name, scheme):
    """A whole page of the kind `name` in one scheme, with sample content."""
    if name not in PAGES or scheme not in SCHEMES:
        raise Http404
    context = samples(datetime.now(UTC)) | page_samples() | {"theme": scheme, "form": SampleForm()}
    if name == "incomplete":
        context["missing"] = ["A summary", "At least one place", "The day on which applications close"]
    return render(request, f"styleguide/pages/{name}.html", context)


def _bound(values, prefix):
    return SampleForm({f"{prefix}-{key}": value for key, value in values.items()}, prefix=prefix)


def _bound_rows(prefix):
    """One row in which the language is missing."""
    counts = {f"{prefix}-TOTAL_FORMS": "1", f"{prefix}-INITIAL_FORMS": "0"}
    return SampleRows(counts | {f"{prefix}-0-language": "", f"{prefix}-0-cefr": "C1"}, prefix=prefix)
