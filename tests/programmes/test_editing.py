"""Writing a programme and having it published: who may, in which order, and what is told to whom."""

from datetime import UTC, datetime

import pytest

from members.acts import Conflict, Refused
from members.models import Act
from notifications.models import Notice
from programmes import actions
from programmes.content import content_of, fingerprint
from programmes.models import Programme, Revision, Seats
from tests.factories.members import UniversityFactory, UserFactory, person_as
from tests.factories.programmes import (
    IntakeFactory,
    ProgrammeFactory,
    ProgrammePartnerFactory,
    RevisionFactory,
    open_intake,
    programme_between,
)
from tests.programmes.test_models import make_round

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 3, 9, 30, tzinfo=UTC)


@pytest.fixture
def kth():
    return UniversityFactory(slug="kth", short_name="KTH")


@pytest.fixture
def kit():
    return UniversityFactory(slug="kit", short_name="KIT")


@pytest.fixture
def director(kth):
    return person_as("director", kth)


@pytest.fixture
def partner_director(kit):
    return person_as("director", kit)


@pytest.fixture
def secretariat():
    return person_as("secretariat")


@pytest.fixture
def published(kth, kit):
    return programme_between(kth, kit, title="Mechatronics")


@pytest.fixture
def draft(kth, kit):
    return programme_between(kth, kit, title="Mechatronics", state="draft")


def save_title(programme, title, by):
    """Change the title in the version being written, as somebody does who sees it as it stands."""
    revision = programme.revisions.being_written().first()
    content = revision.content if revision else content_of(programme)
    basics = {**content["basics"], "title": title}
    return actions.save_parts(
        programme=programme,
        parts={"basics": basics},
        seen=fingerprint({"basics": content["basics"]}),
        by=by,
    )


def publish(programme, by, **more):
    revision = programme.revisions.being_written().get()
    programme.refresh_from_db()
    seen = more.pop("seen", (revision.version, programme.version))
    return actions.publish(programme=programme, seen=seen, by=by, now=NOW)


def timeline(programme):
    return list(Act.objects.about(programme).values_list("kind", flat=True))


# Creating


def test_director_begins_a_programme_of_the_own_university(director, kth):
    programme = actions.create_programme(
        title="Énergie & marées", kind="dual", level="master", university=kth, by=director
    )

    assert (programme.state, programme.slug, programme.coordinator) == ("draft", "energie-marees", kth)
    assert timeline(programme) == ["programme.created"]


def test_addresses_do_not_clash(director, kth):
    titles = ["Compare", "Compare", "Compare"]

    made = [
        actions.create_programme(title=t, kind="dual", level="master", university=kth, by=director).slug for t in titles
    ]

    assert made == ["compare-kth", "compare-kth-2", "compare-kth-3"]


def test_director_cannot_begin_a_programme_for_another_university(director, kit):
    with pytest.raises(Refused, match="your own university"):
        actions.create_programme(title="Energy", kind="dual", level="master", university=kit, by=director)


def test_secretariat_begins_a_programme_for_any_university(secretariat, kit):
    programme = actions.create_programme(title="Energy", kind="dual", level="master", university=kit, by=secretariat)

    assert programme.coordinator == kit


@pytest.mark.parametrize("title", ["", "  ", "T" * 141])
def test_wrong_title_is_refused(director, kth, title):
    with pytest.raises(Refused):
        actions.create_programme(title=title, kind="dual", level="master", university=kth, by=director)


# Saving parts


def test_saved_part_of_a_draft_shows_at_once(draft, director):
    save_title(draft, "Robotics", director)

    draft.refresh_from_db()
    assert draft.title == "Robotics"


def test_public_page_stays_until_the_new_version_is_published(published, director, secretariat):
    save_title(published, "Robotics", director)
    published.refresh_from_db()
    before = published.title
    actions.submit(programme=published, by=director, now=NOW)
    publish(published, secretariat)

    published.refresh_from_db()
    assert (before, published.title, published.state) == ("Mechatronics", "Robotics", "published")


def test_who_saves_over_another_state_than_seen_is_told(published, director, partner_director):
    seen = fingerprint({"basics": content_of(published)["basics"]})
    save_title(published, "Robotics", director)

    with pytest.raises(Conflict):
        actions.save_parts(programme=published, parts={"basics": {}}, seen=seen, by=partner_director)

    assert published.revisions.get().content["basics"]["title"] == "Robotics"


def test_two_people_may_edit_different_parts(published, director, partner_director):
    seen = fingerprint({"requirements": [], "yearly_dates": []})
    save_title(published, "Robotics", director)

    actions.save_parts(
        programme=published, parts={"requirements": [], "yearly_dates": []}, seen=seen, by=partner_director
    )

    revision = published.revisions.get()
    assert (revision.version, revision.content["basics"]["title"]) == (3, "Robotics")


def test_stranger_cannot_write(published):
    with pytest.raises(Refused):
        save_title(published, "Robotics", person_as("director"))


def test_version_with_the_secretariat_is_not_written(published, director):
    save_title(published, "Robotics", director)
    actions.submit(programme=published, by=director, now=NOW)

    with pytest.raises(Refused, match="take it back"):
        save_title(published, "Robots", director)


def test_archived_programme_is_not_written(director, kth):
    programme = ProgrammeFactory(archived=True)
    ProgrammePartnerFactory(programme=programme, university=kth)

    with pytest.raises(Refused):
        save_title(programme, "Robotics", director)


def test_what_a_draft_cannot_hold_is_refused_and_changes_nothing(draft, director):
    with pytest.raises(Refused, match="characters"):
        save_title(draft, "T" * 200, director)

    assert not draft.revisions.exists()


# Submitting and judging


def test_submitting_tells_the_secretariat(draft, director, secretariat):
    save_title(draft, "Robotics", director)

    actions.submit(programme=draft, by=director, now=NOW)

    draft.refresh_from_db()
    assert (draft.state, draft.revisions.get().state) == ("review", "review")
    assert [(n.recipient, n.subject) for n in Notice.objects.all()] == [(secretariat, "To look at: Robotics")]


def test_incomplete_programme_is_not_submitted(director, kth):
    programme = actions.create_programme(title="Energy", kind="dual", level="master", university=kth, by=director)
    save_title(programme, "Energy systems", director)

    with pytest.raises(Refused, match=r"6 things are missing: Name the field of study."):
        actions.submit(programme=programme, by=director, now=NOW)


def test_nothing_written_nothing_submitted(published, director):
    with pytest.raises(Refused, match="no version"):
        actions.submit(programme=published, by=director, now=NOW)


def test_secretariat_does_not_submit_for_the_directors(draft, secretariat):
    RevisionFactory(programme=draft)

    with pytest.raises(Refused):
        actions.submit(programme=draft, by=secretariat, now=NOW)


def test_submitted_version_can_be_taken_back(draft, director):
    save_title(draft, "Robotics", director)
    actions.submit(programme=draft, by=director, now=NOW)

    actions.take_back(programme=draft, by=director, now=NOW)

    draft.refresh_from_db()
    assert (draft.state, draft.revisions.get().state) == ("draft", "draft")


def test_returned_version_tells_the_directors_why(draft, director, partner_director, secretariat):
    save_title(draft, "Robotics", director)
    actions.submit(programme=draft, by=director, now=NOW)

    actions.give_back(programme=draft, comment=" Name the thesis rule. ", by=secretariat, now=NOW)

    draft.refresh_from_db()
    revision = draft.revisions.get()
    told = Notice.objects.filter(subject__startswith="Returned").values_list("recipient", flat=True)
    assert (draft.state, revision.state, revision.comment) == ("draft", "returned", "Name the thesis rule.")
    assert set(told) == {director.pk, partner_director.pk}


@pytest.mark.parametrize("comment", ["", "   "])
def test_returning_needs_a_comment(draft, secretariat, comment):
    RevisionFactory(programme=draft, submitted=True)

    with pytest.raises(Refused, match="what has to change"):
        actions.give_back(programme=draft, comment=comment, by=secretariat, now=NOW)


def test_returned_version_can_be_written_and_submitted_again(draft, director, secretariat):
    revision = RevisionFactory(programme=draft, returned=True)

    save_title(draft, "Robotics", director)
    actions.submit(programme=draft, by=director, now=NOW)

    revision.refresh_from_db()
    assert revision.state == "review"


def test_directors_cannot_publish(draft, director):
    RevisionFactory(programme=draft, submitted=True)

    with pytest.raises(Refused):
        publish(draft, director)


def test_publishing_a_draft_makes_it_public(draft, director, partner_director, secretariat):
    save_title(draft, "Robotics", director)
    actions.submit(programme=draft, by=director, now=NOW)

    publish(draft, secretariat)

    draft.refresh_from_db()
    assert (draft.state, draft.published_at, draft.version) == ("published", NOW, 2)
    assert draft.revisions.get().judged_by == secretariat
    assert timeline(draft) == ["programme.edited", "programme.submitted", "programme.published"]
    assert Notice.objects.filter(subject="Published: Robotics").count() == 2


def test_publishing_what_was_changed_meanwhile_is_refused(published, director, secretariat):
    save_title(published, "Robotics", director)
    compared = (published.revisions.get().version, published.version)
    save_title(published, "Robots", director)

    with pytest.raises(Conflict, match="compare again"):
        publish(published, secretariat, seen=compared)


def test_secretariat_publishes_what_it_wrote_itself(published, secretariat):
    save_title(published, "Robotics", secretariat)

    publish(published, secretariat)

    published.refresh_from_db()
    assert published.title == "Robotics"


def test_version_is_published_once(published, secretariat):
    save_title(published, "Robotics", secretariat)
    publish(published, secretariat)

    with pytest.raises(Refused, match="no version"):
        actions.publish(programme=published, seen=(2, 2), by=secretariat, now=NOW)


@pytest.mark.parametrize(("round_state", "title"), [(None, "Robotics"), ("draft", "Robotics"), ("published", "Mech")])
def test_publishing_renames_seats_until_students_choose_them(published, secretariat, round_state, title):
    intake = open_intake(published)
    if round_state:
        make_round(intake, state=round_state)
    save_title(published, "Robotics", secretariat)

    publish(published, secretariat)

    assert {seats.title.split(":")[0] for seats in Seats.objects.all()} == {title.replace("Mech", "Mechatronics")}


def test_dropped_version_leaves_the_page_as_it_is(published, director):
    save_title(published, "Robotics", director)

    actions.drop(programme=published, by=director, now=NOW)

    published.refresh_from_db()
    assert (published.title, published.revisions.get().state) == ("Mechatronics", "dropped")


def test_first_version_of_a_draft_is_not_dropped(draft, director):
    save_title(draft, "Robotics", director)

    with pytest.raises(Refused, match="archive it instead"):
        actions.drop(programme=draft, by=director, now=NOW)


# Archiving


def test_archived_programme_leaves_the_catalogue(published, director):
    RevisionFactory(programme=published)

    actions.archive(programme=published, reason="The agreement ended.", by=director, now=NOW)

    assert not Programme.objects.in_catalogue().exists()
    assert Revision.objects.get().state == "dropped"


def test_partner_that_does_not_coordinate_cannot_archive(published, partner_director):
    with pytest.raises(Refused):
        actions.archive(programme=published, reason="Enough.", by=partner_director, now=NOW)


def test_archiving_needs_a_reason(published, director):
    with pytest.raises(Refused, match="Say why"):
        actions.archive(programme=published, reason=" ", by=director, now=NOW)


def test_programme_is_not_archived_while_students_apply(published, director):
    intake = IntakeFactory(programme=published)
    now = intake.opens_at
    make_round(intake, state="published", opens_at=intake.opens_at)

    with pytest.raises(Refused, match="Students are applying"):
        actions.archive(programme=published, reason="Enough.", by=director, now=now)


def test_secretariat_restores_an_archived_programme_as_a_draft(published, director, secretariat):
    actions.archive(programme=published, reason="Enough.", by=director, now=NOW)

    restored = actions.restore(programme=published, by=secretariat)

    assert restored.state == "draft"


def test_deputy_acts_on_behalf_of_the_director(draft, kth):
    deputy = UserFactory()
    director = person_as("director", kth, deputy=deputy)

    save_title(draft, "Robotics", deputy)

    act = Act.objects.about(draft).get()
    assert (act.actor, act.on_behalf_of) == (deputy, director)
