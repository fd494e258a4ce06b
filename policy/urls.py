from django.urls.resolvers import URLPattern

app_name = "policy"
urlpatterns: list[URLPattern] = []
