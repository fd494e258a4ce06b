from django.urls import path

from programmes.feeds import NewProgrammes
from programmes.views import catalogue, curating, editing, intakes

app_name = "programmes"

# Names that stand where an address of a programme could stand; `models.programmes.RESERVED_SLUGS` keeps them free.
urlpatterns = [
    path("", catalogue.programme_list, name="programme_list"),
    path("new.atom", NewProgrammes(), name="feed"),
    path("compare/", catalogue.programme_compare, name="programme_compare"),
    path("wishlist/", catalogue.wish_list, name="wish_list"),
    path("desk/", curating.programme_desk, name="programme_desk"),
    path("add/", editing.programme_add, name="programme_add"),
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
    path("<slug:slug>/intakes/", intakes.intake_list, name="intake_list"),
    path("<slug:slug>/intakes/add/", intakes.intake_add, name="intake_add"),
    path("<slug:slug>/intakes/<slug:key>/edit/", intakes.intake_edit, name="intake_edit"),
    path("<slug:slug>/intakes/<slug:key>/copy/", intakes.intake_copy, name="intake_copy"),
    path("<slug:slug>/intakes/<slug:key>/remove/", intakes.intake_remove, name="intake_remove"),
    path("<slug:slug>/intakes/<slug:key>/round/", intakes.intake_round, name="intake_round"),
]
