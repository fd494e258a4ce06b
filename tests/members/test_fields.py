"""What is drawn around a field that was filled in wrongly."""

import pytest
from django import forms


class Form(forms.Form):
    day = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))
    number = forms.IntegerField(required=False, min_value=1)
    words = forms.CharField(required=False, max_length=3)


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("day", "31.02.2027", True),
        ("day", "2027-02-31", True),
        ("day", "2027-02-28", False),
        ("day", "", False),
        ("number", "four", True),
        ("number", "nan", True),
        ("number", "0", False),
        ("words", "too long", False),
    ],
)
def test_field_says_what_was_typed_where_its_control_cannot_show_it(name, typed, said):
    drawn = Form({name: typed})[name].as_field_group()

    assert (f"You wrote “{typed}”." in drawn) == said


def test_field_of_a_day_says_how_a_day_is_written():
    form = Form({"day": "soon"})

    assert "A day is written like 2027-05-06." in form["day"].as_field_group()
    assert "is written like" not in form["number"].as_field_group()
