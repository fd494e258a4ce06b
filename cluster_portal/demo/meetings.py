"""Who sits in the bodies, and the meetings of a year: past with materials, open, full, by invitation, cancelled."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile

from cluster_portal.demo.meeting_texts import MEETINGS, QUESTIONS
from cluster_portal.demo.papers import paper
from cluster_portal.demo.world import World
from members.models import University, User
from policy import actions
from policy.actions.inviting import possible_delegates
from policy.models import Body, BodyMembership, Event, EventInvitation, EventQuestion, EventSeries, ProgrammeItem

Role = BodyMembership.Role
ANSWERS = (("no meat", "Tuesday evening"), ("everything", "Monday afternoon"), ("no fish", "the day before"), ("", ""))


def make(world: World) -> None:
    _seats(world)
    for spec in MEETINGS:
        Meeting(world, **spec).plan()
    world.diary.play()


# Bodies


def _seats(world: World) -> None:
    """Seats that began, run, ended and will begin; by the short name of the body."""
    bodies = {body.short_name: body for body in Body.objects.all()}
    day, members = world.calendar.day, world.members
    seats = [
        BodyMembership(body=bodies["GA"], university=university, starts_on=day(-790), note="A sample")
        for university in members
    ]
    for university in members:
        role = Role.CHAIR if university.slug == "tue" else Role.VICE if university.slug == "kth" else Role.MEMBER
        seats.append(_seat(world, bodies["SC"], "head", university, role, first=-145))
    for short, office, chair, vice in (
        ("WG-MOB", "exchange", "aalto", "kit"), ("GAST-ID", "grants", "kth", "polito"),
        ("WG-SUS", "coordinator", "grenoble-inp", "tuda"), ("WG-EUA", "director", "polito", "upc"),
    ):  # fmt: skip
        for number, university in enumerate(members[:8]):
            role = {chair: Role.CHAIR, vice: Role.VICE}.get(university.slug, Role.MEMBER)
            last = -60 if number == 5 and role == Role.MEMBER else None
            first = 20 if number == 6 and role == Role.MEMBER else -300 - 11 * number
            seats.append(_seat(world, bodies[short], office, university, role, first=first, last=last))
        named = {seat.university.slug for seat in seats if seat.body == bodies[short]}
        seats += [
            _seat(world, bodies[short], office, world.universities[slug], role, first=-280)
            for slug, role in ((chair, Role.CHAIR), (vice, Role.VICE))
            if slug not in named
        ]
    for short in ("GA", "SC"):
        seats.append(
            BodyMembership(body=bodies[short], person=world.secretariat, role=Role.SECRETARY, starts_on=day(-700))
        )
    for seat in seats:
        seat.save()


def _seat(
    world: World, body: Body, office: str, university: University, role: str, *, first: int, last: int | None = None
) -> BodyMembership:
    day = world.calendar.day
    return BodyMembership(
        body=body, person=world.officer(office, university), university=university, role=role, starts_on=day(first),
        ends_on=None if last is None else day(last),
    )  # fmt: skip


# Meetings


@dataclass
class Meeting:
    """One meeting as `meeting_texts` tells it, and the acts by which it came about; days count from today."""

    world: World
    title: str
    series: str
    begins: tuple[int, int]
    ends: tuple[int, int]
    summary: str
    place: str = ""
    host: str = ""
    body: str = ""
    venue: str = ""
    description: str = ""
    zone: str = "Europe/Brussels"
    audience: str = "members"
    online: bool = False
    quota: int | None = None
    approval: bool = False
    opens: int | None = None
    closes: int | None = None
    questions: bool = False
    programme: tuple[tuple[int, int, int, str, str, str], ...] = ()
    comes: tuple[str, ...] = ()
    how_many: int = 0
    invites: str = ""
    materials: tuple[tuple[str, str], ...] = ()
    state: str = "published"
    added: int = 40
    event: Event = field(init=False)

    def __post_init__(self) -> None:
        """People meet on working days: what would begin on a weekend, and every week, begins on the Monday after."""
        weekday, days = self.world.calendar.day(self.begins[0]).weekday(), self.ends[0] - self.begins[0]
        if weekday + min(days, 4) > 4:
            later = 7 - weekday
            self.begins = (self.begins[0] + later, self.begins[1])
            self.ends = (self.ends[0] + later, self.ends[1])

    def plan(self) -> None:
        """Everything in the order in which it would have happened."""
        diary, at = self.world.diary, self.world.calendar.at
        start = min(self.begins[0], 0) - self.added
        diary.plan(at(start), self._add)
        if self.state == "draft":
            return
        diary.plan(at(start + 2), lambda now: actions.publish_event(event=self.event, by=self._by, now=now))
        if self.invites:
            diary.plan(at(start + 3), self._invite)
            diary.plan(at(start + 9), self._answer)
        for number, person in enumerate(self._people()):
            diary.plan(at(start + 4 + number % 20, 10, number % 60), self._register(person, number))
        diary.plan(at(start + 26), self._approve)
        if self.state == "cancelled":
            diary.plan(at(-3), self._cancel)
        for number, material in enumerate(self.materials):
            diary.plan(at(min(self.begins[0] + 1, -1), 18, number), self._hand_out(*material))
        diary.plan(at(self.begins[0], self.begins[1], 30), self._note_who_was_there)

    @property
    def _by(self) -> User:
        return self.world.secretariat

    def _add(self, now: datetime) -> None:
        at, known = self.world.calendar.at, self.world.universities
        host = known.get(self.host)
        self.event = Event(
            title=self.title, summary=self.summary, description=self.description, is_sample=True, host=host,
            series=EventSeries.objects.get(slug=self.series), place=self.place, venue=self.venue,
            body=Body.objects.get(short_name=self.body) if self.body else None, is_online=self.online,
            online_url="https://meet.example/cluster" if self.online else "", time_zone=self.zone,
            starts_at=at(*self.begins, zone=self.zone), ends_at=at(*self.ends, zone=self.zone), audience=self.audience,
            quota=self.quota, needs_approval=self.approval,
            registration_opens_at=None if self.opens is None else at(self.opens, zone=self.zone),
            registration_closes_at=None if self.closes is None else at(self.closes, 23, 59, zone=self.zone),
            contact_name="Secretariat of CLUSTER", contact_email="secretariat@demo.example",
        )  # fmt: skip
        actions.add_event(
            event=self.event, programme=list(self._programme()), questions=list(self._questions()), by=self._by, now=now
        )

    def _programme(self) -> Iterable[ProgrammeItem]:
        at = self.world.calendar.at
        for day, first, last, title, speaker, room in self.programme:
            moment = {"zone": self.zone}
            yield ProgrammeItem(
                starts_at=at(self.begins[0] + day, first // 100, first % 100, **moment),
                ends_at=at(self.begins[0] + day, last // 100, last % 100, **moment),
                title=title, speaker=speaker, room=room,
            )  # fmt: skip

    def _questions(self) -> Iterable[EventQuestion]:
        return (EventQuestion(**question) for question in QUESTIONS) if self.questions else ()

    def _people(self) -> list[User]:
        """The officers named by their role at every member, as many as are wanted."""
        world = self.world
        found = [world.officer(role, university) for role in self.comes for university in world.members]
        return found[: self.how_many]

    def _register(self, person: User, number: int) -> Callable[[datetime], Any]:
        def deed(now: datetime) -> None:
            home = next(iter(person.universities_as(*_ROLES)), None)
            asked = list(self.event.questions.all())
            answers = {
                str(question.pk): answer
                for question, answer in zip(asked, ANSWERS[number % len(ANSWERS)], strict=False)
                if answer
            }
            actions.register(event=self.event, by=person, now=now, university=home, answers=answers)

        return deed

    def _invite(self, now: datetime) -> None:
        common = {"event": self.event, "by": self._by, "now": now}
        if self.invites == "body":
            actions.invite_body(body=self.event.body, **common)
        else:
            actions.invite_role(role=self.invites, universities=self.world.members, **common)

    def _answer(self, now: datetime) -> None:
        """Most accept, one declines, one sends a colleague; the last few have not answered yet."""
        invitations = self.event.invitations.filter(state=EventInvitation.State.OPEN).select_related(
            "seat__person", "seat__university", "university"
        )
        answerable = [one for one in invitations.order_by("pk") if one.home and one.people(now.date())]
        for number, invitation in enumerate(answerable[: len(answerable) // 2]):
            by = invitation.people(now.date())[0]
            if number == 1:
                actions.decline(invitation=invitation, by=by, now=now, words="The senate meets on those days.")
            elif number == 2 and (colleague := possible_delegates(invitation, now).exclude(pk=by.pk).first()):
                actions.delegate(invitation=invitation, delegate=colleague, by=by, now=now)
            else:
                actions.accept(invitation=invitation, by=by, now=now)

    def _approve(self, now: datetime) -> None:
        asked = list(self.event.registrations.filter(state="asked").order_by("pk"))
        for registration in asked[:6]:
            actions.approve(registration=registration, by=self._by, now=now)
        for registration in asked[6:7]:
            reason = "This week is for teaching support; another one follows in spring."
            actions.refuse(registration=registration, reason=reason, by=self._by, now=now)

    def _cancel(self, now: datetime) -> None:
        reason = "Too few doctoral students could travel in these weeks."
        actions.cancel_event(event=self.event, reason=reason, by=self._by, now=now)

    def _hand_out(self, title: str, audience: str) -> Callable[[datetime], Any]:
        def deed(now: datetime) -> None:
            text = paper([title, self.title, "A sample of the demonstration."])
            upload = ContentFile(text, name=f"{title}.pdf")
            actions.add_material(event=self.event, upload=upload, title=title, audience=audience, by=self._by)

        return deed

    def _note_who_was_there(self, now: datetime) -> None:
        coming = self.event.registrations.filter(state="approved").select_related("event").order_by("pk")
        for number, registration in enumerate(coming):
            if number % 7 != 3:
                actions.mark_attended(registration=registration, by=self._by, now=now)


_ROLES = ("exchange", "official", "director", "coordinator", "grants", "head", "reviewer")
