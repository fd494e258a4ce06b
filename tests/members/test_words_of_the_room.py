"""Small rules of the ground floor: years, zones, moments, browsers, parts of templates; without a database."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.template import Context, Template
from django.utils import timezone

from members import academic_years, browsers, reference_data, zones
from members.icons import ICONS
from members.models import Fact, FactsheetTerm, Picture, University
from members.models.details import is_old
from members.models.universities import STALE_AFTER
from members.moments import Moment, waiting_since
from members.templatetags import portal

NOW = datetime(2027, 4, 27, 18, 0, tzinfo=UTC)
SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("day", "year"),
    [(date(2027, 7, 31), 2026), (date(2027, 8, 1), 2027), (date(2027, 12, 31), 2027), (date(2028, 1, 1), 2027)],
)
def test_academic_year_begins_with_august(day, year):
    assert academic_years.running_on(day) == year


@pytest.mark.parametrize(
    ("year", "words"), [(2027, "2027/28"), (1999, "1999/00"), (2008, "2008/09"), (2099, "2099/00")]
)
def test_academic_year_in_words(year, words):
    assert academic_years.words(year) == words
    assert str(FactsheetTerm(academic_year=year, term="autumn")) == f"Autumn {words}"


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("2010", date(2010, 1, 1), date(2010, 12, 31)),
        ("2010-09", date(2010, 9, 1), date(2010, 9, 30)),
        ("2012-02", date(2012, 2, 1), date(2012, 2, 29)),
        ("2010-09-04", date(2010, 9, 4), date(2010, 9, 4)),
        ("", None, None),
        (None, None, None),
    ],
)
def test_day_as_exactly_as_it_is_known(written, first, last):
    assert (reference_data.first_day(written), reference_data.last_day(written)) == (first, last)


@pytest.mark.parametrize("written", ["2010-13", "2010-02-30", "spring 2010", "2010-09-31"])
def test_day_that_is_none_stops_the_load(written):
    for read in (reference_data.first_day, reference_data.last_day):
        with pytest.raises(ValueError, match=r"month must be|day is out of range|invalid literal|bad month number"):
            read(written)


@pytest.mark.parametrize("zone", ["Europe/Stockholm", "America/Argentina/Buenos_Aires", "Asia/Shanghai", "UTC"])
def test_zone_people_live_in_is_known(zone):
    assert zones.is_known_zone(zone)
    assert zones.check_zone(zone) is None


@pytest.mark.parametrize(
    "zone", ["", "CET", "Etc/GMT+12", "Europe/Atlantis", "europe/stockholm", "../etc/passwd", "EST"]
)
def test_zone_that_nobody_lives_in_is_refused_with_an_example(zone):
    assert not zones.is_known_zone(zone)
    with pytest.raises(ValidationError, match="write it like Europe/Stockholm"):
        zones.check_zone(zone)


@pytest.mark.parametrize(
    ("zone", "city"),
    [
        ("Europe/Madrid", "Madrid"),
        ("America/New_York", "New York"),
        ("America/Argentina/Salta", "Salta"),
        ("UTC", "UTC"),
    ],
)
def test_zone_is_called_by_its_city(zone, city):
    assert zones.city_of(zone) == city


def test_moment_is_written_on_the_clock_of_its_zone():
    assert zones.written(NOW, "Europe/Madrid") == "27 April 2027, 20:00 (Madrid)"
    assert zones.written(NOW, "Asia/Tokyo", "j M") == "28 Apr (Tokyo)"


def read(at, zone="Europe/Stockholm", reader="Europe/Helsinki", now=NOW):
    with timezone.override(ZoneInfo(reader)):
        return Moment.read(at, zone, now=now)


@pytest.mark.parametrize(("ahead", "is_past"), [(-SECOND, True), (0 * SECOND, True), (SECOND, False)])
def test_moment_is_past_from_its_own_second_on(ahead, is_past):
    moment = read(NOW + ahead)

    assert (moment.is_past, moment.left == "closed", moment.left_in_words == "closed") == (is_past,) * 3


@pytest.mark.parametrize(
    ("ahead", "is_pressing"),
    [(4 * DAY, False), (4 * DAY - SECOND, True), (SECOND, True), (0 * DAY, False), (-DAY, False)],
)
def test_moment_presses_within_four_days(ahead, is_pressing):
    assert read(NOW + ahead).is_pressing == is_pressing


@pytest.mark.parametrize(
    ("ahead", "left"),
    [
        (HOUR - SECOND, "59 min"),
        (HOUR, "1 h"),
        (DAY - SECOND, "23 h"),
        (DAY, "1 d 00 h"),
        (DAY + 9 * HOUR, "1 d 09 h"),
        (4 * DAY - SECOND, "3 d 23 h"),
        (4 * DAY, "4 d"),
    ],
)
def test_moment_left_changes_its_unit_at_the_full_hour_and_day(ahead, left):
    assert read(NOW + ahead).left == left


@pytest.mark.parametrize(
    ("ahead", "words"),
    [
        (59 * SECOND, "less than a minute left"),
        (60 * SECOND, "1 minute left"),
        (HOUR, "1 hour left"),
        (2 * HOUR - SECOND, "1 hour left"),
        (DAY, "1 day left"),
        (2 * DAY, "2 days left"),
    ],
)
def test_moment_left_in_words_has_its_plural(ahead, words):
    assert read(NOW + ahead).left_in_words == words


def test_moment_that_is_none_stays_none():
    assert Moment.read(None, "Europe/Stockholm", now=NOW) is None


@pytest.mark.parametrize(
    ("at", "zone", "on"),
    [
        (datetime(2027, 12, 31, 22, 59, tzinfo=UTC), "Europe/Stockholm", "31 Dec, 23:59"),
        (datetime(2027, 12, 31, 23, 0, tzinfo=UTC), "Europe/Stockholm", "1 Jan 2028, 00:00"),
        (datetime(2027, 12, 31, 23, 0, tzinfo=UTC), "America/New_York", "31 Dec, 18:00"),
        (datetime(2026, 6, 1, 12, 0, tzinfo=UTC), "Europe/Stockholm", "1 Jun 2026, 14:00"),
    ],
)
def test_moment_says_the_year_where_its_own_clock_shows_another_one(at, zone, on):
    assert read(at, zone).on == on


def test_moment_is_the_same_for_a_reader_whose_clock_shows_the_same_though_the_zone_is_another():
    assert read(NOW, zone="Europe/Paris", reader="Africa/Johannesburg").is_same_for_reader
    assert not read(NOW, zone="Europe/Paris", reader="Europe/Helsinki").is_same_for_reader


def test_moment_in_the_hour_that_comes_twice_tells_both_apart():
    """When clocks go back, 02:30 comes twice in Stockholm; in Tokyo one is an hour after the other."""
    first, second = datetime(2027, 10, 31, 0, 30, tzinfo=UTC), datetime(2027, 10, 31, 1, 30, tzinfo=UTC)

    one, two = read(first, reader="Asia/Tokyo"), read(second, reader="Asia/Tokyo")

    assert one.on == two.on == "31 Oct, 02:30"
    assert (one.for_reader, two.for_reader) == ("09:30 for you", "10:30 for you")


@pytest.mark.parametrize(
    ("waits", "short", "words"),
    [
        (0 * HOUR, "now", "for less than an hour"),
        (HOUR - SECOND, "now", "for less than an hour"),
        (HOUR, "1 h", "for 1 hour"),
        (DAY - SECOND, "23 h", "for 23 hours"),
        (DAY, "1 d", "for 1 day"),
        (12 * DAY, "12 d", "for 12 days"),
        (-HOUR, "now", "for less than an hour"),
    ],
)
def test_how_long_something_waits(waits, short, words):
    assert waiting_since(NOW - waits, now=NOW) == (short, words)


WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (f"Mozilla/5.0 (Windows NT 10.0) {WEBKIT} Chrome/120.0 Safari/537.36 OPR/106.0", "Opera 106 on Windows"),
        (
            f"Mozilla/5.0 (Linux; Android 14) {WEBKIT} SamsungBrowser/23.0 Chrome/115.0",
            "Samsung Internet 23 on Android",
        ),
        (f"Mozilla/5.0 (iPad; CPU OS 17_0 like Mac OS X) {WEBKIT} CriOS/120.0 Mobile/15E148", "Chrome 120 on iPad"),
        (f"Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) {WEBKIT} FxiOS/121.0", "Firefox 121 on iPhone"),
        (f"Mozilla/5.0 (Linux; Android 14) {WEBKIT} Chrome/120.0 Mobile EdgA/120.0", "Edge 120 on Android"),
        (f"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) {WEBKIT} Chrome/119.0 Safari/537.36", "Chrome 119 on ChromeOS"),
        (f"Mozilla/5.0 (X11; Linux) {WEBKIT} HeadlessChrome/120.0 Safari/537.36", "Chrome 120 on Linux"),
        ("Firefox/140.0", "Firefox 140"),
        ("SomeApp (Windows NT 10.0)", "Windows"),
        ("python-requests/2.31", "python-requests"),
        ("x" * 90, "x" * 40),
        ("/1.0", "unknown program"),
    ],
)
def test_browser_is_named_by_what_it_is_and_not_by_what_it_descends_from(sent, said):
    assert browsers.in_words(sent) == said


@pytest.mark.parametrize(
    ("year", "old"), [("2023", True), ("2024", False), ("2023/24", True), ("2024/25", False), ("", False),
                      ("about 2019", False), ("2030", False)]
)  # fmt: skip
def test_figure_is_old_after_three_years(year, old):
    assert is_old(year, date(2027, 1, 1)) == old
    assert is_old("2024", date(2027, 12, 31)) is False
    assert is_old("2024", date(2028, 1, 1)) is True


def test_figure_that_its_source_calls_old_stays_old():
    assert Fact(year="", is_stale=True).is_old_on(date(2027, 1, 1))
    assert not Fact(year="", is_stale=False).is_old_on(date(2027, 1, 1))


@pytest.mark.parametrize(("value", "text"), [(0, "0"), (999, "999"), (12000, "12,000"), (1234567, "1,234,567")])
def test_figure_is_grouped_as_readers_do(value, text):
    assert Fact(value=value).value_text == text


def test_figure_says_what_when_and_how_many():
    assert str(Fact(kind="students", year="2025", value=12000)) == "Students 2025: 12000"


@pytest.mark.parametrize(
    ("confirmed", "is_stale"),
    [(None, True), (STALE_AFTER, False), (STALE_AFTER + SECOND, True), (timedelta(0), False)],
)
def test_page_is_stale_after_a_year(confirmed, is_stale):
    university = University(confirmed_at=None if confirmed is None else NOW - confirmed)

    assert university.is_stale(NOW) == is_stale


@pytest.mark.parametrize(
    ("website", "host"),
    [
        ("https://www.kth.se/en", "kth.se"),
        ("https://international.upc.edu", "international.upc.edu"),
        ("http://kth.se:8080/", "kth.se"),
        ("", ""),
        ("kth.se", "kth.se"),
    ],
)
def test_website_is_said_by_its_host(website, host):
    assert University(website=website).website_host == host


@pytest.mark.parametrize(
    ("kind", "words", "tone"),
    [
        ("member", "Member", ""),
        ("associate", "Associate", "quiet"),
        ("former", "Former member", "quiet"),
        ("", "", "quiet"),
    ],
)
def test_kind_of_a_university_in_words_and_how_loudly(kind, words, tone):
    university = University()
    university.kind_now = kind

    assert (university.kind_words, university.kind_tone) == (words, tone)


def test_languages_and_gaps_of_a_university_in_words():
    university = University(teaching_languages=["en", "sv"], official_languages=["sv"])
    university.gaps = ["ror", "place"]

    assert (university.teaching_names, university.official_language_names) == (["English", "Swedish"], ["Swedish"])
    assert university.gap_words == ["No ROR", "Not on the map"]


def test_addresses_of_pictures_and_logos_are_the_names_they_are_stored_by():
    university = University(slug="kth", logo="universities/logos/ab12.webp")
    picture = Picture(
        university=university, image="universities/pictures/cd34.webp", width=4, height=3, alt="The campus"
    )

    assert (university.logo_url, picture.url) == (
        "/universities/kth/logo/ab12.webp", "/universities/kth/pictures/cd34.webp",
    )  # fmt: skip
    assert str(picture) == "The campus"


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Elina af Mäkinen", "EM"), ("Plato", "P"), ("", ""), ("  anna   ek ", "AE"), ("Ö B", "ÖB"), (None, "N")],
)
def test_initials_are_of_the_first_and_the_last_word(name, letters):
    assert portal.initials(name) == letters


@pytest.mark.parametrize(
    ("value", "whole", "percent"),
    [(1, 4, "25.00"), (0, 4, "0.00"), (4, 4, "100.00"), (3, 0, "0"), (3, None, "0"), ("1", "3", "33.33")],
)
def test_percent_of_a_whole_that_may_be_nothing(value, whole, percent):
    assert portal.percent_of(value, whole) == percent


@pytest.mark.parametrize(
    ("places", "taken", "drawn"),
    [(3, 1, [True, False, False]), (2, 2, [True, True]), (2, 5, [True, True]), (0, 0, []), ("2", "0", [False, False])],
)
def test_seats_are_drawn_one_by_one(places, taken, drawn):
    assert portal.seats(places, taken) == drawn


def test_since_says_it_for_eyes_and_for_ears():
    told = portal.since(timezone.now() - timedelta(days=2, minutes=1))

    assert told == '<span aria-hidden="true">2 d</span><span class="visually-hidden">for 2 days</span>'
    assert portal.since(None) == ""


def test_ago_says_one_unit():
    assert portal.ago(timezone.now() - timedelta(days=3, hours=5)) == "3\xa0days ago"


@pytest.mark.parametrize("name", ICONS)
def test_icon_is_hidden_from_ears_and_is_whole_markup(name):
    drawn = portal.icon(name)

    assert 'aria-hidden="true"' in drawn
    assert drawn.count("<path") + drawn.count("<circle") == drawn.count("/>")


def test_icon_that_is_unknown_fails_loudly():
    with pytest.raises(KeyError):
        portal.icon("unicorn")


@pytest.mark.parametrize(
    ("number", "shown"),
    [(1, [1, 2, "…", 20]), (10, [1, "…", 9, 10, 11, "…", 20]), (20, [1, "…", 19, 20])],
)
def test_page_numbers_around_the_current_one(number, shown):
    assert [*portal.page_numbers(Paginator(range(200), 10).page(number))] == shown


def test_a_deadline_that_is_none_is_drawn_as_nothing_left():
    for tag in ("deadline", "deadline_left"):
        drawn = Template(f"{{% load portal %}}{{% {tag} at 'UTC' %}}").render(Context({"at": None}))
        assert "closed" not in drawn
