from django.urls import path, re_path

from exchange.views import catalogue, imports, office

app_name = "exchange"
urlpatterns = [
    path("placements/", catalogue.placement_list, name="placement_list"),
    path("placements/own/", office.own_placements, name="own_placements"),
    path("placements/new/", office.placement_add, name="placement_add"),
    path("placements/many/", office.many_placements, name="many_placements"),
    path("placements/copy-year/", office.copy_year, name="copy_year"),
    path("placements/import/", imports.import_new, name="import_new"),
    re_path(r"^placements/import/template\.(?P<ending>csv|xlsx)$", imports.import_template, name="import_template"),
    path("placements/import/<uuid:pk>/", imports.import_detail, name="import_detail"),
    path("placements/import/<uuid:pk>/apply/", imports.import_apply, name="import_apply"),
    path("placements/<slug:slug>/", catalogue.placement_detail, name="placement_detail"),
    path("placements/<slug:slug>/edit/", office.placement_edit, name="placement_edit"),
    path("placements/<slug:slug>/publish/", office.placement_publish, name="placement_publish"),
    path("placements/<slug:slug>/withdraw/", office.placement_withdraw, name="placement_withdraw"),
    path("placements/<slug:slug>/archive/", office.placement_archive, name="placement_archive"),
    path("placements/<slug:slug>/restore/", office.placement_restore, name="placement_restore"),
    path("placements/<slug:slug>/copy/", office.placement_copy, name="placement_copy"),
    path("rounds/", catalogue.round_list, name="round_list"),
]
