from django.urls import path

from funding.feeds import NewCalls
from funding.views import catalogue, keeping, taking_part

app_name = "funding"
urlpatterns = [
    path("calls/", catalogue.call_list, name="call_list"),
    # Before the slug; TAKEN_ADDRESSES keeps calls from being named like these pages.
    path("calls/new.atom", NewCalls(), name="call_feed"),
    path("calls/own/", keeping.own_calls, name="own_calls"),
    path("calls/new/", keeping.call_add, name="call_add"),
    path("calls/<slug:slug>/", catalogue.call_detail, name="call_detail"),
    path("calls/<slug:slug>/deadlines.ics", catalogue.call_calendar, name="call_calendar"),
    path("calls/<slug:slug>/edit/", keeping.call_edit, name="call_edit"),
    path("calls/<slug:slug>/propose/", keeping.call_propose, name="call_propose"),
    path("calls/<slug:slug>/publish/", keeping.call_publish, name="call_publish"),
    path("calls/<slug:slug>/send-back/", keeping.call_send_back, name="call_send_back"),
    path("calls/<slug:slug>/archive/", keeping.call_archive, name="call_archive"),
    path("calls/<slug:slug>/restore/", keeping.call_restore, name="call_restore"),
    path("calls/<slug:slug>/follow/", taking_part.call_follow, name="call_follow"),
    path("calls/<slug:slug>/unfollow/", taking_part.call_unfollow, name="call_unfollow"),
    path("calls/<slug:slug>/interest/", taking_part.interest_add, name="interest_add"),
    path("interests/", taking_part.interest_list, name="interest_list"),
    path("interests/<str:reference>/edit/", taking_part.interest_edit, name="interest_edit"),
    path("interests/<str:reference>/withdraw/", taking_part.interest_withdraw, name="interest_withdraw"),
]
