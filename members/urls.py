"""Addresses of universities; people have theirs in people_urls.py."""

from django.urls import path

from members.views import directory, university

app_name = "members"
urlpatterns = [
    path("", directory.university_list, name="university_list"),
    path("compare/", directory.university_compare, name="university_compare"),
    path("<slug:slug>/", university.university_detail, name="university_detail"),
    path("<slug:slug>/logo/<str:name>", university.university_logo, name="university_logo"),
    path("<slug:slug>/pictures/<str:name>", university.university_picture, name="university_picture"),
]
