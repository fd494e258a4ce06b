"""What a call asks of a consortium, in sentences with the numbers, and whether some universities meet it.

Advisory. It counts countries by their standing on a day (members.Country); the official text decides.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from funding.models import Call, PartnerType, Rules, Scope
from members.models import Country, University

MEMBER_STATE, ASSOCIATED = "member_state", "associated"
# Associated to the second pillar of Horizon Europe only (Science Business, 21 November 2024; notices of 2025).
SECOND_PILLAR_ONLY = {"CA", "JP", "KR", "NZ"}
IN_THE_UNION_OR_ASSOCIATED = (Scope.MS, Scope.AC, Scope.EA)


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One condition for the universities at hand: `met` is None where the portal cannot tell."""

    sentence: str
    met: bool | None
    have: int | None = None
    need: int | None = None

    @property
    def tone(self) -> str:
        return {True: "ok", False: "due", None: "quiet"}[self.met]

    @property
    def label(self) -> str:
        return {True: _("met"), False: _("not yet"), None: _("look into the text")}[self.met]


def stands_in(country: Country, scope: str, on: date, *, second_pillar: bool) -> bool | None:
    """Whether `country` counts under `scope` on that day; None where the portal does not know."""
    if scope == Scope.WORLD:
        return True
    if scope == Scope.MS:
        return country.in_eu
    if scope == Scope.AC:
        begun = country.horizon_from is None or country.horizon_from <= on
        limited = country.code in SECOND_PILLAR_ONLY and not second_pillar
        return country.horizon_status == ASSOCIATED and begun and not limited
    if scope == Scope.EA:
        # The day goes before the flag of today: a call is held against the day of its deadline.
        since = country.erasmus_from
        joined = country.erasmus_programme_country if since is None else since <= on
        return joined and not country.in_eu  # the guide calls these "third countries associated to the Programme"
    return country.code == scope if scope in (Scope.DE, Scope.FR) else None


def counts(country: Country, scopes: Collection[str], on: date, *, second_pillar: bool) -> bool:
    """Whether an organisation of `country` counts towards the least numbers; without scopes every one does."""
    found = [stands_in(country, scope, on, second_pillar=second_pillar) for scope in scopes]
    return not scopes or any(found) or None in found  # where the portal cannot tell, nobody is counted out


def sentences(call: Call) -> list[str]:
    """The conditions that count for the call, one sentence each."""
    return [*_numbers(call.rules), *_kinds(call.rules), *_words(call.rules)]


def _numbers(rules: Rules) -> Iterator[str]:
    n = rules.min_organisations
    if n and rules.min_countries and rules.min_countries > 1:
        words = {"n": n, "countries": rules.min_countries}
        yield _("At least %(n)d organisations from %(countries)d different countries.") % words
    elif n:
        yield ngettext("One organisation is enough.", "At least %(n)d organisations.", n) % {"n": n}
    elif rules.min_countries and rules.min_countries > 1:
        yield _("Organisations from at least %(n)d different countries.") % {"n": rules.min_countries}
    if rules.max_organisations:
        most = rules.max_organisations
        yield ngettext("Only one organisation.", "At most %(n)d organisations.", most) % {"n": most}
    if rules.scopes:
        where = _joined([str(Scope(scope).label) for scope in rules.scopes])
        yield _("Counted are organisations in %(where)s.") % {"where": where}
    if rules.min_member_states:
        n = rules.min_member_states
        words = ngettext(
            "At least one of them lies in a member state of the EU.",
            "At least %(n)d of them lie in member states of the EU.",
            n,
        )
        yield words % {"n": n}
    if rules.min_in_scope:
        n = rules.min_in_scope
        words = ngettext(
            "At least one of them lies in the EU or an associated country.",
            "At least %(n)d of them lie in the EU or an associated country.",
            n,
        )
        yield words % {"n": n}
    if rules.independent and (rules.min_organisations or 0) > 1:
        yield _("They are independent of each other.")


def _kinds(rules: Rules) -> Iterator[str]:
    for kind, number in rules.partner_types.items():
        yield _("Of each kind at least: %(n)d %(kind)s.") % {"n": number, "kind": PartnerType(kind).label}


def _words(rules: Rules) -> Iterator[str]:
    if rules.coordinator_rule:
        yield rules.coordinator_rule
    yield from rules.conditions


def _joined(words: list[str]) -> str:
    return words[0] if len(words) == 1 else _("%(first)s or %(last)s") % {
        "first": ", ".join(words[:-1]), "last": words[-1],
    }  # fmt: skip


def check(call: Call, universities: Collection[University], on: date) -> list[Finding]:
    """Hold the universities, with their countries joined, against the conditions of the call on a day. No query."""
    rules, second = call.rules, call.programme.follows_horizon
    counted = [u for u in universities if counts(u.country, rules.scopes, on, second_pillar=second)]
    # Not of `counted`: a call may count other countries and still ask for some from here.
    inside = [u for u in universities if counts(u.country, IN_THE_UNION_OR_ASSOCIATED, on, second_pillar=second)]
    countries = {university.country_id for university in counted}
    found = list(_least(rules, counted, inside, countries))
    if rules.max_organisations:
        # Everybody takes a seat, also who does not count towards the least numbers.
        have, most = len(universities), rules.max_organisations
        words = _most_words(most, have)
        found.append(Finding(sentence=words % {"most": most, "have": have}, met=have <= most, have=have, need=most))
    return [*found, *_check_kinds(rules, counted, inside), *_not_tested(rules, universities, counted)]


def _most_words(most: int, have: int) -> str:
    if most == 1:
        return ngettext(
            "Only one organisation: %(have)d university is interested.",
            "Only one organisation: %(have)d universities are interested.",
            have,
        )
    return ngettext(
        "At most %(most)d organisations: %(have)d university is interested.",
        "At most %(most)d organisations: %(have)d universities are interested.",
        have,
    )


def _least(rules: Rules, counted: list[University], inside: list[University], countries: set[str]) -> Iterator[Finding]:
    in_union = sum(university.country.in_eu for university in counted)
    asked = (
        (rules.min_organisations, len(counted), _("organisations that count: %(have)d of %(need)d")),
        (rules.min_countries, len(countries), _("different countries: %(have)d of %(need)d")),
        (rules.min_member_states, in_union, _("in member states of the EU: %(have)d of %(need)d")),
        (rules.min_in_scope, len(inside), _("in the EU or an associated country: %(have)d of %(need)d")),
    )
    for need, have, words in asked:
        if need:
            text = words % {"have": have, "need": need}
            yield Finding(sentence=f"{text[0].upper()}{text[1:]}", met=have >= need, have=have, need=need)


def _check_kinds(rules: Rules, counted: list[University], inside: list[University]) -> Iterator[Finding]:
    for kind, need in rules.partner_types.items():
        label = str(PartnerType(kind).label)
        if kind in PartnerType.universities_are:
            have = len(inside if kind in PartnerType.in_scope_only else counted)
            text = _("%(kind)s: %(have)d of %(need)d") % {"kind": label, "have": have, "need": need}
            yield Finding(sentence=f"{text[0].upper()}{text[1:]}", met=have >= need, have=have, need=need)
        else:
            text = _("%(kind)s: %(need)d, to be found outside the consortium") % {"kind": label, "need": need}
            yield Finding(sentence=f"{text[0].upper()}{text[1:]}", met=None, need=need)


def _not_tested(rules: Rules, universities: Collection[University], counted: list[University]) -> Iterator[Finding]:
    beyond = [university.short_name for university in universities if university not in counted]
    if beyond:
        text = _("Welcome, but not counted towards the least numbers: %(names)s") % {"names": ", ".join(beyond)}
        yield Finding(sentence=text, met=None)
    if rules.coordinator_rule:
        yield Finding(sentence=rules.coordinator_rule, met=None)


def verdict(findings: list[Finding]) -> str:
    """The whole in one sentence."""
    tested = [finding for finding in findings if finding.met is not None]
    missing = [finding for finding in tested if not finding.met]
    if not tested:
        return _("The portal knows no number to test for this call.")
    if missing:
        return ngettext(
            "%(n)d of %(all)d least numbers is not reached yet.",
            "%(n)d of %(all)d least numbers are not reached yet.",
            len(missing),
        ) % {"n": len(missing), "all": len(tested)}
    reached = ngettext(
        "The universities interested reach the least number that is asked for.",
        "The universities interested reach all %(all)d least numbers.",
        len(tested),
    )
    return reached % {"all": len(tested)}
