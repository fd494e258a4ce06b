"""Programmes as everybody sees them: the catalogue, one page, a few side by side, the wish list."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from members.lists import PER_PAGE, show_list
from members.structured_data import data_block
from programmes import actions, showing
from programmes.announcing import find_programmes
from programmes.comparing import MOST, comparison
from programmes.models import Programme
from programmes.structured_data import described


@login_not_required
def programme_list(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    extra = {"now": now, "keeps": request.user.has_perm("programmes.add_programme")}
    found = find_programmes(request, now)
    template = "programmes/programme_list.html"
    return show_list(request, found, template, extra=extra, filename="dual-degrees", list_key="programmes")


@login_not_required
def programme_detail(request: HttpRequest, slug: str) -> HttpResponse:
    rows = Programme.objects.visible_to(request.user).with_parts().with_requirements()
    programme = get_object_or_404(rows, slug=slug)
    context = showing.page(programme, request.user, timezone.now())
    address = request.build_absolute_uri(programme.get_absolute_url())
    context["structured_data"] = data_block(described(programme, context["ahead"], address))
    return render(request, "programmes/programme_detail.html", context)


@login_not_required
def programme_compare(request: HttpRequest) -> HttpResponse:
    """Two to four programmes side by side: `?p=a&p=b`."""
    asked = list(dict.fromkeys(request.GET.getlist("p")))
    slugs = [slug for slug in asked if "\x00" not in slug][:MOST]  # PostgreSQL takes no NUL byte
    now = timezone.now()
    visible = Programme.objects.visible_to(request.user)
    with_all = visible.filter(slug__in=slugs).with_parts().with_requirements()
    rows = with_all.prefetch_related(showing.next_intakes(now), "tags")
    chosen = sorted(rows, key=lambda programme: slugs.index(programme.slug))
    others = Programme.objects.in_catalogue().exclude(slug__in=slugs).prefetch_related("partners__university")
    context = {
        "programmes": chosen,
        "table": comparison(chosen),
        "others": others[:300] if len(chosen) < MOST else [],
        "too_many": len(asked) > MOST,
        "unknown": len(chosen) < len(slugs),
        "most": MOST,
    }
    return render(request, "programmes/programme_compare.html", context)


def wish_list(request: HttpRequest) -> HttpResponse:
    """The programmes this person put on the wish list, the next closing first."""
    now = timezone.now()
    visible = Programme.objects.visible_to(request.user).filter(wishes__user=request.user)
    rows = visible.with_closing(now).with_parts().prefetch_related(showing.next_intakes(now))
    page = Paginator(rows.order_by("closes_first", "title", "pk"), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "programmes/wish_list.html", {"programmes": list(page), "page_obj": page, "now": now})


@require_POST
def programme_wish(request: HttpRequest, slug: str) -> HttpResponse:
    programme = get_object_or_404(Programme.objects.visible_to(request.user), slug=slug)
    if not request.user.has_perm("programmes.keep_wish_list"):
        raise PermissionDenied
    if request.POST.get("wish") == "remove":
        actions.remove_wish(programme=programme, by=request.user)
        messages.success(request, _("%(title)s is off your wish list.") % {"title": programme.title})
    else:
        actions.add_wish(programme=programme, by=request.user)
        messages.success(request, _("%(title)s is on your wish list.") % {"title": programme.title})
    after = request.POST.get("next", "")
    # Else a form elsewhere could send people from here to any page of its own.
    safe = url_has_allowed_host_and_scheme(after, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return redirect(after if safe else programme)
