"""The pages where calls are written, curated, followed, and where people say that they want a part."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from funding import actions
from funding.models import Call, CallFollow, Interest
from members.models import Mandate
from tests.factories.funding import CallFactory, FollowFactory, FundingProgrammeFactory, InterestFactory, StageFactory
from tests.factories.members import FieldFactory, MandateFactory, UniversityFactory, UserFactory, student_of

pytestmark = pytest.mark.django_db

OWN, NEW, INTERESTS = "/funding/calls/own/", "/funding/calls/new/", "/funding/interests/"


def form_of(call=None, stages=None, **changes):
    """What the browser sends of the form of a call; its stage closes at noon in Brussels."""
    programme = call.programme if call else FundingProgrammeFactory()
    stages = [{"deadline": "2027-03-02T12:00", "time_zone": "Europe/Brussels"}] if stages is None else stages
    kept = list(call.stages.all()) if call else []
    for stage, row in zip(kept, stages, strict=False):
        row["id"] = stage.pk
    data = {"stages-TOTAL_FORMS": len(stages), "stages-INITIAL_FORMS": len(kept)}
    data |= {f"stages-{n}-{name}": value for n, row in enumerate(stages) for name, value in row.items()}
    data |= {"title": "Engines", "programme": programme.pk, "action_type": "ria", "summary": "Clean ones."}
    if call:
        data |= {"title": call.title, "version": call.version}
    return data | changes


def signed_in(client, university=None, **role):
    mandate = MandateFactory(**role, **({"university": university} if university else {}))
    client.force_login(mandate.person)
    return mandate


def secretariat(client):
    return signed_in(client, secretariat=True)


def address(act, call):
    return reverse(f"funding:call_{act}", args=[call.slug])


# writing


def test_a_grant_officer_writes_a_call_with_fields_and_conditions(client) -> None:
    mandate = signed_in(client, grants=True)
    field = FieldFactory(code="07")

    response = client.post(
        NEW, form_of(fields=[field.pk], has_own_rules="on", min_organisations=4, min_countries=2, needs_hei=3,
                     scopes=["MS"], conditions="One line.\n\nAnother.", budget_total=7_000_000)
    )  # fmt: skip

    call = Call.objects.get()
    assert response["Location"] == call.get_absolute_url()
    assert (call.office, call.state, call.partner_types) == (mandate.university, "draft", {"hei": 3})
    assert (call.conditions, call.scopes) == (["One line.", "Another."], ["MS"])
    assert list(call.fields.all()) == [field]
    assert call.stages.get().deadline.isoformat() == "2027-03-02T11:00:00+00:00"


def test_the_secretariat_writes_calls_of_no_office(client) -> None:
    secretariat(client)

    client.post(NEW, form_of())

    assert Call.objects.get().office is None


BAD = {
    "no title": ({"title": ""}, "title"),
    "rate above a hundred": ({"rate": "140"}, "rate"),
    "budget not a number": ({"budget_total": "a lot"}, "budget_total"),
    "negative budget": ({"budget_max": "-1"}, "budget_max"),
    "unknown type": ({"action_type": "wish"}, "action_type"),
    "address that is none": ({"official_url": "javascript:alert(1)"}, "official_url"),
    "readiness beyond nine": ({"trl_to": "12"}, "trl_to"),
    "too many universities": ({"needs_hei": "100000"}, "needs_hei"),
    "no organisation": ({"min_organisations": "0"}, "min_organisations"),
    "unknown scope": ({"scopes": ["moon"]}, "scopes"),
    "a condition too long": ({"conditions": "x" * 301}, "conditions"),
    "budgets in the wrong order": ({"budget_min": "9", "budget_max": "1"}, "__all__"),
    "more countries than organisations": ({"min_organisations": "2", "min_countries": "3"}, "__all__"),
}


@pytest.mark.parametrize(("typed", "field"), BAD.values(), ids=BAD)
def test_bad_input_is_said_at_its_field_and_nothing_is_lost(client, typed, field) -> None:
    signed_in(client, grants=True)

    response = client.post(NEW, form_of(**({"title": "Kept as typed"} | typed)))

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert not Call.objects.exists()
    assert "Clean ones." in response.content.decode()


BAD_STAGES = {
    "no date at all": {"name": "First"},
    "not a day": {"deadline": "soon", "time_zone": "Europe/Brussels"},
    "a year that is not plausible": {"deadline": "0202-03-02T12:00", "time_zone": "Europe/Brussels"},
    "an hour the clock leaves out": {"deadline": "2027-03-28T02:30", "time_zone": "Europe/Brussels"},
    "closes before it opens": {"opens_at": "2027-04-02T12:00", "deadline": "2027-03-02T12:00"},
    "unknown zone": {"deadline": "2027-03-02T12:00", "time_zone": "Mars/Olympus"},
}


@pytest.mark.parametrize("stage", BAD_STAGES.values(), ids=BAD_STAGES)
def test_a_bad_stage_is_refused(client, stage) -> None:
    signed_in(client, grants=True)

    response = client.post(NEW, form_of(stages=[dict(stage)]))

    assert response.status_code == 422
    assert response.context["stages"].total_error_count() == 1
    assert not Call.objects.exists()


def test_a_conflict_shows_both_versions_and_keeps_what_was_typed(client) -> None:
    secretariat(client)
    call = CallFactory(open=True, title="Engines")
    sent = form_of(call, title="My engines")
    client.post(address("edit", call), form_of(call, title="Their engines"))

    response = client.post(address("edit", call), sent)

    page = response.content.decode()
    assert response.status_code == 409
    assert "Their engines" in page
    assert 'value="My engines"' in page
    call.refresh_from_db()
    assert call.title == "Their engines"


def test_a_stage_that_somebody_took_out_meanwhile_is_a_conflict_and_can_be_saved_anew(client) -> None:
    secretariat(client)
    call = CallFactory(open=True)
    StageFactory(call=call, number=2, name="Theirs")
    rows = [{"name": name, "deadline": "2027-05-01T17:00", "time_zone": "Europe/Lisbon"} for name in ("One", "Two")]
    sent = form_of(call, rows)
    call.stages.get(number=2).delete()
    Call.objects.update(version=2)

    conflict = client.post(address("edit", call), sent)
    typed = conflict.context["stages"].data | form_of(again := Call.objects.get(), []) | {"version": again.version}
    stages = {name: value for name, value in conflict.context["stages"].data.items() if name.startswith("stages-")}
    response = client.post(address("edit", call), typed | stages)

    assert (conflict.status_code, response.status_code) == (409, 302)
    assert list(call.stages.values_list("number", "name")) == [(1, "One"), (2, "Two")]


def test_an_edited_stage_moves_and_a_removed_one_goes(client) -> None:
    secretariat(client)
    call = CallFactory(open=True)
    StageFactory(call=call, number=2)
    rows = [
        {"deadline": "2027-05-01T17:00", "time_zone": "Europe/Lisbon"},
        {"DELETE": "on", "deadline": "2027-05-01T17:00"},
    ]

    response = client.post(address("edit", call), form_of(call, rows))

    assert response.status_code == 302
    assert [stage.deadline.isoformat() for stage in call.stages.all()] == ["2027-05-01T16:00:00+00:00"]


def test_the_form_shows_stages_on_the_clock_of_the_funder(client) -> None:
    secretariat(client)
    stage = StageFactory(deadline=timezone.now().replace(month=1, day=15, hour=11, minute=0), opens_at=None)

    page = client.get(address("edit", stage.call)).content.decode()

    assert f'value="{stage.deadline:%Y-%m-%d}T12:00"' in page


@pytest.mark.parametrize("calls", [1, 3])
def test_own_calls_query_count(client, django_assert_num_queries, calls) -> None:
    office = signed_in(client, grants=True).university
    CallFactory.create_batch(calls, drafted=True, office=office)

    with django_assert_num_queries(14):
        client.get(OWN)


def test_own_calls_are_the_office_s_and_for_the_secretariat_all(client) -> None:
    office = UniversityFactory()
    CallFactory(title="Ours", office=office)
    CallFactory(title="Theirs", office=UniversityFactory(), open=True)

    signed_in(client, grants=True, university=office)
    ours = [call.title for call in client.get(OWN).context["page_obj"]]
    secretariat(client)
    all_of_them = {call.title for call in client.get(OWN).context["page_obj"]}

    assert (ours, all_of_them) == (["Ours"], {"Ours", "Theirs"})


# the steps


@pytest.mark.parametrize(
    ("act", "state", "after"),
    [("publish", "proposed", "published"), ("archive", "published", "archived"), ("restore", "archived", "draft")],
)
def test_the_secretariat_takes_each_step(client, act, state, after) -> None:
    secretariat(client)
    call = CallFactory(state=state)
    StageFactory(call=call)

    assert client.get(address(act, call)).status_code == 200
    client.post(address(act, call))

    call.refresh_from_db()
    assert call.state == after


def test_the_office_proposes_and_cannot_publish(client) -> None:
    call = CallFactory(drafted=True, office=UniversityFactory())
    signed_in(client, grants=True, university=call.office)

    assert client.post(address("publish", call)).status_code == 403
    assert client.post(address("propose", call)).status_code == 302
    call.refresh_from_db()
    assert call.state == "proposed"


def test_sending_back_asks_for_a_word(client) -> None:
    secretariat(client)
    call = CallFactory(proposed=True)

    assert client.post(address("send_back", call), {"reason": ""}).status_code == 422
    assert client.post(address("send_back", call), {"reason": "Last year's."}).status_code == 302
    call.refresh_from_db()
    assert call.state == "draft"


def test_what_the_secretariat_asked_for_stands_on_the_page_until_it_is_proposed_again(client) -> None:
    secretariat(client)
    call = CallFactory(proposed=True, office=UniversityFactory())
    client.post(address("send_back", call), {"reason": "Say who pays."})
    signed_in(client, grants=True, university=call.office)

    sent_back = client.get(call.get_absolute_url()).context["turn"]
    client.post(address("propose", call))
    proposed = client.get(call.get_absolute_url()).context["turn"]

    assert (sent_back["why"], [act["label"] for act in sent_back["actions"]]) == ("Say who pays.", ["Edit", "Propose"])
    assert "why" not in proposed


def test_what_is_wrong_in_a_stage_is_said_above_the_form_too(client) -> None:
    signed_in(client, grants=True)

    page = client.post(NEW, form_of(stages=[{"opens_at": "2027-03-02T12:00", "deadline": "2027-02-01T12:00"}]))

    assert page.status_code == 422
    above = page.content.decode().partition('id="stages-errors"')[2].partition("</div>")[0]
    assert "A stage must not close before it opens." in above


def test_an_incomplete_call_says_what_is_missing_instead_of_asking(client) -> None:
    secretariat(client)

    page = client.get(address("publish", CallFactory())).content.decode()

    assert "a stage with its deadline" in page


@pytest.mark.parametrize("trait", ["drafted", "proposed", "open", "forthcoming", "closed"])
@pytest.mark.parametrize("role", ["grants", "secretariat"])
def test_the_page_of_a_call_in_every_state_for_those_who_keep_it(client, trait, role) -> None:
    call = CallFactory(**{trait: True}, office=UniversityFactory())
    signed_in(client, **{role: True}, **({"university": call.office} if role == "grants" else {}))

    assert client.get(call.get_absolute_url()).status_code == 200


# following


def test_follow_and_stop_following(client) -> None:
    user, call = UserFactory(), CallFactory(open=True)
    client.force_login(user)

    client.post(address("follow", call))
    assert CallFollow.objects.filter(call=call, user=user).exists()
    assert "Stop following" in client.get(call.get_absolute_url()).content.decode()

    client.post(address("unfollow", call))
    assert not CallFollow.objects.exists()


def test_followed_calls_are_deadlines_on_the_dashboard(client) -> None:
    follow = FollowFactory()
    CallFactory(open=True, title="Not mine")
    client.force_login(follow.user)

    page = client.get("/dashboard/").content.decode()

    assert follow.call.title in page
    assert "Not mine" not in page


def test_open_calls_are_deadlines_on_the_home_page(client) -> None:
    call = CallFactory(open=True)
    later = CallFactory(forthcoming=True)

    page = client.get("/").content.decode()

    assert call.title in page
    assert later.title not in page


def test_a_proposed_call_waits_on_the_secretariat_s_dashboard(client) -> None:
    call = CallFactory(proposed=True, office=UniversityFactory())

    secretariat(client)
    theirs = client.get("/dashboard/").content.decode()
    signed_in(client, grants=True, university=call.office)
    ours = client.get("/dashboard/").content.decode()

    assert "Look through a proposed call" in theirs
    assert "Look through a proposed call" not in ours


# interests


def typed(**changes):
    return {"part": "partner", "expertise": "batteries, Digital twins, batteries", "person_months": "12"} | changes


def test_a_grant_officer_expresses_interest_and_sees_the_others(client) -> None:
    other = InterestFactory(message="We look for a coordinator.")
    mandate = signed_in(client, grants=True)
    page = f"{other.call.get_absolute_url()}"
    assert other.person.get_full_name() not in client.get(page).content.decode()

    response = client.post(f"{page}interest/", typed(university=mandate.university.pk), follow=True)

    mine = Interest.objects.get(person=mandate.person)
    assert (mine.expertise, mine.person_months) == (["batteries", "Digital twins"], 12)
    assert "We look for a coordinator." in response.content.decode()
    assert response.context["consortium"]["n"] == 2


BAD_INTERESTS = {
    "nothing brought": ({"expertise": " , "}, "expertise"),
    "a keyword too long": ({"expertise": "x" * 61}, "expertise"),
    "too many keywords": ({"expertise": ",".join(f"k{n}" for n in range(13))}, "expertise"),
    "no part": ({"part": ""}, "part"),
    "unknown part": ({"part": "boss"}, "part"),
    "no effort": ({"person_months": "0"}, "person_months"),
    "a message too long": ({"message": "x" * 2001}, "message"),
    "somebody else's university": ({"university": "0"}, "university"),
}


@pytest.mark.parametrize(("values", "field"), BAD_INTERESTS.values(), ids=BAD_INTERESTS)
def test_bad_interest_is_said_at_its_field(client, values, field) -> None:
    mandate = signed_in(client, grants=True)
    call = CallFactory(open=True)

    response = client.post(
        f"{call.get_absolute_url()}interest/", typed(**({"university": mandate.university.pk} | values))
    )

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]


def test_students_and_people_without_mandate_express_no_interest(client) -> None:
    call = CallFactory(open=True)

    for person in (student_of(), UserFactory()):
        client.force_login(person)
        assert client.get(f"{call.get_absolute_url()}interest/").status_code == 403


def test_interest_in_a_closed_call_is_refused_in_words(client) -> None:
    mandate = signed_in(client, grants=True)
    call = CallFactory(closed=True)

    response = client.post(f"{call.get_absolute_url()}interest/", typed(university=mandate.university.pk))

    assert response.status_code == 422
    assert "This call is closed." in response.content.decode()


def test_an_interest_is_changed_and_withdrawn_by_its_person_only(client) -> None:
    interest = InterestFactory()
    other = InterestFactory(call=interest.call)
    edit, withdraw = (reverse(f"funding:interest_{act}", args=[interest.reference]) for act in ("edit", "withdraw"))

    client.force_login(other.person)
    assert [client.get(page).status_code for page in (edit, withdraw)] == [403, 403]
    client.force_login(interest.person)
    assert client.post(edit, typed(version=1, part="coordinator")).status_code == 302
    assert client.post(edit, typed(version=1, part="partner")).status_code == 409
    client.post(withdraw)

    interest.refresh_from_db()
    assert (interest.part, interest.state) == ("coordinator", "withdrawn")


def test_who_has_left_the_university_withdraws_their_interest_and_learns_nothing_of_the_others(client) -> None:
    interest = InterestFactory()
    other = InterestFactory(call=interest.call, expertise=["secret sauce"])
    Mandate.objects.filter(person=interest.person).update(ends_on=timezone.localdate() - timedelta(days=1))
    withdraw = reverse("funding:interest_withdraw", args=[interest.reference])
    client.force_login(interest.person)

    board = client.get(INTERESTS).content.decode()
    page = client.get(interest.call.get_absolute_url()).content.decode()
    asked = client.get(withdraw).content.decode()
    edited = client.post(reverse("funding:interest_edit", args=[interest.reference]), typed(version=1))
    done = client.post(withdraw, follow=True)

    assert withdraw in board
    assert withdraw in page
    assert reverse("funding:interest_edit", args=[interest.reference]) not in board + page
    assert "you cannot take it up again" in asked
    assert edited.status_code == 403
    assert "Withdrawn. The others no longer see it." in done.content.decode()
    assert other.person.email not in board + page
    assert "secret sauce" not in board + page


def test_the_grant_office_withdraws_the_interest_of_a_colleague_who_has_left(client) -> None:
    interest = InterestFactory()
    other = InterestFactory(call=interest.call)
    Mandate.objects.filter(person=interest.person).update(ends_on=timezone.localdate() - timedelta(days=1))
    client.force_login(MandateFactory(grants=True, university=interest.university).person)
    mine, theirs = (reverse("funding:interest_withdraw", args=[row.reference]) for row in (interest, other))

    board = client.get(INTERESTS).content.decode()
    asked = client.get(mine).content.decode()
    client.post(mine)

    assert "No longer acts for it" in board
    assert f"Withdraw the interest of {interest.person.get_full_name()}?" in asked
    assert client.get(theirs).status_code == 404  # with its own interest the office saw those of the others
    interest.refresh_from_db()
    assert interest.state == "withdrawn"
    assert interest.person.notices.get().subject == f"Your interest was withdrawn: {interest.call.title}"


def test_an_outsider_learns_nothing_of_interests_anywhere(client) -> None:
    """Page, list, its facets and exports, and the addresses of the interest itself."""
    interest = InterestFactory(expertise=["secret sauce"], message="Hush.")
    edit = reverse("funding:interest_edit", args=[interest.reference])

    for person in (
        None,
        student_of(),
        UserFactory(),
        MandateFactory(grants=True).person,
        MandateFactory(head=True).person,
    ):
        client.logout()
        if person:
            client.force_login(person)
        pages = [client.get(interest.call.get_absolute_url()), client.get("/funding/calls/?q=secret")]
        if person:
            pages += [client.get(INTERESTS), client.get(f"{INTERESTS}?q=sauce&university={interest.university.slug}")]
            exported = b"".join(client.get(f"{INTERESTS}?export=csv")).decode()
            assert interest.person.email not in exported
            assert "secret sauce" not in exported
            assert client.get(edit).status_code == 404
        text = "".join(page.content.decode() for page in pages)
        assert "secret sauce" not in text
        assert interest.person.email not in text
        assert interest.person.get_full_name() not in text


@pytest.mark.parametrize("others", [1, 3])
def test_call_page_query_count_for_somebody_interested(client, django_assert_num_queries, others) -> None:
    interest = InterestFactory()
    InterestFactory.create_batch(others, call=interest.call)
    client.force_login(interest.person)

    with django_assert_num_queries(10):  # session, user, notices, mandates, call, stages, interests, fields, follow
        client.get(interest.call.get_absolute_url())


@pytest.mark.parametrize("others", [1, 3])
def test_interest_list_query_count(client, django_assert_num_queries, others) -> None:
    interest = InterestFactory()
    InterestFactory.create_batch(others, call=interest.call)
    client.force_login(interest.person)

    with django_assert_num_queries(13):
        client.get(INTERESTS)


def test_the_list_says_what_to_do_when_it_is_empty(client) -> None:
    client.force_login(UserFactory())

    assert "You have expressed no interest yet" in client.get(INTERESTS).content.decode()


def test_the_history_of_a_call_names_whom_a_deputy_acts_for(client) -> None:
    mandate = MandateFactory(grants=True, with_deputy=True)
    call = CallFactory(drafted=True, office=mandate.university)
    client.force_login(mandate.deputy)

    client.post(address("propose", call))

    [step] = client.get(call.get_absolute_url()).context["steps"]
    assert step["by"] == f"{mandate.deputy} for {mandate.person}"


def test_the_history_of_a_call_says_what_changed_to_what(client) -> None:
    mandate = secretariat(client)
    call = CallFactory(open=True, rate=100)
    call = Call.objects.select_related("programme").get(pk=call.pk)
    call.rate, call.has_own_rules, call.min_organisations = 70, True, 5
    actions.change_call(call=call, version=1, by=mandate.person, now=timezone.now())

    page = client.get(call.get_absolute_url()).content.decode()

    history = page.partition('id="what-happened"')[2].partition("</section>")[0]
    assert "Rate: 100 % → 70 %; Conditions" in history
    assert "Conditions:" not in history


@pytest.mark.parametrize("act", ["propose", "publish"])
def test_an_incomplete_call_is_led_to_where_it_is_completed(client, act):
    secretariat(client)
    call = CallFactory(summary="")

    html = client.get(reverse(f"funding:call_{act}", args=[call.slug])).content.decode()

    assert ("what the call is about" in html, "Not complete yet" in html) == (True, True)
    assert f'href="{reverse("funding:call_edit", args=[call.slug])}"' in html
