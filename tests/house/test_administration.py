"""Every record of the administration can be searched, narrowed down and followed back, whichever room it belongs to."""

import pytest
from django.contrib import admin
from unfold.admin import ModelAdmin

from members.admin.base import CuratedAdmin

RECORDS = sorted(admin.site._registry.items(), key=lambda item: item[0]._meta.label)
CURATED = [(model, record) for model, record in RECORDS if isinstance(record, CuratedAdmin)]
# Why the database keeps no versions of a row that curators change.
WITHOUT_VERSIONS = {
    "members.Country": "the history is that of the data file",
    "members.Field": "the history is that of the data file",
    "members.GradeScale": "the history is that of the data file",
    "members.CharterHolder": "the history is that of the register",
    "members.User": "versions would keep names and addresses that a person had taken out; the log says what was done",
    "practices.CurationNote": "it is written once, and its practice's timeline shows it",
}


def named(pairs):
    return [pytest.param(model, record, id=model._meta.label) for model, record in pairs]


@pytest.mark.parametrize(("model", "record"), named(RECORDS))
def test_record_is_searched_and_narrowed_down(model, record):
    assert isinstance(record, ModelAdmin)
    assert (bool(record.search_fields), bool(record.list_filter)) == (True, True)


@pytest.mark.parametrize(("model", "record"), named(CURATED))
def test_every_version_of_what_is_curated_is_kept(model, record):
    assert hasattr(model, "pgh_event_models") != (model._meta.label in WITHOUT_VERSIONS)
