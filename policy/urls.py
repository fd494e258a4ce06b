from django.urls import path

from policy.views import board, bodies, calendar, coming, materials, organising

app_name = "policy"
urlpatterns = [
    path("events/", calendar.event_list, name="event_list"),
    path("events/new/", organising.event_add, name="event_add"),
    path("events/<slug:slug>.ics", calendar.event_calendar, name="event_calendar"),
    path("events/<slug:slug>/", calendar.event_detail, name="event_detail"),
    path("events/<slug:slug>/edit/", organising.event_edit, name="event_edit"),
    path("events/<slug:slug>/publish/", organising.event_publish, name="event_publish"),
    path("events/<slug:slug>/cancel/", organising.event_cancel, name="event_cancel"),
    path("events/<slug:slug>/archive/", organising.event_archive, name="event_archive"),
    path("events/<slug:slug>/restore/", organising.event_restore, name="event_restore"),
    path("events/<slug:slug>/register/", coming.event_register, name="event_register"),
    path("events/<slug:slug>/leave/", coming.event_leave, name="event_leave"),
    path("events/<slug:slug>/registrations/", board.registration_list, name="registration_list"),
    path("events/<slug:slug>/registrations/many/", board.many_registrations, name="many_registrations"),
    path("events/<slug:slug>/invitations/", board.invitation_list, name="invitation_list"),
    path("events/<slug:slug>/materials/add/", materials.material_add, name="material_add"),
    path("events/<slug:slug>/materials/<slug:code>/", materials.material_download, name="material_download"),
    path("events/<slug:slug>/materials/<slug:code>/remove/", materials.material_remove, name="material_remove"),
    path("invitations/<uuid:reference>/withdraw/", board.invitation_withdraw, name="invitation_withdraw"),
    path("invitations/<uuid:reference>/", coming.invitation_answer, name="invitation_answer"),
    path("invitations/<uuid:reference>/accept/", coming.invitation_accept, name="invitation_accept"),
    path("invitations/<uuid:reference>/decline/", coming.invitation_decline, name="invitation_decline"),
    path("invitations/<uuid:reference>/delegate/", coming.invitation_delegate, name="invitation_delegate"),
    path("series/<slug:slug>/", calendar.series_detail, name="series_detail"),
    path("bodies/", bodies.body_list, name="body_list"),
    path("bodies/<slug:slug>/", bodies.body_detail, name="body_detail"),
    path("bodies/<slug:slug>/seats/", bodies.body_seats, name="body_seats"),
]
