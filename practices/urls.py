from django.urls.resolvers import URLPattern

app_name = "practices"
urlpatterns: list[URLPattern] = []
