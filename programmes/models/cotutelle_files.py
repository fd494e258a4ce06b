"""The papers of a cotutelle: by kind, each with its versions."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from members.constraints import only_choices
from programmes.models.cotutelles import Cotutelle


class CotutelleFileKind(models.TextChoices):
    REQUEST = "request", _("Opening request")
    CV = "cv", _("Curriculum vitae")
    PLAN = "plan", _("Research plan")
    DRAFT = "draft", _("Draft of the convention")
    CONVENTION = "convention", _("Signed convention")
    ANNEX = "annex", _("Annex")


CotutelleFileKind.needed = (CotutelleFileKind.CV, CotutelleFileKind.PLAN)
CotutelleFileKind.of_the_request = (CotutelleFileKind.REQUEST, *CotutelleFileKind.needed)


class CotutelleFile(models.Model):
    """A PDF of a file, the `number`-th of its kind; a newer one stands in front, none is thrown away."""

    CODE_LENGTH = 16
    Kind = CotutelleFileKind

    cotutelle = models.ForeignKey(Cotutelle, on_delete=models.CASCADE, related_name="files")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    number = models.PositiveSmallIntegerField(_("version"))
    file = models.FileField(upload_to="cotutelles/%Y/%m/")
    name = models.CharField(max_length=160)
    content_type = models.CharField(max_length=80)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["kind", "-number"]
        constraints = [
            only_choices("kind", CotutelleFileKind),
            models.UniqueConstraint(fields=["cotutelle", "kind", "number"], name="a_version_once_per_kind_of_file"),
            models.UniqueConstraint(
                fields=["cotutelle", "sha256"],
                # What lay there as a draft or an annex may turn out to be what both sides signed.
                condition=~Q(kind=CotutelleFileKind.CONVENTION),
                name="a_paper_once_per_cotutelle",
                violation_error_message=_("This file is there already."),
            ),
            models.CheckConstraint(condition=Q(size__gt=0), name="a_cotutelle_file_is_not_empty"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"

    def get_absolute_url(self) -> str:
        """Where it is handed out; needs `cotutelle`."""
        return reverse("programmes:cotutelle_file", args=[self.cotutelle.reference, self.code])

    @property
    def code(self) -> str:
        return self.sha256[: self.CODE_LENGTH]
