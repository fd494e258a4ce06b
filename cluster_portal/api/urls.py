"""Addresses of the API. A change that breaks readers gets a new version beside this one."""

from importlib import import_module

from django.urls import include, path
from rest_framework.routers import SimpleRouter

from cluster_portal.api import views
from members.rest.registry import resources

app_name = "api"
ROOMS = ("members", "programmes", "exchange", "applications", "funding", "policy", "practices")


def _resources() -> list:
    for room in ROOMS:
        import_module(f"{room}.api")
    router = SimpleRouter()
    for resource in resources():
        router.register(resource.resource, resource, basename=resource.resource)
    return router.urls


urlpatterns = [
    path("", views.index, name="index"),
    path("docs/", views.docs, name="docs"),
    path("schema/", views.schema, name="schema"),
    path("", include(_resources())),
]
