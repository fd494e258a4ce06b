from django.conf import settings
from django.urls import path

from cluster_portal.home import styleguide, theme, views

urlpatterns = [
    path("", views.home, name="home"),
    path("dashboard/", views.dashboard, name="dashboard"),
    path("theme/", theme.theme, name="theme"),
]

if settings.DEBUG:
    urlpatterns += [path("styleguide/", styleguide.styleguide, name="styleguide")]
