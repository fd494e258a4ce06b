"""Cotutelles in the search box, for those who may see them: the candidate, the supervisors, the desks of both sides."""

from django.db.models import OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from members.finding import full_name
from members.models import Field, University, User
from members.searching import kinds
from members.searching.kinds import Watch, entries_of, joined, line, texts_of
from programmes.models import Cotutelle, CotutelleSupervisor


def cotutelles() -> QuerySet:
    supervisors = CotutelleSupervisor.objects.filter(cotutelle=OuterRef("pk")).order_by("side", "pk")
    return entries_of(
        Cotutelle.objects.all(),
        key="reference",
        title="title",
        codes=texts_of("reference"),
        names=line(full_name("candidate"), joined(supervisors, "name", by=", ")),
        subtitle=line(full_name("candidate"), line("home__short_name", "partner__short_name", by=" – "), "reference"),
        words=line("home__name", "partner__name", "field__name"),
    )


def register() -> None:
    kinds.register(
        kinds.Kind(
            key="cotutelle",
            label=_("Cotutelles"),
            one=_("Cotutelle"),
            room="programmes",
            model=Cotutelle,
            entries=cotutelles,
            visible_to=Cotutelle.objects.visible_to,
            url_name="programmes:cotutelle_detail",
            watches=(
                Watch(Cotutelle, ("reference", "title", "candidate", "home", "partner", "field")),
                Watch(CotutelleSupervisor, ("cotutelle", "name", "side"), owner="cotutelle"),
                Watch(User, ("given_name", "family_name"), via="candidate_id"),
                Watch(University, ("short_name", "name"), via="home_id"),
                Watch(University, ("short_name", "name"), via="partner_id"),
                Watch(Field, ("name",), via="field_id"),
            ),
            order=65,
            spells=False,  # titles of theses and names of people are nobody else's
        )
    )
