"""What is missing or stale on the pages of universities, as the secretariat sees it."""

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Case, Exists, F, Func, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.models import Contact, Factsheet, Identifier, Mandate, Role, University
from members.models.universities import unconfirmed_at


class Gap(models.TextChoices):
    PROFILE = "profile", _("Page not confirmed for a year")
    FACTSHEET = "factsheet", _("Factsheet not confirmed for a year")
    NO_FACTSHEET = "no_factsheet", _("No factsheet")
    OFFICIAL = "official", _("No official")
    CONTACT = "contact", _("No contact for incoming students")
    ERASMUS = "erasmus", _("No Erasmus code")
    ROR = "ror", _("No ROR")
    PLACE = "place", _("Not on the map")
    PICTURE = "picture", _("No logo")


def with_gaps(universities: QuerySet[University], now: datetime) -> QuerySet[University]:
    """Annotate `gaps` (values of Gap at `now`), `gap_count` and `factsheet_confirmed_at`.

    An Erasmus code is missed only in countries of the programme; members of the consortium alone need a factsheet and
    an official, which the caller decides by the rows it hands in.
    """
    conditions = conditions_of(now)
    found = [Case(When(condition, then=Value(gap)), default=Value(None)) for gap, condition in conditions.items()]
    # An array of the database, so that the board can narrow, count and sort by it over all pages.
    gaps = Func(
        *found,
        template="array_remove(ARRAY[%(expressions)s]::text[], NULL)",
        output_field=ArrayField(models.TextField()),
    )
    sheet = Factsheet.objects.filter(university=OuterRef("pk")).values("confirmed_at")[:1]
    return universities.annotate(gaps=gaps, factsheet_confirmed_at=Subquery(sheet)).annotate(
        gap_count=Func(F("gaps"), function="cardinality", output_field=models.IntegerField())
    )


def conditions_of(now: datetime) -> dict[str, Q | Exists]:
    """When each gap is there, at `now`."""
    day = timezone.localdate(now)
    mine = {"university": OuterRef("pk")}
    sheets = Factsheet.objects.filter(**mine)
    officials = Mandate.objects.in_force(day).filter(role=Role.OFFICIAL, **mine)
    contacts = Contact.objects.in_force(day).filter(purpose=Contact.Purpose.INCOMING, **mine)
    codes = Identifier.objects.filter(**mine)
    return {
        Gap.PROFILE: unconfirmed_at(now),
        Gap.FACTSHEET: Exists(sheets.filter(unconfirmed_at(now))),
        Gap.NO_FACTSHEET: ~Exists(sheets),
        Gap.OFFICIAL: ~Exists(officials),
        Gap.CONTACT: ~Exists(contacts),
        Gap.ERASMUS: Q(country__erasmus_programme_country=True) & ~Exists(codes.filter(scheme="erasmus")),
        Gap.ROR: ~Exists(codes.filter(scheme="ror")),
        Gap.PLACE: Q(latitude__isnull=True),
        Gap.PICTURE: Q(logo=""),
    }
