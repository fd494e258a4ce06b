"""Giving, ending, passing on, standing in: what is written, who is told, what is refused."""

import threading
from datetime import date, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from members.actions import mandates
from members.acts import Refused
from members.models import Act, Mandate, Role
from notifications.models import Notice
from tests.factories.members import MandateFactory, UniversityFactory, UserFactory, person_as

pytestmark = pytest.mark.django_db
TODAY = date(2027, 5, 4)
YESTERDAY, TOMORROW, NEXT_YEAR = TODAY - timedelta(days=1), TODAY + timedelta(days=1), date(2028, 5, 4)


def told(person) -> list[str]:
    return list(Notice.objects.filter(recipient=person).order_by("pk").values_list("subject", flat=True))


def acts(target) -> list[str]:
    return [act.kind for act in Act.objects.about(target)]


def give(university, by, role=Role.EXCHANGE, **changes):
    given = {"person": UserFactory(), "starts_on": TODAY, "ends_on": None, **changes}
    return mandates.give(role=role, university=university, by=by, **given)


def test_give_official_gives_at_the_own_university():
    official = person_as("official", UniversityFactory(short_name="KTH"))
    university = official.universities_as("official")[0]

    mandate = give(university, by=official)

    assert mandate.given_by == official
    assert acts(mandate) == ["mandate.given"]
    assert told(mandate.person) == ["You are Exchange coordinator, KTH"]


@pytest.mark.parametrize("role", Role.values)
def test_give_which_roles_an_official_gives(role):
    official = person_as("official")
    university = None if role in Role.of_the_consortium else official.universities_as("official")[0]

    if role in Role.given_by_the_official:
        assert give(university, by=official, role=role).role == role
    else:
        with pytest.raises(Refused, match="cannot give this role"):
            give(university, by=official, role=role)


@pytest.mark.parametrize("role", Role.values)
def test_give_secretariat_gives_every_role(role):
    university = None if role in Role.of_the_consortium else UniversityFactory()

    assert give(university, by=person_as("secretariat"), role=role).role == role


@pytest.mark.parametrize("role", [role for role in Role.values if role not in ("official", "secretariat")])
def test_give_other_roles_give_nothing(role):
    university = UniversityFactory()

    with pytest.raises(Refused, match="cannot give this role"):
        give(university, by=person_as(role, university))


def test_give_official_at_another_university_is_refused():
    with pytest.raises(Refused, match="cannot give this role"):
        give(UniversityFactory(), by=person_as("official"))


def test_give_by_the_officials_deputy_is_written_on_behalf():
    university, deputy = UniversityFactory(), UserFactory()
    official = person_as("official", university, deputy=deputy)

    mandate = give(university, by=deputy)

    assert Act.objects.about(mandate).get().on_behalf_of == official


def test_give_second_official_says_the_sentence():
    university = UniversityFactory()
    person_as("official", university)

    with pytest.raises(Refused, match="has an official in that time"):
        give(university, by=person_as("secretariat"), role=Role.OFFICIAL)


def test_end_keeps_the_day_and_says_where_tasks_wait():
    mandate = MandateFactory()

    where = mandates.end(mandate=mandate, last_day=TODAY, reason="New job", by=mandate.person, today=TODAY)

    mandate.refresh_from_db()
    assert mandate.ends_on == TODAY
    assert where == "Nothing is cancelled: open tasks wait at the desk until somebody holds this role again."
    assert Act.objects.about(mandate).get().reason == "New job"


def test_end_tasks_stay_with_those_who_share_the_desk():
    mandate = MandateFactory()
    MandateFactory(university=mandate.university, person__given_name="Ada", person__family_name="Berg")
    MandateFactory(university=mandate.university, ends_on=TODAY)

    where = mandates.end(mandate=mandate, last_day=TODAY, reason="", by=mandate.person, today=TODAY)

    assert where == "Nothing is cancelled: open tasks of this desk are with Ada Berg from 5 May 2027."


def test_end_empty_desk_the_official_is_told():
    mandate = MandateFactory(with_deputy=True)
    official = person_as("official", mandate.university)

    mandates.end(mandate=mandate, last_day=TODAY, reason="", by=official, today=TODAY)

    assert [len(told(person)) for person in (mandate.person, mandate.deputy, official)] == [1, 1, 1]


def test_end_of_the_official_the_secretariat_is_told():
    secretariat, mandate = person_as("secretariat"), MandateFactory(official=True)

    mandates.end(mandate=mandate, last_day=TODAY, reason="", by=mandate.person, today=TODAY)

    assert len(told(secretariat)) == 1


def test_end_empty_desk_without_an_official_the_secretariat_and_its_deputies_are_told():
    mandate, desk = MandateFactory(), MandateFactory(secretariat=True, with_deputy=True)

    mandates.end(mandate=mandate, last_day=TODAY, reason="", by=desk.person, today=TODAY)

    assert [len(told(person)) for person in (desk.person, desk.deputy)] == [1, 1]


@pytest.mark.parametrize(
    ("ends_on", "last_day", "sentence"),
    [
        (None, TODAY - timedelta(days=2), "yesterday at the earliest"),
        (YESTERDAY, YESTERDAY, "ended on 3 May 2027"),
        (TOMORROW, NEXT_YEAR, "ends on 5 May 2027 already"),
    ],
)
def test_end_impossible_days_are_refused(ends_on, last_day, sentence):
    mandate = MandateFactory(ends_on=ends_on)

    with pytest.raises(Refused, match=sentence):
        mandates.end(mandate=mandate, last_day=last_day, reason="", by=mandate.person, today=TODAY)


def test_end_before_the_first_day_is_refused():
    mandate = MandateFactory(starts_on=NEXT_YEAR)

    with pytest.raises(Refused, match="begins on 4 May 2028"):
        mandates.end(mandate=mandate, last_day=TODAY, reason="", by=mandate.person, today=TODAY)


def take_back(mandate, by=None, today=TODAY, reason=""):
    now = timezone.now()
    return mandates.take_back(mandate=mandate, reason=reason, by=by or mandate.person, today=today, now=now)


def test_take_back_one_that_has_not_begun_counts_on_no_day():
    official = person_as("official", UniversityFactory(short_name="KTH"))
    mandate = give(official.universities_as("official")[0], by=official, starts_on=TOMORROW)

    take_back(mandate, by=official, reason="The wrong Anna.")

    mandate.refresh_from_db()
    assert not mandate.may_be_used_by(mandate.person, TOMORROW)
    assert not Mandate.objects.filter(pk=mandate.pk).in_force(NEXT_YEAR).exists()
    assert acts(mandate) == ["mandate.given", "mandate.taken_back"]
    assert Act.objects.about(mandate).last().reason == "The wrong Anna."
    assert told(mandate.person)[-1].startswith("Taken back: ")
    assert told(official) == told(mandate.person)[-1:]  # nobody else sits at the desk


def test_take_back_on_the_first_day_leaves_the_days_to_another():
    mandate = MandateFactory(official=True, starts_on=TODAY)

    take_back(mandate)

    assert MandateFactory(official=True, university=mandate.university, starts_on=TODAY).is_in_force(TODAY)
    assert give(mandate.university, by=person_as("secretariat"), person=mandate.person, role=Role.EXCHANGE)


def test_take_back_the_same_role_can_be_given_again():
    mandate = MandateFactory(starts_on=TOMORROW)
    take_back(mandate)

    again = give(mandate.university, by=person_as("secretariat"), person=mandate.person, starts_on=TOMORROW)

    assert again.is_in_force(TOMORROW)


def test_take_back_after_the_first_day_is_refused():
    mandate = MandateFactory(starts_on=YESTERDAY)

    with pytest.raises(Refused, match="began on 3 May 2027"):
        take_back(mandate)


@pytest.mark.parametrize(
    "act",
    [
        take_back,
        lambda mandate: mandates.end(
            mandate=mandate, last_day=NEXT_YEAR, reason="", by=mandate.person, today=TODAY
        ),
        lambda mandate: mandates.name_deputy(
            mandate=mandate, deputy=UserFactory(), first_day=None, last_day=None, by=mandate.person, today=TODAY
        ),
        lambda mandate: mandates.hand_over(
            mandate=mandate, successor=UserFactory(), last_day=NEXT_YEAR, by=mandate.person, today=TODAY
        ),
    ],
    ids=["take back", "end", "name a deputy", "hand over"],
)  # fmt: skip
def test_nothing_is_done_with_a_mandate_that_was_taken_back(act):
    mandate = MandateFactory(starts_on=TOMORROW, taken_back_at=timezone.now())

    with pytest.raises(Refused, match="was taken back"):
        act(mandate)


def test_hand_over_one_step_from_one_official_to_the_next():
    mandate, successor = MandateFactory(official=True, ends_on=NEXT_YEAR), UserFactory()

    followed = mandates.hand_over(mandate=mandate, successor=successor, last_day=TODAY, by=mandate.person, today=TODAY)

    mandate.refresh_from_db()
    assert (mandate.ends_on, followed.starts_on, followed.ends_on) == (TODAY, TOMORROW, NEXT_YEAR)
    assert (followed.person, followed.role, followed.university) == (successor, Role.OFFICIAL, mandate.university)
    assert acts(mandate) == ["mandate.handed_over"]
    assert (len(told(mandate.person)), len(told(successor))) == (1, 1)


def test_hand_over_to_oneself_is_refused():
    mandate = MandateFactory(official=True)

    with pytest.raises(Refused, match="somebody else"):
        mandates.hand_over(mandate=mandate, successor=mandate.person, last_day=TODAY, by=mandate.person, today=TODAY)


def test_hand_over_successor_with_the_same_role_changes_nothing():
    mandate = MandateFactory()
    other = MandateFactory(university=mandate.university)

    with pytest.raises(Refused, match="already holds this role"):
        mandates.hand_over(mandate=mandate, successor=other.person, last_day=TODAY, by=mandate.person, today=TODAY)

    mandate.refresh_from_db()
    assert (mandate.ends_on, acts(mandate)) == (None, [])


def test_name_deputy_deputy_acts_on_behalf():
    mandate, deputy = MandateFactory(), UserFactory()

    mandates.name_deputy(
        mandate=mandate, deputy=deputy, first_day=TODAY, last_day=TOMORROW, by=mandate.person, today=TODAY
    )

    used = deputy.mandate_for(Role.EXCHANGE, university=mandate.university, day=TODAY)
    assert used.on_behalf_of(deputy) == mandate.person
    assert told(deputy) == [f"{deputy} stands in for {mandate.person}"]


def test_name_deputy_for_the_same_days_again_is_told_again():
    mandate, deputy = MandateFactory(), UserFactory()
    days = {"first_day": TODAY, "last_day": TOMORROW, "by": mandate.person, "today": TODAY}

    mandates.name_deputy(mandate=mandate, deputy=deputy, **days)
    mandates.dismiss_deputy(mandate=mandate, by=mandate.person)
    mandates.name_deputy(mandate=mandate, deputy=deputy, **days)

    assert told(deputy)[-1] == f"{deputy} stands in for {mandate.person}"
    assert len(told(deputy)) == 3


def test_name_deputy_whoever_stood_in_before_is_told():
    mandate, deputy = MandateFactory(with_deputy=True), UserFactory()
    before = mandate.deputy

    mandates.name_deputy(mandate=mandate, deputy=deputy, first_day=None, last_day=None, by=mandate.person, today=TODAY)
    mandates.name_deputy(mandate=mandate, deputy=deputy, first_day=None, last_day=TODAY, by=mandate.person, today=TODAY)

    assert told(before) == [f"You no longer stand in for {mandate.person}"]
    assert told(deputy) == [f"{deputy} stands in for {mandate.person}"] * 2


def test_name_deputy_oneself_is_refused():
    mandate = MandateFactory()

    with pytest.raises(Refused, match="somebody else as deputy"):
        mandates.name_deputy(
            mandate=mandate, deputy=mandate.person, first_day=None, last_day=None, by=mandate.person, today=TODAY
        )


@pytest.mark.parametrize(
    ("ends_on", "last_day", "says"),
    [
        (None, YESTERDAY, "These days are over."),
        (TODAY, YESTERDAY, "These days are over."),
        (YESTERDAY, None, "This mandate ended on"),
        (YESTERDAY, YESTERDAY, "This mandate ended on"),
    ],
)
def test_name_deputy_for_days_that_are_over_is_refused_and_nobody_is_told(ends_on, last_day, says):
    mandate, deputy = MandateFactory(ends_on=ends_on), UserFactory()

    with pytest.raises(Refused, match=says):
        mandates.name_deputy(
            mandate=mandate, deputy=deputy, first_day=None, last_day=last_day, by=mandate.person, today=TODAY
        )

    mandate.refresh_from_db()
    assert (mandate.deputy, told(deputy), acts(mandate)) == (None, [], [])


def test_name_deputy_for_today_alone_still_counts():
    mandate, deputy = MandateFactory(ends_on=TODAY), UserFactory()

    mandates.name_deputy(
        mandate=mandate, deputy=deputy, first_day=TODAY, last_day=TODAY, by=mandate.person, today=TODAY
    )

    assert deputy.mandate_for(Role.EXCHANGE, university=mandate.university, day=TODAY)


def test_dismiss_deputy_nobody_stands_in():
    mandate = MandateFactory(with_deputy=True)

    mandates.dismiss_deputy(mandate=mandate, by=mandate.person)

    assert not mandate.deputy.holds(Role.EXCHANGE, university=mandate.university)
    assert acts(mandate) == ["mandate.deputy_dismissed"]


def test_acts_of_the_officials_deputy_are_written_on_behalf():
    official = MandateFactory(official=True, with_deputy=True)
    mandate = MandateFactory(university=official.university, with_deputy=True)

    mandates.dismiss_deputy(mandate=mandate, by=official.deputy)
    followed = mandates.hand_over(
        mandate=mandate, successor=UserFactory(), last_day=TODAY, by=official.deputy, today=TODAY
    )

    written = [Act.objects.about(each).last() for each in (mandate, followed)]
    assert [act.kind for act in written] == ["mandate.handed_over", "mandate.given"]
    assert {act.on_behalf_of for each in (mandate, followed) for act in Act.objects.about(each)} == {official.person}


def test_dismiss_deputy_where_there_is_none_is_refused():
    mandate = MandateFactory()

    with pytest.raises(Refused, match="Nobody stands in"):
        mandates.dismiss_deputy(mandate=mandate, by=mandate.person)


@pytest.mark.django_db(transaction=True)
def test_give_two_officials_at_once_one_is_refused():
    university, secretariat = UniversityFactory(), person_as("secretariat")
    start, results = threading.Barrier(2), []
    people = UserFactory.create_batch(2)

    def appoint(person):
        start.wait()
        try:
            give(university, by=secretariat, role=Role.OFFICIAL, person=person, starts_on=timezone.localdate())
            results.append("given")
        except Refused:
            results.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=appoint, args=[person]) for person in people]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]

    assert sorted(results) == ["given", "refused"]
    assert Mandate.objects.filter(role=Role.OFFICIAL).count() == 1
