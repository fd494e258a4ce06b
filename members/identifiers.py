"""The codes by which the world knows a university: how each is written, and whether what was typed can be one.

`normalise_…` brings a code into the one way it is stored and never refuses; `validate_…` takes the stored way and
raises ValidationError with a sentence that says what would be right. Models keep the stored way only.

Sources of the rules
- Erasmus code, PIC, OID: the European Commission's list of charter holders; the Erasmus+ programme guide names them.
- SCHAC: SCHAC 1.5, attribute schacHomeOrganization, a domain name as in RFC 1035; the HEI ID of Erasmus Without Paper.
- ROR: the identifier pattern published by ROR, with its check digits by ISO/IEC 7064 MOD 97-10.
- ISNI: ISO 27729, check character by ISO/IEC 7064 MOD 11-2.
- Wikidata: the number of an item, Q and digits.
"""

import re
from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"

# The register knows two country parts of three letters; the others have one or two and are padded with blanks.
ERASMUS_CODE = re.compile(r"(?:[A-Z] {2}|[A-Z]{2} |IRL|LUX)[A-Z][A-Z-]{0,9}[0-9]{2,3}")
ERASMUS_PARTS = re.compile(r"([A-Z]{1,3}) ([A-Z-]+) ?([0-9]+)")
PIC = re.compile(r"[0-9]{9}")
OID = re.compile(r"E[0-9]{8}")
ROR = re.compile(rf"0[{CROCKFORD}]{{6}}[0-9]{{2}}")
ISNI = re.compile(r"[0-9]{15}[0-9X]")
WIKIDATA = re.compile(r"Q[1-9][0-9]*")
BLANK = re.compile(r"\s")
DOMAIN_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
TOP_LEVEL = re.compile(r"[a-z]{2,63}|xn--[a-z0-9-]{2,59}")
WEB_ADDRESS = re.compile(r"https?://")
LEADING_WWW = re.compile(r"^(?:www\.)+")


def normalise_erasmus_code(code: str) -> str:
    """Upper case, the country part padded to three characters: " s stockho04" becomes "S  STOCKHO04".

    A code whose blanks were lost ("SSTOCKHO04") stays as it is: where the country part ends can only be guessed.
    """
    typed = " ".join(code.upper().split())
    parts = ERASMUS_PARTS.fullmatch(typed)
    return f"{parts[1]:<3}{parts[2]}{parts[3]}" if parts else typed


def validate_erasmus_code(code: str) -> None:
    """Country part of three characters, up to ten letters or hyphens for the place, two or three digits.

    The place is usually cut to seven letters; the register of April 2026 has up to ten ("DK FREDERICIA01").
    """
    if not ERASMUS_CODE.fullmatch(code):
        raise ValidationError(
            _(
                "“%(value)s” is not an Erasmus code. It is the country part padded with blanks to three characters, "
                "then the place in capitals and two or three digits, e.g. “S  STOCKHO04” or “IRLDUBLIN01”."
            ),
            code="erasmus_code",
            params={"value": code},
        )


def normalise_pic(code: str) -> str:
    """The digits without blanks, dots and hyphens between them."""
    return re.sub(r"[\s.-]", "", code)


def validate_pic(code: str) -> None:
    """Nine digits that leave 1 when divided by 97.

    The Commission publishes no check rule. All 6,142 codes of the register of 8 April 2026 obey ISO/IEC 7064 MOD 97-10,
    which nine free digits would do once in 97; `tests/members/test_reference_data.py` keeps watch over that.
    """
    if not PIC.fullmatch(code):
        raise ValidationError(
            _("“%(value)s” is not a PIC. It has nine digits, e.g. 999990946."), code="pic", params={"value": code}
        )
    if int(code) % 97 != 1:
        raise ValidationError(
            _("The check digits of the PIC %(value)s do not fit: compare it with the participant register."),
            code="pic_check",
            params={"value": code},
        )


def normalise_oid(code: str) -> str:
    return BLANK.sub("", code).upper()


def validate_oid(code: str) -> None:
    """E and eight digits, the organisation ID of Erasmus+ and the European Solidarity Corps; it has no check digit."""
    if not OID.fullmatch(code):
        raise ValidationError(
            _("“%(value)s” is not an organisation ID. It is the letter E and eight digits, e.g. E10209479."),
            code="oid",
            params={"value": code},
        )


def normalise_schac(code: str) -> str:
    """The bare domain of what may have been copied as a web address: "https://www.KTH.se/en" becomes "kth.se"."""
    host = WEB_ADDRESS.sub("", BLANK.sub("", code.lower())).partition("/")[0]
    return LEADING_WWW.sub("", host).rstrip(".")


def validate_schac(code: str) -> None:
    """A domain name of two labels or more, in ASCII (an international one in its xn-- form), 253 characters at most."""
    *labels, top = code.split(".")
    known = labels and all(DOMAIN_LABEL.fullmatch(label) for label in labels) and TOP_LEVEL.fullmatch(top)
    if not known or len(code) > 253:
        raise ValidationError(
            _("“%(value)s” is not a SCHAC code. It is the university's domain in small letters, e.g. kth.se."),
            code="schac",
            params={"value": code},
        )


def last_part(address: str) -> str:
    """What follows the last slash of a web address, without blanks; a bare code stays whole."""
    return BLANK.sub("", address).rstrip("/").rpartition("/")[2]


def normalise_ror(code: str) -> str:
    """The nine characters without the address before them: "https://ror.org/026vcq606" becomes "026vcq606"."""
    return last_part(code).lower()


def ror_check_digits(body: str) -> str:
    """The two check digits of the first seven characters, read as a number in Crockford's base 32."""
    number = 0
    for character in body:
        number = number * 32 + CROCKFORD.index(character)
    return f"{98 - number * 100 % 97:02d}"


def validate_ror(code: str) -> None:
    """0, six characters of Crockford's base 32 (no i, l, o, u), two check digits by ISO/IEC 7064 MOD 97-10."""
    if not ROR.fullmatch(code):
        raise ValidationError(
            _(
                "“%(value)s” is not a ROR ID. It has nine characters: 0, six digits or letters (none of i, l, o, u), "
                "two digits, e.g. 026vcq606."
            ),
            code="ror",
            params={"value": code},
        )
    if ror_check_digits(code[:7]) != code[7:]:
        raise ValidationError(
            _("The check digits of the ROR ID %(value)s do not fit: compare it with the page at ror.org."),
            code="ror_check",
            params={"value": code},
        )


def normalise_isni(code: str) -> str:
    """The sixteen characters without blanks, hyphens and the address before them."""
    return last_part(code).replace("-", "").upper()


def isni_check_character(digits: str) -> str:
    """The sixteenth character for the first fifteen digits; X stands for ten."""
    total = 0
    for digit in digits:
        total = (total + int(digit)) * 2
    return "0123456789X"[(12 - total % 11) % 11]


def validate_isni(code: str) -> None:
    """Fifteen digits and a check character, a digit or X, by ISO/IEC 7064 MOD 11-2."""
    if not ISNI.fullmatch(code):
        raise ValidationError(
            _("“%(value)s” is not an ISNI. It has sixteen digits, the last may be X, e.g. 0000 0001 2158 1746."),
            code="isni",
            params={"value": code},
        )
    if isni_check_character(code[:15]) != code[15]:
        raise ValidationError(
            _("The check character of the ISNI %(value)s does not fit: compare it with the page at isni.org."),
            code="isni_check",
            params={"value": code},
        )


def normalise_wikidata(code: str) -> str:
    return last_part(code).upper()


def validate_wikidata(code: str) -> None:
    """The letter Q and a number."""
    if not WIKIDATA.fullmatch(code):
        raise ValidationError(
            _("“%(value)s” is not a Wikidata item. It is the letter Q and a number, e.g. Q854280."),
            code="wikidata",
            params={"value": code},
        )


# By the value of members.models.Identifier.Scheme.
RULES: dict[str, tuple[Callable[[str], str], Callable[[str], None]]] = {
    "erasmus": (normalise_erasmus_code, validate_erasmus_code),
    "pic": (normalise_pic, validate_pic),
    "oid": (normalise_oid, validate_oid),
    "schac": (normalise_schac, validate_schac),
    "ror": (normalise_ror, validate_ror),
    "isni": (normalise_isni, validate_isni),
    "wikidata": (normalise_wikidata, validate_wikidata),
}


def normalise(scheme: str, value: str) -> str:
    """`value` in the one way codes of `scheme` are stored; raises KeyError for an unknown scheme."""
    return RULES[scheme][0](value)


def validate(scheme: str, value: str) -> None:
    """Raise ValidationError when `value`, in its stored way, cannot be a code of `scheme`."""
    RULES[scheme][1](value)
