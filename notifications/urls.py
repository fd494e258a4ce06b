from django.urls import path

from notifications import views

app_name = "notifications"
urlpatterns = [
    path("", views.notice_list, name="notice_list"),
    path("read/", views.notice_read_all, name="notice_read_all"),
    path("preferences/", views.preferences, name="preferences"),
    path("unsubscribe/<str:token>/", views.unsubscribe, name="unsubscribe"),
    path("jobs/", views.job_list, name="job_list"),
    path("outbox/", views.outbox, name="outbox"),
    path("outbox/<uuid:reference>/", views.outbox_detail, name="outbox_detail"),
    path("outbox/<uuid:reference>/cancel/", views.outbox_cancel, name="outbox_cancel"),
    path("outbox/<uuid:reference>/retry/", views.outbox_retry, name="outbox_retry"),
    path("mail/", views.mail_list, name="mail_list"),
    path("mail/<uuid:reference>/", views.mail_detail, name="mail_detail"),
    path("searches/", views.search_list, name="search_list"),
    path("searches/new/", views.search_add, name="search_add"),
    path("searches/<uuid:reference>/edit/", views.search_edit, name="search_edit"),
    path("searches/<uuid:reference>/delete/", views.search_delete, name="search_delete"),
    path("<uuid:reference>/", views.notice_open, name="notice_open"),
    path("<uuid:reference>/read/", views.notice_read, name="notice_read"),
]
