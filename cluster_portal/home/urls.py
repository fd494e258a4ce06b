from django.conf import settings
from django.urls import path

from cluster_portal.home import styleguide, theme, views
from members.views.about import about_data

urlpatterns = [
    path("", views.home, name="home"),
    path("dashboard/", views.dashboard, name="dashboard"),
    path("about/data/", about_data, name="about_data"),
    path("about/accessibility/", views.accessibility, name="accessibility"),
    path("theme/", theme.theme, name="theme"),
]

if settings.DEBUG:
    urlpatterns += [
        path("styleguide/", styleguide.styleguide, name="styleguide"),
        path("styleguide/<slug:name>/<slug:scheme>/", styleguide.style_page, name="styleguide_page"),
    ]
