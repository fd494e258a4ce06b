"""Acts of events taken twice, at the edge, or from elsewhere; who may; what is kept, forgotten and announced."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.storage import default_storage
from django.urls import reverse

from members.acts import Refused
from members.models import Act
from notifications.models import Notice
from policy import actions, announcing, kept, occasions, showing
from policy.actions.events import who_is_told
from policy.actions.inviting import possible_delegates
from policy.filters import EventFilter
from policy.forms.events import MaterialForm, QuestionForm
from policy.models import Body, Event, EventInvitation, Material, Registration
from tests.factories.members import MandateFactory, UniversityFactory, UserFactory, person_as, student_of
from tests.factories.policy import (
    BodyFactory,
    EventFactory,
    InvitationFactory,
    MaterialFactory,
    ProgrammeItemFactory,
    QuestionFactory,
    RegistrationFactory,
    SeatFactory,
)

pytestmark = pytest.mark.django_db

NOW = datetime(2027, 5, 4, 12, tzinfo=UTC)
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
State = Registration.State


def coming(**values):
    """A published event that begins a day from now and lasts a day."""
    return EventFactory(**({"published": True, "starts_at": NOW + DAY, "ends_at": NOW + 2 * DAY} | values))


def told(person):
    return list(Notice.objects.filter(recipient=person).order_by("pk").values_list("subject", flat=True))


def states_of(*registrations):
    found = dict(Registration.objects.values_list("pk", "state"))
    return [found[registration.pk] for registration in registrations]


@pytest.fixture
def home():
    return UniversityFactory(member=True)


@pytest.fixture
def head(home):
    return person_as("head", home)


# A delegate takes the place that was given up


def test_a_delegate_gets_the_place_of_the_holder_though_somebody_waits(home, head) -> None:
    event, colleague = coming(quota=1), person_as("exchange", home)
    invitation = InvitationFactory(event=event, university=home)
    mine = actions.accept(invitation=invitation, by=head, now=NOW)
    waiting = RegistrationFactory(event=event, waiting=True)

    theirs = actions.delegate(invitation=invitation, delegate=colleague, by=head, now=NOW)

    assert (theirs.state, states_of(mine, waiting)) == ("approved", ["cancelled", "waiting"])
    assert told(colleague) == [f"You are registered: {event.title}", f"You go to {event.title} as a delegate"]
    assert told(waiting.person) == []


def test_a_delegate_who_waits_already_moves_up_into_the_place(home, head) -> None:
    event, colleague = coming(quota=1), person_as("exchange", home)
    invitation = InvitationFactory(event=event, university=home)
    actions.accept(invitation=invitation, by=head, now=NOW)
    other, own = (RegistrationFactory(event=event, waiting=True, **more) for more in ({}, {"person": colleague}))

    theirs = actions.delegate(invitation=invitation, delegate=colleague, by=head, now=NOW)

    assert (theirs.pk, theirs.state) == (own.pk, "approved")
    assert states_of(other) == ["waiting"]
    assert f"You moved up: {event.title}" in told(colleague)


def test_a_place_that_a_delegate_does_not_need_goes_to_who_waits(home, head) -> None:
    """The delegate has a place already: the holder's is free then."""
    event, colleague = coming(quota=2), person_as("exchange", home)
    invitation = InvitationFactory(event=event, university=home)
    mine = actions.accept(invitation=invitation, by=head, now=NOW)
    own = RegistrationFactory(event=event, person=colleague, approved=True)
    waiting = RegistrationFactory(event=event, waiting=True)

    actions.delegate(invitation=invitation, delegate=colleague, by=head, now=NOW)

    assert states_of(mine, own, waiting) == ["cancelled", "approved", "approved"]


def test_a_delegate_of_a_full_event_waits_in_front_of_the_others(home, head) -> None:
    event, colleague = coming(quota=1, full=True), person_as("exchange", home)
    waiting = RegistrationFactory(event=event, waiting=True)
    invitation = InvitationFactory(event=event, university=home)

    theirs = actions.delegate(invitation=invitation, delegate=colleague, by=head, now=NOW)

    assert theirs.state == "waiting"
    assert [one.person for one in Registration.objects.waiting()] == [colleague, waiting.person]


def test_another_delegate_takes_the_place_of_the_first(home, head) -> None:
    event, first, second = coming(quota=1), person_as("exchange", home), person_as("director", home)
    invitation = InvitationFactory(event=event, university=home)
    before = actions.delegate(invitation=invitation, delegate=first, by=head, now=NOW)
    actions.decline(invitation=invitation, by=head, now=NOW)

    after = actions.delegate(invitation=invitation, delegate=second, by=head, now=NOW + SECOND)

    assert states_of(before, after) == ["cancelled", "approved"]
    assert told(first)[-1] == f"Registration cancelled: {event.title}"


def test_delegates_are_people_with_an_open_account_and_a_mandate_of_that_day(home) -> None:
    event = coming()
    invitation = InvitationFactory(event=event, university=home)
    there = person_as("exchange", home)
    person_as("director", home, person__is_active=False)
    MandateFactory(coordinator=True, university=home, starts_on=NOW.date() + DAY)
    person_as("exchange")

    assert list(possible_delegates(invitation, NOW)) == [there]
    assert list(possible_delegates(InvitationFactory.build(event=event, university=None), NOW)) == []


# The same answer twice, and answers that exclude each other

ANSWERS = {"accept": actions.accept, "decline": actions.decline}


@pytest.mark.parametrize("act", ANSWERS)
def test_an_answer_is_given_once(home, head, act) -> None:
    invitation = InvitationFactory(event=coming(), university=home)
    ANSWERS[act](invitation=invitation, by=head, now=NOW, words="  With pleasure. ")

    with pytest.raises(Refused, match=r"This invitation was answered, or taken back, meanwhile\."):
        ANSWERS[act](invitation=EventInvitation.objects.get(), by=head, now=NOW + SECOND)

    stored = EventInvitation.objects.get()
    assert (stored.answered_at, stored.answered_by, stored.words) == (NOW, head, "With pleasure.")


@pytest.mark.parametrize("act", ANSWERS)
def test_an_answer_is_taken_in_the_last_second_of_the_event_and_no_later(home, head, act) -> None:
    event = coming()
    invitation = InvitationFactory(event=event, university=home)

    with pytest.raises(Refused, match="does not take place any more, or is over"):
        ANSWERS[act](invitation=invitation, by=head, now=event.ends_at + SECOND)
    ANSWERS[act](invitation=EventInvitation.objects.get(), by=head, now=event.ends_at)

    assert EventInvitation.objects.get().answered_at == event.ends_at


def test_who_declined_may_still_come_and_who_comes_may_still_decline(home, head) -> None:
    invitation = InvitationFactory(event=coming(), university=home)

    actions.decline(invitation=invitation, by=head, now=NOW)
    registration = actions.accept(invitation=invitation, by=head, now=NOW + SECOND)
    actions.decline(invitation=invitation, by=head, now=NOW + 2 * SECOND)

    assert states_of(registration) == ["cancelled"]
    [timeline] = [list(Act.objects.about(invitation).values_list("before", "after"))]
    assert timeline == [("open", "declined"), ("declined", "accepted"), ("accepted", "declined")]


def test_an_invitation_is_taken_back_once_and_leaves_the_registration(home, head) -> None:
    invitation = InvitationFactory(event=coming(), university=home)
    registration = actions.accept(invitation=invitation, by=head, now=NOW)

    actions.withdraw_invitation(invitation=invitation, by=head, now=NOW)
    with pytest.raises(Refused, match=r"This invitation was taken back already\."):
        actions.withdraw_invitation(invitation=invitation, by=head, now=NOW)

    assert states_of(registration) == ["approved"]


def test_nobody_new_is_invited_twice_and_nothing_is_written_down_then(home) -> None:
    event, by = coming(), UserFactory()

    first = actions.invite_role(event=event, role="head", universities=[home], by=by, now=NOW)
    second = actions.invite_role(event=event, role="head", universities=[home], by=by, now=NOW)

    assert (len(first), second) == (1, [])
    assert [act.details["what"] for act in Act.objects.about(event)] == [first[0].invited]


# Steps of a registration

FROM_ELSEWHERE = {
    "approve": (actions.approve, [state for state in State.values if state != "asked"]),
    "attend": (actions.mark_attended, [state for state in State.values if state != "approved"]),
    "unattend": (actions.unmark_attended, [state for state in State.values if state != "attended"]),
    "leave": (actions.leave, ["refused", "cancelled", "attended"]),
    "first": (actions.put_first, [state for state in State.values if state != "waiting"]),
}


@pytest.mark.parametrize(
    ("act", "state"),
    [
        pytest.param(act, state, id=f"{name} from {state}")
        for name, (act, found) in FROM_ELSEWHERE.items()
        for state in found
    ],
)
def test_a_registration_takes_no_step_from_elsewhere(act, state) -> None:
    event = coming()
    more = {"waiting": {"line": 0}, "refused": {"reason": "Full."}}.get(state, {})
    registration = RegistrationFactory(event=event, state=state, **more)
    now = event.starts_at if act in (actions.mark_attended, actions.unmark_attended) else NOW

    with pytest.raises(Refused):
        act(registration=registration, by=UserFactory(), now=now)

    assert states_of(registration) == [state]
    assert (Act.objects.count(), Notice.objects.count()) == (0, 0)


@pytest.mark.parametrize("state", ["approved", "refused", "cancelled", "attended"])
def test_only_who_asks_or_waits_is_refused(state) -> None:
    more = {"reason": "Full."} if state == "refused" else {}
    registration = RegistrationFactory(event=coming(), state=state, **more)

    with pytest.raises(Refused, match="moved on meanwhile"):
        actions.refuse(registration=registration, reason="Heads only.", by=UserFactory(), now=NOW)

    assert states_of(registration) == [state]


def test_who_waits_and_is_refused_leaves_the_line() -> None:
    event = coming(quota=1, full=True)
    waiting = [RegistrationFactory(event=event, waiting=True) for _number in range(2)]

    actions.refuse(registration=waiting[0], reason="  Heads only. ", by=UserFactory(), now=NOW)

    waiting[0].refresh_from_db()
    assert (waiting[0].line, waiting[0].reason) == (None, "Heads only.")
    assert list(Registration.objects.waiting()) == [waiting[1]]


def test_nobody_is_approved_for_what_is_over() -> None:
    registration = RegistrationFactory(event=coming())

    with pytest.raises(Refused, match="is over"):
        actions.approve(registration=registration, by=UserFactory(), now=registration.event.ends_at + SECOND)


@pytest.mark.parametrize(("seconds", "leaves"), [(0, True), (1, False)], ids=["as it begins", "a second later"])
def test_one_leaves_and_changes_answers_until_it_begins(seconds, leaves) -> None:
    registration = RegistrationFactory(event=coming(), approved=True)
    now = registration.event.starts_at + timedelta(seconds=seconds)
    change = {"registration": registration, "answers": {"1": "vegan"}, "university": None, "by": registration.person}

    if leaves:
        actions.change_answers(**change, now=now)
        actions.leave(registration=registration, by=registration.person, now=now)
        assert states_of(registration) == ["cancelled"]
    else:
        with pytest.raises(Refused, match="too late to change your answers"):
            actions.change_answers(**change, now=now)
        with pytest.raises(Refused, match="The event has begun"):
            actions.leave(registration=registration, by=registration.person, now=now)
        assert states_of(registration) == ["approved"]


@pytest.mark.parametrize("state", ["refused", "cancelled"])
def test_who_does_not_come_has_no_answers_to_change(state) -> None:
    registration = RegistrationFactory(event=coming(), **{state: True})

    with pytest.raises(Refused, match="too late"):
        actions.change_answers(registration=registration, answers={}, university=None, by=UserFactory(), now=NOW)


def test_presence_is_noted_from_the_first_day_on_the_events_own_clock() -> None:
    """It begins on 5 May at half past midnight in Tokyo, which is the day before in UTC."""
    event = coming(time_zone="Asia/Tokyo", starts_at=datetime(2027, 5, 4, 15, 30, tzinfo=UTC))
    registration = RegistrationFactory(event=event, approved=True)

    with pytest.raises(Refused, match="The event has not begun yet"):
        actions.mark_attended(registration=registration, by=UserFactory(), now=datetime(2027, 5, 4, 14, 59, tzinfo=UTC))
    actions.mark_attended(registration=registration, by=UserFactory(), now=datetime(2027, 5, 4, 15, 0, tzinfo=UTC))

    assert states_of(registration) == ["attended"]


def test_places_move_up_once_however_often_one_asks() -> None:
    event = coming(quota=2)
    waiting = [RegistrationFactory(event=event, waiting=True) for _number in range(3)]

    moved = [len(actions.fill_free_places(event=event, now=NOW)) for _run in range(2)]

    assert (moved, states_of(*waiting)) == ([2, 0], ["approved", "approved", "waiting"])


# Steps of an event

EVENT_STEPS = {
    "publish": actions.publish_event,
    "cancel": actions.cancel_event,
    "archive": actions.archive_event,
    "restore": actions.restore_event,
}


@pytest.mark.parametrize(
    ("step", "state"),
    [(step, state) for step in EVENT_STEPS for state in Event.State.values if state not in Event.TRANSITIONS[step][0]],
)
def test_an_event_takes_no_step_from_elsewhere(step, state) -> None:
    reason = {"cancelled_because": "The host cannot receive us."} if state == "cancelled" else {}
    event = coming(state=state, **reason)
    more = {"reason": "No host."} if step == "cancel" else {}

    with pytest.raises(Refused, match=r"This event has changed meanwhile\. Look at it again"):
        EVENT_STEPS[step](event=event, by=UserFactory(), now=NOW, **more)

    event.refresh_from_db()
    assert (event.state, Act.objects.count()) == (state, 0)


def test_the_log_says_where_the_event_stood_and_not_what_the_page_had_read() -> None:
    read_before = EventFactory(starts_at=NOW + DAY, ends_at=NOW + 2 * DAY)
    Event.objects.update(state="published")

    actions.archive_event(event=read_before, by=UserFactory(), now=NOW)

    assert list(Act.objects.about(read_before).values_list("before", "after")) == [("published", "archived")]


@pytest.mark.parametrize(("seconds", "refused"), [(0, True), (1, False)], ids=["the last second", "a second later"])
def test_an_event_with_people_is_archived_once_it_is_over(seconds, refused) -> None:
    event = coming()
    RegistrationFactory(event=event, approved=True)
    words = {"event": event, "by": UserFactory(), "now": event.ends_at + timedelta(seconds=seconds)}

    if refused:
        with pytest.raises(Refused, match=r"1 person is registered\. Cancel the event first"):
            actions.archive_event(**words)
    else:
        assert actions.archive_event(**words).state == "archived"


def test_who_gave_the_place_back_does_not_keep_an_event_from_the_archive() -> None:
    event = coming()
    for state in ("cancelled", "refused"):
        RegistrationFactory(event=event, **{state: True})

    assert actions.archive_event(event=event, by=UserFactory(), now=NOW).state == "archived"


def test_a_cancellation_says_first_whom_it_would_reach() -> None:
    event = coming()
    for state in ("approved", "waiting", "cancelled"):
        RegistrationFactory(event=event, **{state: True})
    InvitationFactory(event=event)
    InvitationFactory(event=event, accepted=True)

    assert who_is_told(event) == {"registered": 2, "invited": 1}


# Who may


@pytest.fixture
def event_of_a_body():
    return coming(body=BodyFactory(), host=UniversityFactory(), members=True)


RUNS = {"edit_event", "edit_practical", "see_registrations", "decide_registration", "invite"}
MAY = {
    "chair": RUNS,
    "secretary": RUNS,
    "secretariat": RUNS,
    "vice-chair": set(),
    "member": set(),
    "host's exchange office": {"edit_practical", "see_registrations"},
    "host's official": {"edit_practical", "see_registrations"},
    "host's head": set(),
    "exchange office elsewhere": set(),
    "chair of another body": set(),
    "chair whose time is over": set(),
    "student": set(),
    "visitor": set(),
}


def somebody(who, event):
    seats = {"chair": "chair", "secretary": "secretary", "vice-chair": "vice", "member": "member"}
    if who in seats:
        return SeatFactory(body=event.body, role=seats[who]).person
    makes = {
        "secretariat": lambda: person_as("secretariat"),
        "host's exchange office": lambda: person_as("exchange", event.host),
        "host's official": lambda: person_as("official", event.host),
        "host's head": lambda: person_as("head", event.host),
        "exchange office elsewhere": lambda: person_as("exchange"),
        "chair of another body": lambda: SeatFactory(chair=True).person,
        "chair whose time is over": lambda: SeatFactory(body=event.body, chair=True, ends_on="2020-12-31").person,
        "student": lambda: student_of(event.host),
        "visitor": AnonymousUser,
    }
    return makes[who]()


@pytest.mark.parametrize("who", MAY)
def test_what_each_may_do_with_an_event(event_of_a_body, who) -> None:
    person = somebody(who, event_of_a_body)

    assert {act for act in RUNS if person.has_perm(f"policy.{act}", event_of_a_body)} == MAY[who]


@pytest.mark.parametrize(
    ("who", "may"),
    [("chair", True), ("secretary", False), ("secretariat", True), ("member", False), ("chair of another body", False)],
)
def test_the_chair_names_who_sits_in_the_body(event_of_a_body, who, may) -> None:
    person = somebody(who, event_of_a_body)

    assert person.has_perm("policy.edit_body_members", event_of_a_body.body) is may
    assert AnonymousUser().has_perm("policy.edit_body_members", event_of_a_body.body) is False


def test_a_draft_of_a_host_is_seen_by_its_office_and_by_nobody_else_there(event_of_a_body) -> None:
    Event.objects.update(state="draft")
    sees = [
        Event.objects.visible_to(somebody(who, event_of_a_body)).exists()
        for who in ("host's exchange office", "chair", "secretariat", "host's head", "member", "student", "visitor")
    ]

    assert sees == [True, True, True, False, False, False, False]


def test_an_invitation_is_answered_by_holder_and_deputy_of_today(home) -> None:
    invitation = InvitationFactory(event=coming(), university=home)
    mandate = MandateFactory(head=True, university=home, with_deputy=True)
    gone = MandateFactory(head=True, university=home, ended=True).person

    may = [
        person.has_perm("policy.answer_invitation", invitation)
        for person in (mandate.person, mandate.deputy, gone, person_as("exchange", home), AnonymousUser())
    ]

    assert may == [True, True, False, False, False]
    assert mandate.person.has_perm("policy.answer_invitation") is False


# What is written down


def test_the_history_of_an_event_names_whom_a_deputy_acts_for() -> None:
    host = UniversityFactory()
    mandate = MandateFactory(exchange=True, university=host, with_deputy=True)
    event = coming(host=host)
    read = Event.objects.select_related("host").get(pk=event.pk)
    read.place = "Ghent"

    actions.change_event(event=read, version=1, fields=["place"], by=mandate.deputy, now=NOW)

    [step] = showing.timeline(event)
    assert (step["by"], step["detail"]) == (f"{mandate.deputy} for {mandate.person}", "city")


def test_the_history_says_why_and_names_what_was_handed_out() -> None:
    event, by = coming(), person_as("secretariat")
    actions.cancel_event(event=event, reason=" No host. ", by=by, now=NOW)
    material = MaterialFactory(event=event, title="Agenda")

    actions.remove_material(material=material, by=by)

    assert [(step["label"], step["detail"]) for step in showing.timeline(event)] == [
        ("Cancelled", "No host."), ("Material removed", "Agenda"),
    ]  # fmt: skip


@pytest.mark.ignore_template_errors
@pytest.mark.parametrize("how", ["one", "chosen"])
def test_a_material_that_the_administration_deletes_takes_its_file_along(
    client, django_capture_on_commit_callbacks, how
) -> None:
    client.force_login(person_as("secretariat", person__is_staff=True))
    material = MaterialFactory()
    name = material.file.name
    address = reverse("admin:policy_material_delete", args=[material.pk])
    data = {"post": "yes"}
    if how == "chosen":
        address = reverse("admin:policy_material_changelist")
        data |= {"action": "delete_selected", "_selected_action": [material.pk]}

    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(address, data)

    assert (response.status_code, Material.objects.exists(), default_storage.exists(name)) == (302, False, False)
    assert Act.objects.about(material.event).get().kind == "material.removed"


# What is kept and forgotten


def test_answers_and_words_end_once_the_event_is_over_long_enough() -> None:
    before = NOW
    old = EventFactory(published=True, starts_at=NOW - 2 * DAY, ends_at=NOW - SECOND)
    edge = EventFactory(published=True, starts_at=NOW - 2 * DAY, ends_at=NOW)
    gone = RegistrationFactory(event=old, answers={"1": "vegan"})
    RegistrationFactory(event=old)
    RegistrationFactory(event=edge, answers={"1": "vegan"})
    words = InvitationFactory(event=old, words="The senate meets.")
    InvitationFactory(event=old), InvitationFactory(event=edge, words="With pleasure.")

    assert list(kept.answers_of_past_events(before)) == [gone]
    assert list(kept.words_about_past_events(before)) == [words]


def test_what_is_forgotten_is_forgotten_of_those_rows_alone() -> None:
    gone, stays = (RegistrationFactory(answers={"1": "vegan"}) for _number in range(2))

    kept.forget_answers([gone.pk], Registration.objects.all())

    assert [Registration.objects.get(pk=row.pk).answers for row in (gone, stays)] == [{}, {"1": "vegan"}]


# What is announced


def test_calendars_have_public_events_for_visitors_and_ones_own_for_a_person(home) -> None:
    public, members, over = coming(), coming(members=True), EventFactory(past=True)
    cancelled = coming(state="cancelled", cancelled_because="No host.")
    head = person_as("head", home)
    InvitationFactory(event=members, university=home)
    RegistrationFactory(event=cancelled, person=head, approved=True)
    RegistrationFactory(event=over, person=head, approved=True)
    RegistrationFactory(event=public, person=head, cancelled=True)

    def found(user):
        return {(one.uid, one.is_cancelled) for one in occasions.occasions(user, NOW)}

    assert found(AnonymousUser()) == {
        (f"event-{public.slug}@cluster-portal", False), (f"event-{cancelled.slug}@cluster-portal", True),
    }  # fmt: skip
    assert found(head) == {
        (f"event-{members.slug}@cluster-portal", False), (f"event-{cancelled.slug}@cluster-portal", True),
    }  # fmt: skip


def test_a_closing_is_no_deadline_for_who_is_registered_and_again_one_for_who_left() -> None:
    event = coming(registration_closes_at=NOW + SECOND)
    coming()
    stays, left = RegistrationFactory(event=event, approved=True), RegistrationFactory(event=event, cancelled=True)

    found = [len(list(announcing.deadlines(user, NOW))) for user in (None, stays.person, left.person)]

    assert found == [1, 0, 1]
    assert list(announcing.deadlines(None, NOW + 2 * SECOND)) == []


def test_a_university_shows_six_events_and_says_how_many_there_are(home) -> None:
    for number in range(7):
        coming(host=home, starts_at=NOW + (number + 1) * DAY, ends_at=NOW + (number + 2) * DAY, title=f"Day {number}")
    coming(host=home, invited=True)

    found = announcing.section(home, AnonymousUser(), NOW)

    assert (found.rows[0].title, len(found.rows), found.total) == ("Day 0", 6, 7)


# Words that are searched, files, questions


def test_a_chain_of_words_is_cut_at_eight(rf) -> None:
    """The ninth word stands nowhere, and the event is found all the same."""
    EventFactory(published=True, title="One two three four five six seven eight")
    request = rf.get("/")
    request.user = AnonymousUser()
    found = EventFilter({}, queryset=Event.objects.all(), request=request)

    words = "one two three four five six seven eight"
    counts = [
        found.search(Event.objects.all(), "q", typed).count() for typed in (words, f"{words} nine", f"nine {words}")
    ]

    assert counts == [1, 1, 0]


def test_an_event_without_a_body_hands_nothing_out_to_one() -> None:
    with_body, without = (
        [value for value, _label in MaterialForm(event=event).fields["audience"].choices]
        for event in (coming(body=BodyFactory()), coming())
    )

    assert set(with_body) - set(without) == {"body"}


LONGEST = "x" * 80


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        (f"{LONGEST}\nvegan", []),
        (f"{LONGEST}x\nvegan", [f"“{'x' * 20}…” has 81 letters; 80 are allowed."]),
        ("vegan", ["Give at least two answers, one a line."]),
        ("vegan\nvegan\n\n", ["Give at least two answers, one a line."]),
    ],
    ids=["the longest", "a letter more", "one alone", "twice the same"],
)
def test_answers_to_choose_from_are_kept_whole_or_refused(typed, wrong) -> None:
    form = QuestionForm({"text": "What do you eat?", "kind": "choice", "answers": typed})
    form.instance.event = coming()

    assert form.errors.get("answers", []) == wrong
    if not wrong:
        assert form.instance.choices == [LONGEST, "vegan"]


def test_answers_of_a_question_that_is_no_choice_go() -> None:
    stored = QuestionFactory(kind="choice", choices=["meat", "vegan"])

    form = QuestionForm({"text": "What do you eat?", "kind": "text", "answers": "meat\nvegan"}, instance=stored)

    assert form.is_valid(), form.errors
    assert form.instance.choices == []


# The programme on two clocks


def test_the_programme_stands_day_by_day_on_the_events_clock() -> None:
    event = coming(starts_at=datetime(2027, 5, 4, 20, tzinfo=UTC), ends_at=datetime(2027, 5, 5, 20, tzinfo=UTC))
    ProgrammeItemFactory(event=event, title="Dinner")
    late = datetime(2027, 5, 4, 22, tzinfo=UTC)
    ProgrammeItemFactory(event=event, title="Night walk", starts_at=late, ends_at=late + timedelta(hours=1))

    first, second = showing.programme_by_day(event)

    assert [(day["day"].isoformat(), [line["hours"] for line in day["items_of_day"]]) for day in (first, second)] == [
        ("2027-05-04", ["22:00"]), ("2027-05-05", ["00:00–01:00"]),
    ]  # fmt: skip
    assert first["items_of_day"][0]["for_reader"] == "20:00 for you"
    assert second["items_of_day"][0]["for_reader"] == "4 May, 22:00–23:00 for you"


# Bodies as sets


def test_sets_of_bodies_say_what_they_are_called() -> None:
    day = NOW.date()
    stands = BodyFactory(ends_on=day)
    ended, later = BodyFactory(ends_on=day - DAY), BodyFactory(starts_on=day + DAY)
    seat = SeatFactory(body=stands)
    SeatFactory(body=stands, ends_on=day - DAY), SeatFactory(body=ended, person=seat.person, ends_on=day - DAY)

    assert set(Body.objects.existing(day)) == {stands}
    assert dict(Body.objects.with_seats(day).values_list("pk", "seats")) == {stands.pk: 1, ended.pk: 0, later.pk: 0}
    assert list(Body.objects.sat_in_by(seat.person, day)) == [stands]
    assert dict(Body.objects.with_rank(day).values_list("pk", "standing"))[later.pk] == 0
