"""The end of a mandate is told a month before: to whoever holds it, and of a desk that will then be empty to those who
can fill it.
"""

from datetime import datetime, timedelta

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from members.actions.mandates import ONE_DAY, desk_is_empty, givers, where_tasks_go, words
from members.announcing import tell
from members.models import Act, Mandate

AHEAD = timedelta(days=30)
LATE_AT_MOST = timedelta(days=7)  # a clock that stood still for a week still tells all
SET_THE_END = ("mandate.given", "mandate.ended", "mandate.handed_over")


def remind_of_ends(*, now: datetime) -> int:
    """Tell of each mandate that ends in a month; returns how many. A second run tells nobody again."""
    due = list(ending_unannounced(now).select_related("person", "deputy", "university"))
    for mandate in due:
        _remind(mandate)
    return len(due)


def ending_unannounced(now: datetime) -> QuerySet:
    """Mandates that end in a month, but for those whose end was set within the last: that was told when it was set."""
    today = timezone.localdate(now)
    lately = Act.objects.filter(
        content_type=ContentType.objects.get_for_model(Mandate), object_id=OuterRef("pk"), kind__in=SET_THE_END,
        at__gte=now - AHEAD,
    )  # fmt: skip
    days = (today + AHEAD - LATE_AT_MOST, today + AHEAD)
    return Mandate.objects.in_force(today).filter(~Exists(lately), ends_on__range=days)


def _remind(mandate: Mandate) -> None:
    after = mandate.ends_on + ONE_DAY
    who_gives = givers(mandate, after)
    told = [mandate.person, *(who_gives if desk_is_empty(mandate, after) else [])]
    said = {
        **words(mandate),
        "last": date_format(mandate.ends_on),
        "day": date_format(after),
        "whom": ", ".join(each.get_full_name() for each in who_gives if each != mandate.person) or _("the secretariat"),
    }
    tell(
        recipients=told,
        subject=_("%(person)s is %(role)s, %(place)s, only until %(last)s") % said,
        body=" ".join([
            where_tasks_go(mandate, after),
            _("Where it is to go on, ask %(whom)s for a mandate from %(day)s.") % said,
        ]),
        key=f"mandate:{mandate.reference}:ends_soon:{mandate.ends_on}",
        url=mandate.get_absolute_url(),
    )  # fmt: skip
