"""The entries follow their rows in the same transaction, whoever writes them: the ORM, bulk changes, SQL by hand."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import F
from django.utils import timezone

from applications.models import Application, Option, Round
from exchange.models import Placement
from funding.models import Call, FundingProgramme
from members.models import (
    Country,
    Expert,
    Field,
    Identifier,
    Mandate,
    SearchEntry,
    SearchWord,
    StudentProfile,
    Unit,
    University,
    UniversityName,
    User,
)
from members.searching import installing, sql
from members.searching.kinds import registered
from members.tasks import count_search_words, look_over_search
from policy.models import Body, Event, EventSeries
from practices.models import Practice, Topic
from programmes.models import Cotutelle, CotutelleSupervisor, Course, Programme, ProgrammePartner
from tests.factories.applications import ApplicationFactory, RoundFactory
from tests.factories.exchange import PlacementFactory
from tests.factories.funding import CallFactory
from tests.factories.members import (
    ContactFactory,
    CountryFactory,
    FieldFactory,
    IdentifierFactory,
    MembershipFactory,
    UnitFactory,
    UniversityFactory,
    UniversityNameFactory,
    person_as,
    student_of,
)
from tests.factories.people import ExpertFactory
from tests.factories.policy import BodyFactory, EventFactory, SeriesFactory
from tests.factories.practices import practice_of
from tests.factories.programmes import CourseFactory, cotutelle_in, programme_between

pytestmark = pytest.mark.django_db
COLUMNS = ("kind", "object_id", "key", "title", "subtitle", "summary", "plain_title", "codes", "weight", "vector")


def entries():
    return set(map(repr, SearchEntry.objects.values_list(*COLUMNS)))


def of(kind):
    return SearchEntry.objects.get(kind=kind)


def one_of_everything():
    university, other = UniversityFactory(member=True), UniversityFactory(former=True)
    UniversityNameFactory(university=university)
    IdentifierFactory(university=university)
    UnitFactory(university=university)
    ContactFactory(university=university)
    programme_between(university, other)
    CourseFactory(university=university, unit=university.units.get(), field=FieldFactory(code="0714"))
    PlacementFactory(published=True, host=other)
    round = RoundFactory(open=True, university=university)
    ApplicationFactory(submitted=True, round=round, applicant=student_of(university))
    person_as("exchange", university)
    ExpertFactory(public=True, unit=university.units.get())
    call = CallFactory(open=True)
    call.fields.add(FieldFactory(code="07"))
    EventFactory(published=True, host=university, body=BodyFactory(), series=SeriesFactory())
    practice_of(university, state="published")
    cotutelle_in("requested", home=university, partner=other)
    return university, other


def test_every_kind_writes_what_a_rebuild_would_write():
    one_of_everything()
    written = entries()

    SearchEntry.objects.all().delete()
    SearchWord.objects.all().delete()
    call_command("rebuild_search", batch=2, verbosity=0)

    assert entries() == written
    assert {kind.key for kind in registered()} == set(SearchEntry.objects.values_list("kind", flat=True))


CHANGES = {
    "name of a university": lambda: University.objects.update(name="Lysekil Polytechnic", city="Lysekil"),
    "slug of a university": lambda: University.objects.filter(memberships__kind="member").update(slug="moved"),
    "another name": lambda: UniversityName.objects.update(name="Chalmerska"),
    "code": lambda: Identifier.objects.update(value="Q999999"),
    "country": lambda: Country.objects.update(name="Fairyland"),
    "unit": lambda: Unit.objects.update(name="School of soft robots"),
    "programme": lambda: Programme.objects.update(title="Photonics of water"),
    "partners": lambda: ProgrammePartner.objects.exclude(role="coordinating").delete(),
    "field": lambda: Field.objects.update(name="Glaciology"),
    "course": lambda: Course.objects.update(code="NEW1", prerequisites="Glaciology"),
    "option": lambda: Option.objects.update(title="Wind tunnels"),
    "placement": lambda: Placement.objects.update(state="draft", description="Nothing yet"),
    "round": lambda: Round.objects.update(title="Late call"),
    "profile taken back": lambda: Expert.objects.update(published_at=None),
    "expertise": lambda: Expert.objects.update(keywords=["Volcanology"]),
    "people": lambda: User.objects.update(family_name="Åkesson"),
    "student number": lambda: StudentProfile.objects.update(student_number="2027-0001"),
    "applications": lambda: Application.objects.update(reference="EX-AAAA-11"),
    "call": lambda: Call.objects.update(title="Clean water", topic="HORIZON-CL6-2027-01"),
    "programme of funding": lambda: FundingProgramme.objects.update(name="Doctoral networks"),
    "fields of calls": lambda: Call.fields.through.objects.all().delete(),
    "event": lambda: Event.objects.update(starts_at=F("starts_at") - timedelta(days=40)),
    "series": lambda: EventSeries.objects.update(name="Winter school"),
    "body": lambda: Body.objects.update(name="Steering committee"),
    "topics of practices": lambda: Topic.objects.update(name="Quiet libraries"),
    "practice": lambda: Practice.objects.update(state="archived"),
    "cotutelle": lambda: Cotutelle.objects.update(title="On the rain of Bergen"),
    "supervisors": lambda: CotutelleSupervisor.objects.update(name="Professor Skog"),
    "mandates": lambda: Mandate.objects.filter(role="exchange").update(role="grants"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_bulk_changes_are_followed_at_once(change):
    one_of_everything()
    before = entries()

    CHANGES[change]()
    followed = entries()
    for kind in registered():
        installing.rebuild(kind)

    assert followed == entries()
    assert followed != before


def test_rows_of_sql_and_of_bulk_create_are_found_and_go_with_their_rows():
    country = CountryFactory()
    University.objects.bulk_create(
        University(slug=f"u{n}", short_name=f"U{n}", name=f"Bulk {n}", city="Turku", country=country) for n in range(3)
    )
    with connection.cursor() as cursor:
        cursor.execute("UPDATE members_university SET name = 'By hand' WHERE slug = 'u1'")

    assert [*SearchEntry.objects.order_by("title").values_list("title", flat=True)] == ["Bulk 0", "Bulk 2", "By hand"]
    University.objects.all().delete()
    assert SearchEntry.objects.count() == 0


def test_entry_stays_untouched_when_nothing_that_it_shows_changed():
    university = UniversityFactory()
    SearchEntry.objects.update(summary="kept as a mark")

    University.objects.filter(pk=university.pk).update(founded=1827, version=7)

    assert of("university").summary == "kept as a mark"


def test_weight_follows_the_membership():
    university = UniversityFactory()
    assert of("university").weight == 0

    membership = MembershipFactory(university=university)
    assert of("university").weight == pytest.approx(0.3)

    membership.delete()
    assert of("university").weight == 0


def test_names_join_the_vocabulary_and_names_of_people_do_not():
    student_of(UniversityFactory(name="Åbo Akademi", city="Turku"))
    User.objects.update(family_name="Zimmermann")

    words = set(SearchWord.objects.values_list("word", flat=True))

    assert {"akademi", "turku"} <= words
    assert "zimmermann" not in words


def test_counting_words_counts_entries_and_drops_words_that_stand_nowhere():
    UniversityFactory.create_batch(2, name="Institut", city="Liège")
    SearchWord.objects.create(word="nowhere", entries=9)

    count_search_words()

    counted = dict(SearchWord.objects.values_list("word", "entries"))
    assert (counted["institut"], counted["liege"]) == (2, 2)
    assert "nowhere" not in counted


def test_installing_again_changes_nothing():
    assert installing.install() == []


def test_kind_that_changed_is_installed_anew_and_one_that_left_goes():
    UniversityFactory(name="Åbo")
    SearchEntry.objects.update(title="stale")
    with connection.cursor() as cursor:
        cursor.execute("COMMENT ON FUNCTION search_refresh_university IS 'an earlier release'")
        cursor.execute("CREATE FUNCTION search_refresh_gone(ids bigint[]) RETURNS void LANGUAGE sql AS ''")

    assert installing.install() == ["university"]
    assert of("university").title == "Åbo"
    with connection.cursor() as cursor:
        assert "gone" not in installing._installed(cursor)


def test_without_triggers_nothing_is_followed_until_they_are_back():
    installing.uninstall()
    UniversityFactory(name="Unseen")
    assert SearchEntry.objects.count() == 0

    installing.install()
    assert of("university").title == "Unseen"


def test_rebuilding_names_a_wrong_kind_or_batch():
    with pytest.raises(CommandError, match="There is no kind mandrake"):
        call_command("rebuild_search", "mandrake")
    with pytest.raises(CommandError, match="give 1 or more"):
        call_command("rebuild_search", batch=0)


def test_longest_text_still_makes_an_entry():
    UniversityFactory(description="sällsynt " * 60_000)

    assert of("university").title
    assert len("sällsynt " * 60_000) > sql.LONGEST_TEXT


def test_an_entry_that_went_astray_is_found_overnight_and_the_others_are_left_alone():
    kth, other = UniversityFactory(name="Royal Institute"), UniversityFactory()
    yesterday = timezone.now() - timedelta(days=1)
    astray = SearchEntry.objects.filter(kind="university", object_id=kth.pk)
    astray.update(title="As it was called before", updated_at=yesterday)
    SearchEntry.objects.filter(object_id=other.pk).update(updated_at=yesterday)

    assert look_over_search() >= 2

    assert astray.get().title == "Royal Institute"
    touched = SearchEntry.objects.filter(updated_at__gt=yesterday)
    assert list(touched) == list(astray)
    assert look_over_search() >= 2
    assert touched.count() == 1
