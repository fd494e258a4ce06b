"""How every page of this room acts: try, say what came of it, go back."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from applications.forms.desk import ReasonForm
from applications.models import Application
from members.acts import Refused


def attempt(request: HttpRequest, act: Callable[[], Any], said: Any) -> bool:
    """Run `act`; tell the person `said`, or the sentence of the refusal. Returns whether it was done."""
    try:
        act()
    except Refused as refused:
        messages.error(request, str(refused))
        return False
    messages.success(request, said)
    return True


def not_taken(request: HttpRequest) -> int:
    """The status of a form's page, which stands there again only after what was sent could not be taken."""
    return 422 if request.method == "POST" else 200


def find(request: HttpRequest, reference: str, permission: str) -> Application:
    """The application, if the person may see it (else 404) and has `permission` on it (else 403)."""
    visible = Application.objects.visible_to(request.user).select_related("round__university", "applicant")
    application = get_object_or_404(visible, reference=reference)
    if not request.user.has_perm(permission, application):
        raise PermissionDenied
    return application


def act_with_reason(
    request: HttpRequest, act: Callable[[str], Any], *, back: str, words: dict[str, Any], required: bool = True
) -> HttpResponse:
    """Ask for a reason on a page of its own, then act with it.

    `words`: heading, consequence, label (of the reason), help, confirm (the button), said (when done).
    """
    form = ReasonForm(request.POST or None, label=words["label"], help_text=words.get("help", ""), required=required)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if attempt(request, lambda: act(reason), words["said"]):
            return redirect(back)
    context = {"form": form, "words": words, "confirm_label": words["confirm"], "cancel_url": back}
    context["is_final"] = words.get("is_final", False)
    return render(request, "applications/reason.html", context, status=not_taken(request))
