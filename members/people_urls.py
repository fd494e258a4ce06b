from django.urls import path

from members.views import (
    my_data,
    people_desk,
    people_erasures,
    people_invitations,
    people_mandates,
    people_profile,
    people_students,
)

app_name = "people"
urlpatterns = [
    path("", people_desk.mandate_list, name="mandate_list"),
    path("consortium/", people_desk.consortium_people, name="consortium_people"),
    path("consortium/give/", people_desk.mandate_give, name="consortium_give"),
    path("at/<slug:slug>/", people_desk.university_people, name="university_people"),
    path("at/<slug:slug>/give/", people_desk.mandate_give, name="mandate_give"),
    path("profile/", people_profile.profile, name="profile"),
    path("profile/home/", people_profile.profile_home, name="profile_home"),
    path("my-data/", my_data.my_data, name="my_data"),
    path("my-data/download/", my_data.my_data_download, name="my_data_download"),
    path("my-data/erasure/", my_data.my_data_erasure, name="my_data_erasure"),
    path("my-data/erasure/take-back/", my_data.my_data_keep, name="my_data_keep"),
    path("my-data/close/", my_data.account_close, name="close_account"),
    path("erasures/", people_erasures.erasure_list, name="erasure_list"),
    path("erasures/<uuid:reference>/", people_erasures.erasure_detail, name="erasure_detail"),
    path("erasures/<uuid:reference>/carry-out/", people_erasures.erasure_carry_out, name="erasure_carry_out"),
    path("erasures/<uuid:reference>/refuse/", people_erasures.erasure_refuse, name="erasure_refuse"),
    path("students/", people_students.student_list, name="student_list"),
    path("students/confirm/", people_students.student_confirm_many, name="student_confirm_many"),
    path("students/<uuid:reference>/", people_students.student_detail, name="student_detail"),
    path("students/<uuid:reference>/confirm/", people_students.student_confirm, name="student_confirm"),
    path("students/<uuid:reference>/refuse/", people_students.student_refuse, name="student_refuse"),
    path("mandates/", people_mandates.my_mandates, name="my_mandates"),
    path("mandates/<uuid:reference>/", people_mandates.mandate_detail, name="mandate_detail"),
    path("mandates/<uuid:reference>/end/", people_mandates.mandate_end, name="mandate_end"),
    path("mandates/<uuid:reference>/hand-over/", people_mandates.mandate_hand_over, name="mandate_hand_over"),
    path("mandates/<uuid:reference>/deputy/", people_mandates.mandate_deputy, name="mandate_deputy"),
    path(
        "mandates/<uuid:reference>/deputy/dismiss/",
        people_mandates.mandate_dismiss_deputy,
        name="mandate_dismiss_deputy",
    ),
    path("invitations/<uuid:reference>/again/", people_invitations.invitation_again, name="invitation_again"),
    path("invitations/<uuid:reference>/withdraw/", people_invitations.invitation_withdraw, name="invitation_withdraw"),
    path("invitation/<str:token>/", people_invitations.invitation, name="invitation"),
]
