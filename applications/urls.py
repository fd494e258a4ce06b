from django.urls import path

from applications.views import (
    appeals,
    applicant,
    applying,
    decisions,
    desk,
    documents,
    dossiers,
    own_data,
    reviews,
    round_editor,
    rounds,
)

app_name = "applications"

# Rounds: everybody reads them, their desk edits them. Literal addresses stand before those with a slug.
round_patterns = [
    path("rounds/", rounds.round_list, name="round_list"),
    path("rounds/new/", round_editor.round_add, name="round_add"),
    path("rounds/<slug:slug>/", rounds.round_detail, name="round_detail"),
    path("rounds/<slug:slug>/closing.ics", rounds.round_calendar_file, name="round_calendar"),
    path("rounds/<slug:slug>/edit/", round_editor.round_edit, name="round_edit"),
    path("rounds/<slug:slug>/edit/choices/", round_editor.round_choices, name="round_choices"),
    path("rounds/<slug:slug>/edit/choose/", round_editor.round_choose, name="round_choose"),
    *[
        path(f"rounds/<slug:slug>/edit/{step}/", round_editor.round_rows, kwargs={"step": step}, name=f"round_{step}")
        for step in round_editor.ROW_STEPS
    ],
    path("rounds/<slug:slug>/edit/letters/", round_editor.round_letters, name="round_letters"),
    path("rounds/<slug:slug>/edit/publish/", round_editor.round_publish, name="round_publish"),
    path("rounds/<slug:slug>/close/", round_editor.round_close, name="round_close"),
    path("rounds/<slug:slug>/later/", round_editor.round_later, name="round_later"),
    path("rounds/<slug:slug>/archive/", round_editor.round_archive, name="round_archive"),
    path("rounds/<slug:slug>/clone/", round_editor.round_clone, name="round_clone"),
]

# The office and its reviewers; the more special addresses stand first.
desk_patterns = [
    path("reviews/", reviews.review_list, name="review_list"),
    path("rounds/<slug:slug>/desk/", desk.round_desk, name="round_desk"),
    path("rounds/<slug:slug>/assign/", desk.round_assign, name="round_assign"),
    path("rounds/<slug:slug>/decisions/", decisions.round_decisions, name="round_decisions"),
    path("rounds/<slug:slug>/propose/", decisions.round_propose, name="round_propose"),
    path("rounds/<slug:slug>/release/", decisions.round_release, name="round_release"),
    path("shared/<str:token>/", dossiers.shared_file, name="shared_file"),
    path("<str:reference>/dossier.pdf", dossiers.application_dossier, name="application_dossier"),
    path("<str:reference>/share/", dossiers.application_share, name="application_share"),
    path("<str:reference>/share/<str:code>/revoke/", dossiers.share_revoke, name="share_revoke"),
    path("<str:reference>/desk/", desk.application_desk, name="application_desk"),
    path("<str:reference>/open/", desk.application_open, name="application_open"),
    path("<str:reference>/eligible/", desk.application_find_eligible, name="application_find_eligible"),
    path("<str:reference>/ineligible/", desk.application_find_ineligible, name="application_find_ineligible"),
    path("<str:reference>/ask/", desk.application_ask_more, name="application_ask_more"),
    path("<str:reference>/documents/ask/", desk.document_ask, name="document_ask"),
    path("<str:reference>/documents/<int:slot>/validate/", desk.document_validate, name="document_validate"),
    path("<str:reference>/documents/<int:slot>/refuse/", desk.document_refuse, name="document_refuse"),
    path("<str:reference>/appeal/answer/", appeals.appeal_answer, name="appeal_answer"),
    path("<str:reference>/appeal/files/<str:code>/", appeals.appeal_download, name="appeal_download"),
    path("<str:reference>/decision/", decisions.decision_edit, name="decision_edit"),
    path("<str:reference>/letter/", decisions.letter_edit, name="letter_edit"),
    path("<str:reference>/review/", reviews.review_edit, name="review_edit"),
    path("<str:reference>/review/recuse/", reviews.review_recuse, name="review_recuse"),
    path("<str:reference>/reviews/assign/", reviews.review_assign, name="review_assign"),
    path("<str:reference>/reviews/<int:review>/reopen/", reviews.review_reopen, name="review_reopen"),
]

# The applicant.
applicant_patterns = [
    path("", applicant.application_list, name="application_list"),
    path("start/<slug:slug>/", applying.application_start, name="application_start"),
    path("<str:reference>/", applicant.application_detail, name="application_detail"),
    path("<str:reference>/receipt/", applicant.application_receipt, name="application_receipt"),
    path("<str:reference>/accept/", applicant.application_accept, name="application_accept"),
    path("<str:reference>/decline/", applicant.application_decline, name="application_decline"),
    path("<str:reference>/withdraw/", applicant.application_withdraw, name="application_withdraw"),
    path("<str:reference>/appeal/", appeals.appeal_new, name="appeal_new"),
    path("<str:reference>/appeal/withdraw/", appeals.appeal_withdraw, name="appeal_withdraw"),
    path("<str:reference>/edit/", applying.application_edit, name="application_edit"),
    path("<str:reference>/edit/profile/", own_data.application_profile, name="application_profile"),
    path(
        "<str:reference>/edit/profile/autosave/",
        own_data.application_profile_autosave,
        name="application_profile_autosave",
    ),
    path("<str:reference>/edit/choices/", applying.application_choices, name="application_choices"),
    path("<str:reference>/edit/choose/", applying.application_choose, name="application_choose"),
    path("<str:reference>/edit/motivation/", applying.application_motivation, name="application_motivation"),
    path("<str:reference>/edit/autosave/", applying.application_autosave, name="application_autosave"),
    path("<str:reference>/edit/documents/", applying.application_documents, name="application_documents"),
    path("<str:reference>/edit/check/", applying.application_check, name="application_check"),
    path("<str:reference>/submit/", applying.application_submit, name="application_submit"),
    path("<str:reference>/documents/<int:position>/", documents.document_put, name="document_put"),
    path("<str:reference>/files/<str:code>/", documents.document_download, name="document_download"),
]

urlpatterns = round_patterns + desk_patterns + applicant_patterns
