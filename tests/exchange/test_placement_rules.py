"""What an office may do with its places, and what the database refuses whoever asks."""

from contextlib import nullcontext
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from applications.actions import preparing
from applications.application_page import choice_rows
from applications.models import Option, OptionRequirement, RoundOption
from applications.tasks import expire_due_offers
from exchange import actions
from exchange.models import Placement, PlacementImport
from members.acts import Conflict, Refused
from members.models import Act
from notifications.models import Notice
from tests.applications.stories import Story, states
from tests.factories.applications import OptionRequirementFactory, RoundFactory
from tests.factories.exchange import PlacementFactory, PlacementImportFactory, chosen
from tests.factories.members import FieldFactory, MandateFactory, UniversityFactory, UserFactory, person_as

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def office_of(placement):
    return person_as("exchange", placement.host)


def add(**fields):
    placement = PlacementFactory.build(host=UniversityFactory(), field=FieldFactory(), **fields)
    return actions.add_placement(placement=placement, by=person_as("exchange", placement.host), now=NOW)


def acts_of(placement):
    return [act.kind for act in Act.objects.about(placement)]


# adding


def test_a_new_place_is_a_draft_with_an_address_of_its_own() -> None:
    first = add(title="Robotics", academic_year=2027)

    assert (first.state, first.kind) == ("draft", "exchange")
    assert first.slug == f"{first.host.slug}-robotics-2027-autumn"
    assert acts_of(first) == ["placement.added"]


def test_two_places_never_share_an_address() -> None:
    host = UniversityFactory()
    first = PlacementFactory(host=host, title="Robotics", level="master")
    second = PlacementFactory(host=host, title="Robotics", level="bachelor")

    assert second.slug == f"{first.slug}-2"


def test_the_same_place_twice_is_refused_with_a_sentence() -> None:
    first = PlacementFactory(title="Robotics")
    again = PlacementFactory.build(title="Robotics", host=first.host, field=first.field)

    with pytest.raises(Refused, match="already offer a place of this name"):
        actions.add_placement(placement=again, by=office_of(first), now=NOW)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"places": 0}, "greater than or equal to 1"),
        ({"months": 0}, "greater than or equal to 1"),
        ({"months": 30}, "less than or equal to 24"),
        ({"starts_on": date(2027, 9, 1), "ends_on": date(2027, 8, 1)}, "first day must not be after"),
        ({"ects_min": 30, "ects_max": 20}, "least number of credits"),
        ({"contact_name": "", "contact_email": "a@b.example"}, "name and e-mail address together"),
        ({"languages": ["xx"]}, "xx"),
        ({"term": "summer"}, "summer"),
        ({"courses_url": "javascript:alert(1)"}, "valid URL"),
    ],
)
def test_a_wrong_value_is_refused_with_a_sentence(wrong, sentence) -> None:
    with pytest.raises(Refused, match=sentence):
        add(**wrong)


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"places": 0}, "an_option_has_a_place"),
        ({"months": 0}, "a_placement_lasts_a_month"),
        ({"starts_on": date(2027, 9, 1), "ends_on": date(2027, 8, 1)}, "starts_on_before_ends_on"),
        ({"ects_min": 30, "ects_max": 20}, "ects_min_before_ects_max"),
        ({"contact_name": "Ada", "contact_email": ""}, "a_person_of_its_own_has_an_address"),
        ({"state": "lost"}, "placement_state_known"),
        ({"contact_audience": "nobody"}, "contact_audience_known"),
        ({"published": True, "languages": []}, "a_published_placement_says_its_language"),
    ],
)
def test_the_database_refuses_too(fields, constraint) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        PlacementFactory(**fields)


def test_the_database_keeps_addresses_and_names_apart() -> None:
    first = PlacementFactory(title="Robotics")

    with pytest.raises(IntegrityError, match="a_placement_once_a_term"), transaction.atomic():
        PlacementFactory(title="Robotics", host=first.host)
    with pytest.raises(IntegrityError, match="a_placement_has_its_own_address"), transaction.atomic():
        PlacementFactory(slug=first.slug)


def test_an_applied_import_says_when() -> None:
    with pytest.raises(IntegrityError, match="an_applied_import_says_when"), transaction.atomic():
        PlacementImportFactory(state=PlacementImport.State.APPLIED)
    with pytest.raises(IntegrityError, match="placementimport_state_known"), transaction.atomic():
        PlacementImportFactory(state="lost")


# changing


def test_change_saves_over_the_version_and_logs_what_changed() -> None:
    placement = PlacementFactory(places=2)
    placement.places, placement.title = 3, "Robotics and control"

    actions.change_placement(placement=placement, version=1, by=office_of(placement))

    stored = Placement.objects.get(pk=placement.pk)
    assert (stored.places, stored.title, stored.version) == (3, "Robotics and control", 2)
    assert Act.objects.about(placement).get().details == {"fields": ["title", "places"]}


def test_change_after_somebody_else_is_a_conflict() -> None:
    placement = PlacementFactory()
    mine, theirs = Placement.objects.get(pk=placement.pk), Placement.objects.get(pk=placement.pk)
    theirs.description = "Theirs"
    actions.change_placement(placement=theirs, version=1, by=office_of(placement))
    mine.description = "Mine"

    with pytest.raises(Conflict):
        actions.change_placement(placement=mine, version=1, by=office_of(placement))

    assert Placement.objects.get(pk=placement.pk).description == "Theirs"


def test_a_change_does_not_take_back_what_was_published_meanwhile() -> None:
    placement = PlacementFactory()
    mine = Placement.objects.get(pk=placement.pk)
    actions.publish_placement(placement=placement, by=office_of(placement), now=NOW)
    mine.places = 7

    actions.change_placement(placement=mine, version=1, by=office_of(placement))

    stored = Placement.objects.get(pk=placement.pk)
    assert (stored.state, stored.state_since, stored.places) == ("published", NOW, 7)


@pytest.mark.parametrize("state", ["offered", "accepted"])
def test_places_cannot_go_below_what_is_taken(state) -> None:
    placement = PlacementFactory(published=True, places=3)
    chosen(placement, state)
    chosen(placement, state)
    placement.places = 1

    with pytest.raises(Refused, match="2 places are taken"):
        actions.change_placement(placement=placement, version=1, by=office_of(placement))
    with pytest.raises(IntegrityError, match="2 are taken"), transaction.atomic():
        Option.objects.filter(pk=placement.pk).update(places=1)

    assert Placement.objects.get(pk=placement.pk).places == 3


def test_places_can_go_down_to_what_is_taken() -> None:
    placement = PlacementFactory(published=True, places=3)
    chosen(placement, "accepted")
    placement.places = 1

    actions.change_placement(placement=placement, version=1, by=office_of(placement))

    assert Placement.objects.get(pk=placement.pk).places == 1


@pytest.mark.parametrize(("field", "value"), [("term", "spring"), ("level", "bachelor"), ("academic_year", 2031)])
def test_a_place_that_was_chosen_stays_what_was_chosen(field, value) -> None:
    placement = PlacementFactory(published=True)
    chosen(placement)
    setattr(placement, field, value)

    with pytest.raises(Refused, match="1 student has chosen it"):
        actions.change_placement(placement=placement, version=1, by=office_of(placement))


def test_change_keeps_removes_and_adds_requirements() -> None:
    placement = PlacementFactory()
    kept = OptionRequirementFactory(option=placement, number=60)
    OptionRequirementFactory(option=placement, number=90)
    new = OptionRequirement(asks="language", language="en", cefr="B2")

    actions.change_placement(placement=placement, version=1, requirements=[kept, new], by=office_of(placement))

    assert sorted(placement.requirements.values_list("asks", "number")) == [("ects", 60), ("language", None)]
    assert placement.requirements.filter(pk=kept.pk).exists()


def test_a_deputy_acts_for_the_holder() -> None:
    placement = PlacementFactory()
    mandate = MandateFactory(university=placement.host, with_deputy=True)
    placement.places = 5

    actions.change_placement(placement=placement, version=1, by=mandate.deputy)

    act = Act.objects.about(placement).get()
    assert (act.actor, act.on_behalf_of) == (mandate.deputy, mandate.person)


# states


def test_placement_every_state_is_reachable() -> None:
    reached = {target for _sources, target in Placement.TRANSITIONS.values()}

    assert reached == set(Placement.State)


@pytest.mark.parametrize(
    ("state", "act", "target"),
    [
        ("draft", actions.publish_placement, "published"),
        ("withdrawn", actions.publish_placement, "published"),
        ("draft", actions.archive_placement, "archived"),
        ("published", actions.archive_placement, "archived"),
        ("withdrawn", actions.archive_placement, "archived"),
        ("archived", actions.restore_placement, "draft"),
    ],
)
def test_each_act_moves_the_place_and_writes_it_down(state, act, target) -> None:
    placement = PlacementFactory(state=state)

    act(placement=placement, by=office_of(placement), now=NOW)

    logged = Act.objects.about(placement).get()
    assert (placement.state, placement.state_since) == (target, NOW)
    assert (logged.before, logged.after) == (state, target)


@pytest.mark.parametrize(
    ("state", "act"),
    [
        ("published", actions.publish_placement),
        ("archived", actions.publish_placement),
        ("archived", actions.archive_placement),
        ("draft", actions.restore_placement),
        ("published", actions.restore_placement),
    ],
)
def test_an_act_from_elsewhere_is_refused(state, act) -> None:
    placement = PlacementFactory(state=state)

    with pytest.raises(Refused, match="changed meanwhile"):
        act(placement=placement, by=office_of(placement), now=NOW)


def test_publishing_names_what_is_missing() -> None:
    placement = PlacementFactory(bare=True)

    with pytest.raises(Refused) as refused:
        actions.publish_placement(placement=placement, by=office_of(placement), now=NOW)

    assert str(refused.value) == (
        "Still missing: a description of what students find, the language it is taught in, somebody to ask."
    )


def test_publishing_reads_what_is_there_now() -> None:
    placement = PlacementFactory()
    Placement.objects.filter(pk=placement.pk).update(description="")

    with pytest.raises(Refused, match="a description of what students find"):
        actions.publish_placement(placement=placement, by=office_of(placement), now=NOW)


def test_withdrawing_takes_it_out_of_rounds_and_tells_who_is_concerned() -> None:
    open_round, closed = RoundFactory(open=True), RoundFactory(closed=True)
    desk = person_as("exchange", open_round.university)
    placement = PlacementFactory(published=True, round=open_round)
    closed.round_options.create(option=placement)
    student = chosen(placement, round=open_round, submitted=True).applicant
    undecided = chosen(placement, round=closed, submitted=True).applicant

    actions.withdraw_placement(placement=placement, reason="The lab is rebuilt.", by=office_of(placement), now=NOW)

    assert list(placement.rounds.all()) == [closed]
    assert {notice.recipient for notice in Notice.objects.all()} == {student, desk}
    assert undecided not in {notice.recipient for notice in Notice.objects.all()}
    assert all("The lab is rebuilt." in notice.body for notice in Notice.objects.all())


@pytest.mark.parametrize(
    ("sent", "advice"),
    [
        (False, "Choose another place while the round is open."),
        (True, "To choose another, withdraw your application and begin a new one while the round is open."),
    ],
)
def test_who_chose_a_withdrawn_place_is_told_what_can_be_done(sent, advice) -> None:
    round = RoundFactory(open=True)
    placement = PlacementFactory(published=True, round=round)
    student = chosen(placement, round=round, submitted=sent).applicant

    actions.withdraw_placement(placement=placement, reason="Rebuilt.", by=office_of(placement), now=NOW)

    assert Notice.objects.get(recipient=student).body.endswith(advice)


def test_a_place_withdrawn_after_it_was_chosen_is_neither_offered_nor_waited_for() -> None:
    story = Story(places=(1,))
    placement = PlacementFactory(published=True, places=1, round=story.round)
    story.options.append(placement.option_ptr)
    best, second, third = story.scored("90", 1, 0), story.scored("80", 1, 0), story.scored("70", 1)

    actions.withdraw_placement(placement=placement, reason="Rebuilt.", by=office_of(placement), now=story.now)
    story.release()
    expire_due_offers()

    assert states(best, second, third) == ["offered", "waitlisted", "waitlisted"]
    assert best.choices.get(state="offered").option == story.options[0]
    assert not placement.choices.holding_a_place().exists()
    assert choice_rows(third)[0].why == "The host has taken this place back."


def test_a_place_withdrawn_while_a_desk_takes_it_up_is_passed_over(monkeypatch) -> None:
    """The host is faster by the moment between the desk's look at the catalogue and its hold on the place."""
    placement = PlacementFactory(published=True)
    round = RoundFactory(academic_year=placement.academic_year)
    hold_options = preparing.hold_options

    def withdrawn_in_between(pks):
        found = list(pks)
        actions.withdraw_placement(placement=placement, reason="Rebuilt.", by=office_of(placement), now=NOW)
        return hold_options(found)

    monkeypatch.setattr(preparing, "hold_options", withdrawn_in_between)

    taken = preparing.offer_options(round=round, options=[placement.pk], by=person_as("exchange", round.university))

    assert (taken, RoundOption.objects.count()) == (0, 0)


def test_withdrawing_needs_a_reason() -> None:
    placement = PlacementFactory(published=True)

    with pytest.raises(Refused, match="Say why"):
        actions.withdraw_placement(placement=placement, reason="  ", by=office_of(placement), now=NOW)


def test_a_place_that_a_student_holds_is_not_withdrawn() -> None:
    placement = PlacementFactory(published=True)
    chosen(placement, "accepted")

    with pytest.raises(Refused, match="1 student holds a place here"):
        actions.withdraw_placement(placement=placement, reason="Rebuilt.", by=office_of(placement), now=NOW)


@pytest.mark.parametrize(("state", "archived"), [("draft", False), ("published", False), ("closed", True)])
def test_a_place_that_a_round_still_offers_is_not_archived(state: str, archived: bool) -> None:
    placement = PlacementFactory(published=True)
    round = RoundFactory(state=state)
    RoundOption.objects.create(round=round, option=placement)

    with nullcontext() if archived else pytest.raises(Refused, match="Withdraw it first"):
        actions.archive_placement(placement=placement, by=office_of(placement), now=NOW)

    assert (Placement.objects.get(pk=placement.pk).state == "archived") is archived


def test_a_place_that_waits_for_a_decision_is_not_archived() -> None:
    placement = PlacementFactory(published=True)
    chosen(placement)

    with pytest.raises(Refused, match="1 application that chose it is not decided"):
        actions.archive_placement(placement=placement, by=office_of(placement), now=NOW)


# copying


def test_copy_is_a_draft_of_the_other_year_with_all_that_belongs_to_it() -> None:
    partner = UniversityFactory()
    placement = PlacementFactory(
        published=True, academic_year=2027, starts_on=date(2028, 2, 29), ends_on=date(2028, 6, 30), partners=[partner]
    )
    OptionRequirementFactory(option=placement, number=60)

    copy = actions.copy_placement(placement=placement, academic_year=2028, by=office_of(placement), now=NOW)

    assert (copy.state, copy.academic_year, copy.version, copy.places) == ("draft", 2028, 1, 2)
    assert (copy.starts_on, copy.ends_on) == (date(2029, 2, 28), date(2029, 6, 30))
    assert copy.slug.endswith("-2028-autumn")
    assert list(copy.only_partners.all()) == [partner]
    assert list(copy.requirements.values_list("number", flat=True)) == [60]
    assert placement.requirements.count() == 1


def test_copying_twice_is_refused() -> None:
    placement = PlacementFactory(academic_year=2027)
    actions.copy_placement(placement=placement, academic_year=2028, by=office_of(placement), now=NOW)

    with pytest.raises(Refused, match="already offer"):
        actions.copy_placement(placement=placement, academic_year=2028, by=office_of(placement), now=NOW)


def test_copy_year_leaves_alone_what_stands_there_and_what_is_archived() -> None:
    host = UniversityFactory()
    kept = PlacementFactory(host=host, title="Robotics", academic_year=2027)
    PlacementFactory(host=host, title="Energy", academic_year=2027)
    PlacementFactory(host=host, title="Old", academic_year=2027, archived=True)
    PlacementFactory(host=host, title="Robotics", academic_year=2028)
    PlacementFactory(title="Elsewhere", academic_year=2027)

    made, there = actions.copy_year(host=host, from_year=2027, to_year=2028, by=office_of(kept), now=NOW)

    assert ([row.title for row in made], there) == (["Energy"], 1)


def test_copy_year_without_places_is_refused() -> None:
    with pytest.raises(Refused, match="no place of 2020/21 to copy"):
        actions.copy_year(host=UniversityFactory(), from_year=2020, to_year=2021, by=UserFactory(), now=NOW)


# words


@pytest.mark.parametrize(
    ("least", "most", "words"),
    [
        (None, None, ""),
        (24, 30, "24 to 30 ECTS"),
        (20, None, "from 20 ECTS"),
        (None, 30, "30 ECTS"),
        (30, 30, "30 ECTS"),
    ],
)
def test_credits_in_words(least, most, words) -> None:
    assert Placement(ects_min=least, ects_max=most).credits == words


def test_clean_names_the_field() -> None:
    with pytest.raises(ValidationError) as wrong:
        PlacementFactory(places=2).__class__(host=UniversityFactory(), places=0).full_clean(exclude=["option_ptr"])

    assert "places" in wrong.value.message_dict
