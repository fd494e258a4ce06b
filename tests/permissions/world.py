"""The small world that the matrix is walked in: two universities with one of everything, one person per role."""

import io
from functools import cached_property
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image

from applications.models import DocumentFile
from members.models import Picture, Role, User
from notifications.calendar_addresses import make_address
from tests.factories.applications import (
    AppealFileFactory,
    ApplicationFactory,
    ChoiceFactory,
    CriterionFactory,
    DecisionFactory,
    DocumentFileFactory,
    DossierLinkFactory,
    OptionFactory,
    ReviewFactory,
    RoundFactory,
)
from tests.factories.exchange import PlacementFactory, PlacementImportFactory
from tests.factories.funding import CallFactory, InterestFactory
from tests.factories.members import (
    ApiTokenFactory,
    MandateFactory,
    StudentProfileFactory,
    UnitFactory,
    UniversityDocumentFactory,
    UniversityFactory,
    UserFactory,
    student_of,
)
from tests.factories.notifications import CaughtMailFactory, DeliveryFactory, NoticeFactory, SavedSearchFactory
from tests.factories.people import ErasureFactory, ExpertFactory, InvitationFactory
from tests.factories.policy import BodyFactory, EventFactory, MaterialFactory, RegistrationFactory, SeriesFactory
from tests.factories.policy import InvitationFactory as EventInvitationFactory
from tests.factories.practices import AdoptionFactory, EvidenceFileFactory, TopicFactory, add_version, practice_of
from tests.factories.programmes import (
    CourseFactory,
    CourseImportFactory,
    cotutelle_in,
    open_intake,
    programme_between,
)
from tests.permissions.addresses import Address

STAFF = ("official", "exchange", "director", "coordinator", "grants", "head", "reviewer", "auditor")
ROLES = ["visitor", "newcomer", "student", "fellow", *STAFF, "secretariat", "admin"]

# In which state the application stands that an address is asked for; submitted where it does not matter.
STATES = {
    "draft": (
        "edit", "profile", "profile_autosave", "choices", "choose", "motivation", "autosave", "documents", "check",
        "submit",
    ),
    "offered": ("accept", "decline"),
}  # fmt: skip
STATE_FOR = (
    {f"applications:application_{act}": state for state, acts in STATES.items() for act in acts}
    | {
        f"applications:{name}": "eligible"
        for name in ("decision_edit", "letter_edit", "review_edit", "review_recuse", "review_assign", "review_reopen")
    }
    | {"applications:document_put": "draft", "applications:appeal_new": "rejected"}
    | {f"applications:appeal_{act}": "appealed" for act in ("withdraw", "answer", "download")}
)


# … and of a cotutelle; requested where it does not matter.
COTUTELLE_STATES = {
    f"programmes:cotutelle_{act}": state
    for act, state in {
        "edit": "draft", "request": "draft", "sign": "convention", "start": "signed", "defend": "running",
        "end": "running",
    }.items()
}  # fmt: skip


class Side:
    """One university and one of everything that belongs to it."""

    def __init__(self, host: Any) -> None:
        self.university = UniversityFactory(member=True, placed=True)
        self.student = student_of(self.university)
        self.people = {
            role: MandateFactory(role=role, university=self.university).person for role in STAFF if role in Role.values
        }
        self.mandate = MandateFactory(role=Role.COORDINATOR, university=self.university)
        self.waiting = StudentProfileFactory(university=self.university)
        self.host = host

    @cached_property
    def programme(self) -> Any:
        return programme_between(self.university, self.host)

    @cached_property
    def intake(self) -> Any:
        return open_intake(self.programme)

    def cotutelle(self, state: str) -> Any:
        """The file of the side's own student, with the university of `host`, in `state`."""
        made = self.__dict__.setdefault("cotutelles", {})
        if state not in made:
            for earlier in made.values():  # one live file per candidate and pair
                type(earlier).objects.filter(pk=earlier.pk).update(state="withdrawn", defended_on=None)
            made.clear()
            made[state] = cotutelle_in(state, candidate=self.student, home=self.university, partner=self.host)
        return made[state]

    @cached_property
    def token(self) -> Any:
        return ApiTokenFactory(user=self.student)

    @cached_property
    def unit(self) -> Any:
        return UnitFactory(university=self.university)

    @cached_property
    def document_for_staff(self) -> Any:
        """For people with a role at a university of the consortium; students may not."""
        return UniversityDocumentFactory(university=self.university, audience="staff")

    @cached_property
    def placement(self) -> Any:
        return PlacementFactory(published=True, host=self.university)

    @cached_property
    def sheet(self) -> Any:
        return PlacementImportFactory(university=self.university, uploaded_by=self.people["exchange"])

    @cached_property
    def course(self) -> Any:
        return CourseFactory(university=self.university)

    @cached_property
    def course_sheet(self) -> Any:
        """Read in by the academic coordinator."""
        return CourseImportFactory(university=self.university, uploaded_by=self.people["coordinator"])

    @cached_property
    def call(self) -> Any:
        """A call that the side's own grant office proposes to the secretariat."""
        return CallFactory(proposed=True, office=self.university)

    @cached_property
    def open_call(self) -> Any:
        return CallFactory(open=True, office=self.university)

    @cached_property
    def interest(self) -> Any:
        """What the side's own grant officer wants a part in."""
        return InterestFactory(call=self.open_call, university=self.university, person=self.people["grants"])

    @cached_property
    def search(self) -> Any:
        return SavedSearchFactory(user=self.student)

    @cached_property
    def round(self) -> Any:
        round = RoundFactory(open=True, university=self.university)
        CriterionFactory(round=round)
        return round

    @cached_property
    def document(self) -> Any:
        return DocumentFile.objects.get(slot__application=self.application("submitted"))

    @cached_property
    def link(self) -> Any:
        return DossierLinkFactory(application=self.application("submitted"), token=f"token-of-{self.university.slug}")

    @cached_property
    def notice(self) -> Any:
        return NoticeFactory(recipient=self.student)

    @cached_property
    def delivery(self) -> Any:
        """A mail to the student."""
        return DeliveryFactory(notice=self.notice)

    @cached_property
    def erasure(self) -> Any:
        return ErasureFactory(user=self.student)

    @cached_property
    def expert(self) -> Any:
        """Published for people of the consortium."""
        return ExpertFactory(mandate=self.mandate, members=True)

    @cached_property
    def event(self) -> Any:
        """An event for people of the consortium, at this university; its student is registered."""
        event = EventFactory(published=True, members=True, host=self.university, body=self.body)
        RegistrationFactory(event=event, person=self.student, approved=True)
        return event

    @cached_property
    def material(self) -> Any:
        """For people who come."""
        return MaterialFactory(event=self.event, audience="registered")

    @cached_property
    def event_invitation(self) -> Any:
        """To the head of this university."""
        return EventInvitationFactory(event=self.event, university=self.university)

    @cached_property
    def body(self) -> Any:
        return BodyFactory()

    @cached_property
    def series(self) -> Any:
        return SeriesFactory()

    @cached_property
    def invitation(self) -> Any:
        return InvitationFactory(university=self.university)

    @cached_property
    def practice(self) -> Any:
        """Published, with a file, and adopted by the university of `host`."""
        practice = practice_of(self.university, owner=self.people["director"])
        EvidenceFileFactory(version=practice.live)
        AdoptionFactory(practice=practice, university=self.host)
        return practice

    @cached_property
    def practice_being_written(self) -> Any:
        practice = practice_of(self.university, owner=self.people["director"])
        version = add_version(practice, "draft")
        EvidenceFileFactory(version=version)
        return practice

    @cached_property
    def practice_submitted(self) -> Any:
        return practice_of(self.university, "submitted", owner=self.people["director"])

    @cached_property
    def practice_adopted_by_it(self) -> Any:
        practice = practice_of(self.host)
        AdoptionFactory(practice=practice, university=self.university)
        return practice

    def application(self, state: str) -> Any:
        """The side's own student's application in `state`, with a choice, a document, a review and a decision."""
        made = self.__dict__.setdefault("applications", {})
        if state not in made:
            made[state] = self._application(state)
        return made[state]

    def _application(self, state: str) -> Any:
        where = {"submitted": {"open": True}, "draft": {"open": True}, "more_info": {"open": True}}
        where |= {state: {"released": True} for state in ("rejected", "appealed")}
        round = RoundFactory(university=self.university, **where.get(state, {"closed": True}))
        traits = {"draft": {}, "appealed": {"rejected": True}}.get(state, {state: True})
        application = ApplicationFactory(round=round, applicant=self.student, **traits)
        choice = {"state": "offered"} if state == "offered" else {}
        ChoiceFactory(application=application, option=OptionFactory(round=round), **choice)
        DocumentFileFactory(slot__application=application)
        if state == "eligible":
            CriterionFactory(round=round)
            ReviewFactory(application=application, reviewer=self.people["reviewer"])
            DecisionFactory(application=application)
        if state in ("rejected", "appealed"):
            DecisionFactory(refused=True, application=application)
        if state == "appealed":
            AppealFileFactory(appeal__application=application)
        return application


class World:
    """`own` is the side that the roles belong to, `other` is somebody else's."""

    def __init__(self) -> None:
        host = UniversityFactory(member=True)
        self.sides = {"own": Side(host), "other": Side(host)}
        self.mail = CaughtMailFactory()

    def person(self, role: str) -> User | None:
        """Who asks in `role`; nobody for a visitor. A newcomer has an account and nothing else."""
        own = self.sides["own"]
        others = {
            "visitor": lambda: None,
            "newcomer": UserFactory,
            "student": lambda: own.student,
            "fellow": lambda: student_of(own.university),
            "secretariat": lambda: MandateFactory(secretariat=True, role=Role.SECRETARIAT).person,
            "admin": lambda: UserFactory(administrator=True),
        }
        return own.people[role] if role in own.people else others[role]()

    def about(self, address: Address, whose: str) -> dict[str, Any]:
        """What fills the parameters of `address`, at the own side or at the other."""
        side = self.sides[whose]
        return {param: self._value(address, param, side) for param in address.params}

    def _value(self, address: Address, param: str, side: Side) -> Any:
        if address.name in SPECIAL and param in SPECIAL[address.name]:
            return SPECIAL[address.name][param](side)
        if param == "reference" and address.room == "programmes":
            return side.cotutelle(COTUTELLE_STATES.get(address.name, "requested")).reference
        if (address.room, param) in BY_ROOM:
            return BY_ROOM[address.room, param](side)
        if param == "reference" and address.room == "applications":
            return side.application(STATE_FOR.get(address.name, "submitted")).reference
        raise LookupError(f"Say in tests/permissions/world.py what {param!r} of {address.name} is.")


def calendar_of(user: Any) -> str:
    return make_address(user=user, now=timezone.now()).token


def _picture(side: Side) -> str:
    picture = Picture.objects.create(
        university=side.university, alt="The hall", image=ContentFile(PNG, "hall.png"), width=2, height=2
    )
    return Path(picture.image.name).name


def _twice_published(side: Side) -> str:
    practice = practice_of(side.university, owner=side.people["director"])
    add_version(practice, "published")
    return practice.reference


def _logo(side: Side) -> str:
    side.university.logo.save("logo.png", ContentFile(PNG))
    return Path(side.university.logo.name).name


def _png() -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (2, 2)).save(written, "PNG")
    return written.getvalue()


PNG = _png()

# What a parameter means in a room …
BY_ROOM = {
    ("members", "slug"): lambda side: side.university.slug,
    ("members", "part"): lambda side: "contacts",
    ("people", "slug"): lambda side: side.university.slug,
    ("people", "reference"): lambda side: side.mandate.reference,
    ("people", "token"): lambda side: side.invitation.token,
    ("programmes", "slug"): lambda side: side.programme.slug,
    ("programmes", "step"): lambda side: "basics",
    ("programmes", "key"): lambda side: side.intake.key,
    ("courses", "slug"): lambda side: side.course.slug,
    ("courses", "university"): lambda side: side.university.slug,
    ("courses", "pk"): lambda side: side.course_sheet.pk,
    ("courses", "ending"): lambda side: "csv",
    ("exchange", "slug"): lambda side: side.placement.slug,
    ("exchange", "pk"): lambda side: side.sheet.pk,
    ("exchange", "ending"): lambda side: "csv",
    ("funding", "slug"): lambda side: side.call.slug,
    ("policy", "slug"): lambda side: side.event.slug,
    ("policy", "code"): lambda side: side.material.code,
    ("policy", "reference"): lambda side: side.event_invitation.reference,
    ("funding", "reference"): lambda side: side.interest.reference,
    ("applications", "slug"): lambda side: side.round.slug,
    ("practices", "reference"): lambda side: side.practice.reference,
    ("practices", "slug"): lambda side: TopicFactory().slug,
    ("practices", "number"): lambda side: 1,
    ("practices", "code"): lambda side: side.practice.live.files.get().code,
    ("portal", "section"): lambda side: "universities",
    ("calendar", "token"): lambda side: calendar_of(side.student),
    ("notifications", "reference"): lambda side: side.notice.reference,
    ("notifications", "token"): lambda side: "forged",
}

# … and at single addresses.
SPECIAL: dict[str, dict[str, Any]] = {
    **{
        f"funding:{name}": {"slug": lambda side: side.open_call.slug}
        for name in ("call_follow", "call_unfollow", "interest_add")
    },
    **{f"notifications:search_{act}": {"reference": lambda side: side.search.reference} for act in ("edit", "delete")},
    "applications:review_reopen": {"review": lambda side: side.application("eligible").reviews.get().pk},
    "applications:appeal_download": {"code": lambda side: side.application("appealed").appeals.get().files.get().code},
    "applications:document_download": {"code": lambda side: side.document.code},
    "applications:share_revoke": {"code": lambda side: side.link.code},
    "applications:shared_file": {"token": lambda side: side.link and f"token-of-{side.university.slug}"},
    "applications:document_put": {"position": lambda side: side.application("draft").document_slots.get().position},
    "applications:document_refuse": {"slot": lambda side: side.document.slot_id},
    "applications:document_validate": {"slot": lambda side: side.document.slot_id},
    "programmes:cotutelle_file": {"code": lambda side: side.cotutelle("requested").files.first().code},
    "members:university_document": {"code": lambda side: side.document_for_staff.code},
    "members:university_logo": {"name": _logo},
    **{f"policy:body_{page}": {"slug": lambda side: side.body.slug} for page in ("detail", "seats")},
    "policy:series_detail": {"slug": lambda side: side.series.slug},
    "members:university_picture": {"name": _picture},
    "api:calls-detail": {"slug": lambda side: CallFactory(open=True).slug},
    "api:courses-detail": {"slug": lambda side: side.course.slug},
    "api:events-detail": {"slug": lambda side: EventFactory(published=True, host=side.university).slug},
    "api:practices-detail": {"reference": lambda side: practice_of(side.university).reference},
    "api:placements-detail": {"slug": lambda side: side.placement.slug},
    "api:programmes-detail": {"slug": lambda side: side.programme.slug},
    "api:rounds-detail": {"slug": lambda side: side.round.slug},
    "api:units-detail": {"reference": lambda side: side.unit.reference},
    "api:universities-detail": {"slug": lambda side: side.university.slug},
    "people:token_revoke": {"reference": lambda side: side.token.reference},
    **{
        f"notifications:outbox_{act}": {"reference": lambda side: side.delivery.content.reference}
        for act in ("detail", "cancel", "retry")
    },
    "notifications:mail_detail": {"reference": lambda side: CaughtMailFactory().reference},
    **{
        f"practices:{name}": {"reference": lambda side: side.practice_being_written.reference}
        for name in ("practice_edit", "practice_submit", "practice_drop", "evidence_add")
    },
    **{
        f"practices:{name}": {"reference": lambda side: side.practice_submitted.reference}
        for name in (
            "practice_curate",
            "practice_publish",
            "practice_ask_changes",
            "practice_refuse",
            "practice_take_back",
        )
    },
    "practices:evidence_remove": {
        "reference": lambda side: side.practice_being_written.reference,
        "code": lambda side: side.practice_being_written.latest.files.get().code,
    },
    "practices:version_changes": {"reference": _twice_published, "number": lambda side: 2},
    **{
        f"practices:adoption_{act}": {
            "reference": lambda side: side.practice_adopted_by_it.reference,
            "slug": lambda side: side.university.slug,
        }
        for act in ("edit", "withdraw")
    },
    **{
        f"people:expert_{act}": {"reference": lambda side: side.expert.reference}
        for act in ("detail", "write", "unpublish")
    },
    **{
        f"people:student_{act}": {"reference": lambda side: side.waiting.reference}
        for act in ("detail", "confirm", "refuse")
    },
    **{
        f"people:invitation_{act}": {"reference": lambda side: side.invitation.reference}
        for act in ("again", "withdraw")
    },
    **{
        f"people:erasure_{act}": {"reference": lambda side: side.erasure.reference}
        for act in ("detail", "carry_out", "refuse")
    },
}
