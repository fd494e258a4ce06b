"""A load brings tables to what the files say, and what people wrote since stays."""

import pghistory
import pytest
from django.core.management import CommandError, call_command

from members import loading, reference_rows
from members.loading import BadRowError, Load
from members.models import (
    CharterHolder,
    Country,
    EmailDomain,
    Fact,
    Field,
    GradeScale,
    Identifier,
    Membership,
    University,
    UniversityName,
)

pytestmark = pytest.mark.django_db

SWEDEN = {"code": "SE", "code3": "SWE", "numeric": "752", "name": "Sweden"}
ICELAND = {"code": "IS", "code3": "ISL", "numeric": "352", "name": "Iceland"}
KTH = {"slug": "kth", "short_name": "KTH", "name": "KTH", "country_id": "SE", "city": "Stockholm", "founded": 1827}


def load(model, key, *rows, **options):
    """One run that brings `model` to `rows`; returns what it told, as sentences."""
    run = Load(**options)
    run.run([lambda load: load.bring(model, (key,), rows)])
    return [str(change) for change in run.changes]


def people():
    """What is written inside is a person's; outside, within the one transaction of a test, it would be the load's."""
    return pghistory.context(user=7)


@pytest.fixture(autouse=True)
def of_this_room_only(monkeypatch):
    """What higher rooms load is tested there."""
    monkeypatch.setattr(loading, "_loaders", [])


@pytest.fixture
def kth():
    load(Country, "code", SWEDEN)
    load(University, "slug", KTH)
    return University.objects.get(slug="kth")


def test_load_adds_changes_and_removes():
    assert load(Country, "code", SWEDEN, ICELAND) == ["added country SE", "added country IS"]
    assert load(Country, "code", SWEDEN, ICELAND) == []
    assert load(Country, "code", {**SWEDEN, "name": "Sverige"}) == [
        "removed country Iceland",
        "changed country SE: name is 'Sweden', the file has 'Sverige'",
    ]
    assert [*Country.objects.values_list("code", "name")] == [("SE", "Sverige")]


def test_load_never_removes_what_is_referred_to(kth):
    assert load(Country, "code", ICELAND) == [
        "kept country Sweden: it is in no file any more, but is referred to",
        "added country IS",
    ]


def test_load_of_an_edited_file_changes_its_own_values_and_counts_the_version_up(kth):
    assert load(University, "slug", {**KTH, "founded": 1828}) == [
        "changed university kth: founded is 1827, the file has 1828"
    ]

    changed = University.objects.get(slug="kth")
    assert (changed.founded, changed.version) == (1828, kth.version + 1)


def test_load_keeps_what_people_wrote_and_changes_the_rest(kth):
    with people():
        University.objects.update(city="Solna")
    edited = {**KTH, "city": "Stockholm", "founded": 1828}

    assert load(University, "slug", edited) == [
        "kept university kth: city is 'Solna', the file has 'Stockholm'",
        "changed university kth: founded is 1827, the file has 1828",
    ]
    assert load(University, "slug", edited) == ["kept university kth: city is 'Solna', the file has 'Stockholm'"]


def test_load_with_overwrite_wins_over_what_people_wrote(kth):
    with people():
        University.objects.update(city="Solna")

    load(University, "slug", KTH, overwrite=True)

    assert University.objects.get(slug="kth").city == "Stockholm"
    assert load(University, "slug", KTH) == []


def test_load_does_not_bring_back_what_people_took_away(kth):
    load(UniversityName, "name", {"university_id": kth.pk, "name": "Kungliga Tekniska högskolan"})
    with people():
        UniversityName.objects.all().delete()
    again = {"university_id": kth.pk, "name": "Kungliga Tekniska högskolan"}

    assert load(UniversityName, "name", again) == [
        "kept university name Kungliga Tekniska högskolan: somebody took it away"
    ]
    assert load(UniversityName, "name", again, overwrite=True) == ["added university name Kungliga Tekniska högskolan"]


def test_load_does_not_repeat_what_people_renamed(kth):
    with people():
        University.objects.update(slug="kungliga")

    assert load(University, "slug", KTH) == ["kept university kth: somebody took it away"]


def test_load_leaves_rows_alone_that_people_added_or_touched(kth):
    load(UniversityName, "name", {"university_id": kth.pk, "name": "Royal Institute"})
    with people():
        UniversityName.objects.update(name="Royal Institute of Technology")
        UniversityName.objects.create(university=kth, name="Teknis")

    assert load(UniversityName, "name") == []
    assert UniversityName.objects.count() == 2


def test_load_never_removes_a_university_with_what_belongs_to_it(kth):
    Fact.objects.create(university=kth, kind="students", value=1, year="2025")

    assert load(University, "slug") == ["kept university KTH: it is in no file any more, but is referred to"]
    assert University.objects.filter(slug="kth").exists()


def test_load_refuses_a_row_that_the_table_cannot_hold(kth):
    with pytest.raises(BadRowError, match=r"university kth: .*short_name.*40 characters"):
        load(University, "slug", {**KTH, "founded": 1828, "short_name": "K" * 41})

    assert University.objects.get(slug="kth").founded == 1827


def test_reference_data_is_loaded_once_and_stays_the_same(capsys):
    call_command("load_reference_data")

    assert capsys.readouterr().out.splitlines() == [
        "country: 250 added",
        "field: 220 added",
        "grade scale: 15 added",
        "charter holder: 6142 added",
        "university: 30 added",
        "membership: 31 added",
        "university name: 68 added",
        "identifier: 152 added",
        "fact: 22 added",
        "unit: 4 added",
    ]
    assert CharterHolder.objects.get(pk="DK FREDERICIA01").country_id == "DK"
    assert Field.objects.get(code="0613").parent.parent.code == "06"
    assert GradeScale.objects.get(code="SE-AF").letters == ["A", "B", "C", "D", "E"]
    assert EmailDomain.objects.get(domain="kth.se").university.slug == "kth"
    assert Membership.objects.get(university__slug="epfl").note == "Member, last known in 2019"
    of_lisbon = Identifier.objects.filter(university__slug="tecnico", of_parent=True)
    assert {*of_lisbon.values_list("scheme", flat=True)} == {"erasmus", "pic", "oid", "schac"}
    assert [*Fact.objects.filter(university__slug="grenoble-inp").values_list("value", "year", "is_stale")] == [
        (5200, "", True)
    ]

    call_command("load_reference_data")

    assert capsys.readouterr().out == "Everything was as the files say.\n"


def test_rooms_above_load_after_this_one(monkeypatch):
    monkeypatch.setattr(reference_rows, "load", lambda load: load.bring(Country, ("code",), [SWEDEN]))
    monkeypatch.setattr(loading, "_loaders", [])
    loading.register(lambda load: load.bring(University, ("slug",), [KTH]))

    call_command("load_reference_data", verbosity=0)

    assert University.objects.get().country_id == "SE"


def test_reference_data_dry_run_tells_and_changes_nothing(capsys, monkeypatch):
    monkeypatch.setattr(reference_rows, "load", lambda load: load.bring(Country, ("code",), [SWEDEN]))

    call_command("load_reference_data", "--dry-run", verbosity=2)

    assert capsys.readouterr().out == "added country SE\ncountry: 1 added\n"
    assert not Country.objects.exists()


def test_reference_data_with_a_bad_row_says_where_and_loads_nothing(monkeypatch):
    bad = {**ICELAND, "code3": "ICELAND"}
    monkeypatch.setattr(reference_rows, "load", lambda load: load.bring(Country, ("code",), [SWEDEN, bad]))

    with pytest.raises(CommandError, match=r"Nothing was loaded\. country IS: .*code3"):
        call_command("load_reference_data")

    assert not Country.objects.exists()


def test_new_email_domains_are_for_new_universities_only(kth, monkeypatch):
    monkeypatch.setattr(reference_rows, "charter_holders", list)
    domain = EmailDomain.objects.create(university=kth, domain="students.kth.example")

    call_command("load_reference_data", verbosity=0)

    assert [*EmailDomain.objects.filter(university=kth)] == [domain]
