"""Addresses of universities; people have theirs in people_urls.py."""

from django.urls import path

from members.views import add, confirm, contact, directory, documents, edit, history, pictures, quality, university

app_name = "members"
urlpatterns = [
    path("", directory.university_list, name="university_list"),
    path("compare/", directory.university_compare, name="university_compare"),
    path("quality/", quality.university_quality, name="university_quality"),
    path("add/", add.university_add, name="university_add"),
    path("lookalikes/", add.university_lookalikes, name="university_lookalikes"),
    path("<slug:slug>/", university.university_detail, name="university_detail"),
    path("<slug:slug>/logo/<str:name>", university.university_logo, name="university_logo"),
    path("<slug:slug>/pictures/<str:name>", university.university_picture, name="university_picture"),
    path("<slug:slug>/documents/<str:code>/", documents.university_document, name="university_document"),
    path("<slug:slug>/contact/", contact.university_contact, name="university_contact"),
    path("<slug:slug>/history/", history.university_history, name="university_history"),
    path("<slug:slug>/confirm/", confirm.university_confirm, name="university_confirm"),
    path("<slug:slug>/confirm-factsheet/", confirm.university_factsheet_confirm, name="university_factsheet_confirm"),
    path("<slug:slug>/archive/", confirm.university_archive, name="university_archive"),
    path("<slug:slug>/restore/", confirm.university_restore, name="university_restore"),
    path("<slug:slug>/edit/", edit.university_edit, name="university_edit"),
    path("<slug:slug>/edit/factsheet/", edit.university_factsheet, name="university_factsheet"),
    path("<slug:slug>/edit/pictures/", pictures.university_pictures, name="university_pictures"),
    path("<slug:slug>/edit/pictures/add/", pictures.university_picture_add, name="university_picture_add"),
    path("<slug:slug>/edit/documents/", documents.university_documents, name="university_documents"),
    path("<slug:slug>/edit/documents/add/", documents.university_document_add, name="university_document_add"),
    path("<slug:slug>/edit/logo/", pictures.university_logo_change, name="university_logo_change"),
    # Last: as a part it would take every name that stands above it.
    path("<slug:slug>/edit/<slug:part>/", edit.university_rows, name="university_rows"),
]
