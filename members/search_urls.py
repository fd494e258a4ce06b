"""The one search box: its page and the list under it."""

from django.urls import path

from members.views import search

urlpatterns = [
    path("", search.search, name="search"),
    path("suggest/", search.search_suggest, name="search_suggest"),
]
