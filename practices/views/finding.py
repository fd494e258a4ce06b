"""What the views of this room share: find a practice and ask who may; do an act and say what came of it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from members.acts import Refused
from practices.models import Practice


def practices_seen_by(request: HttpRequest) -> QuerySet[Practice]:
    rows = Practice.objects.visible_to(request.user)
    return rows.select_related("university", "owner", "live__contact", "latest__contact")


def practice_to(permission: str, request: HttpRequest, reference: str) -> Practice:
    """The practice, if this person may see it (else 404) and has `permission` on it (else 403)."""
    practice = get_object_or_404(practices_seen_by(request), reference=reference)
    if not request.user.has_perm(f"practices.{permission}", practice):
        raise PermissionDenied
    return practice


def try_to(request: HttpRequest, act: Callable[..., Any], done: str, **words: Any) -> bool:
    """Do it and say so, or say why not; returns whether it was done."""
    try:
        act(by=request.user, **words)
    except Refused as refused:
        messages.error(request, str(refused))
        return False
    messages.success(request, done)
    return True
