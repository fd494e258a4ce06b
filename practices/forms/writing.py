"""The form in which a practice is written."""

from collections import defaultdict
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from members.models import Mandate, University, User
from practices.content import FRAME, Content, plain
from practices.models import SHARING, EvidenceLink, PracticeVersion, Topic

MOST_TOPICS = 5
MOST_LINKS = 12


def grouped(topics: list[Topic]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Topics under the names of their pillars."""
    groups: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for topic in topics:
        groups[topic.pillar.name].append((topic.pk, topic.name))
    return list(groups.items())


def colleagues(university: University, day: date, *also: User) -> Any:
    """Who may be named as the one to ask: those who act for the university on `day`, and those in `also`."""
    acting = Mandate.objects.in_force(day).held_at(university, *SHARING).values("person")
    return User.objects.filter(pk__in=[*acting.values_list("person", flat=True), *(person.pk for person in also)])


class PracticeForm(forms.ModelForm):
    """The fixed frame of a version; its links come in a formset, its files one by one."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    topics = forms.ModelMultipleChoiceField(
        Topic.objects.none(), label=_("Topics"), widget=forms.CheckboxSelectMultiple, required=False,
        help_text=_("Where readers look for it: one to five."),
    )  # fmt: skip

    class Meta:
        model = PracticeVersion
        fields = [*FRAME]
        widgets = {
            **{
                name: forms.Textarea(attrs={"rows": rows})
                for name, rows in (
                    ("problem", 5), ("context", 4), ("done", 8), ("resources", 3), ("result", 5), ("evidence", 3),
                    ("conditions", 5),
                )
            },
            "summary": forms.Textarea(attrs={"rows": 2}),
            "maturity": forms.RadioSelect,
        }  # fmt: skip

    def __init__(self, *args: Any, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        topics = list(Topic.objects.to_choose())
        self.fields["topics"].queryset = Topic.objects.to_choose()
        self.fields["topics"].choices = grouped(topics)
        # Who is named already stays a choice after they left: else nothing could be saved without naming another one.
        self.fields["contact"].queryset = colleagues(self.instance.practice.university, day, self.instance.contact)
        self.fields["contact"].empty_label = None
        self.initial["topics"] = [topic.pk for topic in self.instance.topics.all()]
        self.initial["version"] = self.instance.version

    def clean_version(self) -> int:
        return self.cleaned_data["version"] or 0

    def clean_topics(self) -> list[Topic]:
        chosen = list(self.cleaned_data["topics"])
        if len(chosen) > MOST_TOPICS:
            raise ValidationError(
                _("%(n)d topics are chosen; choose the %(most)d that fit best.")
                % {"n": len(chosen), "most": MOST_TOPICS}
            )
        return chosen


class LinkForm(forms.ModelForm):
    class Meta:
        model = EvidenceLink
        fields = ["label", "url"]


# Not a model formset: links have no identity of their own, each save writes them anew (save_version).
class LinkFormSet(forms.BaseFormSet):
    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["DELETE"].label = _("Remove")

    def clean(self) -> None:
        """One address stands in the list once."""
        seen = [link.url for link in self.wanted()]
        twice = next((url for url in seen if seen.count(url) > 1), None)
        if twice:
            raise ValidationError(_("“%(url)s” stands in the list twice.") % {"url": twice})

    def wanted(self) -> list[EvidenceLink]:
        """The links to keep, unsaved, in the order of the page; rows with an error are left out."""
        rows = [form.cleaned_data for form in self.forms if form.has_changed() or form.initial]
        kept = [row for row in rows if row.get("url") and row.get("label") and not row.get("DELETE")]
        return [EvidenceLink(label=row["label"], url=row["url"]) for row in kept]


Links = forms.formset_factory(
    LinkForm, formset=LinkFormSet, extra=2, max_num=MOST_LINKS, validate_max=True, can_delete=True
)


def links_for(version: PracticeVersion, data: Any) -> LinkFormSet:
    initial = [{"label": link.label, "url": link.url} for link in version.links.all()]
    return Links(data, initial=initial, prefix="links")


def typed(form: PracticeForm, links: LinkFormSet, stored: Content) -> Content:
    """What a valid form holds, as the content of a version; its files are those that are stored."""
    version = form.instance
    return {
        **{name: plain(version, name) for name in FRAME},
        "topics": sorted(topic.pk for topic in form.cleaned_data["topics"]),
        "links": [[link.label, link.url] for link in links.wanted()],
        "files": stored["files"],
    }
