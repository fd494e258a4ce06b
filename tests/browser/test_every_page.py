"""Every page, for the people whose page it is, on a phone in the dark and on a desk in the light: no violation of WCAG
2.2 AA, nothing scrolls sideways, one heading of the first rank.
"""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from applications.models import Appeal, Application, Decision, Round
from exchange.models import Placement
from funding.models import Call, Interest
from members.models import Erasure, Expert, Mandate, StudentProfile, User
from notifications.models import CaughtMail
from policy.models import Event, EventInvitation
from practices.models import Practice, PracticeVersion
from programmes.models import Cotutelle, Course, Programme, Revision
from tests.browser.walking import wrong_with

KTH = "kth"


def of(name, *at):
    return reverse(name, args=at)


def public_pages():
    programme = Programme.objects.in_catalogue().filter(intakes__isnull=False).first()
    placement = Placement.objects.filter(state=Placement.State.PUBLISHED).first()
    found = [of(name) for name in PUBLIC]
    found += [of("members:university_detail", slug) for slug in ("kth", "tongji", "upc", "epfl")]
    found += [of("members:university_contact", KTH), of("members:university_compare") + "?u=kth&u=upc&u=polito"]
    slugs = Programme.objects.in_catalogue().values_list("slug", flat=True)[:3]
    found += [of("programmes:programme_compare") + "?" + "&".join(f"p={slug}" for slug in slugs)]
    found += [programme.get_absolute_url(), placement.get_absolute_url()]
    listed = Programme.objects.filter(course_list__isnull=False).first()
    ended = Course.objects.filter(last_year__isnull=False).first()
    found += [listed.get_absolute_url(), ended.get_absolute_url(), of("courses:university_courses", KTH)]
    found += [event.get_absolute_url() for event in Event.objects.shown().filter(audience="public")[:3]]
    expert = Expert.objects.published().filter(audience="public").first()
    found += [expert.get_absolute_url(), of("people:expert_write", expert.reference)]
    found += [of("policy:body_detail", "steering-committee"), of("policy:series_detail", "general-assembly")]
    found += [round.get_absolute_url() for round in Round.objects.published().order_by("state", "pk")[:4]]
    found += [call.get_absolute_url() for call in Call.objects.published().order_by("pk")[:3]]
    found += practice_pages()
    searches = [of("search"), "/search/?q=stockholm", "/search/?q=stokholm&kind=programme", "/search/?q=zzzz"]
    return [*found, *searches, "/universities/?q=nowhere", "/nothing-here/"]


def practice_pages():
    """One with three versions, one that is archived, a topic and a pillar."""
    revised = Practice.objects.published().filter(live__number__gte=3).first()
    archived = Practice.objects.filter(state=Practice.State.ARCHIVED, live__isnull=False).first()
    found = [practice.get_absolute_url() for practice in (revised, archived)]
    found += [of("practices:version_detail", revised.reference, 1)]
    found += [of("practices:version_changes", revised.reference, 2)]
    return [*found, of("practices:topic_detail", "education"), of("practices:topic_detail", "living-labs")]


def writer_pages(email):
    own = Practice.objects.filter(owner__email=email)
    written = own.filter(latest__state__in=PracticeVersion.State.with_writers).first()
    found = [written.get_absolute_url(), of("practices:practice_edit", written.reference)]
    found += [of("practices:practice_archive", written.reference)]
    other = Practice.objects.published().exclude(owner__email=email).first()
    found += [of(f"practices:{name}", other.reference) for name in ("practice_question", "adoption_add")]
    return [of("dashboard"), of("practices:own_practices"), of("practices:practice_add"), *found]


PUBLIC = (
    "home", "about_data", "accessibility", "members:university_list", "members:university_compare",
    "people:expert_list", "programmes:programme_list", "courses:course_list",
    "programmes:programme_compare", "exchange:placement_list", "exchange:round_list", "applications:round_list",
    "funding:call_list", "policy:event_list", "policy:body_list", "practices:practice_list", "practices:topic_list",
    "account_login", "account_signup", "account_reset_password", "api:docs", "calendar:page",
)  # fmt: skip
MINE = (
    "dashboard", "people:profile", "people:my_mandates", "notifications:notice_list", "notifications:preferences",
    "applications:application_list", "programmes:wish_list", "account_email", "account_change_password", "mfa_index",
    "usersessions_list", "people:my_data", "people:my_data_download", "people:my_data_erasure", "people:close_account",
    "people:token_list", "search",
)  # fmt: skip


def student_pages(email):
    applications = Application.objects.filter(applicant__email=email)
    found = [application.get_absolute_url() for application in applications]
    for draft in applications.filter(state=Application.State.DRAFT):
        steps = ("profile", "choices", "motivation", "documents", "check")
        found += [of(f"applications:application_{step}", draft.reference) for step in steps]
    for offered in applications.filter(state=Application.State.OFFERED):
        found += [of(f"applications:application_{act}", offered.reference) for act in ("accept", "decline")]
    for appeal in Appeal.objects.filed().filter(application__in=applications):
        found += [of("applications:appeal_withdraw", appeal.application.reference)]
    sent = applications.exclude(submitted_at=None).first()
    if sent:
        found += [of("applications:application_receipt", sent.reference)]
    open_round = Round.objects.filter(state=Round.State.PUBLISHED, university__students__user__email=email).first()
    return [*(of(name) for name in MINE), *found, *([open_round.get_absolute_url()] if open_round else [])]


def office_pages(email):
    user = User.objects.get(email=email)
    at = user.universities_as("exchange")[0]
    edits = ("edit", "factsheet", "pictures", "documents", "history")
    found = [of(f"members:university_{part}", at.slug) for part in edits]
    found += [of("members:university_rows", at.slug, part) for part in ("contacts", "units", "facts")]
    found += [of("exchange:own_placements"), of("exchange:placement_add"), of("exchange:import_new")]
    found += [of("exchange:many_placements"), of("exchange:copy_year"), of("applications:round_add")]
    course = Course.objects.filter(university=at).first()
    found += [of(f"courses:{name}", at.slug) for name in ("university_courses", "course_add", "import_new")]
    found += [of(f"courses:course_{act}", course.slug) for act in ("detail", "edit", "close")]
    placement = Placement.objects.filter(host=at).first()
    found += [
        of("exchange:placement_edit", placement.slug),
        of("people:student_list"),
        of("people:university_people", at.slug),
    ]
    waiting = StudentProfile.objects.filter(university=at).first()
    found += [of("people:student_detail", waiting.reference)]
    mandate = Mandate.objects.filter(university=at).first()
    found += [of("people:mandate_detail", mandate.reference), of("people:mandate_list"), of("people:expert_edit")]
    for round in Round.objects.filter(university=at).exclude(state=Round.State.ARCHIVED):
        found += [of(f"applications:round_{page}", round.slug) for page in ("desk", "decisions")]
    return [of("dashboard"), *found, *round_editor_pages(at), *file_pages(at)]


def round_editor_pages(at):
    draft = Round.objects.filter(university=at).exclude(state=Round.State.ARCHIVED).order_by("-opens_at").first()
    steps = ("edit", "choices", "requirements", "documents", "rubric", "letters", "publish", "assign", "clone")
    return [of(f"applications:round_{step}", draft.slug) for step in steps]


def file_pages(at):
    found = []
    for state in ("submitted", "eligible", "offered", "rejected", "more_info"):
        application = Application.objects.filter(round__university=at, round__kind="exchange", state=state).first()
        if application:
            found.append(of("applications:application_desk", application.reference))
    decided = Application.objects.filter(round__university=at, decision__isnull=False).first()
    asked = Application.objects.filter(round__university=at, state="submitted").first()
    if asked:
        acts = ("find_eligible", "find_ineligible", "ask_more")
        found += [of(f"applications:application_{act}", asked.reference) for act in acts]
        found.append(of("applications:application_share", asked.reference))
    return [*found, of("applications:letter_edit", decided.reference)]


def director_pages(email):
    user = User.objects.get(email=email)
    at = user.universities_as("director")[0]
    programme = Programme.objects.in_catalogue().filter(partners__university=at, intakes__isnull=False).first()
    steps = [of("programmes:programme_edit", programme.slug, step) for step in ("basics", "partners", "pathways")]
    intake = programme.intakes.first()
    listed = Programme.objects.filter(partners__university=at, course_list__isnull=False).first() or programme
    return [
        of("dashboard"), of("programmes:programme_desk"), of("programmes:programme_add"), *steps,
        of("programmes:programme_edit", programme.slug, "requirements"), of("programmes:intake_list", programme.slug),
        of("programmes:intake_edit", programme.slug, intake.key),
        of("programmes:programme_courses", listed.slug),
    ]  # fmt: skip


def reviewer_pages(email):
    reviews = Application.objects.filter(reviews__reviewer__email=email).exclude(reviews__state="recused")
    found = [of("applications:review_edit", reference) for reference in reviews.values_list("reference", flat=True)[:2]]
    return [of("dashboard"), of("applications:review_list"), *found]


def secretariat_pages(email):
    revision = Revision.objects.filter(state=Revision.State.REVIEW).first()
    mail = CaughtMail.objects.first()
    names = (
        "dashboard", "members:university_quality", "members:university_add", "people:consortium_people",
        "notifications:job_list", "notifications:mail_list", "programmes:programme_desk", "people:erasure_list",
        "people:retention_list", "people:support", "practices:curation_queue", "notifications:outbox",
        "programmes:cotutelle_list",
    )  # fmt: skip
    found = [of(name) for name in names] + [of("programmes:programme_curate", revision.programme.slug)]
    judged = PracticeVersion.objects.submitted().first().practice
    found += [of("practices:practice_curate", judged.reference)]
    erasure = Erasure.objects.waiting().first()
    found += [of(f"people:erasure_{page}", erasure.reference) for page in ("detail", "carry_out", "refuse")]
    found += [*call_pages(), *event_pages()]
    return [*found, *([of("notifications:mail_detail", mail.reference)] if mail else [])]


def grants_pages(email):
    user = User.objects.get(email=email)
    mine = Interest.objects.active().of(user).first()
    lists = ("funding:own_calls", "funding:call_add", "funding:interest_list", "notifications:search_list")
    return [
        of("dashboard"), *(of(name) for name in lists), mine.call.get_absolute_url(),
        of("funding:interest_edit", mine.reference), of("funding:interest_withdraw", mine.reference),
        of("notifications:search_add") + "?list=calls&q=status%3Dopen", *search_pages(user),
    ]  # fmt: skip


def search_pages(user):
    search = user.saved_searches.first()
    return [of(f"notifications:search_{act}", search.reference) for act in ("edit", "delete")] if search else []


def call_pages():
    """What the secretariat does with a call that is proposed, and with one that is published."""
    proposed, published = (Call.objects.filter(state=state).first() for state in ("proposed", "published"))
    found = [of(f"funding:call_{act}", proposed.slug) for act in ("detail", "edit", "publish", "send_back")]
    return [*found, of("funding:call_archive", published.slug), of("funding:own_calls")]


def event_pages():
    """Those of the organisers: one event with people, a draft, one to which people are invited; the seats of a body."""
    busy = Event.objects.filter(registrations__state="waiting").first()
    draft = Event.objects.filter(state=Event.State.DRAFT).first()
    found = [of(f"policy:event_{page}", busy.slug) for page in ("detail", "edit", "cancel", "register")]
    found += [of("policy:registration_list", busy.slug), of("policy:material_add", busy.slug)]
    person = busy.registrations.filter(state="waiting").first().reference
    found += [f"{of('policy:many_registrations', busy.slug)}?act=refuse&person={person}"]
    invited = Event.objects.filter(invitations__isnull=False).first()
    found += [of("policy:invitation_list", invited.slug), of("policy:event_publish", draft.slug)]
    return [*found, of("policy:event_add"), of("policy:body_seats", "steering-committee")]


def head_pages(email):
    """Somebody who is invited."""
    user = User.objects.get(email=email)
    invitation = EventInvitation.objects.reaching(user, timezone.localdate()).first()
    return [of("dashboard"), invitation.get_absolute_url(), invitation.event.get_absolute_url()]


def judge_pages(email):
    """Somebody who answers the appeal of a student, since the desk made the decision."""
    user = User.objects.get(email=email)
    [appeal] = Appeal.objects.to_be_answered_by(user, timezone.localdate())
    at = appeal.application.reference
    return [of("dashboard"), of("applications:application_desk", at), of("applications:appeal_answer", at)]


def candidate_pages(email):
    """A file being written: its page, its form, withdrawing it; and the page of the dual doctorate it belongs to."""
    mine = Cotutelle.objects.with_sides().get(candidate__email=email)
    found = [of("programmes:cotutelle_list"), of("programmes:cotutelle_begin"), mine.programme.get_absolute_url()]
    return [*found, *(of(f"programmes:cotutelle_{page}", mine.reference) for page in ("detail", "edit", "withdraw"))]


def cotutelle_desk_pages(email):
    """Each act of a desk, on a file that stands where it is possible."""
    user = User.objects.get(email=email)
    acts = {"home_agreed": ("agree", "send_back", "refuse"), "convention": ("sign",), "running": ("defend", "end")}
    found = [of("dashboard"), of("programmes:cotutelle_list"), of("programmes:cotutelle_list") + "?q=nothing"]
    for file in Cotutelle.objects.at_the_desks_of(user):
        pages = ("detail", *acts.get(file.state, ()))
        found += [of(f"programmes:cotutelle_{page}", file.reference) for page in pages]
    return found


PEOPLE = {
    "doctoral.kth": candidate_pages,
    "coordinator.tecnico": cotutelle_desk_pages,
    "coordinator.kuleuven": cotutelle_desk_pages,
    "coordinator.kit": cotutelle_desk_pages,
    "grants.aalto": grants_pages,
    "student.kth": student_pages,
    "student.kuleuven": student_pages,
    "student.polito": student_pages,
    "student.tcd": student_pages,
    "exchange.kth": office_pages,
    "exchange.aalto": office_pages,
    "director.kth": director_pages,
    "head.aalto": writer_pages,
    "reviewer.kth": reviewer_pages,
    "head.upc": head_pages,
    "head.uclouvain": judge_pages,
    "secretariat": secretariat_pages,
}


def test_public_pages_are_accessible(portal, new_page, violations):
    assert wrong_with(new_page(reduced_motion="reduce"), public_pages(), violations) == []


@pytest.mark.parametrize("who", PEOPLE)
def test_pages_of_people_are_accessible(portal, signed_in, violations, who):
    email = f"{who}@demo.example"

    assert wrong_with(signed_in(email, reduced_motion="reduce"), PEOPLE[who](email), violations) == []


def test_the_form_of_an_appeal_is_accessible(portal, signed_in, violations):
    """A student who was told no, and still has time: two days are enough whatever day of the week it is."""
    told = Application.objects.filter(state__in=Application.State.appealable, decision__appeal_by__isnull=False)
    application = told.filter(appeals__isnull=True).order_by("pk").first()
    Decision.objects.filter(application=application).update(appeal_by=timezone.now() + timedelta(days=2))
    address = of("applications:appeal_new", application.reference)
    page = signed_in(application.applicant.email, reduced_motion="reduce")

    assert wrong_with(page, [address], violations) == []
    assert page.url.endswith(address)
