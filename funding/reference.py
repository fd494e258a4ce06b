"""The programmes and the real calls of `data/funding_programmes.json` as rows; what no page tells stays empty."""

from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.text import slugify

from funding.actions import telling_followers
from funding.models import Call, CallStage, FundingProgramme
from funding.models.calls import BRUSSELS
from members.loading import Load, Row
from members.reference_data import first_day, read

FILE = Path(__file__).parent / "data" / "funding_programmes.json"
Item = dict[str, Any]

FACTS = (
    "code", "framework", "name", "action_type", "funder", "managed_by", "grant_form", "rate", "rate_note",
    "budget_min", "budget_max", "months_min", "months_max", "trl_from", "trl_to", "official_source", "official_url",
    "sources", "certainty", "pillar",
)  # fmt: skip
NUMBERS = ("min_organisations", "max_organisations", "min_countries", "min_member_states", "min_in_scope")
HOUR_UNKNOWN = "The hour is the usual one; it was not read."
SUMMARY = "Read from public pages: dates and, where it is given, the budget. The official text tells what it funds."


def load(load: Load) -> None:
    """Bring this room's tables to what the file says; calls that people wrote stay as they are.

    Whoever follows a call hears of what a newer file changed in it, or in its programme.
    """
    with telling_followers(by=None, now=timezone.now()):
        _bring(load, read(FILE))


def _bring(load: Load, file: Item) -> None:
    known_on = datetime.strptime(file["meta"]["as_of"], "%Y-%m").replace(tzinfo=UTC)
    load.bring(FundingProgramme, ("code",), [programme(item) for item in file["items"]])
    programmes = {row.code: row for row in FundingProgramme.objects.all()}
    calls = [(item, programmes[item["programme"]]) for item in file["calls"]]
    load.bring(Call, ("slug",), [call(item, row, known_on) for item, row in calls])
    keys = dict(Call.objects.values_list("slug", "pk"))
    # A call that the secretariat took away is not brought back (Load.bring), and has no stage to bring either.
    in_the_file = [item for item in file["calls"] if slugify(item["topic"]) in keys]
    load.bring(CallStage, ("call_id", "number"), [stage(item, keys[slugify(item["topic"])]) for item in in_the_file])


def programme(item: Item) -> Row:
    rules = item["eligibility"]
    return (
        {name: item[name] for name in FACTS}
        | {name: rules[name] for name in NUMBERS}
        | {
            "scopes": rules["scopes"],
            "independent": rules["independent"],
            "partner_types": rules["partner_types"],
            "coordinator_rule": rules["coordinator"],
            "conditions": rules["conditions"],
        }
    )


def call(item: Item, programme: FundingProgramme, known_on: datetime) -> Row:
    """A call that was read on pages; it is published from the first load on."""
    return {
        "slug": slugify(item["topic"]),
        "programme_id": programme.pk,
        "action_type": programme.action_type,
        "topic": item["topic"],
        "title": f"{programme.name} {first_day(item['closes']).year}",
        "summary": SUMMARY,
        "budget_total": item["budget"],
        "rate": programme.rate,
        "rate_note": programme.rate_note,
        "budget_min": programme.budget_min,
        "budget_max": programme.budget_max,
        "months_min": programme.months_min,
        "months_max": programme.months_max,
        "trl_from": programme.trl_from,
        "trl_to": programme.trl_to,
        "state": Call.State.PUBLISHED,
        "state_since": known_on,
        "published_at": known_on,
        "news_at": known_on,
    }


def stage(item: Item, call_id: int) -> Row:
    """The one stage of a call of the file, on the clock of Brussels."""
    return {
        "call_id": call_id,
        "number": 1,
        "opens_at": _at(item["opens"], "00:00") if item["opens"] else None,
        "deadline": _at(item["closes"], item["hour"]),
        "time_zone": BRUSSELS,
        "note": "" if item["hour_known"] else HOUR_UNKNOWN,
    }


def _at(day: str, hour: str) -> datetime:
    return datetime.combine(first_day(day), time.fromisoformat(hour), tzinfo=ZoneInfo(BRUSSELS)).astimezone(UTC)
