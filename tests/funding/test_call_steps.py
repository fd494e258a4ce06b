"""The steps of a call from every state, what they write down and whom they tell; interests at their edges."""

from datetime import UTC, datetime, timedelta

import pytest

from funding import actions, showing
from funding.models import Call, CallStage, Interest
from members.acts import Conflict, Refused
from members.models import Act
from notifications.models import Notice
from tests.factories.funding import (
    CallFactory,
    FollowFactory,
    FundingProgrammeFactory,
    InterestFactory,
    StageFactory,
)
from tests.factories.members import (
    CountryFactory,
    FieldFactory,
    MandateFactory,
    UniversityFactory,
    UserFactory,
    student_of,
)

pytestmark = pytest.mark.django_db

NOW = datetime(2027, 3, 2, 12, tzinfo=UTC)
STEPS = {
    "propose": actions.propose_call,
    "send_back": actions.send_back_call,
    "publish": actions.publish_call,
    "archive": actions.archive_call,
    "restore": actions.restore_call,
}
FROM_ELSEWHERE = [
    (step, state) for step in STEPS for state in Call.State.values if state not in Call.TRANSITIONS[step][0]
]


@pytest.fixture
def secretariat():
    return MandateFactory(secretariat=True).person


def again(call):
    return Call.objects.select_related("programme").get(pk=call.pk)


def take(step, call, by):
    words = {"reason": "Last year's."} if step == "send_back" else {}
    return STEPS[step](call=call, by=by, now=NOW, **words)


def acts_on(thing):
    return list(Act.objects.about(thing).values_list("kind", "before", "after", "reason"))


def told(person):
    return list(Notice.objects.filter(recipient=person).order_by("pk").values_list("subject", flat=True))


# The machine


@pytest.mark.parametrize(("step", "state"), FROM_ELSEWHERE, ids=lambda value: value)
def test_no_step_is_taken_from_elsewhere(secretariat, step, state) -> None:
    call = StageFactory(call=CallFactory(state=state)).call

    with pytest.raises(Refused, match=r"This call has moved on meanwhile\. Look at it again before you go on\."):
        take(step, call, secretariat)

    assert again(call).state == state
    assert (acts_on(call), Notice.objects.count()) == ([], 0)


@pytest.mark.parametrize("step", STEPS)
def test_a_step_is_taken_once_and_says_from_where_and_since_when(secretariat, step) -> None:
    before = min(Call.TRANSITIONS[step][0])
    call = StageFactory(call=CallFactory(state=before)).call

    take(step, call, secretariat)

    after = Call.TRANSITIONS[step][1]
    reason = "Last year's." if step == "send_back" else ""
    assert (again(call).state, again(call).state_since) == (after, NOW)
    assert acts_on(call) == [(f"call.{step}", before, after, reason)]
    with pytest.raises(Refused):
        take(step, call, secretariat)


def test_the_log_says_where_the_call_stood_and_not_what_the_page_had_read(secretariat) -> None:
    read_before = CallFactory(proposed=True)
    Call.objects.filter(pk=read_before.pk).update(state="draft")

    actions.publish_call(call=read_before, by=secretariat, now=NOW)

    assert acts_on(read_before) == [("call.publish", "draft", "published", "")]


def test_followers_of_a_call_that_was_published_meanwhile_hear_that_it_is_put_away(secretariat) -> None:
    read_before = CallFactory(proposed=True)
    actions.publish_call(call=again(read_before), by=secretariat, now=NOW)
    follower = FollowFactory(call=again(read_before)).user

    actions.archive_call(call=read_before, by=secretariat, now=NOW)

    assert told(follower) == [f"{read_before.title} has been put away"]


@pytest.mark.parametrize("trait", ["drafted", "proposed"])
def test_what_was_never_published_is_put_away_quietly(secretariat, trait) -> None:
    call = CallFactory(**{trait: True})
    follower = FollowFactory(call=call).user

    actions.archive_call(call=call, by=secretariat, now=NOW)

    assert told(follower) == []


def test_who_puts_a_call_away_is_not_told_so(secretariat) -> None:
    call = CallFactory(open=True)
    FollowFactory(call=call, user=secretariat)

    actions.archive_call(call=call, by=secretariat, now=NOW)

    assert told(secretariat) == []


def test_a_call_comes_out_of_the_archive_as_a_draft_that_was_published_once(secretariat) -> None:
    call = CallFactory(open=True)
    published_at = call.published_at
    actions.archive_call(call=call, by=secretariat, now=NOW)

    actions.restore_call(call=call, by=secretariat, now=NOW + timedelta(days=1))

    assert (again(call).state, again(call).published_at) == ("draft", published_at)
    actions.publish_call(call=call, by=secretariat, now=NOW + timedelta(days=2))
    assert again(call).published_at == again(call).news_at == NOW + timedelta(days=2)


def test_topics_of_nothing_do_not_stand_in_each_others_way(secretariat) -> None:
    old = CallFactory(topic="", state="archived")
    CallFactory(topic="", open=True)

    actions.restore_call(call=old, by=secretariat, now=NOW)

    assert again(old).state == "draft"


# Who is told


def test_a_proposal_is_read_by_the_whole_secretariat_and_its_deputies_of_today() -> None:
    mandate = MandateFactory(secretariat=True, with_deputy=True)
    gone = MandateFactory(secretariat=True, ended=True).person
    call = CallFactory(drafted=True, office=UniversityFactory(short_name="KTH"), title="Engines")
    officer = MandateFactory(grants=True, university=call.office).person

    actions.propose_call(call=call, by=officer, now=NOW)

    assert told(mandate.person) == told(mandate.deputy) == ["KTH proposes a call: Engines"]
    assert told(gone) == told(officer) == []


def test_what_the_secretariat_proposes_itself_names_no_office(secretariat) -> None:
    call = CallFactory(drafted=True, title="Engines")

    actions.propose_call(call=call, by=secretariat, now=NOW)

    assert told(secretariat) == ["the secretariat proposes a call: Engines"]


def test_publication_and_return_are_told_to_the_office_and_to_no_other(secretariat) -> None:
    office = UniversityFactory()
    officers = [MandateFactory(grants=True, university=office).person for _number in range(2)]
    others = [MandateFactory(grants=True).person, MandateFactory(exchange=True, university=office).person]
    call = CallFactory(proposed=True, office=office, title="Engines")

    actions.send_back_call(call=call, reason="  Last year's budget. ", by=secretariat, now=NOW)
    actions.propose_call(call=call, by=officers[0], now=NOW)
    actions.publish_call(call=call, by=secretariat, now=NOW)

    assert [told(officer) for officer in officers] == [["Sent back: Engines", "Published: Engines"]] * 2
    assert [told(other) for other in others] == [[], []]
    sent_back = Notice.objects.filter(subject="Sent back: Engines").first()
    assert sent_back.body == "Last year's budget.\n\nMend it and propose it again."


def test_a_call_of_no_office_is_published_without_a_word_to_anybody(secretariat) -> None:
    MandateFactory(grants=True)

    actions.publish_call(call=CallFactory(proposed=True), by=secretariat, now=NOW)

    assert not Notice.objects.exists()


def test_a_follower_whose_account_is_closed_hears_of_nothing(secretariat) -> None:
    follow = FollowFactory(user__is_active=False)

    actions.archive_call(call=follow.call, by=secretariat, now=NOW)

    assert told(follow.user) == []


# Writing


def test_a_new_call_gets_an_address_that_no_page_has(secretariat) -> None:
    programme = FundingProgrammeFactory()
    titles = {"New": "call-new", "OWN": "call-own", "…": "call"}

    for topic, slug in titles.items():
        call = Call(programme=programme, action_type="ria", title="Engines", topic=topic)
        actions.add_call(call=call, office=None, by=secretariat, now=NOW)
        assert call.slug == slug


def test_a_topic_that_stands_already_is_refused_in_words(secretariat) -> None:
    CallFactory(topic="CL5-01")
    again = Call(programme=FundingProgrammeFactory(), action_type="ria", title="Engines", topic="CL5-01")

    with pytest.raises(Refused, match="A call with this topic code is in the portal already"):
        actions.add_call(call=again, office=None, by=secretariat, now=NOW)

    assert Call.objects.count() == 1


def test_a_call_with_a_wrong_stage_is_not_kept_at_all(secretariat) -> None:
    call = Call(programme=FundingProgrammeFactory(), action_type="ria", title="Engines")
    backwards = CallStage(opens_at=NOW, deadline=NOW - timedelta(seconds=1))

    with pytest.raises(Refused, match="A stage must not close before it opens"):
        actions.add_call(call=call, stages=[backwards], office=None, by=secretariat, now=NOW)

    assert (Call.objects.count(), Act.objects.count()) == (0, 0)


def test_a_stage_of_one_moment_is_no_mistake_but_one_without_any_is(secretariat) -> None:
    call = again(CallFactory())
    at_once = CallStage(opens_at=NOW, deadline=NOW)

    actions.change_call(call=call, version=1, stages=[at_once], by=secretariat, now=NOW)
    with pytest.raises(Refused, match="Give the day it opens or the deadline"):
        actions.change_call(call=call, version=2, stages=[CallStage()], by=secretariat, now=NOW)

    assert list(call.stages.values_list("deadline", flat=True)) == [NOW]


def test_what_is_not_given_stays_and_what_is_given_empty_goes(secretariat) -> None:
    call = StageFactory(call=CallFactory()).call
    call.fields.add(FieldFactory(code="07"))

    actions.change_call(call=again(call), version=1, by=secretariat, now=NOW)
    assert (call.stages.count(), call.fields.count()) == (1, 1)
    actions.change_call(call=again(call), version=2, stages=[], fields=[], by=secretariat, now=NOW)
    assert (call.stages.count(), call.fields.count()) == (0, 0)


def test_who_comes_second_changes_neither_stages_nor_fields(secretariat) -> None:
    call = StageFactory(call=CallFactory()).call
    field = FieldFactory(code="07")
    call.fields.add(field)
    late = again(call)
    actions.change_call(call=again(call), version=1, by=secretariat, now=NOW)

    with pytest.raises(Conflict):
        actions.change_call(call=late, version=1, stages=[], fields=[], by=secretariat, now=NOW)

    assert (call.stages.count(), list(call.fields.all())) == (1, [field])


def test_an_edit_names_the_columns_that_changed_and_none_of_the_machine(secretariat) -> None:
    call = again(CallFactory(open=True))
    call.rate, call.title = 70, "Engines anew"

    actions.change_call(call=call, version=1, by=secretariat, now=NOW)

    [act] = Act.objects.about(call)
    assert act.details["fields"] == ["rate", "title"]
    assert act.details["changes"] == [{"what": "Rate", "before": "–", "after": "70 %"}]


def test_an_edit_that_changes_nothing_is_no_news(secretariat) -> None:
    call = again(CallFactory(open=True))
    follower = FollowFactory(call=call).user

    actions.change_call(call=call, version=1, by=secretariat, now=NOW)

    assert (again(call).news_at, told(follower)) == (call.published_at, [])
    assert Act.objects.about(call).get().details == {"changes": [], "fields": []}


def test_a_stage_that_is_given_a_first_day_is_told_as_an_opening(secretariat) -> None:
    call = CallFactory(state="published", title="Engines")
    stage = StageFactory(call=call, opens_at=None, deadline=NOW + timedelta(days=9))
    follower = FollowFactory(call=call).user
    stage.opens_at = NOW

    actions.change_call(call=again(call), version=1, stages=[stage], by=secretariat, now=NOW)

    assert told(follower) == ["Engines: changed in opening"]


# Interests


def wanting(call, mandate, **values):
    values = {"part": "partner", "expertise": ["batteries"]} | values
    return Interest(call=call, university=mandate.university, **values)


@pytest.mark.parametrize(
    ("seconds", "is_taken"), [(-1, True), (0, False)], ids=["the last second", "the closing second"]
)
def test_an_interest_is_taken_until_before_the_closing_second(seconds, is_taken) -> None:
    call = StageFactory(call=CallFactory(state="published"), deadline=NOW, opens_at=None).call
    mandate = MandateFactory(coordinator=True)
    words = {"interest": wanting(call, mandate), "by": mandate.person, "now": NOW + timedelta(seconds=seconds)}

    if is_taken:
        assert actions.express_interest(**words).pk
    else:
        with pytest.raises(Refused, match=r"This call is closed\."):
            actions.express_interest(**words)


@pytest.mark.parametrize("trait", ["forthcoming", "open"])
def test_an_interest_in_what_comes_is_as_good_as_in_what_is_open(trait) -> None:
    mandate = MandateFactory(coordinator=True)

    interest = actions.express_interest(
        interest=wanting(CallFactory(**{trait: True}), mandate), by=mandate.person, now=datetime.now(UTC)
    )

    assert interest.is_active


def test_an_interest_that_says_nothing_is_refused_and_follows_nothing() -> None:
    mandate = MandateFactory(coordinator=True)
    call = CallFactory(open=True)

    with pytest.raises(Refused):
        actions.express_interest(interest=wanting(call, mandate, expertise=[]), by=mandate.person, now=call.state_since)

    assert (Interest.objects.count(), call.follows.count()) == (0, 0)


def test_a_student_of_the_university_does_not_speak_for_it() -> None:
    university = UniversityFactory()
    interest = Interest(call=CallFactory(open=True), university=university, part="partner", expertise=["wind"])

    with pytest.raises(Refused, match="You do not act for"):
        actions.express_interest(interest=interest, by=student_of(university), now=interest.call.state_since)


def test_one_person_speaks_for_each_of_their_universities_and_two_for_the_same() -> None:
    call = CallFactory(open=True)
    first = MandateFactory(coordinator=True)
    second = MandateFactory(director=True, person=first.person)
    colleague = MandateFactory(grants=True, university=first.university)

    for mandate in (first, second, colleague):
        actions.express_interest(interest=wanting(call, mandate), by=mandate.person, now=call.state_since)

    assert Interest.objects.active().filter(call=call).count() == 3
    assert Notice.objects.get(recipient=first.person).body.startswith(
        "Wants to be: Partner. 2 universities are interested now."
    )


def test_one_university_alone_is_said_as_one() -> None:
    call = CallFactory(open=True)
    first = InterestFactory(call=call)
    colleague = MandateFactory(grants=True, university=first.university)

    actions.express_interest(interest=wanting(call, colleague), by=colleague.person, now=call.state_since)

    assert "1 university is interested now." in Notice.objects.get(recipient=first.person).body


def test_who_withdrew_hears_no_more_of_others() -> None:
    gone = InterestFactory(withdrawn=True)
    mandate = MandateFactory(coordinator=True)

    actions.express_interest(interest=wanting(gone.call, mandate), by=mandate.person, now=gone.state_since)

    assert told(gone.person) == []


def test_taking_an_interest_up_again_counts_the_version_up_and_is_told_as_a_new_one() -> None:
    interest = InterestFactory(withdrawn=True)
    other = InterestFactory(call=interest.call)
    new = Interest(call=interest.call, university=interest.university, part="partner", expertise=["hydrogen"])

    moment = interest.state_since + timedelta(hours=1)
    renewed = actions.express_interest(interest=new, by=interest.person, now=moment)

    assert (renewed.version, renewed.state_since) == (2, moment)
    assert [kind for kind, *_rest in acts_on(renewed)] == ["interest.renewed"]
    assert len(told(other.person)) == 1


def test_an_interest_taken_up_again_with_wrong_words_stays_withdrawn() -> None:
    interest = InterestFactory(withdrawn=True)
    new = Interest(call=interest.call, university=interest.university, part="boss", expertise=["hydrogen"])

    with pytest.raises(Refused):
        actions.express_interest(interest=new, by=interest.person, now=interest.state_since)

    interest.refresh_from_db()
    assert (interest.state, interest.part) == ("withdrawn", "partner")


def test_changed_words_are_saved_over_the_version_that_was_read() -> None:
    interest = InterestFactory()
    late = Interest.objects.get(pk=interest.pk)
    interest.message = "We bring a wind tunnel."

    actions.change_interest(interest=interest, version=1, by=interest.person)
    with pytest.raises(Conflict):
        actions.change_interest(interest=late, version=1, by=interest.person)

    assert Interest.objects.get().message == "We bring a wind tunnel."
    assert [kind for kind, *_rest in acts_on(interest)] == ["interest.changed"]


def test_who_acts_for_the_university_no_longer_changes_nothing_in_its_name() -> None:
    interest = InterestFactory()
    interest.person.mandates.update(ends_on="2020-12-31")

    with pytest.raises(Refused, match="You do not act for"):
        actions.change_interest(interest=interest, version=1, by=type(interest.person).objects.get())


def test_withdrawing_keeps_following_the_call() -> None:
    call = CallFactory(open=True)
    mandate = MandateFactory(coordinator=True)
    interest = actions.express_interest(interest=wanting(call, mandate), by=mandate.person, now=call.state_since)

    actions.withdraw_interest(interest=interest, by=mandate.person, now=NOW)

    assert call.follows.filter(user=mandate.person).exists()
    assert acts_on(interest)[-1] == ("interest.withdrawn", "active", "withdrawn", "")


# The consortium on the page


@pytest.mark.parametrize(
    ("zone", "moment", "day"),
    [
        ("Europe/Brussels", datetime(2027, 3, 1, 22, 59, tzinfo=UTC), "2027-03-01"),
        ("Europe/Brussels", datetime(2027, 3, 1, 23, 0, tzinfo=UTC), "2027-03-02"),
        ("America/Toronto", datetime(2027, 3, 2, 4, 59, tzinfo=UTC), "2027-03-01"),
    ],
    ids=["a minute to midnight in Brussels", "midnight in Brussels", "a minute to midnight in Toronto"],
)
def test_the_consortium_is_held_against_the_day_of_the_last_deadline_on_its_clock(zone, moment, day) -> None:
    university = UniversityFactory.build(country=CountryFactory.build(code="SE", in_eu=True))
    interest = Interest(university=university)
    call = CallFactory.build(programme=FundingProgrammeFactory.build())
    stages = [CallStage(deadline=moment - timedelta(days=9)), CallStage(deadline=moment, time_zone=zone), CallStage()]

    assert showing.consortium(call, [interest], stages, NOW)["on"].isoformat() == day


def test_a_call_without_deadlines_is_held_against_today_and_nobody_is_no_consortium() -> None:
    university = UniversityFactory.build(country=CountryFactory.build(code="SE"))
    call = CallFactory.build(programme=FundingProgrammeFactory.build())
    stages = [CallStage(opens_at=NOW)]

    found = showing.consortium(call, [Interest(university=university), Interest(university=university)], stages, NOW)

    assert (found["on"], found["n"]) == (NOW.date(), 1)
    assert showing.consortium(call, [], stages, NOW) is None


def test_an_account_without_any_mandate_sees_published_calls_and_no_interest() -> None:
    interest = InterestFactory()
    CallFactory(drafted=True)
    person = UserFactory()

    assert list(Call.objects.visible_to(person)) == [interest.call]
    assert showing.interests_in(interest.call, person) == []
