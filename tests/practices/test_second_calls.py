"""Acts on practices taken twice, from elsewhere or by who may not; and what their pages say then."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from members.acts import Conflict, Refused, record
from members.models import Act
from notifications.models import Notice
from practices import actions, showing
from practices.filters import DeskFilter
from practices.models import Adoption, Practice, PracticeVersion, Question, Topic, TopicFollow
from practices.turns import turn_of
from tests.applications.files import pdf
from tests.factories.members import MandateFactory, UniversityFactory, UserFactory, person_as, student_of
from tests.factories.practices import (
    AdoptionFactory,
    EvidenceFileFactory,
    PracticeFollowFactory,
    TopicFactory,
    TopicFollowFactory,
    add_version,
    practice_of,
)

pytestmark = pytest.mark.django_db

NOW = timezone.now()
UNKNOWN = "This is not yours to do, or the moment for it has passed."
NOTHING_WRITTEN = "No version of this practice is being written."
STATES = ("draft", "submitted", "changes_asked", "refused", "published", "archived")


def again(practice):
    return Practice.objects.select_related("university", "owner", "live", "latest").get(pk=practice.pk)


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def page(practice, part):
    return f"/practices/{practice.reference}/{part}/"


def acts_of(practice):
    return [act.kind.removeprefix("practice.") for act in Act.objects.about(practice)]


@pytest.fixture
def secretariat():
    return person_as("secretariat")


# From elsewhere

WRITERS = {
    "submit": (actions.submit, {"submitted", "refused", "published", "archived"}),
    "take_back": (actions.take_back, {"draft", "changes_asked", "refused", "published", "archived"}),
    "drop": (actions.drop, set(STATES)),  # nothing of these was published and is written anew
}


@pytest.mark.parametrize(
    ("act", "state"),
    [
        pytest.param(act, state, id=f"{name} {state}")
        for name, (act, states) in WRITERS.items()
        for state in sorted(states)
    ],
)
def test_writers_take_no_step_from_elsewhere(act, state) -> None:
    practice = practice_of(state=state)

    with pytest.raises(Refused):
        act(practice=practice, by=practice.owner, now=NOW)

    assert acts_of(practice) == []


@pytest.mark.parametrize("act", [actions.publish, actions.ask_for_changes, actions.refuse])
@pytest.mark.parametrize("state", [state for state in STATES if state != "submitted"])
def test_curators_decide_only_about_what_is_submitted(secretariat, act, state) -> None:
    practice = practice_of(state=state)
    seen = practice.latest.sha256

    with pytest.raises(Refused):
        act(practice=practice, seen=seen, comment="Say what it cost.", by=secretariat, now=NOW)

    assert (acts_of(practice), again(practice).state) == ([], practice.state)


@pytest.mark.parametrize("act", [actions.publish, actions.ask_for_changes, actions.refuse])
def test_the_second_who_decides_is_told_that_it_was_decided(secretariat, act) -> None:
    practice = practice_of(state="submitted")
    words = {"practice": practice, "seen": practice.latest.sha256, "comment": "Say what it cost.", "now": NOW}
    act(**words, by=secretariat)

    with pytest.raises(Refused):
        act(**words, by=person_as("reviewer"))

    assert len(acts_of(practice)) == 1


def test_what_was_taken_back_and_submitted_anew_is_another_text(secretariat) -> None:
    practice = practice_of(state="submitted")
    seen = practice.latest.sha256
    actions.take_back(practice=practice, by=practice.owner, now=NOW)
    version = PracticeVersion.objects.get()
    version.practice, version.problem = again(practice), "Another problem of more than five words."
    actions.save_version(
        version=version, seen=version.version, topics=list(version.topics.all()), links=[], by=practice.owner
    )
    actions.submit(practice=practice, by=practice.owner, now=NOW)

    with pytest.raises(Conflict, match="changed or decided about while you read it"):
        actions.publish(practice=practice, seen=seen, by=secretariat, now=NOW)

    assert again(practice).state == "draft"


def test_an_archived_practice_is_left_alone_until_it_is_back(secretariat) -> None:
    practice = practice_of(state="archived")
    for act in (actions.begin_version, actions.submit, actions.take_back, actions.drop):
        with pytest.raises(Refused, match=UNKNOWN):
            act(practice=practice, by=practice.owner, now=NOW)

    with pytest.raises(Refused):
        actions.archive(practice=practice, reason="Again.", by=secretariat, now=NOW)
    actions.restore(practice=practice, by=secretariat, now=NOW)
    with pytest.raises(Refused, match="Somebody else was faster"):
        actions.restore(practice=practice, by=secretariat, now=NOW)

    assert acts_of(practice) == ["restored"]


def test_a_version_of_before_is_not_saved_over_the_one_being_written() -> None:
    practice = practice_of()
    old = practice.live
    actions.begin_version(practice=practice, by=practice.owner, now=NOW)
    old.practice = again(practice)

    with pytest.raises(Refused, match="This version is decided about; begin a new one"):
        actions.save_version(version=old, seen=old.version, topics=[], links=[], by=practice.owner)


def test_what_was_never_published_is_archived_instead_of_dropped() -> None:
    practice = practice_of(state="draft")

    with pytest.raises(Refused, match=r"This practice was never published; archive it instead\."):
        actions.drop(practice=practice, by=practice.owner, now=NOW)


def test_a_new_version_begins_with_the_published_text_and_not_with_the_refused_one(secretariat) -> None:
    practice = practice_of(title="Published")
    add_version(practice, "submitted", title="Refused")
    seen = practice.latest.sha256
    actions.refuse(practice=practice, seen=seen, comment="Too short.", by=secretariat, now=NOW)

    version = actions.begin_version(practice=practice, by=practice.owner, now=NOW)

    assert (version.number, version.title) == (3, "Published")


# Who may


def people_of(practice):
    place, other = practice.university, UniversityFactory()
    return {
        "owner": practice.owner,
        "official": person_as("official", place),
        "colleague": person_as("exchange", place),
        "reviewer at home": person_as("reviewer", place),
        "reviewer elsewhere": person_as("reviewer", other),
        "director elsewhere": person_as("director", other),
        "auditor elsewhere": MandateFactory(auditor=True, university=other).person,
        "student": student_of(place),
        "secretariat": person_as("secretariat"),
        "nobody": UserFactory(),
        "visitor": AnonymousUser(),
    }


MAY = {
    "edit_practice": {"owner", "official"},
    "archive_practice": {"owner", "official", "secretariat"},
    "restore_practice": {"secretariat"},
    "curate_practice": {"reviewer elsewhere", "secretariat"},
    "adopt_practice": {"reviewer elsewhere", "director elsewhere"},
    "ask_contact": {"owner", "official", "colleague", "reviewer at home", "reviewer elsewhere", "director elsewhere",
                    "auditor elsewhere", "student", "secretariat", "nobody"},
}  # fmt: skip


def test_what_each_may_do_with_a_published_practice() -> None:
    practice = practice_of()
    people = people_of(practice)

    may = {act: {who for who, person in people.items() if person.has_perm(f"practices.{act}", practice)} for act in MAY}

    assert may == MAY


@pytest.mark.parametrize(
    ("act", "state", "may"),
    [
        ("edit_practice", "archived", set()),
        ("adopt_practice", "archived", set()),
        ("adopt_practice", "draft", set()),
        ("ask_contact", "archived", set()),
        ("ask_contact", "draft", set()),
    ],
)
def test_what_nobody_may_do_with_what_is_not_in_the_catalogue(act, state, may) -> None:
    practice = practice_of(state=state)

    found = {who for who, one in people_of(practice).items() if one.has_perm(f"practices.{act}", practice)}

    assert found == may


def test_an_owner_who_left_keeps_nothing_and_sees_what_everybody_sees() -> None:
    practice, draft = practice_of(), practice_of(state="draft")
    for one in (practice, draft):
        one.owner.mandates.update(ends_on="2020-12-31")
        owner = type(one.owner).objects.get(pk=one.owner_id)
        assert owner.has_perm("practices.edit_practice", one) is False
        assert Practice.objects.visible_to(owner).filter(pk=one.pk).exists() is (one == practice)


def test_the_secretariat_decides_about_everything_but_what_it_submitted(secretariat) -> None:
    university = UniversityFactory()
    MandateFactory(director=True, university=university, person=secretariat)
    own, other = practice_of(university, "submitted", owner=secretariat), practice_of(state="submitted")

    assert [secretariat.has_perm("practices.curate_practice", one) for one in (own, other)] == [False, True]
    assert list(Practice.objects.to_curate_for(secretariat)) == [other]


# Adoptions


def adopting(practice, person, **changes):
    place = person.universities_as("director", "exchange")[0]
    words = {"university": place, "since": timezone.localdate(), "changed": "", "result": ""} | changes
    return actions.adopt(practice=practice, by=person, now=timezone.now(), **words)


def test_who_speaks_for_another_university_is_refused_by_name() -> None:
    elsewhere = UniversityFactory(short_name="Leuven")

    with pytest.raises(Refused, match=r"You do not act for Leuven\."):
        adopting(practice_of(), person_as("director"), university=elsewhere)

    assert not Adoption.objects.exists()


def test_an_adoption_names_the_version_that_was_read_and_keeps_to_it() -> None:
    practice = practice_of()
    adoption = adopting(practice, person_as("director"), changed="  Two credits less. ")
    add_version(practice, "published")

    adoption.refresh_from_db()
    assert (adoption.adopted_version.number, adoption.changed) == (1, "Two credits less.")


def test_the_owner_and_the_contact_are_told_once_and_who_adopts_is_not() -> None:
    practice = practice_of()
    person = person_as("director")

    adoption = adopting(practice, person)

    told = Notice.objects.filter(key=f"practice-adopted:{adoption.pk}")
    assert list(told.values_list("recipient", flat=True)) == [practice.owner_id]


def test_taking_back_twice_is_refused(secretariat) -> None:
    adoption = AdoptionFactory()

    actions.withdraw_adoption(adoption=adoption, by=secretariat, now=NOW)
    with pytest.raises(Refused, match=r"This was taken back already\."):
        actions.withdraw_adoption(adoption=adoption, by=secretariat, now=NOW)

    assert (adoption.withdrawn_at, adoption.withdrawn_by) == (NOW, secretariat)


# Following, questions


def test_following_a_practice_twice_is_following_once_and_so_is_leaving() -> None:
    practice, person = practice_of(), UserFactory()

    for act in (actions.follow_practice, actions.follow_practice):
        act(practice=practice, by=person)
    assert practice.follows.count() == 1
    for act in (actions.unfollow_practice, actions.unfollow_practice):
        act(practice=practice, by=person)
    assert practice.follows.count() == 0


def test_unfollowing_leaves_the_others() -> None:
    kept = PracticeFollowFactory()
    topic = TopicFollowFactory()

    actions.unfollow_practice(practice=kept.practice, by=UserFactory())
    actions.unfollow_topic(topic=topic.topic, by=UserFactory())

    assert (kept.practice.follows.count(), TopicFollow.objects.count()) == (1, 1)


@pytest.mark.parametrize("text", ["", " \n\t"])
def test_a_question_asks_something(text) -> None:
    with pytest.raises(Refused, match=r"Write your question first\."):
        actions.ask_contact(practice=practice_of(), text=text, by=UserFactory())

    assert not Question.objects.exists()


# Pages


def test_a_title_that_is_missing_is_told_where_one_begins(client) -> None:
    client.force_login(person_as("director"))

    response = client.post("/practices/new/", {"title": " "})

    assert (response.status_code, list(response.context["form"].errors)) == (422, ["title", "university"])
    assert not Practice.objects.exists()


def test_one_begins_for_no_other_university(client) -> None:
    client.force_login(person_as("director"))

    response = client.post("/practices/new/", {"title": "Labs", "university": UniversityFactory().pk})

    assert list(response.context["form"].errors) == ["university"]


@pytest.mark.parametrize("state", ["submitted", "refused", "published"])
def test_who_opens_the_form_of_what_is_not_with_the_writers_is_led_back(client, state) -> None:
    practice = practice_of(state=state)
    client.force_login(practice.owner)

    assert client.get(page(practice, "edit"))["Location"] == practice.get_absolute_url()


@pytest.mark.parametrize("part", ["submit", "new-version", "take-back", "publish", "ask-changes", "refuse", "restore"])
def test_nothing_is_done_by_a_link(client, secretariat, part) -> None:
    practice = practice_of(state="submitted")
    client.force_login(secretariat)

    assert client.get(page(practice, part)).status_code == 405


@pytest.mark.parametrize(
    ("part", "words"), [("take-back", NOTHING_WRITTEN), ("submit", NOTHING_WRITTEN), ("drop", NOTHING_WRITTEN)]
)
def test_a_step_without_anything_written_is_said(client, part, words) -> None:
    practice = practice_of()
    client.force_login(practice.owner)

    assert said(client.post(page(practice, part))) == [words]


def test_dropping_asks_first(client) -> None:
    practice = practice_of()
    add_version(practice)
    client.force_login(practice.owner)

    assert client.get(page(practice, "drop")).context["is_final"] is True
    assert again(practice).being_written is not None


def test_who_judges_what_was_decided_meanwhile_reads_so(client, secretariat) -> None:
    practice = practice_of(state="submitted")
    client.force_login(secretariat)

    responses = [
        client.post(page(practice, part), {"comment": "Say what it cost.", "seen": "0" * 64})
        for part in ("publish", "ask-changes", "refuse")
    ]

    for response in responses:
        assert response["Location"] == page(practice, "curate")
        assert "This version was changed or decided about while you read it; look at it again." in said(response)


def test_a_comment_that_is_too_long_stays_in_its_field(client, secretariat) -> None:
    practice = practice_of(state="submitted")
    client.force_login(secretariat)
    typed = {"comment": "x" * 2001, "seen": practice.latest.sha256}

    note, why = (client.post(page(practice, part), typed) for part in ("publish", "refuse"))

    assert (note.status_code, list(note.context["note_form"].errors)) == (422, ["comment"])
    assert (why.status_code, list(why.context["why_form"].errors)) == (422, ["comment"])
    assert again(practice).latest.state == "submitted"


def test_judging_what_is_not_submitted_leads_back(client, secretariat) -> None:
    practice = practice_of(state="draft")
    client.force_login(secretariat)

    assert client.get(page(practice, "curate"))["Location"] == practice.get_absolute_url()


def test_who_reviews_nothing_has_no_queue(client) -> None:
    client.force_login(person_as("director"))

    assert client.get("/practices/queue/").status_code == 403


def test_archiving_without_a_reason_is_told_at_the_field(client) -> None:
    practice = practice_of()
    client.force_login(practice.owner)

    response = client.post(page(practice, "archive"), {"reason": " "})

    assert (response.status_code, list(response.context["form"].errors)) == (422, ["reason"])


@pytest.mark.parametrize("remove", [False, True])
def test_a_practice_is_followed_and_left_by_one_button(client, remove) -> None:
    practice, person = practice_of(), UserFactory()
    client.force_login(person)
    actions.follow_practice(practice=practice, by=person)

    response = client.post(page(practice, "follow"), {"follow": "remove"} if remove else {})

    assert practice.follows.exists() is not remove
    told = "You follow this practice no more." if remove else "You are told when this practice gets a new version."
    assert said(response) == [told]


def test_a_question_that_nobody_would_read_keeps_its_text(client) -> None:
    practice = practice_of()
    type(practice.owner).objects.filter(pk=practice.owner_id).update(is_active=False)
    client.force_login(UserFactory())

    response = client.post(page(practice, "question"), {"text": "How long did it take?"})

    assert response.status_code == 422
    assert "How long did it take?" in response.content.decode()
    assert not Question.objects.exists()


def test_who_has_adopted_it_already_is_led_back_with_a_word(client) -> None:
    person = person_as("director")
    practice = practice_of()
    adopting(practice, person)
    client.force_login(person)

    response = client.get(page(practice, "adopt"))

    assert response.status_code == 302
    assert said(response) == ["Your university has said so already."]


def test_two_who_add_to_an_adoption_see_both_versions(client) -> None:
    person = person_as("director")
    practice = practice_of()
    adoption = adopting(practice, person)
    client.force_login(person)
    address = f"/practices/{practice.reference}/adoptions/{adoption.university.slug}/edit/"
    typed = {"since": adoption.since.isoformat(), "changed": "", "version": 1}
    client.post(address, typed | {"result": "Theirs."})

    response = client.post(address, typed | {"result": "Mine."})

    assert response.status_code == 409
    assert [(row.label, row.theirs, row.mine) for row in response.context["versions"]] == [
        ("What came of it", "Theirs.", "Mine.")
    ]
    assert Adoption.objects.get().result == "Theirs."


def test_a_file_that_is_not_there_any_more_is_said(client) -> None:
    practice = practice_of(state="draft")
    client.force_login(practice.owner)

    for code in ("0" * 16, "0"):
        with pytest.raises(Refused, match=r"This file is not there any more\."):
            actions.remove_file(practice=practice, code=code, by=practice.owner)


def test_a_file_without_words_is_called_by_its_own_name() -> None:
    practice = practice_of(state="draft")
    upload = SimpleUploadedFile("survey-2026.pdf", pdf(), "application/pdf")

    file = actions.add_file(practice=practice, upload=upload, label="  ", audience="public", by=practice.owner)

    assert file.label == "survey-2026.pdf"


def test_a_stored_file_stays_while_another_version_shows_it(django_capture_on_commit_callbacks) -> None:
    practice = practice_of()
    file = EvidenceFileFactory(version=practice.live)
    version = actions.begin_version(practice=practice, by=practice.owner, now=NOW)
    assert version.files.get().file.name == file.file.name

    with django_capture_on_commit_callbacks(execute=True):
        actions.remove_file(practice=practice, code=file.code, by=practice.owner)

    assert (version.files.count(), file.file.storage.exists(file.file.name)) == (0, True)


# The page of a practice


def test_the_history_names_whom_a_deputy_acts_for_and_leaves_saving_out() -> None:
    university = UniversityFactory()
    mandate = MandateFactory(official=True, university=university, with_deputy=True)
    practice = practice_of(university, "draft")

    actions.submit(practice=practice, by=mandate.deputy, now=NOW)
    record("practice.saved", practice, by=mandate.deputy)

    [step] = showing.timeline(practice)
    assert (step["label"], step["by"]) == ("Submitted", f"{mandate.deputy} for {mandate.person}")


@pytest.mark.parametrize(
    ("state", "caps"),
    [("refused", "Refused"), ("draft", "Your turn since"), ("changes_asked", "Your turn since"),
     ("submitted", "The curators' turn since"), ("published", "Published")],
)  # fmt: skip
def test_keepers_read_whose_turn_it_is(state, caps) -> None:
    practice = practice_of(state=state)

    assert turn_of(practice, practice.owner, [], NOW + timedelta(days=2))["caps"].startswith(caps)


def test_a_refusal_of_a_new_version_is_read_beside_the_published_one(secretariat) -> None:
    practice = practice_of()
    add_version(practice, "submitted")
    actions.refuse(practice=practice, seen=practice.latest.sha256, comment="Too short.", by=secretariat, now=NOW)

    assert turn_of(again(practice), practice.owner, [], NOW)["why"] == "Version 2 was refused: Too short."


def test_readers_of_other_universities_are_asked_and_then_thanked() -> None:
    practice, person = practice_of(), person_as("director")

    before = turn_of(practice, person, [], NOW)
    adoption = adopting(practice, person)
    after = turn_of(practice, person, [adoption], NOW)
    adoption.result = "It works."
    told = turn_of(practice, person, [adoption], NOW)

    assert (before["actions"][0]["label"], after["actions"][0]["label"]) == ("We adopted this", "Add to it")
    assert [turn["actions"][0]["quiet"] for turn in (after, told)] == [False, True]
    assert turn_of(practice, UserFactory(), [], NOW) is None
    assert turn_of(practice_of(state="archived"), person, [], NOW) is None


def test_the_desk_is_found_by_words_reference_and_university() -> None:
    practice = practice_of(UniversityFactory(name="Universität Łódź"), "draft", title="Wärme", problem="Heat is lost.")
    practice_of(state="draft", title="Other")

    def found(typed):
        return list(DeskFilter({}, queryset=Practice.objects.all()).search(Practice.objects.all(), "q", typed))

    assert [found(typed) == [practice] for typed in ("warme", "HEAT lost", practice.reference, "lodz")] == [True] * 4
    assert found("warme nowhere") == []
    assert found(f"{'warme ' * 8}nowhere") == [practice]


def test_topics_count_published_practices_once_and_nothing_else() -> None:
    TopicFactory(code="campus.04")
    practice_of(topics=("campus.03",))
    practice_of(state="draft")
    practice_of(state="archived")

    counted = dict(Topic.objects.to_choose().with_practices().values_list("pk", "practices"))
    assert counted == {"campus.03": 1, "campus.04": 0}
