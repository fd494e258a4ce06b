from django.urls import path

from members.views import people_desk, people_invitations, people_mandates, people_profile, people_students

app_name = "people"
urlpatterns = [
    path("", people_desk.mandate_list, name="mandate_list"),
    path("consortium/", people_desk.consortium_people, name="consortium_people"),
    path("consortium/give/", people_desk.mandate_give, name="consortium_give"),
    path("at/<slug:slug>/", people_desk.university_people, name="university_people"),
    path("at/<slug:slug>/give/", people_desk.mandate_give, name="mandate_give"),
    path("profile/", people_profile.profile, name="profile"),
    path("profile/home/", people_profile.profile_home, name="profile_home"),
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
