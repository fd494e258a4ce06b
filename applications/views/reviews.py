"""The reviewers' pages: what to read, the points, stepping back; and the office asking for reviews."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from applications import actions, file_page
from applications.filters.desk import ReviewCatalogue
from applications.forms.desk import ReviewerForm, ReviewForm
from applications.models import Review
from applications.views.acting import act_with_reason, attempt, find, not_taken
from applications.views.desk import desk_of
from members.lists import show_list


def review_list(request: HttpRequest) -> HttpResponse:
    """What this person was asked to read, the open ones first."""
    rows = Review.objects.open_to(request.user).with_file()
    filterset = ReviewCatalogue(request.GET, queryset=rows, request=request)
    return show_list(request, filterset, "applications/review_list.html", filename="my-reviews")


def _review(request: HttpRequest, reference: str) -> Review:
    """This person's own review of the application, else 404."""
    rows = Review.objects.open_to(request.user).select_related(
        "application__round__university", "application__applicant", "reviewer"
    )
    review = get_object_or_404(rows, application__reference=reference)
    if not request.user.has_perm("applications.review_application", review):
        raise PermissionDenied
    return review


def review_edit(request: HttpRequest, reference: str) -> HttpResponse:
    """The file and the rubric beside it; finished once every criterion has its points."""
    review = _review(request, reference)
    form = ReviewForm(request.POST or None, review=review, criteria=list(review.application.round.criteria.all()))
    if request.method == "POST" and form.is_valid():
        words = {"comment": form.cleaned_data["comment"], "feedback": form.cleaned_data["feedback"]}
        done = attempt(
            request,
            lambda: actions.finish_review(
                review=review, points=form.points, by=request.user, now=timezone.now(), **words
            ),
            _("Thank you. Your points are in."),
        )
        if done:
            return redirect("applications:review_list")
    page = file_page.read(review.application, request.user, timezone.now())
    page |= {"review": review, "form": form}
    return render(request, "applications/review_edit.html", page, status=not_taken(request))


def review_recuse(request: HttpRequest, reference: str) -> HttpResponse:
    review = _review(request, reference)
    words = {
        "heading": _("Step back from this review"),
        "consequence": _("You will not see the file any more. The office reads your reason and asks somebody else."),
        "label": _("Reason"),
        "help": _("For example: I supervise this student."),
        "confirm": _("Step back"),
        "said": _("You stepped back; the office was told."),
    }
    back = reverse("applications:review_list")
    return act_with_reason(
        request, lambda reason: actions.recuse(review=review, reason=reason, by=request.user), back=back, words=words
    )


@require_POST
def review_assign(request: HttpRequest, reference: str) -> HttpResponse:
    application = find(request, reference, "applications.assign_review")
    form = ReviewerForm(request.POST, application=application)
    if form.is_valid():
        reviewer = form.cleaned_data["reviewer"]
        attempt(
            request,
            lambda: actions.assign_review(application=application, reviewer=reviewer, by=request.user),
            _("%s was asked for a review.") % reviewer,
        )
    else:
        messages.error(request, _("Choose a person to ask."))
    return redirect(desk_of(application))


@require_POST
def review_reopen(request: HttpRequest, reference: str, review: int) -> HttpResponse:
    application = find(request, reference, "applications.assign_review")
    found = get_object_or_404(application.reviews, pk=review)
    attempt(request, lambda: actions.reopen_review(review=found, by=request.user), _("The review is open again."))
    return redirect(desk_of(application))
