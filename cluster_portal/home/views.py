"""Home and dashboard, the two pages that read from every room, and the statement on accessibility."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from cluster_portal.home import desk, front


@login_not_required
def home(request: HttpRequest) -> HttpResponse:
    """What the consortium is: its members on a map, its numbers, the next deadlines."""
    return render(request, "home/home.html", front.page(request.user, timezone.now()))


@login_not_required
def accessibility(request: HttpRequest) -> HttpResponse:
    """The statement that public bodies of the Union owe their readers, with an address to write to."""
    return render(request, "home/accessibility.html", {"contact_email": settings.CONTACT_EMAIL})


def dashboard(request: HttpRequest) -> HttpResponse:
    """What waits for this person, what is due, what changed."""
    return render(request, "home/dashboard.html", desk.page(request.user, timezone.now(), request.GET.get("page")))
