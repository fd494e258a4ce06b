from django.urls import path

from applications.views import decisions, desk, reviews

app_name = "applications"

# The office and its reviewers; the more special addresses stand first.
desk_patterns = [
    path("reviews/", reviews.review_list, name="review_list"),
    path("rounds/<slug:slug>/desk/", desk.round_desk, name="round_desk"),
    path("rounds/<slug:slug>/assign/", desk.round_assign, name="round_assign"),
    path("rounds/<slug:slug>/decisions/", decisions.round_decisions, name="round_decisions"),
    path("rounds/<slug:slug>/propose/", decisions.round_propose, name="round_propose"),
    path("rounds/<slug:slug>/release/", decisions.round_release, name="round_release"),
    path("<str:reference>/desk/", desk.application_desk, name="application_desk"),
    path("<str:reference>/open/", desk.application_open, name="application_open"),
    path("<str:reference>/eligible/", desk.application_find_eligible, name="application_find_eligible"),
    path("<str:reference>/ineligible/", desk.application_find_ineligible, name="application_find_ineligible"),
    path("<str:reference>/ask/", desk.application_ask_more, name="application_ask_more"),
    path("<str:reference>/documents/ask/", desk.document_ask, name="document_ask"),
    path("<str:reference>/documents/<int:slot>/validate/", desk.document_validate, name="document_validate"),
    path("<str:reference>/documents/<int:slot>/refuse/", desk.document_refuse, name="document_refuse"),
    path("<str:reference>/decision/", decisions.decision_edit, name="decision_edit"),
    path("<str:reference>/letter/", decisions.letter_edit, name="letter_edit"),
    path("<str:reference>/review/", reviews.review_edit, name="review_edit"),
    path("<str:reference>/review/recuse/", reviews.review_recuse, name="review_recuse"),
    path("<str:reference>/reviews/assign/", reviews.review_assign, name="review_assign"),
    path("<str:reference>/reviews/<int:review>/reopen/", reviews.review_reopen, name="review_reopen"),
]

urlpatterns = desk_patterns
