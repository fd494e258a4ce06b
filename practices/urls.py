from django.urls import path

from practices.feeds import NewPractices
from practices.views import adopting, catalogue, curating, evidence, following, topics, versions, writing

app_name = "practices"
urlpatterns = [
    path("", catalogue.practice_list, name="practice_list"),
    path("new.atom", NewPractices(), name="feed"),
    path("topics/", topics.topic_list, name="topic_list"),
    path("topics/<slug:slug>/", topics.topic_detail, name="topic_detail"),
    path("topics/<slug:slug>/follow/", following.topic_follow, name="topic_follow"),
    path("own/", writing.own_practices, name="own_practices"),
    path("new/", writing.practice_add, name="practice_add"),
    path("queue/", curating.curation_queue, name="curation_queue"),
    path("<str:reference>/", catalogue.practice_detail, name="practice_detail"),
    path("<str:reference>/edit/", writing.practice_edit, name="practice_edit"),
    path("<str:reference>/new-version/", writing.practice_revise, name="practice_revise"),
    path("<str:reference>/submit/", writing.practice_submit, name="practice_submit"),
    path("<str:reference>/take-back/", writing.practice_take_back, name="practice_take_back"),
    path("<str:reference>/drop/", writing.practice_drop, name="practice_drop"),
    path("<str:reference>/files/add/", evidence.evidence_add, name="evidence_add"),
    path("<str:reference>/files/<str:code>/", evidence.evidence_download, name="evidence_download"),
    path("<str:reference>/files/<str:code>/remove/", evidence.evidence_remove, name="evidence_remove"),
    path("<str:reference>/curate/", curating.practice_curate, name="practice_curate"),
    path("<str:reference>/publish/", curating.practice_publish, name="practice_publish"),
    path("<str:reference>/ask-changes/", curating.practice_ask_changes, name="practice_ask_changes"),
    path("<str:reference>/refuse/", curating.practice_refuse, name="practice_refuse"),
    path("<str:reference>/archive/", curating.practice_archive, name="practice_archive"),
    path("<str:reference>/restore/", curating.practice_restore, name="practice_restore"),
    path("<str:reference>/follow/", following.practice_follow, name="practice_follow"),
    path("<str:reference>/question/", following.practice_question, name="practice_question"),
    path("<str:reference>/versions/<int:number>/", versions.version_detail, name="version_detail"),
    path("<str:reference>/versions/<int:number>/changes/", versions.version_changes, name="version_changes"),
    path("<str:reference>/adopt/", adopting.adoption_add, name="adoption_add"),
    path("<str:reference>/adoptions/<slug:slug>/edit/", adopting.adoption_edit, name="adoption_edit"),
    path("<str:reference>/adoptions/<slug:slug>/withdraw/", adopting.adoption_withdraw, name="adoption_withdraw"),
]
