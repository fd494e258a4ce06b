"""What people do with calls and interests: the acts, whom they tell, what they refuse."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from funding import actions, reminders
from funding.models import Call, CallFollow, CallStage, Interest
from members.acts import Conflict, Refused
from members.models import Act, User
from notifications.models import Notice
from tests.factories.funding import (
    CallFactory,
    FollowFactory,
    FundingProgrammeFactory,
    InterestFactory,
    StageFactory,
)
from tests.factories.members import FieldFactory, MandateFactory, UniversityFactory, UserFactory

pytestmark = pytest.mark.django_db

NOW = timezone.now()


@pytest.fixture
def secretariat():
    return MandateFactory(secretariat=True).person


def kinds(thing):
    return list(Act.objects.about(thing).values_list("kind", flat=True))


def told(user):
    return list(Notice.objects.filter(recipient=user).order_by("pk").values_list("subject", flat=True))


def again(call):
    return Call.objects.select_related("programme").get(pk=call.pk)


# writing and curation


def test_a_call_goes_from_the_office_by_the_secretariat_to_the_catalogue(secretariat) -> None:
    office = UniversityFactory(short_name="KTH")
    officer = MandateFactory(grants=True, university=office).person
    call = Call(programme=FundingProgrammeFactory(), action_type="ria", title="Engines", summary="Clean ones.")
    stages = [CallStage(opens_at=NOW, deadline=NOW + timedelta(days=30))]

    actions.add_call(call=call, stages=stages, fields=[FieldFactory(code="07")], office=office, by=officer, now=NOW)
    actions.propose_call(call=call, by=officer, now=NOW)
    actions.publish_call(call=call, by=secretariat, now=NOW)

    assert (call.state, call.published_at, call.news_at) == ("published", NOW, NOW)
    assert list(call.stages.values_list("number", flat=True)) == [1]
    assert kinds(call) == ["call.added", "call.propose", "call.publish"]
    assert told(secretariat) == ["KTH proposes a call: Engines"]
    assert told(officer) == ["Published: Engines"]


def test_a_call_that_lacks_something_is_not_proposed(secretariat) -> None:
    call = CallFactory(summary=" ")

    for act in (actions.propose_call, actions.publish_call):
        with pytest.raises(Refused, match=r"Still missing: what the call is about, a stage with its deadline\."):
            act(call=call, by=secretariat, now=NOW)
    assert again(call).state == "draft"


def test_sent_back_with_a_word_the_office_reads(secretariat) -> None:
    call = CallFactory(proposed=True, office=UniversityFactory())
    officer = MandateFactory(grants=True, university=call.office).person

    with pytest.raises(Refused, match="Say what is missing"):
        actions.send_back_call(call=call, reason=" ", by=secretariat, now=NOW)
    actions.send_back_call(call=call, reason="The budget is last year's.", by=secretariat, now=NOW)

    assert again(call).state == "draft"
    assert Notice.objects.get(recipient=officer).body.startswith("The budget is last year's.")


def test_a_step_that_was_taken_meanwhile_is_refused(secretariat) -> None:
    call = CallFactory(proposed=True)
    Call.objects.filter(pk=call.pk).update(state="draft")

    with pytest.raises(Refused, match="moved on meanwhile"):
        actions.send_back_call(call=call, reason="Late.", by=secretariat, now=NOW)


def test_archived_and_restored(secretariat) -> None:
    follow = FollowFactory()

    actions.archive_call(call=follow.call, by=secretariat, now=NOW)
    actions.restore_call(call=follow.call, by=secretariat, now=NOW)

    assert follow.call.state == "draft"
    assert told(follow.user) == [f"{follow.call.title} has been put away"]


def test_a_topic_that_is_there_again_is_not_restored(secretariat) -> None:
    old = CallFactory(topic="CL5-01", state="archived")
    CallFactory(topic="CL5-01")

    with pytest.raises(Refused, match="in the portal already"):
        actions.restore_call(call=old, by=secretariat, now=NOW)


# what matters


def test_followers_hear_of_a_moved_deadline_with_both_moments(secretariat) -> None:
    call = CallFactory(open=True, title="Engines")
    follower = FollowFactory(call=call).user
    call = again(call)
    stage = call.stages.get()
    before, stage.deadline = stage.deadline, stage.deadline + timedelta(days=7)

    actions.change_call(call=call, version=1, stages=[stage], by=secretariat, now=NOW)

    notice = Notice.objects.get(recipient=follower)
    assert notice.subject == "Engines: changed in deadline"
    assert f"{before:%Y}" in notice.body
    assert "→" in notice.body
    assert again(call).news_at == NOW


@pytest.mark.parametrize(
    "change",
    [{"budget_total": 5_000_000}, {"budget_max": 900_000}, {"rate": 70}, {"trl_to": 4}, {"months_max": 24},
     {"has_own_rules": True, "min_organisations": 5}],
    ids=["budget", "per project", "rate", "readiness", "duration", "conditions"],
)  # fmt: skip
def test_followers_hear_of_money_and_conditions(secretariat, change) -> None:
    call = again(CallFactory(open=True))
    follower = FollowFactory(call=call).user
    for name, value in change.items():
        setattr(call, name, value)

    actions.change_call(call=call, version=1, by=secretariat, now=NOW)

    assert len(told(follower)) == 1


def test_a_mended_typo_is_told_to_nobody(secretariat) -> None:
    call = again(CallFactory(open=True))
    follower = FollowFactory(call=call).user
    call.title, call.summary = "Engine", "Engines that burn nothing at all."

    actions.change_call(call=call, version=1, by=secretariat, now=NOW)

    assert told(follower) == []
    assert again(call).news_at != NOW
    assert Act.objects.about(call).get().details["fields"] == ["title", "summary"]


def test_the_secretariat_reads_what_an_office_changed_in_its_published_call(secretariat) -> None:
    call = again(CallFactory(open=True, office=UniversityFactory(short_name="KTH"), title="Engines", rate=100))
    officer = MandateFactory(grants=True, university=call.office, person__given_name="Ada").person
    call.rate = 70

    actions.change_call(call=call, version=1, by=officer, now=NOW)

    notice = Notice.objects.get(recipient=secretariat)
    assert notice.subject == "KTH has changed a published call: Engines"
    assert notice.body == (
        f"{officer.get_full_name()} changed it; it stands so in the catalogue, and who follows it was told.\n\n"
        "Rate: 100 % → 70 %"
    )
    assert (notice.url, notice.topic) == (f"/funding/calls/{call.slug}/#what-happened", "desk")
    call.rate = 60
    actions.change_call(call=call, version=2, by=officer, now=NOW)
    assert len(told(secretariat)) == 2


def test_the_secretariat_is_not_told_what_does_not_matter_nor_what_it_did(secretariat) -> None:
    published, draft = (again(CallFactory(office=UniversityFactory(), **traits)) for traits in ({"open": True}, {}))
    officer = MandateFactory(grants=True, university=published.office).person
    another = MandateFactory(secretariat=True).person

    published.title = "Engine"
    actions.change_call(call=published, version=1, by=officer, now=NOW)
    draft.rate = 70
    actions.change_call(call=draft, version=1, by=MandateFactory(grants=True, university=draft.office).person, now=NOW)
    published.rate = 60
    actions.change_call(call=published, version=2, by=another, now=NOW)

    assert told(secretariat) == told(another) == []


def test_who_sits_in_both_offices_changes_as_the_secretariat(secretariat) -> None:
    call = again(CallFactory(open=True, office=UniversityFactory()))
    MandateFactory(grants=True, university=call.office, person=secretariat)
    other = MandateFactory(secretariat=True).person
    call.rate = 70

    actions.change_call(call=call, version=1, by=secretariat, now=NOW)

    assert told(other) == []


def test_a_draft_changes_quietly(secretariat) -> None:
    call = again(CallFactory(drafted=True))
    call.rate = 70

    actions.change_call(call=call, version=1, by=secretariat, now=NOW)

    assert not Notice.objects.exists()


def test_two_who_edit_at_once_get_a_conflict(secretariat) -> None:
    call = CallFactory(open=True)
    first, second = again(call), again(call)
    first.title, second.title = "First", "Second"
    actions.change_call(call=first, version=1, by=secretariat, now=NOW)

    with pytest.raises(Conflict):
        actions.change_call(call=second, version=1, by=secretariat, now=NOW)

    assert again(call).title == "First"


def test_a_call_that_is_published_while_it_is_saved_stays_published(secretariat) -> None:
    read_before = again(CallFactory(drafted=True))
    actions.publish_call(call=again(read_before), by=secretariat, now=NOW)
    read_before.title = "Engines"

    actions.change_call(call=read_before, version=1, by=secretariat, now=NOW)

    call = again(read_before)
    assert (call.state, call.published_at, call.title) == ("published", NOW, "Engines")


def test_what_is_missing_is_asked_of_the_call_as_it_stands(secretariat) -> None:
    read_before = again(CallFactory(drafted=True))
    Call.objects.update(summary="")

    with pytest.raises(Refused, match=r"Still missing: what the call is about\."):
        actions.publish_call(call=read_before, by=secretariat, now=NOW)


def test_a_published_call_keeps_a_stage(secretariat) -> None:
    call = again(CallFactory(open=True))

    with pytest.raises(Refused, match="A published call needs"):
        actions.change_call(call=call, version=1, stages=[], by=secretariat, now=NOW)


def test_stages_are_numbered_anew_when_one_goes(secretariat) -> None:
    call = CallFactory()
    first, second = StageFactory(call=call, number=1), StageFactory(call=call, number=2, name="Full proposal")
    third = CallStage(deadline=NOW + timedelta(days=300))

    actions.change_call(call=again(call), version=1, stages=[second, third], by=secretariat, now=NOW)

    assert list(call.stages.values_list("number", "name")) == [(1, "Full proposal"), (2, "")]
    assert not CallStage.objects.filter(pk=first.pk, name="").exists()


# following


def test_following_twice_is_following_once() -> None:
    call, user = CallFactory(open=True), UserFactory()

    actions.follow_call(call=call, by=user)
    actions.follow_call(call=call, by=user)

    assert CallFollow.objects.count() == 1
    assert [actions.unfollow_call(call=call, by=user) for _ in range(2)] == [True, False]


def test_a_draft_cannot_be_followed() -> None:
    with pytest.raises(Refused, match="Only published"):
        actions.follow_call(call=CallFactory(), by=UserFactory())


def stage_closing(days, **more):
    call = CallFactory(state="published", title="Engines")
    return StageFactory(call=call, deadline=NOW + timedelta(days=days), **more)


@pytest.mark.parametrize(
    ("days", "subjects"), [(0.5, ["Deadline near: Engines"]), (6, ["Deadline near: Engines"]), (8, [])]
)
def test_followers_are_reminded_a_week_and_a_day_before(days, subjects) -> None:
    follower = FollowFactory(call=stage_closing(days).call).user

    reminders.send_due(NOW)
    reminders.send_due(NOW + timedelta(minutes=1))

    assert told(follower) == subjects


def test_a_week_and_a_day_before_are_two_reminders() -> None:
    follower = FollowFactory(call=stage_closing(6).call).user

    sent = [reminders.send_due(NOW + timedelta(days=days)) for days in (0, 1, 5.5, 5.6)]

    assert sent == [1, 0, 1, 0]
    assert len(told(follower)) == 2


def test_a_moved_deadline_is_reminded_of_anew() -> None:
    stage = stage_closing(6)
    FollowFactory(call=stage.call)
    reminders.send_due(NOW)
    stage.deadline += timedelta(hours=3)
    stage.save()

    assert reminders.send_due(NOW) == 1


def test_followers_hear_that_a_call_opened() -> None:
    follower = FollowFactory(call=stage_closing(40, opens_at=NOW - timedelta(hours=1)).call).user

    assert [reminders.send_due(NOW) for _ in range(2)] == [1, 0]
    assert told(follower) == ["Open now: Engines"]


def test_nobody_hears_that_a_call_is_open_which_has_closed_again() -> None:
    FollowFactory(call=stage_closing(-0.1, opens_at=NOW - timedelta(days=1)).call)

    assert reminders.send_due(NOW) == 0


def test_nobody_is_reminded_of_what_nobody_follows_or_sees() -> None:
    stage_closing(1)
    hidden = stage_closing(1)
    FollowFactory(call=hidden.call)
    Call.objects.filter(pk=hidden.call_id).update(state="archived")

    assert reminders.send_due(NOW) == 0


# interests


def wanting(call, mandate, **values):
    values = {"part": "partner", "expertise": ["batteries"]} | values
    return Interest(call=call, university=mandate.university, **values)


def test_interest_follows_the_call_and_tells_the_others() -> None:
    call = CallFactory(open=True, title="Engines")
    first = InterestFactory(call=call)
    mandate = MandateFactory(coordinator=True, university=UniversityFactory(short_name="KTH"))

    interest = actions.express_interest(interest=wanting(call, mandate), by=mandate.person, now=NOW)

    assert interest.reference.startswith("FI-")
    assert CallFollow.objects.filter(call=call, user=mandate.person).exists()
    assert told(first.person) == ["KTH is interested too: Engines"]
    assert told(mandate.person) == []
    assert kinds(interest) == ["interest.expressed"]


@pytest.mark.parametrize(
    ("trait", "words"),
    [({"closed": True}, "closed"), ({"proposed": True}, "not published")],
    ids=["closed", "proposed"],
)
def test_interest_needs_a_call_that_can_be_answered(trait, words) -> None:
    mandate = MandateFactory(coordinator=True)

    with pytest.raises(Refused, match=words):
        actions.express_interest(interest=wanting(CallFactory(**trait), mandate), by=mandate.person, now=NOW)


def test_interest_needs_a_mandate_at_the_university() -> None:
    mandate = MandateFactory(coordinator=True)
    ended = MandateFactory(coordinator=True, ended=True)
    call = CallFactory(open=True)

    for person, at in ((UserFactory(), mandate), (MandateFactory(grants=True).person, mandate), (ended.person, ended)):
        with pytest.raises(Refused, match="You do not act for"):
            actions.express_interest(interest=wanting(call, at), by=person, now=NOW)


def test_a_second_interest_for_the_same_university_is_refused() -> None:
    interest = InterestFactory()
    second = Interest(call=interest.call, university=interest.university, part="partner", expertise=["more"])

    with pytest.raises(Refused, match="already"):
        actions.express_interest(interest=second, by=interest.person, now=NOW)


def test_a_withdrawn_interest_is_taken_up_again_with_the_new_words() -> None:
    interest = InterestFactory(withdrawn=True, part="partner")
    new = Interest(call=interest.call, university=interest.university, part="coordinator", expertise=["hydrogen"])

    renewed = actions.express_interest(interest=new, by=interest.person, now=NOW)

    assert (renewed.pk, renewed.state, renewed.part, renewed.expertise) == (
        interest.pk, "active", "coordinator", ["hydrogen"],
    )  # fmt: skip


def test_withdrawing_twice_is_refused() -> None:
    interest = InterestFactory()

    actions.withdraw_interest(interest=interest, by=interest.person, now=NOW)

    with pytest.raises(Refused, match="withdrawn already"):
        actions.withdraw_interest(interest=interest, by=interest.person, now=NOW)


def test_a_deputy_acts_on_behalf_of_the_holder() -> None:
    mandate = MandateFactory(coordinator=True, with_deputy=True)

    interest = actions.express_interest(interest=wanting(CallFactory(open=True), mandate), by=mandate.deputy, now=NOW)

    assert Act.objects.about(interest).get().on_behalf_of == mandate.person


@pytest.mark.django_db(transaction=True)
def test_an_interest_sent_twice_at_once_is_one() -> None:
    call, mandate = CallFactory(open=True), MandateFactory(coordinator=True)
    gate = threading.Barrier(2)

    def express(_number):
        interest, by = wanting(call, mandate), User.objects.get(pk=mandate.person_id)
        gate.wait(20)
        try:
            actions.express_interest(interest=interest, by=by, now=NOW)
        except Refused as refused:
            return str(refused)
        finally:
            connection.close()
        return "expressed"

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(express, range(2)))

    assert outcomes == ["You have expressed your interest for this university already.", "expressed"]
