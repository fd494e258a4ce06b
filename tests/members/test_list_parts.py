"""The parts that lists, files over the wire, limits and the API's manners are made of; without a database."""

from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.db.models import F, Value
from django.http import Http404, HttpResponse, QueryDict
from django.test import RequestFactory

from members import files, lists, personal_data, registries, retention, tagging
from members.lists import Facet, Flag
from members.models import Language, User
from members.rest import asking, caching, limits, problems
from members.rest.views import _address
from members.searching import typed
from members.sheets.files import MOST_ROWS

RF = RequestFactory()


# facets


def facet(**options):
    return Facet(**{"label": "Taught in", "path": "language", **options})


@pytest.mark.parametrize(
    ("options", "value", "accepted"),
    [
        ({"labels": Language}, "en", True),
        ({"labels": Language}, "EN", False),
        ({"labels": Language}, "", False),
        ({}, "anything", True),
        ({}, "", False),
        ({"coerce": int}, "0", True),
        ({"coerce": int}, "2027", True),
        ({"coerce": int}, "02027", False),
        ({"coerce": int}, "20270", False),
        ({"coerce": int}, "-1", False),
        ({"coerce": int}, "1e3", False),
        ({"coerce": int}, "x", False),
    ],
)
def test_facet_accepts_what_can_be_a_value_of_its_column(options, value, accepted):
    assert facet(**options).accepts(value) == accepted


def test_facet_names_its_choices_as_they_stand_in_addresses():
    assert facet(labels=Language).choices == [*Language.values]
    assert facet(labels=lambda values: {}).choices == []
    assert facet().choices == []


@pytest.mark.parametrize(
    ("coerce", "values", "possible"),
    [(str, ["a", ""], ["a", ""]), (int, ["1", "x", "2"], [1, 2]), (float, ["nan?", "1.5"], [1.5])],
)
def test_facet_leaves_out_what_its_column_cannot_hold(coerce, values, possible):
    assert facet(coerce=coerce)._possible(values) == possible


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        (None, {"en": "en", "xx": "xx"}),
        (Language, {"en": "English", "xx": "xx"}),
        (lambda values: {"en": "Anglais"}, {"en": "Anglais", "xx": "xx"}),
    ],
)
def test_facet_names_each_value_and_shows_the_unknown_as_it_is(labels, words):
    assert {value: str(word) for value, word in facet(labels=labels).named(["en", "xx"]).items()} == words


def test_facet_reads_a_path_or_an_expression():
    assert facet()._expression() == F("language")
    assert isinstance(facet(path=Value("x"))._expression(), Value)


def test_flag_has_one_value_and_is_shown_unless_it_says_no():
    flag = Flag(label="For me", words="What I am eligible for", keep=lambda rows, request: rows)

    assert (flag.named([]), flag.shown(None)) == ({"yes": "What I am eligible for"}, True)
    assert flag.filter("rows", []) == "rows"


@pytest.mark.parametrize(("value", "valid"), [("x", True), ("", True), ("\x00", False), ("a\x00b", False)])
def test_any_value_may_stand_in_an_address_but_one_that_no_text_holds(value, valid):
    assert lists.AnyOf().valid_value(value) == valid


@pytest.mark.parametrize(
    ("asked", "looked_for"),
    [
        ("", ""),
        ("  politecnico  torino ", "politecnico  torino"),
        (" ".join("abcdefghijkl"), " ".join("abcdefghijkl")),
        (" ".join("abcdefghijklm"), " ".join("abcdefghijkl")),
        ("x" * 200, "x" * 200),
        ("x" * 201, "x" * 200),
        ("a " * 2000, " ".join("a" * 12)),
    ],
    ids=["nothing", "as typed", "twelve words", "thirteen", "two hundred letters", "one more", "a siege"],
)
def test_a_search_is_cut_where_nobody_types_on(asked, looked_for):
    """Each word is a condition for the database: 1,900 of them took it two minutes."""
    assert lists.Words(required=False).clean(asked) == looked_for
    assert isinstance(lists.Catalogue.base_filters["q"].field, lists.Words)


def test_lists_and_the_search_box_are_cut_alike():
    assert (lists.LONGEST_SEARCH, lists.MOST_WORDS) == (typed.LONGEST, typed.MOST_WORDS)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("kind=member", "?kind=member&kind=former"),
        ("kind=former", "?"),
        ("kind=former&kind=member&q=a", "?kind=member&q=a"),
        ("", "?kind=former"),
        ("kind=former&kind=former", "?"),
    ],
)
def test_ticking_adds_a_value_and_ticking_again_takes_it_away(before, after):
    assert lists._toggled(QueryDict(before), "kind", "former") == after


def test_addresses_change_one_thing_and_leave_the_rest():
    params = QueryDict("q=a&page=3&export=csv&column=name")

    assert lists._without(params, *lists.NOT_A_FILTER).urlencode() == "q=a"
    assert lists._address(params, page="4") == "?q=a&page=4&export=csv&column=name"
    assert params["page"] == "3"


def test_next_page_of_the_api_keeps_what_was_asked():
    request = SimpleNamespace(
        query_params=QueryDict("q=a&page=2"), path="/api/v1/universities/",
        build_absolute_uri=lambda path: f"https://portal.example{path}",
    )  # fmt: skip

    assert _address(request, 3) == "https://portal.example/api/v1/universities/?q=a&page=3"


# what an address asks for


@pytest.mark.parametrize(
    ("values", "several", "ill"),
    [
        (["a"], False, ""),
        (["a", "b"], False, "Give it once."),
        (["a", "b"], True, ""),
        (["a"] * 20, True, ""),
        (["a"] * 21, True, "Give at most 20 values."),
        (["a" * 200], False, ""),
        (["a" * 201], False, "Give at most 200 characters, and no control characters."),
        (["a\nb"], False, "Give at most 200 characters, and no control characters."),
        (["\x7f"], False, "Give at most 200 characters, and no control characters."),
    ],
)
def test_shape_of_a_parameter(values, several, ill):
    assert asking._wrong_shape(values, several=several) == ill


@pytest.mark.parametrize("value", ["1", "100", "000100", "99"])
def test_number_of_a_page(value):
    assert asking._wrong_number(value, 100) == ""


@pytest.mark.parametrize("value", ["0", "101", "", "-1", "1.0", "1e2", "٣", "1234567", " 1"])
def test_number_that_is_no_page_is_told_what_would_be(value):
    assert asking._wrong_number(value, 100) == "Give a whole number from 1 to 100."


@pytest.mark.parametrize(
    ("chosen", "values", "ill"),
    [
        (facet(labels=Language), ["en"], ""),
        (facet(labels=Language), ["en", "xx"], "Give one of: "),
        (facet(), [""], "Give a value."),
        (facet(coerce=int), ["x"], "Give a whole number of at most four digits."),
        (Flag(label="", words="", keep=None), ["yes"], ""),
        (Flag(label="", words="", keep=None), ["no"], "Give one of: yes."),
        (None, ["anything"], ""),
    ],
)
def test_values_of_a_filter(chosen, values, ill):
    assert asking._wrong_values(chosen, values).startswith(ill)
    assert bool(asking._wrong_values(chosen, values)) == bool(ill)


# answers that are known already


def test_etag_follows_the_content_and_nothing_else():
    assert caching.etag_of(b"a") == caching.etag_of(b"a") != caching.etag_of(b"b")
    assert caching.etag_of(b"")[0] == caching.etag_of(b"")[-1] == '"'


@pytest.mark.parametrize(("held", "status"), [(None, 200), ('"other"', 200), ("same", 304), ("*", 304), ("weak", 304)])
def test_answer_that_the_reader_holds_is_not_sent_again(held, status):
    etag = caching.etag_of(b"content")
    headers = {"If-None-Match": {"same": etag, "weak": f"W/{etag}"}.get(held, held)} if held else {}

    answer = caching.revalidated(RF.get("/", headers=headers), HttpResponse(b"content"))

    assert (answer.status_code, answer["ETag"]) == (status, etag)
    assert answer.content == (b"content" if status == 200 else b"")


@pytest.mark.parametrize(
    ("user", "control"),
    [(None, "public, max-age=60"), (AnonymousUser(), "public, max-age=60"), (User(), "private, no-cache")],
)
def test_who_may_keep_an_answer(user, control):
    answer = HttpResponse()

    caching.keep(answer, user)

    assert {*answer["Cache-Control"].split(", ")} == {*control.split(", ")}
    assert answer["Vary"] == "Accept, Authorization, Cookie"


# problems


def test_problem_names_the_status_the_path_and_each_field():
    told = problems.told(400, "Something is wrong.", "/api/v1/x/", {"page": "Give a number."})

    assert told == {
        "type": "about:blank", "title": "Bad Request", "status": 400, "detail": "Something is wrong.",
        "instance": "/api/v1/x/", "errors": [{"field": "page", "message": "Give a number."}],
    }  # fmt: skip
    assert "errors" not in problems.told(404, "Nothing.", "/")


def test_problem_outside_the_resources_is_one_too():
    answer = problems.answer(RF.get("/api/v1/nowhere/"), 404, "There is nothing.")

    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


# limits


@pytest.mark.parametrize(
    ("auth", "user", "who", "most"),
    [
        (SimpleNamespace(pk=4), User(pk=5), "token:4", "token"),
        (None, User(pk=5), "user:5", "person"),
        (None, AnonymousUser(), "ip:127.0.0.1", "visitor"),
    ],
)
def test_limits_are_by_token_by_person_by_address(settings, auth, user, who, most):
    request = RF.get("/")
    request.auth, request.user = auth, user

    assert limits._who(request) == (who, settings.API_REQUESTS_A_MINUTE[most])


def test_limit_lets_so_many_through_in_a_minute_and_says_how_long_to_wait(settings, monkeypatch):
    settings.API_REQUESTS_A_MINUTE = {"visitor": 2, "person": 2, "token": 2}
    request = RF.get("/")
    request.auth, request.user = None, User(pk=5)
    monkeypatch.setattr(limits.time, "time", lambda: 1_000_000_050.0)  # ten seconds into a minute
    limit = limits.Limit()

    assert [limit.allow_request(request, None) for _ in range(3)] == [True, True, False]
    assert limit.wait() == 60 - 1_000_000_050 % 60
    monkeypatch.setattr(limits.time, "time", lambda: 1_000_000_050.0 + limit.wait())
    assert limit.allow_request(request, None)


def test_limit_whose_count_expired_between_two_questions_begins_anew(monkeypatch):
    monkeypatch.setattr(type(cache), "add", lambda *args, **options: False, raising=False)
    monkeypatch.setattr(limits, "cache", SimpleNamespace(add=lambda *a, **o: False, incr=_gone))

    assert limits._counted("api:user:5:1") == 1


def _gone(key):
    raise ValueError(key)


# files over the wire


def test_body_that_is_announced_as_too_large_is_read_away_and_sent_back(settings):
    settings.UPLOAD_MAX_BYTES = 1000
    reached = []
    view = files.refuse_large("members:university_pictures", says=lambda: "Too large.")(
        lambda request, slug: reached.append(slug) or HttpResponse("taken")
    )
    request = RF.post("/x", b"0" * 100_000, content_type="application/octet-stream")
    request.csrf_processing_done = True
    request._messages = said = _Said()

    answer = view(request, "kth")

    assert (answer.url, reached, said) == ("/universities/kth/edit/pictures/", [], ["Too large."])
    assert request.read() == b"", "what was on its way was read, so that the browser hears the answer"


class _Said(list):
    def add(self, level, message, extra_tags=""):
        self.append(str(message))


def test_body_within_the_limit_reaches_the_view(settings):
    settings.UPLOAD_MAX_BYTES = 1000
    view = files.refuse_large("members:university_pictures")(lambda request, slug: HttpResponse("taken"))
    request = RF.post("/x", {"a": "b"})
    request._dont_enforce_csrf_checks = True

    assert view(request, slug="kth").content == b"taken"


def test_file_that_is_gone_from_the_store_is_not_there():
    row = SimpleNamespace(file=SimpleNamespace(open=_missing), name="guide.pdf", content_type="application/pdf")

    with pytest.raises(Http404):
        files.as_download(row)


def _missing(mode):
    raise FileNotFoundError


def test_file_is_handed_out_so_that_no_browser_runs_it(tmp_path):
    path = tmp_path / "guide.html"
    path.write_bytes(b"<script>alert(1)</script>")
    row = SimpleNamespace(file=path, name="guide.html", content_type="text/html")

    answer = files.as_download(row)

    assert answer["Content-Disposition"] == 'attachment; filename="guide.html"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    answer.close()


# registries


def test_registered_things_answer_in_a_fixed_order_and_the_last_of_a_name_counts(monkeypatch):
    monkeypatch.setattr(registries, "_section_providers", {})
    section = registries.UniversitySection(title="B", room="b", rows=[], total=0, empty="Nothing yet.")
    registries.register_university_section("b", lambda university, user, now: section)
    registries.register_university_section("a", lambda university, user, now: None)
    registries.register_university_section("c", lambda university, user, now: _empty())

    assert registries.sections_of(None, None, None) == [section]


def _empty():
    return registries.UniversitySection(title="C", room="c", rows=[], total=0)


def test_what_nobody_offers_finds_no_university(monkeypatch):
    monkeypatch.setattr(registries, "_offers", {})
    rows = SimpleNamespace(none=lambda: "none", filter=lambda **options: options)

    assert registries.offering(rows, "dual_degrees") == "none"
    registries.register_offer("dual_degrees", lambda: [1, 2])
    assert registries.offering(rows, "dual_degrees") == {"pk__in": [1, 2]}


def test_uses_of_tags_are_one_per_scope():
    assert [uses.scope for uses in tagging.registered()] == ["partners", "partnerships"]
    assert {uses.scope for uses in map(tagging.uses_of, ("partners", "partnerships"))} == {"partners", "partnerships"}
    assert tagging._nothing(None, None) is None


def test_chips_lead_to_the_list_narrowed_to_each_tag():
    tags = [SimpleNamespace(label="Robots", slug="robots", is_sample=False),
            SimpleNamespace(label="Water", slug="water", is_sample=True)]  # fmt: skip

    assert tagging.chips_of(tags, "members:university_list") == {
        "chips": [
            {"label": "Robots", "url": "/universities/?tag=robots"},
            {"label": "Water", "url": "/universities/?tag=water"},
        ],
        "sample": True,
    }  # fmt: skip
    assert tagging.chips_of([], "members:university_list") == {"chips": [], "sample": False}


@pytest.mark.parametrize("kind", retention.all_kinds(), ids=lambda kind: kind.key)
def test_every_kind_that_is_thrown_away_proposes_no_less_than_its_least(kind):
    assert 1 <= kind.at_least <= kind.days
    assert str(kind.title)
    assert str(kind.why)


def test_kinds_come_in_the_order_of_their_keys_for_addresses_end_after_sessions():
    keys = [kind.key for kind in retention.all_kinds()]

    assert keys == sorted(keys)
    assert keys.index("members.sessions") < keys.index("members.sign_ins")


@pytest.mark.parametrize("holding", personal_data.all_holdings(), ids=lambda holding: holding.key)
def test_every_holding_says_what_for_and_what_becomes_of_it(holding):
    assert str(holding.title)
    assert str(holding.purpose).endswith(".")
    assert str(holding.afterwards).endswith(".")


def test_the_account_is_erased_last_since_the_others_find_their_rows_by_it():
    assert personal_data.all_holdings()[-1].key == "account"


def test_what_a_room_leaves_is_no_file_no_row_and_no_hindrance():
    assert (personal_data.nothing(None), personal_data.leave(None, None)) == ((), 0)
    assert personal_data.no_hindrance(None, None) == ""


def test_limits_of_sheets_are_those_the_form_promises():
    from members.forms.sheets import SheetForm

    assert f"up to {MOST_ROWS} rows" in str(SheetForm().fields["file"].help_text)
