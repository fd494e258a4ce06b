"""Cotutelles between partners of the dual doctorates: one in each of five states, their candidates invented.

A candidate's account is `doctoral.<university>@demo.example`; the coordinators of both sides decide.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from cluster_portal.demo import people
from cluster_portal.demo.cotutelle_texts import COTUTELLES, SENT_BACK, Text
from cluster_portal.demo.papers import paper
from cluster_portal.demo.world import DOMAIN, World
from members.models import JoinedAs, StudentProfile, StudyLevel, University, User
from programmes.actions import cotutelle_files
from programmes.actions import cotutelles as actions
from programmes.models import Cotutelle, Programme

MONTH = timedelta(days=30)
PAPERS = {"cv": "Curriculum vitae", "plan": "Research plan"}
# What follows the draft, each so many days after the one before.
PATHS = {
    "draft": (),
    "sent back": (("request", 3), ("send_back", 12)),
    "home agreed": (("request", 10), ("agree_home", 9)),
    "convention": (("request", 14), ("agree_partner", 16), ("agree_home", 20), ("put_draft", 15), ("put_draft", 21)),
    "running": (
        ("request", 14), ("agree_home", 12), ("agree_partner", 18), ("put_draft", 20), ("sign", 35), ("start", 30),
    ),
}  # fmt: skip


def make(world: World) -> None:
    """Candidates and their drafts, then what the universities do, each at its day."""
    for text in COTUTELLES:
        Story(world, text).plan()
    world.diary.play()


class Story:
    """One candidate's file."""

    def __init__(self, world: World, text: Text) -> None:
        self.world, self.text = world, text
        self.programme = Programme.objects.prefetch_related("partners__university").get(slug=text["programme"])
        self.home = world.universities[text["home"]]
        [self.partner] = [
            world.universities[side.university.slug]
            for side in self.programme.sides
            if side.university.slug != text["home"]
        ]
        self.candidate = _candidate(world, self.home, text["field"])
        self.file: Cotutelle | None = None

    def plan(self) -> None:
        at = self.world.calendar.at(self.text["began"], 10)
        self.world.diary.plan(at, self.begin)
        for act, days in PATHS[self.text["path"]]:
            at += timedelta(days=days)
            self.world.diary.plan(at, self._deed(act))

    def _deed(self, act: str) -> Callable[[datetime], object]:
        name, _, side = act.partition("_")
        if name == "agree":
            return lambda at: actions.agree(cotutelle=self.file, by=self.desk(side), now=at)
        return getattr(self, act)

    def desk(self, side: str) -> User:
        return self.world.officer("coordinator", self.home if side == "home" else self.partner)

    def begin(self, at: datetime) -> None:
        words = self._words(at)
        self.file = actions.begin(
            home=self.home, words=words, supervisors=self._supervisors(), by=self.candidate, now=at
        )
        Cotutelle.objects.filter(pk=self.file.pk).update(is_sample=True)
        for kind in PAPERS if self.text["path"] != "draft" else ("cv",):
            self._put(kind, PAPERS[kind], self.candidate)

    def _words(self, at: datetime) -> dict[str, Any]:
        text, starts = self.text, (at + 6 * MONTH).date().replace(day=1)
        months = sum(text["months"])
        return {
            "partner": self.partner, "programme": self.programme, "title": text["title"], "field_id": text["field"],
            "motivation": text["motivation"], "starts_on": starts,
            "ends_on": starts.replace(year=starts.year + -(-months // 12)) - timedelta(days=1),
            "home_months": text["months"][0], "partner_months": text["months"][1],
            "defence_side": text["defence"], "diploma": text["diploma"],
        }  # fmt: skip

    def _supervisors(self) -> list[dict[str, str]]:
        """One with an account at home, a director; one at the partner, whose account is the reviewer's."""
        found = [
            ("home", self.world.officer("director", self.home)),
            ("partner", self.world.officer("reviewer", self.partner)),
        ]
        return [{"side": side, "name": str(person), "email": person.email} for side, person in found]

    def _put(self, kind: str, title: str, by: User, version: int = 1) -> None:
        upload = SimpleUploadedFile(f"{title}.pdf", self._paper(title, version))
        cotutelle_files.put_file(cotutelle=self.file, kind=kind, upload=upload, by=by)

    def _paper(self, title: str, version: int) -> bytes:
        return paper([
            title, str(self.candidate), f"Cotutelle {self.file.reference}, {self.file.title}",
            f"Sample document of the demo consortium, version {version}.",
        ])  # fmt: skip

    def request(self, at: datetime) -> None:
        actions.request_opening(cotutelle=self.file, by=self.candidate, now=at)

    def send_back(self, at: datetime) -> None:
        actions.send_back(cotutelle=self.file, reason=SENT_BACK, by=self.desk("partner"), now=at)

    def put_draft(self, at: datetime) -> None:
        """The sides answer each other."""
        version = self.file.files.filter(kind="draft").count() + 1
        self._put("draft", "Draft of the convention", self.desk("home" if version % 2 else "partner"), version)

    def sign(self, at: datetime) -> None:
        upload = SimpleUploadedFile("Convention.pdf", self._paper("Convention", 1))
        days = {"home_signed_on": (at - timedelta(days=9)).date(), "partner_signed_on": (at - timedelta(days=2)).date()}
        actions.sign(cotutelle=self.file, upload=upload, by=self.desk("home"), now=at, **days)

    def start(self, at: datetime) -> None:
        actions.start(cotutelle=self.file, by=self.desk("home"), now=at)


def _candidate(world: World, university: University, field: str) -> User:
    """A doctoral candidate whom the office has confirmed."""
    given, family = world.names.of_somebody_at(people.names_at(university))
    user = User(
        email=f"doctoral.{university.slug}@{DOMAIN}", given_name=given, family_name=family, is_sample=True,
        joined_as=JoinedAs.STUDENT, time_zone=university.time_zone,
    )  # fmt: skip
    people.save(world, [user])
    StudentProfile.objects.create(
        user=user, university=university, state=StudentProfile.State.CONFIRMED, level=StudyLevel.DOCTORATE,
        degree_programme="Doctoral programme", field_id=field, semester=2, grade_scale=university.grade_scale,
        confirmed_at=user.date_joined, confirmed_by=world.officer("exchange", university), asked_at=user.date_joined,
    )  # fmt: skip
    return user
