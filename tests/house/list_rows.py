"""What the lists of the portal show, by the world of `tests.permissions.world`: each function adds that many rows."""

from collections.abc import Callable
from typing import Any

from applications.models import RoundOption
from members.models import Role
from tests.factories.applications import (
    OptionFactory,
)
from tests.factories.members import MandateFactory, MembershipFactory, UserFactory
from tests.factories.policy import EventFactory, SeatFactory
from tests.factories.programmes import ProgrammeCourseFactory, WishListItemFactory
from tests.house.many_rows import copies
from tests.permissions.world import Side, World

Rows = Callable[[World, int], Any]


def own(world: World) -> Side:
    return world.sides["own"]


def of(name: str) -> Rows:
    """More of what stands at the own side under this name."""

    def more(world: World, number: int) -> None:
        copies(getattr(own(world), name), number)

    more.__name__ = f"{name} rows"
    return more


def people(number: int) -> list[int]:
    return copies(UserFactory(), number)


# universities and people


def history(world: World, number: int) -> None:
    university = own(world).university
    copies(university.events.latest("pgh_id"), number)


units, tokens, notices, searches = of("unit"), of("token"), of("notice"), of("search")
courses, placements, rounds, bodies = of("course"), of("placement"), of("round"), of("body")


def universities(world: World, number: int) -> None:
    """Members of the consortium, all of them on the map."""
    made = copies(own(world).university, number)
    copies(MembershipFactory(), number, university=made)


def mandates(world: World, number: int) -> None:
    copies(own(world).mandate, number, person=people(number))


def mandates_of_the_consortium(world: World, number: int) -> None:
    copies(MandateFactory(role=Role.PRESIDENT, university=None), number, person=people(number))


def mandates_of_one(world: World, number: int) -> None:
    """The coordinator acts for a thousand universities."""
    first = own(world).people["coordinator"].mandates.first()
    copies(first, number, university=copies(own(world).university, number))


def invitations(world: World, number: int) -> None:
    copies(own(world).invitation, number, email=[f"someone{n}.{number}@university.example" for n in range(number)])


def students(world: World, number: int) -> None:
    copies(own(world).waiting, number, user=people(number))


def experts(world: World, number: int) -> None:
    persons = people(number)
    copies(own(world).mandate, number, person=persons)
    copies(own(world).expert, number, user=persons)


def erasures(world: World, number: int) -> None:
    copies(own(world).erasure, number, user=people(number))


# notices


def outbox(world: World, number: int) -> None:
    copies(own(world).delivery, number, notice=copies(own(world).notice, number))


def mail(world: World, number: int) -> None:
    copies(world.mail, number)


# programmes and courses


def programmes(world: World, number: int) -> None:
    """Each with the partners of the own side's."""
    programme = own(world).programme
    made = copies(programme, number)
    for partner in programme.partners.all():
        copies(partner, number, programme=made)


def wishes(world: World, number: int) -> None:
    programme = own(world).programme
    first = WishListItemFactory(user=own(world).student, programme=copies_of_one(programme))
    copies(first, number, programme=copies(programme, number))


def copies_of_one(row: Any) -> Any:
    return type(row).objects.get(pk=copies(row, 1)[0])


def courses_of_a_programme(world: World, number: int) -> None:
    course = own(world).course
    first = ProgrammeCourseFactory(programme=own(world).programme, course=copies_of_one(course))
    copies(first, number, course=copies(course, number))


def cotutelles(world: World, number: int) -> None:
    copies(own(world).cotutelle("requested"), number, candidate=people(number))


# rounds and applications


def places_in_the_round(world: World, number: int) -> None:
    _places(own(world).round, number)


def places_to_choose(world: World, number: int) -> None:
    """In the round of the own student's draft."""
    _places(own(world).application("draft").round, number)


def _places(round: Any, number: int) -> None:
    option = OptionFactory(round=round)
    made = copies(option, number)
    copies(RoundOption.objects.get(option=option), number, option=made)


def applications(world: World, number: int) -> None:
    """Others in the round of the own student's application, each with a choice."""
    first = own(world).application("submitted")
    made = copies(first, number, applicant=people(number))
    copies(first.choices.get(), number, application=made)


def applications_to_decide(world: World, number: int) -> None:
    first = own(world).application("eligible")
    made = copies(first, number, applicant=people(number))
    copies(first.choices.get(), number, application=made)
    copies(first.decision, number, application=made)


def applications_of_one(world: World, number: int) -> None:
    """The own student's, each in a round of its own."""
    first = own(world).application("submitted")
    copies(first, number, round=copies(first.round, number))


def offers_to_one(world: World, number: int) -> None:
    """… each with an offer to answer."""
    first = own(world).application("offered")
    made = copies(first, number, round=copies(first.round, number))
    copies(first.choices.get(), number, application=made)


def reviews(world: World, number: int) -> None:
    first = own(world).application("eligible")
    copies(first.reviews.get(), number, application=copies(first, number, applicant=people(number)))


def appeals(world: World, number: int) -> None:
    first = own(world).application("appealed")
    made = copies(first, number, applicant=people(number))
    copies(first.decision, number, application=made)
    copies(first.appeals.get(), number, application=made)


# funding, policy, practices


def calls(world: World, number: int) -> None:
    call = own(world).open_call
    copies(call.stages.get(), number, call=copies(call, number))


def calls_of_the_desk(world: World, number: int) -> None:
    call = own(world).call
    copies(call.stages.get(), number, call=copies(call, number))


def interests(world: World, number: int) -> None:
    call = own(world).open_call
    copies(own(world).interest, number, call=copies(call, number))


def events(world: World, number: int) -> None:
    copies(EventFactory(published=True, host=own(world).university, body=own(world).body), number)


def events_of_the_series(world: World, number: int) -> None:
    copies(EventFactory(published=True, series=own(world).series), number)


def materials(world: World, number: int) -> None:
    copies(own(world).material, number, sha256=[f"{n:030x}{number:034x}" for n in range(number)])


def registrations(world: World, number: int) -> None:
    copies(own(world).event.registrations.first(), number, person=people(number))


def invitations_to_the_event(world: World, number: int) -> None:
    first = own(world).event_invitation
    copies(first, number, university=copies(own(world).university, number))


def seats(world: World, number: int) -> None:
    copies(SeatFactory(body=own(world).body), number, person=people(number))


def practices(world: World, number: int) -> None:
    _practices(own(world).practice, number)


def practices_to_judge(world: World, number: int) -> None:
    _practices(own(world).practice_submitted, number)


def _practices(practice: Any, number: int) -> None:
    """Each with a version of its own; the practices and their versions know each other."""
    made = copies(practice, number)
    versions = copies(practice.latest, number, practice=made)
    copies(practice.latest.topics.through.objects.first(), number, practiceversion=versions)
    for pk, latest in zip(made, versions, strict=True):
        live = {"live": latest} if practice.live_id else {}
        type(practice).objects.filter(pk=pk).update(latest=latest, **live)


def adoptions(world: World, number: int) -> None:
    first = own(world).practice.adoptions.first()
    copies(first, number, university=copies(own(world).university, number))


def interests_in_one(world: World, number: int) -> None:
    """A thousand people want a part in one call."""
    copies(own(world).interest, number, person=people(number))


def intakes(world: World, number: int) -> None:
    """One a term, as far as years go."""
    first = own(world).intake
    terms = [(first.academic_year + 1 + n // 2 + number, ("autumn", "spring")[n % 2]) for n in range(min(number, 60))]
    copies(first, len(terms), academic_year=[year for year, _term in terms], term=[term for _year, term in terms])


def rows_of_a_sheet(world: World, number: int) -> None:
    _longer(own(world).sheet, number)


def rows_of_a_course_sheet(world: World, number: int) -> None:
    _longer(own(world).course_sheet, number)


def _longer(sheet: Any, number: int) -> None:
    sheet.table = [*sheet.table, *sheet.table[:1] * number]
    sheet.save()
