"""What the pages of funding say when an act is refused, when somebody was faster, and to who may not."""

import csv
import io

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from funding.models import Call, CallFollow, Interest
from tests.factories.funding import CallFactory, FundingProgrammeFactory, InterestFactory, StageFactory
from tests.factories.members import FieldFactory, MandateFactory, UniversityFactory, UserFactory, student_of

pytestmark = pytest.mark.django_db

OWN, NEW, INTERESTS = "/funding/calls/own/", "/funding/calls/new/", "/funding/interests/"


def form_of(**changes):
    """What the browser sends of a new call with one stage."""
    stage = {"stages-TOTAL_FORMS": 1, "stages-INITIAL_FORMS": 0, "stages-0-deadline": "2027-03-02T12:00"}
    call = {"title": "Engines", "programme": FundingProgrammeFactory().pk, "action_type": "ria", "summary": "Clean."}
    return stage | call | changes


def signed_in(client, **role):
    mandate = MandateFactory(**role)
    client.force_login(mandate.person)
    return mandate


def address(act, call):
    return reverse(f"funding:call_{act}", args=[call.slug])


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


# Calls


def test_a_topic_that_stands_already_is_said_on_the_form_and_what_was_typed_stays(client) -> None:
    CallFactory(topic="CL5-01", open=True)
    signed_in(client, grants=True)

    response = client.post(NEW, form_of(topic="CL5-01"))

    page = response.content.decode()
    assert response.status_code == 422
    assert "A call with this topic code is in the portal already." in page
    assert 'value="CL5-01"' in page


def test_a_published_call_cannot_lose_its_last_stage_on_the_page(client) -> None:
    signed_in(client, secretariat=True)
    call = CallFactory(open=True)
    stage = call.stages.get()
    gone = {"stages-INITIAL_FORMS": 1, "stages-0-id": stage.pk, "stages-0-DELETE": "on"}

    response = client.post(address("edit", call), form_of(version=1, programme=call.programme_id, **gone))

    assert response.status_code == 422
    assert response.context["form"].non_field_errors() == ["A published call needs: a stage with its deadline."]
    assert call.stages.count() == 1


@pytest.mark.parametrize(
    ("act", "state"),
    [("propose", "published"), ("publish", "archived"), ("send_back", "draft"), ("archive", "archived"),
     ("restore", "published")],
)  # fmt: skip
def test_a_step_that_was_taken_meanwhile_is_said_on_the_page_of_the_call(client, act, state) -> None:
    signed_in(client, secretariat=True)
    call = StageFactory(call=CallFactory(state=state)).call

    response = client.post(address(act, call), {"reason": "Last year's."})

    assert response["Location"] == call.get_absolute_url()
    assert said(response) == ["This call has moved on meanwhile. Look at it again before you go on."]
    call.refresh_from_db()
    assert call.state == state


def test_a_topic_that_is_there_again_is_said_to_who_takes_the_call_out(client) -> None:
    signed_in(client, secretariat=True)
    old = CallFactory(topic="CL5-01", state="archived")
    CallFactory(topic="CL5-01", open=True)

    assert said(client.post(address("restore", old))) == ["A call with this topic code is in the portal already."]


def test_archiving_says_how_many_follow(client) -> None:
    signed_in(client, secretariat=True)
    call = CallFactory(open=True)
    for _number in range(2):
        CallFollow.objects.create(call=call, user=UserFactory())

    assert client.get(address("archive", call)).context["followers"] == 2


def test_the_office_is_the_one_that_is_asked_for_else_the_first(client) -> None:
    mandate = signed_in(client, grants=True)
    other = MandateFactory(grants=True, person=mandate.person).university

    pages = [client.get(NEW + query) for query in ("", f"?office={other.slug}", "?office=nobodys")]

    assert [page.context["office"] for page in pages] == [mandate.university, other, mandate.university]


def test_nobody_writes_in_the_name_of_somebody_elses_office(client) -> None:
    mandate = signed_in(client, grants=True)
    elsewhere = UniversityFactory()

    client.post(f"{NEW}?office={elsewhere.slug}", form_of())

    assert Call.objects.get().office == mandate.university


@pytest.mark.parametrize("role", ["exchange", "coordinator", "head", "auditor"])
def test_other_desks_write_no_calls(client, role) -> None:
    signed_in(client, **({"role": role} if role == "auditor" else {role: True}))

    assert [client.get(page).status_code for page in (OWN, NEW)] == [403, 403]
    assert client.post(NEW, form_of()).status_code == 403


def test_a_published_call_is_seen_but_not_edited_by_another_office(client) -> None:
    call = CallFactory(open=True, office=UniversityFactory())
    signed_in(client, grants=True)

    pages = [client.get(address(act, call)).status_code for act in ("edit", "propose", "publish", "archive")]

    assert pages == [403, 403, 403, 403]


def test_a_mandate_that_has_ended_closes_the_board(client) -> None:
    call = CallFactory(drafted=True, office=UniversityFactory())
    signed_in(client, grants=True, university=call.office, ended=True)

    assert [client.get(page).status_code for page in (OWN, call.get_absolute_url())] == [403, 404]


def test_the_board_is_found_by_words_narrowed_by_office_and_exported(client) -> None:
    signed_in(client, secretariat=True)
    CallFactory(title="Engines", office=UniversityFactory(slug="kth", short_name="KTH"), drafted=True)
    CallFactory(title="Masters", summary="Two years.", proposed=True)

    def titles(**query):
        return [call.title for call in client.get(OWN, query).context["page_obj"]]

    assert titles(q="ENGINE") == titles(office="kth") == titles(state="draft") == ["Engines"]
    assert titles(sort="title") == ["Engines", "Masters"]
    exported = b"".join(client.get(OWN, {"export": "csv"})).decode("utf-8-sig")
    rows = {row["Title"]: (row["State"], row["Written by"]) for row in csv.DictReader(io.StringIO(exported))}
    assert rows == {"Engines": ("Draft", "KTH"), "Masters": ("Proposed", "")}


@pytest.mark.parametrize("page", ["follow", "unfollow"])
def test_following_is_never_done_by_a_link(client, page) -> None:
    call = CallFactory(open=True)
    client.force_login(UserFactory())

    assert client.get(address(page, call)).status_code == 405


def test_what_is_not_published_is_not_followed_by_who_may_see_it(client) -> None:
    call = CallFactory(drafted=True, office=UniversityFactory())
    signed_in(client, grants=True, university=call.office)

    response = client.post(address("follow", call))

    assert said(response) == ["Only published calls can be followed."]
    assert not CallFollow.objects.exists()


def test_what_one_may_not_see_is_not_followed_at_all(client) -> None:
    call = CallFactory(drafted=True, office=UniversityFactory())
    client.force_login(UserFactory())

    assert client.post(address("follow", call)).status_code == 404


def test_a_chain_of_words_is_cut_and_still_finds(client, django_assert_max_num_queries) -> None:
    call = CallFactory(open=True, title="Clean engines")
    call.fields.add(FieldFactory(code="07"))

    with django_assert_max_num_queries(20):
        page = client.get("/funding/calls/", {"q": "clean " * 300})

    assert [row.title for row in page.context["page_obj"]] == ["Clean engines"]


# Interests


def typed(**changes):
    return {"part": "partner", "expertise": "batteries", "person_months": "12"} | changes


def test_the_only_university_is_chosen_already_and_of_several_none(client) -> None:
    call = CallFactory(open=True)
    page = f"{call.get_absolute_url()}interest/"
    mandate = signed_in(client, coordinator=True)

    first = client.get(page).context["form"]
    MandateFactory(director=True, person=mandate.person)
    second = client.get(page).context["form"]

    assert (first["university"].value(), second["university"].value()) == (mandate.university_id, None)


def test_a_second_interest_for_the_same_university_is_said_on_the_form(client) -> None:
    interest = InterestFactory()
    client.force_login(interest.person)

    response = client.post(
        f"{interest.call.get_absolute_url()}interest/", typed(university=interest.university_id, expertise="wind")
    )

    assert response.status_code == 422
    assert "You have expressed your interest for this university already." in response.content.decode()


def test_the_university_of_an_interest_stays_whatever_the_browser_sends(client) -> None:
    interest = InterestFactory()
    other = MandateFactory(director=True, person=interest.person).university
    client.force_login(interest.person)
    edit = reverse("funding:interest_edit", args=[interest.reference])

    client.post(edit, typed(version=1, university=other.pk, part="coordinator"))

    interest.refresh_from_db()
    assert (interest.university == other, interest.part) == (False, "coordinator")


def test_who_comes_second_sees_both_versions_and_saves_over_the_newer(client) -> None:
    interest = InterestFactory()
    client.force_login(interest.person)
    edit = reverse("funding:interest_edit", args=[interest.reference])
    client.post(edit, typed(version=1, message="Theirs."))

    conflict = client.post(edit, typed(version=1, message="Mine."))
    shown = {version.label: (version.theirs, version.mine) for version in conflict.context["versions"]}
    client.post(edit, typed(version=conflict.context["form"]["version"].value(), message="Mine."))

    assert shown == {"Message to the others": ("Theirs.", "Mine.")}
    assert Interest.objects.get().message == "Mine."


def test_a_form_without_a_version_is_taken_for_an_old_one(client) -> None:
    interest = InterestFactory()
    client.force_login(interest.person)

    response = client.post(reverse("funding:interest_edit", args=[interest.reference]), typed(message="Mine."))

    assert response.status_code == 409


def test_who_no_longer_acts_for_the_university_takes_it_back_and_changes_nothing(client) -> None:
    interest = InterestFactory()
    interest.person.mandates.update(ends_on="2020-12-31")
    client.force_login(interest.person)

    pages = [reverse(f"funding:interest_{act}", args=[interest.reference]) for act in ("edit", "withdraw")]

    assert [client.get(page).status_code for page in pages] == [403, 200]
    assert [row.pk for row in client.get(INTERESTS).context["page_obj"]] == [interest.pk]


def test_withdrawing_asks_first_and_says_when_it_is_done_already(client) -> None:
    interest = InterestFactory()
    client.force_login(interest.person)
    page = reverse("funding:interest_withdraw", args=[interest.reference])

    asked = client.get(page)
    Interest.objects.get().move("withdraw")
    response = client.post(page)

    assert asked.context["interest"] == interest
    assert said(response) == ["This interest is withdrawn already."]


def test_the_list_of_interests_is_found_sorted_narrowed_and_exported(client) -> None:
    mine = InterestFactory(call__title="Zero emissions", expertise=["Fluid dynamics"], message="Wind tunnel.")
    theirs = InterestFactory(call=mine.call, university=UniversityFactory(slug="tum", short_name="TUM", name="München"))
    client.force_login(mine.person)

    def found(**query):
        return {row.pk for row in client.get(INTERESTS, query).context["page_obj"]}

    assert found() == {mine.pk, theirs.pk}
    assert found(q="fluid") == found(q="TUNNEL") == found(mine="yes") == {mine.pk}
    assert found(q="munchen") == found(university="tum") == {theirs.pk}
    assert found(q="zero emissions") == {mine.pk, theirs.pk}
    assert found(part="coordinator") == set()
    first = client.get(INTERESTS, {"sort": "university"}).context["page_obj"][0]
    assert first.university.short_name == min(mine.university.short_name, "TUM")
    exported = b"".join(client.get(INTERESTS, {"export": "csv", "mine": "yes"})).decode("utf-8-sig")
    [row] = csv.DictReader(io.StringIO(exported))
    assert (row["Call"], row["Brings"], row["E-mail"]) == ("Zero emissions", "Fluid dynamics", mine.person.email)


def test_an_interest_of_a_student_is_nobodys(client) -> None:
    call = CallFactory(open=True)
    student = student_of()
    client.force_login(student)

    assert client.post(f"{call.get_absolute_url()}interest/", typed()).status_code == 403
    assert not Interest.objects.exists()


# The administration


@pytest.mark.ignore_template_errors
def test_a_call_of_the_administration_is_a_draft_with_an_address(client) -> None:
    MandateFactory(secretariat=True, person=(person := UserFactory(is_staff=True)))
    client.force_login(person)
    programme = FundingProgrammeFactory()
    data = {"title": "Engines", "programme": programme.pk, "action_type": "ria", "partner_types": "{}",
            "stages-TOTAL_FORMS": 0, "stages-INITIAL_FORMS": 0, "state": "published"}  # fmt: skip

    client.post(reverse("admin:funding_call_add"), data)

    call = Call.objects.get()
    assert (call.state, call.slug, call.version) == ("draft", "he-ria-engines", 1)
    assert call.state_since is not None


@pytest.mark.ignore_template_errors
@pytest.mark.parametrize("name", ["call", "fundingprogramme"])
def test_what_others_refer_to_is_not_deleted_in_the_administration(client, name) -> None:
    MandateFactory(secretariat=True, person=(person := UserFactory(is_staff=True)))
    client.force_login(person)
    call = CallFactory()
    row = call if name == "call" else call.programme

    assert client.post(reverse(f"admin:funding_{name}_delete", args=[row.pk]), {"post": "yes"}).status_code == 403
