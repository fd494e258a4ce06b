"""The people directory as a list: who it shows, by which facets, and what an export of it holds."""

from typing import Any

from django.db.models import Func, QuerySet, TextField, Value
from django.db.models.functions import Concat
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.folding import Fold, fold
from members.lists import Catalogue, Facet
from members.models import Expert, Role
from members.people_filters import university_names

SAID = (
    "user__given_name", "user__family_name", "headline", "unit__name", "university__name", "university__short_name",
)  # fmt: skip


def directory_for(user: Any) -> QuerySet:
    """The rows of the directory as `user` sees it today, each with `roles`."""
    seen = Expert.objects.visible_to(user).with_roles(timezone.localdate())
    return seen.select_related("user", "university", "unit")


def _words() -> Fold:
    """What can be searched is what stands on the profile; an e-mail address never does."""
    parts: list[Any] = [Func("keywords", Value(" "), function="array_to_string", output_field=TextField())]
    for path in SAID:
        parts += [Value(" "), path]
    return Fold(Concat(*parts, output_field=TextField()))


class ExpertCatalogue(Catalogue):
    """People who publish a profile."""

    expertise = Facet(label=_("Expertise"), path="keywords", array=True)
    university = Facet(label=_("University"), path="university__slug", labels=university_names)
    role = Facet(label=_("Role"), path="roles", labels=Role, array=True)

    sorts = {
        "name": (_("name"), ("user__family_name", "user__given_name", "pk")),
        "university": (_("university"), ("university__short_name", "user__family_name", "pk")),
        "newest": (_("newest first"), ("-published_at", "pk")),
    }
    # Neither addresses nor anything else of the account: an export is what the page shows.
    columns = {
        _("Name"): "user.get_full_name",
        _("What they do"): "headline",
        _("University"): "university.name",
        _("School or department"): "unit.name",
        _("Roles"): lambda expert: ", ".join(str(Role(role).label) for role in expert.roles),
        _("Expertise"): lambda expert: ", ".join(expert.keywords),
        _("About"): "text",
    }

    class Meta:
        model = Expert
        fields: list[str] = []

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        found = queryset.alias(said=_words())
        for word in fold(value).split():
            found = found.filter(said__contains=word)
        return found
