from django.urls import path

from programmes.feeds import NewProgrammes
from programmes.views import catalogue, cotutelle_acts, cotutelles, course_lists, curating, editing, intakes

app_name = "programmes"

# Names that stand where an address of a programme could stand; `models.programmes.RESERVED_SLUGS` keeps them free.
urlpatterns = [
    path("", catalogue.programme_list, name="programme_list"),
    path("new.atom", NewProgrammes(), name="feed"),
    path("compare/", catalogue.programme_compare, name="programme_compare"),
    path("wishlist/", catalogue.wish_list, name="wish_list"),
    path("desk/", curating.programme_desk, name="programme_desk"),
    path("add/", editing.programme_add, name="programme_add"),
    path("cotutelles/", cotutelles.cotutelle_list, name="cotutelle_list"),
    path("cotutelles/begin/", cotutelles.cotutelle_begin, name="cotutelle_begin"),
    path("cotutelles/<slug:reference>/", cotutelles.cotutelle_detail, name="cotutelle_detail"),
    path("cotutelles/<slug:reference>/edit/", cotutelles.cotutelle_edit, name="cotutelle_edit"),
    path("cotutelles/<slug:reference>/papers/add/", cotutelles.cotutelle_put, name="cotutelle_put"),
    path("cotutelles/<slug:reference>/papers/<slug:code>/", cotutelles.cotutelle_file, name="cotutelle_file"),
    path("cotutelles/<slug:reference>/request/", cotutelle_acts.cotutelle_request, name="cotutelle_request"),
    path("cotutelles/<slug:reference>/agree/", cotutelle_acts.cotutelle_agree, name="cotutelle_agree"),
    path("cotutelles/<slug:reference>/send-back/", cotutelle_acts.cotutelle_send_back, name="cotutelle_send_back"),
    path("cotutelles/<slug:reference>/refuse/", cotutelle_acts.cotutelle_refuse, name="cotutelle_refuse"),
    path("cotutelles/<slug:reference>/sign/", cotutelle_acts.cotutelle_sign, name="cotutelle_sign"),
    path("cotutelles/<slug:reference>/start/", cotutelle_acts.cotutelle_start, name="cotutelle_start"),
    path("cotutelles/<slug:reference>/defend/", cotutelle_acts.cotutelle_defend, name="cotutelle_defend"),
    path("cotutelles/<slug:reference>/end/", cotutelle_acts.cotutelle_end, name="cotutelle_end"),
    path("cotutelles/<slug:reference>/withdraw/", cotutelle_acts.cotutelle_withdraw, name="cotutelle_withdraw"),
    path("<slug:slug>/", catalogue.programme_detail, name="programme_detail"),
    path("<slug:slug>/wish/", catalogue.programme_wish, name="programme_wish"),
    path("<slug:slug>/edit/<slug:step>/", editing.programme_edit, name="programme_edit"),
    path("<slug:slug>/curate/", curating.programme_curate, name="programme_curate"),
    path("<slug:slug>/submit/", curating.programme_submit, name="programme_submit"),
    path("<slug:slug>/take-back/", curating.programme_take_back, name="programme_take_back"),
    path("<slug:slug>/publish/", curating.programme_publish, name="programme_publish"),
    path("<slug:slug>/return/", curating.programme_return, name="programme_return"),
    path("<slug:slug>/drop/", curating.programme_drop, name="programme_drop"),
    path("<slug:slug>/archive/", curating.programme_archive, name="programme_archive"),
    path("<slug:slug>/restore/", curating.programme_restore, name="programme_restore"),
    path("<slug:slug>/courses/", course_lists.programme_courses, name="programme_courses"),
    path("<slug:slug>/courses/add/", course_lists.programme_courses_add, name="programme_courses_add"),
    path("<slug:slug>/intakes/", intakes.intake_list, name="intake_list"),
    path("<slug:slug>/intakes/add/", intakes.intake_add, name="intake_add"),
    path("<slug:slug>/intakes/<slug:key>/edit/", intakes.intake_edit, name="intake_edit"),
    path("<slug:slug>/intakes/<slug:key>/copy/", intakes.intake_copy, name="intake_copy"),
    path("<slug:slug>/intakes/<slug:key>/remove/", intakes.intake_remove, name="intake_remove"),
    path("<slug:slug>/intakes/<slug:key>/round/", intakes.intake_round, name="intake_round"),
]
