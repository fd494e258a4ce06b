"""The database is the last guard: every constraint on accounts, profiles, invitations, requests to be erased, documents
and letters is broken once, past all forms.
"""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from members.models import Enquiry, SearchEntry, StudentProfile, UniversityDocument, User
from tests.factories.members import (
    LanguageSkillFactory,
    StudentProfileFactory,
    UniversityDocumentFactory,
    UniversityFactory,
    UserFactory,
)
from tests.factories.people import ErasureFactory, ExpertFactory, InvitationFactory

pytestmark = pytest.mark.django_db
NOW, BEFORE, AFTER = timezone.now(), date(2020, 1, 1), date(2021, 1, 1)


def twice(factory, **fields):
    factory(**fields)
    factory(**fields)


def confirmed_by_nobody():
    StudentProfile.objects.filter(pk=StudentProfileFactory().pk).update(state="confirmed")


def address_in_capitals():
    UserFactory(email="anna@kth.se")
    User.objects.filter(pk=UserFactory().pk).update(email="Anna@KTH.se")


def same_document_twice():
    document = UniversityDocumentFactory()
    UniversityDocumentFactory(university=document.university, sha256=document.sha256)


def invited_twice(**place):
    InvitationFactory(email="new@kth.se", **place)
    InvitationFactory(email="NEW@kth.se", **place)


def second_entry():
    entry = SearchEntry.objects.get(kind="university", object_id=UniversityFactory().pk)
    entry.pk = None
    entry.save(force_insert=True)


def letter_to_nobody():
    Enquiry.objects.create(sender_name="Ana", sender_email="ana@home.example", subject="Hello", text="?")


CASES = {
    "one_account_per_address": address_in_capitals,
    "members_user_email_key": lambda: twice(UserFactory, email="anna@kth.se"),
    "members_studentprofile_state_known": lambda: StudentProfileFactory(state="lost"),
    "a_confirmed_student_was_confirmed_by_somebody": confirmed_by_nobody,
    "members_studentprofile_level_known": lambda: StudentProfileFactory(level="postdoc"),
    "members_languageskill_level_known": lambda: LanguageSkillFactory(level="D1"),
    "members_languageskill_language_is_a_code": lambda: LanguageSkillFactory(language="EN"),
    "a_language_once_per_student": lambda: twice(LanguageSkillFactory, profile=StudentProfileFactory()),
    "members_invitation_state_known": lambda: InvitationFactory(state="lost"),
    "members_invitation_role_known": lambda: InvitationFactory(role="king"),
    "members_invitation_starts_on_before_ends_on": lambda: InvitationFactory(starts_on=AFTER, ends_on=BEFORE),
    "members_invitation_accepted_at_with_accepted_by": lambda: InvitationFactory(accepted_at=NOW),
    "an_invitation_is_for_a_university_or_the_consortium": lambda: InvitationFactory(role="secretariat"),
    "one_waiting_invitation_per_address_and_role": lambda: invited_twice(university=UniversityFactory()),
    "members_erasure_state_known": lambda: ErasureFactory(state="lost"),
    "members_erasure_decided_at_with_decided_by": lambda: ErasureFactory(decided_at=NOW),
    "members_expert_audience_known": lambda: ExpertFactory(audience="friends"),
    "members_expert_user_id_key": lambda: twice(ExpertFactory, user=UserFactory(), university=UniversityFactory()),
    "members_universitydocument_kind_known": lambda: UniversityDocumentFactory(kind="poem"),
    "members_universitydocument_audience_known": lambda: UniversityDocumentFactory(audience="friends"),
    "a_document_is_in_a_known_language": lambda: UniversityDocumentFactory(language="xx"),
    "a_document_is_not_empty": lambda: UniversityDocumentFactory(size=0),
    "a_document_once_per_university": same_document_twice,
    "an_enquiry_is_to_a_contact_or_an_expert": letter_to_nobody,
    "one_search_entry_per_thing": second_entry,
}


@pytest.mark.parametrize("name", CASES)
def test_the_database_refuses(name):
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        CASES[name]()

    assert refused.value.__cause__.diag.constraint_name == name


def test_the_consortium_invites_an_address_to_a_role_once_although_it_has_no_university():
    """NULLs are alike here: without that the secretariat could invite one person twice."""
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        invited_twice(university=None, role="secretariat")

    assert refused.value.__cause__.diag.constraint_name == "one_waiting_invitation_per_address_and_role"


def test_an_address_whose_invitation_was_taken_back_may_be_invited_again():
    invited = InvitationFactory(email="new@kth.se", state="withdrawn")

    InvitationFactory(email="new@kth.se", university=invited.university)


def test_two_universities_may_have_the_same_document():
    document = UniversityDocumentFactory()
    UniversityDocumentFactory(sha256=document.sha256)

    assert UniversityDocument.objects.count() == 2
