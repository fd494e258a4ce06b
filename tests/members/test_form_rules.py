"""What the forms of this room take and refuse, and with which words; without a database."""

from datetime import date
from decimal import Decimal

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone

from cluster_portal.api.urls import urlpatterns as resources  # imported, they announce themselves
from members.forms import conflicts, people, rows
from members.forms.experts import KeywordsField
from members.forms.factsheet import TermForm
from members.forms.known import look_up_among
from members.forms.privacy import AskErasureForm, CloseAccountForm, RefuseErasureForm
from members.forms.profile import ProfileForm
from members.forms.reasons import ReasonForm, VersionForm
from members.forms.tags import NO_TAGS_YET, TagsField
from members.forms.tokens import LASTS, TokenForm
from members.models import GradeScale, Role, Tag, University
from members.rest.registry import scopes

ITALIAN = GradeScale(name="Italian", best=Decimal(30), worst=Decimal(0), pass_mark=Decimal(18))
GERMAN = GradeScale(name="German", best=Decimal(1), worst=Decimal(5), pass_mark=Decimal(4))
LETTERS = GradeScale(
    name="Swedish", best=Decimal(5), worst=Decimal(0), pass_mark=Decimal(1), letters=["A", "B", "C", "D", "E"]
)


# grades


@pytest.mark.parametrize(
    ("scale", "written", "grade"),
    [
        (ITALIAN, "27", "27.00"),
        (ITALIAN, "27,5", "27.50"),
        (ITALIAN, " 27.456 ", "27.46"),
        (ITALIAN, "0", "0.00"),
        (ITALIAN, "30", "30.00"),
        (GERMAN, "1,3", "1.30"),
        (LETTERS, "A", "5"),
        (LETTERS, "e", "1"),
        (LETTERS, " c ", "3"),
        (LETTERS, "4.2", "4.20"),
    ],
)
def test_grade_is_read_as_its_student_writes_it(scale, written, grade):
    assert people.grade_from(written, scale) == Decimal(grade)


@pytest.mark.parametrize(
    ("scale", "written"),
    [
        (ITALIAN, "31"),
        (ITALIAN, "-1"),
        (ITALIAN, "A"),
        (ITALIAN, "27/30"),
        (ITALIAN, "NaN"),
        (ITALIAN, "Infinity"),
        (ITALIAN, "1E+30"),
        (GERMAN, "0.7"),
        (LETTERS, "F"),
        (LETTERS, "AB"),
    ],
)
def test_grade_that_does_not_fit_is_refused_with_what_would(scale, written):
    with pytest.raises(ValidationError, match="does not fit") as refused:
        people.grade_from(written, scale)

    assert people.range_in_words(scale) in refused.value.message


@pytest.mark.parametrize(
    ("scale", "words"),
    [
        (ITALIAN, "Italian: a number from 0 to 30, the best is 30."),
        (GERMAN, "German: a number from 1 to 5, the best is 1."),
        (LETTERS, "Swedish: a letter from A to E, or a number from 0 to 5."),
    ],
)
def test_range_of_a_scale_in_words(scale, words):
    assert people.range_in_words(scale) == words


@pytest.mark.parametrize(
    ("scale", "grade", "shown"),
    [(ITALIAN, "27.00", "27"), (ITALIAN, "27.50", "27.5"), (LETTERS, "5.00", "A"), (LETTERS, "4.50", "4.5")],
)
def test_grade_is_shown_as_it_would_be_typed_and_read_back(scale, grade, shown):
    assert people.as_written(Decimal(grade), scale) == shown
    assert people.grade_from(shown, scale) == Decimal(grade)


@pytest.mark.parametrize(("number", "text"), [("30.00", "30"), ("0.00", "0"), ("100", "100"), ("1.10", "1.1")])
def test_plain_number_has_no_noughts_of_the_column(number, text):
    assert people.plain(Decimal(number)) == text


# mandates


def give(**changes):
    typed = {"email": "new@kth.example", "role": "exchange", "starts_on": "2027-01-01", "ends_on": ""}
    return people.GiveForm(typed | changes, roles=Role.given_by_the_official)


def test_giving_takes_an_open_end():
    form = give()

    assert form.is_valid()
    assert (form.cleaned_data["starts_on"], form.cleaned_data["ends_on"]) == (date(2027, 1, 1), None)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"email": ""}, "email"),
        ({"email": "nobody"}, "email"),
        ({"email": "a@kth.example, b@kth.example"}, "email"),
        ({"role": "official"}, "role"),
        ({"role": "secretariat"}, "role"),
        ({"role": ""}, "role"),
        ({"starts_on": ""}, "starts_on"),
        ({"starts_on": "2027-02-30"}, "starts_on"),
        ({"ends_on": "never"}, "ends_on"),
    ],
)
def test_giving_what_cannot_be_says_it_at_the_field(changes, field):
    form = give(**changes)

    assert [*form.errors] == [field]


def test_the_choice_of_roles_is_the_givers_alone():
    assert [value for value, _label in give().fields["role"].choices] == [*Role.given_by_the_official]


@pytest.mark.parametrize("kind", [people.EndForm, people.HandOverForm])
def test_an_end_needs_its_last_day(kind):
    form = kind({"email": "next@kth.example"})

    assert [*form.errors] == ["last_day"]


def test_a_refusal_of_a_student_has_words():
    assert not people.RefusalForm({"reason": "   "}).is_valid()
    assert not people.RefusalForm({"reason": "x" * 1001}).is_valid()
    assert people.RefusalForm({"reason": "No such number."}).is_valid()


@pytest.mark.parametrize(
    ("given", "family", "one", "two", "field"),
    [
        ("Anna", "Ek", "a good long phrase", "another long phrase", "password2"),
        ("Anna", "Ek", "short", "short", "password2"),
        ("Wilhelmina", "Ek", "wilhelmina1", "wilhelmina1", "password2"),
        ("Anna", "Ek", "newcomer@kth.example", "newcomer@kth.example", "password2"),
        ("", "Ek", "a good long phrase", "a good long phrase", "given_name"),
    ],
    ids=["not twice the same", "too short", "like the name", "like the address", "without a name"],
)
def test_an_invited_person_needs_names_and_a_password_that_is_not_theirs_to_guess(given, family, one, two, field):
    typed = {"given_name": given, "family_name": family, "password1": one, "password2": two}

    form = people.AcceptForm(typed, email="newcomer@kth.example")

    assert field in form.errors


def test_an_invited_person_with_names_and_a_good_password_is_taken():
    typed = dict.fromkeys(("password1", "password2"), "a good long phrase")

    assert people.AcceptForm(typed | {"given_name": "Anna", "family_name": "Ek"}, email="new@kth.example").is_valid()


# one's own data


@pytest.mark.parametrize("kind", [AskErasureForm, CloseAccountForm])
@pytest.mark.parametrize(("ticked", "is_taken"), [("on", True), ("", False), ("off", True)])
def test_what_is_final_needs_its_tick(kind, ticked, is_taken):
    assert kind({"understood": ticked} if ticked else {}).is_valid() == is_taken


def test_what_is_final_says_what_the_tick_is_for():
    assert "read what happens" in str(AskErasureForm({}).errors["understood"])
    assert "Tick this to close" in str(CloseAccountForm({}).errors["understood"])


@pytest.mark.parametrize(
    ("answer", "is_taken"), [("", False), ("  ", False), ("x" * 1001, False), ("Until May.", True)]
)
def test_a_refused_erasure_has_words(answer, is_taken):
    assert RefuseErasureForm({"answer": answer}).is_valid() == is_taken


@pytest.mark.parametrize(("version", "is_taken"), [("1", True), ("0", False), ("-1", False), ("", False), ("x", False)])
def test_version_is_a_number_from_one_on(version, is_taken):
    assert VersionForm({"version": version}).is_valid() == is_taken


@pytest.mark.parametrize(("reason", "is_taken"), [("", False), (" \n ", False), ("x" * 401, False), ("Spam", True)])
def test_reason_is_given_and_short(reason, is_taken):
    assert ReasonForm({"reason": reason}).is_valid() == is_taken


# keys to the API


def key(**changes):
    typed = {"name": "Website", "scopes": ["universities:read"], "days": "90"} | changes
    data = QueryDict(mutable=True)
    for name, value in typed.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return TokenForm(data)


@pytest.mark.parametrize("days", LASTS)
def test_key_lasts_as_long_as_was_chosen(days):
    form = key(days=str(days))

    assert form.is_valid()
    assert form.wanted() == {
        "name": "Website", "scopes": ["universities:read"], "lasts": timezone.timedelta(days=days),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 61}, "name"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["everything:write"]}, "scopes"),
        ({"days": "3650"}, "days"),
        ({"days": ""}, "days"),
    ],
)
def test_key_that_may_too_much_or_lasts_too_long_is_refused(changes, field):
    assert [*key(**changes).errors] == [field]


def test_key_may_be_made_for_every_resource():
    assert resources
    assert {value for value, _label in key().fields["scopes"].choices} == {scope for scope, _label in scopes()}


# the factsheet


def term(**changes):
    typed = {
        "academic_year": 2027, "term": "autumn", "nominations_close_at": "2027-04-15T23:59",
        "applications_close_at": "2027-05-15T12:00", "arrival_on": "2027-08-20",
    }  # fmt: skip
    form = TermForm(typed | changes)
    form._post_clean = lambda: None  # the model's own checks ask the database
    form.full_clean()
    return form


@pytest.mark.parametrize("year", [1999, 2101, 27])
def test_term_of_a_year_that_is_none_says_how_to_write_it(year):
    assert "write 2027 for 2027/28" in str(term(academic_year=year).errors["academic_year"])


@pytest.mark.parametrize(
    ("day", "fits"), [("2025-01-01", True), ("2024-12-31", False), ("2029-12-31", True), ("2030-01-01", False)]
)
def test_term_has_days_within_two_years_of_its_own(day, fits):
    form = term(arrival_on=day)

    assert ("arrival_on" not in form.errors) == fits
    if not fits:
        assert "does not belong to 2027/28" in str(form.errors["arrival_on"])


def test_term_without_a_year_asks_for_it_and_not_for_other_days():
    assert [*term(academic_year="", arrival_on="1066-10-14").errors] == ["academic_year"]


# lists on the page


@pytest.mark.parametrize(
    ("year", "fits"),
    [("2027", True), ("2027/28", True), ("27", False), ("2027/2028", False), ("2027-28", False), ("2027 ", False),
     ("2027\n", False), ("about 2027", False)],
)  # fmt: skip
def test_year_of_a_number(year, fits):
    if fits:
        assert rows.YEAR(year) is None
    else:
        with pytest.raises(ValidationError, match="Write a year like 2027"):
            rows.YEAR(year)


@pytest.mark.parametrize(
    ("unit", "above", "parents", "is_below"),
    [
        (1, 1, {}, True),
        (2, 1, {2: 1}, True),
        (3, 1, {3: 2, 2: 1}, True),
        (1, 3, {3: 2, 2: 1}, False),
        (4, 1, {3: 2, 2: 1}, False),
        (2, 9, {2: 3, 3: 2}, False),
        (2, 3, {2: 3, 3: 2}, True),
    ],
    ids=["itself", "child", "grandchild", "above", "stranger", "in a circle", "within a circle"],
)
def test_who_stands_below_whom_is_told_also_of_a_broken_tree(unit, above, parents, is_below):
    assert rows.stands_below(unit, above, parents) == is_below


def test_every_part_of_a_page_has_words_and_a_form_of_its_rows():
    for name, part in rows.PARTS.items():
        assert (part.key, part.is_tree) == (name, part.form is rows.UnitForm)
        assert str(part.label)
        assert str(part.intro)
        assert str(part.add_label)
        assert University._meta.get_field(part.related).related_model is part.form.Meta.model


def test_what_the_secretariat_alone_keeps_is_membership_and_domains():
    assert {key for key, part in rows.PARTS.items() if part.curators} == {"memberships", "domains"}


# the profile


@pytest.mark.parametrize(
    ("year", "fits"),
    [(800, True), (799, False), (timezone.localdate().year, True), (timezone.localdate().year + 1, False)],
)
def test_university_was_founded_between_800_and_this_year(year, fits):
    form = ProfileForm.__new__(ProfileForm)
    form.cleaned_data = {"founded": year}

    if fits:
        assert form.clean_founded() == year
    else:
        with pytest.raises(ValidationError, match="not a year in which a university was founded"):
            form.clean_founded()


def test_university_need_not_say_when_it_was_founded():
    form = ProfileForm.__new__(ProfileForm)
    form.cleaned_data = {"founded": None}

    assert form.clean_founded() is None


# tags


def offered(*tags):
    field = TagsField()
    field.offer(tags)
    return field


ROBOTS, WATER = Tag(slug="robots", label="Robots & co", description="<What moves>"), Tag(slug="water", label="Water")


def test_tags_are_ticked_and_given_in_the_order_of_the_list():
    assert offered(ROBOTS, WATER).clean(["water", "robots"]) == [ROBOTS, WATER]
    assert offered(ROBOTS, WATER).clean([]) == []


def test_tag_that_is_not_offered_is_refused():
    with pytest.raises(ValidationError, match="gone"):
        offered(ROBOTS).clean(["gone"])


def test_tag_says_what_it_means_and_everything_is_escaped():
    [(_slug, told), (_other, plain)] = offered(ROBOTS, WATER).choices

    assert told == '<span>Robots &amp; co<span class="sub">&lt;What moves&gt;</span></span>'
    assert plain == "Water"


def test_tag_that_is_retired_says_so_instead_of_what_it_means():
    retired = Tag(slug="old", label="Old", description="What it meant", is_retired=True)

    assert "once taken away it cannot be chosen again" in offered(retired).choices[0][1]
    assert "What it meant" not in offered(retired).choices[0][1]


def test_without_tags_the_field_says_whom_to_ask():
    assert offered().help_text == NO_TAGS_YET
    assert offered(WATER).help_text != NO_TAGS_YET


# expertise


def test_keywords_are_shown_as_they_are_typed():
    field = KeywordsField()

    assert field.prepare_value(["Photonics", "Urban water"]) == "Photonics, Urban water"
    assert field.prepare_value("as, typed") == "as, typed"


# selects that share their rows


def test_row_is_found_among_those_read_and_others_are_refused():
    field = forms.ModelChoiceField(University.objects.all())
    kth = University(pk=7)
    look_up_among(field, [kth])

    assert field.to_python("7") is kth
    assert field.to_python(University(pk=7)) is kth
    assert field.to_python("") is None
    for stranger in ("8", "07", "x", University(pk=8)):
        with pytest.raises(ValidationError, match="not one of the available choices"):
            field.to_python(stranger)


# two versions beside each other


class Choosing(forms.Form):
    word = forms.ChoiceField(choices=[("a", "Alpha"), ("b", "Beta")])
    words = forms.MultipleChoiceField(choices=[("a", "Alpha"), ("b", "Beta")])
    number = forms.IntegerField()
    day = forms.DateField()


@pytest.mark.parametrize(
    ("field", "value", "text"),
    [
        ("word", "a", "Alpha"),
        ("word", "gone", "gone"),
        ("word", "", "–"),
        ("words", ["a", "b"], "Alpha, Beta"),
        ("words", [], "–"),
        ("number", 0, "0"),
        ("number", 12345, "12345"),
        ("number", None, "–"),
        ("day", date(2027, 5, 3), "3 May 2027"),
    ],
)
def test_a_value_of_either_version_as_people_read_it(field, value, text):
    assert conflicts.text_of(Choosing().fields[field], value) == text


def test_what_was_typed_stands_on_top_of_the_version_that_is_stored_now():
    form = Choosing(QueryDict("word=b&version=3&words=a&words=b"))
    form.prefix = None

    again = conflicts.still_typed(form, 5)

    assert (again["version"], again["word"], again.getlist("words")) == ("5", "b", ["a", "b"])
    assert form.data["version"] == "3", "what was posted is left as it came"
