"""The board of a host's office: add, edit, publish, withdraw, archive and copy its places."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from exchange import actions, editing
from exchange.filters import OwnPlacementFilter
from exchange.forms import CopyForm, CopyYearForm, WithdrawForm
from exchange.models import Placement
from exchange.permissions import sits_in_the_hosts_office
from members.academic_years import running_on
from members.acts import Conflict, Refused
from members.lists import show_list
from members.models import University


def hosts_of(request: HttpRequest) -> list[University]:
    """The universities whose places this person keeps; nobody else comes here."""
    hosts = request.user.universities_as(*Placement.DESK)
    if not hosts:
        raise PermissionDenied
    return hosts


def kept_by(request: HttpRequest) -> QuerySet[Placement]:
    """The placements on this person's board: those of the own offices, for the secretariat all."""
    if request.user.has_perm("members.curate"):
        return Placement.objects.all()
    hosts_of(request)
    return Placement.objects.offered_by(request.user)


def own_placements(request: HttpRequest) -> HttpResponse:
    rows = kept_by(request).with_places_left().with_demand().select_related("host", "field", "unit")
    found = OwnPlacementFilter(request.GET, rows.prefetch_related("only_partners"), request=request)
    extra = {"adds": sits_in_the_hosts_office(request.user)}
    return show_list(request, found, "exchange/own_placements.html", extra=extra, filename="own-placements")


@require_http_methods(["GET", "POST"])
def placement_add(request: HttpRequest) -> HttpResponse:
    hosts = hosts_of(request)
    host = next((host for host in hosts if host.slug == request.GET.get("host")), hosts[0])
    placement = Placement(host=host, academic_year=running_on(timezone.localdate()) + 1)
    form, asked = editing.forms_for(placement, request.POST or None)
    if request.method == "POST" and editing.are_valid(form, asked):
        try:
            actions.add_placement(
                placement=form.instance,
                partners=form.cleaned_data["only_partners"],
                requirements=asked.wanted(),
                by=request.user,
                now=timezone.now(),
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Kept as a draft. Publish it when it is complete."))
            return redirect(form.instance)
    context = {"form": form, "asked": asked, "host": host, "hosts": hosts}
    wrong = form.errors or asked.total_error_count()
    return render(request, "exchange/placement_form.html", context, status=422 if wrong else 200)


@require_http_methods(["GET", "POST"])
def placement_edit(request: HttpRequest, slug: str) -> HttpResponse:
    placement = _editable(request, slug)
    form, asked = editing.forms_for(placement, request.POST or None)
    context = {"form": form, "asked": asked, "placement": placement, "host": placement.host}
    if request.method == "POST" and editing.are_valid(form, asked):
        try:
            editing.save(form, asked, by=request.user)
            messages.success(request, _("Saved."))
            return redirect(form.instance)
        except Conflict as conflict:
            context |= editing.after_conflict(form, asked, conflict)
        except Refused as refused:
            form.add_error(None, str(refused))
    status = 409 if "conflict" in context else 422 if form.errors or asked.total_error_count() else 200
    return render(request, "exchange/placement_form.html", context, status=status)


@require_http_methods(["GET", "POST"])
def placement_publish(request: HttpRequest, slug: str) -> HttpResponse:
    placement = _publishable(request, slug)
    if request.method == "POST":
        return _act(request, placement, actions.publish_placement, _("Published. Home universities can take it up."))
    context = {"missing": placement.missing_to_publish(), "deadlines": placement.host_term()}
    return _ask(request, placement, "publish", _("Publish"), **context)


@require_http_methods(["GET", "POST"])
def placement_withdraw(request: HttpRequest, slug: str) -> HttpResponse:
    placement = _publishable(request, slug)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        return _act(
            request, placement, actions.withdraw_placement, _("Withdrawn; who chose it is told."), reason=reason
        )
    told = editing.who_is_told(placement)
    return _ask(request, placement, "withdraw", _("Withdraw"), form=form, told=told, is_final=True)


@require_http_methods(["GET", "POST"])
def placement_archive(request: HttpRequest, slug: str) -> HttpResponse:
    placement = _publishable(request, slug)
    if request.method == "POST":
        return _act(request, placement, actions.archive_placement, _("Archived."))
    return _ask(request, placement, "archive", _("Archive"))


@require_http_methods(["GET", "POST"])
def placement_restore(request: HttpRequest, slug: str) -> HttpResponse:
    placement = _publishable(request, slug)
    if request.method == "POST":
        return _act(request, placement, actions.restore_placement, _("It is a draft again."))
    return _ask(request, placement, "restore", _("Take it out"))


@require_http_methods(["GET", "POST"])
def placement_copy(request: HttpRequest, slug: str) -> HttpResponse:
    placement = _editable(request, slug)
    now = timezone.now()
    form = CopyForm(request.POST or None, day=localdate(now), initial={"academic_year": placement.academic_year + 1})
    if request.method == "POST" and form.is_valid():
        year = form.cleaned_data["academic_year"]
        try:
            copy = actions.copy_placement(placement=placement, academic_year=year, by=request.user, now=now)
            messages.success(request, _("Copied. Look through the dates, then publish it."))
            return redirect(copy)
        except Refused as refused:
            form.add_error("academic_year", str(refused))
    return _ask(request, placement, "copy", _("Copy"), form=form)


@require_http_methods(["GET", "POST"])
def copy_year(request: HttpRequest) -> HttpResponse:
    hosts, now = hosts_of(request), timezone.now()
    day = localdate(now)
    form = CopyYearForm(request.POST or None, day=day, hosts=hosts, initial=editing.years_to_copy(day))
    if request.method == "POST" and form.is_valid():
        try:
            made, there = actions.copy_year(**form.cleaned_data, by=request.user, now=now)
            words = ngettext("%(n)d draft made", "%(n)d drafts made", len(made)) % {"n": len(made)}
            messages.success(request, _("%(made)s; %(there)d stood there already.") % {"made": words, "there": there})
            return redirect("exchange:own_placements")
        except Refused as refused:
            form.add_error("from_year", str(refused))
    context = {"form": form, "confirm_label": _("Copy"), "cancel_url": reverse("exchange:own_placements")}
    return render(request, "exchange/copy_year.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def many_placements(request: HttpRequest) -> HttpResponse:
    """What publishing or archiving the ticked places would do, place by place; then do it."""
    asked = request.POST if request.method == "POST" else request.GET
    act = asked.get("act", "publish")
    if act not in editing.ACTS_ON_MANY:
        return redirect("exchange:own_placements")
    slugs = [slug.replace("\x00", "") for slug in asked.getlist("placement")]  # PostgreSQL has no such letter
    rows = list(kept_by(request).filter(slug__in=slugs).select_related("host"))
    if request.method == "GET":
        shown = [editing.would(act, row) for row in rows]
        context = {"act": act, "rows": shown, "going": sum(row["goes"] for row in shown)}
        return render(request, "exchange/many_placements.html", context)
    done, refusals = editing.do_to_many(act, rows, by=request.user, now=timezone.now())
    if done:
        messages.success(request, ngettext("%(n)d place done.", "%(n)d places done.", done) % {"n": done})
    for refusal in refusals:
        messages.warning(request, refusal)
    return redirect("exchange:own_placements")


def _editable(request: HttpRequest, slug: str) -> Placement:
    return _found(request, slug, "exchange.edit_placement")


def _publishable(request: HttpRequest, slug: str) -> Placement:
    return _found(request, slug, "exchange.publish_placement")


def _found(request: HttpRequest, slug: str, permission: str) -> Placement:
    rows = Placement.objects.visible_to(request.user).select_related("host", "field", "unit", "contact")
    placement = get_object_or_404(rows, slug=slug)
    if not request.user.has_perm(permission, placement):
        raise PermissionDenied
    return placement


def _ask(request: HttpRequest, placement: Placement, act: str, label: str, **more: Any) -> HttpResponse:
    """The page that asks whether one is sure."""
    context = {"placement": placement, "confirm_label": label, "cancel_url": placement.get_absolute_url(), **more}
    wrong = "form" in more and more["form"].errors
    return render(request, f"exchange/placement_{act}.html", context, status=422 if wrong else 200)


def _act(request: HttpRequest, placement: Placement, act: Any, done: str, **words: Any) -> HttpResponse:
    try:
        act(placement=placement, by=request.user, now=timezone.now(), **words)
        messages.success(request, done)
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect(placement)
