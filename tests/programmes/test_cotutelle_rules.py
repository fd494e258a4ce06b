"""Cotutelles: what the database refuses, the machine as data, who sees and may what, what each act does."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from cluster_portal.demo.papers import paper
from members.acts import Conflict, Refused
from members.models import Act, SupportVisit
from notifications.models import Notice
from programmes.actions import cotutelle_files
from programmes.actions import cotutelles as actions
from programmes.cotutelles import announcing
from programmes.cotutelles.gaps import missing
from programmes.cotutelles.turns import NEXT, turn_of
from programmes.models import Cotutelle, CotutelleFile, CotutelleSupervisor, Side, Turn
from programmes.permissions import kinds_to_send
from tests.factories.members import (
    EmailAddressFactory,
    MandateFactory,
    UniversityFactory,
    UserFactory,
    person_as,
    student_of,
)
from tests.factories.programmes import (
    CotutelleFactory,
    CotutelleFileFactory,
    CotutelleSupervisorFactory,
    cotutelle_in,
)

pytestmark = pytest.mark.django_db
NOW = timezone.now()
State = Cotutelle.State


def pdf(title="Convention"):
    return SimpleUploadedFile(f"{title}.pdf", paper([title]))


@pytest.fixture
def kth():
    return UniversityFactory(slug="kth", short_name="KTH", member=True)


@pytest.fixture
def polito():
    return UniversityFactory(slug="polito", short_name="PoliTO", member=True)


@pytest.fixture
def home_desk(kth):
    return person_as("coordinator", kth)


@pytest.fixture
def partner_desk(polito):
    return person_as("coordinator", polito)


def words(**changes):
    typed = {
        "title": "On turbulence", "field": None, "programme": None, "motivation": "", "starts_on": None,
        "ends_on": None, "home_months": None, "partner_months": None, "defence_side": "", "diploma": "",
    }  # fmt: skip
    return typed | changes


# The database


SAME: dict = {}
BROKEN = {
    "two universities": (SAME, "a_cotutelle_has_two_universities"),
    "dates in order": (
        {"starts_on": date(2027, 1, 1), "ends_on": date(2026, 1, 1)},
        "programmes_cotutelle_starts_on_before_ends_on",
    ),
    "known state": ({"state": "lost", "requested_at": NOW, "complete": True}, "programmes_cotutelle_state_known"),
    "known side": ({"defence_side": "moon"}, "a_defence_is_at_one_of_the_sides"),
    "known diploma": ({"diploma": "none"}, "a_cotutelle_gives_known_diplomas"),
    "request": ({"state": "requested"}, "a_requested_cotutelle_has_its_field_and_dates"),
    "who agreed": ({"home_agreed_at": NOW}, "programmes_cotutelle_home_agreed_at_with_home_agreed_by"),
    "who agreed there": ({"partner_agreed_at": NOW}, "programmes_cotutelle_partner_agreed_at_with_partner_agreed_by"),
    "day of a defence": ({"defended_on": date(2026, 1, 1)}, "a_defended_thesis_has_its_day"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_database_refuses(what):
    values, constraint = BROKEN[what]
    kth = UniversityFactory()
    more = {"home": kth, "partner": kth} if values is SAME else {}

    with pytest.raises(IntegrityError, match=constraint):
        CotutelleFactory(**more, **values)


NOT_AGREED = {"partner_agreed_at": None, "partner_agreed_by": None}


@pytest.mark.parametrize(
    ("state", "changes", "constraint"),
    [
        (
            "convention",
            {"partner_agreed_at": None, "partner_agreed_by": None},
            "both_sides_agree_before_the_convention",
        ),
        ("signed", {"partner_signed_on": None}, "a_signed_convention_has_its_file_and_days"),
        ("running", {"convention_sha256": ""}, "a_signed_convention_has_its_file_and_days"),
        ("refused", {"reason": ""}, "a_cotutelle_sent_back_or_refused_says_why"),
        ("sent_back", {"reason": ""}, "a_cotutelle_sent_back_or_refused_says_why"),
        ("ended", {"reason": ""}, "a_cotutelle_sent_back_or_refused_says_why"),
        ("defended", {"defended_on": None}, "a_defended_thesis_has_its_day"),
    ],
)
def test_database_refuses_a_state_without_its_proof(state, changes, constraint):
    cotutelle = cotutelle_in(state)

    with pytest.raises(IntegrityError, match=constraint):
        Cotutelle.objects.filter(pk=cotutelle.pk).update(**changes)


def test_one_live_file_per_candidate_and_pair(kth, polito):
    first = cotutelle_in("requested", home=kth, partner=polito)
    same = {"candidate": first.candidate, "home": kth, "partner": polito}

    with pytest.raises(IntegrityError, match="one_live_cotutelle_per_pair"), transaction.atomic():
        CotutelleFactory(**same)
    first.move("refuse", reason="No place.")

    assert CotutelleFactory(**same).state == State.DRAFT


@pytest.mark.parametrize(
    ("make", "constraint"),
    [
        (lambda c: CotutelleSupervisorFactory(cotutelle=c, name=""), "a_supervisor_has_a_name"),
        (lambda c: CotutelleSupervisorFactory(cotutelle=c, side="moon"), "programmes_cotutellesupervisor_side_known"),
        (
            lambda c: [CotutelleSupervisorFactory(cotutelle=c, email="a@b.example") for _ in range(2)],
            "a_supervisor_once_per_cotutelle",
        ),
        (lambda c: CotutelleFileFactory(cotutelle=c, kind="song"), "programmes_cotutellefile_kind_known"),
        (lambda c: CotutelleFileFactory(cotutelle=c, size=0), "a_cotutelle_file_is_not_empty"),
        (lambda c: [CotutelleFileFactory(cotutelle=c) for _ in range(2)], "a_version_once_per_kind_of_file"),
        (
            lambda c: [CotutelleFileFactory(cotutelle=c, number=n, sha256="e" * 64) for n in (1, 2)],
            "a_paper_once_per_cotutelle",
        ),
    ],
)
def test_database_refuses_parts(make, constraint):
    with pytest.raises(IntegrityError, match=constraint):
        make(CotutelleFactory())


# The machine


def test_every_state_is_reachable():
    reached, grown = {State.DRAFT}, True
    while grown:
        steps = {target for sources, target in Cotutelle.TRANSITIONS.values() if sources & reached}
        grown = bool(steps - reached)
        reached |= steps

    assert reached == set(State)


@pytest.mark.parametrize("state", State)
def test_what_is_over_is_over_and_what_is_live_leads_on(state):
    leads_on = [name for name, (sources, _target) in Cotutelle.TRANSITIONS.items() if state in sources]

    assert bool(leads_on) == (state in State.live)


@pytest.mark.parametrize("state", State)
def test_every_state_says_whose_turn_it_is_and_what_is_next(state, kth, home_desk):
    cotutelle = cotutelle_in(state, home=kth)
    today = timezone.localdate()

    annotated = Cotutelle.objects.with_turn(today).get(pk=cotutelle.pk).turn

    assert annotated == cotutelle.turn_on(today)
    assert (annotated == Turn.NOBODY) == (state in (State.RUNNING, *State.over))
    assert str(NEXT[state])
    for reader in (cotutelle.candidate, home_desk, UserFactory()):
        assert turn_of(cotutelle, reader, NOW)["title"]


def test_a_doctorate_past_its_end_waits_for_both_desks(kth, home_desk):
    late = cotutelle_in("running", home=kth, ends_on=timezone.localdate() - timedelta(days=1))

    [waiting] = Cotutelle.objects.waiting_for(home_desk, timezone.localdate())

    assert (waiting, waiting.turn) == (late, late.turn_on(timezone.localdate()))


def test_a_doctorate_past_its_end_has_waited_since_that_day_and_not_since_it_began(kth, home_desk):
    now = datetime(2027, 9, 4, 12, tzinfo=UTC)
    began = datetime(2024, 9, 1, tzinfo=UTC)
    late = cotutelle_in("running", home=kth, ends_on=date(2027, 8, 31), state_since=began)

    [task] = announcing.tasks(home_desk, now)

    assert task.since == datetime(2027, 9, 1, tzinfo=UTC)
    assert turn_of(late, home_desk, now)["caps"] == "Your turn since 3\xa0days"
    assert turn_of(late, UserFactory(), now)["caps"].endswith("turn since 3\xa0days")


# Who sees it, who may


def readers(cotutelle):
    """One person of each kind that could want to read the file."""
    supervisor = UserFactory()
    CotutelleSupervisorFactory(cotutelle=cotutelle, user=supervisor)
    return {
        "candidate": cotutelle.candidate,
        "supervisor": supervisor,
        "coordinator at home": person_as("coordinator", cotutelle.home),
        "official at the partner": person_as("official", cotutelle.partner),
        "deputy": MandateFactory(coordinator=True, university=cotutelle.partner, with_deputy=True).deputy,
        "director at home": person_as("director", cotutelle.home),
        "exchange at home": person_as("exchange", cotutelle.home),
        "former coordinator": MandateFactory(coordinator=True, ended=True, university=cotutelle.home).person,
        "coordinator elsewhere": person_as("coordinator"),
        "fellow": student_of(cotutelle.home),
        "secretariat": person_as("secretariat"),
        "visitor": AnonymousUser(),
    }


REQUESTED_FILE = {"candidate", "supervisor", "coordinator at home", "official at the partner", "deputy"}


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("draft", {"candidate"}),
        ("requested", REQUESTED_FILE),
        ("sent_back", REQUESTED_FILE),
        ("refused", REQUESTED_FILE),
    ],
)
def test_who_sees_a_file_and_the_permission_says_the_same(state, expected):
    cotutelle = cotutelle_in(state)
    people = readers(cotutelle)

    seen = {who for who, person in people.items() if Cotutelle.objects.visible_to(person).exists()}
    may = {who for who, person in people.items() if person.has_perm("programmes.view_cotutelle", cotutelle)}

    assert (seen, may) == (expected, expected)


def test_a_withdrawn_draft_stays_the_candidates_own():
    cotutelle = CotutelleFactory(state="withdrawn")

    assert not Cotutelle.objects.visible_to(person_as("coordinator", cotutelle.home)).exists()


def test_nobody_sees_files_in_a_visit_of_support():
    cotutelle = cotutelle_in("requested")
    cotutelle.candidate.supporter = person_as("secretariat")

    assert not Cotutelle.objects.visible_to(cotutelle.candidate).exists()
    assert not Cotutelle.objects.waiting_for(cotutelle.candidate, timezone.localdate()).exists()
    assert SupportVisit.objects.count() == 0


def test_nobody_decides_about_their_own_doctorate(kth, home_desk):
    own = cotutelle_in("requested", home=kth, candidate=home_desk)

    assert not home_desk.has_perm("programmes.decide_cotutelle", own)
    with pytest.raises(Refused, match="not yours"):
        actions.agree(cotutelle=own, by=home_desk, now=NOW)


@pytest.mark.parametrize(
    ("state", "who", "kinds"),
    [
        ("draft", "candidate", ["request", "cv", "plan", "annex"]),
        ("sent_back", "candidate", ["request", "cv", "plan", "annex"]),
        ("requested", "candidate", ["annex"]),
        ("requested", "coordinator at home", ["annex"]),
        ("convention", "coordinator at home", ["draft", "annex"]),
        ("convention", "supervisor", ["annex"]),
        ("draft", "coordinator at home", []),
        ("convention", "secretariat", []),
        ("defended", "candidate", []),
        ("refused", "coordinator at home", []),
    ],
)
def test_who_may_send_which_paper_when(state, who, kinds):
    cotutelle = cotutelle_in(state)

    assert kinds_to_send(readers(cotutelle)[who], cotutelle) == kinds


# Writing


def test_a_confirmed_student_begins(kth, polito):
    student = student_of(kth)
    known = UserFactory(verified=True, email="rossi@polito.example")
    UserFactory(email="unproven@polito.example")
    named = [
        {"side": "home", "name": "Ek", "email": ""},
        {"side": "partner", "name": "Rossi", "email": "rossi@polito.example"},
        {"side": "partner", "name": "Bianchi", "email": "unproven@polito.example"},
    ]

    cotutelle = actions.begin(home=kth, words=words(partner=polito), supervisors=named, by=student, now=NOW)

    assert (cotutelle.state, cotutelle.candidate, cotutelle.reference[:3]) == (State.DRAFT, student, "CT-")
    assert [*cotutelle.supervisors.order_by("pk").values_list("name", "user")] == [
        ("Ek", None), ("Rossi", known.pk), ("Bianchi", None),
    ]  # fmt: skip
    assert [act.kind for act in Act.objects.about(cotutelle)] == ["cotutelle.begun"]
    assert not Notice.objects.exists()


@pytest.mark.parametrize("who", ["newcomer", "staff"])
def test_others_do_not_begin(kth, polito, who):
    person = UserFactory() if who == "newcomer" else person_as("coordinator", kth)

    with pytest.raises(Refused, match="has to confirm first"):
        actions.begin(home=kth, words=words(partner=polito), supervisors=[], by=person, now=NOW)


def test_beginning_twice_with_the_same_partner_is_refused_in_words(kth, polito):
    student = student_of(kth)
    actions.begin(home=kth, words=words(partner=polito), supervisors=[], by=student, now=NOW)

    with pytest.raises(Refused, match="a file with this partner already"):
        actions.begin(home=kth, words=words(partner=polito), supervisors=[], by=student, now=NOW)


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([("home", "A", "a@b.example"), ("home", "A", "a@b.example")], "Name each supervisor once"),
        ([("home", "Me", "me@kth.example")], "cannot supervise your own"),
        ([("home", f"Number {n}", "") for n in range(9)], "8 supervisors are the most"),
    ],
)
def test_supervisors_that_will_not_do(kth, polito, rows, sentence):
    student = student_of(kth, user=UserFactory(email="me@kth.example"))
    named = [dict(zip(("side", "name", "email"), row, strict=True)) for row in rows]

    with pytest.raises(Refused, match=sentence):
        actions.begin(home=kth, words=words(partner=polito), supervisors=named, by=student, now=NOW)

    assert not Cotutelle.objects.exists()


def with_two_addresses(person):
    """The second address of `person`, proven like the first."""
    EmailAddressFactory(user=person, verified=True)
    return EmailAddressFactory(user=person, email="second@kth.example", primary=False, verified=True).email


def test_a_second_address_makes_no_second_person(kth, polito):
    student, professor = student_of(kth), UserFactory()
    own, second = with_two_addresses(student), "professor@kth.example"
    EmailAddressFactory(user=professor, verified=True)
    EmailAddressFactory(user=professor, email=second, primary=False, verified=True)
    oneself = [{"side": "home", "name": "Me", "email": own}]
    twice = [{"side": "home", "name": "P", "email": email} for email in (professor.email, second)]

    for named, sentence in ((oneself, "cannot supervise your own"), (twice, "Name each supervisor once")):
        with pytest.raises(Refused, match=sentence):
            actions.begin(home=kth, words=words(partner=polito), supervisors=named, by=student, now=NOW)


def test_an_address_proven_later_as_ones_own_is_no_supervisor_when_the_opening_is_requested():
    cotutelle = cotutelle_in("draft")
    CotutelleSupervisorFactory(cotutelle=cotutelle, email="second@kth.example")
    with_two_addresses(cotutelle.candidate)

    with pytest.raises(Refused, match="cannot supervise your own"):
        actions.request_opening(cotutelle=cotutelle, by=cotutelle.candidate, now=NOW)


def test_saving_changes_only_the_supervisors_that_changed(kth):
    cotutelle = cotutelle_in("draft", home=kth)
    kept, gone = cotutelle.supervisors.order_by("pk")
    named = [
        {"side": kept.side, "name": kept.name, "email": kept.email},
        {"side": "partner", "name": "New", "email": ""},
    ]

    actions.save(cotutelle=cotutelle, version=1, words={"title": "Another"}, supervisors=named, by=cotutelle.candidate)

    assert {*cotutelle.supervisors.values_list("name", flat=True)} == {kept.name, "New"}
    assert CotutelleSupervisor.objects.filter(pk=kept.pk).exists()
    assert not CotutelleSupervisor.objects.filter(pk=gone.pk).exists()


def test_saving_over_somebody_elses_version_is_a_conflict():
    cotutelle = cotutelle_in("draft")
    actions.save(cotutelle=cotutelle, version=1, words={"title": "One"}, supervisors=[], by=cotutelle.candidate)

    with pytest.raises(Conflict):
        actions.save(cotutelle=cotutelle, version=1, words={"title": "Two"}, supervisors=[], by=cotutelle.candidate)


def test_a_partner_that_has_the_file_is_not_exchanged(kth, polito):
    cotutelle = cotutelle_in("sent_back", home=kth, partner=polito)
    same = words(partner=polito, starts_on=cotutelle.starts_on, ends_on=cotutelle.ends_on, field=cotutelle.field)
    other = same | {"partner": UniversityFactory(member=True)}

    with pytest.raises(Refused, match="This partner has the file already"):
        actions.save(cotutelle=cotutelle, version=1, words=other, supervisors=[], by=cotutelle.candidate)
    actions.save(cotutelle=cotutelle, version=1, words=same, supervisors=[], by=cotutelle.candidate)

    assert Cotutelle.objects.get(pk=cotutelle.pk).partner == polito


def test_what_is_missing_is_named(kth, polito):
    bare = CotutelleFactory(home=kth, partner=polito)
    whole = cotutelle_in("draft")

    assert missing(bare) == [
        "field", "why with this partner", "planned from", "planned until", "months at home", "months at the partner",
        "place of the defence", "diploma", "a supervisor at KTH", "a supervisor at PoliTO", "Curriculum vitae",
        "Research plan",
    ]  # fmt: skip
    assert missing(whole) == []
    with pytest.raises(Refused, match="Still missing: field, why"):
        actions.request_opening(cotutelle=bare, by=bare.candidate, now=NOW)


# Deciding


def told(person):
    return [notice.subject.partition(": ")[2] for notice in person.notices.order_by("pk")]


def test_the_whole_way_tells_who_has_to_act_next(kth, polito, home_desk, partner_desk):
    cotutelle = cotutelle_in("draft", home=kth, partner=polito)
    supervisor = UserFactory()
    CotutelleSupervisorFactory(cotutelle=cotutelle, user=supervisor)
    day = timezone.localdate()

    actions.request_opening(cotutelle=cotutelle, by=cotutelle.candidate, now=NOW)
    actions.agree(cotutelle=cotutelle, by=partner_desk, now=NOW)
    actions.agree(cotutelle=cotutelle, by=home_desk, now=NOW)
    cotutelle_files.put_file(cotutelle=cotutelle, kind="draft", upload=pdf("Draft"), by=home_desk)
    actions.sign(cotutelle=cotutelle, upload=pdf(), home_signed_on=day, partner_signed_on=day, by=partner_desk, now=NOW)
    actions.start(cotutelle=cotutelle, by=home_desk, now=NOW)
    actions.defend(cotutelle=cotutelle, defended_on=day, by=home_desk, now=NOW)

    cotutelle.refresh_from_db()
    signed = cotutelle.files.get(kind="convention")
    assert (cotutelle.state, cotutelle.defended_on, cotutelle.convention_sha256) == (State.DEFENDED, day, signed.sha256)
    assert [act.kind.partition(".")[2] for act in Act.objects.about(cotutelle)] == [
        "requested", "agreed", "agreed", "file_added", "signed", "started", "defended",
    ]  # fmt: skip
    assert told(cotutelle.candidate) == [
        "opening requested", "one university has agreed", "both universities have agreed",
        "a draft of the convention", "the convention is signed", "the doctorate has begun", "defended",
    ]  # fmt: skip
    assert told(home_desk) == ["opening requested", "one university has agreed", "the convention is signed"]
    assert told(partner_desk) == [
        "opening requested", "both universities have agreed", "a draft of the convention", "the doctorate has begun",
        "defended",
    ]  # fmt: skip
    assert told(supervisor) == [
        "opening requested", "both universities have agreed", "the convention is signed", "the doctorate has begun",
        "defended",
    ]  # fmt: skip


def test_a_candidate_who_sits_at_a_desk_is_told_as_the_candidate_alone(kth, home_desk):
    cotutelle = cotutelle_in("draft", home=kth, candidate=home_desk)

    actions.request_opening(cotutelle=cotutelle, by=home_desk, now=NOW)

    [notice] = home_desk.notices.all()
    assert (notice.topic, notice.body.partition(".")[0]) == ("applications", "Both universities have your request")


def test_holder_and_deputy_of_both_sides_are_told_once_each(kth, polito):
    mandates = [MandateFactory(coordinator=True, university=place, with_deputy=True) for place in (kth, polito)]
    MandateFactory(role="official", university=kth, person=mandates[0].person)
    cotutelle = cotutelle_in("draft", home=kth, partner=polito)

    actions.request_opening(cotutelle=cotutelle, by=cotutelle.candidate, now=NOW)

    people = [person for mandate in mandates for person in (mandate.person, mandate.deputy)]
    assert [told(person) for person in people] == [["opening requested"]] * 4


def test_a_supervisor_who_has_made_an_account_since_is_told(kth):
    cotutelle = cotutelle_in("draft", home=kth)
    CotutelleSupervisorFactory(cotutelle=cotutelle, email="late@polito.example")
    supervisor = UserFactory(verified=True, email="late@polito.example")

    actions.request_opening(cotutelle=cotutelle, by=cotutelle.candidate, now=NOW)

    assert told(supervisor) == ["opening requested"]
    assert supervisor.has_perm("programmes.view_cotutelle", Cotutelle.objects.get(pk=cotutelle.pk))


def test_agreeing_twice_for_one_side_is_refused(kth, home_desk):
    cotutelle = cotutelle_in("requested", home=kth)
    actions.agree(cotutelle=cotutelle, by=home_desk, now=NOW)

    with pytest.raises(Refused, match="agreed already"):
        actions.agree(cotutelle=cotutelle, by=person_as("official", kth), now=NOW)

    cotutelle.refresh_from_db()
    assert cotutelle.state == State.HOME_AGREED


def test_a_deputy_agrees_on_behalf_of_the_holder(kth):
    mandate = MandateFactory(coordinator=True, university=kth, with_deputy=True)
    cotutelle = cotutelle_in("requested", home=kth)

    actions.agree(cotutelle=cotutelle, by=mandate.deputy, now=NOW)

    [act] = Act.objects.about(cotutelle)
    assert (act.actor, act.on_behalf_of, act.details) == (mandate.deputy, mandate.person, {"side": "home"})


def test_who_sits_at_both_sides_acts_on_behalf_of_the_holder_of_the_side_that_is_decided(kth, polito):
    there = MandateFactory(coordinator=True, university=polito, with_deputy=True)
    both = person_as("coordinator", kth, person=there.deputy)
    cotutelle = cotutelle_in("requested", home=kth, partner=polito)

    for _side in Side:
        actions.agree(cotutelle=cotutelle, by=both, now=NOW)

    acts = Act.objects.about(cotutelle)
    assert [(act.details["side"], act.on_behalf_of) for act in acts] == [("home", None), ("partner", there.person)]


def test_sent_back_both_agree_anew(kth, polito, home_desk, partner_desk):
    cotutelle = cotutelle_in("requested", home=kth, partner=polito)
    actions.agree(cotutelle=cotutelle, by=home_desk, now=NOW)

    actions.send_back(cotutelle=cotutelle, reason=" Say who pays. ", by=partner_desk, now=NOW)
    cotutelle.refresh_from_db()
    back = (cotutelle.state, cotutelle.reason)
    actions.request_opening(cotutelle=cotutelle, by=cotutelle.candidate, now=NOW)

    cotutelle.refresh_from_db()
    assert back == (State.SENT_BACK, "Say who pays.")
    assert (cotutelle.state, cotutelle.home_agreed_at, cotutelle.reason) == (State.REQUESTED, None, "")
    assert [n.subject.partition(": ")[2] for n in cotutelle.candidate.notices.filter(body__contains="who pays")] == [
        "sent back to the candidate"
    ]


@pytest.mark.parametrize(
    ("act", "state"),
    [
        ("send_back", "requested"),
        ("refuse", "requested"),
        ("refuse", "convention"),
        ("end", "signed"),
        ("end", "running"),
    ],
)
def test_a_decision_needs_a_reason(kth, home_desk, act, state):
    cotutelle = cotutelle_in(state, home=kth)

    with pytest.raises(Refused, match="Say why"):
        getattr(actions, act)(cotutelle=cotutelle, reason="  ", by=home_desk, now=NOW)
    getattr(actions, act)(cotutelle=cotutelle, reason="No laboratory.", by=home_desk, now=NOW)

    cotutelle.refresh_from_db()
    assert cotutelle.reason == "No laboratory."
    assert cotutelle.candidate.notices.get().body.count("No laboratory.") == 1


@pytest.mark.parametrize(
    ("act", "state", "extra"),
    [
        ("agree", "convention", {}), ("send_back", "convention", {"reason": "x"}),
        ("refuse", "signed", {"reason": "x"}), ("start", "convention", {}), ("end", "convention", {"reason": "x"}),
        ("defend", "signed", {"defended_on": NOW.date()}),
    ],
)  # fmt: skip
def test_what_the_machine_does_not_know_is_refused(kth, home_desk, act, state, extra):
    cotutelle = cotutelle_in(state, home=kth)

    with pytest.raises(Refused, match="moved on meanwhile"):
        getattr(actions, act)(cotutelle=cotutelle, by=home_desk, now=NOW, **extra)


@pytest.mark.parametrize("who", ["candidate", "supervisor", "coordinator elsewhere", "secretariat", "exchange at home"])
def test_nobody_else_decides(who):
    cotutelle = cotutelle_in("requested")
    person = readers(cotutelle)[who]

    with pytest.raises(Refused, match="not yours"):
        actions.agree(cotutelle=cotutelle, by=person, now=NOW)


@pytest.mark.parametrize("state", State)
def test_a_candidate_withdraws_until_the_signature(state):
    cotutelle = cotutelle_in(state)
    possible = state in (*State.in_hands, *State.deciding, State.CONVENTION)

    try:
        actions.withdraw(cotutelle=cotutelle, reason="I have a job.", by=cotutelle.candidate, now=NOW)
        done = True
    except Refused:
        done = False

    assert done == possible


def test_withdrawing_a_draft_tells_nobody(kth, home_desk):
    cotutelle = CotutelleFactory(home=kth)

    actions.withdraw(cotutelle=cotutelle, reason="", by=cotutelle.candidate, now=NOW)

    assert not Notice.objects.exists()


def test_a_signature_of_tomorrow_is_refused(kth, home_desk):
    cotutelle = cotutelle_in("convention", home=kth)
    days = {"home_signed_on": date(2026, 1, 1), "partner_signed_on": NOW.date() + timedelta(days=2)}

    with pytest.raises(Refused, match="a day to come"):
        actions.sign(cotutelle=cotutelle, upload=pdf(), by=home_desk, now=NOW, **days)


def test_a_day_has_come_where_it_was_signed_or_defended(kth, home_desk):
    shanghai = UniversityFactory(time_zone="Asia/Shanghai", member=True)
    signing = cotutelle_in("convention", home=kth, partner=shanghai)
    defending = cotutelle_in("running", home=kth, partner=shanghai, defence_side="partner")
    evening = (NOW + timedelta(days=1)).replace(hour=18)  # in Shanghai the next day has begun, in Stockholm not
    here, there = evening.date(), evening.date() + timedelta(days=1)

    with pytest.raises(Refused, match="a day to come"):
        actions.sign(
            cotutelle=signing, upload=pdf(), home_signed_on=there, partner_signed_on=there, by=home_desk, now=evening
        )
    actions.sign(
        cotutelle=signing, upload=pdf(), home_signed_on=here, partner_signed_on=there, by=home_desk, now=evening
    )
    actions.defend(cotutelle=defending, defended_on=there, by=home_desk, now=evening)

    assert {*Cotutelle.objects.values_list("state", flat=True)} == {State.SIGNED, State.DEFENDED}


@pytest.mark.parametrize(("days", "sentence"), [(2, "once it has been held"), (-41, "before the convention")])
def test_a_defence_on_an_impossible_day_is_refused(kth, home_desk, days, sentence):
    cotutelle = cotutelle_in("running", home=kth)

    with pytest.raises(Refused, match=sentence):
        actions.defend(cotutelle=cotutelle, defended_on=NOW.date() + timedelta(days=days), by=home_desk, now=NOW)


# Papers


def test_papers_are_counted_by_kind_and_none_is_lost(kth, home_desk):
    cotutelle = cotutelle_in("convention", home=kth)

    for title in ("First", "Second"):
        cotutelle_files.put_file(cotutelle=cotutelle, kind="draft", upload=pdf(title), by=home_desk)
    annex = cotutelle_files.put_file(cotutelle=cotutelle, kind="annex", upload=pdf("Annex"), by=cotutelle.candidate)

    assert [*cotutelle.files.filter(kind="draft").values_list("number", "name")] == [
        (2, "second.pdf"), (1, "first.pdf"),
    ]  # fmt: skip
    assert (annex.number, str(annex)) == (1, "Annex 1")


def test_a_paper_that_is_not_ones_to_send_is_refused(kth, home_desk):
    cotutelle = cotutelle_in("convention", home=kth)

    with pytest.raises(Refused, match="not yours to send"):
        cotutelle_files.put_file(cotutelle=cotutelle, kind="convention", upload=pdf(), by=home_desk)


def test_there_is_an_end_to_papers(monkeypatch):
    monkeypatch.setattr("programmes.actions.cotutelle_files.MOST_FILES", 2)
    cotutelle = cotutelle_in("draft")

    with pytest.raises(Refused, match="2 papers are kept"):
        cotutelle_files.put_file(cotutelle=cotutelle, kind="annex", upload=pdf(), by=cotutelle.candidate)


def test_a_full_file_still_takes_the_signed_convention(monkeypatch, kth, home_desk):
    monkeypatch.setattr("programmes.actions.cotutelle_files.MOST_FILES", 2)
    cotutelle = cotutelle_in("convention", home=kth)
    day = timezone.localdate()

    actions.sign(cotutelle=cotutelle, upload=pdf(), home_signed_on=day, partner_signed_on=day, by=home_desk, now=NOW)

    assert cotutelle.files.count() == 3


def test_history_keeps_every_version(kth):
    cotutelle = cotutelle_in("draft", home=kth, title="First")
    actions.save(cotutelle=cotutelle, version=1, words={"title": "Second"}, supervisors=[], by=cotutelle.candidate)

    titles = Cotutelle.pgh_event_model.objects.filter(pgh_obj_id=cotutelle.pk).values_list("title", flat=True)

    assert {*titles} == {"First", "Second"}
    assert CotutelleFile.objects.filter(cotutelle=cotutelle).count() == 2
    assert Side.HOME.other == Side.PARTNER
