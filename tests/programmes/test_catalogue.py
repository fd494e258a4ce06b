"""The catalogue, a programme's page, the comparison and the wish list: who sees what, in which words, how fast."""

import csv
import html
import io
import json
import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from applications.eligibility import check
from members.models import LanguageSkill, StudentProfile
from programmes.filters import suited_to
from programmes.models import Programme
from tests.factories.members import (
    CountryFactory,
    FieldFactory,
    TagFactory,
    UniversityFactory,
    UserFactory,
    person_as,
    student_of,
)
from tests.factories.programmes import (
    IntakeFactory,
    ProgrammeCourseFactory,
    ProgrammeFactory,
    ProgrammeLanguageFactory,
    ProgrammePartnerFactory,
    ProgrammeRequirementFactory,
    WishListItemFactory,
    YearlyDateFactory,
    open_intake,
    programme_between,
)
from tests.programmes.test_models import make_round

pytestmark = pytest.mark.django_db
URL = "/programmes/"


@pytest.fixture
def kth():
    return UniversityFactory(slug="kth", short_name="KTH", name="KTH Royal Institute", city="Stockholm", placed=True)


@pytest.fixture
def kit():
    return UniversityFactory(
        slug="kit", short_name="KIT", city="Karlsruhe", latitude="49", longitude="8.4",
        country=CountryFactory(code="DE", name="Germany"),
    )  # fmt: skip


@pytest.fixture
def programme(kth, kit):
    return programme_between(kth, kit, title="Mechatronics", slug="mechatronics")


def shown(response):
    return [programme.slug for programme in response.context["page_obj"]]


def facet(response, name):
    (found,) = [facet for facet in response.context["facets"] if facet["name"] == name]
    return {str(option["label"]): option["count"] for option in [*found["options"], *found["more"]]}


def text_of(response):
    """The words of the page, without tags, with single blanks."""
    plain = re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", response.content.decode(), flags=re.DOTALL)
    return " ".join(html.unescape(plain).split())


# The catalogue


def test_catalogue_is_public_and_shows_what_closes_first(client, programme):
    later = programme_between(title="Acoustics")
    never = programme_between(title="Botany")
    IntakeFactory(programme=later, closes_at=timezone.now() + timedelta(days=20))
    IntakeFactory(programme=programme, closes_at=timezone.now() + timedelta(days=2))

    assert shown(client.get(URL)) == [programme.slug, later.slug, never.slug]
    assert shown(client.get(URL, {"sort": "title"})) == [later.slug, never.slug, programme.slug]


def test_row_tells_partners_facts_strip_and_seats(client, programme):
    open_intake(programme, places=4)

    words = text_of(client.get(URL))

    assert "Mechatronics KTH with KIT 0714 Field 0714 · Dual degree · 120 ECTS · 60 + 60 · English B2" in words
    assert "1: KTH 2: KTH 3: KIT 4: KIT semesters 1–4, where you study" in words
    assert "9 d 9 days left" in words
    assert "8 seats" in words


def test_row_without_intake_and_on_standby_says_so(client, programme):
    assert "no intake announced" in text_of(client.get(URL))
    Programme.objects.update(listing="standby")
    assert "takes nobody at present" in text_of(client.get(URL))


def test_row_of_a_coming_intake_says_when_it_opens(client, programme):
    IntakeFactory(programme=programme, coming=True)

    assert "opens" in text_of(client.get(URL))


def test_drafts_and_programmes_shown_by_link_are_not_in_the_catalogue(client):
    ProgrammeFactory()
    link_only = programme_between(listing="link_only")

    assert shown(client.get(URL)) == []
    assert client.get(link_only.get_absolute_url()).status_code == 200


def test_facets_count_under_the_other_filters(client, programme, kth):
    other = programme_between(kth, title="Energy", field=FieldFactory(code="0713", name="Energy field"))
    ProgrammeLanguageFactory(programme=other, language="fr")
    open_intake(programme)

    response = client.get(URL, {"language": "fr"})

    assert shown(response) == [other.slug]
    assert (response.context["total"], response.context["all_total"]) == (1, 2)
    assert facet(response, "language") == {"English": 2, "French": 1}
    assert facet(response, "field") == {"Energy field": 1}
    assert facet(response, "side")["KTH"] == 1
    assert facet(response, "open") == {"Open now": 0}
    assert [str(chip["value"]) for chip in response.context["chips"]] == ["French"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"side": "kit"}, True),
        ({"side": "nowhere"}, False),
        ({"country": "DE"}, True),
        ({"level": "doctorate"}, False),
        ({"kind": "dual"}, True),
        ({"tuition": "yes"}, False),
        ({"open": "yes"}, True),
        ({"q": "karlsruhe mecha"}, True),
        ({"q": "botany"}, False),
    ],
)
def test_each_filter_narrows(client, programme, query, found):
    open_intake(programme)

    assert shown(client.get(URL, query)) == ([programme.slug] if found else [])


@pytest.mark.parametrize("tuition", ["home", "free"])
def test_waived_tuition_is_a_filter(client, programme, tuition):
    Programme.objects.update(tuition=tuition)

    assert shown(client.get(URL, {"tuition": "yes"})) == [programme.slug]


@pytest.mark.parametrize(
    "query",
    [
        {"page": "99"},
        {"page": "x"},
        {"sort": "x"},
        {"level": "\x00"},
        {"q": "%_\x00'"},
        {"field": "x" * 500},
        {"side": ""},
    ],
    ids=repr,
)
def test_strange_addresses_break_nothing(client, programme, query):
    assert client.get(URL, query).status_code == 200


def test_htmx_gets_the_results_only(client, programme):
    response = client.get(URL, headers={"HX-Request": "true"})

    assert "Mechatronics" in response.content.decode()
    assert "<html" not in response.content.decode()


def test_exports_hold_every_filtered_row(client, programme):
    programme_between(title="Botany")

    rows = list(
        csv.DictReader(io.StringIO(b"".join(client.get(URL, {"q": "mecha", "export": "csv"})).decode("utf-8-sig")))
    )
    sheet = load_workbook(io.BytesIO(client.get(URL, {"export": "xlsx"}).content)).active

    assert [row["Title"] for row in rows] == ["Mechatronics"]
    assert rows[0]["Partners"] == "KTH (Coordinates and awards); KIT (Awards its degree)"
    assert rows[0]["Where when"] == "KTH → KIT: KTH KTH KIT KIT; KIT → KTH: KIT KIT KTH KTH"
    assert sheet.max_row == 3


@pytest.mark.parametrize("programmes", [1, 3])
def test_catalogue_query_count(client, django_assert_num_queries, programmes):
    for _ in range(programmes):
        open_intake(programme_between())

    # total and page 2, the number without filters 1, facets 9 and their names 3, parts of the rows 10
    with django_assert_num_queries(25):
        client.get(URL)


# "I meet the requirements"


def requirement(programme, **columns):
    return ProgrammeRequirementFactory(
        programme=programme, **{"number": None, "position": programme.requirements.count(), **columns}
    )


def test_only_students_can_ask_for_what_suits_them(client, programme, kth):
    client.force_login(person_as("director", kth))

    assert "suits" not in [facet["name"] for facet in client.get(URL).context["facets"]]


def test_programmes_that_suit_a_student(client, programme, kth, kit):
    """Of the own university, and nothing that blocks is certain to be missing or unknown."""
    student = student_of(kth, ects_earned=60)
    LanguageSkill.objects.create(profile=student.student_profile, language="en", level="B2")
    fitting = programme_between(kth, kit, title="Fitting")
    requirement(fitting, asks="language", language="en", cefr="B2")
    requirement(fitting, asks="ects", number=90, asked_by=kth)
    requirement(fitting, asks="ects", number=90, is_blocking=False)
    requirement(programme, asks="ects", number=90)
    programme_between(kit, title="Elsewhere")
    associated = programme_between(kit, title="Associated")
    ProgrammePartnerFactory(programme=associated, university=kth, associated=True)
    client.force_login(student)

    response = client.get(URL, {"suits": "yes"})

    assert shown(response) == [fitting.slug]
    assert facet(response, "suits") == {"I meet the requirements": 1}


@pytest.mark.parametrize("columns", [
    {"asks": "ects", "number": 120}, {"asks": "ects", "number": 121}, {"asks": "semester", "number": 5},
    {"asks": "grade", "number": 75}, {"asks": "grade", "number": 76}, {"asks": "level", "level": "bachelor"},
    {"asks": "level", "level": "master"}, {"asks": "language", "language": "en", "cefr": "C1"},
    {"asks": "language", "language": "de", "cefr": "A1"}, {"asks": "text", "text": "Two letters"},
], ids=repr)  # fmt: skip
def test_filter_and_page_judge_alike(kth, programme, columns):
    profile = StudentProfile.objects.select_related("grade_scale").get(user=student_of(kth))
    LanguageSkill.objects.create(profile=profile, language="en", level="C1")
    row = requirement(programme, **columns)

    (verdict,) = check([row], profile, timezone.localdate())

    suits = suited_to(Programme.objects.all(), profile).exists()
    assert suits is not (verdict.blocks or verdict.lacks_data)


def test_programme_is_for_those_at_whose_university_a_pathway_begins(client, programme, kth, kit):
    programme.pathways.exclude(home=kth).delete()

    seen = []
    for home in (kth, kit):
        client.force_login(student_of(home))
        page = client.get(programme.get_absolute_url())
        seen.append((page.context["turn"]["caps"], shown(client.get(URL, {"suits": "yes"}))))

    assert seen == [("Not open", [programme.slug]), ("Not for you", [])]


# One programme


def test_page_tells_everything(client, programme, kth):
    requirement(programme, asks="ects", number=60)
    requirement(programme, asks="text", text="Swedish courses", asked_by=kth, is_blocking=False)
    YearlyDateFactory(programme=programme, university=kth)
    open_intake(programme, note="Ask the desk first")
    Programme.objects.update(
        thesis_ects=30, supervised_by_both=True, thesis_rule="Topic in writing", tuition="home", funding="Erasmus+",
        description="Two years.", since=2019, framework="cluster_convention", agreement_years=5,
    )  # fmt: skip
    programme.partners.filter(university=kth).update(
        tuition_eu=0, tuition_non_eu=15500, unit="EECS", degree="MSc", ects=60
    )

    words = text_of(client.get(programme.get_absolute_url()))

    for told in [
        "Dual degrees · Master Mechatronics",
        "KTH with KIT. One year here, one year there.",
        "Apply for the start in Autumn 2027/28 at your home university.",
        "Ask the desk first",
        "120 ECTS credits: 60 at KTH, 60 at KIT.",
        "Semester 1 at KTH, 30 ECTS",
        "KTH Royal Institute EECS, Stockholm Coordinates and awards MSc 60 0 € for EU citizens 15,500 € for others",
        "At least 60 ECTS",
        "Swedish courses. asked by KTH of those who go there you can apply without it",
        "KTH → KIT: 3",
        "Apply at home 1 December KTH",
        "Master of Science from each university",
        "30 ECTS credits, supervised from both sides",
        "Paid at home, waived at the partner",
        "Convention on CLUSTER dual master's degrees for 5 years",
    ]:
        assert told in words, told


def test_page_of_a_programme_that_tells_little_says_so(client):
    programme = ProgrammeFactory(published=True)

    words = text_of(client.get(programme.get_absolute_url()))

    for told in [
        "No intake is open or announced.",
        "have not told yet which semester is spent where",
        "No partner is named yet.",
        "have not told yet what they ask for",
        "No contact is named",
    ]:
        assert told in words, told


@pytest.mark.parametrize("role", ["anonymous", "stranger", "student"])
def test_draft_is_absent_for_others(client, kth, role):
    programme = programme_between(kth, state="draft")
    people = {"stranger": lambda: person_as("director"), "student": lambda: student_of(kth)}
    if role in people:
        client.force_login(people[role]())

    assert client.get(programme.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("role", ["director", "secretariat"])
def test_draft_is_seen_by_those_who_keep_it(client, kth, role):
    programme = programme_between(kth, state="draft")
    client.force_login(person_as(role, kth))

    response = client.get(programme.get_absolute_url())

    assert (response.status_code, "Your turn" in text_of(response)) == (200, True)


def test_student_reads_what_is_met_with_the_numbers(client, programme, kth):
    student = student_of(kth, ects_earned=45)
    requirement(programme, asks="ects", number=60)
    requirement(programme, asks="level", level="bachelor")
    requirement(programme, asks="language", language="en", cefr="B2")
    requirement(programme, asks="ects", number=90, asked_by=kth)
    client.force_login(student)

    words = text_of(client.get(programme.get_absolute_url()))

    assert "At least 60 ECTS; yours is 45. not met" in words
    assert "Level: Bachelor; yours is Bachelor. met" in words
    assert "English B2 or better; your profile does not say. fill in your data" in words
    assert "asked by KTH of those who go there not asked of you" in words


def test_open_round_has_an_apply_button(client, programme):
    intake = open_intake(programme)
    made = make_round(intake, state="published", opens_at=intake.opens_at)

    page = client.get(programme.get_absolute_url()).content.decode()

    assert page.count(f'href="{made.get_absolute_url()}"') == 2


@pytest.mark.parametrize("state", ["draft", "closed"])
def test_round_that_takes_nobody_has_no_apply_button(client, programme, state):
    made = make_round(open_intake(programme), state=state)

    assert made.get_absolute_url() not in client.get(programme.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("situation", "sentence"),
    [
        ({}, "No intake is open or announced."),
        ({"coming": True}, "Applications for the start in Autumn 2027/28 come next."),
        ({"over": True}, "No intake is open or announced."),
    ],
    ids=["none", "coming", "over"],
)
def test_reader_is_told_what_comes_next(client, programme, situation, sentence):
    if situation:
        IntakeFactory(programme=programme, **situation)

    assert sentence in text_of(client.get(programme.get_absolute_url()))


def test_student_of_another_university_is_told_for_whom_it_is(client, programme):
    client.force_login(student_of())

    assert "For students of KTH, KIT." in text_of(client.get(programme.get_absolute_url()))


def test_intake_for_one_university_is_not_offered_to_the_other(client, programme, kth, kit):
    open_intake(programme, home=kit, key="2027-autumn-kit")
    client.force_login(student_of(kth))

    assert "No intake is open or announced." in text_of(client.get(programme.get_absolute_url()))


def test_standby_and_archive_are_told(client, programme):
    Programme.objects.update(listing="standby")
    assert "takes nobody at present" in text_of(client.get(programme.get_absolute_url()))
    Programme.objects.update(state="archived")
    assert "This programme is archived" in text_of(client.get(programme.get_absolute_url()))


@pytest.mark.parametrize("size", [1, 3])
def test_page_query_count(client, django_assert_num_queries, programme, kth, size):
    for n in range(size):
        open_intake(programme, academic_year=2027 + n, key=f"{2027 + n}-autumn")
        requirement(programme, asks="ects", number=60)
        ProgrammePartnerFactory(programme=programme)
        YearlyDateFactory(programme=programme)
        ProgrammeCourseFactory(programme=programme)

    # the programme and its parts 11; intakes, seats, courses, yearly dates, contacts 5
    with django_assert_num_queries(16):
        client.get(programme.get_absolute_url())


def test_page_describes_itself_to_machines_and_cannot_be_broken_out_of(client, programme):
    open_intake(programme)
    Programme.objects.update(summary="</script><script>alert(1)</script> & more", duration_semesters=4)

    page = client.get(programme.get_absolute_url()).content.decode()
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    told = json.loads(block)

    assert (told["@type"], told["timeToComplete"], told["numberOfCredits"]) == (
        "EducationalOccupationalProgram", "P24M", 120,
    )  # fmt: skip
    assert told["description"] == "</script><script>alert(1)</script> & more"
    assert next(provider["name"] for provider in told["provider"]) == "KTH Royal Institute"
    assert told["maximumEnrollment"] == 6
    assert "alert(1)</script>" not in page


def test_sample_says_so_to_people_and_machines(client, kth):
    programme = programme_between(kth, sample=True)

    page = client.get(programme.get_absolute_url()).content.decode()

    assert 'class="sample"' in page
    assert "A sample, invented" in page


# Side by side


def test_comparison_shows_rows_that_differ(client, programme, kth):
    other = programme_between(kth, title="Energy", level="doctorate")
    requirement(other, asks="ects", number=30)

    response = client.get(reverse("programmes:programme_compare"), {"p": [programme.slug, other.slug]})

    rows = {str(row.label): (row.differs, row.cells) for row in response.context["table"]}
    assert rows["Level"] == (True, [["Master"], ["Doctorate"]])
    assert rows["ECTS credits"] == (False, [["120"], ["120"]])
    assert rows["Asked of applicants"] == (False, [["–"], ["At least 30 ECTS"]])
    assert "Funding" not in rows


def test_comparison_shows_tags_and_which_are_invented(client, programme, kth):
    other = programme_between(kth, title="Energy")
    TagFactory(label="Small group", partnerships=True, on=[programme])
    TagFactory(label="Summer start", partnerships=True, is_sample=True, on=[programme, other])

    response = client.get(reverse("programmes:programme_compare"), {"p": [programme.slug, other.slug]})

    (row,) = [row for row in response.context["table"] if row.label == "Tags"]
    assert row.cells == [["Small group", "Summer start (sample)"], ["Summer start (sample)"]]


@pytest.mark.parametrize(
    ("slugs", "shown_ones", "words"),
    [
        ([], 0, "Choose two programmes or more"),
        (["mechatronics"], 1, "One more to compare with"),
        (["mechatronics", "unknown", "\x00"], 1, "it is left out"),
        (["mechatronics", "mechatronics"], 1, "One more"),
    ],
)
def test_comparison_of_fewer_than_two(client, programme, slugs, shown_ones, words):
    response = client.get(reverse("programmes:programme_compare"), {"p": slugs})

    assert len(response.context["programmes"]) == shown_ones
    assert words in text_of(response)


def test_comparison_holds_four_in_the_order_asked(client):
    slugs = [programme_between().slug for _ in range(5)][::-1]

    response = client.get(reverse("programmes:programme_compare"), {"p": slugs})

    assert [programme.slug for programme in response.context["programmes"]] == slugs[:4]
    assert "the first 4 are shown" in text_of(response)


def test_comparison_does_not_show_drafts(client, programme):
    draft = programme_between(state="draft")

    response = client.get(reverse("programmes:programme_compare"), {"p": [programme.slug, draft.slug]})

    assert len(response.context["programmes"]) == 1


@pytest.mark.parametrize("count", [2, 4])
def test_comparison_query_count(client, django_assert_num_queries, count):
    programmes = [programme_between() for _ in range(count)]
    for programme in programmes:
        requirement(programme, asks="home", home=UniversityFactory())
        open_intake(programme)
    others = 3 if count < 4 else 0
    if others:
        programme_between()

    with django_assert_num_queries(13 + others):
        client.get(reverse("programmes:programme_compare"), {"p": [programme.slug for programme in programmes]})


# The wish list


def test_wish_list_needs_an_account(client):
    response = client.get(reverse("programmes:wish_list"))

    assert (response.status_code, response.url.startswith("/accounts/login/")) == (302, True)


def test_programme_is_put_on_the_wish_list_and_taken_off(client, programme):
    user = UserFactory()
    client.force_login(user)
    address = reverse("programmes:programme_wish", args=[programme.slug])

    for _ in range(2):
        client.post(address, {"wish": "add"})
    wished = list(user.wish_list.values_list("programme__slug", flat=True))
    response = client.post(address, {"wish": "remove", "next": "/programmes/wishlist/"})

    assert (wished, user.wish_list.count(), response.url) == (["mechatronics"], 0, "/programmes/wishlist/")


@pytest.mark.parametrize("after", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
def test_wish_leads_to_no_strange_place(client, programme, after):
    client.force_login(UserFactory())

    response = client.post(reverse("programmes:programme_wish", args=[programme.slug]), {"next": after})

    assert response.url == programme.get_absolute_url()


def test_wish_is_a_post(client, programme):
    client.force_login(UserFactory())

    assert client.get(reverse("programmes:programme_wish", args=[programme.slug])).status_code == 405


def test_wish_list_shows_own_wishes_only(client, programme):
    mine, theirs = WishListItemFactory(), WishListItemFactory()
    client.force_login(mine.user)

    response = client.get(reverse("programmes:wish_list"))

    assert list(response.context["programmes"]) == [mine.programme]
    assert theirs.programme.title not in text_of(response)


def test_empty_wish_list_says_what_to_do(client):
    client.force_login(UserFactory())

    assert "Nothing on your wish list yet" in text_of(client.get(reverse("programmes:wish_list")))


@pytest.mark.parametrize("wishes", [1, 3])
def test_wish_list_query_count(client, django_assert_num_queries, wishes):
    user = UserFactory()
    for _ in range(wishes):
        item = WishListItemFactory(user=user, programme=programme_between())
        open_intake(item.programme)
    client.force_login(user)

    # user, mandates and permissions 4, wishes and their parts 11, unread notices 1
    with django_assert_num_queries(17):
        client.get(reverse("programmes:wish_list"))
