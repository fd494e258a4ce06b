"""Who may do what with programmes, courses and cotutelles, and acts taken from elsewhere or a second time."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from members.acts import Conflict, Refused
from members.models import Act
from notifications.models import Notice
from programmes import actions, permissions
from programmes.actions import cotutelles
from programmes.cotutelles import held_of_people, kept
from programmes.models import Cotutelle, Course, Intake, Programme, ProgrammeCourse, Revision, WishListItem
from programmes.showing import timeline_of, wished_among
from tests.factories.members import MandateFactory, UniversityFactory, UserFactory, person_as, student_of
from tests.factories.programmes import (
    CotutelleFileFactory,
    CotutelleSupervisorFactory,
    CourseFactory,
    IntakeFactory,
    RevisionFactory,
    WishListItemFactory,
    cotutelle_in,
    open_intake,
    programme_between,
)

pytestmark = pytest.mark.django_db

NOW = timezone.now()
UNKNOWN = "This is not yours to do, or the moment for it has passed."


@pytest.fixture
def kth():
    return UniversityFactory(slug="kth", short_name="KTH", member=True)


@pytest.fixture
def kit():
    return UniversityFactory(slug="kit", short_name="KIT", member=True)


@pytest.fixture
def secretariat():
    return person_as("secretariat")


def acts_on(thing):
    return [act.kind.partition(".")[2] for act in Act.objects.about(thing)]


# Who may

MAY = {
    "add_programme": {"coordinating director", "partner's director", "director elsewhere", "secretariat"},
    "edit_programme": {"coordinating director", "partner's director", "secretariat"},
    "submit_programme": {"coordinating director", "partner's director"},
    "curate_programme": {"secretariat"},
    "archive_programme": {"coordinating director", "secretariat"},
    "edit_intakes": {"coordinating director", "partner's director", "secretariat"},
    "edit_course_list": {"coordinating director", "partner's director", "secretariat"},
    "open_round": {"coordinating director", "secretariat"},
}
OF_THE_ARCHIVE = {"curate_programme": {"secretariat"}, "archive_programme": {"coordinating director", "secretariat"}}


def people_of(kth, kit):
    return {
        "coordinating director": person_as("director", kth),
        "partner's director": person_as("director", kit),
        "director elsewhere": person_as("director"),
        "director whose time is over": person_as("director", kth, ends_on=date(2020, 12, 31)),
        "coordinator": person_as("coordinator", kth),
        "exchange office": person_as("exchange", kth),
        "official": person_as("official", kth),
        "secretariat": person_as("secretariat"),
        "student": student_of(kth),
        "nobody": UserFactory(),
        "visitor": AnonymousUser(),
    }


def those_who_may(people, act, thing=None):
    return {who for who, person in people.items() if person.has_perm(f"programmes.{act}", thing)}


@pytest.mark.parametrize("state", ["draft", "published"])
def test_what_each_may_do_with_a_programme(kth, kit, state) -> None:
    people, programme = (
        people_of(kth, kit),
        programme_between(kth, kit, **({} if state == "published" else {"state": state})),
    )

    may = {act: those_who_may(people, act, None if act == "add_programme" else programme) for act in MAY}

    assert may == MAY


def test_an_archived_programme_is_brought_back_before_anybody_changes_it(kth, kit) -> None:
    people = people_of(kth, kit)
    programme = programme_between(kth, kit, state="archived")

    may = {act: found for act in MAY if act != "add_programme" and (found := those_who_may(people, act, programme))}

    assert may == OF_THE_ARCHIVE


def test_without_a_coordinating_partner_the_secretariat_alone_ends_it(kth, kit) -> None:
    people = people_of(kth, kit)
    programme = programme_between(kth, kit)
    programme.partners.update(role="awarding")
    programme = Programme.objects.get(pk=programme.pk)

    assert those_who_may(people, "archive_programme", programme) == {"secretariat"}


def test_courses_are_kept_at_home_by_three_desks_and_everywhere_by_the_secretariat(kth, kit) -> None:
    people = people_of(kth, kit)
    keepers = {"coordinator", "exchange office", "official", "secretariat"}

    assert those_who_may(people, "keep_courses", kth) == keepers
    assert those_who_may(people, "keep_courses", CourseFactory(university=kth)) == keepers
    assert those_who_may(people, "keep_courses", kit) == {"secretariat"}


def test_only_confirmed_students_begin_a_cotutelle(kth, kit) -> None:
    assert those_who_may(people_of(kth, kit), "begin_cotutelle") == {"student"}


def test_of_a_cotutelle_the_secretariat_sees_how_many_there_are_and_no_more(kth, kit, secretariat) -> None:
    file = cotutelle_in("requested", home=kth, partner=kit)

    names = ("view_cotutelle", "edit_cotutelle", "decide_cotutelle", "list_cotutelles", "count_cotutelles")
    may = {name for name in names if secretariat.has_perm(f"programmes.{name}", file)}

    assert may == {"count_cotutelles"}


def test_both_desks_decide_and_the_candidate_never_though_they_sit_there(kth, kit) -> None:
    file = cotutelle_in("requested", home=kth, partner=kit)
    at_home, at_partner = person_as("coordinator", kth), person_as("official", kit)
    MandateFactory(coordinator=True, university=kth, person=file.candidate)
    candidate = type(file.candidate).objects.get(pk=file.candidate_id)
    others = [person_as("director", kth), person_as("coordinator")]

    decide = [
        person.has_perm("programmes.decide_cotutelle", file) for person in (at_home, at_partner, candidate, *others)
    ]

    assert decide == [True, True, False, False, False]
    assert [permissions.sides_of(person, file) for person in (at_home, at_partner, AnonymousUser())] == [
        ["home"], ["partner"], [],
    ]  # fmt: skip


# Versions, taken from elsewhere or twice

STEPS = {
    "submit": ("draft", actions.submit),
    "take_back": ("review", actions.take_back),
    "drop": ("draft", actions.drop),
}


@pytest.mark.parametrize("step", STEPS)
def test_a_step_of_the_directors_is_taken_once(kth, kit, step) -> None:
    state, act = STEPS[step]
    programme, director = programme_between(kth, kit), person_as("director", kth)
    RevisionFactory(programme=programme, state=state)

    act(programme=programme, by=director, now=NOW)
    with pytest.raises(Refused):
        act(programme=programme, by=director, now=NOW)

    assert len(acts_on(programme)) == 1


@pytest.mark.parametrize("act", [actions.submit, actions.take_back, actions.drop])
def test_without_a_version_there_is_nothing_to_decide_about(kth, kit, act) -> None:
    with pytest.raises(Refused, match=r"There is no version of this programme to decide about\."):
        act(programme=programme_between(kth, kit), by=person_as("director", kth), now=NOW)


@pytest.mark.parametrize("state", ["draft", "returned"])
def test_only_what_was_handed_in_is_returned_or_taken_back(kth, kit, secretariat, state) -> None:
    programme = programme_between(kth, kit)
    RevisionFactory(programme=programme, state=state, comment="Name the thesis rule." if state == "returned" else "")

    with pytest.raises(Refused, match="Somebody else decided about this version meanwhile"):
        actions.give_back(programme=programme, comment="More.", by=secretariat, now=NOW)
    with pytest.raises(Refused, match="Somebody else decided about this version meanwhile"):
        actions.take_back(programme=programme, by=person_as("director", kth), now=NOW)

    assert (acts_on(programme), Notice.objects.count()) == ([], 0)


@pytest.mark.parametrize(
    "seen", [(0, 0), (1, 2), (2, 1)], ids=["neither", "the programme moved on", "the version moved on"]
)
def test_what_was_not_compared_is_not_published(kth, kit, secretariat, seen) -> None:
    programme = programme_between(kth, kit)
    revision = RevisionFactory(programme=programme, submitted=True)
    assert (revision.version, programme.version) == (1, 1)

    with pytest.raises(Conflict, match="compare again before you publish"):
        actions.publish(programme=programme, seen=seen, by=secretariat, now=NOW)

    assert Revision.objects.get().state == "review"


def test_archiving_drops_the_version_and_is_done_once(kth, kit, secretariat) -> None:
    programme = programme_between(kth, kit)
    revision = RevisionFactory(programme=programme)

    actions.archive(programme=programme, reason="  It has run its course. ", by=secretariat, now=NOW)
    with pytest.raises(Refused):
        actions.archive(programme=programme, reason="Again.", by=secretariat, now=NOW)
    revision.refresh_from_db()

    assert (revision.state, Act.objects.about(programme).get().reason) == ("dropped", "It has run its course.")


@pytest.mark.parametrize("state", ["draft", "published"])
def test_only_what_is_archived_is_brought_back(kth, kit, secretariat, state) -> None:
    programme = programme_between(kth, kit, **({"state": "draft"} if state == "draft" else {}))

    with pytest.raises(Refused):
        actions.restore(programme=programme, by=secretariat)


def test_the_history_tells_the_same_act_of_the_same_person_in_a_row_once(kth, kit) -> None:
    programme, director = programme_between(kth, kit, state="draft"), person_as("director", kth)
    RevisionFactory(programme=programme)
    other = person_as("director", kit)
    for by in (director, director, other, director):
        actions.submit(programme=programme, by=by, now=NOW)
        actions.take_back(programme=programme, by=by, now=NOW)

    labels = [(step["label"], step["by"]) for step in timeline_of(programme, last=3)]

    assert labels == [("Taken back", str(director)), ("Submitted", str(director)), ("Taken back", str(other))]


# Intakes


def test_an_intake_is_removed_once_and_takes_its_seats_along(kth, kit) -> None:
    programme, director = programme_between(kth, kit), person_as("director", kth)
    intake = open_intake(programme)

    actions.remove_intake(intake=intake, by=director)

    assert (Intake.objects.count(), programme.intakes.count()) == (0, 0)
    assert acts_on(programme) == ["intake_removed"]


def test_a_copy_of_a_copy_is_two_years_later(kth, kit) -> None:
    programme, director = programme_between(kth, kit), person_as("director", kth)
    intake = open_intake(programme, places=2)

    twice = actions.copy_intake(intake=actions.copy_intake(intake=intake, by=director), by=director)

    assert twice.academic_year == intake.academic_year + 2
    assert sorted(seats.places for seats in twice.seats.all()) == [2, 2]
    assert (twice.round_id, twice.version) == (None, 1)


def test_a_round_is_made_of_the_intake_as_it_stands(kth, kit) -> None:
    programme, director = programme_between(kth, kit), person_as("director", kth)
    intake = open_intake(programme)
    read_before = Intake.objects.select_related("programme").get(pk=intake.pk)
    Intake.objects.update(closes_at=intake.closes_at + timedelta(days=3))

    round_ = actions.open_round(intake=read_before, by=director)

    assert round_.closes_at == intake.closes_at + timedelta(days=3)
    assert (round_.max_choices, round_.state) == (2, "draft")
    with pytest.raises(Refused, match="has its application round already"):
        actions.open_round(intake=read_before, by=director)


def test_places_of_nothing_make_no_seats(kth, kit) -> None:
    programme = programme_between(kth, kit)
    pathways = list(programme.pathways.all())
    intake = IntakeFactory.build(programme=programme, key="")

    saved = actions.save_intake(
        intake=intake, version=1, places={pathways[0].pk: 0, pathways[1].pk: 4}, by=person_as("director", kth)
    )

    assert [(seats.pathway, seats.places) for seats in saved.seats.all()] == [(pathways[1], 4)]
    assert saved.key == "2027-autumn"


# Courses and wishes


def test_a_course_ends_in_its_first_year_at_the_earliest(kth) -> None:
    keeper, course = person_as("coordinator", kth), CourseFactory(university=kth, first_year=2026)

    with pytest.raises(Refused, match="It is taught from 2026/27; choose that year or a later one"):
        actions.close_course(course=course, last_year=2025, by=keeper)
    actions.close_course(course=course, last_year=2026, by=keeper)
    actions.reopen_course(course=course, by=keeper)
    with pytest.raises(Refused, match="This course has no last year"):
        actions.reopen_course(course=course, by=keeper)

    assert (Course.objects.get().last_year, acts_on(course)) == (None, ["closed", "reopened"])


def test_nothing_is_added_to_a_list_where_one_of_the_courses_will_not_do(kth, kit) -> None:
    programme, director = programme_between(kth, kit), person_as("director", kth)
    ours, strangers = CourseFactory(university=kit), CourseFactory()
    words = {"pathway": None, "semester": 1, "part": "compulsory", "group": "", "by": director}

    with pytest.raises(Refused, match="is taught at a university that is no partner"):
        actions.add_to_course_list(programme=programme, courses=[ours, strangers], **words)

    assert not ProgrammeCourse.objects.exists()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"part": "compulsory", "group": "Control"}, "A compulsory course belongs to no group of electives"),
        ({"semester": 13}, "12"),
    ],
    ids=["a group of compulsory ones", "a thirteenth semester"],
)
def test_a_place_that_is_none_is_refused_in_words(kth, kit, words, sentence) -> None:
    place = {"pathway": None, "semester": 1, "part": "compulsory", "group": ""} | words

    with pytest.raises(Refused, match=sentence):
        actions.add_to_course_list(
            programme=programme_between(kth, kit), courses=[CourseFactory(university=kit)], **place,
            by=person_as("director", kth),
        )  # fmt: skip


def test_wishing_twice_is_wishing_once_and_taking_off_twice_is_no_mistake(kth, kit) -> None:
    programme, person = programme_between(kth, kit), UserFactory()
    other = WishListItemFactory(programme=programme)

    for act in (actions.add_wish, actions.add_wish):
        act(programme=programme, by=person)
    assert wished_among([programme], person) == {programme.pk}
    for act in (actions.remove_wish, actions.remove_wish):
        act(programme=programme, by=person)

    assert list(WishListItem.objects.all()) == [other]
    assert wished_among([programme], AnonymousUser()) == set()


# Cotutelles: what is kept, and what is erased


@pytest.mark.parametrize(
    ("state", "hinders"),
    [("draft", False), ("sent_back", False), ("requested", True), ("convention", True), ("running", True),
     ("defended", False), ("refused", False)],
)  # fmt: skip
def test_what_two_universities_rely_on_hinders_an_erasure(state, hinders) -> None:
    file = cotutelle_in(state)

    assert bool(held_of_people.open_cotutelle(file.candidate, NOW)) is hinders


@pytest.mark.parametrize(("state", "after"), [("draft", "withdrawn"), ("refused", "refused"), ("defended", "defended")])
def test_an_erasure_leaves_that_there_was_a_file_and_how_it_ended(state, after) -> None:
    file, other = cotutelle_in(state), cotutelle_in(state)

    assert held_of_people.erase_cotutelles(file.candidate, NOW) == 1

    file.refresh_from_db()
    assert (file.state, file.title, file.motivation, file.supervisors.count(), file.files.count()) == (
        after,
        "",
        "",
        0,
        0,
    )
    assert (other.supervisors.count(), other.files.count()) == (2, 2)


def test_a_supervisor_who_is_erased_leaves_a_place_without_a_name() -> None:
    row = CotutelleSupervisorFactory(user=UserFactory(), name="Prof. A")
    other = CotutelleSupervisorFactory(cotutelle=row.cotutelle, name="Prof. B")

    held_of_people.erase_supervisions(row.user, NOW)

    assert sorted(row.cotutelle.supervisors.values_list("name", "email")) == [
        ("Erased person", ""),
        ("Prof. B", other.email),
    ]


@pytest.mark.parametrize("state", ["refused", "withdrawn"])
def test_papers_and_words_of_what_came_to_nothing_end_and_are_found_once(state) -> None:
    file = cotutelle_in(state)
    Cotutelle.objects.update(state_since=NOW - timedelta(days=400))
    signed = cotutelle_in("defended")
    Cotutelle.objects.filter(pk=signed.pk).update(state_since=NOW - timedelta(days=4000))

    assert set(kept.papers_of_ended(NOW)) == set(file.files.all())
    assert list(kept.papers_of_ended(NOW - timedelta(days=400))) == []
    assert list(kept.ended_with_words(NOW)) == [file]
    held_of_people.forget_words([file.pk])
    assert list(kept.ended_with_words(NOW)) == []


def test_a_paper_is_forgotten_with_its_row_and_its_file(django_capture_on_commit_callbacks) -> None:
    paper = CotutelleFileFactory()
    other = CotutelleFileFactory()

    with django_capture_on_commit_callbacks(execute=True):
        kept.forget_papers([paper.pk], None)

    assert [one.file.storage.exists(one.file.name) for one in (paper, other)] == [False, True]


def test_a_desk_agrees_once_for_its_university_whoever_sits_there(kth, kit) -> None:
    file = cotutelle_in("requested", home=kth, partner=kit)

    cotutelles.agree(cotutelle=file, by=person_as("coordinator", kth), now=NOW)
    with pytest.raises(Refused, match=r"Your university has agreed already\."):
        cotutelles.agree(cotutelle=file, by=person_as("official", kth), now=NOW)

    file.refresh_from_db()
    assert (file.state, acts_on(file)) == ("home_agreed", ["agreed"])


@pytest.mark.parametrize("state", ["running", "defended", "refused"])
def test_a_candidate_does_not_withdraw_what_is_signed_or_over(state) -> None:
    file = cotutelle_in(state)

    with pytest.raises(Refused, match="This file has moved on meanwhile"):
        cotutelles.withdraw(cotutelle=file, reason="", by=file.candidate, now=NOW)


def test_others_do_not_withdraw_it(kth, kit) -> None:
    file = cotutelle_in("requested", home=kth, partner=kit)

    with pytest.raises(Refused, match=UNKNOWN):
        cotutelles.withdraw(cotutelle=file, reason="", by=person_as("coordinator", kth), now=NOW)
