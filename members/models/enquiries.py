"""Letters to a university's contacts and to people with a published profile, without showing anybody's address."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from members.models.details import Contact
from members.models.experts import Expert


class EnquiryQuerySet(models.QuerySet):
    def waiting(self) -> "EnquiryQuerySet":
        """Not yet handed to the mail server."""
        return self.filter(sent_at__isnull=True)


class Enquiry(models.Model):
    """One letter and, until `sent_at` is set, its place in the outbox."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, null=True, blank=True, related_name="enquiries")
    expert = models.ForeignKey(
        Expert, on_delete=models.CASCADE, null=True, blank=True, related_name="enquiries", db_index=False
    )
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
            # By name and not by `db_index`: only so could it be added without locking out who writes letters.
            models.Index(fields=["expert"], name="enquiry_to_an_expert"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(contact__isnull=False) ^ models.Q(expert__isnull=False),
                name="an_enquiry_is_to_a_contact_or_an_expert",
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def address(self) -> str:
        """Where it goes; join `contact` and `expert__user`."""
        return self.contact.email if self.contact else self.expert.user.email
