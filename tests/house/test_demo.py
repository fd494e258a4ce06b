"""The demo consortium, looked at from all sides in a database of its own."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.conf import global_settings, settings
from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Count, F
from django.test import override_settings
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from applications import tasks
from applications.actions import release_round
from applications.models import Application, Choice, DocumentFile, DocumentSlot, Option, Review, Round
from cluster_portal.demo.calendar import Calendar, StudyTerm
from cluster_portal.demo.names import NAMES
from cluster_portal.demo.papers import paper
from exchange.models import Placement
from funding.models import Call, CallFollow, Interest, Status
from members import uploads
from members.actions.students import university_of
from members.models import Contact, Factsheet, FactsheetTerm, Mandate, StudentProfile, Tag, University, User
from notifications.models import Delivery, Notice, SavedSearch
from notifications.registries import deadlines_for, tasks_for
from policy.models import BodyMembership, Event, EventInvitation, Material, Registration
from programmes.models import Cotutelle, CotutelleFile, Course, Intake, Programme, Revision, WishListItem
from tests.demo_database import make_demo_database
from tests.template_database import connect_to, drop_database

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]

HASHERS = global_settings.PASSWORD_HASHERS
ROLES = ["exchange", "director", "coordinator", "grants", "head", "reviewer"]
SLUGS = [
    "aalto", "grenoble-inp", "kit", "kth", "kuleuven", "polito", "tcd", "tecnico", "tuda", "tue", "uclouvain", "upc",
]  # fmt: skip
STORIES = {
    "kth": "offered", "polito": "waitlisted", "kuleuven": "draft", "kit": "accepted", "aalto": "more_info",
    "tue": "submitted", "grenoble-inp": "eligible", "tcd": "rejected", "uclouvain": "expired", "tuda": "submitted",
    "upc": "submitted",
}  # fmt: skip


@pytest.fixture(scope="module")
def demo(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Iterator[None]:
    """A copy of the demo's database and files; passwords are those of a portal, not those of the tests."""
    before, state_dir = connection.settings_dict["NAME"], tmp_path_factory.mktemp("demo")
    with django_db_blocker.unblock():
        name = make_demo_database(f"{worker_id}_demo", state_dir)
        connect_to(name)
        ContentType.objects.clear_cache()
        with override_settings(DEMO=True, MEDIA_ROOT=state_dir / "files", PASSWORD_HASHERS=HASHERS):
            yield
        connect_to(before)
        ContentType.objects.clear_cache()
        drop_database(name)


def account(key: str) -> User:
    return User.objects.get(email=f"{key}@demo.example")


def own_application(slug: str) -> Application:
    """The one that tells the story of the fixed student account; not the second draft of Técnico's."""
    return Application.objects.filter(applicant=account(f"student.{slug}")).earliest("pk")


# People


@pytest.mark.parametrize("slug", SLUGS)
def test_every_member_has_its_fixed_accounts(client, slug):
    university = University.objects.get(slug=slug)

    held = {role: account(f"{role}.{slug}").holds(role, university=university) for role in ROLES}

    assert held == dict.fromkeys(ROLES, True)
    assert account(f"exchange.{slug}").holds("official", university=university)
    assert account(f"student.{slug}").student_profile.is_confirmed
    assert client.login(email=f"head.{slug}@demo.example", password="demo-portal")


def test_secretariat_and_administrator_are_there():
    assert account("secretariat").has_perm("members.curate")
    assert (account("admin").is_superuser, account("admin").is_staff) == (True, True)


def test_every_partner_has_an_exchange_account():
    partners = University.objects.in_consortium(timezone.localdate()).exclude(slug__in=SLUGS)

    held = {partner.slug: account(f"exchange.{partner.slug}").holds("exchange") for partner in partners}

    assert held == dict.fromkeys(held, True)
    assert len(held) == 15


def test_everybody_is_invented_and_verified():
    everybody = User.objects.all()

    assert not everybody.filter(is_sample=False).exists()
    assert [user.email for user in everybody if not user.email.endswith("demo.example")] == []
    assert EmailAddress.objects.filter(verified=True, primary=True).count() == everybody.count()


def test_no_person_of_the_demo_stands_in_the_data_files():
    """The files name universities and places; a name of the demo in them would be somebody real."""
    files = [*settings.BASE_DIR.glob("*/data/*.json"), *settings.BASE_DIR.glob("*/data/*.csv")]
    known = "\n".join(path.read_text(encoding="utf-8") for path in files)

    assert [str(user) for user in User.objects.all() if str(user) in known] == []


def test_mandates_began_run_and_ended():
    today = timezone.localdate()
    mandates = Mandate.objects.all()

    assert mandates.filter(starts_on__gt=today).exists()
    assert mandates.filter(ends_on__lt=today).exists()
    assert mandates.in_force(today).count() > 100
    assert mandates.filter(taken_back_at__isnull=False).count() == 1
    assert mandates.filter(ends_on=today + timedelta(days=7)).count() == 1
    assert mandates.in_force(today).filter(deputy_from__lte=today).exclude(deputy_until__lt=today).exists()


@pytest.mark.parametrize("slug", SLUGS)
def test_whoever_signs_up_with_an_invented_address_belongs_to_the_university(slug):
    found = university_of(f"new.student@{slug}.demo.example", timezone.localdate())

    assert found.slug == slug


# Pages of universities


def test_every_member_has_contacts_and_a_factsheet_with_deadlines_in_its_zone():
    members = University.objects.members(timezone.localdate())

    assert members.count() == 12
    assert Factsheet.objects.filter(university__in=members).exclude(housing="").exclude(visa="").count() == 12
    assert min(members.annotate(n=Count("contacts")).values_list("n", flat=True)) >= 7
    for term in FactsheetTerm.objects.select_related("factsheet__university"):
        local = term.nominations_close_at.astimezone(ZoneInfo(term.factsheet.university.time_zone))
        assert (local.hour, local.minute) == (23, 59)


def test_some_pages_are_fresh_some_stale_some_never_confirmed():
    members, now = University.objects.members(timezone.localdate()), timezone.now()

    assert members.filter(confirmed_at__isnull=True).exists()
    assert members.filter(confirmed_at__lt=now - timedelta(days=365)).exists()
    assert members.filter(confirmed_at__gt=now - timedelta(days=60)).exists()


def test_tags_are_samples_one_is_retired_and_every_one_is_carried():
    tags = Tag.objects.with_uses()

    assert not tags.filter(is_sample=False).exists()
    assert {scope: tags.of(scope).count() for scope in Tag.Scope} == {"partners": 8, "partnerships": 6}
    assert [tag.label for tag in tags.filter(is_retired=True)] == ["Research reactor"]
    assert not tags.filter(uses=0).exists()


def test_what_is_invented_is_marked():
    assert not Placement.objects.filter(is_sample=False).exists()
    assert not Round.objects.filter(is_sample=False).exists()
    assert not Intake.objects.filter(is_sample=False).exists()
    assert not Contact.objects.filter(is_sample=False).exists()
    assert not Factsheet.objects.filter(is_sample=False).exists()
    assert not Programme.objects.filter(is_sample=False, framework="").exists()


# Places, programmes, rounds


def test_placements_are_many_and_varied():
    placements = Placement.objects.all()

    assert placements.count() >= 150
    assert set(placements.values_list("host__slug", flat=True)) == set(SLUGS)
    assert set(placements.values_list("state", flat=True)) == set(Placement.State)
    assert set(placements.values_list("level", flat=True)) == {"bachelor", "master"}
    assert set(placements.values_list("term", flat=True)) == {"autumn", "spring", "year"}
    assert len(set(placements.values_list("field", flat=True))) >= 10
    assert placements.filter(requirements__isnull=True, state="published").count() <= 1


def test_courses_are_samples_and_three_programmes_name_them():
    courses = Course.objects.all()

    assert 10 <= courses.count() <= 20
    assert not courses.filter(is_sample=False).exists()
    assert courses.values("university").distinct().count() >= 4
    assert set(courses.values_list("level", flat=True)) == {"bachelor", "master", "doctorate"}
    assert Programme.objects.in_catalogue().filter(course_list__isnull=False).distinct().count() == 3
    assert courses.filter(last_year__isnull=False).exists()


def test_programmes_have_intakes_of_three_years_with_seats():
    autumn = Calendar(timezone.now()).next_autumn.year
    with_pathways = Programme.objects.in_catalogue().filter(pathways__isnull=False).distinct()

    years = {p.slug: sorted(p.intakes.values_list("academic_year", flat=True)) for p in with_pathways}

    assert years == {slug: [autumn - 1, autumn, autumn + 1] for slug in years}
    assert len(years) >= 22
    assert not Intake.objects.filter(seats__isnull=True).exists()


def test_versions_of_programmes_stand_at_every_stage_of_curation():
    assert set(Revision.objects.values_list("state", flat=True)) == {"draft", "returned", "review"}
    assert Programme.objects.filter(state="review").count() == 1
    assert Revision.objects.filter(state="review", programme__state="published").count() == 1
    assert WishListItem.objects.count() >= 40


@pytest.mark.parametrize("role", ["student", "exchange", "director", "coordinator", "grants", "reviewer"])
def test_something_waits_for_the_roles_whose_sign_ins_are_printed_first(role):
    assert tasks_for(account(f"{role}.kth"), timezone.now())


def test_cotutelles_stand_in_five_states_between_partners_of_dual_doctorates():
    files = Cotutelle.objects.with_sides().prefetch_related("programme__partners")

    states = sorted(files.values_list("state", flat=True))
    assert states == ["convention", "draft", "home_agreed", "running", "sent_back"]
    assert not files.filter(is_sample=False).exists()
    for file in files:
        sides = {partner.university_id for partner in file.programme.partners.all()}
        assert {file.home_id, file.partner_id} == sides
        waiting = [task.url for task in tasks_for(account(f"doctoral.{file.home.slug}"), timezone.now())]
        assert (file.get_absolute_url() in waiting) == file.is_in_hands
    assert CotutelleFile.objects.filter(kind="draft").count() == 3
    assert not files.filter(created_at__gt=timezone.now() - timedelta(days=5)).exists()


def test_rounds_of_both_kinds_are_past_open_and_coming():
    now = timezone.now()
    exchange, dual = (Round.objects.filter(kind=kind) for kind in ("exchange", "dual_degree"))

    assert set(exchange.values_list("state", flat=True)) == set(Round.State)
    assert set(dual.values_list("state", flat=True)) == {"published", "closed", "released"}
    for rounds in (exchange, dual):
        assert rounds.open_at(now).count() >= 4
        assert rounds.coming_at(now).count() >= 2
    assert exchange.open_at(now).filter(closes_at__lt=now + timedelta(days=7)).count() >= 2


def test_every_round_asks_for_documents_and_has_a_rubric():
    for round in Round.objects.prefetch_related("criteria", "document_requirements"):
        assert sum(criterion.max_points for criterion in round.criteria.all()) == 100
        assert round.document_requirements.count() >= 3
        assert round.options.exists()


def test_kth_has_an_open_round_that_nobody_has_applied_in():
    empty = Round.objects.open_at(timezone.now()).filter(university__slug="kth", applications__isnull=True)

    assert empty.count() == 1


def test_calls_stand_at_every_point_and_universities_are_interested():
    now = timezone.now()
    samples = Call.objects.filter(is_sample=True)

    assert samples.count() >= 30
    assert set(samples.values_list("state", flat=True)) == set(Call.State)
    assert {call.status for call in samples.published().with_status(now)} == set(Status)
    assert samples.published().with_status(now).filter(due_at__lt=now + timedelta(days=7)).count() >= 3
    assert Interest.objects.active().values("university").distinct().count() >= 6
    assert not Interest.objects.filter(is_sample=False).exists()
    assert CallFollow.objects.count() >= 20
    assert set(SavedSearch.objects.values_list("rhythm", flat=True)) == set(SavedSearch.Rhythm)


# Students and applications


def test_students_are_confirmed_by_domain_or_office_and_a_few_wait():
    profiles = StudentProfile.objects.all()

    assert profiles.filter(state="confirmed").exclude(confirmed_by_domain="").count() >= 80
    assert profiles.filter(state="confirmed", confirmed_by__isnull=False).count() >= 12
    assert profiles.filter(state="waiting").count() >= 5
    assert profiles.filter(state="refused").count() == 1
    assert profiles.filter(ects_earned__lt=60).exists()


def test_applications_documents_reviews_and_choices_are_in_every_state():
    assert Application.objects.count() >= 190
    assert set(Application.objects.values_list("state", flat=True)) == set(Application.State)
    assert set(DocumentSlot.objects.values_list("state", flat=True)) == set(DocumentSlot.State)
    assert set(Review.objects.values_list("state", flat=True)) == set(Review.State)
    assert set(Choice.objects.values_list("state", flat=True)) == set(Choice.State)


@pytest.mark.parametrize(("slug", "state"), STORIES.items(), ids=STORIES)
def test_the_student_of_each_university_has_a_story(slug, state):
    assert own_application(slug).state == state


def test_the_student_of_kth_has_two_days_to_answer():
    left = own_application("kth").answer_by - timezone.now()

    assert timedelta(days=1) < left < timedelta(days=4)


def test_the_student_of_kuleuven_lacks_a_document():
    slots = own_application("kuleuven").document_slots.filter(needed="to_apply")

    assert Counter(slots.values_list("state", flat=True)) == {"asked": 1, "received": 1}


def test_the_student_of_tecnico_withdrew_and_writes_another():
    states = Application.objects.filter(applicant=account("student.tecnico")).values_list("state", flat=True)

    assert sorted(states) == ["draft", "withdrawn"]


@pytest.mark.parametrize("slug", ["kth", "aalto"])
def test_the_exchange_desk_is_lively(slug):
    desk = Application.objects.run_by(account(f"exchange.{slug}"))

    assert len(set(desk.values_list("state", flat=True))) >= 7
    assert desk.filter(state="submitted").count() >= 3


def test_a_closed_round_with_prepared_decisions_can_be_released():
    round = Round.objects.get(university__slug="grenoble-inp", state="closed")

    released = release_round(round=round, by=account("exchange.grenoble-inp"), now=timezone.now())

    assert released >= 7


def test_stories_end_with_the_clock_and_not_after_it():
    """No act is dated after now, and the jobs of the clock find nothing that they should have done before."""
    assert tasks.close_due_rounds() == 0
    assert tasks.expire_due_offers() == 0
    assert not tasks.places_that_stand_free().exists()
    assert not Application.objects.filter(state_since__gt=timezone.now()).exists()


def test_every_application_tells_its_past_in_order():
    """Started, sent, checked, reviewed, decided, answered: the timeline never runs backwards."""
    from members.models import Act

    for application in Application.objects.filter(submitted_at__isnull=False):
        acts = list(Act.objects.about(application))
        by_number = sorted(acts, key=lambda act: act.pk)

        assert [act.at for act in by_number] == sorted(act.at for act in acts)
        assert acts[0].kind == "application.started"
        assert application.created_at < application.submitted_at <= application.state_since + timedelta(minutes=1)


def test_no_place_is_given_twice():
    taken = Option.objects.with_places_left()

    assert not taken.filter(places_left__lt=0).exists()
    assert not Application.objects.filter(state="offered", answer_by__lt=timezone.now()).exists()


def test_every_file_is_what_an_upload_may_be():
    document = DocumentFile.objects.order_by("pk").first()

    with document.file.open() as stored:
        checked = uploads.check(SimpleUploadedFile("x", stored.read()))

    assert (checked.content_type, checked.size, checked.sha256) == ("application/pdf", document.size, document.sha256)


def test_paper_takes_names_of_every_country():
    lines = [family for _given, family in NAMES.values()]

    assert uploads.check(SimpleUploadedFile("x.pdf", paper(lines))).content_type == "application/pdf"


# What the portal makes of it


def test_old_notices_are_sent_and_mostly_read():
    long_ago = timezone.now() - timedelta(days=4)
    old = Notice.objects.filter(created_at__lt=long_ago)

    assert old.filter(read_at__isnull=False).count() > old.count() / 2
    assert Notice.objects.unread().count() >= 50
    assert set(Delivery.objects.values_list("state", flat=True)) >= {"sent", "failed"}
    assert not Delivery.objects.filter(notice__in=old, state="waiting").exists()
    assert not Notice.objects.filter(read_at__lt=F("created_at")).exists()


def test_something_is_due_within_a_week_for_everybody():
    now = timezone.now()

    for person in (account("student.kth"), account("exchange.kth"), account("secretariat")):
        assert [each for each in deadlines_for(person, now) if each.at < now + timedelta(days=7)]


@pytest.mark.parametrize(
    "key", ["student.kth", "student.aalto", "exchange.kth", "exchange.aalto", "reviewer.aalto", "secretariat"]
)
def test_something_waits_for(key):
    assert tasks_for(account(key), timezone.now())


# The command


def test_a_second_call_changes_nothing():
    before = _rows()
    out = StringIO()

    call_command("load_demo", stdout=out)

    assert _rows() == before
    assert out.getvalue() == "The demo consortium is there already.\n"


def _rows() -> dict[str, int]:
    return {
        model._meta.label: model._base_manager.count()
        for model in apps.get_models()
        if model._meta.app_label != "pghistory"
    }


@pytest.mark.parametrize("arguments", [[], ["--again"]])
def test_without_demo_nothing_is_loaded(arguments):
    with override_settings(DEMO=False), pytest.raises(CommandError, match="DEMO is off"):
        call_command("load_demo", *arguments)


def test_sign_ins_are_printed_and_work(client):
    out = StringIO()

    call_command("demo_sign_ins", stdout=out)

    printed = re.findall(r"\S+@demo\.example", out.getvalue())
    assert len(printed) == 16
    assert [email for email in printed if not client.login(email=email, password="demo-portal")] == []


def test_terms_follow_each_other():
    autumn = StudyTerm(2026, "autumn")

    assert [autumn.later(distance) for distance in (-1, 1, 2)] == [
        StudyTerm(2025, "spring"), StudyTerm(2026, "spring"), StudyTerm(2027, "autumn"),
    ]  # fmt: skip


# Bodies and meetings


def test_meetings_are_past_open_full_by_invitation_and_cancelled():
    events = Event.objects.filter(is_sample=True)
    now = timezone.now()

    full = [event for event in events.shown().upcoming(now).with_registrations() if event.taken == event.quota]
    assert events.count() >= 12
    assert min(event.queued for event in full) >= 1
    assert {event.state for event in events} == {"draft", "published", "cancelled"}
    assert Material.objects.filter(event__ends_at__lt=now).count() >= 5
    assert {*Registration.objects.values_list("state", flat=True)} >= {"asked", "approved", "waiting", "attended"}
    assert {*EventInvitation.objects.values_list("state", flat=True)} >= {"open", "accepted", "declined", "delegated"}


def test_meetings_begin_on_working_days():
    begins = [event.begins.weekday() for event in Event.objects.filter(is_sample=True)]

    assert max(begins) <= 4


def test_bodies_have_members_who_served_serve_and_will():
    today = timezone.localdate()
    seats = BodyMembership.objects.filter(person__isnull=False)

    assert seats.filter(ends_on__lt=today).exists()
    assert seats.filter(starts_on__gt=today).exists()
    assert {*seats.in_force(today).values_list("role", flat=True)} == {"chair", "vice", "secretary", "member"}
