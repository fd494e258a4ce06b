"""Files on a university's page: brochures, guides and forms, each for its audience."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.constraints import only_choices
from members.models.people import Role
from members.models.reference import Language
from members.models.universities import University, tracked


class DocumentKind(models.TextChoices):
    BROCHURE = "brochure", _("Brochure")
    GUIDE = "guide", _("Guide")
    CALENDAR = "calendar", _("Academic calendar")
    FORM = "form", _("Form")
    POLICY = "policy", _("Rules and policies")
    SLIDES = "slides", _("Slides")
    OTHER = "other", _("Other")


class DocumentAudience(models.TextChoices):
    PUBLIC = "public", _("Everyone")
    CONSORTIUM = "consortium", _("Staff and students")
    STAFF = "staff", _("Staff")


class UniversityDocumentQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "UniversityDocumentQuerySet":
        """What is shown to the audience `user` is of; keepers of a page read all of it, hidden files too."""
        if user.has_perm("members.curate"):
            return self
        seen = self.filter(university__in=University.objects.visible_to(user).values("pk"))
        audiences = [DocumentAudience.PUBLIC]
        if user.is_authenticated:
            if user.has_perm("members.see_members_only"):
                audiences.append(DocumentAudience.CONSORTIUM)
            if user.mandates_on(timezone.localdate()):
                audiences.append(DocumentAudience.STAFF)
        shown = Q(is_shown=True, audience__in=audiences)
        if not user.is_authenticated:
            return seen.filter(shown)
        return seen.filter(shown | Q(university__in=user.universities_as(Role.OFFICIAL, Role.EXCHANGE)))


@tracked()
class UniversityDocument(models.Model):
    """One file; `code`, the beginning of its digest, names it in its address."""

    CODE_LENGTH = 16
    Kind = DocumentKind
    Audience = DocumentAudience

    university = models.ForeignKey(University, on_delete=models.CASCADE, related_name="documents")
    title = models.CharField(_("title"), max_length=160)
    kind = models.CharField(_("kind"), max_length=8, choices=DocumentKind, default=DocumentKind.BROCHURE)
    language = models.CharField(_("language"), max_length=2, choices=Language, blank=True)
    audience = models.CharField(
        _("who may read it"), max_length=10, choices=DocumentAudience, default=DocumentAudience.PUBLIC
    )
    is_shown = models.BooleanField(_("shown on the page"), default=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    file = models.FileField(upload_to="universities/documents/%Y/%m/", editable=False)
    name = models.CharField(max_length=160, editable=False)
    content_type = models.CharField(max_length=80, editable=False)
    size = models.PositiveIntegerField(editable=False)
    sha256 = models.CharField(max_length=64, editable=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    uploaded_at = models.DateTimeField(auto_now_add=True)
    is_sample = models.BooleanField(default=False, editable=False)

    objects = UniversityDocumentQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        verbose_name, verbose_name_plural = _("document"), _("documents")
        constraints = [
            only_choices("kind", DocumentKind),
            only_choices("audience", DocumentAudience),
            models.CheckConstraint(
                condition=Q(language__in=["", *Language.values]), name="a_document_is_in_a_known_language"
            ),
            models.UniqueConstraint(
                fields=["university", "sha256"],
                name="a_document_once_per_university",
                violation_error_message=_("This file is among the documents already."),
            ),
            models.CheckConstraint(condition=Q(size__gt=0), name="a_document_is_not_empty"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Where it is handed out; needs `university`."""
        return reverse("members:university_document", args=[self.university.slug, self.code])

    @property
    def code(self) -> str:
        return self.sha256[: self.CODE_LENGTH]
