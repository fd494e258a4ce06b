"""The lists about people: who holds which mandate, and the students of an office."""

from datetime import date
from typing import Any

from django.db.models import Case, CharField, F, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _

from members.folding import Fold, fold
from members.lists import Catalogue, Facet
from members.models import Erasure, Mandate, Role, StudentProfile, StudyLevel, University

IN_FORCE, COMING, ENDED, TAKEN_BACK = "now", "coming", "ended", "taken_back"
STANDINGS = {IN_FORCE: _("In force"), COMING: _("Coming"), ENDED: _("Ended"), TAKEN_BACK: _("Taken back")}
WAITING_FIRST = Case(When(state=StudentProfile.State.WAITING, then=0), default=1)


def named_like(path: str, typed: str) -> Q:
    """People at `path` whose name or address holds every word of `typed`, accents and case aside."""
    found = Q()
    for word in fold(typed).split():
        found &= Q(**{f"{path}_words__contains": word})
    return found


def words_of(path: str) -> Fold:
    blank = Value(" ")
    parts = [f"{path}__given_name", f"{path}__family_name", f"{path}__email"]
    return Fold(Concat(parts[0], blank, parts[1], blank, parts[2], output_field=TextField()))


def university_names(slugs: list[str]) -> dict[str, str]:
    return dict(University.objects.filter(slug__in=slugs).values_list("slug", "short_name"))


def standing_on(day: date) -> Case:
    """Whether a mandate is in force, coming or ended on `day`, or was taken back and counts on no day."""
    return Case(
        When(taken_back_at__isnull=False, then=Value(TAKEN_BACK)),
        When(starts_on__gt=day, then=Value(COMING)),
        When(ends_on__lt=day, then=Value(ENDED)),
        default=Value(IN_FORCE),
        output_field=CharField(),
    )


class MandateCatalogue(Catalogue):
    """Who holds what, where, since when; `day` says what "in force" means."""

    when = Facet(label=_("When"), path=Value(""), labels=lambda values: STANDINGS)
    role = Facet(label=_("Role"), path="role", labels=Role)
    university = Facet(label=_("University"), path="university__slug", labels=university_names)

    sorts = {
        "university": (
            _("University"),
            # Roles of the consortium have no university and stand first.
            (F("university__short_name").asc(nulls_first=True), "role", "-starts_on", "pk"),
        ),
        "newest": (_("Newest first"), ("-starts_on", "pk")),
        "ending": (_("Ending soon"), (F("ends_on").asc(nulls_last=True), "pk")),
    }
    columns = {
        _("University"): lambda mandate: mandate.university.short_name if mandate.university else "CLUSTER",
        _("Role"): "get_role_display",
        _("Person"): "person.get_full_name",
        _("E-mail"): "person.email",
        _("From"): "starts_on",
        _("Until"): "ends_on",
        _("Taken back on"): "taken_back_at",
        _("Deputy"): "deputy.get_full_name",
    }

    class Meta:
        model = Mandate
        fields: list[str] = []

    def __init__(self, *args: Any, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # django-filter copies the filters for each list, so the day of one request is not that of the next.
        self.filters["when"].path = standing_on(day)

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.alias(person_words=words_of("person")).filter(named_like("person", value))


class StudentCatalogue(Catalogue):
    """The students of an office, those who wait for confirmation first."""

    state = Facet(label=_("State"), path="state", labels=StudentProfile.State)
    level = Facet(label=_("Level"), path="level", labels=StudyLevel)
    university = Facet(label=_("University"), path="university__slug", labels=university_names)

    sorts = {
        "waiting": (_("Waiting first"), (WAITING_FIRST, "asked_at", "pk")),
        "name": (_("Name"), ("user__family_name", "user__given_name", "pk")),
        "newest": (_("Newest first"), ("-asked_at", "pk")),
    }
    columns = {
        _("Student"): "user.get_full_name",
        _("E-mail"): "user.email",
        _("Student number"): "student_number",
        _("Degree programme"): "degree_programme",
        _("Level"): "get_level_display",
        _("University"): "university.short_name",
        _("State"): "get_state_display",
        _("Asked on"): "asked_at",
        _("Confirmed on"): "confirmed_at",
    }

    class Meta:
        model = StudentProfile
        fields: list[str] = []

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        people = queryset.alias(user_words=words_of("user"))
        return people.filter(named_like("user", value) | Q(student_number__iexact=value.strip()))


class ErasureCatalogue(Catalogue):
    """People who ask to be erased, the longest waiting first; who was erased has no name to be found by."""

    state = Facet(label=_("State"), path="state", labels=Erasure.State)

    sorts = {
        "waiting": (_("Waiting first"), (Case(When(state=Erasure.State.ASKED, then=0), default=1), "asked_at", "pk")),
        "newest": (_("Newest first"), ("-asked_at", "pk")),
    }
    columns = {
        _("Person"): "user.get_full_name",
        _("State"): "get_state_display",
        _("Asked on"): "asked_at",
        _("Answer by"): "answer_by",
        _("Decided on"): "decided_at",
        _("Decided by"): "decided_by.get_full_name",
    }

    class Meta:
        model = Erasure
        fields: list[str] = []

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.alias(user_words=words_of("user")).filter(named_like("user", value))
