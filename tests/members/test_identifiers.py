"""What may be typed as a university's code, how it is stored, and what is told when it cannot be right."""

import string

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from members import identifiers
from members.identifiers import CROCKFORD, isni_check_character, normalise, ror_check_digits, validate

SCHEMES = sorted(identifiers.RULES)

countries = st.one_of(
    st.text(string.ascii_uppercase, min_size=1, max_size=2).map(lambda part: f"{part:<3}"),
    st.sampled_from(["IRL", "LUX"]),
)
places = st.from_regex(r"[A-Z][A-Z-]{0,9}", fullmatch=True)
erasmus_codes = st.builds("{}{}{}".format, countries, places, st.text(string.digits, min_size=2, max_size=3))
pics = st.integers(0, 999_999_999 // 97).map(lambda n: f"{n * 97 + 1:09d}").filter(lambda code: len(code) == 9)
oids = st.text(string.digits, min_size=8, max_size=8).map("E{}".format)
labels = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?", fullmatch=True).filter(lambda label: label != "www")
domains = st.builds("{}.{}".format, labels, st.from_regex(r"[a-z]{2,10}", fullmatch=True))
ror_bodies = st.text(CROCKFORD, min_size=6, max_size=6).map("0{}".format)
rors = ror_bodies.map(lambda body: body + ror_check_digits(body))
isnis = st.text(string.digits, min_size=15, max_size=15).map(lambda digits: digits + isni_check_character(digits))
wikidata = st.integers(1, 10**9).map("Q{}".format)

VALID = {
    "erasmus": erasmus_codes,
    "isni": isnis,
    "oid": oids,
    "pic": pics,
    "ror": rors,
    "schac": domains,
    "wikidata": wikidata,
}
scheme_and_code = st.sampled_from(SCHEMES).flatmap(lambda scheme: st.tuples(st.just(scheme), VALID[scheme]))


def accepts(scheme, value):
    try:
        validate(scheme, value)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize(
    ("scheme", "typed", "stored"),
    [
        ("erasmus", " s stockho04", "S  STOCKHO04"),
        ("erasmus", "sf  espoo12", "SF ESPOO12"),
        ("erasmus", "IRL DUBLIN01", "IRLDUBLIN01"),
        ("erasmus", "IRLDUBLIN01", "IRLDUBLIN01"),
        ("erasmus", "F  GRENOBL 22", "F  GRENOBL22"),
        ("erasmus", "SSTOCKHO04", "SSTOCKHO04"),
        ("pic", "999 990 946", "999990946"),
        ("pic", "999.990.946", "999990946"),
        ("oid", " e10209479", "E10209479"),
        ("schac", "https://www.KTH.se/en", "kth.se"),
        ("schac", "kth.se.", "kth.se"),
        ("ror", "https://ror.org/026VCQ606/", "026vcq606"),
        ("ror", "ror.org/026vcq606", "026vcq606"),
        ("isni", "0000 0001 2294 713x", "000000012294713X"),
        ("isni", "https://isni.org/isni/000000012294713X", "000000012294713X"),
        ("wikidata", "https://www.wikidata.org/wiki/q854280", "Q854280"),
    ],
)
def test_normalise(scheme, typed, stored):
    assert normalise(scheme, typed) == stored


@pytest.mark.parametrize(
    ("scheme", "value", "code"),
    [
        ("erasmus", "S STOCKHO04", "erasmus"),
        ("erasmus", "SSTOCKHO04", "erasmus"),
        ("erasmus", "CHLAUSANN06", "erasmus"),
        ("erasmus", "S  STOCKHO", "erasmus"),
        ("erasmus", "S  STOCKHO4", "erasmus"),
        ("erasmus", "S  STOCKHO0004", "erasmus"),
        ("erasmus", "s  stockho04", "erasmus"),
        ("erasmus", "S  STOCKHO\u0660\u0664", "erasmus"),
        ("pic", "99999094", "pic"),
        ("pic", "\u0669\u0669\u0669\u0669\u0669\u0660\u0669\u0664\u0666", "pic"),
        ("pic", "999990947", "pic_check"),
        ("oid", "10209479", "oid"),
        ("oid", "E1020947", "oid"),
        ("schac", "kth", "schac"),
        ("schac", "kth..se", "schac"),
        ("schac", "-kth.se", "schac"),
        ("schac", "kth.1", "schac"),
        ("schac", "kth se", "schac"),
        ("schac", "högskolan.se", "schac"),
        ("schac", f"{'a.' * 130}se", "schac"),
        ("ror", "126vcq606", "ror"),
        ("ror", "026vcu606", "ror"),
        ("ror", "026vcq607", "ror_check"),
        ("isni", "000000012158174", "isni"),
        ("isni", "X000000121581746", "isni"),
        ("isni", "0000000121581747", "isni_check"),
        ("wikidata", "854280", "wikidata"),
        ("wikidata", "Q0", "wikidata"),
    ],
)
def test_validate_refuses(scheme, value, code):
    with pytest.raises(ValidationError) as refused:
        validate(scheme, value)

    assert refused.value.code == {"erasmus": "erasmus_code"}.get(code, code)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_refusal_names_the_value_and_an_example_that_would_be_right(scheme):
    with pytest.raises(ValidationError) as refused:
        validate(scheme, "no such code")

    sentence = refused.value.messages[0]
    example = sentence.removesuffix(".").rpartition("e.g. ")[2].partition(" or ")[0].strip("“”")
    assert "no such code" in sentence
    validate(scheme, example if scheme == "erasmus" else normalise(scheme, example))


@given(scheme_and_code)
def test_valid_codes_are_accepted_and_stay_as_they_are(pair):
    scheme, code = pair

    validate(scheme, code)

    assert normalise(scheme, code) == code


@given(st.sampled_from(SCHEMES), st.text(max_size=40))
def test_normalising_twice_changes_nothing_more(scheme, typed):
    once = normalise(scheme, typed)

    assert normalise(scheme, once) == once


@given(erasmus_codes, st.sampled_from(["", " ", "\t", "\u00a0"]))
def test_erasmus_code_survives_lower_case_and_lost_padding(code, around):
    typed = around + f"{code[:3].strip()} {code[3:]}".lower() + around

    assert normalise("erasmus", typed) == code


@pytest.mark.parametrize("scheme", ["pic", "ror", "isni"])
@given(data=st.data())
def test_one_wrong_digit_is_noticed(scheme, data):
    code = data.draw(VALID[scheme])
    place = data.draw(st.sampled_from([at for at, character in enumerate(code) if character.isdigit()]))
    other = data.draw(st.sampled_from([digit for digit in string.digits if digit != code[place]]))

    assert not accepts(scheme, code[:place] + other + code[place + 1 :])


@pytest.mark.parametrize("scheme", ["pic", "isni"])
@given(data=st.data())
def test_two_swapped_neighbours_are_noticed(scheme, data):
    code = data.draw(VALID[scheme])
    swaps = [at for at in range(len(code) - 1) if code[at] != code[at + 1]]
    place = data.draw(st.sampled_from(swaps)) if swaps else None
    swapped = code if place is None else code[:place] + code[place + 1] + code[place] + code[place + 2 :]

    assert accepts(scheme, swapped) == (place is None)
