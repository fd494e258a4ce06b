"""The watch over pages that ask the database once per row is on in every request of the tests."""

import pytest
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.urls import path
from zeal.errors import NPlusOneError

from members.models import University
from tests.factories.members import UniversityFactory

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


def countries(request, rows):
    return HttpResponse(", ".join(place.country.name for place in rows))


urlpatterns = [
    path("joined/", login_not_required(lambda r: countries(r, University.objects.select_related("country")))),
    path("row-by-row/", login_not_required(lambda r: countries(r, University.objects.all()))),
]


def test_a_page_that_asks_once_per_row_fails_and_one_that_joins_does_not(client):
    UniversityFactory.create_batch(3)

    assert client.get("/joined/").status_code == 200
    with pytest.raises(NPlusOneError, match=r"University\.country"):
        client.get("/row-by-row/")
