"""Courses: the list of all, the list of a university, one page, and how a university keeps them."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from members.acts import Conflict, Refused
from members.forms.conflicts import still_typed, versions_of_form
from members.lists import show_list
from members.models import Act, University
from members.structured_data import data_block
from programmes import actions, course_pages
from programmes.announcing import find_courses
from programmes.course_filters import KeptCourseFilter, UniversityCourseFilter, courses_of
from programmes.forms.courses import CloseCourseForm, CourseForm
from programmes.models import Course
from programmes.structured_data import described_course


@login_not_required
def course_list(request: HttpRequest) -> HttpResponse:
    found = find_courses(request, timezone.now())
    extra = {"places": course_pages.kept_at(request.user)}
    template = "programmes/course_list.html"
    return show_list(request, found, template, extra=extra, filename="courses", list_key="courses")


@login_not_required
def university_courses(request: HttpRequest, university: str) -> HttpResponse:
    place = _university(request, university)
    day, keeps = timezone.localdate(), request.user.has_perm("programmes.keep_courses", place)
    kind = KeptCourseFilter if keeps else UniversityCourseFilter
    found = kind(request.GET, queryset=courses_of(place, request.user, day), request=request)
    extra = {"university": place, "keeps": keeps}
    template = "programmes/university_courses.html"
    return show_list(request, found, template, extra=extra, filename=f"courses-{place.slug}")


@login_not_required
def course_detail(request: HttpRequest, slug: str) -> HttpResponse:
    course = _course(request, slug)
    context = course_pages.page(course, request.user, timezone.now())
    address = request.build_absolute_uri(course.get_absolute_url())
    context["structured_data"] = data_block(described_course(course, address))
    return render(request, "programmes/course_detail.html", context)


@require_http_methods(["GET", "POST"])
def course_add(request: HttpRequest, university: str) -> HttpResponse:
    place = university_to_keep(request, university)
    form = CourseForm(request.POST or None, instance=Course(university=place), day=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        try:
            course = actions.add_course(course=form.instance, by=request.user)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("%(course)s stands in the list.") % {"course": course})
            return redirect(
                "courses:course_add" if "another" in request.POST else "courses:university_courses", place.slug
            )
    context = {"form": form, "university": place}
    return render(request, "programmes/course_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def course_edit(request: HttpRequest, slug: str) -> HttpResponse:
    course = course_to_keep(request, slug)
    form = CourseForm(request.POST or None, instance=course, day=timezone.localdate())
    context = {"form": form, "course": course, "university": course.university}
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_course(course=form.instance, version=form.cleaned_data["version"], by=request.user)
            messages.success(request, _("Saved."))
            return redirect(course)
        except Conflict as conflict:
            context |= _both_versions(form, conflict)
        except Refused as refused:
            form.add_error(None, str(refused))
    status = 409 if "conflict" in context else 422 if form.errors else 200
    return render(request, "programmes/course_form.html", context, status=status)


def _both_versions(form: CourseForm, conflict: Conflict) -> dict[str, Any]:
    """What is stored now beside what this person typed; the form then stands on top of the stored version."""
    stored, fresh = (Course.objects.joined().get(pk=form.instance.pk) for _copy in range(2))
    again = CourseForm(still_typed(form, stored.version), instance=fresh, day=timezone.localdate())
    return {
        "form": again,
        "conflict": str(conflict),
        "versions": versions_of_form(form, stored),
        "other": Act.objects.about(stored).last(),
    }


@require_http_methods(["GET", "POST"])
def course_close(request: HttpRequest, slug: str) -> HttpResponse:
    course = course_to_keep(request, slug)
    form = CloseCourseForm(request.POST or None, day=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        try:
            actions.close_course(course=course, last_year=form.cleaned_data["last_year"], by=request.user)
            messages.success(request, _("The last year is noted; programmes that name the course show it."))
            return redirect(course)
        except Refused as refused:
            form.add_error("last_year", str(refused))
    context = {
        "course": course, "form": form, "uses": course_pages.uses_of(course, request.user),
        "confirm_label": _("Note the last year"), "cancel_url": course.get_absolute_url(),
    }  # fmt: skip
    return render(request, "programmes/course_close.html", context, status=422 if form.errors else 200)


@require_POST
def course_reopen(request: HttpRequest, slug: str) -> HttpResponse:
    course = course_to_keep(request, slug)
    try:
        actions.reopen_course(course=course, by=request.user)
        messages.success(request, _("It is taught on, without an end."))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect(course)


def _university(request: HttpRequest, slug: str) -> University:
    return get_object_or_404(University.objects.visible_to(request.user), slug=slug)


def university_to_keep(request: HttpRequest, slug: str) -> University:
    """The university if this person keeps its courses; 404 where it is not visible, 403 where it is not theirs."""
    university = _university(request, slug)
    if not request.user.has_perm("programmes.keep_courses", university):
        raise PermissionDenied
    return university


def _course(request: HttpRequest, slug: str) -> Course:
    return get_object_or_404(Course.objects.visible_to(request.user).joined(), slug=slug)


def course_to_keep(request: HttpRequest, slug: str) -> Course:
    course = _course(request, slug)
    if not request.user.has_perm("programmes.keep_courses", course):
        raise PermissionDenied
    return course
