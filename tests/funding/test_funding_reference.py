"""The file of funding programmes: what it says, and what the load makes of it."""

from datetime import date
from zoneinfo import ZoneInfo

import pghistory
import pytest
from django.core.management import call_command

from funding.models import ActionType, Call, CallStage, FundingProgramme, PartnerType, Scope
from funding.reference import FILE
from members.reference_data import read
from tests.factories.funding import CallFactory, FollowFactory

DATA = read(FILE)
ITEMS = {item["code"]: item for item in DATA["items"]}


def test_codes_are_unique_and_kinds_known() -> None:
    assert len(ITEMS) == len(DATA["items"]) == 41
    assert {item["action_type"] for item in ITEMS.values()} <= set(ActionType)
    assert {scope for item in ITEMS.values() for scope in item["eligibility"]["scopes"]} <= set(Scope)
    assert {kind for item in ITEMS.values() for kind in item["eligibility"]["partner_types"]} <= set(PartnerType)


def test_rules_known_by_heart_stand_in_the_file() -> None:
    def least(code):
        rules = ITEMS[code]["eligibility"]
        return rules["min_organisations"], rules["min_countries"], rules["min_member_states"]

    assert least("HE-RIA") == least("HE-IA") == least("MSCA-DN") == (3, 3, 1)
    assert least("E+-KA220-HED") == (3, 3, None)
    assert least("E+-INNO-ALL") == (8, 4, None)
    assert ITEMS["E+-EMJM"]["eligibility"]["min_in_scope"] == 2
    assert ITEMS["HE-IA"]["rate"] == 70


def test_calls_name_programmes_and_days() -> None:
    assert {call["programme"] for call in DATA["calls"]} <= ITEMS.keys()
    for call in DATA["calls"]:
        opens = date.fromisoformat(call["opens"]) if call["opens"] else date.min
        assert opens < date.fromisoformat(call["closes"])


@pytest.mark.django_db
def test_load_brings_programmes_and_calls_once_and_keeps_what_people_wrote() -> None:
    call_command("load_reference_data", verbosity=0)
    edited = Call.objects.get(slug="horizon-msca-2025-dn-01")
    edited.summary = "Networks that train doctoral candidates."
    with pghistory.context(user=7):  # outside of it, in the one transaction of a test, it would be the load's
        edited.save()

    call_command("load_reference_data", verbosity=0)

    assert FundingProgramme.objects.count() == 41
    assert Call.objects.filter(state="published", is_sample=False).count() == len(DATA["calls"])
    assert CallStage.objects.count() == len(DATA["calls"])
    assert Call.objects.get(pk=edited.pk).summary == "Networks that train doctoral candidates."


@pytest.mark.django_db
def test_a_deadline_of_the_file_is_on_the_clock_of_brussels() -> None:
    call_command("load_reference_data", verbosity=0)

    stage = CallStage.objects.get(call__slug="horizon-msca-2025-dn-01")

    assert stage.deadline.astimezone(ZoneInfo("Europe/Brussels")).isoformat() == "2025-11-25T17:00:00+01:00"
    assert CallStage.objects.get(call__slug="eic-pathfinder-open-2026").note != ""


@pytest.mark.django_db
def test_who_follows_a_call_hears_of_what_a_newer_file_changes_in_it() -> None:
    call_command("load_reference_data", verbosity=0)
    with pghistory.context(user=7):
        call = CallFactory(open=True, programme=FundingProgramme.objects.get(code="MSCA-DN"))
        follow = FollowFactory(call=call)
    with pghistory.context(source="reference data"):  # an older file said another number
        FundingProgramme.objects.filter(pk=call.programme_id).update(min_organisations=7)

    call_command("load_reference_data", verbosity=0)

    assert "At least 7 organisations" in follow.user.notices.get().body.partition("→")[0]
    assert "At least 3 organisations" in follow.user.notices.get().body.partition("→")[2]
