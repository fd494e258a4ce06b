"""What may be done with practices, what each act leaves behind, and what the database refuses whoever asks."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.db.utils import ProgrammingError
from django.utils import timezone

from members.acts import Conflict, Refused
from members.models import Act, User
from notifications.models import Notice
from practices import actions, content
from practices.content import Piece, content_of, differences, fingerprint, gaps, marked
from practices.models import (
    Adoption,
    CurationNote,
    EvidenceFile,
    EvidenceLink,
    Practice,
    PracticeVersion,
    Question,
    Topic,
)
from practices.turns import turn_of
from tests.applications.files import pdf
from tests.factories.members import MandateFactory, UniversityFactory, UserFactory, person_as, student_of
from tests.factories.practices import (
    AdoptionFactory,
    EvidenceFileFactory,
    EvidenceLinkFactory,
    PracticeFactory,
    PracticeFollowFactory,
    PracticeVersionFactory,
    TopicFactory,
    TopicFollowFactory,
    add_version,
    practice_of,
)

pytestmark = pytest.mark.django_db
NOW = timezone.now()
State = PracticeVersion.State


def secretary():
    return person_as("secretariat")


def reviewer():
    return person_as("reviewer")


def told(person):
    return list(Notice.objects.filter(recipient=person).order_by("pk").values_list("subject", flat=True))


def acts_of(practice):
    return [act.kind for act in Act.objects.about(practice)]


def submit(practice):
    return actions.submit(practice=practice, by=practice.owner, now=NOW)


def publish(practice, by=None, comment=""):
    seen = PracticeVersion.objects.get(practice=practice, state=State.SUBMITTED).sha256
    return actions.publish(practice=practice, seen=seen, comment=comment, by=by or secretary(), now=NOW)


def save(version, by, *, seen=None, topics=None, links=()):
    topics = list(version.topics.all()) if topics is None else topics
    seen = version.version if seen is None else seen
    return actions.save_version(version=version, seen=seen, topics=topics, links=links, by=by)


# the machines


def test_practice_every_state_is_reachable() -> None:
    assert {target for _sources, target in Practice.TRANSITIONS.values()} == set(Practice.State)


def test_version_every_state_is_reachable() -> None:
    assert {target for _sources, target in PracticeVersion.TRANSITIONS.values()} == set(State)


# writing


def test_a_new_practice_is_a_draft_with_a_reference() -> None:
    writer = person_as("coordinator")
    university = writer.mandates.get().university

    practice = actions.begin_practice(university=university, title=" Heat ", by=writer, now=NOW)

    assert practice.reference.startswith("BP-")
    assert (practice.state, practice.title, practice.latest.contact) == ("draft", "Heat", writer)
    assert acts_of(practice) == ["practice.begun"]


@pytest.mark.parametrize("role", ["auditor", "student", "elsewhere"])
def test_only_who_acts_for_the_university_shares_its_practices(role) -> None:
    university = UniversityFactory()
    person = {
        "auditor": lambda: person_as("auditor", university),
        "student": lambda: student_of(university),
        "elsewhere": lambda: person_as("director"),
    }[role]()

    with pytest.raises(Refused, match="for which you act"):
        actions.begin_practice(university=university, title="Heat", by=person, now=NOW)


def test_saving_keeps_topics_and_links_in_order() -> None:
    practice = practice_of(state="draft", topics=())
    topics = [TopicFactory(code="campus.02"), TopicFactory(code="campus.01")]
    links = [EvidenceLink(label=name, url=f"https://{name}.example") for name in ("b", "a")]

    save(practice.latest, practice.owner, topics=topics, links=links)

    assert {topic.pk for topic in practice.latest.topics.all()} == {"campus.01", "campus.02"}
    assert [link.label for link in practice.latest.links.all()] == ["b", "a"]


def test_the_second_of_two_who_save_is_told() -> None:
    practice = practice_of(state="draft")
    first, second = (PracticeVersion.objects.get(pk=practice.latest.pk) for _copy in range(2))
    first.problem, second.problem = "The first wrote this.", "The second wrote this."
    save(first, practice.owner)

    with pytest.raises(Conflict):
        save(second, practice.owner, seen=1)

    assert PracticeVersion.objects.get(pk=first.pk).problem == "The first wrote this."


def test_what_the_curators_have_is_not_changed() -> None:
    practice = practice_of(state="submitted")

    with pytest.raises(Refused, match="take it back"):
        save(practice.latest, practice.owner)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"summary": ""}, "Fill in “In one sentence”."),
        ({"problem": "Too hot"}, "Say more under “Problem”: it has 2 words."),
        ({"result": " "}, "Fill in “Result”."),
        ({"conditions": ""}, "Fill in “Conditions for others”."),
        ({"cost_eur": None}, "Say what it took: euros, person-months, or in words. Nothing at all is 0."),
        ({"evidence": ""}, "Say how you know that it works: in words, by a link or a file."),
    ],
)
def test_an_incomplete_practice_is_not_submitted(changes, sentence) -> None:
    practice = practice_of(state="draft", **changes)

    assert gaps(content_of(practice.latest)) == [sentence]
    with pytest.raises(Refused, match="Not complete yet"):
        submit(practice)


def test_a_practice_without_a_topic_is_not_submitted() -> None:
    practice = practice_of(state="draft", topics=())

    with pytest.raises(Refused, match="Choose at least one topic"):
        submit(practice)


def test_a_free_practice_is_complete() -> None:
    assert gaps(content_of(practice_of(state="draft", cost_eur=0).latest)) == []


def test_submitting_pins_the_text_and_tells_the_curators() -> None:
    practice = practice_of(state="draft")
    elsewhere, at_home, office = reviewer(), person_as("reviewer", practice.university), secretary()

    version = submit(practice)

    assert version.sha256 == fingerprint(content_of(version))
    assert told(elsewhere) == told(office) == [f"To judge: {version.title}"]
    assert told(at_home) == told(practice.owner) == []


def test_a_reviewer_who_also_belongs_to_the_university_is_not_asked() -> None:
    practice = practice_of(state="draft")
    both = reviewer()
    MandateFactory(person=both, role="head", university=practice.university)

    submit(practice)

    assert told(both) == []


def test_the_database_keeps_what_was_submitted() -> None:
    practice = practice_of(state="submitted")

    with pytest.raises(ProgrammingError, match="Cannot update"), transaction.atomic():
        PracticeVersion.objects.filter(pk=practice.latest_id).update(result="Much better than before.")


def test_taking_back_lets_the_writers_go_on() -> None:
    practice = practice_of(state="submitted")

    actions.take_back(practice=practice, by=practice.owner, now=NOW)
    version = PracticeVersion.objects.get(practice=practice)
    version.problem = "Written anew after all of this."
    save(version, practice.owner)

    assert PracticeVersion.objects.get(practice=practice).state == State.DRAFT


# judging


def test_publishing_makes_it_what_everybody_reads_and_tells_followers() -> None:
    practice = practice_of(state="submitted", title="Heat", topics=("campus.01", "campus.02"))
    of_topic = TopicFollowFactory(topic=TopicFactory(code="campus.01")).user
    of_pillar = TopicFollowFactory(topic=TopicFactory(code="campus")).user
    of_another = TopicFollowFactory(topic=TopicFactory(code="campus.09")).user
    TopicFollowFactory(user=of_topic, topic=TopicFactory(code="campus.02"))
    judge = reviewer()

    publish(practice, judge, comment="Works in winter too.")

    practice.refresh_from_db()
    assert (practice.state, practice.live.number, practice.live.judged_by) == ("published", 1, judge)
    assert [note.text for note in practice.live.notes.all()] == ["Works in winter too."]
    assert told(of_topic) == told(of_pillar) == [f"New practice of {practice.university}: Heat"]
    assert told(of_another) == []
    assert told(practice.owner) == ["Published: Heat"]


def test_a_new_version_replaces_the_live_one_and_tells_who_follows_the_practice() -> None:
    practice = practice_of(title="Heat")
    follower, of_topic = PracticeFollowFactory(practice=practice).user, TopicFollowFactory().user
    version = actions.begin_version(practice=practice, by=practice.owner, now=NOW)
    version.title = "Heat from the lake"
    save(version, practice.owner)
    assert Practice.objects.get(pk=practice.pk).live.title == "Heat"
    submit(practice)

    publish(practice)

    practice.refresh_from_db()
    assert (practice.live.title, practice.live.number) == ("Heat from the lake", 2)
    assert practice.versions.published().count() == 2
    assert told(follower) == ["New version: Heat from the lake"]
    assert told(of_topic) == []


def test_a_new_version_takes_topics_links_and_files_along() -> None:
    practice = practice_of()
    EvidenceLinkFactory(version=practice.live)
    EvidenceFileFactory(version=practice.live)

    version = actions.begin_version(practice=practice, by=practice.owner, now=NOW)

    before, after = content_of(practice.live), content_of(version)
    assert after == before
    assert version.files.get().file.name == practice.live.files.get().file.name


def test_beginning_twice_is_beginning_once() -> None:
    practice = practice_of()

    first, second = (actions.begin_version(practice=practice, by=practice.owner, now=NOW) for _time in range(2))

    assert first == second


def test_changes_asked_for_are_read_answered_and_published() -> None:
    practice = practice_of(state="submitted", title="Heat")
    seen = practice.latest.sha256

    actions.ask_for_changes(practice=practice, seen=seen, comment="What did it cost?", by=secretary(), now=NOW)
    version = PracticeVersion.objects.get(practice=practice)
    assert (version.state, version.comment) == (State.CHANGES_ASKED, "What did it cost?")
    assert told(practice.owner) == ["Changes asked for: Heat"]
    version.cost_eur = 90_000
    save(version, practice.owner)
    submit(practice)

    assert publish(practice).sha256 != seen


def test_a_refused_version_says_why_and_can_be_begun_anew() -> None:
    practice = practice_of(state="submitted", title="Heat")
    seen = practice.latest.sha256

    actions.refuse(practice=practice, seen=seen, comment="This is an advertisement.", by=reviewer(), now=NOW)
    version = actions.begin_version(practice=practice, by=practice.owner, now=NOW)

    assert told(practice.owner) == ["Not published: Heat"]
    assert (version.number, version.title, version.state) == (2, "Heat", State.DRAFT)


def test_refusing_a_new_version_leaves_the_live_one() -> None:
    practice = practice_of(title="Heat")
    seen = add_version(practice, "submitted", title="Worse").sha256

    actions.refuse(practice=practice, seen=seen, comment="The figures are gone.", by=secretary(), now=NOW)

    practice.refresh_from_db()
    assert (practice.state, practice.live.title, practice.latest) == ("published", "Heat", practice.live)


@pytest.mark.parametrize("act", [actions.ask_for_changes, actions.refuse])
def test_curators_say_why(act) -> None:
    practice = practice_of(state="submitted")

    with pytest.raises(Refused, match="Say why"):
        act(practice=practice, seen=practice.latest.sha256, comment="  ", by=secretary(), now=NOW)


def test_what_was_changed_meanwhile_is_not_judged() -> None:
    practice = practice_of(state="submitted")

    with pytest.raises(Conflict):
        actions.publish(practice=practice, seen="0" * 64, by=secretary(), now=NOW)


def test_the_first_who_judges_judges() -> None:
    practice = practice_of(state="submitted")
    seen = practice.latest.sha256
    publish(practice)

    with pytest.raises(Refused):
        actions.refuse(practice=practice, seen=seen, comment="No.", by=secretary(), now=NOW)


@pytest.mark.parametrize("who", ["owner", "own reviewer", "official", "director elsewhere", "auditor"])
def test_who_may_not_judge(who) -> None:
    practice = practice_of(state="submitted")
    person = {
        "owner": lambda: practice.owner,
        "own reviewer": lambda: person_as("reviewer", practice.university),
        "official": lambda: person_as("official", practice.university),
        "director elsewhere": lambda: person_as("director"),
        "auditor": lambda: person_as("auditor"),
    }[who]()

    with pytest.raises(Refused, match="not yours to do"):
        publish(practice, person)


def test_nobody_publishes_what_they_submitted_themselves() -> None:
    practice = practice_of(state="draft")
    MandateFactory(secretariat=True, role="secretariat", person=practice.owner)
    submit(practice)

    with pytest.raises(Refused, match="not yours to do"):
        publish(practice, type(practice.owner).objects.get(pk=practice.owner.pk))


# the end


def test_archiving_needs_a_reason_and_drops_what_is_being_written() -> None:
    practice = practice_of()
    version = add_version(practice, "submitted")
    with pytest.raises(Refused, match="Say why"):
        actions.archive(practice=practice, reason=" ", by=practice.owner, now=NOW)

    actions.archive(practice=practice, reason="The plant is closed.", by=practice.owner, now=NOW)

    practice.refresh_from_db()
    version.refresh_from_db()
    assert (practice.state, version.state) == ("archived", State.DROPPED)


def test_archiving_leaves_desks_with_the_published_text_not_with_the_dropped_one() -> None:
    practice = practice_of(title="Heat")
    add_version(practice, title="Cold")

    actions.archive(practice=practice, reason="The plant is closed.", by=practice.owner, now=NOW)

    practice.refresh_from_db()
    assert (practice.latest, practice.latest.title) == (practice.live, "Heat")


def test_a_draft_that_went_with_its_practice_is_called_dropped_not_refused() -> None:
    practice = practice_of(state="draft")
    actions.archive(practice=practice, reason="By mistake.", by=practice.owner, now=NOW)
    practice = actions.restore(practice=practice, by=secretary(), now=NOW)

    assert turn_of(practice, practice.owner, [], NOW)["caps"].startswith("Dropped")


@pytest.mark.parametrize(("state", "after"), [("published", "published"), ("draft", "draft")])
def test_the_secretariat_brings_it_back(state, after) -> None:
    practice = practice_of(state=state)
    actions.archive(practice=practice, reason="By mistake.", by=practice.owner, now=NOW)

    actions.restore(practice=practice, by=secretary(), now=NOW)

    practice.refresh_from_db()
    assert practice.state == after


def test_dropping_leaves_the_published_version() -> None:
    practice = practice_of()
    add_version(practice)

    actions.drop(practice=practice, by=practice.owner, now=NOW)

    practice.refresh_from_db()
    assert practice.latest == practice.live
    with pytest.raises(Refused, match="No version"):
        actions.drop(practice=practice, by=practice.owner, now=NOW)


# adopting


def adopt(practice, person, **changes):
    university = person.universities_as(*["director", "exchange", "grants"])[0]
    words = {"university": university, "since": NOW.date(), "changed": "Half the size.", "result": ""}
    return actions.adopt(practice=practice, by=person, **{"now": NOW, **words, **changes})


def test_adopting_tells_the_owner_and_follows_the_practice() -> None:
    practice, person = practice_of(title="Heat"), person_as("grants")

    adoption = adopt(practice, person)

    assert adoption.adopted_version == practice.live
    assert told(practice.owner) == [f"{adoption.university} adopted: Heat"]
    assert practice.follows.get().user == person
    assert Practice.objects.with_adopters().get().adopters == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"since": NOW.date() + timedelta(days=2)}, "still to come"),
        ({"university": "another"}, "do not act for"),
    ],
)
def test_an_adoption_that_cannot_be(changes, sentence) -> None:
    if changes.get("university"):
        changes = {"university": UniversityFactory()}

    with pytest.raises(Refused, match=sentence):
        adopt(practice_of(), person_as("director"), **changes)


def test_an_adoption_since_today_is_since_the_readers_own_day() -> None:
    """In Shanghai the day begins eight hours before that of UTC; the form and the act ask for the same one."""
    evening = datetime(2026, 5, 5, 20, 0, tzinfo=UTC)

    with timezone.override(ZoneInfo("Asia/Shanghai")):
        adoption = adopt(practice_of(), person_as("director"), since=date(2026, 5, 6), now=evening)

    assert adoption.since == date(2026, 5, 6)


def test_an_adoption_that_was_taken_back_meanwhile_is_not_changed() -> None:
    person = person_as("director")
    adoption = AdoptionFactory(university=person.mandates.get().university)
    read_before = Adoption.objects.get()
    actions.withdraw_adoption(adoption=adoption, by=person, now=NOW)

    read_before.result = "Half the noise."
    with pytest.raises(Refused, match="the moment for it has passed"):
        actions.change_adoption(adoption=read_before, version=1, by=person, now=NOW)


def test_nobody_adopts_the_own_practice_or_one_that_is_not_published() -> None:
    practice = practice_of()

    for kept, person in ((practice, practice.owner), (practice_of(state="submitted"), person_as("director"))):
        with pytest.raises(Refused):
            adopt(kept, person)


def test_a_university_adopts_once_until_it_takes_it_back() -> None:
    practice, person = practice_of(), person_as("director")
    adoption = adopt(practice, person)
    with pytest.raises(Refused, match="said so already"):
        adopt(practice, person)

    actions.withdraw_adoption(adoption=adoption, by=person, now=NOW)
    with pytest.raises(Refused, match="taken back already"):
        actions.withdraw_adoption(adoption=adoption, by=person, now=NOW)
    adopt(practice, person)

    assert practice.adoptions.count() == 2
    assert practice.adoptions.in_force().count() == 1


def test_others_do_not_touch_an_adoption() -> None:
    adoption = AdoptionFactory()

    for act in (actions.withdraw_adoption, lambda **words: actions.change_adoption(version=1, **words)):
        with pytest.raises(Refused):
            act(adoption=adoption, by=person_as("director"), now=NOW)


def test_a_second_who_adds_to_an_adoption_is_told() -> None:
    person = person_as("director")
    adoption = AdoptionFactory(university=person.mandates.get().university)
    actions.change_adoption(adoption=adoption, version=1, by=person, now=NOW)

    with pytest.raises(Conflict):
        actions.change_adoption(adoption=Adoption.objects.get(), version=1, by=person, now=NOW)


# questions


def test_a_question_reaches_the_contact_with_the_askers_address() -> None:
    practice, person = practice_of(title="Heat"), UserFactory()

    actions.ask_contact(practice=practice, text="How loud is it?", by=person)

    notice = Notice.objects.get(recipient=practice.owner)
    assert notice.subject == "Question about Heat"
    assert person.email in notice.body
    assert Question.objects.get().sent_to == practice.owner


def test_a_question_goes_to_who_keeps_the_practice_where_the_contact_is_gone() -> None:
    practice = practice_of(contact=UserFactory(is_active=False))

    assert actions.ask_contact(practice=practice, text="How loud?", by=UserFactory()).sent_to == practice.owner


def test_a_question_that_nobody_would_read_is_refused() -> None:
    practice = practice_of(owner=UserFactory(is_active=False))

    with pytest.raises(Refused, match="Nobody of"):
        actions.ask_contact(practice=practice, text="How loud?", by=UserFactory())
    assert not Question.objects.exists()


@pytest.mark.parametrize("how", ["closed account", "ended mandate"])
def test_what_the_owner_no_longer_keeps_is_told_to_the_official(how) -> None:
    practice = practice_of(state="submitted", title="Heat")
    official = person_as("official", practice.university)
    if how == "closed account":
        User.objects.filter(pk=practice.owner_id).update(is_active=False)
    else:
        practice.owner.mandates.update(ends_on=timezone.localdate() - timedelta(days=1))

    actions.ask_for_changes(
        practice=practice, seen=practice.latest.sha256, comment="Say what it cost.", by=secretary(), now=NOW
    )

    assert told(official) == ["Changes asked for: Heat"]


# files


def upload(content=None, name="Survey.pdf"):
    return SimpleUploadedFile(name, content or pdf(), "application/pdf")


def add_file(practice, by=None, **changes):
    words = {"label": "Survey", "audience": "public", "upload": upload()} | changes
    return actions.add_file(practice=practice, by=by or practice.owner, **words)


def test_a_file_is_kept_under_a_name_nobody_can_guess_and_goes_with_its_last_version() -> None:
    practice = practice_of(state="draft")
    file = add_file(practice)
    assert file.file.name.startswith("practices/")
    assert "Survey" not in file.file.name

    actions.remove_file(practice=practice, code=file.code, by=practice.owner)

    assert practice.latest.files.count() == 0


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"<html>hello</html>", "not a PDF"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not a PDF"),
        (b"%PDF-1.4 x", "damaged"),
    ],
)
def test_a_file_that_is_something_else_is_refused(content, sentence) -> None:
    practice = practice_of(state="draft")

    with pytest.raises(Refused, match=sentence):
        add_file(practice, upload=upload(content))

    assert practice.latest.files.count() == 0


def test_the_same_file_twice_and_one_too_many_are_refused_and_not_stored() -> None:
    practice = practice_of(state="draft")
    add_file(practice)
    with pytest.raises(Refused, match="there already"):
        add_file(practice)
    EvidenceFileFactory.create_batch(9, version=practice.latest)

    before = len(stored_files())
    with pytest.raises(Refused, match="as many as there can be"):
        add_file(practice, upload=upload(pdf(2)))
    assert len(stored_files()) == before


def stored_files():
    year, month = f"{NOW:%Y}", f"{NOW:%m}"
    return default_storage.listdir(f"practices/{year}/{month}")[1]


def test_a_file_cannot_be_added_while_curators_read() -> None:
    practice = practice_of(state="submitted")

    with pytest.raises(Refused, match="take it back"):
        add_file(practice)


# differences


def test_differences_mark_words_of_long_texts_and_name_topics_and_people() -> None:
    practice = practice_of(topics=("campus.01",))
    text = "The heat of the computing centre warms two lecture halls and one library since the autumn."
    before = content_of(PracticeVersionFactory(number=7, practice=PracticeFactory(), result=text))
    after = before | {"result": text.replace("two", "three"), "topics": ["campus.01"], "contact": practice.owner.pk}

    found = {difference.label: difference for difference in differences(before, after)}

    assert [(piece.kind, piece.text) for piece in found["Result"].pieces if piece.kind] == [
        ("del", "two "),
        ("ins", "three "),
    ]
    assert found["Topics"].after == "Topic campus.01"
    assert found["Whom to ask"].after == str(practice.owner)


def test_marked_text_holds_both_texts() -> None:
    pieces = marked("one two  three\n\nfour", "one 2 three\n\nfour five")

    assert "".join(piece.text for piece in pieces if piece.kind != "ins") == "one two  three\n\nfour"
    assert "".join(piece.text for piece in pieces if piece.kind != "del") == "one 2 three\n\nfour five"


def test_texts_too_long_to_compare_word_by_word_are_shown_one_after_the_other(monkeypatch) -> None:
    monkeypatch.setattr(content, "MOST_WORDS", 2)

    assert marked("one two three", "one") == (Piece("del", "one two three"), Piece("ins", "one"))


# what the database refuses


def broken(make):
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        make()
    return str(refused.value)


def test_database_refuses_what_contradicts_itself() -> None:
    practice = practice_of()
    version = PracticeVersion.objects.filter(pk=add_version(practice).pk)
    row = Practice.objects.filter(pk=practice.pk)
    for name, make in {
        "a_published_practice_has_a_version_and_a_day": lambda: row.update(live=None),
        "practices_practice_state_known": lambda: row.update(state="lost"),
        "practices_practiceversion_state_known": lambda: version.update(state="lost"),
        "practices_practiceversion_maturity_known": lambda: version.update(maturity="old"),
        "practices_practiceversion_licence_known": lambda: version.update(licence="none"),
        "one_unfinished_version_per_practice": lambda: PracticeVersionFactory(practice=practice, number=9),
        "a_practice_version_has_its_own_number": lambda: PracticeVersionFactory(
            practice=practice, number=1, state="dropped"
        ),
        "what_is_submitted_is_pinned": lambda: version.update(state="submitted"),
        "a_returned_practice_says_why": lambda: version.update(
            state="refused", judged_at=NOW, judged_by=practice.owner
        ),
        "a_judged_practice_says_by_whom": lambda: version.update(state="refused", comment="No."),
        "practices_practiceversion_judged_at_with_judged_by": lambda: version.update(judged_at=NOW),
        "practices_practiceversion_submitted_at_with_submitted_by": lambda: version.update(submitted_at=NOW),
        "person_months_are_not_negative": lambda: version.update(person_months=-1),
    }.items():
        assert name in broken(make)


def test_database_refuses_twice_the_same_and_the_empty() -> None:
    adoption, topic = AdoptionFactory(), TopicFactory()
    follow, link = PracticeFollowFactory(), EvidenceLinkFactory()
    file, followed = EvidenceFileFactory(), TopicFollowFactory()
    practice, user = adoption.practice, adoption.told_by
    adoptions, files = Adoption.objects.filter(pk=adoption.pk), EvidenceFile.objects.filter(pk=file.pk)
    for name, make in {
        "a_university_adopts_a_practice_once": lambda: AdoptionFactory(
            practice=practice, university=adoption.university
        ),
        "practices_adoption_withdrawn_at_with_withdrawn_by": lambda: adoptions.update(withdrawn_at=NOW),
        "a_practice_is_followed_once": lambda: PracticeFollowFactory(user=follow.user, practice=follow.practice),
        "a_topic_is_followed_once": lambda: TopicFollowFactory(user=followed.user, topic=followed.topic),
        "a_link_once_per_version": lambda: EvidenceLinkFactory(version=link.version, url=link.url),
        "a_file_once_per_version": lambda: EvidenceFileFactory(version=file.version, sha256=file.sha256),
        "an_evidence_file_is_not_empty": lambda: files.update(size=0),
        "practices_evidencefile_audience_known": lambda: files.update(audience="me"),
        "a_curation_note_says_something": lambda: CurationNote.objects.create(version=practice.live, text="", by=user),
        "a_question_asks_something": lambda: Question.objects.create(
            practice=practice, asked_by=user, sent_to=user, text=""
        ),
        "a_topic_code_tells_its_pillar": lambda: Topic.objects.filter(pk=topic.pk).update(pillar=None),
    }.items():
        assert name in broken(make)
