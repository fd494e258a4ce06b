from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template
from django.template.loader import render_to_string
from django.utils import timezone

from members.moments import Moment, ago, how_long, waiting_since

NOW = datetime(2027, 4, 27, 18, 0, tzinfo=UTC)


def read(at, zone="Europe/Stockholm", reader="Europe/Helsinki"):
    with timezone.override(ZoneInfo(reader)):
        return Moment.read(at, zone, now=NOW)


@pytest.mark.parametrize(
    ("ahead", "left", "words", "pressing"),
    [
        (timedelta(0), "closed", "closed", False),
        (timedelta(seconds=30), "0 min", "less than a minute left", True),
        (timedelta(minutes=1), "1 min", "1 minute left", True),
        (timedelta(minutes=25), "25 min", "25 minutes left", True),
        (timedelta(hours=7, minutes=40), "7 h", "7 hours left", True),
        (timedelta(days=3, hours=4, minutes=1), "3 d 04 h", "3 days left", True),
        (timedelta(days=4), "4 d", "4 days left", False),
        (timedelta(days=24, hours=23), "24 d", "24 days left", False),
    ],
)
def test_left_grows_finer_as_the_end_comes_near(ahead, left, words, pressing):
    moment = read(NOW + ahead)

    assert (moment.left, moment.left_in_words, moment.is_pressing) == (left, words, pressing)


def test_moment_is_told_in_its_zone_and_in_the_readers():
    moment = read(datetime(2027, 5, 4, 10, 0, tzinfo=UTC))

    assert (moment.on, moment.place, moment.for_reader) == ("4 May, 12:00", "Stockholm", "13:00 for you")


def test_moment_with_another_day_for_the_reader_says_the_day():
    moment = read(datetime(2027, 5, 4, 21, 59, tzinfo=UTC))

    assert moment.for_reader == "5 May, 00:59 for you"


def test_moment_in_the_readers_own_time_says_so():
    assert read(NOW, zone="Europe/Paris", reader="Europe/Berlin").for_reader == "same for you"


def test_moment_of_another_year_says_the_year():
    assert read(datetime(2028, 1, 15, 11, 0, tzinfo=UTC)).on == "15 Jan 2028, 12:00"


def test_place_of_a_deadline_anywhere_on_earth():
    assert read(NOW, zone="Etc/GMT+12").place == "anywhere on earth"


def test_deadline_tag_without_a_deadline_draws_nothing():
    drawn = Template('{% load portal %}{% deadline at "UTC" %}').render(Context({"at": None}))

    assert drawn.strip() == ""


@pytest.mark.parametrize(
    ("name", "letters"), [("Elina af Mäkinen", "EM"), ("Łukasz", "Ł"), ("", ""), ("élise d'arc", "ÉD")]
)
def test_initials(name, letters):
    assert Template("{% load portal %}{{ name|initials }}").render(Context({"name": name})) == letters


@pytest.mark.parametrize(
    ("ago", "short", "words"),
    [
        (timedelta(minutes=59), "now", "for less than an hour"),
        (timedelta(hours=5, minutes=30), "5 h", "for 5 hours"),
        (timedelta(days=1), "1 d", "for 1 day"),
        (timedelta(days=12, hours=20), "12 d", "for 12 days"),
        (timedelta(hours=-1), "now", "for less than an hour"),
    ],
)
def test_waiting_since_is_short_for_the_eye_and_whole_for_the_ear(ago, short, words):
    assert waiting_since(NOW - ago, now=NOW) == (short, words)


@pytest.mark.parametrize(
    ("value", "shown"), [(0, "0"), (999, "999"), (12345, "12,345"), (-1200, "-1,200"), ("2027/28", "2027/28")]
)
def test_counts_are_grouped_and_words_stay(value, shown):
    assert Template("{% load portal %}{{ value|grouped }}").render(Context({"value": value})) == shown


def test_counts_above_and_in_a_list_are_grouped():
    option = {"value": 2027, "label": "2027/28", "count": 4321, "selected": False}

    top = render_to_string("components/list_top.html", {"total": 1234, "all_total": 100_000})
    facet = render_to_string("components/facet_option.html", {"option": option, "name": "year"})

    assert "<strong>1,234 of 100,000</strong>" in top
    assert 'value="2027"' in facet
    assert '<span class="count">4,321</span>' in facet


@pytest.mark.parametrize(
    ("seconds", "since", "before"),
    [
        (5, "just now", "just now"),
        (120, "2\xa0minutes", "2\xa0minutes ago"),
        (3 * 86_400, "3\xa0days", "3\xa0days ago"),
    ],
)
def test_how_long_and_how_long_ago(seconds, since, before) -> None:
    at = NOW - timedelta(seconds=seconds)

    assert (how_long(at, NOW), ago(at, NOW)) == (since, before)
