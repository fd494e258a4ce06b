"""Addresses of courses: one list for all, and what belongs to a university below that university's own page."""

from django.urls import path, re_path

from programmes.views import course_imports, courses

app_name = "courses"
AT = "universities/<slug:university>/courses/"
urlpatterns = [
    path("courses/", courses.course_list, name="course_list"),
    path("courses/<slug:slug>/", courses.course_detail, name="course_detail"),
    path("courses/<slug:slug>/edit/", courses.course_edit, name="course_edit"),
    path("courses/<slug:slug>/close/", courses.course_close, name="course_close"),
    path("courses/<slug:slug>/reopen/", courses.course_reopen, name="course_reopen"),
    path(AT, courses.university_courses, name="university_courses"),
    path(f"{AT}add/", courses.course_add, name="course_add"),
    path(f"{AT}import/", course_imports.import_new, name="import_new"),
    path(f"{AT}import/<uuid:pk>/", course_imports.import_detail, name="import_detail"),
    path(f"{AT}import/<uuid:pk>/apply/", course_imports.import_apply, name="import_apply"),
    re_path(r"^courses/template\.(?P<ending>csv|xlsx)$", course_imports.import_template, name="import_template"),
]
