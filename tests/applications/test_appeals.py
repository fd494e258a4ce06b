"""Appeals: the clock in working days, who may file and who may answer, what an answer does, and who is told."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings

from applications import actions, appeals, providers, reminders
from applications.models import Appeal, AppealFile, Application, Decision, Round
from members.models import Act
from notifications.models import Notice
from tests.applications.files import pdf, picture, upload
from tests.applications.stories import Story, refused_in, results, states
from tests.factories.applications import AppealFactory, AppealFileFactory, ReviewFactory, RoundFactory
from tests.factories.members import MandateFactory, person_as, student_of

GROUNDS = "My transcript shows 62 credits, you counted 26."
BRUSSELS = ZoneInfo("Europe/Brussels")


# the clock


def end_of(*day, zone="Europe/Brussels"):
    return datetime(*day, 23, 59, 59, tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("after", "days", "zone", "last"),
    [
        (datetime(2027, 5, 3, 10, tzinfo=UTC), 5, "Europe/Brussels", end_of(2027, 5, 10)),  # Monday to Monday
        (datetime(2027, 5, 7, 10, tzinfo=UTC), 5, "Europe/Brussels", end_of(2027, 5, 14)),  # Friday to Friday
        (datetime(2027, 5, 8, 10, tzinfo=UTC), 1, "Europe/Brussels", end_of(2027, 5, 10)),  # from a Saturday
        (datetime(2027, 5, 9, 22, 30, tzinfo=UTC), 1, "Europe/Brussels", end_of(2027, 5, 11)),  # Monday there already
        (datetime(2027, 5, 4, 2, tzinfo=UTC), 1, "America/Toronto", end_of(2027, 5, 4, zone="America/Toronto")),
        (datetime(2027, 5, 3, 10, tzinfo=UTC), 10, "Asia/Shanghai", end_of(2027, 5, 17, zone="Asia/Shanghai")),
    ],
    ids=["week", "weekend", "from a weekend", "later day there", "earlier day there", "two weeks"],
)
def test_working_days_are_counted_on_the_clock_of_the_zone(after, days, zone, last):
    assert appeals.end_of_working_day(after, days, ZoneInfo(zone)) == last


@pytest.mark.parametrize(
    ("after", "last"),
    [
        (datetime(2027, 3, 26, 12, tzinfo=UTC), datetime(2027, 3, 29, 21, 59, 59, tzinfo=UTC)),  # forward on the 28th
        (datetime(2027, 10, 29, 12, tzinfo=UTC), datetime(2027, 11, 1, 22, 59, 59, tzinfo=UTC)),  # back on the 31st
    ],
    ids=["summer begins", "summer ends"],
)
def test_a_day_ends_at_midnight_when_the_clocks_have_changed(after, last):
    assert appeals.end_of_working_day(after, 1, BRUSSELS).astimezone(UTC) == last


def test_where_midnight_comes_twice_the_day_ends_with_the_second_one():
    before = datetime(2026, 10, 28, 12, tzinfo=UTC)  # in Cairo the clocks go back at midnight of Thursday the 29th

    last = appeals.end_of_working_day(before, 1, ZoneInfo("Africa/Cairo"))

    assert last.astimezone(UTC) == datetime(2026, 10, 29, 21, 59, 59, tzinfo=UTC)


def test_a_round_without_days_knows_no_appeals():
    round = RoundFactory.build(appeal_days=0)

    assert appeals.appeal_by(round, datetime(2027, 5, 3, 10, tzinfo=UTC)) is None


# filing


@pytest.fixture
def story(db):
    """One place: the first has it, the second waits, the third was found not eligible. A second person at the desk."""
    story = Story(places=(1,))
    story.first, story.second = story.scored("90", 0), story.scored("80", 0)
    [story.third] = refused_in(story)
    for application in (story.first, story.second):
        application.refresh_from_db()
    return story


def filed(story, application=None, files=(), grounds=GROUNDS, **changes):
    application = application or story.third
    words = {"by": application.applicant, "now": story.now} | changes
    return actions.file_appeal(application=application, grounds=grounds, files=files, **words)


def last_told(person):
    return Notice.objects.filter(recipient=person).order_by("pk").last()


def subjects(person):
    return list(Notice.objects.filter(recipient=person).order_by("pk").values_list("subject", flat=True))


def test_the_release_freezes_the_last_moment_and_every_refusing_letter_names_it(story):
    by = appeals.appeal_by(story.round, story.now)
    decisions = {d.application: d for d in Decision.objects.select_related("application")}
    Round.objects.filter(pk=story.round.pk).update(appeal_days=1)

    moments = [decisions[a].appeal_by for a in (story.first, story.second, story.third)]
    named = ["you can appeal until" in decisions[a].letter for a in (story.first, story.second, story.third)]

    assert moments == [None, by, by]
    assert named == [False, True, True]
    assert last_told(story.third.applicant).body == decisions[story.third].letter


def test_a_round_without_appeals_names_none_and_takes_none(db):
    story = Story(places=(1,), appeal_days=0)
    _first, second = story.scored("90", 0), story.scored("80", 0)
    story.release()

    with pytest.raises(actions.Refused):
        filed(story, second)

    assert "appeal" not in Decision.objects.get(application=second).letter


@pytest.mark.parametrize("who", ["second", "third"])
def test_filing_starts_the_offices_clock_and_tells_both_sides(story, who):
    application = getattr(story, who)

    appeal = filed(story, application, [upload(pdf(), "credits.pdf"), upload(pdf(2), "more.pdf")])

    assert (appeal.state, appeal.grounds, appeal.answer_by) == (
        "filed", GROUNDS, appeals.answer_by(story.round, story.now),
    )  # fmt: skip
    assert [file.name for file in appeal.files.all()] == ["credits.pdf", "more.pdf"]
    assert subjects(application.applicant)[-1] == f"We have your appeal: {application.reference}"
    assert subjects(story.judge) == [f"{application.reference}: an appeal was filed"]
    assert f"{application.reference}: an appeal was filed" not in subjects(story.desk)
    assert Act.objects.about(application).last().kind == "appeal.filed"


def test_the_last_moment_counts_and_the_one_after_does_not(story):
    last = Decision.objects.get(application=story.third).appeal_by

    with pytest.raises(actions.Refused, match="You could appeal until"):
        filed(story, now=last + timedelta(microseconds=1))

    assert filed(story, now=last).state == "filed"


def test_a_decision_is_appealed_once_but_after_taking_it_back_again(story):
    first = filed(story)
    with pytest.raises(actions.Refused, match="You have appealed this decision already"):
        filed(story)

    actions.withdraw_appeal(appeal=first, by=story.third.applicant, now=story.now)
    second = filed(story)
    actions.dismiss_appeal(appeal=second, reasons="26 it is.", by=story.judge, now=story.now)

    with pytest.raises(actions.Refused, match="You have appealed this decision already"):
        filed(story)
    assert [a.state for a in story.third.appeals.order_by("pk")] == ["withdrawn", "dismissed"]


def test_who_has_an_offer_has_nothing_to_appeal_and_nobody_appeals_for_another(story):
    for application, by in ((story.first, story.first.applicant), (story.third, story.second.applicant)):
        with pytest.raises(actions.Refused):
            filed(story, application, by=by)
    with pytest.raises(actions.Refused):
        filed(story, by=story.desk)


def stored():
    """Every file in the store."""
    return {path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    ("grounds", "files", "sentence"),
    [
        (" Because it is wrong", (), "at least 20 characters"),
        ("x" * 3001, (), "at most 3000 characters"),
        (GROUNDS, [("a.png", picture())], "“a.png” is a picture. Save it as PDF."),
        (GROUNDS, [("a.pdf", b"MZ\x90\x00" + b"\0" * 300)], "is not a PDF"),
        (GROUNDS, [("a.pdf", pdf()), ("b.pdf", pdf())], "The same file was sent twice."),
        (GROUNDS, [(f"{n}.pdf", pdf(n)) for n in range(1, 5)], "Three files at most."),
    ],
    ids=["short", "long", "picture", "executable", "twice", "four"],
)
def test_bad_input_is_refused_and_leaves_no_file(story, grounds, files, sentence):
    before = stored()

    with pytest.raises(actions.Refused, match=sentence):
        filed(story, grounds=grounds, files=[upload(content, name) for name, content in files])

    assert (Appeal.objects.count(), AppealFile.objects.count(), stored()) == (0, 0, before)


def test_line_ends_of_a_browser_do_not_count_twice(story):
    assert filed(story, grounds="One line of it.\r\nAnd another.").grounds == "One line of it.\nAnd another."


# who may answer


def may(person, appeal):
    fresh = type(person).objects.get(pk=person.pk)
    return fresh.has_perm("applications.answer_appeal", appeal)


def test_who_made_the_decision_or_reviewed_does_not_answer(story):
    university = story.round.university
    stepped_back, recommends = person_as("exchange", university), person_as("exchange", university)
    ReviewFactory(application=story.third, reviewer=stepped_back, state="recused")
    Application.objects.filter(pk=story.third.pk).update(referee=recommends.email.upper())
    competing = student_of(university)
    MandateFactory(person=competing, university=university)
    other = {"round": story.round, "applicant": competing, "state": "rejected", "state_since": story.now}
    Application.objects.create(**other, reference="EX-COMP-00", submitted_at=story.now)
    appeal = filed(story)

    people = {
        "judge": story.judge, "made it": story.desk, "stepped back": stepped_back, "recommends": recommends,
        "competes": competing, "head": person_as("head", university), "official": person_as("official", university),
        "elsewhere": person_as("exchange"), "secretariat": person_as("secretariat"), "student": story.third.applicant,
    }  # fmt: skip

    assert {name for name, person in people.items() if may(person, appeal)} == {"judge"}


def test_a_deputy_answers_for_who_made_the_decision_may_not(story):
    deputy = person_as("reviewer", story.round.university)
    story.desk.mandates.update(deputy=deputy)
    story.judge.mandates.all().update(ends_on=story.now.date() - timedelta(days=1))

    assert may(deputy, filed(story))


def test_where_nobody_of_the_desk_is_left_the_head_and_the_official_answer(story):
    university = story.round.university
    head, official = person_as("head", university), person_as("official", university)
    elsewhere = person_as("head")
    story.judge.mandates.all().update(ends_on=story.now.date() - timedelta(days=1))

    appeal = filed(story)

    assert [may(person, appeal) for person in (head, official, elsewhere, story.judge)] == [True, True, False, False]
    assert [len(subjects(person)) for person in (head, official)] == [1, 1]
    for person in (head, official, elsewhere):
        seen = Application.objects.visible_to(type(person).objects.get(pk=person.pk))
        assert seen.filter(pk=story.third.pk).exists() is (person != elsewhere)


def test_the_head_sees_the_file_only_while_the_appeal_waits(story):
    head = person_as("head", story.round.university)
    story.judge.mandates.all().update(ends_on=story.now.date() - timedelta(days=1))
    appeal = filed(story)

    actions.dismiss_appeal(appeal=appeal, reasons="26 it is.", by=head, now=story.now)

    assert not Application.objects.visible_to(head).exists()


def test_where_nobody_at_all_is_left_the_desk_is_told(story):
    story.judge.mandates.all().update(ends_on=story.now.date() - timedelta(days=1))

    appeal = filed(story)

    assert subjects(story.desk)[-1] == f"{story.third.reference}: an appeal was filed"
    assert not may(story.desk, appeal)


# the answer


def answer(appeal, story, remedy=None, **changes):
    words = {"reasons": "We counted again: 62.", "by": story.judge, "now": story.now} | changes
    if remedy is None:
        return actions.dismiss_appeal(appeal=appeal, **words)
    return actions.uphold_appeal(appeal=appeal, remedy=remedy, choice=words.pop("choice", None), **words)


def test_dismissed_the_application_stays_as_it_was(story):
    appeal = answer(filed(story), story)

    assert (appeal.state, appeal.reasons, appeal.decided_by, states(story.third)) == (
        "dismissed", "We counted again: 62.", story.judge, ["rejected"],
    )  # fmt: skip
    told = last_told(story.third.applicant)
    assert told.subject == f"Your appeal was dismissed: {story.third.reference}"
    assert "We counted again: 62." in told.body


@pytest.mark.parametrize("remedy", [None, "place", "wait"])
def test_an_answer_needs_reasons_and_somebody_who_may(story, remedy):
    appeal, choice = filed(story), story.third.choices.get()

    for wrong in ({"reasons": " "}, {"by": story.desk}, {"by": story.third.applicant}):
        with pytest.raises(actions.Refused):
            answer(appeal, story, remedy, choice=choice, **wrong) if remedy else answer(appeal, story, **wrong)

    appeal.refresh_from_db()
    assert (appeal.state, states(story.third)) == ("filed", ["rejected"])


def test_upheld_with_a_free_place_it_is_offered_with_days_of_its_own(story):
    story.options[0].places = 2
    story.options[0].save()
    actions.move_up_waiting(option=story.options[0], now=story.now)
    actions.decline_offer(application=story.first, reason="", by=story.first.applicant, now=story.now)
    appeal = filed(story)
    story.now += timedelta(days=3)

    answer(appeal, story, "place", choice=story.third.choices.get())

    story.third.refresh_from_db()
    appeal.refresh_from_db()
    assert (appeal.state, appeal.remedy, appeal.choice.application) == ("upheld", "place", story.third)
    assert (story.third.state, results(story.third)) == ("offered", [("offered", "Your appeal was upheld.")])
    assert story.third.answer_by > story.now + timedelta(days=story.round.answer_days - 1)
    told = last_told(story.third.applicant)
    assert told.subject == f"Your appeal was upheld: {story.third.reference}"
    assert "Please accept or decline by" in told.body
    assert Act.objects.about(story.third).last().after == "offered"


def test_a_place_that_somebody_has_is_not_taken_away(story):
    appeal = filed(story)

    with pytest.raises(actions.Refused, match="No place is left there"):
        answer(appeal, story, "place", choice=story.third.choices.get())

    assert states(story.first, story.third) == ["offered", "rejected"]


def test_upheld_without_a_free_place_it_waits_in_line_by_score(story):
    answer(filed(story), story, "wait")

    assert (states(story.third), results(story.third)) == (["waitlisted"], [("waiting", "Your appeal was upheld.")])
    line = [choice.application for choice in actions.waiting_line(story.options[0])]
    assert line == [story.second, story.third]


def test_nobody_is_put_in_line_before_a_free_place(story):
    story.options[0].places = 3
    story.options[0].save()
    actions.move_up_waiting(option=story.options[0], now=story.now)

    with pytest.raises(actions.Refused, match="A place is free"):
        answer(filed(story), story, "wait")


def test_who_waits_already_is_not_put_in_line_again(story):
    with pytest.raises(actions.Refused, match="has moved on"):
        answer(filed(story, story.second), story, "wait")


def test_a_place_of_somebody_elses_application_is_not_given(story):
    with pytest.raises(actions.Refused, match="Choose the place"):
        answer(filed(story), story, "place", choice=story.second.choices.get())


def test_an_offer_from_the_list_overtakes_the_appeal_which_still_gets_its_answer(story):
    appeal = filed(story, story.second)
    actions.decline_offer(application=story.first, reason="", by=story.first.applicant, now=story.now)

    with pytest.raises(actions.Refused, match="has moved on"):
        answer(appeal, story, "place", choice=story.second.choices.get())
    answer(appeal, story, reasons="You were offered the place meanwhile.")

    assert states(story.second) == ["offered"]


def test_an_answer_is_given_once(story):
    appeal = answer(filed(story), story)

    for again in (lambda: answer(appeal, story), lambda: answer(appeal, story, "wait")):
        with pytest.raises(actions.Refused):
            again()
    with pytest.raises(actions.Refused):
        actions.withdraw_appeal(appeal=appeal, by=story.third.applicant, now=story.now)


def test_with_a_withdrawn_application_its_appeal_goes(story):
    appeal = filed(story, story.second)

    actions.withdraw(application=story.second, reason="", by=story.second.applicant, now=story.now)

    appeal.refresh_from_db()
    assert (appeal.state, states(story.second)) == ("withdrawn", ["withdrawn"])


def test_a_round_is_not_put_away_while_an_appeal_waits(story):
    appeal = filed(story)
    actions.accept_offer(application=story.first, by=story.first.applicant, now=story.now)
    later = story.now + timedelta(days=30)
    with pytest.raises(actions.Refused, match="Some appeals still wait"):
        actions.archive_round(round=story.round, by=story.desk, now=later)

    answer(appeal, story)
    actions.archive_round(round=story.round, by=story.desk, now=later)

    assert states(story.second) == ["rejected"]


def test_a_round_of_which_everybody_was_answered_can_be_put_away_at_once(story):
    actions.accept_offer(application=story.first, by=story.first.applicant, now=story.now)
    for application in (story.second, story.third):
        answer(filed(story, application), story)

    actions.archive_round(round=story.round, by=story.desk, now=story.now)

    assert Round.objects.get().state == "archived"


# tasks, deadlines, reminders


def tasks_of(person, now):
    return [task.title for task in providers.tasks(type(person).objects.get(pk=person.pk), now)]


def test_the_task_waits_for_who_may_answer_with_its_date(story):
    appeal = filed(story)

    [task] = providers.tasks(story.judge, story.now)

    assert (task.title, task.due_at, task.state) == (
        f"Answer the appeal {story.third.reference}", appeal.answer_by, "Waits for its answer",
    )  # fmt: skip
    assert tasks_of(story.desk, story.now) == []
    [late] = providers.tasks(story.judge, appeal.answer_by + timedelta(seconds=1))
    assert late.state == "Late"


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
def test_tasks_query_count(django_assert_num_queries, count):
    judge = person_as("exchange")
    [university] = judge.universities_as("exchange")
    for _ in range(count):
        appeal = AppealFactory()
        Round.objects.filter(pk=appeal.application.round_id).update(university=university)
    judge = type(judge).objects.get(pk=judge.pk)

    with django_assert_num_queries(9):  # mandates; own, documents, reviews, rounds; appeals, reviews, offices, rivals
        assert len(list(providers.tasks(judge, appeal.filed_at))) == count


def test_who_may_answer_has_the_promised_moment_among_the_deadlines(story):
    appeal = filed(story)

    found = {who: deadlines_of(person, story.now) for who, person in (("judge", story.judge), ("desk", story.desk))}

    assert found == {"judge": [("appeal", appeal.answer_by)], "desk": []}


def deadlines_of(person, now):
    return [
        (d.kind, d.at) for d in providers.deadlines(type(person).objects.get(pk=person.pk), now) if d.kind == "appeal"
    ]


def test_the_last_moment_to_appeal_is_a_deadline_until_it_is_used_or_over(story):
    person, by = story.third.applicant, Decision.objects.get(application=story.third).appeal_by
    before = deadlines_of(person, story.now)

    appeal = filed(story)
    meanwhile = deadlines_of(person, story.now)
    actions.withdraw_appeal(appeal=appeal, by=person, now=story.now)

    assert (before, meanwhile) == ([("appeal", by)], [])
    assert (deadlines_of(person, by), deadlines_of(person, by + timedelta(seconds=1))) == ([("appeal", by)], [])


def test_who_answers_is_reminded_before_and_every_week_after(story):
    appeal = filed(story)
    Notice.objects.all().delete()

    told = []
    for hours in (-80, -60, -60, -20, 1, 24, 24 * 8):
        reminders.send_due(appeal.answer_by + timedelta(hours=hours))
        told.append(Notice.objects.filter(recipient=story.judge).count())

    assert told == [0, 1, 1, 2, 3, 3, 4]
    assert subjects(story.judge)[2] == f"Late: answer the appeal {story.third.reference}"
    answer(appeal, story)
    reminders.send_due(appeal.answer_by + timedelta(days=30))
    assert Notice.objects.filter(recipient=story.judge).count() == 4


def test_nothing_is_decided_by_the_clock(story):
    appeal = filed(story)

    reminders.send_due(appeal.answer_by + timedelta(days=100))

    appeal.refresh_from_db()
    assert (appeal.state, states(story.third)) == ("filed", ["rejected"])


def test_a_clone_keeps_the_clocks(db):
    from applications.actions.cloning import COPIED

    assert {"appeal_days", "appeal_answer_days"} <= set(COPIED)


def test_files_are_found_by_their_own_code(db):
    assert AppealFileFactory(sha256="ab" * 32).code == "ab" * 8
