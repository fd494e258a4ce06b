"""One application from the applicant's side: what the student does, and when."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from applications import actions
from applications.models import Application, DocumentSlot, Option, Round
from cluster_portal.demo import papers
from cluster_portal.demo.motivations import motivation
from cluster_portal.demo.world import World
from members.models import StudentProfile, User

Needed, SlotState = DocumentSlot.Needed, DocumentSlot.State


@dataclass(kw_only=True, eq=False)
class Case:
    """What is to become of one student in one round; `path` is the student's, `finding` the office's.

    path: submit, draft, draft without a document, withdraw.
    finding: eligible, ineligible, more (asked and answered), more open, document (refused and sent again),
    document open (refused), none.
    answer: accept, decline, none, accept and withdraw.
    """

    world: World
    round: Round
    profile: StudentProfile
    options: list[Option]
    starts: datetime
    sends: datetime
    quality: float  # from 0 to 1: what reviewers think of it
    path: str = "submit"
    finding: str = "eligible"
    answer: str = "accept"
    rejected_by_hand: bool = False
    application: Application = field(init=False)

    @property
    def student(self) -> User:
        return self.profile.user

    def plan(self) -> None:
        self.world.diary.plan(self.starts, self.start)
        if self.path in ("submit", "withdraw"):
            self.world.diary.plan(self.sends, self.send)
        if self.path == "withdraw":
            self.world.diary.plan(self.sends + timedelta(hours=30), self.withdraw)

    def start(self, at: datetime) -> None:
        self.application = actions.start(round=self.round, by=self.student, now=at)
        fields = {"motivation": motivation(self.world.dice, self.options[0].host.short_name)}
        if self.world.dice.random() < 0.3:
            fields["phone"] = f"+00 {self.world.dice.randint(100, 999)} {self.world.dice.randint(1000, 9999)}"
        actions.save_draft(
            application=self.application, version=self.application.version, fields=fields,
            options=[option.pk for option in self.options], by=self.student, now=at,
        )  # fmt: skip
        slots = list(self.application.document_slots.exclude(needed=Needed.LATER))
        if self.path == "draft without a document":
            slots = [slot for slot in slots if slot.position > 1]
        elif self.world.dice.random() < 0.4:
            slots = [slot for slot in slots if slot.needed == Needed.TO_APPLY]
        papers.hand_in(self.application, slots)

    def send(self, at: datetime) -> None:
        """What is needed later is not asked yet from those who have just applied."""
        actions.submit(application=self.application, by=self.student, now=at)
        if self.world.dice.random() < 0.6:
            self.application.document_slots.filter(needed=Needed.LATER).update(state=SlotState.TO_ASK)

    def withdraw(self, at: datetime) -> None:
        reason = self.world.dice.choice(
            ["I found an internship for that term.", "My thesis begins earlier than planned.", ""]
        )
        actions.withdraw(application=self.application, reason=reason, by=self.student, now=at)

    def send_again(self, slot: DocumentSlot) -> None:
        content = papers.paper(papers.lines_for(slot, attempt=2))
        upload = SimpleUploadedFile(f"{slot.name} (new).pdf", content, content_type=papers.PDF)
        actions.put_document(slot=slot, upload=upload, by=self.student)

    def answer_request(self, at: datetime) -> None:
        actions.answer_request(application=self.application, by=self.student, now=at)

    def answer_offer(self, at: datetime) -> None:
        """Unless it was answered, expired, or the student has left meanwhile."""
        self.application.refresh_from_db()
        if self.application.state != Application.State.OFFERED:
            return
        if self.answer == "decline":
            reason = "I stay at home for my thesis."
            actions.decline_offer(application=self.application, reason=reason, by=self.student, now=at)
            return
        actions.accept_offer(application=self.application, by=self.student, now=at)
        self._send_what_is_needed_now()

    def _send_what_is_needed_now(self) -> None:
        """With the place accepted the office asks for the rest; some have it at hand."""
        later = self.application.document_slots.filter(needed=Needed.LATER)
        later.filter(state=SlotState.TO_ASK).update(state=SlotState.ASKED)
        if self.world.dice.random() < 0.5:
            papers.hand_in(self.application, later)
