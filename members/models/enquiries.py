"""Letters to a university's contacts, written on its page without showing anybody's address."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from members.models.details import Contact


class EnquiryQuerySet(models.QuerySet):
    def waiting(self) -> "EnquiryQuerySet":
        """Not yet handed to the mail server."""
        return self.filter(sent_at__isnull=True)


class Enquiry(models.Model):
    """One letter and, until `sent_at` is set, its place in the outbox."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="enquiries")
    sender = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    sender_name = models.CharField(_("your name"), max_length=120)
    sender_email = models.EmailField(_("your e-mail address"))
    subject = models.CharField(_("subject"), max_length=120)
    text = models.TextField(_("message"), max_length=4000)
    written_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, editable=False)

    objects = EnquiryQuerySet.as_manager()

    class Meta:
        ordering = ["-written_at"]
        verbose_name_plural = "enquiries"
        indexes = [
            models.Index(fields=["written_at"], condition=models.Q(sent_at__isnull=True), name="enquiry_to_send"),
        ]

    def __str__(self) -> str:
        return self.subject
