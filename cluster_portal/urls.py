"""The addresses of the portal (design: one list of rooms, each with its own `urls.py`)."""

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path

from cluster_portal.administration import guard
from cluster_portal.home.ways import ways
from cluster_portal.metrics.views import metrics
from cluster_portal.sitemaps import SITEMAPS, robots, sitemap_index, sitemap_part
from members.searching.ways import register_ways

guard(admin.site)
register_ways("portal", ways)

urlpatterns = [
    path("sitemap.xml", sitemap_index, {"sitemaps": SITEMAPS, "sitemap_url_name": "sitemap_part"}, name="sitemap"),
    path("sitemap-<section>.xml", sitemap_part, {"sitemaps": SITEMAPS}, name="sitemap_part"),
    path("robots.txt", login_not_required(robots), name="robots"),
    path("", include("cluster_portal.home.urls")),
    path("", include("programmes.course_urls")),
    path("universities/", include("members.urls")),
    path("programmes/", include("programmes.urls")),
    path("exchange/", include("exchange.urls")),
    path("funding/", include("funding.urls")),
    path("policy/", include("policy.urls")),
    path("practices/", include("practices.urls")),
    path("applications/", include("applications.urls")),
    path("notifications/", include("notifications.urls")),
    path("search/", include("members.search_urls")),
    path("people/", include("members.people_urls")),
    path("calendar/", include("notifications.calendar_urls")),
    path("api/v1/", include("cluster_portal.api.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("metrics", metrics, name="metrics"),
]

handler400 = "cluster_portal.errors.bad_request"
handler403 = "cluster_portal.errors.forbidden"
handler404 = "cluster_portal.errors.not_found"
handler500 = "cluster_portal.errors.server_error"
