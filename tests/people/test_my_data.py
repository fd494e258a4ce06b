"""One's own data: downloaded whole, erased where it may, explained where it must stay; the own account closed."""

import calendar
import io
import json
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.core.files.storage import default_storage
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from applications.models import Application, DocumentFile, FileAccess
from members.actions import mandates, privacy
from members.acts import Refused
from members.models import Act, Erasure, StudentProfile, User
from members.people_timeline import timeline_of
from members.personal_data import all_holdings
from notifications.models import Delivery, Letter, Notice
from programmes.models import WishListItem
from tests.factories.applications import (
    AppealFactory,
    ApplicationFactory,
    ChoiceFactory,
    DecisionFactory,
    DocumentFileFactory,
    ReviewFactory,
    RoundFactory,
)
from tests.factories.members import (
    DEMO_PASSWORD,
    ApiTokenFactory,
    EmailAddressFactory,
    LanguageSkillFactory,
    MandateFactory,
    StudentProfileFactory,
    UniversityFactory,
    UserFactory,
    person_as,
    student_of,
)
from tests.factories.notifications import LetterFactory, NoticeFactory
from tests.factories.people import ErasureFactory, InvitationFactory
from tests.factories.programmes import programme_between

pytestmark = pytest.mark.django_db
NOW = timezone.now()
TODAY, DAY = NOW.date(), timedelta(days=1)


def at(name, *args):
    return reverse(f"people:{name}", args=args)


def secretary():
    return MandateFactory(secretariat=True, role="secretariat").person


@pytest.fixture
def student():
    """A student with one ended application, a document, a letter, a notice and a wish."""
    university = UniversityFactory(member=True)
    person = UserFactory(given_name="Ida", family_name="Ek", email="ida@kth.example", verified=True)
    student = StudentProfileFactory(university=university, user=person, confirmed=True).user
    application = ApplicationFactory(
        round=RoundFactory(closed=True, university=university), applicant=student, rejected=True,
        motivation="I want to build bridges.",
    )  # fmt: skip
    DocumentFileFactory(slot__application=application, slot__state="refused", slot__reason="It does not say Ida Ek.")
    ReviewFactory(application=application, state="recused", reason="I supervise Ida Ek.")
    DecisionFactory(
        application=application, subject="No place for Ida Ek", letter="Dear Ida Ek", released_by=UserFactory(),
        released_at=NOW,
    )  # fmt: skip
    NoticeFactory(recipient=student, body="Ida, a place")
    WishListItem.objects.create(user=student, programme=programme_between(university, UniversityFactory()))
    return student


def parcel(response):
    return zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))


def test_every_room_says_what_it_holds():
    assert {holding.key for holding in all_holdings()} >= {
        "account", "profile", "mandates", "notices", "letters", "applications", "wish-list", "spreadsheets",
    }  # fmt: skip


def test_download_has_everything_and_the_files(sign_in, student):
    found = parcel(sign_in(student).post(at("my_data_download")))

    [application] = json.loads(found.read("applications.json"))
    [document] = application["documents"]
    assert (application["motivation"], application["letter"]["text"]) == ("I want to build bridges.", "Dear Ida Ek")
    assert [name for name in found.namelist() if name.endswith(document["file"])] != []
    assert json.loads(found.read("account.json"))[0]["email"] == "ida@kth.example"
    assert {f"{holding.key}.json" for holding in all_holdings()} <= {*found.namelist()}


def test_download_has_every_address_the_sign_in_of_the_university_and_the_proof_of_a_language(sign_in, student):
    EmailAddressFactory(user=student, email="ida@home.example", verified=False, primary=False)
    SocialAccount.objects.create(user=student, provider="kth", uid="ida", extra_data={"userinfo": {"sub": "ida"}})
    LanguageSkillFactory(profile=student.student_profile, language="sv", proof="Tisus")

    found = parcel(sign_in(student).post(at("my_data_download")))

    (account,) = json.loads(found.read("account.json"))
    assert account["addresses"] == [
        {"email": "ida@home.example", "verified": False}, {"email": "ida@kth.example", "verified": True},
    ]  # fmt: skip
    assert [each["known_there_as"] for each in account["university_sign_ins"]] == ["ida"]
    assert json.loads(found.read("profile.json"))[0]["languages"][0]["proof"] == "Tisus"


def test_download_tells_nothing_of_others_and_nothing_undecided(sign_in):
    university = UniversityFactory(member=True)
    me, other = student_of(university), student_of(university)
    round = RoundFactory(closed=True, university=university)
    DecisionFactory(application=ApplicationFactory(round=round, applicant=me, eligible=True), letter="Not yet told")
    ApplicationFactory(round=round, applicant=other, eligible=True, motivation="Somebody else's words")

    text = parcel(sign_in(me).post(at("my_data_download"))).read("applications.json").decode()

    assert ("Not yet told" in text, "Somebody else's words" in text, "Eligible" in text) == (False, False, False)


def test_what_one_did_with_others_files_is_told_without_a_word_of_theirs(sign_in):
    me = person_as("reviewer")
    review = ReviewFactory(reviewer=me, comment="Ida is bright.")
    appeal = AppealFactory(dismissed=True, decided_by=me)

    found = parcel(sign_in(me).post(at("my_data_download")))

    [judged], [answered] = (json.loads(found.read(f"{key}.json")) for key in ("reviews", "appeal-answers"))
    assert judged == {"round": review.application.round.title, "state": "assigned"}
    assert (answered["round"], answered["state"]) == (appeal.application.round.title, "dismissed")


def test_who_opened_ones_file_is_told_with_the_reason(sign_in):
    me = student_of(UniversityFactory(member=True))
    access = FileAccess.objects.create(
        application=ApplicationFactory(applicant=me, submitted=True), person=secretary(), reason="Asked for help."
    )

    [row] = json.loads(parcel(sign_in(me).post(at("my_data_download"))).read("file-accesses.json"))

    assert (row["by"], row["reason"]) == (access.person.email, "Asked for help.")


@pytest.mark.parametrize("released_at", [None, NOW])
def test_what_was_answered_stays_in_the_download_when_the_round_is_put_away(sign_in, released_at):
    me = student_of(UniversityFactory(member=True))
    application = ApplicationFactory(applicant=me, rejected=True, round=RoundFactory(state="archived"))
    ChoiceFactory(application=application, state="not_offered", why="No place was left here.")
    DecisionFactory(application=application, released_by=released_at and UserFactory(), released_at=released_at)

    [row] = json.loads(parcel(sign_in(me).post(at("my_data_download"))).read("applications.json"))

    [choice] = row["choices"]
    assert (choice["answer"], choice["reason"]) == (
        ("Not offered", "No place was left here.") if released_at else ("", "")
    )


def test_download_is_logged_and_asks_for_the_password_first(client, sign_in, student):
    client.force_login(student)
    asked = client.get(at("my_data_download"))
    sign_in(student).post(at("my_data_download")).getvalue()

    assert asked["Location"].startswith(reverse("account_reauthenticate"))
    assert [act.kind for act in Act.objects.about(student)] == ["account.data_downloaded"]


def test_download_is_limited(sign_in, student):
    client = sign_in(student)

    statuses = []
    for _ in range(6):
        response = client.post(at("my_data_download"))
        statuses.append(response.status_code)
        if response.streaming:
            b"".join(response.streaming_content)

    assert statuses == [200] * 5 + [429]


def test_download_goes_on_without_a_file_that_is_lost(sign_in, student):
    default_storage.delete(DocumentFile.objects.get().file.name)

    found = parcel(sign_in(student).post(at("my_data_download")))

    assert [name for name in found.namelist() if name.endswith(".missing.txt")] != []


@pytest.mark.parametrize("notices", [1, 3])
def test_my_data_query_count(client, django_assert_num_queries, notices):
    me = UserFactory()
    NoticeFactory.create_batch(notices, recipient=me)
    client.force_login(me)
    client.get(at("my_data"))

    with django_assert_num_queries(4 + len(all_holdings())):  # one for each kind, whatever its rows
        client.get(at("my_data"))


def test_asking_once_tells_the_secretariat(sign_in, student):
    desk = secretary()
    client = sign_in(student)

    client.post(at("my_data_erasure"), {"words": "Please forget me.", "understood": "on"})
    again = client.post(at("my_data_erasure"), {"understood": "on"})

    assert [erasure.words for erasure in student.erasures.all()] == ["Please forget me."]
    assert [notice.subject for notice in desk.notices.all()] == ["Somebody asks to be erased"]
    assert "asked already" in again.content.decode()


def test_the_answer_is_due_within_a_month_whenever_somebody_asks():
    """Who asks on 31 January has an answer by 28 February."""
    for day in range(365):
        asked = datetime(2027, 1, 1, 12, tzinfo=UTC) + timedelta(days=day)
        year, month = asked.year + asked.month // 12, asked.month % 12 + 1
        last = asked.replace(year=year, month=month, day=min(asked.day, calendar.monthrange(year, month)[1]))

        assert Erasure(asked_at=asked).answer_by <= last


def test_asking_needs_the_tick_and_keeps_the_words(sign_in, student):
    page = sign_in(student).post(at("my_data_erasure"), {"words": "Please forget me."})

    assert (page.status_code, Erasure.objects.count()) == (200, 0)
    assert "Please forget me." in page.content.decode()
    assert "Tick this" in page.content.decode()


def test_one_open_request_per_person(student):
    ErasureFactory(user=student)

    with pytest.raises(IntegrityError, match="one_open_erasure_per_person"):
        ErasureFactory(user=student)


def test_a_refused_request_has_a_reason(student):
    with pytest.raises(IntegrityError, match="a_refused_erasure_has_a_reason"):
        ErasureFactory(user=student, state="refused", decided_at=NOW, decided_by=UserFactory())


def test_taken_back_it_can_be_asked_again(sign_in, student):
    ErasureFactory(user=student)

    sign_in(student).post(at("my_data_keep"))
    privacy.ask_for_erasure(by=student, words="", now=NOW)

    assert [*student.erasures.order_by("pk").values_list("state", flat=True)] == ["withdrawn", "asked"]


def test_only_the_person_takes_a_request_back_and_only_the_person_downloads(student):
    erasure, desk = ErasureFactory(user=student), secretary()

    with pytest.raises(Refused, match="Only the person takes this back"):
        privacy.take_back(erasure=erasure, by=desk, now=NOW)
    with pytest.raises(Refused, match="their own data only"):
        privacy.note_download(user=student, by=desk)

    erasure.refresh_from_db()
    assert (erasure.state, Act.objects.about(student).count()) == ("asked", 0)


def test_a_request_that_was_decided_can_no_longer_be_taken_back(student):
    erasure = ErasureFactory(user=student)
    privacy.refuse(erasure=Erasure.objects.get(), answer="An appeal runs until May.", by=secretary(), now=NOW)

    with pytest.raises(Refused, match="decided meanwhile"):
        privacy.take_back(erasure=erasure, by=student, now=NOW)


@pytest.mark.parametrize("answer", ["", "  \n"])
def test_a_refusal_without_words_is_refused(student, answer):
    with pytest.raises(Refused, match="Say why"):
        privacy.refuse(erasure=ErasureFactory(user=student), answer=answer, by=secretary(), now=NOW)


def test_an_administrator_is_erased_and_closed_by_another_administrator_only():
    administrator, other = UserFactory.create_batch(2, administrator=True)

    with pytest.raises(Refused, match="Only an administrator decides"):
        privacy.carry_out(erasure=ErasureFactory(user=administrator), by=secretary(), now=NOW)
    with pytest.raises(Refused, match="another administrator has to close"):
        privacy.close_own_account(by=administrator, now=NOW)

    privacy.carry_out(erasure=Erasure.objects.get(), by=other, now=NOW)
    administrator.refresh_from_db()
    assert (administrator.is_active, administrator.is_superuser) == (False, False)


def traces_of(words):
    """In which tables of the portal, histories included, `words` still stand."""
    from django.db import connection

    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            quoted = connection.ops.quote_name(table)
            cursor.execute(f"SELECT count(*) FROM {quoted} t WHERE t::text ILIKE %s", [f"%{words}%"])  # noqa: S608
            if cursor.fetchone()[0]:
                found.append(table)
    return found


def test_carried_out_no_table_and_no_history_knows_the_person(django_capture_on_commit_callbacks, student):
    stored = DocumentFile.objects.get().file.name
    erasure = ErasureFactory(user=student, words="I am Ida Ek")
    before = {words: traces_of(words) for words in ("ida@kth.example", "Ida Ek", "build bridges", "Ida, a place")}

    with django_capture_on_commit_callbacks(execute=True):
        privacy.carry_out(erasure=erasure, by=secretary(), now=NOW)

    after = {words: traces_of(words) for words in before}
    assert [bool(tables) for tables in before.values()] == [True] * 4
    assert after == {
        "ida@kth.example": ["notifications_letter"],  # the last e-mail's address, until the purge
        "Ida Ek": [], "build bridges": [], "Ida, a place": [],
    }  # fmt: skip
    assert default_storage.exists(stored) is False


def test_carried_out_the_log_of_a_desk_knows_neither_who_followed_nor_who_stood_in():
    person = UserFactory(given_name="Ida", family_name="Ek", email="ida@kth.example", verified=True)
    EmailAddressFactory(user=person, email="ida@home.example", verified=True, primary=False)
    before, after = MandateFactory(official=True), UserFactory()
    days = {"by": before.person, "first_day": None, "last_day": None, "today": TODAY}
    mandates.name_deputy(mandate=before, deputy=person, **days)
    mandates.dismiss_deputy(mandate=before, by=before.person)
    held = mandates.hand_over(mandate=before, successor=person, last_day=TODAY, by=before.person, today=TODAY)
    mandates.hand_over(mandate=held, successor=after, last_day=TODAY + DAY, by=person, today=TODAY)
    InvitationFactory(email="ida@home.example")
    Notice.objects.all().delete()

    privacy.carry_out(erasure=ErasureFactory(user=person), by=secretary(), now=NOW + 2 * DAY)

    assert {words: traces_of(words) for words in ("Ida Ek", "ida@home.example")} == {
        "Ida Ek": [], "ida@home.example": [],
    }  # fmt: skip
    assert [step["label"] for step in timeline_of(before)] == [
        "Erased person named as deputy", "Erased person no longer deputy",
        f"Passed on to Erased person after {date_format(TODAY)}",
    ]  # fmt: skip


def test_carried_out_what_others_rest_on_stays(student):
    privacy.carry_out(erasure=ErasureFactory(user=student), by=secretary(), now=NOW)
    person = User.objects.get(pk=student.pk)

    assert (str(person), person.is_active, person.has_usable_password()) == ("Erased person", False, False)
    assert Application.objects.get(applicant=person).state == "rejected"
    assert StudentProfile.objects.filter(user=person).count() == Notice.objects.filter(recipient=person).count() == 0
    assert Delivery.objects.get(letter__address="ida@kth.example").letter.subject == "Your data are erased"


def test_carried_out_twice_acts_once(student):
    erasure = ErasureFactory(user=student)
    desk = secretary()
    privacy.carry_out(erasure=erasure, by=desk, now=NOW)

    with pytest.raises(Refused, match="decided meanwhile"):
        privacy.carry_out(erasure=Erasure.objects.get(), by=desk, now=NOW)


def test_an_open_application_or_a_mandate_is_in_the_way():
    university = UniversityFactory(member=True)
    student, officer = student_of(university), person_as("exchange", university)
    ApplicationFactory(round=RoundFactory(open=True, university=university), applicant=student, submitted=True)

    for person, reason in ((student, "still open"), (officer, "hold a mandate")):
        with pytest.raises(Refused, match=reason):
            privacy.carry_out(erasure=ErasureFactory(user=person), by=secretary(), now=NOW)
        with pytest.raises(Refused, match=reason):
            privacy.close_own_account(by=person, now=NOW)


def test_nobody_decides_on_their_own_request_and_only_the_secretariat_decides(student):
    desk = secretary()

    with pytest.raises(Refused, match="own request"):
        privacy.carry_out(erasure=ErasureFactory(user=desk), by=desk, now=NOW)
    with pytest.raises(Refused, match="secretariat decides"):
        privacy.carry_out(erasure=ErasureFactory(user=student), by=UserFactory(), now=NOW)


def test_refused_with_a_reason_that_the_person_reads(sign_in, student):
    erasure = ErasureFactory(user=student)
    client = sign_in(secretary())

    empty = client.post(at("erasure_refuse", erasure.reference), {"answer": ""})
    client.post(at("erasure_refuse", erasure.reference), {"answer": "Your grant is being audited until May."})
    client = sign_in(student)

    assert empty.context["form"].errors["answer"] == ["This field is required."]
    assert "Your grant is being audited until May." in client.get(at("my_data")).content.decode()


def test_the_desk_sees_how_much_never_what(sign_in, student):
    page = sign_in(secretary()).get(at("erasure_detail", ErasureFactory(user=student).reference)).content.decode()

    assert ("Your applications, documents and letters" in page, "build bridges" in page) == (True, False)


def test_carried_out_on_the_page(sign_in, student):
    erasure = ErasureFactory(user=student)

    response = sign_in(secretary()).post(at("erasure_carry_out", erasure.reference))

    erasure.refresh_from_db()
    assert (response["Location"], erasure.state, erasure.done["applications"]) == (
        erasure.get_absolute_url(),
        "done",
        1,
    )


def test_own_account_closed_signs_out_and_stays_closed(sign_in, student):
    response = sign_in(student).post(at("close_account"), {"understood": "on"})

    assert (response["Location"], User.objects.get(pk=student.pk).is_active) == ("/", False)
    assert [act.kind for act in Act.objects.about(student)] == ["account.closed"]


@pytest.mark.parametrize("rows", [1, 3])
def test_erasure_list_query_count(client, django_assert_num_queries, rows):
    ErasureFactory.create_batch(rows)
    client.force_login(secretary())
    client.get(at("erasure_list"))

    with django_assert_num_queries(QUERIES_OF_THE_LIST):
        client.get(at("erasure_list"))


def test_erasure_list_a_thousand_rows(client, django_assert_num_queries):
    people = User.objects.bulk_create(User(email=f"p{n}@example.org", password="!") for n in range(1000))
    Erasure.objects.bulk_create(Erasure(user=person, asked_at=NOW - timedelta(days=1)) for person in people)
    client.force_login(secretary())
    client.get(at("erasure_list"))

    with django_assert_num_queries(QUERIES_OF_THE_LIST):
        assert len(client.get(at("erasure_list")).context["page_obj"]) < 100


QUERIES_OF_THE_LIST = 7


def test_a_deputy_whose_days_are_over_may_leave():
    person = UserFactory()
    mandate = MandateFactory(deputy=person, deputy_until=TODAY)
    hindrance = {holding.key: holding.hindrance for holding in all_holdings()}["mandates"]

    assert "stand in for somebody" in str(hindrance(person, NOW))
    assert hindrance(person, NOW + DAY) == ""

    mandate.deputy_until = None
    mandate.save()
    assert "stand in for somebody" in str(hindrance(person, NOW + DAY))


@pytest.mark.parametrize(("ends_in", "stays"), [(0, True), (-1, False), (None, True)])
def test_a_mandate_holds_its_person_to_its_last_day(ends_in, stays):
    mandate = MandateFactory(ends_on=None if ends_in is None else TODAY + ends_in * DAY)
    hindrance = {holding.key: holding.hindrance for holding in all_holdings()}["mandates"]

    assert bool(hindrance(mandate.person, NOW)) == stays


def test_letters_to_a_second_address_are_told_and_erased():
    person = UserFactory(email="ida@kth.example", verified=True)
    EmailAddressFactory(user=person, email="ida@home.example", primary=False, verified=True)
    for address in ("IDA@kth.example", "ida@home.example", "other@home.example"):
        LetterFactory(address=address)
    letters = {holding.key: holding for holding in all_holdings()}["letters"]

    assert (letters.count(person), sorted(row["to"] for row in letters.rows(person))) == (
        2, ["IDA@kth.example", "ida@home.example"],
    )  # fmt: skip
    letters.erase(person, NOW)
    assert [letter.address for letter in Letter.objects.all()] == ["other@home.example"]


def test_what_is_counted_of_sessions_and_factors_is_what_is_told(client):
    person = UserFactory(email="ida@kth.example", verified=True)
    client.post(reverse("account_login"), {"login": person.email, "password": DEMO_PASSWORD})
    client.get(reverse("usersessions_list"))
    Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={})
    sign_ins = {holding.key: holding for holding in all_holdings()}["sign-in"]

    assert (sign_ins.count(person), len(sign_ins.rows(person))) == (2, 2)


def test_closing_ones_account_ends_the_keys_to_the_api_and_is_done_once():
    token = ApiTokenFactory()

    privacy.close_own_account(by=token.user, now=NOW)
    with pytest.raises(Refused, match="closed already"):
        privacy.close_own_account(by=token.user, now=NOW)

    token.refresh_from_db()
    assert token.revoked_at == NOW
    assert [act.kind for act in Act.objects.about(token.user)] == ["account.closed"]
