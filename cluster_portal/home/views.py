"""Home and dashboard: the two pages that read from every room."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


@login_not_required
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "home/home.html")


def dashboard(request: HttpRequest) -> HttpResponse:
    return render(request, "home/dashboard.html")
