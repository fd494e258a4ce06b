"""Rounds and applications in the search box."""

from django.db.models import F, Func, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from applications.models import Application, Kind, Round
from members.finding import full_name
from members.models import Term, University, User
from members.searching import kinds
from members.searching.kinds import Watch, entries_of, line, texts_of, weighed, worded


def academic_year() -> Func:
    """2027 as people write it: 2027/28."""
    # In SQL: the entries of the search are written by triggers, also after a change that no Python has seen.
    following = Func(
        F("academic_year") + 1, template="lpad(mod(%(expressions)s, 100)::text, 2, '0')", output_field=TextField()
    )
    return line(Cast("academic_year", TextField()), following, by="/")


def rounds() -> QuerySet:
    return entries_of(
        Round.objects.all(),
        key="slug",
        title="title",
        names=line("university__name", "university__city"),
        subtitle=line("university__short_name", worded("kind", Kind), worded("term", Term), academic_year()),
        words="introduction",
        weight=weighed(Q(state=Round.State.PUBLISHED)),
    )


def applications() -> QuerySet:
    return entries_of(
        Application.objects.all(),
        key="reference",
        title=line(full_name("applicant"), "reference"),
        codes=texts_of("reference"),
        subtitle=line("round__title", "round__university__short_name"),
    )


def seen_applications(user: User) -> QuerySet:
    """One's own, the desk's, those one was asked to review, and those opened lately with a reason."""
    return Application.objects.visible_to(user)


def announce() -> None:
    kinds.register(
        kinds.Kind(
            key="round",
            label=_("Application rounds"),
            one=_("Application round"),
            room="exchange",
            model=Round,
            entries=rounds,
            visible_to=Round.objects.visible_to,
            url_name="applications:round_detail",
            watches=(
                Watch(
                    Round,
                    ("slug", "title", "university", "kind", "term", "academic_year", "introduction", "state"),
                ),
                Watch(University, ("short_name", "name", "city"), via="university_id"),
            ),
            order=50,
        )
    )
    kinds.register(
        kinds.Kind(
            key="application",
            label=_("Applications"),
            one=_("Application"),
            room="exchange",
            model=Application,
            entries=applications,
            visible_to=seen_applications,
            url_name="applications:application_detail",
            watches=(
                Watch(Application, ("reference", "applicant", "round")),
                Watch(User, ("given_name", "family_name"), via="applicant_id"),
                Watch(Round, ("title", "university"), via="round_id"),
                Watch(University, ("short_name",), via="round__university_id"),
            ),
            order=60,
            spells=False,  # names of people never enter the words that a correction is made of
        )
    )
