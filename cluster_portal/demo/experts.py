"""Profiles that invented staff publish: some for everybody, some for the consortium, one written and kept back."""

from collections.abc import Callable
from datetime import datetime

from cluster_portal.demo.expert_texts import TEXTS, Said
from cluster_portal.demo.world import World
from members.actions import experts
from members.models import Expert, Unit, University, User

EVERY_THIRD = 3  # is for people of the consortium only
KEPT_BACK = ("coordinator", "tue")  # written, never published
TAKEN_BACK = ("grants", "upc")  # published once


def make(world: World) -> None:
    """Each role's texts go to the members in turn, so that the fields are shared across universities."""
    for number, university in enumerate(world.members):
        for role, texts in TEXTS.items():
            said = texts[number % len(texts)]
            _plan(world, world.officer(role, university), university, said, role=role, number=number)
    world.diary.play()


def _plan(world: World, person: User, university: University, said: Said, *, role: str, number: int) -> None:
    if not person.universities_as(role):
        return
    audience = Expert.Audience.MEMBERS if number % EVERY_THIRD == 1 else Expert.Audience.PUBLIC
    expert = Expert(
        user=person, university=university, unit=_unit(university, said),
        headline=said.headline, keywords=[*said.keywords], text=said.text, audience=audience,
    )  # fmt: skip
    publish = (role, university.slug) != KEPT_BACK
    days_ago = world.dice.randint(5, 80)
    world.diary.plan(world.calendar.at(-days_ago, 10), _keeping(expert, person, publish))
    if (role, university.slug) == TAKEN_BACK:
        world.diary.plan(world.calendar.at(-3, 17), lambda at: _take_back(person, at))


def _unit(university: University, said: Said) -> Unit | None:
    """A department whose name is one of the fields, where the university has one."""
    return Unit.objects.filter(university=university, name__iregex="|".join(said.keywords)).order_by("name").first()


def _keeping(expert: Expert, person: User, publish: bool) -> Callable[[datetime], object]:
    return lambda at: experts.keep_profile(expert=expert, publish=publish, by=person, now=at)


def _take_back(person: User, at: datetime) -> None:
    experts.unpublish(expert=Expert.objects.get(user=person), by=person, now=at)
