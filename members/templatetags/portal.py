"""Template tags of the whole portal: moments in two time zones, initials, icons, page numbers."""

import math

from django import template
from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from members import moments
from members.browsers import in_words
from members.icons import ICONS
from members.moments import Moment, waiting_since

register = template.Library()


def _is_day(text):
    try:
        return bool(parse_date(text))
    except ValueError:
        return False


def _is_moment(text):
    try:
        return bool(parse_datetime(text))
    except ValueError:
        return False


def _is_number(text):
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


SHOWN = {"date": _is_day, "datetime-local": _is_moment, "number": _is_number}  # by the control's type


@register.inclusion_tag("components/deadline.html")
def deadline(at, zone):
    """Draw what is left, when it closes in its own zone, and when that is for the reader."""
    return {"moment": Moment.read(at, zone, now=timezone.now())}


@register.inclusion_tag("components/deadline_left.html")
def deadline_left(at, zone="UTC"):
    """Draw only what is left until `at`."""
    return {"moment": Moment.read(at, zone, now=timezone.now())}


@register.simple_tag
def moment(at, zone):
    """Write a moment into a sentence, in its zone and in the reader's; no white space around it."""
    context = {"moment": Moment.read(at, zone, now=timezone.now())}
    return mark_safe(render_to_string("components/moment.html", context).strip())


@register.simple_tag
def icon(name):
    """Draw an icon of the house. Raises KeyError for an unknown one."""
    return mark_safe(f'<svg class="icon" viewBox="0 0 20 20" aria-hidden="true">{ICONS[name]}</svg>')


@register.simple_tag
def since(at):
    """How long something waits, as a board says it: "12 d", "5 h", "now"; nothing when `at` is empty."""
    if at is None:
        return ""
    short, words = waiting_since(at, now=timezone.now())
    return format_html('<span aria-hidden="true">{}</span><span class="visually-hidden">{}</span>', short, words)


@register.filter
def waiting(at):
    """How long something waits, counted as boards count it: "for 12 days"."""
    return waiting_since(at, now=timezone.now())[1]


@register.filter
def ago(at):
    """How long ago, in one unit: "3 days ago"; for lists of what happened."""
    return moments.ago(at, timezone.now())


@register.filter
def initials(name):
    """First letters of the first and the last word of a name: "Elina af Mäkinen" gives "EM"."""
    words = str(name).split()
    return "".join(word[0] for word in [*words[:1], *words[1:][-1:]]).upper()


@register.filter
def grouped(value):
    """A count as people read it, "12,345"; what is no whole number stays as it is.

    Not for every number of a page (USE_THOUSAND_SEPARATOR): years, keys and values of fields would be grouped too.
    """
    return number_format(value, force_grouping=True) if isinstance(value, int) else value


@register.simple_tag
def page_numbers(page_obj):
    """Page numbers around the current one, with an ellipsis where pages are left out."""
    return page_obj.paginator.get_elided_page_range(page_obj.number, on_each_side=1, on_ends=1)


@register.filter
def percent_of(value, whole):
    """`value` as a percentage of `whole`, for widths in drawings; 0 where there is nothing to compare with."""
    return f"{100 * float(value) / float(whole):.2f}" if whole else "0"


@register.filter
def seats(places, taken):
    """One entry per seat, true for the taken ones, to draw them as dots."""
    return [number < int(taken) for number in range(int(places))]


@register.filter
def unseen(field):
    """What was typed into a wrong field, where neither its control nor the error shows it again.

    Browsers leave “31.02.2027” out of a field for a day, and “four” out of one for a number.
    """
    shown = SHOWN.get(getattr(field.field.widget, "input_type", ""))
    typed = field.value() if field.errors and shown else None
    if not isinstance(typed, str) or not typed.strip() or any(typed in error for error in field.errors):
        return ""
    return "" if shown(typed) else typed


@register.filter
def browser(user_agent):
    """The browser and system a session was begun with, in words."""
    return in_words(user_agent)


@register.simple_tag
def upload_limit():
    """What a file field tells drop.js, which then refuses a file too large before anything typed beside it is sent."""
    most = settings.UPLOAD_MAX_BYTES
    says = _("This file is larger than %(most)s. Choose a smaller one.") % {"most": filesizeformat(most)}
    return format_html(' data-max-bytes="{}" data-too-big="{}"', most, says)
