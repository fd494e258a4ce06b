"""Calls for proposals of the demo, who follows them, and who wants a part."""

from collections.abc import Callable
from datetime import datetime

from cluster_portal.demo.funding_calls import BRINGS, CALLS, MESSAGES, Announced
from cluster_portal.demo.world import World
from funding import actions
from funding.models import Call, CallStage, FundingProgramme, Interest, Part
from funding.models.calls import BRUSSELS
from funding.models.rules import RULE_FIELDS
from members.models import University, User

MILLION = 1_000_000
CLOSING_HOUR = 17
WELL_KNOWN = "Sodium batteries for stationary storage"  # many are interested in it, one short of what it asks for
CROWD = (("kit", Part.COORDINATOR), ("aalto", Part.WORK_PACKAGE), ("tuda", Part.PARTNER), ("polito", Part.WORK_PACKAGE))
QUIET = ("draft", "proposed")


def make(world: World) -> None:
    """Write the calls as their offices did, publish them, then let people follow and join; all in their order."""
    lines = {line.code: line for line in FundingProgramme.objects.all()}
    for number, announced in enumerate(CALLS):
        _plan_call(world, announced, lines, number)
    world.diary.play()
    _plan_interests(world)
    world.diary.play()


def _plan_call(world: World, announced: Announced, lines: dict[str, FundingProgramme], number: int) -> None:
    """Written, proposed, published, put away: as far as it came, some weeks before its first door opens."""
    first = min((opens for opens, _closes in announced.stages if opens is not None), default=0)
    ago = max(4, 30 - first) if announced.state not in QUIET else 2 + number % 5
    office = world.universities.get(announced.office)
    writer = world.officer("grants", office) if office else world.secretariat
    call = _call(announced, lines, number)
    plan = world.diary.plan

    def write(at: datetime) -> None:
        stages = [_stage(world, ends, len(announced.stages), n) for n, ends in enumerate(announced.stages)]
        actions.add_call(call=call, stages=stages, fields=announced.fields, office=office, by=writer, now=at)

    plan(world.calendar.at(-ago, 9), write)
    if office and announced.state != "draft":
        plan(world.calendar.at(-ago, 10), lambda at: actions.propose_call(call=call, by=writer, now=at))
    if announced.state not in QUIET:
        plan(world.calendar.at(-ago + 1, 9), lambda at: actions.publish_call(call=call, by=world.secretariat, now=at))
    if announced.state == "archived":
        plan(world.calendar.at(-3, 9), lambda at: actions.archive_call(call=call, by=world.secretariat, now=at))


def _call(announced: Announced, lines: dict[str, FundingProgramme], number: int) -> Call:
    line = lines[announced.line]
    least, most = announced.each or (None, None)
    first, last = announced.trl or (line.trl_from, line.trl_to)
    call = Call(
        programme=line, action_type=announced.action or line.action_type, title=announced.title,
        topic=f"SAMPLE-{announced.line.replace('+', '')}-{number + 1:02d}", summary=announced.text,
        budget_total=int(announced.total * MILLION) if announced.total else None,
        budget_min=int(least * MILLION) if least else line.budget_min,
        budget_max=int(most * MILLION) if most else line.budget_max,
        rate=line.rate, rate_note=line.rate_note, months_min=line.months_min, months_max=line.months_max,
        trl_from=first, trl_to=last, is_sample=True,
    )  # fmt: skip
    if announced.rules_of:
        source, call.has_own_rules = lines[announced.rules_of], True
        for name in RULE_FIELDS:
            setattr(call, name, getattr(source, name))
        call.rate, call.rate_note = source.rate, source.rate_note
        call.min_organisations = announced.partners or call.min_organisations
    return call


def _stage(world: World, ends: tuple[int | None, int | None], of: int, number: int) -> CallStage:
    opens, closes = ends
    names = ("Short outline", "Full proposal") if of > 1 else ("",)
    return CallStage(
        name=names[number],
        opens_at=None if opens is None else world.calendar.at(opens, 0, zone=BRUSSELS),
        deadline=None if closes is None else world.calendar.at(closes, CLOSING_HOUR, zone=BRUSSELS),
        time_zone=BRUSSELS,
    )


def _plan_interests(world: World) -> None:
    """Many in one well-known call, two or three in others; most who come also hear of what changes."""
    calls = {call.title: call for call in Call.objects.published().filter(is_sample=True).select_related("programme")}
    for hour, (slug, part) in enumerate(CROWD):
        _plan_interest(world, calls[WELL_KNOWN], world.universities[slug], part, days_ago=9 - 2 * hour)
    open_ones = calls_open(calls, world.calendar.now)
    for number, call in enumerate(call for call in open_ones if call.title != WELL_KNOWN):
        for step in range(number % 4):
            place = world.members[(number * 5 + step * 3) % len(world.members)]
            _plan_interest(world, call, place, Part.values[step % 3], days_ago=1 + (number + step) % 3)
    for number, call in enumerate(open_ones):
        for place in (world.members[number % 12], world.universities["kth"]):
            follower = world.officer("grants", place)
            world.diary.plan(world.calendar.at(-3, 11), _following(call, follower))


def calls_open(calls: dict[str, Call], now: datetime) -> list[Call]:
    """Those that had been published for three days or more and are not closed."""
    found = Call.objects.not_closed(now).filter(pk__in=[call.pk for call in calls.values()]).order_by("pk")
    return list(found.select_related("programme").filter(published_at__lte=now))


def _following(call: Call, user: User) -> Callable[[datetime], object]:
    return lambda at: actions.follow_call(call=call, by=user)


def _plan_interest(world: World, call: Call, place: University, part: str, *, days_ago: int) -> None:
    person = world.officer("grants" if part != Part.PARTNER else "coordinator", place)
    interest = Interest(
        call=call, university=place, part=part, expertise=list(world.dice.choice(BRINGS)),
        person_months=world.dice.choice([6, 12, 18, 24, 36, None]), message=world.dice.choice(MESSAGES), is_sample=True,
    )  # fmt: skip
    world.diary.plan(
        world.calendar.at(-days_ago, 12), lambda at: actions.express_interest(interest=interest, by=person, now=at)
    )
