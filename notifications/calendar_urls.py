"""Addresses of the calendar and of its feeds."""

from django.urls import path

from notifications.views import calendar

app_name = "calendar"
urlpatterns = [
    path("", calendar.page, name="page"),
    path("cluster.ics", calendar.public, name="public"),
    path("mine/<str:token>/cluster.ics", calendar.mine, name="mine"),
    path("address/", calendar.address_make, name="address_make"),
    path("address/revoke/", calendar.address_revoke, name="address_revoke"),
]
