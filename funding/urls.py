from django.urls import path

from funding.views import catalogue

app_name = "funding"
urlpatterns = [
    path("calls/", catalogue.call_list, name="call_list"),
    path("calls/<slug:slug>/", catalogue.call_detail, name="call_detail"),
    path("calls/<slug:slug>/deadlines.ics", catalogue.call_calendar, name="call_calendar"),
]
