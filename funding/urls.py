from django.urls.resolvers import URLPattern

app_name = "funding"
urlpatterns: list[URLPattern] = []
